//! Maps the elements of a response to its own fields and those of its records.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart};

use super::metadata::{MetadataFormat, RecordField};
use super::record::{NOT_UTF8, RecordBuilder};
use super::{ErrorCode, ListItem, MAX_TOKEN, OaiResponse, ProtocolError};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{DocumentName, DocumentReader, Node};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OaiElement {
    /// `OAI-PMH`, and the verb's element in it.
    Envelope,
    Record,
    Header,
    /// A header without a record.
    BareHeader,
    Metadata,
    Format(MetadataFormat),
    /// Metadata without a record.
    BareFormat(MetadataFormat),
    Authors,
    Author,
    Version,
}

/// A wanted text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OaiField {
    /// Of a record.
    Record(RecordField),
    /// Of the response itself.
    Envelope(EnvelopeField),
}

/// A text of the response itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EnvelopeField {
    ResponseDate,
    Token,
    Error,
    Earliest,
}

pub(super) struct OaiReader<S> {
    /// The record being read.
    record: Option<RecordBuilder>,
    response: OaiResponse,
    sink: S,
}

impl<S: FnMut(ListItem) -> Result<(), String>> OaiReader<S> {
    pub(super) fn new(sink: S) -> Self {
        Self {
            record: None,
            response: OaiResponse::default(),
            sink,
        }
    }

    /// Passes the record on.
    fn end_record(&mut self) -> Result<(), String> {
        match self.record.take() {
            Some(record) => (self.sink)(record.finish(self.response.response_date)),
            None => Ok(()),
        }
    }

    /// Stores a text of the response itself.
    fn set_envelope(&mut self, field: EnvelopeField, text: &str) -> Result<(), String> {
        let text = text.trim_ascii();
        match field {
            EnvelopeField::ResponseDate => {
                let time = chrono::DateTime::parse_from_rfc3339(text).ok();
                self.response.response_date = time.map(|time| time.to_utc());
            }
            EnvelopeField::Earliest => {
                self.response.earliest = text.get(..10).and_then(|day| day.parse().ok());
            }
            EnvelopeField::Token if text.len() > MAX_TOKEN => {
                return Err(format!("the resumption token is longer than {MAX_TOKEN} bytes"));
            }
            EnvelopeField::Token => self.response.token = (!text.is_empty()).then(|| text.to_owned()),
            EnvelopeField::Error => {
                if let Some(error) = &mut self.response.error {
                    error.message = squeeze(text);
                }
            }
        }
        Ok(())
    }
}

impl<S: FnMut(ListItem) -> Result<(), String>> DocumentReader for OaiReader<S> {
    type Element = OaiElement;
    type Field = OaiField;
    type Output = OaiResponse;

    const NAME: DocumentName = DocumentName {
        short: "answer",
        article: "an",
        full: "OAI-PMH answer",
    };
    const HAS_NAMESPACES: bool = false;

    fn root(&mut self, _: Space, local: &str) -> Result<Node<OaiElement, OaiField>, String> {
        let element = match local {
            "OAI-PMH" | "ListRecords" | "ListIdentifiers" | "GetRecord" => OaiElement::Envelope,
            "record" => OaiElement::Record,
            _ => MetadataFormat::from_element(local)
                .map(OaiElement::BareFormat)
                .ok_or_else(|| wrong_kind(local))?,
        };
        Ok(Node::Element(element))
    }

    fn child(parent: OaiElement, _: Space, local: &str) -> Node<OaiElement, OaiField> {
        match parent {
            OaiElement::Envelope => in_envelope(local),
            OaiElement::Record if local == "header" => Node::Element(OaiElement::Header),
            OaiElement::Record if local == "metadata" => Node::Element(OaiElement::Metadata),
            OaiElement::Record | OaiElement::Metadata => MetadataFormat::from_element(local)
                .map_or(Node::Skip, |format| Node::Element(OaiElement::Format(format))),
            OaiElement::Header | OaiElement::BareHeader => text_of(match local {
                "identifier" => RecordField::Identifier,
                "datestamp" => RecordField::Datestamp,
                "setSpec" => RecordField::Set,
                _ => return Node::Skip,
            }),
            OaiElement::Format(format) | OaiElement::BareFormat(format) => match (format, local) {
                (MetadataFormat::Arxiv, "authors") => Node::Element(OaiElement::Authors),
                (MetadataFormat::Raw, "version") => Node::Element(OaiElement::Version),
                _ => format.field(local).map_or(Node::Skip, text_of),
            },
            OaiElement::Authors if local == "author" => Node::Element(OaiElement::Author),
            OaiElement::Authors => Node::Skip,
            OaiElement::Author => text_of(match local {
                "keyname" => RecordField::Keyname,
                "forenames" => RecordField::Forenames,
                "suffix" => RecordField::Suffix,
                "affiliation" => RecordField::Affiliation,
                _ => return Node::Skip,
            }),
            OaiElement::Version => text_of(match local {
                "date" => RecordField::VersionDate,
                "source_type" => RecordField::SourceType,
                _ => return Node::Skip,
            }),
        }
    }

