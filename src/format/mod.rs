//! Papers to bytes: one small file per format.
//!
//! Every format is a function of model values, the chosen fields and a [`RenderOptions`]. Nothing here asks where the
//! bytes go, reads the environment or opens a file, but for citations too many to wait in memory for the last one's
//! key; nothing a paper says can break out of a format.
//!
//! - For people: [`Format::Table`], [`Format::Text`], [`Format::Markdown`], the [`timeline()`],
//!   the [`bars()`], what was [`announced()`], the [`findings()`] and the [`diagnostics()`]. Text from outside goes through `shown` first.
//! - For programs: [`Format::Tsv`], [`Format::Csv`], [`Format::Json`], [`Format::Jsonl`], [`Format::Ids`],
//!   held by the JSON Schemas of [`schema()`].
//! - For bibliographies: [`Format::Bibtex`], [`Format::Biblatex`], [`Format::Ris`], [`Format::Csl`], as told by
//!   [`CitationOptions`].
//! - For downloaded files, their names: [`FileNameTemplate`].

mod announcements;
mod bars;
mod bibtex;
mod citation;
mod citation_key;
mod columns;
mod csl;
mod csv;
mod diagnostics;
mod display;
mod fields;
mod file_name;
mod findings;
mod ids;
pub mod json;
mod library_checks;
mod manual;
mod markdown;
mod period;
mod record_changes;
mod records;
mod ris;
mod schema;
mod search_result;
mod style;
mod table;
mod text;
mod timeline;
mod tsv;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::model::lang::{Area, Lang};
use crate::model::paper::Paper;
use crate::model::text::nearest;
use citation::CitationWriter;

pub use announcements::announcements;
pub use bars::{bars, counts};
pub use citation::CitationOptions;
pub use citation_key::{KeyTemplate, TemplateError};
pub use diagnostics::{Diagnostic, Severity, diagnostics, github, verdicts};
pub use fields::FieldList;
pub use file_name::FileNameTemplate;
pub use findings::findings;
pub use json::ledger_line;
pub use library_checks::library_checks;
pub use manual::{Roff, manual_index, manual_page};
pub use period::PeriodLength;
pub use record_changes::record_changes;
pub use records::records;
pub use schema::{schema, schema_names};
pub use search_result::search_result;
pub use timeline::{timeline, timeline_markdown};

/// How papers are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Aligned columns, fitted to the terminal.
    Table,
    /// Tab-separated values, without a header, never cut.
    Tsv,
    /// Records to read.
    Text,
    /// Comma-separated values with a header.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// One identifier a line, as it was asked for.
    Ids,
    /// A list to paste into a page.
    Markdown,
    /// BibTeX, in arXiv's own form.
    Bibtex,
    /// BibTeX for the biblatex package.
    Biblatex,
    /// RIS, for reference managers.
    Ris,
    /// CSL-JSON, for pandoc and citation processors.
    Csl,
}

impl Format {
    /// Every format, in the order they are told of.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &[
            Self::Table,
            Self::Tsv,
            Self::Text,
            Self::Csv,
            Self::Json,
            Self::Jsonl,
            Self::Ids,
            Self::Markdown,
            Self::Bibtex,
            Self::Biblatex,
            Self::Ris,
            Self::Csl,
        ]
    }

    /// What it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Tsv => "tsv",
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Ids => "ids",
            Self::Markdown => "markdown",
            Self::Bibtex => "bibtex",
            Self::Biblatex => "biblatex",
            Self::Ris => "ris",
            Self::Csl => "csl",
        }
    }

    /// Whether `--fields` chooses what it holds.
    #[must_use]
    pub fn takes_fields(self) -> bool {
        matches!(self, Self::Tsv | Self::Csv | Self::Json | Self::Jsonl)
    }

    /// Whether it cites papers, as [`CitationOptions`] says.
    #[must_use]
    pub fn cites(self) -> bool {
        matches!(self, Self::Bibtex | Self::Biblatex | Self::Ris | Self::Csl)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = Self::all().iter().find(|format| format.name() == name);
        known.copied().ok_or_else(|| UnknownName {
            what: "format",
            name: name.to_owned(),
            nearest: nearest(name, Self::all().iter().map(|format| format.name())),
        })
    }
}

/// A name that stands for no format or field, with the nearest ones.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown {what} `{name}`")]
pub struct UnknownName {
    /// `format`, `field`, `period`.
    pub what: &'static str,
    /// As typed.
    pub name: String,
    /// What was probably meant, best first; may be empty.
    pub nearest: Vec<&'static str>,
}

/// How the formats for people options. The others do not depend on it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RenderOptions {
    /// The language of headings, area names and summaries.
    pub lang: Lang,
    /// Columns of the terminal; none where the output is no terminal, and then nothing is cut.
    pub width: Option<usize>,
    /// Whether to write ANSI colours.
    pub color: bool,
    /// The catalog's areas, in its order.
    pub areas: Vec<Area>,
}

