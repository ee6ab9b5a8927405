//! Compares the files on disk with what the library knows of them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::digest;
use crate::library::DownloadedFile;

/// Maximum depth of folders.
const MAX_DEPTH: usize = 8;

/// State of a downloaded file.
pub enum FileState {
    /// Unchanged since the download.
    Whole,
    /// Missing.
    Missing,
    /// Changed; the text says how.
    Changed(String),
}

/// Files in the library folder that do not belong to the library.
#[derive(Default)]
pub struct UnknownFiles {
    /// Temporary files of runs that died.
    pub unfinished: Vec<PathBuf>,
    /// All others.
    pub others: Vec<PathBuf>,
}

/// Compares a downloaded file with its entry.
pub fn file_state(known: &DownloadedFile) -> FileState {
    let found = match fs::metadata(&known.path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return FileState::Missing,
        Err(error) => return FileState::Changed(error.to_string()),
    };
    if !found.is_file() {
        return FileState::Changed("it is no file".to_owned());
    }
    if found.len() != known.size {
        return FileState::Changed(format!("{} bytes instead of {}", found.len(), known.size));
    }
    match digest::of_file(&known.path) {
        Ok((_, sum)) if sum == known.sha256 => FileState::Whole,
        Ok(_) => FileState::Changed("its SHA-256 is another".to_owned()),
        Err(error) => FileState::Changed(error.to_string()),
    }
}

/// Size of the database and its write-ahead log in bytes.
pub fn database(folder: &Path) -> u64 {
    ["library.db", "library.db-wal"]
        .iter()
        .filter_map(|name| fs::metadata(folder.join(name)).ok())
        .map(|found| found.len())
        .sum()
}

/// Finds files in the library folder other than the database, the index and known downloads.
pub fn unknown_files(folder: &Path, known: &[DownloadedFile]) -> UnknownFiles {
    let known: HashSet<&Path> = known.iter().map(|file| file.path.as_path()).collect();
    let mut files = Vec::new();
    walk(folder, MAX_DEPTH, &mut files);
    let mut unknown_files = UnknownFiles::default();
    for file in files {
        let inside = file.strip_prefix(folder).unwrap_or(&file);
        let own = inside.starts_with("index")
            || inside.parent() == Some(Path::new(""))
                && ["library.db", "index."]
                    .iter()
                    .any(|own| name(&file).starts_with(own));
        if own || known.contains(file.as_path()) {
            continue;
        }
        if !name(&file).starts_with(".arxcat-") {
            unknown_files.others.push(file);
        } else if fs::File::open(&file).is_ok_and(|file| file.try_lock().is_ok()) {
            // A run that is still alive holds the lock of its file.
            unknown_files.unfinished.push(file);
        }
    }
    unknown_files
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Lists the regular files of a folder, ordered by path. Unreadable folders are skipped.
fn walk(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            Ok(kind) if kind.is_dir() && deep > 0 => walk(&entry.path(), deep - 1, files),
            _ => {}
        }
    }
}
