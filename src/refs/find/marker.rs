//! Recognizes the marker before an identifier, reading backwards from it.
//!
//! This module has no list of sites: the text before a number is the address of a paper if [`ArxivId::parse`] accepts it
//! with an identifier appended.

use super::number::Number;
use super::{IdForm, Marker, bracket, line_breaks};
use crate::model::id::ArxivId;

/// Bytes before a number that are examined.
const SIGHT: usize = 160;
/// Most segments of an address before the identifier: `api.semanticscholar.org/graph/v1/paper/` and arXiv's `ftp` folders.
const SEGMENTS: usize = 6;
/// Identifier that is appended to an address to test it.
const PROBE: &str = "0704.0001";
/// Bytes around an `eprint` field within which the other fields of its entry are searched.
const ENTRY: usize = 512;

/// Returns the marker of a number, if it has one.
pub(super) fn before(text: &[u8], number: &Number<'_>) -> Option<Marker> {
    if !may_end_with_marker(text.get(..number.start)?) {
        return None;
    }
    let line = Lookbehind::before(text, number.start);
    let mark = |start: usize, form, firm| Marker {
        start,
        end: number.end,
        form,
        firm,
    };
    if let Some(at) = address(&line) {
        return Some(mark(line.place(at), IdForm::Url, true));
    }
    if let Some(at) = doi(&line) {
        return Some(mark(line.place(at), IdForm::Doi, true));
    }
    if let Some(label) = label(&line) {
        let start = line.place(label.at);
        return match label.form {
            IdForm::Eprint => {
                let firm = archive(text, start, number.end)?;
                let end = closed(text, number.end, b"}\"");
                Some(Marker {
                    end,
                    ..mark(start, IdForm::Eprint, firm)
                })
            }
            form => Some(mark(start, form, label.firm)),
        };
    }
    if let Some(start) = verb(text, number.start) {
        return Some(mark(start, IdForm::Eprint, archive(text, start, number.end)?));
    }
    bracket::around(text, number).or_else(|| Some(mark(line.place(path(&line)?), IdForm::Url, false)))
}

/// Whether a marker can end like this text: not with a letter or digit, and with a point only in a DOI.
fn may_end_with_marker(before: &[u8]) -> bool {
    match before {
        [.., a, b'x' | b'X', b'i' | b'I', b'v' | b'V', b'.'] => a.is_ascii_alphabetic(),
        [.., b'.'] | [] => false,
        [.., b'%', b'2', b'f' | b'F'] | [.., b'%', b'3', b'a' | b'A'] => true,
        [.., byte] => !byte.is_ascii_alphanumeric(),
    }
}

/// The text before an offset as far as it may be a marker: in lower case, without line breaks, with escapes of `/` and `:`
/// resolved.
struct Lookbehind<'a> {
    text: &'a [u8],
    end: usize,
    bytes: [u8; SIGHT],
    /// Whether each byte begins a line.
    begins: [bool; SIGHT],
    /// Index of the first byte in both arrays, which are filled from the end.
    first: usize,
    /// Whether a line break or an HTML entity for a space follows it.
    broken: bool,
}

impl<'a> Lookbehind<'a> {
    fn before(text: &'a [u8], end: usize) -> Self {
        let mut line = Self {
            text,
            end: line_breaks::before(text, end).unwrap_or_else(|| before_entity(text, end)),
            bytes: [0; SIGHT],
            begins: [false; SIGHT],
            first: SIGHT,
            broken: false,
        };
        line.broken = line.end < end;
        // Before the separators a marker is a word or an address with at most one space (`arXiv preprint`). One more
        // byte shows whether the word begins there.
        let (mut in_word, mut spaces) = (false, 0);
        for (byte, start, end) in characters(text, line.end).take(SIGHT) {
            line.first -= 1;
            if let (Some(to), Some(begins)) =
                (line.bytes.get_mut(line.first), line.begins.get_mut(line.first))
            {
                (*to, *begins) = (byte.to_ascii_lowercase(), end < start);
            }
            spaces += usize::from(in_word && byte == b' ');
            if in_word && (!may_be_in_mark(byte) || spaces > 1) {
                break;
            }
            in_word |= byte.is_ascii_alphanumeric();
        }
        line
    }

