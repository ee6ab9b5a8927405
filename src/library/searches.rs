//! Searches that arXiv answered, so that the same one is not asked twice in a day.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::negative_cache::{rfc3339, time};
use super::store::Sync;
use super::{Error, Library};
use crate::model::id::ArxivId;

/// So many answers are remembered; the oldest go first.
const REMEMBERED: u32 = 1000;

/// What arXiv answered to a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedSearch {
    /// When.
    pub asked: DateTime<Utc>,
    /// How many papers match at arXiv.
    pub total: u64,
    /// Those that came, in arXiv's order.
    pub ids: Vec<ArxivId>,
}

impl Library {
    /// The answer to a search, named by its URL.
    pub fn cached_search(&self, url: &str) -> Result<Option<CachedSearch>, Error> {
        self.read(|db| {
            db.query_row(
                "SELECT asked, total, ids FROM searches WHERE url = ?1",
                params![url],
                |row| {
                    let ids: String = row.get(2)?;
                    Ok(CachedSearch {
                        asked: time(&row.get::<_, String>(0)?)?,
                        total: row.get(1)?,
                        ids: ids
                            .split_whitespace()
                            .filter_map(|id| ArxivId::parse(id).ok())
                            .collect(),
                    })
                },
            )
            .optional()
        })
    }

    /// Remembers the answer to a search.
    pub fn cache_search(&mut self, url: &str, answer: &CachedSearch) -> Result<(), Error> {
        let ids: Vec<String> = answer.ids.iter().map(ToString::to_string).collect();
        self.write(Sync::Normal, |db| {
            db.execute(
                "INSERT OR REPLACE INTO searches VALUES (?1, ?2, ?3, ?4)",
                params![url, rfc3339(answer.asked), answer.total, ids.join(" ")],
            )?;
            db.execute(
                "DELETE FROM searches WHERE url NOT IN (SELECT url FROM searches ORDER BY asked DESC LIMIT ?1)",
                params![REMEMBERED],
            )?;
            Ok(())
        })
    }
}
