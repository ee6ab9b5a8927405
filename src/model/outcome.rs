//! The outcome of a run for one identifier: a record, a file, or the reason why there is neither.

use std::path::{Path, PathBuf};

use super::id::ArxivId;
use super::ledger::{RecordOrigin, Status};
use super::paper::Paper;

/// What became of one identifier that a command was given.
///
/// arXiv's services, the lookup and the commands all use this type, so that the report and the ledger have one source.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// The record of the paper, and where this run found it.
    Found(Box<Paper>, RecordOrigin),
    /// This run downloaded the file of the paper to this path.
    Downloaded(PathBuf),
    /// The file of the paper was already at this path, complete and unchanged.
    AlreadyDownloaded(PathBuf),
    /// The command did its work and prints nothing for this identifier.
    Done {
        /// Where the record that was used came from.
        origin: Option<RecordOrigin>,
        /// What changed.
        message: Option<String>,
    },
    /// Nothing had to be done, for this reason.
    Skipped(String),
    /// There is no result: the kind of failure, and the reason in words.
    Failed(Status, String),
}

impl Outcome {
    /// The outcome for an identifier of which arXiv has no record.
    #[must_use]
    pub fn not_found(id: ArxivId) -> Self {
        Self::Failed(Status::NotFound, not_found_reason(id))
    }

    /// The outcome for a paper that arXiv deleted, with the reason that arXiv gives.
    #[must_use]
    pub fn deleted(reason: &str) -> Self {
        Self::Failed(Status::Deleted, deleted_reason(reason))
    }

    /// The outcome of a command that did its work with a record from here.
    #[must_use]
    pub fn done(origin: Option<RecordOrigin>) -> Self {
        Self::Done {
            origin,
            message: None,
        }
    }

    /// The status that the ledger has for this outcome.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Found(..) | Self::Downloaded(_) | Self::Done { .. } => Status::Found,
            Self::AlreadyDownloaded(_) | Self::Skipped(_) => Status::Skipped,
            Self::Failed(status, _) => *status,
        }
    }

    /// Where this run found the record; `None` if no record was used.
    #[must_use]
    pub fn origin(&self) -> Option<RecordOrigin> {
        match self {
            Self::Found(_, origin) => Some(*origin),
            Self::Done { origin, .. } => *origin,
            _ => None,
        }
    }

    /// The message that the ledger has for this outcome: a path, a change or a reason.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Found(..) => None,
            Self::Downloaded(path) | Self::AlreadyDownloaded(path) => Some(path.display().to_string()),
            Self::Done { message, .. } => message.clone(),
            Self::Skipped(reason) | Self::Failed(_, reason) => Some(reason.clone()),
        }
    }

    /// The record, if there is one.
    #[must_use]
    pub fn paper(&self) -> Option<&Paper> {
        match self {
            Self::Found(paper, _) => Some(paper),
            _ => None,
        }
    }

    /// The path of the downloaded file, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Downloaded(path) | Self::AlreadyDownloaded(path) => Some(path),
            _ => None,
        }
    }
}

/// The reason why there is no record if arXiv has none of this identifier.
#[must_use]
pub fn not_found_reason(id: ArxivId) -> String {
    match id.version() {
        Some(version) => format!("arXiv has no such paper, or no version {version} of it"),
        None => "arXiv has no such paper".to_owned(),
    }
}

/// The reason why there is no record of a paper that arXiv deleted, with the reason that arXiv gives.
#[must_use]
pub fn deleted_reason(reason: &str) -> String {
    // Most of arXiv's reasons are the end of a sentence: `was a duplicate of ...`.
    let subject = if reason.starts_with("was ") { "it " } else { "" };
    format!("arXiv deleted this paper: {subject}{reason}")
}
