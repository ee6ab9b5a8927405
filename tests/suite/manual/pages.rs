//! Manual pages: one for the program, each command and each topic.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use arxcat::manual::TOPICS;

use super::root;
use crate::arxcat::Machine;

#[test]
fn every_command_and_topic_has_a_page_with_its_sections() {
    let machine = Machine::new();
    machine.run(&["man", "--dir", "man"]).ok();
    let main = machine.read("man/man1/arxcat.1");
    for section in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "OPTIONS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
    ] {
        assert!(
            main.contains(&format!(".SH \"{section}\"\n")) || main.contains(&format!(".SH {section}\n")),
            "{section}"
        );
    }
    assert!(main.contains("\\-\\-max\\-wait"), "{main}");
    assert!(
        main.contains("man fetch | man \\-l"),
        "a summary is cut at its bar"
    );
    let cli = arxcat::cli::command();
    for command in cli.get_subcommands() {
        let name = command.get_name();
        assert!(main.contains(&format!("arxcat\\-{name}(1)")), "{name}");
        let page = machine.read(&format!("man/man1/arxcat-{name}.1"));
        assert_eq!(machine.run(&["man", name]).ok(), page);
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO"] {
            assert!(
                page.contains(&format!(".SH \"{section}\"\n")),
                "{name}: {section}"
            );
        }
        assert!(!page.contains("EXTRA"), "{name}");
        // Global options are on the program's page alone.
        assert!(!page.contains("\\-\\-max\\-wait"), "{name}");
    }
    for topic in TOPICS {
        assert!(
            main.contains(&format!("arxcat\\-{}(7)", topic.name.replace('-', "\\-"))),
            "{}",
            topic.name
        );
        let page = machine.read(&format!("man/man7/arxcat-{}.7", topic.name));
        assert_eq!(machine.run(&["man", topic.name]).ok(), page);
    }
    assert!(machine.read("man/man1/arxcat-search.1").contains("\\-\\-explain"));
    assert!(machine.read("man/man1/arxcat-note.1").contains("VISUAL"));
    assert_eq!(machine.run(&["man"]).ok(), main);
    // A second run replaces them.
    machine.run(&["man", "--dir", "man"]).ok();
}

#[test]
fn pages_are_clean_where_mandoc_can_say_so() {
    let machine = Machine::new();
    machine.run(&["man", "--dir", "man"]).ok();
    for section in ["man1", "man7"] {
        for page in fs::read_dir(machine.path("man").join(section)).unwrap() {
            let path = page.unwrap().path();
            let Ok(linted) = Command::new("mandoc")
                .args(["-Tlint", "-Wwarning"])
                .arg(&path)
                .output()
            else {
                return;
            };
            let complaints = String::from_utf8(linted.stdout).unwrap();
            let complaints: Vec<&str> = complaints
                .lines()
                // A page made at run time has no date; what the generator of the options adds is harmless.
                .filter(|line| {
                    !line.contains("missing date") && !line.contains("skipping paragraph macro: br")
                })
                .collect();
            assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        }
    }
}

#[test]
fn what_is_neither_command_nor_topic_gets_the_nearest() {
    insta::assert_snapshot!(Machine::new().run(&["man", "serach"]).shown());
}

/// What repeats a figure is there to be run.
#[test]
fn every_figure_names_a_benchmark_or_a_test() {
    let figures = arxcat::manual::find("figures").unwrap().text;
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let names = |before: &str| {
        let commands = figures.split(before).skip(1);
        let names = commands.map(|rest| {
            rest.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap()
                .to_owned()
        });
        names.collect::<Vec<_>>()
    };
    let benchmarks = names("cargo bench --bench ");
    assert!(benchmarks.len() > 4, "{benchmarks:?}");
    for name in benchmarks {
        assert!(
            manifest.contains(&format!("[[bench]]\nname = \"{name}\"")),
            "{name}"
        );
    }
    let listed = Command::new(std::env::current_exe().unwrap())
        .arg("--list")
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for name in names("cargo test ") {
        assert!(listed.contains(&name), "{name}");
    }
}

/// The configuration topic names every variable that the program reads, and no other.
#[test]
fn every_environment_variable_is_documented() {
    let topic = arxcat::manual::find("configuration").unwrap();
    let mut documented = BTreeSet::new();
    for row in topic.text.lines().filter(|line| line.starts_with("| `")) {
        let cell = row.split('|').nth(1).unwrap();
        documented.extend(
            cell.split('`')
                .skip(1)
                .step_by(2)
                .filter(|name| !name.contains('/'))
                .map(str::to_owned),
        );
    }
    let ended = Machine::new().run(&["config", "--json"]);
    let config = &ended.json()[0];
    let settings = config["settings"].as_array().unwrap();
    let listed: BTreeSet<String> = settings
        .iter()
        .map(|one| one["variable"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        listed.is_subset(&documented),
        "{:?}",
        listed.difference(&documented)
    );
    for setting in settings {
        let (key, variable) = (
            setting["key"].as_str().unwrap(),
            setting["variable"].as_str().unwrap(),
        );
        assert_eq!(variable, format!("ARXCAT_{}", key.to_uppercase()));
    }
    let read = variables_in(&root().join("src"));
    assert!(
        read.is_subset(&documented),
        "not documented: {:?}",
        read.difference(&documented)
    );
    let ours: BTreeSet<String> = documented
        .iter()
        .filter(|name| name.starts_with("ARXCAT_"))
        .cloned()
        .collect();
    assert!(
        ours.is_subset(&read),
        "documented, but not read: {:?}",
        ours.difference(&read)
    );
}

/// Every string literal in the sources that has the form of a variable's name and follows a call that reads one, and
/// everything that begins with `ARXCAT_`.
fn variables_in(folder: &std::path::Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(variables_in(&path));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for (number, literal) in source.split('"').enumerate() {
            let is_name = literal.len() > 3 && literal.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            if !is_name {
                continue;
            }
            let before = source.split('"').nth(number - 1).unwrap().trim_end();
            let is_read = ["var(", "var_os(", "variable(", "environment(", "set("]
                .iter()
                .any(|call| before.ends_with(call));
            if literal.starts_with("ARXCAT_") || is_read {
                found.insert(literal.to_owned());
            }
        }
    }
    found
}
