//! Cached answers to searches, because arXiv's data changes once a day.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::negative_cache::{parse_time, rfc3339};
use super::store::{Durability, find_row};
use super::{Error, Library};
use crate::model::id::ArxivId;

/// Size of the cache. The oldest entries are evicted first.
const MAX_ENTRIES: u32 = 1000;

/// arXiv's answer to a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedSearch {
    /// Time of the answer, UTC.
    pub searched_at: DateTime<Utc>,
    /// Number of matches at arXiv.
    pub total: u64,
    /// The papers that were received, in arXiv's order.
    pub ids: Vec<ArxivId>,
}

impl Library {
    /// The cached answer to a search. The key is the URL of its request.
    pub fn cached_search(&self, url: &str) -> Result<Option<CachedSearch>, Error> {
        self.read(|db| {
            find_row(
                db,
                "SELECT asked, total, ids FROM searches WHERE url = ?1",
                params![url],
                |row| {
                    let ids: String = row.get(2)?;
                    Ok(CachedSearch {
                        searched_at: parse_time(&row.get::<_, String>(0)?)?,
                        total: row.get(1)?,
                        ids: ids
                            .split_whitespace()
                            .filter_map(|id| ArxivId::parse(id).ok())
                            .collect(),
                    })
                },
            )
        })
    }

    /// Stores the answer to a search.
    pub fn cache_search(&mut self, url: &str, answer: &CachedSearch) -> Result<(), Error> {
        let ids: Vec<String> = answer.ids.iter().map(ToString::to_string).collect();
        self.write(Durability::Normal, |db| {
            db.execute(
                "INSERT OR REPLACE INTO searches VALUES (?1, ?2, ?3, ?4)",
                params![url, rfc3339(answer.searched_at), answer.total, ids.join(" ")],
            )?;
            db.execute(
                "DELETE FROM searches WHERE url NOT IN (SELECT url FROM searches ORDER BY asked DESC LIMIT ?1)",
                params![MAX_ENTRIES],
            )?;
            Ok(())
        })
    }
}
