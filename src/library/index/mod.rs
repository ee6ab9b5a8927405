//! The full-text index beside the database. It is derived data: the first search after a write brings it up to date.
//!
//! - `schema`: the fields, and which part of a record each contains; `document`: that part of a record.
//! - `term_dictionary`, `postings`, `segment_builder`: an index segment that is being built.
//! - `changes`: papers that changed in the database since the last commit of the index.
//! - `writer`: writes those changes as segments, on several threads.
//! - `lock`: the index folder, its write lock and its files.
//! - `build`: opens the index, updates it, or rebuilds it.
//! - `query`: compiles search words and filters; `search`: runs them and sorts the result.
//! - `term_union`: a union of many words; `title_sort`: the first papers by title; `category_counts`: counts by category.
//! - `read_only_dir`: an index on a medium that cannot be written.
//! - `consistency`: compares the index with the database.
//! - `snippet`: passages of a record that contain the words of a search.

mod build;
mod category_counts;
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
mod term_dictionary;
mod term_union;
mod title_search;
mod title_sort;
mod writer;

pub use consistency::IndexHealth;
pub(super) use query::needs_verification;
pub(super) use search::{SearchOrder, SearchRequest};
pub use snippet::snippet;
pub use title_search::TitleSearch;
