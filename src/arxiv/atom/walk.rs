//! The walk over a feed's events, once from front to back.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::entry::{Entry, Field};
use super::space::{Bindings, Space};
use super::{Error, Feed, MAX_DEPTH, MAX_ENTRIES, MAX_FIELD};
use crate::arxiv::xml::{self, squeeze};

/// What an open element is to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Node {
    Feed,
    Entry,
    Author,
    /// Its text is wanted.
    Text(Field),
    /// Markup inside a wanted text, which goes on.
    Inside,
    /// Neither it nor what it holds is wanted.
    Skip,
}

pub(super) struct Walk<'x> {
    reader: Reader<&'x [u8]>,
    start: &'x str,
    bindings: Bindings,
    open: Vec<Node>,
    /// The text of the innermost `Node::Text`; borrowed while it is in one piece.
    text: Cow<'x, str>,
    entry: Option<Entry>,
    feed: Feed,
    begun: bool,
}

impl<'x> Walk<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self {
            reader: Reader::from_str(text),
            start: text,
            bindings: Bindings::new(),
            open: Vec::with_capacity(8),
            text: Cow::Borrowed(""),
            entry: None,
            feed: Feed::default(),
            begun: false,
        }
    }

    pub(super) fn feed(mut self) -> Result<Feed, Error> {
        loop {
            let event = self.reader.read_event().map_err(|fault| Error {
                reason: format!("the XML is faulty ({fault})"),
                at: self.reader.error_position(),
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
                Event::Decl(declaration) => xml::check_encoding(&declaration, "the feed"),
                Event::DocType(kind) => Err(xml::doctype(&kind, "feed")),
                Event::Comment(_) | Event::PI(_) => Ok(()),
                Event::Eof => break,
            };
            if let Err(reason) = step {
                return Err(self.error(reason));
            }
        }
        match (self.begun, self.open.is_empty()) {
            (true, true) => Ok(self.feed),
            (true, false) => Err(self.cut("the feed breaks off")),
            (false, _) => Err(self.cut("there is no feed, only white space")),
        }
    }

    fn cut(&self, reason: &str) -> Error {
        Error {
            transient: true,
            ..self.error(reason.to_owned())
        }
    }

    fn error(&self, reason: String) -> Error {
        Error {
            // What is no feed at all may be one at the next try; what breaks the rules of a feed will not be.
            transient: reason.starts_with("this is "),
            reason,
            at: self.reader.buffer_position(),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let depth = self.open.len() + 1;
        if depth > MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
        let attributes = tag.attributes_raw();
        if !attributes.is_empty() {
            xml::check_attributes(tag, attributes)?;
            self.bindings.enter(tag, depth)?;
        }
        let name = tag.name();
        let (prefix, local) = xml::split_name(name.0);
        let space = self.bindings.resolve(prefix);
        let node = match self.open.last() {
            Some(&parent) => child(parent, space, local),
            None => self.root(space, local)?,
        };
        match node {
            Node::Entry => self.begin_entry()?,
            Node::Author => self.entry.as_mut().map_or(Ok(()), Entry::begin_author)?,
            Node::Text(_) => self.text = Cow::Borrowed(""),
            Node::Skip if self.open.last() == Some(&Node::Entry) => self.attribute(tag, space, local)?,
            Node::Feed | Node::Inside | Node::Skip => {}
        }
        self.open.push(node);
        Ok(())
    }

    fn root(&mut self, space: Space, local: &str) -> Result<Node, String> {
        if self.begun {
            return Err("something follows the feed".to_owned());
        }
        if local == "feed" && space == Space::Atom {
            self.begun = true;
            return Ok(Node::Feed);
        }
        Err(match local.to_ascii_lowercase().as_str() {
            "html" | "head" | "body" => "this is an HTML page, not a feed".to_owned(),
            "rss" | "rdf" => "this is an RSS feed, not Atom".to_owned(),
            "oai-pmh" => "this is an OAI-PMH answer, not Atom".to_owned(),
            _ => "this is XML, but no Atom feed".to_owned(),
        })
    }

    fn begin_entry(&mut self) -> Result<(), String> {
        if self.feed.papers.len() + self.feed.unreadable.len() == MAX_ENTRIES {
            return Err(format!("the feed has more than {MAX_ENTRIES} entries"));
        }
        self.entry = Some(Entry::default());
        Ok(())
    }

    /// The elements of an entry that speak by an attribute.
    fn attribute(&mut self, tag: &BytesStart<'_>, space: Space, local: &str) -> Result<(), String> {
        let is_primary = match (space, local) {
            (Space::Atom, "category") => false,
            (Space::Arxiv, "primary_category") => true,
            _ => return Ok(()),
        };
        let (Some(entry), Some(term)) = (self.entry.as_mut(), term(tag)?) else {
            return Ok(());
        };
        if is_primary {
            entry.set_primary(term);
            Ok(())
        } else {
            entry.add_term(term)
        }
    }

    fn leave(&mut self) -> Result<(), String> {
        self.bindings.leave(self.open.len());
        match self.open.pop() {
            Some(Node::Text(Field::Total)) => self.feed.total = self.text.trim().parse().ok(),
            Some(Node::Text(field)) => {
                self.entry
                    .as_mut()
                    .map_or(Ok(()), |entry| entry.set(field, &self.text))?;
            }
            Some(Node::Author) => self.entry.iter_mut().for_each(Entry::end_author),
            Some(Node::Entry) => {
                if let Some(entry) = self.entry.take() {
                    entry.finish(&mut self.feed);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, text: Cow<'x, str>) -> Result<(), String> {
        match self.open.last() {
            Some(Node::Text(_) | Node::Inside) => {
                if self.text.len() + text.len() > MAX_FIELD {
                    return Err(format!("a text is longer than {MAX_FIELD} bytes"));
                }
                if self.text.is_empty() {
                    self.text = text;
                } else {
                    self.text.to_mut().push_str(&text);
                }
                Ok(())
            }
            Some(_) => Ok(()),
            None if xml::is_blank(&text) => Ok(()),
            None if self.begun => Err("something follows the feed".to_owned()),
            None => Err(format!(
                "this is plain text, not a feed: `{}`",
                xml::excerpt(self.start)
            )),
        }
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let c = xml::referred(reference)?;
        self.add(Cow::Owned(c.to_string()))
    }
}

/// What an element is, by its place, its vocabulary and its name.
fn child(parent: Node, space: Space, local: &str) -> Node {
    match (parent, space, local) {
        (Node::Entry, Space::Atom, "author") => Node::Author,
        (Node::Author, Space::Atom, "name") => Node::Text(Field::Name),
        (Node::Author, Space::Arxiv, "affiliation") => Node::Text(Field::Affiliation),
        (Node::Entry, Space::Atom, "id") => Node::Text(Field::Id),
        (Node::Entry, Space::Atom, "title") => Node::Text(Field::Title),
        (Node::Entry, Space::Atom, "updated") => Node::Text(Field::Updated),
        (Node::Entry, Space::Atom, "published") => Node::Text(Field::Published),
        (Node::Entry, Space::Atom, "summary") => Node::Text(Field::Summary),
        (Node::Entry, Space::Arxiv, "comment") => Node::Text(Field::Comment),
        (Node::Entry, Space::Arxiv, "journal_ref") => Node::Text(Field::JournalRef),
        (Node::Entry, Space::Arxiv, "doi") => Node::Text(Field::Doi),
        (Node::Feed, Space::Atom, "entry") => Node::Entry,
        (Node::Feed, Space::OpenSearch, "totalResults") => Node::Text(Field::Total),
        (Node::Text(_) | Node::Inside, ..) => Node::Inside,
        _ => Node::Skip,
    }
}

fn term(tag: &BytesStart<'_>) -> Result<Option<String>, String> {
    let value = xml::attribute(tag, "term")?;
    Ok(value.map(|value| squeeze(&value)).filter(|term| !term.is_empty()))
}
