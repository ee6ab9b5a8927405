//! Records by identifier and searches against the fake arXiv: batches, pages, slices, and answers that are rejected.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use arxcat::arxiv::api::{Error, Records, SearchRequest, SearchSummary, SortBy, requests_for, search};
use arxcat::model::id::ArxivId;
use arxcat::model::ledger::{RecordOrigin, Status};
use arxcat::model::outcome::Outcome;
use arxcat::model::paper::Paper;
use arxcat::net::{self, Client, Config};
use chrono::{DateTime, TimeZone, Utc};
use tokio::sync::watch;

use crate::fake::{Fake, Invented, Trouble, papers};

fn client(folder: &Path) -> Client {
    let config = Config {
        service: arxcat::arxiv::SERVICE,
        state_dir: folder.to_owned(),
        interval: Duration::from_millis(1),
        retry_base: Duration::from_millis(1),
        timeout: Some(Duration::from_secs(20)),
        max_wait: None,
        contact: None,
    };
    Client::new(config, Box::new(|_| ()), watch::channel(false).1)
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

/// The outcomes of these identifiers in the order in which they arrived, and the result.
fn ask(fake: &Fake, ids: &[&str]) -> (Vec<(String, String)>, Result<(), net::Error>) {
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path());
    let ids: Vec<ArxivId> = ids.iter().map(|text| id(text)).collect();
    let mut outcomes = Vec::new();
    let api = fake.api();
    let end = run(async {
        let mut records = Records::new(&client, &api, ids);
        while let Some(batch) = records.next().await? {
            for (id, outcome) in batch {
                let outcome = match outcome {
                    Outcome::Found(paper, RecordOrigin::Api) => {
                        assert_eq!(paper.requested_id, Some(id));
                        format!("v{}", paper.version.unwrap())
                    }
                    Outcome::Failed(Status::NotFound, _) => "not found".to_owned(),
                    Outcome::Failed(Status::Deleted, _) => "deleted".to_owned(),
                    Outcome::Failed(Status::Malformed | Status::Unavailable, reason) => reason,
                    other => panic!("{other:?}"),
                };
                outcomes.push((id.to_string(), outcome));
            }
        }
        Ok(())
    });
    (outcomes, end)
}

fn answers(fake: &Fake, ids: &[&str]) -> Vec<String> {
    let (outcomes, end) = ask(fake, ids);
    end.unwrap();
    let order: Vec<_> = outcomes.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(order, ids);
    outcomes.into_iter().map(|(_, answer)| answer).collect()
}

#[test]
fn records_come_in_the_order_asked_each_under_its_own_name() {
    let fake = Fake::start();
    fake.next(Trouble::Backwards);
    let ids = [
        "2501.00002v1",
        "hep-th/9901001",
        "2501.99999",
        "2501.00001",
        "2501.00002v3",
        "2501.00001v7",
    ];
    assert_eq!(
        answers(&fake, &ids),
        ["v1", "v2", "not found", "v1", "v3", "not found"]
    );
    let request = &fake.requests()[0];
    assert_eq!(request.param("max_results"), Some("5"));
    // `2501.00001v7` waited for a second request: its bare form was in the first, and its answer is believed only
    // when it is empty twice.
    assert_eq!(fake.requests().len(), 3);
}

#[test]
fn a_version_never_answers_for_the_paper() {
    let fake = Fake::start();
    let ids = [
        "2501.00002",
        "2501.00002v1",
        "2501.00002v2",
        "2501.00001",
        "2501.00001v1",
    ];
    assert_eq!(answers(&fake, &ids), ["v3", "v1", "v2", "v1", "v1"]);
    let lists: Vec<_> = fake
        .requests()
        .iter()
        .map(|r| r.param("id_list").unwrap().to_owned())
        .collect();
    assert_eq!(
        lists,
        ["2501.00002,2501.00001", "2501.00002v1,2501.00002v2,2501.00001v1"]
    );
}

