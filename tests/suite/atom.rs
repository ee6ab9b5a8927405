//! The API's feeds: every recorded one, invented ones of each form, and hostile ones.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fmt::Write;
use std::path::Path;

use arxcat::arxiv::atom::{Feed, parse};
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper, Source};
use proptest::prelude::*;

use crate::recordings;

const CURRENT: &str = include_str!("../../fixtures/atom/current.xml");
const TRANSITION: &str = include_str!("../../fixtures/atom/transition.xml");
const OLD: &str = include_str!("../../fixtures/atom/old.xml");
const ERROR: &str = include_str!("../../fixtures/atom/error.xml");
const EMPTY: &str = include_str!("../../fixtures/atom/empty.xml");

fn read(xml: &str) -> Feed {
    parse(xml.as_bytes()).unwrap()
}

fn fault(xml: &str) -> String {
    parse(xml.as_bytes()).unwrap_err().to_string()
}

fn author(name: &str, affiliations: &[&str]) -> Author {
    Author {
        name: name.to_owned(),
        affiliations: affiliations.iter().map(|&text| text.to_owned()).collect(),
    }
}

fn paper(id: &str, title: &str) -> Paper {
    let mut paper = Paper::new(ArxivId::parse(id).unwrap(), title);
    paper.source = Source::Api;
    paper
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn the_current_form_is_read_whole() {
    let mut first = paper("2601.99901v2", "Lanterns & Moths: why $a < b$ is “enough”");
    first.authors = vec![
        author("Zoë Ångström", &["Institute of Lamps", "Moth House"]),
        author("王小明", &[]),
    ];
    first.abstract_ = Some("We invent a paper. It has several spaces.".to_owned());
    first.primary_category = Some("cs.LG".to_owned());
    first.categories = strings(&["cs.LG", "stat.ML", "physics.flu-dyn"]);
    first.published = Stamp::parse("2026-01-30T23:59:59Z");
    first.updated = Stamp::parse("2026-02-03T04:05:06Z");
    first.comment = Some("12 pages, 3 figures".to_owned());
    first.journal_ref = Some("Journal of Invented Results 7 (2026) 1-12".to_owned());
    first.set_dois(strings(&["10.9999/invented.1", "10.9999/invented.2"]));
    let mut second = paper("hep-th/9901999v1", "0");
    second.authors = vec![author("N. Obody", &[])];
    second.primary_category = Some("hep-th".to_owned());
    second.categories = strings(&["hep-th"]);
    second.published = Stamp::parse("1999-01-31T00:00:00Z");
    second.updated = second.published;

    let expected = Feed {
        unreadable: Vec::new(),
        total: Some(41),
        papers: vec![first, second],
        error: None,
    };
    assert_eq!(read(CURRENT), expected);
}

#[test]
fn the_transition_form_is_read_whole() {
    let mut only = paper("2511.99990v1", "A Paper between Two Servers");
    only.authors = vec![author("A. Between", &[])];
    only.abstract_ = Some("One line.".to_owned());
    only.primary_category = Some("cs.DL".to_owned());
    only.categories = strings(&["cs.DL"]);
    only.published = Stamp::parse("2025-11-10T09:08:07Z");
    only.updated = only.published;
    assert_eq!(
        read(TRANSITION),
        Feed {
            unreadable: Vec::new(),
            total: Some(1),
            papers: vec![only],
            error: None
        }
    );
}

#[test]
fn the_old_form_is_read_whole_and_foreign_classes_are_no_categories() {
    let mut only = paper("math/0102999v3", "On Invented Graphs and their Invented Trees");
    only.authors = vec![author("P. Aper", &["The House of Trees"]), author("G. Raph", &[])];
    only.abstract_ = Some("The first line. The second line.".to_owned());
    only.primary_category = Some("math.CO".to_owned());
    only.categories = strings(&["math.CO", "cs.DM"]);
    only.msc_class = Some("Primary: 05C81, Secondary: 05C05".to_owned());
    only.acm_class = Some("G.2.2; F.2.m".to_owned());
    only.published = Stamp::parse("2001-02-03T04:05:06Z");
    only.updated = Stamp::parse("2003-04-05T06:07:08Z");
    only.comment = Some("9 pages".to_owned());
    only.journal_ref = Some("Trees 1 (2003) 1-9".to_owned());
    only.set_dois(strings(&["10.9999/trees"]));
    assert_eq!(
        read(OLD),
        Feed {
            unreadable: Vec::new(),
            total: Some(1),
            papers: vec![only],
            error: None
        }
    );
}

#[test]
fn an_error_feed_is_told_by_its_entry() {
    let error = read(ERROR).error.unwrap();
    assert_eq!(error.code.as_deref(), Some("incorrect_id_format_for_xyzzy"));
    assert_eq!(error.message, "incorrect id format for xyzzy");

    let old_spelling = ERROR.replace("https://arxiv.org/api/", "http://arxiv.org/api/");
    assert!(read(&old_spelling).error.is_some());
    let nameless = read(&ERROR.replace("errors#incorrect_id_format_for_xyzzy", "errors"));
    assert_eq!(nameless.error.unwrap().code, None);
    assert!(nameless.papers.is_empty());
}

#[test]
fn an_empty_feed_has_a_total_and_no_papers() {
    assert_eq!(
        read(EMPTY),
        Feed {
            unreadable: Vec::new(),
            total: Some(0),
            papers: Vec::new(),
            error: None
        }
    );
}

#[test]
fn prefixes_may_be_any() {
    let other = CURRENT
        .replace("xmlns:arxiv=", "xmlns:x=")
        .replace("<arxiv:", "<x:")
        .replace("</arxiv:", "</x:")
        .replace("xmlns=", "xmlns:a=")
        .replace('<', "<a:")
        .replace("<a:/", "</a:")
        .replace("<a:?", "<?")
        .replace("<a:x:", "<x:")
        .replace("</a:x:", "</x:")
        .replace("<a:opensearch:", "<opensearch:")
        .replace("</a:opensearch:", "</opensearch:");
    assert_eq!(read(&other), read(CURRENT));
}

#[test]
fn elements_of_other_vocabularies_are_not_arxivs() {
    let foreign = CURRENT.replace(
        "<title>0</title>",
        "<z:title xmlns:z=\"urn:z\">1</z:title><title>0</title><source><id>x</id></source>",
    );
    assert_eq!(read(&foreign), read(CURRENT));
}

#[test]
fn a_feed_cut_off_anywhere_is_an_error() {
    for feed in [CURRENT, OLD, ERROR, EMPTY] {
        let whole = feed.trim_end().len();
        for end in 0..whole {
            assert!(parse(&feed.as_bytes()[..end]).is_err(), "cut at {end}");
        }
        assert!(parse(&feed.as_bytes()[..whole]).is_ok());
    }
}

#[test]
fn an_entry_without_identifier_or_title_costs_itself_alone() {
    let reason = |xml: &str| {
        let feed = read(xml);
        assert_eq!((feed.papers.len(), feed.unreadable.len()), (0, 1));
        (
            feed.unreadable[0].id.map(|id| id.to_string()),
            feed.unreadable[0].reason.clone(),
        )
    };
    let no_id = (None, "an entry has no arXiv identifier".to_owned());
    assert_eq!(
        reason(&TRANSITION.replace("/abs/2511.99990v1</id>", "/abs/</id>")),
        no_id
    );
    assert_eq!(
        reason(&TRANSITION.replace("<id>http://arxiv.org/abs/2511.99990v1</id>", "")),
        no_id
    );
    let untitled = TRANSITION.replace("<title>A Paper between Two Servers</title>", "");
    assert_eq!(
        reason(&untitled),
        (
            Some("2511.99990v1".to_owned()),
            "its entry has no title".to_owned()
        )
    );
    let twice = TRANSITION.replace("<summary>", "<title>Another</title><summary>");
    let (id, why) = reason(&twice);
    assert_eq!(id.as_deref(), Some("2511.99990v1"));
    assert!(
        why.starts_with("an entry has the same element twice, at byte"),
        "{why}"
    );
}

#[test]
fn what_is_wrong_within_an_entry_leaves_the_others() {
    let whole = read(CURRENT);
    let long = format!("<summary>{}", "a".repeat(1 << 20));
    for (spoil, into, reason) in [
        ("<summary>", "<id>x</id><summary>", "twice"),
        ("<summary>", long.as_str(), "longer than"),
        ("term=\"stat.ML\"", "term=\"&x;\"", "at byte"),
        ("rel=\"alternate\"", "rel=\"&x;\"", "at byte"),
    ] {
        assert!(CURRENT.contains(spoil), "{spoil}");
        let feed = read(&CURRENT.replacen(spoil, into, 1));
        assert_eq!(feed.papers, whole.papers[1..], "{spoil}");
        let [unreadable] = feed.unreadable.as_slice() else {
            panic!("{:?}", feed.unreadable)
        };
        assert_eq!(unreadable.id, Some(whole.papers[0].id.with_version(2)));
        assert!(unreadable.reason.contains(reason), "{unreadable:?}");
    }
    // Outside of any it is the feed's.
    assert!(parse(CURRENT.replacen("&amp;start", "&x;start", 1).as_bytes()).is_err());
}

#[test]
fn what_may_be_a_feed_at_the_next_try_is_told_from_what_will_not() {
    let transient = |xml: &str| parse(xml.as_bytes()).unwrap_err().transient;
    for xml in [
        "",
        "Rate exceeded.",
        "<html></html>",
        &CURRENT[..CURRENT.len() / 2],
        &CURRENT[..CURRENT.len() - 3],
    ] {
        assert!(transient(xml), "{xml}");
    }
    for xml in [
        "<!DOCTYPE feed [<!ENTITY a \"b\">]><feed/>",
        &CURRENT.replacen("<title>", "<title>&#1;", 1),
    ] {
        assert!(!transient(xml), "{xml}");
    }
}

#[test]
fn what_is_no_feed_is_named() {
    assert!(fault("Rate exceeded.").contains("plain text, not a feed: `Rate exceeded.`"));
    assert!(fault("<!DOCTYPE html><html><body>503</body></html>").contains("HTML"));
    assert!(fault("<html><body>503</body></html>").contains("HTML"));
    assert!(fault("<rss version=\"2.0\"><channel/></rss>").contains("RSS"));
    assert!(fault("").contains("only white space"));
    assert!(fault("{\"error\": 1}").contains("plain text"));
    assert!(fault("<feed xmlns=\"urn:other\"/>").contains("no Atom feed"));
    assert!(fault(&format!("{EMPTY}<feed/>")).contains("something follows"));
    assert!(fault(&format!("{EMPTY}more")).contains("something follows"));
}

#[test]
fn a_doctype_and_unknown_entities_are_refused() {
    let bomb = "<!DOCTYPE feed [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    let with_bomb = EMPTY.replace("<feed", &format!("{bomb}<feed"));
    assert!(fault(&with_bomb).contains("DOCTYPE"));
    let with_title = |text: &str| TRANSITION.replace("A Paper between Two Servers", text);
    assert!(fault(&with_title("a&nbsp;b")).contains("`&nbsp;` is unknown"));
    for reference in [
        "&#0;",
        "&#x1;",
        "&#xD800;",
        "&#x110000;",
        "&#xFFFE;",
        "&#99999999999;",
        "&#;",
        "&;",
    ] {
        assert!(parse(with_title(reference).as_bytes()).is_err(), "{reference}");
    }
    assert!(parse(with_title("fish & chips").as_bytes()).is_err());
    assert_eq!(
        read(&with_title("&#x4E2D;&#25991;&apos;<![CDATA[<&]]>")).papers[0].title,
        "中文'<&"
    );
}

#[test]
fn other_encodings_are_refused_with_the_place() {
    assert!(fault(&EMPTY.replace("UTF-8", "ISO-8859-1")).contains("ISO-8859-1"));
    let mut bytes = EMPTY.as_bytes().to_vec();
    bytes[100] = 0xFF;
    assert_eq!(parse(&bytes).unwrap_err().at, 100);
    let utf16: Vec<u8> = EMPTY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(parse(&utf16).is_err());
    let marked = format!("\u{FEFF}{EMPTY}");
    assert_eq!(read(&marked), read(EMPTY));
}

#[test]
fn depth_and_sizes_are_capped() {
    let deep = |levels: usize| {
        let inside = "<x>".repeat(levels) + &"</x>".repeat(levels);
        EMPTY.replace("</feed>", &(inside + "</feed>"))
    };
    assert!(parse(deep(50).as_bytes()).is_ok());
    assert!(fault(&deep(64)).contains("deep"));
    assert!(fault(&deep(100_000)).contains("deep"));

    let long = |bytes: usize| TRANSITION.replace("One line.", &"a".repeat(bytes));
    assert!(parse(long(1 << 20).as_bytes()).is_ok());
    // Within an entry that is one paper's fault, and no other's.
    let spoilt = |xml: &str| read(xml).unreadable.pop().unwrap().reason;
    assert!(spoilt(&long((1 << 20) + 1)).contains("longer than"));
    let attribute = TRANSITION.replace(
        "type=\"application",
        &format!("x=\"{}\" type=\"application", "a".repeat(1 << 20)),
    );
    assert!(fault(&attribute).contains("longer than"));

    let spaces: String = (0..100).fold(String::new(), |mut all, n| {
        write!(all, " xmlns:p{n}=\"urn:x\"").unwrap();
        all
    });
    assert!(fault(&EMPTY.replace("<feed", &format!("<feed{spaces}"))).contains("namespaces"));
}

fn with_authors(count: usize) -> String {
    let authors: String = (0..count).fold(String::new(), |mut all, n| {
        write!(all, "<author><name>Author {n}</name></author>").unwrap();
        all
    });
    TRANSITION.replace("<author>", &format!("{authors}<author>"))
}

#[test]
fn long_author_lists_are_kept_and_endless_ones_refused() {
    let many = read(&with_authors(299));
    assert_eq!(many.papers[0].authors.len(), 300);
    assert_eq!(many.papers[0].authors[298].name, "Author 298");
    let endless = read(&with_authors(20_000));
    assert!(endless.papers.is_empty());
    assert!(
        endless.unreadable[0].reason.contains("more than 20000 authors"),
        "{:?}",
        endless.unreadable
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_feed_with_arbitrary_damage_never_panics(at in 0..CURRENT.len(), damage in proptest::collection::vec(any::<u8>(), 0..12)) {
        let mut bytes = CURRENT.as_bytes().to_vec();
        let end = (at + damage.len()).min(bytes.len());
        bytes.splice(at..end, damage);
        let _ = parse(&bytes);
    }
}

// Recordings

fn feeds(folder: &Path) -> Vec<(String, String)> {
    let mut feeds: Vec<_> = ["atom", "generated/atom_new_impl"]
        .iter()
        .flat_map(|sub| std::fs::read_dir(folder.join(sub)).unwrap())
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    feeds.sort();
    feeds
}

/// The texts of every `<tag ...>text</tag>` in order, by the crudest means.
fn texts<'a>(xml: &'a str, tag: &str) -> Vec<&'a str> {
    let close = format!("</{tag}>");
    xml.split(&format!("<{tag}"))
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once(&close))
        .map(|(text, _)| text)
        .collect()
}

