//! Identifiers, alone and in any text.

use std::ops::ControlFlow;

use arxcat::model::id::ArxivId;
use arxcat::read;
use arxcat::refs::find::{FoundId, Rigour, scan, scan_by};

/// An identifier that parses is printed in a form that parses to the same, and survives the key of the database.
pub fn identifiers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(id) = ArxivId::parse(&text) {
        assert_eq!(ArxivId::parse(&id.to_string()).ok(), Some(id), "{text:?}");
        assert_eq!(ArxivId::unpacked(id.packed()), Some(id.base()), "{text:?}");
    }
    if let Ok(list) = read::identifiers(bytes) {
        for item in &list {
            let _ = (item.identifier(), item.name());
        }
    }
}

/// What the finder finds lies within the text, in order, and does not depend on the size of the chunks it reads.
/// The first byte of the input is that size.
pub fn finder(bytes: &[u8]) {
    let Some((chunk, text)) = bytes.split_first() else {
        return;
    };
    let chunk = usize::from(*chunk) + 1;
    for rigour in [Rigour::Strict, Rigour::Lenient] {
        let mut whole = Vec::new();
        scan(text, rigour, |found| push(&mut whole, found)).unwrap();
        let mut pieces = Vec::new();
        scan_by(text, rigour, chunk, |found| push(&mut pieces, found)).unwrap();
        assert_eq!(pieces, whole, "in chunks of {chunk}");
        let is_utf16 = text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]);
        for found in &whole {
            let end = usize::try_from(found.offset).unwrap() + found.text.len();
            assert!(is_utf16 || end <= text.len(), "{found:?}");
        }
        assert!(
            whole.windows(2).all(|pair| pair[0].offset <= pair[1].offset),
            "{whole:?}"
        );
    }
}

fn push(all: &mut Vec<FoundId>, found: FoundId) -> ControlFlow<()> {
    all.push(found);
    ControlFlow::Continue(())
}
