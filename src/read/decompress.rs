//! Decompresses gzip and zip while reading, recognized by their first bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use memchr::memmem;
use zip::ZipArchive;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use super::stream::RecordStream;

/// Decompressed bytes that are allowed for any input.
const FREE: u64 = 16 << 20;

/// Decompressed bytes beyond [`FREE`] that are allowed for each compressed byte. Metadata compresses 4:1, a file of one
/// repeated letter 1000:1.
const MAX_RATIO: u64 = 200;

/// Size of a read of compressed bytes.
const CHUNK: usize = 64 << 10;

/// An input.
pub enum ByteSource {
    /// A regular file, which can be read from any offset.
    File(File),
    /// An input that can only be read forward: stdin or a pipe.
    Pipe(Box<dyn Read>),
}

/// An input that counts the bytes read from it, for the progress display.
struct CountingReader {
    input: ByteSource,
    count: Arc<AtomicU64>,
}

/// Calls `each` with the content of an input. `count` grows by the bytes read, compressed as they are.
///
/// For a zip archive `each` is called for every file in it, with its name unless it is the only one. If `each` returns
/// a value, reading stops and returns it.
pub fn decompress<T>(
    input: ByteSource,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let mut source = CountingReader {
        input,
        count: Arc::clone(count),
    };
    let mut magic = Vec::new();
    source.by_ref().take(4).read_to_end(&mut magic)?;
    let is_zip = magic == *b"PK\x03\x04";
    let gzipped = magic.starts_with(&[0x1f, 0x8b, 8]);
    let count = Arc::clone(count);
    if is_zip && matches!(source.input, ByteSource::File(_)) {
        source.seek(SeekFrom::Start(0))?;
        return read_archive(source, &count, each);
    }
    let mut whole = io::Cursor::new(magic).chain(source);
    if is_zip {
        read_archive_from_pipe(BufReader::with_capacity(CHUNK, whole), &count, each)
    } else if gzipped {
        let packed = BufReader::with_capacity(CHUNK, whole);
        let mut budget = Budget::new(count, u64::MAX);
        let unpacked = MultiGzDecoder::new(packed);
        let budget = &mut budget;
        each(
            None,
            &mut RecordStream::new(&mut BudgetedReader { unpacked, budget }),
        )
    } else {
        each(None, &mut RecordStream::new(&mut whole))
    }
}

/// Reads a zip archive by the directory at its end.
fn read_archive<T>(
    source: CountingReader,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    // Seeking reads some bytes of the archive several times, so their count is capped by the length.
    let length = match &source.input {
        ByteSource::File(file) => file.metadata()?.len(),
        ByteSource::Pipe(_) => u64::MAX,
    };
    let mut budget = Budget::new(Arc::clone(count), length);
    let mut source = source;
    let entries = directory_entries(&mut source, length)?;
    let mut archive = ZipArchive::new(BufReader::with_capacity(CHUNK, source)).map_err(zip_error)?;
    // The directory is read by name, so of files of one name it has only one; a pipe gives all of them.
    if entries.is_some_and(|entries| entries > archive.len()) {
        let mut source = archive.into_inner();
        source.seek(SeekFrom::Start(0))?;
        return read_archive_from_pipe(source, count, each);
    }
    let name = |at: usize| {
        let name = archive.name_for_index(at).and_then(Result::ok);
        name.unwrap_or_default().into_owned()
    };
    let files: Vec<(usize, String)> = (0..archive.len())
        .map(|at| (at, name(at)))
        .filter(|(_, name)| is_file(name))
        .collect();
    if files.is_empty() {
        return Err(nothing_in_it());
    }
    for (at, name) in &files {
        let unpacked = archive.by_index(*at).map_err(zip_error)?;
        let name = (files.len() > 1).then_some(name.as_str());
        let budget = &mut budget;
        let returned = each(
            name,
            &mut RecordStream::new(&mut BudgetedReader { unpacked, budget }),
        )?;
        if returned.is_some() {
            return Ok(returned);
        }
    }
    Ok(None)
}

