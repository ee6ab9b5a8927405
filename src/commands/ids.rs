//! `ids`: lists the arXiv identifiers in any text.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Serialize;

use crate::app::Context;
use crate::app::arguments::PlaceArgs;
use crate::app::output::{Output, Place};
use crate::error::{Error, Exit};
use crate::format::json;
use crate::model::id::ArxivId;
use crate::model::text::sanitize;
use crate::refs::find::{self, FoundId, IdForm, Rigour};

/// List the arXiv identifiers in any text
///
/// In Markdown, HTML, TeX, BibTeX or plain text, of any language, line ending and length; gzip is read through. An
/// identifier counts where something marks it: a prefix (`arXiv:`), a URL of arXiv or of a site that names papers as
/// arXiv does, a DOI (`10.48550/arXiv.`), a BibTeX eprint field, or brackets (`[hep-th/9901001]`). With --lenient bare
/// ones count too.
///
/// One identifier a line, with its version if one is written, in order of appearance and each once; a paper and a
/// version of it are two. What is marked as an identifier but is none is said on stderr, and the exit code is 1.
///
/// `arxcat ids post.md | arxcat fetch` gets the records.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat ids refs.bib
  arxcat ids draft.md | arxcat fetch -f bibtex")]
pub struct Args {
    /// The texts; `-` is stdin, and so is no file
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take bare identifiers too: 1706.03762, hep-th/9901001
    #[arg(long)]
    pub lenient: bool,
    /// List an identifier every time it appears
    #[arg(long)]
    pub all: bool,
    /// Format: ids, tsv, json, jsonl; all but ids give the position of each
    #[arg(
        long,
        short,
        value_name = "FORMAT",
        default_value = "ids",
        hide_possible_values = true
    )]
    pub format: Shape,
    /// Short for --format json
    #[arg(long, conflicts_with_all = ["format", "jsonl"])]
    pub json: bool,
    /// Short for --format jsonl
    #[arg(long, conflicts_with = "format")]
    pub jsonl: bool,
    /// Where to
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// How identifiers are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Shape {
    /// One a line
    Ids,
    /// Identifier, file, line, column, offset, form, text; with tabs
    Tsv,
    /// An array
    Json,
    /// One object a line
    Jsonl,
}

/// An identifier and its position (schema `reference`).
#[derive(Serialize)]
struct IdLine<'a> {
    id: ArxivId,
    file: &'a str,
    line: u64,
    column: u64,
    offset: u64,
    form: IdForm,
    text: &'a str,
}

/// The output, and what was written so far.
struct Listing {
    shape: Shape,
    /// Identifiers that were listed, if each is listed once.
    seen: Option<HashSet<ArxivId>>,
    array: json::ArrayWriter,
    output: Output,
    found: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.files.is_empty() && io::stdin().is_terminal() {
        return Err(
            Error::usage("no file given").hint("for example `arxcat ids post.md`, or a text on stdin")
        );
    }
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() {
        &stdin
    } else {
        args.files.as_slice()
    };
    let mut listing = Listing {
        shape: match (args.json, args.jsonl) {
            (true, _) => Shape::Json,
            (_, true) => Shape::Jsonl,
            _ => args.format,
        },
        seen: (!args.all).then(HashSet::new),
        array: json::ArrayWriter::default(),
        output: args.place.open()?,
        found: false,
    };
    let rigour = if args.lenient {
        Rigour::Lenient
    } else {
        Rigour::Strict
    };
    let mut exit = Exit::Done;
    for file in files {
        match list(context, file, rigour, &mut listing) {
            Ok(end) => exit = exit.max(end),
            Err(ListError::Read(error)) => {
                context.ui.error(&error);
                exit = exit.max(error.exit);
            }
            Err(ListError::Write(error)) => return Err(error),
        }
    }
    let found = listing.found;
    listing.finish(exit)?;
    if !found && exit == Exit::Done {
        context.ui.note(if args.lenient {
            "no arXiv identifier in it"
        } else {
            "nothing is marked as an arXiv identifier; --lenient takes bare numbers too"
        });
    }
    Ok(exit)
}

