//! Compares the index with the database for `doctor`.

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

/// State of the search index relative to the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IndexHealth {
    /// There is no index, or the next search rebuilds it because it belongs to another library or schema.
    Missing,
    /// The index agrees with the database, apart from changes that the next search adds.
    Consistent {
        /// Number of those changes.
        behind: u64,
    },
    /// The index is damaged or holds other papers than the database; the text says which.
    Damaged(String),
}

impl Library {
    /// Validates the checksums of the index and compares its set of papers with the database's.
    pub fn check_index(&self) -> Result<IndexHealth, Error> {
        let Some((index, revision)) = self.existing_index()? else {
            return Ok(IndexHealth::Missing);
        };
        if !is_sound(&index) {
            return Ok(IndexHealth::Damaged("its files are damaged".to_owned()));
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
            return Ok(IndexHealth::Damaged("it cannot be read".to_owned()));
        };
        let missing = self.read(|db| {
            let mut missing = 0_u64;
            let mut papers = db.prepare("SELECT key, created <= ?1 FROM papers")?;
            let mut rows = papers.query(params![revision])?;
            while let Some(row) = rows.next()? {
                let (key, expected): (i64, bool) = (row.get(0)?, row.get(1)?);
                // A record that cannot be read is in no index.
                if !left.remove(&key) && expected && is_readable(db, key)? {
                    missing += 1;
                }
            }
            // Papers that were removed after this revision are still in the index.
            let mut gone = db.prepare("SELECT key FROM gone WHERE revision > ?1")?;
            let mut rows = gone.query(params![revision])?;
            while let Some(row) = rows.next()? {
                left.remove(&row.get(0)?);
            }
            Ok(missing)
        })?;
        if missing > 0 || !left.is_empty() {
            return Ok(IndexHealth::Damaged(format!(
                "{missing} papers are missing in it, {} are too many",
                left.len()
            )));
        }
        Ok(IndexHealth::Consistent {
            behind: self.changes(revision)?,
        })
    }

    /// Rebuilds the search index.
    pub fn rebuild_index(&self, observe: &mut dyn FnMut(crate::model::event::Event)) -> Result<(), Error> {
        self.rebuild(observe).map(drop)
    }

    /// Size of the search index in bytes.
    #[must_use]
    pub fn index_size(&self) -> u64 {
        super::lock::size_of(&self.index_folder())
    }
}
