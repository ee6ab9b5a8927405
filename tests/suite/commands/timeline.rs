//! `timeline`: the picture people come for.

use crate::arxcat::Machine;

#[test]
fn the_picture_fits_the_terminal_in_both_languages() {
    let machine = Machine::new();
    insta::assert_snapshot!(
        "timeline_80",
        machine.arxcat(&["timeline"]).terminal(80).run().ok()
    );
    insta::assert_snapshot!(
        "timeline_40",
        machine.arxcat(&["timeline"]).terminal(40).run().ok()
    );
    insta::assert_snapshot!(
        "timeline_zh_80",
        machine
            .arxcat(&["timeline", "--lang", "zh"])
            .terminal(80)
            .run()
            .ok()
    );
    insta::assert_snapshot!(
        "timeline_zh_40",
        machine
            .arxcat(&["timeline", "--lang", "zh"])
            .terminal(40)
            .run()
            .ok()
    );
    insta::assert_snapshot!(
        "timeline_quarter_80",
        machine
            .arxcat(&["timeline", "--by", "quarter"])
            .terminal(80)
            .run()
            .ok()
    );
    insta::assert_snapshot!(
        "timeline_year_80",
        machine
            .arxcat(&["timeline", "--by", "year"])
            .terminal(80)
            .run()
            .ok()
    );
}

#[test]
fn piped_it_is_the_same_picture_uncut() {
    insta::assert_snapshot!("timeline_piped", Machine::new().run(&["timeline"]).ok());
}

#[test]
fn the_locale_chooses_the_language() {
    let machine = Machine::new();
    let chinese = machine.run(&["timeline", "--lang", "zh"]).ok();
    assert_eq!(
        machine
            .arxcat(&["timeline"])
            .env("LANG", "zh_CN.UTF-8")
            .run()
            .ok(),
        chinese
    );
    let english = machine
        .arxcat(&["timeline"])
        .env("LANG", "zh_CN.UTF-8")
        .env("LC_ALL", "en_GB.UTF-8")
        .run()
        .ok();
    assert_eq!(english, machine.run(&["timeline"]).ok());
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let machine = Machine::new();
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        let mut run = machine.arxcat(args).terminal(80);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.run().ok().contains('\u{1b}')
    };
    assert!(!run(&["timeline"], &[]), "NO_COLOR is set");
    assert!(run(&["timeline"], &[("NO_COLOR", "")]));
    assert!(!run(&["timeline"], &[("NO_COLOR", ""), ("TERM", "dumb")]));
    assert!(run(&["timeline", "--color", "always"], &[]));
    assert!(
        !machine
            .arxcat(&["timeline"])
            .env("NO_COLOR", "")
            .run()
            .ok()
            .contains('\u{1b}'),
        "a pipe"
    );
    assert!(
        machine
            .arxcat(&["timeline"])
            .env("NO_COLOR", "")
            .env("CLICOLOR_FORCE", "1")
            .run()
            .ok()
            .contains('\u{1b}')
    );
}

#[test]
fn reverse_turns_the_whole_picture_and_a_limit_takes_the_first_papers_shown() {
    let machine = Machine::new();
    let ids = |args: &[&str]| -> Vec<String> {
        let picture = machine.run(&[&["timeline"], args].concat()).ok();
        let lines = picture.lines().filter(|line| line.starts_with("  "));
        lines
            .map(|line| line.split_whitespace().nth(1).unwrap().to_owned())
            .collect()
    };
    let forward = ids(&[]);
    assert_eq!((forward.len(), forward[0].as_str()), (35, "2310.16818"));
    let mut backward = ids(&["--reverse"]);
    assert_eq!(backward[0], "2609.22978");
    backward.reverse();
    assert_eq!(backward, forward);
    assert_eq!(ids(&["-n", "4"]), forward[..4]);
    let newest: Vec<_> = forward.iter().rev().take(4).cloned().collect();
    assert_eq!(ids(&["--reverse", "-n", "4"]), newest);
    let picture = machine.run(&["timeline", "--reverse", "--by", "year"]).ok();
    let years: Vec<_> = picture
        .lines()
        .filter_map(|line| line.get(..4)?.parse::<u32>().ok())
        .collect();
    assert_eq!(years, [2026, 2025, 2024, 2023]);

    let by_title = machine.run(&["timeline", "--by", "year", "--sort", "title"]).ok();
    let all = ids(&["--by", "year", "--sort", "title"]);
    assert_eq!(all[0], "2310.16818", "the first year is first");
    assert_eq!(ids(&["--by", "year", "--sort", "title", "-n", "3"]), all[..3]);
    let of_2024: Vec<String> = by_title
        .lines()
        .skip_while(|line| !line.starts_with("2024"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .map(|line| line.split_whitespace().nth(1).unwrap().to_owned())
        .collect();
    let listed = machine
        .run(&[
            "list", "--sort", "title", "--since", "2024", "--until", "2024", "-f", "ids",
        ])
        .ok();
    assert_eq!(of_2024, listed.lines().collect::<Vec<_>>());
}

#[test]
fn markdown_makes_a_page_and_other_formats_give_records() {
    let machine = Machine::new();
    insta::assert_snapshot!(
        "timeline_markdown",
        machine
            .run(&["timeline", "-f", "markdown", "--since", "2026"])
            .ok()
    );
    insta::assert_snapshot!(
        "timeline_markdown_zh",
        machine
            .run(&["timeline", "-f", "markdown", "--since", "2026-06", "--lang", "zh"])
            .ok()
    );
    let records = machine.run(&["timeline", "--json"]).json();
    assert_eq!(
        (records.len(), records[0]["id"].as_str()),
        (35, Some("2310.16818")),
        "oldest first"
    );
}
