//! What a feed's elements are, and what becomes of them.

use quick_xml::events::{BytesRef, BytesStart};

use super::item::{Channel, Field, Item};
use super::{Feed, MAX_ITEMS};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{Name, Node, Reader};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    /// `rss`, around the channel.
    Rss,
    /// `channel`, or Atom's `feed`.
    Channel,
    SkipDays,
    /// `item`, or Atom's `entry`.
    Item,
}

#[derive(Default)]
pub(super) struct FeedReader {
    channel: Channel,
    item: Option<Item>,
    feed: Feed,
    has_channel: bool,
}

impl Reader for FeedReader {
    type Element = Element;
    type Field = Field;
    type Whole = Feed;

    const NAME: Name = Name::FEED;
    const HAS_NAMESPACES: bool = true;

    fn root(&mut self, _: Space, local: &str) -> Result<Node<Element, Field>, String> {
        match local.to_ascii_lowercase().as_str() {
            "rss" => Ok(Node::Element(Element::Rss)),
            "feed" => Ok(Node::Element(Element::Channel)),
            "html" | "head" | "body" => Err("this is an HTML page, no feed".to_owned()),
            "rdf" => Err("this is RSS 1.0, which arXiv no longer serves".to_owned()),
            _ => Err("this is XML, but no feed".to_owned()),
        }
    }

    /// RSS's own elements have no namespace, which is read like Atom's.
    fn child(parent: Element, space: Space, local: &str) -> Node<Element, Field> {
        let field = match (parent, space, local) {
            (Element::Rss, Space::Atom, "channel") => return Node::Element(Element::Channel),
            (Element::Channel, Space::Atom, "item" | "entry") => return Node::Element(Element::Item),
            (Element::Channel, Space::Atom, "skipDays") => return Node::Element(Element::SkipDays),
            (Element::SkipDays, Space::Atom, "day") => Field::SkipDay,
            (Element::Channel, Space::Atom, "title") => Field::Title,
            (Element::Channel, Space::Atom, "description" | "subtitle") => Field::Description,
            (Element::Channel, Space::Atom, "pubDate") => Field::Date,
            (Element::Channel, Space::Atom, "lastBuildDate" | "updated") => Field::Built,
            (Element::Item, Space::Atom, "title") => Field::Title,
            (Element::Item, Space::Atom, "description" | "summary") => Field::Description,
            (Element::Item, Space::Atom, "guid" | "id") => Field::Guid,
            (Element::Item, Space::Atom, "category") => Field::Category,
            (Element::Item, Space::Atom, "pubDate" | "published") => Field::Date,
            (Element::Item, Space::Arxiv, "announce_type") => Field::AnnounceType,
            (Element::Item, Space::Arxiv, "DOI") => Field::Doi,
            (Element::Item, Space::Arxiv, "journal_reference") => Field::JournalReference,
            (Element::Item, Space::Dc, "rights") => Field::Rights,
            (Element::Item, Space::Dc, "creator") => Field::Creator,
            _ => return Node::Skip,
        };
        Node::Text(field)
    }

    fn begin(&mut self, element: Element, _: &BytesStart<'_>) -> Result<(), String> {
        match element {
            Element::Channel => self.has_channel = true,
            Element::Item => self.begin_item()?,
            Element::Rss | Element::SkipDays => {}
        }
        Ok(())
    }

    fn begin_text(&mut self, field: Field, tag: &BytesStart<'_>) -> Result<(), String> {
        // Atom says the category in an attribute.
        if let (Field::Category, Some(item)) = (field, &mut self.item)
            && let Some(term) = xml::attribute(tag, "term")?
        {
            item.add_category(&squeeze(&term));
        }
        Ok(())
    }

    fn set(&mut self, field: Field, text: &str) -> Result<(), String> {
        match &mut self.item {
            Some(item) => item.set(field, text),
            None => self.channel.set(field, text),
        }
        Ok(())
    }

    fn end(&mut self, element: Element) -> Result<(), String> {
        if element == Element::Item
            && let Some(item) = self.item.take()
        {
            item.finish(&mut self.feed);
        }
        Ok(())
    }

    /// What is wrong within an item costs it alone.
    fn fault(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.item {
            Some(item) => {
                item.spoil(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    /// One within an item is that paper's fault, and no other's.
    fn unknown(&mut self, _: &BytesRef<'_>, reason: String) -> Result<String, String> {
        match &mut self.item {
            Some(item) => {
                item.spoil(reason);
                Ok(String::new())
            }
            None => Err(reason),
        }
    }

    fn finish(mut self) -> Result<Feed, String> {
        if !self.has_channel {
            return Err("the feed has no channel".to_owned());
        }
        self.channel.finish(&mut self.feed);
        Ok(self.feed)
    }
}

impl FeedReader {
    fn begin_item(&mut self) -> Result<(), String> {
        if self.feed.announcements.len() + self.feed.unreadable.len() == MAX_ITEMS {
            return Err(format!("the feed has more than {MAX_ITEMS} items"));
        }
        self.item = Some(Item::default());
        Ok(())
    }
}
