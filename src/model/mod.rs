//! The nouns of the program: papers, identifiers, records, categories, dates, selections, queries and text.
//!
//! Pure: no input or output, no clock, no async, and nothing imported from the other layers.

pub mod announcement;
pub mod category;
pub mod count;
pub mod date;
pub mod event;
pub mod file_kind;
pub mod finding;
pub mod health_check;
pub mod id;
pub mod lang;
pub mod ledger;
pub mod name;
pub mod outcome;
pub mod paper;
pub mod quantity;
pub mod query;
pub mod record;
pub mod selection;
pub mod snippet;
pub mod source;
pub mod tag;
pub mod tex;
pub mod text;
