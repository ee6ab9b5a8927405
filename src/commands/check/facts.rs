//! What a record itself has to say of being cited: withdrawn, superseded, published.

use super::quoted;
use crate::model::finding::Verdict;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, Source};
use crate::model::text;

/// Something to say of a cited paper.
pub struct Fact {
    /// What it comes to.
    pub verdict: Verdict,
    /// The key of the record it is about.
    pub key: Option<&'static str>,
    /// What to say.
    pub sentence: String,
}

impl Fact {
    /// The worst first. What became of the paper says more than that nothing is claimed of it.
    pub fn severity(&self) -> u8 {
        match self.verdict {
            Verdict::NotFound => 0,
            Verdict::Withdrawn => 1,
            Verdict::Differs => 2,
            Verdict::Undecided => 3,
            Verdict::Superseded => 4,
            Verdict::Published => 5,
            _ => 6,
        }
    }
}

/// What there is to say of a paper cited by this identifier in an entry of this text.
pub fn of(id: ArxivId, record: &Paper, entry: &str) -> impl Iterator<Item = Fact> {
    let withdrawn = withdrawn(record).map(|sentence| Fact {
        verdict: Verdict::Withdrawn,
        key: Some("withdrawn"),
        sentence,
    });
    [withdrawn, version(id, record), published(record, entry)]
        .into_iter()
        .flatten()
}

/// That its authors withdrew it. The query API has no word for it but the comment that arXiv asks authors to leave.
fn withdrawn(record: &Paper) -> Option<String> {
    if record.withdrawn == Some(true) {
        return Some("its authors withdrew it".to_owned());
    }
    let comment = record.comment.as_deref().filter(|_| record.withdrawn.is_none())?;
    let words = text::words(comment).join(" ");
    let own = ["paper", "article", "submission", "manuscript", "work", "preprint"];
    let says = own.iter().any(|thing| {
        let sentences = [
            format!("this {thing} has been withdrawn"),
            format!("this {thing} is withdrawn"),
        ];
        sentences.iter().any(|sentence| words.contains(sentence))
    });
    let begins = ["withdrawn", "paper withdrawn", "has been withdrawn"];
    let says = says || begins.iter().any(|beginning| words.starts_with(beginning));
    says.then(|| format!("its comment says that it was withdrawn: {}", quoted(comment)))
}

/// The cited version beside the newest.
fn version(id: ArxivId, record: &Paper) -> Option<Fact> {
    let (cited, newest) = (id.version()?, record.version?);
    let of_catalog = record.source == Source::Catalog;
    let unsure = record
        .catalog
        .as_ref()
        .is_some_and(|entry| entry.unsure.iter().any(|key| key == "version"));
    let (verdict, sentence) = if cited < newest && !(of_catalog && unsure) {
        (
            Verdict::Superseded,
            format!("version {cited} is cited; the newest is version {newest}"),
        )
    } else if cited > newest && of_catalog {
        (
            Verdict::Undecided,
            format!("the catalog knows no version {cited}, only {newest}"),
        )
    } else if cited > newest {
        (
            Verdict::NotFound,
            format!("there is no version {cited}; the newest is version {newest}"),
        )
    } else {
        return None;
    };
    Some(Fact {
        verdict,
        key: Some("version"),
        sentence,
    })
}

/// That it appeared elsewhere, unless the entry says so itself.
fn published(record: &Paper, entry: &str) -> Option<Fact> {
    let doi = record.doi.as_ref().map(|doi| format!("doi:{doi}"));
    let parts: Vec<String> = record.journal_ref.clone().into_iter().chain(doi).collect();
    if parts.is_empty() {
        return None;
    }
    let entry = plain(entry);
    let dois = record.dois.iter().chain(&record.doi);
    if dois
        .chain(&record.journal_ref)
        .any(|said| entry.contains(&plain(said)))
    {
        return None;
    }
    let key = if record.doi.is_some() {
        "doi"
    } else {
        "journal_ref"
    };
    Some(Fact {
        verdict: Verdict::Published,
        key: Some(key),
        sentence: format!("it was published: {}", parts.join(", ")),
    })
}

/// A text without what TeX puts between its letters, in lower case.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\\' | '{' | '}')).collect();
    text::fold_whitespace(&text.to_lowercase())
}
