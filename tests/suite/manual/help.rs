//! `arxcat help`: commands, topics and what is neither.

use arxcat::manual::TOPICS;

use super::documents;
use crate::arxcat::Machine;

#[test]
fn it_lists_every_command_and_topic() {
    let listed = Machine::new().run(&["help"]).ok();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let cli = arxcat::cli::command();
    let commands = cli.get_subcommands().map(clap::Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    assert_eq!(names, commands.chain(topics).collect::<Vec<_>>());
}

#[test]
fn every_file_of_the_manual_is_a_topic() {
    let files = documents().len() - 1;
    assert_eq!(files, TOPICS.len());
    let cli = arxcat::cli::command();
    for topic in TOPICS {
        assert!(topic.text.starts_with("# "), "{}", topic.name);
        assert!(!topic.introduction().trim().is_empty(), "{}", topic.name);
        assert!(
            cli.find_subcommand(topic.name).is_none(),
            "{} is a command",
            topic.name
        );
        assert_eq!(arxcat::manual::find(topic.name), Some(topic));
    }
}

#[test]
fn a_topic_is_text_without_markdown_that_fits() {
    for columns in [40, 80, 120] {
        for topic in TOPICS {
            let shown = Machine::new()
                .arxcat(&["help", topic.name])
                .terminal(columns)
                .env("ARXCAT_PAGER", "cat")
                .run()
                .ok();
            assert!(!shown.contains("```") && !shown.contains("|---"), "{shown}");
            // Code is never wrapped, and is indented further than the text.
            let text = shown.lines().filter(|line| !line.starts_with("    "));
            for line in text {
                assert!(!line.contains("]("), "{}: {line}", topic.name);
                assert!(
                    line.chars().count() <= usize::from(columns),
                    "{}: {line}",
                    topic.name
                );
            }
        }
    }
}

#[test]
fn a_topic_looks_like_this() {
    let machine = Machine::new();
    insta::assert_snapshot!("help_exit_codes_piped", machine.run(&["help", "exit codes"]).ok());
    let coloured = machine
        .arxcat(&["--color", "always", "help", "selection"])
        .terminal(60)
        .env("ARXCAT_PAGER", "cat")
        .run()
        .ok();
    insta::assert_snapshot!("help_selection_60", coloured.replace('\u{1b}', "^["));
}

#[test]
fn a_command_is_explained_as_by_its_own_flag() {
    let machine = Machine::new();
    for name in ["fetch", "man"] {
        assert_eq!(
            machine.run(&["help", name]).ok(),
            machine.run(&[name, "--help"]).ok()
        );
    }
}

#[test]
fn what_is_neither_gets_the_nearest() {
    insta::assert_snapshot!(Machine::new().run(&["help", "pipeline"]).shown());
    insta::assert_snapshot!(Machine::new().run(&["help", "fetsh"]).shown());
}
