//! The fuzz targets: each takes any bytes and panics if the program breaks a promise on them.
//!
//! Two programs include this folder: the fuzz package (`cargo fuzz run TARGET`) and the test suite, which replays the
//! corpus. A target is a plain function, so that neither needs the other's tools.

mod documents;
mod feeds;
mod identifiers;
mod library;
mod output;
mod papers;
mod records;
mod settings;
mod templates;
mod text;

/// A fuzz target.
pub type Target = fn(&[u8]);

/// Every target with its name, which is also the name of its folder in the corpus.
pub const ALL: &[(&str, Target)] = &[
    ("archives", papers::archives),
    ("atom", feeds::atom),
    ("bibtex", documents::bibtex),
    ("catalogs", papers::catalogs),
    ("dates", text::dates),
    ("documents", documents::documents),
    ("finder", identifiers::finder),
    ("identifiers", identifiers::identifiers),
    ("json", papers::json),
    ("kaggle", papers::kaggle),
    ("merge", records::merge),
    ("names", text::names),
    ("oai", feeds::oai),
    ("queries", text::queries),
    ("rss", feeds::rss),
    ("sanitizer", output::sanitizer),
    ("settings", settings::settings),
    ("store", library::store),
    ("templates", templates::templates),
    ("tex", text::tex),
];
