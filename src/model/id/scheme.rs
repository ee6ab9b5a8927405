//! The two schemes of identifiers, and the errors of a text that follows neither.
//!
//! Old, July 1991 to March 2007: archive, `/`, YYMM, three digits (`hep-th/9901001`). New, since April 2007: YYMM, `.`,
//! four digits until December 2014 and five since (`0704.0001`, `1501.00001`). Numbers begin at 1, versions too.
//! Rule: <https://info.arxiv.org/help/arxiv_identifier.html>.

use super::{ArxivId, Malformed, archives, find_archive};

/// The months of the first and the last old-style identifiers.
const OLD: (YearMonth, YearMonth) = ((1991, 7), (2007, 3));

type YearMonth = (u16, u8);

/// Number of digits of a new-style number in this year.
pub(super) fn width(year: u16) -> usize {
    if year < 2015 { 4 } else { 5 }
}

/// Parses the identifier that a text starts with, and returns the rest of the text.
pub(super) fn read(text: &str) -> Result<(ArxivId, &str), Malformed> {
    match text.bytes().next() {
        None => Err(Malformed::new("it holds no identifier")),
        Some(b'0'..=b'9') => new_style(text),
        Some(_) => old_style(text),
    }
}

fn new_style(text: &str) -> Result<(ArxivId, &str), Malformed> {
    let (date, rest) = digits(text);
    let Some(rest) = rest.strip_prefix('.') else {
        return Err(without_point(date));
    };
    if date.len() != 4 {
        return Err(Malformed::new(
            "four digits belong before the point, as in 2501.12948",
        ));
    }
    let (year, month) = year_and_month(date)?;
    let year = 2000 + year;
    if (year, month) <= OLD.1 {
        return Err(Malformed::new(
            "identifiers without an archive begin in April 2007, with 0704.0001",
        ));
    }
    let (number, after) = digits(rest);
    let mut id = ArxivId {
        year,
        month,
        number: 0,
        archive: None,
        version: None,
    };
    if number.len() != width(year) {
        return Err(wrong_width(id, rest));
    }
    id.number = from_one(number)?;
    version(id, after)
}

