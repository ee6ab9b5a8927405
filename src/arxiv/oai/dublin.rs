//! Dublin Core: a record told by repeated elements that do not say which of several things they are.

use super::fields::{dois, room_for, set_categories};
use super::form::Field;
use crate::arxiv::classes::{self, Term};
use crate::model::category::{self, Category};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::name::PersonName;
use crate::model::paper::{Author, Paper};

/// What a record has said so far.
#[derive(Default)]
pub(super) struct Dublin {
    creators: Vec<String>,
    /// Names of categories, then classes of other bodies.
    subjects: Vec<String>,
    /// The abstract, then the comment.
    descriptions: Vec<String>,
    /// The first version's, then the newest's where there are several.
    dates: Vec<Option<Stamp>>,
    /// Addresses of the abstract page, the journal reference, `doi:` and a DOI.
    identifiers: Vec<String>,
}

impl Dublin {
    /// Takes a text.
    pub(super) fn set(&mut self, field: Field, text: String) -> Result<(), String> {
        let (list, what) = match field {
            Field::DublinCreator => (&mut self.creators, "authors"),
            Field::DublinSubject => (&mut self.subjects, "subjects"),
            Field::DublinDescription => (&mut self.descriptions, "descriptions"),
            Field::DublinIdentifier => (&mut self.identifiers, "identifiers"),
            _ => {
                room_for(self.dates.len(), "dates")?;
                self.dates.push(Stamp::parse(&text));
                return Ok(());
            }
        };
        room_for(list.len(), what)?;
        if !text.is_empty() {
            list.push(text);
        }
        Ok(())
    }

    /// The paper it is about.
    pub(super) fn id(&self) -> Option<ArxivId> {
        let mut addresses = self.identifiers.iter().filter(|text| is_address(text));
        addresses
            .find_map(|text| ArxivId::parse(text).ok())
            .map(ArxivId::base)
    }

    /// Fills a paper with what was said. `sets` are its OAI sets, with spaces between.
    pub(super) fn fill(self, paper: &mut Paper, sets: &str) {
        let people = self.creators.iter().map(|creator| Author::from(person(creator)));
        paper.authors = people.filter(|author| !author.name.is_empty()).collect();
        for description in self.descriptions {
            match description.strip_prefix("Comment: ") {
                Some(comment) => paper.comment = Some(comment.to_owned()),
                None if paper.abstract_.is_none() => paper.abstract_ = Some(description),
                None => paper.comment = Some(description),
            }
        }
        paper.published = self.dates.first().copied().flatten();
        paper.updated = self.dates.last().copied().flatten();
        let mut publishers = Vec::new();
        for identifier in self.identifiers {
            if let Some(doi) = identifier.strip_prefix("doi:") {
                publishers.extend(dois(doi));
            } else if !is_address(&identifier) {
                paper.journal_ref.get_or_insert(identifier);
            }
        }
        paper.set_dois(publishers);
        classify(paper, self.subjects, sets);
    }
}

fn is_address(identifier: &str) -> bool {
    identifier.starts_with("http://") || identifier.starts_with("https://")
}

/// `Mokhov, Serguei A.`, `Alves, A. A., Jr`; a collaboration has no comma.
fn person(creator: &str) -> PersonName {
    let mut pieces = creator.splitn(3, ", ").map(str::to_owned);
    PersonName {
        family: pieces.next().unwrap_or_default(),
        given: pieces.next().unwrap_or_default(),
        suffix: pieces.next().unwrap_or_default(),
        affiliations: Vec::new(),
    }
}

/// Categories by their names, and the classes of other bodies that are told by their form.
fn classify(paper: &mut Paper, subjects: Vec<String>, sets: &str) {
    let mut codes: Vec<&'static str> = Vec::new();
    for subject in subjects {
        if let Some(code) = named(&subject, sets, &codes) {
            if codes.len() < 64 {
                codes.push(code);
            }
            continue;
        }
        match classes::of(&subject) {
            Term::Msc if paper.msc_class.is_none() => paper.msc_class = Some(subject),
            Term::Acm if paper.acm_class.is_none() => paper.acm_class = Some(subject),
            _ => {}
        }
    }
    set_categories(paper, codes.into_iter());
}

/// Names that categories had before, as Dublin Core wrote them, and the present ones.
const RENAMED: [(&str, &str); 2] = [
    (
        "Computer Science - Learning",
        "Computer Science - Machine Learning",
    ),
    (
        "Astrophysics - Cosmology and Extragalactic Astrophysics",
        "Astrophysics - Cosmology and Nongalactic Astrophysics",
    ),
];

/// The category of this name (until 2025 with its archive's before it: `Mathematics - Number Theory`), of several of
/// one name the first of those whose sets the paper is in and that were not named before.
fn named(subject: &str, sets: &str, before: &[&str]) -> Option<&'static str> {
    let renamed = RENAMED.iter().find(|(before, _)| *before == subject);
    let subject = renamed.map_or(subject, |(_, present)| present);
    let is_meant = |known: &&Category| {
        let archive = subject.strip_suffix(known.name);
        archive.is_some_and(|archive| archive.is_empty() || archive.strip_suffix(" - ") == archive_of(known))
            && !before.contains(&known.code)
    };
    let meant: Vec<&Category> = category::all().iter().filter(is_meant).collect();
    // The sets stand in the order of the categories.
    let place = |known: &&&Category| sets.split(' ').position(|set| set == known.oai_set);
    let in_set = meant
        .iter()
        .filter(|known| place(known).is_some())
        .min_by_key(place);
    let plain = meant
        .iter()
        .find(|known| known.active && known.alias_of.is_none());
    in_set.or(plain).or(meant.first()).map(|known| known.code)
}

fn archive_of(known: &Category) -> Option<&'static str> {
    category::find_archive(known.archive).map(|archive| archive.name)
}
