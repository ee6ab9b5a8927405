//! Real answers of arXiv are imported completely: counted, compared with a crude reading of the same bytes, and found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{counts, says};
use crate::arxcat::Machine;
use crate::recordings;

/// The stored records by identifier.
fn exported(machine: &Machine) -> BTreeMap<String, Value> {
    let papers = machine.run(&["export", "-M", "-f", "jsonl"]).json();
    let count = papers.len();
    let by_id: BTreeMap<String, Value> = papers
        .into_iter()
        .map(|paper| (paper["id"].as_str().unwrap().to_owned(), paper))
        .collect();
    assert_eq!(by_id.len(), count, "a paper is there twice");
    by_id
}

fn found(machine: &Machine, words: &[&str]) -> BTreeSet<String> {
    let args = [&["search", "-M", "-n", "100000", "-f", "ids"], words].concat();
    let found = machine.run(&args).ok();
    found.lines().map(str::to_owned).collect()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

fn folded(text: &Value) -> Option<String> {
    let words: Vec<&str> = text.as_str()?.split_whitespace().collect();
    Some(words.join(" ")).filter(|text| !text.is_empty())
}

#[test]
fn the_genuine_lines_of_the_snapshot_are_held_as_they_are_and_found() {
    let Some(folder) = recordings::folder("the_genuine_lines_of_the_snapshot") else {
        return;
    };
    let file = folder.join("kaggle/arxiv-metadata-oai-snapshot.head.jsonl");
    let file = file.to_str().unwrap();
    let lines = std::fs::read_to_string(file).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let machine = Machine::new();
    machine.run(&["import", file]).ok();
    assert_eq!(counts(&machine), (200, 200));
    let again = machine.run(&["import", file]);
    says(&again, 0, &["note: 200 papers: 0 new, 0 updated, 200 the same"]);
    let held = exported(&machine);
    assert_eq!(held.len(), 200);
    for line in &lines {
        let paper = &held[line["id"].as_str().unwrap()];
        for (theirs, ours) in [
            ("title", "title"),
            ("abstract", "abstract"),
            ("comments", "comment"),
            ("journal-ref", "journal_ref"),
            ("report-no", "report_no"),
            ("license", "license"),
            ("submitter", "submitter"),
        ] {
            assert_eq!(folded(&paper[ours]), folded(&line[theirs]), "{line}");
        }
        let categories: Vec<&str> = line["categories"].as_str().unwrap().split(' ').collect();
        assert_eq!(strings(&paper["categories"]), categories);
        assert_eq!(paper["primary_category"], categories[0]);
        let people = |list: &Value| list.as_array().unwrap().len();
        assert_eq!(
            people(&paper["authors"]),
            people(&line["authors_parsed"]),
            "{line}"
        );
        assert_eq!(people(&paper["versions"]), people(&line["versions"]), "{line}");
        assert_eq!(paper["version"], people(&line["versions"]));
        assert_eq!(paper["retrieved"], line["update_date"]);
    }
    searched_as_read(&machine, &held);
}

/// Words with a single form are found in the records that contain them, and in no others.
fn searched_as_read(machine: &Machine, held: &BTreeMap<String, Value>) {
    let alone = |word: &str, text: &Value| {
        let text = text.as_str().unwrap_or_default().to_lowercase();
        text.split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word || part.strip_suffix('s') == Some(word))
    };
    for word in ["neutrino", "quark", "graphene", "lattice", "galaxy"] {
        for (key, asked) in [
            ("title", format!("title:{word}")),
            ("abstract", format!("abstract:{word}")),
        ] {
            let standing: BTreeSet<String> = held
                .values()
                .filter(|paper| alone(word, &paper[key]) || word == "galaxy" && alone("galaxie", &paper[key]))
                .map(|paper| paper["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(found(machine, &[&asked]), standing, "{asked}");
        }
    }
    // Each tenth of those without formulas by the whole of its title.
    let plain = |title: &&str| !title.contains(['\\', '$']);
    let titled = held
        .values()
        .map(|paper| (paper, paper["title"].as_str().unwrap()));
    for (paper, title) in titled.filter(|(_, title)| plain(title)).step_by(10) {
        let words: Vec<&str> = title
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.len() > 3)
            .collect();
        let ids = found(machine, &words);
        assert!(ids.contains(paper["id"].as_str().unwrap()), "{title}: {ids:?}");
    }
}

/// The four pages of a walk.
fn walk(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    (1..=4)
        .map(|page| folder.join(format!("generated/oai/walk_all_{prefix}_page{page:02}.xml")))
        .collect()
}

/// The identifiers that have a record, read without an XML parser.
fn identifiers(xml: &str) -> BTreeSet<String> {
    let headers = xml.split("<header").skip(1);
    let headers = headers.map(|rest| rest.split("</header>").next().unwrap());
    let alive = headers.filter(|header| !header.starts_with(" status=\"deleted\""));
    alive
        .map(|header| {
            let rest = header.split("oai:arXiv.org:").nth(1).unwrap();
            rest.split('<').next().unwrap().trim().to_owned()
        })
        .collect()
}

#[test]
fn each_recorded_walk_brings_all_its_papers_and_their_withdrawals() {
    let Some(folder) = recordings::folder("each_recorded_walk") else {
        return;
    };
    for prefix in ["arXivRaw", "arXiv"] {
        let machine = Machine::new();
        let pages = walk(&folder, prefix);
        let mut there = BTreeSet::new();
        for page in &pages {
            there.extend(identifiers(&std::fs::read_to_string(page).unwrap()));
            machine.run(&["import", "--mirror", page.to_str().unwrap()]).ok();
        }
        let held = exported(&machine);
        assert_eq!(held.keys().cloned().collect::<BTreeSet<_>>(), there, "{prefix}");
        assert_eq!((held.len(), counts(&machine)), (503, (0, 503)));
        // No word is in no paper, and so all are found that do not have it.
        assert_eq!(found(&machine, &["NOT", "zzyzx"]).len(), 503, "{prefix}");
        let withdrawn: BTreeSet<&str> = held
            .iter()
            .filter(|(_, paper)| paper["withdrawn"] == true)
            .map(|(id, _)| id.as_str())
            .collect();
        if prefix == "arXiv" {
            // Its pages do not say.
            assert!(held.values().all(|paper| paper["withdrawn"].is_null()));
            continue;
        }
        let last_is_notice = [
            "0901.3666",
            "0903.0442",
            "1101.2483",
            "1101.6031",
            "1102.0219",
            "cond-mat/0703772",
        ];
        assert_eq!(withdrawn, last_is_notice.into());
        // Of no bytes, and yet not withdrawn; and one that came back twice.
        for live in ["2305.11452", "2310.08262", "0908.3762"] {
            assert_eq!(held[live]["withdrawn"], false, "{live}");
        }
        let past: Vec<bool> = held["0908.3762"]["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| version["withdrawn"] == true)
            .collect();
        assert_eq!(past, [false, true, false, true, false]);
        let many = held["1101.0600"]["versions"].as_array().unwrap();
        assert_eq!(
            (many.len(), &held["1101.0600"]["version"]),
            (25, &Value::from(25))
        );
        assert!(
            many.iter()
                .zip(1..)
                .all(|(version, number)| version["version"] == number)
        );
    }
}

#[test]
fn every_author_of_a_huge_list_is_held_and_found() {
    let Some(folder) = recordings::folder("every_author_of_a_huge_list") else {
        return;
    };
    let file = folder.join("generated/oai/getrecord_arXiv_hugeauthors_1102.0348.xml");
    let xml = std::fs::read_to_string(&file).unwrap();
    let keys: Vec<&str> = xml
        .split("<keyname>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    assert!(keys.len() > 500);
    // The pages of both walks around it, so that finding it says something.
    let machine = Machine::new();
    for path in walk(&folder, "arXivRaw").iter().chain([&file]) {
        machine.run(&["import", path.to_str().unwrap()]).ok();
    }
    let shown = machine.run(&["show", "1102.0348", "--json"]).json().remove(0);
    let names: Vec<&str> = shown["authors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|author| author["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), keys.len());
    assert_eq!((names[0], names[12]), ("LHCb Collaboration", "A. A. Alves Jr"));
    for (name, key) in names.iter().zip(&keys) {
        // Keys with accents and entities are spelt otherwise in the name.
        assert!(
            !key.is_ascii() || key.contains(['\\', '&']) || name.contains(key),
            "{name}: {key}"
        );
    }
    for author in ["author:alves", "author:zverev"] {
        assert!(found(&machine, &[author]).contains("1102.0348"), "{author}");
    }
    let listed = machine
        .run(&["list", "-M", "--author", "alves jr", "-f", "ids"])
        .ok();
    assert_eq!(listed, "1102.0348\n");
}

/// The XML that was recorded, with what is packed unpacked.
fn recorded(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for kind in ["atom", "oai", "generated/oai", "generated/atom_new_impl"] {
        for entry in std::fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let text = match path.extension().and_then(|ending| ending.to_str()) {
                Some("xml") => String::from_utf8(bytes).unwrap(),
                Some("gz") => {
                    let mut text = String::new();
                    flate2::read::GzDecoder::new(&bytes[..])
                        .read_to_string(&mut text)
                        .unwrap();
                    text
                }
                _ => continue,
            };
            files.push((path, text));
        }
    }
    files.sort();
    files
}

#[test]
fn recorded_answers_of_every_kind_go_in() {
    let Some(folder) = recordings::folder("recorded_answers_of_every_kind_go_in") else {
        return;
    };
    let machine = Machine::new();
    let mut there = BTreeSet::new();
    for (path, text) in recorded(&folder) {
        let ended = machine.run(&["import", path.to_str().unwrap()]);
        let in_order = path.to_string_lossy();
        let is_refusal = in_order.contains("atom_new_impl/error_")
            || text.contains("api/errors")
            || text.contains("<error code=") && !text.contains("noRecordsMatch")
            || text.contains("<ListIdentifiers>");
        let code = if is_refusal { 4 } else { 0 };
        assert_eq!(ended.code, Some(code), "{}: {}", path.display(), ended.stderr);
        if !is_refusal && text.contains("oai:arXiv.org:") {
            there.extend(identifiers(&text));
        }
    }
    assert!(there.len() > 503 + 897);
    let held = exported(&machine);
    let lost: Vec<&String> = there.iter().filter(|id| !held.contains_key(*id)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert_eq!(found(&machine, &["NOT", "zzyzx"]).len(), held.len());
    machine.run(&["doctor"]).ok();
    let again = recorded(&folder);
    let (path, _) = again
        .iter()
        .find(|(path, _)| path.extension().is_some_and(|end| end == "gz"))
        .unwrap();
    let ended = machine.run(&["import", path.to_str().unwrap()]);
    says(&ended, 0, &["note: 897 papers: 0 new, 0 updated, 897 the same"]);
}