#[test]
fn many_identifiers_take_few_requests() {
    let fake = Fake::with_many(450);
    let ids: Vec<String> = papers::many(450).into_iter().map(|paper| paper.id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert!(answers(&fake, &ids).iter().all(|answer| answer == "v1"));
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(requests_for(450), 3);
    assert!(fake.requests().iter().all(|request| request.target.len() < 4_000));
}

#[test]
fn deleted_identifiers_are_never_sent() {
    let fake = Fake::start();
    let gone = "0901.4014";
    assert_eq!(answers(&fake, &[gone, "2501.00001"]), ["deleted", "v1"]);
    fake.assert_never_sent(gone);
    assert_eq!(answers(&fake, &[gone]), ["deleted"]);
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn an_empty_answer_is_asked_again_and_then_believed() {
    let fake = Fake::start();
    fake.next(Trouble::Total(0));
    assert_eq!(
        answers(&fake, &["2501.99998", "2501.99999"]),
        ["not found", "not found"]
    );
    assert_eq!(fake.requests().len(), 2);

    let emptied = Fake::start();
    let nothing = Fake::with(Vec::new());
    assert_eq!(answers(&nothing, &["2501.00001"]), ["not found"]);
    assert_eq!(nothing.requests().len(), 2);
    // Empty only once, as when a server has just been restarted.
    let xml = include_bytes!("../../fixtures/atom/empty.xml");
    emptied.next(Trouble::Body(200, "application/atom+xml", xml.to_vec()));
    assert_eq!(answers(&emptied, &["2501.00001"]), ["v1"]);
}

#[test]
fn a_feed_that_contradicts_itself_is_asked_again() {
    let fake = Fake::start();
    for trouble in [
        Trouble::Short(1),
        Trouble::Empty,
        Trouble::Total(9),
        Trouble::CutShort,
    ] {
        fake.next(trouble);
    }
    assert_eq!(
        answers(&fake, &["2501.00001", "2501.00002", "2501.99999"]),
        ["v1", "v3", "not found"]
    );
    assert_eq!(fake.requests().len(), 5);

    fake.always(Trouble::Short(1));
    // The record that came is an answer; whether the other exists is unknown.
    let (received, end) = ask(&fake, &["2501.00001", "2501.00002"]);
    assert_eq!(received, [("2501.00001".to_owned(), "v1".to_owned())]);
    assert!(matches!(end, Err(net::Error::GaveUp { .. })), "{end:?}");
}

#[test]
fn entries_not_asked_for_are_dropped() {
    let fake = Fake::start();
    fake.next(Trouble::Extra(vec![Invented::new(
        "2501.00077",
        "2025-01-01",
        "Uncalled",
        &["cs.CL"],
    )]));
    assert_eq!(answers(&fake, &["2501.00001"]), ["v1"]);
}

#[test]
fn one_identifier_that_arxiv_refuses_does_not_fail_the_others() {
    let fake = Fake::start();
    fake.next(Trouble::ErrorFeed(
        400,
        "incorrect_id_format_for_hep-th/9901001",
        "incorrect id format",
    ));
    let ids = ["2501.00001", "hep-th/9901001", "2501.00002"];
    assert_eq!(
        answers(&fake, &ids),
        ["v1", "arXiv does not accept it: incorrect id format", "v3"]
    );
    assert_eq!(fake.requests().len(), 2);

    fake.next(Trouble::ErrorFeed(400, "something_else", "no"));
    let (outcomes, end) = ask(&fake, &["2501.00001"]);
    assert!(outcomes.is_empty());
    assert!(matches!(end, Err(net::Error::Refused { message, .. }) if message == "no"));
}

#[test]
fn what_came_before_an_error_is_handed_out() {
    let fake = Fake::with_many(450);
    let ids: Vec<String> = papers::many(450).into_iter().map(|paper| paper.id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for trouble in [
        Trouble::None,
        Trouble::None,
        Trouble::ErrorFeed(500, "", "overloaded"),
    ] {
        fake.next(trouble);
    }
    let (outcomes, end) = ask(&fake, &ids);
    assert_eq!(outcomes.len(), 400);
    assert!(matches!(end, Err(net::Error::Refused { .. })), "{end:?}");
}

// Searches

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 10, 10, 12, 0, 0).unwrap()
}

fn a_search(query: &str, want: Option<u64>) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        sort: SortBy::Submitted,
        ascending: false,
        want,
    }
}

/// The pages that came, and how it ended.
fn find(fake: &Fake, what: &SearchRequest) -> (Vec<Paper>, Result<SearchSummary, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path());
    let mut came = Vec::new();
    let end = run(search(&client, &fake.api(), what, now(), |papers, _| {
        came.extend(papers);
        ControlFlow::Continue(())
    }));
    (came, end)
}

fn found(fake: &Fake, what: &SearchRequest) -> Vec<Paper> {
    let (papers, end) = find(fake, what);
    let summary = end.unwrap();
    assert_eq!(summary.received, papers.len() as u64);
    let mut ids: Vec<_> = papers.iter().map(|paper| paper.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), papers.len(), "something came twice");
    papers
}

#[test]
fn a_small_search_is_one_request() {
    let fake = Fake::with_many(3_000);
    assert_eq!(found(&fake, &a_search("all:amber", Some(25))).len(), 25);
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(fake.requests()[0].param("max_results"), Some("25"));
    let (_, end) = find(&fake, &a_search("all:amber", Some(25)));
    assert_eq!(
        end.unwrap(),
        SearchSummary {
            total: 600,
            received: 25
        }
    );
    assert_eq!(found(&fake, &a_search("all:nothing", Some(25))).len(), 0);
    assert_eq!(found(&fake, &a_search("all:amber", Some(2_000))).len(), 600);
}