impl RenderOptions {
    /// Columns that running text is wrapped to: the terminal's, at most 100; 80 where there is none.
    fn page(&self) -> usize {
        self.width.map_or(80, |columns| columns.clamp(20, 100))
    }
}

/// Writes papers in a format, one after the other, as they come.
///
/// All formats but [`Format::Table`], which must know its widest cell, and those that cite, which must know every key,
/// write each paper at once.
/// Give it a buffered writer.
#[derive(Debug)]
pub struct Printer<W: Write> {
    out: W,
    options: RenderOptions,
    state: PrinterState,
}

/// What a format must remember between two papers.
#[derive(Debug)]
enum PrinterState {
    Table(Vec<table::PaperRow>),
    Tsv(FieldList),
    Text {
        first: bool,
    },
    Csv {
        fields: FieldList,
        headed: bool,
    },
    Json {
        array: json::ArrayWriter,
        fields: Option<FieldList>,
    },
    Jsonl(Option<FieldList>),
    Ids,
    Markdown,
    CitationWriter(Box<CitationWriter>),
}

impl<W: Write> Printer<W> {
    /// A printer in this format. Fields count only where [`Format::takes_fields`]; without them TSV has
    /// [`FieldList::brief`], CSV [`FieldList::whole`] and JSON the record as it is.
    pub fn new(format: Format, fields: Option<FieldList>, options: RenderOptions, out: W) -> Self {
        let state = match format {
            Format::Table => PrinterState::Table(Vec::new()),
            Format::Tsv => PrinterState::Tsv(fields.unwrap_or_else(FieldList::brief)),
            Format::Text => PrinterState::Text { first: true },
            Format::Csv => PrinterState::Csv {
                fields: fields.unwrap_or_else(FieldList::whole),
                headed: false,
            },
            Format::Json => PrinterState::Json {
                array: json::ArrayWriter::default(),
                fields,
            },
            Format::Jsonl => PrinterState::Jsonl(fields),
            Format::Ids => PrinterState::Ids,
            Format::Markdown => PrinterState::Markdown,
            Format::Bibtex | Format::Biblatex | Format::Ris | Format::Csl => PrinterState::CitationWriter(
                Box::new(CitationWriter::new(format, CitationOptions::default())),
            ),
        };
        Self { out, options, state }
    }

    /// The same printer, before its first paper, citing like this where its format cites.
    #[must_use]
    pub fn citing(mut self, citing: CitationOptions) -> Self {
        if let PrinterState::CitationWriter(citations) = &mut self.state {
            citations.cite(citing);
        }
        self
    }

    /// Writes a paper, or for a table remembers it.
    pub fn paper(&mut self, paper: &Paper) -> io::Result<()> {
        let (out, options) = (&mut self.out, &self.options);
        match &mut self.state {
            PrinterState::Table(rows) => {
                rows.push(table::PaperRow::of(paper, options.lang));
                Ok(())
            }
            PrinterState::Tsv(fields) => tsv::line(&fields.cells(paper), out),
            PrinterState::Text { first } => {
                if !std::mem::take(first) {
                    writeln!(out)?;
                }
                text::write(paper, options, out)
            }
            PrinterState::Csv { fields, headed } => {
                if !std::mem::replace(headed, true) {
                    csv::line(fields.names(), out)?;
                }
                csv::line(&fields.cells(paper), out)
            }
            PrinterState::Json { array, fields } => match fields {
                Some(fields) => array.push(&fields.select(paper), out),
                None => array.push(paper, out),
            },
            PrinterState::Jsonl(Some(fields)) => json::line(&fields.select(paper), out),
            PrinterState::Jsonl(None) => json::line(paper, out),
            PrinterState::Ids => ids::write(paper, out),
            PrinterState::Markdown => markdown::bullet(paper, options, out),
            PrinterState::CitationWriter(citations) => citations.push(paper),
        }
    }

    /// Writes a line that is no paper: where a file of one is.
    pub fn line(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(line)?;
        self.out.write_all(b"\n")
    }

    /// Sends on what was written so far, for whoever reads along.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the output: draws the table, closes the array, writes the citations. Also due where the papers ended in an error, so
    /// that what was written is whole. Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        match self.state {
            PrinterState::Table(rows) => table::write(&rows, &self.options, &mut self.out)?,
            PrinterState::Csv {
                ref fields,
                headed: false,
            } => csv::line(fields.names(), &mut self.out)?,
            PrinterState::Json { array, .. } => array.finish(&mut self.out)?,
            PrinterState::CitationWriter(citations) => citations.write(&mut self.out)?,
            _ => {}
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
