//! Walks over the events of a document once, from front to back; a [`DocumentReader`] says what they mean.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};

use super::space::{Bindings, Space};
use super::{DocumentError, Error, MAX_DEPTH, MAX_FIELD};

/// The name of a kind of document in messages.
#[derive(Clone, Copy)]
pub(in crate::arxiv) struct DocumentName {
    pub(in crate::arxiv) short: &'static str,
    pub(in crate::arxiv) article: &'static str,
    pub(in crate::arxiv) full: &'static str,
}

impl DocumentName {
    pub(in crate::arxiv) const FEED: Self = Self {
        short: "feed",
        article: "a",
        full: "feed",
    };
}

/// What a reader wants of an open element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::arxiv) enum Node<E, F> {
    /// Its child elements.
    Element(E),
    /// Its text.
    Text(F),
    /// Nothing of its own: it is markup inside a wanted text, and its text belongs to that.
    Inline,
    /// Nothing, and nothing inside it.
    Skip,
}

/// Knows one kind of document and turns it into a value.
///
/// Errors are clauses. Those of [`begin`](Self::begin), [`begin_text`](Self::begin_text), [`set`](Self::set) and
/// [`end`](Self::end) go through [`recover`](Self::recover).
pub(in crate::arxiv) trait DocumentReader {
    type Element: Copy;
    type Field: Copy;
    /// What the document is turned into.
    type Output;

    const NAME: DocumentName;
    /// Whether elements are identified by their namespaces; if not, each is of [`Space::Other`].
    const HAS_NAMESPACES: bool;

    /// Classifies the root element; the error says why this is another kind of document.
    fn root(&mut self, space: Space, local: &str) -> Result<Node<Self::Element, Self::Field>, String>;

    /// Classifies an element by its parent, vocabulary and name.
    fn child(parent: Self::Element, space: Space, local: &str) -> Node<Self::Element, Self::Field>;

    /// Called at the start tag of an element.
    fn begin(&mut self, element: Self::Element, tag: &BytesStart<'_>) -> Result<(), String>;

    /// Called at the start tag of a text, for those with attributes that matter.
    fn begin_text(&mut self, _field: Self::Field, _tag: &BytesStart<'_>) -> Result<(), String> {
        Ok(())
    }

    /// Called with a text at its end tag.
    fn set(&mut self, field: Self::Field, text: &str) -> Result<(), String>;

    /// Called at the end tag of an element.
    fn end(&mut self, element: Self::Element) -> Result<(), String>;

    /// Records an error at this offset if it affects one record alone; returns it if it affects the whole document.
    fn recover(&mut self, reason: String, _at: u64) -> Result<(), String> {
        Err(reason)
    }

    /// Returns the text in place of a reference that XML does not define, or the given error.
    fn unknown_reference(&mut self, _reference: &BytesRef<'_>, reason: String) -> Result<String, String> {
        Err(reason)
    }

    /// Returns the result at the end of the document, or what is missing in it.
    fn finish(self) -> Result<Self::Output, String>;
}

/// Reads a document.
pub(in crate::arxiv) fn read<R: DocumentReader>(text: &str, reader: R) -> Result<R::Output, Error> {
    EventWalk {
        xml: quick_xml::Reader::from_str(text),
        start: text,
        bindings: Bindings::new(),
        open: Vec::with_capacity(8),
        text: Cow::Borrowed(""),
        has_root: false,
        reader,
    }
    .run()
}

struct EventWalk<'x, R: DocumentReader> {
    xml: quick_xml::Reader<&'x [u8]>,
    /// The whole document, whose first words a message may quote.
    start: &'x str,
    bindings: Bindings,
    /// The open elements, the innermost last.
    open: Vec<Node<R::Element, R::Field>>,
    /// The text of the innermost `Node::Text`, borrowed as long as it is in one piece.
    text: Cow<'x, str>,
    /// The root element has started.
    has_root: bool,
    reader: R,
}

