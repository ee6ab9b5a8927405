//! Harvests from the fake arXiv: what is handed out, how far it brings the mark, and what cannot stop it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use arxcat::arxiv::oai::{HarvestError, HarvestRequest, HarvestStep, HarvestSummary, harvest};
use arxcat::model::event::Event;
use arxcat::model::id::ArxivId;
use arxcat::net::{self, Client, Config};
use chrono::NaiveDate;
use tokio::sync::watch;

mod single_records;
mod tokens;

use crate::fake::{Fake, Invented, Trouble, papers};

/// What a harvest left behind.
#[derive(Default, Debug)]
struct Mirror {
    /// The day of each paper's last change, or `None` if it is deleted.
    stored: BTreeMap<ArxivId, Option<NaiveDate>>,
    /// `reached` and `checked` after each step.
    marks: Vec<(NaiveDate, NaiveDate)>,
    /// Records handed out.
    came: usize,
    /// Papers handed out as deleted.
    gone: usize,
    warnings: Vec<String>,
}

impl Mirror {
    fn take(&mut self, step: HarvestStep<'_>) -> ControlFlow<()> {
        match step {
            HarvestStep::Page {
                records,
                deleted,
                reached,
                checked,
                ..
            } => {
                self.came += records.len();
                self.gone += deleted.len();
                for record in records {
                    self.stored.insert(record.paper.id, record.as_of);
                }
                self.stored.extend(deleted.into_iter().map(|id| (id, None)));
                assert!(checked <= reached);
                assert!(self.marks.last().is_none_or(|(before, _)| *before <= reached));
                self.marks.push((reached, checked));
            }
            HarvestStep::Check { listed, missing } => {
                let lacks = |(id, day): &&(ArxivId, NaiveDate)| {
                    self.stored
                        .get(id)
                        .is_none_or(|stored| stored.is_some_and(|stored| stored < *day))
                };
                missing.extend(listed.iter().filter(lacks).map(|(id, _)| *id));
            }
        }
        ControlFlow::Continue(())
    }

    fn mark(&self) -> (String, String) {
        let (reached, checked) = self.marks.last().unwrap();
        (reached.to_string(), checked.to_string())
    }
}

fn client(folder: &std::path::Path, observe: impl Fn(Event) + 'static) -> Client {
    let config = Config {
        service: arxcat::arxiv::SERVICE,
        state_dir: folder.to_owned(),
        interval: Duration::ZERO,
        retry_base: Duration::from_millis(1),
        timeout: Some(Duration::from_secs(20)),
        max_wait: None,
        contact: None,
    };
    Client::new(config, Box::new(observe), watch::channel(false).1)
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn walk_into(
    fake: &Fake,
    what: &HarvestRequest,
    mirror: &mut Mirror,
) -> Result<HarvestSummary, HarvestError> {
    let folder = tempfile::tempdir().unwrap();
    let warnings = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let heard = std::rc::Rc::clone(&warnings);
    let client = client(folder.path(), move |event| {
        if let Event::Warning(what) | Event::Failed(what) = event {
            heard.borrow_mut().push(what);
        }
    });
    let end = run(harvest(&client, &fake.oai_url(), what, |step| mirror.take(step)));
    mirror.warnings.append(&mut warnings.borrow_mut());
    end
}

fn walk(fake: &Fake, what: &HarvestRequest) -> (Mirror, Result<HarvestSummary, HarvestError>) {
    let mut mirror = Mirror::default();
    let end = walk_into(fake, what, &mut mirror);
    (mirror, end)
}

fn all() -> HarvestRequest {
    HarvestRequest::default()
}

fn since(day: &str) -> HarvestRequest {
    HarvestRequest {
        from: day.parse().ok(),
        ..HarvestRequest::default()
    }
}

/// So many papers, one a day from 1 January 2025 on.
fn daily(count: u32) -> Vec<Invented> {
    let first: NaiveDate = "2025-01-01".parse().unwrap();
    let paper = |at: u32| {
        let day = first + chrono::Days::new(at.into());
        Invented::new(
            &format!("2501.{:05}", at + 1),
            &day.to_string(),
            "A Title",
            &["cs.CL"],
        )
    };
    (0..count).map(paper).collect()
}

/// What the fake has, as a mirror should.
fn truth(fake: &Fake) -> BTreeMap<ArxivId, Option<NaiveDate>> {
    fake.oai(|oai| {
        let entries = oai.entries.iter();
        entries
            .map(|entry| {
                (
                    ArxivId::parse(&entry.paper.id).unwrap(),
                    (!entry.deleted).then_some(entry.datestamp),
                )
            })
            .collect()
    })
}

fn verbs(fake: &Fake) -> Vec<String> {
    let requests = fake.requests();
    requests
        .iter()
        .map(|request| request.param("verb").unwrap().to_owned())
        .collect()
}

#[test]
fn one_page_needs_no_check() {
    let fake = Fake::with(daily(10));
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(
        end.unwrap(),
        HarvestSummary {
            windows: 1,
            skipped: 0,
            unreadable: 0
        }
    );
    assert_eq!(mirror.stored, truth(&fake));
    assert_eq!(mirror.mark(), ("2025-01-09".to_owned(), "2025-01-09".to_owned()));
    assert_eq!(verbs(&fake), ["ListRecords"]);
    let request = &fake.requests()[0];
    assert_eq!(request.param("metadataPrefix"), Some("arXivRaw"));
    assert_eq!((request.param("from"), request.param("until")), (None, None));
}

#[test]
fn several_pages_move_the_mark_each_and_are_checked() {
    let fake = Fake::with(daily(10));
    fake.oai(|oai| oai.page = 4);
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().windows, 1);
    assert_eq!(mirror.stored, truth(&fake));
    let reached: Vec<String> = mirror
        .marks
        .iter()
        .map(|(reached, _)| reached.to_string())
        .collect();
    assert_eq!(reached, ["2025-01-03", "2025-01-07", "2025-01-09", "2025-01-09"]);
    let checked: Vec<String> = mirror
        .marks
        .iter()
        .map(|(_, checked)| checked.to_string())
        .collect();
    assert_eq!(checked, ["2005-09-16", "2005-09-16", "2005-09-16", "2025-01-09"]);
    assert_eq!(
        verbs(&fake),
        ["ListRecords", "ListRecords", "ListRecords", "ListIdentifiers"]
    );
    let check = &fake.requests()[3];
    assert_eq!(
        (check.param("from"), check.param("until")),
        (Some("2005-09-16"), Some("2025-01-08"))
    );
}

