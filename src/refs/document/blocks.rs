//! Splits running text into blocks: paragraphs, list items, table cells, entries of bibliographies.
//!
//! The name of a paper is in the same block as its identifier, or in the same row of a table.

use std::ops::Range;

use super::{DocumentFormat, inline};

/// The kind of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Paragraph,
    Heading,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
    /// `[3] A. Author ...`, or an item under "References".
    Entry,
    /// `[label]: https://...`.
    Definition,
    /// Code between fences.
    Code,
}

/// A block of running text.
#[derive(Clone, Debug)]
pub(super) struct TextBlock {
    pub role: Role,
    /// Byte range of its text, without the marker of an item or heading.
    pub span: Range<usize>,
    /// Bytes of its indentation.
    pub indent: usize,
    /// Cells: the numbers of the table, of the row (counted over the document) and of the column.
    pub place: (usize, usize, usize),
    /// Entries: the number in brackets.
    pub number: Option<u32>,
    /// Entries: whether it is certainly part of a bibliography.
    pub listed: bool,
}

/// Returns the blocks of a document in order.
pub(super) fn of(text: &str, kind: DocumentFormat) -> Vec<TextBlock> {
    let mut cut = BlockBuilder {
        text,
        ..BlockBuilder::default()
    };
    if kind == DocumentFormat::Html {
        cut.html();
    } else {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            cut.line(at, line, kind == DocumentFormat::Markdown);
            at += line.len();
        }
    }
    cut.close();
    list_runs(&mut cut.blocks);
    cut.blocks
}

/// Marks consecutively numbered entries as a bibliography, whatever their heading.
fn list_runs(blocks: &mut [TextBlock]) {
    let mut before: Option<(usize, u32)> = None;
    for index in 0..blocks.len() {
        let number = blocks
            .get(index)
            .filter(|block| block.role == Role::Entry)
            .and_then(|block| block.number);
        let Some(number) = number else { continue };
        if let Some((previous, last)) = before
            && last.checked_add(1) == Some(number)
        {
            for index in [previous, index] {
                if let Some(block) = blocks.get_mut(index) {
                    block.listed = true;
                }
            }
        }
        before = Some((index, number));
    }
}

#[derive(Default)]
struct BlockBuilder<'a> {
    text: &'a str,
    blocks: Vec<TextBlock>,
    open: Option<TextBlock>,
    /// Whether the current heading is "References" or similar.
    in_references: bool,
    /// The same for a line that only looks like that heading, which may be a line of a table of contents.
    in_numbered: bool,
    in_table: bool,
    fence: Option<&'a str>,
    table: usize,
    row: usize,
    column: usize,
}

impl<'a> BlockBuilder<'a> {
    fn start(&mut self, role: Role, span: Range<usize>) -> &mut TextBlock {
        self.close();
        let listed = self.in_references && role == Role::Item;
        self.open.insert(TextBlock {
            role: if listed { Role::Entry } else { role },
            span,
            indent: 0,
            place: (self.table, self.row, self.column),
            number: None,
            listed,
        })
    }

    fn close(&mut self) {
        if let Some(block) = self.open.take() {
            let is_blank = self
                .text
                .get(block.span.clone())
                .is_none_or(|text| text.trim().is_empty());
            if !is_blank || block.role == Role::Cell {
                self.blocks.push(block);
            }
        }
    }

    fn line(&mut self, at: usize, line: &'a str, markdown: bool) {
        let end = at + line.len();
        let quoted = if markdown {
            line.trim_start_matches([' ', '\t', '>', '\u{feff}'])
        } else {
            line.trim_start()
        };
        let body = quoted.trim_end();
        let indent = line.len() - quoted.len();
        let from = at + indent;
        if let Some(fence) = self.fence {
            if body.starts_with(fence) {
                self.fence = None;
                self.close();
            } else if let Some(block) = &mut self.open {
                block.span.end = end;
            }
        } else if body.is_empty() {
            self.in_table = false;
            self.close();
        } else if markdown && (body.starts_with("```") || body.starts_with("~~~")) {
            self.fence = body.get(..3);
            self.start(Role::Code, end..end);
        } else if markdown && is_heading(body) {
            self.in_references = is_references(body);
            self.in_numbered = false;
            self.start(Role::Heading, from..end);
            self.close();
        } else if markdown && (body.starts_with('|') || (self.in_table && body.contains('|'))) {
            self.table_row(from, body);
        } else {
            self.in_table = false;
            self.text_line(from..end, body, indent, markdown);
        }
    }

    fn text_line(&mut self, span: Range<usize>, body: &str, indent: usize, markdown: bool) {
        if body.len() < 60 && is_references(body) {
            self.in_numbered = true;
            self.start(Role::Heading, span);
            self.close();
        } else if let Some(marker) = item_marker(body) {
            let from = span.start + marker;
            let is_numbered = body.starts_with(|c: char| c.is_ascii_digit());
            self.in_numbered &= is_numbered;
            let is_entry = self.in_numbered;
            let block = self.start(Role::Item, from..span.end);
            block.indent = indent;
            if is_entry {
                (block.role, block.listed) = (Role::Entry, true);
            }
        } else if markdown && is_definition(body) {
            self.start(Role::Definition, span);
            self.close();
        } else if let Some((number, marker)) = entry_marker(body) {
            let from = span.start + marker;
            let listed = self.in_references || self.in_numbered;
            let block = self.start(Role::Entry, from..span.end);
            block.number = Some(number);
            block.listed = listed;
        } else if let Some(block) = &mut self.open {
            block.span.end = span.end;
        } else {
            self.in_numbered = false;
            self.start(Role::Paragraph, span);
        }
    }

