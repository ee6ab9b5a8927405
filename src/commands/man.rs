//! `man`: manual pages, one for the program, one for each command and one for each topic.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap_mangen::Man;

use super::help;
use crate::app::output;
use crate::error::{Error, Exit};
use crate::format::Roff;
use crate::manual::{self, TOPICS, Topic};

const SOURCE: &str = concat!("arxcat ", env!("CARGO_PKG_VERSION"));
const VOLUME: &str = "arxcat manual";
/// Commands, and what is neither a command nor a file.
const COMMANDS: u8 = 1;
const MISCELLANEOUS: u8 = 7;

/// Print a manual page: `arxcat man fetch | man -l -`
///
/// Without a name it is the program's own page, which has the global options, the environment and the files.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat man --dir ~/.local/share/man
  arxcat man fetch | man -l -")]
pub struct Args {
    /// The page of this command or topic
    #[arg(value_name = "COMMAND-OR-TOPIC")]
    pub name: Option<String>,
    /// Write every page into DIR/man1 and DIR/man7, such as ~/.local/share/man, in place of those that are there
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub dir: Option<PathBuf>,
}

/// What a command's page refers to.
struct Related {
    command: &'static str,
    topics: &'static [&'static str],
    /// Rows of the configuration topic's tables, by their first cell.
    variables: &'static [&'static str],
    files: &'static [&'static str],
}

const fn related(
    command: &'static str,
    topics: &'static [&'static str],
    variables: &'static [&'static str],
    files: &'static [&'static str],
) -> Related {
    Related {
        command,
        topics,
        variables,
        files,
    }
}

