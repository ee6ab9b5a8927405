//! `new`: announcements of a fake arXiv.

use std::fs;

use arxcat::library::Library;
use arxcat::model::id::ArxivId;

use crate::arxcat::{Ended, Machine};
use crate::fake::{Announced, Fake, Invented, Trouble, papers};

/// The day of the tests' clock: a Thursday.
const TODAY: &str = "2026-10-15";

fn invented(id: &str, title: &str, categories: &[&str]) -> Invented {
    Invented::new(id, "2026-10-13", title, categories)
}

/// Seven announcements of a day: two new ones, two cross-lists, three new versions.
fn announced(day: &str) -> Announced {
    announced_as(day, "2610.0000")
}

/// The same of another day, with new papers of that day.
fn announced_later(day: &str) -> Announced {
    announced_as(day, "2610.0100")
}

/// The announcements of a day, whose new papers have identifiers that start like this.
fn announced_as(day: &str, prefix: &str) -> Announced {
    let new = |digit: u8| format!("{prefix}{digit}");
    Announced::on(day)
        .paper(
            invented(&new(1), "Attention for Lanterns", &["cs.CL", "cs.LG"])
                .authors(&["Ada Example", "Bo Sample"]),
        )
        .paper(invented(&new(2), "大语言模型的稀疏注意力：一个虚构的研究", &["cs.CL"]).authors(&["李 明"]))
        .paper(invented(
            &new(3),
            r#"On $\mathcal{N}=4$ Moths \& Schr\"odinger's Lamp"#,
            &["math.AP", "math-ph", "math.MP"],
        ))
        .by(r"J. Erd\H{o}s (1), {\L}. Kowalski ((1) Moth House)")
        .listed(
            invented(
                "2609.00004",
                "Newly Listed Here Too, with a Title that is Longer than any Terminal has Columns for",
                &["cs.LG", "cs.CL"],
            ),
            "cs.CL",
        )
        .paper(
            invented("2501.00005", "A Second Try at Sparse Experts", &["cs.CL"])
                .version("2026-10-14")
                .authors(&["Chen Muster"])
                .doi("10.1234/invented.5"),
        )
        .paper(
            invented("hep-th/9901001", "An Old Paper on Branes", &["hep-th", "math-ph"])
                .version("1999-03-01")
                .version("2026-10-14"),
        )
        .paper(
            invented(
                "2608.00006",
                "Hostile \u{202e}desrever\u{202c} \u{1b}[31mTitle",
                &["cs.LG", "cs.CL"],
            )
            .version("2026-10-14"),
        )
}

/// A machine, and an arXiv that announced today.
fn today() -> (Fake, Machine) {
    let fake = Fake::start();
    fake.announces(announced(TODAY));
    let machine = Machine::with_arxiv(&fake.url());
    (fake, machine)
}

/// What the run says at another time.
fn at(now: &str, machine: &Machine, args: &[&str]) -> Ended {
    machine.arxcat(args).env("ARXCAT_NOW", now).run()
}

/// How many announcements of `cs.CL` are shown that were not shown before.
fn unseen(machine: &Machine) -> usize {
    let shown = machine.run(&["new", "--since-last", "cs.CL"]).ok();
    shown.lines().count()
}

/// Asserts that the run ends well and shows this many lines.
#[track_caller]
fn assert_shows(ended: &Ended, lines: usize) {
    assert_eq!(
        (ended.code, ended.stdout.lines().count()),
        (Some(0), lines),
        "{}",
        ended.shown()
    );
}

fn asked_for(fake: &Fake) -> Vec<String> {
    let requests = fake.requests().into_iter();
    requests.map(|request| request.target).collect()
}

/// The feed of `cs.CL` as it is when nothing is wrong with it.
fn feed(fake: &Fake, machine: &Machine) -> String {
    machine.get(&format!("{}/rss/cs.CL", fake.url()))
}

/// Answers the next request with this feed.
fn answer_with(fake: &Fake, feed: String) {
    fake.next(Trouble::Body(200, "application/rss+xml", feed.into_bytes()));
}

