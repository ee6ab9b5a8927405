//! `completions`: the script with which a shell completes arxcat's command line, and the answers to that script.
//!
//! The script asks the program for candidates at every Tab, so that tags and identifiers are those of the library at
//! that moment. It sets [`VARIABLE`] to the shell's name and passes the words of the line after `--`.

mod candidates;

use std::ffi::{OsStr, OsString};
use std::io::Write;

use clap_complete::Shell;
use clap_complete::env::{EnvCompleter, Shells};

use crate::error::{Error, Exit};

/// The environment variable by which a shell asks for candidates.
pub const VARIABLE: &str = "ARXCAT_COMPLETE";

/// What the scripts call, and complete.
const PROGRAM: &str = "arxcat";

/// bash inserts candidates as they are; only of file names does it quote spaces and mark folders with a slash.
const BASH_FILES: &str = r#"
_arxcat() {
    _clap_complete_arxcat "$@"
    if [[ -n "${COMPREPLY-}" && -e "${COMPREPLY-}" ]]; then
        compopt -o filenames 2> /dev/null
    fi
}
complete -o nospace -o bashdefault -F _arxcat arxcat
"#;

/// A file in `$fpath` is run as the completion function at the first Tab, and must answer that one too.
const ZSH_AUTOLOADED: &str = r#"
if [[ "${funcstack[1]-}" == _arxcat ]]; then
    _clap_dynamic_completer_arxcat "$@"
fi
"#;

/// Print the script that completes arxcat's command line in a shell
///
/// bash: save it as ~/.local/share/bash-completion/completions/arxcat; zsh: as `_arxcat` in a folder of $fpath; fish: as
/// ~/.config/fish/completions/arxcat.fish. The script asks arxcat at every Tab, for tags and identifiers of the library
/// too. Save it again after an update of arxcat.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat completions bash > ~/.local/share/bash-completion/completions/arxcat
  arxcat completions fish > ~/.config/fish/completions/arxcat.fish")]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Prints the script.
pub fn run(args: &Args) -> Result<Exit, Error> {
    let mut script = Vec::new();
    let name = args.shell.to_string();
    find(&name)?
        .write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)
        .map_err(|error| Error::stdout(&error))?;
    script.extend_from_slice(match args.shell {
        Shell::Bash => BASH_FILES.as_bytes(),
        Shell::Zsh => ZSH_AUTOLOADED.as_bytes(),
        _ => b"",
    });
    print(&script)
}

/// Prints the candidates for the word at the cursor to this shell. `args` are those of the process: its name, `--`, and
/// the words of the command line.
pub fn complete(shell: &OsStr, args: Vec<OsString>, cli: clap::Command) -> Result<Exit, Error> {
    let completer = find(&shell.to_string_lossy())?;
    let words: Vec<OsString> = args.into_iter().skip_while(|arg| arg != "--").skip(1).collect();
    if words.is_empty() {
        return Err(Error::usage(format!("{VARIABLE} is set, and no words follow")));
    }
    let mut cli = candidates::attach(cli, &words);
    let mut found = Vec::new();
    let folder = std::env::current_dir().ok();
    // The engine fails only if the shell's own position is outside the line: nothing can be completed there.
    let written = completer.write_complete(&mut cli, words, folder.as_deref(), &mut found);
    if written.is_err() {
        return Ok(Exit::Done);
    }
    print(&found)
}

fn find(shell: &str) -> Result<&'static dyn EnvCompleter, Error> {
    const SHELLS: Shells<'static> = Shells::builtins();
    SHELLS
        .0
        .iter()
        .copied()
        .find(|known| known.is(shell))
        .ok_or_else(|| Error::usage(format!("no completions for the shell `{shell}`")))
}

fn print(bytes: &[u8]) -> Result<Exit, Error> {
    let printed = std::io::stdout().lock().write_all(bytes);
    printed.map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}
