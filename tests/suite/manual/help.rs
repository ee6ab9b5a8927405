//! `arxcat help`: commands, topics and what is neither.

use arxcat::format::{RenderOptions, Roff, manual_page};
use arxcat::manual::TOPICS;

use super::documents;
use crate::arxcat::Machine;

#[test]
fn it_lists_every_command_and_topic() {
    let listed = Machine::new().run(&["help"]).ok();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    let cli = arxcat::cli::command();
    let commands = cli.get_subcommands().map(clap::Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    let mut all: Vec<&str> = commands.chain(topics).collect();
    all.sort_unstable();
    assert_eq!(names, all);
    insta::assert_snapshot!(
        "help_alone",
        Machine::new()
            .arxcat(&["help"])
            .terminal(80)
            .env("ARXCAT_PAGER", "cat")
            .run()
            .ok()
    );
}

#[test]
fn every_file_of_the_manual_is_a_topic() {
    let pages = documents().len() - 1;
    let chinese = TOPICS.iter().filter(|topic| topic.chinese.is_some()).count();
    assert_eq!(pages, TOPICS.len() + chinese);
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

/// The text of a link to another topic is what man pages make its name of.
#[test]
fn links_between_topics_are_named_by_their_topics() {
    for topic in TOPICS {
        for (at, _) in topic.text.match_indices(".md)") {
            let link = &topic.text[topic.text[..at].rfind('[').unwrap() + 1..at];
            let (name, target) = link.split_once("](").unwrap();
            assert_eq!(name, target, "{}", topic.name);
            assert!(arxcat::manual::find(name).is_some(), "{}: {name}", topic.name);
        }
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

/// Everything that a page of the manual can have in it.
const SAMPLE: &str = "\
# Sample

A page with `code`, **strong** and *emphasized* words, a link to [another topic](formats.md), one to
[a site](https://example.org) and one to <https://example.org/bare>, and 中文 between them, wrapped where a line ends.

## A section

- an item that is so long that it must be wrapped into a second line
- another

```console
$ arxcat list -f ids
2501.12948
```

| name | meaning |
|---|---|
| `first` | a cell that is so long that it must be wrapped into a second line |
| `second` | short |

### Wide

| a | b | c | d |
|---|---|---|---|
| one | two | three | a cell that is so long that it must be wrapped into a second line |
";

fn shown(width: Option<usize>, color: bool) -> String {
    let options = RenderOptions {
        width,
        color,
        ..RenderOptions::default()
    };
    let mut shown = Vec::new();
    manual_page(SAMPLE, &options, &mut shown).unwrap();
    String::from_utf8(shown).unwrap()
}

#[test]
fn a_page_looks_like_this() {
    insta::assert_snapshot!("page_piped", shown(None, false));
    insta::assert_snapshot!("page_20", shown(Some(20), false));
    insta::assert_snapshot!("page_60_coloured", shown(Some(60), true).replace('\u{1b}', "^["));
    let mut page = Roff::new("sample", 7, "arxcat", "manual");
    page.markdown(SAMPLE);
    page.code(".begins with a dot\n'and with a quote");
    insta::assert_snapshot!("page_roff", page.finish());
}

#[test]
fn what_explains_arxiv_is_there_in_chinese() {
    let machine = Machine::new();
    let chinese = machine.run(&["--lang", "zh", "help", "arxiv"]).ok();
    assert!(chinese.contains("主分类"), "{chinese}");
    assert!(
        machine
            .run(&["--lang", "zh", "help", "query"])
            .ok()
            .contains("Every word must match")
    );
    // A configuration that cannot be read is no reason to explain nothing.
    machine.write("config/arxcat/config.toml", "lang = ");
    assert!(machine.run(&["help", "arxiv"]).ok().contains("primary category"));
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
