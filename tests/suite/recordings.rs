//! The folder of recorded answers, where there is one: never in the repository, named by `ARXCAT_RECORDINGS`.

use std::path::PathBuf;

/// The folder, or nothing after saying that the test was skipped.
pub fn folder(test: &str) -> Option<PathBuf> {
    match std::env::var_os("ARXCAT_RECORDINGS") {
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => {
            eprintln!("{test}: skipped, ARXCAT_RECORDINGS names no folder");
            None
        }
    }
}
