//! The part of a record that is indexed, parsed without allocating the rest.

use std::borrow::Cow;

use serde::Deserialize;

use crate::library::store::{DbResult, damaged};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, UserData};

/// A record as the index sees it. Missing values are empty.
#[derive(Deserialize)]
pub struct IndexedDocument<'r> {
    pub id: ArxivId,
    #[serde(borrow)]
    pub title: CowText<'r>,
    #[serde(borrow, default)]
    pub authors: Vec<IndexedAuthor<'r>>,
    #[serde(borrow, default, rename = "abstract")]
    pub abstract_: CowText<'r>,
    #[serde(borrow, default)]
    pub comment: CowText<'r>,
    #[serde(borrow, default)]
    pub primary_category: CowText<'r>,
    #[serde(borrow, default)]
    pub categories: Vec<CowText<'r>>,
    #[serde(default)]
    pub published: Option<Stamp>,
    #[serde(default)]
    pub updated: Option<Stamp>,
    #[serde(borrow, default)]
    journal_ref: CowText<'r>,
    #[serde(borrow, default)]
    report_no: CowText<'r>,
    #[serde(borrow, default)]
    catalog: CatalogFields<'r>,
    /// The user's data of the paper, if it is in the library.
    #[serde(skip)]
    pub kept: Option<&'r UserData>,
}

/// A text that borrows from the JSON unless it contains escapes.
#[derive(Deserialize, Default)]
#[serde(transparent)]
pub struct CowText<'r>(#[serde(borrow)] Cow<'r, str>);

#[derive(Deserialize)]
pub struct IndexedAuthor<'r> {
    #[serde(borrow)]
    pub name: CowText<'r>,
}

/// The indexed part of the catalog entry.
#[derive(Deserialize, Default)]
#[serde(default)]
struct CatalogFields<'r> {
    #[serde(borrow)]
    short_name: Option<CowText<'r>>,
    #[serde(borrow)]
    summary: SummaryFields<'r>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SummaryFields<'r> {
    #[serde(borrow)]
    en: Option<CowText<'r>>,
    #[serde(borrow)]
    zh: Option<CowText<'r>>,
}

impl std::ops::Deref for CowText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'r> From<&'r str> for CowText<'r> {
    fn from(text: &'r str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'r> IndexedDocument<'r> {
    /// Parses the JSON of a stored record.
    pub fn parse(record: &'r str, kept: Option<&'r UserData>) -> DbResult<Self> {
        let indexed: Self = serde_json::from_str(record).map_err(damaged)?;
        Ok(Self { kept, ..indexed })
    }

    /// The texts that only the combined text field contains.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        let entry = &self.catalog;
        [&self.journal_ref, &self.report_no]
            .into_iter()
            .filter(|text| !text.is_empty())
            .chain(
                [&entry.short_name, &entry.summary.en, &entry.summary.zh]
                    .into_iter()
                    .flatten(),
            )
            .map(|text| &**text)
            .chain(self.kept.and_then(|kept| kept.note.as_deref()))
    }
}

impl<'r> From<&'r Paper> for IndexedDocument<'r> {
    fn from(paper: &'r Paper) -> Self {
        let some = |text: &'r Option<String>| text.as_deref().map(CowText::from);
        let text = |text: &'r Option<String>| some(text).unwrap_or_default();
        Self {
            id: paper.id,
            title: paper.title.as_str().into(),
            authors: paper
                .authors
                .iter()
                .map(|author| IndexedAuthor {
                    name: author.name.as_str().into(),
                })
                .collect(),
            abstract_: text(&paper.abstract_),
            comment: text(&paper.comment),
            primary_category: text(&paper.primary_category),
            categories: paper.categories.iter().map(|code| code.as_str().into()).collect(),
            published: paper.published,
            updated: paper.updated,
            journal_ref: text(&paper.journal_ref),
            report_no: text(&paper.report_no),
            catalog: paper
                .catalog
                .as_ref()
                .map_or_else(CatalogFields::default, |entry| CatalogFields {
                    short_name: some(&entry.short_name),
                    summary: SummaryFields {
                        en: some(&entry.summary.en),
                        zh: some(&entry.summary.zh),
                    },
                }),
            kept: paper.library.as_ref(),
        }
    }
}
