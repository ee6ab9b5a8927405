//! What the user made of papers: kept, tagged, noted, removed, brought back.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::store::{Answer, Revision, Sync};
use super::{Error, Library, Scope};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::UserData;
use crate::model::text;

impl Library {
    /// The papers that are held, newest identifier first.
    pub fn ids(&self, scope: Scope) -> Result<Vec<ArxivId>, Error> {
        let sql = match scope {
            Scope::Library => "SELECT key FROM kept JOIN papers USING (key) ORDER BY key DESC",
            Scope::Mirror => "SELECT key FROM papers ORDER BY key DESC",
        };
        self.read(|db| {
            db.prepare(sql)?
                .query_map([], |row| row.get(0))?
                .filter_map(|key| key.map(ArxivId::unpacked).transpose())
                .collect()
        })
    }

    /// Whether the user kept a paper.
    pub fn is_kept(&self, id: ArxivId) -> Result<bool, Error> {
        self.read(|db| {
            db.prepare_cached("SELECT EXISTS (SELECT * FROM kept WHERE key = ?1)")?
                .query_row(params![id.packed()], |row| row.get(0))
        })
    }

    /// Keeps papers that are held; since now, unless they are kept already.
    pub fn keep(&mut self, ids: &[ArxivId], now: DateTime<Utc>) -> Result<(), Error> {
        self.write(Sync::Full, |db| {
            let mut revision = Revision::new(db);
            for id in ids {
                if keep(db, id.packed(), now)? {
                    touch(db, id.packed(), &mut revision)?;
                }
            }
            Ok(())
        })
    }

    /// Tags papers, and so keeps them. Gives those that had the tag already. Tags that differ in case or accents only
    /// are one, spelled as it was first.
    pub fn tag(&mut self, tag: &str, ids: &[ArxivId], now: DateTime<Utc>) -> Result<Vec<ArxivId>, Error> {
        self.write(Sync::Full, |db| {
            let mut revision = Revision::new(db);
            let tag = spelling(db, tag)?;
            let mut had = Vec::new();
            for id in ids {
                let kept = keep(db, id.packed(), now)?;
                let tagged = add_tag(db, id.packed(), &tag)?;
                if kept || tagged {
                    touch(db, id.packed(), &mut revision)?;
                }
                if !tagged {
                    had.push(*id);
                }
            }
            Ok(had)
        })
    }

    /// Takes a tag away, however its case and accents are typed. Gives those that did not have it.
    pub fn untag(&mut self, tag: &str, ids: &[ArxivId]) -> Result<Vec<ArxivId>, Error> {
        self.write(Sync::Full, |db| {
            let mut revision = Revision::new(db);
            let mut lacked = Vec::new();
            for id in ids {
                let own = same_tag(db, id.packed(), tag)?;
                if let Some(own) = own {
                    db.prepare_cached("DELETE FROM tags WHERE key = ?1 AND tag = ?2")?
                        .execute(params![id.packed(), own])?;
                    touch(db, id.packed(), &mut revision)?;
                } else {
                    lacked.push(*id);
                }
            }
            Ok(lacked)
        })
    }

