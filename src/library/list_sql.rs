//! SQL of lists: filters, order and pages.

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params, params_from_iter};

use super::Scope;
use super::records::{COLUMNS, stored_record};
use super::store::{DbError, DbResult, find_row, single_value};
use crate::model::paper::Paper;
use crate::model::selection::{Selection, Sort};
use crate::model::text;

/// Rows per page. Each page is a read transaction of its own, so that a slow reader of the output (`| less`) does not
/// keep the write-ahead log from being truncated.
pub(super) const PAGE: usize = 200;

/// The filters that SQL can decide.
pub(super) struct SqlFilter {
    from: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl SqlFilter {
    pub(super) fn new(db: &Connection, selection: &Selection, verify: bool, scope: Scope) -> DbResult<Self> {
        let mut filter = Self {
            from: match scope {
                Scope::Library => "kept JOIN papers USING (key)",
                Scope::Mirror => "papers",
            },
            conditions: Vec::new(),
            values: Vec::new(),
        };
        // If each record is verify, that is where missing dates are counted.
        let or_missing = if verify { " OR published IS NULL" } else { "" };
        if let Some(since) = selection.since {
            filter.conditions.push(format!("(published >= ?{or_missing})"));
            filter.values.push(since.to_string().into());
        }
        if let Some(until) = selection.until {
            filter.conditions.push(format!("(published < ?{or_missing})"));
            let after = until.succ_opt().unwrap_or(until);
            filter.values.push(after.to_string().into());
        }
        for wanted in &selection.tags {
            let spellings = spellings(db, wanted)?;
            let marks = vec!["?"; spellings.len()].join(", ");
            filter.conditions.push(format!(
                "EXISTS (SELECT * FROM tags WHERE tags.key = papers.key AND tag IN ({marks}))"
            ));
            filter.values.extend(spellings.into_iter().map(Value::from));
        }
        Ok(filter)
    }

    pub(super) fn sql(&self) -> String {
        let from = self.from;
        if self.conditions.is_empty() {
            return format!("FROM {from}");
        }
        format!("FROM {from} WHERE {}", self.conditions.join(" AND "))
    }

    /// Values of the parameters in [`Self::sql`].
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }

    /// Inserts the keys of the matching papers into `temp.chosen` in order and returns their number.
    pub(super) fn fill(&self, db: &Connection, order: &str, limit: Option<usize>) -> DbResult<u64> {
        prepare_chosen(db)?;
        let limit = limit.map_or(String::new(), |limit| format!(" LIMIT {limit}"));
        let sql = format!(
            "INSERT INTO temp.chosen (key) SELECT papers.key {} ORDER BY {order}{limit}",
            self.sql()
        );
        let inserted = db.execute(&sql, params_from_iter(&self.values))?;
        Ok(inserted as u64)
    }

    pub(super) fn count(&self, db: &Connection) -> DbResult<u64> {
        let sql = format!("SELECT count(*) {}", self.sql());
        single_value(db, &sql, params_from_iter(&self.values))
    }

    /// Number of papers that have no date, if the selection filters by date.
    pub(super) fn without_date(&self, db: &Connection, selection: &Selection) -> DbResult<u64> {
        let dated = usize::from(selection.since.is_some()) + usize::from(selection.until.is_some());
        if dated == 0 {
            return Ok(0);
        }
        let mut conditions = self.conditions.get(dated..).unwrap_or_default().to_vec();
        conditions.push("published IS NULL".to_owned());
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            self.from,
            conditions.join(" AND ")
        );
        let values = self.values.get(dated..).unwrap_or_default();
        single_value(db, &sql, params_from_iter(values))
    }
}

/// The order of [`Selection::compare`]: papers without the sort key come last, also in reverse.
pub(super) fn order(selection: &Selection) -> &'static str {
    match (selection.sort, selection.reverse) {
        (Sort::Date | Sort::Relevance, false) => "published DESC, papers.key DESC",
        (Sort::Date | Sort::Relevance, true) => "published ASC NULLS LAST, papers.key ASC",
        (Sort::Updated, false) => "updated DESC, papers.key DESC",
        (Sort::Updated, true) => "updated ASC NULLS LAST, papers.key ASC",
        (Sort::Id, false) => "papers.key DESC",
        (Sort::Id, true) => "papers.key ASC",
        (Sort::Title, false) => "folded_title(record) ASC, papers.key DESC",
        (Sort::Title, true) => "folded_title(record) DESC, papers.key ASC",
    }
}

/// All spellings of a tag that differ in case or accents only.
fn spellings(db: &Connection, wanted: &str) -> DbResult<Vec<String>> {
    db.prepare_cached("SELECT DISTINCT tag FROM tags WHERE folded = ?1")?
        .query_and_then(params![text::fold(wanted)], |row| Ok(row.get(0)?))?
        .collect()
}

/// Creates an empty temporary table for keys in order. It belongs to this connection and spills to disk.
fn prepare_chosen(db: &Connection) -> DbResult<()> {
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS chosen (place INTEGER PRIMARY KEY, key INTEGER NOT NULL);
         DELETE FROM temp.chosen;",
    )?;
    Ok(())
}

pub(super) fn order_by_title(db: &Connection, keys: &[i64], reverse: bool) -> DbResult<()> {
    prepare_chosen(db)?;
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS found (key INTEGER PRIMARY KEY); DELETE FROM temp.found;",
    )?;
    let filling = db.unchecked_transaction()?;
    for key in keys {
        db.prepare_cached("INSERT INTO temp.found VALUES (?1)")?
            .execute(params![key])?;
    }
    let order = if reverse {
        "DESC, papers.key ASC"
    } else {
        "ASC, papers.key DESC"
    };
    db.execute_batch(&format!(
        "INSERT INTO temp.chosen (key) SELECT papers.key FROM temp.found JOIN papers USING (key)
         ORDER BY folded_title(record) {order}"
    ))?;
    filling.commit()?;
    Ok(())
}

/// Keys of the page after this position, and the position of the last one.
pub(super) fn page(db: &Connection, after: i64) -> DbResult<(Vec<i64>, Option<i64>)> {
    let mut page =
        db.prepare_cached("SELECT key, place FROM temp.chosen WHERE place > ?1 ORDER BY place LIMIT ?2")?;
    let mut rows = page.query(params![after, PAGE])?;
    let (mut keys, mut last) = (Vec::with_capacity(PAGE), None);
    while let Some(row) = rows.next()? {
        keys.push(row.get(0)?);
        last = Some(row.get(1)?);
    }
    Ok((keys, last))
}

/// Reads papers by key, and counts those whose record cannot be read.
pub(super) fn by_key(db: &Connection, keys: &[i64]) -> DbResult<(Vec<Paper>, u64)> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE key = ?1");
    let mut papers = Vec::with_capacity(keys.len());
    let mut unreadable = 0;
    for key in keys {
        match find_row(db, &sql, params![key], |row| stored_record(db, row)) {
            Ok(Some(stored)) => papers.push(stored.paper),
            // The paper was removed in the meantime.
            Ok(None) => {}
            Err(DbError::Damaged(_)) => unreadable += 1,
            Err(DbError::Sqlite(error)) if is_page_damage(&error) => unreadable += 1,
            Err(error) => return Err(error),
        }
    }
    Ok((papers, unreadable))
}

/// Whether a page of the database file is damaged; other pages may be intact.
fn is_page_damage(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}
