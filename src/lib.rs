//! arXiv on the command line: the library behind the `arxcat` program.
//!
//! **The API of this crate is internal.** It exists so that the tests, benchmarks and fuzz targets can reach the parts of
//! the program; it changes without notice. What users and scripts may rely on is the command line, the formats of its
//! output and the files that it writes.
//!
//! ```
//! use arxcat::catalog::Catalog;
//! use arxcat::model::id::ArxivId;
//!
//! let id = ArxivId::parse("https://arxiv.org/abs/2501.12948v1")?;
//! assert_eq!((id.base().to_string(), id.version()), ("2501.12948".to_owned(), Some(1)));
//!
//! let catalog = Catalog::built_in()?;
//! let paper = catalog.get(id.base()).ok_or("the built-in catalog has this paper")?;
//! assert_eq!(paper.short_name(), Some("DeepSeek-R1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Layers
//!
//! From the bottom up; a module imports only from layers below its own. `tests/suite/layers.rs` checks it, and that no
//! files of a layer import each other in a circle. `src/README.md` describes the architecture.
//!
//! - [`model`]: what a paper is. No I/O, no clock, no async.
//! - [`net`]: a polite HTTP client, which knows nothing of arXiv.
//! - [`arxiv`], [`catalog`], [`read`], [`refs`], [`library`], [`format`](mod@format): arXiv's services, curated knowledge,
//!   papers from a user's files, references in documents, the store on this machine, bytes out. They do not import each
//!   other; only [`arxiv`] imports [`net`].
//! - [`lookup`]: the freshest record of an identifier, from this machine or from arXiv.
//! - [`settings`], [`ui`], [`error`]: what is in force, the terminal, and how the program ends.
//! - [`app`]: what the commands share.
//! - [`commands`]: one module a command.
//! - [`cli`]: the command line. [`run`] ties it to the commands.

pub mod app;
pub mod arxiv;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod error;
pub mod format;
pub mod library;
pub mod lookup;
pub mod manual;
pub mod model;
pub mod net;
pub mod read;
pub mod refs;
pub mod settings;
pub mod ui;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::rc::Rc;

use anstream::ColorChoice;

use app::arguments::PlaceArgs;
use app::{Context, interrupt, pager, platform};
use catalog::ShortNameMatch;
use cli::{Cli, Command, Global, Parsed, UnknownCommand};
use commands::completions;
use error::{Error, Exit};
use model::lang::Lang;
use settings::Flags;
use ui::{Ui, UiOptions};

/// Runs the program with these arguments, the first of which is its name: parses them, resolves the settings, runs the
/// command, and reports its error.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.collect();
    if let Some(shell) = std::env::var_os(completions::VARIABLE) {
        let answered = completions::complete(&shell, args, cli::command());
        let exit = answered.unwrap_or_else(|error| report(&Ui::new(UiOptions::default()), &error));
        return ExitCode::from(exit.code());
    }
    let exit = match cli::parse(&args) {
        Ok(Parsed::Cli(cli)) => run_cli(*cli),
        Ok(Parsed::UnknownCommand(unknown)) => run_unknown(*unknown),
        Err(help_or_error) => {
            let printed = help_or_error.print();
            match (help_or_error.exit_code(), printed) {
                (0, printed) => printed.map_or_else(|error| Error::stdout(&error).exit, |()| Exit::Done),
                _ => Exit::Usage,
            }
        }
    };
    ExitCode::from(match exit {
        Exit::Interrupted => interrupt::exit_code(),
        exit => exit.code(),
    })
}

fn run_cli(cli: Cli) -> Exit {
    let ui = Rc::new(Ui::new(ui_options(&cli.global)));
    dispatch(cli, &ui).unwrap_or_else(|error| report(&ui, &error))
}

fn report(ui: &Ui, error: &Error) -> Exit {
    ui.pause();
    ui.error(error);
    error.exit
}

/// Shows the paper if the first word is a short name of one; else names what the user may have meant.
fn run_unknown(unknown: UnknownCommand) -> Exit {
    let error = unknown_command(&unknown);
    let Some(show) = unknown.show else {
        return report(&Ui::new(UiOptions::default()), &error);
    };
    let ui = Rc::new(Ui::new(ui_options(&show.global)));
    let catalogs = Context::open(flags(&show.global), &ui).and_then(|context| context.catalogs());
    let is_short_name = catalogs.is_ok_and(|catalogs| {
        let mut matches = catalogs
            .iter()
            .map(|catalog| catalog.find_short_name(&unknown.word));
        matches.any(|found| matches!(found, ShortNameMatch::One(_)))
    });
    if !is_short_name {
        return report(&ui, &error);
    }
    dispatch(show, &ui).unwrap_or_else(|error| report(&ui, &error))
}

fn unknown_command(unknown: &UnknownCommand) -> Error {
    let words: Vec<String> = unknown
        .words
        .iter()
        .map(|word| {
            if word.contains(char::is_whitespace) {
                format!("\"{word}\"")
            } else {
                word.clone()
            }
        })
        .collect();
    Error::usage(format!("there is no command `{}`", unknown.word))
        .did_you_mean(&unknown.nearest)
        .hint(format!(
            "`arxcat search {}` searches arXiv for it",
            words.join(" ")
        ))
        .hint("`arxcat help` lists the commands")
}

