//! Completion in bash, zsh and fish: the real shells load the script and are asked what follows a line.

use std::path::Path;

use crate::arxcat::Machine;

/// A shell, and how it says what follows the words of a line, of which the last is being typed.
struct Shell {
    name: &'static str,
    path: &'static str,
    /// Run with the words as its arguments; prints a candidate a line, what it means behind a tab.
    ask: &'static str,
}

const SHELLS: &[Shell] = &[
    Shell {
        name: "bash",
        path: "/bin/bash",
        ask: r#"
source <(arxcat completions bash)
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
function=$(complete -p arxcat); function=${function##*-F }; function=${function%% *}
$function arxcat "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}""#,
    },
    Shell {
        name: "zsh",
        path: "/bin/zsh",
        // What the completion system would do with the candidates is print them here.
        ask: r#"
function compdef() { }
function _describe() { local name=${@[(r)dirs]:-other}; print -rl -- "${(@P)name}"; }
mkdir -p ~/functions && arxcat completions zsh > ~/functions/_arxcat
fpath=(~/functions $fpath) && autoload -Uz _arxcat
words=("$@"); CURRENT=$#
_arxcat"#,
    },
    Shell {
        name: "fish",
        path: "/usr/bin/fish",
        ask: r"
arxcat completions fish | source
complete --do-complete (string join ' ' -- $argv)",
    },
];

/// What a shell offers for the last of these words, without the explanations; nothing if it is not installed.
fn offered(machine: &Machine, shell: &Shell, words: &[&str]) -> Vec<String> {
    let mut args = vec!["-c", shell.ask];
    if shell.name != "fish" {
        args.push(shell.name);
    }
    args.extend(words);
    let ended = machine.program(shell.path, &args).run();
    assert_eq!(ended.stderr, "", "{} {words:?}", shell.name);
    let lines = ended.stdout.lines().filter(|line| !line.is_empty());
    let separator = if shell.name == "zsh" { ':' } else { '\t' };
    lines
        .map(|line| line.split(separator).next().unwrap().to_owned())
        .collect()
}

fn each_shell(test: impl Fn(&Shell)) {
    for shell in SHELLS {
        if Path::new(shell.path).exists() {
            test(shell);
        } else {
            eprintln!("completion in {}: skipped, it is not installed", shell.name);
        }
    }
}

fn machine() -> Machine {
    let machine = Machine::new();
    machine.write(
        "papers.jsonl",
        r#"{"id":"2501.00001","title":"Tidal kelp: a study"}
{"id":"hep-th/9901001","title":"Moss"}
"#,
    );
    machine.run(&["import", "papers.jsonl"]).ok();
    machine.run(&["tag", "to-read", "2501.00001"]).ok();
    machine.run(&["tag", "reading", "hep-th/9901001"]).ok();
    machine.write(
        "config/arxcat/catalogs/mine.json",
        r#"[{"id":"2501.00001","title":"Kelp"}]"#,
    );
    machine.write("refs.bib", "");
    machine
}

#[test]
fn each_shell_offers_what_an_argument_can_be() {
    let machine = machine();
    let rows: &[(&[&str], &[&str])] = &[
        (&["timel"], &["timeline"]),
        (&["list", "--form"], &["--format"]),
        (&["list", "--format", "js"], &["json", "jsonl"]),
        (&["categories", "-f", ""], &["table", "tsv", "json", "jsonl"]),
        (&["list", "--sort", "re"], &["relevance"]),
        (&["list", "--category", "q-bio.P"], &["q-bio.PE"]),
        (
            &["new", "cs.C"],
            &["cs.CC", "cs.CE", "cs.CG", "cs.CL", "cs.CR", "cs.CV", "cs.CY"],
        ),
        (&["list", "--area", "reas"], &["reasoning"]),
        (&["list", "--fields", "id,prim"], &["id,primary_category"]),
        (&["list", "--tag", ""], &["reading", "to-read"]),
        (&["untag", "to"], &["to-read"]),
        (&["show", "DeepSeek-R"], &["DeepSeek-R1"]),
        (&["show", "2501.0"], &["2501.00001"]),
        (&["tag", "reading", "hep-th/99"], &["hep-th/9901001"]),
        (&["--catalog", "mi"], &["mine"]),
        (&["schema", "le"], &["ledger"]),
        (&["help", "exit"], &["exit-codes"]),
        (&["check", "ref"], &["refs.bib"]),
        (&["stats", "--by", "mon"], &["month"]),
        (&["completions", "ba"], &["bash"]),
    ];
    each_shell(|shell| {
        for (words, expected) in rows {
            let line = [&["arxcat"], *words].concat();
            let mut found = offered(&machine, shell, &line);
            // Where a shell adds flags, values come first.
            found.retain(|value| !value.starts_with('-') || words.last().unwrap().starts_with('-'));
            let missing = expected.iter().any(|value| !found.iter().any(|one| one == value));
            let is_exact = found.len() == expected.len() || words.last().unwrap().starts_with("--form");
            assert!(!missing && is_exact, "{} {line:?}: {found:?}", shell.name);
        }
    });
}

#[test]
fn no_shell_offers_files_where_none_belongs() {
    let machine = machine();
    each_shell(|shell| {
        for words in [
            &["list", ""][..],
            &["list", "--category", "re"],
            &["show", "refs"],
            &["search", "re"],
            &["list", "--since", ""],
            &["list", "--author", "re"],
            &["note", "2501.00001", "re"],
            &["refs"],
        ] {
            let line = [&["arxcat"], words].concat();
            let found = offered(&machine, shell, &line);
            assert!(
                found
                    .iter()
                    .all(|value| !value.contains("refs") && !value.contains("papers.jsonl")),
                "{} {line:?}: {found:?}",
                shell.name
            );
        }
    });
}

#[test]
fn a_library_named_on_the_line_is_the_one_that_is_asked() {
    let machine = machine();
    machine
        .run(&["--library-dir", "other", "import", "papers.jsonl"])
        .ok();
    machine
        .run(&["--library-dir", "other", "tag", "elsewhere", "2501.00001"])
        .ok();
    each_shell(|shell| {
        let line = ["arxcat", "--library-dir", "other", "list", "--tag", "else"];
        assert_eq!(offered(&machine, shell, &line), ["elsewhere"], "{}", shell.name);
    });
}

#[test]
fn asking_creates_nothing_and_a_broken_configuration_is_no_obstacle() {
    let machine = Machine::new();
    let ask = |words: &[&str]| {
        let args = [&["--", "arxcat"], words].concat();
        let ended = machine.arxcat(&args).env("ARXCAT_COMPLETE", "fish").run();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{words:?}");
        ended.stdout
    };
    assert_eq!(ask(&["list", "--tag", ""]), "");
    assert!(!machine.path("data").exists());
    machine.write("config/arxcat/config.toml", "nonsense = [");
    assert!(ask(&["list", "--format", "ta"]).starts_with("table"));
    let ended = machine
        .arxcat(&["--", "arxcat", ""])
        .env("ARXCAT_COMPLETE", "tcsh")
        .run();
    assert_eq!(ended.code, Some(2), "{}", ended.shown());
}

/// An argument with a value that is free text, a number or a date. All others must have candidates.
const FREE: &[&str] = &[
    "AGE", "DATE", "N", "QUERY", "SECONDS", "TEMPLATE", "TEXT", "WORDS", "NEW",
];

#[test]
fn every_argument_has_candidates_or_needs_none() {
    let machine = machine();
    let program = arxcat::cli::command();
    let mut wrong = Vec::new();
    for command in program.get_subcommands() {
        for arg in command
            .get_arguments()
            .filter(|arg| arg.get_action().takes_values())
        {
            let name = arg.get_value_names().unwrap()[0].as_str();
            if FREE.contains(&name) {
                continue;
            }
            let flag = arg.get_long().map(|long| format!("--{long}"));
            let mut words = vec!["--", "arxcat", command.get_name()];
            words.extend(flag.as_deref());
            let before = arg.get_index().unwrap_or(1) - 1;
            words.extend(std::iter::repeat_n("2501.00001", before));
            words.push("");
            let ended = machine.arxcat(&words).env("ARXCAT_COMPLETE", "fish").run();
            let values = ended.stdout.lines().filter(|line| !line.starts_with('-'));
            if values.count() == 0 {
                wrong.push(format!("{} {name} {flag:?}", command.get_name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
