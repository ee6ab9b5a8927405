//! Decides by the surrounding characters whether a bare number can be an identifier: it must not be part of a DOI, an
//! address, a longer number, an amount, a telephone number or a version.

use super::number::Number;

/// Currency signs before or after an amount.
const MONEY: &[&str] = &["$", "€", "£", "¥", "￥", "₽", "₹"];

/// Whether no character around a number makes it part of something else.
pub(super) fn stands_alone(text: &[u8], number: &Number<'_>) -> bool {
    let before = text.get(..number.start).unwrap_or_default();
    let behind = text.get(number.end..).unwrap_or_default();
    let bound_before = match before {
        [.., byte] if byte.is_ascii_alphanumeric() => true,
        [.., b'.' | b'=' | b'/' | b'-' | b'+' | b'%' | b'#' | b'@' | b'\\'] => true,
        _ => MONEY.iter().any(|sign| before.ends_with(sign.as_bytes())),
    };
    let bound_behind = match behind {
        [byte, ..] if byte.is_ascii_alphanumeric() => true,
        [b'%' | b'@' | b'=', ..] => true,
        [b'.' | b'-' | b'/' | b'+', digit, ..] => digit.is_ascii_digit(),
        _ => MONEY.iter().any(|sign| behind.starts_with(sign.as_bytes())),
    };
    !(number.broken || bound_before || bound_behind)
}