    fn table_row(&mut self, from: usize, body: &str) {
        if !self.in_table {
            self.table += 1;
            self.in_table = true;
        }
        self.row += 1;
        self.column = 0;
        let mut at = from;
        let mut escaped = false;
        let is_bar = |c: char| {
            let bar = c == '|' && !escaped;
            escaped = c == '\\' && !escaped;
            bar
        };
        for (index, cell) in body.split(is_bar).enumerate() {
            // The empty text before the first bar is not a cell.
            if index > 0 || !cell.is_empty() {
                self.start(Role::Cell, at..at + cell.len());
                self.close();
                self.column += 1;
            }
            at += cell.len() + 1;
        }
    }

    fn html(&mut self) {
        let end = self.text.len();
        let mut at = 0;
        self.start(Role::Paragraph, 0..0);
        while let Some(next) = self
            .text
            .as_bytes()
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| *byte == b'<'))
        {
            let tag = at + next;
            let Some(after) = inline::tag_end(self.text, tag, end) else {
                at = tag + 1;
                continue;
            };
            let name = inline::tag_name(self.text.get(tag..after).unwrap_or_default()).to_ascii_lowercase();
            self.html_tag(&name, tag, after);
            at = after;
        }
        if let Some(block) = &mut self.open {
            block.span.end = end;
        }
    }

    fn html_tag(&mut self, name: &str, at: usize, after: usize) {
        let role = match name {
            "p" | "/p" | "div" | "/div" | "section" | "/section" | "blockquote" | "/blockquote" | "ul"
            | "/ul" | "ol" | "/ol" | "/li" | "dl" | "/dl" | "/dd" | "/dt" | "/td" | "/th" | "/tr"
            | "/table" | "body" | "/body" | "pre" | "/pre" | "article" | "/article" | "hr" | "/h1"
            | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => Role::Paragraph,
            "li" | "dt" | "dd" => Role::Item,
            "td" | "th" => Role::Cell,
            "tr" | "table" => Role::Paragraph,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading,
            _ => return,
        };
        let Some(open) = &mut self.open else { return };
        open.span.end = at;
        let span = open.span.clone();
        let content = self.text.get(span).unwrap_or_default();
        // In `<li><p>text</p>` the paragraph is the item.
        if name == "p" && open.role != Role::Paragraph && content.trim().is_empty() {
            open.span = after..after;
            return;
        }
        if open.role == Role::Heading {
            self.in_references = is_references(&inline::words(content, false));
        }
        match name {
            "table" => self.table += 1,
            "tr" => (self.row, self.column) = (self.row + 1, 0),
            _ => {}
        }
        self.start(role, after..after);
        if role == Role::Cell {
            self.column += 1;
        }
    }
}

fn is_heading(body: &str) -> bool {
    let level = body.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&level)
        && body
            .get(level..)
            .is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// Whether a heading, or a line by itself, begins a list of references: `## References`, `6 参考文献(References)`.
pub(super) fn is_references(line: &str) -> bool {
    let is_mark = |c: char| !c.is_alphabetic();
    let text = line.trim_matches(is_mark).to_lowercase();
    let english = [
        "references",
        "bibliography",
        "works cited",
        "reference list",
        "literature cited",
    ];
    let chinese = ["参考文献", "参考资料", "引用文献", "参考链接"];
    english.contains(&text.as_str())
        || (chinese.iter().any(|word| text.starts_with(word)) && text.chars().count() < 24)
}

/// Length of the marker of a list item: `- `, `12. `.
fn item_marker(body: &str) -> Option<usize> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let mark = if digits > 0 && digits <= 4 {
        body.get(digits..)?
            .starts_with(['.', ')'])
            .then_some(digits + 1)?
    } else {
        let first = body
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '*' | '+' | '•' | '●' | '·'))?;
        first.len_utf8()
    };
    body.get(mark..)?.starts_with([' ', '\t']).then_some(mark + 1)
}

/// Whether a line defines a link: `[1]: https://...`, `[name]: <https://...>`, perhaps with a title.
fn is_definition(body: &str) -> bool {
    let Some((label, rest)) = body.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else {
        return false;
    };
    let address = rest.trim().trim_start_matches('<');
    let first = address.split([' ', '\t']).next().unwrap_or_default();
    let title = address.get(first.len()..).unwrap_or_default().trim();
    !label.is_empty()
        && !label.contains(['[', ']'])
        && (first.contains("://") || first.contains('/'))
        && (title.is_empty() || title.starts_with(['"', '\'', '(']))
}

/// The number of `[3] A. Author` or `[^3]: A. Author`, and the length of that marker. `[3](url)` has none.
fn entry_marker(body: &str) -> Option<(u32, usize)> {
    let inner = body.strip_prefix('[')?;
    let (number, rest) = inner.split_at_checked(inner.find(']').filter(|at| *at <= 5)?)?;
    let digits = number.strip_prefix('^').unwrap_or(number);
    let after = rest.strip_prefix("]:").or_else(|| rest.strip_prefix(']'))?;
    let is_apart = after.starts_with(char::is_whitespace) || after.starts_with(char::is_alphabetic);
    let number = digits.parse().ok().filter(|_| is_apart)?;
    Some((number, body.len() - after.len()))
}
