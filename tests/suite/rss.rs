//! The announcements' feeds: every recorded one, invented ones of each form, and hostile ones.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fmt::Write;

use arxcat::arxiv::rss::{AnnouncementFeed, parse, url};
use arxcat::model::announcement::{AnnounceType, Announcement};
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper, Source};
use chrono::Weekday;
use proptest::prelude::*;

use crate::recordings;

const CURRENT: &str = include_str!("../../fixtures/rss/current.xml");
const ATOM: &str = include_str!("../../fixtures/rss/atom.xml");
const EMPTY: &str = include_str!("../../fixtures/rss/empty.xml");
const ERROR: &str = include_str!("../../fixtures/rss/error.xml");

fn read(xml: &str) -> AnnouncementFeed {
    parse(xml.as_bytes()).unwrap()
}

fn paper(id: &str, title: &str, authors: &[(&str, &[&str])], categories: &[&str], text: &str) -> Paper {
    let mut paper = Paper::new(ArxivId::parse(id).unwrap(), title);
    let strings = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    paper.authors = authors
        .iter()
        .map(|(name, affiliations)| Author {
            name: (*name).to_owned(),
            affiliations: strings(affiliations),
        })
        .collect();
    paper.categories = strings(categories);
    paper.primary_category = paper.categories.first().cloned();
    paper.abstract_ = Some(text.to_owned());
    paper.source = Source::Rss;
    paper
}

#[test]
fn the_current_form_is_read_whole() {
    let mut lanterns = paper(
        "2601.99901v1",
        "Lanterns & Moths: why $a < b$ is enough",
        &[
            ("Zoë Ångström", &["Institute of Lamps"]),
            ("N. Obody", &["Moth House"]),
            ("P. Van Der Lamp Jr.", &[]),
        ],
        &["cs.CL", "stat.ML"],
        "We invent a paper. The word \"Abstract: nothing\" stands in it, and $x < y$.",
    );
    lanterns.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    let lamp = paper(
        "2512.99902v1",
        "A Lamp Seen from Mathematics",
        &[("The Lamp Collaboration", &[])],
        &["math.AP", "math-ph", "math.MP"],
        "One line.",
    );
    let mut zero = paper(
        "hep-th/9901999v5",
        "0",
        &[("N. Obody", &[])],
        &["math-ph"],
        "Old, and revised.",
    );
    zero.license = Some("http://arxiv.org/licenses/nonexclusive-distrib/1.0/".to_owned());
    zero.journal_ref = Some("Journal of Invented Results 7 (1999) 1-12".to_owned());
    zero.set_dois(vec![
        "10.9999/invented.1".to_owned(),
        "10.9999/invented.2".to_owned(),
    ]);
    let other = paper(
        "2511.99903v2",
        "Another's New Version",
        &[("A. Between", &[])],
        &["cs.LG", "cs.CL"],
        "Two.",
    );
    let announcements = [
        (lanterns, AnnounceType::New),
        (lamp, AnnounceType::Cross),
        (zero, AnnounceType::Replace),
        (other, AnnounceType::ReplaceCross),
    ];
    let expected = AnnouncementFeed {
        day: Some("2026-01-30".parse().unwrap()),
        skip_days: vec![Weekday::Sat, Weekday::Sun],
        announcements: announcements
            .map(|(paper, announce_type)| Announcement { paper, announce_type })
            .to_vec(),
        unreadable: Vec::new(),
        error: None,
    };
    assert_eq!(read(CURRENT), expected);
}

#[test]
fn the_atom_twin_says_the_same() {
    let twin = read(ATOM);
    assert_eq!(twin.announcements, read(CURRENT).announcements[1..2]);
    assert_eq!(twin.day, Some("2026-01-30".parse().unwrap()));
}

#[test]
fn an_empty_channel_has_a_day() {
    let empty = read(EMPTY);
    assert_eq!(empty.day, Some("2026-02-01".parse().unwrap()));
    assert_eq!(empty.skip_days, [Weekday::Sat, Weekday::Sun]);
    assert_eq!((empty.announcements.len(), empty.error), (0, None));
}

