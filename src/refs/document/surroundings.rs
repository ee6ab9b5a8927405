//! The block of a document around an identifier: the list item, table row, card, record or paragraph that a reader
//! takes for its description.
//!
//! Blocks are found by the lines and tags around the identifier alone, whatever the form, so that a list is judged
//! alike in Markdown, reStructuredText, Org, wiki text, YAML, RIS, JSON and plain text.

use std::ops::{ControlFlow, Range};

use super::DocumentFormat;
use super::blocks::is_references;
use crate::model::id::ArxivId;
use crate::refs::find::{Rigour, scan};

/// Bytes of a document that a block can have on either side of the identifier.
const MAX_REACH: usize = 4_000;

/// Lines above a block among which its heading may be.
const HEADING_LINES: usize = 3;

/// Words of a block that needs no heading to describe a paper.
const ENOUGH_WORDS: usize = 5;

/// Words of a paragraph that may be an entry of a list; a longer one is running prose.
const MAX_ENTRY_WORDS: usize = 60;

/// Words of an item or row; in a longer one, other things are described as well.
const MAX_ITEM_WORDS: usize = 240;

/// Bytes of a line that can be a heading.
const MAX_HEADING: usize = 200;

/// Tags that begin or end a block of HTML.
const BLOCK_TAGS: &[&str] = &[
    "li",
    "tr",
    "p",
    "ul",
    "ol",
    "table",
    "dd",
    "dt",
    "dl",
    "article",
    "section",
    "body",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "figure",
];

/// The block around an identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Surroundings {
    /// Its words, without markup, addresses and identifiers.
    pub text: String,
    /// Whether it is an entry that describes what it links to: an item, a row, a record. Running prose may merely speak
    /// of a paper.
    pub is_entry: bool,
}

/// Returns where the first list of references of a text begins: behind a heading such as "References" or "参考文献".
#[must_use]
pub fn references_section(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.len() < MAX_HEADING && is_references(line) {
            return Some(at);
        }
    }
    None
}

/// Returns the block around these bytes of a document whose list of references begins at `section`.
#[must_use]
pub fn surroundings(
    text: &str,
    kind: DocumentFormat,
    section: Option<usize>,
    place: &Range<usize>,
) -> Surroundings {
    let in_section = section.is_some_and(|section| section <= place.start);
    let window = window(text, place);
    let at = place.start.saturating_sub(window.start)..place.end.saturating_sub(window.start);
    let text = text.get(window).unwrap_or_default();
    let (block, is_entry) = match kind {
        DocumentFormat::Html => html_block(text, &at),
        DocumentFormat::Tex => tex_block(text, &at),
        _ => enclosed(text, &at).unwrap_or_else(|| lines_block(text, &at)),
    };
    let words = plain(&block);
    let count = words.split_whitespace().count();
    // An item describes the first paper it names; "see also arXiv:.." at its end says nothing of a second one.
    let is_entry = is_entry && names_first(&block, text.get(at.clone()).unwrap_or_default());
    Surroundings {
        is_entry: is_entry && count <= MAX_ITEM_WORDS
            || count <= MAX_ENTRY_WORDS && (in_section && has_year(&block) || has_generic_link(text, &at)),
        text: words,
    }
}

/// Whether no other identifier comes before this one in the block.
fn names_first(block: &str, own: &str) -> bool {
    match (first_identifier(block), first_identifier(own)) {
        (Some(first), Some(own)) => first == own,
        _ => true,
    }
}

