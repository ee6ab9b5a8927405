//! Findings: where what somebody says of a paper and its record agree or differ.

use serde::Serialize;
use serde_json::Value;

use super::id::ArxivId;

/// One finding about one fact of one paper.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Finding {
    /// The paper it is about.
    pub id: ArxivId,
    /// The paper's short name, where a catalog gives it one.
    pub short_name: Option<String>,
    /// What was found.
    pub verdict: Verdict,
    /// The key of the paper's JSON it is about; none where it is the paper as a whole.
    pub key: Option<&'static str>,
    /// What the catalog says.
    pub claimed: Value,
    /// What arXiv's record says.
    pub recorded: Value,
    /// Whether the catalog itself marks the fact as unsure.
    pub unsure: bool,
    /// The finding in a sentence.
    pub message: String,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The two contradict each other.
    Differs,
    /// arXiv has no such paper.
    NotFound,
    /// arXiv has a newer version than the catalog tells of.
    Superseded,
    /// Its authors withdrew it.
    Withdrawn,
    /// arXiv knows what the catalog lacks.
    CatalogLacks,
    /// The catalog knows what arXiv lacks.
    ArxivLacks,
    /// arXiv has a paper that the catalog has not, and might.
    Discovered,
}

impl Verdict {
    /// Whether this is a fault of the catalog, told by exit code 1.
    #[must_use]
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Differs | Self::NotFound)
    }
}
