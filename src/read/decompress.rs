//! What is packed, unpacked on the way: gzip and zip, told by their first bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use super::stream::RecordStream;

/// What is unpacked without a question, in bytes.
const FREE: u64 = 16 << 20;

/// Beyond [`FREE`], at most so many bytes come of each packed one. Metadata packs four to one, and a file of one
/// letter a thousand to one.
const MAX_RATIO: u64 = 200;

/// Packed bytes asked for at once.
const CHUNK: usize = 64 << 10;

/// Where bytes come from.
pub enum ByteSource {
    /// A regular file, which can be read from anywhere.
    File(File),
    /// What can only be read on: stdin, a pipe.
    Pipe(Box<dyn Read>),
}

/// An input whose bytes are counted as they are read, for the progress.
struct Counted {
    input: ByteSource,
    count: Arc<AtomicU64>,
}

/// Hands what is in a file to `each`; `count` is advanced by the bytes that are read of it, packed as they are.
///
/// Of a zip archive that is every file in it, one after another, with its name where it is not the only one. `each`
/// gives what it has to say of the whole, which ends the walk.
pub fn decompress<T>(
    input: ByteSource,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let mut source = Counted {
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
        return of_archive(source, &count, each);
    }
    let mut whole = io::Cursor::new(magic).chain(source);
    if is_zip {
        of_pipe(BufReader::with_capacity(CHUNK, whole), &count, each)
    } else if gzipped {
        let packed = BufReader::with_capacity(CHUNK, whole);
        let mut budget = Budget::new(count, u64::MAX);
        let unpacked = MultiGzDecoder::new(packed);
        let budget = &mut budget;
        each(None, &mut RecordStream::new(&mut Capped { unpacked, budget }))
    } else {
        each(None, &mut RecordStream::new(&mut whole))
    }
}

/// By the archive's directory, at its end.
fn of_archive<T>(
    source: Counted,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    // Jumping about in it reads some of its bytes many times over.
    let length = match &source.input {
        ByteSource::File(file) => file.metadata()?.len(),
        ByteSource::Pipe(_) => u64::MAX,
    };
    let mut budget = Budget::new(Arc::clone(count), length);
    let mut archive = ZipArchive::new(BufReader::with_capacity(CHUNK, source)).map_err(faulty)?;
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
        let unpacked = archive.by_index(*at).map_err(faulty)?;
        let name = (files.len() > 1).then_some(name.as_str());
        let budget = &mut budget;
        let said = each(name, &mut RecordStream::new(&mut Capped { unpacked, budget }))?;
        if said.is_some() {
            return Ok(said);
        }
    }
    Ok(None)
}

/// As the files come, before the directory is known: nobody can tell yet which is the only one.
fn of_pipe<T>(
    mut source: impl Read,
    count: &Arc<AtomicU64>,
    mut each: impl FnMut(Option<&str>, &mut RecordStream<'_>) -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let mut came = false;
    let mut budget = Budget::new(Arc::clone(count), u64::MAX);
    loop {
        let file = read_zipfile_from_stream(&mut source).map_err(|error| match error {
            // Written to a pipe itself: lengths and checksums follow the files.
            ZipError::UnsupportedArchive(_) => io::Error::new(
                io::ErrorKind::InvalidData,
                "this zip archive cannot be read from a pipe; name its file, or unpack it: `unzip -p FILE | arxcat import -`",
            ),
            other => faulty(other),
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
            let said = each(
                Some(&name),
                &mut RecordStream::new(&mut Capped { unpacked, budget }),
            )?;
            if said.is_some() {
                return Ok(said);
            }
        }
    }
}

/// Folders are no files, nor is what macOS adds to the archives it makes.
fn is_file(name: &str) -> bool {
    !name.ends_with('/') && !name.starts_with("__MACOSX/")
}

fn faulty(error: ZipError) -> io::Error {
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

/// What may come out of a packed file, all that is in it together.
struct Budget {
    came: u64,
    packed: Arc<AtomicU64>,
    /// What `packed` was before this file.
    before: u64,
    /// The packed bytes there are.
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

/// What comes out, as far as the budget goes.
struct Capped<'b, R> {
    unpacked: R,
    budget: &'b mut Budget,
}

impl<R: Read> Read for Capped<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(buffer)?;
        self.budget.spend(count)?;
        Ok(count)
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.input {
            ByteSource::File(file) => file.read(buffer)?,
            ByteSource::Pipe(pipe) => pipe.read(buffer)?,
        };
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.input {
            ByteSource::File(file) => file.seek(to),
            ByteSource::Pipe(_) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}
