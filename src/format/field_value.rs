//! The value of a field for programs: as JSON, and as a cell of TSV and CSV.

use serde::Serialize;
use serde_json::Value;

use super::json;
use crate::model::paper::Paper;
use crate::model::text::sanitize;

/// The JSON value of a paper under a path; null if there is none. Only this value is serialized, because a mirror has
/// millions of records.
pub(super) fn value(paper: &Paper, path: &str) -> Value {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let mut json = match first {
        "id" => to_json(&paper.id),
        "version" => to_json(&paper.version),
        "title" => to_json(&paper.title),
        "authors" => to_json(&paper.authors),
        "abstract" => to_json(&paper.abstract_),
        "primary_category" => to_json(&paper.primary_category),
        "categories" => to_json(&paper.categories),
        "published" => to_json(&paper.published),
        "updated" => to_json(&paper.updated),
        "versions" => to_json(&paper.versions),
        "comment" => to_json(&paper.comment),
        "journal_ref" => to_json(&paper.journal_ref),
        "doi" => to_json(&paper.doi),
        "dois" => to_json(&paper.dois),
        "report_no" => to_json(&paper.report_no),
        "msc_class" => to_json(&paper.msc_class),
        "acm_class" => to_json(&paper.acm_class),
        "license" => to_json(&paper.license),
        "submitter" => to_json(&paper.submitter),
        "withdrawn" => to_json(&paper.withdrawn),
        "url" => Value::from(paper.display_id().abs_url()),
        "pdf_url" => Value::from(paper.display_id().pdf_url()),
        "catalog" => to_json(&paper.catalog),
        "library" => to_json(&paper.library),
        "source" => to_json(&paper.source),
        "retrieved" => to_json(&paper.retrieved),
        _ => Value::Null,
    };
    for key in rest.into_iter().flat_map(|rest| rest.split('.')) {
        json = json.get_mut(key).map_or(Value::Null, Value::take);
    }
    json
}

/// Serializes a value of the model. The model's types are plain data, for which this cannot fail.
fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// A JSON value as a cell: lists joined by `; ` (authors by their names), objects as JSON, null as nothing.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => sanitize(text).into_owned(),
        Value::Array(items) => items.iter().map(item).collect::<Vec<_>>().join("; "),
        other => json::compact(other).unwrap_or_default(),
    }
}

/// An element of a list. Of the objects in lists only authors have a name.
fn item(value: &Value) -> String {
    match value.get("name") {
        Some(name @ Value::String(_)) => cell(name),
        _ => cell(value),
    }
}