#[test]
fn announcements_come_in_groups_and_in_one_request() {
    let (fake, machine) = today();
    for (name, columns) in [("new_terminal_80", 80), ("new_terminal_40", 40)] {
        let ended = machine
            .arxcat(&["new", "cs.CL", "math-ph"])
            .terminal(columns)
            .run();
        insta::assert_snapshot!(name, ended.shown());
    }
    insta::assert_snapshot!("new_piped", machine.run(&["new", "cs.CL", "math-ph"]).shown());
    let chinese = machine
        .arxcat(&["new", "cs.CL", "math-ph", "--lang", "zh"])
        .terminal(80)
        .run();
    insta::assert_snapshot!("new_terminal_zh", chinese.shown());
    assert_eq!(asked_for(&fake), ["/rss/cs.CL+math-ph"; 4]);
}

#[test]
fn a_record_has_what_the_feed_tells_and_nothing_more() {
    let (_fake, machine) = today();
    insta::assert_snapshot!("new_json", machine.run(&["new", "math.MP", "--json", "-n1"]).ok());
    insta::assert_snapshot!(
        "new_text",
        machine
            .run(&["new", "cs.CL", "-f", "text", "--author", "muster"])
            .ok()
    );
}

#[test]
fn every_format_keeps_the_order_of_the_groups() {
    let (_fake, machine) = today();
    let ids = machine.run(&["new", "cs.CL", "-f", "ids"]).ok();
    assert_eq!(
        ids,
        "2610.00001\n2610.00002\n2609.00004\n2501.00005\n2608.00006\n"
    );
    let tsv = machine.run(&["new", "cs.CL", "--fields", "id"]).ok();
    assert_eq!(tsv, ids);
    let records = machine.run(&["new", "cs.CL", "--jsonl"]).json();
    assert_eq!(records.len(), 5);
    assert!(
        records
            .iter()
            .all(|record| record["source"] == "rss" && record["published"].is_null())
    );
    assert!(
        machine
            .run(&["new", "cs.CL", "-f", "bibtex"])
            .ok()
            .contains("2610.00001")
    );
    let fields = machine
        .run(&["new", "cs.CL", "-f", "table", "--fields", "id,primary_category"])
        .ok();
    let rows: Vec<Vec<&str>> = fields
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0].len(), 2, "{fields}");
    assert!(rows.contains(&vec!["2610.00001", "cs.CL"]), "{fields}");
    assert_eq!(
        machine.run(&["new", "cs.CL", "-f", "ids", "-o", "today"]).ok(),
        ""
    );
    assert_eq!(machine.read("today"), ids);
    assert_eq!(machine.run(&["new", "cs.CL", "-o", "today"]).code, Some(4));
}

