//! A union of many terms, scored term by term.
//!
//! tantivy finds the best documents of a union by skipping, which compares the positions of all posting lists at each
//! step: with 200 words that took seconds. Adding the scores of one posting list after another into an array costs one
//! step per posting, however many lists there are.

use tantivy::postings::Postings as _;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// From this number of terms on this union is faster than tantivy's.
pub const MANY_TERMS: usize = 16;

/// Documents that contain at least one of these terms of one field.
#[derive(Clone, Debug)]
pub struct TermUnionQuery(pub Vec<Term>);

impl Query for TermUnionQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = self.0.iter().map(|term| {
            let bm25 = match scoring {
                EnableScoring::Enabled {
                    statistics_provider, ..
                } => Some(Bm25Weight::for_terms(
                    statistics_provider,
                    std::slice::from_ref(term),
                )?),
                EnableScoring::Disabled { .. } => None,
            };
            Ok((term.clone(), bm25))
        });
        Ok(Box::new(TermUnionWeight(
            weights.collect::<tantivy::Result<_>>()?,
        )))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().for_each(|term| visitor(term, false));
    }
}

struct TermUnionWeight(Vec<(Term, Option<Bm25Weight>)>);

impl Weight for TermUnionWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scores: Vec<Score> = vec![0.0; reader.max_doc() as usize];
        let mut matches = vec![false; reader.max_doc() as usize];
        for (term, bm25) in &self.0 {
            let inverted = reader.inverted_index(term.field())?;
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::WithFreqs)? else {
                continue;
            };
            let lengths = reader.get_fieldnorms_reader(term.field())?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                matches[doc as usize] = true;
                if let Some(bm25) = bm25 {
                    scores[doc as usize] += bm25.score(lengths.fieldnorm_id(doc), postings.term_freq());
                }
                postings.advance();
            }
        }
        let docs: Vec<DocId> = (0..reader.max_doc())
            .filter(|doc| matches[*doc as usize])
            .collect();
        Ok(Box::new(TermUnionScorer {
            docs,
            at: 0,
            scores,
            boost,
        }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            let reason = format!("document #{doc} does not match");
            return Err(TantivyError::InvalidArgument(reason));
        }
        Ok(Explanation::new("sum of the terms' scores", scorer.score()))
    }
}

struct TermUnionScorer {
    /// Matching documents in ascending order.
    docs: Vec<DocId>,
    at: usize,
    /// By document.
    scores: Vec<Score>,
    boost: Score,
}

impl DocSet for TermUnionScorer {
    fn advance(&mut self) -> DocId {
        self.at = self.docs.len().min(self.at + 1);
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.docs[self.at..].partition_point(|doc| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for TermUnionScorer {
    fn score(&mut self) -> Score {
        self.scores[self.docs[self.at] as usize] * self.boost
    }
}