    /// Every tag with the number of its papers, in alphabetical order.
    pub fn tags(&self) -> Result<Vec<(String, u64)>, Error> {
        let spelled: Vec<(String, u64)> = self.read(|db| {
            db.prepare("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        let mut tags: BTreeMap<String, (String, u64)> = BTreeMap::new();
        for (tag, count) in spelled {
            // A paper has no tag in two spellings.
            tags.entry(text::fold(&tag)).or_insert((tag, 0)).1 += count;
        }
        Ok(tags.into_values().collect())
    }

    /// Papers that are tagged and whose record is not held, newest identifier first: no list has them.
    pub fn tagged_without_record(&self) -> Result<Vec<ArxivId>, Error> {
        self.read(|db| {
            db.prepare(
                "SELECT DISTINCT key FROM tags WHERE key NOT IN (SELECT key FROM papers) ORDER BY key DESC",
            )?
            .query_map([], |row| row.get(0))?
            .filter_map(|key| key.map(ArxivId::unpacked).transpose())
            .collect()
        })
    }

    /// What the user made of a paper, whether its record is held or not; none where it is not kept.
    pub fn user_data(&self, id: ArxivId) -> Result<Option<UserData>, Error> {
        self.read(|db| of(db, id.packed()))
    }

    /// A paper's note.
    pub fn note(&self, id: ArxivId) -> Result<Option<String>, Error> {
        self.read(|db| note_of(db, id.packed()))
    }

    /// Makes another note of a paper's (an empty one is none), and so keeps the paper. `next` is told the note there
    /// is, and nobody writes another before its answer is stored. Whether the note is another one now; where it is
    /// not, or where `next` says no, nothing is done.
    pub fn edit_note<E>(
        &mut self,
        id: ArxivId,
        now: DateTime<Utc>,
        next: impl FnOnce(&str) -> Result<String, E>,
    ) -> Result<Result<bool, E>, Error> {
        self.write(Sync::Full, |db| {
            let key = id.packed();
            let before = note_of(db, key)?.unwrap_or_default();
            let note = match next(&before) {
                Ok(note) if note != before => note,
                same => return Ok(same.map(|_| false)),
            };
            keep(db, key, now)?;
            set_note(db, key, &note)?;
            touch(db, key, &mut Revision::new(db))?;
            Ok(Ok(true))
        })
    }
}

/// What the user made of a paper; none where it is not kept.
pub(super) fn of(db: &Connection, key: i64) -> Answer<Option<UserData>> {
    let since: Option<String> = db
        .prepare_cached("SELECT since FROM kept WHERE key = ?1")?
        .query_row(params![key], |row| row.get(0))
        .optional()?;
    let Some(since) = since else { return Ok(None) };
    let list = |sql: &str| -> Answer<Vec<String>> {
        db.prepare_cached(sql)?
            .query_map(params![key], |row| row.get(0))?
            .collect()
    };
    Ok(Some(UserData {
        tags: list("SELECT tag FROM tags WHERE key = ?1 ORDER BY tag")?,
        note: note_of(db, key)?,
        files: list("SELECT path FROM files WHERE key = ?1 ORDER BY version DESC, path")?,
        kept: Stamp::parse(&since),
    }))
}

/// Keeps a paper, and takes over what a record says the user made of it. Whether anything changed.
pub(super) fn take_over(
    db: &Connection,
    key: i64,
    words: Option<&UserData>,
    now: DateTime<Utc>,
) -> Answer<bool> {
    // Since when it was kept travels with the record, unless its clock was ahead.
    let since = match words.and_then(|words| words.kept) {
        Some(Stamp::Second(since)) => since.min(now),
        _ => now,
    };
    let kept = keep(db, key, since)?;
    let took = words.map_or(Ok(false), |words| take_over_words(db, key, words))?;
    Ok(kept || took)
}

pub(super) fn take_over_words(db: &Connection, key: i64, words: &UserData) -> Answer<bool> {
    let mut changed = false;
    for tag in &words.tags {
        changed |= add_tag(db, key, tag)?;
    }
    let Some(note) = words.note.as_deref().filter(|note| !note.is_empty()) else {
        return Ok(changed);
    };
    match note_of(db, key)? {
        Some(known) if known.contains(note) => Ok(changed),
        Some(known) => set_note(db, key, &format!("{known}\n{note}")).map(|()| true),
        None => set_note(db, key, note).map(|()| true),
    }
}

/// Marks a paper as changed by this revision, where its record is held.
pub(super) fn touch(db: &Connection, key: i64, revision: &mut Revision) -> Answer<()> {
    db.prepare_cached("UPDATE papers SET revision = ?2 WHERE key = ?1")?
        .execute(params![key, revision.take()?])?;
    Ok(())
}

/// Whether it was not kept before.
fn keep(db: &Connection, key: i64, now: DateTime<Utc>) -> Answer<bool> {
    let since = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let new = db
        .prepare_cached("INSERT OR IGNORE INTO kept (key, since) VALUES (?1, ?2)")?
        .execute(params![key, since])?;
    Ok(new > 0)
}

/// Whether the paper did not have this tag before, in any spelling.
fn add_tag(db: &Connection, key: i64, tag: &str) -> Answer<bool> {
    if same_tag(db, key, tag)?.is_some() {
        return Ok(false);
    }
    let new = db
        .prepare_cached("INSERT OR IGNORE INTO tags (key, tag) VALUES (?1, ?2)")?
        .execute(params![key, tag])?;
    Ok(new > 0)
}

/// The paper's own spelling of a tag.
fn same_tag(db: &Connection, key: i64, tag: &str) -> Answer<Option<String>> {
    let own: Vec<String> = db
        .prepare_cached("SELECT tag FROM tags WHERE key = ?1")?
        .query_map(params![key], |row| row.get(0))?
        .collect::<Answer<_>>()?;
    Ok(first_alike(own, tag))
}

/// How a tag is spelled in this library.
fn spelling(db: &Connection, tag: &str) -> Answer<String> {
    let known: Vec<String> = db
        .prepare("SELECT DISTINCT tag FROM tags ORDER BY tag")?
        .query_map([], |row| row.get(0))?
        .collect::<Answer<_>>()?;
    Ok(first_alike(known, tag).unwrap_or_else(|| tag.to_owned()))
}

fn first_alike(tags: Vec<String>, tag: &str) -> Option<String> {
    let wanted = text::fold(tag);
    tags.into_iter().find(|own| text::fold(own) == wanted)
}

fn note_of(db: &Connection, key: i64) -> Answer<Option<String>> {
    db.prepare_cached("SELECT note FROM notes WHERE key = ?1")?
        .query_row(params![key], |row| row.get(0))
        .optional()
}

fn set_note(db: &Connection, key: i64, note: &str) -> Answer<()> {
    if note.is_empty() {
        db.execute("DELETE FROM notes WHERE key = ?1", params![key])?;
    } else {
        db.execute(
            "INSERT OR REPLACE INTO notes (key, note) VALUES (?1, ?2)",
            params![key, note],
        )?;
    }
    Ok(())
}
