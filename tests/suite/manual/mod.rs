//! The manual: `arxcat help`, the man pages, the list of environment variables.

mod help;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and every page of the manual.
fn documents() -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join("src/manual")).unwrap();
    let mut found: Vec<PathBuf> = pages
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    found.push(root().join("README.md"));
    found.sort();
    found
}
