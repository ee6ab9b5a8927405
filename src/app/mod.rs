//! What the commands share: the context, shared arguments, identifiers in, collections, output, the batch report.

pub mod arguments;
pub mod collection;
pub mod context;
pub mod digest;
pub mod editor;
pub mod identifiers;
pub mod input;
pub mod interrupt;
pub mod keep;
pub mod ledger;
pub mod network;
pub mod output;
pub mod pager;
pub mod platform;
pub mod program;
pub mod records;
pub mod report;
pub mod summary;
pub mod temp_file;

pub use context::Context;
