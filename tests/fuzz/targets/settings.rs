//! The configuration file and the environment.

use std::sync::{LazyLock, Mutex, PoisonError};

use arxcat::settings::{Flags, Settings};
use tempfile::TempDir;

static FOLDER: LazyLock<Mutex<TempDir>> = LazyLock::new(|| Mutex::new(tempfile::tempdir().unwrap()));

/// A configuration is refused or resolves. The input is the file; its first line is also the value of every variable
/// of the environment, in a second run.
pub fn settings(bytes: &[u8]) {
    let folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let file = folder.path().join("config.toml");
    std::fs::write(&file, bytes).unwrap();
    let flags = Flags {
        config: Some(file.clone()),
        ..Flags::default()
    };
    let _ = Settings::resolve(flags, &|_| None);
    std::fs::write(&file, b"").unwrap();
    let line =
        String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()).into_owned();
    for variable in [
        "ARXCAT_API_URL",
        "ARXCAT_CATEGORIES",
        "ARXCAT_CONTACT",
        "ARXCAT_INTERVAL",
        "ARXCAT_LANG",
        "ARXCAT_MAX_WAIT",
        "ARXCAT_NOW",
        "ARXCAT_OFFLINE",
        "ARXCAT_SOURCE",
        "ARXCAT_TIMEOUT",
        "LANG",
    ] {
        let flags = Flags {
            config: Some(file.clone()),
            ..Flags::default()
        };
        let _ = Settings::resolve(flags, &|name| (name == variable).then(|| line.clone().into()));
    }
}