fn first_identifier(text: &str) -> Option<ArxivId> {
    let mut first = None;
    let read = scan(text.as_bytes(), Rigour::Strict, |found| {
        first = found.id.ok().map(ArxivId::base);
        match first {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    });
    read.ok().and(first)
}

/// The part of a text that a block around this place can cover.
fn window(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(place.start.saturating_sub(MAX_REACH));
    let end = text.ceil_char_boundary(place.end.saturating_add(MAX_REACH).min(text.len()));
    start..end.max(start)
}

/// A record in braces: `{{cite arXiv|..}}`, an object of JSON with a title.
fn enclosed(text: &str, at: &Range<usize>) -> Option<(String, bool)> {
    let before = text.get(..at.start)?;
    if let Some(open) = before.rfind("{{")
        && !before.get(open..)?.contains("}}")
    {
        let end = text
            .get(at.end..)?
            .find("}}")
            .map_or(text.len(), |end| at.end + end);
        return Some((text.get(open..end)?.to_owned(), true));
    }
    let mut depth = 0_i32;
    for (open, byte) in before.bytes().enumerate().rev() {
        match byte {
            b'}' => depth += 1,
            b'{' if depth > 0 => depth -= 1,
            b'{' => {
                let object = balanced(text.get(open..)?);
                if object.contains("\"title\"") {
                    return Some((object.to_owned(), true));
                }
            }
            _ => {}
        }
    }
    None
}

/// A text to the brace that closes its first one.
fn balanced(text: &str) -> &str {
    let mut depth = 0_i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return &text[..=at];
                }
            }
            _ => {}
        }
    }
    text
}

/// An item or paragraph by its lines; one that says too little has its heading added.
fn lines_block(text: &str, at: &Range<usize>) -> (String, bool) {
    let lines = line_ranges(text);
    let current = lines
        .partition_point(|line| line.end <= at.start)
        .min(lines.len().saturating_sub(1));
    let line = |index: usize| &text[lines[index].clone()];
    if lines.is_empty() {
        return (text.to_owned(), false);
    }
    if line(current).trim_start().starts_with('|') {
        return (line(current).to_owned(), true);
    }
    let mut first = current;
    while !begins_item(line(first))
        && first > 0
        && !line(first - 1).trim().is_empty()
        && !is_heading(line(first - 1))
    {
        first -= 1;
    }
    let mut last = current;
    while last + 1 < lines.len() && !line(last + 1).trim().is_empty() && !begins_item(line(last + 1)) {
        last += 1;
    }
    let block = text[lines[first].start..lines[last].end].to_owned();
    let is_entry = begins_item(line(first));
    if plain(&block).split_whitespace().count() >= ENOUGH_WORDS {
        return (block, is_entry);
    }
    // The parent item or the heading says what the links below it are of.
    let above = (first.saturating_sub(HEADING_LINES)..first).rev();
    let heading = above.clone().find(|index| is_heading(line(*index)));
    let parent = above
        .clone()
        .find(|index| begins_item(line(*index)) && indent(line(*index)) < indent(line(first)));
    match heading.max(parent) {
        Some(index) => (format!("{}\n{block}", line(index)), true),
        None => (block, is_entry),
    }
}

fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end;
            range
        })
        .collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line is a heading of Markdown, Org or wiki text.
fn is_heading(line: &str) -> bool {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&level) && line[level..].starts_with(' ')
        || line.starts_with("** ")
        || line.starts_with("==") && line.trim_end().ends_with("==")
}

/// Whether a line begins an item, an entry or a record: a bullet, `12.`, `[3]`, `3)`, a key at the margin with nothing
/// behind it (YAML), RIS's `TY  -`.
fn begins_item(line: &str) -> bool {
    let text = line.trim_start();
    let bullet = ["- ", "* ", "+ ", "• ", "TY  -"]
        .iter()
        .any(|mark| text.starts_with(mark));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=4).contains(&digits)
        && [". ", ") ", ".\t"]
            .iter()
            .any(|mark| text[digits..].starts_with(mark));
    let bracketed = text.strip_prefix('[').is_some_and(|rest| {
        let label = rest.find(']').unwrap_or(usize::MAX);
        label <= 12 && !rest[label..].starts_with("](") && !rest[label..].starts_with("][")
    });
    let key =
        !line.starts_with([' ', '\t']) && line.trim_end().ends_with(':') && !line.trim_end().contains(' ');
    bullet || numbered || bracketed || key
}

/// Whether a year is written, as each entry of a bibliography has one and sentences rarely do.
fn has_year(block: &str) -> bool {
    block
        .split(|c: char| c.is_whitespace() || "(),.;[]".contains(c))
        .any(|word| word.len() == 4 && word.parse().is_ok_and(|year: u32| (1900..2100).contains(&year)))
}

