//! The examples: `console` blocks are run in terminals of 80 columns against the fake arXiv and must print what the
//! document shows; `sh` blocks must be command lines that the program understands.

use std::ffi::OsString;
use std::fs;

use arxcat::catalog::Catalog;
use arxcat::cli::Parsed;
use arxcat::model::date::Stamp;
use arxcat::model::paper::Paper;
use chrono::{DateTime, NaiveTime, Utc};

use super::{Fenced, documents, fenced, root, shell};
use crate::arxcat::Machine;
use crate::fake::{Fake, Invented};

#[test]
fn every_console_example_prints_what_the_document_shows() {
    let mut wrong = Vec::new();
    for path in documents() {
        let shown = fs::read_to_string(&path).unwrap();
        let printed = replay(&shown);
        if shown == printed {
            continue;
        }
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            fs::write(&path, printed).unwrap();
            continue;
        }
        let name = path.strip_prefix(root()).unwrap().display();
        let lines = shown.lines().zip(printed.lines()).zip(1..);
        match lines.clone().find(|((shown, printed), _)| shown != printed) {
            Some(((shown, printed), line)) => {
                wrong.push(format!(
                    "{name}:{line}: shows\n  {shown}\nbut now it is\n  {printed}"
                ));
            }
            None => wrong.push(format!("{name}: an example prints more or less than it shows")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_shell_example_is_a_command_line_that_the_program_understands() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in documents() {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let markdown = fs::read_to_string(&path).unwrap();
        for block in fenced(&markdown).iter().filter(|block| block.info == "sh") {
            for args in shell::invocations(&block.lines.join("\n")) {
                count += 1;
                let line = args.join(" ");
                let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
                match arxcat::cli::parse(&args) {
                    Err(error) if error.exit_code() != 0 => {
                        wrong.push(format!("{name}:{}: {line}\n{error}", block.line));
                    }
                    // A short name of the catalog is one in place of a command too.
                    Ok(Parsed::UnknownCommand(unknown)) if unknown.word != "R1" => {
                        wrong.push(format!("{name}:{}: {line}: unknown command", block.line));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} examples were found");
}

/// The document with what its console examples print now. Examples of one document share a home, in which a block with
/// a file name behind its language is that file.
fn replay(markdown: &str) -> String {
    let fake = Fake::with(papers());
    let mut machine = Machine::with_arxiv(&fake.url());
    machine.set("ARXCAT_PAGER", "cat");
    // The documents speak of folders as a user without XDG variables has them.
    for (name, folder) in [
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_STATE_HOME", ".local/state"),
    ] {
        let path = machine.path(folder).display().to_string();
        machine.set(name, &path);
    }
    let mut lines: Vec<String> = markdown.lines().map(str::to_owned).collect();
    let mut blocks = fenced(markdown);
    // From the end, so that the numbers of the lines before stay right; but run from the beginning.
    let replayed: Vec<Option<Vec<String>>> = blocks
        .iter()
        .map(|block| match block.info.split_once(' ') {
            Some((_, file)) => {
                machine.write(file, format!("{}\n", block.lines.join("\n")));
                None
            }
            None => (block.info == "console").then(|| replay_block(block, &machine, &fake)),
        })
        .collect();
    for (block, replayed) in blocks.drain(..).zip(replayed).rev() {
        if let Some(replayed) = replayed {
            let first = block.line - 1;
            lines.splice(first..first + block.lines.len(), replayed);
        }
    }
    format!("{}\n", lines.join("\n"))
}

fn replay_block(block: &Fenced, machine: &Machine, fake: &Fake) -> Vec<String> {
    let commands = block.lines.iter().filter(|line| line.starts_with("$ "));
    let mut printed = Vec::new();
    for command in commands {
        printed.push(command.clone());
        let ended = machine.shell(&command[2..]).two_terminals(80).run();
        let home = machine.path("").display().to_string();
        let output = format!("{}{}", ended.stdout, on_screen(&ended.stderr))
            .replace(&fake.url(), "https://export.arxiv.org")
            .replace(home.trim_end_matches('/'), "~");
        printed.extend(output.lines().map(|line| line.trim_end().to_owned()));
    }
    printed
}

/// What is left on a terminal on which progress was drawn and taken away again.
fn on_screen(written: &str) -> String {
    let mut screen = String::new();
    for line in written.replace("\r\n", "\n").split_inclusive('\n') {
        let last_drawn = line.rsplit(['\r']).next().unwrap_or(line);
        screen.push_str(last_drawn.rsplit("\u{1b}[2K").next().unwrap_or(last_drawn));
    }
    screen
}

/// The papers that the fake arXiv has for the documents: those of the catalog, and one that is known to everybody.
pub fn papers() -> Vec<Invented> {
    let attention = Invented::new(
        "1706.03762",
        "2017-06-12",
        "Attention Is All You Need",
        &["cs.CL", "cs.LG"],
    )
    .authors(&[
        "Ashish Vaswani",
        "Noam Shazeer",
        "Niki Parmar",
        "Jakob Uszkoreit",
        "Llion Jones",
        "Aidan N. Gomez",
        "Lukasz Kaiser",
        "Illia Polosukhin",
    ]);
    let catalog = Catalog::built_in().unwrap();
    catalog.papers.iter().map(at_arxiv).chain([attention]).collect()
}

fn at_arxiv(paper: &Paper) -> Invented {
    let mut categories: Vec<&str> = paper.categories.iter().map(String::as_str).collect();
    if categories.is_empty() {
        // The catalog does not know them; arXiv has no paper without.
        categories.push("cs.CL");
    }
    let authors: Vec<&str> = paper.authors.iter().map(|author| author.name.as_str()).collect();
    let published = time(paper.published);
    let updated = paper.updated.map_or(published, |at| time(Some(at)));
    let newest = paper.version.unwrap_or(1);
    let mut at_arxiv =
        Invented::new(&paper.id.to_string(), "2025-01-01", &paper.title, &categories).authors(&authors);
    at_arxiv.versions = (1..=newest)
        .map(|version| if version == 1 { published } else { updated })
        .collect();
    at_arxiv
}

fn time(stamp: Option<Stamp>) -> DateTime<Utc> {
    match stamp {
        Some(Stamp::Second(time)) => time,
        Some(Stamp::Day(day)) => day.and_time(NaiveTime::MIN).and_utc(),
        None => DateTime::UNIX_EPOCH,
    }
}
