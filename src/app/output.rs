//! The place that data is written to: standard output, or a file that exists when it is complete and not before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::app::{platform, temp_file};
use crate::error::{Error, Exit};
use crate::format::Printer;
use crate::model::paper::Paper;
use crate::ui::pager::PagedStdout;

/// The place that data is written to.
#[derive(Debug)]
pub struct Output {
    sink: Sink,
    place: Place,
}

#[derive(Debug)]
enum Sink {
    Stdout(PagedStdout),
    /// A device, a pipe or a descriptor.
    Direct(BufWriter<File>),
    /// An unfinished file beside its place.
    Unfinished(BufWriter<NamedTempFile>),
    /// An addition to a file: the content of the file, or `None` if it does not exist, and the new bytes.
    Addition(Option<Vec<u8>>, Vec<u8>),
}

/// A place, to name it in errors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// Standard output.
    Stdout,
    /// This file.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether it may replace an existing file.
        force: bool,
    },
}

impl Place {
    /// The error of writing to this place.
    #[must_use]
    pub fn error(&self, error: &io::Error) -> Error {
        match self {
            Self::Stdout => Error::stdout(error),
            Self::File { path, .. } => Error::file("write", path, error),
        }
    }
}

impl Output {
    /// Opens standard output, or the file at this path. Commands call this before they send a request, so that a place
    /// that cannot be written to costs no request.
    ///
    /// What a path is depends on the type of the file there, not on its name: below `/dev` there are regular files too.
    pub fn open(path: Option<&Path>, force: bool) -> Result<Self, Error> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            return Ok(Self {
                sink: Sink::Stdout(PagedStdout::new()),
                place: Place::Stdout,
            });
        };
        if platform::is_descriptor(path) {
            let place = Place::File {
                path: path.to_owned(),
                force,
            };
            let file = File::options()
                .append(true)
                .open(path)
                .map_err(|error| place.error(&error))?;
            return Ok(Self {
                sink: Sink::Direct(BufWriter::new(file)),
                place,
            });
        }
        // A link stays a link: the file that it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let place = Place::File {
            path: path.clone(),
            force,
        };
        let existing = fs::metadata(&path).ok();
        match &existing {
            Some(found) if found.is_dir() => {
                return Err(Error::new(
                    Exit::Local,
                    format!("cannot write {}: it is a folder", path.display()),
                ));
            }
            Some(found) if !found.is_file() => {
                let file = File::options()
                    .write(true)
                    .open(&path)
                    .map_err(|error| place.error(&error))?;
                return Ok(Self {
                    sink: Sink::Direct(BufWriter::new(file)),
                    place,
                });
            }
            Some(_) if !force => return Err(already_there(&path)),
            _ => {}
        }
        let file = temp_file::create_beside(&path).map_err(|error| place.error(&error))?;
        if let Some(found) = existing {
            fs::set_permissions(file.path(), found.permissions()).map_err(|error| place.error(&error))?;
        }
        Ok(Self {
            sink: Sink::Unfinished(BufWriter::new(file)),
            place,
        })
    }

    /// An addition to a file with this content: after an empty line, with the line endings of the file, in one step. The
    /// file is not touched if nothing is written, or if it has changed by then.
    #[must_use]
    pub fn append(path: &Path, existing: Option<Vec<u8>>) -> Self {
        Self {
            sink: Sink::Addition(existing, Vec::new()),
            place: Place::File {
                path: path.to_owned(),
                force: true,
            },
        }
    }

    /// The place, to name it in errors.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Moves what was written to its place. Until then an existing file is unchanged.
    pub fn commit(self) -> Result<(), Error> {
        let Self { sink, place } = self;
        match (sink, &place) {
            (Sink::Stdout(out), _) => out.finish().map_err(|error| place.error(&error)),
            (Sink::Direct(mut out), _) => out.flush().map_err(|error| place.error(&error)),
            (Sink::Unfinished(out), Place::File { path, force }) => {
                let file = out.into_inner().map_err(|error| place.error(error.error()))?;
                file.as_file().sync_all().map_err(|error| place.error(&error))?;
                temp_file::persist(file, path, *force).map_err(|error| match error.kind() {
                    io::ErrorKind::AlreadyExists => already_there(path),
                    _ => place.error(&error),
                })
            }
            (Sink::Addition(_, new), _) if new.is_empty() => Ok(()),
            (Sink::Addition(existing, new), Place::File { path, .. }) => append(path, existing, &new),
            (Sink::Unfinished(_) | Sink::Addition(..), Place::Stdout) => Ok(()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Direct(out) => out.write(bytes),
            Sink::Unfinished(out) => out.write(bytes),
            Sink::Addition(_, out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(out) => out.flush(),
            Sink::Direct(out) => out.flush(),
            Sink::Unfinished(out) => out.flush(),
            Sink::Addition(..) => Ok(()),
        }
    }
}

/// Whether a path is a name of standard output. If the system's names for it were opened, a redirected file would be
/// written from its beginning.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Appends to the file if its content is still the one that was read before.
fn append(path: &Path, existing: Option<Vec<u8>>, new: &[u8]) -> Result<(), Error> {
    let now = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::file("read", path, &error)),
    };
    if now != existing {
        return Err(
            Error::new(Exit::Local, format!("{} has changed meanwhile", path.display()))
                .hint("nothing was written; run the same command again"),
        );
    }
    let mut bytes = existing.unwrap_or_default();
    let first_line = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let crlf = first_line.ends_with(b"\r\n");
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.extend_from_slice(end);
    }
    if !bytes.is_empty() && !bytes.ends_with(&[end, end].concat()) {
        bytes.extend_from_slice(end);
    }
    for line in new.split_inclusive(|byte| *byte == b'\n') {
        bytes.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        bytes.extend_from_slice(if line.ends_with(b"\n") { end } else { b"" });
    }
    replace(path, &bytes)
}

