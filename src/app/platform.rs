//! What holds on one kind of system only: executable files, open descriptors, signals. The rest of `app` and the commands
//! ask here and have no `cfg` of their own.

pub use self::imp::{Signals, create_mode, is_descriptor, is_executable, stdout_is_null, stdout_was_closed};

/// A signal that asks the program to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndSignal {
    /// Ctrl-C.
    Interrupt,
    /// The default of `kill`.
    Terminate,
    /// The terminal was closed.
    HangUp,
}

impl EndSignal {
    /// The exit code that a shell shows for this signal: 128 and its number.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

#[cfg(unix)]
mod imp {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::{Path, PathBuf};

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::EndSignal;

    /// Links between a name of a descriptor and the descriptor, at most: `/dev/stdout` has two.
    const MAX_LINKS: usize = 8;

    /// Whether a path is a file that can be run.
    #[must_use]
    pub fn is_executable(path: &Path) -> bool {
        let found = path.metadata();
        found.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    }

    /// Lets the umask decide who may read a new file, as for a file that a shell redirects into.
    pub fn create_mode(options: &mut OpenOptions) {
        options.mode(0o666);
    }

    /// Whether a path names an open descriptor of a process, such as `/dev/stderr` or `/dev/fd/3`. What it leads to is
    /// written to, and never replaced, even if it is a regular file.
    #[must_use]
    pub fn is_descriptor(path: &Path) -> bool {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let Some(folder) = path.parent() else { return false };
            let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
            let is_proc = folder.starts_with("/proc") && folder.ends_with("fd");
            if is_proc || folder == Path::new("/dev/fd") {
                return true;
            }
            let Ok(target) = fs::read_link(&path) else {
                return false;
            };
            path = folder.join(target);
        }
        false
    }

    /// Whether stdout was closed when the program started (`>&-`).
    ///
    /// Rust's runtime then opens `/dev/null` in its place, for reading and writing, so that writing fails no more. Parents
    /// that want no output may leave the same behind; those usually silence stdin or stderr in that way as well.
    #[must_use]
    pub fn stdout_was_closed() -> bool {
        let is_null = |number: u32, file: io::Result<File>| {
            is_null_device(file) && opened_for_reading_and_writing(number)
        };
        let stdout = io::stdout().as_fd().try_clone_to_owned().map(File::from);
        let stdin = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        let stderr = io::stderr().as_fd().try_clone_to_owned().map(File::from);
        is_null(1, stdout) && !is_null(0, stdin) && !is_null(2, stderr)
    }

    /// Whether stdout is the null device, so that nobody sees what is written to it.
    #[must_use]
    pub fn stdout_is_null() -> bool {
        is_null_device(io::stdout().as_fd().try_clone_to_owned().map(File::from))
    }

    fn is_null_device(file: io::Result<File>) -> bool {
        file.and_then(|file| file.metadata()).is_ok_and(|found| {
            let null = fs::metadata("/dev/null");
            found.file_type().is_char_device() && null.is_ok_and(|null| null.rdev() == found.rdev())
        })
    }

    /// How a descriptor of this process was opened (Linux, `proc_pid_fdinfo(5)`). Elsewhere the answer is no.
    fn opened_for_reading_and_writing(descriptor: u32) -> bool {
        let info = fs::read_to_string(format!("/proc/self/fdinfo/{descriptor}")).unwrap_or_default();
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
        // O_RDWR of the two bits of O_ACCMODE.
        flags.is_some_and(|flags| flags & 3 == 2)
    }

    /// The signals that ask the program to end.
    pub struct Signals(Vec<(EndSignal, Signal)>);

    impl Signals {
        /// Starts to listen. A signal that was ignored when the program started stays ignored: `nohup` and shells that
        /// start jobs in the background want that.
        pub fn listen() -> io::Result<Self> {
            let ignored = ignored_signals();
            let all = [
                (EndSignal::Interrupt, SignalKind::interrupt()),
                (EndSignal::Terminate, SignalKind::terminate()),
                (EndSignal::HangUp, SignalKind::hangup()),
            ];
            let heard = all.into_iter().filter(|(_, kind)| {
                // Signal 1 is the lowest bit.
                (ignored >> (kind.as_raw_value() - 1)) & 1 == 0
            });
            let signals = heard.map(|(name, kind)| Ok((name, signal(kind)?)));
            Ok(Self(signals.collect::<io::Result<_>>()?))
        }

        /// Starts to listen for Ctrl-C alone, so that it no longer ends the process.
        pub fn listen_for_interrupt() -> io::Result<Self> {
            let interrupt = signal(SignalKind::interrupt())?;
            Ok(Self(vec![(EndSignal::Interrupt, interrupt)]))
        }

        /// Waits for the next signal.
        pub async fn next(&mut self) -> EndSignal {
            std::future::poll_fn(|context| {
                for (name, signal) in &mut self.0 {
                    if signal.poll_recv(context).is_ready() {
                        return std::task::Poll::Ready(*name);
                    }
                }
                std::task::Poll::Pending
            })
            .await
        }
    }

    /// The signals that this process ignores (Linux, `proc_pid_status(5)`), a bit each. Elsewhere none is known.
    fn ignored_signals() -> u64 {
        let status = fs::read_to_string(PathBuf::from("/proc/self/status")).unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::OpenOptions;
    use std::io;
    use std::path::Path;

    use super::EndSignal;

    /// Whether a path is a file; what can be run is not known here.
    #[must_use]
    pub fn is_executable(path: &Path) -> bool {
        path.is_file()
    }

    /// New files have the default permissions.
    pub fn create_mode(_: &mut OpenOptions) {}

    /// No path names an open descriptor.
    #[must_use]
    pub fn is_descriptor(_: &Path) -> bool {
        false
    }

    /// A closed stdout fails when it is written to.
    #[must_use]
    pub fn stdout_was_closed() -> bool {
        false
    }

    /// Not known here.
    #[must_use]
    pub fn stdout_is_null() -> bool {
        false
    }

    /// Ctrl-C.
    pub struct Signals;

    impl Signals {
        /// Starts to listen.
        pub fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        /// The same: Ctrl-C is the only signal.
        pub fn listen_for_interrupt() -> io::Result<Self> {
            Self::listen()
        }

        /// Waits for the next Ctrl-C.
        pub async fn next(&mut self) -> EndSignal {
            let _ = tokio::signal::ctrl_c().await;
            EndSignal::Interrupt
        }
    }
}
