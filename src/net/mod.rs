//! A polite HTTP client: one request at a time over all of a user's processes, retries, deadlines, caps, redirects.
//!
//! Every request, each hop of a redirect and each retry included, passes the [`gate`]. Nothing here knows what a
//! service answers: a reader is handed in.

mod body;
mod builder;
mod client;
mod config;
mod deadline;
mod error_text;
mod gate;
mod message;
mod reader;
mod redirect;
mod retry;
pub mod url;

pub use client::{Client, Error};
pub use config::{Config, Idle, Limits};
pub use message::{Answer, Request};
pub use reader::{Body, Fault, Reader};
