//! The fields of a record: keys of the paper's JSON, their labels for people, and the other names that `--fields`
//! accepts.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::display::pick;
use super::field_value::{cell, value};
use super::unknown_name::UnknownName;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::text::nearest;

/// A field of a record.
struct Field {
    /// Path in the paper's JSON.
    key: &'static str,
    /// Label in English.
    en: &'static str,
    /// Label in Chinese.
    zh: &'static str,
    /// Names that `--fields` accepts besides key and labels.
    aliases: &'static [&'static str],
    /// Explanation in the list of fields.
    about: &'static str,
}

const fn field(
    key: &'static str,
    (en, zh): (&'static str, &'static str),
    aliases: &'static [&'static str],
    about: &'static str,
) -> Field {
    Field {
        key,
        en,
        zh,
        aliases,
        about,
    }
}

/// Every field in the order of the JSON. If two fields have one name, the first one gets it: `分类` is the primary category,
/// as in the heading of tables.
const FIELDS: &[Field] = &[
    field(
        "id",
        ("id", "编号"),
        &["identifier"],
        "arXiv identifier; with its version in TSV and CSV if one was requested",
    ),
    field(
        "version",
        ("version", "版本"),
        &[],
        "version the record describes, counted from 1",
    ),
    field("title", ("title", "标题"), &[], "title, with arXiv's TeX"),
    field(
        "authors",
        ("authors", "作者"),
        &["author"],
        "authors in arXiv's order",
    ),
    field(
        "abstract",
        ("abstract", "摘要"),
        &["abs"],
        "abstract, with arXiv's TeX",
    ),
    field(
        "primary_category",
        ("category", "分类"),
        &["primary"],
        "category it is filed under",
    ),
    field(
        "categories",
        ("categories", "分类"),
        &[],
        "all categories, the primary one first",
    ),
    field(
        "published",
        ("published", "首次提交"),
        &["date", "日期", "submitted"],
        "when the first version was submitted, UTC",
    ),
    field(
        "updated",
        ("updated", "更新"),
        &[],
        "when this version was submitted, UTC",
    ),
    field(
        "versions",
        ("versions", "历史"),
        &["history"],
        "history of versions, where known",
    ),
    field(
        "comment",
        ("comment", "备注"),
        &["comments"],
        "the authors' comment",
    ),
    field(
        "journal_ref",
        ("journal ref", "期刊"),
        &["journal"],
        "where it was published",
    ),
    field(
        "doi",
        ("DOI", "DOI"),
        &[],
        "the publisher's DOI, the first of several",
    ),
    field("dois", ("DOIs", "全部 DOI"), &[], "all of the publisher's DOIs"),
    field(
        "report_no",
        ("report no", "报告号"),
        &["report"],
        "the institution's report number",
    ),
    field(
        "msc_class",
        ("MSC class", "MSC"),
        &[],
        "Mathematics Subject Classification",
    ),
    field(
        "acm_class",
        ("ACM class", "ACM"),
        &[],
        "ACM Computing Classification",
    ),
    field("license", ("licence", "许可"), &[], "URL of the licence"),
    field("submitter", ("submitter", "提交者"), &[], "who submitted it"),
    field(
        "withdrawn",
        ("withdrawn", "已撤回"),
        &[],
        "whether its authors withdrew it",
    ),
    field("url", ("url", "网页"), &["link"], "abstract page"),
    field("pdf_url", ("pdf", "PDF"), &[], "PDF"),
    field(
        "catalog",
        ("catalog", "目录"),
        &[],
        "what the catalog knows, as an object",
    ),
    field(
        "catalog.name",
        ("catalog name", "目录名"),
        &[],
        "catalog it is in",
    ),
    field("catalog.short_name", ("short name", "简称"), &[], "short name"),
    field("catalog.area", ("area", "领域"), &[], "area"),
    field(
        "catalog.relation",
        ("relation", "关系"),
        &[],
        "how it belongs to the catalog",
    ),
    field(
        "catalog.summary",
        ("summary", "概要"),
        &[],
        "summaries, as an object",
    ),
    field(
        "catalog.summary.en",
        ("summary (en)", "英文概要"),
        &["summary_en"],
        "one sentence in English",
    ),
    field(
        "catalog.summary.zh",
        ("summary (zh)", "中文概要"),
        &["summary_zh"],
        "one sentence in Chinese",
    ),
    field(
        "catalog.repository",
        ("code", "代码"),
        &["repository"],
        "where its code is",
    ),
    field("catalog.model", ("model", "模型"), &[], "where its weights are"),
    field("catalog.venue", ("venue", "发表于"), &[], "where it appeared"),
    field(
        "catalog.unsure",
        ("not verified", "未核实"),
        &["unsure"],
        "keys that are not verified or not complete",
    ),
    field(
        "library",
        ("library", "收藏夹"),
        &[],
        "what the library holds, as an object",
    ),
    field("library.tags", ("tags", "标签"), &["tag"], "tags"),
    field("library.note", ("note", "笔记"), &[], "note"),
    field("library.files", ("file", "文件"), &["files"], "downloaded files"),
    field("library.kept", ("kept", "收藏"), &[], "since when it is kept"),
    field(
        "source",
        ("source", "来源"),
        &[],
        "where the record came from: catalog, api, oai, rss or file",
    ),
    field(
        "retrieved",
        ("retrieved", "取得"),
        &[],
        "when it came from there, UTC",
    ),
];

