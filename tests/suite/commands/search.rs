//! `search`: the request says what the user typed, and no result is silently incomplete.

use std::fs::File;
use std::io::Read;
use std::process::{Output, Stdio};

use nix::pty::openpty;

use crate::arxcat::Machine;
use crate::fake::{Fake, Trouble};

#[test]
fn every_word_must_match_and_an_argument_with_spaces_is_a_phrase() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ids = |args: &[&str]| {
        let all: Vec<&str> = ["search", "-f", "ids", "--sort", "date"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        machine.run(&all).ok()
    };
    assert_eq!(ids(&["old", "paper"]), "math/0309008\nhep-th/9901001\n");
    assert_eq!(ids(&["old paper on branes"]), "hep-th/9901001\n");
    assert_eq!(ids(&["paper old on"]), "", "a phrase has an order");
    assert_eq!(ids(&["old", "NOT", "branes"]), "math/0309008\n");
    assert_eq!(
        ids(&["title:branes", "OR", "title:groups"]),
        "math/0309008\nhep-th/9901001\n"
    );
    assert_eq!(ids(&["--category", "math-ph"]), "1802.00004\n");
    assert_eq!(
        ids(&["--category", "math.MP"]),
        "1802.00004\n",
        "by its other name"
    );
    assert_eq!(
        ids(&["--author", "Muster", "--since", "2025", "--until", "2025-01"]),
        "2501.00002\n"
    );
}

#[test]
fn how_many_there_are_is_always_said() {
    let fake = Fake::with_many(300);
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["search", "amber"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(0), 25));
    assert!(ended.stderr.contains("25 of 60"), "{}", ended.stderr);
    let none = machine.run(&["search", "zebra", "--json"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(0), "[]\n"));
    assert!(none.stderr.contains("no paper matches"), "{}", none.stderr);
}

#[test]
fn all_gets_everything_in_the_fewest_pages() {
    let fake = Fake::with_many(4500);
    let machine = Machine::with_arxiv(&fake.url());
    let printed = machine.run(&["search", "notes", "--all", "-f", "ids"]).ok();
    assert_eq!(printed.lines().count(), 4500);
    assert_eq!(fake.requests().len(), 3);
}

#[test]
fn past_ten_thousand_it_asks_first_and_then_slices_by_date() {
    let fake = Fake::with_many(12_000);
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["search", "notes", "--all", "-f", "ids"]);
    insta::assert_snapshot!(ended.shown());
    assert_eq!(fake.requests().len(), 1);
    let printed = machine
        .run(&["search", "notes", "--all", "-f", "ids", "--yes"])
        .ok();
    let mut ids: Vec<&str> = printed.lines().collect();
    assert_eq!(ids.len(), 12_000);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 12_000, "none twice");
}

/// Runs with a terminal as stderr and without one as stdin.
pub fn nobody_there(machine: &Machine, args: &[&str]) -> (Output, String) {
    let terminal = openpty(None, None).unwrap();
    let mut command = machine.arxcat(args).command();
    command.stdin(Stdio::null()).stderr(terminal.slave);
    let ended = command.output().unwrap();
    drop(command);
    let mut told = Vec::new();
    // A terminal's end is an error when its other side closes.
    let _ = File::from(terminal.master).read_to_end(&mut told);
    (ended, String::from_utf8(told).unwrap())
}

#[test]
fn a_terminal_without_anybody_at_it_is_told_to_say_yes() {
    let fake = Fake::with_many(12_000);
    let machine = Machine::with_arxiv(&fake.url());
    let args = ["search", "notes", "--all", "-f", "ids"];
    let (ended, told) = nobody_there(&machine, &args);
    assert_eq!(ended.status.code(), Some(2), "{told}");
    assert!(ended.stdout.is_empty());
    assert!(
        told.contains("12000 papers match") && told.contains("say --yes"),
        "{told}"
    );
    let no = machine.arxcat(&args).typed("n\n").run();
    assert_eq!(no.code, Some(0), "{}", no.shown());
    assert!(no.stdout.contains("Go on? [y/N]"), "{}", no.shown());
}

#[test]
fn a_lost_page_is_an_error_and_what_came_is_kept() {
    let fake = Fake::with_many(4500);
    fake.next(Trouble::None);
    fake.always(Trouble::Empty);
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["search", "notes", "--all", "-f", "ids"]);
    assert_eq!(
        (ended.code, ended.stdout.lines().count()),
        (Some(3), 2000),
        "{}",
        ended.stderr
    );
}

