//! Judges one reference: compares it with the record and returns the finding.

use serde_json::{Value, json};

use super::document::SourceDocument;
use super::facts::{self, Fact};
use super::known::KnownPapers;
use super::quoted;
use crate::model::finding::{Finding, Verdict};
use crate::model::id::{ArxivId, Malformed};
use crate::model::paper::Paper;
use crate::model::quantity::counted;
use crate::refs::compare::{self, Agreement, BlockMatch, TitleMatch};
use crate::refs::document::{Claim, Reference};

/// Returns the finding on a reference by its identifier; `None` if it has none.
pub fn judge(document: &SourceDocument, reference: &Reference, known: &KnownPapers<'_>) -> Option<Finding> {
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
            (None, Some(record)) => case.compare(*id, record),
        },
    })
}

/// The finding on a reference without an identifier, by its title, authors and year.
pub fn judge_by_title(
    document: &SourceDocument,
    reference: &Reference,
    known: &KnownPapers<'_>,
    unanswered: Option<&Unanswered>,
) -> Finding {
    let case = Case {
        document,
        reference,
        known,
    };
    let claim = case.claim();
    match known.match_title(claim) {
        TitleMatch::Found(paper) => case.found(paper),
        TitleMatch::Differs(paper, faults) => case.described_wrongly(paper, &faults),
        TitleMatch::NotFound if claim.title.is_none() => {
            case.finding(Verdict::Unclaimed, "it has no title to look it up by".to_owned())
        }
        TitleMatch::NotFound => case.not_found_here(unanswered),
    }
}

/// The finding on an entry that cannot be parsed.
pub fn unreadable(document: &SourceDocument, reference: &Reference, reason: &str) -> Finding {
    let message = format!("this entry cannot be read: {reason}");
    finding(document, reference, Verdict::Unreadable, message)
}

/// The finding, unless the claimed year is still to come: then nothing else is worth saying. Papers accepted for next
/// year are cited with that year.
pub fn in_future(
    document: &SourceDocument,
    reference: &Reference,
    judged: Option<Finding>,
    this_year: i32,
) -> Option<Finding> {
    let claim = &reference.claim;
    let year = claim.year.filter(|year| claim.certain && *year > this_year + 1);
    let worse = judged.as_ref().is_some_and(|finding| finding.verdict.is_fault());
    match year {
        Some(year) if !worse => Some(Finding {
            key: Some("published"),
            ..finding(
                document,
                reference,
                Verdict::Differs,
                format!("the year {year} is still to come"),
            )
        }),
        _ => judged,
    }
}

/// Why there is no paper from arXiv for a title, with `--all`.
pub enum Unanswered {
    /// arXiv's search found no paper of this title.
    NoSuchTitle,
    /// arXiv could not be searched, for this reason.
    NotAsked(&'static str),
}

fn finding(document: &SourceDocument, reference: &Reference, verdict: Verdict, message: String) -> Finding {
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
    document: &'a SourceDocument,
    reference: &'a Reference,
    known: &'a KnownPapers<'a>,
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
        let meant = self.meant();
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
        match self.meant() {
            Some(paper) if paper.id != id.base() => self.proposing(verdict, &message, paper),
            _ => self.finding(verdict, message),
        }
    }

    /// The record is not on this machine, so that only a name that hardly another paper could have is proof against the
    /// number. The title, authors and year are compared with the paper that they mean here.
    fn unknown(&self, id: ArxivId) -> Finding {
        let certain = Some(self.claim()).filter(|claim| claim.certain);
        if let Some(paper) = certain.and_then(|claim| self.known.named(claim, true)) {
            let message = format!("{id} is not {}", self.claimed_title());
            return self.proposing(Verdict::WrongPaper, &message, paper);
        }
        let message = format!("{id}: {}", self.known.silence);
        match self.known.match_title(self.claim()) {
            TitleMatch::Differs(paper, faults) => self.described_wrongly(paper, &faults),
            TitleMatch::Found(paper) if paper.id.base() != id.base() => {
                let message = format!(
                    "{message}; its title and authors are those of {}",
                    paper.id.base()
                );
                about(paper, self.claim(), self.finding(Verdict::Undecided, message))
            }
            _ => self.finding(Verdict::Undecided, message),
        }
    }

    fn found(&self, paper: &Paper) -> Finding {
        let message = format!("{} is on arXiv as {}", quoted(&paper.title), paper.id.base());
        let withdrawn = facts::of(paper.id.base(), paper, self.document.around(self.reference))
            .find(|fact| fact.verdict == Verdict::Withdrawn);
        let (verdict, message) = match withdrawn {
            Some(fact) => (Verdict::Withdrawn, format!("{message}; {}", fact.sentence)),
            None => (Verdict::Found, message),
        };
        let finding = self.finding(verdict, message);
        about(
            paper,
            self.claim(),
            Finding {
                proposal: Some(paper.id.base()),
                ..finding
            },
        )
    }

