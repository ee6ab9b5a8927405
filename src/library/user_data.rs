//! The user's data about papers: which are kept, tags and notes.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::store::{DbResult, Durability, Revision, find_row, single_value};
use super::{Error, Library, Scope};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::UserData;
use crate::model::text;

impl Library {
    /// Identifiers of the stored papers, newest first.
    pub fn ids(&self, scope: Scope) -> Result<Vec<ArxivId>, Error> {
        let sql = match scope {
            Scope::Library => "SELECT key FROM kept JOIN papers USING (key) ORDER BY key DESC",
            Scope::Mirror => "SELECT key FROM papers ORDER BY key DESC",
        };
        self.read(|db| {
            db.prepare(sql)?
                .query_and_then([], |row| Ok(row.get(0)?))?
                .filter_map(|key: DbResult<i64>| key.map(ArxivId::unpacked).transpose())
                .collect()
        })
    }

    /// Whether a paper is in the library.
    pub fn is_kept(&self, id: ArxivId) -> Result<bool, Error> {
        self.read(|db| {
            single_value(
                db,
                "SELECT EXISTS (SELECT * FROM kept WHERE key = ?1)",
                params![id.packed()],
            )
        })
    }

    /// Keeps papers. The time of an earlier keep stays.
    pub fn keep(&mut self, ids: &[ArxivId], now: DateTime<Utc>) -> Result<(), Error> {
        self.write(Durability::Full, |db| {
            let mut revision = Revision::new(db);
            for id in ids {
                if keep(db, id.packed(), now)? {
                    touch(db, id.packed(), &mut revision)?;
                }
            }
            Ok(())
        })
    }

    /// Tags papers and keeps them. Returns those that already already the tag. Tags that differ only in case or accents are
    /// equal and are spelled as the first one was.
    pub fn tag(&mut self, tag: &str, ids: &[ArxivId], now: DateTime<Utc>) -> Result<Vec<ArxivId>, Error> {
        self.write(Durability::Full, |db| {
            let mut revision = Revision::new(db);
            let tag = library_spelling(db, tag)?;
            let mut already = Vec::new();
            for id in ids {
                let kept = keep(db, id.packed(), now)?;
                let tagged = add_tag(db, id.packed(), &tag)?;
                if kept || tagged {
                    touch(db, id.packed(), &mut revision)?;
                }
                if !tagged {
                    already.push(*id);
                }
            }
            Ok(already)
        })
    }

    /// Removes a tag, compared without case and accents. Returns the papers that did not have it.
    pub fn untag(&mut self, tag: &str, ids: &[ArxivId]) -> Result<Vec<ArxivId>, Error> {
        self.write(Durability::Full, |db| {
            let mut revision = Revision::new(db);
            let mut without = Vec::new();
            for id in ids {
                let own = own_spelling(db, id.packed(), tag)?;
                if let Some(own) = own {
                    db.prepare_cached("DELETE FROM tags WHERE key = ?1 AND tag = ?2")?
                        .execute(params![id.packed(), own])?;
                    touch(db, id.packed(), &mut revision)?;
                } else {
                    without.push(*id);
                }
            }
            Ok(without)
        })
    }