/// Whether the identifier is linked by a word that names no paper, as entries of lists link theirs: `[[Paper](..)]`.
fn has_generic_link(text: &str, at: &Range<usize>) -> bool {
    let before = text.get(..at.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let label = line.rfind("](").and_then(|end| {
        let start = line[..end].rfind('[')?;
        Some(line[start + 1..end].to_lowercase())
    });
    label.is_some_and(|label| {
        let label = label.trim_matches(|c: char| !c.is_alphanumeric());
        ["paper", "pdf", "arxiv", "link", "preprint", "论文", "abs", "html"].contains(&label)
    })
}

/// The list item, row or card around a place of HTML.
fn html_block(text: &str, at: &Range<usize>) -> (String, bool) {
    let lower = text.to_ascii_lowercase();
    let mut start = 0;
    let mut end = text.len();
    let mut opened = "";
    for (position, tag) in block_tags(&lower) {
        if position < at.start {
            (start, opened) = (position, tag);
        } else {
            end = position;
            break;
        }
    }
    let before = text.get(start..at.start).unwrap_or_default();
    // A paragraph that begins with the link is an entry; elsewhere a link may be part of a sentence.
    let begins_with_link = before
        .find('>')
        .is_some_and(|end| before[end + 1..].trim_start().starts_with("<a"));
    let is_entry =
        matches!(opened, "li" | "tr" | "dd" | "dt" | "article") || opened == "p" && begins_with_link;
    (text.get(start..end).unwrap_or_default().to_owned(), is_entry)
}

/// The tags of blocks in a text of lower-case letters, with their positions; end tags have no name.
fn block_tags(lower: &str) -> impl Iterator<Item = (usize, &'static str)> {
    lower.match_indices('<').filter_map(|(at, _)| {
        let rest = &lower[at + 1..];
        let (rest, closes) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let tag = BLOCK_TAGS.iter().find(|tag| **tag == name)?;
        Some((at, if closes { "" } else { tag }))
    })
}

/// The item of a bibliography, or the paragraph, around a place of TeX.
fn tex_block(text: &str, at: &Range<usize>) -> (String, bool) {
    let before = text.get(..at.start).unwrap_or_default();
    let after = text.get(at.end..).unwrap_or_default();
    let item = ["\\bibitem", "\\entry{"]
        .iter()
        .filter_map(|mark| before.rfind(mark))
        .max();
    if let Some(start) = item
        && !before[start..].contains("\\end{")
    {
        let ends = ["\\bibitem", "\\entry{", "\\endentry", "\\end{thebibliography"];
        let end = ends.iter().filter_map(|mark| after.find(mark)).min();
        let end = end.map_or(text.len(), |end| at.end + end);
        return (text[start..end].to_owned(), true);
    }
    let start = before.rfind("\n\n").map_or(0, |start| start + 2);
    let end = after.find("\n\n").map_or(text.len(), |end| at.end + end);
    (text[start..end].to_owned(), false)
}

/// The words of a block: tags, commands, addresses and what has no letters left out.
fn plain(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let mut rest = block;
    while let Some(at) = rest.find(['<', '\\']) {
        out.push_str(&rest[..at]);
        let special = &rest[at..];
        let length = if special.starts_with('<') {
            special
                .find('>')
                .filter(|end| !special[1..*end].contains('<'))
                .map_or(1, |end| end + 1)
        } else {
            1 + special[1..].bytes().take_while(u8::is_ascii_alphabetic).count()
        };
        out.push(' ');
        rest = &special[length..];
    }
    out.push_str(rest);
    let words = out.split(|c: char| c.is_whitespace() || "()[]{}|<>,;\"“”".contains(c));
    let is_word = |word: &&str| {
        let lower = word.to_lowercase();
        word.chars().any(char::is_alphabetic)
            && !lower.contains("://")
            && !lower.contains("arxiv")
            && !lower.contains("www.")
    };
    words.filter(is_word).collect::<Vec<_>>().join(" ")
}
