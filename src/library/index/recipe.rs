//! The fields of the index, and what of a record goes into each.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

use super::indexed::Indexed;
use super::words::{FOLDED, STEMMED, Words};
use crate::model::date::Stamp;
use crate::model::text;

/// The number of this recipe: another one in an index means that it is built anew.
pub const RECIPE: u32 = 2;

/// A title's words count so often in the text: they weigh more than an abstract's.
const TITLE_WEIGHT: usize = 2;

/// The term of [`Fields::is`] that every kept paper has.
pub const KEPT: &str = "kept";

/// The fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The paper's number.
    pub key: Field,
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
        let words = |tokenizer, record| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let phrases = IndexRecordOption::WithFreqsAndPositions;
        let plain = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Self {
            key: schema.add_u64_field("key", INDEXED | FAST),
            text: schema.add_text_field("text", words(STEMMED, phrases)),
            title: schema.add_text_field("title", words(STEMMED, phrases)),
            title_words: schema.add_text_field("title_words", words(FOLDED, IndexRecordOption::Basic)),
            comment: schema.add_text_field("comment", words(STEMMED, phrases)),
            author: schema.add_text_field("author", words(FOLDED, phrases)),
            category: schema.add_text_field("category", plain()),
            primary: schema.add_text_field("primary", plain()),
            published: schema.add_i64_field("published", FAST),
            updated: schema.add_i64_field("updated", FAST),
            tag: schema.add_text_field("tag", plain()),
            is: schema.add_text_field("is", plain()),
        };
        (schema.build(), fields)
    }

    /// What goes into the index of a record.
    pub fn document(&self, key: i64, record: &Indexed) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.key, key.unsigned_abs());
        for _ in 0..TITLE_WEIGHT {
            document.add_text(self.text, &*record.title);
        }
        document.add_text(self.title, &*record.title);
        document.add_text(self.title_words, &*record.title);
        document.add_text(self.text, &*record.abstract_);
        document.add_text(self.comment, &*record.comment);
        document.add_text(self.text, &*record.comment);
        for author in &record.authors {
            document.add_text(self.author, &*author.name);
            document.add_text(self.text, &*author.name);
        }
        for words in record.others() {
            document.add_text(self.text, words);
        }
        document.add_text(self.text, record.id.to_string());
        self.add_facts(&mut document, record);
        document
    }

    fn add_facts(&self, document: &mut TantivyDocument, record: &Indexed) {
        for code in &record.categories {
            document.add_text(self.category, code.to_ascii_lowercase());
        }
        if !record.primary_category.is_empty() {
            let primary = record.primary_category.to_ascii_lowercase();
            if record.categories.is_empty() {
                document.add_text(self.category, &primary);
            }
            document.add_text(self.primary, primary);
        }
        if let Some(published) = record.published {
            document.add_i64(self.published, moment(published));
        }
        if let Some(updated) = record.updated {
            document.add_i64(self.updated, moment(updated));
        }
        if let Some(kept) = &record.kept {
            document.add_text(self.is, KEPT);
            for tag in &kept.tags {
                document.add_text(self.tag, text::fold(tag));
            }
        }
        for lacking in lacking(record) {
            document.add_text(self.is, format!("no:{lacking}"));
        }
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

/// The tokenizers the schema names.
pub fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(STEMMED, TextAnalyzer::from(Words::new(true)));
    tokenizers.register(FOLDED, TextAnalyzer::from(Words::new(false)));
    tokenizers
}
