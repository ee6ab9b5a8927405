//! The gate: one request at a time, a pause apart, over all of a user's processes.
