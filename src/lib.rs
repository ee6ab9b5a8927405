//! arXiv on the command line.
//!
//! The layers, from the bottom up, and who may import whom (held by `tests/suite/layers.rs`):
//!
//! - [`model`]: what a paper is. Pure: no I/O, no clock, no async. Imports nothing of ours.
//! - [`catalog`], [`arxiv`], [`read`], [`refs`], [`library`], [`format`](mod@format): curated knowledge, the outside
//!   world, a user's files, documents, this machine's store, bytes out. Each imports [`model`] and never one another.
//! - `lookup`: the freshest record for an identifier, over the sources among them.
//! - `commands`, with `cli`, `settings`, `ui` and `error`: one file per verb.
//!
//! Data flows one way: arguments → selection → papers (from a source) → format → stdout.

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

use app::Context;
use cli::{Cli, Command};
use error::{Error, Exit};
use settings::{Flags, Settings};
use ui::{Ui, UiOptions};

/// Runs the program with these arguments (the first is the program's name): parse, settle, dispatch, report.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match cli::parse(args.collect()) {
        Ok(cli) => cli,
        Err(help_or_error) => {
            let printed = help_or_error.print();
            let exit = match (help_or_error.exit_code(), printed) {
                (0, printed) => printed.map_or_else(|error| Error::stdout(&error).exit, |()| Exit::Done),
                _ => Exit::Usage,
            };
            return ExitCode::from(exit.code());
        }
    };
    let ui = Rc::new(Ui::new(ui_options(&cli)));
    let exit = dispatch(cli, &ui).unwrap_or_else(|error| {
        ui.pause();
        ui.error(&error);
        error.exit
    });
    ExitCode::from(exit.code())
}

fn ui_options(cli: &Cli) -> UiOptions {
    UiOptions {
        color: cli.global.color.map_or(ColorChoice::Auto, ColorChoice::from),
        no_progress: cli.global.no_progress,
        quiet: cli.global.quiet,
        verbose: cli.global.verbose,
        yes: cli.global.yes,
    }
}

/// The settings that were given as flags.
fn flags(global: cli::Global) -> Flags {
    Flags {
        catalog: global.catalog,
        config: global.config,
        library_dir: global.library_dir,
        offline: global.offline,
        lang: global.lang.map(|lang| lang.code().to_owned()),
        max_wait: global.max_wait,
    }
}

fn dispatch(cli: Cli, ui: &Rc<Ui>) -> Result<Exit, Error> {
    let Some(command) = cli.command else {
        let shown = std::io::stdout().lock().write_all(cli::EXAMPLES.as_bytes());
        return shown.map(|()| Exit::Done).map_err(|error| Error::stdout(&error));
    };
    execute(command, ui, || {
        let settings = Settings::resolve(flags(cli.global), &|name| std::env::var_os(name))?;
        Ok(Context {
            settings,
            ui: Rc::clone(ui),
        })
    })
}

/// Runs one command. What describes the program itself works whatever the user's settings are.
fn execute(
    command: Command,
    ui: &Ui,
    settle: impl FnOnce() -> Result<Context, Error>,
) -> Result<Exit, Error> {
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
        Command::Doctor(args) => commands::doctor::run(&settle()?, &args),
        Command::Config(args) => commands::config::run(&settle()?, &args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Completions(args) => commands::completions::run(&args, cli::command()),
        Command::Help(args) => commands::help::run(ui, &args, cli::command()),
        Command::Man(args) => commands::man::run(&args, cli::command()),
    }
}
