//! Documents that cite: bibliographies and everything else that `check` reads.

use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper};
use arxcat::refs::bibtex;
use arxcat::refs::compare::compare;
use arxcat::refs::document::{DocumentFormat, records, references};

/// Entries and their fields lie within the file; entries that name a paper become records.
pub fn bibtex(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let bibliography = bibtex::read(&text);
    for entry in &bibliography.entries {
        assert!(text.get(entry.span.clone()).is_some(), "{entry:?}");
        for field in &entry.fields {
            assert!(text.get(field.span.clone()).is_some(), "{field:?}");
        }
    }
    for broken in &bibliography.broken {
        assert!(broken.at <= text.len(), "{broken:?}");
    }
    let _ = records::records(&text);
}

/// Every reference lies within the document, in each form, and its claim can be compared with a record.
pub fn documents(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = DocumentFormat::of("notes", &text);
    for kind in [
        DocumentFormat::Bibtex,
        DocumentFormat::Tex,
        DocumentFormat::Markdown,
        DocumentFormat::Html,
        DocumentFormat::Plain,
    ] {
        for reference in references(&text, kind) {
            assert!(
                text.get(reference.span.clone()).is_some(),
                "{kind:?} {reference:?}"
            );
            assert!(
                text.get(reference.number.clone()).is_some(),
                "{kind:?} {reference:?}"
            );
            let _ = compare(&reference.claim, &record());
        }
    }
}

/// An invented paper.
fn record() -> Paper {
    let mut paper = Paper::new(
        ArxivId::parse("2501.00001").unwrap(),
        "Tidal Kelp: Growth in $x^2$ Metres",
    );
    paper.authors = ["Ada Reef", "J.-P. Müller", "李明"]
        .map(|name| Author {
            name: name.to_owned(),
            affiliations: Vec::new(),
        })
        .to_vec();
    paper
}
