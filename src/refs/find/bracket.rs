//! Brackets that mark their content as an identifier.

use super::number::Number;
use super::{IdForm, Marker};

/// `[hep-th/9901001]`, `[1706.03762 [cs.CL]]`, `【1706.03762】`.
pub(super) fn around(text: &[u8], number: &Number<'_>) -> Option<Marker> {
    let before = text.get(..number.start)?;
    let behind = text.get(number.end..)?;
    let (opens, closes) = if before.ends_with(b"[") {
        let closes = match behind {
            [b']', ..] => 1,
            [b' ', b'[', ..] | [b'[', ..] => 0,
            _ => return None,
        };
        (1, closes)
    } else if before.ends_with("【".as_bytes()) && behind.starts_with("】".as_bytes()) {
        ("【".len(), "】".len())
    } else {
        return None;
    };
    Some(Marker {
        start: number.start - opens,
        end: number.end + closes,
        form: IdForm::Bracketed,
        firm: false,
    })
}
