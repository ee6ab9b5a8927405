//! arXiv identifiers: both schemes, every form people paste, one canonical spelling.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An arXiv identifier in canonical form, with the version if one was given.
///
/// Ordered by the time it names (year, month, number), then archive, then version.
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
    /// Reads an identifier from any of the forms people paste.
    pub fn parse(_text: &str) -> Result<Self, Malformed> {
        todo!()
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
    /// The identifier with `_` for the slash, fit for a file name.
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
    /// arXiv's reason, if arXiv deleted this paper (one of 156).
    #[must_use]
    pub fn deleted(self) -> Option<&'static str> {
        todo!()
    }
}

impl fmt::Display for ArxivId {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
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
