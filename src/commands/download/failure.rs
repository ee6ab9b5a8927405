//! The outcomes of downloads that failed, and what a failure means for the rest.

use std::io;
use std::path::Path;

use super::AfterFailure;
use crate::arxiv::files::{self, FileRefusal, RefusalReason};
use crate::error::{Error, Exit};
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Paper;
use crate::net;

/// The reason if the record says that this version is a withdrawal, with the last version that is none.
pub(super) fn withdrawn(paper: &Paper, id: ArxivId, kind: FileKind) -> Option<String> {
    let history = paper.versions.iter().flatten();
    let mut own = history.filter(|version| Some(version.version) == id.version());
    let known = own.next().and_then(|version| version.withdrawn);
    let of_record = paper.withdrawn.filter(|_| paper.version == id.version());
    known
        .or(of_record)?
        .then(|| format!("withdrawn by its authors{}", earlier(Some(paper), id, kind)))
}

/// The outcome of a failed download, and what it means for the rest.
pub(super) fn failed(
    error: files::Error,
    paper: Option<&Paper>,
    id: ArxivId,
    kind: FileKind,
) -> (Outcome, Option<AfterFailure>) {
    match error {
        files::Error::Refused(refusal) => refused(&refusal, paper, id, kind),
        files::Error::Http(error) => {
            let is_of_file = matches!(error, net::Error::Untrusted(_) | net::Error::Refused { .. });
            let gave_up = matches!(error, net::Error::GaveUp { .. });
            let error = Error::from(error);
            let outcome = Outcome::Failed(Status::Unavailable, error.message.clone());
            let then = match (is_of_file, gave_up) {
                (true, _) => None,
                (_, true) => Some(AfterFailure::GaveUp(error)),
                _ => Some(AfterFailure::Stop(error)),
            };
            (outcome, then)
        }
        files::Error::File { path, error } => {
            if error.kind() == io::ErrorKind::AlreadyExists {
                return (Outcome::Failed(Status::Failed, in_the_way(&path, id, kind)), None);
            }
            let failed = Error::file("write", &path, &error);
            let outcome = Outcome::Failed(Status::Failed, failed.message);
            // The message for the rest names the folder, because none of their files was tried.
            let folder = path.parent().unwrap_or(&path);
            let then = || AfterFailure::Stop(Error::file("write into", folder, &error));
            (outcome, concerns_all(&error).then(then))
        }
        files::Error::Busy(_) => (Outcome::Failed(Status::Failed, error.to_string()), None),
        files::Error::Foreign(_) => {
            let reason = format!("{error}: move it away");
            (Outcome::Failed(Status::Failed, reason), None)
        }
    }
}

/// The reason not to replace a file. It may be a download that the user has annotated since.
pub(super) fn in_the_way(path: &Path, id: ArxivId, kind: FileKind) -> String {
    format!(
        "{} is there already, and not as arxcat downloaded it; {} replaces it",
        path.display(),
        by_force(path, id, kind)
    )
}

/// The command that downloads a file and replaces what is in its place.
pub(in crate::commands) fn by_force(path: &Path, id: ArxivId, kind: FileKind) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(String::new, |folder| format!(" -d '{}'", folder.display()));
    format!("`arxcat download {}--force {id}{folder}`", flag(kind))
}

fn flag(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "",
        FileKind::Tex => "--tex ",
        FileKind::Html => "--html ",
    }
}

fn refused(
    refusal: &FileRefusal,
    paper: Option<&Paper>,
    id: ArxivId,
    kind: FileKind,
) -> (Outcome, Option<AfterFailure>) {
    let (status, also) = match refusal.reason {
        RefusalReason::Withdrawn => (Status::Withdrawn, earlier(paper, id, kind)),
        RefusalReason::NotFound => (Status::NotFound, String::new()),
        RefusalReason::NoFile if kind == FileKind::Tex => (Status::Refused, earlier(paper, id, kind)),
        RefusalReason::NotProvided if refusal.explained => (Status::Refused, earlier(paper, id, kind)),
        RefusalReason::NoFile => {
            let source = format!("; its source may be there: `arxcat download --tex {id}`");
            (Status::Refused, source + &earlier(paper, id, kind))
        }
        // arXiv does not say that there is no such file, so it may be there the next time.
        RefusalReason::Forbidden | RefusalReason::NotProvided | RefusalReason::NotTheFile => {
            (Status::Unavailable, String::new())
        }
    };
    let outcome = Outcome::Failed(status, format!("{refusal}{also}"));
    let then = match refusal.reason {
        RefusalReason::Forbidden => Some(AfterFailure::Doubted(denied(
            "arXiv forbade two files in a row, and nothing more was asked",
            id,
        ))),
        _ => None,
    };
    (outcome, then)
}

fn denied(message: &str, id: ArxivId) -> Error {
    Error::new(Exit::Unreachable, message)
        .hint("wait some hours before the next request")
        .hint(format!(
            "`arxcat open {}` shows the paper in a browser",
            id.base()
        ))
}

/// A hint at the last version before this one that has files, or may have.
fn earlier(paper: Option<&Paper>, id: ArxivId, kind: FileKind) -> String {
    let version = id.version().unwrap_or(1);
    let command = |version| format!("`arxcat download {}{}`", flag(kind), id.with_version(version));
    let history = paper.and_then(|paper| paper.versions.as_deref());
    if let Some(history) = history {
        let with_files = history
            .iter()
            .filter(|other| other.version < version && other.withdrawn == Some(false));
        return match with_files.map(|other| other.version).max() {
            Some(last) => format!("; the last version that is not is v{last}: {}", command(last)),
            None => String::new(),
        };
    }
    if version > 1 {
        return format!("; the version before may have one: {}", command(version - 1));
    }
    String::new()
}

/// Whether the next file would fail in the same way.
fn concerns_all(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotFound
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::paper::Version;

    fn paper(withdrawn: &[bool]) -> Paper {
        let id = ArxivId::parse("2501.00002").unwrap();
        let mut paper = Paper::new(id, "A Paper");
        let versions = withdrawn.iter().zip(1..).map(|(withdrawn, version)| Version {
            version,
            date: None,
            withdrawn: Some(*withdrawn),
        });
        paper.versions = Some(versions.collect());
        paper.version = u32::try_from(withdrawn.len()).ok();
        paper.withdrawn = withdrawn.last().copied();
        paper
    }

    #[test]
    fn a_known_withdrawal_is_told_with_the_last_version_that_is_none() {
        let told = |history: &[bool], version| {
            let paper = paper(history);
            withdrawn(&paper, paper.id.with_version(version), FileKind::Tex)
        };
        let last = told(&[false, false, true, true], 4).unwrap();
        assert!(
            last.contains("v2: `arxcat download --tex 2501.00002v2`"),
            "{last}"
        );
        assert_eq!(told(&[true], 1).as_deref(), Some("withdrawn by its authors"));
        // A later withdrawal says nothing of an earlier version, nor an earlier one of a later version.
        assert_eq!(told(&[false, true], 1), None);
        assert_eq!(told(&[true, false], 2), None);
        let unknown = Paper::new(ArxivId::parse("2501.00002").unwrap(), "x");
        assert_eq!(
            withdrawn(&unknown, unknown.id.with_version(3), FileKind::Pdf),
            None
        );
    }
}
