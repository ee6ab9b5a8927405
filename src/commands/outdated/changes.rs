//! Compares a stored record with arXiv's current one.

use serde_json::{Value, json};

use crate::library::DownloadedFile;
use crate::model::finding::{Finding, Verdict};
use crate::model::paper::Paper;
use crate::model::text;

/// Differences that concern the user: a newer version, a publication, a withdrawal, and downloaded files of an older
/// version.
pub fn between(stored: &Paper, arrived: &Paper, files: &[DownloadedFile]) -> Vec<Finding> {
    let published = published(stored, arrived);
    newer(stored, arrived, files)
        .into_iter()
        .chain(published)
        .chain(withdrawn(stored, arrived))
        .collect()
}

/// Differences that are known without arXiv: a catalog may have a newer version, and files may be of an older one.
pub fn local(stored: &Paper, known: &Paper, files: &[DownloadedFile]) -> Vec<Finding> {
    let newest = if known.version > stored.version {
        known
    } else {
        stored
    };
    newer(stored, newest, files).into_iter().collect()
}

/// Compares the stored version and the downloaded files with the newest version.
fn newer(stored: &Paper, newest: &Paper, files: &[DownloadedFile]) -> Option<Finding> {
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
    match (stored.version.filter(|version| *version < latest), file) {
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

/// The API does not report withdrawals, but arXiv requires authors to give the reason in the comment.
fn withdrawn(stored: &Paper, arrived: &Paper) -> Option<Finding> {
    if arrived.withdrawn == Some(true) && stored.withdrawn != Some(true) {
        let message = "withdrawn by its authors".to_owned();
        return Some(finding(
            arrived,
            Verdict::Withdrawn,
            "withdrawn",
            json!(stored.withdrawn),
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
    let news = arrived.withdrawn.is_none() && says_so(&arrived.comment) && !says_so(&stored.comment);
    let comment = arrived.comment.as_deref().filter(|_| news)?;
    Some(finding(
        arrived,
        Verdict::Withdrawn,
        "comment",
        json!(stored.comment),
        json!(comment),
        format!("withdrawn, as its comment says: {comment}"),
    ))
}

fn published(stored: &Paper, arrived: &Paper) -> Option<Finding> {
    let new = |was: &Option<String>, is: &Option<String>| is.clone().filter(|_| was.is_none());
    let journal = new(&stored.journal_ref, &arrived.journal_ref);
    let doi = new(&stored.doi, &arrived.doi);
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
