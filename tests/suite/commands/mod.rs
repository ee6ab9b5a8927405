//! The commands, driven as a user drives them.

mod bad_input;
mod check;
mod cite;
mod config;
mod doctor;
mod download;
mod fetch;
mod fresh;
mod help;
mod ids;
mod import;
mod list;
mod new;
mod note;
mod open;
mod outdated;
mod output;
mod remove;
mod search;
mod show;
mod stats;
mod sync;
mod tag;
mod taxonomy;
mod timeline;
mod verify;
