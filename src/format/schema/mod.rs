//! The JSON Schemas (draft 2020-12) of everything written as JSON, one file each in `schema/`.
//!
//! They are part of the contract: every key is listed and required. A test holds the output to them.

const SCHEMAS: &[(&str, &str)] = &[
    ("paper", include_str!("paper.json")),
    ("ledger", include_str!("ledger.json")),
    ("finding", include_str!("finding.json")),
    ("reference", include_str!("reference.json")),
    ("count", include_str!("count.json")),
    ("check", include_str!("check.json")),
];

/// The schema of this name, as a JSON document that ends in a line break.
#[must_use]
pub fn schema(name: &str) -> Option<&'static str> {
    SCHEMAS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// The names of the schemas.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}
