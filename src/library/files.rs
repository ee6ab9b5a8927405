//! Downloaded files: which exist, of which paper, with which checksum.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::negative_cache::{parse_time, rfc3339};
use super::store::{DbResult, Durability, Revision, damaged};
use super::{Error, Library, user_data};
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;

/// A downloaded file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DownloadedFile {
    /// The paper, with its version unless the file was imported without one.
    pub id: ArxivId,
    /// PDF, source or HTML.
    pub kind: FileKind,
    /// Absolute path.
    pub path: PathBuf,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Time of the download, UTC.
    pub retrieved: DateTime<Utc>,
}

const COLUMNS: &str = "key, version, kind, path, size, sha256, retrieved";

impl Library {
    /// Files of a paper, newest version first. An identifier with a version selects the files of that version.
    pub fn files(&self, id: ArxivId) -> Result<Vec<DownloadedFile>, Error> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM files WHERE key = ?1 AND (?2 IS NULL OR version = ?2)
                 ORDER BY version DESC, path"
            );
            db.prepare_cached(&sql)?
                .query_and_then(params![id.packed(), id.version()], from_row)?
                .collect()
        })
    }

    /// All files, ordered by path.
    pub fn all_files(&self) -> Result<Vec<DownloadedFile>, Error> {
        self.read(|db| {
            db.prepare(&format!("SELECT {COLUMNS} FROM files ORDER BY path"))?
                .query_and_then([], from_row)?
                .collect()
        })
    }

    /// Adds a file, replacing an earlier one of the same path, and keeps its paper.
    pub fn add_file(&mut self, new: &DownloadedFile) -> Result<(), Error> {
        self.write(Durability::Full, |db| {
            db.execute(
                &format!("INSERT OR REPLACE INTO files ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
                params![
                    new.id.packed(),
                    new.id.version().unwrap_or(0),
                    new.kind.name(),
                    new.path.to_string_lossy(),
                    new.size,
                    new.sha256,
                    rfc3339(new.retrieved)
                ],
            )?;
            if user_data::keep_with_user_data(db, new.id.packed(), None, new.retrieved)? {
                user_data::touch(db, new.id.packed(), &mut Revision::new(db))?;
            }
            Ok(())
        })
    }

    /// Deletes the entry of a file. The file itself is not touched.
    pub fn forget_file(&mut self, path: &Path) -> Result<(), Error> {
        self.write(Durability::Full, |db| {
            db.execute(
                "DELETE FROM files WHERE path = ?1",
                params![path.to_string_lossy()],
            )?;
            Ok(())
        })
    }
}

fn from_row(row: &rusqlite::Row) -> DbResult<DownloadedFile> {
    let id = ArxivId::unpacked(row.get(0)?).ok_or_else(|| damaged("no identifier"))?;
    let kind: String = row.get(2)?;
    let version = row.get(1)?;
    Ok(DownloadedFile {
        id: if version == 0 {
            id
        } else {
            id.with_version(version)
        },
        kind: FileKind::of_name(&kind)
            .ok_or_else(|| damaged(format_args!("`{kind}` is not a kind of file")))?,
        path: PathBuf::from(row.get::<_, String>(3)?),
        size: row.get(4)?,
        sha256: row.get(5)?,
        retrieved: parse_time(&row.get::<_, String>(6)?)?,
    })
}