#[test]
fn filters_and_groups_choose() {
    let (_fake, machine) = today();
    let ids = |args: &[&str]| {
        let ended = machine.run(&[&["new", "cs.CL", "math-ph", "-f", "ids"], args].concat());
        ended.ok().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--author", "erdos"]), ["2610.00003"]);
    assert_eq!(ids(&["--title", "sparse exp*"]), ["2501.00005"]);
    assert_eq!(
        ids(&["--category", "cs.LG", "--primary"]),
        ["2609.00004", "2608.00006"]
    );
    assert_eq!(ids(&["-n", "3"]), ["2610.00001", "2610.00002", "2610.00003"]);
    assert_eq!(ids(&["--only", "new"]), ["2610.00001", "2610.00002"]);
    assert_eq!(
        ids(&["--only", "cross", "--only", "new"]),
        ids(&["--only", "new,cross"])
    );
    assert_eq!(
        ids(&["--only", "replace"]),
        ["2501.00005", "hep-th/9901001", "2608.00006"]
    );
    assert_eq!(
        ids(&["--sort", "title"]),
        [
            "2610.00001",
            "2610.00002",
            "2609.00004",
            "2610.00003",
            "2501.00005",
            "hep-th/9901001",
            "2608.00006"
        ]
    );
    assert_eq!(ids(&["--only", "new", "--reverse"]), ["2610.00002", "2610.00001"]);
    insta::assert_snapshot!(
        "new_nothing_matches",
        machine.run(&["new", "cs", "--title", "zeppelin"]).shown()
    );
    insta::assert_snapshot!(
        "new_dates_refused",
        machine.run(&["new", "cs.CL", "--since", "1w"]).shown()
    );
}

#[test]
fn categories_are_asked_for_by_the_name_their_feed_has() {
    let (fake, mut machine) = today();
    for args in [
        &["cs.*"][..],
        &["CS", "cs"],
        &["math.MP", "math-ph"],
        &["cmp-lg,cs.LG"],
        &["cs.CL+hep-th"],
    ] {
        machine.run(&[&["new"], args].concat()).ok();
    }
    machine.set("ARXCAT_CATEGORIES", "cs.LG stat.ML");
    machine.run(&["new"]).ok();
    assert_eq!(
        asked_for(&fake),
        [
            "/rss/cs",
            "/rss/cs",
            "/rss/math-ph",
            "/rss/cs.CL+cs.LG",
            "/rss/cs.CL+hep-th",
            "/rss/cs.LG+stat.ML"
        ]
    );
}

#[test]
fn what_cannot_be_meant_is_told_and_nothing_is_sent() {
    let (fake, machine) = today();
    let ended = machine.run(&["new"]);
    assert_eq!(ended.code, Some(2));
    let home = machine.path("").display().to_string();
    insta::assert_snapshot!("new_no_category", ended.shown().replace(&home, "HOME/"));
    insta::assert_snapshot!(
        "new_unknown_category",
        machine.run(&["new", "cs.CL", "cs.XL"]).shown()
    );
    assert_eq!(machine.run(&["new", "cs.CL", "--only", "old"]).code, Some(2));
    assert_eq!(machine.run(&["new", "cs.CL", "--area", "code"]).code, Some(2));
    assert!(fake.requests().is_empty());
    let offline = machine.run(&["new", "cs.CL", "--offline", "--json"]);
    assert_eq!(
        (offline.code, offline.stdout.as_str()),
        (Some(3), "[]\n"),
        "{}",
        offline.shown()
    );
}

#[test]
fn what_arxiv_refuses_is_told_in_its_words() {
    let (fake, machine) = today();
    let ended = machine.run(&["new", "cs.CL", "astro-ph"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(
        ended
            .stderr
            .contains("Bad archive 'astro-ph'. Valid archive names are: cs,"),
        "{}",
        ended.stderr
    );
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_busy_arxiv_is_asked_again_and_not_for_ever() {
    let (fake, machine) = today();
    for trouble in [
        Trouble::status(503),
        Trouble::RateExceeded(200),
        Trouble::Html(200),
        Trouble::CutShort,
        Trouble::CutOff,
        Trouble::Gzip,
    ] {
        fake.next(trouble);
        assert_eq!(
            machine.run(&["new", "cs.CL", "-f", "ids"]).ok().lines().count(),
            5
        );
    }
    fake.always(Trouble::status(503));
    let ended = machine.run(&["new", "cs.CL", "-f", "ids", "-o", "today"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(!machine.path("today").exists());
    assert_eq!(machine.run(&["new", "cs.CL", "--max-wait", "0"]).code, Some(3));
}

#[test]
fn an_unchanged_feed_is_not_sent_again() {
    let (fake, machine) = today();
    let first = machine.run(&["new", "cs.CL"]).ok();
    assert_eq!(machine.run(&["new", "cs.CL"]).ok(), first);
    let verbose = machine.run(&["-vv", "new", "cs.CL"]);
    assert!(verbose.stderr.contains("304, 0 bytes"), "{}", verbose.shown());
    fake.announces(announced(TODAY).paper(invented("2610.00009", "One More", &["cs.CL"])));
    assert!(machine.run(&["new", "cs.CL"]).ok().contains("One More"));
    let asked: Vec<bool> = fake
        .requests()
        .iter()
        .map(|request| request.header("if-none-match").is_some())
        .collect();
    assert_eq!(asked, [false, true, true, true]);

    // Another feed has another file, and a damaged one is requested again.
    machine.run(&["new", "math-ph"]).ok();
    for file in fs::read_dir(machine.path("cache/arxcat/rss")).unwrap() {
        let path = file.unwrap().path();
        let half = fs::read(&path).unwrap();
        fs::write(&path, &half[..half.len() / 2]).unwrap();
    }
    assert!(machine.run(&["new", "cs.CL"]).ok().contains("One More"));
    let requests = fake.requests();
    let last = &requests[requests.len() - 2..];
    assert!(
        last.iter()
            .all(|request| request.header("if-none-match").is_none())
    );
}

#[test]
fn a_cache_that_cannot_be_written_is_reported_and_hinders_nothing() {
    let (_fake, machine) = today();
    machine.write("cache", "no folder");
    let ended = machine.run(&["new", "cs.CL", "-f", "ids"]);
    assert_shows(&ended, 5);
    assert!(
        ended.stderr.contains("the feed is not cached"),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_unasked_for_not_modified_is_no_answer() {
    let (fake, machine) = today();
    fake.next(Trouble::Body(304, "text/xml", Vec::new()));
    let ended = machine.run(&["new", "cs.CL"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
}

#[test]
fn weekends_and_holidays_are_empty_and_said_to_be() {
    let (fake, machine) = today();
    fake.announces(Announced::on("2026-10-18"));
    let sunday = at("2026-10-18T12:00:00Z", &machine, &["new", "cs.CL", "math-ph"]);
    insta::assert_snapshot!("new_sunday", sunday.shown());
    fake.announces(Announced::on("2026-12-25"));
    let holiday = at("2026-12-25T12:00:00Z", &machine, &["new", "cs.CL", "--json"]);
    insta::assert_snapshot!("new_holiday", holiday.shown());
}

#[test]
fn a_feed_that_lags_behind_is_told() {
    let (fake, machine) = today();
    fake.announces(announced("2026-10-12"));
    let ended = machine.run(&["new", "math-ph", "hep-th"]);
    insta::assert_snapshot!("new_stale", ended.shown());
    // Before midnight in the east of the US the feed is of the day before Greenwich's.
    fake.announces(announced("2026-10-14"));
    let early = at("2026-10-15T03:59:00Z", &machine, &["new", "math-ph"]);
    assert!(!early.stderr.contains("old"), "{}", early.shown());
}

#[test]
fn a_spoilt_item_is_told_and_the_rest_is_shown() {
    let (fake, machine) = today();
    let whole = feed(&fake, &machine);
    let spoilt = whole.replace("<title>Attention for Lanterns</title>", "");
    answer_with(&fake, spoilt);
    let ended = machine.run(&["new", "cs.CL", "-f", "ids"]);
    insta::assert_snapshot!("new_spoilt", ended.shown());
}

#[test]
fn a_feed_that_is_all_spoilt_fills_no_screen() {
    let (fake, machine) = today();
    let whole = feed(&fake, &machine);
    let spoilt = whole
        .replace("<title>", "<heading>")
        .replace("</title>", "</heading>");
    answer_with(&fake, spoilt);
    let ended = machine.run(&["new", "cs.CL", "--since-last"]);
    insta::assert_snapshot!("new_all_spoilt", ended.shown());
    assert_eq!(unseen(&machine), 5);
}

#[test]
fn a_feed_as_long_as_arxiv_makes_them_may_lack_something() {
    let (fake, machine) = today();
    let many = papers::many(2_100).into_iter();
    fake.announces(many.fold(Announced::on(TODAY), Announced::paper));
    let ended = machine.run(&["new", "cs", "-f", "ids", "--since-last"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(0), 2_000));
    assert!(
        ended.stderr.contains("no more than 2000 announcements"),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("will show this day again"),
        "{}",
        ended.stderr
    );
    assert_eq!(
        machine
            .run(&["new", "cs", "-f", "ids", "--since-last"])
            .stdout
            .lines()
            .count(),
        2_000
    );
}

#[test]
fn what_is_held_of_a_paper_helps_and_the_mirror_learns() {
    let (_fake, machine) = today();
    assert_eq!(
        machine.run(&["new", "cs.CL", "--tag", "todo", "-f", "ids"]).ok(),
        ""
    );
    machine.run(&["new", "cs.CL", "--since-last"]).ok();
    machine.run(&["new", "cs.CL"]).ok();
    let library = Library::existing(&machine.path("data/arxcat")).unwrap().unwrap();
    let id = ArxivId::parse("2501.00005").unwrap();
    let held = library.get(id).unwrap().unwrap();
    assert_eq!(held.paper.title, "A Second Try at Sparse Experts");
    assert_eq!(held.paper.version, Some(2));
    assert_eq!(held.as_of.unwrap().to_string(), TODAY);
    drop(library);

    let mut library = Library::open(&machine.path("data/arxcat")).unwrap();
    library.tag("todo", &[id], chrono::Utc::now()).unwrap();
    drop(library);
    assert_eq!(
        machine.run(&["new", "cs.CL", "--tag", "todo", "-f", "ids"]).ok(),
        "2501.00005\n"
    );
}

#[test]
fn a_library_that_cannot_be_used_does_not_hinder() {
    let (fake, machine) = today();
    machine.write(
        "data/arxcat/library.db",
        "this is no database, and longer than one page's header would have to be",
    );
    let ended = machine.run(&["new", "cs.CL", "-f", "ids"]);
    assert_shows(&ended, 5);
    assert!(ended.stderr.contains("warning: "), "{}", ended.stderr);
    let requests = fake.requests().len();
    let ended = machine.run(&["new", "cs.CL", "--since-last"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert_eq!(
        fake.requests().len(),
        requests,
        "nothing is asked that cannot be remembered"
    );
}

#[test]
fn since_last_shows_each_day_once() {
    let (fake, machine) = today();
    let new = |categories: &[&str]| {
        let ended = machine.run(&[&["new", "--since-last", "-f", "ids"], categories].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.shown());
        (ended.stdout, ended.stderr)
    };
    assert_eq!(new(&["math-ph"]).0, "2610.00003\nhep-th/9901001\n");
    let (again, said) = new(&["math.MP"]);
    assert_eq!(again, "");
    assert!(said.contains("was shown before"), "{said}");
    // What is listed in both was shown; what is only in the other was not.
    let (others, _) = new(&["math-ph", "hep-th", "cs.CL"]);
    assert_eq!(
        others,
        "2610.00001\n2610.00002\n2609.00004\n2501.00005\n2608.00006\n"
    );
    // Filters hide things that were not shown without them.
    assert_eq!(new(&["cs.CL", "--author", "muster"]).0, "2501.00005\n");
    assert_eq!(new(&["cs.CL", "--author", "muster"]).0, "");
    assert_eq!(new(&["cs.CL", "--only", "new"]).0, "2610.00001\n2610.00002\n");
    assert_eq!(new(&["cs.CL"]).0, "");

    fake.announces(announced_later("2026-10-16"));
    let next = at(
        "2026-10-16T12:00:00Z",
        &machine,
        &["new", "--since-last", "-f", "ids", "cs.CL"],
    );
    assert_eq!(
        (next.stdout.lines().count(), next.stderr.as_str()),
        (5, ""),
        "{}",
        next.shown()
    );
}

#[test]
fn since_last_names_the_days_that_no_feed_holds_any_more() {
    let (fake, machine) = today();
    machine.run(&["new", "--since-last", "cs.CL"]).ok();
    fake.announces(Announced::on("2026-10-18"));
    let new = |now: &str| at(now, &machine, &["new", "--since-last", "cs.CL", "-f", "ids"]);
    insta::assert_snapshot!("new_gap_sunday", new("2026-10-18T12:00:00Z").shown());
    fake.announces(announced_later("2026-10-21"));
    insta::assert_snapshot!("new_gap", new("2026-10-21T12:00:00Z").shown());
    let again = new("2026-10-21T13:00:00Z");
    assert!(!again.stderr.contains("sync"), "{}", again.shown());
}

#[test]
fn an_empty_day_is_never_remembered() {
    let (fake, machine) = today();
    fake.announces(Announced::on(TODAY));
    machine.run(&["new", "--since-last", "cs.CL"]).ok();
    fake.announces(announced(TODAY));
    assert_eq!(unseen(&machine), 5);
}

#[test]
fn what_was_not_written_was_not_shown() {
    let (fake, machine) = today();
    machine.write("today", "in the way");
    assert_eq!(
        machine.run(&["new", "--since-last", "cs.CL", "-o", "today"]).code,
        Some(4)
    );
    let full = machine.run(&["new", "--since-last", "cs.CL", "-o", "/dev/full"]);
    assert_eq!(full.code, Some(4), "{}", full.shown());
    let cut = machine.run(&["new", "--since-last", "cs.CL", "-n", "1"]);
    assert!(cut.stderr.contains("will show this day again"), "{}", cut.shown());
    fake.next(Trouble::status(400));
    assert_eq!(machine.run(&["new", "--since-last", "cs.CL"]).code, Some(3));
    assert_eq!(unseen(&machine), 5);
}

#[test]
fn a_reader_that_leaves_has_not_seen_all() {
    let (fake, machine) = today();
    let many = papers::many(1_900).into_iter();
    fake.announces(many.fold(Announced::on(TODAY), Announced::paper));
    let mut command = machine.arxcat(&["new", "--since-last", "cs", "--json"]).command();
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(
        ended.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    let again = machine.run(&["new", "--since-last", "cs", "-f", "ids"]).ok();
    assert_eq!(again.lines().count(), 1_900);
}

#[test]
fn what_is_announced_can_be_gone_on_with_on_a_machine_without_a_library() {
    let (_fake, machine) = today();
    let ids = machine.run(&["new", "math-ph", "-f", "ids"]).ok();
    assert_eq!(
        machine.run(&["list", "-L", "-f", "ids"]).ok(),
        "",
        "nothing is kept"
    );
    let tagged = machine.arxcat(&["tag", "todo"]).stdin(&ids).run();
    assert_eq!(tagged.code, Some(0), "{}", tagged.shown());
    assert_eq!(
        machine.run(&["show", "2610.00003", "-f", "ids"]).ok(),
        "2610.00003\n"
    );
}

#[test]
fn a_library_that_cannot_be_made_only_warns() {
    let (_fake, machine) = today();
    machine.write("file", "no folder");
    let ended = machine.run(&["--library-dir", "file/library", "new", "math-ph", "-f", "ids"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(ended.stdout.starts_with("2610.00003\n"), "{}", ended.shown());
    assert!(ended.stderr.contains("warning: "), "{}", ended.shown());
}

#[test]
fn a_day_to_come_is_never_remembered() {
    let (fake, machine) = today();
    let new = || machine.run(&["new", "--since-last", "cs.CL", "-f", "ids"]);
    fake.announces(announced("2099-01-01"));
    for _ in 0..2 {
        let ended = new();
        assert_eq!(ended.stdout.lines().count(), 5, "{}", ended.shown());
        assert!(ended.stderr.contains("will show it again"), "{}", ended.shown());
    }
    fake.announces(announced(TODAY));
    assert_eq!(new().stdout.lines().count(), 5);
    // A mark of a day to come, made when the clock was wrong, is believed no more.
    fake.announces(announced_later("2026-10-16"));
    let later = at(
        "2026-10-16T12:00:00Z",
        &machine,
        &["new", "--since-last", "cs.CL"],
    );
    assert_eq!(later.stdout.lines().count(), 5);
    fake.announces(announced(TODAY));
    assert_eq!(new().stdout.lines().count(), 5);
    assert_eq!(new().stdout, "");
}

#[test]
fn an_older_feed_is_not_called_shown() {
    let (fake, machine) = today();
    machine.run(&["new", "--since-last", "cs.CL"]).ok();
    fake.announces(announced("2026-10-13"));
    let ended = machine.run(&["new", "--since-last", "cs.CL"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    assert!(!ended.stderr.contains("shown before"), "{}", ended.shown());
    assert!(ended.stderr.contains("`arxcat new cs.CL`"), "{}", ended.shown());
}

#[test]
fn a_gap_is_told_to_the_quiet_as_well() {
    let (fake, machine) = today();
    machine.run(&["new", "--since-last", "cs.CL"]).ok();
    fake.announces(announced_later("2026-10-21"));
    let ended = at(
        "2026-10-21T12:00:00Z",
        &machine,
        &["-q", "new", "--since-last", "cs.CL"],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(
        ended.stderr.contains("2026-10-16 to 2026-10-20"),
        "{}",
        ended.shown()
    );
}

#[test]
fn a_character_that_cannot_be_spoils_one_paper() {
    let (fake, machine) = today();
    let whole = feed(&fake, &machine);
    let spoilt = whole.replace("Attention for Lanterns", "Attention&#27; for Lanterns");
    answer_with(&fake, spoilt);
    let ended = machine.run(&["new", "cs.CL", "-f", "ids"]);
    assert_shows(&ended, 4);
    assert!(ended.stderr.contains("2610.00001"), "{}", ended.shown());
    // Outside of all items it is the whole feed's fault, and nobody's refusal.
    let spoilt = whole.replacen("<title>", "<title>&#27;", 1);
    answer_with(&fake, spoilt);
    let ended = machine.run(&["new", "cs.CL"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(ended.stderr.contains("cannot be read"), "{}", ended.shown());
    assert!(!ended.stderr.contains("refused"), "{}", ended.shown());
}

#[test]
fn a_feed_of_no_day_is_told_to_be_one() {
    let (fake, machine) = today();
    let whole = feed(&fake, &machine);
    let spoilt = whole
        .replace("pubDate>", "noDate>")
        .replace("lastBuildDate>", "noDate>");
    answer_with(&fake, spoilt);
    let ended = machine.run(&["new", "--since-last", "cs.CL", "-f", "ids"]);
    assert_eq!(ended.stdout.lines().count(), 5, "{}", ended.shown());
    assert!(ended.stderr.contains("of an unknown day"), "{}", ended.shown());
    assert!(!ended.stderr.contains("not all was shown"), "{}", ended.shown());
}

#[test]
fn a_stale_feed_is_shown_once_and_its_day_is_named_later() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.announces(announced("2026-10-14"));
    let new = |now: &str| at(now, &machine, &["new", "--since-last", "cs.CL", "-f", "ids"]);
    assert_eq!(new("2026-10-14T12:00:00Z").ok().lines().count(), 5);
    // Yesterday's papers under today's date.
    fake.announces(announced("2026-10-15"));
    for _ in 0..2 {
        let stale = new("2026-10-15T12:00:00Z");
        assert_eq!(
            (stale.code, stale.stdout.as_str()),
            (Some(0), ""),
            "{}",
            stale.shown()
        );
        assert!(
            stale
                .stderr
                .contains("is stale: all its new papers were shown on 2026-10-14"),
            "{}",
            stale.shown()
        );
    }
    fake.announces(announced_later("2026-10-16"));
    let next = new("2026-10-16T12:00:00Z");
    assert_eq!(next.stdout.lines().count(), 5, "{}", next.shown());
    assert!(
        next.stderr
            .contains("what cs.CL announced on 2026-10-15 was not shown")
            && next
                .stderr
                .contains("`arxcat sync --set cs.CL --since 2026-10-15`"),
        "{}",
        next.shown()
    );
}

#[test]
fn dates_are_refused_with_the_commands_that_can() {
    let (fake, machine) = today();
    for flag in ["--since", "--until"] {
        let refused = machine.run(&["new", "cs.CL", flag, "7d"]);
        assert_eq!(refused.code, Some(2), "{}", refused.shown());
        assert!(
            refused.stderr.contains("has one day of announcements")
                && refused.stderr.contains("`arxcat sync cs.CL --since 7d`")
                && refused
                    .stderr
                    .contains(&format!("`arxcat list -M --category cs.CL {flag} 7d`")),
            "{}",
            refused.shown()
        );
    }
    assert!(fake.requests().is_empty());
}

#[test]
fn what_goes_into_the_null_device_was_not_shown() {
    let (_fake, machine) = today();
    let run = |redirect: &str| {
        let mut command = machine.arxcat(&["new", "--since-last", "cs.CL"]).command();
        let program = command.get_program().to_owned();
        let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let variables: Vec<_> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        command = std::process::Command::new("sh");
        command
            .args(["-c", &format!("exec \"$@\" {redirect}"), "sh"])
            .arg(program)
            .args(args)
            .env_clear()
            .envs(variables);
        command.output().unwrap()
    };
    for (redirect, code, message) in [
        (">&-", 4, "standard output is closed"),
        (">/dev/null", 0, "nothing is marked as shown"),
    ] {
        let ended = run(redirect);
        let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(code), "{redirect}: {stderr}");
        assert!(stderr.contains(message), "{redirect}: {stderr}");
    }
    assert_eq!(unseen(&machine), 5);
}
