//! arXiv's services over [`net`](crate::net), returning [`model`](crate::model) types.
//!
//! Parsing is pure, so that it can be tested and fuzzed without a server. Everything that arrives is hostile until
//! parsed, and URLs and file names are built from parsed identifiers, never from links in a response.

pub mod api;
pub mod atom;
mod category_term;
mod denial;
pub mod files;
mod html_page;
pub mod oai;
pub mod rss;
mod service;
pub mod syntax;
mod xml;

pub use service::SERVICE;
