//! Findings: where what somebody says of a paper and its record agree or differ.

use serde::Serialize;
use serde_json::Value;

use super::id::ArxivId;

/// One finding about a paper: about one fact of a catalog, or about one reference of a document.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Finding {
    /// Where the reference stands; none for a catalog's facts.
    pub place: Option<Location>,
    /// The paper that is named; none where what stands there is no identifier, or there is none.
    pub id: Option<ArxivId>,
    /// The paper's short name, where a catalog gives it one.
    pub short_name: Option<String>,
    /// What was found.
    pub verdict: Verdict,
    /// The key of the paper's JSON it is about; none where it is the paper as a whole.
    pub key: Option<&'static str>,
    /// What the catalog or the document says.
    pub claimed: Value,
    /// What arXiv's record says.
    pub recorded: Value,
    /// Whether the catalog itself marks the fact as unsure.
    pub unsure: bool,
    /// The identifier that was probably meant.
    pub proposal: Option<ArxivId>,
    /// The finding in a sentence.
    pub message: String,
}

/// Where a reference stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Location {
    /// As it was given; `-` for stdin.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    /// In bytes, counted from 1.
    pub column: u64,
    /// In bytes from the file's beginning.
    pub offset: u64,
    /// The identifier as it is written there.
    pub text: String,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// What is claimed is so.
    Ok,
    /// The identifier is another paper's.
    WrongPaper,
    /// The two contradict each other, or are a little off.
    Differs,
    /// arXiv has no such paper.
    NotFound,
    /// What is marked as an identifier is none.
    Malformed,
    /// There is a newer version than the one cited, or than the catalog tells of.
    Superseded,
    /// It appeared elsewhere as well: there is a DOI or a journal reference.
    Published,
    /// Its authors withdrew it.
    Withdrawn,
    /// arXiv deleted it.
    Deleted,
    /// Nothing is said that could be held against the record.
    Unclaimed,
    /// Its record is not at hand, and arXiv was not asked.
    Undecided,
    /// arXiv knows what the catalog lacks.
    CatalogLacks,
    /// The catalog knows what arXiv lacks.
    ArxivLacks,
    /// arXiv has a paper that the catalog has not, and might.
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
    /// Whether something is wrong, told by exit code 1.
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
