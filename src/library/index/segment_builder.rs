//! Builds index segments in memory and writes the files that tantivy reads.
//!
//! tantivy's own writer looks up every token of every field in one hash table, which misses the cache at each token and
//! took twice as long as this builder. Here a text is tokenized once for all fields it belongs to, and a term's number
//! leads directly to its posting list. This makes the first search after an import no slower than SQLite's FTS5, at the
//! price of calling interfaces that tantivy hides from its documentation: `written_segments_are_valid` fails if one of
//! them changes.

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Index, SegmentMeta, TantivyDocument, Term};

use super::postings::{PostingArena, PostingList};
use super::term_dictionary::{TermDictionary, TermIds};
use crate::model::text;

/// Longest token in bytes; longer ones are skipped as tantivy's own limit does for terms.
const MAX_TOKEN: usize = 200;

/// A segment that is being built.
pub struct SegmentBuilder {
    schema: Schema,
    dictionary: TermDictionary,
    postings: PostingArena,
    /// By field number.
    terms: Vec<FieldPostings>,
    /// Terms of numeric fields: field, value, document.
    numbers: Vec<(Field, u64, u32)>,
    field_lengths: FieldNormsWriter,
    fast_fields: FastFieldsWriter,
    docs: u32,
    /// The terms of the text that was tokenized last, and a buffer for its folded form.
    tokens: Vec<Option<TermIds>>,
    folded: String,
}

/// The posting lists of one field.
#[derive(Default)]
struct FieldPostings {
    /// By term number; lists of the newest terms may be missing.
    lists: Vec<PostingList>,
    /// Whether the field stores positions.
    has_positions: bool,
    /// Number of tokens in all documents, and in the current one.
    total_tokens: u64,
    doc_tokens: u32,
    /// Position at which the next text of the current document starts.
    next_position: u32,
}

impl SegmentBuilder {
    /// An empty segment for an index of this schema.
    pub fn new(schema: Schema) -> tantivy::Result<Self> {
        let terms = schema.fields().map(|(_, entry)| FieldPostings {
            has_positions: entry.field_type().index_record_option()
                == Some(IndexRecordOption::WithFreqsAndPositions),
            ..FieldPostings::default()
        });
        Ok(Self {
            terms: terms.collect(),
            dictionary: TermDictionary::default(),
            postings: PostingArena::default(),
            numbers: Vec::new(),
            field_lengths: FieldNormsWriter::for_schema(&schema),
            fast_fields: FastFieldsWriter::from_schema_and_tokenizer_manager(
                &schema,
                TokenizerManager::new(),
            )?,
            docs: 0,
            tokens: Vec::new(),
            folded: String::new(),
            schema,
        })
    }

    /// Number of documents.
    pub fn docs(&self) -> u32 {
        self.docs
    }

    /// Approximate memory in bytes.
    pub fn size(&self) -> usize {
        let lists: usize = self.terms.iter().map(|terms| terms.lists.capacity()).sum();
        lists * size_of::<PostingList>()
            + self.numbers.capacity() * size_of::<(Field, u64, u32)>()
            + self.dictionary.size()
            + self.postings.size()
            + self.field_lengths.mem_usage()
            + self.fast_fields.mem_usage()
    }

    /// Tokenizes a text for the fields that it is added to next.
    pub fn tokenize(&mut self, text: &str) -> &mut Self {
        self.folded.clear();
        text::fold_into(text, &mut self.folded);
        self.tokens.clear();
        let words: Vec<&str> = text::word_tokens(&self.folded).map(|(word, _)| word).collect();
        // A separate loop lets the processor overlap the cache misses of several lookups.
        self.tokens.extend(
            words
                .into_iter()
                .map(|word| (word.len() <= MAX_TOKEN).then(|| self.dictionary.token(word))),
        );
        self
    }

    /// Adds the stems of the tokenized text to a field.
    pub fn stems(&mut self, field: Field) -> &mut Self {
        self.add_tokens(field, |ids| ids.stem)
    }

    /// Adds the tokens of the tokenized text to a field, not stemmed.
    pub fn words(&mut self, field: Field) -> &mut Self {
        self.add_tokens(field, |ids| ids.exact)
    }

    fn add_tokens(&mut self, field: Field, number: impl Fn(TermIds) -> u32) -> &mut Self {
        let known = self.dictionary.len();
        if let Some(terms) = self.terms.get_mut(field.field_id() as usize) {
            for (position, word) in (terms.next_position..).zip(&self.tokens) {
                if let Some(word) = word {
                    terms.add(&mut self.postings, number(*word), known, self.docs, position);
                }
            }
            // The gap of one position keeps phrases from matching across two texts.
            let words = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
            terms.next_position = terms.next_position.saturating_add(words).saturating_add(1);
        }
        self
    }