    fn described_wrongly(&self, paper: &Paper, faults: &[String]) -> Finding {
        let message = format!(
            "this is {} ({}); {}",
            paper.id.base(),
            quoted(&paper.title),
            faults.join("; ")
        );
        let finding = self.finding(Verdict::Differs, message);
        about(
            paper,
            self.claim(),
            Finding {
                proposal: Some(paper.id.base()),
                ..finding
            },
        )
    }

    fn not_found_here(&self, unanswered: Option<&Unanswered>) -> Finding {
        let title = self.claimed_title();
        let here = match self.known.searched {
            Some(records) => format!("none of the {} on this machine", counted(records, "record")),
            None => "no paper of the catalog".to_owned(),
        };
        match unanswered {
            None => self.finding(Verdict::NotFoundHere, format!("{here} has the title {title}")),
            Some(Unanswered::NoSuchTitle) => self.finding(
                Verdict::NotFoundHere,
                format!("{here} and no paper that arXiv's search returns has the title {title}"),
            ),
            Some(Unanswered::NotAsked(why)) => self.finding(
                Verdict::Undecided,
                format!("{here} has the title {title}, and {why}"),
            ),
        }
    }

    fn compare(&self, id: ArxivId, record: &Paper) -> Finding {
        let agreement = self.agreement(record);
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

    /// How the claim agrees with a record. Where nothing says which words are the title, the block around the identifier
    /// decides: it has the record in it, or it describes another paper. A title that was guessed is no proof against a
    /// block that has the record.
    fn agreement(&self, record: &Paper) -> Agreement {
        let agreement = compare::compare(self.claim(), record);
        if !matches!(agreement, Agreement::Unclaimed | Agreement::Other) {
            return agreement;
        }
        let Some(block) = self.document.surroundings(self.reference) else {
            return agreement;
        };
        match compare::match_block(&block.text, record) {
            BlockMatch::Contains if agreement == Agreement::Unclaimed || !self.claim().is_labelled => {
                Agreement::Same
            }
            BlockMatch::Stranger if agreement == Agreement::Unclaimed && block.is_entry => Agreement::Other,
            _ => agreement,
        }
    }

    fn wrong_paper(&self, id: ArxivId, record: &Paper, agreement: &Agreement) -> Option<Finding> {
        let is_other = *agreement == Agreement::Other;
        let meant = self
            .meant()
            .or_else(|| is_other.then(|| self.known.named_within(self.claim()))?);
        let meant = meant.filter(|paper| paper.id != id.base());
        let is = format!("{id} is {}", quoted(&record.title));
        // Words that were only guessed to be the title would mislead in a message.
        let message = || {
            if self.claim().certain {
                format!("{is}, not {}", self.claimed_title())
            } else {
                format!("{is}; neither that title nor its authors are named here")
            }
        };
        match meant {
            Some(paper) if !compare::names(self.claim(), record) => {
                Some(self.proposing(Verdict::WrongPaper, &message(), paper))
            }
            _ => is_other.then(|| self.finding(Verdict::WrongPaper, message())),
        }
    }

    /// Everything to report about the paper that is meant.
    fn facts(&self, id: ArxivId, record: &Paper, agreement: Agreement) -> Vec<Fact> {
        let stated = match agreement {
            Agreement::Off(sentences) => Some((Verdict::Differs, sentences.join("; "))),
            Agreement::Unclaimed => Some((Verdict::Unclaimed, self.unclaimed(record))),
            Agreement::Other | Agreement::Loose | Agreement::Same => None,
        };
        let stated = stated.map(|(verdict, sentence)| Fact {
            verdict,
            key: None,
            sentence,
        });
        let entry = self.document.around(self.reference);
        let mut facts: Vec<Fact> = stated.into_iter().chain(facts::of(id, record, entry)).collect();
        if facts.len() > 1 {
            facts.retain(|fact| fact.verdict != Verdict::Unclaimed);
        }
        facts
    }

    fn unclaimed(&self, record: &Paper) -> String {
        let is = format!("it is {}", quoted(&record.title));
        match self.claim().title {
            Some(_) => format!("{} cannot be compared with it; {is}", self.claimed_title()),
            None => format!("nothing is claimed about it; {is}"),
        }
    }

    /// The only paper, of the catalogs or of this machine, that is surely called as claimed.
    fn meant(&self) -> Option<&Paper> {
        let claim = Some(self.claim()).filter(|claim| claim.certain)?;
        self.known
            .named(claim, false)
            .or_else(|| match self.known.match_title(claim) {
                TitleMatch::Found(paper) if compare::has_title(claim, paper) => Some(paper),
                _ => None,
            })
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
