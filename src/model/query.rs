//! Search words: what the user wants to match, the same online and offline.

/// What a search is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// A word, or a phrase of several in this order, in one field.
    Text {
        /// Where it is looked for.
        field: Field,
        /// One word, or several that follow each other.
        text: String,
    },
    /// Every part matches; at least two parts.
    All(Vec<Query>),
    /// At least one part matches; at least two parts.
    Any(Vec<Query>),
    /// The part does not match.
    Not(Box<Query>),
}

/// Where a word is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Anywhere in the record.
    Anywhere,
    /// `title:`.
    Title,
    /// `author:`.
    Author,
    /// `abstract:`.
    Abstract,
    /// `comment:`.
    Comment,
    /// `category:`.
    Category,
}

/// Search words that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Error {
    /// All the words, as one line.
    pub text: String,
    /// Where in `text` it went wrong, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Reads search words: one query from all arguments; nothing where there are none.
pub fn parse(_words: &[String]) -> Result<Option<Query>, Error> {
    todo!()
}
