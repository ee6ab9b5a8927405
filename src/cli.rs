//! The command line: what can be typed. No input or output.

use std::ffi::OsString;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::commands;
use crate::model::id::ArxivId;
use crate::model::lang::Lang;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// What `arxcat` alone prints.
pub const EXAMPLES: &str = "\
arXiv on the command line.

  arxcat timeline                        DeepSeek's papers by date, without a network
  arxcat show R1                         everything known here about a paper
  arxcat fetch 1706.03762 -f json        a record from arXiv, as JSON
  arxcat search \"sparse attention\" --since 1y --category cs.CL
  arxcat list --area reasoning -f ids | arxcat fetch -f jsonl -o reasoning.jsonl

`arxcat --help` lists the commands; `arxcat COMMAND --help` explains one.
";

/// arXiv on the command line
#[derive(Parser, Debug)]
#[command(
    name = "arxcat",
    version,
    styles = STYLES,
    about = "arXiv on the command line: a catalogue of DeepSeek's papers, abstracts by identifier, search, pipes",
    after_help = "An identifier or an arXiv URL in place of the command fetches that paper: `arxcat 1706.03762`.",
    infer_subcommands = false,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// What holds for every command
    #[command(flatten)]
    pub global: Global,
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What holds for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Use this catalog: `deepseek`, a name in the configuration's `catalogs` folder, or a file
    #[arg(long, global = true, value_name = "NAME-OR-FILE")]
    pub catalog: Option<String>,
    /// Never open the network
    #[arg(long, global = true)]
    pub offline: bool,
    /// Give up rather than wait longer for arXiv; 0: wait neither for a back-off nor for another process
    #[arg(long, global = true, value_name = "SECONDS")]
    pub max_wait: Option<String>,
    /// Language of headings, area names and summaries [default: the locale's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<LangArg>,
    /// Keep the library in this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub library_dir: Option<PathBuf>,
    /// Read this configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// When to colour [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<When>,
    /// Show no progress
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say each request on stderr; twice: each answer too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Answer every question with yes
    #[arg(long, global = true)]
    pub yes: bool,
}

/// A language, as it is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LangArg {
    /// English
    En,
    /// Chinese
    Zh,
}

impl LangArg {
    /// `en` or `zh`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => Lang::En.code(),
            Self::Zh => Lang::Zh.code(),
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum When {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<When> for ColorChoice {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

/// What to do.
#[derive(Subcommand, Debug)]
#[expect(
    missing_docs,
    reason = "each command's Args document it, for the help as well"
)]
pub enum Command {
    List(commands::list::Args),
    Timeline(commands::timeline::Args),
    Show(commands::show::Args),
    Stats(commands::stats::Args),
    Export(commands::export::Args),
    Fetch(commands::fetch::Args),
    Search(commands::search::Args),
    Sync(commands::sync::Args),
    New(commands::new::Args),
    Verify(commands::verify::Args),
    Categories(commands::categories::Args),
    Ids(commands::ids::Args),
    Check(commands::check::Args),
    Cite(commands::cite::Args),
    Import(commands::import::Args),
    Tag(commands::tag::Args),
    Untag(commands::untag::Args),
    Tags(commands::tags::Args),
    Note(commands::note::Args),
    Remove(commands::remove::Args),
    Outdated(commands::outdated::Args),
    Doctor(commands::doctor::Args),
    Download(commands::download::Args),
    Open(commands::open::Args),
    Schema(commands::schema::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
    Config(commands::config::Args),
}

/// Reads the command line. An identifier or an arXiv URL where a command should be means `fetch`.
pub fn parse(mut args: Vec<OsString>) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(&args).or_else(|error| {
        let Some(at) = misplaced_identifier(&error, &args) else {
            return Err(error);
        };
        args.insert(at, OsString::from("fetch"));
        Cli::try_parse_from(&args)
    })
}

fn misplaced_identifier(error: &clap::Error, args: &[OsString]) -> Option<usize> {
    if !matches!(
        error.kind(),
        ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument
    ) {
        return None;
    }
    let word = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg]
        .iter()
        .find_map(|kind| match error.get(*kind) {
            Some(ContextValue::String(word)) => Some(word),
            _ => None,
        })?;
    // A number that is no identifier is told so by `fetch`, with the likely form.
    let meant = ArxivId::parse(word).is_ok() || word.starts_with(|c: char| c.is_ascii_digit());
    if !meant {
        return None;
    }
    args.iter().position(|arg| arg == word.as_str())
}
