//! Runs the real binary with a clean environment: own folders, clock, columns and base URLs.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, write};
use tempfile::TempDir;

/// A user's machine: an empty home, a fixed day, no network.
pub struct Machine {
    home: TempDir,
    variables: Vec<(String, String)>,
}

/// Builder of a run.
pub struct Run<'a> {
    machine: &'a Machine,
    program: &'static str,
    args: Vec<String>,
    variables: Vec<(String, String)>,
    stdin: Option<Vec<u8>>,
    columns: Option<u16>,
    /// Standard error is a terminal too, of its own.
    stderr_is_terminal: bool,
    typed: Option<String>,
}

/// The result of a run.
#[derive(Debug)]
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    /// The exit code, or `None` if a signal killed the process.
    pub code: Option<i32>,
}

/// A running process.
pub struct Running {
    child: Child,
    stdout: thread::JoinHandle<Vec<u8>>,
    stderr: thread::JoinHandle<Vec<u8>>,
}

impl Machine {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = |name: &str| home.path().join(name).display().to_string();
        // Port 9 is discard: nothing listens there, and no request ever leaves loopback.
        let nowhere = "http://127.0.0.1:9";
        let variables = [
            ("HOME", home.path().display().to_string()),
            ("XDG_CONFIG_HOME", folder("config")),
            ("XDG_DATA_HOME", folder("data")),
            ("XDG_CACHE_HOME", folder("cache")),
            ("XDG_STATE_HOME", folder("state")),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            ("ARXCAT_NOW", "2026-10-15T12:00:00Z".to_owned()),
            ("ARXCAT_API_URL", format!("{nowhere}/api/query")),
            ("ARXCAT_OAI_URL", format!("{nowhere}/oai")),
            ("ARXCAT_RSS_URL", nowhere.to_owned()),
            ("ARXCAT_FILES_URL", nowhere.to_owned()),
            ("ARXCAT_INTERVAL", "0".to_owned()),
            ("ARXCAT_RETRY_BASE", "0.02".to_owned()),
            ("ARXCAT_TIMEOUT", "5".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { home, variables }
    }

    /// A machine whose arXiv is at this base URL.
    pub fn with_arxiv(url: &str) -> Self {
        let mut machine = Self::new();
        machine.set("ARXCAT_API_URL", &format!("{url}/api/query"));
        machine.set("ARXCAT_FILES_URL", url);
        machine.set("ARXCAT_RSS_URL", url);
        machine.set("ARXCAT_OAI_URL", &format!("{url}/oai"));
        machine
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// A path in the user's home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Puts a file into the user's home.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A plain GET, without the program under test.
    #[expect(clippy::unused_self, reason = "it is this machine that asks")]
    pub fn get(&self, url: &str) -> String {
        let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        self.arxcat(args).run()
    }

    pub fn arxcat(&self, args: &[&str]) -> Run<'_> {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Run {
            machine: self,
            program: env!("CARGO_BIN_EXE_arxcat"),
            args,
            variables: Vec::new(),
            stdin: None,
            columns: None,
            stderr_is_terminal: false,
            typed: None,
        }
    }

    /// A line of a shell that finds the program under test as `arxcat`.
    pub fn shell(&self, line: &str) -> Run<'_> {
        self.program("/bin/sh", &["-c", line])
    }

    /// Another program, which finds arxcat by its name.
    pub fn program(&self, path: &'static str, args: &[&str]) -> Run<'_> {
        let arxcat = PathBuf::from(env!("CARGO_BIN_EXE_arxcat"));
        let folders = format!(
            "{}:/usr/local/bin:/usr/bin:/bin",
            arxcat.parent().unwrap().display()
        );
        let run = self.arxcat(args).env("PATH", &folders);
        Run { program: path, ..run }
    }
}

