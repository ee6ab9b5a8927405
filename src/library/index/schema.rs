//! The fields of the index, and which part of a record each contains.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};

use super::changes::ChangedPaper;
use super::document::IndexedDocument;
use super::segment_builder::SegmentBuilder;
use super::title_sort::title_prefix;
use crate::model::date::Stamp;
use crate::model::text;

/// Version of the schema and of the analysis. An index with another version is rebuilt.
pub const SCHEMA_VERSION: u32 = 4;

/// How often a title is added to the combined text field, so that its words weigh more than those of an abstract.
const TITLE_WEIGHT: usize = 2;

/// Term of [`Fields::is`] that marks a paper of the library.
pub const KEPT: &str = "kept";

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The identifier as a number ([`crate::model::id::ArxivId::packed`]).
    pub key: Field,
    /// Revision of the database at which the paper last changed.
    pub revision: Field,
    /// All text in one field. Together with separate fields this lets tantivy skip documents of common words, which
    /// made the frequent searches fastest when measured at 1,000,000 records.
    pub text: Field,
    /// The title, stemmed.
    pub title: Field,
    /// The title, not stemmed.
    pub title_words: Field,
    /// The comment, stemmed.
    pub comment: Field,
    /// Author names, not stemmed.
    pub author: Field,
    /// All categories.
    pub category: Field,
    /// The primary category.
    pub primary: Field,
    /// Submission of the first version, as [`moment`].
    pub published: Field,
    /// Submission of this version, as [`moment`].
    pub updated: Field,
    /// The first 8 bytes of the folded title, see [`title_prefix`], and the next 8.
    pub title_prefix: Field,
    /// See `title_prefix`.
    pub title_rest: Field,
    /// Tags, folded.
    pub tag: Field,
    /// [`KEPT`], and a term for each key that the record missing: `no:published`.
    pub is: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn new() -> (Schema, Self) {
        let mut schema = Schema::builder();
        // The segment builder tokenizes; tantivy's own tokenizers are not used.
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
            title_prefix: schema.add_u64_field("title_prefix", FAST),
            title_rest: schema.add_u64_field("title_rest", FAST),
            tag: schema.add_text_field("tag", plain()),
            is: schema.add_text_field("is", plain()),
        };
        (schema.build(), fields)
    }

    /// Adds a paper to a segment.
    pub fn add_paper(
        &self,
        segment: &mut SegmentBuilder,
        paper: &ChangedPaper,
        record: &IndexedDocument,
    ) -> tantivy::Result<()> {
        segment.number(self.key, paper.key.unsigned_abs());
        segment.tokenize(&record.title);
        for _ in 0..TITLE_WEIGHT {
            segment.stems(self.text);
        }
        segment.stems(self.title).words(self.title_words);
        segment.tokenize(&record.abstract_).stems(self.text);
        segment
            .tokenize(&record.comment)
            .stems(self.text)
            .stems(self.comment);
        for author in &record.authors {
            segment.tokenize(&author.name).stems(self.text).words(self.author);
        }
        for text in record.others() {
            segment.tokenize(text).stems(self.text);
        }
        segment.tokenize(&record.id.to_string()).stems(self.text);
        self.add_terms(segment, record);
        segment.finish(&self.fast_fields(paper, record))
    }

    fn add_terms(&self, segment: &mut SegmentBuilder, record: &IndexedDocument) {
        for code in &record.categories {
            segment.term(self.category, &code.to_ascii_lowercase());
        }
        if !record.primary_category.is_empty() {
            let primary = record.primary_category.to_ascii_lowercase();
            if !record
                .categories
                .iter()
                .any(|code| code.eq_ignore_ascii_case(&primary))
            {
                segment.term(self.category, &primary);
            }
            segment.term(self.primary, &primary);
        }
        if let Some(kept) = record.kept {
            segment.term(self.is, KEPT);
            for tag in &kept.tags {
                segment.term(self.tag, &text::fold(tag));
            }
        }
        for missing_keys in missing_keys(record) {
            segment.term(self.is, &format!("no:{missing_keys}"));
        }
    }

    /// The fast fields, which tantivy reads per document to sort by them.
    fn fast_fields(&self, paper: &ChangedPaper, record: &IndexedDocument) -> TantivyDocument {
        let mut fields = TantivyDocument::new();
        fields.add_u64(self.key, paper.key.unsigned_abs());
        fields.add_i64(self.revision, paper.revision);
        let (prefix, rest) = title_prefix(&record.title);
        fields.add_u64(self.title_prefix, prefix);
        fields.add_u64(self.title_rest, rest);
        if let Some(published) = record.published {
            fields.add_i64(self.published, moment(published));
        }
        if let Some(updated) = record.updated {
            fields.add_i64(self.updated, moment(updated));
        }
        fields
    }
}

/// Keys that filters need and that this record missing.
fn missing_keys(record: &IndexedDocument) -> impl Iterator<Item = &'static str> {
    let primary = record.primary_category.is_empty();
    [
        ("published", record.published.is_none()),
        ("categories", record.categories.is_empty() && primary),
        ("primary_category", primary),
        ("authors", record.authors.is_empty()),
    ]
    .into_iter()
    .filter_map(|(key, missing)| missing.then_some(key))
}

/// A point in time as a number with the order of [`Stamp`]: twice the seconds since 1970, plus one if the time of day
/// is known.
pub fn moment(stamp: Stamp) -> i64 {
    match stamp {
        Stamp::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() * 2,
        Stamp::Second(time) => time.timestamp() * 2 + 1,
    }
}
