//! Recognizes the format of a file of papers by its content, not by its name.

use memchr::memmem;

use super::stream::{Framing, RecordStream, first_value};

/// A format that papers can be read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputFormat {
    /// The program's own JSON: an array, JSON Lines, or one value after another.
    Papers(Framing),
    /// The snapshot of arXiv on Kaggle: JSON Lines, or the same records in an array.
    Kaggle(Framing),
    /// An Atom feed of arXiv.
    Atom,
    /// A response of arXiv's OAI-PMH interface.
    Oai,
    /// BibTeX.
    Bibtex,
    /// Only white space.
    Empty,
}

/// Why a file is not in any of these formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnknownFormat {
    /// A catalog. Its papers are in a list inside it.
    #[error("this is a catalog, not a list of papers")]
    Catalog,
    /// An HTML page.
    #[error("this is an HTML page")]
    Html,
    /// An archive inside an archive, or of an unsupported kind.
    #[error("this is packed in a way that is not read (gzip and zip are, once)")]
    Packed,
    /// Other XML.
    #[error("this is XML, but neither an Atom feed nor an answer of OAI-PMH")]
    Xml,
    /// Anything else.
    #[error("this is no form of papers that is known")]
    Other,
}

/// The supported formats, for messages.
pub const INPUT_FORMATS: &str =
    "arxcat's JSON and JSON Lines, the Kaggle snapshot, Atom, OAI-PMH XML and BibTeX, also in gzip or zip";

/// Number of bytes that are examined at most.
const MAX_EXAMINED: usize = 64 << 10;

/// Keys that only records of the Kaggle snapshot have.
const KAGGLE: &[&[u8]] = &[
    b"\"authors_parsed\"",
    b"\"update_date\"",
    b"\"journal-ref\"",
    b"\"report-no\"",
];

/// Magic numbers of gzip, zip, zstd, xz, bzip2 and 7z.
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
    /// Recognizes the format of a stream.
    pub fn of(stream: &mut RecordStream<'_>) -> std::io::Result<Result<Self, UnknownFormat>> {
        Ok(stream.judge(judge)?.unwrap_or(Ok(Self::Empty)))
    }
}

/// The format, or `None` if more bytes are needed.
fn judge(start: &[u8], is_all: bool) -> Option<Result<InputFormat, UnknownFormat>> {
    let is_enough = is_all || start.len() >= MAX_EXAMINED;
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
    let framing = match text.first() {
        Some(b'[') => Framing::Array,
        // A lone brace on the first line is how `jq` and others print an object.
        _ if line.trim_ascii() == b"{" && is_line => Framing::Values,
        _ if is_line || is_enough => Framing::Lines,
        _ => return None,
    };
    let values = match framing {
        Framing::Lines => line,
        Framing::Values => text,
        Framing::Array => text.get(1..).unwrap_or_default().trim_ascii_start(),
    };
    let first = match first_value(values) {
        Some(end) => values.get(..end).unwrap_or_default(),
        None if is_enough || framing == Framing::Lines => values,
        None => return None,
    };
    Some(if KAGGLE.iter().any(|key| has_key(first, key, None)) {
        Ok(InputFormat::Kaggle(framing))
    } else if has_key(first, b"\"categories\"", Some(b'"')) {
        // Records of the snapshot with some keys removed.
        Ok(InputFormat::Kaggle(framing))
    } else if framing != Framing::Array && has_key(first, b"\"papers\"", Some(b'[')) {
        Err(UnknownFormat::Catalog)
    } else {
        Ok(InputFormat::Papers(framing))
    })
}

/// Whether the text has this key, given with its quotes, and a value that starts with this byte. Inside a string the
/// quotes would be escaped.
fn has_key(text: &[u8], key: &[u8], value: Option<u8>) -> bool {
    memmem::find_iter(text, key).any(|at| {
        let after = text.get(at + key.len()..).unwrap_or_default().trim_ascii_start();
        let after = after.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        after.is_some_and(|after| value.is_none_or(|value| after.first() == Some(&value)))
    })
}

/// Recognizes XML by its root element. Returns `None` if the root element has not been read yet.
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
        // A single record, or its metadata in one of arXiv's four prefixes, is accepted as well.
        b"oai-pmh" | b"record" | b"arxiv" | b"arxivraw" | b"arxivold" | b"dc" => Ok(InputFormat::Oai),
        b"html" | b"head" | b"body" => Err(UnknownFormat::Html),
        _ => Err(UnknownFormat::Xml),
    })
}

/// Whether a line starts a BibTeX entry: `@article{`.
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
