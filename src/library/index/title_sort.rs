//! The first papers by title, found by the beginnings of the titles in the index.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::model::text;

/// The first 16 bytes of a folded title as two numbers of the same order. Few titles share more than that, so the exact
/// order needs the titles of few papers more than are shown.
pub fn title_prefix(title: &str) -> (u64, u64) {
    let folded = text::fold(title);
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(folded.bytes()) {
        *place = byte;
    }
    let prefix = u128::from_be_bytes(bytes);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are taken")]
    let halves = ((prefix >> 64) as u64, prefix as u64);
    halves
}

/// Collects the papers that may be among the first `limit` by title, as keys, and counts all matches.
pub struct TitleCollector {
    pub limit: usize,
    pub reverse: bool,
}

/// A title's prefix, inverted if the order is reversed, and the key of its paper.
type Candidate = ((u64, u64), u64);

pub struct TitleSegmentCollector {
    limit: usize,
    reverse: bool,
    prefixes: [Column<u64>; 2],
    keys: Column<u64>,
    matched: usize,
    candidates: Vec<Candidate>,
    /// No candidate beyond this prefix is among the first any more.
    last: Option<(u64, u64)>,
}

impl Collector for TitleCollector {
    type Fruit = (usize, Vec<i64>);
    type Child = TitleSegmentCollector;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let columns = segment.fast_fields();
        Ok(TitleSegmentCollector {
            limit: self.limit,
            reverse: self.reverse,
            prefixes: [columns.u64("title_prefix")?, columns.u64("title_rest")?],
            keys: columns.u64("key")?,
            matched: 0,
            candidates: Vec::new(),
            last: None,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<(usize, Vec<Candidate>)>) -> tantivy::Result<Self::Fruit> {
        let matched = segments.iter().map(|(matched, _)| matched).sum();
        let mut candidates: Vec<Candidate> = segments.into_iter().flat_map(|(_, found)| found).collect();
        keep_first(&mut candidates, self.limit);
        let keys = candidates
            .into_iter()
            .filter_map(|(_, key)| i64::try_from(key).ok());
        Ok((matched, keys.collect()))
    }
}

impl SegmentCollector for TitleSegmentCollector {
    type Fruit = (usize, Vec<Candidate>);

    fn collect(&mut self, doc: DocId, _: Score) {
        self.matched += 1;
        let [first, rest] = &self.prefixes;
        let (Some(first), Some(rest), Some(key)) = (first.first(doc), rest.first(doc), self.keys.first(doc))
        else {
            return;
        };
        let prefix = if self.reverse {
            (!first, !rest)
        } else {
            (first, rest)
        };
        if self.last.is_some_and(|last| prefix > last) {
            return;
        }
        self.candidates.push((prefix, key));
        // Sorting out only now and then makes the cost per document constant.
        if self.candidates.len() >= 4 * self.limit + 4096 {
            self.last = keep_first(&mut self.candidates, self.limit);
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        keep_first(&mut self.candidates, self.limit);
        (self.matched, self.candidates)
    }
}

/// Keeps the first candidates and all that share the prefix of the last of them. Returns that prefix.
fn keep_first(candidates: &mut Vec<Candidate>, limit: usize) -> Option<(u64, u64)> {
    if candidates.len() <= limit || limit == 0 {
        return None;
    }
    let (_, (last, _), _) = candidates.select_nth_unstable(limit - 1);
    let last = *last;
    candidates.retain(|(prefix, _)| *prefix <= last);
    Some(last)
}
