//! Finds arXiv identifiers in any text, whatever its encoding and the length of its lines.
//!
//! A candidate is found by its shape, at the point or slash within it (`number`). The text before it decides whether it is
//! an identifier (`marker`); in lenient mode the characters around it decide (`bare`). Each decision needs at most
//! `BEFORE` bytes before that point and `BEHIND` bytes after it, so the text is read through a sliding window in
//! constant memory.

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

/// Bytes before the point or slash of an identifier that a decision may depend on.
const BEFORE: usize = 1024;
/// Bytes after it.
const BEHIND: usize = 1024;
/// Bytes that are scanned at once: the window stays in the processor's cache.
const CHUNK: usize = 256 << 10;

/// An identifier found in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundId {
    /// The identifier, with its version if one is written, or why the marked text is malformed.
    pub id: Result<ArxivId, Malformed>,
    /// Byte offset in the text at which it begins, its marker included.
    pub offset: u64,
    /// Line, counted from 1. Lines end with LF, CRLF or CR.
    pub line: u64,
    /// Column in bytes, counted from 1.
    pub column: u64,
    /// The text from the marker to the last character of the identifier: `arXiv:1706.03762v5`. The closing bracket of a
    /// field or of brackets is included; a URL ends with the identifier. UTF-16 is converted to UTF-8.
    pub text: String,
    /// The kind of marker.
    pub form: IdForm,
}

/// The kind of text that marks an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IdForm {
    /// `arXiv:1706.03762`, `arXiv 1706.03762`, `\arxiv{1706.03762}`, `oai:arXiv.org:1706.03762`.
    Prefix,
    /// A URL of arXiv, of a mirror, or of a site that names papers by arXiv's identifiers; also its last part alone, as
    /// bibliographies of computer science write it: `CoRR abs/1706.03762`.
    Url,
    /// `10.48550/arXiv.1706.03762`.
    Doi,
    /// A BibTeX `eprint` field, unless its entry names another archive; also `\eprint{1706.03762}`.
    Eprint,
    /// `[hep-th/9901001]`, `[1706.03762]`.
    Bracketed,
    /// None: a bare number, found only in lenient mode.
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

/// Which numbers count as identifiers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Rigour {
    /// Only those with a prefix, URL, DOI, `eprint` field or brackets.
    #[default]
    Strict,
    /// Also bare numbers and bare old identifiers.
    Lenient,
}

/// Reads a text to its end and passes each identifier to `each` in order, until `each` returns `Break`.
///
/// The text may be in any encoding that extends ASCII, or in UTF-16 with a byte-order mark.
///
/// # Errors
///
/// Those of the reader.
pub fn scan(text: impl Read, rigour: Rigour, each: impl FnMut(FoundId) -> ControlFlow<()>) -> io::Result<()> {
    scan_by(text, rigour, CHUNK, each)
}

/// The same as [`scan`] with a window of `chunk` bytes (at least one). The result does not depend on it.
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
    /// Whether the marker can only precede an identifier, so that anything else behind it is a malformed one.
    firm: bool,
}

/// The identifier at one point of the text. Offsets are relative to the context that was passed to [`decide`].
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
    // `decided`: offset up to which points were examined; `free`: end of the last identifier that was reported.
    let (mut filled, mut decided, mut free) = (0, 0, 0);
    loop {
        filled += fill(&mut text, buffer.get_mut(filled..).unwrap_or_default())?;
        let ended = filled < buffer.len();
        let window = buffer.get(..filled).unwrap_or_default();
        let until = if ended { filled } else { filled - BEHIND };
        find_points(window, decided, until, &mut points);
        for &point in &points {
            let from = point.saturating_sub(BEFORE);
            let context = window.get(from..filled.min(point + BEHIND)).unwrap_or_default();
            let Some(hit) = decide(context, point - from, rigour) else {
                continue;
            };
            let (start, end) = (from + hit.start, from + hit.end);
            if start < free {
                continue;
            }
            free = end;
            let written = window.get(start..end).unwrap_or_default();
            place.advance(window, start);
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
        let consumed = until.saturating_sub(BEFORE);
        place.advance(window, consumed);
        place.forget(consumed);
        buffer.copy_within(consumed..filled, 0);
        (filled, decided, free) = (filled - consumed, until - consumed, free.saturating_sub(consumed));
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

/// Collects the points and slashes that may be part of an identifier, and the colons that may precede one, in order.
fn find_points(window: &[u8], from: usize, until: usize, points: &mut Vec<usize>) {
    points.clear();
    let part = window.get(from..until).unwrap_or_default();
    let near = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| window.get(at)).copied();
        (
            before.unwrap_or_default(),
            window.get(at + 1).copied().unwrap_or_default(),
        )
    };
    for at in memchr3_iter(b'.', b'/', b'%', part).map(|at| from + at) {
        let (before, after) = near(at);
        let goes_on = after.is_ascii_digit() || line_breaks::may_begin(after);
        let may_be = match window.get(at) {
            Some(b'.') => {
                // A single digit as in `3.5` is no date.
                let second = at.checked_sub(2).and_then(|at| window.get(at)).copied();
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
