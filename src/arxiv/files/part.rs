//! A file that is not whole yet, beside where it will be, with a note of what it is the beginning of.
//!
//! At every moment, whatever kills the program, a `.part` that holds bytes has a note that is true of them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempPath;

use super::{Error, Wanted};

/// A note has some hundred bytes; what is longer is not ours.
const LONGEST: u64 = 16 * 1024;

/// What a `.part` is the beginning of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    /// Where it comes from.
    pub(super) url: String,
    /// Its strong entity tag.
    pub(super) etag: Option<String>,
    /// How long the whole is.
    pub(super) length: Option<u64>,
}

/// A file that is not whole yet, locked.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    url: String,
    length: u64,
    note: Option<Note>,
}

impl Part {
    /// Opens what an earlier run left, or makes a new one.
    pub(super) fn open(wanted: &Wanted<'_>, url: &str) -> Result<Self, Error> {
        let name = format!("{}.{}.part", wanted.id.file_stem(), wanted.kind);
        let path = wanted.folder.join(name);
        let failed = |error| Error::File {
            path: path.clone(),
            error,
        };
        let mut tries = 0;
        let file = loop {
            let file = open(&path)
                .map_err(failed)?
                .ok_or_else(|| Error::Foreign(path.clone()))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Error::Busy(path)),
                // Where nothing can be locked, nothing can be told of others.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever held the lock before may have put this very file in its place.
            if is_at(&file, &path).map_err(failed)? {
                break file;
            }
            tries += 1;
            if tries > 10 {
                return Err(Error::Busy(path));
            }
        };
        let length = file.metadata().map_err(failed)?.len();
        let mut part = Self {
            note: read_note(&note_path(&path)),
            path,
            file,
            url: url.to_owned(),
            length,
        };
        if part.length > 0 && part.note.is_none() {
            return Err(Error::Foreign(part.path));
        }
        if part.resumable().is_none() {
            part.restart(None)?;
        }
        part.seek_end()?;
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// The note, where what is there can be gone on with.
    pub(super) fn resumable(&self) -> Option<&Note> {
        self.note.as_ref().filter(|note| {
            self.length > 0
                && note.url == self.url
                && note.etag.is_some()
                && note.length.is_none_or(|length| self.length <= length)
        })
    }

    /// Drops what is there; what comes next is this.
    pub(super) fn restart(&mut self, note: Option<Note>) -> Result<(), Error> {
        let begin = || {
            self.file.set_len(0)?;
            (&self.file).rewind()?;
            write_note(&note_path(&self.path), note.as_ref())
        };
        begin().map_err(|error| self.error(error))?;
        self.length = 0;
        self.note = note;
        Ok(())
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.write_all(piece)?;
        self.length += piece.len() as u64;
        Ok(())
    }

    /// Looks at what is there, from its beginning.
    pub(super) fn reading<T>(&mut self, look: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, Error> {
        let seen = self.file.rewind().and_then(|()| look(&mut self.file));
        let seen = seen.map_err(|error| self.error(error))?;
        self.seek_end()?;
        Ok(seen)
    }

    fn seek_end(&mut self) -> Result<(), Error> {
        let end = self.file.seek(SeekFrom::Start(self.length));
        end.map(drop).map_err(|error| self.error(error))
    }

    /// Puts the file in its place.
    pub(super) fn put(self, target: &Path, replace: bool) -> Result<(), Error> {
        let failed = |error| Error::File {
            path: target.to_owned(),
            error,
        };
        self.file.sync_all().map_err(failed)?;
        if replace {
            fs::rename(&self.path, target).map_err(failed)?;
        } else {
            let part = TempPath::try_from_path(&self.path).map_err(failed)?;
            if let Err(refused) = part.persist_noclobber(target) {
                // It is whole, and can be put somewhere else.
                let _ = refused.path.keep();
                return Err(failed(refused.error));
            }
        }
        let _ = fs::remove_file(note_path(&self.path));
        // A folder that cannot be synced has the name all the same.
        if let Some(folder) = target.parent() {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    /// Takes it away.
    pub(super) fn discard(self) {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(note_path(&self.path));
    }

    pub(super) fn error(&self, error: io::Error) -> Error {
        Error::File {
            path: self.path.clone(),
            error,
        }
    }
}

/// Opens the file itself, never what a link leads to; none where something else is there.
fn open(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map(Some),
    }
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Ok(None),
        Ok(_) => {}
        // It went away meanwhile: nothing of ours to go on with, and the next try makes one.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let file = options.create(true).truncate(false).open(path)?;
    Ok(is_sole(&file)?.then_some(file))
}

/// Whether the file has one name: through a second one, somebody else's would be written.
#[cfg(unix)]
fn is_sole(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata()?;
    // None where it has just got another name than the one it was opened by.
    Ok(found.is_file() && found.nlink() <= 1)
}

#[cfg(not(unix))]
fn is_sole(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

/// Whether the open file is the one of this name, and that no link.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_file())
}

fn note_path(part: &Path) -> PathBuf {
    part.with_added_extension("json")
}

fn read_note(path: &Path) -> Option<Note> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
        .ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Made anew, since a link could be where it was.
fn write_note(path: &Path, note: Option<&Note>) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let Some(note) = note else { return Ok(()) };
    let bytes = serde_json::to_vec(note)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(&bytes)
}