/// Fields of a record in the order they are written; never empty and without duplicates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldList {
    keys: Vec<&'static str>,
    /// Whether cells show dates as days.
    by_day: bool,
}

impl FieldList {
    /// Parses a list such as `id,title,catalog.area`. Keys, the labels that tables and text show in either language, and
    /// a few usual names are accepted (`date`, `category`, `abs`); case is ignored, and a space, a hyphen and an
    /// underscore are the same. Empty names are skipped, and a repeated field counts at its first place.
    ///
    /// # Errors
    ///
    /// If a name is unknown, with the nearest keys, or if there is no name.
    pub fn parse(text: &str) -> Result<Self, UnknownName> {
        let mut keys = Vec::new();
        for name in text
            .split([',', '，'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
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

    /// The default of TSV: `id`, `published` (the day), `primary_category`, `title`.
    #[must_use]
    pub fn brief() -> Self {
        Self {
            keys: vec!["id", "published", "primary_category", "title"],
            by_day: true,
        }
    }

    /// The default of CSV: every field that is not an object of other fields.
    #[must_use]
    pub fn whole() -> Self {
        let is_leaf = |key: &str| !matches!(key, "catalog" | "catalog.summary" | "library");
        let keys = FIELDS.iter().map(|field| field.key).filter(|key| is_leaf(key));
        Self {
            keys: keys.collect(),
            by_day: false,
        }
    }

    /// Every field with an explanation, in the order of the JSON.
    #[must_use]
    pub fn known() -> Vec<(&'static str, &'static str)> {
        FIELDS.iter().map(|field| (field.key, field.about)).collect()
    }

    /// The fields' keys, in order.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.keys
    }

    /// A paper's cells for TSV and CSV: the text of the JSON on one line, without unprintable characters.
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

    /// A paper reduced to these fields, as a JSON object in their order. A field inside another is named by its path
    /// (`"catalog.area"`).
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

/// The label of a field for people, or the key itself if there is no such field.
pub(super) fn label(key: &str, lang: Lang) -> &str {
    let known = FIELDS.iter().find(|field| field.key == key);
    known.map_or(key, |field| pick(lang, field.en, field.zh))
}

/// The key of a field by any of its names.
fn find(name: &str) -> Result<&'static str, UnknownName> {
    if let Some(field) = FIELDS.iter().find(|field| field.key == name) {
        return Ok(field.key);
    }
    let typed = normalized(name);
    let is_meant = |known: &str| normalized(known) == typed;
    let by_name = FIELDS.iter().find(|field| {
        let names = [field.key, field.en, field.zh];
        names.iter().chain(field.aliases).any(|known| is_meant(known))
    });
    by_name.map(|field| field.key).ok_or_else(|| unknown(name))
}

/// A name as names are compared: lower case, with underscores between words.
fn normalized(name: &str) -> String {
    name.to_lowercase().replace([' ', '-'], "_")
}

/// The error for an unknown name. Fields whose last part is this name come first.
fn unknown(name: &str) -> UnknownName {
    let keys = || FIELDS.iter().map(|field| field.key);
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
