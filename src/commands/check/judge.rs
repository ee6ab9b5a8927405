//! One reference held against what is known: its verdict, and what to say.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::document::Document;
use super::facts::{self, Fact};
use crate::catalog::Catalog;
use crate::model::finding::{Finding, Verdict};
use crate::model::id::{ArxivId, Malformed};
use crate::model::ledger::Status;
use crate::model::outcome::{Outcome, deleted_reason};
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text;
use crate::refs::compare::{self, Agreement, Names};
use crate::refs::document::{Claim, Reference};

/// A title is shown up to so many columns.
const SHOWN: usize = 120;

/// What is known of the papers that are cited, and of others.
pub struct Known<'a> {
    catalogs: &'a [Catalog],
    records: HashMap<ArxivId, Paper>,
    missing: HashMap<ArxivId, (Verdict, String)>,
    names: Names,
    /// Why arXiv was not asked for all that is not here.
    pub silence: &'static str,
}

impl<'a> Known<'a> {
    /// What the catalogs know.
    pub fn new(catalogs: &'a [Catalog]) -> Self {
        let mut names = Names::default();
        for paper in catalogs.iter().flat_map(|catalog| &catalog.papers) {
            names.add(paper);
        }
        Self {
            catalogs,
            records: HashMap::new(),
            missing: HashMap::new(),
            names,
            silence: "arXiv did not answer",
        }
    }

    /// Takes arXiv's answer.
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

    /// The paper of this name, where exactly one is known by it.
    pub fn named(&self, claim: &Claim) -> Option<&Paper> {
        self.names.find(claim, false).and_then(|id| self.record(id))
    }

    /// arXiv's record, else a catalog's.
    fn record(&self, id: ArxivId) -> Option<&Paper> {
        let fetched = self.records.get(&id.base());
        fetched.or_else(|| self.catalogs.iter().find_map(|catalog| catalog.get(id)))
    }

    /// Why there is no record, where that is known.
    fn missing(&self, id: ArxivId) -> Option<(Verdict, String)> {
        let deleted = id
            .deleted()
            .map(|reason| (Verdict::Deleted, deleted_reason(reason)));
        deleted.or_else(|| self.missing.get(&id.base()).cloned())
    }
}

/// The finding on a reference; none where it carries no identifier.
pub fn judge(document: &Document, reference: &Reference, known: &Known<'_>) -> Option<Finding> {
    let case = Case {
        document,
        reference,
        known,
    };
    Some(match reference.id.as_ref()? {
        Err(malformed) => case.malformed(malformed),
        Ok(id) => match (known.missing(*id), known.record(*id)) {
            (Some((verdict, why)), _) => case.missing(*id, verdict, &why),
            (None, None) => case.unknown(*id),
            (None, Some(record)) => case.held_against(*id, record),
        },
    })
}

/// A reference without an identifier, whose title this paper bears.
pub fn found(document: &Document, reference: &Reference, paper: &Paper) -> Finding {
    let message = format!("{} is on arXiv as {}", quoted(&paper.title), paper.id);
    Finding {
        proposal: Some(paper.id),
        recorded: recorded(paper, &reference.claim),
        ..finding(document, reference, Verdict::Discovered, message)
    }
}

fn finding(document: &Document, reference: &Reference, verdict: Verdict, message: String) -> Finding {
    Finding {
        place: Some(document.place(reference)),
        id: reference.id.as_ref().and_then(|id| id.as_ref().ok()).copied(),
        short_name: None,
        verdict,
        key: None,
        claimed: claimed(&reference.claim),
        recorded: Value::Null,
        unsure: false,
        proposal: None,
        message,
    }
}

struct Case<'a> {
    document: &'a Document,
    reference: &'a Reference,
    known: &'a Known<'a>,
}