    fn seen(&self) -> &[u8] {
        self.bytes.get(self.first..).unwrap_or_default()
    }

    /// Whether no word that begins earlier reaches this index of [`Self::seen`].
    fn is_free(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.seen().get(at));
        self.begins_line(at) || !before.is_some_and(u8::is_ascii_alphanumeric)
    }

    fn begins_line(&self, at: usize) -> bool {
        self.begins.get(self.first + at) == Some(&true)
    }

    /// Offset in the text of a byte of [`Self::seen`].
    fn place(&self, at: usize) -> usize {
        let back = SIGHT - self.first - at;
        let places = characters(self.text, self.end).map(|(_, place, _)| place);
        places.take(back).last().unwrap_or(self.end)
    }
}

/// Offset of an HTML entity for a space or colon that ends here, else the offset itself.
fn before_entity(text: &[u8], end: usize) -> usize {
    const ENTITIES: &[&[u8]] = &[
        b"&nbsp;", b"&#160;", b"&#xa0;", b"&#xA0;", b"&#58;", b"&#x3a;", b"&#x3A;", b"&colon;",
    ];
    let before = text.get(..end).unwrap_or_default();
    let entity = ENTITIES.iter().find(|entity| before.ends_with(entity));
    end - entity.map_or(0, |entity| entity.len())
}

/// The characters before an offset, last first, without line breaks: each with its offset and the end of the one before.
fn characters(text: &[u8], end: usize) -> impl Iterator<Item = (u8, usize, usize)> {
    let mut end = Some(end);
    std::iter::from_fn(move || {
        let (byte, start) = last(text, end?)?;
        let before = line_breaks::before(text, start).unwrap_or(start);
        end = Some(before);
        Some((byte, start, before))
    })
}

fn may_be_in_mark(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-/:_% ".contains(&byte)
}

/// The character that ends at an offset and where it begins, with `%2F`, `%3A` and `\/` resolved.
fn last(text: &[u8], end: usize) -> Option<(u8, usize)> {
    match text.get(..end)? {
        [.., b'%', b'2', b'f' | b'F'] => Some((b'/', end - 3)),
        [.., b'%', b'3', b'a' | b'A'] => Some((b':', end - 3)),
        [.., b'\\', b'/'] => Some((b'/', end - 2)),
        // `Ar{X}iv`: braces that keep the capital of arXiv's name in a bibliography.
        [.., b'r' | b'R', b'{', capital @ (b'X' | b'x'), b'}'] => Some((*capital, end - 3)),
        [.., byte] => Some((*byte, end - 1)),
        [] => None,
    }
}

/// Start of an address that becomes that of a paper with an identifier appended.
fn address(line: &Lookbehind<'_>) -> Option<usize> {
    let seen = line.seen();
    let mut end = seen.len();
    for _ in 0..SEGMENTS {
        end = end.checked_sub(1).filter(|at| seen.get(*at) == Some(&b'/'))?;
        let start = segment(seen, end);
        let part = seen.get(start..end)?;
        let is_host = part.contains(&b'.') && part.iter().any(u8::is_ascii_alphabetic);
        if is_host {
            // No site has a point in its folders. A line break within the host is possible, one right before it likelier.
            let mut starts = (start..end)
                .rev()
                .filter(|at| *at == start || line.begins_line(*at));
            let host = starts.find(|at| seen.get(*at..).is_some_and(is_completed))?;
            return Some(scheme(seen, host));
        }
        end = start;
    }
    None
}

/// Start of the segment of an address that ends here. A port belongs to its host.
fn segment(seen: &[u8], end: usize) -> usize {
    let back = |end: usize, is_in: fn(u8) -> bool| {
        let run = seen.get(..end).unwrap_or_default().iter().rev();
        end - run.take_while(|byte| is_in(**byte)).count()
    };
    let port = back(end, |byte| byte.is_ascii_digit());
    let is_port = port < end && port > 0 && seen.get(port - 1) == Some(&b':');
    back(if is_port { port - 1 } else { end }, |byte| {
        byte.is_ascii_alphanumeric() || b".-".contains(&byte)
    })
}

