//! Runs the target that this binary is named after.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a target fails by panicking")]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

mod targets;

/// All binaries are built from this file; which one this is only its name says.
static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = env!("CARGO_BIN_NAME");
    let target = targets::ALL.iter().find(|(target, _)| *target == name);
    target.unwrap().1
});

fuzz_target!(|bytes: &[u8]| (*TARGET)(bytes));
