//! The arguments that several commands share, and what they resolve to.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::app::output::{self, Output, Writer};
use crate::app::{Context, platform};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::format::{self, CitationOptions, FieldList, Format, KeyTemplate, Printer, RenderOptions};
use crate::model::category;
use crate::model::date;
use crate::model::query::{self, Query, QueryField};
use crate::model::selection::{Selection, Sort};
use crate::model::text;

/// Which papers, and in which order.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// First submitted on this day or later, UTC: 2024, 2024-05, 2024-05-07, or back from today: 30d 2w 6m 1y
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// First submitted on this day or earlier, UTC, in the same forms
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Filed under this category, cross-lists and other names included; repeat for several; `cs.*` for all of an archive
    #[arg(long, short, value_name = "CODE")]
    pub category: Vec<String>,
    /// Count only the primary category
    #[arg(long)]
    pub primary: bool,
    /// With these words in an author's name; `word*` for a beginning; repeat for several authors
    #[arg(long, short, value_name = "TEXT")]
    pub author: Vec<String>,
    /// With these words in the title
    #[arg(long, short, value_name = "TEXT")]
    pub title: Vec<String>,
    /// In this area of the catalog, by its English or Chinese name
    #[arg(long, value_name = "NAME")]
    pub area: Option<String>,
    /// With this tag of yours; repeat for several, all of which must be there
    #[arg(long, value_name = "NAME")]
    pub tag: Vec<String>,
    /// Order of the list [default: date; for a search with words: relevance]
    #[arg(long, value_name = "ORDER")]
    pub sort: Option<SortArg>,
    /// Turn the order round
    #[arg(long, short)]
    pub reverse: bool,
    /// At most so many [default: all; 25 of a search]
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
}

/// The values of `--sort`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum SortArg {
    /// First submission, newest first
    Date,
    /// This version's submission, newest first
    Updated,
    /// Alphabetical
    Title,
    /// Identifiers, newest first
    Id,
    /// Best match first
    Relevance,
}

impl From<SortArg> for Sort {
    fn from(sort: SortArg) -> Self {
        match sort {
            SortArg::Date => Self::Date,
            SortArg::Updated => Self::Updated,
            SortArg::Title => Self::Title,
            SortArg::Id => Self::Id,
            SortArg::Relevance => Self::Relevance,
        }
    }
}

impl SelectionArgs {
    /// Resolves the arguments to a selection. Relative dates count back from `today`; areas are those of the catalog.
    pub fn settle(&self, today: NaiveDate, catalog: Option<&Catalog>) -> Result<Selection, Error> {
        let since = self
            .since
            .as_deref()
            .map(|text| date::since(text, today))
            .transpose();
        let until = self
            .until
            .as_deref()
            .map(|text| date::until(text, today))
            .transpose();
        let (since, until) = (
            since.map_err(|error| Error::usage(format!("--since: {error}")))?,
            until.map_err(|error| Error::usage(format!("--until: {error}")))?,
        );
        if let (Some(first), Some(last)) = (since, until)
            && last < first
        {
            return Err(Error::usage(format!("--until {last} is before --since {first}")));
        }
        for (flag, texts) in [("--author", &self.author), ("--title", &self.title)] {
            if texts.iter().any(|text| !text.contains(char::is_alphanumeric)) {
                return Err(Error::usage(format!("{flag} needs a letter or a digit")));
            }
        }
        let area = match (&self.area, catalog) {
            (None, _) => None,
            (Some(name), Some(catalog)) => Some(area_code(catalog, name)?),
            (Some(_), None) => return Err(Error::usage("--area is a catalog's; arXiv knows no areas")),
        };
        Ok(Selection {
            since,
            until,
            categories: self.categories()?,
            primary: self.primary,
            authors: self.author.clone(),
            titles: self.title.clone(),
            area,
            tags: self.tag.clone(),
            sort: self.sort.map_or(Sort::Date, Sort::from),
            reverse: self.reverse,
            limit: self.limit,
        })
    }

    fn categories(&self) -> Result<Vec<category::CategoryFilter>, Error> {
        self.category.iter().map(|code| parse_category(code)).collect()
    }

    /// Whether there is any filter.
    #[must_use]
    pub fn filters(&self) -> bool {
        self.since.is_some()
            || self.until.is_some()
            || !(self.category.is_empty() && self.author.is_empty() && self.title.is_empty())
            || !self.tag.is_empty()
            || self.area.is_some()
    }
}

