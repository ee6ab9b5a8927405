//! Citations: exact forms, and what hostile papers become, read back by parsers that are not ours.

mod escaping;
mod forms;
mod keys;

use arxcat::format::{CitationOptions, Format, Printer, RenderOptions};
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper};

fn paper(id: &str, title: &str, authors: &[&str], day: &str) -> Paper {
    let mut paper = Paper::new(ArxivId::parse(id).unwrap(), title);
    paper.authors = authors
        .iter()
        .map(|name| Author {
            name: (*name).to_owned(),
            affiliations: Vec::new(),
        })
        .collect();
    paper.published = Stamp::parse(day);
    paper.primary_category = Some("cs.CL".to_owned());
    paper.categories = vec!["cs.CL".to_owned(), "cs.AI".to_owned()];
    paper
}

fn cited(format: Format, papers: &[Paper]) -> String {
    cited_so(format, papers, CitationOptions::default())
}

fn cited_so(format: Format, papers: &[Paper], citing: CitationOptions) -> String {
    let mut printer = Printer::new(format, None, RenderOptions::default(), Vec::new()).with_citations(citing);
    for paper in papers {
        printer.paper(paper).unwrap();
    }
    String::from_utf8(printer.finish().unwrap()).unwrap()
}

/// The text of a BibTeX field between its braces.
fn field(bibtex: &str, name: &str) -> String {
    let bibliography = biblatex::RawBibliography::parse(bibtex).unwrap();
    let [entry] = bibliography.entries.as_slice() else {
        panic!("one entry: {bibtex}");
    };
    let pair = entry.v.fields.iter().find(|pair| pair.key.v == name);
    let chunks = &pair.unwrap_or_else(|| panic!("{name}: {bibtex}")).value.v;
    match chunks.as_slice() {
        [chunk] => match chunk.v {
            biblatex::RawChunk::Normal(text) => text.to_owned(),
            biblatex::RawChunk::Abbreviation(name) => panic!("a macro: {name}"),
        },
        _ => panic!("one value: {bibtex}"),
    }
}
