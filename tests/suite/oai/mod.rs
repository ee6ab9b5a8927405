//! OAI-PMH answers: every recorded one, invented ones of each form, and hostile ones.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use arxcat::arxiv::oai::{ErrorCode, ListItem, OaiResponse, UnreadableRecord, parse};
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper, Source, Version};
use arxcat::model::record::Record;

mod malformed_input;
mod recordings;

const RAW: &str = include_str!("../../../fixtures/oai/raw.xml");
const ARXIV: &str = include_str!("../../../fixtures/oai/arxiv.xml");
const OLD: &str = include_str!("../../../fixtures/oai/old.xml");
const DUBLIN: &str = include_str!("../../../fixtures/oai/dublin.xml");

fn read(xml: &str) -> OaiResponse {
    parse(xml.as_bytes()).unwrap()
}

fn fault(xml: &str) -> String {
    parse(xml.as_bytes()).unwrap_err().to_string()
}

fn records(page: OaiResponse) -> Vec<Record> {
    let record = |item| match item {
        ListItem::Record(record) => Some(*record),
        _ => None,
    };
    page.items.into_iter().filter_map(record).collect()
}

fn broken(page: &OaiResponse) -> Vec<&UnreadableRecord> {
    let mut found = Vec::new();
    for item in &page.items {
        if let ListItem::Unreadable(broken) = item {
            found.push(broken);
        }
    }
    found
}

fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