#[test]
fn what_paging_skipped_is_found_and_fetched_singly() {
    let fake = Fake::with(daily(10));
    fake.oai(|oai| {
        oai.page = 4;
        // It leaves the first page, so that the fifth paper moves into its place and the second page begins behind it.
        oai.after(1, |oai| oai.revise("2501.00002"));
    });
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().skipped, 1);
    assert_eq!(mirror.stored, truth(&fake));
    let singles: Vec<_> = fake
        .requests()
        .iter()
        .filter_map(|r| r.param("identifier").map(str::to_owned))
        .collect();
    assert_eq!(singles, ["oai:arXiv.org:2501.00005"]);
}

#[test]
fn an_earlier_harvest_that_was_not_checked_is_checked_by_the_next() {
    let fake = Fake::with(daily(10));
    let mut mirror = Mirror::default();
    let what = HarvestRequest {
        from: "2025-01-08".parse().ok(),
        checked: "2025-01-03".parse().ok(),
        ..HarvestRequest::default()
    };
    walk_into(&fake, &what, &mut mirror).unwrap();
    // Three of the walk, and the five of the days from the third to the seventh.
    assert_eq!(mirror.stored.len(), 8);
    assert_eq!(mirror.mark(), ("2025-01-09".to_owned(), "2025-01-09".to_owned()));
}

#[test]
fn the_day_of_the_answer_is_never_done() {
    let fake = Fake::with(daily(3));
    fake.oai(|oai| {
        oai.revise("2501.00001");
        oai.shown
            .insert("2501.00001".to_owned(), "2031-01-01".parse().unwrap());
    });
    let (mirror, end) = walk(&fake, &all());
    end.unwrap();
    assert_eq!(mirror.mark().0, "2026-10-14");
}

#[test]
fn an_empty_window_leaves_the_mark() {
    let fake = Fake::with(daily(3));
    let (mirror, end) = walk(&fake, &since("2026-01-01"));
    end.unwrap();
    assert!(mirror.stored.is_empty() && mirror.marks.is_empty());
}

#[test]
fn a_start_too_early_is_clamped_to_what_arxiv_says() {
    let fake = Fake::with(daily(3));
    fake.oai(|oai| oai.earliest = "2007-05-23".parse().unwrap());
    let (mirror, end) = walk(&fake, &since("1999-01-01"));
    end.unwrap();
    assert_eq!(mirror.stored, truth(&fake));
    assert_eq!(verbs(&fake), ["ListRecords", "Identify", "ListRecords"]);
    assert_eq!(fake.requests()[2].param("from"), Some("2007-05-23"));
}

