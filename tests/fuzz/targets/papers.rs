//! Papers from a user's files.

use std::io::{Cursor, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arxcat::catalog::Catalog;
use arxcat::read::{self, ByteSource, Framing, InputFormat, RecordStream};

/// Records in the program's own JSON, in every framing.
pub fn json(bytes: &[u8]) {
    let _ = read::paper(bytes);
    for framing in [Framing::Lines, Framing::Values, Framing::Array] {
        framed(bytes, framing, |record| {
            let _ = read::paper(record);
        });
    }
    let _ = InputFormat::of(&mut RecordStream::new(&mut Cursor::new(bytes)));
}

/// Records of the Kaggle snapshot.
pub fn kaggle(bytes: &[u8]) {
    let _ = read::kaggle(bytes);
    framed(bytes, Framing::Lines, |record| {
        let _ = read::kaggle(record);
    });
}

/// A catalog that is accepted can be written and is read back as the same.
pub fn catalogs(bytes: &[u8]) {
    let Ok(catalog) = Catalog::from_json(bytes, "mine") else {
        return;
    };
    let _ = (catalog.find_short_name("R1"), catalog.find_area("theory"));
    let written = serde_json::to_vec(&catalog).unwrap();
    let again = Catalog::from_json(&written, "mine").unwrap();
    assert_eq!(again.areas, catalog.areas);
    assert_eq!(again.papers, catalog.papers);
}

/// Gzip and zip: the bytes that come out are bounded, and reading a zip from a pipe gives what reading its file gives
/// wherever both succeed.
pub fn archives(bytes: &[u8]) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    let from_file = members(ByteSource::File(file));
    let from_pipe = members(ByteSource::Pipe(Box::new(Cursor::new(bytes.to_vec()))));
    // The directory at the end of a zip and the headers in it may contradict each other: then only a pipe cannot know.
    let is_zip = bytes.starts_with(b"PK");
    if let (Ok(from_file), Ok(from_pipe)) = (from_file, from_pipe)
        && !is_zip
    {
        assert_eq!(from_pipe, from_file);
    }
}

/// The files in an archive with their sizes.
fn members(source: ByteSource) -> std::io::Result<Vec<(Option<String>, usize)>> {
    let mut all = Vec::new();
    read::decompress(source, &Arc::new(AtomicU64::new(0)), |name, stream| {
        let content = stream.rest(1 << 20)?;
        all.push((name.map(str::to_owned), content.len()));
        Ok((all.len() > 100).then_some(()))
    })?;
    Ok(all)
}

fn framed(bytes: &[u8], framing: Framing, mut each: impl FnMut(&[u8])) {
    let mut source = Cursor::new(bytes);
    let mut stream = RecordStream::new(&mut source);
    let mut last = 0;
    while let Some(record) = stream.next(framing, &mut || ()).unwrap() {
        assert!(record.line >= last, "line {} after {last}", record.line);
        last = record.line;
        if let Ok(bytes) = record.bytes {
            each(bytes);
        }
    }
}

/// Every record that some reader accepts in these bytes.
pub fn accepted(bytes: &[u8], mut each: impl FnMut(arxcat::model::record::Record) -> ControlFlow<()>) {
    let mut all = Vec::new();
    for framing in [Framing::Lines, Framing::Values, Framing::Array] {
        framed(bytes, framing, |record| {
            all.extend([read::paper(record), read::kaggle(record)].into_iter().flatten());
        });
    }
    all.extend(super::records::of_documents(bytes));
    for record in all {
        if each(record).is_break() {
            return;
        }
    }
}
