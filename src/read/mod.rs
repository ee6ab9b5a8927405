//! Papers and identifiers from a user's files.
