//! `completions`: what a shell needs to complete arxcat's command line.

use std::io::Write;

use clap_complete::Shell;

use crate::error::{Error, Exit};

/// Print the completions of a shell
///
/// bash: `arxcat completions bash > ~/.local/share/bash-completion/completions/arxcat`; zsh: into a folder of
/// $fpath as `_arxcat`; fish: `arxcat completions fish > ~/.config/fish/completions/arxcat.fish`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat completions bash > ~/.local/share/bash-completion/completions/arxcat
  arxcat completions fish > ~/.config/fish/completions/arxcat.fish")]
pub struct Args {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Prints.
pub fn run(args: &Args, mut cli: clap::Command) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli, "arxcat", &mut script);
    std::io::stdout()
        .lock()
        .write_all(&script)
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}
