//! The command line: its commands and flags, and how it is read. No input or output.

use std::ffi::OsString;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::commands;
use crate::model::id::ArxivId;
use crate::model::lang::Lang;
use crate::model::text;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The output of `arxcat` without arguments.
pub const EXAMPLES: &str = "\
arXiv on the command line.

  arxcat timeline                        DeepSeek's papers by date, without a network
  arxcat show R1                         everything known here about a paper
  arxcat fetch 1706.03762 -f json        a record from arXiv, as JSON
  arxcat search \"sparse attention\" --since 1y --category cs.CL
  arxcat list --area reasoning -f ids | arxcat fetch -f jsonl -o reasoning.jsonl

`arxcat --help` lists the commands; `arxcat COMMAND --help` explains one.
";

/// A command line.
#[derive(Debug)]
pub struct Cli {
    /// The flags that every command has.
    pub global: Global,
    /// The command, if there is one.
    pub command: Option<Command>,
}

/// arXiv on the command line
#[derive(Parser, Debug)]
#[command(
    name = "arxcat",
    version,
    styles = STYLES,
    about = "arXiv on the command line: a catalog of DeepSeek's papers, abstracts by identifier, search, pipes",
    after_help = "An identifier or an arXiv URL in place of the command fetches that paper: `arxcat 1706.03762`.",
    infer_subcommands = false,
    disable_help_subcommand = true,
    max_term_width = 100
)]
struct Root {
    /// The flags that every command has
    #[command(flatten)]
    global: Global,
}

/// The flags that every command has.
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
    /// Show long output without a pager
    #[arg(long, global = true)]
    pub no_pager: bool,
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

/// Defines every command by the name of its module, which is what is typed, and its alias.
macro_rules! commands {
    ($($variant:ident $name:ident $($alias:literal)?,)*) => {
        #[derive(Subcommand, Debug)]
        #[expect(
            missing_docs,
            reason = "the doc comment of each command's Args is its help; one here would replace it"
        )]
        pub enum Command {
            $($(#[command(visible_alias = $alias)])? $variant(commands::$name::Args),)*
        }

        /// The command of this name or alias, without the others.
        fn alone(name: &str) -> Option<clap::Command> {
            let command = match name {
                $(stringify!($name) $(| $alias)? => {
                    let command = clap::Command::new(stringify!($name))$(.visible_alias($alias))?;
                    commands::$name::Args::augment_args(command)
                })*
                _ => return None,
            };
            Some(command)
        }
    };
}

commands! {
    List list "ls",
    Timeline timeline,
    Show show "info",
    Stats stats,
    Export export,
    Fetch fetch "get",
    Search search,
    Sync sync,
    New new,
    Verify verify,
    Categories categories,
    Ids ids,
    Check check,
    Cite cite,
    Import import,
    Tag tag,
    Untag untag,
    Tags tags,
    Note note,
    Remove remove "rm",
    Outdated outdated,
    Doctor doctor,
    Download download,
    Open open,
    Schema schema,
    Help help,
    Completions completions,
    Man man,
    Config config,
}

/// The whole command line, for completions, help and man pages.
#[must_use]
pub fn command() -> clap::Command {
    Command::augment_subcommands(Root::command())
}

/// A command line that was read.
#[derive(Debug)]
pub enum Parsed {
    /// A command, or none.
    Cli(Box<Cli>),
    /// The first word is not a command.
    UnknownCommand(Box<UnknownCommand>),
}

/// A command line whose first word is not a command.
#[derive(Debug)]
pub struct UnknownCommand {
    /// The first word.
    pub word: String,
    /// It and the words after it, up to the first flag.
    pub words: Vec<String>,
    /// The commands that are spelled alike.
    pub nearest: Vec<String>,
    /// What the command line means if the word is the short name of a paper.
    pub show: Option<Cli>,
}

/// Reads the command line. An identifier or an arXiv URL where a command should be means `fetch`.
pub fn parse(args: &[OsString]) -> Result<Parsed, clap::Error> {
    let error = match read(args) {
        Ok(cli) => return Ok(Parsed::Cli(Box::new(cli))),
        Err(error) => error,
    };
    let Some((place, word)) = unknown_word(&error, args) else {
        return Err(without_misleading(error));
    };
    let with = |command: &str| {
        let mut args = args.to_vec();
        args.insert(place, OsString::from(command));
        read(&args)
    };
    // `fetch` says of a number that is no identifier what is wrong with it.
    if ArxivId::parse(&word).is_ok() || word.starts_with(|c: char| c.is_ascii_digit()) {
        let cli = with("fetch").map_err(without_misleading)?;
        return Ok(Parsed::Cli(Box::new(cli)));
    }
    if error.kind() != ErrorKind::InvalidSubcommand {
        return Err(without_misleading(error));
    }
    let words = args[place..].iter().map(|arg| arg.to_string_lossy().into_owned());
    let commands = command();
    let names = commands
        .get_subcommands()
        .flat_map(clap::Command::get_name_and_visible_aliases);
    Ok(Parsed::UnknownCommand(Box::new(UnknownCommand {
        words: words.take_while(|word| !word.starts_with('-')).collect(),
        nearest: text::nearest(&word, names)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        show: with("show").ok(),
        word,
    })))
}

/// The error without what would mislead: control characters of the arguments, which a terminal would obey, and the tip to
/// pass an unknown flag as a value, which hardly anybody means.
fn without_misleading(mut error: clap::Error) -> clap::Error {
    let cleaned: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| {
            let value = match value {
                ContextValue::String(text) => ContextValue::String(text::sanitize(text).into_owned()),
                ContextValue::Strings(texts) => {
                    let texts = texts.iter().map(|text| text::sanitize(text).into_owned());
                    ContextValue::Strings(texts.collect())
                }
                _ => return None,
            };
            Some((kind, value))
        })
        .collect();
    for (kind, value) in cleaned {
        error.insert(kind, value);
    }
    error.remove(ContextKind::Suggested);
    error
}

fn read(args: &[OsString]) -> Result<Cli, clap::Error> {
    // Building all commands takes longer than the work of most local ones, so the one that is typed is built alone. Errors
    // and help need all of them.
    let name = args.get(1).and_then(|name| name.to_str());
    if let Some(command) = name.and_then(alone)
        && let Ok(cli) = read_by(Root::command().subcommand(command), args)
    {
        return Ok(cli);
    }
    read_by(command(), args)
}

fn read_by(mut command: clap::Command, args: &[OsString]) -> Result<Cli, clap::Error> {
    let mut matches = command.try_get_matches_from_mut(args)?;
    let mut read = || {
        Ok(Cli {
            global: Global::from_arg_matches_mut(&mut matches)?,
            command: match matches.subcommand_name() {
                Some(_) => Some(Command::from_arg_matches_mut(&mut matches)?),
                None => None,
            },
        })
    };
    read().map_err(|error: clap::Error| error.format(&mut command))
}

/// The word that the parser took for a command and does not know, with its place among the arguments.
fn unknown_word(error: &clap::Error, args: &[OsString]) -> Option<(usize, String)> {
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
    let place = args.iter().position(|arg| arg == word.as_str())?;
    Some((place, word.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_can_be_read_without_the_others() {
        for command in command().get_subcommands() {
            let alone = alone(command.get_name()).unwrap_or_else(|| panic!("{}", command.get_name()));
            let args = |command: &clap::Command| {
                let ids = command.get_arguments().map(|arg| arg.get_id().clone());
                ids.collect::<Vec<_>>()
            };
            assert_eq!(args(&alone), args(command), "{}", command.get_name());
        }
    }
}
