//! The walk over an answer's events, once from front to back.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::fields::{Fields, NOT_UTF8};
use super::form::{Field, Form};
use super::{Code, Error, Item, MAX_TOKEN, Page, Refusal};
use crate::arxiv::xml::{self, MAX_DEPTH, MAX_FIELD, squeeze};

/// What an open element is to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Node {
    /// `OAI-PMH`, and the verb within it.
    Envelope,
    Record,
    Header,
    /// A header that stands alone.
    Listed,
    Metadata,
    Body(Form),
    Authors,
    Author,
    Version,
    /// Its text is wanted.
    Text(Field),
    /// Its text is wanted for the page.
    Told(Told),
    /// Markup inside a wanted text, which goes on.
    Inside,
    /// Neither it nor what it holds is wanted.
    Skip,
}

/// What an answer says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    ResponseDate,
    Token,
    Error(Code),
    Earliest,
}

pub(super) struct Walk<'x, S> {
    reader: Reader<&'x [u8]>,
    start: &'x str,
    open: Vec<Node>,
    /// The text of the innermost wanted element; borrowed while it is in one piece.
    text: Cow<'x, str>,
    item: Option<Fields>,
    page: Page,
    sink: S,
    begun: bool,
}

impl<'x, S: FnMut(Item) -> Result<(), String>> Walk<'x, S> {
    pub(super) fn new(text: &'x str, sink: S) -> Self {
        Self {
            reader: Reader::from_str(text),
            start: text,
            open: Vec::with_capacity(8),
            text: Cow::Borrowed(""),
            item: None,
            page: Page::default(),
            sink,
            begun: false,
        }
    }

    pub(super) fn page(mut self) -> Result<Page, Error> {
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
                Event::Decl(declaration) => xml::check_encoding(&declaration, "the answer"),
                Event::DocType(kind) => Err(xml::doctype(&kind, "OAI-PMH answer")),
                Event::Comment(_) | Event::PI(_) => Ok(()),
                Event::Eof => break,
            };
            if let Err(reason) = step {
                return Err(self.error(reason));
            }
        }
        match (self.begun, self.open.is_empty()) {
            (true, true) => Ok(self.page),
            (true, false) => Err(self.cut("the answer breaks off")),
            (false, _) => Err(self.cut("there is no answer, only white space")),
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
            // What is no answer at all may be one at the next try; what breaks the rules of one will not be.
            transient: reason.starts_with("this is "),
            reason,
            at: self.reader.buffer_position(),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
        let attributes = tag.attributes_raw();
        if !attributes.is_empty() {
            let checked = xml::check_attributes(tag, attributes);
            self.within_record(checked)?;
        }
        let name = tag.name();
        let (_, local) = xml::split_name(name.0);
        let node = match self.open.last() {
            Some(&parent) => child(parent, local),
            None => self.root(local)?,
        };
        let node = self.begin(node, tag)?;
        self.open.push(node);
        Ok(())
    }

    fn root(&mut self, local: &str) -> Result<Node, String> {
        if self.begun {
            return Err("something follows the answer".to_owned());
        }
        self.begun = true;
        Ok(match local {
            "OAI-PMH" | "ListRecords" | "ListIdentifiers" | "GetRecord" => Node::Envelope,
            "record" => Node::Record,
            _ => match Form::of(local) {
                Some(form) => Node::Body(form),
                None => return Err(unfit(local)),
            },
        })
    }

    /// Begins what the element begins.
    fn begin(&mut self, node: Node, tag: &BytesStart<'_>) -> Result<Node, String> {
        let begun = match node {
            Node::Record | Node::Listed if self.item.is_none() => {
                let mut fields = Fields::default();
                let read = if node == Node::Listed {
                    read_status(&mut fields, tag)
                } else {
                    Ok(())
                };
                self.item = Some(fields);
                read
            }
            Node::Header => self.item.as_mut().map_or(Ok(()), |item| read_status(item, tag)),
            Node::Body(form) => self.item.get_or_insert_default().begin_body(form),
            Node::Author => self.item.as_mut().map_or(Ok(()), Fields::begin_author),
            Node::Version => self.item.as_mut().map_or(Ok(()), |item| {
                let number = xml::attribute(tag, "version")?;
                item.begin_version(number.as_deref().unwrap_or_default())
            }),
            Node::Told(Told::Error(_)) => {
                self.text = Cow::Borrowed("");
                let code = xml::attribute(tag, "code")?;
                return Ok(Node::Told(Told::Error(Code::of(
                    code.as_deref().unwrap_or_default(),
                ))));
            }
            Node::Text(_) | Node::Told(_) => {
                self.text = Cow::Borrowed("");
                Ok(())
            }
            _ => Ok(()),
        };
        self.within_record(begun)?;
        Ok(node)
    }

    fn leave(&mut self) -> Result<(), String> {
        let Some(node) = self.open.pop() else {
            return Ok(());
        };
        match node {
            Node::Text(field) => {
                let text = std::mem::take(&mut self.text);
                let set = self.item.as_mut().map_or(Ok(()), |item| item.set(field, &text));
                self.within_record(set)?;
            }
            Node::Told(told) => self.take(told)?,
            Node::Author => self.item.iter_mut().for_each(Fields::end_author),
            Node::Record | Node::Listed => self.finish()?,
            Node::Body(_) if self.open.is_empty() => self.finish()?,
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), String> {
        match self.item.take() {
            Some(fields) => (self.sink)(fields.finish(self.page.response_date)),
            None => Ok(()),
        }
    }

    /// Takes what the answer says of itself.
    fn take(&mut self, told: Told) -> Result<(), String> {
        let text = self.text.trim_ascii();
        match told {
            Told::ResponseDate => {
                let time = chrono::DateTime::parse_from_rfc3339(text).ok();
                self.page.response_date = time.map(|time| time.to_utc());
            }
            Told::Earliest => self.page.earliest = text.get(..10).and_then(|day| day.parse().ok()),
            Told::Token if text.len() > MAX_TOKEN => {
                return Err(format!("the resumption token is longer than {MAX_TOKEN} bytes"));
            }
            Told::Token => self.page.token = (!text.is_empty()).then(|| text.to_owned()),
            Told::Error(code) => {
                self.page.refusal = Some(Refusal {
                    code,
                    message: squeeze(text),
                });
            }
        }
        Ok(())
    }

    /// Lets a fault within a record cost that record alone.
    fn within_record(&mut self, step: Result<(), String>) -> Result<(), String> {
        let (Err(reason), Some(item)) = (&step, &mut self.item) else {
            return step;
        };
        item.spoil(format!("{reason}, at byte {}", self.reader.buffer_position()));
        Ok(())
    }

    /// Whether the text here is wanted; what stands outside the answer is a fault.
    fn wants(&self, text: &str) -> Result<bool, String> {
        match self.open.last() {
            Some(Node::Text(_) | Node::Told(_) | Node::Inside) => Ok(true),
            Some(_) => Ok(false),
            None if xml::is_blank(text) => Ok(false),
            None if self.begun => Err("something follows the answer".to_owned()),
            None => Err(format!(
                "this is plain text, not an OAI-PMH answer: `{}`",
                xml::excerpt(self.start)
            )),
        }
    }

    fn add(&mut self, text: Cow<'x, str>) -> Result<(), String> {
        if !self.wants(&text)? {
            return Ok(());
        }
        if self.text.len() + text.len() > MAX_FIELD {
            return self.within_record(Err(format!("a text is longer than {MAX_FIELD} bytes")));
        }
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
        Ok(())
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let c = match xml::referred(reference) {
            Ok(c) => c,
            Err(_) if self.item.is_some() => return self.add(Cow::Owned(unknown(reference))),
            Err(reason) => return Err(reason),
        };
        // Most stand within an abstract: no string is made for the one character.
        if !self.wants(c.encode_utf8(&mut [0; 4]))? {
            return Ok(());
        }
        if self.text.len() >= MAX_FIELD {
            return self.within_record(Err(format!("a text is longer than {MAX_FIELD} bytes")));
        }
        self.text.to_mut().push(c);
        Ok(())
    }
}

