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

pub mod arxiv;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod error;
pub mod format;
pub mod library;
pub mod lookup;
pub mod model;
pub mod read;
pub mod refs;
pub mod settings;
pub mod ui;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::rc::Rc;

use anstream::ColorChoice;

use cli::Cli;
use commands::Context;
use error::{Error, Exit};
use settings::Settings;
use ui::{Manner, Ui};

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
    let ui = Rc::new(Ui::new(manner(&cli)));
    let exit = dispatch(cli, &ui).unwrap_or_else(|error| {
        ui.pause();
        ui.error(&error);
        error.exit
    });
    ExitCode::from(exit.code())
}

fn manner(cli: &Cli) -> Manner {
    Manner {
        color: cli.global.color.map_or(ColorChoice::Auto, ColorChoice::from),
        no_progress: cli.global.no_progress,
        quiet: cli.global.quiet,
        verbose: cli.global.verbose,
        yes: cli.global.yes,
    }
}

fn dispatch(cli: Cli, ui: &Rc<Ui>) -> Result<Exit, Error> {
    let Some(command) = cli.command else {
        let shown = std::io::stdout().lock().write_all(cli::EXAMPLES.as_bytes());
        return shown.map(|()| Exit::Done).map_err(|error| Error::stdout(&error));
    };
    commands::run(command, || {
        let settings = Settings::resolve(&cli.global, &|name| std::env::var_os(name))?;
        Ok(Context {
            settings,
            ui: Rc::clone(ui),
        })
    })
}