    /// All tags in alphabetical order with their number of papers.
    pub fn tags(&self) -> Result<Vec<(String, u64)>, Error> {
        let spelled: Vec<(String, u64)> = self.read(|db| {
            db.prepare("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag")?
                .query_and_then([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        let mut tags: BTreeMap<String, (String, u64)> = BTreeMap::new();
        for (tag, count) in spelled {
            // No paper has two spellings of one tag, so the counts add up.
            tags.entry(text::fold(&tag)).or_insert((tag, 0)).1 += count;
        }
        Ok(tags.into_values().collect())
    }

    /// Papers that are tagged but have no record, newest first: they are counted by [`Self::tags`] and no list shows
    /// them.
    pub fn tagged_without_record(&self) -> Result<Vec<ArxivId>, Error> {
        self.read(|db| {
            db.prepare(
                "SELECT DISTINCT key FROM tags WHERE key NOT IN (SELECT key FROM papers) ORDER BY key DESC",
            )?
            .query_and_then([], |row| Ok(row.get(0)?))?
            .filter_map(|key: DbResult<i64>| key.map(ArxivId::unpacked).transpose())
            .collect()
        })
    }

    /// The user's data of a paper, whether or not its record is stored. Returns `None` if it is not kept.
    pub fn user_data(&self, id: ArxivId) -> Result<Option<UserData>, Error> {
        self.read(|db| load(db, id.packed()))
    }

    /// The note of a paper.
    pub fn note(&self, id: ArxivId) -> Result<Option<String>, Error> {
        self.read(|db| note_of(db, id.packed()))
    }

    /// Replaces the note of a paper by what `edit` returns for the current one, and keeps the paper. The transaction
    /// excludes other writers from reading the note to storing it. An empty note is deleted. Returns whether the note
    /// changed; if `edit` fails, nothing is stored.
    pub fn edit_note<E>(
        &mut self,
        id: ArxivId,
        now: DateTime<Utc>,
        edit: impl FnOnce(&str) -> Result<String, E>,
    ) -> Result<Result<bool, E>, Error> {
        self.write(Durability::Full, |db| {
            let key = id.packed();
            let before = note_of(db, key)?.unwrap_or_default();
            let note = match edit(&before) {
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

/// The user's data of a paper. Returns `None` if it is not kept.
pub(super) fn load(db: &Connection, key: i64) -> DbResult<Option<UserData>> {
    let since: Option<String> = db
        .prepare_cached("SELECT since FROM kept WHERE key = ?1")?
        .query_row(params![key], |row| row.get(0))
        .optional()?;
    let Some(since) = since else { return Ok(None) };
    let list = |sql: &str| -> DbResult<Vec<String>> {
        db.prepare_cached(sql)?
            .query_and_then(params![key], |row| Ok(row.get(0)?))?
            .collect()
    };
    Ok(Some(UserData {
        tags: list("SELECT tag FROM tags WHERE key = ?1 ORDER BY tag")?,
        note: note_of(db, key)?,
        files: list("SELECT path FROM files WHERE key = ?1 ORDER BY version DESC, path")?,
        kept: Stamp::parse(&since),
    }))
}

/// Keeps a paper and merges the user data of a record into it. Returns whether anything changed.
pub(super) fn keep_with_user_data(
    db: &Connection,
    key: i64,
    data: Option<&UserData>,
    now: DateTime<Utc>,
) -> DbResult<bool> {
    // The time of keeping travels with an exported record. A time in the future came from a wrong clock.
    let since = match data.and_then(|data| data.kept) {
        Some(Stamp::Second(since)) => since.min(now),
        _ => now,
    };
    let kept = keep(db, key, since)?;
    let merged = data.map_or(Ok(false), |data| merge_user_data(db, key, data))?;
    Ok(kept || merged)
}

pub(super) fn merge_user_data(db: &Connection, key: i64, data: &UserData) -> DbResult<bool> {
    let mut changed = false;
    for tag in &data.tags {
        changed |= add_tag(db, key, tag)?;
    }
    let Some(note) = data.note.as_deref().filter(|note| !note.is_empty()) else {
        return Ok(changed);
    };
    match note_of(db, key)? {
        Some(known) if known.contains(note) => Ok(changed),
        Some(known) => set_note(db, key, &format!("{known}\n{note}")).map(|()| true),
        None => set_note(db, key, note).map(|()| true),
    }
}

/// Marks a paper as changed at this revision, if its record is stored.
pub(super) fn touch(db: &Connection, key: i64, revision: &mut Revision) -> DbResult<()> {
    db.prepare_cached("UPDATE papers SET revision = ?2 WHERE key = ?1")?
        .execute(params![key, revision.take()?])?;
    Ok(())
}

/// Returns whether the paper was not kept before.
fn keep(db: &Connection, key: i64, now: DateTime<Utc>) -> DbResult<bool> {
    let since = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let new = db
        .prepare_cached("INSERT OR IGNORE INTO kept (key, since) VALUES (?1, ?2)")?
        .execute(params![key, since])?;
    Ok(new > 0)
}

/// Returns whether the paper did not have the tag in any spelling.
fn add_tag(db: &Connection, key: i64, tag: &str) -> DbResult<bool> {
    if own_spelling(db, key, tag)?.is_some() {
        return Ok(false);
    }
    let new = db
        .prepare_cached("INSERT OR IGNORE INTO tags (key, tag, folded) VALUES (?1, ?2, ?3)")?
        .execute(params![key, tag, text::fold(tag)])?;
    Ok(new > 0)
}

/// The spelling of this tag on a paper that has it.
fn own_spelling(db: &Connection, key: i64, tag: &str) -> DbResult<Option<String>> {
    let sql = "SELECT tag FROM tags WHERE folded = ?1 AND key = ?2 ORDER BY tag";
    find_row(db, sql, params![text::fold(tag), key], |row| Ok(row.get(0)?))
}

/// The spelling of this tag in the library.
fn library_spelling(db: &Connection, tag: &str) -> DbResult<String> {
    let sql = "SELECT tag FROM tags WHERE folded = ?1 ORDER BY tag LIMIT 1";
    let known = find_row(db, sql, params![text::fold(tag)], |row| Ok(row.get(0)?))?;
    Ok(known.unwrap_or_else(|| tag.to_owned()))
}

fn note_of(db: &Connection, key: i64) -> DbResult<Option<String>> {
    find_row(db, "SELECT note FROM notes WHERE key = ?1", params![key], |row| {
        Ok(row.get(0)?)
    })
}

fn set_note(db: &Connection, key: i64, note: &str) -> DbResult<()> {
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