/// Why a file was not listed: it cannot be read, which does not affect others, or the output cannot be written.
enum ListError {
    Read(Error),
    Write(Error),
}

/// Lists the identifiers of one text, and warns of malformed ones.
fn list(context: &Context, file: &Path, rigour: Rigour, listing: &mut Listing) -> Result<Exit, ListError> {
    let unread = |error: io::Error| ListError::Read(Error::file("read", display_name(file), &error));
    let name = file.to_string_lossy();
    let mut exit = Exit::Done;
    let mut unwritten = None;
    let scanned = find::scan(open(file).map_err(unread)?, rigour, |found| {
        match found.id {
            Ok(id) => {
                if let Err(error) = listing.add(id, &name, &found) {
                    unwritten = Some(error);
                    return ControlFlow::Break(());
                }
            }
            Err(ref malformed) => {
                exit = Exit::Partly;
                let hint = malformed.hint.as_ref();
                let hint = hint
                    .map(|hint| format!("; did you mean `{hint}`?"))
                    .unwrap_or_default();
                let (line, column, text) = (found.line, found.column, &found.text);
                context
                    .ui
                    .warn(&format!("{name}:{line}:{column}: `{text}`: {malformed}{hint}"));
            }
        }
        ControlFlow::Continue(())
    });
    match unwritten {
        Some(error) => Err(ListError::Write(listing.output.place().error(&error))),
        None => scanned.map(|()| exit).map_err(unread),
    }
}

impl Listing {
    fn add(&mut self, id: ArxivId, file: &str, found: &FoundId) -> io::Result<()> {
        self.found = true;
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(id)) {
            return Ok(());
        }
        let reference = IdLine {
            id,
            file,
            line: found.line,
            column: found.column,
            offset: found.offset,
            form: found.form,
            text: &found.text,
        };
        match self.shape {
            Shape::Ids => writeln!(self.output, "{id}"),
            Shape::Tsv => self.tsv(&reference),
            Shape::Json => self.array.push(&reference, &mut self.output),
            Shape::Jsonl => json::line(&reference, &mut self.output),
        }
    }

    fn tsv(&mut self, reference: &IdLine<'_>) -> io::Result<()> {
        let IdLine {
            id,
            line,
            column,
            offset,
            form,
            ..
        } = reference;
        let (file, text) = (sanitize(reference.file), sanitize(reference.text));
        writeln!(
            self.output,
            "{id}\t{file}\t{line}\t{column}\t{offset}\t{}\t{text}",
            form.name()
        )
    }

    /// Ends an array and commits the output. A file is not replaced if a text could not be read.
    fn finish(self, exit: Exit) -> Result<(), Error> {
        let Self {
            shape,
            array,
            mut output,
            ..
        } = self;
        let place = output.place();
        if shape == Shape::Json {
            array.finish(&mut output).map_err(|error| place.error(&error))?;
        }
        if exit == Exit::Local && place != Place::Stdout {
            return Ok(());
        }
        output.commit()
    }
}

/// Opens a file or stdin. Gzip (RFC 1952) is decompressed.
fn open(file: &Path) -> io::Result<Box<dyn Read>> {
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let opened = File::open(file)?;
        if opened.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        Box::new(opened)
    };
    let mut start = Vec::new();
    let mut source = source;
    source.by_ref().take(3).read_to_end(&mut start)?;
    let is_gzip = start == [0x1f, 0x8b, 8];
    let whole = io::Cursor::new(start).chain(source);
    Ok(if is_gzip {
        Box::new(MultiGzDecoder::new(whole))
    } else {
        Box::new(whole)
    })
}

/// The name of a text in errors.
fn display_name(file: &Path) -> &Path {
    if file == Path::new("-") {
        Path::new("stdin")
    } else {
        file
    }
}
