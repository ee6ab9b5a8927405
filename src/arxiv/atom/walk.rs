//! The walk over a feed's events, once from front to back.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::entry::{Entry, Field, squeeze};
use super::space::{Bindings, Space};
use super::{Error, Feed, MAX_DEPTH, MAX_ENTRIES, MAX_FIELD};

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
                Event::Decl(declaration) => check_encoding(&declaration),
                Event::DocType(kind) => Err(doctype(&kind)),
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
            check_attributes(tag, attributes)?;
            self.bindings.enter(tag, depth)?;
        }
        let name = tag.name();
        // Quicker than `split_once` on names this short.
        let colon = name.0.bytes().position(|byte| byte == b':');
        let (prefix, local) = colon
            .and_then(|at| Some((name.0.get(..at)?, name.0.get(at + 1..)?)))
            .unwrap_or(("", name.0));
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
            None if is_blank(&text) => Ok(()),
            None if self.begun => Err("something follows the feed".to_owned()),
            None => Err(format!(
                "this is plain text, not a feed: `{}`",
                excerpt(self.start)
            )),
        }
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let c = match &**reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            name => match reference.resolve_char_ref() {
                Ok(Some(c)) if is_xml_char(c) => c,
                Ok(None) => return Err(format!("the entity `&{};` is unknown", excerpt(name))),
                _ => return Err(format!("`&{};` is no character", excerpt(name))),
            },
        };
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

/// A tag's size, and the references in its attributes wherever they are not read anyway.
fn check_attributes(tag: &BytesStart<'_>, raw: &str) -> Result<(), String> {
    if raw.len() > MAX_FIELD {
        return Err(format!("a tag is longer than {MAX_FIELD} bytes"));
    }
    if !raw.contains('&') {
        return Ok(());
    }
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

fn term(tag: &BytesStart<'_>) -> Result<Option<String>, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|fault| fault.to_string())?;
        if attribute.key.0 == "term" {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|fault| fault.to_string())?;
            return Ok(Some(squeeze(&value)).filter(|term| !term.is_empty()));
        }
    }
    Ok(None)
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), String> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name))
            if ["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(Ok(name)) => Err(format!("the feed is in `{}`, not UTF-8", excerpt(&name))),
        Some(Err(fault)) => Err(format!("the XML declaration is faulty ({fault})")),
    }
}

fn doctype(kind: &str) -> String {
    let is_html = kind
        .trim_start()
        .get(..4)
        .is_some_and(|name| name.eq_ignore_ascii_case("html"));
    if is_html {
        "this is an HTML page, not a feed".to_owned()
    } else {
        "the feed has a DOCTYPE, which is refused".to_owned()
    }
}

/// The characters of XML 1.0, section 2.2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}')
        .bytes()
        .all(|b| b.is_ascii_whitespace())
}

/// The first words of something unexpected, fit for an error: printable ASCII, at most 60.
fn excerpt(text: &str) -> String {
    let printable = text.trim_start().chars().take(60);
    printable
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '.' })
        .collect()
}