/// Replaces a file by these bytes, in one step.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut output = Output::open(Some(path), true)?;
    output
        .write_all(bytes)
        .map_err(|error| output.place.error(&error))?;
    output.commit()
}

/// Refuses two outputs in one place.
pub fn apart(one: Option<&Path>, other: Option<&Path>) -> Result<(), Error> {
    let (Some(one), Some(other)) = (one, other) else {
        return Ok(());
    };
    let same = is_stdout(one) && is_stdout(other)
        || one == other
        || fs::canonicalize(one)
            .ok()
            .is_some_and(|one| fs::canonicalize(other).ok() == Some(one));
    let regular = !one.exists() || fs::metadata(one).is_ok_and(|found| found.is_file()) || is_stdout(one);
    if same && regular {
        return Err(Error::usage(format!(
            "two outputs would meet in {}",
            one.display()
        )));
    }
    Ok(())
}

/// A writer of papers in one format.
pub struct Writer {
    printer: Printer<Output>,
    place: Place,
    wrote: bool,
}

impl Writer {
    /// A writer with this printer, whose output is this place.
    #[must_use]
    pub fn new(printer: Printer<Output>, place: Place) -> Self {
        Self {
            printer,
            place,
            wrote: false,
        }
    }

    /// Writes a paper.
    pub fn paper(&mut self, paper: &Paper) -> Result<(), Error> {
        self.wrote = true;
        self.printer
            .paper(paper)
            .map_err(|error| self.place.error(&error))
    }

    /// Writes a line that is not a paper, such as a path.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        self.wrote = true;
        self.printer.line(line).map_err(|error| self.place.error(&error))
    }

    /// Flushes what was written so far, so that a reader of a pipe gets it while the rest is fetched.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.printer.flush().map_err(|error| self.place.error(&error))
    }

    /// Writes these papers and finishes.
    pub fn write_all(mut self, papers: &[Paper]) -> Result<(), Error> {
        for paper in papers {
            self.paper(paper)?;
        }
        self.finish(false)
    }

    /// Ends the format and commits the output. If the work failed before anything was written, no file is created.
    pub fn finish(self, failed: bool) -> Result<(), Error> {
        let output = self.printer.finish().map_err(|error| self.place.error(&error))?;
        match output.place {
            Place::File { .. } if failed && !self.wrote => Ok(()),
            _ => output.commit(),
        }
    }
}

/// The error for a file that would have to be replaced.
#[must_use]
pub fn already_there(path: &Path) -> Error {
    Error::new(Exit::Local, format!("{} is already there", path.display())).hint("replace it with --force")
}
