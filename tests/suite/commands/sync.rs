//! `sync`: the mirror follows the fake arXiv, whatever happens on the way.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use nix::sys::signal::Signal;

use super::search::nobody_there;
use crate::arxcat::Machine;
use crate::fake::{Fake, Invented, Trouble, papers};
use crate::recordings;

fn setup(papers: Vec<Invented>) -> (Fake, Machine) {
    let fake = Fake::with(papers);
    let machine = Machine::with_arxiv(&fake.url());
    (fake, machine)
}

/// The mirror: each paper's identifier and version.
fn mirror(machine: &Machine) -> BTreeMap<String, u64> {
    let listed = machine.run(&["export", "-M", "-f", "jsonl"]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let records = listed.json();
    let found: BTreeMap<String, u64> = records
        .iter()
        .map(|paper| {
            (
                paper["id"].as_str().unwrap().to_owned(),
                paper["version"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(found.len(), records.len());
    found
}

/// What arXiv has, as the mirror should.
fn truth(fake: &Fake) -> BTreeMap<String, u64> {
    fake.oai(|oai| {
        let live = oai.entries.iter().filter(|entry| !entry.deleted);
        live.map(|entry| (entry.paper.id.clone(), entry.paper.versions.len() as u64))
            .collect()
    })
}

fn lists(fake: &Fake) -> Vec<(Option<String>, Option<String>)> {
    let requests = fake.requests();
    let lists = requests
        .iter()
        .filter(|request| request.param("verb") == Some("ListRecords"));
    let owned = |text: Option<&str>| text.map(str::to_owned);
    lists
        .map(|request| (owned(request.param("set")), owned(request.param("from"))))
        .collect()
}

/// After this many further requests arXiv fails for longer than the client retries.
fn break_off_after(fake: &Fake, pages: usize) {
    for _ in 0..pages {
        fake.next(Trouble::None);
    }
    for _ in 0..5 {
        fake.next(Trouble::status(503));
    }
}

#[test]
fn a_first_harvest_fills_the_mirror_and_the_next_goes_on() {
    let (fake, machine) = setup(papers::many(30));
    fake.oai(|oai| oai.page = 7);
    let first = machine.run(&["sync", "--everything", "--yes"]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(first.stdout, "");
    assert!(
        first
            .stderr
            .contains("all of arXiv: 30 new, 0 updated, 0 withdrawn, 0 deleted"),
        "{}",
        first.stderr
    );
    assert_eq!(mirror(&machine), truth(&fake));
    fake.assert_polite(Duration::ZERO);

    let last = fake.oai(|oai| {
        let id = oai.entries[3].paper.id.clone();
        oai.revise(&id);
        let withdrawn = oai.entries[5].paper.id.clone();
        oai.revise(&withdrawn);
        oai.entry(&withdrawn).withdrawn = vec![2];
        let gone = oai.entries[9].paper.id.clone();
        oai.delete(&gone, "2026-10-14");
        oai.entries[26].datestamp
    });
    let before = fake.requests().len();
    let next = machine.run(&["sync", "--everything", "--yes"]);
    assert!(
        next.stderr.contains("0 new, 2 updated, 1 withdrawn, 1 deleted"),
        "{}",
        next.stderr
    );
    assert_eq!(mirror(&machine), truth(&fake));
    assert_eq!(mirror(&machine).len(), 29);
    let request = &fake.requests()[before];
    assert_eq!(
        request.param("from"),
        Some(last.pred_opt().unwrap().to_string().as_str())
    );
}

#[test]
fn categories_are_sets_and_each_has_its_mark() {
    let (fake, mut machine) = setup(papers::many(30));
    machine.set("ARXCAT_CATEGORIES", "cs.CL,cs.LG");
    machine.run(&["sync"]).ok();
    let sets: Vec<_> = lists(&fake).into_iter().map(|(set, _)| set.unwrap()).collect();
    assert_eq!(sets, ["cs:cs:CL", "cs:cs:LG"]);
    assert!(mirror(&machine).len() < 30);
    machine.run(&["sync", "--set", "cs"]).ok();
    assert_eq!(lists(&fake)[2], (Some("cs:cs".to_owned()), None));
    assert_eq!(mirror(&machine), truth(&fake));
    // The archive's mark counts for its categories.
    machine.run(&["sync", "--set", "cs.AI"]).ok();
    assert!(lists(&fake)[3].1.is_some());
}

#[test]
fn since_and_until_bound_a_harvest_and_leave_no_hole_behind_the_mark() {
    let (fake, machine) = setup(papers::many(100));
    let first = machine.run(&["sync", "--set", "cs", "--since", "2016", "--until", "2018"]);
    assert!(
        first.stderr.contains(
            "what was changed last from 2005-09-16 to the day before 2016-01-01 was left out; `arxcat sync --set cs`"
        ),
        "{}",
        first.stderr
    );
    assert!(!first.stderr.contains("complete before"), "{}", first.stderr);
    let held = mirror(&machine).len();
    assert!((20..40).contains(&held), "{held}");

    machine.run(&["sync", "--set", "cs", "--since", "2024"]).ok();
    let more = mirror(&machine).len();
    assert!(more > held);
    machine.run(&["sync", "--set", "cs", "--until", "2012"]).ok();
    assert_eq!(lists(&fake)[2].1, None, "there was no mark");
    let later = machine.run(&["sync", "--set", "cs", "--since", "2024"]);
    assert!(
        later
            .stderr
            .contains("from 2012-12-31 to the day before 2024-01-01 was left out"),
        "{}",
        later.stderr
    );
    machine.run(&["sync", "--set", "cs"]).ok();
    assert_eq!(
        lists(&fake)[4].1.as_deref(),
        Some("2012-12-31"),
        "the mark did not jump the hole"
    );
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn an_archive_that_began_late_covers_no_category() {
    for wider in [vec!["--set", "cs"], vec!["--everything", "--yes"]] {
        let (fake, machine) = setup(papers::many(100));
        machine
            .run(&["sync", "--set", "cs.CL", "--until", "2012-12-31"])
            .ok();
        let late = [&["sync"][..], &wider, &["--since", "2024"]].concat();
        machine.run(&late).ok();
        machine.run(&["sync", "--set", "cs.CL"]).ok();
        assert_eq!(lists(&fake)[2].1.as_deref(), Some("2012-12-31"), "{wider:?}");
        let held = mirror(&machine);
        let own = fake.oai(|oai| {
            let own = oai
                .entries
                .iter()
                .filter(|entry| entry.paper.categories.iter().any(|code| code == "cs.CL"));
            own.map(|entry| entry.paper.id.clone()).collect::<Vec<_>>()
        });
        assert!(own.iter().all(|id| held.contains_key(id)), "{wider:?}");
    }
}

#[test]
fn a_harvest_from_the_first_datestamp_is_one_from_the_beginning() {
    let (fake, machine) = setup(papers::many(40));
    fake.oai(|oai| oai.page = 5);
    break_off_after(&fake, 3);
    let ended = machine.run(&["sync", "--set", "cs", "--since", "1999"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(!ended.stderr.contains("complete before"), "{}", ended.stderr);
    assert_eq!(lists(&fake)[0].1.as_deref(), Some("2005-09-16"));
    let before = lists(&fake).len();
    let ended = machine.run(&["sync", "--set", "cs"]);
    assert!(ended.stderr.contains("complete before"), "{}", ended.stderr);
    assert!(lists(&fake)[before].1.as_deref() > Some("2005-09-16"));
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn dates_that_cannot_be_are_refused() {
    let (fake, machine) = setup(papers::many(3));
    for (dates, said) in [
        (
            ["--since", "2024", "--until", "2023"],
            "--until 2023-12-31 is before --since",
        ),
        (["--since", "2099-01-01", "--until", "2099"], "is in the future"),
        (
            ["--since", "1995", "--until", "1999"],
            "before arXiv's first datestamp",
        ),
    ] {
        let bad = machine.run(&[&["sync", "--set", "cs"][..], &dates].concat());
        assert_eq!(bad.code, Some(2));
        assert!(bad.stderr.contains(said), "{}", bad.stderr);
    }
    assert!(fake.requests().is_empty());
    machine.run(&["sync", "--set", "cs", "--until", "2099"]).ok();
    assert!(fake.requests()[0].param("until") < Some("2099"));
}

#[test]
fn what_was_harvested_already_is_not_asked_for() {
    let (fake, machine) = setup(papers::many(30));
    machine.run(&["sync", "--everything", "--yes"]).ok();
    let before = fake.requests().len();
    for which in [["--set", "cs"].as_slice(), &["--everything"]] {
        let ended = machine.run(&[&["sync", "--until", "2012"], which].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stderr.contains("nothing to do"), "{}", ended.stderr);
    }
    assert_eq!(fake.requests().len(), before);
}

#[test]
fn after_a_complete_snapshot_nothing_older_is_asked_for() {
    let (fake, machine) = setup(papers::many(30));
    fake.oai(|oai| oai.page = 2);
    machine.write(
        "dump",
        "{\"id\":\"0704.0001\",\"title\":\"Kelp\",\"authors\":\"J. Doe\",\"abstract\":\"Of kelp.\",\
         \"categories\":\"cs.CL\",\"update_date\":\"2016-01-08\",\"versions\":[{\"version\":\"v1\",\
         \"created\":\"Mon, 2 Apr 2007 19:17:29 GMT\"}],\"authors_parsed\":[[\"Doe\",\"J.\",\"\"]]}\n",
    );
    machine.run(&["import", "--mirror", "--complete", "dump"]).ok();
    machine.run(&["sync", "--everything", "--yes"]).ok();
    let requests = fake.requests();
    let firsts: Vec<_> = requests
        .iter()
        .filter(|request| request.param("verb").is_some() && request.param("resumptionToken").is_none())
        .map(|request| (request.param("verb").unwrap(), request.param("from").unwrap()))
        .collect();
    assert_eq!(
        firsts,
        [("ListRecords", "2016-01-01"), ("ListIdentifiers", "2016-01-01")]
    );
}

#[test]
fn a_format_streams_and_moves_no_mark() {
    let (fake, machine) = setup(papers::many(30));
    fake.oai(|oai| {
        oai.page = 7;
        let second = oai.entries[1].paper.id.clone();
        oai.after(1, move |oai| oai.revise(&second));
    });
    let streamed = machine.run(&["sync", "--everything", "--yes", "-f", "jsonl"]);
    assert_eq!(streamed.code, Some(0), "{}", streamed.stderr);
    let ids: std::collections::BTreeSet<String> = streamed
        .json()
        .iter()
        .map(|paper| paper["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 30, "what paging skipped came too");
    assert_eq!(streamed.json()[0]["source"], "oai");
    assert!(!machine.path("data").exists());

    machine.run(&["sync", "--set", "cs.CL", "-o", "cl.jsonl"]).ok();
    assert!(machine.read("cl.jsonl").lines().count() > 5);
    machine.run(&["sync", "--set", "cs.CL"]).ok();
    assert!(lists(&fake).iter().all(|(_, from)| from.is_none()));
}

#[test]
fn all_of_arxiv_is_asked_about() {
    let (fake, machine) = setup(papers::many(3));
    let refused = machine.run(&["sync", "--everything"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused
            .stderr
            .contains("about 3000000 papers come in 2458 requests, which takes 3 h 24 min to 100 h as arXiv answered in 2026"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("take about 9.6 GB on disk"),
        "{}",
        refused.stderr
    );
    // Most of what follows is stored already, in an older version.
    let later = machine.run(&["sync", "--everything", "--since", "2026-07-08"]);
    assert!(
        later.stderr.contains("about 250000 papers come") && later.stderr.contains("about 320.0 MB"),
        "{}",
        later.stderr
    );
    assert!(refused.stderr.contains("--yes"));
    let nothing = machine.run(&["sync"]);
    assert_eq!(nothing.code, Some(2));
    assert!(
        nothing.stderr.contains("arxcat sync --set cs.CL"),
        "{}",
        nothing.stderr
    );
    let unknown = machine.run(&["sync", "--set", "cs.CX"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("did you mean"), "{}", unknown.stderr);
    let offline = machine.run(&["sync", "--set", "cs", "--offline"]);
    assert_eq!(offline.code, Some(3));
    assert!(fake.requests().is_empty());
}

#[test]
fn a_spoilt_record_is_told_and_is_exit_1() {
    let (fake, machine) = setup(papers::many(5));
    let id = fake.oai(|oai| {
        oai.entries[1].paper.title = "A \u{b} Title".to_owned();
        oai.entries[2].paper.title.clear();
        oai.entries[2].paper.id.clone()
    });
    let ended = machine.run(&["sync", "--set", "cs"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains(&format!("the record of {id} cannot be read")),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("1 unreadable"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("complete before"), "{}", ended.stderr);
    assert_eq!(mirror(&machine).len(), 4);
    let quiet = machine.run(&["sync", "-q", "--set", "math,cs", "--since", "2005-09-16"]);
    assert_eq!(quiet.code, Some(1));
    assert!(
        quiet.stderr.contains(&format!("`arxcat fetch {id}`")),
        "{}",
        quiet.stderr
    );
}

#[test]
fn a_set_that_arxiv_refuses_holds_up_no_other() {
    let (fake, machine) = setup(papers::many(30));
    for refusal in [
        Trouble::status(404),
        Trouble::Body(
            200,
            "text/xml",
            b"<OAI-PMH><responseDate>2026-10-15T05:06:07Z</responseDate><error code='badArgument'>Set does not \
              exist</error></OAI-PMH>"
                .to_vec(),
        ),
    ] {
        fake.next(refusal);
        let ended = machine.run(&["sync", "stat.ML", "cs.CL,cs.LG"]);
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains("error: stat.ML: arXiv refused"), "{}", ended.stderr);
        assert!(ended.stderr.contains("cs.LG: "), "{}", ended.stderr);
        assert!(!mirror(&machine).is_empty());
    }
    let sets: Vec<_> = lists(&fake).into_iter().map(|(set, _)| set.unwrap()).collect();
    assert_eq!(sets[..3], ["stat:stat:ML", "cs:cs:CL", "cs:cs:LG"]);
}

#[test]
fn what_came_before_a_failure_is_kept_and_gone_on_from() {
    let (fake, machine) = setup(papers::many(40));
    fake.oai(|oai| oai.page = 5);
    break_off_after(&fake, 3);
    let ended = machine.run(&["sync", "--set", "cs"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("cs: 15 new"), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 window"), "{}", ended.stderr);
    assert_eq!(mirror(&machine).len(), 15);
    machine.run(&["sync", "--set", "cs"]).ok();
    assert_eq!(mirror(&machine), truth(&fake));
    // The first walk was never checked for what its paging skipped: the second checks from the beginning.
    let requests = fake.requests();
    let check = requests
        .iter()
        .find(|request| request.param("verb") == Some("ListIdentifiers"))
        .unwrap();
    assert_eq!(check.param("from"), Some("2005-09-16"));
}

#[test]
fn an_interrupt_ends_in_order() {
    let (fake, machine) = setup(papers::many(40));
    fake.oai(|oai| oai.page = 5);
    fake.next(Trouble::None);
    fake.next(Trouble::None);
    fake.next(Trouble::Stall(Duration::from_secs(20)));
    let running = machine.arxcat(&["sync", "--set", "cs"]).start();
    fake.wait_for_requests(3);
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}", ended.stderr);
    assert!(ended.stderr.contains("cs: 10 new"), "{}", ended.stderr);
    assert_eq!(mirror(&machine).len(), 10);
    machine.run(&["sync", "--set", "cs"]).ok();
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn killed_at_any_moment_the_mirror_ends_as_if_it_had_not_been() {
    let (fake, machine) = setup(papers::many(400));
    fake.oai(|oai| oai.page = 10);
    fake.always(Trouble::Stall(Duration::from_millis(2)));
    for round in 0..20_u64 {
        let running = machine.arxcat(&["sync", "--set", "cs"]).start();
        std::thread::sleep(Duration::from_millis(20 + round * 17 % 160));
        running.signal(Signal::SIGKILL);
        let ended = running.wait();
        if ended.code.is_some() {
            break;
        }
        if round % 5 == 0 {
            fake.oai(|oai| {
                let id = oai.entries[usize::try_from(round).unwrap()].paper.id.clone();
                oai.revise(&id);
            });
        }
    }
    let ended = machine.run(&["sync", "--set", "cs"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn recorded_walks_end_with_all_their_papers() {
    let Some(folder) = recordings::folder("sync") else {
        return;
    };
    for prefix in ["walk_all_arXivRaw_", "walk_all_arXiv_"] {
        let mut pages = HashMap::new();
        let mut headers = String::new();
        let mut name = "ListRecords".to_owned();
        for page in 1..=4 {
            let path = folder.join(format!("generated/oai/{prefix}page{page:02}.xml"));
            let body = std::fs::read_to_string(path).unwrap();
            for header in body.split("<header>").skip(1) {
                headers += "<header>";
                headers += header.split_inclusive("</header>").next().unwrap();
            }
            let token = body.split("<resumptionToken").nth(1).unwrap();
            let token = token
                .split_once('>')
                .unwrap()
                .1
                .split('<')
                .next()
                .unwrap()
                .to_owned();
            pages.insert(std::mem::replace(&mut name, token), body.into_bytes());
        }
        let response = "<responseDate>2026-11-21T17:59:21Z</responseDate>";
        let list = format!("<OAI-PMH>{response}<ListIdentifiers>{headers}</ListIdentifiers></OAI-PMH>");
        pages.insert("ListIdentifiers".to_owned(), list.into_bytes());
        let (fake, machine) = setup(Vec::new());
        fake.oai(|oai| oai.replayed = pages);
        let ended = machine.run(&["sync", "--everything", "--yes"]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let count = machine.run(&["list", "-M", "-f", "ids"]).ok().lines().count();
        assert_eq!(count, 503, "{}", ended.stderr);
        assert_eq!(fake.requests().len(), 5);
    }
}

#[test]
fn a_deleted_paper_leaves_the_answers_and_keeps_its_tags() {
    let (fake, machine) = setup(papers::many(5));
    machine.run(&["sync", "--set", "cs"]).ok();
    let id = fake.oai(|oai| oai.entries[1].paper.id.clone());
    machine.run(&["tag", "todo", &id]).ok();
    machine.run(&["note", &id, "read section 3"]).ok();
    fake.oai(|oai| oai.delete(&id, "2026-10-14"));
    machine.run(&["sync", "--set", "cs"]).ok();
    assert!(!mirror(&machine).contains_key(&id));
    let shown = machine.run(&["show", &id]);
    assert_eq!(shown.code, Some(1));
    assert!(
        shown
            .stderr
            .contains("arXiv deleted this paper; your tags: todo; your note: read section 3"),
        "{}",
        shown.stderr
    );
    let tags = machine.run(&["tags"]);
    assert!(
        tags.stderr.contains(&format!(
            "1 paper whose record is not here, so that no list has it: `arxcat show {id}`"
        )),
        "{}",
        tags.stderr
    );
    let fetched = machine.run(&["fetch", &id]);
    assert!(
        fetched.stderr.contains("arXiv deleted this paper"),
        "{}",
        fetched.stderr
    );
    // Should arXiv bring it back, it is tagged as before.
    fake.oai(|oai| {
        oai.entry(&id).deleted = false;
        oai.revise(&id);
    });
    machine.run(&["sync", "--set", "cs"]).ok();
    let tagged = machine.run(&["list", "-M", "--tag", "todo", "-f", "ids"]).ok();
    assert_eq!(tagged.trim(), id);
    machine.run(&["show", &id]).ok();
    assert_eq!(machine.run(&["tags"]).stderr, "");
}

#[test]
fn a_deletion_that_paging_skipped_leaves_the_mirror() {
    let (fake, machine) = setup(papers::many(30));
    let (first, gone) = fake.oai(|oai| {
        oai.page = 7;
        (oai.entries[0].paper.id.clone(), oai.entries[7].paper.id.clone())
    });
    machine.run(&["fetch", &gone]).ok();
    fake.oai(|oai| {
        oai.entry(&gone).deleted = true;
        // The second page begins behind it.
        oai.after(1, move |oai| oai.revise(&first));
    });
    let ended = machine.run(&["sync", "--everything", "--yes"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 deleted"), "{}", ended.stderr);
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn an_arxiv_that_is_ahead_of_time_does_not_end_the_harvests() {
    let (fake, machine) = setup(papers::many(5));
    let right = fake.oai(|oai| {
        let right = std::mem::replace(&mut oai.today, "2035-01-01".parse().unwrap());
        let id = oai.entries[0].paper.id.clone();
        oai.revise(&id);
        right
    });
    let ahead = machine.run(&["sync", "--set", "cs"]);
    assert_eq!(ahead.code, Some(0), "{}", ahead.stderr);
    assert!(
        ahead.stderr.contains("complete before 2026-10-15"),
        "{}",
        ahead.stderr
    );
    fake.oai(|oai| {
        oai.today = right;
        let id = oai.entries[1].paper.id.clone();
        oai.revise(&id);
    });
    machine.run(&["sync", "--set", "cs"]).ok();
    assert_eq!(mirror(&machine), truth(&fake));
}

#[test]
fn a_terminal_without_anybody_at_it_is_told_to_say_yes() {
    let (fake, machine) = setup(papers::many(3));
    let (ended, told) = nobody_there(&machine, &["sync", "--everything"]);
    assert_eq!(ended.status.code(), Some(2), "{told}");
    assert!(told.contains("say --yes"), "{told}");
    assert!(fake.requests().is_empty());
    let no = machine.arxcat(&["sync", "--everything"]).typed("n\n").run();
    assert_eq!(no.code, Some(0), "{}", no.shown());
}
