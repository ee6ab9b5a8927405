//! Documents to references: the identifiers in a text, what the text claims of them, and whether the record agrees.
//!
//! Pure but for the reader that [`find`] is handed. Nothing here asks arXiv or opens a file.

pub mod bibtex;
pub mod compare;
pub mod document;
pub mod find;
