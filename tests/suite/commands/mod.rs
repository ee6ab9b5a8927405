//! The commands, driven as a user drives them.

mod bad_input;
mod check;
mod cite;
mod config;
mod fetch;
mod help;
mod ids;
mod list;
mod output;
mod search;
mod show;
mod stats;
mod taxonomy;
mod timeline;
mod verify;
