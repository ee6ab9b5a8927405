//! Tokens that expire, die and repeat, and datestamps that run backwards.

use arxcat::arxiv::oai::HarvestError;

use super::{all, daily, truth, walk};
use crate::fake::{Fake, Invented, Oai};

#[test]
fn an_expired_token_goes_on_from_the_mark_and_nothing_comes_twice() {
    let fake = Fake::with(daily(30));
    fake.oai(|oai| {
        oai.page = 4;
        oai.after(3, Oai::expire_tokens);
        oai.after(6, Oai::expire_tokens);
    });
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().windows, 3);
    assert_eq!(mirror.stored, truth(&fake));
    assert_eq!(mirror.came, 30);
    assert_eq!(fake.requests()[4].param("from"), Some("2025-01-11"));
}

#[test]
fn a_token_that_dies_again_and_again_within_a_day_is_an_error() {
    let mut papers = daily(1);
    papers.extend((2..=9).map(|n| Invented::new(&format!("2501.{n:05}"), "2025-01-02", "T", &["cs.CL"])));
    let fake = Fake::with(papers);
    fake.oai(|oai| {
        oai.page = 3;
        for lists in 1..20 {
            oai.after(lists, Oai::expire_tokens);
        }
    });
    let (mirror, end) = walk(&fake, &all());
    let error = end.unwrap_err();
    assert!(matches!(error, HarvestError::Stuck { .. }), "{error}");
    assert!(error.to_string().contains("from 2025-01-01"), "{error}");
    assert_eq!(mirror.mark().0, "2025-01-01");
    assert!(fake.requests().len() <= 12);

    // Where it lives a little longer the second time, the day is got.
    let fake = Fake::with(fake.oai(|oai| oai.entries.iter().map(|entry| entry.paper.clone()).collect()));
    fake.oai(|oai| {
        oai.page = 3;
        oai.after(1, Oai::expire_tokens);
        oai.after(3, Oai::expire_tokens);
    });
    let (mirror, end) = walk(&fake, &all());
    end.unwrap();
    assert_eq!(mirror.stored, truth(&fake));
}

#[test]
fn repeated_tokens_and_pages_end_the_walk() {
    let fake = Fake::with(daily(30));
    fake.oai(|oai| {
        oai.page = 4;
        oai.repeats_token = true;
    });
    let (mirror, end) = walk(&fake, &all());
    assert!(matches!(end, Err(HarvestError::Repeats(_))), "{end:?}");
    assert!(mirror.stored.len() <= 8);

    let fake = Fake::with(daily(30));
    fake.oai(|oai| {
        oai.page = 4;
        oai.repeats_page = true;
    });
    let (_, end) = walk(&fake, &all());
    assert!(matches!(end, Err(HarvestError::Repeats(_))), "{end:?}");
    assert!(fake.requests().len() <= 6);
}

#[test]
fn datestamps_that_run_backwards_are_walked_in_narrow_windows() {
    let fake = Fake::with(daily(600));
    let stray = ["2501.00066", "2501.00067", "2501.00260", "2501.00400"];
    fake.oai(|oai| {
        oai.page = 20;
        for id in stray {
            oai.shown.insert(id.to_owned(), "2025-01-02".parse().unwrap());
        }
        oai.shown
            .insert("2501.00500".to_owned(), "2027-01-02".parse().unwrap());
    });
    let (mirror, end) = walk(&fake, &all());
    let windows = end.unwrap().windows;
    assert!((9..=20).contains(&windows), "{windows}");
    assert_eq!(mirror.stored.len(), 600);
    assert_eq!(mirror.mark().0, mirror.mark().1);
    assert!(mirror.mark().0.as_str() >= "2026-08-20", "{:?}", mirror.mark());
    // No mark ran ahead of what had come.
    let narrow: Vec<_> = fake
        .requests()
        .iter()
        .filter_map(|r| r.param("until").map(str::to_owned))
        .collect();
    assert!((4..=12).contains(&narrow.len()), "{narrow:?}");
}