    fn begin(&mut self, element: OaiElement, tag: &BytesStart<'_>) -> Result<(), String> {
        match (element, &mut self.record) {
            (OaiElement::Record, record) => *record = Some(RecordBuilder::default()),
            (OaiElement::BareHeader, record) => {
                return read_status(record.insert(RecordBuilder::default()), tag);
            }
            (OaiElement::Header, Some(record)) => return read_status(record, tag),
            (OaiElement::Format(format) | OaiElement::BareFormat(format), record) => {
                return record.get_or_insert_default().begin_metadata(format);
            }
            (OaiElement::Author, Some(record)) => return record.begin_author(),
            (OaiElement::Version, Some(record)) => {
                let number = xml::attribute(tag, "version")?;
                return record.begin_version(number.as_deref().unwrap_or(""));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_text(&mut self, field: OaiField, tag: &BytesStart<'_>) -> Result<(), String> {
        if field == OaiField::Envelope(EnvelopeField::Error) {
            let code = xml::attribute(tag, "code")?;
            self.response.error = Some(ProtocolError {
                code: ErrorCode::parse(code.as_deref().unwrap_or("")),
                message: String::new(),
            });
        }
        Ok(())
    }

    fn set(&mut self, field: OaiField, text: &str) -> Result<(), String> {
        match (field, &mut self.record) {
            (OaiField::Envelope(field), _) => self.set_envelope(field, text),
            (OaiField::Record(field), Some(record)) => record.set(field, text),
            (OaiField::Record(_), None) => Ok(()),
        }
    }

    fn end(&mut self, element: OaiElement) -> Result<(), String> {
        match element {
            OaiElement::Author => self.record.iter_mut().for_each(RecordBuilder::end_author),
            OaiElement::Record | OaiElement::BareHeader | OaiElement::BareFormat(_) => self.end_record()?,
            _ => {}
        }
        Ok(())
    }

    fn recover(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.record {
            Some(record) => {
                record.set_error(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    fn unknown_reference(&mut self, reference: &BytesRef<'_>, reason: String) -> Result<String, String> {
        match self.record {
            Some(_) => Ok(replace_reference(reference)),
            None => Err(reason),
        }
    }

    fn finish(self) -> Result<OaiResponse, String> {
        Ok(self.response)
    }
}

fn in_envelope(local: &str) -> Node<OaiElement, OaiField> {
    match local {
        "record" => Node::Element(OaiElement::Record),
        "header" => Node::Element(OaiElement::BareHeader),
        "ListRecords" | "ListIdentifiers" | "GetRecord" | "Identify" => Node::Element(OaiElement::Envelope),
        "responseDate" => Node::Text(OaiField::Envelope(EnvelopeField::ResponseDate)),
        "resumptionToken" => Node::Text(OaiField::Envelope(EnvelopeField::Token)),
        "error" => Node::Text(OaiField::Envelope(EnvelopeField::Error)),
        "earliestDatestamp" => Node::Text(OaiField::Envelope(EnvelopeField::Earliest)),
        _ => Node::Skip,
    }
}

fn text_of(field: RecordField) -> Node<OaiElement, OaiField> {
    Node::Text(OaiField::Record(field))
}

/// Reads the `status` of a header, of which the protocol knows only `deleted`.
fn read_status(record: &mut RecordBuilder, tag: &BytesStart<'_>) -> Result<(), String> {
    if xml::attribute(tag, "status")?.is_some_and(|status| status.trim() == "deleted") {
        record.set_deleted();
    }
    Ok(())
}

/// Replaces a reference that XML does not define: by a space, by a control character that is dropped later, or by its own
/// text.
fn replace_reference(reference: &BytesRef<'_>) -> String {
    match &**reference {
        "nbsp" => " ".to_owned(),
        name if name.starts_with('#') => "\u{1}".to_owned(),
        name => format!("&{name};"),
    }
}

/// Says what a document with this root element is.
fn wrong_kind(local: &str) -> String {
    match local.to_ascii_lowercase().as_str() {
        "html" | "head" | "body" => "this is an HTML page, no OAI-PMH answer".to_owned(),
        "rss" | "rdf" => "this is an RSS feed, no OAI-PMH answer".to_owned(),
        "feed" => "this is an Atom feed, no OAI-PMH answer".to_owned(),
        _ => "this is XML, but no OAI-PMH answer".to_owned(),
    }
}

/// Decodes a response. Each byte that is not UTF-8 becomes a character that makes the record around it unreadable, and no
/// other.
pub(super) fn decode(body: &[u8]) -> Cow<'_, str> {
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
