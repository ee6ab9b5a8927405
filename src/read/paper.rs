//! Parses records in the program's own JSON.

use memchr::memmem;
use serde::Deserialize;

use crate::model::date::Stamp;
use crate::model::paper::{Paper, Source, UserData};
use crate::model::record::Record;
use crate::model::text::fold_whitespace;

/// Maximum length of each list: authors, categories, DOIs, versions, tags. The longest lists on arXiv have about 5,000
/// entries.
pub(super) const MAX_LIST: usize = 20_000;

/// Parses one record. The error is a clause.
///
/// A file can prove neither that its version is the newest nor that files exist here.
pub fn paper(json: &[u8]) -> Result<Record, String> {
    let mut paper: Paper = super::json(json)?;
    if paper.library.is_none() && memmem::find(json, b"\"library.").is_some() {
        paper.library = super::json::<FlatUserData>(json)?.into();
    }
    check(&paper)?;
    let mut dois = std::mem::take(&mut paper.dois);
    if let Some(doi) = paper.doi.take()
        && !dois.contains(&doi)
    {
        dois.insert(0, doi);
    }
    paper.set_dois(dois);
    // A record without `source` is parsed as a catalog's, which is the default.
    if paper.source == Source::Catalog && paper.catalog.is_none() {
        paper.source = Source::File;
    }
    // Catalog entries are read from the catalogs, never from a file of records.
    paper.catalog = None;
    if let Some(kept) = &mut paper.library {
        kept.files.clear();
        for tag in &mut kept.tags {
            *tag = fold_whitespace(tag);
        }
        kept.tags.retain(|tag| !tag.is_empty());
    }
    Ok(Record {
        as_of: paper.retrieved.map(Stamp::day),
        current: false,
        paper,
    })
}

/// User data as `--fields library.tags,library.note` writes it.
#[derive(Deserialize)]
struct FlatUserData {
    #[serde(default, rename = "library.tags")]
    tags: Option<Vec<String>>,
    #[serde(default, rename = "library.note")]
    note: Option<String>,
    #[serde(default, rename = "library.kept")]
    kept: Option<Stamp>,
}

impl From<FlatUserData> for Option<UserData> {
    fn from(flat: FlatUserData) -> Self {
        let is_kept = flat.tags.is_some() || flat.note.is_some() || flat.kept.is_some();
        is_kept.then(|| UserData {
            tags: flat.tags.unwrap_or_default(),
            note: flat.note,
            kept: flat.kept,
            ..UserData::default()
        })
    }
}

fn check(paper: &Paper) -> Result<(), String> {
    if paper.title.trim().is_empty() {
        return Err("title: empty".to_owned());
    }
    if paper.version == Some(0) {
        return Err("version: versions are counted from 1".to_owned());
    }
    let lists = [
        ("authors", paper.authors.len()),
        ("categories", paper.categories.len()),
        ("dois", paper.dois.len()),
        ("versions", paper.versions.as_ref().map_or(0, Vec::len)),
        (
            "library.tags",
            paper.library.as_ref().map_or(0, |kept| kept.tags.len()),
        ),
    ];
    match lists.iter().find(|(_, length)| *length > MAX_LIST) {
        Some((key, _)) => Err(format!("{key}: more than {MAX_LIST}")),
        None => Ok(()),
    }
}
