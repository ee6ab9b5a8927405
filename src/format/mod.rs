//! Papers to bytes: one small file per format.
//!
//! A format is a function of papers, chosen fields and [`RenderOptions`]. Nothing here knows where the bytes go, reads
//! the environment or opens a file, except that citations too large for memory wait in an unnamed temporary file.
//! Nothing that a paper contains can break out of a format.
//!
//! - For people: [`Format::Table`], [`Format::Text`], [`Format::Markdown`], [`timeline()`], [`bars()`],
//!   [`announcements()`], [`findings()`], [`diagnostics()`]. Text from outside goes through `display` first.
//! - For programs: [`Format::Tsv`], [`Format::Csv`], [`Format::Json`], [`Format::Jsonl`], [`Format::Ids`], which the JSON
//!   Schemas of [`schema()`] describe.
//! - For bibliographies: [`Format::Bibtex`], [`Format::Biblatex`], [`Format::Ris`], [`Format::Csl`], with
//!   [`CitationOptions`].
//! - Names of downloaded files: [`FileNameTemplate`].

mod announcements;
mod bars;
mod bibtex;
mod citation;
mod citation_key;
mod citation_options;
mod cited_author;
mod columns;
mod csl;
mod csv;
mod diagnostics;
mod display;
mod field_value;
mod fields;
mod file_name;
mod findings;
mod ids;
pub mod json;
mod json_papers;
mod library_checks;
mod manual;
mod markdown;
mod paper_writer;
mod period;
mod printer;
mod readable_value;
mod record_changes;
mod records;
mod registry;
mod render_options;
mod ris;
mod schema;
mod search_result;
mod style;
mod table;
mod template_error;
mod text;
mod timeline;
mod tsv;
mod unknown_name;

pub use announcements::announcements;
pub use bars::{bars, counts};
pub use citation_key::KeyTemplate;
pub use citation_options::CitationOptions;
pub use diagnostics::{Diagnostic, Severity, diagnostics, github, verdicts};
pub use fields::FieldList;
pub use file_name::FileNameTemplate;
pub use findings::findings;
pub use json::ledger_line;
pub use library_checks::library_checks;
pub use manual::{Roff, manual_index, manual_page};
pub use period::PeriodLength;
pub use printer::Printer;
pub use record_changes::record_changes;
pub use records::records;
pub use registry::Format;
pub use render_options::RenderOptions;
pub use schema::{schema, schema_names};
pub use search_result::search_result;
pub use template_error::TemplateError;
pub use timeline::{in_periods, timeline, timeline_markdown};
pub use unknown_name::UnknownName;
