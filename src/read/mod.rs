//! Reads papers and identifiers from a user's files and from standard input: the program's own JSON, the Kaggle
//! snapshot, and the recognition of formats.
//!
//! Text that is not an identifier is returned as it is; the caller reports it.

mod decompress;
mod encoding;
mod format;
mod identifiers;
mod kaggle;
mod paper;
mod stream;

use serde::Deserialize;

pub use decompress::{ByteSource, decompress};
pub use encoding::{DecodedText, decode};
pub use format::{INPUT_FORMATS, InputFormat, UnknownFormat};
pub use identifiers::{Error, IdentifierText, MAX_BYTES, identifiers};
pub use kaggle::kaggle;
pub use paper::paper;
pub use stream::{Framing, MAX_RECORD, RawRecord, RecordStream};

/// Maximum length of an error message in bytes: serde quotes the value that it did not expect.
const MAX_REASON: usize = 200;

/// Parses a record from a JSON object.
fn json<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, String> {
    if json.first() != Some(&b'{') {
        return Err("this is no object".to_owned());
    }
    serde_json::from_slice(json).map_err(|error| {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let reason = text.strip_suffix(&place).unwrap_or(&text);
        let start = reason
            .get(..reason.floor_char_boundary(MAX_REASON))
            .unwrap_or(reason);
        let more = if start.len() < reason.len() { "..." } else { "" };
        if error.is_data() {
            format!("{start}{more}")
        } else {
            format!("{start}{more}, at column {}", error.column())
        }
    })
}