    /// Adds a text to a field as one term.
    pub fn term(&mut self, field: Field, term: &str) {
        let number = self.dictionary.term_id(term);
        let known = self.dictionary.len();
        if let Some(terms) = self.terms.get_mut(field.field_id() as usize) {
            terms.add(&mut self.postings, number, known, self.docs, 0);
        }
    }

    /// Adds a value to an indexed numeric field.
    pub fn number(&mut self, field: Field, number: u64) {
        self.numbers.push((field, number, self.docs));
    }

    /// Ends the current document with its fast fields.
    pub fn finish(&mut self, fast_fields: &TantivyDocument) -> tantivy::Result<()> {
        self.fast_fields.add_document(fast_fields)?;
        for (field, terms) in self.schema.fields().map(|(field, _)| field).zip(&mut self.terms) {
            if terms.doc_tokens > 0 {
                self.field_lengths.record(self.docs, field, terms.doc_tokens);
            }
            terms.total_tokens += u64::from(terms.doc_tokens);
            (terms.doc_tokens, terms.next_position) = (0, 0);
        }
        self.docs += 1;
        Ok(())
    }

    /// Writes the files of the segment. The index knows of it only once its writer adds it.
    pub fn write(mut self, index: &Index) -> tantivy::Result<SegmentMeta> {
        let mut segment = index.new_segment();
        self.field_lengths.fill_up_to_max_doc(self.docs);
        let field_lengths = segment.open_write(SegmentComponent::FieldNorms)?;
        self.field_lengths
            .serialize(FieldNormsSerializer::from_write(field_lengths)?, None)?;
        let field_lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut fields = InvertedIndexSerializer::open(&segment)?;
        let ordered = self.sorted_terms();
        self.numbers.sort_unstable();
        for (field, terms) in self.schema.fields().map(|(field, _)| field).zip(&self.terms) {
            let numbers: Vec<_> = self.numbers.iter().filter(|(of, ..)| *of == field).collect();
            if terms.lists.is_empty() && numbers.is_empty() {
                continue;
            }
            let mut serializer =
                fields.new_field(field, terms.total_tokens, field_lengths.get_field(field)?)?;
            self.write_terms(terms, &ordered, &mut serializer)?;
            for (_, number, doc) in numbers {
                serializer.new_term(
                    Term::from_field_u64(field, *number).serialized_value_bytes(),
                    1,
                    false,
                )?;
                serializer.write_doc(*doc, 0, &[]);
                serializer.close_term()?;
            }
            serializer.close()?;
        }
        fields.close()?;

        let mut fast_fields = segment.open_write(SegmentComponent::FastFields)?;
        self.fast_fields.serialize(&mut fast_fields, None)?;
        fast_fields.terminate()?;
        self.write_store(index, &mut segment)?;
        Ok(segment.with_max_doc(self.docs).meta().clone())
    }

    fn write_terms(
        &self,
        terms: &FieldPostings,
        ordered: &[u32],
        serializer: &mut FieldSerializer<'_>,
    ) -> tantivy::Result<()> {
        let found = ordered
            .iter()
            .filter_map(|number| Some((number, terms.lists.get(*number as usize)?)));
        for (number, list) in found.filter(|(_, list)| list.docs > 0) {
            serializer.new_term(
                self.dictionary.text(*number).as_bytes(),
                list.docs,
                terms.has_positions,
            )?;
            self.postings.for_each(list, &mut |doc, deltas| {
                let times = u32::try_from(deltas.len()).unwrap_or(u32::MAX);
                serializer.write_doc(doc, times, deltas);
            });
            serializer.close_term()?;
        }
        Ok(())
    }

    /// The document store is empty, but tantivy counts its documents when it merges segments.
    fn write_store(&self, index: &Index, segment: &mut tantivy::Segment) -> tantivy::Result<()> {
        let settings = index.settings();
        let mut store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        let nothing = TantivyDocument::new();
        for _ in 0..self.docs {
            store.store(&nothing, &self.schema)?;
        }
        Ok(store.close()?)
    }

    /// All term numbers in the order of their texts, as tantivy requires of a term dictionary.
    fn sorted_terms(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..).take(self.dictionary.len()).collect();
        let text = |number: &u32| self.dictionary.text(*number);
        numbers.sort_unstable_by(|one, other| text(one).cmp(text(other)));
        numbers
    }
}

impl FieldPostings {
    fn add(&mut self, postings: &mut PostingArena, number: u32, known: usize, doc: u32, position: u32) {
        if self.lists.len() <= number as usize {
            self.lists.resize_with(known, PostingList::default);
        }
        if let Some(list) = self.lists.get_mut(number as usize) {
            if self.has_positions {
                postings.add_position(list, doc, position);
            } else {
                postings.add_doc(list, doc);
            }
            self.doc_tokens += 1;
        }
    }
}
