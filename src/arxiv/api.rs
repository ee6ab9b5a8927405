//! The query API: records by identifier in batches, and search in pages and slices.
