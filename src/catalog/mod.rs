//! Catalogs: curated lists of papers with knowledge arXiv lacks.
//!
//! `deepseek` is built in; a user's own is a file of the same form. This module reads their JSON and finds papers
//! and areas in them by the names people type. It opens no file and asks no network.

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

/// A curated list of papers.
///
/// Written as JSON in the form it is read in.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Catalog {
    /// `deepseek`.
    pub name: String,
    /// When its facts were right, where it says so.
    pub as_of: Option<Stamp>,
    /// Its areas in the order it declares them, then those only its papers name (their codes stand for the names).
    pub areas: Vec<Area>,
    /// In the order of the file. Each has its [`CatalogEntry`](crate::model::paper::CatalogEntry), and no two have the same identifier.
    pub papers: Vec<Paper>,
    #[serde(skip)]
    index: HashMap<ArxivId, usize>,
    /// The short names as they are looked up, each with its paper's place; made at the first look-up, since a list
    /// needs none.
    #[serde(skip)]
    short_names: OnceCell<Vec<(String, usize)>>,
}

impl Catalog {
    /// The catalog of DeepSeek's papers.
    pub fn built_in() -> Result<Self, Error> {
        Self::new(json::read_object(DEEPSEEK)?, "deepseek")
    }

    /// Reads a catalog: `{name, as_of, areas, papers}`, a bare array of papers, or papers as JSON Lines.
    ///
    /// `name` is the catalog's where the file gives none. Of a paper only `id` and `title` must be there; keys that
    /// are not known are skipped; what the file says of a library is dropped. At most [`MAX_BYTES`].
    pub fn from_json(bytes: &[u8], name: &str) -> Result<Self, Error> {
        Self::new(json::read(bytes)?, name)
    }

    /// The paper of this identifier, whatever its version.
    #[must_use]
    pub fn get(&self, id: ArxivId) -> Option<&Paper> {
        let paper = self.papers.get(*self.index.get(&id.base())?)?;
        (paper.id == id.base()).then_some(paper)
    }

    /// Puts what this catalog knows onto a record from elsewhere; leaves papers it lacks as they are.
    pub fn annotate(&self, paper: &mut Paper) {
        if let Some(known) = self.get(paper.id) {
            paper.catalog.clone_from(&known.catalog);
        }
    }

    /// Names the areas that the file only gave codes of, where these do.
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
    for (at, paper) in papers.iter().enumerate() {
        match index.entry(paper.id) {
            hash_map::Entry::Vacant(free) => {
                free.insert(at);
            }
            hash_map::Entry::Occupied(first) => {
                return Err(Error::Record {
                    index: at,
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
