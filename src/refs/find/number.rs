//! Text with the shape of an identifier, valid or not, around a point, a slash or a colon.

use std::borrow::Cow;
use std::ops::Range;

use super::line_breaks;
use crate::model::id::find_archive;

/// Upper bound of a run of digits or letters in an identifier.
const LONGEST: usize = 16;

/// Characters that typesetting puts in the place of the hyphen in the name of an archive: U+2010, U+2011, U+2013.
const HYPHENS: &[&[u8]] = &[b"\xe2\x80\x90", b"\xe2\x80\x91", b"\xe2\x80\x93"];

/// Text with the shape of an identifier.
pub(super) struct Number<'a> {
    /// Offset at which it begins.
    pub start: usize,
    /// Offset at which it ends, its version included.
    pub end: usize,
    /// Its text without line breaks.
    pub text: Cow<'a, [u8]>,
    /// Whether it contains a line break or a hyphen outside ASCII.
    pub broken: bool,
    /// Whether it has the right number of digits and its archive exists.
    pub fits: bool,
    /// Whether behind a marker it can only be an identifier, if perhaps a malformed one: not so `arXiv: 3.5 million papers`.
    pub is_meant: bool,
}

/// A run of digits or letters.
struct Run<'a> {
    at: Range<usize>,
    text: Cow<'a, [u8]>,
    broken: bool,
}

/// Whether a byte is a letter that is mistaken for 0 or 1.
pub(super) fn is_typo(byte: u8) -> bool {
    matches!(byte, b'O' | b'o' | b'I' | b'l')
}

/// The readings of the text around a point, the likelier first.
pub(super) fn around(text: &[u8], point: usize) -> [Option<Number<'_>>; 2] {
    let escaped = point > 0 && text.get(point - 1) == Some(&b'\\');
    match text.get(point..).unwrap_or_default() {
        [b'.', ..] => [new_style(text, point), None],
        // JSON may write `\/`.
        [b'/', ..] => old_style(text, point - usize::from(escaped), point + 1),
        [b'%', b'2', b'f' | b'F', ..] => old_style(text, point, point + 3),
        [b':', ..] => [without_point(text, point + 1), None],
        _ => [None, None],
    }
}

/// Four digits, the point, and four or five more: `1706.03762v5`.
fn new_style(text: &[u8], point: usize) -> Option<Number<'_>> {
    let date = before(text, point);
    let width = if *date.text < b"15"[..] { 4 } else { 5 };
    let mut number = behind(text, point + 1, width);
    if number.text.len() < width {
        let typed = text.get(point + 1..)?;
        let typed = run(typed.iter(), |byte| byte.is_ascii_digit() || is_typo(byte));
        if typed == width {
            number = Run::of(text, point + 1..point + 1 + width);
        }
    }
    let (before, behind) = (date.text.len(), number.text.len());
    let is_meant = before > 2 && behind > 0 && before + behind > 5;
    if !is_meant || before >= LONGEST || behind >= LONGEST {
        return None;
    }
    let whole = Number::of(text, &[date, number], b".");
    Some(Number {
        fits: before == 4 && behind == width,
        ..whole
    })
}

/// The digits that end here, continued across a line break if that makes four.
fn before(text: &[u8], end: usize) -> Run<'_> {
    let back = |end: usize| end - run(before_end(text, end), |byte| byte.is_ascii_digit());
    let start = back(end);
    if end - start < 4
        && let Some(before) = line_breaks::before(text, start)
    {
        let first = back(before);
        if before - first + end - start == 4 && first < before {
            return Run::joined(text, first..before, start..end);
        }
    }
    Run::of(text, start..end)
}

/// The digits that begin here, continued across a line break if that makes `width`.
fn behind(text: &[u8], start: usize, width: usize) -> Run<'_> {
    let ahead = |start: usize| {
        let rest = text.get(start..).unwrap_or_default();
        start + run(rest.iter(), |byte| byte.is_ascii_digit())
    };
    let end = ahead(start);
    if end - start < width
        && let Some(next) = line_breaks::after(text, end)
    {
        let last = ahead(next);
        if end - start + last - next == width && next < last {
            return Run::joined(text, start..end, next..last);
        }
    }
    Run::of(text, start..end)
}

