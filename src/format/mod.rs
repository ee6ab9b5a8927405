//! Papers to bytes: one small file per format.
