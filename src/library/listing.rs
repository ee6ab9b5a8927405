//! Lists of what is held, in order, page by page.

use std::collections::{BTreeMap, VecDeque};

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::index::{self, Order};
use super::records::{COLUMNS, held};
use super::store::{Answer, damaged};
use super::{Error, Library, Scope};
use crate::model::event::Event;
use crate::model::paper::Paper;
use crate::model::query::{Field, Query};
use crate::model::selection::{Decision, Selection, Sort};
use crate::model::text;

/// So many records are read at a time. Each page is a read of its own, so that a slow reader of the output keeps no
/// write-ahead log from being cleared.
const PAGE: usize = 200;

/// Which papers of what is held.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Of what.
    pub scope: Scope,
    /// With these words.
    pub words: Option<&'a Query>,
    /// Filters, order and limit. [`Sort::Relevance`] counts only with words.
    pub selection: &'a Selection,
    /// Puts on a record what is known of its paper elsewhere (the catalogs), for filters and for the output.
    pub annotate: &'a dyn Fn(&mut Paper),
}

/// Papers on their way out.
pub struct Listing<'a> {
    library: &'a Library,
    wanted: Wanted<'a>,
    /// Whether each record must be looked at, since a filter asks for what neither index nor columns know.
    verified: bool,
    source: Source,
    page: VecDeque<Paper>,
    given: usize,
    /// How many match; none where that is known only at the end.
    pub matched: Option<u64>,
    /// No more than so many match, where the search index says so.
    pub at_most: Option<u64>,
    /// Changes of the database that the search index does not have yet: another process is at it.
    pub behind: u64,
    undecided: BTreeMap<&'static str, u64>,
}

enum Source {
    /// The table `chosen`, from this place on.
    Table(i64),
    Keys(std::vec::IntoIter<i64>),
}

impl Library {
    /// The papers that are wanted. Search words, and filters by category, author and title, are asked of the search
    /// index, which is brought up first and tells of it.
    pub fn list<'a>(
        &'a self,
        wanted: Wanted<'a>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Listing<'a>, Error> {
        let selection = wanted.selection;
        let several_words = |name: &String| text::words(name).len() > 1;
        let verified = selection.area.is_some()
            || !selection.texts.is_empty()
            || selection.authors.iter().any(several_words)
            || wanted.words.is_some_and(index::must_be_read);
        let mut listing = Listing {
            library: self,
            wanted,
            verified,
            source: Source::Table(0),
            page: VecDeque::new(),
            given: 0,
            matched: None,
            at_most: None,
            behind: 0,
            undecided: BTreeMap::new(),
        };
        let by_index = wanted.words.is_some()
            || !(selection.categories.is_empty()
                && selection.authors.is_empty()
                && selection.titles.is_empty());
        if by_index {
            listing.ask(observe)?;
        } else {
            listing.choose()?;
        }
        Ok(listing)
    }
}

impl Listing<'_> {
    /// Filters that could not be decided for want of a fact: its key, and how many papers were left out for it so far.
    pub fn undecided(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.undecided.iter().map(|(key, count)| (*key, *count))
    }

    /// The next paper.
    pub fn next_paper(&mut self) -> Result<Option<Paper>, Error> {
        let selection = self.wanted.selection;
        loop {
            if selection.limit.is_some_and(|limit| self.given >= limit) {
                return Ok(None);
            }
            if self.page.is_empty() && !self.turn_page()? {
                self.matched = self.matched.or(Some(self.given as u64));
                return Ok(None);
            }
            let Some(mut paper) = self.page.pop_front() else {
                continue;
            };
            (self.wanted.annotate)(&mut paper);
            if self.verified {
                if self.wanted.words.is_some_and(|words| !index::has(&paper, words)) {
                    continue;
                }
                match selection.matches(&paper) {
                    Decision::Yes => {}
                    Decision::No => continue,
                    Decision::Unknown(key) => {
                        *self.undecided.entry(key).or_default() += 1;
                        continue;
                    }
                }
            }
            self.given += 1;
            return Ok(Some(paper));
        }
    }

    /// So many at most need be chosen: a filter that looks at each record may throw some out.
    fn limit(&self) -> Option<usize> {
        self.wanted.selection.limit.filter(|_| !self.verified)
    }

    fn ask(&mut self, observe: &mut dyn FnMut(Event)) -> Result<(), Error> {
        let selection = self.wanted.selection;
        let oldest = selection.reverse;
        let order = match selection.sort {
            Sort::Relevance if self.wanted.words.is_some_and(ranks) => Order::Relevance,
            Sort::Date | Sort::Relevance => Order::Published { oldest },
            Sort::Updated => Order::Updated { oldest },
            Sort::Id | Sort::Title => Order::Any,
        };
        let answer = self.library.ask(
            &index::Wanted {
                scope: self.wanted.scope,
                words: self.wanted.words,
                selection,
                order,
                limit: self.limit(),
            },
            observe,
        )?;
        self.matched = Some(answer.matched).filter(|_| !self.verified);
        self.at_most = Some(answer.matched);
        self.behind = answer.behind;
        self.undecided.extend(answer.undecided);
        let mut keys = answer.keys;
        match selection.sort {
            Sort::Title => self.library.asked(|db| order_by_title(db, &keys, oldest))?,
            Sort::Id | Sort::Relevance if oldest && matches!(order, Order::Any | Order::Relevance) => {
                keys.reverse();
                self.source = Source::Keys(keys.into_iter());
            }
            _ => self.source = Source::Keys(keys.into_iter()),
        }
        Ok(())
    }

    fn choose(&mut self) -> Result<(), Error> {
        let (chosen, counted) = (self.limit(), self.limit().is_some());
        let (selection, scope) = (self.wanted.selection, self.wanted.scope);
        let (verified, library) = (self.verified, self.library);
        let (matched, lacking) = library.asked(|db| {
            let filter = Filter::new(db, selection, verified, scope)?;
            let inserted = filter.fill(db, order(selection), chosen)?;
            let matched = if counted { filter.count(db)? } else { inserted };
            Ok((matched, filter.lacking(db, selection)?))
        })?;
        self.matched = Some(matched).filter(|_| !verified);
        if lacking > 0 && !verified {
            self.undecided.insert("published", lacking);
        }
        Ok(())
    }

    /// Whether there was another page.
    fn turn_page(&mut self) -> Result<bool, Error> {
        let library = self.library;
        let (papers, more) = match &mut self.source {
            Source::Table(place) => {
                let (papers, last) = library.asked(|db| from_table(db, *place))?;
                let more = last.is_some();
                *place = last.unwrap_or(*place);
                (papers, more)
            }
            Source::Keys(keys) => {
                let some: Vec<i64> = keys.take(PAGE).collect();
                (library.asked(|db| by_key(db, &some))?, !some.is_empty())
            }
        };
        self.page.extend(papers);
        Ok(more)
    }
}

