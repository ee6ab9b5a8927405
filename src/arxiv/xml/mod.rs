//! What every reader of arXiv's XML needs: the walk over it, why it is not to be read, its limits, its references, its
//! white space.

pub(super) mod space;
pub(super) mod walk;

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart};

/// Why bytes are not what was asked for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}, at byte {at}")]
pub struct Error {
    /// What is wrong, as a clause.
    pub reason: String,
    /// Where, in bytes.
    pub at: u64,
    /// Whether another try may give what was asked for: it breaks off, or it is something else (an HTML page).
    pub transient: bool,
}

/// Elements inside elements; arXiv's own go some six deep.
const MAX_DEPTH: usize = 64;
/// Bytes of one text or one tag.
const MAX_FIELD: usize = 1 << 20;

/// A feed as text.
pub(super) fn feed_text(xml: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(xml).map_err(|fault| Error {
        reason: "the feed is not UTF-8".to_owned(),
        at: fault.valid_up_to() as u64,
        // A character that the end cut short.
        transient: fault.error_len().is_none(),
    })
}

/// An element's prefix, and the rest of its name.
fn split_name(name: &str) -> (&str, &str) {
    // Quicker than `split_once` on names this short.
    let colon = name.bytes().position(|byte| byte == b':');
    colon
        .and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?)))
        .unwrap_or(("", name))
}

/// The value of an attribute, if the tag has it.
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

/// Checks a tag's size, and the references in its attributes wherever they are not read anyway.
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

/// Refuses what says it is not in UTF-8. `what` names it: `feed`.
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

/// Why a document with this DOCTYPE is refused. `what` names what was asked for: `feed`.
fn doctype(kind: &str, what: &str) -> String {
    let is_html = kind
        .trim_start()
        .get(..4)
        .is_some_and(|name| name.eq_ignore_ascii_case("html"));
    if is_html {
        format!("this is an HTML page, no {what}")
    } else {
        format!("the {what} has a DOCTYPE, which is refused")
    }
}

/// The character a reference stands for.
fn referred(reference: &BytesRef<'_>) -> Result<char, String> {
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

/// Whether there is nothing to read here.
fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}')
        .bytes()
        .all(|b| b.is_ascii_whitespace())
}

/// The first words of something unexpected, fit for an error: printable ASCII, at most 60.
pub(super) fn excerpt(text: &str) -> String {
    let printable = text.trim_start().chars().take(60);
    printable
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '.' })
        .collect()
}

/// Every run of ASCII white space one space, none at the ends.
pub(super) fn squeeze(text: &str) -> String {
    let text = text.trim_ascii();
    let bytes = text.as_bytes();
    let following = bytes.get(1..).unwrap_or_default();
    // Without branches: the compiler makes vector code of it.
    let unfolded = bytes.iter().zip(following).fold(0, |found, (&b, &next)| {
        found | u8::from(b < b' ') | (u8::from(b == b' ') & u8::from(next == b' '))
    });
    if unfolded == 0 {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}
