//! A paper: one arXiv record, and the JSON that every command reads and writes.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::date::Stamp;
use super::id::ArxivId;
pub use super::source::Source;

/// One arXiv record. An unknown fact is `None` or an empty list, never a guess.
///
/// Title, abstract and comment keep arXiv's TeX with white space folded; author names are Unicode.
/// Keys this version does not know are skipped when read: later versions may add some.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Paper {
    /// The paper's identifier, without a version.
    #[serde(deserialize_with = "without_version")]
    pub id: ArxivId,
    /// The version this record describes, counted from 1.
    #[serde(default)]
    pub version: Option<u32>,
    /// The title in arXiv's own spelling, TeX included, with white space folded.
    pub title: String,
    /// Authors in arXiv's order.
    #[serde(default, deserialize_with = "or_empty")]
    pub authors: Vec<Author>,
    /// The abstract in arXiv's own spelling, TeX included, with white space folded.
    #[serde(default, rename = "abstract")]
    pub abstract_: Option<String>,
    /// The primary category: `cs.CL`.
    #[serde(default)]
    pub primary_category: Option<String>,
    /// All categories, the primary one first.
    #[serde(default, deserialize_with = "or_empty")]
    pub categories: Vec<String>,
    /// When the first version was submitted.
    #[serde(default)]
    pub published: Option<Stamp>,
    /// When this version was submitted.
    #[serde(default)]
    pub updated: Option<Stamp>,
    /// The version history, which only OAI-PMH's arXivRaw has.
    #[serde(default)]
    pub versions: Option<Vec<Version>>,
    /// The authors' comment: `12 pages, 3 figures`.
    #[serde(default)]
    pub comment: Option<String>,
    /// The journal reference.
    #[serde(default)]
    pub journal_ref: Option<String>,
    /// The publisher's DOI, the first one where there are several; never arXiv's own.
    #[serde(default)]
    pub doi: Option<String>,
    /// All of the publisher's DOIs.
    #[serde(default, deserialize_with = "or_empty")]
    pub dois: Vec<String>,
    /// The institution's report number.
    #[serde(default)]
    pub report_no: Option<String>,
    /// Mathematics Subject Classification.
    #[serde(default)]
    pub msc_class: Option<String>,
    /// ACM Computing Classification.
    #[serde(default)]
    pub acm_class: Option<String>,
    /// The licence's URL.
    #[serde(default)]
    pub license: Option<String>,
    /// The submitter's name.
    #[serde(default)]
    pub submitter: Option<String>,
    /// Whether the authors withdrew this version; `None` if unknown.
    #[serde(default)]
    pub withdrawn: Option<bool>,
    /// The entry of a catalog.
    #[serde(default)]
    pub catalog: Option<CatalogEntry>,
    /// The user's own data, if the paper is in the library.
    #[serde(default)]
    pub library: Option<UserData>,
    /// The source of the record.
    #[serde(default)]
    pub source: Source,
    /// When the record was retrieved from its source.
    #[serde(default)]
    pub retrieved: Option<Stamp>,
    /// The identifier that the user requested, with its version if one was given. Not part of the record.
    #[serde(skip)]
    pub requested_id: Option<ArxivId>,
}

/// A person or a collective, as arXiv names them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Author {
    /// In Unicode, given name first: `Daya Guo`.
    pub name: String,
    /// Affiliations as the record gives them; most records give none.
    #[serde(default, deserialize_with = "or_empty")]
    pub affiliations: Vec<String>,
}

/// One version in a paper's history.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Counted from 1.
    pub version: u32,
    /// When the version was submitted.
    pub date: Option<Stamp>,
    /// Whether it is a withdrawal.
    pub withdrawn: Option<bool>,
}

/// What a catalog adds to a paper's record.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CatalogEntry {
    /// The catalog's name: `deepseek`.
    pub name: String,
    /// `DeepSeek-R1`.
    pub short_name: Option<String>,
    /// One of the catalog's areas: `reasoning`.
    pub area: Option<String>,
    /// The paper's relation to the subject of the catalog: `lead (with Tsinghua)`.
    pub relation: Option<String>,
    /// A summary of one sentence.
    pub summary: BilingualText,
    /// URL of the code.
    pub repository: Option<String>,
    /// URL of the model's weights.
    pub model: Option<String>,
    /// The venue: `ACL 2024`.
    pub venue: Option<String>,
    /// Keys of the record that are inferred, seen in one source only, or not complete.
    pub unsure: Vec<String>,
}

/// A text in English and Chinese; `None` if it is missing in a language.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BilingualText {
    /// English.
    pub en: Option<String>,
    /// Chinese.
    pub zh: Option<String>,
}