/// Parses the search words of a command, with notes to the user on what they may not have meant.
pub fn parse_query(context: &Context, words: &[String]) -> Result<Option<Query>, Error> {
    let query = query::parse(words).map_err(|error| {
        let column = text::width(&error.text[..error.at]);
        Error::usage(format!("the search cannot be understood: {}", error.reason))
            .did_you_mean(error.suggestion.as_slice())
            .hint(error.text.clone())
            .hint(format!("{}^ here", " ".repeat(column)))
    })?;
    if let Some(query) = &query {
        check_categories(query)?;
    }
    for note in query::notes(words) {
        context.ui.note(&note);
    }
    Ok(query)
}

/// Refuses a query whose `category:` names none.
fn check_categories(query: &Query) -> Result<(), Error> {
    match query {
        Query::Text {
            field: QueryField::Category,
            text,
        } => parse_category(text).map(drop),
        Query::Text { .. } => Ok(()),
        Query::All(parts) | Query::Any(parts) => parts.iter().try_for_each(check_categories),
        Query::Not(part) => check_categories(part),
    }
}

/// Parses a category filter. The error names the nearest codes.
pub fn parse_category(code: &str) -> Result<category::CategoryFilter, Error> {
    category::CategoryFilter::parse(code).map_err(|unknown| {
        Error::usage(unknown.to_string())
            .did_you_mean(&unknown.nearest)
            .hint("`arxcat categories` lists them all; `arxcat categories TEXT` searches their names")
    })
}

fn area_code(catalog: &Catalog, name: &str) -> Result<String, Error> {
    if let Some(area) = catalog.find_area(name) {
        return Ok(area.code.clone());
    }
    let known: Vec<&str> = catalog.areas.iter().map(|area| area.code.as_str()).collect();
    let error = Error::usage(format!("catalog {} has no area `{name}`", catalog.name))
        .did_you_mean(&catalog.nearest_areas(name));
    Err(if known.is_empty() {
        error
    } else {
        error.hint(format!("its areas are {}", known.join(", ")))
    })
}

/// Where output goes.
#[derive(Args, Debug, Clone, Default)]
pub struct PlaceArgs {
    /// Write to this file, which is there when the run ends
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

impl PlaceArgs {
    /// Opens the file, or stdout.
    pub fn open(&self) -> Result<Output, Error> {
        Output::open(self.output.as_deref(), self.force)
    }
}

/// Parser of `--format`. It offers the names of all formats to help and completion, and leaves unknown names to
/// [`OutputArgs::format`], whose error names the nearest ones.
#[derive(Clone, Debug)]
struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = Format::all().iter().map(|format| format.name());
        Some(Box::new(names.map(PossibleValue::new)))
    }
}

/// How papers are written, and where.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How papers are written [default: by the extension of the output file, else by the command]
    #[arg(long, short, value_name = "FORMAT", value_parser = FormatParser)]
    pub format: Option<String>,
    /// Short for --format json
    #[arg(long, conflicts_with_all = ["format", "jsonl"])]
    pub json: bool,
    /// Short for --format jsonl
    #[arg(long, conflicts_with = "format")]
    pub jsonl: bool,
    /// Fields of table, text, tsv, csv, json and jsonl, by their keys (`id,date,title,catalog.area`); alone: list them
    #[arg(long, value_name = "KEYS", num_args = 0..=1, default_missing_value = "")]
    pub fields: Option<String>,
    /// Citation keys, of {author} {year} {title} {word} {id} {shortname} [default: {author}{year}{word}]
    #[arg(long, value_name = "TEMPLATE")]
    pub key: Option<String>,
    /// Cite papers with their version
    #[arg(long)]
    pub cite_version: bool,
    /// Write your tags as keywords of citations
    #[arg(long)]
    pub with_tags: bool,
    /// Where to
    #[command(flatten)]
    pub place: PlaceArgs,
}

impl OutputArgs {
    /// The format of `--format`, else the one that the extension of the output file stands for.
    pub fn format(&self) -> Result<Option<Format>, Error> {
        self.format_among(|_| true)
    }

