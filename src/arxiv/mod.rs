//! The outside world: arXiv's services, answering with [`model`](crate::model) types.
//!
//! Every request passes the gate; every answer is hostile until read.

pub mod api;
pub mod atom;
mod classes;
pub mod files;
pub mod oai;
pub mod rss;
mod service;
pub mod syntax;
mod xml;

pub use service::SERVICE;
