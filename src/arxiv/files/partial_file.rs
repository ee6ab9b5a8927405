//! An unfinished download, a `.part` in the target directory, with a sidecar file that says what it is the start of.
//!
//! At every moment, whatever kills the program, a `.part` that is not empty has a sidecar that is true of its bytes.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempPath;

use super::{Error, FileRequest};

/// Bytes read of a sidecar. It has some hundred; a longer file is not ours.
const MAX_SIDECAR_BYTES: u64 = 16 * 1024;

/// What a `.part` is the start of. The JSON is a file format: an older version of the program may have written it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Sidecar {
    /// The URL of the file.
    pub(super) url: String,
    /// Its strong entity tag.
    pub(super) etag: Option<String>,
    /// Size of the complete file in bytes.
    pub(super) length: Option<u64>,
}

/// An unfinished download, locked against other processes.
#[derive(Debug)]
pub(super) struct PartialFile {
    path: PathBuf,
    file: File,
    url: String,
    length: u64,
    sidecar: Option<Sidecar>,
}

impl PartialFile {
    /// Opens the file of an earlier run, or creates a new one.
    pub(super) fn open(request: &FileRequest<'_>, url: &str) -> Result<Self, Error> {
        let name = format!("{}.{}.part", request.id.file_stem(), request.kind);
        let path = request.folder.join(name);
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
                // On a file system without locks, other processes cannot be detected.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // The previous holder of the lock may have moved this very file to its final path.
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
            sidecar: read_sidecar(&sidecar_path(&path)),
            path,
            file,
            url: url.to_owned(),
            length,
        };
        if part.length > 0 && part.sidecar.is_none() {
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

    pub(super) fn sidecar(&self) -> Option<&Sidecar> {
        self.sidecar.as_ref()
    }

    /// Returns the sidecar if the download can be resumed: a strong `ETag` is needed to know that the rest belongs to it.
    pub(super) fn resumable(&self) -> Option<&Sidecar> {
        self.sidecar.as_ref().filter(|sidecar| {
            self.length > 0
                && sidecar.url == self.url
                && sidecar.etag.is_some()
                && sidecar.length.is_none_or(|length| self.length <= length)
        })
    }

    /// Empties the file, for the download that the sidecar describes.
    pub(super) fn restart(&mut self, sidecar: Option<Sidecar>) -> Result<(), Error> {
        let begin = || {
            self.file.set_len(0)?;
            (&self.file).rewind()?;
            write_sidecar(&sidecar_path(&self.path), sidecar.as_ref())
        };
        begin().map_err(|error| self.error(error))?;
        self.length = 0;
        self.sidecar = sidecar;
        Ok(())
    }

    /// Appends bytes.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Reads the file from its start.
    pub(super) fn inspect<T>(&mut self, read: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, Error> {
        let result = self.file.rewind().and_then(|()| read(&mut self.file));
        let result = result.map_err(|error| self.error(error))?;
        self.seek_end()?;
        Ok(result)
    }

    fn seek_end(&mut self) -> Result<(), Error> {
        let end = self.file.seek(SeekFrom::Start(self.length));
        end.map(drop).map_err(|error| self.error(error))
    }

    /// Moves the file to its final path.
    pub(super) fn persist(self, target: &Path, replace: bool) -> Result<(), Error> {
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
                // The download is complete, and can still be moved to another path.
                let _ = refused.path.keep();
                return Err(failed(refused.error));
            }
        }
        let _ = fs::remove_file(sidecar_path(&self.path));
        // If the directory cannot be synced, the file has its name nevertheless.
        if let Some(folder) = target.parent() {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    /// Deletes the file and its sidecar.
    pub(super) fn discard(self) {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(sidecar_path(&self.path));
    }

    pub(super) fn error(&self, error: io::Error) -> Error {
        Error::File {
            path: self.path.clone(),
            error,
        }
    }
}

/// Opens the file without following links; `None` if something else has its path.
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
        // It was deleted meanwhile: there is nothing to resume, and the next call creates a new file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let file = options.create(true).truncate(false).open(path)?;
    Ok(is_sole(&file)?.then_some(file))
}

/// Whether the file has a single hard link. A second one could belong to another user's file.
#[cfg(unix)]
fn is_sole(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata()?;
    // It has no link if it was just deleted.
    Ok(found.is_file() && found.nlink() <= 1)
}

#[cfg(not(unix))]
fn is_sole(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

/// Whether the open file is the one at this path, and that is not a link.
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

fn sidecar_path(part: &Path) -> PathBuf {
    part.with_added_extension("json")
}

fn read_sidecar(path: &Path) -> Option<Sidecar> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SIDECAR_BYTES).read_to_end(&mut bytes))
        .ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Creates the sidecar as a new file, since a link could have its path.
fn write_sidecar(path: &Path, sidecar: Option<&Sidecar>) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let Some(sidecar) = sidecar else { return Ok(()) };
    let bytes = serde_json::to_vec(sidecar)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(&bytes)
}
