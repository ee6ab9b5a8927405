//! The outside world: arXiv's services, answering with [`model`](crate::model) types.
//!
//! Every request passes the gate; every answer is hostile until read.

pub mod api;
pub mod atom;
mod gate;
pub mod http;
pub mod syntax;
