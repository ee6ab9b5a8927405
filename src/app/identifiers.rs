//! Identifiers as they are typed or piped in, and files read whole.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::catalog::{Catalog, ShortNameMatch};
use crate::error::{Error, did_you_mean};
use crate::model::id::ArxivId;
use crate::model::text;
use crate::read;

/// No file that is read whole may be larger: 64 MiB.
const LARGEST: u64 = 64 << 20;

/// So many papers are named where a short name could be any of them.
const CANDIDATES: usize = 5;

/// An argument or a line of input that should be an identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputId {
    /// The argument or the line, trimmed.
    pub input: String,
    /// The identifier, or the reason why the input is none.
    pub id: Result<ArxivId, String>,
}

/// The identifiers of the arguments, or of stdin where there are none or one is `-`.
pub fn identifiers(args: &[String], catalogs: &[Catalog]) -> Result<Vec<InputId>, Error> {
    let mut asked = Vec::new();
    if args.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Error::usage("no identifier given")
                .hint("give identifiers as arguments (1706.03762, R1), or a list on stdin"));
        }
        asked.extend(from_stdin(catalogs)?);
    }
    for arg in args {
        if arg == "-" {
            asked.extend(from_stdin(catalogs)?);
        } else {
            let input = arg.trim().to_owned();
            asked.push(InputId {
                id: resolve(&input, catalogs),
                input,
            });
        }
    }
    Ok(asked)
}

/// Each valid identifier once, at its first place.
#[must_use]
pub fn valid(asked: &[InputId]) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    asked
        .iter()
        .filter_map(|asked| asked.id.as_ref().ok().copied())
        .filter(|id| seen.insert(*id))
        .collect()
}

/// A file's bytes.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let read = || {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        read_whole(file)
    };
    read().map_err(|error: io::Error| Error::file("read", path, &error))
}

/// All of stdin.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    read_whole(io::stdin().lock()).map_err(|error| Error::file("read", Path::new("stdin"), &error))
}

fn from_stdin(catalogs: &[Catalog]) -> Result<Vec<InputId>, Error> {
    let bytes = read_stdin()?;
    let lines = read::identifiers(&bytes).map_err(|error| Error::usage(format!("stdin: {error}")))?;
    let asked = lines.iter().map(|line| InputId {
        // A line of words may be a short name with spaces in it.
        id: ArxivId::parse(line.identifier())
            .or_else(|_| resolve(line.name(), catalogs))
            .or_else(|_| resolve(line.identifier(), catalogs)),
        input: line.given.clone().into_owned(),
    });
    Ok(asked.collect())
}

/// What is gzip (RFC 1952), unpacked; all else as it is.
pub fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if bytes.starts_with(&[0x1f, 0x8b, 8]) {
        read_whole(MultiGzDecoder::new(bytes.as_slice()))
    } else {
        Ok(bytes)
    }
}

fn read_whole(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 64 MiB",
        ));
    }
    Ok(bytes)
}

/// An identifier in any form, or a catalog's short name.
fn resolve(input: &str, catalogs: &[Catalog]) -> Result<ArxivId, String> {
    let malformed = match ArxivId::parse(input) {
        Ok(id) => return Ok(id),
        Err(malformed) => malformed,
    };
    let shown = text::truncate(input, 80);
    let mut nearest = Vec::new();
    for catalog in catalogs {
        match catalog.find_short_name(input) {
            ShortNameMatch::One(paper) => return Ok(paper.id),
            ShortNameMatch::Many(papers) => {
                let mut candidates: Vec<String> = papers
                    .iter()
                    .take(CANDIDATES)
                    .map(|paper| format!("{} ({})", paper.short_name().unwrap_or(&paper.title), paper.id))
                    .collect();
                if papers.len() > CANDIDATES {
                    candidates.push(format!("{} more", papers.len() - CANDIDATES));
                }
                return Err(format!("`{shown}` could be {}", candidates.join(", ")));
            }
            ShortNameMatch::None { nearest: names } => nearest.extend(names.into_iter().map(str::to_owned)),
        }
    }
    nearest.truncate(3);
    let hint = match &malformed.hint {
        Some(hint) => did_you_mean(std::slice::from_ref(hint)),
        None => did_you_mean(&nearest),
    };
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    Err(format!("`{shown}` is not an arXiv identifier: {malformed}{hint}"))
}