#[test]
fn the_day_is_the_channels_then_the_items_then_that_of_the_building() {
    let without_channels = CURRENT.replacen("<pubDate>Fri, 30 Jan 2026 00:00:00 -0500</pubDate>", "", 1);
    let other_build = without_channels.replace(
        "Fri, 30 Jan 2026 05:00:03 +0000",
        "Mon, 02 Feb 2026 05:00:03 +0000",
    );
    assert_eq!(read(&other_build).day, Some("2026-01-30".parse().unwrap()));
    let without_items = other_build.replace("<pubDate>Fri, 30 Jan 2026 00:00:00 -0500</pubDate>", "");
    assert_eq!(read(&without_items).day, Some("2026-02-02".parse().unwrap()));
    let without_any = without_items.replace("Mon, 02 Feb 2026 05:00:03 +0000", "some day");
    assert_eq!(read(&without_any).day, None);
    // 23:59 where arXiv is, when it is the next day in Greenwich.
    let late = CURRENT.replacen("00:00:00 -0500", "23:59:59 -0500", 1);
    assert_eq!(read(&late).day, Some("2026-01-30".parse().unwrap()));
}

#[test]
fn an_error_feed_has_arxivs_words() {
    let error = read(ERROR).error;
    assert_eq!(
        error.as_deref(),
        Some("Bad archive 'lamps'. Valid archive names are: cs, math.")
    );
}

#[test]
fn a_spoilt_item_costs_itself_alone() {
    let whole = read(CURRENT);
    for (spoil, into, reason) in [
        (
            "<guid isPermaLink=\"false\">oai:arXiv.org:2512.99902v1",
            "<guid>oai:arXiv.org:2512.99905v1",
            "also names 2512.99902",
        ),
        ("<title>A Lamp Seen from Mathematics</title>", "", "no title"),
        (
            "<title>A Lamp Seen from Mathematics</title>",
            "<title>A</title><title>B</title>",
            "twice",
        ),
        (
            "<title>A Lamp Seen from Mathematics</title>",
            "<title x='&y;'>A Lamp Seen from Mathematics</title>",
            "at byte",
        ),
        (
            "<arxiv:announce_type>cross<",
            "<arxiv:announce_type>crossed<",
            "`crossed`",
        ),
    ] {
        assert!(CURRENT.contains(spoil), "{spoil}");
        let feed = read(&CURRENT.replacen(spoil, into, 1));
        assert_eq!(feed.unreadable.len(), 1, "{reason}");
        assert!(
            feed.unreadable[0].reason.contains(reason),
            "{:?}",
            feed.unreadable
        );
        let others: Vec<_> = [0, 2, 3].map(|at| whole.announcements[at].clone()).to_vec();
        assert_eq!(feed.announcements, others);
    }
    let nameless = CURRENT.replace("2512.99902v1", "something");
    assert_eq!(read(&nameless).unreadable[0].id, None);
}

#[test]
fn what_one_place_lacks_another_has() {
    let whole = read(CURRENT);
    for missing in [
        "<guid isPermaLink=\"false\">oai:arXiv.org:2512.99902v1</guid>",
        "<arxiv:announce_type>cross</arxiv:announce_type>",
    ] {
        assert!(CURRENT.contains(missing), "{missing}");
        assert_eq!(read(&CURRENT.replace(missing, "")), whole, "{missing}");
    }
    let bare = CURRENT.replace("oai:arXiv.org:2512.99902v1", "oai:arXiv.org:2512.99902");
    assert_eq!(read(&bare), whole);
    let plain = CURRENT.replace("arXiv:2512.99902v1 Announce Type: cross \nAbstract: ", "");
    assert_eq!(read(&plain), whole);
}

