//! The arXiv identifiers in any text, however long its lines, whatever its encoding.
//!
//! An identifier is found by its shape, at the point or slash within it (`number`); what stands before tells whether
//! it is one (`mark`), or, leniently, what stands around it (`bare`). Each is decided from at most `BEFORE` bytes
//! before that point and `BEHIND` after it, so a window slides over the text and the memory is constant.

use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::{memchr_iter, memchr3_iter};
use serde::Serialize;

use crate::model::id::{ArxivId, Malformed};

mod bare;
mod bracket;
mod line_breaks;
mod marker;
mod number;
mod position;
mod utf16;

/// Bytes before an identifier's point or slash that can tell something of it.
const BEFORE: usize = 1024;
/// Bytes behind it.
const BEHIND: usize = 1024;
/// Bytes looked through at once: a window that stays in the processor's own memory.
const CHUNK: usize = 256 << 10;

/// An identifier as a text has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundId {
    /// What it names, with its version if one is written; or why what is marked as an identifier is none.
    pub id: Result<ArxivId, Malformed>,
    /// Where it begins, with what marks it, in bytes from the text's beginning.
    pub offset: u64,
    /// Counted from 1; lines end in LF, CRLF or CR.
    pub line: u64,
    /// In bytes, counted from 1.
    pub column: u64,
    /// As it is written, from what marks it to its last character: `arXiv:1706.03762v5`. A field or brackets are
    /// closed; a URL ends with the identifier. UTF-16 is given as UTF-8.
    pub text: String,
    /// What marks it.
    pub form: IdForm,
}

/// What marks an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IdForm {
    /// `arXiv:1706.03762`, `arXiv 1706.03762`, `\arxiv{1706.03762}`, `oai:arXiv.org:1706.03762`.
    Prefix,
    /// A URL of arXiv, its mirrors, or a site that names papers by arXiv's identifiers; its last part alone as
    /// computer-science bibliographies have it: `CoRR abs/1706.03762`.
    Url,
    /// `10.48550/arXiv.1706.03762`.
    Doi,
    /// A BibTeX `eprint` field, unless its entry names another archive; also `\eprint{1706.03762}`.
    Eprint,
    /// `[hep-th/9901001]`, `[1706.03762]`.
    Bracketed,
    /// Nothing: a bare number, found only leniently.
    Bare,
}

impl IdForm {
    /// `prefix`, `url`, `doi`, `eprint`, `bracketed`, `bare`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Url => "url",
            Self::Doi => "doi",
            Self::Eprint => "eprint",
            Self::Bracketed => "bracketed",
            Self::Bare => "bare",
        }
    }
}

/// How much must mark an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Rigour {
    /// A prefix, URL, DOI, `eprint` field or brackets.
    #[default]
    Strict,
    /// Bare numbers and bare old-style forms count too.
    Lenient,
}

/// Reads a text to its end and hands each identifier to `each`, in order; `Break` ends it.
///
/// The text is bytes in any encoding that extends ASCII; UTF-16 is told by its byte-order mark.
pub fn scan(text: impl Read, rigour: Rigour, each: impl FnMut(FoundId) -> ControlFlow<()>) -> io::Result<()> {
    scan_by(text, rigour, CHUNK, each)
}

/// [`scan`], looking through `chunk` bytes at once (at least one); what is found does not depend on it.
pub fn scan_by(
    mut text: impl Read,
    rigour: Rigour,
    chunk: usize,
    each: impl FnMut(FoundId) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut start = [0; 2];
    let count = fill(&mut text, &mut start)?;
    let start = start.get(..count).unwrap_or_default();
    let text = start.chain(text);
    match utf16::Order::of(start) {
        Some(order) => {
            let place = position::Position::new(position::Unit::Utf16);
            slide(utf16::Utf8::new(text, order), place, rigour, chunk, each)
        }
        None => slide(
            text,
            position::Position::new(position::Unit::Byte),
            rigour,
            chunk,
            each,
        ),
    }
}

/// The text before an identifier that says that it is one, for example `arXiv:`.
struct Marker {
    /// Offset at which the marker starts.
    start: usize,
    /// Offset at which the marked text ends, closing bracket included.
    end: usize,
    form: IdForm,
    /// Whether the marker can only stand before an identifier, so that anything else behind it is a malformed one.
    firm: bool,
}

/// What is decided of one point of the text; positions are those of the context.
struct Hit {
    start: usize,
    end: usize,
    form: IdForm,
    id: Result<ArxivId, Malformed>,
}

