//! The two streams: whether they are terminals, how wide, how coloured, and what may be said on them.

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
use crate::model::quantity::duration;
use crate::model::text;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const FAINT: Style = Style::new().dimmed();

/// What the user wants to see and hear.
#[derive(Clone, Copy, Debug)]
pub struct UiOptions {
    /// Colour: always, never, or as the terminal and the environment say.
    pub color: ColorChoice,
    /// No progress shown.
    pub no_progress: bool,
    /// Nothing on stderr but errors, and what would be missed for good.
    pub quiet: bool,
    /// 1: each request; 2: each answer as well.
    pub verbose: u8,
    /// Every question is answered with yes.
    pub yes: bool,
}

/// What was said to a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confirmation {
    /// Yes; also where `--yes` answers it.
    Yes,
    /// No, or anything else.
    No,
    /// Nothing: there is nobody to ask.
    Unanswered,
}

/// How far files were read.
#[derive(Clone, Copy, Debug)]
pub struct ReadProgress {
    /// Bytes that were read.
    pub bytes: u64,
    /// All of them, where known.
    pub total: Option<u64>,
    /// Papers that came of it.
    pub papers: u64,
    /// Since the beginning.
    pub took: Duration,
}

/// The user's terminal, or what stands in its place.
#[derive(Debug)]
pub struct Ui {
    options: UiOptions,
    err: ColorChoice,
    bars: RefCell<ProgressBars>,
    /// A question waits for its answer: then an interrupt has nothing to end in order.
    pub prompting: Arc<AtomicBool>,
    /// Columns of stdout; none where it is not a terminal.
    pub width: Option<usize>,
    /// Whether stdout is coloured.
    pub color: bool,
    /// Whether stderr is a terminal.
    pub stderr_is_terminal: bool,
}

impl Ui {
    /// Looks at the streams once.
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
            prompting: Arc::default(),
            width: stdout.is_terminal().then(columns),
            color: wants_color(options.color, stdout.is_terminal()),
            stderr_is_terminal: stderr.is_terminal(),
        }
    }

    /// Says how something went wrong, and what to do next. Never silenced.
    pub fn error(&self, error: &Error) {
        if !error.is_failure() {
            return;
        }
        self.say(ERROR, "error", &error.message);
        for hint in &error.hints {
            self.hint(hint);
        }
    }

    /// Says what to do next. Never silenced: it belongs to an error.
    pub fn hint(&self, what: &str) {
        self.say(HINT, "hint", what);
    }

    /// Says that one of many failed. Never silenced.
    pub fn failed(&self, what: &str) {
        self.say(ERROR, "error", what);
    }

    /// Says what the user should know although the work goes on.
    pub fn warn(&self, what: &str) {
        if !self.options.quiet {
            self.say(WARNING, "warning", what);
        }
    }

    /// Says what the user would miss for good. Never silenced.
    pub fn missed(&self, what: &str) {
        self.say(WARNING, "warning", what);
    }

    /// Says what the output leaves unsaid.
    pub fn note(&self, what: &str) {
        if !self.options.quiet {
            self.say(FAINT, "note", what);
        }
    }

    /// Says what the output is, where a person is looking.
    pub fn caption(&self, what: &str) {
        if self.stderr_is_terminal && !self.options.quiet {
            self.line(&format!("{FAINT}{}{FAINT:#}", text::sanitize(what)));
        }
    }

    /// Asks a question that `--yes` answers. It takes two terminals: one to read it on, and one to type the answer at.
    pub fn confirm(&self, question: &str) -> Confirmation {
        if self.options.yes {
            return Confirmation::Yes;
        }
        if !self.stderr_is_terminal || !io::stdin().is_terminal() {
            return Confirmation::Unanswered;
        }
        self.pause();
        let mut stderr = AutoStream::new(io::stderr(), self.err);
        let asked = write!(stderr, "{} [y/N] ", text::sanitize(question)).and_then(|()| stderr.flush());
        let mut answer = String::new();
        self.prompting.store(true, Ordering::SeqCst);
        let read = asked.and_then(|()| io::stdin().lock().read_line(&mut answer));
        self.prompting.store(false, Ordering::SeqCst);
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" if read.is_ok() => Confirmation::Yes,
            _ => Confirmation::No,
        }
    }

    /// Shows what a layer below tells.
    pub fn observe(&self, event: &Event) {
        match event {
            Event::Queued => self.note(
                "another arxcat is prompting arXiv; waiting for it (one call with all identifiers is faster than many)",
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

    /// Takes the progress bars away: the work is over, or somebody else wants to write.
    pub fn pause(&self) {
        self.bars.borrow_mut().clear();
    }

    /// Shows how far files were read: papers, their rate, and the time left.
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
            let message = format!("{papers} papers, {rate:.0} a second{left}");
            self.bars.borrow_mut().one(shape, bytes, total, message);
        }
    }

    fn progress(&self, event: &Event) {
        if self.shows_progress() {
            self.bars.borrow_mut().show(event);
        }
    }

    fn shows_progress(&self) -> bool {
        !self.options.no_progress && !self.options.quiet && self.stderr_is_terminal
    }

    fn say(&self, style: Style, label: &str, what: &str) {
        self.line(&format!("{style}{label}:{style:#} {}", text::sanitize(what)));
    }

    /// One line on stderr. A stderr that cannot be written to must not end the program.
    fn line(&self, line: &str) {
        let write = || {
            let mut stderr = AutoStream::new(io::stderr(), self.err);
            let _ = writeln!(stderr, "{line}");
        };
        self.bars.borrow().suspend(write);
    }
}

/// Whether a stream is coloured: as was asked, else as <https://no-color.org> and <https://bixense.com/clicolors> say.
fn wants_color(asked: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match asked {
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => terminal && set("TERM").is_some_and(|term| term != "dumb"),
    }
}

/// The terminal's columns, else what `COLUMNS` says, else 80.
fn columns() -> usize {
    terminal_size::terminal_size()
        .map(|(terminal_size::Width(columns), _)| usize::from(columns))
        .or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
        .filter(|columns| *columns > 0)
        .unwrap_or(80)
}
