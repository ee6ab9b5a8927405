//! A segment of the index in the making: papers are gathered in memory, then written as tantivy reads them.
//!
//! tantivy can take texts apart itself. It then looks every word of every field up in one table of all of them, which
//! waits for memory at each word and took twice as long as this does: here a text is taken apart once, whatever fields
//! it belongs to, and a word's number leads straight to where it stands.

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Index, SegmentMeta, TantivyDocument, Term};

use super::postings::{List, Postings};
use super::term_dictionary::{Vocabulary, Word};
use crate::model::text;

/// Longer words are no words.
const LONGEST: usize = 200;

/// The fields of papers, gathered.
pub struct Draft {
    schema: Schema,
    vocabulary: Vocabulary,
    postings: Postings,
    /// By the field's number.
    terms: Vec<Terms>,
    /// Of which field, which number, of which paper.
    numbers: Vec<(Field, u64, u32)>,
    lengths: FieldNormsWriter,
    columns: FastFieldsWriter,
    papers: u32,
    /// The words of the text that was read last, and room for its folded form.
    read: Vec<Option<Word>>,
    folded: String,
}

/// The words of one field.
#[derive(Default)]
struct Terms {
    /// By the word's number; those of later words may be missing.
    lists: Vec<List>,
    /// Whether it is known where in a paper they stand.
    placed: bool,
    /// Words of all papers, and of the one at hand.
    all: u64,
    here: u32,
    /// Where the next text of the paper at hand begins.
    begin: u32,
}