fn ui_options(global: &Global) -> UiOptions {
    UiOptions {
        color: global.color.map_or(ColorChoice::Auto, ColorChoice::from),
        no_progress: global.no_progress,
        quiet: global.quiet,
        verbose: global.verbose,
        yes: global.yes,
    }
}

/// The settings among the flags.
fn flags(global: &Global) -> Flags {
    Flags {
        catalog: global.catalog.clone(),
        config: global.config.clone(),
        library_dir: global.library_dir.clone(),
        offline: global.offline,
        lang: global.lang.map(|lang| lang.code().to_owned()),
        max_wait: global.max_wait.clone(),
    }
}

fn dispatch(cli: Cli, ui: &Rc<Ui>) -> Result<Exit, Error> {
    if cli.command.as_ref().is_none_or(only_prints) && platform::stdout_was_closed() {
        return Err(Error::new(Exit::Local, "standard output is closed")
            .hint("redirect it to /dev/null to run a command without its output"));
    }
    let Some(command) = cli.command else {
        let shown = std::io::stdout().lock().write_all(cli::EXAMPLES.as_bytes());
        return shown.map(|()| Exit::Done).map_err(|error| Error::stdout(&error));
    };
    let no_pager = cli.global.no_pager;
    let flags = flags(&cli.global);
    if matches!(command, Command::Help(_)) {
        pager::set_up(no_pager, None);
    }
    execute(command, ui, || {
        let context = Context::open(flags.clone(), ui)?;
        pager::set_up(no_pager, context.settings.pager.as_deref());
        Ok(context)
    })
}

/// Whether a command does nothing but print on stdout, so that it is pointless without one.
fn only_prints(command: &Command) -> bool {
    let to_stdout = |place: &PlaceArgs| place.output.is_none();
    match command {
        Command::List(args) => to_stdout(&args.list.output.place),
        Command::Timeline(args) => to_stdout(&args.list.output.place),
        Command::Stats(args) => to_stdout(&args.list.output.place),
        Command::Export(args) => to_stdout(&args.list.output.place),
        Command::Show(args) => to_stdout(&args.batch.output.place),
        Command::Cite(args) => args.append.is_none() && to_stdout(&args.batch.output.place),
        Command::New(args) => to_stdout(&args.output.place),
        Command::Ids(args) => to_stdout(&args.place),
        Command::Man(args) => args.dir.is_none(),
        Command::Categories(_)
        | Command::Schema(_)
        | Command::Help(_)
        | Command::Completions(_)
        | Command::Config(_) => true,
        _ => false,
    }
}

/// Runs one command. Those that describe the program itself need no settings.
fn execute(command: Command, ui: &Ui, open: impl Fn() -> Result<Context, Error>) -> Result<Exit, Error> {
    let settle = || open()?.checked();
    match command {
        Command::List(args) => commands::list::run(&settle()?, &args),
        Command::Timeline(args) => commands::timeline::run(&settle()?, &args),
        Command::Show(args) => commands::show::run(&settle()?, &args),
        Command::Stats(args) => commands::stats::run(&settle()?, &args),
        Command::Export(args) => commands::export::run(&settle()?, &args),
        Command::Fetch(args) => commands::fetch::run(&settle()?, &args),
        Command::Search(args) => commands::search::run(&settle()?, &args),
        Command::New(args) => commands::new::run(&settle()?, &args),
        Command::Import(args) => commands::import::run(&settle()?, &args),
        Command::Check(args) => commands::check::run(&settle()?, &args),
        Command::Cite(args) => commands::cite::run(&settle()?, &args),
        Command::Download(args) => commands::download::run(&settle()?, &args),
        Command::Open(args) => commands::open::run(&settle()?, &args),
        Command::Ids(args) => commands::ids::run(&settle()?, &args),
        Command::Verify(args) => commands::verify::run(&settle()?, &args),
        Command::Sync(args) => commands::sync::run(&settle()?, &args),
        Command::Categories(args) => commands::categories::run(&settle()?, &args),
        Command::Tag(args) => commands::tag::run(&settle()?, &args),
        Command::Untag(args) => commands::untag::run(&settle()?, &args),
        Command::Tags(args) => commands::tags::run(&settle()?, &args),
        Command::Note(args) => commands::note::run(&settle()?, &args),
        Command::Remove(args) => commands::remove::run(&settle()?, &args),
        Command::Outdated(args) => commands::outdated::run(&settle()?, &args),
        Command::Doctor(args) => commands::doctor::run(&open()?, &args),
        Command::Config(args) => commands::config::run(&open()?, &args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Help(args) => {
            let lang = open().map_or(Lang::En, |context| context.settings.lang);
            commands::help::run(ui, lang, &args, cli::command())
        }
        Command::Man(args) => commands::man::run(&args, cli::command()),
    }
}
