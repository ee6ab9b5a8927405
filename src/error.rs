//! The error that every command returns: exit code, message and hints.
//!
//! The errors of all layers are converted here, by their type, so that the exit code of a cause is decided in one place.

use std::fmt;
use std::io;
use std::path::Path;

use crate::arxiv::{api, oai};
use crate::catalog;
use crate::library;
use crate::model::text;
use crate::net;

/// How the program ends. If several apply, the greatest wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Exit {
    /// 0: done.
    #[default]
    Done,
    /// 1: answered, but something in the request does not exist, is malformed or differs.
    Partly,
    /// 2: the command line or its input is wrong, and nothing valid was requested.
    Usage,
    /// 3: arXiv could not be reached, refused, or was forbidden by `--offline`.
    Unreachable,
    /// 4: a local file is damaged, newer, or cannot be read or written.
    Local,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// The exit code of the process.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Partly => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Local => 4,
            Self::Interrupted => 130,
        }
    }
}

/// What ended a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Something is wrong.
    Failure,
    /// The reader of stdout closed it, because it has seen enough.
    ClosedPipe,
    /// The user answered a question with no.
    Declined,
}

/// Why a command ended before its work was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    kind: Kind,
    /// How the program ends.
    pub exit: Exit,
    /// What is wrong, and with what.
    pub message: String,
    /// What the user can do, each hint a sentence or a command.
    pub hints: Vec<String>,
}

impl Error {
    /// An error with this exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Failure,
            exit,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The command line or its input is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The user answered no. Ends the program with 0, without a message.
    #[must_use]
    pub fn declined() -> Self {
        Self {
            kind: Kind::Declined,
            ..Self::new(Exit::Done, "the answer was no")
        }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds hints of a lower layer.
    #[must_use]
    fn hints(mut self, hints: impl IntoIterator<Item = &'static str>) -> Self {
        self.hints.extend(hints.into_iter().map(str::to_owned));
        self
    }

    /// Adds a "did you mean" hint if there are nearest names.
    #[must_use]
    pub fn did_you_mean<T: fmt::Display>(self, nearest: &[T]) -> Self {
        match did_you_mean(nearest) {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// A file that cannot be read or written: `cannot read refs.json: no such file`.
    #[must_use]
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(
            Exit::Local,
            format!("cannot {verb} {}: {}", path.display(), reason(error)),
        )
    }

    /// Standard output failed. A closed pipe ends the program with 0, without a message.
    #[must_use]
    pub fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                kind: Kind::ClosedPipe,
                ..Self::new(Exit::Done, "standard output was closed")
            };
        }
        Self::new(
            Exit::Local,
            format!("cannot write to standard output: {}", reason(error)),
        )
    }

    /// A catalog that cannot be used, with the file that it was read from.
    #[must_use]
    pub fn catalog(file: &str, error: &catalog::Error) -> Self {
        Self::new(Exit::Local, format!("{file}: {error}"))
            .hint("a catalog is {name, as_of, areas, papers} or an array of papers; `arxcat schema paper` says what a paper is")
    }

    /// Whether the reader of stdout closed it.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        self.kind == Kind::ClosedPipe
    }

    /// Whether something is wrong, so that the message has to be shown.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.kind == Kind::Failure
    }

    /// A library that cannot be used, without the hint to run `arxcat doctor`.
    #[must_use]
    pub fn library(error: &library::Error) -> Self {
        let failure = Self::new(Exit::Local, error.to_string());
        match error {
            library::Error::Foreign(_) => {
                failure.hint("move that file away, or keep the library elsewhere with --library-dir DIR")
            }
            library::Error::Newer { .. } => {
                failure.hint("use that arxcat, or keep another library with --library-dir DIR")
            }
            library::Error::ForeignIndex(_) => {
                failure.hint("move it away, or keep the library elsewhere with --library-dir DIR")
            }
            library::Error::DiskFull(_) => {
                failure.hint("free some space and run the same command again; nothing is broken")
            }
            library::Error::TooManyOpenFiles(_) => {
                failure.hint("allow more of them for this shell with `ulimit -n 256`")
            }
            library::Error::Database { .. }
            | library::Error::Damaged { .. }
            | library::Error::File { .. }
            | library::Error::Index { .. } => failure,
        }
    }
}

/// Returns "did you mean `R1`, `R2`?", or `None` without names.
pub fn did_you_mean<T: fmt::Display>(nearest: &[T]) -> Option<String> {
    if nearest.is_empty() {
        return None;
    }
    let quoted: Vec<String> = nearest.iter().map(|one| format!("`{one}`")).collect();
    Some(format!("did you mean {}?", quoted.join(", ")))
}

/// The message of an I/O error without the error number at its end, which means nothing to most readers.
fn reason(error: &io::Error) -> String {
    let words = error.to_string();
    let plain = words
        .split_once(" (os error")
        .map_or(words.as_str(), |(plain, _)| plain);
    let mut letters = plain.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl From<net::Error> for Error {
    fn from(error: net::Error) -> Self {
        let message = error.to_string();
        match error {
            net::Error::Interrupted => Self::new(Exit::Interrupted, "interrupted"),
            net::Error::GaveUp { advice, .. } => Self::new(Exit::Unreachable, message)
                .hint("run the same command again later; whatever arrived is kept")
                .hints(advice),
            net::Error::TooLong { advice, .. } => Self::new(Exit::Unreachable, message)
                .hint("allow a longer wait with --max-wait SECONDS, or try again later")
                .hints(advice),
            net::Error::Closed { wait, gate, .. } => Self::new(Exit::Unreachable, message)
                .hint(format!(
                    "--max-wait {} waits for it; --offline uses what is on this machine",
                    wait.as_secs() + 1
                ))
                .hint(format!(
                    "if this does not concern the network that you use now, empty {} to ask at once",
                    gate.display()
                )),
            net::Error::NoConnection { .. } => Self::new(Exit::Unreachable, message)
                .hint("--offline uses what is on this machine; if this machine is online, try again later"),
            net::Error::Proxy(_) => Self::new(Exit::Usage, message)
                .hint("correct or unset that variable; NO_PROXY=arxiv.org goes without a proxy"),
            net::Error::Refused { .. }
            | net::Error::Untrusted(_)
            | net::Error::Stopped
            | net::Error::Setup(_) => Self::new(Exit::Unreachable, message),
        }
    }
}

impl From<api::Error> for Error {
    fn from(error: api::Error) -> Self {
        match error {
            api::Error::Http(error) => error.into(),
            api::Error::Short { .. } | api::Error::Repeats { .. } => {
                Self::new(Exit::Unreachable, error.to_string())
                    .hint("run the same command again later; whatever arrived is kept")
            }
            api::Error::Dense { .. } => Self::new(Exit::Unreachable, error.to_string())
                .hint("narrow the search down: more words, --category or --author"),
        }
    }
}

impl From<oai::HarvestError> for Error {
    fn from(error: oai::HarvestError) -> Self {
        match error {
            oai::HarvestError::Http(error) => error.into(),
            error => Self::new(Exit::Unreachable, error.to_string())
                .hint("what arrived is kept; run the same command again to go on from there"),
        }
    }
}

impl From<library::Error> for Error {
    fn from(error: library::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&library::Error> for Error {
    fn from(error: &library::Error) -> Self {
        let failure = Self::library(error);
        match error {
            library::Error::Database { .. } | library::Error::Damaged { .. } => {
                failure.hint("`arxcat doctor` examines it")
            }
            _ => failure,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::sanitize(&self.message))
    }
}

impl std::error::Error for Error {}