/// A reference that is none of XML's, as text: a space, a control character that is dropped later, or as it stands.
fn unknown(reference: &BytesRef<'_>) -> String {
    match &**reference {
        "nbsp" => " ".to_owned(),
        name if name.starts_with('#') => "\u{1}".to_owned(),
        name => format!("&{name};"),
    }
}

/// The status of a header: deleted or not.
fn read_status(fields: &mut Fields, tag: &BytesStart<'_>) -> Result<(), String> {
    if xml::attribute(tag, "status")?.is_some_and(|status| status.trim() == "deleted") {
        fields.set_deleted();
    }
    Ok(())
}

/// What an element is, by its place and its name.
fn child(parent: Node, local: &str) -> Node {
    match parent {
        Node::Envelope => match local {
            "record" => Node::Record,
            "header" => Node::Listed,
            "ListRecords" | "ListIdentifiers" | "GetRecord" | "Identify" => Node::Envelope,
            "responseDate" => Node::Told(Told::ResponseDate),
            "resumptionToken" => Node::Told(Told::Token),
            "error" => Node::Told(Told::Error(Code::Other)),
            "earliestDatestamp" => Node::Told(Told::Earliest),
            _ => Node::Skip,
        },
        Node::Record if local == "header" => Node::Header,
        Node::Record if local == "metadata" => Node::Metadata,
        Node::Record | Node::Metadata => Form::of(local).map_or(Node::Skip, Node::Body),
        Node::Header | Node::Listed => match local {
            "identifier" => Node::Text(Field::Identifier),
            "datestamp" => Node::Text(Field::Datestamp),
            "setSpec" => Node::Text(Field::Set),
            _ => Node::Skip,
        },
        Node::Body(form) => match (form, local) {
            (Form::Arxiv, "authors") => Node::Authors,
            (Form::Raw, "version") => Node::Version,
            _ => form.field(local).map_or(Node::Skip, Node::Text),
        },
        Node::Authors if local == "author" => Node::Author,
        Node::Author => match local {
            "keyname" => Node::Text(Field::Keyname),
            "forenames" => Node::Text(Field::Forenames),
            "suffix" => Node::Text(Field::Suffix),
            "affiliation" => Node::Text(Field::Affiliation),
            _ => Node::Skip,
        },
        Node::Version => match local {
            "date" => Node::Text(Field::VersionDate),
            "source_type" => Node::Text(Field::SourceType),
            _ => Node::Skip,
        },
        Node::Text(_) | Node::Told(_) | Node::Inside => Node::Inside,
        Node::Authors | Node::Skip => Node::Skip,
    }
}

/// Why a document with this root is not to be read.
fn unfit(local: &str) -> String {
    match local.to_ascii_lowercase().as_str() {
        "html" | "head" | "body" => "this is an HTML page, no OAI-PMH answer".to_owned(),
        "rss" | "rdf" => "this is an RSS feed, no OAI-PMH answer".to_owned(),
        "feed" => "this is an Atom feed, no OAI-PMH answer".to_owned(),
        _ => "this is XML, but no OAI-PMH answer".to_owned(),
    }
}

/// The answer as text. Each byte that is not UTF-8 becomes a character that spoils the record it stands in, and no
/// other.
pub(super) fn decoded(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| NOT_UTF8));
    }
    Cow::Owned(text)
}