/// The user's own data of a paper in the library.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserData {
    /// In alphabetical order.
    pub tags: Vec<String>,
    /// The user's note.
    pub note: Option<String>,
    /// Downloaded files, as paths.
    pub files: Vec<String>,
    /// When the paper was added to the library.
    pub kept: Option<Stamp>,
}

impl Paper {
    /// A record with nothing but an identifier and a title.
    #[must_use]
    pub fn new(id: ArxivId, title: impl Into<String>) -> Self {
        Self {
            id: id.base(),
            version: id.version(),
            title: title.into(),
            authors: Vec::new(),
            abstract_: None,
            primary_category: None,
            categories: Vec::new(),
            published: None,
            updated: None,
            versions: None,
            comment: None,
            journal_ref: None,
            doi: None,
            dois: Vec::new(),
            report_no: None,
            msc_class: None,
            acm_class: None,
            license: None,
            submitter: None,
            withdrawn: None,
            catalog: None,
            library: None,
            source: Source::default(),
            retrieved: None,
            requested_id: None,
        }
    }

    /// The identifier to print: the one that was requested, or else the paper's.
    #[must_use]
    pub fn display_id(&self) -> ArxivId {
        self.requested_id.unwrap_or(self.id)
    }

    /// The short name in the catalog.
    #[must_use]
    pub fn short_name(&self) -> Option<&str> {
        self.catalog.as_ref()?.short_name.as_deref()
    }

    /// Whether this is a catalog's record and the catalog marks the key as unsure. What another source said of the paper
    /// is not in doubt because a catalog was.
    #[must_use]
    pub fn is_unsure(&self, key: &str) -> bool {
        let unsure = self.catalog.iter().flat_map(|entry| &entry.unsure);
        self.source == Source::Catalog && unsure.into_iter().any(|unsure| unsure == key)
    }

    /// The area in the catalog.
    #[must_use]
    pub fn area(&self) -> Option<&str> {
        self.catalog.as_ref()?.area.as_deref()
    }

    /// Sets the publisher's DOIs; the first is also the DOI.
    pub fn set_dois(&mut self, dois: Vec<String>) {
        self.doi = dois.first().cloned();
        self.dois = dois;
    }
}

/// Reads null as an empty list.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn without_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ArxivId, D::Error> {
    ArxivId::deserialize(deserializer).map(ArxivId::base)
}

/// Every key, always, in the order of the design; `url` and `pdf_url` follow from the identifier as asked.
impl Serialize for Paper {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Paper", KEYS.len())?;
        json.serialize_field("id", &self.id)?;
        json.serialize_field("version", &self.version)?;
        json.serialize_field("title", &self.title)?;
        json.serialize_field("authors", &self.authors)?;
        json.serialize_field("abstract", &self.abstract_)?;
        json.serialize_field("primary_category", &self.primary_category)?;
        json.serialize_field("categories", &self.categories)?;
        json.serialize_field("published", &self.published)?;
        json.serialize_field("updated", &self.updated)?;
        json.serialize_field("versions", &self.versions)?;
        json.serialize_field("comment", &self.comment)?;
        json.serialize_field("journal_ref", &self.journal_ref)?;
        json.serialize_field("doi", &self.doi)?;
        json.serialize_field("dois", &self.dois)?;
        json.serialize_field("report_no", &self.report_no)?;
        json.serialize_field("msc_class", &self.msc_class)?;
        json.serialize_field("acm_class", &self.acm_class)?;
        json.serialize_field("license", &self.license)?;
        json.serialize_field("submitter", &self.submitter)?;
        json.serialize_field("withdrawn", &self.withdrawn)?;
        json.serialize_field("url", &self.display_id().abs_url())?;
        json.serialize_field("pdf_url", &self.display_id().pdf_url())?;
        json.serialize_field("catalog", &self.catalog)?;
        json.serialize_field("library", &self.library)?;
        json.serialize_field("source", &self.source)?;
        json.serialize_field("retrieved", &self.retrieved)?;
        json.end()
    }
}

/// The keys of a paper's JSON, in order; those inside `catalog` and `library` by their paths.
pub const KEYS: &[&str] = &[
    "id",
    "version",
    "title",
    "authors",
    "abstract",
    "primary_category",
    "categories",
    "published",
    "updated",
    "versions",
    "comment",
    "journal_ref",
    "doi",
    "dois",
    "report_no",
    "msc_class",
    "acm_class",
    "license",
    "submitter",
    "withdrawn",
    "url",
    "pdf_url",
    "catalog",
    "library",
    "source",
    "retrieved",
];
