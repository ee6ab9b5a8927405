//! The kinds of files that arXiv has of a paper.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// The PDF.
    Pdf,
    /// The source that the authors submitted, most often TeX in a gzipped tar archive.
    Tex,
    /// The HTML page.
    Html,
}

impl FileKind {
    /// `pdf`, `tex`, `html`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Tex => "tex",
            Self::Html => "html",
        }
    }

    /// Returns the kind of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Pdf, Self::Tex, Self::Html]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