#[test]
fn primary_counts_only_where_a_paper_is_filed() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["search", "--category", "cs.LG", "--primary", "-f", "ids"]);
    assert_eq!(ended.stdout, "2606.00010\n2412.00011\n", "{}", ended.shown());
    assert!(ended.stderr.contains("only cross-listed"), "{}", ended.stderr);
}

#[test]
fn title_and_identifier_order_need_every_result() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let titles = machine
        .run(&["search", "paper", "--all", "--sort", "title", "--fields", "title"])
        .ok();
    let mut sorted: Vec<&str> = titles.lines().collect();
    sorted.sort_unstable();
    assert_eq!(titles.lines().collect::<Vec<_>>(), sorted);
}

#[test]
fn explain_sends_nothing() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let explained = |args: &[&str]| {
        let all: Vec<&str> = ["search", "--explain"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        machine.run(&all).ok().replace(&fake.url(), "http://arxiv")
    };
    let mut all = String::new();
    for args in [
        &["electron"][..],
        &["deep", "learning", "NOT", "vision"],
        &["sparse attention", "--category", "cs.*", "--since", "2024"],
        &[
            "author:del_maestro",
            "--category",
            "math.MP",
            "-n",
            "3000",
            "--sort",
            "updated",
            "--reverse",
        ],
        &["--raw", "ti:checkerboard AND au:del_maestro"],
    ] {
        all += &["$ ", &args.join(" "), "\n", &explained(args), "\n"].concat();
    }
    insta::assert_snapshot!(all);
    assert!(fake.requests().is_empty());
}

#[test]
fn a_raw_query_goes_as_it_is() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine
        .run(&["search", "--raw", "ti:branes ANDNOT ti:groups", "-f", "ids"])
        .ok();
    assert_eq!(
        fake.requests()[0].param("search_query"),
        Some("ti:branes ANDNOT ti:groups")
    );
    let wrong = machine.run(&["search", "--raw", "ti:("]);
    assert_eq!(wrong.code, Some(3), "{}", wrong.shown());
    assert!(wrong.stderr.contains("arXiv refused"), "{}", wrong.stderr);
}

#[test]
fn a_page_looks_as_a_list_does() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    insta::assert_snapshot!(
        "search_80",
        machine
            .arxcat(&["search", "--since", "2018"])
            .terminal(80)
            .run()
            .ok()
    );
}

#[test]
fn common_words_are_left_out_and_explained() {
    let machine = Machine::new();
    let explained = machine
        .run(&[
            "search",
            "--explain",
            "graph",
            "neural",
            "networks",
            "for",
            "drug",
            "discovery",
        ])
        .ok();
    assert!(
        explained.contains("left out    for (arXiv's search ignores these words)"),
        "{explained}"
    );
    assert!(
        explained.contains(
            "sent as     all:graph AND all:neural AND all:networks AND all:drug AND all:discovery\n"
        ),
        "{explained}"
    );
    let refused = machine.run(&["search", "the", "of"]);
    assert_eq!(refused.code, Some(2), "{}", refused.shown());
    assert!(
        refused.stderr.contains("ignores common words"),
        "{}",
        refused.shown()
    );
}

#[test]
fn identifiers_and_arxivs_own_fields_point_to_what_answers_them() {
    let machine = Machine::new();
    for (words, hint) in [
        ("1706.03762", "`arxcat fetch 1706.03762`"),
        (
            "https://arxiv.org/abs/hep-th/9901001",
            "`arxcat fetch https://arxiv.org/abs/hep-th/9901001`",
        ),
        (
            "submittedDate:[20240101 TO 20241231]",
            "--since DATE and --until DATE",
        ),
        ("jr:nature", "--raw 'jr:"),
        ("rn:CERN-TH/96-123", "--raw 'rn:"),
        ("lastUpdatedDate:2024", "--sort updated"),
    ] {
        let ended = machine.run(&["search", words]);
        assert_eq!(ended.code, Some(2), "{words}: {}", ended.shown());
        assert!(ended.stderr.contains(hint), "{words}: {}", ended.shown());
    }
}

#[test]
fn an_empty_answer_says_what_to_try_and_is_not_cached() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for number in 1..=2 {
        let ended = machine.run(&["search", "zyzzyva", "or", "moths", "-f", "ids"]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(0), ""),
            "{}",
            ended.shown()
        );
        for words in ["no paper matches", "fewer words", "the operator is OR"] {
            assert!(ended.stderr.contains(words), "{words}: {}", ended.shown());
        }
        assert_eq!(fake.requests().len(), number);
    }
}
