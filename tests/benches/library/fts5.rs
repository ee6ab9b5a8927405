//! The same rows in SQLite's FTS5.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, named_params};
use serde::Deserialize;

/// How many records are parsed at once before the clock for loading goes on.
const BATCH: usize = 20_000;

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow, rename = "abstract")]
    summary: Cow<'a, str>,
    #[serde(borrow)]
    categories: Cow<'a, str>,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    created: String,
}

pub struct Fts5(Connection);

/// How long it took to read and parse the file, and to load title and abstract of its rows.
pub struct Loaded {
    pub parsing: Duration,
    pub loading: Duration,
    pub rows: u32,
}

/// Days and a category to filter by.
#[derive(Clone, Copy)]
pub struct Filter {
    pub since: &'static str,
    pub until: &'static str,
    pub category: &'static str,
}

impl Fts5 {
    /// Loads title and abstract in one transaction, on SQLite's defaults.
    pub fn load(corpus: &Path, database: &Path) -> (Self, Loaded) {
        let connection = Connection::open(database).expect("a database");
        let table = "create virtual table texts using fts5(title, abstract, tokenize = 'porter unicode61')";
        connection.execute_batch(table).expect("SQLite has FTS5");
        let mut loaded = Loaded {
            parsing: Duration::ZERO,
            loading: Duration::ZERO,
            rows: 0,
        };
        let whole = Instant::now();
        connection.execute_batch("begin").expect("a transaction");
        batches(corpus, |lines| {
            let rows: Vec<Row> = lines.iter().map(|line| row(line)).collect();
            let start = Instant::now();
            let mut insert = connection
                .prepare_cached("insert into texts (rowid, title, abstract) values (?1, ?2, ?3)")
                .expect("a statement");
            for row in &rows {
                loaded.rows += 1;
                insert
                    .execute((loaded.rows, &row.title, &row.summary))
                    .expect("a row is inserted");
            }
            loaded.loading += start.elapsed();
        });
        let start = Instant::now();
        connection
            .execute_batch("commit")
            .expect("the transaction is committed");
        loaded.loading += start.elapsed();
        loaded.parsing = whole.elapsed().saturating_sub(loaded.loading);
        (Self(connection), loaded)
    }

    /// Adds the plain table of what is printed and filtered; no part of the load that is compared.
    pub fn add_papers(&self, corpus: &Path) {
        let table = "create table papers (row integer primary key, id text, published text, categories text, title text)";
        self.0.execute_batch(&format!("{table}; begin")).expect("a table");
        let mut number = 0_u32;
        batches(corpus, |lines| {
            let mut insert = self
                .0
                .prepare_cached("insert into papers values (?1, ?2, ?3, ?4, ?5)")
                .expect("a statement");
            for row in lines.iter().map(|line| row(line)) {
                number += 1;
                let created = row.versions.first().map_or("", |version| &version.created);
                let day =
                    chrono::DateTime::parse_from_rfc2822(created).map(|time| time.date_naive().to_string());
                let categories = format!(" {} ", row.categories);
                let values = (number, &row.id, day.unwrap_or_default(), categories, &row.title);
                insert.execute(values).expect("a row is inserted");
            }
        });
        self.0
            .execute_batch("commit")
            .expect("the transaction is committed");
    }

    /// The best twenty by bm25, read to the end, on a connection that is open and a statement that is prepared.
    pub fn time(&self, query: &str, filter: Option<Filter>) -> (usize, Duration) {
        let filtered = match filter {
            Some(_) => {
                "and p.published between :since and :until and p.categories like '% ' || :category || ' %'"
            }
            None => "and :since = '' and :until = '' and :category = ''",
        };
        let select = format!(
            "select p.id, p.published, p.categories, p.title from texts join papers p on p.row = texts.rowid \
             where texts match :query {filtered} order by rank limit 20"
        );
        let mut statement = self.0.prepare_cached(&select).expect("a statement");
        let filter = filter.unwrap_or(Filter {
            since: "",
            until: "",
            category: "",
        });
        let values = named_params! {
            ":query": query, ":since": filter.since, ":until": filter.until, ":category": filter.category,
        };
        let start = Instant::now();
        let mut rows = statement.query(values).expect("a query");
        let mut found = 0;
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..4 {
                std::hint::black_box(row.get_ref(column).expect("a value"));
            }
            found += 1;
        }
        (found, start.elapsed())
    }

    /// How many rows match.
    pub fn count(&self, query: &str) -> u32 {
        let count = "select count(*) from texts where texts match ?1";
        self.0
            .query_row(count, [query], |row| row.get(0))
            .expect("a count")
    }

    /// One paper by its number.
    pub fn time_row(&self, number: u32) -> Duration {
        let mut statement = self
            .0
            .prepare_cached("select * from papers where row = ?1")
            .expect("a statement");
        let start = Instant::now();
        let title: String = statement.query_row([number], |row| row.get(4)).expect("a row");
        std::hint::black_box(title);
        start.elapsed()
    }
}

fn row(line: &str) -> Row<'_> {
    serde_json::from_str(line).expect("a record of the corpus")
}

/// The lines of a file, in batches of this many.
fn batches(corpus: &Path, mut each: impl FnMut(&[String])) {
    let file = File::open(corpus).expect("the corpus");
    let mut lines = BufReader::with_capacity(1 << 20, file)
        .lines()
        .map(|line| line.expect("a line of the corpus"));
    loop {
        let batch: Vec<String> = lines.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        each(&batch);
    }
}
