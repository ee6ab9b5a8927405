//! Templates of file names and of citation keys.

use arxcat::format::{CitationOptions, FileNameTemplate, Format, KeyTemplate, Printer, RenderOptions};
use arxcat::model::id::ArxivId;
use arxcat::model::paper::Paper;

use super::output::hostile_paper;

/// A template that is accepted gives portable file names and keys that end no entry early. The template is the
/// input's first line, the paper the rest.
pub fn templates(bytes: &[u8]) {
    let (template, rest) = bytes.split_at(
        bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(bytes.len()),
    );
    let template = String::from_utf8_lossy(template);
    let paper = hostile_paper(rest);
    if let Ok(names) = template.parse::<FileNameTemplate>() {
        let id = ArxivId::parse("hep-th/9901001v3").unwrap();
        for known in [Some(&paper), None] {
            let name = names.fill(known, id, ".pdf");
            let is_portable = name.len() <= 255
                && name.strip_suffix(".pdf").is_some()
                && !name.starts_with(['.', '-'])
                && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
                && !name.chars().any(char::is_control);
            assert!(is_portable, "{template:?} gives {name:?}");
        }
    }
    if let Ok(key) = template.parse::<KeyTemplate>() {
        let citing = CitationOptions {
            key,
            ..CitationOptions::default()
        };
        for key in keys(&paper, citing) {
            let is_safe = !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_ascii_graphic() && !"{}%,\\\"#'()=~".contains(c));
            assert!(is_safe, "{template:?} gives {key:?}");
        }
    }
}

/// The keys of the BibTeX of a paper.
fn keys(paper: &Paper, citing: CitationOptions) -> Vec<String> {
    let mut printer =
        Printer::new(Format::Bibtex, None, RenderOptions::default(), Vec::new()).with_citations(citing);
    printer.paper(paper).unwrap();
    let text = String::from_utf8(printer.finish().unwrap()).unwrap();
    let entries = arxcat::refs::bibtex::read(&text);
    assert!(entries.broken.is_empty() && entries.entries.len() == 1, "{text}");
    entries.entries.into_iter().map(|entry| entry.key).collect()
}
