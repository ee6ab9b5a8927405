//! Dublin Core: one element name for several fields, which differ only by order and form.

use super::metadata::RecordField;
use super::values::{check_count, publisher_dois, set_categories};
use crate::arxiv::category_term::{self, CategoryTerm};
use crate::model::category::{self, Category};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::name::PersonName;
use crate::model::paper::{Author, Paper};

/// The elements of a record that have been read so far.
#[derive(Default)]
pub(super) struct DublinCore {
    creators: Vec<String>,
    /// Names of categories, then MSC and ACM classes.
    subjects: Vec<String>,
    /// The abstract, then the comment.
    descriptions: Vec<String>,
    /// The first version's, then the newest's if there are several versions.
    dates: Vec<Option<Stamp>>,
    /// URLs of the abstract page, the journal reference, and `doi:` with a DOI.
    identifiers: Vec<String>,
}

impl DublinCore {
    /// Stores a text.
    pub(super) fn set(&mut self, field: RecordField, text: String) -> Result<(), String> {
        let (list, what) = match field {
            RecordField::DublinCreator => (&mut self.creators, "authors"),
            RecordField::DublinSubject => (&mut self.subjects, "subjects"),
            RecordField::DublinDescription => (&mut self.descriptions, "descriptions"),
            RecordField::DublinIdentifier => (&mut self.identifiers, "identifiers"),
            _ => {
                check_count(self.dates.len(), "dates")?;
                self.dates.push(Stamp::parse(&text));
                return Ok(());
            }
        };
        check_count(list.len(), what)?;
        if !text.is_empty() {
            list.push(text);
        }
        Ok(())
    }

    /// Returns the identifier of the paper.
    pub(super) fn id(&self) -> Option<ArxivId> {
        let mut urls = self.identifiers.iter().filter(|text| is_url(text));
        urls.find_map(|text| ArxivId::parse(text).ok()).map(ArxivId::base)
    }

    /// Fills in a paper. `sets` are its OAI sets, separated by spaces.
    pub(super) fn fill(self, paper: &mut Paper, sets: &str) {
        let authors = self
            .creators
            .iter()
            .map(|creator| Author::from(parse_name(creator)));
        paper.authors = authors.filter(|author| !author.name.is_empty()).collect();
        for description in self.descriptions {
            match description.strip_prefix("Comment: ") {
                Some(comment) => paper.comment = Some(comment.to_owned()),
                None if paper.abstract_.is_none() => paper.abstract_ = Some(description),
                None => paper.comment = Some(description),
            }
        }
        paper.published = self.dates.first().copied().flatten();
        paper.updated = self.dates.last().copied().flatten();
        let mut dois = Vec::new();
        for identifier in self.identifiers {
            if let Some(doi) = identifier.strip_prefix("doi:") {
                dois.extend(publisher_dois(doi));
            } else if !is_url(&identifier) {
                paper.journal_ref.get_or_insert(identifier);
            }
        }
        paper.set_dois(dois);
        classify(paper, self.subjects, sets);
    }
}

fn is_url(identifier: &str) -> bool {
    identifier.starts_with("http://") || identifier.starts_with("https://")
}

/// Parses `Mokhov, Serguei A.` and `Alves, A. A., Jr`; a collaboration has no comma.
fn parse_name(creator: &str) -> PersonName {
    let mut parts = creator.splitn(3, ", ").map(str::to_owned);
    PersonName {
        family: parts.next().unwrap_or_default(),
        given: parts.next().unwrap_or_default(),
        suffix: parts.next().unwrap_or_default(),
        affiliations: Vec::new(),
    }
}

/// Sets the categories by their names, and the MSC and ACM classes by their form.
fn classify(paper: &mut Paper, subjects: Vec<String>, sets: &str) {
    let mut codes: Vec<&'static str> = Vec::new();
    for subject in subjects {
        if let Some(code) = category_by_name(&subject, sets, &codes) {
            if codes.len() < 64 {
                codes.push(code);
            }
            continue;
        }
        match category_term::classify(&subject) {
            CategoryTerm::Msc if paper.msc_class.is_none() => paper.msc_class = Some(subject),
            CategoryTerm::Acm if paper.acm_class.is_none() => paper.acm_class = Some(subject),
            _ => {}
        }
    }
    set_categories(paper, codes.into_iter());
}

/// Former names of categories in Dublin Core, and their present ones.
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

/// Returns the category of this name, until 2025 preceded by its archive's name (`Mathematics - Number Theory`). Of
/// several categories with one name it is the first whose set the paper is in and that is not in `previous`.
fn category_by_name(subject: &str, sets: &str, previous: &[&str]) -> Option<&'static str> {
    let renamed = RENAMED.iter().find(|(former, _)| *former == subject);
    let subject = renamed.map_or(subject, |(_, present)| present);
    let has_name = |known: &&Category| {
        let archive = subject.strip_suffix(known.name);
        archive.is_some_and(|archive| archive.is_empty() || archive.strip_suffix(" - ") == archive_of(known))
            && !previous.contains(&known.code)
    };
    let candidates: Vec<&Category> = category::all().iter().filter(has_name).collect();
    // The sets are listed in the order of the categories.
    let place = |known: &&&Category| sets.split(' ').position(|set| set == known.oai_set);
    let in_set = candidates
        .iter()
        .filter(|known| place(known).is_some())
        .min_by_key(place);
    let plain = candidates
        .iter()
        .find(|known| known.active && known.alias_of.is_none());
    in_set.or(plain).or(candidates.first()).map(|known| known.code)
}

fn archive_of(known: &Category) -> Option<&'static str> {
    category::find_archive(known.archive).map(|archive| archive.name)
}
