//! Records: what is read of them, and which of two is believed.

use arxcat::arxiv::{atom, oai, rss};
use arxcat::model::record::Record;
use arxcat::refs::document::records::records;

use super::papers::accepted;
use std::ops::ControlFlow;

/// Merging is idempotent: the same record arriving again changes nothing.
pub fn merge(bytes: &[u8]) {
    let mut all: Vec<Record> = Vec::new();
    accepted(bytes, |record| {
        all.push(record);
        if all.len() < 6 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    for stored in &all {
        for arriving in &all {
            let mut arriving = arriving.clone();
            arriving.paper.id = stored.paper.id;
            for refresh in [false, true] {
                let once = Record::merge(stored.clone(), arriving.clone(), refresh);
                let twice = Record::merge(once.clone(), arriving.clone(), refresh);
                assert_eq!(twice, once, "arriving: {arriving:?}");
            }
        }
    }
}

/// The records of feeds and bibliographies in these bytes.
pub fn of_documents(bytes: &[u8]) -> Vec<Record> {
    let mut all = Vec::new();
    let current = |paper| Record {
        paper,
        as_of: None,
        current: true,
    };
    if let Ok(feed) = atom::parse(bytes) {
        all.extend(feed.papers.into_iter().map(current));
    }
    if let Ok(feed) = rss::parse(bytes) {
        let papers = feed.announcements.into_iter().map(|item| item.paper);
        all.extend(papers.map(current));
    }
    if let Ok(page) = oai::parse(bytes) {
        for item in page.items {
            if let oai::ListItem::Record(record) = item {
                all.push(*record);
            }
        }
    }
    let entries = records(&String::from_utf8_lossy(bytes)).records;
    all.extend(entries.into_iter().map(|entry| entry.record));
    all
}
