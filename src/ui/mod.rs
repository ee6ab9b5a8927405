//! Standard output and standard error: whether they are terminals, how wide, whether coloured, and all messages.
//!
//! Every message is sanitised here, because it may quote text from arXiv, a file or the command line.

pub mod pager;
mod progress;

use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use self::progress::ProgressBars;
use crate::error::Error;
use crate::model::event::Event;
use crate::model::quantity::{counted, duration};
use crate::model::text;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const FAINT: Style = Style::new().dimmed();

/// Options about messages, colour and questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct UiOptions {
    /// When stdout and stderr are coloured.
    pub color: ColorChoice,
    /// Show no progress.
    pub no_progress: bool,
    /// Print only errors and warnings about lost data on stderr.
    pub quiet: bool,
    /// 1: log each request; 2: log each response too.
    pub verbose: u8,
    /// Answer every question with yes.
    pub yes: bool,
}

/// Answer to a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confirmation {
    /// Yes, typed or by `--yes`.
    Yes,
    /// Any other answer.
    No,
    /// The question was not put, because stdin or stderr is not a terminal.
    Unanswered,
}

/// Progress of reading files.
#[derive(Clone, Copy, Debug)]
pub struct ReadProgress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all, if known.
    pub total: Option<u64>,
    /// Papers read.
    pub papers: u64,
    /// Time since the start.
    pub took: Duration,
}

/// The standard streams and the messages on them.
#[derive(Debug)]
pub struct Ui {
    options: UiOptions,
    err: ColorChoice,
    bars: RefCell<ProgressBars>,
    /// Messages that wait for the end of the pager, so that they do not disturb its screen.
    waiting: RefCell<Vec<String>>,
    /// A question is waiting for its answer, so that an interrupt can end the process at once.
    pub prompting: Arc<AtomicBool>,
    /// Columns of stdout, or `None` if it is not a terminal.
    pub width: Option<usize>,
    /// Columns for text: those of the terminal, else of `FZF_PREVIEW_COLUMNS` or `COLUMNS`, else `None`. A preview of
    /// `fzf` is not a terminal, but has a width.
    pub text_width: Option<usize>,
    /// Whether stdout is coloured.
    pub color: bool,
    /// Whether identifiers on stdout are hyperlinks: on a terminal with colour, since a user who turns colour off wants
    /// no escape sequences, and never in a pipe. The Linux console would show the sequence as text.
    pub links: bool,
    /// Whether stderr is a terminal.
    pub stderr_is_terminal: bool,
}

impl Ui {
    /// Inspects the streams. Their state is not looked at again.
    #[must_use]
    pub fn new(options: UiOptions) -> Self {
        let stdout = io::stdout();
        let stderr = io::stderr();
        Self {
            options,
            err: if wants_color(options.color, stderr.is_terminal()) {
                ColorChoice::Always
            } else {
                ColorChoice::Never
            },
            bars: RefCell::default(),
            waiting: RefCell::default(),
            prompting: Arc::default(),
            width: stdout.is_terminal().then(columns),
            text_width: if stdout.is_terminal() {
                Some(columns())
            } else {
                columns_variable("FZF_PREVIEW_COLUMNS").or_else(|| columns_variable("COLUMNS"))
            },
            color: wants_color(options.color, stdout.is_terminal()),
            links: stdout.is_terminal()
                && wants_color(options.color, true)
                && std::env::var_os("TERM").is_some_and(|term| term != "dumb" && term != "linux"),
            stderr_is_terminal: stderr.is_terminal(),
        }
    }

    /// Prints an error and its hints. `--quiet` does not silence it.
    pub fn error(&self, error: &Error) {
        if !error.is_failure() {
            return;
        }
        self.say(ERROR, "error", &error.message);
        for hint in &error.hints {
            self.hint(hint);
        }
    }

    /// Prints a hint. `--quiet` does not silence it, because it belongs to an error.
    pub fn hint(&self, what: &str) {
        self.say(HINT, "hint", what);
    }

    /// Prints the failure of one item of a batch. `--quiet` does not silence it.
    pub fn failed(&self, what: &str) {
        self.say(ERROR, "error", what);
    }

    /// Prints a warning.
    pub fn warn(&self, what: &str) {
        if !self.options.quiet {
            self.say(WARNING, "warning", what);
        }
    }

    /// Prints a warning about data that would be lost. `--quiet` does not silence it.
    pub fn missed(&self, what: &str) {
        self.say(WARNING, "warning", what);
    }

    /// Prints a note.
    pub fn note(&self, what: &str) {
        if !self.options.quiet {
            self.say(FAINT, "note", what);
        }
    }

    /// Prints a caption of the output, if stderr is a terminal.
    pub fn caption(&self, what: &str) {
        if self.stderr_is_terminal && !self.options.quiet {
            self.line(&format!("{FAINT}{}{FAINT:#}", text::sanitize(what)));
        }
    }

