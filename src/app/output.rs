//! Where data goes: standard output, or a file that is whole or not there.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Exit};
use crate::format::Printer;
use crate::model::paper::Paper;
use crate::ui::pager::PagedStdout;

/// What unfinished files are called until they are renamed: `.arxcat-XXXXXX.part`.
const UNFINISHED: (&str, &str) = (".arxcat-", ".part");

/// Where data goes.
#[derive(Debug)]
pub struct Output {
    sink: Sink,
    place: Place,
}

#[derive(Debug)]
enum Sink {
    Stdout(PagedStdout),
    /// What is not a regular file: `/dev/stdout`, a pipe.
    Direct(BufWriter<File>),
    Beside(BufWriter<NamedTempFile>),
    /// What is appended to a file that holds the first bytes; none where it does not exist.
    Behind(Option<Vec<u8>>, Vec<u8>),
}

/// The name of the place, for errors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// Standard output.
    Stdout,
    /// This file.
    File {
        /// Where it will be.
        path: PathBuf,
        /// Whether it may take another file's place.
        force: bool,
    },
}

impl Place {
    /// This place could not be written to.
    #[must_use]
    pub fn error(&self, error: &io::Error) -> Error {
        match self {
            Self::Stdout => Error::stdout(error),
            Self::File { path, .. } => Error::file("write", path, error),
        }
    }
}

impl Output {
    /// Opens standard output, or a file beside the one that is wanted, before anything is asked of arXiv.
    pub fn open(path: Option<&Path>, force: bool) -> Result<Self, Error> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            return Ok(Self {
                sink: Sink::Stdout(PagedStdout::new()),
                place: Place::Stdout,
            });
        };
        if is_system(path) {
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
        // A link is written through, not replaced.
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
        let file = beside(&path).map_err(|error| place.error(&error))?;
        if let Some(found) = existing {
            fs::set_permissions(file.path(), found.permissions()).map_err(|error| place.error(&error))?;
        }
        Ok(Self {
            sink: Sink::Beside(BufWriter::new(file)),
            place,
        })
    }

    /// What is written goes behind these bytes of the file, apart by an empty line and with their line endings, all in
    /// one step; the file is not touched where nothing is written, nor where it has changed by then.
    #[must_use]
    pub fn append(path: &Path, existing: Option<Vec<u8>>) -> Self {
        Self {
            sink: Sink::Behind(existing, Vec::new()),
            place: Place::File {
                path: path.to_owned(),
                force: true,
            },
        }
    }

    /// Where this goes, to name it in errors.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Puts what was written in its place. Until then a file is as it was before.
    pub fn commit(self) -> Result<(), Error> {
        let Self { sink, place } = self;
        match (sink, &place) {
            (Sink::Stdout(out), _) => out.finish().map_err(|error| place.error(&error)),
            (Sink::Direct(mut out), _) => out.flush().map_err(|error| place.error(&error)),
            (Sink::Beside(out), Place::File { path, force }) => {
                let file = out.into_inner().map_err(|error| place.error(error.error()))?;
                file.as_file().sync_all().map_err(|error| place.error(&error))?;
                put(file, path, *force).map_err(|error| match error.kind() {
                    io::ErrorKind::AlreadyExists => already_there(path),
                    _ => place.error(&error),
                })
            }
            (Sink::Behind(_, new), _) if new.is_empty() => Ok(()),
            (Sink::Behind(existing, new), Place::File { path, .. }) => append(path, existing, &new),
            (Sink::Beside(_) | Sink::Behind(..), Place::Stdout) => Ok(()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Direct(out) => out.write(bytes),
            Sink::Beside(out) => out.write(bytes),
            Sink::Behind(_, out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(out) => out.flush(),
            Sink::Direct(out) => out.flush(),
            Sink::Beside(out) => out.flush(),
            Sink::Behind(..) => Ok(()),
        }
    }
}

/// `-`, and the names the system has for standard output: opened anew, a redirected file would be written from its
/// beginning.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Puts new bytes behind those that were read from the file, if it still holds them.
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

/// What the system shows as a file: a redirected `/dev/stderr` is added to, and never replaced.
fn is_system(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
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

/// Papers on their way into their place.
pub struct Writer {
    printer: Printer<Output>,
    place: Place,
    wrote: bool,
}

impl Writer {
    /// A writer through this printer into this place.
    #[must_use]
    pub fn new(printer: Printer<Output>, place: Place) -> Self {
        Self {
            printer,
            place,
            wrote: false,
        }
    }

    /// Writes one.
    pub fn paper(&mut self, paper: &Paper) -> Result<(), Error> {
        self.wrote = true;
        self.printer
            .paper(paper)
            .map_err(|error| self.place.error(&error))
    }

    /// Writes a line that is no paper.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        self.wrote = true;
        self.printer.line(line).map_err(|error| self.place.error(&error))
    }

    /// Sends on what was written so far, for whoever reads along.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.printer.flush().map_err(|error| self.place.error(&error))
    }

    /// Writes these, and ends.
    pub fn write_all(mut self, papers: &[Paper]) -> Result<(), Error> {
        for paper in papers {
            self.paper(paper)?;
        }
        self.finish(false)
    }

    /// Ends the format, and puts a file in its place. Where the work failed before anything came, no file is made.
    pub fn finish(self, failed: bool) -> Result<(), Error> {
        let output = self.printer.finish().map_err(|error| self.place.error(&error))?;
        match output.place {
            Place::File { .. } if failed && !self.wrote => Ok(()),
            _ => output.commit(),
        }
    }
}

/// A file is in the way.
#[must_use]
pub fn already_there(path: &Path) -> Error {
    Error::new(Exit::Local, format!("{} is already there", path.display())).hint("replace it with --force")
}

/// A temporary file in the same folder, locked for as long as this process lives.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    let _ = file.as_file().try_lock();
    Ok(file)
}

fn put(file: NamedTempFile, path: &Path, force: bool) -> io::Result<()> {
    if force {
        file.persist(path).map(drop).map_err(|failed| failed.error)
    } else {
        file.persist_noclobber(path)
            .map(drop)
            .map_err(|failed| failed.error)
    }
}

/// Takes away what dead runs left unfinished: a file whose lock is free has no living writer.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let ours = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
    };
    for entry in entries.flatten().filter(|entry| ours(&entry.file_name())) {
        let regular = entry.file_type().is_ok_and(|kind| kind.is_file());
        if regular && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
