//! The forms in which people paste identifiers: labels, URLs, DOIs, the printed form, brackets and punctuation.
//!
//! This module only strips them; `scheme` parses the rest.

use std::borrow::Cow;

use super::{ArxivId, Malformed, scheme};

/// Labels before an identifier, in lower case. Several can follow each other (`doi:10.48550/arXiv.`).
const LABELS: &[&str] = &[
    "arxiv:",
    "arxiv\u{ff1a}",
    "arxiv preprint ",
    "arxiv ",
    "oai:arxiv.org:",
    "doi:",
    "doi ",
    "10.48550/arxiv.",
];

/// Paths of arXiv's own site and its mirrors, where an identifier alone is a path too.
const PAGES: &[&str] = &[
    "abs/", "pdf/", "html/", "src/", "e-print/", "format/", "ps/", "bibtex/", "tb/", "",
];

/// Sites with pages of arXiv's papers (each with its subdomains), and the paths before the identifier.
const SITES: &[(&str, &[&str])] = &[
    ("arxiv.org", PAGES),
    ("xxx.lanl.gov", PAGES),
    ("ar5iv.org", &["abs/", "html/", "pdf/"]),
    ("alphaxiv.org", &["abs/", "overview/", "pdf/", "html/"]),
    ("huggingface.co", &["papers/"]),
    ("hf.co", &["papers/"]),
    ("doi.org", &["10.48550/arxiv."]),
    (
        "semanticscholar.org",
        &["arxiv:", "graph/v1/paper/arxiv:", "v1/paper/arxiv:"],
    ),
];

const MONTHS: &[&str] = &[
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub(super) fn parse(text: &str) -> Result<ArxivId, Malformed> {
    let text = text.trim_start_matches(opens);
    if text.trim_start_matches(closes).is_empty() {
        return Err(Malformed::new("it is empty"));
    }
    let text = decoded(text);
    let text = without_labels(&text);
    let text = without_labels(address(text)?.unwrap_or(text));
    if text.starts_with("10.") {
        return Err(Malformed::new(
            "it is a publisher's DOI; arXiv's begin with 10.48550/arXiv.",
        ));
    }
    let (id, rest) = scheme::read(text)?;
    if is_end(rest) {
        return Ok(id);
    }
    Err(Malformed {
        reason: format!("there is more after {id}"),
        hint: Some(id.to_string()),
    })
}

fn without_labels(mut text: &str) -> &str {
    while let Some(rest) = LABELS.iter().find_map(|label| strip(text, label)) {
        text = rest.trim_start();
    }
    text
}

/// Returns the part of a URL, with or without its scheme, where the identifier belongs, or `None` if this is no URL.
fn address(text: &str) -> Result<Option<&str>, Malformed> {
    let schemes = ["https://", "http://", "//"];
    let after_scheme = schemes.iter().find_map(|scheme| strip(text, scheme));
    let (host, path) = after_scheme.unwrap_or(text).split_once('/').unwrap_or_default();
    let (name, _port) = host.split_once(':').unwrap_or((host, ""));
    let Some((_, folders)) = SITES.iter().find(|(site, _)| is_at(name, site)) else {
        return match after_scheme {
            Some(_) => Err(Malformed::new("the address is not one of arXiv's papers")),
            None => Ok(None),
        };
    };
    let path = in_month_folder(path.trim_start_matches('/'));
    for folder in *folders {
        if let Some(rest) = strip(path, folder) {
            // Without a folder the path is an identifier or some other page of arXiv's.
            if !folder.is_empty() || scheme::read(rest).is_ok() {
                return Ok(Some(rest.trim_start_matches('/')));
            }
        }
    }
    Err(Malformed::new("the address names no paper"))
}

/// The part behind the folder of a month, in which arXiv's site also has its files: `ftp/arxiv/papers/2101/`.
fn in_month_folder(path: &str) -> &str {
    let behind = strip(path, "ftp/arxiv/papers/").and_then(|rest| rest.split_once('/'));
    behind.map_or(path, |(_, rest)| rest)
}

/// Whether a host is this site or a subdomain of it.
fn is_at(host: &str, site: &str) -> bool {
    let before = host
        .len()
        .checked_sub(site.len())
        .and_then(|at| host.split_at_checked(at));
    before.is_some_and(|(sub, end)| end.eq_ignore_ascii_case(site) && (sub.is_empty() || sub.ends_with('.')))
}

/// Whether only decoration follows: file extensions, the rest of a URL, punctuation, category and date.
fn is_end(mut rest: &str) -> bool {
    let endings = [".pdf", ".ps", ".gz", ".html", ".tar"];
    while let Some(after) = endings.iter().find_map(|ending| strip(rest, ending)) {
        rest = after;
    }
    if rest.starts_with(['/', '?', '#']) {
        rest = rest
            .split_once(char::is_whitespace)
            .map_or("", |(_, after)| after);
    }
    let rest = rest.trim_start_matches(closes);
    let rest = without_category(rest).trim_start_matches(closes);
    rest.is_empty() || is_day(rest)
}

/// Strips the category of the printed form: `[cs.CL]`, on the abstract page `(cs)`.
fn without_category(text: &str) -> &str {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let inner = inner.or_else(|| text.strip_prefix('(').and_then(|rest| rest.split_once(')')));
    let is_code = |code: &str| {
        code.starts_with(|c: char| c.is_ascii_alphabetic())
            && code
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || b".-".contains(&byte))
    };
    inner
        .filter(|(code, _)| is_code(code))
        .map_or(text, |(_, after)| after)
}

/// The date of the stamp on a paper's first page: `12 Jun 2017`.
fn is_day(text: &str) -> bool {
    let mut parts = text.trim_end_matches(closes).split_whitespace();
    let is_number =
        |part: &str, digits: usize| part.len() <= digits && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(|day| is_number(day, 2))
        && parts.next().is_some_and(|month| MONTHS.contains(&month))
        && parts.next().is_some_and(|year| is_number(year, 4))
        && parts.next().is_none()
}

/// Strips a prefix in lower case from a text in any case.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Decodes `%2F` and other escapes of printable ASCII characters. White space stays escaped, since it would end a URL.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escape = part.split_at_checked(2).and_then(|(hex, rest)| {
            let byte = u8::from_str_radix(hex, 16).ok()?;
            byte.is_ascii_graphic().then_some((char::from(byte), rest))
        });
        if let Some((c, rest)) = escape {
            plain.push(c);
            plain.push_str(rest);
        } else {
            plain.push('%');
            plain.push_str(part);
        }
    }
    Cow::Owned(plain)
}

fn opens(c: char) -> bool {
    c.is_whitespace() || is_mark(c) || "<([{（《「『【［".contains(c)
}

fn closes(c: char) -> bool {
    c.is_whitespace() || is_mark(c) || ">)]}）》」』】］.,;:!?。，、；：！？…".contains(c)
}

/// Marks on both sides: quotation marks, emphasis, and invisible characters that come with pasting.
fn is_mark(c: char) -> bool {
    "\"'`*_“”‘’\u{feff}\u{200b}".contains(c)
}