fn is_completed(address: &[u8]) -> bool {
    // Nearly all addresses are one of these two.
    if address == b"arxiv.org/abs/" || address == b"arxiv.org/pdf/" {
        return true;
    }
    let Ok(address) = str::from_utf8(address) else {
        return false;
    };
    let read = ArxivId::parse(&format!("{address}{PROBE}"));
    read.is_ok() && read == ArxivId::parse(PROBE)
}

/// Start of an address whose host begins here.
fn scheme(seen: &[u8], host: usize) -> usize {
    let before = seen.get(..host).unwrap_or_default();
    let schemes: [&[u8]; 3] = [b"https://", b"http://", b"ftp://"];
    let scheme = schemes.iter().find(|scheme| before.ends_with(scheme));
    host - scheme.map_or(0, |scheme| scheme.len())
}

/// Start of arXiv's DOI, or of its address. Every paper has one: `10.48550/arXiv.` and its identifier.
fn doi(line: &Lookbehind<'_>) -> Option<usize> {
    let before = line.seen().strip_suffix(b"10.48550/arxiv.")?;
    let is_longer = before.ends_with(b".") && !line.begins_line(before.len());
    if is_longer || !line.is_free(before.len()) {
        return None;
    }
    let host = before
        .strip_suffix(b"/")
        .map(|path| segment(before, path.len()))
        .filter(|host| {
            before
                .get(*host..)
                .is_some_and(|host| host.ends_with(b"doi.org/"))
        });
    Some(host.map_or(before.len(), |host| scheme(before, host)))
}

struct Label {
    at: usize,
    form: IdForm,
    firm: bool,
}

/// The word that labels a number, with only punctuation and spaces between: `arXiv:`, `{{arXiv|`, `"arxiv_id": "`,
/// `\eprint{`.
fn label(line: &Lookbehind<'_>) -> Option<Label> {
    const WORDS: &[(&str, IdForm)] = &[
        ("arxiv", IdForm::Prefix),
        ("arxivid", IdForm::Prefix),
        ("arxiv id", IdForm::Prefix),
        ("arxiv_id", IdForm::Prefix),
        ("arxiv-id", IdForm::Prefix),
        ("arxiv preprint", IdForm::Prefix),
        ("arxiv e-print", IdForm::Prefix),
        ("arxiv eprint", IdForm::Prefix),
        ("eprint", IdForm::Eprint),
    ];
    let seen = line.seen();
    // ACM's `\showeprint[arxiv]{1706.03762}`.
    if let Some(before) = seen.strip_suffix(b"[arxiv]{") {
        return Some(Label {
            at: before.len() + 1,
            form: IdForm::Prefix,
            firm: true,
        });
    }
    let word = without_separators(seen);
    let separators = seen.get(word.len()..)?;
    if separators == b":"
        && let Some(before) = word.strip_suffix(b"arxiv.org")
    {
        let before = before.strip_suffix(b"oai:").unwrap_or(before);
        return Some(Label {
            at: before.len(),
            form: IdForm::Prefix,
            firm: true,
        });
    }
    if separators.is_empty() && !line.broken {
        return None;
    }
    let says = |marks: &[u8]| separators.iter().any(|byte| marks.contains(byte));
    let colon = separators.windows(3).any(|bytes| bytes == "：".as_bytes());
    let fits = |(name, form): &&(&str, IdForm)| {
        let Some(before) = word.strip_suffix(name.as_bytes()) else {
            return false;
        };
        let is_free = line.is_free(before.len());
        match form {
            IdForm::Eprint => is_free && says(b"={:|\""),
            // `SocArXiv:` and `bioarXiv:` are other archives; `preprintarXiv:` only lacks its space.
            _ => is_free || before.ends_with(b"print"),
        }
    };
    let (name, form) = WORDS.iter().find(fits)?;
    Some(Label {
        at: word.len() - name.len(),
        form: *form,
        firm: colon || says(b":={|"),
    })
}

