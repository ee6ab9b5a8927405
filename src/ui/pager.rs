//! The pager: output that is longer than the terminal is shown by another program, page by page.
//!
//! Output is collected until it is longer than the terminal, and only then the pager starts, so that a short output
//! needs no second program. Output that arrives slowly, as records do from arXiv, is shown as it arrives.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Output that took longer than this to fill the terminal is not paged, because a reader is waiting for it.
const SLOW: Duration = Duration::from_secs(1);

/// The pager of this process, which has one standard output.
static PAGER: OnceLock<Option<Pager>> = OnceLock::new();
/// Whether a pager is running.
static RUNNING: AtomicBool = AtomicBool::new(false);

/// A pager that can be started.
#[derive(Clone, Debug)]
pub struct Pager {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Called before it starts: an interrupt belongs to the pager from then on.
    pub before_start: fn(),
}

/// Sets the pager of this process, or that there is none. The first call counts.
pub fn set(pager: Option<Pager>) {
    let _ = PAGER.set(pager);
}

/// Whether a pager is running, so that messages have to wait.
#[must_use]
pub fn is_running() -> bool {
    RUNNING.load(Ordering::SeqCst)
}

/// Standard output, through the pager if it is longer than the terminal.
#[derive(Debug)]
pub struct PagedStdout(State);

#[derive(Debug)]
enum State {
    Direct(BufWriter<Stdout>),
    Collecting(Collected),
    Paging(Child, BufWriter<ChildStdin>),
    Ended,
}

/// Output that may turn out to be longer than the terminal.
#[derive(Debug)]
struct Collected {
    pager: Pager,
    bytes: Vec<u8>,
    started: Instant,
    /// Columns and rows of the terminal.
    screen: (usize, usize),
    /// Rows filled so far.
    rows: usize,
    /// Columns filled of the last row.
    column: usize,
}

impl Default for PagedStdout {
    fn default() -> Self {
        Self::new()
    }
}

impl PagedStdout {
    /// Standard output, paged if it is a terminal and a pager was [`set`].
    #[must_use]
    pub fn new() -> Self {
        let direct = || Self(State::Direct(BufWriter::new(io::stdout())));
        let Some(Some(pager)) = PAGER.get() else {
            return direct();
        };
        let Some((columns, rows)) = terminal_size::terminal_size() else {
            return direct();
        };
        if !io::stdout().is_terminal() || rows.0 == 0 || columns.0 == 0 {
            return direct();
        }
        Self(State::Collecting(Collected {
            pager: pager.clone(),
            bytes: Vec::new(),
            started: Instant::now(),
            screen: (usize::from(columns.0), usize::from(rows.0)),
            rows: 0,
            column: 0,
        }))
    }

    /// Writes what is left, and waits until the reader leaves the pager.
    ///
    /// # Errors
    ///
    /// If the output cannot be written. A pager that was left early is a broken pipe.
    pub fn finish(mut self) -> io::Result<()> {
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.0, State::Ended) {
            State::Direct(mut out) => out.flush(),
            State::Collecting(collected) => {
                let mut out = io::stdout();
                out.write_all(&collected.bytes)?;
                out.flush()
            }
            State::Paging(mut child, mut input) => {
                let flushed = input.flush();
                drop(input);
                let _ = child.wait();
                RUNNING.store(false, Ordering::SeqCst);
                flushed
            }
            State::Ended => Ok(()),
        }
    }

    /// Writes to the terminal from now on.
    fn stop_collecting(&mut self) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout());
        if let State::Collecting(collected) = &self.0 {
            out.write_all(&collected.bytes)?;
        }
        self.0 = State::Direct(out);
        Ok(())
    }
}

impl Write for PagedStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            State::Direct(out) => out.write(bytes),
            State::Paging(_, input) => input.write(bytes),
            State::Ended => Err(io::ErrorKind::BrokenPipe.into()),
            State::Collecting(collected) => {
                collected.push(bytes);
                if collected.is_long() {
                    match collected.start() {
                        Ok((child, input)) => self.0 = State::Paging(child, input),
                        // A pager that does not start must not cost the user the output.
                        Err(None) => self.stop_collecting()?,
                        Err(Some(error)) => return Err(error),
                    }
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            State::Direct(out) => out.flush(),
            State::Paging(_, input) => input.flush(),
            State::Collecting(collected) if collected.started.elapsed() > SLOW => {
                self.stop_collecting()?;
                self.flush()
            }
            State::Collecting(_) | State::Ended => Ok(()),
        }
    }
}

impl Drop for PagedStdout {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

impl Collected {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        for byte in bytes {
            match byte {
                b'\n' => {
                    self.rows += 1;
                    self.column = 0;
                    continue;
                }
                // Continuation bytes of UTF-8 have no width; characters of three bytes and more may take two columns.
                0x80..=0xbf => {}
                0xe3..=0xf4 => self.column += 2,
                _ => self.column += 1,
            }
            if self.column > self.screen.0 {
                self.rows += 1;
                self.column = 1;
            }
        }
    }

    /// Whether the output and the prompt of the shell after it do not fit the screen.
    fn is_long(&self) -> bool {
        self.rows >= self.screen.1
    }

    /// Starts the pager and writes to it what was collected. The error is `None` if the pager did not start.
    fn start(&self) -> Result<(Child, BufWriter<ChildStdin>), Option<io::Error>> {
        (self.pager.before_start)();
        let mut command = Command::new(&self.pager.program);
        command.args(&self.pager.arguments).stdin(Stdio::piped());
        // `less` shows escape sequences as text by default; a user who set LESS decides.
        for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
            if std::env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
        let mut child = command.spawn().map_err(|_| None)?;
        let input = child.stdin.take().ok_or(None)?;
        RUNNING.store(true, Ordering::SeqCst);
        let mut input = BufWriter::new(input);
        if let Err(error) = input.write_all(&self.bytes) {
            let _ = child.wait();
            RUNNING.store(false, Ordering::SeqCst);
            return Err(Some(error));
        }
        Ok((child, input))
    }
}
