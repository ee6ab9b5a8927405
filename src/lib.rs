//! arXiv on the command line.
//!
//! The layers, from the bottom up, and who may import whom (held by `tests/suite/layers.rs`):
//!
//! - [`model`]: what a paper is. Pure: no I/O, no clock, no async. Imports nothing of ours.
//! - [`catalog`], [`arxiv`], [`read`], [`format`](mod@format): curated knowledge, the outside world,
//!   a user's files, bytes out. Each imports [`model`] and never one another.
//! - `lookup`: the freshest record for an identifier, over the sources among them.
//! - `commands`, with `cli`, `settings`, `ui` and `error`: one file per verb.
//!
//! Data flows one way: arguments → selection → papers (from a source) → format → stdout.

pub mod arxiv;
pub mod catalog;
pub mod format;
pub mod model;
pub mod read;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with these arguments (the first is the program's name).
pub fn run(_args: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
