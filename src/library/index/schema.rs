//! The fields of the index, and what of a record goes into each.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};

use super::changes::Changed;
use super::document::Indexed;
use super::segment_builder::Draft;
use crate::model::date::Stamp;
use crate::model::text;

/// The number of this recipe: another one in an index means that it is built anew.
pub const RECIPE: u32 = 3;

/// A title's words count so often in the text: they weigh more than an abstract's.
const TITLE_WEIGHT: usize = 2;

/// The term of [`Fields::is`] that every kept paper has.
pub const KEPT: &str = "kept";

/// The fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The paper's number.
    pub key: Field,
    /// When it last changed.
    pub revision: Field,
    /// Everything that is read as text. Together in one field, so that papers of common words can be skipped.
    pub text: Field,
    /// The title.
    pub title: Field,
    /// The title's words as they are, without stems.
    pub title_words: Field,
    /// The comment.
    pub comment: Field,
    /// Author names, without stems.
    pub author: Field,
    /// Every category.
    pub category: Field,
    /// The primary category.
    pub primary: Field,
    /// First submission: see [`moment`].
    pub published: Field,
    /// This version's submission.
    pub updated: Field,
    /// Tags, folded.
    pub tag: Field,
    /// [`KEPT`], and the keys that the record lacks: `no:published`.
    pub is: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn new() -> (Schema, Self) {
        let mut schema = Schema::builder();
        // tantivy takes no text apart: a draft does.
        let indexing = || TextFieldIndexing::default().set_tokenizer("raw");
        let running = || {
            let indexing = indexing().set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        let plain = || {
            let indexing = indexing()
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Self {
            key: schema.add_u64_field("key", NumericOptions::default().set_indexed().set_fast()),
            revision: schema.add_i64_field("revision", FAST),
            text: schema.add_text_field("text", running()),
            title: schema.add_text_field("title", running()),
            title_words: schema.add_text_field("title_words", plain()),
            comment: schema.add_text_field("comment", running()),
            author: schema.add_text_field("author", running()),
            category: schema.add_text_field("category", plain()),
            primary: schema.add_text_field("primary", plain()),
            published: schema.add_i64_field("published", FAST),
            updated: schema.add_i64_field("updated", FAST),
            tag: schema.add_text_field("tag", plain()),
            is: schema.add_text_field("is", plain()),
        };
        (schema.build(), fields)
    }

    /// Puts what goes into the index of a record.
    pub fn put(&self, draft: &mut Draft, paper: &Changed, record: &Indexed) -> tantivy::Result<()> {
        draft.number(self.key, paper.key.unsigned_abs());
        draft.read(&record.title);
        for _ in 0..TITLE_WEIGHT {
            draft.stems(self.text);
        }
        draft.stems(self.title).words(self.title_words);
        draft.read(&record.abstract_).stems(self.text);
        draft.read(&record.comment).stems(self.text).stems(self.comment);
        for author in &record.authors {
            draft.read(&author.name).stems(self.text).words(self.author);
        }
        for text in record.others() {
            draft.read(text).stems(self.text);
        }
        draft.read(&record.id.to_string()).stems(self.text);
        self.put_facts(draft, record);
        draft.finish(&self.columns(paper, record))
    }

    fn put_facts(&self, draft: &mut Draft, record: &Indexed) {
        for code in &record.categories {
            draft.fact(self.category, &code.to_ascii_lowercase());
        }
        if !record.primary_category.is_empty() {
            let primary = record.primary_category.to_ascii_lowercase();
            if record.categories.is_empty() {
                draft.fact(self.category, &primary);
            }
            draft.fact(self.primary, &primary);
        }
        if let Some(kept) = record.kept {
            draft.fact(self.is, KEPT);
            for tag in &kept.tags {
                draft.fact(self.tag, &text::fold(tag));
            }
        }
        for lacking in lacking(record) {
            draft.fact(self.is, &format!("no:{lacking}"));
        }
    }

    /// What is at hand of each paper when they are put in order.
    fn columns(&self, paper: &Changed, record: &Indexed) -> TantivyDocument {
        let mut columns = TantivyDocument::new();
        columns.add_u64(self.key, paper.key.unsigned_abs());
        columns.add_i64(self.revision, paper.revision);
        if let Some(published) = record.published {
            columns.add_i64(self.published, moment(published));
        }
        if let Some(updated) = record.updated {
            columns.add_i64(self.updated, moment(updated));
        }
        columns
    }
}

/// The keys that filters need and this record lacks.
fn lacking(record: &Indexed) -> impl Iterator<Item = &'static str> {
    let primary = record.primary_category.is_empty();
    [
        ("published", record.published.is_none()),
        ("categories", record.categories.is_empty() && primary),
        ("primary_category", primary),
        ("authors", record.authors.is_empty()),
    ]
    .into_iter()
    .filter_map(|(key, lacks)| lacks.then_some(key))
}

/// A point in time as a number with the order of [`Stamp`]: twice the seconds since 1970, one more where more than the
/// day is known.
pub fn moment(stamp: Stamp) -> i64 {
    match stamp {
        Stamp::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() * 2,
        Stamp::Second(time) => time.timestamp() * 2 + 1,
    }
}
