//! Every test that needs more than one function: the real binary, recorded answers of arXiv, properties.
//!
//! Where things are:
//!
//! - `ids`, `ids_in_text`, `taxonomy`, `text`, `atom`, `query`, `selection`: the rules of the model, compared with arXiv's verdicts
//!   (`recordings`, where `ARXCAT_RECORDINGS` names the folder) and as properties.
//! - `catalog`: every record of the built-in catalog.
//! - `fake`: an arXiv on loopback that can misbehave; `client`: pacing and retries, `api`: records and searches, tested with it.
//! - `compare`: what a document claims of a paper, compared with its record.
//! - `kill`: the program killed at random moments; `corpus`: the generator of the benchmarks, and what it promises.
//! - `read`: papers from files; `commands` drives the import of them.
//! - `library`: the store: which record is believed, and what no accident may break.
//! - `manual`: every example of the manual and the README, the man pages, `help`.
//! - `formats`: papers to bytes; `citations`: read back by parsers that are not ours.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that meets the unexpected should fail"
)]

mod api;
mod arxcat;
mod atom;
mod bibtex;
mod catalog;
mod citations;
mod client;
mod commands;
mod compare;
#[path = "../benches/corpus/mod.rs"]
mod corpus;
mod documents;
mod fake;
mod formats;
mod fuzz;
#[path = "../fuzz/targets/mod.rs"]
mod fuzz_targets;
mod harvest;
mod ids;
mod ids_in_text;
mod kill;
mod layers;
mod library;
mod local_search;
mod manual;
mod oai;
mod query;
mod read;
mod recordings;
mod rss;
mod selection;
mod taxonomy;
mod text;
