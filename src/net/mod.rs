//! A polite HTTP client: one request at a time over all processes of a user, with retries, deadlines, size limits and
//! checked redirects.
//!
//! Every request passes the gate, each hop of a redirect and each retry included. Which service is asked, at what
//! pace and how it says "not now" are parameters ([`Service`]); what a response means is decided by the caller's
//! [`Handler`]. The client knows neither XML nor papers.

mod body;
mod client;
mod config;
mod deadline;
mod error;
mod error_text;
mod exchange;
mod gate;
mod handler;
mod http_clients;
mod proxy;
mod redirect;
mod request;
mod response;
mod retry;
mod service;
pub mod url;

pub use client::Client;
pub use config::{Config, Limits, MinRate};
pub use error::{Error, Tries};
pub use handler::{BodyTarget, Handler, ResponseError};
pub use request::Request;
pub use response::Response;
pub use service::{Endpoint, Refusal, Service};
