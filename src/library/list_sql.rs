//! What SQL chooses for a list: its filters, its order, its pages.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params, params_from_iter};

use super::Scope;
use super::records::{COLUMNS, held};
use super::store::{Answer, is_of_a_row};
use crate::model::paper::Paper;
use crate::model::selection::{Selection, Sort};
use crate::model::text;

/// So many records are read at a time. Each page is a read of its own, so that a slow reader of the output keeps no
/// write-ahead log from being cleared.
pub(super) const PAGE: usize = 200;

/// What SQL can decide.
pub(super) struct Filter {
    from: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    pub(super) fn new(db: &Connection, selection: &Selection, verified: bool, scope: Scope) -> Answer<Self> {
        let mut filter = Self {
            from: match scope {
                Scope::Library => "kept JOIN papers USING (key)",
                Scope::Mirror => "papers",
            },
            conditions: Vec::new(),
            values: Vec::new(),
        };
        // Where each record is looked at, it is then that a missing date is counted.
        let or_missing = if verified { " OR published IS NULL" } else { "" };
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

    fn sql(&self) -> String {
        let from = self.from;
        if self.conditions.is_empty() {
            return format!("FROM {from}");
        }
        format!("FROM {from} WHERE {}", self.conditions.join(" AND "))
    }

    /// Puts the papers' numbers into `chosen`, in order; how many.
    pub(super) fn fill(&self, db: &Connection, order: &str, limit: Option<usize>) -> Answer<u64> {
        prepare_chosen(db)?;
        let limit = limit.map_or(String::new(), |limit| format!(" LIMIT {limit}"));
        let sql = format!(
            "INSERT INTO temp.chosen (key) SELECT papers.key {} ORDER BY {order}{limit}",
            self.sql()
        );
        let inserted = db.execute(&sql, params_from_iter(&self.values))?;
        Ok(inserted as u64)
    }

    pub(super) fn count(&self, db: &Connection) -> Answer<u64> {
        db.query_row(
            &format!("SELECT count(*) {}", self.sql()),
            params_from_iter(&self.values),
            |row| row.get(0),
        )
    }

    /// How many papers have no date, where a date was asked for.
    pub(super) fn lacking(&self, db: &Connection, selection: &Selection) -> Answer<u64> {
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
        db.query_row(&sql, params_from_iter(values), |row| row.get(0))
    }
}

/// As [`Selection::compare`] orders: what lacks the key comes last, also in reverse.
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

/// The tags that are the wanted one, however they are spelt.
fn spellings(db: &Connection, wanted: &str) -> Answer<Vec<String>> {
    let wanted = text::fold(wanted);
    let mut tags = db.prepare_cached("SELECT DISTINCT tag FROM tags")?;
    let all = tags.query_map([], |row| row.get::<_, String>(0))?;
    all.filter(|tag| tag.as_ref().map_or(true, |tag| text::fold(tag) == wanted))
        .collect()
}

/// An empty table of papers in order, on the disk where it grows large, and this connection's own.
fn prepare_chosen(db: &Connection) -> Answer<()> {
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS chosen (place INTEGER PRIMARY KEY, key INTEGER NOT NULL);
         DELETE FROM temp.chosen;",
    )
}

pub(super) fn order_by_title(db: &Connection, keys: &[i64], reverse: bool) -> Answer<()> {
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
    filling.commit()
}

/// The papers' numbers on a page of the table after this place, and the last place, where there was any.
pub(super) fn page(db: &Connection, after: i64) -> Answer<(Vec<i64>, Option<i64>)> {
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

/// The papers of these numbers, and how many of them cannot be read.
pub(super) fn by_key(db: &Connection, keys: &[i64]) -> Answer<(Vec<Paper>, u64)> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE key = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut papers = Vec::with_capacity(keys.len());
    let mut unreadable = 0;
    for key in keys {
        let found = statement.query_row(params![key], |row| held(db, row)).optional();
        match found {
            Ok(Some(held)) => papers.push(held.paper),
            // One that was taken out meanwhile is gone.
            Ok(None) => {}
            Err(error) if is_of_a_row(&error) || is_damage(&error) => unreadable += 1,
            Err(error) => return Err(error),
        }
    }
    Ok((papers, unreadable))
}

/// Whether a page of the database is broken; other pages may be whole.
fn is_damage(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}

/// What a title is ordered by, for SQL; nothing where the record cannot be read.
pub(super) fn add_functions(db: &Connection) -> Answer<()> {
    #[derive(serde::Deserialize)]
    struct Titled {
        title: String,
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("folded_title", 1, flags, |arguments| {
        let record = arguments.get_raw(0).as_str().unwrap_or_default();
        let titled: Option<Titled> = serde_json::from_str(record).ok();
        Ok(titled.map(|titled| text::fold(&titled.title)))
    })
}
