//! `config`: prints the settings in force and where each comes from.

use std::io::{self, Write};
use std::path::Path;

use crate::app::Context;
use crate::error::{Error, Exit};
use crate::library::{self, Library};
use crate::model::quantity::byte_size;
use crate::model::text;

/// Print the settings in force, where each comes from, and the folders
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat config
  arxcat config --json")]
pub struct Args {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let settings = &context.settings;
    let paths: [(&str, &Path); 5] = [
        ("config file", &settings.config_file),
        ("catalogs", &settings.catalogs_dir),
        ("library", &settings.library_dir),
        ("cache", &settings.cache_dir),
        ("gate", &settings.state_dir),
    ];
    let library = library_size(&settings.library_dir);
    let mut out = io::stdout().lock();
    let written = if args.json {
        let paths: serde_json::Map<_, _> = paths
            .iter()
            .map(|(name, path)| (name.replace(' ', "_"), path.display().to_string().into()))
            .collect();
        let all = serde_json::json!({
            "settings": settings.listed,
            "paths": paths,
            "library_size": library.as_ref().ok().copied().flatten(),
        });
        serde_json::to_writer_pretty(&mut out, &all)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        settings
            .listed
            .iter()
            .try_for_each(|one| {
                writeln!(
                    out,
                    "{:<12} {:<36} {:<19} {}",
                    one.key,
                    shown(&text::sanitize(&one.value)),
                    one.variable,
                    one.origin
                )
            })
            .and_then(|()| writeln!(out))
            .and_then(|()| {
                paths.iter().try_for_each(|(name, path)| {
                    let state = match *name {
                        "library" => library_state(&library),
                        _ if path.exists() => String::new(),
                        _ => " (not there yet)".to_owned(),
                    };
                    let path = path.display().to_string();
                    writeln!(out, "{name:<12} {}{state}", text::sanitize(&path))
                })
            })
    };
    written.map_err(|error| Error::stdout(&error))?;
    Ok(context.report_problems())
}

/// The size of the library in bytes; `None` if it does not exist.
fn library_size(folder: &Path) -> Result<Option<u64>, library::Error> {
    Ok(Library::existing(folder)?.map(|library| library.size()))
}

fn library_state(library: &Result<Option<u64>, library::Error>) -> String {
    match library {
        Ok(Some(bytes)) => format!(" ({})", byte_size(*bytes)),
        Ok(None) => " (none yet)".to_owned(),
        Err(error) => format!(" (cannot be used: {})", text::sanitize(&error.to_string())),
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "-" } else { value }
}
