//! Writes corrections as a unified diff for `git apply`.

use std::io::{self, Write};
use std::ops::Range;
use std::path::{Component, Path};

use crate::error::Error;

/// Lines of context around each change.
const CONTEXT: usize = 3;

/// One correction, within one line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edit {
    /// Byte range of the text that is replaced.
    pub at: (usize, usize),
    /// The new text.
    pub new: String,
}

/// Checks that a patch may name this file: a relative path within the folder, without `..`. `git apply` refuses others,
/// and a patch must not reach files elsewhere.
pub fn check_path(path: &Path) -> Result<(), Error> {
    let refused = |why: &str| {
        Err(
            Error::usage(format!("--diff cannot name {}: {why}", path.display()))
                .hint("run it from the folder that the file is in"),
        )
    };
    if path == Path::new("-") {
        return refused("stdin has no name");
    }
    if path.to_str().is_none() {
        return refused("the name is not UTF-8");
    }
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !path.components().all(inside) {
        return refused("the path leads out of this folder");
    }
    Ok(())
}

/// Writes the diff of one file; nothing if nothing changes.
pub fn write(name: &str, bytes: &[u8], mut edits: Vec<Edit>, out: &mut impl Write) -> io::Result<()> {
    edits.sort();
    edits.dedup();
    let old: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let changed = changed_lines(&old, &edits);
    let (Some(first), Some(_)) = (changed.first(), changed.last()) else {
        return Ok(());
    };
    out.write_all(&header("---", "a", name))?;
    out.write_all(&header("+++", "b", name))?;
    let mut hunk = vec![first.clone()];
    for change in changed.iter().skip(1) {
        let near = hunk.last().is_none_or(|last| change.0 <= last.0 + 2 * CONTEXT);
        if !near {
            write_hunk(&old, &hunk, out)?;
            hunk.clear();
        }
        hunk.push(change.clone());
    }
    write_hunk(&old, &hunk, out)
}

/// The lines that change: their numbers, counted from 0, and their new content.
fn changed_lines(old: &[&[u8]], edits: &[Edit]) -> Vec<(usize, Vec<u8>)> {
    let mut changed = Vec::new();
    let mut edits = edits.iter().peekable();
    let mut begin = 0;
    for (number, line) in old.iter().enumerate() {
        let end = begin + line.len();
        let mut new = Vec::new();
        let mut copied = begin;
        while let Some(edit) = edits.next_if(|edit| edit.at.0 < end) {
            let (from, to) = edit.at;
            if from < copied || to > end {
                continue;
            }
            new.extend_from_slice(line.get(copied - begin..from - begin).unwrap_or_default());
            new.extend_from_slice(edit.new.as_bytes());
            copied = to;
        }
        if copied > begin {
            new.extend_from_slice(line.get(copied - begin..).unwrap_or_default());
            if new != *line {
                changed.push((number, new));
            }
        }
        begin = end;
    }
    changed
}

fn write_hunk(old: &[&[u8]], changes: &[(usize, Vec<u8>)], out: &mut impl Write) -> io::Result<()> {
    let (Some((first, _)), Some((last, _))) = (changes.first(), changes.last()) else {
        return Ok(());
    };
    let Range { start, end } = first.saturating_sub(CONTEXT)..(last + 1 + CONTEXT).min(old.len());
    let (from, count) = (start + 1, end - start);
    writeln!(out, "@@ -{from},{count} +{from},{count} @@")?;
    let mut changes = changes.iter().peekable();
    // All removed lines of a run of changes precede the added ones.
    let mut added: Vec<&[u8]> = Vec::new();
    for (number, line) in old.iter().enumerate().take(end).skip(start) {
        if let Some((_, new)) = changes.next_if(|(changed, _)| *changed == number) {
            write_line(b'-', line, out)?;
            added.push(new);
            continue;
        }
        for new in added.drain(..) {
            write_line(b'+', new, out)?;
        }
        write_line(b' ', line, out)?;
    }
    added.into_iter().try_for_each(|new| write_line(b'+', new, out))
}

fn write_line(sign: u8, line: &[u8], out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[sign])?;
    out.write_all(line)?;
    if !line.ends_with(b"\n") {
        out.write_all(b"\n\\ No newline at end of file\n")?;
    }
    Ok(())
}

/// A header line: `--- a/refs.bib`. Names with special characters are quoted as git quotes them; a tab ends a name with
/// spaces.
fn header(sign: &str, side: &str, name: &str) -> Vec<u8> {
    let parts = Path::new(name).components().filter_map(|part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    let path = format!("{side}/{}", parts.collect::<Vec<_>>().join("/"));
    let needs_quotes = |c: char| c.is_ascii_control() || matches!(c, '"' | '\\');
    let path = if path.contains(needs_quotes) {
        quoted(&path)
    } else if path.contains(' ') {
        format!("{path}\t")
    } else {
        path
    };
    format!("{sign} {path}\n").into_bytes()
}

fn quoted(path: &str) -> String {
    let mut quoted = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => {
                let code = u32::from(c);
                let octal = [code >> 6, code >> 3 & 7, code & 7];
                quoted.push('\\');
                quoted.extend(octal.iter().filter_map(|digit| char::from_digit(*digit, 8)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
