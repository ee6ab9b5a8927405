//! References in documents: the identifiers in a text, what the text claims about each paper, and whether a record agrees.
//!
//! Everything here is pure, except that [`find`] reads from a reader that the caller opened. Nothing asks arXiv.

pub mod bibtex;
pub mod compare;
pub mod document;
pub mod find;
