//! The walk over a document's events, once from front to back; what they mean, a reader says.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};

use super::space::{Bindings, Space};
use super::{Error, MAX_DEPTH, MAX_FIELD};

/// What a kind of document is called in messages.
#[derive(Clone, Copy)]
pub(in crate::arxiv) struct Name {
    pub(in crate::arxiv) short: &'static str,
    pub(in crate::arxiv) article: &'static str,
    pub(in crate::arxiv) full: &'static str,
}

impl Name {
    pub(in crate::arxiv) const FEED: Self = Self {
        short: "feed",
        article: "a",
        full: "feed",
    };
}

/// What an open element is to a reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::arxiv) enum Node<E, F> {
    /// What it holds is wanted.
    Element(E),
    /// Its text is wanted.
    Text(F),
    /// Markup inside a wanted text, which goes on.
    Inside,
    /// Neither it nor what it holds is wanted.
    Skip,
}

/// Knows one kind of document, and makes of it what it holds.
///
/// A fault is a clause. What [`begin`](Self::begin), [`begin_text`](Self::begin_text), [`set`](Self::set) and
/// [`end`](Self::end) find wrong goes through [`fault`](Self::fault).
pub(in crate::arxiv) trait Reader {
    type Element: Copy;
    type Field: Copy;
    /// What the document is read into.
    type Whole;

    const NAME: Name;
    /// Whether elements are told by their namespaces; where they are not, each is of [`Space::Other`].
    const HAS_NAMESPACES: bool;

    /// What the outermost element is, or why this document is not to be read.
    fn root(&mut self, space: Space, local: &str) -> Result<Node<Self::Element, Self::Field>, String>;

    /// What an element is, by its place, its vocabulary and its name.
    fn child(parent: Self::Element, space: Space, local: &str) -> Node<Self::Element, Self::Field>;

    fn begin(&mut self, element: Self::Element, tag: &BytesStart<'_>) -> Result<(), String>;

    /// Begins a text; for those that say something in an attribute.
    fn begin_text(&mut self, _field: Self::Field, _tag: &BytesStart<'_>) -> Result<(), String> {
        Ok(())
    }

    /// Takes a text at its end.
    fn set(&mut self, field: Self::Field, text: &str) -> Result<(), String>;

    fn end(&mut self, element: Self::Element) -> Result<(), String>;

    /// Notes a fault at this byte if it costs one record alone; gives it back if it costs the document.
    fn fault(&mut self, reason: String, _at: u64) -> Result<(), String> {
        Err(reason)
    }

    /// The text that a reference is worth which is none of XML's: it is at fault for this reason.
    fn unknown(&mut self, _reference: &BytesRef<'_>, reason: String) -> Result<String, String> {
        Err(reason)
    }

    /// What was read, once the document has ended; or what is missing in it.
    fn finish(self) -> Result<Self::Whole, String>;
}

/// Reads a document.
pub(in crate::arxiv) fn read<R: Reader>(text: &str, reader: R) -> Result<R::Whole, Error> {
    Walk {
        xml: quick_xml::Reader::from_str(text),
        start: text,
        bindings: Bindings::new(),
        open: Vec::with_capacity(8),
        text: Cow::Borrowed(""),
        begun: false,
        reader,
    }
    .run()
}

struct Walk<'x, R: Reader> {
    xml: quick_xml::Reader<&'x [u8]>,
    start: &'x str,
    bindings: Bindings,
    open: Vec<Node<R::Element, R::Field>>,
    /// The text of the innermost `Node::Text`; borrowed while it is in one piece.
    text: Cow<'x, str>,
    begun: bool,
    reader: R,
}

impl<'x, R: Reader> Walk<'x, R> {
    fn run(mut self) -> Result<R::Whole, Error> {
        loop {
            let event = self.xml.read_event().map_err(|fault| Error {
                reason: format!("the XML is faulty ({fault})"),
                at: self.xml.error_position(),
                // Mostly a tag or a comment that the end cut short.
                transient: true,
            })?;
            let step = match event {
                Event::Start(tag) => self.enter(&tag),
                Event::Empty(tag) => self.enter(&tag).and_then(|()| self.leave()),
                Event::End(_) => self.leave(),
                Event::Text(text) => self.add(text.into_inner()),
                Event::CData(text) => self.add(text.into_inner()),
                Event::GeneralRef(reference) => self.refer(&reference),
                Event::Decl(declaration) => super::check_encoding(&declaration, R::NAME.short),
                Event::DocType(kind) => Err(super::doctype(&kind, R::NAME.full)),
                Event::Comment(_) | Event::PI(_) => Ok(()),
                Event::Eof => break,
            };
            if let Err(reason) = step {
                return Err(Error {
                    // Another kind of document may be right at the next try; what breaks the rules is not.
                    transient: reason.starts_with("this is "),
                    reason,
                    at: self.xml.buffer_position(),
                });
            }
        }
        let at = self.xml.buffer_position();
        self.finish().map_err(|reason| Error {
            reason,
            at,
            transient: true,
        })
    }

