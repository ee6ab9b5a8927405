//! The identifiers of a command: its arguments, or the lines of stdin.

use std::collections::HashSet;
use std::io::{self, IsTerminal};

use chrono::NaiveDate;

use crate::app::{Context, input};
use crate::catalog::{Catalog, ShortNameMatch};
use crate::error::{Error, did_you_mean};
use crate::model::id::ArxivId;
use crate::model::text;
use crate::read;

/// Papers that are listed if a short name is ambiguous; a longer list does not help to choose.
const MAX_CANDIDATES: usize = 5;

/// Characters of an input that an error message shows.
const MAX_SHOWN: usize = 80;

/// An argument or a line of input that should be an identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputId {
    /// The argument or the line, trimmed.
    pub input: String,
    /// The identifier, or the reason why the input is none.
    pub id: Result<ArxivId, String>,
}

/// The identifiers of the arguments. They come from stdin if there are no arguments, and in the place of `-`.
pub fn identifiers(context: &Context, args: &[String], catalogs: &[Catalog]) -> Result<Vec<InputId>, Error> {
    if args.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Error::usage("no identifier given")
                .hint("give identifiers as arguments (1706.03762, R1), or a list on stdin"));
        }
        return from_stdin(context, catalogs);
    }
    let mut ids = Vec::new();
    for arg in args {
        if arg == "-" {
            ids.extend(from_stdin(context, catalogs)?);
        } else {
            let input = arg.trim().to_owned();
            ids.push(InputId {
                id: resolve(&input, catalogs),
                input,
            });
        }
    }
    Ok(ids)
}

/// Each valid identifier once, at its first place.
#[must_use]
pub fn valid(inputs: &[InputId]) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    inputs
        .iter()
        .filter_map(|input| input.id.as_ref().ok().copied())
        .filter(|id| seen.insert(*id))
        .collect()
}

fn from_stdin(context: &Context, catalogs: &[Catalog]) -> Result<Vec<InputId>, Error> {
    let bytes = input::read_stdin()?;
    let lines = read::identifiers(&bytes).map_err(|error| Error::usage(format!("stdin: {error}")))?;
    let mut inputs = Vec::new();
    let mut ignored = None;
    for line in &lines {
        if let Some(ids) = list(&line.given) {
            inputs.extend(ids);
            continue;
        }
        // The line may be a short name with spaces in it.
        let id = ArxivId::parse(line.identifier())
            .or_else(|_| resolve(line.name(), catalogs))
            .or_else(|_| resolve(line.identifier(), catalogs));
        if ignored.is_none() && id.is_ok() {
            ignored = later_identifier(&line.given);
        }
        inputs.push(InputId {
            id,
            input: line.given.clone().into_owned(),
        });
    }
    if let Some(ignored) = ignored {
        context.ui.warn(&format!(
            "stdin: of a line with other words only the identifier at its start counts, so `{ignored}` and the like are ignored"
        ));
    }
    Ok(inputs)
}

/// The identifiers of a line that has several, and nothing else. Words are separated by spaces, tabs and commas.
fn list(line: &str) -> Option<Vec<InputId>> {
    let words: Vec<&str> = words(line).collect();
    if words.len() < 2 {
        return None;
    }
    let ids = words.into_iter().map(|word| {
        Some(InputId {
            input: word.to_owned(),
            id: Ok(ArxivId::parse(word).ok()?),
        })
    });
    ids.collect()
}

/// An identifier behind the first on a line, unless the line is one of `arxcat list`, whose titles are not input.
fn later_identifier(line: &str) -> Option<ArxivId> {
    let second_field = line.split('\t').nth(1);
    if second_field.is_some_and(|field| field.is_empty() || field.parse::<NaiveDate>().is_ok()) {
        return None;
    }
    words(line).skip(1).find_map(|word| ArxivId::parse(word).ok())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\t', ',']).filter(|word| !word.is_empty())
}

/// An identifier in any form, or a catalog's short name.
fn resolve(input: &str, catalogs: &[Catalog]) -> Result<ArxivId, String> {
    let malformed = match ArxivId::parse(input) {
        Ok(id) => return Ok(id),
        Err(malformed) => malformed,
    };
    let shown = text::truncate(input, MAX_SHOWN);
    let mut nearest = Vec::new();
    for catalog in catalogs {
        match catalog.find_short_name(input) {
            ShortNameMatch::One(paper) => return Ok(paper.id),
            ShortNameMatch::Many(papers) => {
                let mut candidates: Vec<String> = papers
                    .iter()
                    .take(MAX_CANDIDATES)
                    .map(|paper| format!("{} ({})", paper.short_name().unwrap_or(&paper.title), paper.id))
                    .collect();
                if papers.len() > MAX_CANDIDATES {
                    candidates.push(format!("{} more", papers.len() - MAX_CANDIDATES));
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
