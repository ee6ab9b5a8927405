//! Line breaks within an address or a number, with the hyphen that may come with them.
//!
//! PDFs and e-mails break addresses anywhere: bare, behind a hyphen, a soft hyphen, or the `=` of quoted-printable
//! (RFC 2045, section 6.7). A soft hyphen or a zero-width space may also be there without a break.

/// U+00AD and U+200B.
const INVISIBLE: &[&[u8]] = &[b"\xc2\xad", b"\xe2\x80\x8b"];
/// Characters that may end a broken line. U+2010 is the unambiguous hyphen.
const HYPHENS: &[&[u8]] = &[b"\xc2\xad", b"\xe2\x80\x8b", b"\xe2\x80\x90", b"-", b"="];
const LINE_ENDS: &[&[u8]] = &[b"\r\n", b"\n", b"\r"];
/// Longest indentation that is skipped.
const INDENT: usize = 32;

/// Whether a break may begin with this byte.
pub(super) fn may_begin(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b'-' | b'=' | 0xc2 | 0xe2)
}

/// Whether a break may end with this byte.
pub(super) fn may_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b' ' | b'\t' | b'>' | 0xad | 0x8b)
}

/// Offset behind the break that begins here; `None` if none does.
pub(super) fn after(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if !may_begin(*rest.first()?) {
        return None;
    }
    let strip = |rest, parts: &[&[u8]]| parts.iter().find_map(|part| <[u8]>::strip_prefix(rest, *part));
    let hyphened = strip(rest, HYPHENS).unwrap_or(rest);
    let next = match strip(hyphened, LINE_ENDS) {
        Some(next) => {
            let indent = next.iter().take(INDENT).take_while(|byte| is_indent(**byte));
            next.get(indent.count()..)?
        }
        None => strip(rest, INVISIBLE)?,
    };
    Some(text.len() - next.len())
}

/// Start of the break that ends here; `None` if none does.
pub(super) fn before(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(..at)?;
    if !may_end(*rest.last()?) {
        return None;
    }
    let strip = |rest, parts: &[&[u8]]| parts.iter().find_map(|part| <[u8]>::strip_suffix(rest, *part));
    let indent = rest
        .iter()
        .rev()
        .take(INDENT)
        .take_while(|byte| is_indent(**byte));
    let line = rest.get(..rest.len() - indent.count())?;
    match strip(line, LINE_ENDS) {
        Some(line) => Some(strip(line, HYPHENS).unwrap_or(line).len()),
        None => Some(strip(rest, INVISIBLE)?.len()),
    }
}

/// White space, and the `>` of a quoted e-mail.
fn is_indent(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'>')
}
