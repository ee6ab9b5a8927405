//! Findings: the result of comparing a claim about a paper with arXiv's record.

use serde::Serialize;
use serde_json::Value;

use super::id::ArxivId;

/// One finding about one fact of a catalog or one reference of a document (schema `finding`).
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Finding {
    /// The position of the reference; `None` for a fact of a catalog.
    pub place: Option<Location>,
    /// The paper that the reference names; `None` if it has no valid identifier.
    pub id: Option<ArxivId>,
    /// The paper's short name in a catalog.
    pub short_name: Option<String>,
    /// The result of the comparison.
    pub verdict: Verdict,
    /// The key of the paper's JSON that was compared; `None` if the finding is about the paper as a whole.
    pub key: Option<&'static str>,
    /// The value that the catalog or the document claims.
    pub claimed: Value,
    /// The value in arXiv's record.
    pub recorded: Value,
    /// Whether the catalog marks the key as unsure.
    pub unsure: bool,
    /// The identifier that was probably meant.
    pub proposal: Option<ArxivId>,
    /// The finding in a sentence.
    pub message: String,
}

/// The position of a reference in a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Location {
    /// The path as given on the command line; `-` for stdin.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// The column in bytes, counted from 1.
    pub column: u64,
    /// The offset in bytes from the start of the file.
    pub offset: u64,
    /// The identifier as the document spells it.
    pub text: String,
}

/// The result of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The claim agrees with the record.
    Ok,
    /// The identifier belongs to another paper.
    WrongPaper,
    /// Claim and record differ.
    Differs,
    /// arXiv has no such paper.
    NotFound,
    /// The text is marked as an identifier but is not one.
    Malformed,
    /// There is a newer version than the one that is cited or cataloged.
    Superseded,
    /// The paper was also published elsewhere: the record has a DOI or a journal reference.
    Published,
    /// Its authors withdrew it.
    Withdrawn,
    /// arXiv deleted it.
    Deleted,
    /// The document claims nothing that could be compared with the record.
    Unclaimed,
    /// The record is not on this machine, and no request was made.
    Undecided,
    /// arXiv has a value that the catalog lacks.
    CatalogLacks,
    /// The catalog has a value that arXiv lacks.
    ArxivLacks,
    /// A paper at arXiv that the catalog lacks, or that a reference without an identifier describes.
    Discovered,
    /// A reference without an identifier describes this paper, which has one.
    Found,
    /// No record that could be searched has the title of a reference without an identifier.
    NotFoundHere,
    /// An entry of a bibliography that cannot be parsed.
    Unreadable,
    /// Another entry of the bibliography cites the same paper.
    Duplicate,
}

impl Verdict {
    /// Whether the finding is a fault, which makes the exit code 1.
    #[must_use]
    pub fn is_fault(self) -> bool {
        matches!(
            self,
            Self::WrongPaper
                | Self::Differs
                | Self::NotFound
                | Self::Malformed
                | Self::Unreadable
                | Self::Withdrawn
                | Self::Deleted
        )
    }
}
