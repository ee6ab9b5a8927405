//! Every recorded answer, compared with a crude reading of the same bytes.

use std::io::Read;
use std::path::Path;

use arxcat::arxiv::oai::{UnreadableRecord, parse};
use arxcat::model::date::Stamp;
use arxcat::model::paper::Paper;

use super::{broken, records};
use crate::recordings;

/// The recorded answers of a folder, by name.
fn recorded(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut bytes = std::fs::read(&path).unwrap();
        if let Some(name) = name.strip_suffix(".gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..])
                .read_to_end(&mut plain)
                .unwrap();
            bytes = plain;
            files.push((name.to_owned(), bytes));
        } else if path.extension().is_some_and(|end| end == "xml") {
            files.push((name, bytes));
        }
    }
    files.sort();
    files
}

fn all_recorded(test: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = recordings::folder(test) else {
        return Vec::new();
    };
    let mut files = recorded(&folder.join("oai"));
    files.extend(recorded(&folder.join("generated/oai")));
    assert!(files.len() > 50);
    files
}

/// The texts between all these tags, read without an XML parser.
fn crude<'a>(xml: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for piece in xml.split(start).skip(1) {
        let Some((_, piece)) = piece.split_once('>') else {
            continue;
        };
        found.extend(piece.split_once(end).map(|(text, _)| text.trim()));
    }
    found
}

#[test]
fn every_recorded_answer_is_read_whole() {
    for (name, bytes) in all_recorded("oai") {
        let xml = String::from_utf8(bytes).unwrap();
        let page = parse(xml.as_bytes()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(broken(&page), Vec::<&UnreadableRecord>::new(), "{name}");
        assert_eq!(page.error.is_some(), name.starts_with("error_"), "{name}");
        let headers = crude(&xml, "<header", "</header>").len();
        let bare = usize::from(headers == 0 && xml.contains("<arXiv "));
        assert_eq!(page.items.len(), headers + bare, "{name}");
        let token = crude(&xml, "<resumptionToken", "</resumptionToken>");
        assert_eq!(
            page.token.as_deref(),
            token.first().copied().filter(|token| !token.is_empty()),
            "{name}"
        );
        let creators = crude(&xml, "<dc:creator", "</dc:creator>").len();
        let people_apart = xml.matches("<author>").count();
        let is_raw = xml.contains("<version ");
        let versions = crude(&xml, "<version ", "</version>").len();
        let found = records(page);
        let people: usize = found.iter().map(|record| record.paper.authors.len()).sum();
        if creators + people_apart > 0 {
            assert_eq!(people, creators + people_apart, "{name}");
        }
        let history = found.iter().filter_map(|record| record.paper.versions.as_ref());
        if is_raw {
            assert_eq!(history.map(Vec::len).sum::<usize>(), versions, "{name}");
        }
        for record in found {
            let paper = record.paper;
            assert!(!paper.authors.is_empty(), "{name}: {}", paper.id);
            assert!(paper.abstract_.is_some(), "{name}: {}", paper.id);
            assert!(paper.primary_category.is_some(), "{name}: {}", paper.id);
            assert!(
                !is_raw
                    || paper
                        .published
                        .is_some_and(|date| matches!(date, Stamp::Second(_)))
            );
            let classes = (&paper.msc_class, &paper.acm_class);
            assert!(
                name.contains("Old") || classes.0 != classes.1 || classes.0.is_none(),
                "{name}"
            );
        }
    }
}

#[test]
fn recorded_papers_with_oddities_are_understood() {
    let files = all_recorded("oddities");
    let one = |name: &str| {
        let (_, bytes) = files.iter().find(|(known, _)| known == name).unwrap();
        records(parse(bytes).unwrap()).remove(0).paper
    };
    if files.is_empty() {
        return;
    }
    let many = one("getrecord_arXivRaw_25versions_1101.0600.xml");
    assert_eq!((many.version, many.versions.unwrap().len()), (Some(25), 25));

    let huge = one("getrecord_arXiv_hugeauthors_1102.0348.xml");
    assert_eq!(huge.authors[0].name, "LHCb Collaboration");
    assert_eq!(huge.authors[12].name, "A. A. Alves Jr");

    let live = one("getrecord_arXivRaw_withdrawn_0908.3762.xml");
    let withdrawn: Vec<bool> = live
        .versions
        .unwrap()
        .iter()
        .map(|v| v.withdrawn.unwrap())
        .collect();
    assert_eq!(withdrawn, [false, true, false, true, false]);
    assert_eq!(live.withdrawn, Some(false));
    assert_eq!(live.published, Stamp::parse("2009-08-26T08:27:29Z"));
    assert_eq!(live.updated, Stamp::parse("2012-10-11T08:23:14Z"));

    let raw = one("getrecord_arXivRaw_0907.2974.xml");
    let dublin = one("getrecord_oai_dc_0907.2974.xml");
    let apart = one("getrecord_arXiv_0907.2974.xml");
    let old = one("getrecord_arXivOld_0907.2974.xml");
    assert_eq!(raw.published.unwrap().day(), dublin.published.unwrap().day());
    assert_eq!(raw.updated.unwrap().day(), dublin.updated.unwrap().day());
    assert_eq!(
        (apart.published, apart.updated.unwrap()),
        (None, dublin.updated.unwrap())
    );
    assert_eq!(dublin.categories, ["cs.DC", "cs.SE"]);
    assert_eq!(dublin.acm_class.as_deref(), Some("H.3.5; C.2.4; D.1.3"));
    assert_eq!(dublin.acm_class, old.acm_class);
    assert_eq!((&raw.acm_class, &apart.acm_class), (&None, &None));
    for other in [&dublin, &apart, &old] {
        assert_eq!(other.authors, raw.authors);
        assert_eq!(other.msc_class, raw.msc_class);
        assert_eq!(other.title, raw.title);
        assert_eq!(other.categories, raw.categories);
    }
    let (_, identify) = files.iter().find(|(name, _)| name == "identify.xml").unwrap();
    assert_eq!(parse(identify).unwrap().earliest, "2005-09-16".parse().ok());
}

#[test]
fn both_recorded_walks_have_503_papers_with_the_same_authors() {
    let files = all_recorded("walks");
    let walk = |prefix: &str| {
        let mut papers: Vec<Paper> = Vec::new();
        for (_, bytes) in files.iter().filter(|(name, _)| name.starts_with(prefix)) {
            papers.extend(
                records(parse(bytes).unwrap())
                    .into_iter()
                    .map(|record| record.paper),
            );
        }
        papers.sort_by_key(|paper| paper.id);
        papers.dedup_by_key(|paper| paper.id);
        papers
    };
    if files.is_empty() {
        return;
    }
    let (raw, apart) = (walk("walk_all_arXivRaw_"), walk("walk_all_arXiv_"));
    assert_eq!((raw.len(), apart.len()), (503, 503));
    let count = |papers: &[Paper]| {
        papers
            .iter()
            .filter(|paper| paper.withdrawn == Some(true))
            .count()
    };
    assert!(count(&raw) > 0);
    for (raw, apart) in raw.iter().zip(&apart) {
        assert_eq!((raw.id, &raw.categories), (apart.id, &apart.categories));
        assert_eq!(raw.authors.len(), apart.authors.len(), "{}", raw.id);
        for (raw, apart) in raw.authors.iter().zip(&apart.authors) {
            assert_eq!(raw.name, apart.name);
        }
    }
}
