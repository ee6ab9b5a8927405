//! A page of the manual for `man`, in the man macros that groff and mandoc share.

use std::fmt::{self, Write as _};

use super::super::render_options::RenderOptions;
use super::blocks::{self, Block, Emphasis, Span};
use super::terminal;

/// A manual page that is being put together, section by section.
#[derive(Debug)]
pub struct Roff(String);

impl Roff {
    /// A page with its title line: `ARXCAT-FETCH`, section 1, `arxcat 0.1.0`.
    #[must_use]
    pub fn new(name: &str, section: u8, source: &str, volume: &str) -> Self {
        let name = escape(&name.to_uppercase(), true);
        Self(format!(".TH {name} {section} \"\" \"{source}\" \"{volume}\"\n"))
    }

    /// The name section, which `apropos` reads.
    pub fn name(&mut self, name: &str, summary: &str) {
        self.section("Name");
        let line = format!("{} \\- {}\n", escape(name, true), escape(summary, false));
        self.0.push_str(&line);
    }

    /// Begins a section.
    pub fn section(&mut self, heading: &str) {
        let heading = escape(&heading.to_uppercase(), false);
        self.push(format_args!(".SH \"{heading}\"\n"));
    }

    /// Adds a page of Markdown or a part of one; its first heading is left out, those of the second level are sections.
    pub fn markdown(&mut self, markdown: &str) {
        self.blocks(&blocks::parse(markdown));
    }

    /// Adds lines as they are.
    pub fn code(&mut self, text: &str) {
        self.paragraph();
        self.0.push_str(".RS 4\n.nf\n");
        for line in text.lines() {
            self.line(&escape(line, true));
        }
        self.0.push_str(".fi\n.RE\n");
    }

    /// Adds roff as it is.
    pub fn raw(&mut self, roff: &str) {
        self.0.push_str(roff);
    }

    /// The page.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    fn push(&mut self, text: fmt::Arguments) {
        // Writing into a string does not fail.
        let _ = self.0.write_fmt(text);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level: 1, .. } => {}
            Block::Heading { level: 2, text } => self.section(&plain(text)),
            Block::Heading { text, .. } => {
                let heading = escape(&plain(text), false);
                self.push(format_args!(".SS \"{heading}\"\n"));
            }
            Block::Paragraph(text) => {
                self.paragraph();
                self.text(text);
            }
            Block::Code { text, .. } => self.code(text),
            Block::List(items) => items.iter().for_each(|item| self.item(item)),
            Block::Table(rows) => self.table(rows),
        }
    }

    /// Begins a paragraph. After a heading that would be one too many.
    fn paragraph(&mut self) {
        let last = self.0.lines().next_back().unwrap_or_default();
        if !last.starts_with(".SH") && !last.starts_with(".SS") {
            self.0.push_str(".PP\n");
        }
    }

    fn item(&mut self, item: &[Block]) {
        self.0.push_str(".IP \\(bu 2\n");
        match item.split_first() {
            Some((Block::Paragraph(text), rest)) => {
                self.text(text);
                self.blocks(rest);
            }
            _ => self.blocks(item),
        }
    }

    /// A table of two columns is a list of terms. A wider one is set in columns of characters: not every reader of man
    /// pages sets tables.
    fn table(&mut self, rows: &[Vec<Vec<Span>>]) {
        let Some((headings, rest)) = rows.split_first() else {
            return;
        };
        if headings.len() > 2 {
            let options = RenderOptions {
                width: Some(TABLE_WIDTH),
                ..RenderOptions::default()
            };
            let mut set = Vec::new();
            // Writing into memory does not fail.
            let _ = terminal::write(&[Block::Table(rows.to_vec())], &options, &mut set);
            self.code(&String::from_utf8_lossy(&set));
            return;
        }
        for row in rest {
            self.0.push_str(".TP\n");
            for cell in row {
                self.text(cell);
            }
        }
    }

    /// Running text on a line of its own.
    fn text(&mut self, text: &[Span]) {
        let line: String = text.iter().map(inline).collect();
        self.line(&line);
    }

    /// A line of text that is no request, whatever it begins with.
    fn line(&mut self, line: &str) {
        if line.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(line);
        self.0.push('\n');
    }
}

/// Columns of a table that is set in characters: a terminal's 80, less the indents of `man`.
const TABLE_WIDTH: usize = 68;

fn inline(span: &Span) -> String {
    match span.emphasis {
        Emphasis::Plain => escape(&span.text, false),
        Emphasis::Code => format!("\\fB{}\\fR", escape(&span.text, true)),
        Emphasis::Topic => format!("\\fBarxcat\\-{}\\fR(7)", escape(&span.text, true)),
        Emphasis::Strong => format!("\\fB{}\\fR", escape(&span.text, false)),
        Emphasis::Emphasized => format!("\\fI{}\\fR", escape(&span.text, false)),
    }
}

fn plain(text: &[Span]) -> String {
    text.iter().map(|span| span.text.as_str()).collect()
}

/// Text that roff prints as it is; in code a hyphen is the one that can be pasted into a shell.
fn escape(text: &str, code: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\e"),
            '-' if code => escaped.push_str("\\-"),
            '\'' if code => escaped.push_str("\\(aq"),
            '`' if code => escaped.push_str("\\(ga"),
            '^' if code => escaped.push_str("\\(ha"),
            '~' if code => escaped.push_str("\\(ti"),
            '"' => escaped.push_str("\\(dq"),
            _ => escaped.push(c),
        }
    }
    escaped
}
