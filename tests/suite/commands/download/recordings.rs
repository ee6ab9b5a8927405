//! The pages that arXiv's own code answers with, where a file was asked for.

use super::*;
use crate::recordings;

#[test]
fn every_page_in_place_of_a_file_is_refused() {
    let Some(folder) = recordings::folder("download") else {
        return;
    };
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.join("generated/browse")).unwrap() {
        let path = entry.unwrap().path();
        let page = std::fs::read(&path).unwrap();
        if !page.starts_with(b"<!DOCTYPE html>") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let head = std::fs::read_to_string(path.with_file_name(format!("{name}.headers"))).unwrap();
        let recorded = head.split(' ').nth(1).unwrap().parse().unwrap();
        // A page that gives a reason is final; another one says nothing about the file.
        let (became, exit) = match name {
            "pdf_404_badid.html" | "pdf_404_notfound.html" | "pdf_cs_0011004.pdf" | "abs_404.html" => {
                ("not_found", 1)
            }
            "pdf_reason_404.html" | "pdf_404_withdrawn.html" => ("refused", 1),
            _ => ("unavailable", 3),
        };
        for status in [recorded, 200] {
            for (kind, content_type) in [
                ("--pdf", "text/html"),
                ("--pdf", "application/pdf"),
                ("--tex", "application/gzip"),
                ("--html", "text/html"),
            ] {
                fake.next(Trouble::Body(status, content_type, page.clone()));
                let ended = machine.run(&["download", kind, "2501.00001v1"]);
                assert_eq!(ended.code, Some(exit), "{name} {kind}: {}", ended.shown());
                assert_eq!(names(&machine.path("")), [""; 0], "{name} {kind}");
            }
        }
        fake.next(Trouble::Body(recorded, "text/html", page));
        machine.run(&["download", "2501.00001v1", "--ledger", "ledger.jsonl"]);
        assert_eq!(status(&machine), [became], "{name}");
        std::fs::remove_file(machine.path("ledger.jsonl")).unwrap();
        seen += 1;
    }
    assert!(seen >= 10, "{seen} pages");
}