/// Whether words say how well a paper matches, and not only whether.
fn ranks(words: &Query) -> bool {
    match words {
        Query::Text { field, .. } => *field != Field::Category,
        Query::All(parts) | Query::Any(parts) => parts.iter().any(ranks),
        Query::Not(_) => false,
    }
}

/// What SQL can decide.
struct Filter {
    from: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    fn new(db: &Connection, selection: &Selection, verified: bool, scope: Scope) -> Answer<Self> {
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
    fn fill(&self, db: &Connection, order: &str, limit: Option<usize>) -> Answer<u64> {
        prepare_chosen(db)?;
        let limit = limit.map_or(String::new(), |limit| format!(" LIMIT {limit}"));
        let sql = format!(
            "INSERT INTO temp.chosen (key) SELECT papers.key {} ORDER BY {order}{limit}",
            self.sql()
        );
        let inserted = db.execute(&sql, params_from_iter(&self.values))?;
        Ok(inserted as u64)
    }

    fn count(&self, db: &Connection) -> Answer<u64> {
        db.query_row(
            &format!("SELECT count(*) {}", self.sql()),
            params_from_iter(&self.values),
            |row| row.get(0),
        )
    }

    /// How many papers have no date, where a date was asked for.
    fn lacking(&self, db: &Connection, selection: &Selection) -> Answer<u64> {
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
fn order(selection: &Selection) -> &'static str {
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

fn order_by_title(db: &Connection, keys: &[i64], reverse: bool) -> Answer<()> {
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

/// A page of the table: its papers, and the last place, where there was any.
fn from_table(db: &Connection, after: i64) -> Answer<(Vec<Paper>, Option<i64>)> {
    let sql = format!(
        "SELECT {COLUMNS}, place FROM temp.chosen CROSS JOIN papers ON papers.key = chosen.key
         WHERE place > ?1 ORDER BY place LIMIT ?2"
    );
    let mut page = db.prepare_cached(&sql)?;
    let mut rows = page.query(params![after, PAGE])?;
    let (mut papers, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        papers.push(held(db, row)?.paper);
        last = Some(row.get(4)?);
    }
    Ok((papers, last))
}

fn by_key(db: &Connection, keys: &[i64]) -> Answer<Vec<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE key = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut papers = Vec::with_capacity(keys.len());
    for key in keys {
        let mut rows = statement.query(params![key])?;
        // One that was taken out meanwhile is gone.
        if let Some(row) = rows.next()? {
            papers.push(held(db, row)?.paper);
        }
    }
    Ok(papers)
}

/// What a title is ordered by, for SQL.
pub(super) fn add_functions(db: &Connection) -> Answer<()> {
    #[derive(serde::Deserialize)]
    struct Titled {
        title: String,
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("folded_title", 1, flags, |arguments| {
        let record = arguments.get_raw(0).as_str().map_err(damaged)?;
        let titled: Titled = serde_json::from_str(record).map_err(damaged)?;
        Ok(text::fold(&titled.title))
    })
}