fn slide(
    mut text: impl Read,
    mut place: position::Position,
    rigour: Rigour,
    chunk: usize,
    mut each: impl FnMut(FoundId) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; BEFORE + chunk.max(1) + BEHIND];
    let mut points = Vec::new();
    // `decided`: the bytes whose points are done; `free`: those that belong to no identifier given out so far.
    let (mut filled, mut decided, mut free) = (0, 0, 0);
    loop {
        filled += fill(&mut text, buffer.get_mut(filled..).unwrap_or_default())?;
        let ended = filled < buffer.len();
        let held = buffer.get(..filled).unwrap_or_default();
        let until = if ended { filled } else { filled - BEHIND };
        find_points(held, decided, until, &mut points);
        for &point in &points {
            let from = point.saturating_sub(BEFORE);
            let context = held.get(from..filled.min(point + BEHIND)).unwrap_or_default();
            let Some(hit) = decide(context, point - from, rigour) else {
                continue;
            };
            let (start, end) = (from + hit.start, from + hit.end);
            if start < free {
                continue;
            }
            free = end;
            let written = held.get(start..end).unwrap_or_default();
            place.advance(held, start);
            let found = FoundId {
                id: hit.id,
                offset: place.offset(),
                line: place.line(),
                column: place.column(),
                text: String::from_utf8_lossy(written).into_owned(),
                form: hit.form,
            };
            if each(found).is_break() {
                return Ok(());
            }
        }
        if ended {
            return Ok(());
        }
        let gone = until.saturating_sub(BEFORE);
        place.advance(held, gone);
        place.forget(gone);
        buffer.copy_within(gone..filled, 0);
        (filled, decided, free) = (filled - gone, until - gone, free.saturating_sub(gone));
    }
}

/// Reads until the buffer is full or the text ends.
fn fill(text: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<usize> {
    let size = buffer.len();
    while !buffer.is_empty() {
        match text.read(buffer) {
            Ok(0) => break,
            Ok(count) => buffer = buffer.get_mut(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(size - buffer.len())
}

/// The points and slashes that may stand within an identifier, and the colons that may stand before one, in order.
fn find_points(held: &[u8], from: usize, until: usize, points: &mut Vec<usize>) {
    points.clear();
    let part = held.get(from..until).unwrap_or_default();
    let near = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| held.get(at)).copied();
        (
            before.unwrap_or_default(),
            held.get(at + 1).copied().unwrap_or_default(),
        )
    };
    for at in memchr3_iter(b'.', b'/', b'%', part).map(|at| from + at) {
        let (before, after) = near(at);
        let goes_on = after.is_ascii_digit() || line_breaks::may_begin(after);
        let may_be = match held.get(at) {
            Some(b'.') => {
                // Not `3.5` either.
                let second = at.checked_sub(2).and_then(|at| held.get(at)).copied();
                let is_date = [Some(before), second]
                    .iter()
                    .flatten()
                    .all(|byte| byte.is_ascii_digit() || line_breaks::may_end(*byte));
                is_date && (goes_on || number::is_typo(after))
            }
            Some(b'/') => goes_on,
            _ => after == b'2',
        };
        if may_be {
            points.push(at);
        }
    }
    let in_order = points.len();
    for at in memchr_iter(b':', part).map(|at| from + at) {
        let (before, after) = near(at);
        if matches!(before, b'v' | b'V') && after.is_ascii_digit() {
            points.push(at);
        }
    }
    if points.len() > in_order {
        points.sort_unstable();
    }
}

fn decide(context: &[u8], point: usize, rigour: Rigour) -> Option<Hit> {
    for number in number::around(context, point).into_iter().flatten() {
        let id = || ArxivId::parse(number.as_str());
        if let Some(mark) = marker::before(context, &number) {
            let is_meant = mark.firm && number.is_meant;
            if !(number.fits || is_meant) {
                continue;
            }
            let id = id();
            if id.is_ok() || is_meant {
                return Some(Hit {
                    start: mark.start,
                    end: mark.end,
                    form: mark.form,
                    id,
                });
            }
        } else if rigour == Rigour::Lenient
            && number.fits
            && bare::stands_alone(context, &number)
            && let Ok(id) = id()
        {
            return Some(Hit {
                start: number.start,
                end: number.end,
                form: IdForm::Bare,
                id: Ok(id),
            });
        }
    }
    None
}
