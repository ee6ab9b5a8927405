//! What an answer's elements are, and what becomes of them.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart};

use super::fields::{Fields, NOT_UTF8};
use super::form::{Field, Form};
use super::{Code, Item, MAX_TOKEN, Page, Refusal};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{Name, Node, Reader};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    /// `OAI-PMH`, and the verb within it.
    Envelope,
    Record,
    Header,
    /// A header that stands alone.
    Listed,
    Metadata,
    Body(Form),
    /// A body that stands alone.
    Bare(Form),
    Authors,
    Author,
    Version,
}

/// A wanted text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Text {
    /// Of a record.
    Field(Field),
    /// Of the answer itself.
    Told(Told),
}

/// What an answer says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    ResponseDate,
    Token,
    Error,
    Earliest,
}

pub(super) struct AnswerReader<S> {
    item: Option<Fields>,
    page: Page,
    sink: S,
}

impl<S: FnMut(Item) -> Result<(), String>> AnswerReader<S> {
    pub(super) fn new(sink: S) -> Self {
        Self {
            item: None,
            page: Page::default(),
            sink,
        }
    }

    fn hand_out(&mut self) -> Result<(), String> {
        match self.item.take() {
            Some(fields) => (self.sink)(fields.finish(self.page.response_date)),
            None => Ok(()),
        }
    }

    /// Takes what the answer says of itself.
    fn take(&mut self, told: Told, text: &str) -> Result<(), String> {
        let text = text.trim_ascii();
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
            Told::Error => {
                if let Some(refusal) = &mut self.page.refusal {
                    refusal.message = squeeze(text);
                }
            }
        }
        Ok(())
    }
}

impl<S: FnMut(Item) -> Result<(), String>> Reader for AnswerReader<S> {
    type Element = Element;
    type Field = Text;
    type Whole = Page;

    const NAME: Name = Name {
        short: "answer",
        article: "an",
        full: "OAI-PMH answer",
    };
    const HAS_NAMESPACES: bool = false;

    fn root(&mut self, _: Space, local: &str) -> Result<Node<Element, Text>, String> {
        let element = match local {
            "OAI-PMH" | "ListRecords" | "ListIdentifiers" | "GetRecord" => Element::Envelope,
            "record" => Element::Record,
            _ => Form::of(local).map(Element::Bare).ok_or_else(|| unfit(local))?,
        };
        Ok(Node::Element(element))
    }

    fn child(parent: Element, _: Space, local: &str) -> Node<Element, Text> {
        match parent {
            Element::Envelope => in_envelope(local),
            Element::Record if local == "header" => Node::Element(Element::Header),
            Element::Record if local == "metadata" => Node::Element(Element::Metadata),
            Element::Record | Element::Metadata => {
                Form::of(local).map_or(Node::Skip, |form| Node::Element(Element::Body(form)))
            }
            Element::Header | Element::Listed => text_of(match local {
                "identifier" => Field::Identifier,
                "datestamp" => Field::Datestamp,
                "setSpec" => Field::Set,
                _ => return Node::Skip,
            }),
            Element::Body(form) | Element::Bare(form) => match (form, local) {
                (Form::Arxiv, "authors") => Node::Element(Element::Authors),
                (Form::Raw, "version") => Node::Element(Element::Version),
                _ => form.field(local).map_or(Node::Skip, text_of),
            },
            Element::Authors if local == "author" => Node::Element(Element::Author),
            Element::Authors => Node::Skip,
            Element::Author => text_of(match local {
                "keyname" => Field::Keyname,
                "forenames" => Field::Forenames,
                "suffix" => Field::Suffix,
                "affiliation" => Field::Affiliation,
                _ => return Node::Skip,
            }),
            Element::Version => text_of(match local {
                "date" => Field::VersionDate,
                "source_type" => Field::SourceType,
                _ => return Node::Skip,
            }),
        }
    }

    fn begin(&mut self, element: Element, tag: &BytesStart<'_>) -> Result<(), String> {
        match (element, &mut self.item) {
            (Element::Record, item) => *item = Some(Fields::default()),
            (Element::Listed, item) => return read_status(item.insert(Fields::default()), tag),
            (Element::Header, Some(item)) => return read_status(item, tag),
            (Element::Body(form) | Element::Bare(form), item) => {
                return item.get_or_insert_default().begin_body(form);
            }
            (Element::Author, Some(item)) => return item.begin_author(),
            (Element::Version, Some(item)) => {
                let number = xml::attribute(tag, "version")?;
                return item.begin_version(number.as_deref().unwrap_or_default());
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_text(&mut self, text: Text, tag: &BytesStart<'_>) -> Result<(), String> {
        if text == Text::Told(Told::Error) {
            let code = xml::attribute(tag, "code")?;
            self.page.refusal = Some(Refusal {
                code: Code::of(code.as_deref().unwrap_or_default()),
                message: String::new(),
            });
        }
        Ok(())
    }

    fn set(&mut self, of: Text, text: &str) -> Result<(), String> {
        match (of, &mut self.item) {
            (Text::Told(told), _) => self.take(told, text),
            (Text::Field(field), Some(item)) => item.set(field, text),
            (Text::Field(_), None) => Ok(()),
        }
    }

    fn end(&mut self, element: Element) -> Result<(), String> {
        match element {
            Element::Author => self.item.iter_mut().for_each(Fields::end_author),
            Element::Record | Element::Listed | Element::Bare(_) => self.hand_out()?,
            _ => {}
        }
        Ok(())
    }

    fn fault(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.item {
            Some(item) => {
                item.spoil(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    fn unknown(&mut self, reference: &BytesRef<'_>, reason: String) -> Result<String, String> {
        match self.item {
            Some(_) => Ok(unknown(reference)),
            None => Err(reason),
        }
    }

    fn finish(self) -> Result<Page, String> {
        Ok(self.page)
    }
}

fn in_envelope(local: &str) -> Node<Element, Text> {
    match local {
        "record" => Node::Element(Element::Record),
        "header" => Node::Element(Element::Listed),
        "ListRecords" | "ListIdentifiers" | "GetRecord" | "Identify" => Node::Element(Element::Envelope),
        "responseDate" => Node::Text(Text::Told(Told::ResponseDate)),
        "resumptionToken" => Node::Text(Text::Told(Told::Token)),
        "error" => Node::Text(Text::Told(Told::Error)),
        "earliestDatestamp" => Node::Text(Text::Told(Told::Earliest)),
        _ => Node::Skip,
    }
}

fn text_of(field: Field) -> Node<Element, Text> {
    Node::Text(Text::Field(field))
}

/// The status of a header: deleted or not.
fn read_status(fields: &mut Fields, tag: &BytesStart<'_>) -> Result<(), String> {
    if xml::attribute(tag, "status")?.is_some_and(|status| status.trim() == "deleted") {
        fields.set_deleted();
    }
    Ok(())
}

/// A reference that is none of XML's, as text: a space, a control character that is dropped later, or as it stands.
fn unknown(reference: &BytesRef<'_>) -> String {
    match &**reference {
        "nbsp" => " ".to_owned(),
        name if name.starts_with('#') => "\u{1}".to_owned(),
        name => format!("&{name};"),
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
