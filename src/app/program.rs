//! Programs that the user named in a variable: `$EDITOR`, `$BROWSER`. They are started without a shell.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::app::platform::is_executable;

/// Splits a command into words at white space; text in single or double quotes is one word.
#[must_use]
pub fn words(command: &str) -> Vec<String> {
    split(command, None).into_iter().flatten().collect()
}

/// Splits a list of commands at the colons that are not in quotes, and each command into words.
#[must_use]
pub fn commands(list: &str) -> Vec<Vec<String>> {
    split(list, Some(':'))
}

fn split(list: &str, separator: Option<char>) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut command = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in list.chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if Some(c) == separator || c.is_whitespace() => {
                command.extend(word.take());
                if Some(c) == separator {
                    commands.push(std::mem::take(&mut command));
                }
            }
            None => word.get_or_insert_default().push(c),
        }
    }
    // A quote that is not closed ends with the list.
    command.extend(word);
    commands.push(command);
    commands
}

/// The absolute path of a program. A name without a slash is looked up in `folders` (`$PATH`), but never in the working
/// folder, where anybody may have put a program of that name.
#[must_use]
pub fn find(program: &Path, folders: &OsStr) -> Option<PathBuf> {
    if program.components().count() > 1 || program.is_absolute() {
        return std::path::absolute(program).ok().filter(|path| path.is_file());
    }
    std::env::split_paths(folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_split_without_a_shell() {
        assert_eq!(
            words("\"/opt/My Editor/edit\" --wait '$(touch x)' a\"b c\"d 'e f"),
            ["/opt/My Editor/edit", "--wait", "$(touch x)", "ab cd", "e f"]
        );
        assert!(words(" ").is_empty());
    }

    #[test]
    fn the_working_folder_has_no_programs() {
        assert_eq!(find(Path::new("Cargo.toml"), OsStr::new(".::")), None);
        assert!(find(Path::new("./Cargo.toml"), OsStr::new("")).is_some_and(|path| path.is_absolute()));
        assert!(find(Path::new("sh"), OsStr::new("/usr/bin:/bin")).is_some());
    }
}
