//! The table of formats. Names, extensions, errors and dispatch all come from it, so a new format is one row here and
//! one file that implements [`PaperWriter`].

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::paper_writer::{PaperWriter, WriterSettings};
use super::unknown_name::UnknownName;
use super::{bibtex, citation, csl, csv, ids, json_papers, markdown, ris, table, text, tsv};
use crate::model::text::nearest;

/// What the program knows of a format.
struct FormatRow {
    /// Name on the command line.
    name: &'static str,
    /// Extensions of `-o FILE` that choose this format, without the dot. If two rows have the same extension, the
    /// first one that the command can write wins.
    extensions: &'static [&'static str],
    /// Whether `--fields` applies.
    fields: bool,
    /// Whether papers are written as citations with keys.
    citation: bool,
    /// Makes a writer.
    open: fn(WriterSettings) -> Box<dyn PaperWriter>,
}

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident => $row:expr,)*) => {
        /// How papers are written.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Format { $($(#[$doc])* $variant,)* }

        impl Format {
            /// Every format, in the order of the help.
            #[must_use]
            pub fn all() -> &'static [Self] { &[$(Self::$variant,)*] }

            fn row(self) -> &'static FormatRow {
                match self { $(Self::$variant => { const ROW: FormatRow = $row; &ROW })* }
            }
        }
    };
}

formats! {
    /// Aligned columns, fitted to the terminal.
    Table => FormatRow { name: "table", extensions: &[], fields: true, citation: false, open: table::open },
    /// Tab-separated values without a header, never cut.
    Tsv => FormatRow { name: "tsv", extensions: &["tsv", "tab"], fields: true, citation: false, open: tsv::open },
    /// Records to read.
    Text => FormatRow { name: "text", extensions: &["txt", "text"], fields: true, citation: false, open: text::open },
    /// Comma-separated values with a header.
    Csv => FormatRow { name: "csv", extensions: &["csv"], fields: true, citation: false, open: csv::open },
    /// One JSON array.
    Json => FormatRow { name: "json", extensions: &["json"], fields: true, citation: false, open: json_papers::open_array },
    /// One JSON object a line.
    Jsonl => FormatRow {
        name: "jsonl", extensions: &["jsonl", "ndjson"], fields: true, citation: false, open: json_papers::open_lines,
    },
    /// One identifier a line, as it was requested.
    Ids => FormatRow { name: "ids", extensions: &["ids"], fields: false, citation: false, open: ids::open },
    /// A Markdown list.
    Markdown => FormatRow {
        name: "markdown", extensions: &["md", "markdown"], fields: false, citation: false, open: markdown::open,
    },
    /// BibTeX in arXiv's own form.
    Bibtex => FormatRow {
        name: "bibtex", extensions: &["bib", "bibtex"], fields: false, citation: true,
        open: |settings| citation::open(&bibtex::BIBTEX, settings),
    },
    /// BibTeX for the biblatex package.
    Biblatex => FormatRow {
        name: "biblatex", extensions: &[], fields: false, citation: true,
        open: |settings| citation::open(&bibtex::BIBLATEX, settings),
    },
    /// RIS, for reference managers.
    Ris => FormatRow {
        name: "ris", extensions: &["ris"], fields: false, citation: true,
        open: |settings| citation::open(&ris::STYLE, settings),
    },
    /// CSL-JSON, for pandoc and citation processors.
    Csl => FormatRow {
        name: "csl", extensions: &["csl.json", "json"], fields: false, citation: true,
        open: |settings| citation::open(&csl::STYLE, settings),
    },
}

impl Format {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether `--fields` chooses what it contains.
    #[must_use]
    pub fn takes_fields(self) -> bool {
        self.row().fields
    }

    /// Whether it writes citations, as [`CitationOptions`](super::CitationOptions) describe.
    #[must_use]
    pub fn cites(self) -> bool {
        self.row().citation
    }

    /// The names of the formats for which `suits` is true, separated by commas.
    pub fn names(suits: impl Fn(Self) -> bool) -> String {
        let names = Self::all().iter().filter(|format| suits(**format));
        names.map(|format| format.name()).collect::<Vec<_>>().join(", ")
    }

    /// The format that a file's extension stands for, among those for which `suits` is true; case is ignored and the
    /// longest extension wins (`refs.csl.json` is CSL-JSON). Returns `None` for any other extension.
    pub fn of_path(path: &Path, suits: impl Fn(Self) -> bool) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let matching = |format: &Self| {
            let ends = |extension: &&&str| {
                let stem = name
                    .strip_suffix(**extension)
                    .and_then(|rest| rest.strip_suffix('.'));
                stem.is_some_and(|stem| !stem.is_empty())
            };
            let longest = format
                .row()
                .extensions
                .iter()
                .filter(ends)
                .map(|extension| extension.len());
            longest.max()
        };
        let mut best = None;
        for format in Self::all().iter().filter(|format| suits(**format)) {
            let length = matching(format);
            if length > best.map(|(length, _)| length) {
                best = length.map(|length| (length, *format));
            }
        }
        best.map(|(_, format)| format)
    }

    pub(super) fn open(self, settings: WriterSettings) -> Box<dyn PaperWriter> {
        (self.row().open)(settings)
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