    fn finish(self) -> Result<R::Whole, String> {
        let name = R::NAME.short;
        match (self.begun, self.open.is_empty()) {
            (true, true) => self.reader.finish(),
            (true, false) => Err(format!("the {name} breaks off")),
            (false, _) => Err(format!("there is no {name}, only white space")),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let depth = self.open.len() + 1;
        if depth > MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
        let attributes = tag.attributes_raw();
        if !attributes.is_empty() {
            let checked = super::check_attributes(tag, attributes);
            self.settle(checked)?;
            if R::HAS_NAMESPACES {
                self.bindings.enter(tag, depth)?;
            }
        }
        let name = tag.name();
        let (prefix, local) = super::split_name(name.0);
        let space = if R::HAS_NAMESPACES {
            self.bindings.resolve(prefix)
        } else {
            Space::Other
        };
        let node = match self.open.last() {
            Some(&Node::Element(parent)) => R::child(parent, space, local),
            Some(Node::Text(_) | Node::Inside) => Node::Inside,
            Some(Node::Skip) => Node::Skip,
            None if self.begun => return Err(follows(R::NAME)),
            None => {
                self.begun = true;
                self.reader.root(space, local)?
            }
        };
        self.open.push(node);
        let begun = match node {
            Node::Element(element) => self.reader.begin(element, tag),
            Node::Text(field) => {
                self.text = Cow::Borrowed("");
                self.reader.begin_text(field, tag)
            }
            Node::Inside | Node::Skip => Ok(()),
        };
        self.settle(begun)
    }

    fn leave(&mut self) -> Result<(), String> {
        if R::HAS_NAMESPACES {
            self.bindings.leave(self.open.len());
        }
        let left = match self.open.pop() {
            Some(Node::Element(element)) => self.reader.end(element),
            Some(Node::Text(field)) => self.reader.set(field, &self.text),
            Some(Node::Inside | Node::Skip) | None => Ok(()),
        };
        self.settle(left)
    }

    /// Lets a fault cost what the reader says it does.
    fn settle(&mut self, step: Result<(), String>) -> Result<(), String> {
        step.or_else(|reason| self.reader.fault(reason, self.xml.buffer_position()))
    }

    /// Whether the text here is wanted; what stands outside the document is a fault.
    fn wants(&self, text: &str) -> Result<bool, String> {
        match self.open.last() {
            Some(Node::Text(_) | Node::Inside) => Ok(true),
            Some(Node::Element(_) | Node::Skip) => Ok(false),
            None if super::is_blank(text) => Ok(false),
            None if self.begun => Err(follows(R::NAME)),
            None => Err(format!(
                "this is plain text, not {} {}: `{}`",
                R::NAME.article,
                R::NAME.full,
                super::excerpt(self.start)
            )),
        }
    }

    fn add(&mut self, text: Cow<'x, str>) -> Result<(), String> {
        if !self.wants(&text)? {
            return Ok(());
        }
        if self.text.len() + text.len() > MAX_FIELD {
            return self.settle(Err(too_long()));
        }
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
        Ok(())
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let c = match super::referred(reference) {
            Ok(c) => c,
            Err(reason) => {
                let text = self.reader.unknown(reference, reason)?;
                return self.add(Cow::Owned(text));
            }
        };
        // Most stand within an abstract: no string is made for the one character.
        if !self.wants(c.encode_utf8(&mut [0; 4]))? {
            return Ok(());
        }
        if self.text.len() + c.len_utf8() > MAX_FIELD {
            return self.settle(Err(too_long()));
        }
        self.text.to_mut().push(c);
        Ok(())
    }
}

fn follows(name: Name) -> String {
    format!("something follows the {}", name.short)
}

fn too_long() -> String {
    format!("a text is longer than {MAX_FIELD} bytes")
}
