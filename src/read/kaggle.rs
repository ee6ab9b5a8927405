//! A record of the snapshot of all of arXiv's metadata that is published on Kaggle
//! (`arxiv-metadata-oai-snapshot.json`): what OAI-PMH's arXivRaw says, as JSON.
//!
//! Text is raw TeX, wrapped; `authors_parsed` is arXiv's own parse of the authors. There are three million of these:
//! each string is copied once, and what has no backslash is no TeX.

use std::borrow::Cow;
use std::fmt;

use chrono::DateTime;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::paper::MAX_LIST;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::name;
use crate::model::paper::{Author, Paper, Source, Version};
use crate::model::record::Record;
use crate::model::tex;
use crate::model::text::fold_whitespace;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    title: Folded,
    #[serde(default)]
    submitter: Folded,
    #[serde(default, borrow)]
    authors: Raw<'a>,
    #[serde(default)]
    comments: Folded,
    #[serde(default, rename = "journal-ref")]
    journal_ref: Folded,
    #[serde(default)]
    doi: Folded,
    #[serde(default, rename = "report-no")]
    report_no: Folded,
    #[serde(default)]
    categories: Folded,
    #[serde(default)]
    license: Folded,
    #[serde(default, rename = "abstract")]
    abstract_: Folded,
    #[serde(default)]
    versions: Option<Vec<Created>>,
    #[serde(default)]
    update_date: Option<Stamp>,
    #[serde(default)]
    authors_parsed: Option<Vec<Parsed>>,
}

/// Parses one record. The error is a clause.
pub fn kaggle(json: &[u8]) -> Result<Record, String> {
    let line: Line<'_> = super::json(json)?;
    let id = ArxivId::parse(&line.id).map_err(|malformed| format!("id: {malformed}"))?;
    let title = line.title.0.ok_or("title: empty")?;
    let mut paper = Paper::new(id.base(), title);
    paper.authors = match line.authors_parsed {
        Some(parsed) if !parsed.is_empty() => parsed.into_iter().filter_map(|one| one.0).collect(),
        _ => line
            .authors
            .0
            .as_deref()
            .map(parse_author_string)
            .unwrap_or_default(),
    };
    paper.abstract_ = line.abstract_.0;
    paper.comment = line.comments.0;
    paper.journal_ref = line.journal_ref.0;
    paper.report_no = line.report_no.0;
    paper.license = line.license.0;
    paper.submitter = line.submitter.0;
    paper.categories = words(line.categories.0.as_deref());
    paper.primary_category = paper.categories.first().cloned();
    let mut dois = words(line.doi.0.as_deref());
    dois.retain(|doi| !is_arxiv_doi(doi));
    paper.set_dois(dois);
    paper.versions = line
        .versions
        .filter(|versions| !versions.is_empty())
        .map(|versions| {
            let versions = versions.into_iter().map(|Created { number, at }| Version {
                version: number,
                date: Some(at),
                withdrawn: None,
            });
            versions.collect()
        });
    set_dates(&mut paper);
    if paper.authors.len().max(paper.categories.len()) > MAX_LIST {
        return Err(format!("more than {MAX_LIST} authors or categories"));
    }
    paper.source = Source::File;
    paper.retrieved = line.update_date;
    Ok(Record {
        as_of: line.update_date.map(Stamp::day),
        current: true,
        paper,
    })
}

/// Derives the dates and the version from the list of versions.
fn set_dates(paper: &mut Paper) {
    let versions = paper.versions.as_deref().unwrap_or_default();
    let first = versions.iter().find(|version| version.version == 1);
    let last = versions.iter().max_by_key(|version| version.version);
    (paper.published, paper.updated, paper.version) = (
        first.and_then(|version| version.date),
        last.and_then(|version| version.date),
        last.map(|version| version.version),
    );
}

