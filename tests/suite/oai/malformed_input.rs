//! Spoilt records, what is no answer, cuts and arbitrary bytes.

use arxcat::arxiv::oai::parse;
use proptest::prelude::*;

use super::{ARXIV, DUBLIN, OLD, RAW, broken, fault, id, read, records};

#[test]
fn a_spoilt_record_costs_itself_alone() {
    let long = "x".repeat(1 << 21);
    let authors = "<keyname>A</keyname></author><author>".repeat(20_001);
    for (good, bad, reason) in [
        (
            "<id>hep-th/9901999</id>",
            "<id>hep-th/99&#2;01999</id>",
            "a character that XML forbids",
        ),
        (
            "<id>hep-th/9901999</id>",
            "<id>hep-th/9901999&x;</id>",
            "is no arXiv identifier",
        ),
        (
            "<title>A withdrawn one",
            &format!("<title>{long}"),
            "a text is longer than",
        ),
        (
            "<title>A withdrawn one</title>",
            "<title>A</title><title>B</title>",
            "the same element twice",
        ),
        ("<title>A withdrawn one</title>", "", "it has no title"),
        (
            "<id>hep-th/9901999</id>",
            "<id>hep-th/9901998</id>",
            "its header is another paper's",
        ),
        (
            "<version version=\"v2\">",
            "<version version=\"\">",
            "`` is no version",
        ),
        (
            "<version version=\"v2\">",
            "<version version=\"&x;\">",
            ", at byte ",
        ),
        (
            "<authors>N. Obody",
            &format!("<authors>{}", "A. Lamp, ".repeat(20_001)),
            "more than 20000 authors",
        ),
    ] {
        let (before, after) = RAW.rsplit_once(good).unwrap();
        let page = read(&format!("{before}{bad}{after}"));
        assert_eq!(page.items.len(), 3);
        let unreadable = broken(&page)[0];
        assert_eq!(unreadable.id, Some(id("hep-th/9901999")), "{unreadable}");
        assert_eq!(unreadable.datestamp, "2026-02-06".parse().ok());
        assert!(unreadable.reason.contains(reason), "{unreadable}");
        assert_eq!(records(page).len(), 1, "{reason}");
    }
    let page = read(&ARXIV.replace("<keyname>Ångström</keyname>", &authors));
    assert!(broken(&page)[0].reason.contains("more than 20000 authors"));

    let mut bytes = RAW.as_bytes().to_vec();
    let at = RAW.find("A withdrawn").unwrap();
    bytes[at] = 0xff;
    let page = parse(&bytes).unwrap();
    assert_eq!(broken(&page)[0].id, Some(id("hep-th/9901999")));
    assert_eq!(page.items.len(), 3);
}

#[test]
fn what_spoils_a_text_costs_no_record() {
    for (bad, title) in [
        ("A \u{7}withdrawn one", "A withdrawn one"),
        ("A&nbsp;withdrawn one", "A withdrawn one"),
        ("A withdr&#2;awn one", "A withdrawn one"),
        ("A withdr&#xFFFFFFFF;awn one", "A withdrawn one"),
        ("A Caf&eacute; &lt; one", "A Caf&eacute; < one"),
    ] {
        let (before, after) = RAW.rsplit_once("A withdrawn one").unwrap();
        let page = read(&format!("{before}{bad}{after}"));
        let found = records(page);
        assert_eq!(found.len(), 2, "{bad}");
        assert_eq!(found[1].paper.title, title);
    }
}

#[test]
fn what_is_no_answer_says_what_it_is() {
    for (xml, reason) in [
        (
            "<!DOCTYPE html><html><body>No</body></html>",
            "this is an HTML page",
        ),
        ("<html><body>No</body></html>", "this is an HTML page"),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'/>",
            "this is an Atom feed",
        ),
        (
            "Rate exceeded.",
            "this is plain text, not an OAI-PMH answer: `Rate exceeded.`",
        ),
        (
            "<!DOCTYPE OAI-PMH [<!ENTITY a 'b'>]><OAI-PMH/>",
            "has a DOCTYPE, which is refused",
        ),
        ("", "there is no answer, only white space"),
        ("<OAI-PMH><ListRecords>", "the answer breaks off, at byte 22"),
        ("<OAI-PMH/><OAI-PMH/>", "something follows the answer"),
        ("<OAI-PMH><error code='&x;'/></OAI-PMH>", ", at byte "),
        (
            "<?xml version='1.0' encoding='latin1'?><OAI-PMH/>",
            "the answer is in `latin1`, not UTF-8",
        ),
    ] {
        let said = fault(xml);
        assert!(said.contains(reason), "{xml}: {said}");
    }
    let deep = "<record>".repeat(100);
    assert!(fault(&format!("<OAI-PMH>{deep}")).contains("nested more than 64 deep"));
    let token = "t".repeat(5_000);
    let page =
        format!("<OAI-PMH><ListRecords><resumptionToken>{token}</resumptionToken></ListRecords></OAI-PMH>");
    assert!(fault(&page).contains("the resumption token is longer than"));
    let many = "<record/>".repeat(100_001);
    assert!(fault(&format!("<ListRecords>{many}</ListRecords>")).contains("more than 100000 records"));
}

#[test]
fn every_cut_is_an_error_and_never_a_short_page() {
    for whole in [RAW, ARXIV, OLD, DUBLIN] {
        let end = whole.trim_end().len();
        for at in 0..end {
            let fault = parse(&whole.as_bytes()[..at]).unwrap_err();
            assert!(fault.at <= at as u64 + 1, "{fault}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_are_beyond_reading(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_page_with_any_bytes_changed_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        form in 0..4_usize,
    ) {
        let mut bytes = [RAW, ARXIV, OLD, DUBLIN][form].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(page) = parse(&bytes) {
            prop_assert!(page.items.len() <= 4);
        }
    }

    #[test]
    fn any_markup_is_read_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<record>", "</record>", "<header>", "</header>", "<metadata>", "</metadata>", "<arXivRaw>",
            "</arXivRaw>", "<arXiv>", "</arXiv>", "<dc>", "</dc>", "<author>", "</author>", "<authors>",
            "</authors>", "<version version='v1'>", "</version>", "<id>", "</id>", "2601.99901", "<title>",
            "</title>", "T", "<date>", "</date>", "<identifier>", "</identifier>", "&amp;", "<header status='deleted'>",
        ]), 0..40),
    ) {
        let _ = parse(format!("<OAI-PMH><ListRecords>{}</ListRecords></OAI-PMH>", pieces.concat()).as_bytes());
    }
}
