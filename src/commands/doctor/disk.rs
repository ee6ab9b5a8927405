//! What lies on the disk, beside what the library says of it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::digest;
use crate::library::DownloadedFile;

/// A folder in a folder is looked into so deep, and not deeper.
const DEEPEST: usize = 8;

/// How a downloaded file is.
pub enum Found {
    /// As it was downloaded.
    Whole,
    /// Not there.
    Missing,
    /// Another than was downloaded; in what.
    Changed(String),
}

/// Files in the library's folder that are none of its own.
#[derive(Default)]
pub struct Strangers {
    /// Begun by a run that died.
    pub unfinished: Vec<PathBuf>,
    /// All else.
    pub others: Vec<PathBuf>,
}

/// Holds a downloaded file against what is known of it.
pub fn file(known: &DownloadedFile) -> Found {
    let found = match fs::metadata(&known.path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Missing,
        Err(error) => return Found::Changed(error.to_string()),
    };
    if !found.is_file() {
        return Found::Changed("it is no file".to_owned());
    }
    if found.len() != known.size {
        return Found::Changed(format!("{} bytes instead of {}", found.len(), known.size));
    }
    match digest::of_file(&known.path) {
        Ok((_, sum)) if sum == known.sha256 => Found::Whole,
        Ok(_) => Found::Changed("its SHA-256 is another".to_owned()),
        Err(error) => Found::Changed(error.to_string()),
    }
}

/// The bytes of the database, with what waits to be written into it.
pub fn database(folder: &Path) -> u64 {
    ["library.db", "library.db-wal"]
        .iter()
        .filter_map(|name| fs::metadata(folder.join(name)).ok())
        .map(|found| found.len())
        .sum()
}

/// What lies in the library's folder besides the database, the index and the files it knows.
pub fn strangers(folder: &Path, known: &[DownloadedFile]) -> Strangers {
    let known: HashSet<&Path> = known.iter().map(|file| file.path.as_path()).collect();
    let mut files = Vec::new();
    walk(folder, DEEPEST, &mut files);
    let mut strangers = Strangers::default();
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
            strangers.others.push(file);
        } else if fs::File::open(&file).is_ok_and(|file| file.try_lock().is_ok()) {
            // Whoever still writes to it holds its lock.
            strangers.unfinished.push(file);
        }
    }
    strangers
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Every regular file in a folder, in order of their paths. What cannot be read is passed over.
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