fn unescaped(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_recorded_feed_says_what_a_crude_reading_says() {
    let Some(folder) = recordings::folder("every_recorded_feed") else {
        return;
    };
    let feeds = feeds(&folder);
    assert!(feeds.len() >= 30, "{} feeds", feeds.len());
    let mut papers_seen = 0;
    for (name, xml) in &feeds {
        let feed = parse(xml.as_bytes()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let total = texts(xml, "opensearch:totalResults")[0];
        assert_eq!(feed.total, total.parse().ok(), "{name}");
        let entries: Vec<_> = xml.split("<entry>").skip(1).collect();
        if name.starts_with("error_") || name.contains("INVALIDID") {
            let error = feed.error.unwrap_or_else(|| panic!("{name} is an error feed"));
            assert!(!error.message.is_empty() && feed.papers.is_empty(), "{name}");
            continue;
        }
        assert_eq!(feed.error, None, "{name}");
        assert_eq!(feed.papers.len(), entries.len(), "{name}");
        for (paper, entry) in feed.papers.iter().zip(entries) {
            compare(paper, entry);
            papers_seen += 1;
        }
    }
    assert!(papers_seen >= 60, "{papers_seen} papers");
}

fn compare(paper: &Paper, entry: &str) {
    let one = |tag: &str| texts(entry, tag).first().map(|text| unescaped(text));
    let id = paper.id.with_version(paper.version.unwrap()).to_string();
    assert_eq!(format!("http://arxiv.org/abs/{id}"), one("id").unwrap());
    assert_eq!(Some(paper.title.clone()), one("title"), "{id}");
    assert_eq!(paper.abstract_, one("summary"), "{id}");
    assert_eq!(
        paper.published.unwrap().to_string(),
        one("published").unwrap(),
        "{id}"
    );
    assert_eq!(
        paper.updated.unwrap().to_string(),
        one("updated").unwrap(),
        "{id}"
    );
    assert_eq!(paper.comment, one("arxiv:comment"), "{id}");
    assert_eq!(paper.journal_ref, one("arxiv:journal_ref"), "{id}");
    assert_eq!(paper.dois, texts(entry, "arxiv:doi"), "{id}");
    assert_eq!(
        paper.doi.as_deref(),
        texts(entry, "arxiv:doi").first().copied(),
        "{id}"
    );
    let authors: Vec<_> = entry.split("<author>").skip(1).collect();
    assert_eq!(paper.authors.len(), authors.len(), "{id}");
    for (author, raw) in paper.authors.iter().zip(authors) {
        if !raw.contains('\\') {
            assert_eq!(author.name, unescaped(texts(raw, "name")[0]), "{id}");
        }
        let affiliations: Vec<_> = texts(raw, "arxiv:affiliation")
            .into_iter()
            .map(unescaped)
            .collect();
        assert_eq!(author.affiliations, affiliations, "{id}");
    }
    let primary = paper.primary_category.as_deref().unwrap();
    assert!(entry.contains(&format!("term=\"{primary}\"")), "{id}");
    assert_eq!(paper.categories[0], primary, "{id}");
    for code in &paper.categories {
        assert!(
            code.bytes()
                .all(|b| b.is_ascii_alphabetic() || b == b'.' || b == b'-'),
            "{id}: {code}"
        );
    }
}

#[test]
fn exact_facts_of_recorded_papers() {
    let Some(folder) = recordings::folder("exact_facts") else {
        return;
    };
    let first = |name: &str| {
        let bytes = std::fs::read(folder.join("atom").join(name)).unwrap();
        parse(&bytes).unwrap().papers.swap_remove(0)
    };
    let supernovae = first("2018-2020_pubs_id_astro-ph_9812133.xml");
    assert_eq!(supernovae.authors.len(), 32);
    assert_eq!(
        supernovae.authors[0],
        author("S. Perlmutter", &["The Supernova Cosmology Project"])
    );
    assert_eq!(supernovae.published, Stamp::parse("1998-12-08T03:27:34Z"));

    let perelman = first("2018-2020_pubs_id_math_0211159.xml");
    assert_eq!(perelman.categories, ["math.DG"]);
    assert_eq!(perelman.msc_class.as_deref(), Some("53C"));

    let transition = first("2025-11-11_rsxiv_query.xml");
    assert_eq!(transition.id.to_string(), "nucl-ex/0408020");
    assert_eq!(transition.version, Some(1));
    assert_eq!(transition.categories, ["nucl-ex", "hep-ph"]);
    assert_eq!(transition.updated, Stamp::parse("2005-09-17T15:04:24Z"));

    let bytes = std::fs::read(folder.join("generated/atom_new_impl/page_all.xml")).unwrap();
    let current = parse(&bytes).unwrap();
    assert_eq!(current.papers[0].dois, ["10.1086/527298"]);
    assert_eq!(
        (current.papers[0].version, current.papers[1].version),
        (Some(2), Some(1))
    );
}