#[test]
fn prefixes_mean_what_they_are_declared_as() {
    let renamed = CURRENT
        .replace("xmlns:dc=", "xmlns:core=")
        .replace("dc:creator", "core:creator")
        .replace("dc:rights", "core:rights")
        .replace("xmlns:arxiv=", "xmlns:a=")
        .replace("arxiv:announce_type", "a:announce_type")
        .replace("arxiv:DOI", "a:DOI")
        .replace("arxiv:journal_reference", "a:journal_reference");
    assert_eq!(read(&renamed), read(CURRENT));
}

#[test]
fn what_is_no_feed_is_told_by_what_it_is() {
    let fault = |xml: &str| parse(xml.as_bytes()).unwrap_err();
    for (xml, reason, transient) in [
        ("", "only white space", true),
        ("Rate exceeded.", "plain text", true),
        ("<!DOCTYPE html><html></html>", "HTML page", true),
        ("<html></html>", "HTML page", true),
        ("<rdf:RDF xmlns:rdf=\"x\"/>", "RSS 1.0", true),
        ("<OAI-PMH/>", "no feed", true),
        ("<rss version=\"2.0\"/>", "no channel", true),
        ("<rss><channel>", "breaks off", true),
        ("<!DOCTYPE rss [<!ENTITY x \"y\">]><rss/>", "DOCTYPE", false),
        ("<rss><channel><title>&x;</title></channel></rss>", "`&x;`", false),
        ("<rss><channel/></rss><rss/>", "something follows", false),
        ("<?xml version='1.0' encoding='latin1'?><rss/>", "latin1", false),
    ] {
        let fault = fault(xml);
        assert!(fault.reason.contains(reason), "{xml}: {fault}");
        assert_eq!(fault.transient, transient, "{xml}: {fault}");
    }
    assert!(parse(b"<rss><channel><title>\xff").is_err());
}

#[test]
fn what_is_too_much_is_refused() {
    let inside = |xml: &str| format!("<rss><channel>{xml}</channel></rss>");
    let many = inside(&"<item/>".repeat(20_001));
    assert!(parse(many.as_bytes()).unwrap_err().reason.contains("20000 items"));
    assert_eq!(read(&inside(&"<item/>".repeat(2_000))).unreadable.len(), 2_000);
    let long = inside(&format!("<item><title>{}</title></item>", "x".repeat(1 << 21)));
    let spoilt = format!("oai:arXiv.org:2512.99902v1</guid><title>{}", "x".repeat(1 << 21));
    assert_eq!(read(&long).unreadable.len(), 1);
    let feed = read(&CURRENT.replace("oai:arXiv.org:2512.99902v1</guid>", &(spoilt + "</title>")));
    assert_eq!(feed.announcements.len(), 3);
    assert!(
        feed.unreadable[0].reason.contains("longer"),
        "{:?}",
        feed.unreadable
    );
    let of_channel = inside(&format!("<title>{}</title>", "x".repeat(1 << 21)));
    assert!(
        parse(of_channel.as_bytes())
            .unwrap_err()
            .reason
            .contains("longer")
    );
    let deep = "<rss><channel>".to_owned() + &"<a>".repeat(100);
    assert!(parse(deep.as_bytes()).unwrap_err().reason.contains("deep"));

    let mut crowd = String::new();
    for member in 0..20_001 {
        write!(crowd, "Member N{member}, ").unwrap();
    }
    let crowded = CURRENT.replace("The Lamp Collaboration", crowd.trim_end_matches(", "));
    let feed = read(&crowded);
    assert!(
        feed.unreadable[0].reason.contains("authors"),
        "{:?}",
        feed.unreadable
    );
    let mut codes = String::new();
    for n in 0..5_000 {
        write!(codes, "<category>cs.X{n}</category>").unwrap();
    }
    let filed = CURRENT.replace("<category>math.AP</category>", &codes);
    assert_eq!(read(&filed).announcements[1].paper.categories.len(), 1_000);
}