fn author(name: &str, affiliations: &[&str]) -> Author {
    Author {
        name: name.to_owned(),
        affiliations: strings(affiliations),
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn version(version: u32, date: &str, withdrawn: bool) -> Version {
    Version {
        version,
        date: Stamp::parse(date),
        withdrawn: Some(withdrawn),
    }
}

/// A paper as any of the forms begins it.
fn paper(of: &str, title: &str) -> Paper {
    let mut paper = Paper::new(id(of), title);
    paper.source = Source::Oai;
    paper.retrieved = Stamp::parse("2026-03-04T05:06:07Z");
    paper
}

fn record(paper: Paper, as_of: &str) -> Record {
    Record {
        paper,
        as_of: as_of.parse().ok(),
        current: true,
    }
}

#[test]
fn the_raw_form_is_read_whole() {
    let mut first = paper("2601.99901", "On $\\alpha$-moths \\& lanterns");
    first.version = Some(3);
    first.versions = Some(vec![
        version(1, "2026-01-30T23:59:59Z", false),
        version(2, "2026-02-02T08:00:00Z", true),
        version(3, "2026-02-03T04:05:06Z", false),
    ]);
    first.published = Stamp::parse("2026-01-30T23:59:59Z");
    first.updated = Stamp::parse("2026-02-03T04:05:06Z");
    first.withdrawn = Some(false);
    first.submitter = Some("Zoë Ångström".to_owned());
    first.authors = vec![
        author("Zoë Ångström", &["Institute of Lamps"]),
        author("P. di Moth", &["Moth House"]),
    ];
    first.abstract_ = Some("We invent $a < b$. It has several lines.".to_owned());
    first.categories = strings(&["math.CO", "cs.DM"]);
    first.primary_category = Some("math.CO".to_owned());
    first.comment = Some("12 pages".to_owned());
    first.journal_ref = Some("J. Inv. 7 (2026) 1-12".to_owned());
    first.report_no = Some("INV-7".to_owned());
    first.msc_class = Some("05C81".to_owned());
    first.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    first.set_dois(strings(&["10.9999/invented.1", "10.9999/invented.2"]));
    let mut second = paper("hep-th/9901999", "A withdrawn one");
    second.version = Some(2);
    second.versions = Some(vec![
        version(1, "1999-01-31T00:00:00Z", false),
        version(2, "1999-02-28T00:00:00Z", true),
    ]);
    second.published = Stamp::parse("1999-01-31T00:00:00Z");
    second.updated = Stamp::parse("1999-02-28T00:00:00Z");
    second.withdrawn = Some(true);
    second.submitter = Some("N. Obody".to_owned());
    second.authors = vec![author("N. Obody", &[])];
    second.abstract_ = Some("Gone.".to_owned());
    second.categories = strings(&["hep-th"]);
    second.primary_category = Some("hep-th".to_owned());
    second.msc_class = Some("81T30".to_owned());
    second.acm_class = Some("G.2.2".to_owned());

    let page = read(RAW);
    assert_eq!(page.token.as_deref(), Some("verb%3DListRecords%26skip%3D3"));
    assert_eq!(page.error, None);
    let deleted = ListItem::Deleted(id("2601.99903"), "2026-02-05".parse().unwrap());
    let expected = vec![
        ListItem::Record(Box::new(record(first, "2026-02-04"))),
        deleted,
        ListItem::Record(Box::new(record(second, "2026-02-06"))),
    ];
    assert_eq!(page.items, expected);
}

#[test]
fn the_form_with_authors_taken_apart_is_read_whole() {
    let mut only = paper("2601.99901", "Lanterns — and “moths”");
    only.authors = vec![
        author("The Moth Collaboration", &[]),
        author("Zoë Ångström Jr.", &["Institute of Lamps", "Moth House"]),
    ];
    only.abstract_ = Some("One line.".to_owned());
    only.categories = strings(&["cs.DL"]);
    only.primary_category = Some("cs.DL".to_owned());
    only.updated = Stamp::parse("2026-02-03");
    only.msc_class = Some("05C81".to_owned());
    let only = record(only, "2026-02-04");
    assert_eq!(records(read(ARXIV)), std::slice::from_ref(&only));

    // Until 2025 the two dates were those of the first and of the newest version.
    let before = ARXIV.replace("2026-03-04T05", "2019-03-04T05");
    let before = records(read(&before)).remove(0).paper;
    assert_eq!(before.published, Stamp::parse("2026-02-03"));
    assert_eq!(before.updated, Stamp::parse("2026-02-04"));

    let single = ARXIV.replace("<updated>2026-02-04</updated>", "");
    let single = records(read(&single)).remove(0).paper;
    assert_eq!(single.published, Stamp::parse("2026-02-03"));
    assert_eq!(single.updated, Stamp::parse("2026-02-03"));

    // Without the envelope it is not known which it is.
    let (_, bare) = ARXIV.split_once("<metadata>").unwrap();
    let (bare, _) = bare.split_once("</metadata>").unwrap();
    let bare = records(read(bare)).remove(0);
    assert_eq!(
        (bare.as_of, bare.paper.published, bare.paper.updated),
        (None, None, None)
    );
    assert_eq!(bare.paper.authors, only.paper.authors);
}

#[test]
fn the_old_form_is_read_whole() {
    let mut only = paper("math/0102999", "Invented Trees");
    only.authors = vec![author("Pál Áper", &[]), author("G. Raph", &[])];
    only.abstract_ = Some("Lines.".to_owned());
    only.categories = strings(&["math.CO", "cs.DM"]);
    only.primary_category = Some("math.CO".to_owned());
    only.msc_class = Some("05C81".to_owned());
    only.acm_class = Some("05C81".to_owned());
    only.license = Some("http://arxiv.org/licenses/assumed-1991-2003/".to_owned());
    assert_eq!(records(read(OLD)), [record(only, "2001-02-04")]);
}

#[test]
fn dublin_core_is_read_by_the_forms_of_its_texts() {
    let mut first = paper("2601.99904", "Networks of Lamps");
    first.authors = vec![
        author("Serguei A. Lamp", &[]),
        author("The Moth Collaboration", &[]),
    ];
    first.abstract_ = Some("An abstract.".to_owned());
    first.comment = Some("A comment".to_owned());
    first.categories = strings(&["cs.IT", "math.IT", "math.NT"]);
    first.primary_category = Some("cs.IT".to_owned());
    first.msc_class = Some("68N15, 68U35".to_owned());
    first.acm_class = Some("H.3.5; C.2.4".to_owned());
    first.published = Stamp::parse("2026-01-01");
    first.updated = Stamp::parse("2026-02-01");
    first.journal_ref = Some("J. Inv. 8 (2026) 1".to_owned());
    first.set_dois(strings(&["10.9999/invented.4"]));
    let mut second = paper("2601.99905", "One Version");
    second.authors = vec![author("A. B. Lamp Jr.", &[])];
    second.abstract_ = Some("Text.".to_owned());
    second.comment = Some("9 pages".to_owned());
    second.categories = strings(&["math.NT"]);
    second.primary_category = Some("math.NT".to_owned());
    second.published = Stamp::parse("2026-01-02");
    second.updated = Stamp::parse("2026-01-02");
    let expected = [record(first, "2026-02-02"), record(second, "2026-01-03")];
    assert_eq!(records(read(DUBLIN)), expected);
}

#[test]
fn one_record_or_its_metadata_alone_is_read() {
    let (_, rest) = RAW.split_once("<ListRecords>").unwrap();
    let (inner, _) = rest.split_once("</record>").unwrap();
    let mut whole = records(read(RAW)).remove(0);
    whole.paper.retrieved = None;
    assert_eq!(records(read(&format!("{inner}</record>"))), [whole.clone()]);
    let (_, bare) = inner.split_once("<metadata>").unwrap();
    let (bare, _) = bare.split_once("</metadata>").unwrap();
    whole.as_of = None;
    assert_eq!(records(read(bare)), [whole]);
}

#[test]
fn headers_alone_are_listed() {
    let page = read(
        "<OAI-PMH><ListIdentifiers>\
         <header><identifier>oai:arXiv.org:2601.99901</identifier><datestamp>2026-02-04</datestamp></header>\
         <header status='deleted'><identifier>oai:arXiv.org:cs/0001999</identifier>\
         <datestamp>2026-02-05</datestamp></header>\
         <header><identifier>oai:arXiv.org:xyzzy</identifier><datestamp>2026-02-05</datestamp></header>\
         <resumptionToken/></ListIdentifiers></OAI-PMH>",
    );
    assert_eq!(page.token, None);
    assert_eq!(page.items.len(), 3);
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(
        page.items[0],
        ListItem::Header(id("2601.99901"), day("2026-02-04"))
    );
    assert_eq!(
        page.items[1],
        ListItem::Deleted(id("cs/0001999"), day("2026-02-05"))
    );
    let unreadable = broken(&page)[0];
    assert_eq!(unreadable.datestamp, Some(day("2026-02-05")));
    assert!(
        unreadable
            .to_string()
            .contains("`oai:arXiv.org:xyzzy` is no arXiv identifier"),
        "{unreadable}"
    );
}

#[test]
fn protocol_errors_are_told_apart() {
    for (code, expected) in [
        ("badArgument", ErrorCode::BadArgument),
        ("badResumptionToken", ErrorCode::BadResumptionToken),
        ("badVerb", ErrorCode::BadVerb),
        ("cannotDisseminateFormat", ErrorCode::CannotDisseminateFormat),
        ("idDoesNotExist", ErrorCode::IdDoesNotExist),
        ("noRecordsMatch", ErrorCode::NoRecordsMatch),
        ("noSetHierarchy", ErrorCode::Other),
    ] {
        let page = read(&format!(
            "<OAI-PMH><error code='{code}'>So\n it &lt;is&gt;.</error></OAI-PMH>"
        ));
        let refusal = page.error.unwrap();
        assert_eq!(
            (refusal.code, refusal.message.as_str()),
            (expected, "So it <is>.")
        );
    }
}

#[test]
fn a_version_whose_date_is_none_is_broken() {
    let with = |date: &str| {
        format!(
            "<arXivRaw xmlns='http://arxiv.org/OAI/arXivRaw/'><id>2501.00001</id><version version='v1'>\
             <date>{date}</date></version><title>T</title></arXivRaw>"
        )
    };
    assert_eq!(records(read(&with("Wed, 26 Aug 2009 08:27:29 GMT"))).len(), 1);
    let page = read(&with("junk"));
    assert_eq!(broken(&page).len(), 1);
    let reason = &broken(&page)[0].reason;
    assert!(reason.contains("`junk` is no date of a version"), "{reason}");
}
