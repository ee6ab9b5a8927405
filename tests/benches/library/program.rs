//! The real program, as whole processes with nothing of the user's.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The interval at which the memory of a process is sampled. The kernel keeps its peak of resident memory, not of anonymous.
const POLL: Duration = Duration::from_millis(3);

pub struct Program {
    home: PathBuf,
    library: PathBuf,
    api: String,
}

/// A run that was watched; memory in KiB.
#[derive(Default)]
pub struct Watched {
    pub took: Duration,
    pub anonymous: u64,
    pub resident: u64,
}

impl Program {
    /// The program with its home and library in this folder.
    pub fn new(folder: &Path, api: &str) -> Self {
        Self {
            home: folder.to_owned(),
            library: folder.join("library"),
            api: api.to_owned(),
        }
    }

    /// The same user with another, empty library.
    pub fn elsewhere(&self) -> Self {
        Self {
            home: self.home.clone(),
            library: self.home.join("elsewhere"),
            api: self.api.clone(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_arxcat"));
        command
            .env_clear()
            .current_dir(&self.home)
            .env("HOME", &self.home)
            .env("LANG", "C.UTF-8");
        command
            .env("ARXCAT_INTERVAL", "0")
            .env("ARXCAT_API_URL", &self.api);
        command.arg("--library-dir").arg(&self.library).args(args);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// How long a run takes from start to end.
    pub fn time(&self, args: &[&str]) -> Duration {
        let mut command = self.command(args);
        let start = Instant::now();
        let status = command.status().expect("the program runs");
        let took = start.elapsed();
        assert!(status.success(), "arxcat {}: {status}", args.join(" "));
        took
    }

    /// A run with the peaks of its memory.
    pub fn watch(&self, args: &[&str]) -> Watched {
        let mut command = self.command(args);
        command.stderr(Stdio::inherit());
        let start = Instant::now();
        let mut child = command.spawn().expect("the program runs");
        let mut watched = Watched::default();
        let status = loop {
            watched.look(&child);
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            thread::sleep(POLL);
        };
        assert!(status.success(), "arxcat {}: {status}", args.join(" "));
        watched.took = start.elapsed();
        watched
    }

    /// How many lines a run prints.
    pub fn lines(&self, args: &[&str]) -> usize {
        use std::io::{BufRead, BufReader};
        let mut child = self
            .command(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let stdout = BufReader::with_capacity(1 << 16, child.stdout.take().expect("a pipe"));
        let lines = stdout.split(b'\n').count();
        assert!(
            child.wait().is_ok_and(|status| status.success()),
            "arxcat {}",
            args.join(" ")
        );
        lines
    }

    /// Sizes of the database with what SQLite keeps beside it, and of the index.
    pub fn sizes(&self) -> [u64; 2] {
        let index = size(&self.library.join("index"));
        [size(&self.library) - index, index]
    }
}

impl Watched {
    fn look(&mut self, child: &Child) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        self.anonymous = self.anonymous.max(kib("RssAnon:"));
        self.resident = self.resident.max(kib("VmHWM:"));
    }

    /// This run and one after it.
    pub fn then(self, next: &Self) -> Self {
        Self {
            took: self.took + next.took,
            anonymous: self.anonymous.max(next.anonymous),
            resident: self.resident.max(next.resident),
        }
    }
}

/// The bytes in a file, or in all files below a folder; 0 if it does not exist.
pub fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return path.metadata().map_or(0, |file| file.len());
    };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}
