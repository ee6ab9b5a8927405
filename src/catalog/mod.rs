//! Catalogs: curated lists of papers with knowledge that arXiv lacks.
//!
//! `deepseek` is built in, from `deepseek.json` beside this file; a user's own catalog is a file of the same form. This
//! module parses catalogs and looks up papers and areas by the names people type. It opens no file and no connection.

mod error;
mod json;
mod names;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet, hash_map};

pub use error::Error;
use serde::Serialize;

pub use json::papers;
pub use names::ShortNameMatch;

use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::lang::Area;
use crate::model::paper::Paper;

/// The largest catalog that is read: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

const DEEPSEEK: &[u8] = include_bytes!("deepseek.json");

/// A curated list of papers. It serializes to the JSON that [`Catalog::from_json`] reads.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Catalog {
    /// `deepseek`.
    pub name: String,
    /// Date as of which its facts were right, if the file says so.
    pub as_of: Option<Stamp>,
    /// The declared areas in order, then areas that only papers mention, with the code as the name.
    pub areas: Vec<Area>,
    /// The papers in the order of the file. Each has an [`CatalogEntry`](crate::model::paper::CatalogEntry), and identifiers are unique.
    pub papers: Vec<Paper>,
    #[serde(skip)]
    index: HashMap<ArxivId, usize>,
    /// The short names as they are compared, with the index of their papers; built at the first lookup, since most
    /// commands need none.
    #[serde(skip)]
    short_names: OnceCell<Vec<(String, usize)>>,
}

impl Catalog {
    /// Parses the built-in catalog of DeepSeek's papers.
    pub fn built_in() -> Result<Self, Error> {
        Self::new(json::read_object(DEEPSEEK)?, "deepseek")
    }

    /// Reads a catalog: `{name, as_of, areas, papers}`, a bare array of papers, or papers as JSON Lines.
    ///
    /// `name` is used if the file gives no name. A paper needs only `id` and `title`; unknown keys are ignored, and keys
    /// about a library are dropped.
    ///
    /// # Errors
    ///
    /// If the bytes are not such JSON, a record is invalid, two records have one identifier, or there are more than
    /// [`MAX_BYTES`].
    pub fn from_json(bytes: &[u8], name: &str) -> Result<Self, Error> {
        Self::new(json::read(bytes)?, name)
    }

    /// The paper with this identifier, of any version.
    #[must_use]
    pub fn get(&self, id: ArxivId) -> Option<&Paper> {
        let index = self.index.get(&id.base())?;
        let paper = &self.papers[*index];
        // `papers` is public, so a caller may have reordered it.
        (paper.id == id.base()).then_some(paper)
    }

    /// Sets `catalog` of a record from another source to this catalog's entry, if it has one.
    pub fn annotate(&self, paper: &mut Paper) {
        if let Some(known) = self.get(paper.id) {
            paper.catalog.clone_from(&known.catalog);
        }
    }

    /// Names areas of which the file has only codes, from `names`.
    pub fn name_areas(&mut self, names: &[Area]) {
        for area in self
            .areas
            .iter_mut()
            .filter(|area| area.en == area.code && area.zh == area.code)
        {
            if let Some(named) = names.iter().find(|named| named.code == area.code) {
                area.clone_from(named);
            }
        }
    }

    fn new(mut file: json::CatalogFile, name: &str) -> Result<Self, Error> {
        let mut papers = file.take_papers()?;
        let name = file.name.unwrap_or_else(|| name.to_owned());
        for paper in &mut papers {
            paper.catalog.get_or_insert_default().name.clone_from(&name);
        }
        Ok(Self {
            index: index(&papers)?,
            short_names: OnceCell::new(),
            areas: with_undeclared(file.areas, &papers),
            name,
            as_of: file.as_of,
            papers,
        })
    }
}

fn index(papers: &[Paper]) -> Result<HashMap<ArxivId, usize>, Error> {
    let mut index = HashMap::with_capacity(papers.len());
    for (position, paper) in papers.iter().enumerate() {
        match index.entry(paper.id) {
            hash_map::Entry::Vacant(free) => {
                free.insert(position);
            }
            hash_map::Entry::Occupied(first) => {
                return Err(Error::Record {
                    index: position,
                    name: Some(paper.id.to_string()),
                    key: Some("id".to_owned()),
                    reason: format!("the same paper as papers[{}]", first.get()),
                });
            }
        }
    }
    Ok(index)
}

fn with_undeclared(mut areas: Vec<Area>, papers: &[Paper]) -> Vec<Area> {
    let mut known: HashSet<String> = areas.iter().map(|area| area.code.clone()).collect();
    for code in papers.iter().filter_map(Paper::area) {
        if known.insert(code.to_owned()) {
            areas.push(Area {
                code: code.to_owned(),
                en: code.to_owned(),
                zh: code.to_owned(),
            });
        }
    }
    areas
}
