//! Single records, and the forms the tests' arXiv has them in.

use arxcat::arxiv::oai::{HarvestError, ListItem, parse, record};
use arxcat::model::id::ArxivId;
use arxcat::net;

use super::{all, client, daily, run, truth, verbs, walk};
use crate::arxcat::Machine;
use crate::fake::{Fake, papers};

#[test]
fn single_records_come_whatever_their_version() {
    let fake = Fake::start();
    fake.oai(|oai| {
        oai.delete("2606.00010", "2026-10-01");
        oai.entry("2309.00006").paper.title.clear();
    });
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path(), |_| ());
    let get = |id: &str| run(record(&client, &fake.oai_url(), ArxivId::parse(id).unwrap())).unwrap();
    let Some(ListItem::Record(found)) = get("2501.00002v1") else {
        panic!("not found")
    };
    assert_eq!((found.paper.version, found.current), (Some(3), true));
    assert_eq!(found.paper.submitter.as_deref(), Some("Ada Example"));
    assert!(matches!(get("2606.00010"), Some(ListItem::Deleted(..))));
    assert!(get("2501.99999").is_none());
    assert!(matches!(get("2309.00006"), Some(ListItem::Unreadable(_))));
}

#[test]
fn every_prefix_of_the_fake_is_read_alike() {
    let fake = Fake::with(papers::many(40));
    let read = |prefix: &str| {
        let url = format!("{}?verb=ListRecords&metadataPrefix={prefix}", fake.oai_url());
        let answer = Machine::new().get(&url);
        let page = parse(answer.as_bytes()).unwrap();
        assert_eq!(page.items.len(), 40);
        page.items.into_iter().map(|item| match item {
            ListItem::Record(record) => record.paper,
            other => panic!("{other:?}"),
        })
    };
    let raw: Vec<_> = read("arXivRaw").collect();
    for prefix in ["arXiv", "arXivOld", "oai_dc"] {
        for (paper, raw) in read(prefix).zip(&raw) {
            assert_eq!(
                (paper.id, &paper.title, &paper.authors),
                (raw.id, &raw.title, &raw.authors)
            );
            assert_eq!(
                (paper.abstract_, paper.categories),
                (raw.abstract_.clone(), raw.categories.clone())
            );
        }
    }
}

/// Ten papers in pages of four; paging skips this many from the fifth on.
fn skipping(count: u32) -> Fake {
    let fake = Fake::with(daily(10));
    fake.oai(|oai| {
        oai.page = 4;
        oai.after(1, move |oai| {
            (1..=count).for_each(|at| oai.revise(&format!("2501.{at:05}")));
        });
    });
    fake
}

/// No single record's answer is whole.
fn without_singles(fake: &Fake) {
    fake.oai(|oai| {
        oai.replayed
            .insert("GetRecord".to_owned(), b"<OAI-PMH><GetRecord>".to_vec());
    });
}

fn singles(fake: &Fake) -> usize {
    verbs(fake).iter().filter(|verb| *verb == "GetRecord").count()
}

#[test]
fn a_deletion_that_paging_skipped_is_handed_out_and_others_not_twice() {
    let fake = skipping(1);
    fake.oai(|oai| {
        oai.entry("2501.00005").deleted = true;
        oai.entry("2501.00008").deleted = true;
    });
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().skipped, 0);
    assert_eq!(mirror.stored, truth(&fake));
    assert_eq!(mirror.gone, 2);
    assert_eq!(mirror.mark().0, mirror.mark().1);
}

#[test]
fn a_paper_that_cannot_be_had_singly_holds_up_no_check() {
    let fake = skipping(1);
    without_singles(&fake);
    let (mirror, end) = walk(&fake, &all());
    assert_eq!(end.unwrap().unreadable, 1);
    assert_eq!(mirror.mark().0, mirror.mark().1);
    assert_eq!(mirror.warnings.len(), 1);
    assert!(
        mirror.warnings[0].starts_with("the record of 2501.00005 cannot be read: arXiv did not answer after"),
        "{:?}",
        mirror.warnings
    );
}

#[test]
fn two_papers_in_a_row_without_any_answer_end_the_check() {
    let fake = skipping(2);
    without_singles(&fake);
    let (mirror, end) = walk(&fake, &all());
    assert!(
        matches!(end, Err(HarvestError::Http(net::Error::GaveUp { .. }))),
        "{end:?}"
    );
    assert!(mirror.mark().1 < mirror.mark().0);
}

#[test]
fn spoilt_records_are_not_asked_for_again_where_nothing_answers() {
    let with_unreadable = |ids: &[&str]| {
        let fake = Fake::with(daily(5));
        without_singles(&fake);
        fake.oai(|oai| ids.iter().for_each(|id| oai.entry(id).paper.title.clear()));
        let (mirror, end) = walk(&fake, &all());
        (mirror, end, singles(&fake))
    };
    let (mirror, end, tries) = with_unreadable(&["2501.00003"]);
    assert_eq!(end.unwrap().unreadable, 1);
    assert_eq!(mirror.stored.len(), 4);
    assert!(
        mirror.warnings[0].contains("arXiv did not answer after"),
        "{:?}",
        mirror.warnings
    );
    let (_, end, more) = with_unreadable(&["2501.00002", "2501.00003", "2501.00004"]);
    assert!(
        matches!(end, Err(HarvestError::Http(net::Error::GaveUp { .. }))),
        "{end:?}"
    );
    // The second paper is tried once: it is the sixth failure in a row.
    assert_eq!((tries, more), (5, 6));
}