impl<'x, R: DocumentReader> EventWalk<'x, R> {
    fn run(mut self) -> Result<R::Output, Error> {
        loop {
            let event = self.xml.read_event().map_err(|fault| Error {
                reason: format!("the XML is faulty ({fault})"),
                at: self.xml.error_position(),
                // Mostly a tag or a comment that the end cuts short.
                transient: true,
            })?;
            let step = match event {
                Event::Start(tag) => self.enter(&tag),
                Event::Empty(tag) => self.enter(&tag).and_then(|()| self.leave()),
                Event::End(_) => self.leave(),
                Event::Text(text) => self.add(text.into_inner()),
                Event::CData(text) => self.add(text.into_inner()),
                Event::GeneralRef(reference) => self.add_reference(&reference),
                Event::Decl(declaration) => {
                    super::check_encoding(&declaration, R::NAME.short).map_err(DocumentError::from)
                }
                Event::DocType(kind) => Err(super::doctype(&kind, R::NAME.full)),
                Event::Comment(_) | Event::PI(_) => Ok(()),
                Event::Eof => break,
            };
            if let Err(error) = step {
                let (reason, transient) = match error {
                    DocumentError::WrongKind(reason) => (reason, true),
                    DocumentError::Invalid(reason) => (reason, false),
                };
                let at = self.xml.buffer_position();
                return Err(Error {
                    reason,
                    at,
                    transient,
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

    fn finish(self) -> Result<R::Output, String> {
        let name = R::NAME.short;
        match (self.has_root, self.open.is_empty()) {
            (true, true) => self.reader.finish(),
            (true, false) => Err(format!("the {name} breaks off")),
            (false, _) => Err(format!("there is no {name}, only white space")),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), DocumentError> {
        let depth = self.open.len() + 1;
        if depth > MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep").into());
        }
        let attributes = tag.attributes_raw();
        if !attributes.is_empty() {
            let checked = super::check_attributes(tag, attributes);
            self.recover(checked)?;
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
            Some(Node::Text(_) | Node::Inline) => Node::Inline,
            Some(Node::Skip) => Node::Skip,
            None if self.has_root => return Err(trailing::<R>()),
            None => {
                self.has_root = true;
                let root = self.reader.root(space, local);
                root.map_err(DocumentError::WrongKind)?
            }
        };
        self.open.push(node);
        let started = match node {
            Node::Element(element) => self.reader.begin(element, tag),
            Node::Text(field) => {
                self.text = Cow::Borrowed("");
                self.reader.begin_text(field, tag)
            }
            Node::Inline | Node::Skip => Ok(()),
        };
        self.recover(started)
    }

    fn leave(&mut self) -> Result<(), DocumentError> {
        if R::HAS_NAMESPACES {
            self.bindings.leave(self.open.len());
        }
        let ended = match self.open.pop() {
            Some(Node::Element(element)) => self.reader.end(element),
            Some(Node::Text(field)) => self.reader.set(field, &self.text),
            Some(Node::Inline | Node::Skip) | None => Ok(()),
        };
        self.recover(ended)
    }

    /// Lets the reader recover from an error that affects one record alone.
    fn recover(&mut self, step: Result<(), String>) -> Result<(), DocumentError> {
        let recovered = step.or_else(|reason| self.reader.recover(reason, self.xml.buffer_position()));
        recovered.map_err(DocumentError::Invalid)
    }

    /// Whether the text here is wanted. Text outside the root element is an error.
    fn wants(&self, text: &str) -> Result<bool, DocumentError> {
        match self.open.last() {
            Some(Node::Text(_) | Node::Inline) => Ok(true),
            Some(Node::Element(_) | Node::Skip) => Ok(false),
            None if super::is_blank(text) => Ok(false),
            None if self.has_root => Err(trailing::<R>()),
            None => Err(DocumentError::WrongKind(format!(
                "this is plain text, not {} {}: `{}`",
                R::NAME.article,
                R::NAME.full,
                super::excerpt(self.start)
            ))),
        }
    }

    fn add(&mut self, text: Cow<'x, str>) -> Result<(), DocumentError> {
        if !self.wants(&text)? {
            return Ok(());
        }
        if self.text.len() + text.len() > MAX_FIELD {
            return self.recover(Err(too_long()));
        }
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
        Ok(())
    }

    fn add_reference(&mut self, reference: &BytesRef<'_>) -> Result<(), DocumentError> {
        let c = match super::resolve_reference(reference) {
            Ok(c) => c,
            Err(reason) => {
                let text = self.reader.unknown_reference(reference, reason)?;
                return self.add(Cow::Owned(text));
            }
        };
        // Most references are in abstracts, and a string for one character would be an allocation each.
        if !self.wants(c.encode_utf8(&mut [0; 4]))? {
            return Ok(());
        }
        if self.text.len() + c.len_utf8() > MAX_FIELD {
            return self.recover(Err(too_long()));
        }
        self.text.to_mut().push(c);
        Ok(())
    }
}

/// The error of content after the root element.
fn trailing<R: DocumentReader>() -> DocumentError {
    DocumentError::Invalid(format!("something follows the {}", R::NAME.short))
}

fn too_long() -> String {
    format!("a text is longer than {MAX_FIELD} bytes")
}
