//! Facts of a record that matter to whoever cites it: withdrawn, superseded, published.

use super::quoted;
use crate::model::finding::Verdict;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, Source};
use crate::model::text;

/// A fact about a cited paper.
pub struct Fact {
    /// The verdict that it leads to.
    pub verdict: Verdict,
    /// The key of the record that it is about.
    pub key: Option<&'static str>,
    /// The fact in a sentence.
    pub sentence: String,
}

impl Fact {
    /// The order of facts, the most severe first. What became of the paper matters more than that nothing is claimed.
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

/// Returns the facts about a paper that an entry of this text cites by this identifier.
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

/// That the authors withdrew the paper. The query API has no field for it; arXiv asks authors to say so in the comment.
fn withdrawn(record: &Paper) -> Option<String> {
    if record.withdrawn == Some(true) {
        return Some("its authors withdrew it".to_owned());
    }
    let comment = record.comment.as_deref().filter(|_| record.withdrawn.is_none())?;
    let words = text::words(comment).join(" ");
    let own = ["paper", "article", "submission", "manuscript", "work", "preprint"];
    let is_stated = own.iter().any(|thing| {
        let sentences = [
            format!("this {thing} has been withdrawn"),
            format!("this {thing} is withdrawn"),
        ];
        sentences.iter().any(|sentence| words.contains(sentence))
    });
    let begins = ["withdrawn", "paper withdrawn", "has been withdrawn"];
    let is_stated = is_stated || begins.iter().any(|beginning| words.starts_with(beginning));
    is_stated.then(|| format!("its comment says that it was withdrawn: {}", quoted(comment)))
}

/// How the cited version relates to the newest one.
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

/// That the paper was published elsewhere, unless the entry says so itself.
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

/// A text in lower case without backslashes and braces.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\\' | '{' | '}')).collect();
    text::fold_whitespace(&text.to_lowercase())
}
