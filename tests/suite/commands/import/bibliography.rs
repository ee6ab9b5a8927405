//! What `import` takes from bibliographies and feeds beside the records, and what it says of the rest.

use std::fs;

use super::{id, library, says};
use crate::arxcat::Machine;

#[test]
fn a_bibliography_in_windows_1252_keeps_its_letters() {
    let machine = Machine::new();
    let mut bytes =
        b"@misc{a, title = {Caf\xe9 \x96 Kelp}, author = {Zo\xeb Reef}, eprint = {2101.00001}}\n".to_vec();
    bytes.extend("@misc{b, title = {Überall Kelp}, eprint = {2101.00002}}\n".as_bytes());
    fs::write(machine.path("refs.bib"), bytes).unwrap();
    says(
        &machine.run(&["import", "refs.bib"]),
        0,
        &[
            "warning: refs.bib: 1 line not in UTF-8, read as Windows-1252",
            "note: 2 papers: 2 new, 0 updated, 0 the same",
        ],
    );
    let stored = |paper| library(&machine).get(id(paper)).unwrap().unwrap().paper;
    assert_eq!(stored("2101.00001").title, "Café – Kelp");
    assert_eq!(stored("2101.00001").authors[0].name, "Zoë Reef");
    assert_eq!(stored("2101.00002").title, "Überall Kelp");
}

#[test]
fn keywords_notes_and_files_of_a_bibliography_are_taken_over_and_counted() {
    let machine = Machine::new();
    machine.write("papers/pdf/kelp.pdf", "%PDF-1.5");
    machine.write(
        "papers/refs.bib",
        "@misc{a, title = {Kelp}, eprint = {2101.00001}, keywords = {algae, to read; reef},
           note = {Read section 3}, annote = {with Ada}, file = {Full Text:pdf/kelp.pdf:application/pdf}}\n\
         @misc{b, title = {Moss}, eprint = {2101.00002}, note = {arXiv:2101.00002}, file = {:gone.pdf:PDF}}\n",
    );
    says(
        &machine.run(&["import", "papers/refs.bib"]),
        0,
        &[
            "warning: 1 file left out: not on this machine, or neither PDF nor HTML",
            "note: 2 papers: 2 new, 0 updated, 0 the same; with 3 tags, 1 note, 1 file",
        ],
    );
    let library = library(&machine);
    let kept = library.user_data(id("2101.00001")).unwrap().unwrap();
    assert_eq!(kept.tags, ["algae", "reef", "to read"]);
    assert_eq!(kept.note.unwrap(), "Read section 3\nwith Ada");
    let files = library.files(id("2101.00001")).unwrap();
    assert_eq!(files.len(), 1);
    assert!(files[0].path.ends_with("papers/pdf/kelp.pdf"));
    assert_eq!((files[0].size, files[0].id), (8, id("2101.00001")));
    assert_eq!(library.note(id("2101.00002")).unwrap(), None);
    // The same file again changes nothing.
    let again = machine.run(&["import", "papers/refs.bib"]);
    assert!(
        again.stderr.contains("0 new, 0 updated, 2 the same"),
        "{}",
        again.shown()
    );
}

#[test]
fn entries_of_different_titles_that_claim_one_number_are_reported_and_left_out() {
    let machine = Machine::new();
    machine.write(
        "refs.bib",
        "@article{a, title = {Van der Widget epitaxy}, eprint = {1011.1669v3}}\n\
         @article{b, title = {Special points for zones}, eprint = {1011.1669v3}}\n\
         @article{c, title = {On Kelp: A Survey}, eprint = {2101.00001}}\n\
         @article{d, title = {On kelp}, eprint = {2101.00001}}\n",
    );
    says(
        &machine.run(&["import", "refs.bib"]),
        1,
        &[
            "error: refs.bib:1: a: entry `b` of another title claims the number 1011.1669 as well; `arxcat check` says whose it is",
            "error: refs.bib:2: b: entry `a` of another title claims the number 1011.1669 as well; `arxcat check` says whose it is",
            "note: 2 papers: 1 new, 1 updated, 0 the same; 2 that cannot be read",
        ],
    );
    assert_eq!(library(&machine).get(id("1011.1669")).unwrap(), None);
}

#[test]
fn tags_of_flat_fields_are_imported() {
    let machine = Machine::new();
    machine.run(&["tag", "to read", "R1"]).ok();
    machine.run(&["note", "R1", "section 3"]).ok();
    let saved = machine
        .run(&[
            "export",
            "-L",
            "--jsonl",
            "--fields",
            "id,title,library.tags,library.note",
        ])
        .ok();
    let other = Machine::new();
    other.write("saved.jsonl", &saved);
    says(
        &other.run(&["import", "saved.jsonl"]),
        0,
        &["note: 1 paper: 1 new, 0 updated, 0 the same; with 1 tag, 1 note"],
    );
    let kept = library(&other).user_data(id("2501.12948")).unwrap().unwrap();
    assert_eq!(
        (kept.tags, kept.note.as_deref()),
        (vec!["to read".to_owned()], Some("section 3"))
    );
}

#[test]
fn the_atom_feed_of_announcements_is_imported() {
    let machine = Machine::new();
    machine.write(
        "feed.atom",
        r#"<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
<id>http://rss.arxiv.org/atom/cs.CL</id>
<title>cs.CL updates on arXiv.org</title>
<updated>2026-10-14T04:00:00+00:00</updated>
<entry>
<id>oai:arXiv.org:2610.00001v1</id>
<title>Kelp Forests at Scale</title>
<updated>2026-10-14T04:00:00+00:00</updated>
<link href="https://arxiv.org/abs/2610.00001" rel="alternate" type="text/html"/>
<summary>arXiv:2610.00001v1 Announce Type: new
Abstract: Kelp grows.</summary>
<category term="cs.CL"/>
<published>2026-10-14T00:00:00-04:00</published>
<arxiv:announce_type>new</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>Ada Reef, Yi Zed</dc:creator>
</entry>
</feed>
"#,
    );
    says(
        &machine.run(&["import", "feed.atom"]),
        0,
        &["note: 1 paper: 1 new, 0 updated, 0 the same"],
    );
    let stored = library(&machine).get(id("2610.00001")).unwrap().unwrap();
    assert_eq!(stored.paper.abstract_.as_deref(), Some("Kelp grows."));
    assert_eq!(
        stored.checked, None,
        "an announcement does not answer for the newest version"
    );
}
