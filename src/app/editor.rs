//! The user's editor on a text.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::NamedTempFile;

use crate::error::{Error, Exit};

/// A text as the editor left it, in its file until it is dropped.
pub struct Edited {
    /// The text, without white space at its end.
    pub text: String,
    file: NamedTempFile,
}

/// Lets the user edit a text, in `$VISUAL` or `$EDITOR`. `instead` says how to do without.
pub fn edit(text: &str, instead: &str) -> Result<Edited, Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::usage("an editor needs a terminal").hint(instead));
    }
    let line = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .ok_or_else(|| {
            Error::usage("no editor is known")
                .hint("name one in VISUAL or EDITOR: `export EDITOR=vi`")
                .hint(instead)
        })?;
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let program = program(name, env::var_os("PATH"))
        .ok_or_else(|| Error::usage(format!("the editor `{name}` is not there")).hint(instead))?;
    let file = written(text).map_err(|error| Error::file("write", &env::temp_dir(), &error))?;
    let ended = Command::new(&program)
        .args(words)
        .arg(file.path())
        .status()
        .map_err(|error| Error::file("start", &program, &error))?;
    let edited = std::fs::read_to_string(file.path());
    let edited = edited.map_err(|error| Error::file("read", file.path(), &error))?;
    if !ended.success() {
        let failed = Error::new(
            Exit::Local,
            format!("the editor {} ended with a failure", program.display()),
        );
        let same = edited.trim_end() == text.trim_end();
        return Err(if same { failed } else { kept(file, failed) });
    }
    Ok(Edited {
        text: edited.trim_end().to_owned(),
        file,
    })
}

impl Edited {
    /// What was edited could not be used: it stays in its file.
    #[must_use]
    pub fn rescue(self, error: Error) -> Error {
        kept(self.file, error)
    }
}

fn kept(file: NamedTempFile, error: Error) -> Error {
    match file.keep() {
        Ok((_, path)) => error.hint(format!("what you wrote is in {}", path.display())),
        Err(_) => error,
    }
}

fn written(text: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix("arxcat-note-")
        .suffix(".md")
        .tempfile()?;
    if !text.is_empty() {
        writeln!(file, "{text}")?;
    }
    file.flush()?;
    Ok(file)
}

/// Where a program is: never in a folder that only the working folder makes out.
#[must_use]
pub fn program(name: &str, path: Option<OsString>) -> Option<PathBuf> {
    if name.contains('/') {
        return std::path::absolute(name).ok();
    }
    env::split_paths(&path?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|program| is_program(program))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
