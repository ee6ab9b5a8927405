//! Files that were downloaded.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::negative_cache::{rfc3339, time};
use super::store::{Answer, Revision, Sync, damaged};
use super::{Error, Library, user_data};
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;

/// A downloaded file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DownloadedFile {
    /// The paper, always with its version.
    pub id: ArxivId,
    /// What it is.
    pub kind: FileKind,
    /// Where it is: an absolute path.
    pub path: PathBuf,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// When it was downloaded.
    pub retrieved: DateTime<Utc>,
}

const COLUMNS: &str = "key, version, kind, path, size, sha256, retrieved";

impl Library {
    /// The files of a paper; of one version where the identifier has one. Newest version first.
    pub fn files(&self, id: ArxivId) -> Result<Vec<DownloadedFile>, Error> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM files WHERE key = ?1 AND (?2 IS NULL OR version = ?2)
                 ORDER BY version DESC, path"
            );
            db.prepare_cached(&sql)?
                .query_map(params![id.packed(), id.version()], file)?
                .collect()
        })
    }

    /// Every file.
    pub fn all_files(&self) -> Result<Vec<DownloadedFile>, Error> {
        self.read(|db| {
            db.prepare(&format!("SELECT {COLUMNS} FROM files ORDER BY path"))?
                .query_map([], file)?
                .collect()
        })
    }

    /// Remembers a file, in place of what was known of its path, and keeps its paper.
    pub fn add_file(&mut self, new: &DownloadedFile) -> Result<(), Error> {
        self.write(Sync::Full, |db| {
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
            if user_data::take_over(db, new.id.packed(), None, new.retrieved)? {
                user_data::touch(db, new.id.packed(), &mut Revision::new(db))?;
            }
            Ok(())
        })
    }

    /// Forgets a file that is gone.
    pub fn forget_file(&mut self, path: &Path) -> Result<(), Error> {
        self.write(Sync::Full, |db| {
            db.execute(
                "DELETE FROM files WHERE path = ?1",
                params![path.to_string_lossy()],
            )
            .map(drop)
        })
    }
}

fn file(row: &rusqlite::Row) -> Answer<DownloadedFile> {
    let id = ArxivId::unpacked(row.get(0)?).ok_or_else(|| damaged("no identifier"))?;
    let kind: String = row.get(2)?;
    Ok(DownloadedFile {
        id: id.with_version(row.get(1)?),
        kind: FileKind::of_name(&kind).ok_or_else(|| damaged(format_args!("`{kind}` is no kind of file")))?,
        path: PathBuf::from(row.get::<_, String>(3)?),
        size: row.get(4)?,
        sha256: row.get(5)?,
        retrieved: time(&row.get::<_, String>(6)?)?,
    })
}
