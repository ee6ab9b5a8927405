//! arXiv identifiers: both schemes, every form that people paste, one canonical spelling.
//!
//! `pasted_forms` strips what surrounds an identifier, `scheme` parses and validates the rest.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::category;

mod deletions;
mod pasted_forms;
mod scheme;
mod storage_key;

/// An arXiv identifier in canonical form, with the version if one was given.
///
/// The order is by year, month and number, then archive, then version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArxivId {
    year: u16,
    month: u8,
    number: u32,
    archive: Option<&'static str>,
    version: Option<u32>,
}

/// Why a text is not an arXiv identifier.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Malformed {
    /// What is wrong, as a clause: `month 13 does not exist`.
    pub reason: String,
    /// The identifier that was probably meant.
    pub hint: Option<String>,
}

impl ArxivId {
    /// Reads an identifier from any of the forms people paste: bare, `arXiv:`, the printed form with its category and
    /// date, addresses and DOIs, with white space, brackets or punctuation around.
    ///
    /// Spelling is repaired (`hepth/`, `math.GT/0309136`, upper case, `//`); numbers are not: one of the wrong width
    /// or month is malformed, with the likely identifier as the hint. Whether the paper exists is not checked.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        pasted_forms::parse(text)
    }
    /// The identifier without its version: the name of the paper.
    #[must_use]
    pub fn base(self) -> Self {
        Self {
            version: None,
            ..self
        }
    }
    /// The same paper, at this version (counted from 1).
    #[must_use]
    pub fn with_version(self, version: u32) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }
    /// The version, if one was given.
    #[must_use]
    pub fn version(self) -> Option<u32> {
        self.version
    }
    /// The archive of an old-style identifier (`hep-th`); none for new-style ones.
    #[must_use]
    pub fn archive(self) -> Option<&'static str> {
        self.archive
    }
    /// The year it names: 1991 to 2007 for old-style identifiers, from 2007 to 2099 for new-style ones.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }
    /// The month it names, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }
    /// Its number within the month (of the archive, for old-style ones), from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }
    /// The identifier with `_` for the slash, fit for a file name; [`ArxivId::parse`] reads it back.
    #[must_use]
    pub fn file_stem(self) -> String {
        self.to_string().replace('/', "_")
    }
    /// The abstract page: `https://arxiv.org/abs/2501.12948`.
    #[must_use]
    pub fn abs_url(self) -> String {
        format!("https://arxiv.org/abs/{self}")
    }
    /// The PDF: `https://arxiv.org/pdf/2501.12948`.
    #[must_use]
    pub fn pdf_url(self) -> String {
        format!("https://arxiv.org/pdf/{self}")
    }
    /// arXiv's reason, if arXiv deleted this paper (one of 156), whatever the version: a clause, `was a duplicate of
    /// astro-ph/0011480`.
    #[must_use]
    pub fn deleted(self) -> Option<&'static str> {
        deletions::reason(&self.base().to_string())
    }
}

/// The codes of the archives an old-style identifier can name, in alphabetical order.
pub fn archives() -> impl Iterator<Item = &'static str> {
    category::archives().iter().map(|archive| archive.code)
}

/// The archive that this text names, whatever its case and with or without its dash (`HEPTH` is `hep-th`).
#[must_use]
pub fn find_archive(text: &str) -> Option<&'static str> {
    if let Some(archive) = category::find_archive(text) {
        return Some(archive.code);
    }
    let is_meant = |code: &&str| {
        let (before, after) = code.split_once('-').unwrap_or((code, ""));
        text.split_at_checked(before.len())
            .is_some_and(|(start, end)| start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after))
    };
    archives().find(is_meant)
}

impl fmt::Display for ArxivId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, number) = (self.year % 100, self.month, self.number);
        if let Some(archive) = self.archive {
            write!(f, "{archive}/{year:02}{month:02}{number:03}")?;
        } else {
            let width = scheme::width(self.year);
            write!(f, "{year:02}{month:02}.{number:0width$}")?;
        }
        match self.version {
            Some(version) => write!(f, "v{version}"),
            None => Ok(()),
        }
    }
}

impl Serialize for ArxivId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ArxivId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
