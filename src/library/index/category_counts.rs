//! Counts papers by category from the posting lists of the category fields.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};

use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Index, ReloadPolicy, TERMINATED};

use super::query::CompiledQuery;
use super::schema::Fields;
use crate::library::counts::PaperCounts;
use crate::library::{Error, Library, Scope};
use crate::model::selection::Selection;

impl Library {
    /// Counts papers by category. Returns `None` if the index is not up to date or cannot be read.
    pub(in crate::library) fn count_by_category(
        &self,
        primary: bool,
        scope: Scope,
        selection: &Selection,
    ) -> Result<Option<PaperCounts>, Error> {
        let Some(index) = self.current_index()? else {
            return Ok(None);
        };
        let fields = Fields::new().1;
        let field = if primary { fields.primary } else { fields.category };
        let query = CompiledQuery::new(&fields, scope, None, selection);
        let counted = panic::catch_unwind(AssertUnwindSafe(|| {
            let mut counts = count(&index, &*query.matching(), field)?;
            for (key, lacking) in query.undecided(&fields) {
                if key == "published" {
                    counts.without_date = count(&index, &*lacking, field)?.papers;
                }
            }
            Ok::<_, tantivy::TantivyError>(counts)
        }));
        Ok(counted.ok().and_then(Result::ok))
    }
}

fn count(index: &Index, query: &dyn Query, field: Field) -> tantivy::Result<PaperCounts> {
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let searcher = reader.searcher();
    let weight = query.weight(EnableScoring::disabled_from_searcher(&searcher))?;
    let mut counts = PaperCounts::default();
    let mut by_term: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let mut is_counted = vec![false; segment.max_doc() as usize];
        let mut has_term = vec![false; segment.max_doc() as usize];
        let mut matches = weight.scorer(segment, 1.0)?;
        while matches.doc() != TERMINATED {
            let doc = matches.doc();
            is_counted[doc as usize] = segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc));
            matches.advance();
        }
        counts.papers += is_counted.iter().filter(|counted| **counted).count() as u64;
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let mut papers = 0;
            while postings.doc() != TERMINATED {
                let doc = postings.doc() as usize;
                papers += u64::from(is_counted[doc]);
                has_term[doc] = true;
                postings.advance();
            }
            if papers > 0 {
                *by_term
                    .entry(String::from_utf8_lossy(term).into_owned())
                    .or_default() += papers;
            }
        }
        let without = is_counted
            .iter()
            .zip(&has_term)
            .filter(|(counted, has)| **counted && !**has);
        let without = without.count() as u64;
        if without > 0 {
            *counts.by_key.entry(None).or_default() += without;
        }
    }
    let spelled = by_term
        .into_iter()
        .map(|(term, papers)| (Some(spelling(&term)), papers));
    counts.by_key.extend(spelled);
    Ok(counts)
}

/// arXiv's spelling of a category that the index has in lower case: a subject class of two letters is in upper case
/// (`cs.CL`), longer ones are not (`physics.optics`), nor are archives.
fn spelling(term: &str) -> String {
    match term.split_once('.') {
        Some((archive, class)) if class.len() == 2 => format!("{archive}.{}", class.to_ascii_uppercase()),
        _ => term.to_owned(),
    }
}
