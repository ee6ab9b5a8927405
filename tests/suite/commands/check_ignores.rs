//! Comments in a document that silence findings of `check`.

use serde_json::json;

use crate::arxcat::{Ended, Machine};

/// Checks a document offline that cites 2101.00001, whose record is another paper's.
fn check(name: &str, document: &str, args: &[&str]) -> Ended {
    let mut machine = Machine::new();
    machine.set("ARXCAT_OFFLINE", "1");
    let record = json!({
        "id": "2101.00001", "title": "Frozen charge order in organic chains",
        "authors": [{ "name": "Lena Osk" }], "published": "2021-01-04", "version": 1,
    });
    machine.write("records.jsonl", format!("{record}\n"));
    machine.run(&["import", "--mirror", "records.jsonl"]).ok();
    machine.write(name, document);
    machine.run(&[&["check", name], args].concat())
}

const ENTRY: &str = "@misc{a,\n  title = {Tidal Lanterns for Patient Navigation},\n  author = {Quill, Mara},\n  eprint = {2101.00001},\n  archivePrefix = {arXiv},\n}\n";
const ITEM: &str = "- [Tidal Lanterns for Patient Navigation](https://arxiv.org/abs/2101.00001)";

#[test]
fn a_comment_with_a_reason_silences_a_finding() {
    for (name, document) in [
        (
            "a.bib",
            format!("% arxcat: ignore[wrong-paper] merged into one paper later\n{ENTRY}"),
        ),
        (
            "a.bib",
            format!("arxcat: ignore[differs, wrong_paper] merged into one paper later\n{ENTRY}"),
        ),
        (
            "a.md",
            format!("{ITEM} <!-- arxcat: ignore[wrong-paper] merged into one paper later -->\n"),
        ),
        (
            "a.md",
            format!("<!-- arxcat: ignore[wrong paper] merged into one paper later -->\n{ITEM}\n"),
        ),
        (
            "a.bbl",
            "\\bibitem{a} % arxcat: ignore[wrong-paper] merged into one paper later\nM. Quill.\n\\newblock Tidal lanterns for patient navigation.\n\\newblock arXiv:2101.00001. % arxcat: ignore[wrong-paper] merged into one paper later\n"
                .to_owned(),
        ),
    ] {
        let ended = check(name, &document, &[]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(0), ""),
            "{document}: {}",
            ended.shown()
        );
        assert!(ended.stderr.contains("1 silenced by comments"), "{}", ended.stderr);
        let every = check(name, &document, &["--every"]);
        assert_eq!(every.code, Some(0), "{}", every.shown());
        assert!(
            every.stdout.contains("wrong paper: ")
                && every.stdout.contains("(ignored: merged into one paper later)"),
            "{}",
            every.stdout
        );
    }
}

#[test]
fn other_comments_silence_nothing() {
    for document in [
        // Another verdict, no reason, too far above, behind another item, no comment.
        format!("<!-- arxcat: ignore[superseded] it is known -->\n{ITEM}\n"),
        format!("<!-- arxcat: ignore[wrong-paper] -->\n{ITEM}\n"),
        format!("<!-- arxcat: ignore[wrong-paper] it is known -->\n\n{ITEM}\n"),
        format!("- Another item <!-- arxcat: ignore[wrong-paper] it is known -->\n{ITEM}\n"),
        format!("Write arxcat: ignore[wrong-paper] it is known\n{ITEM}\n"),
    ] {
        let ended = check("a.md", &document, &[]);
        assert_eq!(ended.code, Some(1), "{document}: {}", ended.shown());
        assert!(ended.stdout.contains("wrong paper: "), "{}", ended.stdout);
    }
    let ended = check(
        "a.md",
        &format!("<!-- arxcat: ignore[wrong-paper] -->\n{ITEM}\n"),
        &[],
    );
    assert!(
        ended
            .stderr
            .contains("a.md:1: a comment that ignores a finding needs a reason"),
        "{}",
        ended.stderr
    );
}
