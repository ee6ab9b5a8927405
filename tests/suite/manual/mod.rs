//! The manual and the README: every example is run or at least parsed, and what they promise is there.
//!
//! `UPDATE_EXAMPLES=1 cargo test manual` writes what the examples print now into the files; read the diff.

pub mod examples;
mod help;
mod pages;
mod picture;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_readme_is_a_tour_and_not_the_manual() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.lines().count() <= 220, "{} lines", readme.lines().count());
    for page in documents() {
        let name = page.file_name().unwrap().to_str().unwrap();
        let linked = name == "README.md"
            || name.ends_with(".zh.md")
            || readme.contains(&format!("(src/manual/{name})"));
        assert!(linked, "the README links to no {name}");
    }
}

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

/// A fenced block of a document.
#[derive(Debug)]
struct Fenced {
    /// The text after the fence: `console`, or `bibtex refs.bib`.
    info: String,
    /// The number of its first line, from 1.
    line: usize,
    lines: Vec<String>,
}

fn fenced(markdown: &str) -> Vec<Fenced> {
    let mut found = Vec::new();
    let mut open: Option<Fenced> = None;
    for (number, line) in markdown.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(info), None) => {
                open = Some(Fenced {
                    info: info.trim().to_owned(),
                    line: number + 2,
                    lines: Vec::new(),
                });
            }
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    found
}