#[test]
fn a_large_search_comes_in_pages_of_two_thousand() {
    let fake = Fake::with_many(5_001);
    let papers = found(&fake, &a_search("cat:cs.*", None));
    assert_eq!(papers.len(), 5_001);
    assert!(papers.is_sorted_by(|a, b| a.published >= b.published));
    let starts: Vec<_> = fake
        .requests()
        .iter()
        .map(|r| r.param("start").unwrap().to_owned())
        .collect();
    assert_eq!(starts, ["0", "2000", "4000"]);
    assert_eq!(found(&fake, &a_search("cat:cs.*", Some(3_000))).len(), 3_000);
}

#[test]
fn short_and_empty_pages_lose_nothing() {
    let fake = Fake::with_many(5_000);
    fake.next(Trouble::None);
    fake.next(Trouble::Short(700));
    fake.next(Trouble::Empty);
    assert_eq!(found(&fake, &a_search("cat:cs.*", None)).len(), 5_000);
    let starts: Vec<_> = fake
        .requests()
        .iter()
        .map(|r| r.param("start").unwrap().to_owned())
        .collect();
    assert_eq!(starts, ["0", "2000", "2700", "2700", "4700"]);
}

#[test]
fn fewer_than_promised_is_an_error() {
    let fake = Fake::with_many(2_100);
    fake.next(Trouble::Total(2_200));
    let (papers, end) = find(&fake, &a_search("cat:cs.*", None));
    assert_eq!(papers.len(), 2_100);
    assert!(
        matches!(
            end,
            Err(Error::Short {
                received: 2_100,
                promised: 2_200
            })
        ),
        "{end:?}"
    );

    fake.always(Trouble::Empty);
    let (_, end) = find(&fake, &a_search("cat:cs.*", Some(5)));
    assert!(
        matches!(end, Err(Error::Http(net::Error::GaveUp { .. }))),
        "{end:?}"
    );
}

#[test]
fn a_page_with_nothing_new_ends_the_walk() {
    let fake = Fake::start();
    let xml = include_str!("../../fixtures/atom/current.xml");
    fake.always(Trouble::Body(
        200,
        "application/atom+xml",
        xml.as_bytes().to_vec(),
    ));
    let (papers, end) = find(&fake, &a_search("all:lantern", None));
    assert_eq!(papers.len(), 2);
    assert!(matches!(end, Err(Error::Repeats { start: 2 })), "{end:?}");
}

#[test]
fn past_the_window_a_search_is_sliced_by_date() {
    let fake = Fake::with_many(15_000);
    let descending = found(&fake, &a_search("cat:cs.* OR all:amber", None));
    assert_eq!(descending.len(), 15_000);
    assert!(descending.is_sorted_by(|a, b| a.published >= b.published));
    for request in fake.requests() {
        let number = |name: &str| request.param(name).unwrap().parse::<u64>().unwrap();
        assert!(
            number("start") + number("max_results") <= 10_000,
            "{}",
            request.target
        );
    }
    assert!(fake.requests().len() < 20, "{} requests", fake.requests().len());

    let oldest = SearchRequest {
        ascending: true,
        ..a_search("cat:cs.*", Some(11_000))
    };
    let ascending = found(&fake, &oldest);
    assert_eq!(ascending.len(), 11_000);
    assert!(ascending.is_sorted_by(|a, b| a.published <= b.published));
    assert_eq!(ascending[0].title, "Notes on amber, part 0");

    let best = SearchRequest {
        sort: SortBy::Relevance,
        ..a_search("cat:cs.*", None)
    };
    assert_eq!(found(&fake, &best).len(), 15_000);
}

#[test]
fn more_than_the_window_in_one_minute_is_an_error() {
    let mut papers = papers::many(10_500);
    let minute = papers[0].versions[0];
    for paper in &mut papers {
        paper.versions = vec![minute];
    }
    let fake = Fake::with(papers);
    let (_, end) = find(&fake, &a_search("cat:cs.*", None));
    assert!(matches!(end, Err(Error::Dense { total: 10_500, .. })), "{end:?}");
}

#[test]
fn the_caller_can_stop_after_the_first_page() {
    let fake = Fake::with_many(12_000);
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path());
    let mut totals = Vec::new();
    let summary = run(search(
        &client,
        &fake.api(),
        &a_search("cat:cs.*", None),
        now(),
        |_, total| {
            totals.push(total);
            ControlFlow::Break(())
        },
    ));
    assert_eq!(
        summary.unwrap(),
        SearchSummary {
            total: 12_000,
            received: 2_000
        }
    );
    assert_eq!(totals, [12_000]);
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_refused_search_says_arxivs_words() {
    let fake = Fake::start();
    let (_, end) = find(&fake, &a_search("(ti:a", Some(5)));
    let Err(Error::Http(net::Error::Refused { message, .. })) = end else {
        panic!("{end:?}")
    };
    assert!(message.contains("Invalid query string"), "{message}");
    assert_eq!(fake.requests().len(), 1);
}