impl Run<'_> {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(bytes.as_ref().to_vec());
        self
    }

    /// Standard output is a terminal of this many columns.
    pub fn terminal(mut self, columns: u16) -> Self {
        self.columns = Some(columns);
        self
    }

    /// Standard output and standard error are two terminals of this many columns, so that their outputs stay separate.
    pub fn two_terminals(mut self, columns: u16) -> Self {
        self.columns = Some(columns);
        self.stderr_is_terminal = true;
        self
    }

    /// All three streams are one terminal of 100 columns, at which this is typed. What is shown there comes as stdout.
    pub fn typed(mut self, keys: &str) -> Self {
        self.columns = Some(100);
        self.typed = Some(keys.to_owned());
        self
    }

    pub fn run(self) -> Ended {
        self.start().wait()
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(&self.args)
            .env_clear()
            .current_dir(self.machine.home.path());
        for (name, value) in self.machine.variables.iter().chain(&self.variables) {
            command.env(name, value);
        }
        command
    }

    pub fn start(self) -> Running {
        let mut command = self.command();
        command
            .stdin(if self.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stderr(Stdio::piped());
        let mut stderr_master = None;
        let master = self.columns.map(|columns| {
            let OpenptyResult { master, slave } = open_terminal(columns);
            if self.stderr_is_terminal {
                let OpenptyResult { master, slave } = open_terminal(columns);
                command.stderr(slave);
                stderr_master = Some(File::from(master));
            }
            if let Some(keys) = &self.typed {
                command
                    .stdin(slave.try_clone().unwrap())
                    .stderr(slave.try_clone().unwrap());
                write(&master, keys.as_bytes()).unwrap();
            }
            command.stdout(slave);
            File::from(master)
        });
        if master.is_none() {
            command.stdout(Stdio::piped());
        }
        let mut child = command.spawn().unwrap();
        // The parent's copy of the terminal's other end must go, or reading never ends.
        drop(command);
        if let (Some(bytes), Some(mut stdin)) = (self.stdin, child.stdin.take()) {
            thread::spawn(move || stdin.write_all(&bytes));
        }
        let stderr = match (child.stderr.take(), stderr_master) {
            (_, Some(master)) => read_all(master),
            (Some(stderr), None) => read_all(stderr),
            (None, None) => read_all(std::io::empty()),
        };
        let stdout = match master {
            Some(master) => read_all(master),
            None => read_all(child.stdout.take().unwrap()),
        };
        Running {
            child,
            stdout,
            stderr,
        }
    }
}

impl Running {
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }

    pub fn wait(mut self) -> Ended {
        let status = self.child.wait().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended {
            // A terminal turns each line feed into a carriage return and a line feed.
            stdout: text(self.stdout.join().unwrap()).replace("\r\n", "\n"),
            stderr: text(self.stderr.join().unwrap()),
            code: status.code(),
        }
    }
}

impl Ended {
    /// The output, after it is certain that all went well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "stderr: {}", self.stderr);
        self.stdout
    }

    /// Exit code and stderr, with stdout where there is some: a failure at one look.
    pub fn shown(&self) -> String {
        let code = self.code.map_or("killed".to_owned(), |code| code.to_string());
        let stdout = if self.stdout.is_empty() {
            String::new()
        } else {
            format!("--- stdout\n{}", self.stdout)
        };
        format!("exit {code}\n{stdout}--- stderr\n{}", self.stderr)
    }

    /// Stdout as JSON values: an array's, or one of each line.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let values = serde_json::Deserializer::from_str(&self.stdout).into_iter();
        let values: Vec<serde_json::Value> = values.map(Result::unwrap).collect();
        match values.as_slice() {
            [serde_json::Value::Array(inside)] => inside.clone(),
            _ => values,
        }
    }
}

fn open_terminal(columns: u16) -> OpenptyResult {
    let size = Winsize {
        ws_row: 40,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    openpty(&size, None).unwrap()
}

/// Reads to the end; a terminal's end is an error when its other side closes.
fn read_all(mut source: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = source.read(&mut chunk) {
            bytes.extend_from_slice(&chunk[..count]);
        }
        bytes
    })
}
