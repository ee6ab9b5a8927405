//! The fields of a record that `--fields` chooses, by the keys of the paper's JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::json;
use super::unknown_name::UnknownName;
use crate::model::paper::Paper;
use crate::model::text::{nearest, sanitize};

/// Every field, with a word of explanation, in the order of the JSON.
const KNOWN: &[(&str, &str)] = &[
    (
        "id",
        "arXiv identifier; with its version in TSV and CSV if one was asked for",
    ),
    ("version", "version the record describes, counted from 1"),
    ("title", "title, with arXiv's TeX"),
    ("authors", "authors in arXiv's order"),
    ("abstract", "abstract, with arXiv's TeX"),
    ("primary_category", "category it is filed under"),
    ("categories", "all categories, the primary one first"),
    ("published", "when the first version was submitted, UTC"),
    ("updated", "when this version was submitted, UTC"),
    ("versions", "history of versions, where known"),
    ("comment", "the authors' comment"),
    ("journal_ref", "where it was published"),
    ("doi", "the publisher's DOI, the first of several"),
    ("dois", "all of the publisher's DOIs"),
    ("report_no", "the institution's report number"),
    ("msc_class", "Mathematics Subject Classification"),
    ("acm_class", "ACM Computing Classification"),
    ("license", "URL of the licence"),
    ("submitter", "who submitted it"),
    ("withdrawn", "whether its authors withdrew it"),
    ("url", "abstract page"),
    ("pdf_url", "PDF"),
    ("catalog", "what the catalog knows, as an object"),
    ("catalog.name", "catalog it is in"),
    ("catalog.short_name", "short name"),
    ("catalog.area", "area"),
    ("catalog.relation", "how it belongs to the catalog"),
    ("catalog.summary", "summaries, as an object"),
    ("catalog.summary.en", "one sentence in English"),
    ("catalog.summary.zh", "one sentence in Chinese"),
    ("catalog.repository", "where its code is"),
    ("catalog.model", "where its weights are"),
    ("catalog.venue", "where it appeared"),
    ("catalog.unsure", "keys that are not verified or not complete"),
    ("library", "what the library holds, as an object"),
    ("library.tags", "tags"),
    ("library.note", "note"),
    ("library.files", "downloaded files"),
    ("library.kept", "since when it is kept"),
    (
        "source",
        "where the record came from: catalog, api, oai, rss or file",
    ),
    ("retrieved", "when it came from there, UTC"),
];

/// Fields of a record in the order they are written; never empty and without duplicates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldList {
    keys: Vec<&'static str>,
    /// Whether cells give dates by the day.
    by_day: bool,
}

impl FieldList {
    /// Reads `id,title,catalog.area`. Spaces around a name and empty names are skipped; a field named again
    /// counts at its first place.
    pub fn parse(text: &str) -> Result<Self, UnknownName> {
        let mut keys = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let key = find(name)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Err(unknown(text));
        }
        Ok(Self { keys, by_day: false })
    }

    /// What TSV holds unless told otherwise: `id`, `published` (the day), `primary_category`, `title`.
    #[must_use]
    pub fn brief() -> Self {
        Self {
            keys: vec!["id", "published", "primary_category", "title"],
            by_day: true,
        }
    }

    /// What CSV holds unless told otherwise: every field that is not an object of others.
    #[must_use]
    pub fn whole() -> Self {
        let is_leaf = |key: &str| !matches!(key, "catalog" | "catalog.summary" | "library");
        let keys = KNOWN.iter().map(|(key, _)| *key).filter(|key| is_leaf(key));
        Self {
            keys: keys.collect(),
            by_day: false,
        }
    }

    /// Every field there is, with a word of explanation, in the order of the JSON.
    #[must_use]
    pub fn known() -> &'static [(&'static str, &'static str)] {
        KNOWN
    }

    /// The fields' keys, in order.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.keys
    }

    /// A paper's cells for TSV and CSV: the text of the JSON less what is not printable, on one line.
    pub(super) fn cells(&self, paper: &Paper) -> Vec<String> {
        let cell_of = |key: &&'static str| match *key {
            "id" => paper.display_id().to_string(),
            "published" if self.by_day => paper
                .published
                .map_or_else(String::new, |at| at.day().to_string()),
            key => cell(&value(paper, key)),
        };
        self.keys.iter().map(cell_of).collect()
    }

    /// A paper with these fields alone, as a JSON object in their order; a field inside another goes by its
    /// path (`"catalog.area"`).
    pub(super) fn select<'a>(&'a self, paper: &'a Paper) -> SelectedFields<'a> {
        SelectedFields { fields: self, paper }
    }
}

