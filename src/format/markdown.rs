//! Markdown (`CommonMark` and GitHub's): a list to paste into a page.
//!
//! Titles, names and summaries come from outside: every character with a meaning in Markdown is escaped, so that a title
//! cannot end a link, open an HTML tag, mention a user or start a line of its own.

use std::io::{self, Write};

use super::display::{area, headline, pick, plain, summary};
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

#[derive(Debug)]
struct MarkdownWriter;

pub(super) fn open(_settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(MarkdownWriter)
}

impl PaperWriter for MarkdownWriter {
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, mut out: &mut dyn Write) -> io::Result<()> {
        bullet(paper, options, &mut out)
    }
}

/// Writes a paper as one line of a list: linked title, authors, date, category, area, summary and code.
fn bullet(paper: &Paper, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let mut facts = Vec::new();
    facts.extend(author_names(paper, options));
    facts.extend(paper.published.map(|at| at.day().to_string()));
    facts.extend(
        paper
            .primary_category
            .as_deref()
            .map(|code| escaped(&plain(code))),
    );
    facts.extend(paper.area().map(|code| escaped(&area(code, options))));
    write_bullet(paper, &facts, options, out)
}

/// Writes a line of a list: linked title, `facts` (escaped already), the catalog's summary and a link to the code.
pub(super) fn write_bullet(
    paper: &Paper,
    facts: &[String],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let address = paper.display_id().abs_url();
    write!(out, "- [{}]({address})", escaped(&headline(paper)))?;
    if paper.withdrawn == Some(true) {
        write!(
            out,
            "{}",
            pick(options.lang, " (**withdrawn**)", "（**已撤回**）")
        )?;
    }
    for fact in facts {
        write!(out, " · {fact}")?;
    }
    if let Some(summary) = summary(paper, options.lang) {
        write!(out, " · {}", escaped(&summary))?;
    }
    let repository = paper
        .catalog
        .as_ref()
        .and_then(|entry| entry.repository.as_deref());
    if let Some(code) = repository.and_then(destination) {
        write!(out, " · [{}]({code})", pick(options.lang, "code", "代码"))?;
    }
    writeln!(out)
}

/// `Daya Guo`, `Daya Guo and Dejian Yang`, `Daya Guo et al.`
fn author_names(paper: &Paper, options: &RenderOptions) -> Option<String> {
    let name = |at: usize| paper.authors.get(at).map(|author| plain(&author.name));
    let first = name(0)?;
    let names = match (paper.authors.len(), name(1)) {
        (2, Some(second)) => format!("{first}{}{second}", pick(options.lang, " and ", "、")),
        (1, _) => first,
        _ => format!("{first}{}", pick(options.lang, " et al.", " 等")),
    };
    Some(escaped(&names))
}

/// Escapes text for Markdown. A backslash may precede any ASCII punctuation (`CommonMark` 2.4). `://` and `www.` are
/// escaped too, because GitHub turns them into links.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#' | '!' | '@' => true,
            ':' => rest.starts_with("://"),
            '.' => ends_with_www(&text[..at]),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn ends_with_www(text: &str) -> bool {
    let tail = text
        .len()
        .checked_sub("www".len())
        .and_then(|from| text.get(from..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case("www"))
}

/// A web address as the destination of a link. Returns `None` if it is not http or https, such as `javascript:`.
fn destination(url: &str) -> Option<String> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return None;
    }
    let whole = |byte: u8| byte.is_ascii_graphic() && !b"<>[]()*\\`|\"".contains(&byte);
    let bytes = url.bytes().map(|byte| match byte {
        byte if whole(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    Some(format!("<{}>", bytes.collect::<String>()))
}
