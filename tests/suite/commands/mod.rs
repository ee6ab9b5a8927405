//! The commands, driven as a user drives them.

mod bad_input;
mod config;
mod fetch;
mod help;
mod list;
mod output;
mod search;
mod show;
mod stats;
mod taxonomy;
mod timeline;
mod verify;
