//! The user's editor on a text.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::NamedTempFile;

use crate::app::program;
use crate::error::{Error, Exit};

/// The editor if `$VISUAL` and `$EDITOR` are not set. POSIX has it on every system.
const DEFAULT: &str = "vi";

/// An editor that can be started.
pub struct Editor {
    program: PathBuf,
    args: Vec<String>,
}

/// A text as the editor left it. The file with it is deleted when this is dropped.
pub struct EditedText {
    /// The text, without white space at its end.
    pub text: String,
    file: NamedTempFile,
}

impl Editor {
    /// The user's editor: `$VISUAL`, `$EDITOR`, or `vi`. `alternative` is the hint how to do without one.
    ///
    /// # Errors
    ///
    /// There is no terminal, or no such program.
    pub fn find(alternative: &str) -> Result<Self, Error> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(Error::usage("an editor needs a terminal").hint(alternative));
        }
        let command = ["VISUAL", "EDITOR"]
            .iter()
            .find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()));
        let mut words = program::words(command.as_deref().unwrap_or(DEFAULT)).into_iter();
        let name = words.next().unwrap_or_default();
        let folders = env::var_os("PATH").unwrap_or_default();
        let Some(program) = program::find(Path::new(&name), &folders) else {
            let mut error = Error::usage(format!("the editor `{name}` was not found"));
            if command.is_none() {
                error = error.hint("name yours in VISUAL or EDITOR: `export EDITOR=nano`");
            }
            return Err(error.hint(alternative));
        };
        Ok(Self {
            program,
            args: words.collect(),
        })
    }

    /// Lets the user edit a text.
    pub fn edit(&self, text: &str) -> Result<EditedText, Error> {
        let file = write_temporary(text).map_err(|error| Error::file("write", &env::temp_dir(), &error))?;
        let status = Command::new(&self.program)
            .args(&self.args)
            .arg(file.path())
            .status()
            .map_err(|error| Error::file("start", &self.program, &error))?;
        let edited = std::fs::read_to_string(file.path());
        let edited = edited.map_err(|error| Error::file("read", file.path(), &error))?;
        if !status.success() {
            let failed = Error::new(
                Exit::Local,
                format!("the editor {} ended with a failure", self.program.display()),
            );
            let is_unchanged = edited.trim_end() == text.trim_end();
            return Err(if is_unchanged {
                failed
            } else {
                keep_file(file, failed)
            });
        }
        Ok(EditedText {
            text: edited.trim_end().to_owned(),
            file,
        })
    }
}

impl EditedText {
    /// Keeps the file, because the text could not be used, and adds its path to the error.
    #[must_use]
    pub fn rescue(self, error: Error) -> Error {
        keep_file(self.file, error)
    }
}

fn keep_file(file: NamedTempFile, error: Error) -> Error {
    match file.keep() {
        Ok((_, path)) => error.hint(format!("what you wrote is in {}", path.display())),
        Err(_) => error,
    }
}

fn write_temporary(text: &str) -> io::Result<NamedTempFile> {
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