fn old_style(text: &str) -> Result<(ArxivId, &str), Malformed> {
    let (name, rest) = split_run(text, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    let Some(rest) = after_separator(rest) else {
        return Err(Malformed::new(match find_archive(name) {
            Some(archive) if rest.is_empty() => {
                format!("it is an archive; a paper in it looks like {archive}/9901001")
            }
            _ => "identifiers look like 2501.12948 or hep-th/9901001".to_owned(),
        }));
    };
    let (number, after) = digits(rest);
    if number.len() == 4 && after.starts_with('.') {
        let meant = new_style(rest).ok();
        return Err(Malformed::new("identifiers with a point have no archive").hinting(meant));
    }
    let Some(archive) = find_archive(name) else {
        return Err(unknown_archive(name, rest));
    };
    if number.len() != 7 {
        return Err(Malformed::new(
            "seven digits belong after the archive (year, month, number), as in hep-th/9901001",
        ));
    }
    let (date, number) = number.split_at_checked(4).unwrap_or_default();
    let (year, month) = year_and_month(date)?;
    let year = if year < 91 { 2000 + year } else { 1900 + year };
    if (year, month) < OLD.0 || (year, month) > OLD.1 {
        return Err(Malformed::new(
            "identifiers with an archive run from July 1991 to March 2007",
        ));
    }
    let id = ArxivId {
        year,
        month,
        number: from_one(number)?,
        archive: Some(archive),
        version: None,
    };
    version(id, after)
}

/// Strips `/`, `//` or the `_` of a file name, and a subject class before it (`.GT`).
fn after_separator(rest: &str) -> Option<&str> {
    let rest = match rest.strip_prefix('.') {
        Some(class) => split_run(class, |byte| byte.is_ascii_alphabetic() || byte == b'-').1,
        None => rest,
    };
    let after = rest
        .strip_prefix('_')
        .unwrap_or_else(|| rest.trim_start_matches('/'));
    (after.len() < rest.len()).then_some(after)
}

/// Parses `v5` or `V5`, if it follows.
fn version(id: ArxivId, rest: &str) -> Result<(ArxivId, &str), Malformed> {
    let Some(after) = rest.strip_prefix(['v', 'V']) else {
        return Ok((id, rest));
    };
    let (number, after) = digits(after);
    match number.parse() {
        Ok(0) => Err(Malformed::new("versions are counted from 1").hinting(Some((id, after)))),
        Ok(version) if number.starts_with('0') => {
            let meant = id.with_version(version);
            Err(Malformed::new("a version has no leading zero").hinting(Some((meant, after))))
        }
        Ok(version) => Ok((id.with_version(version), after)),
        Err(_) if number.is_empty() => {
            Err(Malformed::new("the version after `v` is missing").hinting(Some((id, after))))
        }
        Err(_) => Err(Malformed::new("no paper has that many versions").hinting(Some((id, after)))),
    }
}

/// The year, without its century, and the month that four digits name.
fn year_and_month(date: &str) -> Result<YearMonth, Malformed> {
    let (year, month) = date.split_at_checked(2).unwrap_or_default();
    match (year.parse(), month.parse()) {
        (Ok(year), Ok(month @ 1..=12)) => Ok((year, month)),
        _ => Err(Malformed::new(format!("month {month} does not exist"))),
    }
}

fn from_one(number: &str) -> Result<u32, Malformed> {
    match number.parse() {
        Ok(0) | Err(_) => Err(Malformed::new("numbers are counted from 1")),
        Ok(number) => Ok(number),
    }
}

/// The error for a number with too few or too many digits, or with letters in place of digits.
fn wrong_width(id: ArxivId, rest: &str) -> Malformed {
    let (typed, after) = split_run(rest, |byte| byte.is_ascii_digit() || b"OoIl".contains(&byte));
    let number = typed.replace(['O', 'o'], "0").replace(['I', 'l'], "1");
    let width = width(id.year);
    let reason = if typed.is_empty() {
        "the number after the point is missing"
    } else if typed.len() == width {
        "there is a letter among the digits"
    } else if width == 4 {
        "numbers had four digits until December 2014"
    } else {
        "numbers have five digits since January 2015"
    };
    // Three digits or fewer are more likely cut off than short of zeros.
    let number = number.parse().ok().filter(|&number| {
        typed.len() > 3 && number > 0 && number < if width == 4 { 10_000 } else { 100_000 }
    });
    let meant = number.and_then(|number| version(ArxivId { number, ..id }, after).ok());
    Malformed::new(reason).hinting(meant)
}

/// The error for digits alone: `170603762` lacks the point, `0307015` the archive.
fn without_point(typed: &str) -> Malformed {
    if typed.len() == 7 {
        return Malformed::new(format!("the archive is missing, as in hep-th/{typed}"));
    }
    let dotted = typed
        .split_at_checked(4)
        .map(|(date, number)| format!("{date}.{number}"));
    match dotted.as_deref().map(read) {
        Some(Ok(meant)) => Malformed::new("the point after the month is missing").hinting(Some(meant)),
        _ => Malformed::new("identifiers look like 2501.12948 or hep-th/9901001"),
    }
}

fn unknown_archive(name: &str, rest: &str) -> Malformed {
    if name.is_empty() || name.len() > 20 {
        return Malformed::new("it does not begin with an archive, as hep-th/9901001 does");
    }
    let typed = name.to_ascii_lowercase();
    let near = archives()
        .map(|archive| (strsim::osa_distance(&typed, archive), archive))
        .filter(|&(apart, _)| apart < 3)
        .min();
    let meant = near.map(|(_, archive)| format!("{archive}/{rest}"));
    Malformed::new(format!("there is no archive `{typed}`"))
        .hinting(meant.as_deref().and_then(|text| read(text).ok()))
}

impl Malformed {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            hint: None,
        }
    }

    /// Adds a hint, the result of [`read`].
    fn hinting(self, meant: Option<(ArxivId, &str)>) -> Self {
        let hint = meant.map(|(id, _)| id.to_string());
        Self { hint, ..self }
    }
}

/// The ASCII digits a text starts with, and the rest.
fn digits(text: &str) -> (&str, &str) {
    split_run(text, |byte| byte.is_ascii_digit())
}

/// The ASCII characters of a kind that a text starts with, and the rest.
fn split_run(text: &str, is_in: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_in(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
