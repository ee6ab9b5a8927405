//! What every parser of arXiv's XML shares: the walk over its events, errors, limits, character references and white
//! space.
//!
//! Everything that arrives is hostile until parsed: depth, sizes and counts are limited, and a DOCTYPE or an unknown
//! entity is an error, so that no entity can be expanded.

pub(super) mod space;
pub(super) mod walk;

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart};

/// Why a document cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}, at byte {at}")]
pub struct Error {
    /// What is wrong, as a clause.
    pub reason: String,
    /// Where, as an offset in bytes.
    pub at: u64,
    /// Whether another request may return the right document, because this one breaks off or is something else, such
    /// as an HTML page.
    pub transient: bool,
}

/// What is wrong with a document.
#[derive(Debug)]
pub(super) enum DocumentError {
    /// It is another kind of document, such as a front end's HTML page; another request may return the right one.
    WrongKind(String),
    /// It is of the right kind and violates a rule, and would do so again.
    Invalid(String),
}

impl From<String> for DocumentError {
    fn from(reason: String) -> Self {
        Self::Invalid(reason)
    }
}

/// Nesting of elements. arXiv's own documents are some six deep.
const MAX_DEPTH: usize = 64;
/// Bytes of one text or one tag. The longest abstracts have some thousand.
const MAX_FIELD: usize = 1 << 20;

/// Decodes a feed as UTF-8.
pub(super) fn feed_text(xml: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(xml).map_err(|fault| Error {
        reason: "the feed is not UTF-8".to_owned(),
        at: fault.valid_up_to() as u64,
        // `None` means that the end cuts a character short.
        transient: fault.error_len().is_none(),
    })
}

/// Splits the name of an element into prefix and local name.
fn split_name(name: &str) -> (&str, &str) {
    // Faster than `split_once` on names this short.
    match name.bytes().position(|byte| byte == b':') {
        Some(at) => (&name[..at], &name[at + 1..]),
        None => ("", name),
    }
}

/// Returns the value of an attribute, or `None` if the tag does not have it.
pub(super) fn attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Result<Option<Cow<'t, str>>, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        if attribute.key.0 == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return value.map(Some).map_err(|fault| fault.to_string());
        }
    }
    Ok(None)
}

/// Checks the size of a tag, and the references in its attributes, which are errors even in attributes that are not
/// read.
fn check_attributes(tag: &BytesStart<'_>, raw: &str) -> Result<(), String> {
    if raw.len() > MAX_FIELD {
        return Err(format!("a tag is longer than {MAX_FIELD} bytes"));
    }
    if !raw.contains('&') {
        return Ok(());
    }
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

/// Refuses a document that declares another encoding than UTF-8. `what` is its name in messages: `feed`.
fn check_encoding(declaration: &BytesDecl<'_>, what: &str) -> Result<(), String> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name))
            if ["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(Ok(name)) => Err(format!("the {what} is in `{}`, not UTF-8", excerpt(&name))),
        Some(Err(fault)) => Err(format!("the XML declaration is faulty ({fault})")),
    }
}

/// The error of a document with this DOCTYPE. `what` is the name of the expected document: `feed`.
fn doctype(kind: &str, what: &str) -> DocumentError {
    let is_html = kind
        .trim_start()
        .get(..4)
        .is_some_and(|name| name.eq_ignore_ascii_case("html"));
    if is_html {
        DocumentError::WrongKind(format!("this is an HTML page, no {what}"))
    } else {
        DocumentError::Invalid(format!("the {what} has a DOCTYPE, which is refused"))
    }
}

/// Resolves a reference to its character.
fn resolve_reference(reference: &BytesRef<'_>) -> Result<char, String> {
    Ok(match &**reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        name => match reference.resolve_char_ref() {
            Ok(Some(c)) if is_xml_char(c) => c,
            Ok(None) => return Err(format!("the entity `&{};` is unknown", excerpt(name))),
            _ => return Err(format!("`&{};` is no character", excerpt(name))),
        },
    })
}

/// The characters of XML 1.0, section 2.2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether a text has only white space, or a byte-order mark.
fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}')
        .bytes()
        .all(|b| b.is_ascii_whitespace())
}

/// Returns the start of an unexpected text for a message: at most 60 characters, printable ASCII.
pub(super) fn excerpt(text: &str) -> String {
    let printable = text.trim_start().chars().take(60);
    printable
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '.' })
        .collect()
}

/// Collapses each run of ASCII white space into one space, and removes it at the ends.
pub(super) fn squeeze(text: &str) -> String {
    let text = text.trim_ascii();
    let bytes = text.as_bytes();
    let following = bytes.iter().skip(1);
    // Most texts need no change. Without branches, the compiler makes vector code of this check.
    let uncollapsed = bytes.iter().zip(following).fold(0, |found, (&b, &next)| {
        found | u8::from(b < b' ') | (u8::from(b == b' ') & u8::from(next == b' '))
    });
    if uncollapsed == 0 {
        return text.to_owned();
    }
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}
