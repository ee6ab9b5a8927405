//! `config`: what is in force, and where it comes from.

use std::io::{self, Write};
use std::path::Path;

use crate::commands::Context;
use crate::error::{Error, Exit};

/// Print the settings in force, where each comes from, and the folders
#[derive(clap::Args, Debug)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let settings = &context.settings;
    let paths: [(&str, &Path); 5] = [
        ("config file", &settings.config_file),
        ("catalogs", &settings.catalogs_dir),
        ("library", &settings.library_dir),
        ("cache", &settings.cache_dir),
        ("gate", &settings.state_dir),
    ];
    let mut out = io::stdout().lock();
    let written = if args.json {
        let paths: serde_json::Map<_, _> = paths
            .iter()
            .map(|(name, path)| (name.replace(' ', "_"), path.display().to_string().into()))
            .collect();
        let all = serde_json::json!({ "settings": settings.listed, "paths": paths });
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
                    shown(&one.value),
                    one.variable,
                    one.origin
                )
            })
            .and_then(|()| writeln!(out))
            .and_then(|()| {
                paths.iter().try_for_each(|(name, path)| {
                    let missing = if path.exists() { "" } else { " (not there yet)" };
                    writeln!(out, "{name:<12} {}{missing}", path.display())
                })
            })
    };
    written.map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "-" } else { value }
}