/// An archive, a slash and seven digits (`math.GT/0309136v2`), or digits alone behind the slash of an address.
fn old_style(text: &[u8], slash: usize, after: usize) -> [Option<Number<'_>>; 2] {
    let number = behind(text, after, 7);
    let digits = number.text.len();
    if !(5..LONGEST).contains(&digits) || has_point(text, number.at.end) {
        return [None, None];
    }
    let alone =
        (digits > 5).then(|| Number::of(text, &[Run::of(text, after..after), behind(text, after, 7)], b""));
    let Some((name, is_known)) = archive(text, slash) else {
        return [alone, None];
    };
    let whole = Number::of(text, &[name, number], b"/");
    let whole = Some(Number {
        fits: is_known && digits == 7,
        is_meant: digits < 10,
        ..whole
    });
    if is_known { [whole, None] } else { [alone, whole] }
}

/// The name that ends here, with its subject class, and whether it is the name of an archive. It may contain a line break.
fn archive(text: &[u8], end: usize) -> Option<(Run<'_>, bool)> {
    let back = |end: usize| {
        let start = end
            - run(before_end(text, end), |byte| {
                byte.is_ascii_alphabetic() || byte == b'-'
            });
        // A dash before the name is not part of it: `--hep-th/9901001`.
        let name = text.get(start..end).unwrap_or_default();
        start + run(name.iter(), |byte| byte == b'-')
    };
    let is_archive = |name: &[u8]| str::from_utf8(name).is_ok_and(|name| find_archive(name).is_some());
    let start = back(end);
    let name = Run::of(text, start..end);
    if name.text.is_empty() {
        return None;
    }
    if is_archive(&name.text) {
        return Some((name, true));
    }
    if let Some(point) = start.checked_sub(1).filter(|at| text.get(*at) == Some(&b'.')) {
        let first = back(point);
        if is_archive(text.get(first..point)?) {
            return Some((Run::of(text, first..end), true));
        }
    }
    if let Some(hyphen) = HYPHENS
        .iter()
        .find_map(|hyphen| text.get(..start)?.strip_suffix(*hyphen))
    {
        let first = back(hyphen.len());
        let whole = [text.get(first..hyphen.len())?, b"-", name.text.as_ref()].concat();
        if is_archive(&whole) {
            let name = Run {
                at: first..end,
                text: whole.into(),
                broken: true,
            };
            return Some((name, true));
        }
    }
    if let Some(before) = line_breaks::before(text, start) {
        let joined = Run::joined(text, back(before)..before, start..end);
        if is_archive(&joined.text) {
            return Some((joined, true));
        }
    }
    Some((name, false))
}

/// Digits behind `arXiv:` without a point or archive: `arXiv:170603762`.
fn without_point(text: &[u8], start: usize) -> Option<Number<'_>> {
    let number = behind(text, start, 0);
    let is_meant = (6..LONGEST).contains(&number.text.len()) && !has_point(text, number.at.end);
    is_meant.then(|| Number::of(text, &[Run::of(text, start..start), number], b""))
}

fn has_point(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..), Some([b'.', digit, ..]) if digit.is_ascii_digit())
}

fn before_end(text: &[u8], end: usize) -> impl Iterator<Item = &u8> {
    text.get(..end).unwrap_or_default().iter().rev()
}

/// Number of leading bytes that match, at most [`LONGEST`].
fn run<'a>(bytes: impl Iterator<Item = &'a u8>, is_in: impl Fn(u8) -> bool) -> usize {
    bytes.take(LONGEST).take_while(|byte| is_in(**byte)).count()
}

impl<'a> Run<'a> {
    fn of(text: &'a [u8], at: Range<usize>) -> Self {
        Self {
            text: text.get(at.clone()).unwrap_or_default().into(),
            at,
            broken: false,
        }
    }

    fn joined(text: &[u8], one: Range<usize>, other: Range<usize>) -> Self {
        let of = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default();
        Self {
            text: [of(&one), of(&other)].concat().into(),
            at: one.start..other.end,
            broken: true,
        }
    }
}

impl<'a> Number<'a> {
    /// Joins two parts with the text that belongs between them, and adds the version that follows.
    fn of(text: &'a [u8], [one, other]: &[Run<'_>; 2], between: &[u8]) -> Self {
        let mut end = other.at.end;
        if matches!(text.get(end), Some(b'v' | b'V')) {
            let version = behind(text, end + 1, 0);
            if !version.text.is_empty() {
                end = version.at.end;
            }
        }
        let at = one.at.start..end;
        let broken = one.broken || other.broken;
        // Between the parts there may be a line break or an escaped slash.
        let is_whole = !broken && other.at.start == one.at.end + between.len();
        let version = text.get(other.at.end..end).unwrap_or_default();
        Self {
            start: at.start,
            end,
            text: if is_whole {
                text.get(at).unwrap_or_default().into()
            } else {
                [&one.text, between, &other.text, version].concat().into()
            },
            broken,
            fits: false,
            is_meant: true,
        }
    }

    /// Its text without line breaks.
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }
}
