//! `man`: the manual page.

use std::io::{self, Write};

use clap_mangen::Man;

use crate::error::{Error, Exit};

/// Print the manual page: `arxcat man | man -l -`
#[derive(clap::Args, Debug)]
pub struct Args {}

/// Prints: the program, then each command.
pub fn run(cli: clap::Command) -> Result<Exit, Error> {
    let mut page = Vec::new();
    render(cli, &mut page)
        .and_then(|()| io::stdout().lock().write_all(&page))
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

fn render(mut cli: clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    cli.build();
    Man::new(cli.clone()).render(page)?;
    for command in cli.get_subcommands() {
        let man = Man::new(command.clone());
        writeln!(page, ".SH \"ARXCAT {}\"", command.get_name().to_uppercase())?;
        man.render_description_section(page)?;
        man.render_options_section(page)?;
    }
    Ok(())
}