const RELATED: &[Related] = &[
    related(
        "list",
        &["selection", "query", "formats", "catalog"],
        &["ARXCAT_SOURCE"],
        &[],
    ),
    related(
        "timeline",
        &["selection", "query", "catalog"],
        &["ARXCAT_SOURCE"],
        &[],
    ),
    related("show", &["identifiers", "formats"], &[], &[]),
    related("stats", &["selection", "query"], &["ARXCAT_SOURCE"], &[]),
    related(
        "export",
        &["selection", "query", "formats"],
        &["ARXCAT_SOURCE"],
        &[],
    ),
    related("fetch", &["identifiers", "formats", "network"], NETWORK, LIBRARY),
    related("search", &["query", "selection", "network"], NETWORK, LIBRARY),
    related("sync", &["follow", "network"], FOLLOWED, LIBRARY),
    related("new", &["follow", "network"], FOLLOWED, &["~/.cache/arxcat/"]),
    related("verify", &["catalog", "network"], NETWORK, &[]),
    related("categories", &["arxiv"], &[], &[]),
    related("ids", &["references", "identifiers"], &[], &[]),
    related("check", &["references", "network"], NETWORK, &[]),
    related("cite", &["references", "formats"], NETWORK, &[]),
    related("import", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("tag", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("untag", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("tags", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("note", &["library"], &["ARXCAT_LIBRARY_DIR", "VISUAL"], LIBRARY),
    related("remove", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("outdated", &["library", "network"], NETWORK, LIBRARY),
    related("doctor", &["library"], &["ARXCAT_LIBRARY_DIR"], LIBRARY),
    related("download", &["follow", "network"], NETWORK, LIBRARY),
    related("open", &["follow"], &["BROWSER"], &[]),
    related("schema", &["formats"], &[], &[]),
    related(
        "config",
        &["configuration"],
        &[],
        &["~/.config/arxcat/config.toml"],
    ),
];

const NETWORK: &[&str] = &[
    "ARXCAT_OFFLINE",
    "ARXCAT_MAX_WAIT",
    "ARXCAT_CONTACT",
    "ARXCAT_LIBRARY_DIR",
];
const FOLLOWED: &[&str] = &["ARXCAT_CATEGORIES", "ARXCAT_MAX_WAIT", "ARXCAT_CONTACT"];
const LIBRARY: &[&str] = &["~/.local/share/arxcat/library.db", "~/.local/share/arxcat/index/"];

/// Prints a page, or writes all.
pub fn run(args: &Args, mut cli: clap::Command) -> Result<Exit, Error> {
    if let Some(dir) = &args.dir {
        return write_all(&cli, dir).map(|()| Exit::Done);
    }
    let page = match args.name.as_deref() {
        None => main_page(&cli),
        Some(name) => {
            if let Some(command) = cli.find_subcommand_mut(name) {
                command_page(command.clone())
            } else if let Some(topic) = manual::find(name) {
                Ok(topic_page(topic))
            } else {
                return Err(help::unknown(name, &cli));
            }
        }
    };
    page.and_then(|page| io::stdout().lock().write_all(page.as_bytes()))
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

fn write_all(cli: &clap::Command, dir: &Path) -> Result<(), Error> {
    let write = |name: &str, section: u8, page: io::Result<String>| {
        let folder = dir.join(format!("man{section}"));
        let path = folder.join(format!("{name}.{section}"));
        let page = page.map_err(|error| Error::file("write", &path, &error))?;
        fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
        output::replace(&path, page.as_bytes())
    };
    write("arxcat", COMMANDS, main_page(cli))?;
    for command in cli.get_subcommands() {
        write(
            &page_name(command.get_name()),
            COMMANDS,
            command_page(command.clone()),
        )?;
    }
    TOPICS
        .iter()
        .try_for_each(|topic| write(&page_name(topic.name), MISCELLANEOUS, Ok(topic_page(topic))))
}

fn page_name(name: &str) -> String {
    format!("arxcat-{name}")
}

/// The program's page: what holds for every command, and where to read on.
fn main_page(cli: &clap::Command) -> io::Result<String> {
    let mut page = Roff::new("arxcat", COMMANDS, SOURCE, VOLUME);
    page.name("arxcat", "arXiv on the command line");
    page.section("Synopsis");
    page.markdown("`arxcat` [*OPTIONS*] *COMMAND* ...\n\n`arxcat` [*OPTIONS*] *ID* ...");
    page.section("Description");
    page.markdown(topic("start").introduction());
    page.markdown(
        "In place of the command, an identifier or an arXiv URL fetches a paper, and a short name shows it.",
    );
    page.section("Commands");
    let commands = cli.get_subcommands();
    references(
        &mut page,
        COMMANDS,
        commands.map(|command| (command.get_name(), about(command))),
    );
    page.section("Topics");
    references(
        &mut page,
        MISCELLANEOUS,
        TOPICS.iter().map(|topic| (topic.name, topic.summary.to_owned())),
    );
    options(&mut page, cli.clone())?;
    exit_status(&mut page);
    for heading in ["Environment", "Files"] {
        page.section(heading);
        page.markdown(topic("configuration").section(heading).unwrap_or_default());
    }
    page.section("Examples");
    page.markdown(topic("start").section("Examples").unwrap_or_default());
    Ok(page.finish())
}

/// A command's page. The global options are on the program's page alone.
fn command_page(command: clap::Command) -> io::Result<String> {
    let name = command.get_name().to_owned();
    let related = RELATED.iter().find(|related| related.command == name);
    let mut page = Roff::new(&page_name(&name), COMMANDS, SOURCE, VOLUME);
    page.name(&page_name(&name), &about(&command));
    let command = command.bin_name(format!("arxcat {name}")).disable_help_flag(true);
    page.section("Synopsis");
    let usage = command.clone().render_usage().to_string();
    page.markdown(&format!("`{}`", usage.trim_start_matches("Usage: ")));
    page.section("Description");
    let description = command.get_long_about().or(command.get_about());
    page.markdown(&description.map(ToString::to_string).unwrap_or_default());
    page.markdown("The options that every command has are described in `arxcat(1)`.");
    let examples = examples(&command);
    options(&mut page, command)?;
    exit_status(&mut page);
    for (heading, chosen) in [
        ("Environment", related.map(|related| related.variables)),
        ("Files", related.map(|related| related.files)),
    ] {
        let rows = rows(
            topic("configuration").section(heading),
            chosen.unwrap_or_default(),
        );
        if !rows.is_empty() {
            page.section(heading);
            page.markdown(&format!("| name | meaning |\n|---|---|\n{rows}"));
        }
    }
    if let Some(examples) = examples {
        page.section("Examples");
        page.code(&examples);
    }
    page.section("See also");
    let topics = related.map(|related| related.topics).unwrap_or_default();
    let topics = topics
        .iter()
        .map(|topic| format!(", `{}({MISCELLANEOUS})`", page_name(topic)));
    page.markdown(&format!("`arxcat(1)`{}", topics.collect::<String>()));
    Ok(page.finish())
}

fn topic_page(topic: &Topic) -> String {
    let name = page_name(topic.name);
    let mut page = Roff::new(&name, MISCELLANEOUS, SOURCE, VOLUME);
    page.name(&name, topic.summary);
    page.section("Description");
    page.markdown(topic.text);
    page.section("See also");
    page.markdown("`arxcat(1)`");
    page.finish()
}

/// A topic of this name; an empty one if there is none, which a test rules out.
fn topic(name: &'static str) -> Topic {
    manual::find(name).copied().unwrap_or(Topic {
        name,
        summary: "",
        text: "",
        chinese: None,
    })
}

fn about(command: &clap::Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// Names of other pages, each with its summary.
fn references<'a>(page: &mut Roff, section: u8, entries: impl Iterator<Item = (&'a str, String)>) {
    let rows = entries.map(|(name, summary)| (name, summary.replace('|', "\\|")));
    let rows = rows.map(|(name, summary)| format!("| `{}({section})` | {summary} |\n", page_name(name)));
    page.markdown(&format!(
        "| page | summary |\n|---|---|\n{}",
        rows.collect::<String>()
    ));
}

/// The options under their headings, as subsections of one section.
fn options(page: &mut Roff, command: clap::Command) -> io::Result<()> {
    let mut rendered = Vec::new();
    Man::new(command).render_options_section(&mut rendered)?;
    let rendered = String::from_utf8_lossy(&rendered);
    let begins_with_heading = !rendered.contains(".SH OPTIONS\n");
    if begins_with_heading && !rendered.is_empty() {
        page.section("Options");
    }
    for line in rendered.split_inclusive('\n') {
        // The generator makes a section of every group of options.
        match line.strip_prefix(".SH ") {
            Some(group) if group.trim() != "OPTIONS" => page.raw(&format!(".SS {group}")),
            _ => page.raw(line),
        }
    }
    Ok(())
}

fn exit_status(page: &mut Roff) {
    page.section("Exit status");
    page.markdown(topic("exit-codes").introduction());
}

/// The command's examples, as its help ends with them.
fn examples(command: &clap::Command) -> Option<String> {
    let help = command
        .get_after_long_help()
        .or(command.get_after_help())?
        .to_string();
    let (_, lines) = help.split_once("Examples:\n")?;
    let lines: Vec<&str> = lines.lines().map(str::trim_start).collect();
    Some(lines.join(
        "
",
    ))
}

/// The rows of a Markdown table whose first cell names one of these.
fn rows(table: Option<&str>, names: &[&str]) -> String {
    let is_named = |line: &&str| names.iter().any(|name| line.starts_with(&format!("| `{name}`")));
    let lines = table.unwrap_or_default().lines().filter(is_named);
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_refers_to_exists() {
        for related in RELATED {
            for name in related
                .topics
                .iter()
                .chain(&["start", "configuration", "exit-codes"])
            {
                assert!(manual::find(name).is_some(), "{}: {name}", related.command);
            }
            for (heading, names) in [("Environment", related.variables), ("Files", related.files)] {
                for name in names {
                    let rows = rows(topic("configuration").section(heading), &[name]);
                    assert_eq!(rows.lines().count(), 1, "{}: {name}", related.command);
                }
            }
        }
    }
}