/// A paper reduced to some fields.
pub(super) struct SelectedFields<'a> {
    fields: &'a FieldList,
    paper: &'a Paper,
}

impl Serialize for SelectedFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_map(Some(self.fields.keys.len()))?;
        for key in &self.fields.keys {
            json.serialize_entry(key, &value(self.paper, key))?;
        }
        json.end()
    }
}

fn find(name: &str) -> Result<&'static str, UnknownName> {
    let known = KNOWN.iter().find(|(key, _)| *key == name);
    known.map(|(key, _)| *key).ok_or_else(|| unknown(name))
}

/// Who types `area` means `catalog.area`.
fn unknown(name: &str) -> UnknownName {
    let keys = || KNOWN.iter().map(|(key, _)| *key);
    let mut near: Vec<_> = keys()
        .filter(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == name))
        .collect();
    for key in nearest(name, keys()) {
        if !near.contains(&key) {
            near.push(key);
        }
    }
    UnknownName {
        what: "field",
        name: name.to_owned(),
        nearest: near,
    }
}

/// What a paper's JSON has under a path; null where there is nothing. The whole record is not built for it:
/// a mirror has millions.
fn value(paper: &Paper, path: &str) -> Value {
    let mut keys = path.split('.');
    let json = match keys.next().unwrap_or_default() {
        "id" => json_of(&paper.id),
        "version" => json_of(&paper.version),
        "title" => json_of(&paper.title),
        "authors" => json_of(&paper.authors),
        "abstract" => json_of(&paper.abstract_),
        "primary_category" => json_of(&paper.primary_category),
        "categories" => json_of(&paper.categories),
        "published" => json_of(&paper.published),
        "updated" => json_of(&paper.updated),
        "versions" => json_of(&paper.versions),
        "comment" => json_of(&paper.comment),
        "journal_ref" => json_of(&paper.journal_ref),
        "doi" => json_of(&paper.doi),
        "dois" => json_of(&paper.dois),
        "report_no" => json_of(&paper.report_no),
        "msc_class" => json_of(&paper.msc_class),
        "acm_class" => json_of(&paper.acm_class),
        "license" => json_of(&paper.license),
        "submitter" => json_of(&paper.submitter),
        "withdrawn" => json_of(&paper.withdrawn),
        "url" => Value::from(paper.display_id().abs_url()),
        "pdf_url" => Value::from(paper.display_id().pdf_url()),
        "catalog" => json_of(&paper.catalog),
        "library" => json_of(&paper.library),
        "source" => json_of(&paper.source),
        "retrieved" => json_of(&paper.retrieved),
        _ => Value::Null,
    };
    keys.fold(json, |mut json, key| {
        json.get_mut(key).map(Value::take).unwrap_or_default()
    })
}

/// The model's types are plain: none of them can fail to become JSON.
fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A JSON value as a cell: lists joined by `; ` (authors by their names), objects as JSON, null empty.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => sanitize(text).into_owned(),
        Value::Array(items) => items.iter().map(item).collect::<Vec<_>>().join("; "),
        other => json::compact(other).unwrap_or_default(),
    }
}

/// Of the objects in lists only an author has a name.
fn item(value: &Value) -> String {
    match value.get("name") {
        Some(name @ Value::String(_)) => cell(name),
        _ => cell(value),
    }
}
