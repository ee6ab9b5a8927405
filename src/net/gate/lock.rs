//! Where the gate is kept: a locked file, or this process.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::state::Notes;

/// The notes are some hundred bytes; what is longer is not ours.
const LONGEST: u64 = 64 * 1024;

/// The gates within this process, by the file they stand for.
static GATES: Mutex<BTreeMap<PathBuf, Arc<Mutex<Slot>>>> = Mutex::new(BTreeMap::new());

/// Where the gate is.
pub(super) enum Place {
    /// In the file: for all of the user's processes.
    File,
    /// Within this process.
    Process(Arc<Mutex<Slot>>),
}

/// A gate within the process.
pub(super) struct Slot {
    taken: bool,
    notes: Notes,
}

/// The gate, held.
pub(super) enum Hold {
    /// By the file's lock.
    File(File),
    /// By the slot's flag.
    Process(Arc<Mutex<Slot>>),
}

/// The file, opened and not yet locked, and whether it is new.
pub(super) type Door = Option<(File, bool)>;

impl Place {
    /// The gate within this process that stands for this file.
    pub(super) fn within_process(path: &Path) -> Self {
        let mut gates = open(&GATES);
        let slot = gates.entry(path.to_owned()).or_insert_with(|| {
            Arc::new(Mutex::new(Slot {
                taken: false,
                notes: Notes::read(b"", true),
            }))
        });
        Self::Process(Arc::clone(slot))
    }

    /// Takes the gate if nobody holds it, with what it says; `door` stays open between two tries.
    pub(super) fn try_hold(&self, path: &Path, door: &mut Door) -> io::Result<Option<(Hold, Notes)>> {
        match self {
            Self::File => hold_file(path, door),
            Self::Process(slot) => {
                let mut inside = open(slot);
                if inside.taken {
                    return Ok(None);
                }
                inside.taken = true;
                Ok(Some((Hold::Process(Arc::clone(slot)), inside.notes.clone())))
            }
        }
    }
}

fn hold_file(path: &Path, door: &mut Door) -> io::Result<Option<(Hold, Notes)>> {
    let (mut file, new) = match door.take() {
        Some(opened) => opened,
        None => open_file(path)?,
    };
    match file.try_lock() {
        Ok(()) => {
            let mut bytes = Vec::new();
            (&mut file).take(LONGEST).read_to_end(&mut bytes)?;
            let notes = Notes::read(&bytes, new);
            Ok(Some((Hold::File(file), notes)))
        }
        Err(TryLockError::WouldBlock) => {
            *door = Some((file, new));
            Ok(None)
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the file, and makes it and its folder, for the user alone, where they are not there.
fn open_file(path: &Path) -> io::Result<(File, bool)> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        options.mode(0o600);
    }
    if let Some(parent) = path.parent() {
        folder.create(parent)?;
    }
    let (file, new) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            (options.create(true).truncate(false).open(path)?, false)
        }
        Err(error) => return Err(error),
    };
    // Reading a pipe would block for ever.
    if file.metadata()?.is_file() {
        Ok((file, new))
    } else {
        Err(io::Error::other("not a regular file"))
    }
}

impl Hold {
    /// Writes the notes in place. A crash in the middle leaves what cannot be read, which counts as "just now".
    pub(super) fn write(&mut self, notes: &Notes) -> io::Result<()> {
        match self {
            Self::File(file) => {
                let bytes = serde_json::to_vec(notes)?;
                file.rewind()?;
                file.write_all(&bytes)?;
                file.set_len(bytes.len() as u64)
            }
            Self::Process(slot) => {
                open(slot).notes = notes.clone();
                Ok(())
            }
        }
    }

    /// Lets the next in.
    pub(super) fn release(&mut self) {
        match self {
            // Closing the file would do; a child process that inherited it would not.
            Self::File(file) => drop(file.unlock()),
            Self::Process(slot) => open(slot).taken = false,
        }
    }
}

/// A panic elsewhere does not make these values wrong.
fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
