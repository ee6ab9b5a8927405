//! The one error of the program: how it ends, what was wrong, and what to do next.
//!
//! Every layer's own error becomes this one here, and the exit code is decided here.

use std::fmt;
use std::io;
use std::path::Path;

use crate::arxiv::{api, oai};
use crate::catalog;
use crate::library;
use crate::model::text;
use crate::net;

/// How the program ends. The greatest that applies wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Exit {
    /// 0: done.
    #[default]
    Done,
    /// 1: answered, but something asked for does not exist, is malformed or differs.
    Partly,
    /// 2: the command line or its input is wrong, and nothing valid was asked.
    Usage,
    /// 3: arXiv could not be reached, kept refusing, or was forbidden.
    Unreachable,
    /// 4: a local file is damaged, newer, or cannot be read or written.
    Local,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// The process's exit code.
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

/// Why a command could not go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// How the program ends for it.
    pub exit: Exit,
    /// What was wrong, and with what; empty where there is nothing to say (a closed pipe).
    pub message: String,
    /// What to do next, each a sentence or a command.
    pub hints: Vec<String>,
}

impl Error {
    /// An error that ends the program like this.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The command line or its input is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds "did you mean", where something is near.
    #[must_use]
    pub fn did_you_mean<T: fmt::Display>(self, nearest: &[T]) -> Self {
        match did_you_mean(nearest) {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// A local file that cannot be read or written: `cannot read refs.json: no such file`.
    #[must_use]
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(
            Exit::Local,
            format!("cannot {verb} {}: {}", path.display(), reason(error)),
        )
    }

    /// Standard output failed. A reader that has seen enough is no error.
    #[must_use]
    pub fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Done, "");
        }
        Self::new(
            Exit::Local,
            format!("cannot write to standard output: {}", reason(error)),
        )
    }

    /// A catalog that cannot be used, with the file it is in.
    #[must_use]
    pub fn catalog(file: &str, error: &catalog::Error) -> Self {
        Self::new(Exit::Local, format!("{file}: {error}"))
            .hint("a catalog is {name, as_of, areas, papers} or an array of papers; `arxcat schema paper` says what a paper is")
    }

    /// Whether a reader of ours went away.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        self.exit == Exit::Done
    }
}

/// `did you mean `R1`, `R2`?`
pub fn did_you_mean<T: fmt::Display>(nearest: &[T]) -> Option<String> {
    if nearest.is_empty() {
        return None;
    }
    let quoted: Vec<String> = nearest.iter().map(|one| format!("`{one}`")).collect();
    Some(format!("did you mean {}?", quoted.join(", ")))
}

/// The system's words for an I/O error, without the number at their end.
fn reason(error: &io::Error) -> String {
    let words = error.to_string();
    let plain = words.split(" (os error").next().unwrap_or_default();
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
            net::Error::GaveUp { .. } => Self::new(Exit::Unreachable, message)
                .hint("run the same command again later; whatever arrived is kept"),
            net::Error::TooLong { .. } => Self::new(Exit::Unreachable, message)
                .hint("allow a longer wait with --max-wait SECONDS, or try again later"),
            _ => Self::new(Exit::Unreachable, message),
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
        let message = error.to_string();
        match error {
            library::Error::Foreign(_) => Self::new(Exit::Local, message)
                .hint("move that file away, or keep the library elsewhere with --library-dir DIR"),
            library::Error::Newer { .. } => Self::new(Exit::Local, message)
                .hint("use that arxcat, or keep another library with --library-dir DIR"),
            library::Error::ForeignIndex(_) => Self::new(Exit::Local, message)
                .hint("move it away, or keep the library elsewhere with --library-dir DIR"),
            library::Error::Database { reason, .. } | library::Error::File { reason, .. }
                if reason.contains("disk is full") =>
            {
                Self::new(Exit::Local, message)
                    .hint("free some space and run the same command again; nothing is broken")
            }
            library::Error::Database { .. } => {
                Self::new(Exit::Local, message).hint("`arxcat doctor` says what is wrong with it")
            }
            library::Error::File { .. } | library::Error::Index { .. } => Self::new(Exit::Local, message),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::sanitize(&self.message))
    }
}

impl std::error::Error for Error {}
