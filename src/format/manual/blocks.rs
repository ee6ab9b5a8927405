//! Markdown as blocks of running text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The style of a piece of running text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Emphasis {
    /// Running text.
    Plain,
    /// What is typed or printed.
    Code,
    /// The name of another topic.
    Topic,
    /// Strong.
    Strong,
    /// Emphasized.
    Emphasized,
}

/// A piece of running text in one style, without line breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) emphasis: Emphasis,
}

/// A piece of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Block {
    Heading { level: u8, text: Vec<Span> },
    Paragraph(Vec<Span>),
    Code { console: bool, text: String },
    List(Vec<Vec<Block>>),
    Table(Vec<Vec<Vec<Span>>>),
}

/// The blocks of a page, in order.
pub(super) fn parse(markdown: &str) -> Vec<Block> {
    blocks(&mut Parser::new_ext(markdown, Options::ENABLE_TABLES))
}

/// The blocks up to the end of the enclosing element.
fn blocks(events: &mut Parser) -> Vec<Block> {
    let mut found = Vec::new();
    // The text of a list item that has no blank lines around it comes without a paragraph.
    let mut loose = Vec::new();
    while let Some(event) = events.next() {
        let block = match event {
            Event::End(_) => break,
            Event::Start(Tag::Heading { level, .. }) => Block::Heading {
                level: level as u8,
                text: spans(events),
            },
            Event::Start(Tag::Paragraph) => Block::Paragraph(spans(events)),
            Event::Start(Tag::CodeBlock(kind)) => Block::Code {
                console: matches!(kind, CodeBlockKind::Fenced(language) if &*language == "console"),
                text: spans(events).into_iter().map(|span| span.text).collect(),
            },
            Event::Start(Tag::List(_)) => Block::List(items(events)),
            Event::Start(Tag::Table(_)) => Block::Table(rows(events)),
            inline => {
                push_inline(inline, events, Emphasis::Plain, &mut loose);
                continue;
            }
        };
        if !loose.is_empty() {
            found.push(Block::Paragraph(std::mem::take(&mut loose)));
        }
        found.push(block);
    }
    if !loose.is_empty() {
        found.push(Block::Paragraph(loose));
    }
    found
}

fn items(events: &mut Parser) -> Vec<Vec<Block>> {
    let mut found = Vec::new();
    while let Some(Event::Start(_)) = events.next() {
        found.push(blocks(events));
    }
    found
}

/// The rows of a table, the headings first.
fn rows(events: &mut Parser) -> Vec<Vec<Vec<Span>>> {
    let mut found = Vec::new();
    while let Some(Event::Start(_)) = events.next() {
        let mut row = Vec::new();
        while let Some(Event::Start(_)) = events.next() {
            row.push(spans(events));
        }
        found.push(row);
    }
    found
}

/// The running text up to the end of the enclosing element.
fn spans(events: &mut Parser) -> Vec<Span> {
    let mut found = Vec::new();
    push_nested(events, Emphasis::Plain, &mut found);
    found
}

fn push_nested(events: &mut Parser, emphasis: Emphasis, found: &mut Vec<Span>) {
    while let Some(event) = events.next() {
        if matches!(event, Event::End(_)) {
            return;
        }
        push_inline(event, events, emphasis, found);
    }
}

fn push_inline(event: Event, events: &mut Parser, emphasis: Emphasis, found: &mut Vec<Span>) {
    let mut push = |text: &str, emphasis| {
        found.push(Span {
            text: text.to_owned(),
            emphasis,
        });
    };
    match event {
        Event::Text(text) => push(&text, emphasis),
        Event::Code(text) => push(&text, Emphasis::Code),
        Event::SoftBreak | Event::HardBreak => push(" ", emphasis),
        Event::Start(Tag::Strong) => push_nested(events, Emphasis::Strong, found),
        Event::Start(Tag::Emphasis) => push_nested(events, Emphasis::Emphasized, found),
        // A link to another topic is the word to type after `arxcat help`; any other shows its address.
        Event::Start(Tag::Link { dest_url, .. }) if is_topic(&dest_url) => {
            push_nested(events, Emphasis::Topic, found);
        }
        Event::Start(Tag::Link { dest_url, .. }) => {
            let before = found.len();
            push_nested(events, emphasis, found);
            let shown = found[before..].iter().any(|span| span.text == *dest_url);
            if !shown {
                found.push(Span {
                    text: format!(" ({dest_url})"),
                    emphasis,
                });
            }
        }
        Event::Start(_) => push_nested(events, emphasis, found),
        _ => {}
    }
}

fn is_topic(url: &str) -> bool {
    !url.contains('/') && url.strip_suffix(".md").is_some()
}
