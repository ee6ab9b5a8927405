//! Identifiers from a user's files and from standard input.
//!
//! What is no identifier is handed on as it stands: telling is the business of who asked.

mod identifiers;

pub use identifiers::{Asked, Error, MAX_BYTES, identifiers};
