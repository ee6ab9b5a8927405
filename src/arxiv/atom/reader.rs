//! Maps the elements of an Atom feed to the fields of its entries.

use quick_xml::events::BytesStart;

use super::entry::{AtomEntry, EntryField};
use super::{Feed, MAX_ENTRIES};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{DocumentName, DocumentReader, Node};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AtomElement {
    Feed,
    Entry,
    Author,
    Category,
    PrimaryCategory,
}

#[derive(Default)]
pub(super) struct AtomReader {
    /// The entry being read.
    entry: Option<AtomEntry>,
    feed: Feed,
}

impl DocumentReader for AtomReader {
    type Element = AtomElement;
    type Field = EntryField;
    type Output = Feed;

    const NAME: DocumentName = DocumentName::FEED;
    const HAS_NAMESPACES: bool = true;

    fn root(&mut self, space: Space, local: &str) -> Result<Node<AtomElement, EntryField>, String> {
        if local == "feed" && space == Space::Atom {
            return Ok(Node::Element(AtomElement::Feed));
        }
        Err(match local.to_ascii_lowercase().as_str() {
            "html" | "head" | "body" => "this is an HTML page, not a feed".to_owned(),
            "rss" | "rdf" => "this is an RSS feed, not Atom".to_owned(),
            "oai-pmh" => "this is an OAI-PMH answer, not Atom".to_owned(),
            _ => "this is XML, but no Atom feed".to_owned(),
        })
    }

    fn child(parent: AtomElement, space: Space, local: &str) -> Node<AtomElement, EntryField> {
        match (parent, space, local) {
            (AtomElement::Entry, Space::Atom, "author") => Node::Element(AtomElement::Author),
            (AtomElement::Author, Space::Atom, "name") => Node::Text(EntryField::Name),
            (AtomElement::Author, Space::Arxiv, "affiliation") => Node::Text(EntryField::Affiliation),
            (AtomElement::Entry, Space::Atom, "id") => Node::Text(EntryField::Id),
            (AtomElement::Entry, Space::Atom, "title") => Node::Text(EntryField::Title),
            (AtomElement::Entry, Space::Atom, "updated") => Node::Text(EntryField::Updated),
            (AtomElement::Entry, Space::Atom, "published") => Node::Text(EntryField::Published),
            (AtomElement::Entry, Space::Atom, "summary") => Node::Text(EntryField::Summary),
            (AtomElement::Entry, Space::Atom, "category") => Node::Element(AtomElement::Category),
            (AtomElement::Entry, Space::Arxiv, "primary_category") => {
                Node::Element(AtomElement::PrimaryCategory)
            }
            (AtomElement::Entry, Space::Arxiv, "comment") => Node::Text(EntryField::Comment),
            (AtomElement::Entry, Space::Arxiv, "journal_ref") => Node::Text(EntryField::JournalRef),
            (AtomElement::Entry, Space::Arxiv, "doi") => Node::Text(EntryField::Doi),
            (AtomElement::Feed, Space::Atom, "entry") => Node::Element(AtomElement::Entry),
            (AtomElement::Feed, Space::OpenSearch, "totalResults") => Node::Text(EntryField::Total),
            _ => Node::Skip,
        }
    }

    fn begin(&mut self, element: AtomElement, tag: &BytesStart<'_>) -> Result<(), String> {
        match (element, &mut self.entry) {
            (AtomElement::Entry, _) => self.begin_entry(),
            (AtomElement::Author, Some(entry)) => entry.begin_author(),
            (AtomElement::Category, Some(entry)) => term(tag)?.map_or(Ok(()), |term| entry.add_term(term)),
            (AtomElement::PrimaryCategory, Some(entry)) => {
                if let Some(term) = term(tag)? {
                    entry.set_primary(term);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, field: EntryField, text: &str) -> Result<(), String> {
        match (field, &mut self.entry) {
            (EntryField::Total, _) => self.feed.total = text.trim().parse().ok(),
            (_, Some(entry)) => entry.set(field, text)?,
            (_, None) => {}
        }
        Ok(())
    }

    fn end(&mut self, element: AtomElement) -> Result<(), String> {
        match element {
            AtomElement::Author => self.entry.iter_mut().for_each(AtomEntry::end_author),
            AtomElement::Entry => {
                if let Some(entry) = self.entry.take() {
                    entry.finish(&mut self.feed);
                }
            }
            AtomElement::Feed | AtomElement::Category | AtomElement::PrimaryCategory => {}
        }
        Ok(())
    }

    /// An error within an entry affects that entry alone.
    fn recover(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.entry {
            Some(entry) => {
                entry.set_error(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    fn finish(self) -> Result<Feed, String> {
        Ok(self.feed)
    }
}

impl AtomReader {
    fn begin_entry(&mut self) -> Result<(), String> {
        if self.feed.papers.len() + self.feed.unreadable.len() == MAX_ENTRIES {
            return Err(format!("the feed has more than {MAX_ENTRIES} entries"));
        }
        self.entry = Some(AtomEntry::default());
        Ok(())
    }
}

fn term(tag: &BytesStart<'_>) -> Result<Option<String>, String> {
    let value = xml::attribute(tag, "term")?;
    Ok(value.map(|value| squeeze(&value)).filter(|term| !term.is_empty()))
}