/// Splits the author string, for records without `authors_parsed`.
fn parse_author_string(authors: &str) -> Vec<Author> {
    name::parse_authors(&folded(authors))
        .into_iter()
        .map(Author::from)
        .collect()
}

fn words(text: Option<&str>) -> Vec<String> {
    let words = text.unwrap_or_default().split_ascii_whitespace();
    words.take(MAX_LIST + 1).map(str::to_owned).collect()
}

/// Whether a DOI is arXiv's own and not a publisher's.
fn is_arxiv_doi(doi: &str) -> bool {
    doi.get(.."10.48550/arxiv.".len())
        .is_some_and(|start| start.eq_ignore_ascii_case("10.48550/arxiv."))
}

/// A string that is rarely used and therefore borrowed. `None` if it is null.
#[derive(Default)]
struct Raw<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Raw<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or null")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw<'de>, E> {
                Ok(Raw(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Raw<'de>, E> {
                Ok(Raw(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
                Ok(Raw(None))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// A string with runs of white space folded. `None` if it is null or empty.
#[derive(Default)]
struct Folded(Option<String>);

impl<'de> Deserialize<'de> for Folded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Folded;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or null")
            }
            fn visit_str<E>(self, text: &str) -> Result<Folded, E> {
                Ok(Folded(Some(folded(text)).filter(|text| !text.is_empty())))
            }
            fn visit_unit<E>(self) -> Result<Folded, E> {
                Ok(Folded(None))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// Replaces runs of ASCII white space by one space and trims the ends.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A version: `{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}`.
struct Created {
    number: u32,
    at: Stamp,
}

impl<'de> Deserialize<'de> for Created {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Entry<'a> {
            #[serde(borrow)]
            version: Cow<'a, str>,
            #[serde(borrow)]
            created: Cow<'a, str>,
        }
        let raw = Entry::deserialize(deserializer)?;
        let number = raw.version.strip_prefix('v').unwrap_or(&raw.version);
        let number = number.parse().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| D::Error::custom("a version is none such as `v1`"))?;
        let at = DateTime::parse_from_rfc2822(&raw.created)
            .ok()
            .and_then(|at| Stamp::second(at.to_utc()))
            .ok_or_else(|| D::Error::custom("`created` is no date such as `Mon, 2 Apr 2007 19:18:42 GMT`"))?;
        Ok(Self { number, at })
    }
}

/// An author: `["Balázs", "C.", "", "MIT"]` with family name, given name, suffix and affiliations. `None` without a
/// name.
struct Parsed(Option<Author>);

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Parsed;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an author's name in parts")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Parsed, A::Error> {
                let mut name = || parts.next_element::<Part>().map(Option::unwrap_or_default);
                let (Part(family), Part(mut name), Part(suffix)) = (name()?, name()?, name()?);
                for part in [family, suffix] {
                    match (part.is_empty(), name.is_empty()) {
                        (true, _) => {}
                        (false, true) => name = part,
                        (false, false) => {
                            name.push(' ');
                            name.push_str(&part);
                        }
                    }
                }
                let mut affiliations = Vec::new();
                while let Some(Part(affiliation)) = parts.next_element()? {
                    if affiliations.len() == MAX_LIST {
                        return Err(A::Error::custom("an author has too many affiliations"));
                    }
                    if !affiliation.is_empty() {
                        affiliations.push(affiliation);
                    }
                }
                let author = Author { name, affiliations };
                Ok(Parsed(Some(author).filter(|author| !author.name.is_empty())))
            }
        }
        deserializer.deserialize_seq(Parts)
    }
}

/// A part of a name, converted from TeX to Unicode.
#[derive(Default)]
struct Part(String);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Part;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a part of a name")
            }
            fn visit_str<E>(self, text: &str) -> Result<Part, E> {
                Ok(Part(match tex::to_unicode(text) {
                    Cow::Owned(converted) => fold_whitespace(&converted),
                    Cow::Borrowed(plain) => folded(plain),
                }))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
