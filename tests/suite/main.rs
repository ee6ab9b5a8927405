//! Every test that needs more than one function: the real binary, the recorded arXiv, the laws.
//!
//! Where things are:
//!
//! - `ids`, `taxonomy`, `text`, `atom`, `query`, `selection`: the library's own rules, held against arXiv's verdicts
//!   (`recordings`, where `ARXCAT_RECORDINGS` names the folder) and as properties.
//! - `catalog`: every record of the built-in catalog.
//! - `fake`: an arXiv on loopback that can misbehave; `client`: the manners, `api`: records and searches, held against it.
//! - `formats`: papers to bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that meets the unexpected should fail"
)]

mod api;
mod arxcat;
mod atom;
mod catalog;
mod client;
mod commands;
mod fake;
mod formats;
mod ids;
mod layers;
mod query;
mod recordings;
mod selection;
mod taxonomy;
mod text;
