//! What is new in a paper's record.

use serde_json::{Value, json};

use crate::library::DownloadedFile;
use crate::model::finding::{Finding, Verdict};
use crate::model::paper::Paper;
use crate::model::text;

/// What arXiv's record says that the held one did not: a newer version, a publication, a withdrawal; and of files, that
/// they are of an older version.
pub fn between(held: &Paper, arrived: &Paper, files: &[DownloadedFile]) -> Vec<Finding> {
    let published = published(held, arrived);
    newer(held, arrived, files)
        .into_iter()
        .chain(published)
        .chain(withdrawn(held, arrived))
        .collect()
}

/// What this machine can tell without arXiv: a catalog's record may be of a newer version, and files of an older one.
pub fn local(held: &Paper, known: &Paper, files: &[DownloadedFile]) -> Vec<Finding> {
    let newest = if known.version > held.version { known } else { held };
    newer(held, newest, files).into_iter().collect()
}

/// The oldest of what the user has, held against the newest version.
fn newer(held: &Paper, newest: &Paper, files: &[DownloadedFile]) -> Option<Finding> {
    let latest = newest.version?;
    let file = files
        .iter()
        .filter_map(|file| file.id.version())
        .max()
        .filter(|version| *version < latest);
    let date = newest
        .updated
        .map(|at| format!(" of {}", at.day()))
        .unwrap_or_default();
    match (held.version.filter(|version| *version < latest), file) {
        (Some(version), file) => {
            let also = match file {
                Some(file) => format!(", the file here is of v{file}"),
                None => String::new(),
            };
            let message = format!("v{version} -> v{latest}{date}{also}");
            Some(finding(
                newest,
                Verdict::Superseded,
                "version",
                json!(version),
                json!(latest),
                message,
            ))
        }
        (None, Some(file)) => {
            let message = format!("v{file} -> v{latest}{date}: the file here is of v{file}");
            Some(finding(
                newest,
                Verdict::Superseded,
                "library.files",
                json!(file),
                json!(latest),
                message,
            ))
        }
        (None, None) => None,
    }
}

/// The API does not tell withdrawals, but their authors must give a reason in the comment.
fn withdrawn(held: &Paper, arrived: &Paper) -> Option<Finding> {
    if arrived.withdrawn == Some(true) && held.withdrawn != Some(true) {
        let message = "withdrawn by its authors".to_owned();
        return Some(finding(
            arrived,
            Verdict::Withdrawn,
            "withdrawn",
            json!(held.withdrawn),
            json!(true),
            message,
        ));
    }
    let says_so = |comment: &Option<String>| {
        comment.as_deref().is_some_and(|comment| {
            let comment = text::fold(comment);
            comment.contains("been withdrawn") || comment.starts_with("withdrawn")
        })
    };
    let news = arrived.withdrawn.is_none() && says_so(&arrived.comment) && !says_so(&held.comment);
    let comment = arrived.comment.as_deref().filter(|_| news)?;
    Some(finding(
        arrived,
        Verdict::Withdrawn,
        "comment",
        json!(held.comment),
        json!(comment),
        format!("withdrawn, as its comment says: {comment}"),
    ))
}

fn published(held: &Paper, arrived: &Paper) -> Option<Finding> {
    let new = |was: &Option<String>, is: &Option<String>| is.clone().filter(|_| was.is_none());
    let journal = new(&held.journal_ref, &arrived.journal_ref);
    let doi = new(&held.doi, &arrived.doi);
    let (key, recorded, message) = match (&journal, &doi) {
        (Some(journal), Some(doi)) => (
            "journal_ref",
            json!(journal),
            format!("published: {journal}, doi {doi}"),
        ),
        (Some(journal), None) => ("journal_ref", json!(journal), format!("published: {journal}")),
        (None, Some(doi)) => ("doi", json!(doi), format!("published: doi {doi}")),
        (None, None) => return None,
    };
    Some(finding(
        arrived,
        Verdict::Published,
        key,
        Value::Null,
        recorded,
        message,
    ))
}

fn finding(
    paper: &Paper,
    verdict: Verdict,
    key: &'static str,
    claimed: Value,
    recorded: Value,
    message: String,
) -> Finding {
    Finding {
        place: None,
        id: Some(paper.id),
        short_name: None,
        verdict,
        key: Some(key),
        claimed,
        recorded,
        unsure: false,
        proposal: None,
        message,
    }
}
