//! The lock of the gate, and the state it protects: in a locked file, or within this process.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::state::GateState;

/// Bytes read of the file. The state has some hundred bytes; a longer file is not ours.
const MAX_STATE_BYTES: u64 = 64 * 1024;

/// The gates within this process, by the path of the file that each replaces.
static PROCESS_GATES: Mutex<BTreeMap<PathBuf, Arc<Mutex<ProcessGate>>>> = Mutex::new(BTreeMap::new());

/// Where the gate is kept.
pub(super) enum Backend {
    /// In the file, for all of the user's processes.
    File,
    /// Within this process.
    Process(Arc<Mutex<ProcessGate>>),
}

/// A gate within the process.
pub(super) struct ProcessGate {
    locked: bool,
    state: GateState,
}

/// The lock, acquired.
pub(super) enum GateLock {
    /// The file's lock.
    File(File),
    /// The flag of the gate within the process.
    Process(Arc<Mutex<ProcessGate>>),
}

/// The file while waiting for its lock, and whether this process created it.
pub(super) type OpenedFile = Option<(File, bool)>;

impl Backend {
    /// The gate within this process that replaces this file.
    pub(super) fn within_process(path: &Path) -> Self {
        let mut gates = acquire(&PROCESS_GATES);
        let gate = gates.entry(path.to_owned()).or_insert_with(|| {
            Arc::new(Mutex::new(ProcessGate {
                locked: false,
                state: GateState::parse(b"", true),
            }))
        });
        Self::Process(Arc::clone(gate))
    }

    /// Acquires the lock and reads the state; `None` if another holder has it. `opened` keeps the file open between two
    /// tries.
    pub(super) fn try_lock(
        &self,
        path: &Path,
        opened: &mut OpenedFile,
    ) -> io::Result<Option<(GateLock, GateState)>> {
        match self {
            Self::File => lock_file(path, opened),
            Self::Process(gate) => {
                let mut inside = acquire(gate);
                if inside.locked {
                    return Ok(None);
                }
                inside.locked = true;
                Ok(Some((GateLock::Process(Arc::clone(gate)), inside.state.clone())))
            }
        }
    }
}

fn lock_file(path: &Path, opened: &mut OpenedFile) -> io::Result<Option<(GateLock, GateState)>> {
    let (mut file, is_new) = match opened.take() {
        Some(opened) => opened,
        None => open_file(path)?,
    };
    match file.try_lock() {
        Ok(()) => {
            let mut bytes = Vec::new();
            (&mut file).take(MAX_STATE_BYTES).read_to_end(&mut bytes)?;
            let state = GateState::parse(&bytes, is_new);
            Ok(Some((GateLock::File(file), state)))
        }
        Err(TryLockError::WouldBlock) => {
            *opened = Some((file, is_new));
            Ok(None)
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the file, creating it and its directory for the user alone if necessary.
fn open_file(path: &Path) -> io::Result<(File, bool)> {
    let mut directory = DirBuilder::new();
    directory.recursive(true);
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        directory.mode(0o700);
        options.mode(0o600);
    }
    if let Some(parent) = path.parent() {
        directory.create(parent)?;
    }
    let (file, is_new) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            (options.create(true).truncate(false).open(path)?, false)
        }
        Err(error) => return Err(error),
    };
    // Reading a pipe would block for ever.
    if file.metadata()?.is_file() {
        Ok((file, is_new))
    } else {
        Err(io::Error::other("not a regular file"))
    }
}

impl GateLock {
    /// Writes the state in place. A crash in the middle leaves a file that cannot be parsed, which counts as a request
    /// that has just ended.
    pub(super) fn write(&mut self, state: &GateState) -> io::Result<()> {
        match self {
            Self::File(file) => {
                let bytes = serde_json::to_vec(state)?;
                file.rewind()?;
                file.write_all(&bytes)?;
                file.set_len(bytes.len() as u64)
            }
            Self::Process(gate) => {
                acquire(gate).state = state.clone();
                Ok(())
            }
        }
    }

    /// Releases the lock.
    pub(super) fn release(&mut self) {
        match self {
            // Closing the file would not be enough if a child process had inherited it.
            Self::File(file) => drop(file.unlock()),
            Self::Process(gate) => acquire(gate).locked = false,
        }
    }
}

/// Locks a mutex. A panic of another holder cannot leave these values half changed, so poisoning does not matter.
fn acquire<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