    /// The same for a command that writes only formats for which `suits` is true: extensions of other formats are
    /// ignored, but `--format` is not.
    pub fn format_among(&self, suits: impl Fn(Format) -> bool) -> Result<Option<Format>, Error> {
        let format = match &self.format {
            _ if self.json => Some(Format::Json),
            _ if self.jsonl => Some(Format::Jsonl),
            None => self
                .place
                .output
                .as_deref()
                .and_then(|path| Format::of_path(path, suits)),
            Some(name) => Some(name.parse().map_err(|unknown: format::UnknownName| {
                Error::usage(unknown.to_string())
                    .did_you_mean(&unknown.nearest)
                    .hint(format!("formats are {}", Format::names(|_| true)))
            })?),
        };
        if (self.key.is_some() || self.cite_version || self.with_tags) && !format.is_some_and(Format::cites) {
            return Err(
                Error::usage("--key, --cite-version and --with-tags are for citations").hint(format!(
                    "name one of {} with --format",
                    Format::names(Format::cites)
                )),
            );
        }
        Ok(format)
    }

    /// The options of citations.
    pub fn citing(&self) -> Result<CitationOptions, Error> {
        let key = match self.key.as_deref() {
            None => KeyTemplate::default(),
            Some(text) => text.parse().map_err(|bad: format::TemplateError| {
                let parts: Vec<String> = KeyTemplate::parts().map(|part| format!("{{{part}}}")).collect();
                Error::usage(format!("--key: {bad}"))
                    .did_you_mean(&bad.nearest)
                    .hint(format!(
                        "a key is made of {} and of letters, digits and - _ : . + /",
                        parts.join(" ")
                    ))
            })?,
        };
        Ok(CitationOptions {
            key,
            versions: self.cite_version,
            with_tags: self.with_tags,
            ..CitationOptions::default()
        })
    }

    /// The fields asked for, if some were; a bare `--fields` is answered by [`Self::lists_fields`].
    pub fn fields(&self, format: Format) -> Result<Option<FieldList>, Error> {
        let Some(text) = self.fields.as_deref() else {
            return Ok(None);
        };
        if !format.takes_fields() {
            return Err(Error::usage(format!(
                "--fields chooses for {}, not for {format}",
                Format::names(Format::takes_fields)
            ))
            .hint("name one of them with --format"));
        }
        FieldList::parse(text).map(Some).map_err(|unknown| {
            Error::usage(unknown.to_string())
                .did_you_mean(&unknown.nearest)
                .hint("`--fields` alone lists them")
        })
    }

    /// Whether `--fields` was given alone, which lists the fields.
    #[must_use]
    pub fn lists_fields(&self) -> bool {
        self.fields.as_deref() == Some("")
    }

    /// Opens the output with a printer in this format.
    pub fn open(&self, format: Format, look: RenderOptions) -> Result<Writer, Error> {
        let fields = self.fields(format)?;
        let citing = self.citing()?;
        let output = self.place.open()?;
        let place = output.place();
        Ok(Writer::new(
            Printer::new(format, fields, look, output).with_citations(citing),
            place,
        ))
    }

    /// The format of a list: the one asked for, else a table on a terminal and tabs in a pipe or a file.
    pub fn list_format(&self, context: &Context) -> Result<Format, Error> {
        let person = context.ui.width.is_some() && !self.is_file();
        Ok(self
            .format()?
            .unwrap_or(if person { Format::Table } else { Format::Tsv }))
    }

    /// Whether the output is a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.place
            .output
            .as_deref()
            .is_some_and(|path| !output::is_stdout(path))
    }

    /// Whether nobody sees the data, because standard output is the null device.
    #[must_use]
    pub fn is_discarded(&self) -> bool {
        !self.is_file() && platform::stdout_is_null()
    }
}

/// How old an answer on this machine may be.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Freshness")]
pub struct FreshnessArgs {
    /// Ask arXiv even where a fresh record is held
    #[arg(long)]
    pub refresh: bool,
    /// A record held for longer than this is asked for again: 12h, 7d, 2w
    #[arg(long, value_name = "AGE", default_value = "1d", value_parser = age)]
    pub max_age: Duration,
}

fn age(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "y" => 365 * 86_400,
        _ => 0,
    };
    match number.parse::<u32>() {
        Ok(number) if seconds > 0 => Ok(Duration::from_secs(u64::from(number) * seconds)),
        _ => Err("an age is a number and one of s, min, h, d, w, y".to_owned()),
    }
}
