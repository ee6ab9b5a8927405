//! The search index beside the database: derived from it, brought up to it by the first search after a write.
//!
//! - `words`: the stems of words, for the index and for whoever searches it.
//! - `indexed`: what of a record the index is made of.
//! - `recipe`: the fields, and what goes into each.
//! - `vocabulary`, `postings`, `draft`: a segment of the index in the making.
//! - `changes`: what changed in the database since the index last looked.
//! - `filling`: from the changes to segments, on several threads.
//! - `folder`: what in the index's folder is tantivy's, and who may write to it.
//! - `build`: bringing the index up to the database, or building it anew.
//! - `question`: search words and filters as tantivy's queries.
//! - `reading`: search words held against one record, where the index cannot decide.
//! - `answer`: the papers that match, in order.
//! - `medium`: an index that can only be read.
//! - `check`: whether index and database say the same.
//! - `snippet`: where the words stand in a record.

mod build;
mod changes;
mod consistency;
mod document;
mod lock;
mod postings;
mod query;
mod read_only_dir;
mod schema;
mod search;
mod segment_builder;
mod snippet;
mod stemmer;
mod term_dictionary;
mod verify;
mod writer;

pub use consistency::IndexHealth;
pub(super) use search::{SearchOrder, SearchRequest};
pub use snippet::snippet;
pub(super) use verify::{has, must_be_read};
