//! The command line: what can be typed. No input or output.

use std::ffi::OsString;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

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

/// What was typed.
#[derive(Debug)]
pub struct Cli {
    /// What holds for every command.
    pub global: Global,
    /// What to do.
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
    /// What holds for every command
    #[command(flatten)]
    global: Global,
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

/// Every command by the name of its module, which is what is typed.
macro_rules! commands {
    ($($variant:ident $name:ident,)*) => {
        #[derive(Subcommand, Debug)]
        #[expect(
            missing_docs,
            reason = "each command's Args document it, for the help as well; what stands here would be the program's"
        )]
        pub enum Command {
            $($variant(commands::$name::Args),)*
        }

        /// The command of this name, without the others.
        fn alone(name: &str) -> Option<clap::Command> {
            let command = match name {
                $(stringify!($name) => {
                    commands::$name::Args::augment_args(clap::Command::new(stringify!($name)))
                })*
                _ => return None,
            };
            Some(command)
        }
    };
}

commands! {
    List list,
    Timeline timeline,
    Show show,
    Stats stats,
    Export export,
    Fetch fetch,
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
    Remove remove,
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

/// The whole command line.
#[must_use]
pub fn command() -> clap::Command {
    Command::augment_subcommands(Root::command())
}

/// Reads the command line. An identifier or an arXiv URL where a command should be means `fetch`.
pub fn parse(mut args: Vec<OsString>) -> Result<Cli, clap::Error> {
    read(&args).or_else(|error| {
        let Some(at) = misplaced_identifier(&error, &args) else {
            return Err(error);
        };
        args.insert(at, OsString::from("fetch"));
        read(&args)
    })
}

fn read(args: &[OsString]) -> Result<Cli, clap::Error> {
    // To build all commands takes longer than most local ones do their work. Errors and help know them all.
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
