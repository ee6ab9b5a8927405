//! What of a record the index is made of, read without the rest.

use std::borrow::Cow;

use serde::Deserialize;

use crate::library::store::{Answer, damaged};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, UserData};

/// A record as the index sees it. What it lacks is empty.
#[derive(Deserialize)]
pub struct Indexed<'r> {
    pub id: ArxivId,
    #[serde(borrow)]
    pub title: Text<'r>,
    #[serde(borrow, default)]
    pub authors: Vec<Author<'r>>,
    #[serde(borrow, default, rename = "abstract")]
    pub abstract_: Text<'r>,
    #[serde(borrow, default)]
    pub comment: Text<'r>,
    #[serde(borrow, default)]
    pub primary_category: Text<'r>,
    #[serde(borrow, default)]
    pub categories: Vec<Text<'r>>,
    #[serde(default)]
    pub published: Option<Stamp>,
    #[serde(default)]
    pub updated: Option<Stamp>,
    #[serde(borrow, default)]
    journal_ref: Text<'r>,
    #[serde(borrow, default)]
    report_no: Text<'r>,
    #[serde(borrow, default)]
    catalog: Entry<'r>,
    /// What the user made of it.
    #[serde(skip)]
    pub kept: Option<&'r UserData>,
}

/// A text that is borrowed where nothing in it is escaped.
#[derive(Deserialize, Default)]
#[serde(transparent)]
pub struct Text<'r>(#[serde(borrow)] Cow<'r, str>);

#[derive(Deserialize)]
pub struct Author<'r> {
    #[serde(borrow)]
    pub name: Text<'r>,
}

/// What a catalog knows of it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry<'r> {
    #[serde(borrow)]
    short_name: Option<Text<'r>>,
    #[serde(borrow)]
    summary: Summary<'r>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Summary<'r> {
    #[serde(borrow)]
    en: Option<Text<'r>>,
    #[serde(borrow)]
    zh: Option<Text<'r>>,
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'r> From<&'r str> for Text<'r> {
    fn from(text: &'r str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'r> Indexed<'r> {
    /// Of a record's text in the database, and of what the user made of the paper.
    pub fn read(record: &'r str, kept: Option<&'r UserData>) -> Answer<Self> {
        let indexed: Self = serde_json::from_str(record).map_err(damaged)?;
        Ok(Self { kept, ..indexed })
    }

    /// What else of it is read as text.
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

impl<'r> From<&'r Paper> for Indexed<'r> {
    fn from(paper: &'r Paper) -> Self {
        let some = |text: &'r Option<String>| text.as_deref().map(Text::from);
        let text = |text: &'r Option<String>| some(text).unwrap_or_default();
        Self {
            id: paper.id,
            title: paper.title.as_str().into(),
            authors: paper
                .authors
                .iter()
                .map(|author| Author {
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
            catalog: paper.catalog.as_ref().map_or_else(Entry::default, |entry| Entry {
                short_name: some(&entry.short_name),
                summary: Summary {
                    en: some(&entry.summary.en),
                    zh: some(&entry.summary.zh),
                },
            }),
            kept: paper.library.as_ref(),
        }
    }
}
