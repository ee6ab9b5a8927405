//! `help`: a command or a topic of the manual, explained.

use std::io::{self, Write};

use crate::error::{Error, Exit};
use crate::format::{RenderOptions, manual_index, manual_page};
use crate::manual::{self, TOPICS};
use crate::model::lang::Lang;
use crate::model::text::nearest;
use crate::ui::Ui;
use crate::ui::pager::PagedStdout;

/// Explain a command or a topic; without one, list them
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat help
  arxcat help query
  arxcat help fetch")]
pub struct Args {
    /// A command or a topic of the manual
    #[arg(value_name = "COMMAND-OR-TOPIC")]
    pub name: Vec<String>,
}

/// Shows it; a topic that has a page in this language in this language.
pub fn run(ui: &Ui, lang: Lang, args: &Args, mut cli: clap::Command) -> Result<Exit, Error> {
    cli.build();
    let name = args.name.join(" ");
    let options = RenderOptions {
        lang,
        width: ui.width,
        color: ui.color,
        links: false,
        areas: Vec::new(),
    };
    let mut text = Vec::new();
    let written = if name.is_empty() {
        index(&cli, &options, &mut text)
    } else if let Some(topic) = manual::find(&name) {
        let chinese = topic.chinese.filter(|_| lang == Lang::Zh);
        manual_page(chinese.unwrap_or(topic.text), &options, &mut text)
    } else if let Some(command) = cli.find_subcommand_mut(&name) {
        let help = command.render_long_help();
        if ui.color {
            write!(text, "{}", help.ansi())
        } else {
            write!(text, "{help}")
        }
    } else {
        return Err(unknown(&name, &cli));
    };
    written
        .and_then(|()| {
            let mut out = PagedStdout::new();
            out.write_all(&text)?;
            out.finish()
        })
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

/// Commands by what they are for, in the order in which they are listed.
pub const GROUPS: &[(&str, &[&str])] = &[
    (
        "List and search",
        &[
            "list",
            "timeline",
            "show",
            "stats",
            "export",
            "search",
            "categories",
        ],
    ),
    ("Get from arXiv", &["fetch", "download", "open", "new", "sync"]),
    ("References", &["ids", "check", "cite"]),
    (
        "Library and catalogs",
        &[
            "import", "tag", "untag", "tags", "note", "remove", "outdated", "doctor", "verify",
        ],
    ),
    ("Program", &["help", "man", "completions", "schema", "config"]),
];

/// Writes the names of commands and topics.
fn index(cli: &clap::Command, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "arXiv on the command line")?;
    let listed = |name: &str| {
        let command = cli.find_subcommand(name)?;
        let about = command.get_about().map(ToString::to_string);
        Some((name.to_owned(), about.unwrap_or_default()))
    };
    for (heading, names) in GROUPS {
        let commands: Vec<(String, String)> = names.iter().filter_map(|name| listed(name)).collect();
        writeln!(out)?;
        manual_index(heading, &commands, options, out)?;
    }
    let topics: Vec<(String, String)> = TOPICS
        .iter()
        .map(|topic| (topic.name.to_owned(), topic.summary.to_owned()))
        .collect();
    writeln!(out)?;
    manual_index("Topics", &topics, options, out)?;
    writeln!(out, "\n`arxcat help NAME` explains a command or a topic.")
}

/// The error for a name that is neither, with the nearest ones.
pub(super) fn unknown(name: &str, cli: &clap::Command) -> Error {
    let commands = cli.get_subcommands().map(clap::Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    Error::usage(format!("there is no command and no topic `{name}`"))
        .did_you_mean(&nearest(name, commands.chain(topics)))
        .hint("`arxcat help` lists them")
}