/// Number of entries that the directory at the end of a zip archive announces (APPNOTE 4.3.16). Returns `None` if it is
/// not found, or too large for this form.
fn directory_entries(source: &mut CountingReader, length: u64) -> io::Result<Option<usize>> {
    // The record has 22 bytes and a comment of at most 65,535.
    let start = length.saturating_sub(22 + 65_535);
    source.seek(SeekFrom::Start(start))?;
    let mut end = Vec::new();
    source.by_ref().take(22 + 65_535).read_to_end(&mut end)?;
    source.seek(SeekFrom::Start(0))?;
    let entries = memmem::rfind(&end, b"PK\x05\x06")
        .and_then(|at| end.get(at + 10..at + 12))
        .and_then(|entries| Some(usize::from(u16::from_le_bytes(entries.try_into().ok()?))));
    Ok(entries.filter(|entries| *entries < usize::from(u16::MAX)))
}

/// Reads a zip archive from a pipe, where the directory at its end is not known yet.
fn read_archive_from_pipe<T>(
    mut source: impl Read,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let mut came = false;
    let mut budget = Budget::new(Arc::clone(count), u64::MAX);
    loop {
        let file = read_zipfile_from_stream(&mut source).map_err(|error| match error {
            // An archive that was itself written to a pipe has lengths and checksums after each file.
            ZipError::UnsupportedArchive(_) => io::Error::new(
                io::ErrorKind::InvalidData,
                "this zip archive cannot be read from a pipe; name its file, or unpack it: `unzip -p FILE | arxcat import -`",
            ),
            other => zip_error(other),
        })?;
        let unpacked: ZipFile<'_, _> = match file {
            Some(file) => file,
            None if came => return Ok(None),
            None => return Err(nothing_in_it()),
        };
        let name = unpacked
            .name()
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default();
        if is_file(&name) {
            came = true;
            let budget = &mut budget;
            let returned = each(
                Some(&name),
                &mut RecordStream::new(&mut BudgetedReader { unpacked, budget }),
            )?;
            if returned.is_some() {
                return Ok(returned);
            }
        }
    }
}

/// Whether an entry is a file to import: not a folder, and not the metadata that macOS adds.
fn is_file(name: &str) -> bool {
    !name.ends_with('/') && !name.starts_with("__MACOSX/")
}

fn zip_error(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        other => io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the zip archive is faulty: {other}"),
        ),
    }
}

fn nothing_in_it() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the zip archive has no file in it")
}

/// The limit on decompressed bytes, for all files of an archive together.
struct Budget {
    came: u64,
    packed: Arc<AtomicU64>,
    /// Value of `packed` before this archive.
    before: u64,
    /// Number of compressed bytes in the input.
    length: u64,
}

impl Budget {
    fn new(packed: Arc<AtomicU64>, length: u64) -> Self {
        Self {
            came: 0,
            before: packed.load(Ordering::Relaxed),
            packed,
            length,
        }
    }

    fn spend(&mut self, count: usize) -> io::Result<()> {
        self.came += count as u64;
        let packed = self.packed.load(Ordering::Relaxed).saturating_sub(self.before);
        let packed = packed.min(self.length);
        if self.came > FREE.saturating_add(packed.saturating_mul(MAX_RATIO)) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!(
                    "it unpacks to more than {MAX_RATIO} times its size; unpack it first if that is right"
                ),
            ));
        }
        Ok(())
    }
}

/// A reader that stops when the budget is used up.
struct BudgetedReader<'b, R> {
    unpacked: R,
    budget: &'b mut Budget,
}

impl<R: Read> Read for BudgetedReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(buffer)?;
        self.budget.spend(count)?;
        Ok(count)
    }
}

impl Read for CountingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.input {
            ByteSource::File(file) => file.read(buffer)?,
            ByteSource::Pipe(pipe) => pipe.read(buffer)?,
        };
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for CountingReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.input {
            ByteSource::File(file) => file.seek(to),
            ByteSource::Pipe(_) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}
