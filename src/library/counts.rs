//! Counts of papers by date or category, without reading their records.

use std::collections::HashMap;

use rusqlite::params_from_iter;

use super::list_sql::SqlFilter;
use super::{Error, Library, Scope};
use crate::model::selection::Selection;

/// What papers are counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CountKey {
    /// Year of the first submission: `2025`.
    Year,
    /// Month of the first submission: `2025-01`.
    Month,
    /// Every category of a paper.
    Category,
    /// The primary category of a paper.
    PrimaryCategory,
}

/// Numbers of papers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PaperCounts {
    /// By key; `None` for papers that lack it.
    pub by_key: HashMap<Option<String>, u64>,
    /// Number of papers.
    pub papers: u64,
    /// Papers that were left out because a date filter needs their date and they have none.
    pub without_date: u64,
}

impl Library {
    /// Counts papers from the columns of the database or from the search index. Returns `None` if that is not possible:
    /// the selection has other filters than dates and tags, or the index needed for categories is not up to date.
    pub fn count_by(
        &self,
        key: CountKey,
        scope: Scope,
        selection: &Selection,
    ) -> Result<Option<PaperCounts>, Error> {
        let by_columns = selection.categories.is_empty()
            && selection.authors.is_empty()
            && selection.titles.is_empty()
            && selection.area.is_none();
        match key {
            _ if !by_columns => Ok(None),
            CountKey::Year => self.count_by_date(4, scope, selection).map(Some),
            CountKey::Month => self.count_by_date("2025-01".len(), scope, selection).map(Some),
            CountKey::Category | CountKey::PrimaryCategory => {
                self.count_by_category(key == CountKey::PrimaryCategory, scope, selection)
            }
        }
    }

    /// Counts by the first characters of the date, which an index of the database covers.
    fn count_by_date(
        &self,
        length: usize,
        scope: Scope,
        selection: &Selection,
    ) -> Result<PaperCounts, Error> {
        self.read(|db| {
            let filter = SqlFilter::new(db, selection, false, scope)?;
            let sql = format!(
                "SELECT substr(published, 1, {length}), count(*) {} GROUP BY 1",
                filter.sql()
            );
            let mut statement = db.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(filter.values()))?;
            let mut counts = PaperCounts {
                without_date: filter.without_date(db, selection)?,
                ..PaperCounts::default()
            };
            while let Some(row) = rows.next()? {
                let (key, count): (Option<String>, u64) = (row.get(0)?, row.get(1)?);
                counts.papers += count;
                counts.by_key.insert(key, count);
            }
            Ok(counts)
        })
    }
}