/// Removes the spaces and punctuation that may separate a label from its identifier.
fn without_separators(mut seen: &[u8]) -> &[u8] {
    /// Full-width colon, bracket and space, and the no-break space.
    const WIDE: &[&str] = &["：", "（", "\u{3000}", "\u{a0}"];
    loop {
        let wide = WIDE.iter().find_map(|wide| seen.strip_suffix(wide.as_bytes()));
        seen = match (wide, seen) {
            (Some(rest), _) => rest,
            (None, [rest @ .., byte]) if b" \t\"'`:={}[(~*_-|".contains(byte) => rest,
            _ => return seen,
        };
    }
}

/// Whether the entry around an `eprint` field names arXiv as its archive. Returns `None` if it names another.
fn archive(text: &[u8], start: usize, end: usize) -> Option<bool> {
    let before = text.get(start.saturating_sub(ENTRY)..start).unwrap_or_default();
    let behind = text.get(end..text.len().min(end + ENTRY)).unwrap_or_default();
    let entry = |part: &[u8]| {
        part.windows(2)
            .position(|pair| matches!(pair, [b'\n' | b'\r', b'@']))
    };
    let first = before
        .windows(2)
        .rposition(|pair| matches!(pair, [b'\n' | b'\r', b'@']));
    let before = before.get(first.unwrap_or_default()..).unwrap_or_default();
    let behind = behind
        .get(..entry(behind).unwrap_or(behind.len()))
        .unwrap_or_default();
    for part in [behind, before] {
        for name in ["archiveprefix", "eprinttype"] {
            let Some(value) = behind_field(part, name.as_bytes()) else {
                continue;
            };
            let says = value.iter().position(|byte| !b" \t\r\n=:{}\"'".contains(byte));
            let says = value.get(says.unwrap_or_default()..).unwrap_or_default();
            let is_arxiv = says
                .get(..5)
                .is_some_and(|says| says.eq_ignore_ascii_case(b"arxiv"));
            return is_arxiv.then_some(true);
        }
    }
    Some(false)
}

/// What follows a field of this name, whatever its case: `archivePrefix = {`, `"eprinttype": "`,
/// `\field{eprinttype}{`. The same word in running text names no field.
fn behind_field<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let places = text.windows(name.len()).enumerate();
    let mut places = places.filter(|(_, word)| word.eq_ignore_ascii_case(name));
    places.find_map(|(at, _)| {
        let behind = text.get(at + name.len()..)?;
        let mut separators = behind.iter().skip_while(|byte| b" \t\r\n\"'}".contains(byte));
        matches!(separators.next(), Some(b'=' | b':' | b'{')).then_some(behind)
    })
}

/// Offset behind a closing bracket or quote that follows, if one does.
fn closed(text: &[u8], end: usize, closing: &[u8]) -> usize {
    let closes = text.get(end).is_some_and(|byte| closing.contains(byte));
    end + usize::from(closes)
}

/// Start of `verb{eprint}`, whose value biber writes on the next line: `\verb 1706.03762`.
fn verb(text: &[u8], number: usize) -> Option<usize> {
    let line = text.get(..number)?.strip_suffix(b"\\verb ")?;
    let field = line.trim_ascii_end().strip_suffix(b"verb{eprint}")?;
    Some(field.len())
}

/// Start of `abs/`, as in volumes of DBLP, or of `"/abs/` on arXiv's own pages.
fn path(line: &Lookbehind<'_>) -> Option<usize> {
    let before = line.seen().strip_suffix(b"abs/")?;
    match before {
        _ if line.begins_line(before.len()) => Some(before.len()),
        [.., b'"' | b'\'', b'/'] => Some(before.len() - 1),
        [.., b'.' | b'/' | b'_' | b'%' | b'-'] => None,
        _ => line.is_free(before.len()).then_some(before.len()),
    }
}
