//! Every word of help, as committed snapshots: a change of the command line is seen in review.

use std::ffi::OsString;

use arxcat::cli::Parsed;

use crate::arxcat::Machine;

/// The names of all commands, in the order of `arxcat --help`.
fn commands() -> Vec<String> {
    let program = arxcat::cli::command();
    let names = program.get_subcommands().map(clap::Command::get_name);
    names.map(str::to_owned).collect()
}

#[test]
fn every_help_is_as_committed() {
    let machine = Machine::new();
    insta::assert_snapshot!("help", machine.run(&["--help"]).ok());
    for command in commands() {
        insta::assert_snapshot!(
            format!("help_{command}"),
            machine.run(&[command.as_str(), "--help"]).ok()
        );
    }
}

#[test]
fn alone_it_prints_five_examples() {
    let printed = Machine::new().run(&[]).ok();
    assert_eq!(
        printed
            .lines()
            .filter(|line| line.starts_with("  arxcat "))
            .count(),
        5,
        "{printed}"
    );
}

#[test]
fn every_example_of_the_first_screen_is_understood() {
    for line in arxcat::cli::EXAMPLES
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
    {
        for part in line.split(" | ") {
            let command = part.split("  ").next().unwrap();
            let words: Vec<OsString> = command
                .split_whitespace()
                .map(|word| word.trim_matches('"').into())
                .collect();
            let parsed = arxcat::cli::parse(&words).unwrap_or_else(|error| panic!("{command}: {error}"));
            assert!(matches!(parsed, Parsed::Cli(_)), "{command}");
        }
    }
}

#[test]
fn a_first_word_that_is_an_identifier_or_an_arxiv_url_means_fetch() {
    let machine = Machine::new();
    for word in [
        "1706.03762",
        "https://arxiv.org/abs/1706.03762v5",
        "hep-th/9901001",
        "arXiv:1706.03762",
    ] {
        let ended = machine.run(&["--offline", word, "--json"]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(3), "[]\n"),
            "{word}: {}",
            ended.shown()
        );
        assert!(ended.stderr.contains("--offline forbids"), "{}", ended.stderr);
    }
    insta::assert_snapshot!(machine.run(&["1706"]).shown());
}

#[test]
fn a_mistyped_command_is_answered_with_the_nearest() {
    insta::assert_snapshot!(Machine::new().run(&["tmeline"]).shown());
}

#[test]
fn completions_and_manual_name_every_command() {
    let machine = Machine::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = machine.run(&["completions", shell]).ok();
        assert!(script.contains("ARXCAT_COMPLETE"), "{shell}: {script}");
        let ask = |words: &[&str]| {
            let run = machine
                .arxcat(&[&["--", "arxcat"], words].concat())
                .env("ARXCAT_COMPLETE", shell)
                .env("_CLAP_COMPLETE_INDEX", &words.len().to_string())
                .env("_CLAP_IFS", "\n");
            run.run().ok()
        };
        let offered = ask(&[""]);
        for command in arxcat::cli::command().get_subcommands() {
            // Of a name and its alias only the first in the alphabet is offered, until it is typed.
            let mut names = command.get_name_and_visible_aliases().into_iter();
            assert!(names.any(|name| offered.contains(name)), "{shell}: {offered}");
            let typed = ask(&[command.get_name()]);
            assert!(typed.contains(command.get_name()), "{shell}: {typed}");
        }
        assert!(ask(&["search", "--exp"]).contains("--explain"), "{shell}");
    }
    let manual = machine.run(&["man"]).ok();
    assert!(manual.contains("arxcat\\-timeline"), "{manual}");
    let manual = machine.run(&["man", "search"]).ok();
    assert!(manual.contains("\\-\\-explain"), "{manual}");
}