    /// Asks a yes-or-no question, which `--yes` answers. Needs terminals on stdin and stderr.
    pub fn confirm(&self, question: &str) -> Confirmation {
        if self.options.yes {
            return Confirmation::Yes;
        }
        if !self.stderr_is_terminal || !io::stdin().is_terminal() {
            return Confirmation::Unanswered;
        }
        self.pause();
        let mut stderr = AutoStream::new(io::stderr(), self.err);
        let prompted = write!(stderr, "{} [y/N] ", text::sanitize(question)).and_then(|()| stderr.flush());
        let mut answer = String::new();
        self.prompting.store(true, Ordering::SeqCst);
        let read = prompted.and_then(|()| io::stdin().lock().read_line(&mut answer));
        self.prompting.store(false, Ordering::SeqCst);
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" if read.is_ok() => Confirmation::Yes,
            _ => Confirmation::No,
        }
    }

    /// Prints an event of a lower layer.
    pub fn observe(&self, event: &Event) {
        match event {
            Event::Queued => self.note(
                "another arxcat is asking arXiv; waiting for it (one call with all identifiers is faster than many)",
            ),
            Event::Waiting { wait, why } => self.note(&format!("{why}; waiting {}", duration(*wait))),
            Event::Request(url) if self.options.verbose > 0 => self.note(&format!("GET {url}")),
            Event::Response { status, bytes, took } if self.options.verbose > 1 => {
                self.note(&format!("{status}, {bytes} bytes in {} ms", took.as_millis()));
            }
            Event::Request(_) | Event::Response { .. } => {}
            Event::Progress { .. } | Event::File { .. } | Event::Harvested { .. } => self.progress(event),
            Event::Warning(what) => self.warn(what),
            Event::Failed(what) => self.failed(what),
        }
    }

    /// Removes the progress bars, because the work is over or another writer needs the terminal.
    pub fn pause(&self) {
        self.bars.borrow_mut().clear();
    }

    /// Shows the progress of reading files: bytes, papers, rate and time left.
    pub fn reading(&self, reading: &ReadProgress) {
        let ReadProgress {
            bytes,
            total,
            papers,
            took,
        } = *reading;
        let seconds = took.as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "a rate for a person")]
        let rate = papers as f64 / seconds;
        let left = total
            .filter(|total| bytes > 0 && bytes < *total && took.as_secs() > 0)
            .map(|total| {
                let rest = took.as_millis() * u128::from(total - bytes) / u128::from(bytes);
                let seconds = u64::try_from(rest / 1000).unwrap_or(u64::MAX);
                format!(", {} left", duration(Duration::from_secs(seconds)))
            })
            .unwrap_or_default();
        let shape = match total {
            Some(_) => "{spinner} {bar:20} {bytes} of {total_bytes}, {msg}",
            None => "{spinner} {bytes}, {msg}",
        };
        if self.shows_progress() {
            let message = format!("{}, {rate:.0} a second{left}", counted(papers, "paper"));
            self.bars.borrow_mut().main_bar(shape, bytes, total, message);
        }
    }

    fn progress(&self, event: &Event) {
        if self.shows_progress() {
            self.bars.borrow_mut().show(event);
        }
    }

    fn shows_progress(&self) -> bool {
        !self.options.no_progress && !self.options.quiet && self.stderr_is_terminal && !pager::is_running()
    }

    fn say(&self, style: Style, label: &str, what: &str) {
        self.line(&format!("{style}{label}:{style:#} {}", text::sanitize(what)));
    }

    /// Writes a line to stderr. Errors are ignored: a closed stderr must not end the program.
    fn line(&self, line: &str) {
        if pager::is_running() {
            self.waiting.borrow_mut().push(line.to_owned());
            return;
        }
        self.write_waiting();
        self.write_line(line);
    }

    fn write_waiting(&self) {
        for line in self.waiting.take() {
            self.write_line(&line);
        }
    }

    fn write_line(&self, line: &str) {
        let write = || {
            let mut stderr = AutoStream::new(io::stderr(), self.err);
            let _ = writeln!(stderr, "{line}");
        };
        self.bars.borrow().suspend(write);
    }
}

/// Whether a stream is coloured: by `--color`, else by <https://no-color.org> and <https://bixense.com/clicolors>.
fn wants_color(choice: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => terminal && set("TERM").is_some_and(|term| term != "dumb"),
    }
}

/// Columns of the terminal, else of `COLUMNS`, else 80.
fn columns() -> usize {
    terminal_size::terminal_size()
        .map(|(terminal_size::Width(columns), _)| usize::from(columns))
        .filter(|columns| *columns > 0)
        .or_else(|| columns_variable("COLUMNS"))
        .unwrap_or(80)
}

/// Columns by an environment variable, if it is a number above 0.
fn columns_variable(name: &str) -> Option<usize> {
    let columns = std::env::var(name).ok()?.trim().parse().ok()?;
    (columns > 0).then_some(columns)
}

impl Drop for Ui {
    /// Writes the messages that waited for the pager.
    fn drop(&mut self) {
        self.write_waiting();
    }
}
