//! How papers are cited.

use std::collections::HashSet;

use super::citation_key::KeyTemplate;

/// Options of the citation formats.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CitationOptions {
    /// Template of the citation keys.
    pub key: KeyTemplate,
    /// Whether identifiers have their version: the requested one, else the record's.
    pub versions: bool,
    /// Whether the tags of a paper are written as keywords.
    pub with_tags: bool,
    /// Keys that are already in use; compared without case.
    pub taken: HashSet<String>,
}
