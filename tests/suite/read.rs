//! Papers from files: detection of the format, framing of records, the Kaggle snapshot, compressed files.

use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arxcat::model::name;
use arxcat::model::paper::{Author, Source};
use arxcat::model::record::Record;
use arxcat::model::text::fold_whitespace;
use arxcat::read::{
    ByteSource, Framing, InputFormat, MAX_RECORD, RecordStream, UnknownFormat, decompress, kaggle, paper,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::recordings;

/// A record in the form of the Kaggle snapshot.
pub const KELP: &str = r#"{"id":"0704.9001","submitter":"A. Reef","authors":"J.-P. M\\\"uller and The Kelp Group","title":"Kelp\n  forests and \\alpha-decay","comments":"12 pages,\n  2 figures","journal-ref":null,"doi":"10.1000/kelp.1 10.1000/kelp.2","report-no":"REEF-07-01","categories":"q-bio.PE physics.ao-ph","license":null,"abstract":"  Kelp grows\nin $x^2$ metres.\n","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT"}],"update_date":"2008-11-26","authors_parsed":[["M\\\"uller","J. -P.","","Reef\n  Institute"],["The Kelp Group","",""]]}"#;

/// What a source gives, a few bytes at a time.
struct Dripping<'a>(&'a [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(self.1).min(buffer.len());
        let (now, later) = self.0.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

fn form(bytes: &[u8]) -> Result<InputFormat, UnknownFormat> {
    let dripped = InputFormat::of(&mut RecordStream::new(&mut Dripping(bytes, 7))).unwrap();
    let whole = InputFormat::of(&mut RecordStream::new(&mut Cursor::new(bytes))).unwrap();
    assert_eq!(dripped, whole, "{}", String::from_utf8_lossy(bytes));
    whole
}

/// Each piece with its line; what is wrong with `!` before it.
fn pieces(bytes: &[u8], cut: Framing, at_once: usize) -> Vec<(u64, String)> {
    let mut source = Dripping(bytes, at_once);
    let mut stream = RecordStream::new(&mut source);
    let mut all = Vec::new();
    while let Some(piece) = stream.next(cut, &mut || {}).unwrap() {
        let text = match piece.bytes {
            Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Err(why) => format!("!{why}"),
        };
        all.push((piece.line, text));
    }
    all
}

fn piece(line: u64, text: &str) -> (u64, String) {
    (line, text.to_owned())
}

#[test]
fn forms_are_told_by_content() {
    let ours = r#"{"id":"2501.00001","title":"Of \"update_date\": and {papers}"}"#;
    let kelp_pretty = KELP.replacen('{', "{\n", 1);
    for (text, told) in [
        (format!("{ours}\n{ours}\n"), InputFormat::Papers(Framing::Lines)),
        (ours.to_owned(), InputFormat::Papers(Framing::Lines)),
        (
            format!("\u{feff}\r\n{ours}\r\n"),
            InputFormat::Papers(Framing::Lines),
        ),
        (
            format!("[\n  {ours},\n  {KELP}\n]\n"),
            InputFormat::Papers(Framing::Array),
        ),
        ("[]".to_owned(), InputFormat::Papers(Framing::Array)),
        (
            ours.replacen('{', "{\n  ", 1),
            InputFormat::Papers(Framing::Values),
        ),
        (KELP.to_owned(), InputFormat::Kaggle(Framing::Lines)),
        (format!("{KELP}\n{ours}"), InputFormat::Kaggle(Framing::Lines)),
        (format!("[{KELP}]"), InputFormat::Kaggle(Framing::Array)),
        (kelp_pretty, InputFormat::Kaggle(Framing::Values)),
        (
            r#"{"id":"0704.9001","title":"K","categories":"q-bio.PE"}"#.to_owned(),
            InputFormat::Kaggle(Framing::Lines),
        ),
        (
            "<?xml version='1.0'?>\n<!-- a > b -->\n<feed xmlns='http://www.w3.org/2005/Atom'>".to_owned(),
            InputFormat::Atom,
        ),
        ("<a:feed/>".to_owned(), InputFormat::Atom),
        ("<?xml version=\"1.0\"?><OAI-PMH>".to_owned(), InputFormat::Oai),
        ("<record>....".to_owned(), InputFormat::Oai),
        (
            "% my papers\n\n  @Article {kelp,\n".to_owned(),
            InputFormat::Bibtex,
        ),
        ("@string(x = {y})".to_owned(), InputFormat::Bibtex),
        (" \r\n\t".to_owned(), InputFormat::Empty),
        (String::new(), InputFormat::Empty),
    ] {
        assert_eq!(form(text.as_bytes()), Ok(told), "{text}");
    }
}

#[test]
fn what_is_no_form_of_papers_says_what_it_is() {
    for (bytes, told) in [
        (
            &b"{\"name\":\"kelp\",\"papers\":[{}]}"[..],
            UnknownFormat::Catalog,
        ),
        (
            b"{\n  \"name\": \"kelp\",\n  \"papers\": [\n",
            UnknownFormat::Catalog,
        ),
        (b"<!DOCTYPE html>\n<title>Sorry</title>", UnknownFormat::Html),
        (b"<HTML><body>", UnknownFormat::Html),
        (b"<rss version='2.0'>", UnknownFormat::Xml),
        (b"<!-- never closed", UnknownFormat::Xml),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0", UnknownFormat::Packed),
        (b"\x28\xb5\x2f\xfd\0\0\0\0", UnknownFormat::Packed),
        (b"Dear reader, mail me@example.org {now}", UnknownFormat::Other),
        (b"\0\0\0\0\0\0\0\0\0\0", UnknownFormat::Other),
    ] {
        assert_eq!(form(bytes), Err(told), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_stream_is_cut_into_records_with_their_lines() {
    for at_once in [1, 3, 1000] {
        let lines = "\u{feff}{1}\n\n \r\n {2} \r\nthree\n{4";
        assert_eq!(
            pieces(lines.as_bytes(), Framing::Lines, at_once),
            [
                piece(1, "{1}"),
                piece(4, "{2}"),
                piece(5, "three"),
                piece(6, "{4")
            ]
        );
        let array = "\n[\n {\"a\": \"}\\\\\\\"]\"},\n [1, {}], 7,\"x,y\"\n,{\n}]\n";
        assert_eq!(
            pieces(array.as_bytes(), Framing::Array, at_once),
            [
                piece(3, "{\"a\": \"}\\\\\\\"]\"}"),
                piece(4, "[1, {}]"),
                piece(4, "7"),
                piece(4, "\"x,y\""),
                piece(5, "{\n}"),
            ]
        );
        assert_eq!(
            pieces(b"{\n1}\n{2}{3}\n\n4 \n{5", Framing::Values, at_once),
            [
                piece(1, "{\n1}"),
                piece(3, "{2}"),
                piece(3, "{3}"),
                piece(5, "4"),
                piece(6, "!it breaks off")
            ]
        );
    }
}

#[test]
fn an_array_that_breaks_off_or_goes_on_is_told() {
    let told = |text: &str| pieces(text.as_bytes(), Framing::Array, 5);
    assert_eq!(told("[{1},\n{2"), [piece(1, "{1}"), piece(2, "!it breaks off")]);
    assert_eq!(
        told("[{1},\n{2}\n"),
        [
            piece(1, "{1}"),
            piece(2, "{2}"),
            piece(3, "!it breaks off: the array is not closed")
        ]
    );
    assert_eq!(
        told("[{1}]\n[{2}]\n"),
        [piece(1, "{1}"), piece(2, "!something follows the array")]
    );
    assert_eq!(told("[]\n"), []);
}

#[test]
fn a_record_without_end_costs_only_itself() {
    let long = "x".repeat(MAX_RECORD + 1);
    let most = "y".repeat(MAX_RECORD);
    let lines = pieces(
        format!("{long}\n{most}\n{long}{long}{long}\n{{4}}").as_bytes(),
        Framing::Lines,
        1 << 20,
    );
    let why = "!it is longer than 8 MiB";
    assert_eq!(
        lines,
        [piece(1, why), piece(2, &most), piece(3, why), piece(4, "{4}")]
    );
    let value = format!("[{{\"a\\\"\":\"{long}\\\"}}{long}\",\n\"b\":[]}},{{2}},\"{long}\"]");
    let array = pieces(value.as_bytes(), Framing::Array, (1 << 20) + 1);
    assert_eq!(array, [piece(1, why), piece(2, "{2}"), piece(2, why)]);
}

#[test]
fn a_line_of_the_snapshot_is_a_record() {
    let Record {
        paper,
        as_of,
        current,
    } = kaggle(KELP.as_bytes()).unwrap();
    assert_eq!(
        (paper.id.to_string().as_str(), paper.version),
        ("0704.9001", Some(2))
    );
    assert_eq!(paper.title, "Kelp forests and \\alpha-decay");
    assert_eq!(paper.abstract_.as_deref(), Some("Kelp grows in $x^2$ metres."));
    let author = |name: &str, affiliations: &[&str]| Author {
        name: name.to_owned(),
        affiliations: affiliations.iter().map(|one| (*one).to_owned()).collect(),
    };
    assert_eq!(
        paper.authors,
        [
            author("J. -P. Müller", &["Reef Institute"]),
            author("The Kelp Group", &[])
        ]
    );
    assert_eq!(paper.comment.as_deref(), Some("12 pages, 2 figures"));
    assert_eq!(paper.dois, ["10.1000/kelp.1", "10.1000/kelp.2"]);
    assert_eq!(paper.doi.as_deref(), Some("10.1000/kelp.1"));
    assert_eq!(paper.report_no.as_deref(), Some("REEF-07-01"));
    assert_eq!(paper.primary_category.as_deref(), Some("q-bio.PE"));
    assert_eq!(paper.categories, ["q-bio.PE", "physics.ao-ph"]);
    assert_eq!((paper.journal_ref, paper.license), (None, None));
    assert_eq!(paper.submitter.as_deref(), Some("A. Reef"));
    assert_eq!(paper.published.unwrap().to_string(), "2007-04-02T19:18:42Z");
    assert_eq!(paper.updated.unwrap().to_string(), "2007-07-24T20:10:27Z");
    let versions = paper.versions.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[1].version, versions[1].withdrawn), (2, None));
    assert_eq!((paper.withdrawn, paper.source), (None, Source::File));
    assert_eq!(
        (as_of.unwrap().to_string().as_str(), current),
        ("2008-11-26", true)
    );
}

#[test]
fn what_the_snapshot_leaves_out_is_not_made_up() {
    let bare = r#"{"id":"math.GT/0309999","title":" A  knot ","authors":"Ada Reef, Bo Kelp (MIT)"}"#;
    let Record { paper, as_of, .. } = kaggle(bare.as_bytes()).unwrap();
    assert_eq!(
        (paper.id.to_string().as_str(), paper.title.as_str()),
        ("math/0309999", "A knot")
    );
    let names: Vec<&str> = paper.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Ada Reef", "Bo Kelp"]);
    assert_eq!(
        (paper.version, paper.published, paper.versions),
        (None, None, None)
    );
    assert_eq!((paper.retrieved, as_of), (None, None));
}

#[test]
fn a_bad_record_says_what_is_wrong_with_it() {
    let with = |from: &str, to: &str| kaggle(KELP.replacen(from, to, 1).as_bytes()).unwrap_err();
    for (from, to, why) in [
        ("0704.9001", "0713.9001", "id: month 13 does not exist"),
        ("\"id\":\"0704.9001\",", "", "missing field `id`"),
        ("Mon, 2 Apr", "Mon, 2 Apt", "`created` is no date"),
        ("\"v2\"", "\"v0\"", "a version is none such as `v1`"),
        ("2008-11-26", "2008-13-26", "`2008-13-26` is no date"),
        ("]]}", "]", "EOF while parsing"),
        (
            "\"title\":\"Kelp\\n  forests and \\\\alpha-decay\"",
            "\"title\":\" \\n\"",
            "title: empty",
        ),
        ("{", "[{", "this is no object"),
    ] {
        let told = with(from, to);
        assert!(told.contains(why), "{told}");
    }
    let long = format!(
        r#"{{"id":"0704.9001","title":"K","versions":"{}"}}"#,
        "é".repeat(500)
    );
    assert!(kaggle(long.as_bytes()).unwrap_err().len() < 250);
    for (json, why) in [
        (r#"{"id":"2501.00001","title":" "}"#, "title: empty"),
        (
            r#"{"id":"2501.00001","title":"T","version":0}"#,
            "version: versions are counted from 1",
        ),
        (r#"{"id":"2501.00001"}"#, "missing field `title`"),
        (r#"["2501.00001"]"#, "this is no object"),
    ] {
        assert_eq!(paper(json.as_bytes()).unwrap_err(), why);
    }
}

#[test]
fn our_own_record_keeps_what_it_may_know() {
    let json = r#"{"id":"2501.00001v2","version":2,"title":"T","doi":"10.1000/a","dois":["10.1000/b"],
        "source":"oai","retrieved":"2026-01-02T03:04:05Z","catalog":{"name":"x"},
        "library":{"tags":[" to  read ",""],"note":"good","files":["/etc/passwd"],"kept":null}}"#;
    let Record {
        paper: read,
        as_of,
        current,
    } = paper(json.as_bytes()).unwrap();
    assert_eq!((read.source, read.catalog), (Source::Oai, None));
    assert_eq!(read.dois, ["10.1000/a", "10.1000/b"]);
    let kept = read.library.unwrap();
    assert_eq!(
        (kept.tags, kept.note.as_deref()),
        (vec!["to read".to_owned()], Some("good"))
    );
    assert_eq!(kept.files, Vec::<String>::new());
    assert_eq!(
        (as_of.unwrap().to_string().as_str(), current),
        ("2026-01-02", false)
    );
    let plain = paper(br#"{"id":"2501.00001","title":"T"}"#).unwrap();
    assert_eq!((plain.paper.source, plain.as_of), (Source::File, None));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// A zip archive; as it comes out of a pipe its files are followed by their lengths.
fn zip(files: &[(&str, &[u8])], to_pipe: bool) -> Vec<u8> {
    fn fill<W: Write + io::Seek>(mut archive: ZipWriter<W>, files: &[(&str, &[u8])]) -> W {
        for (name, bytes) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap()
    }
    if to_pipe {
        fill(ZipWriter::new_stream(Vec::new()), files).into_inner()
    } else {
        fill(ZipWriter::new(Cursor::new(Vec::new())), files).into_inner()
    }
}

#[test]
fn members_of_one_name_are_read_alike_from_a_file_and_a_pipe() {
    // The writer refuses a repeated name, so one is written over.
    let archive = zip(&[("one.txt", b"first,"), ("two.txt", b"second")], false);
    let mut bytes = archive.clone();
    while let Some(at) = bytes.windows(7).position(|window| window == b"two.txt") {
        bytes[at..at + 7].copy_from_slice(b"one.txt");
    }
    assert_eq!(content(&bytes), content(&archive));
    assert_eq!(
        content(&bytes),
        [Ok(b"first,second".to_vec()), Ok(b"first,second".to_vec())]
    );
}

/// What is in a file, read from a file and from a pipe.
fn content(bytes: &[u8]) -> [Result<Vec<u8>, String>; 2] {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    let pipe: Box<dyn Read> = Box::new(Cursor::new(bytes.to_vec()));
    [ByteSource::File(file), ByteSource::Pipe(pipe)].map(|input| {
        let count = Arc::new(AtomicU64::new(0));
        let mut all = Vec::new();
        let read = decompress(input, &count, |_, stream| {
            all.extend(stream.rest(1 << 30)?);
            Ok(None::<()>)
        });
        read.map(|_| all).map_err(|error| error.to_string())
    })
}

#[test]
fn what_is_packed_is_unpacked() {
    let text = KELP.repeat(100).into_bytes();
    let is_text = |bytes: &[u8]| content(bytes).map(|read| read.map(|bytes| bytes == text));
    let both = [Ok(true), Ok(true)];
    assert_eq!(is_text(&text), both);
    assert_eq!(is_text(&gzip(&text)), both);
    assert_eq!(is_text(&[gzip(&text[..50]), gzip(&text[50..])].concat()), both);
    assert_eq!(is_text(&zip(&[("snapshot.json", &text)], false)), both);
    let [file, pipe] = is_text(&zip(&[("snapshot.json", &text)], true));
    assert_eq!(file, Ok(true));
    assert!(pipe.unwrap_err().contains("unzip -p"));
    let in_parts = [
        ("s/", &b""[..]),
        ("s/a", &text[..50]),
        ("__MACOSX/a", b"no"),
        ("b", &text[50..]),
    ];
    assert_eq!(is_text(&zip(&in_parts, false)), both);
    assert_eq!(content(b"P"), [Ok(b"P".to_vec()), Ok(b"P".to_vec())]);
}

#[test]
fn what_is_packed_wrongly_is_refused() {
    let text = KELP.repeat(100).into_bytes();
    let mut spoilt = gzip(&text);
    let at = spoilt.len() - 6;
    spoilt[at] ^= 1;
    let cut = &gzip(&text)[..200];
    let archive = zip(&[("s/", b""), ("__MACOSX/a", b"b")], false);
    let zipped = zip(&[("a.json", &text)], false);
    for bytes in [&spoilt, cut, &archive, &zipped[..100]] {
        for read in content(bytes) {
            assert!(read.is_err(), "{read:?}");
        }
    }
    assert!(
        content(&archive)[0]
            .as_ref()
            .unwrap_err()
            .contains("no file in it")
    );
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b'0'; 24 << 20];
    // Each file of the last would pass alone.
    let in_parts = ["a", "b", "c"].map(|name| (name, &zeros[..12 << 20]));
    for bomb in [
        gzip(&zeros),
        zip(&[("bomb.json", &zeros)], false),
        zip(&in_parts, false),
    ] {
        for read in content(&bomb) {
            let why = read.map(|bytes| bytes.len()).unwrap_err();
            assert!(why.contains("more than 200 times its size"), "{why}");
        }
    }
}

#[test]
fn every_genuine_line_of_the_snapshot_is_a_record() {
    let Some(folder) = recordings::folder("every_genuine_line_of_the_snapshot_is_a_record") else {
        return;
    };
    let bytes = fs::read(folder.join("kaggle/arxiv-metadata-oai-snapshot.head.jsonl")).unwrap();
    assert_eq!(form(&bytes), Ok(InputFormat::Kaggle(Framing::Lines)));
    let mut otherwise = Vec::new();
    let lines = pieces(&bytes, Framing::Lines, 1 << 16);
    assert_eq!(lines.len(), 200);
    for (number, line) in lines {
        let paper = kaggle(line.as_bytes())
            .unwrap_or_else(|why| panic!("{number}: {why}"))
            .paper;
        assert!(paper.published.is_some() && paper.updated >= paper.published && !paper.authors.is_empty());
        // The names are those that the other sources give, whose authors come in one string.
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        let authors = name::parse_authors(&fold_whitespace(json["authors"].as_str().unwrap()));
        let authors: Vec<Author> = authors.into_iter().map(Author::from).collect();
        let names = |authors: &[Author]| authors.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        if names(&authors) != names(&paper.authors) {
            otherwise.push((names(&authors), names(&paper.authors)));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

proptest! {
    #[test]
    fn no_bytes_are_beyond_reading(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            "[\\[\\]{}\",:\\\\ \n<>@a0-]{0,400}".prop_map(String::into_bytes),
        ],
        at_once in 1_usize..40,
    ) {
        let _ = (kaggle(&bytes), paper(&bytes), form(&bytes));
        for magic in [&[][..], b"PK\x03\x04", &[0x1f, 0x8b, 8, 0]] {
            let pipe = ByteSource::Pipe(Box::new(Cursor::new([magic, &bytes].concat())));
            let _ = decompress(pipe, &Arc::default(), |_, stream| stream.rest(1 << 30).map(Some));
        }
        for cut in [Framing::Lines, Framing::Array, Framing::Values] {
            prop_assert_eq!(pieces(&bytes, cut, at_once), pieces(&bytes, cut, 4096));
        }
    }

    #[test]
    fn no_change_of_a_record_is_beyond_reading(at in 0..KELP.len(), end in 0..KELP.len(), byte in any::<u8>()) {
        let mut bytes = KELP.as_bytes().to_vec();
        bytes[at] = byte;
        bytes.truncate(end.max(1));
        let _ = (kaggle(&bytes), paper(&bytes));
    }
}
