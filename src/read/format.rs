//! What a file of papers is, told by its beginning and not by its name.

use memchr::memmem;

use super::stream::{Framing, RecordStream, first_value};

/// A form papers come in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputFormat {
    /// Our JSON: an array, JSON Lines, or one value after another.
    Papers(Framing),
    /// The snapshot that arXiv publishes on Kaggle: JSON Lines, or the same records in an array.
    Kaggle(Framing),
    /// An Atom feed of arXiv's query API.
    Atom,
    /// An answer of arXiv's OAI-PMH.
    Oai,
    /// A bibliography.
    Bibtex,
    /// Nothing but white space.
    Empty,
}

/// Why a file is none of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnknownFormat {
    /// A catalog; its papers are in the list within.
    #[error("this is a catalog, not a list of papers")]
    Catalog,
    /// A web page.
    #[error("this is an HTML page")]
    Html,
    /// An archive within what was unpacked, or of a kind that is not read.
    #[error("this is packed in a way that is not read (gzip and zip are, once)")]
    Packed,
    /// XML of other kinds.
    #[error("this is XML, but neither an Atom feed nor an answer of OAI-PMH")]
    Xml,
    /// Anything else.
    #[error("this is no form of papers that is known")]
    Other,
}

/// What each form is called, for a person.
pub const INPUT_FORMATS: &str =
    "arxcat's JSON and JSON Lines, the Kaggle snapshot, Atom, OAI-PMH XML and BibTeX, also in gzip or zip";

/// How far is looked for what tells the form.
const FAR: usize = 64 << 10;

/// Keys that only a record of the Kaggle snapshot has.
const KAGGLE: &[&[u8]] = &[
    b"\"authors_parsed\"",
    b"\"update_date\"",
    b"\"journal-ref\"",
    b"\"report-no\"",
];

/// How packed files begin: gzip, zip, zstd, xz, bzip2, 7z.
const PACKED: &[&[u8]] = &[
    &[0x1f, 0x8b],
    b"PK\x03\x04",
    b"PK\x05\x06",
    &[0x28, 0xb5, 0x2f, 0xfd],
    &[0xfd, b'7', b'z', b'X', b'Z'],
    b"BZh",
    b"7z\xbc\xaf",
];

impl InputFormat {
    /// Looks at the beginning of a file.
    pub fn of(stream: &mut RecordStream<'_>) -> std::io::Result<Result<Self, UnknownFormat>> {
        Ok(stream.judge(judge)?.unwrap_or(Ok(Self::Empty)))
    }
}

/// The form, as soon as there is enough of the file to tell.
fn judge(start: &[u8], is_all: bool) -> Option<Result<InputFormat, UnknownFormat>> {
    let is_enough = is_all || start.len() >= FAR;
    let text = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
    let text = text.trim_ascii_start();
    if text.len() < 8 && !is_enough {
        return None;
    }
    if PACKED.iter().any(|magic| text.starts_with(magic)) {
        return Some(Err(UnknownFormat::Packed));
    }
    match text.first() {
        None if is_all => Some(Ok(InputFormat::Empty)),
        None if is_enough => Some(Err(UnknownFormat::Other)),
        None => None,
        Some(b'[' | b'{') => json(text, is_enough),
        Some(b'<') => xml(text).or(is_enough.then_some(Err(UnknownFormat::Xml))),
        Some(_) if has_entry(text) => Some(Ok(InputFormat::Bibtex)),
        Some(_) => is_enough.then_some(Err(UnknownFormat::Other)),
    }
}

fn json(text: &[u8], is_enough: bool) -> Option<Result<InputFormat, UnknownFormat>> {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_line = line.len() < text.len();
    let cut = match text.first() {
        Some(b'[') => Framing::Array,
        // As `jq` and others write an object: its brace alone on the first line.
        _ if line.trim_ascii() == b"{" && is_line => Framing::Values,
        _ if is_line || is_enough => Framing::Lines,
        _ => return None,
    };
    let values = match cut {
        Framing::Lines => line,
        Framing::Values => text,
        Framing::Array => text.get(1..).unwrap_or_default().trim_ascii_start(),
    };
    let first = match first_value(values) {
        Some(end) => values.get(..end).unwrap_or_default(),
        None if is_enough || cut == Framing::Lines => values,
        None => return None,
    };
    Some(if KAGGLE.iter().any(|key| has_key(first, key, None)) {
        Ok(InputFormat::Kaggle(cut))
    } else if has_key(first, b"\"categories\"", Some(b'"')) {
        // The snapshot with some keys left away.
        Ok(InputFormat::Kaggle(cut))
    } else if cut != Framing::Array && has_key(first, b"\"papers\"", Some(b'[')) {
        Err(UnknownFormat::Catalog)
    } else {
        Ok(InputFormat::Papers(cut))
    })
}

/// Whether there is this key, quotes included, with a value that begins so. Within a string its quotes would be
/// escaped.
fn has_key(text: &[u8], key: &[u8], value: Option<u8>) -> bool {
    memmem::find_iter(text, key).any(|at| {
        let after = text.get(at + key.len()..).unwrap_or_default().trim_ascii_start();
        let after = after.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        after.is_some_and(|after| value.is_none_or(|value| after.first() == Some(&value)))
    })
}

/// By the root element; none where it has not come yet.
fn xml(text: &[u8]) -> Option<Result<InputFormat, UnknownFormat>> {
    let mut rest = text;
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', ..] => b">",
            [b'<', ..] => break,
            _ => return None,
        };
        let at = memmem::find(rest, end)?;
        let passed = rest.get(..at).unwrap_or_default();
        if passed.to_ascii_lowercase().starts_with(b"<!doctype html") {
            return Some(Err(UnknownFormat::Html));
        }
        rest = rest.get(at + end.len()..).unwrap_or_default();
    }
    let name = rest.get(1..).unwrap_or_default();
    let length = name
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = name.get(..length).unwrap_or_default();
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    Some(match local.to_ascii_lowercase().as_slice() {
        b"feed" => Ok(InputFormat::Atom),
        // A record, and its metadata in each of arXiv's four prefixes, may stand alone.
        b"oai-pmh" | b"record" | b"arxiv" | b"arxivraw" | b"arxivold" | b"dc" => Ok(InputFormat::Oai),
        b"html" | b"head" | b"body" => Err(UnknownFormat::Html),
        _ => Err(UnknownFormat::Xml),
    })
}

/// Whether a line begins an entry of BibTeX: `@article{`.
fn has_entry(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| {
        let Some(entry) = line.trim_ascii_start().strip_prefix(b"@") else {
            return false;
        };
        let kind = entry.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let open = entry.get(kind..).unwrap_or_default().trim_ascii_start().first();
        kind > 0 && matches!(open, Some(b'{' | b'('))
    })
}
