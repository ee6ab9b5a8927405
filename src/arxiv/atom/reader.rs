//! What a feed's elements are, and what becomes of them.

use quick_xml::events::BytesStart;

use super::entry::{Entry, Field};
use super::{Feed, MAX_ENTRIES};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{Name, Node, Reader};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    Feed,
    Entry,
    Author,
    Category,
    PrimaryCategory,
}

#[derive(Default)]
pub(super) struct FeedReader {
    entry: Option<Entry>,
    feed: Feed,
}

impl Reader for FeedReader {
    type Element = Element;
    type Field = Field;
    type Whole = Feed;

    const NAME: Name = Name::FEED;
    const HAS_NAMESPACES: bool = true;

    fn root(&mut self, space: Space, local: &str) -> Result<Node<Element, Field>, String> {
        if local == "feed" && space == Space::Atom {
            return Ok(Node::Element(Element::Feed));
        }
        Err(match local.to_ascii_lowercase().as_str() {
            "html" | "head" | "body" => "this is an HTML page, not a feed".to_owned(),
            "rss" | "rdf" => "this is an RSS feed, not Atom".to_owned(),
            "oai-pmh" => "this is an OAI-PMH answer, not Atom".to_owned(),
            _ => "this is XML, but no Atom feed".to_owned(),
        })
    }

    fn child(parent: Element, space: Space, local: &str) -> Node<Element, Field> {
        match (parent, space, local) {
            (Element::Entry, Space::Atom, "author") => Node::Element(Element::Author),
            (Element::Author, Space::Atom, "name") => Node::Text(Field::Name),
            (Element::Author, Space::Arxiv, "affiliation") => Node::Text(Field::Affiliation),
            (Element::Entry, Space::Atom, "id") => Node::Text(Field::Id),
            (Element::Entry, Space::Atom, "title") => Node::Text(Field::Title),
            (Element::Entry, Space::Atom, "updated") => Node::Text(Field::Updated),
            (Element::Entry, Space::Atom, "published") => Node::Text(Field::Published),
            (Element::Entry, Space::Atom, "summary") => Node::Text(Field::Summary),
            (Element::Entry, Space::Atom, "category") => Node::Element(Element::Category),
            (Element::Entry, Space::Arxiv, "primary_category") => Node::Element(Element::PrimaryCategory),
            (Element::Entry, Space::Arxiv, "comment") => Node::Text(Field::Comment),
            (Element::Entry, Space::Arxiv, "journal_ref") => Node::Text(Field::JournalRef),
            (Element::Entry, Space::Arxiv, "doi") => Node::Text(Field::Doi),
            (Element::Feed, Space::Atom, "entry") => Node::Element(Element::Entry),
            (Element::Feed, Space::OpenSearch, "totalResults") => Node::Text(Field::Total),
            _ => Node::Skip,
        }
    }

    fn begin(&mut self, element: Element, tag: &BytesStart<'_>) -> Result<(), String> {
        match (element, &mut self.entry) {
            (Element::Entry, _) => self.begin_entry(),
            (Element::Author, Some(entry)) => entry.begin_author(),
            (Element::Category, Some(entry)) => term(tag)?.map_or(Ok(()), |term| entry.add_term(term)),
            (Element::PrimaryCategory, Some(entry)) => {
                if let Some(term) = term(tag)? {
                    entry.set_primary(term);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, field: Field, text: &str) -> Result<(), String> {
        match (field, &mut self.entry) {
            (Field::Total, _) => self.feed.total = text.trim().parse().ok(),
            (_, Some(entry)) => entry.set(field, text)?,
            (_, None) => {}
        }
        Ok(())
    }

    fn end(&mut self, element: Element) -> Result<(), String> {
        match element {
            Element::Author => self.entry.iter_mut().for_each(Entry::end_author),
            Element::Entry => {
                if let Some(entry) = self.entry.take() {
                    entry.finish(&mut self.feed);
                }
            }
            Element::Feed | Element::Category | Element::PrimaryCategory => {}
        }
        Ok(())
    }

    /// What is wrong within an entry costs it alone.
    fn fault(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.entry {
            Some(entry) => {
                entry.spoil(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    fn finish(self) -> Result<Feed, String> {
        Ok(self.feed)
    }
}

impl FeedReader {
    fn begin_entry(&mut self) -> Result<(), String> {
        if self.feed.papers.len() + self.feed.unreadable.len() == MAX_ENTRIES {
            return Err(format!("the feed has more than {MAX_ENTRIES} entries"));
        }
        self.entry = Some(Entry::default());
        Ok(())
    }
}

fn term(tag: &BytesStart<'_>) -> Result<Option<String>, String> {
    let value = xml::attribute(tag, "term")?;
    Ok(value.map(|value| squeeze(&value)).filter(|term| !term.is_empty()))
}
