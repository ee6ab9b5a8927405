//! The examples at the end of every command's help: each is run by a shell, against the fake arXiv, and succeeds.

use crate::arxcat::Machine;
use crate::fake::{Announced, Fake, Served};
use crate::manual::examples::papers;
use crate::read::KELP;

/// A command's examples, as its help shows them.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let lines = help.strip_prefix("Examples:\n").unwrap_or_default().lines();
    lines.map(|line| line.trim().to_owned()).collect()
}

/// A machine whose user has been working: papers fetched and tagged, and files that the examples name.
fn machine(fake: &Fake) -> Machine {
    let mut machine = Machine::with_arxiv(&fake.url());
    machine.set("ARXCAT_PAGER", "cat");
    let cited = machine.run(&["cite", "1706.03762", "-f", "bibtex"]).ok();
    machine.write("refs.bib", cited);
    machine.write(
        "draft.md",
        "# References\n\n- Attention Is All You Need, arXiv:1706.03762\n",
    );
    machine.write("note.md", "Compare the reward with section 3\n");
    for folder in [
        ".local/share/bash-completion/completions",
        ".config/fish/completions",
    ] {
        std::fs::create_dir_all(machine.path(folder)).unwrap();
    }
    machine.write("arxiv-metadata-oai-snapshot.json", KELP);
    machine.run(&["fetch", "1706.03762", "R1", "V3"]).ok();
    machine.run(&["tag", "reading", "R1", "V3"]).ok();
    machine.run(&["tag", "to-read", "1706.03762"]).ok();
    machine.run(&["note", "R1", "Compare the reward"]).ok();
    machine
}

#[test]
fn every_command_ends_its_help_with_examples_that_work() {
    let fake = Fake::with(papers());
    fake.announces(Announced::on("2026-10-15").paper(papers().pop().unwrap()));
    for paper in papers() {
        let newest = paper.versions.len();
        for id in [paper.id.clone(), format!("{}v{newest}", paper.id)] {
            fake.file(&format!("/pdf/{id}"), Served::pdf(&id, 2000));
            fake.file(&format!("/src/{id}"), Served::pdf(&id, 2000));
        }
    }
    // One for all: none of the examples takes away what another needs.
    let machine = machine(&fake);
    let mut wrong = Vec::new();
    for command in arxcat::cli::command().get_subcommands() {
        let examples = examples(command);
        if !(2..=3).contains(&examples.len()) {
            wrong.push(format!("{} has {} examples", command.get_name(), examples.len()));
        }
        // Those judge: 1 is an answer.
        let may_find_faults = ["check", "verify"].contains(&command.get_name());
        for example in examples {
            // A failure before a pipe is only seen on stderr: not every sh has `pipefail`.
            let ended = machine.shell(&example).env("BROWSER", "true").run();
            let failed = ended.stderr.lines().any(|line| line.starts_with("error"));
            let is_success = ended.code == Some(0) || (may_find_faults && ended.code == Some(1));
            if !is_success || failed {
                wrong.push(format!("{example}\n{}", ended.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
