//! `ids`: from a document to a list that goes on into other commands.

use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::arxcat::Machine;
use crate::recordings;

const POST: &str = "# Reading list\n\
    - [Attention](https://arxiv.org/abs/1706.03762v5), again arXiv:1706.03762v5 and arXiv:1706.03762.\n\
    - hep-th/9901001, doi:10.48550/arXiv.2412.19437\n";

#[test]
fn one_a_line_in_order_each_once() {
    let machine = Machine::new();
    machine.write("post.md", POST);
    assert_eq!(
        machine.run(&["ids", "post.md"]).ok(),
        "1706.03762v5\n1706.03762\n2412.19437\n"
    );
    assert_eq!(
        machine.run(&["ids", "post.md", "--lenient", "--all"]).ok(),
        "1706.03762v5\n1706.03762v5\n1706.03762\nhep-th/9901001\n2412.19437\n"
    );
    assert_eq!(
        machine.arxcat(&["ids"]).stdin(POST).run().ok(),
        machine.run(&["ids", "post.md"]).ok()
    );
}

#[test]
fn the_list_goes_on_into_other_commands() {
    let machine = Machine::new();
    let found = machine
        .arxcat(&["ids"])
        .stdin("R1 (arXiv:2501.12948), V3: https://arxiv.org/pdf/2412.19437.pdf")
        .run()
        .ok();
    let shown = machine
        .arxcat(&["show", "-", "-f", "ids"])
        .stdin(&found)
        .run()
        .ok();
    assert_eq!(shown, found);
}

#[test]
fn json_and_tsv_say_where_each_stands() {
    let machine = Machine::new();
    machine.write("post.md", POST);
    let references = machine.run(&["ids", "post.md", "--json", "--all"]);
    let schema = serde_json::from_str(&machine.run(&["schema", "reference"]).ok()).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("memory:reference", schema).unwrap();
    let schema = compiler.compile("memory:reference", &mut schemas).unwrap();
    let references = references.json();
    assert_eq!(references.len(), 4);
    for reference in &references {
        schemas
            .validate(reference, schema)
            .unwrap_or_else(|error| panic!("{error}"));
        let offset = usize::try_from(reference["offset"].as_u64().unwrap()).unwrap();
        assert!(POST[offset..].starts_with(reference["text"].as_str().unwrap()));
    }
    assert_eq!(
        machine.run(&["ids", "post.md", "--jsonl", "--all"]).json(),
        references
    );
    let tsv = machine.run(&["ids", "post.md", "-f", "tsv"]).ok();
    assert_eq!(
        tsv.lines().next(),
        Some("1706.03762v5\tpost.md\t2\t15\t29\turl\thttps://arxiv.org/abs/1706.03762v5")
    );
    assert_eq!(
        machine.arxcat(&["ids", "--json"]).stdin("nothing").run().ok(),
        "[]\n"
    );
}

#[test]
fn what_is_marked_and_no_identifier_is_said_and_exits_1() {
    let machine = Machine::new();
    machine.write("post.md", "a\n  arXiv:1706.0376 and arXiv:1706.03762\n");
    let ended = machine.run(&["ids", "post.md"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "1706.03762\n"));
    assert_eq!(
        ended.stderr,
        "warning: post.md:2:3: `arXiv:1706.0376`: numbers have five digits since January 2015; \
         did you mean `1706.00376`?\n"
    );
}

#[test]
fn a_missing_file_is_told_and_the_rest_is_done() {
    let machine = Machine::new();
    machine.write("a.txt", "arXiv:1706.03762");
    machine.write("b.txt", "arXiv:1706.03762 arXiv:1706.03763");
    let ended = machine.run(&["ids", "a.txt", "missing.txt", ".", "b.txt"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(4), "1706.03762\n1706.03763\n")
    );
    assert_eq!(
        ended.stderr,
        "error: cannot read missing.txt: no such file or directory\nerror: cannot read .: it is a folder\n"
    );
    let ended = machine.run(&["ids", "a.txt", "missing.txt", "-o", "out.txt"]);
    assert_eq!((ended.code, machine.path("out.txt").exists()), (Some(4), false));
    machine.run(&["ids", "a.txt", "-o", "out.txt"]).ok();
    assert_eq!(machine.read("out.txt"), "1706.03762\n");
}

