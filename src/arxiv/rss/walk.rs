//! The walk over a feed's events, once from front to back.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::item::{Channel, Field, Item};
use super::{Error, Feed, MAX_DEPTH, MAX_FIELD, MAX_ITEMS};
use crate::arxiv::atom::space::{Bindings, Space};
use crate::arxiv::xml::{self, squeeze};

/// What an open element is to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Node {
    /// `rss`, around the channel.
    Rss,
    /// `channel`, or Atom's `feed`.
    Channel,
    SkipDays,
    /// `item`, or Atom's `entry`.
    Item,
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
    channel: Channel,
    item: Option<Item>,
    feed: Feed,
    begun: bool,
    has_channel: bool,
}

impl<'x> Walk<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self {
            reader: Reader::from_str(text),
            start: text,
            bindings: Bindings::new(),
            open: Vec::with_capacity(8),
            text: Cow::Borrowed(""),
            channel: Channel::default(),
            item: None,
            feed: Feed::default(),
            begun: false,
            has_channel: false,
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
                Event::Empty(tag) => self.enter(&tag).map(|()| self.leave()),
                Event::End(_) => {
                    self.leave();
                    Ok(())
                }
                Event::Text(text) => self.add(text.into_inner()),
                Event::CData(text) => self.add(text.into_inner()),
                Event::GeneralRef(reference) => {
                    match (xml::referred(&reference), self.item.as_mut()) {
                        (Ok(c), _) => self.add(Cow::Owned(c.to_string())),
                        // It is one paper's fault, and no other's.
                        (Err(reason), Some(item)) => {
                            item.spoil(reason);
                            Ok(())
                        }
                        (Err(reason), None) => Err(reason),
                    }
                }
                Event::Decl(declaration) => xml::check_encoding(&declaration, "the feed"),
                Event::DocType(kind) => Err(xml::doctype(&kind, "feed")),
                Event::Comment(_) | Event::PI(_) => Ok(()),
                Event::Eof => break,
            };
            if let Err(reason) = step {
                return Err(self.error(reason));
            }
        }
        let missing = match (self.begun, self.open.is_empty(), self.has_channel) {
            (false, ..) => "there is no feed, only white space",
            (true, false, _) => "the feed breaks off",
            (true, true, false) => "the feed has no channel",
            (true, true, true) => {
                self.channel.finish(&mut self.feed);
                return Ok(self.feed);
            }
        };
        Err(Error {
            transient: true,
            ..self.error(missing.to_owned())
        })
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
            None => self.root(local)?,
        };
        match node {
            Node::Channel => self.has_channel = true,
            Node::Item => self.begin_item()?,
            Node::Text(field) => {
                self.text = Cow::Borrowed("");
                // Atom says the category in an attribute.
                if let (Field::Category, Some(item)) = (field, self.item.as_mut())
                    && let Some(term) = xml::attribute(tag, "term")?
                {
                    item.add_category(&squeeze(&term));
                }
            }
            Node::Rss | Node::SkipDays | Node::Inside | Node::Skip => {}
        }
        self.open.push(node);
        Ok(())
    }

    fn root(&mut self, local: &str) -> Result<Node, String> {
        if self.begun {
            return Err("something follows the feed".to_owned());
        }
        self.begun = true;
        match local.to_ascii_lowercase().as_str() {
            "rss" => Ok(Node::Rss),
            "feed" => Ok(Node::Channel),
            "html" | "head" | "body" => Err("this is an HTML page, no feed".to_owned()),
            "rdf" => Err("this is RSS 1.0, which arXiv no longer serves".to_owned()),
            _ => Err("this is XML, but no feed".to_owned()),
        }
    }

    fn begin_item(&mut self) -> Result<(), String> {
        if self.feed.announcements.len() + self.feed.unreadable.len() == MAX_ITEMS {
            return Err(format!("the feed has more than {MAX_ITEMS} items"));
        }
        self.item = Some(Item::default());
        Ok(())
    }

    fn leave(&mut self) {
        self.bindings.leave(self.open.len());
        match self.open.pop() {
            Some(Node::Text(field)) => match self.item.as_mut() {
                Some(item) => item.set(field, &self.text),
                None => self.channel.set(field, &self.text),
            },
            Some(Node::Item) => {
                if let Some(item) = self.item.take() {
                    item.finish(&mut self.feed);
                }
            }
            _ => {}
        }
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
}

/// What an element is, by its place, its vocabulary and its name. RSS's own has no namespace, which is read like
/// Atom's.
fn child(parent: Node, space: Space, local: &str) -> Node {
    let field = match (parent, space, local) {
        (Node::Rss, Space::Atom, "channel") => return Node::Channel,
        (Node::Channel, Space::Atom, "item" | "entry") => return Node::Item,
        (Node::Channel, Space::Atom, "skipDays") => return Node::SkipDays,
        (Node::Text(_) | Node::Inside, ..) => return Node::Inside,
        (Node::SkipDays, Space::Atom, "day") => Field::SkipDay,
        (Node::Channel, Space::Atom, "title") => Field::Title,
        (Node::Channel, Space::Atom, "description" | "subtitle") => Field::Description,
        (Node::Channel, Space::Atom, "pubDate") => Field::Date,
        (Node::Channel, Space::Atom, "lastBuildDate" | "updated") => Field::Built,
        (Node::Item, Space::Atom, "title") => Field::Title,
        (Node::Item, Space::Atom, "description" | "summary") => Field::Description,
        (Node::Item, Space::Atom, "guid" | "id") => Field::Guid,
        (Node::Item, Space::Atom, "category") => Field::Category,
        (Node::Item, Space::Atom, "pubDate" | "published") => Field::Date,
        (Node::Item, Space::Arxiv, "announce_type") => Field::AnnounceType,
        (Node::Item, Space::Arxiv, "DOI") => Field::Doi,
        (Node::Item, Space::Arxiv, "journal_reference") => Field::JournalReference,
        (Node::Item, Space::Dc, "rights") => Field::Rights,
        (Node::Item, Space::Dc, "creator") => Field::Creator,
        _ => return Node::Skip,
    };
    Node::Text(field)
}