#[test]
fn a_bounded_window_ends_at_its_last_day_and_a_late_one_is_open() {
    let fake = Fake::with(daily(20));
    let mut what = since("2025-01-05");
    what.until = "2025-01-10".parse().ok();
    let (mirror, end) = walk(&fake, &what);
    end.unwrap();
    assert_eq!(mirror.stored.len(), 6);
    assert_eq!(mirror.mark().0, "2025-01-10");
    what.until = "2030-01-01".parse().ok();
    let (mirror, end) = walk(&fake, &what);
    end.unwrap();
    assert_eq!(mirror.stored.len(), 16);
    assert!(mirror.mark().0.as_str() < "2026-10-15");
}

#[test]
fn sets_deletions_and_withdrawals_come() {
    let fake = Fake::start();
    fake.oai(|oai| {
        oai.entry("2412.00011").withdrawn = vec![2];
        oai.delete("2606.00010", "2026-10-01");
    });
    let (mirror, end) = walk(
        &fake,
        &HarvestRequest {
            set: Some("cs:cs:LG".to_owned()),
            ..HarvestRequest::default()
        },
    );
    end.unwrap();
    let ids: Vec<String> = mirror.stored.keys().map(ToString::to_string).collect();
    assert_eq!(ids, ["2412.00011", "2501.00002", "2606.00010"]);
    assert_eq!(
        mirror.stored.values().filter(|stored| stored.is_none()).count(),
        1
    );
    let unknown = HarvestRequest {
        set: Some("cs:cs.LG".to_owned()),
        ..HarvestRequest::default()
    };
    let (_, end) = walk(&fake, &unknown);
    assert!(end.unwrap_err().to_string().contains("Set does not exist"));
}

#[test]
fn a_spoilt_record_is_told_and_costs_itself_alone() {
    let fake = Fake::with(daily(5));
    fake.oai(|oai| oai.entry("2501.00003").paper.title.clear());
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().unreadable, 1);
    assert_eq!(mirror.stored.len(), 4);
    assert_eq!(
        mirror.warnings,
        [
            "the record of 2501.00003 cannot be read: it has no title; `arxcat fetch 2501.00003` asks for it again"
        ]
    );
    assert_eq!(verbs(&fake), ["ListRecords", "GetRecord"]);
}

#[test]
fn a_spoilt_record_is_asked_for_once_singly() {
    let fake = Fake::with(daily(5));
    fake.oai(|oai| {
        oai.page = 3;
        oai.entry("2501.00002").paper.title.clear();
        oai.after(1, |oai| {
            "Mended".clone_into(&mut oai.entry("2501.00002").paper.title);
        });
        oai.entry("2501.00004").paper.title.clear();
    });
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().unreadable, 1);
    assert_eq!(mirror.stored.len(), 4);
    let singles: Vec<_> = fake
        .requests()
        .iter()
        .filter_map(|r| r.param("identifier").map(str::to_owned))
        .collect();
    assert_eq!(singles, ["oai:arXiv.org:2501.00002", "oai:arXiv.org:2501.00004"]);
}

#[test]
fn what_passes_is_tried_again() {
    let fake = Fake::with(daily(10));
    fake.oai(|oai| oai.page = 4);
    for trouble in [
        Trouble::status(503),
        Trouble::CutShort,
        Trouble::None,
        Trouble::retry_after(503, "0"),
        Trouble::Html(200),
        Trouble::None,
        Trouble::Stall(Duration::from_millis(50)),
    ] {
        fake.next(trouble);
    }
    let (mirror, end) = walk(&fake, &all());
    end.unwrap();
    assert_eq!(mirror.stored, truth(&fake));
    fake.always(Trouble::status(503));
    let (mirror, end) = walk(&fake, &all());
    assert!(matches!(end, Err(HarvestError::Http(net::Error::GaveUp { .. }))));
    assert!(mirror.stored.is_empty());
}

#[test]
fn the_harvest_stops_in_order_where_it_is_told_to() {
    let fake = Fake::with(daily(10));
    fake.oai(|oai| oai.page = 2);
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path(), |_| ());
    let mut steps = 0;
    let (url, what) = (fake.oai_url(), all());
    let stopping = harvest(&client, &url, &what, |_| {
        steps += 1;
        if steps == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    run(stopping).unwrap();
    assert_eq!((steps, fake.requests().len()), (2, 2));
}

#[test]
fn answers_that_are_kept_are_the_same() {
    let fake = Fake::with(papers::many(40));
    fake.oai(|oai| {
        oai.page = 9;
        oai.keep_answers();
    });
    let (first, end) = walk(&fake, &all());
    end.unwrap();
    // What changes now is not seen any more.
    fake.oai(|oai| {
        let id = oai.entries[0].paper.id.clone();
        oai.revise(&id);
    });
    let (second, end) = walk(&fake, &all());
    end.unwrap();
    assert_eq!((first.stored, first.marks), (second.stored, second.marks));
}
