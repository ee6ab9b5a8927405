//! Whether the index says what the database says.

use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};

use rusqlite::params;
use tantivy::ReloadPolicy;
use tantivy::collector::DocSetCollector;
use tantivy::query::AllQuery;

use super::build::is_sound;
use super::changes::is_readable;
use super::search::keys;
use crate::library::{Error, Library};

/// How the search index stands to the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IndexHealth {
    /// There is none yet, or one that the next search builds anew: of another library, or of another form.
    None,
    /// It says what the database says, but for so many changes that the next search brings in.
    Sound {
        /// How many.
        behind: u64,
    },
    /// It is damaged, or has other papers than the database; how.
    Wrong(String),
}

impl Library {
    /// Holds the search index against the database: its checksums, and which papers it has.
    pub fn check_index(&self) -> Result<IndexHealth, Error> {
        let Some((index, revision)) = self.found_index()? else {
            return Ok(IndexHealth::None);
        };
        if !is_sound(&index) {
            return Ok(IndexHealth::Wrong("its files are damaged".to_owned()));
        }
        let keys_of = || -> tantivy::Result<HashSet<i64>> {
            let reader = index
                .reader_builder()
                .reload_policy(ReloadPolicy::Manual)
                .try_into()?;
            let searcher = reader.searcher();
            let docs = searcher.search(&AllQuery, &DocSetCollector)?;
            Ok(keys(&searcher, docs)?.into_iter().collect())
        };
        let Ok(Ok(mut left)) = panic::catch_unwind(AssertUnwindSafe(keys_of)) else {
            return Ok(IndexHealth::Wrong("it cannot be read".to_owned()));
        };
        let missing = self.read(|db| {
            let mut missing = 0_u64;
            let mut papers = db.prepare("SELECT key, created <= ?1 FROM papers")?;
            let mut rows = papers.query(params![revision])?;
            while let Some(row) = rows.next()? {
                let (key, expected): (i64, bool) = (row.get(0)?, row.get(1)?);
                // What cannot be read is in no index.
                if !left.remove(&key) && expected && is_readable(db, key)? {
                    missing += 1;
                }
            }
            // What was taken out since is still in it.
            let mut gone = db.prepare("SELECT key FROM gone WHERE revision > ?1")?;
            let mut rows = gone.query(params![revision])?;
            while let Some(row) = rows.next()? {
                left.remove(&row.get(0)?);
            }
            Ok(missing)
        })?;
        if missing > 0 || !left.is_empty() {
            return Ok(IndexHealth::Wrong(format!(
                "{missing} papers are missing in it, {} are too many",
                left.len()
            )));
        }
        Ok(IndexHealth::Sound {
            behind: self.changes(revision)?,
        })
    }

    /// Builds the search index anew.
    pub fn rebuild_index(&self, observe: &mut dyn FnMut(crate::model::event::Event)) -> Result<(), Error> {
        self.rebuild(observe).map(drop)
    }

    /// The bytes of the search index.
    #[must_use]
    pub fn index_size(&self) -> u64 {
        super::lock::size_of(&self.index_folder())
    }
}
