//! Unfinished files. They lie beside their place under another name, and are renamed when they are complete.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::app::platform;

/// Unfinished files are named `.arxcat-XXXXXX.part`.
const PREFIX: &str = ".arxcat-";
const SUFFIX: &str = ".part";

/// A sweep of another process may take a new file before it is locked. That happens within microseconds, so it hardly
/// ever happens twice.
const MAX_TRIES: usize = 16;

/// Creates an unfinished file in the folder of this path. It is locked while this process lives, which tells the sweeps
/// of other processes that it has a living writer.
pub fn create_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    sweep(folder);
    for _ in 0..MAX_TRIES {
        let file = create_in(folder)?;
        let taken = match file.as_file().try_lock() {
            // A sweep holds the lock, and deletes the file next.
            Err(TryLockError::WouldBlock) => true,
            // A sweep held the lock before, and deleted the file.
            Ok(()) => !file.path().exists(),
            // This file system has no locks, so that no sweep gets one either.
            Err(TryLockError::Error(_)) => false,
        };
        if !taken {
            return Ok(file);
        }
    }
    Err(io::Error::other(
        "another process deletes the unfinished file again and again",
    ))
}

fn create_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder.make_in(folder, |path| {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        platform::create_mode(&mut options);
        options.open(path)
    })
}

/// Moves a complete file to its place. Without `force` an existing file there is an error.
pub fn persist(file: NamedTempFile, path: &Path, force: bool) -> io::Result<()> {
    let moved = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    moved.map(drop).map_err(|failed| failed.error)
}

/// Deletes the unfinished files of dead processes: those whose lock is free.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let is_unfinished = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    for entry in entries
        .flatten()
        .filter(|entry| is_unfinished(&entry.file_name()))
    {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let Ok(file) = File::open(entry.path()) else {
            continue;
        };
        // The lock is kept until the file is deleted, so that its writer, if it has just created it, notices.
        if is_file && file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}
