//! What is known of the papers that a document may mean: records by identifier and by title.

use std::collections::HashMap;

use crate::catalog::Catalog;
use crate::library::{self, Library};
use crate::model::event::Event;
use crate::model::finding::Verdict;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::{Outcome, deleted_reason};
use crate::model::paper::Paper;
use crate::model::text;
use crate::refs::compare::{self, TitleIndex, TitleMatch};
use crate::refs::document::Claim;

/// Words that a catalog's title must share with a claimed one to be compared with it.
const SHARED_WORDS: usize = 2;

/// The records that references are judged by.
pub struct KnownPapers<'a> {
    catalogs: &'a [Catalog],
    /// Papers of the catalogs by the words of their titles.
    catalog_words: HashMap<String, Vec<&'a Paper>>,
    records: HashMap<ArxivId, Paper>,
    missing: HashMap<ArxivId, (Verdict, String)>,
    names: TitleIndex,
    /// Papers whose title may be this one, from this machine and from arXiv, without their abstracts.
    by_title: HashMap<String, Vec<Paper>>,
    /// Number of records that titles were looked up in; `None` if there is no library.
    pub searched: Option<u64>,
    /// Why a record may be neither here nor at arXiv.
    pub silence: &'static str,
}

impl<'a> KnownPapers<'a> {
    /// The records of these catalogs.
    pub fn new(catalogs: &'a [Catalog]) -> Self {
        let mut names = TitleIndex::default();
        let mut catalog_words: HashMap<String, Vec<&Paper>> = HashMap::new();
        for paper in catalogs.iter().flat_map(|catalog| &catalog.papers) {
            names.add(paper);
            for word in text::words(&paper.title) {
                let papers = catalog_words.entry(word).or_default();
                if !papers.iter().any(|known| std::ptr::eq(*known, paper)) {
                    papers.push(paper);
                }
            }
        }
        Self {
            catalogs,
            catalog_words,
            records: HashMap::new(),
            missing: HashMap::new(),
            names,
            by_title: HashMap::new(),
            searched: None,
            silence: "arXiv did not answer",
        }
    }

    /// Adds what became of an identifier that was looked up.
    pub fn learn(&mut self, id: ArxivId, outcome: Outcome) {
        let (verdict, why) = match outcome {
            Outcome::Found(paper, _) => {
                self.names.add(&paper);
                self.records.insert(id.base(), *paper);
                return;
            }
            Outcome::Failed(Status::NotFound, reason) => (Verdict::NotFound, reason),
            Outcome::Failed(Status::Deleted, reason) => (Verdict::Deleted, reason),
            Outcome::Failed(Status::Malformed, reason) => (Verdict::Malformed, reason),
            // A catalog's record is better than an answer that cannot be read.
            Outcome::Failed(..) if self.record(id).is_some() => return,
            Outcome::Failed(_, reason) => (Verdict::Undecided, reason),
            Outcome::Downloaded(_)
            | Outcome::AlreadyDownloaded(_)
            | Outcome::Done { .. }
            | Outcome::Skipped(_) => return,
        };
        self.missing.insert(id.base(), (verdict, why));
    }

    /// Looks the claimed titles up among all records of the library and the mirror.
    ///
    /// Only papers that may be meant are kept, without their abstracts, so that memory grows with the document and not
    /// with the library.
    pub fn look_up_titles<'c>(
        &mut self,
        library: &Library,
        claims: impl Iterator<Item = &'c Claim>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<(), library::Error> {
        let titles = library.titles(observe)?;
        self.searched = Some(titles.len());
        for claim in claims.filter(|claim| claim.certain) {
            let Some(title) = &claim.title else { continue };
            if !self.by_title.contains_key(title) {
                self.learn_title(title, titles.candidates(title)?);
            }
        }
        Ok(())
    }

    /// Adds papers that a search for this title found.
    pub fn learn_title(&mut self, title: &str, papers: Vec<Paper>) {
        let papers = papers.into_iter().filter(|paper| compare::may_be(title, paper));
        let known = self.by_title.entry(title.to_owned()).or_default();
        for mut paper in papers {
            paper.abstract_ = None;
            if !known.iter().any(|other| other.id.base() == paper.id.base()) {
                known.push(paper);
            }
        }
    }

    /// Returns the paper that a claim means by its title, authors and year, without its identifier.
    pub fn match_title(&self, claim: &Claim) -> TitleMatch<'_> {
        let Some(title) = &claim.title else {
            return TitleMatch::NotFound;
        };
        let found = self.by_title.get(title).into_iter().flatten();
        let named = self.names.find(claim, false).and_then(|id| self.record(id));
        compare::match_title(claim, found.chain(self.catalog_papers(title)).chain(named))
    }

    /// Papers of the catalogs whose titles share words with this one.
    fn catalog_papers(&self, title: &str) -> Vec<&Paper> {
        let mut shared: Vec<(&Paper, usize)> = Vec::new();
        for word in text::words(title) {
            for paper in self.catalog_words.get(&word).into_iter().flatten() {
                match shared.iter_mut().find(|(known, _)| std::ptr::eq(*known, *paper)) {
                    Some((_, count)) => *count += 1,
                    None => shared.push((paper, 1)),
                }
            }
        }
        shared
            .into_iter()
            .filter_map(|(paper, count)| (count >= SHARED_WORDS).then_some(paper))
            .collect()
    }

    /// The paper of this name, if exactly one record has it.
    pub fn named(&self, claim: &Claim, telling: bool) -> Option<&Paper> {
        self.names.find(claim, telling).and_then(|id| self.record(id))
    }

    /// The only paper whose whole title occurs within the claimed one.
    pub fn named_within(&self, claim: &Claim) -> Option<&Paper> {
        self.names.find_within(claim).and_then(|id| self.record(id))
    }

    /// The record that was looked up, else a catalog's.
    pub fn record(&self, id: ArxivId) -> Option<&Paper> {
        let looked_up = self.records.get(&id.base());
        looked_up.or_else(|| self.catalogs.iter().find_map(|catalog| catalog.get(id)))
    }

    /// Why there is no record, if that is known.
    pub fn missing(&self, id: ArxivId) -> Option<(Verdict, String)> {
        let deleted = id
            .deleted()
            .map(|reason| (Verdict::Deleted, deleted_reason(reason)));
        deleted.or_else(|| self.missing.get(&id.base()).cloned())
    }
}