#[test]
fn gzip_is_read_through_and_a_broken_one_is_an_error() {
    let machine = Machine::new();
    let packed = |text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let two = [packed("arXiv:1706."), packed("03762")].concat();
    machine.write("post.gz", &two);
    assert_eq!(machine.run(&["ids", "post.gz"]).ok(), "1706.03762\n");
    let cut = machine.arxcat(&["ids", "-"]).stdin(&two[..two.len() - 6]).run();
    assert_eq!(cut.code, Some(4), "{}", cut.shown());
}

#[test]
fn nothing_found_is_0_with_a_note() {
    let ended = Machine::new().arxcat(&["ids"]).stdin("see 1706.03762").run();
    assert_eq!(
        ended.shown(),
        "exit 0\n--- stderr\nnote: nothing is marked as an arXiv identifier; --lenient takes bare numbers too\n"
    );
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let machine = Machine::new();
    machine.write("many.txt", "arXiv:1706.03762\n".repeat(200_000));
    let mut command = machine.arxcat(&["ids", "--all", "many.txt"]).command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = [0; 11];
    child.stdout.take().unwrap().read_exact(&mut line).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(
        (ended.status.code(), ended.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_a_line() {
    let machine = Machine::new();
    let mut text = b"arxiv.org/".repeat(2_500_000);
    text.extend_from_slice(b" arXiv:1706.03762");
    machine.write("line.txt", text);
    let limited = std::process::Command::new("sh")
        .args(["-c", "ulimit -d 16384 && exec \"$0\" ids line.txt"])
        .arg(env!("CARGO_BIN_EXE_arxcat"))
        .current_dir(machine.path(""))
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&limited.stdout),
        "1706.03762\n",
        "{}",
        String::from_utf8_lossy(&limited.stderr)
    );
}

/// The identifiers of other people's documents, which are never in the repository.
#[test]
fn the_first_documents_give_what_they_cite() {
    let Some(recordings) = recordings::folder("the_first_documents_give_what_they_cite") else {
        return;
    };
    let machine = Machine::new();
    let seeds: Vec<_> = fs::read_dir(recordings.join("../seeds"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let ids = |number: &str, lenient: bool| {
        let file = seeds
            .iter()
            .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(number))
            .unwrap();
        let mut args = vec!["ids", file.to_str().unwrap()];
        args.extend(lenient.then_some("--lenient"));
        machine
            .run(&args)
            .ok()
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids("000", false),
        [
            "2310.16818",
            "2401.02954",
            "2401.06066",
            "2402.03300",
            "2405.04434",
            "2403.05525",
            "2406.11931",
            "2412.19437",
            "2501.12948",
            "1706.03762"
        ]
    );
    assert_eq!(ids("001", false), [""; 0]);
    assert_eq!(
        ids("001", true),
        [
            "2401.02954",
            "2401.14196",
            "2402.03300",
            "2403.05525",
            "2405.04434",
            "2405.14333",
            "2406.11931",
            "2412.10302",
            "2412.19437",
            "2501.12948"
        ]
    );
    for lenient in [false, true] {
        assert_eq!(
            ids("003", lenient),
            [
                "2303.08774",
                "2407.21783",
                "2412.15115",
                "2401.02954",
                "2401.06066",
                "2401.14196",
                "2402.03300",
                "2405.04434",
                "2412.19437",
                "2501.12948"
            ]
        );
        let of_004 = ids("004", lenient);
        assert_eq!((of_004.len(), of_004[8].as_str()), (15, "2406.14333"));
    }
}

#[test]
fn a_real_reading_list_gives_every_address_it_has() {
    let Some(recordings) = recordings::folder("a_real_reading_list_gives_every_address_it_has") else {
        return;
    };
    let file = recordings.join("markdown/Awesome-LLM_README.md");
    let text = fs::read_to_string(&file).unwrap();
    let strict = Machine::new().run(&["ids", "--all", file.to_str().unwrap()]).ok();
    assert_eq!(strict.lines().count(), text.matches("arxiv.org/").count());
}