#[test]
fn categories_are_asked_for_in_one_feed() {
    let address = |base| url(base, &["cs.CL", "math-ph"]);
    assert_eq!(
        address("https://rss.arxiv.org/"),
        "https://rss.arxiv.org/rss/cs.CL+math-ph"
    );
    assert_eq!(
        address("http://127.0.0.1:9"),
        "http://127.0.0.1:9/rss/cs.CL+math-ph"
    );
}

#[test]
fn every_recorded_feed_is_read() {
    let Some(folder) = recordings::folder("every_recorded_feed_is_read") else {
        return;
    };
    let mut summary = String::new();
    for part in ["rss", "generated/feed"] {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(part))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let feed = parse(&bytes).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
            let name = file.file_name().unwrap().to_string_lossy();
            assert_eq!(feed.unreadable, [], "{name}");
            assert_eq!(feed.error.is_some(), name.contains("error"), "{name}");
            assert_eq!(
                feed.announcements.is_empty(),
                name.contains("empty") || name.contains("error"),
                "{name}"
            );
            let day = feed.day.unwrap();
            let expected = if part == "rss" { "2025-04-27" } else { "2026-11-21" };
            assert_eq!(day.to_string(), expected, "{name}");
            let types: Vec<_> = feed.announcements.iter().map(|a| a.announce_type).collect();
            assert!(types.is_sorted(), "{name}: {types:?}");
            for Announcement { paper, .. } in &feed.announcements {
                assert!(
                    paper.version.is_some() && !paper.authors.is_empty(),
                    "{name}: {}",
                    paper.id
                );
                assert!(paper.primary_category.is_some(), "{name}: {}", paper.id);
                let text = paper.abstract_.as_deref().unwrap();
                assert!(
                    !text.contains("Announce Type") && !text.starts_with("Abstract"),
                    "{name}: {text}"
                );
                writeln!(summary, "{name} {}", paper.id).unwrap();
            }
            if name.starts_with("rss") && feed.error.is_none() {
                assert_eq!(feed.skip_days, [Weekday::Sat, Weekday::Sun], "{name}");
            }
        }
    }
    assert_eq!(summary.lines().count(), 26, "{summary}");
}

proptest! {
    #[test]
    fn no_bytes_are_beyond_reading(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_feed_that_breaks_off_is_taken_for_whole(at in 0..CURRENT.trim_end().len()) {
        let cut = &CURRENT.as_bytes()[..at];
        prop_assert!(parse(cut).is_err_and(|fault| fault.transient));
    }

    #[test]
    fn a_damaged_feed_is_read_or_refused(
        at in 0..CURRENT.len(), length in 0..40_usize, put in "[<>&;/\"=a-z\\x00-\\x1f]{0,12}"
    ) {
        let mut bytes = CURRENT.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        if let Ok(feed) = parse(&bytes) {
            prop_assert!(feed.announcements.len() + feed.unreadable.len() <= 8);
        }
    }

    #[test]
    fn any_texts_come_out_folded(texts in prop::collection::vec("[\\PC<&\\n ]{0,80}", 6)) {
        let escaped: Vec<String> = texts.iter().map(|text| text.replace('&', "&amp;").replace('<', "&lt;")).collect();
        let xml = format!(
            "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><title>{}</title><description>{}</description>\
             <guid>2601.00001v3</guid><category>{}</category><dc:creator>{}</dc:creator><pubDate>{}</pubDate>\
             <arxiv:announce_type>new</arxiv:announce_type><dc:rights>{}</dc:rights></item></channel></rss>",
            escaped[0], escaped[1], escaped[2], escaped[3], escaped[4], escaped[5]
        );
        let feed = read(&xml);
        for Announcement { paper, .. } in &feed.announcements {
            prop_assert!(!paper.title.contains('\n'));
            prop_assert_eq!(paper.version, Some(3));
        }
        prop_assert_eq!(feed.announcements.len() + feed.unreadable.len(), 1);
    }
}