impl Case<'_> {
    fn claim(&self) -> &Claim {
        &self.reference.claim
    }

    fn finding(&self, verdict: Verdict, message: String) -> Finding {
        finding(self.document, self.reference, verdict, message)
    }

    fn malformed(&self, malformed: &Malformed) -> Finding {
        let written = self.document.place(self.reference).text;
        let message = format!("{} is not an arXiv identifier: {malformed}", quoted(&written));
        let meant = self.meant(false);
        let hint = malformed
            .hint
            .as_deref()
            .and_then(|hint| ArxivId::parse(hint).ok());
        match (meant, hint) {
            (Some(paper), _) => self.proposing(Verdict::Malformed, &message, paper),
            (None, Some(hint)) => Finding {
                proposal: Some(hint),
                ..self.finding(Verdict::Malformed, format!("{message}; did you mean {hint}?"))
            },
            (None, None) => self.finding(Verdict::Malformed, message),
        }
    }

    fn missing(&self, id: ArxivId, verdict: Verdict, why: &str) -> Finding {
        let message = format!("{id}: {why}");
        match self.meant(false) {
            Some(paper) if paper.id != id.base() => self.proposing(verdict, &message, paper),
            _ => self.finding(verdict, message),
        }
    }

    /// Its record is not at hand; only a name that hardly another paper could bear decides.
    fn unknown(&self, id: ArxivId) -> Finding {
        if let Some(paper) = self.meant(true) {
            let message = format!("{id} is not {}", self.claimed_title());
            return self.proposing(Verdict::WrongPaper, &message, paper);
        }
        self.finding(Verdict::Undecided, format!("{id}: {}", self.known.silence))
    }

    fn held_against(&self, id: ArxivId, record: &Paper) -> Finding {
        let agreement = compare::compare(self.claim(), record);
        if let Some(wrong) = self.wrong_paper(id, record, &agreement) {
            return about(record, self.claim(), wrong);
        }
        let mut facts = self.facts(id, record, agreement);
        facts.sort_by_key(Fact::severity);
        let sentences: Vec<&str> = facts.iter().map(|fact| fact.sentence.as_str()).collect();
        let finding = match facts.first() {
            Some(fact) => Finding {
                key: fact.key,
                ..self.finding(fact.verdict, format!("{id}: {}", sentences.join("; ")))
            },
            None => self.finding(Verdict::Ok, format!("{id} is {}", quoted(&record.title))),
        };
        about(record, self.claim(), finding)
    }

    fn wrong_paper(&self, id: ArxivId, record: &Paper, agreement: &Agreement) -> Option<Finding> {
        let is_other = *agreement == Agreement::Other;
        let meant = self.meant(false).or_else(|| {
            let within = is_other.then(|| self.known.names.find_within(self.claim()))?;
            self.known.record(within?)
        });
        let meant = meant.filter(|paper| paper.id != id.base());
        let message = || format!("{id} is {}, not {}", quoted(&record.title), self.claimed_title());
        match meant {
            Some(paper) if !compare::names(self.claim(), record) => {
                Some(self.proposing(Verdict::WrongPaper, &message(), paper))
            }
            _ => is_other.then(|| self.finding(Verdict::WrongPaper, message())),
        }
    }

    /// Everything there is to say of the paper that is meant.
    fn facts(&self, id: ArxivId, record: &Paper, agreement: Agreement) -> Vec<Fact> {
        let said = match agreement {
            Agreement::Off(sentences) => Some((Verdict::Differs, sentences.join("; "))),
            Agreement::Unclaimed => Some((Verdict::Unclaimed, self.unclaimed(record))),
            Agreement::Other | Agreement::Loose | Agreement::Same => None,
        };
        let said = said.map(|(verdict, sentence)| Fact {
            verdict,
            key: None,
            sentence,
        });
        let entry = self.document.around(self.reference);
        let mut facts: Vec<Fact> = said.into_iter().chain(facts::of(id, record, entry)).collect();
        if facts.len() > 1 {
            facts.retain(|fact| fact.verdict != Verdict::Unclaimed);
        }
        facts
    }

    fn unclaimed(&self, record: &Paper) -> String {
        let is = format!("it is {}", quoted(&record.title));
        match self.claim().title {
            Some(_) => format!("{} cannot be held against it; {is}", self.claimed_title()),
            None => format!("nothing is said of it; {is}"),
        }
    }

    /// The one known paper that is surely called as claimed.
    fn meant(&self, telling: bool) -> Option<&Paper> {
        let claim = Some(self.claim()).filter(|claim| claim.certain)?;
        let id = self.known.names.find(claim, telling)?;
        self.known.record(id)
    }

    fn proposing(&self, verdict: Verdict, message: &str, paper: &Paper) -> Finding {
        let message = format!("{message}; that is {} ({})", paper.id, quoted(&paper.title));
        Finding {
            proposal: Some(paper.id),
            short_name: paper.short_name().map(str::to_owned),
            ..self.finding(verdict, message)
        }
    }

    fn claimed_title(&self) -> String {
        quoted(self.claim().title.as_deref().unwrap_or_default())
    }
}

fn about(record: &Paper, claim: &Claim, finding: Finding) -> Finding {
    Finding {
        recorded: recorded(record, claim),
        short_name: finding
            .short_name
            .or_else(|| record.short_name().map(str::to_owned)),
        ..finding
    }
}

fn claimed(claim: &Claim) -> Value {
    if *claim == Claim::default() {
        return Value::Null;
    }
    json!({ "title": claim.title, "authors": claim.authors, "year": claim.year })
}

fn recorded(record: &Paper, claim: &Claim) -> Value {
    let names = record.authors.iter().map(|author| author.name.as_str());
    let authors: Vec<&str> = names.filter(|_| !claim.authors.is_empty()).collect();
    json!({ "title": record.title, "authors": authors, "published": record.published, "version": record.version })
}

/// A text as a person reads it, in quotes.
pub fn quoted(title: &str) -> String {
    let readable = text::fold_whitespace(&to_plain_text(title));
    format!("\"{}\"", text::truncate(&readable, SHOWN))
}