impl Draft {
    /// An empty one for this index.
    pub fn new(schema: Schema) -> tantivy::Result<Self> {
        let terms = schema.fields().map(|(_, entry)| Terms {
            placed: entry.field_type().index_record_option()
                == Some(IndexRecordOption::WithFreqsAndPositions),
            ..Terms::default()
        });
        Ok(Self {
            terms: terms.collect(),
            vocabulary: Vocabulary::default(),
            postings: Postings::default(),
            numbers: Vec::new(),
            lengths: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, TokenizerManager::new())?,
            papers: 0,
            read: Vec::new(),
            folded: String::new(),
            schema,
        })
    }

    /// How many papers it has.
    pub fn papers(&self) -> u32 {
        self.papers
    }

    /// Bytes of memory, about.
    pub fn size(&self) -> usize {
        let lists: usize = self.terms.iter().map(|terms| terms.lists.capacity()).sum();
        lists * size_of::<List>()
            + self.numbers.capacity() * size_of::<(Field, u64, u32)>()
            + self.vocabulary.size()
            + self.postings.size()
            + self.lengths.mem_usage()
            + self.columns.mem_usage()
    }

    /// Takes a text apart, for the fields that it goes into next.
    pub fn read(&mut self, given: &str) -> &mut Self {
        self.folded.clear();
        text::fold_into(given, &mut self.folded);
        self.read.clear();
        let words: Vec<&str> = text::word_tokens(&self.folded).map(|(word, _)| word).collect();
        // In a loop of its own, where the processor can wait for several words at once.
        self.read.extend(
            words
                .into_iter()
                .map(|word| (word.len() <= LONGEST).then(|| self.vocabulary.word(word))),
        );
        self
    }

    /// Puts the stems of the text that was read into a field.
    pub fn stems(&mut self, field: Field) -> &mut Self {
        self.put(field, |word| word.stem)
    }

    /// Puts the words of the text that was read into a field, as they are.
    pub fn words(&mut self, field: Field) -> &mut Self {
        self.put(field, |word| word.itself)
    }

    fn put(&mut self, field: Field, number: impl Fn(Word) -> u32) -> &mut Self {
        let known = self.vocabulary.len();
        if let Some(terms) = self.terms.get_mut(field.field_id() as usize) {
            for (place, word) in (terms.begin..).zip(&self.read) {
                if let Some(word) = word {
                    terms.add(&mut self.postings, number(*word), known, self.papers, place);
                }
            }
            // Nothing follows the last word of a text.
            let words = u32::try_from(self.read.len()).unwrap_or(u32::MAX);
            terms.begin = terms.begin.saturating_add(words).saturating_add(1);
        }
        self
    }

    /// Puts a text into a field as one word.
    pub fn fact(&mut self, field: Field, fact: &str) {
        let number = self.vocabulary.number(fact);
        let known = self.vocabulary.len();
        if let Some(terms) = self.terms.get_mut(field.field_id() as usize) {
            terms.add(&mut self.postings, number, known, self.papers, 0);
        }
    }

    /// Puts a number into a field that is searched.
    pub fn number(&mut self, field: Field, number: u64) {
        self.numbers.push((field, number, self.papers));
    }

    /// Ends the paper at hand, with the fields of which each is at hand when papers are put in order.
    pub fn finish(&mut self, columns: &TantivyDocument) -> tantivy::Result<()> {
        self.columns.add_document(columns)?;
        for (field, terms) in self.schema.fields().map(|(field, _)| field).zip(&mut self.terms) {
            if terms.here > 0 {
                self.lengths.record(self.papers, field, terms.here);
            }
            terms.all += u64::from(terms.here);
            (terms.here, terms.begin) = (0, 0);
        }
        self.papers += 1;
        Ok(())
    }

    /// Writes the files of the segment; the index does not know of it yet.
    pub fn write(mut self, index: &Index) -> tantivy::Result<SegmentMeta> {
        let mut segment = index.new_segment();
        self.lengths.fill_up_to_max_doc(self.papers);
        let lengths = segment.open_write(SegmentComponent::FieldNorms)?;
        self.lengths
            .serialize(FieldNormsSerializer::from_write(lengths)?, None)?;
        let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut fields = InvertedIndexSerializer::open(&segment)?;
        let ordered = self.in_order();
        self.numbers.sort_unstable();
        for (field, terms) in self.schema.fields().map(|(field, _)| field).zip(&self.terms) {
            let numbers: Vec<_> = self.numbers.iter().filter(|(of, ..)| *of == field).collect();
            if terms.lists.is_empty() && numbers.is_empty() {
                continue;
            }
            let mut serializer = fields.new_field(field, terms.all, lengths.get_field(field)?)?;
            self.write_terms(terms, &ordered, &mut serializer)?;
            for (_, number, paper) in numbers {
                serializer.new_term(
                    Term::from_field_u64(field, *number).serialized_value_bytes(),
                    1,
                    false,
                )?;
                serializer.write_doc(*paper, 0, &[]);
                serializer.close_term()?;
            }
            serializer.close()?;
        }
        fields.close()?;

        let mut columns = segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        columns.terminate()?;
        self.write_store(index, &mut segment)?;
        Ok(segment.with_max_doc(self.papers).meta().clone())
    }

    fn write_terms(
        &self,
        terms: &Terms,
        ordered: &[u32],
        serializer: &mut FieldSerializer<'_>,
    ) -> tantivy::Result<()> {
        let found = ordered
            .iter()
            .filter_map(|number| Some((number, terms.lists.get(*number as usize)?)));
        for (number, list) in found.filter(|(_, list)| list.papers > 0) {
            serializer.new_term(
                self.vocabulary.text(*number).as_bytes(),
                list.papers,
                terms.placed,
            )?;
            self.postings.each(list, &mut |paper, distances| {
                let times = u32::try_from(distances.len()).unwrap_or(u32::MAX);
                serializer.write_doc(paper, times, distances);
            });
            serializer.close_term()?;
        }
        Ok(())
    }

    /// Nothing is kept of a paper as it is, but tantivy wants to count them when it merges segments.
    fn write_store(&self, index: &Index, segment: &mut tantivy::Segment) -> tantivy::Result<()> {
        let settings = index.settings();
        let mut store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        let nothing = TantivyDocument::new();
        for _ in 0..self.papers {
            store.store(&nothing, &self.schema)?;
        }
        Ok(store.close()?)
    }

    /// The numbers of all words in the order of their texts.
    fn in_order(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..).take(self.vocabulary.len()).collect();
        let text = |number: &u32| self.vocabulary.text(*number);
        numbers.sort_unstable_by(|one, other| text(one).cmp(text(other)));
        numbers
    }
}

impl Terms {
    fn add(&mut self, postings: &mut Postings, number: u32, known: usize, paper: u32, place: u32) {
        if self.lists.len() <= number as usize {
            self.lists.resize_with(known, List::default);
        }
        if let Some(list) = self.lists.get_mut(number as usize) {
            if self.placed {
                postings.stands_at(list, paper, place);
            } else {
                postings.stands_in(list, paper);
            }
            self.here += 1;
        }
    }
}
