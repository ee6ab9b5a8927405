//! Maps the elements of a feed of announcements to the fields of its items.

use quick_xml::events::{BytesRef, BytesStart};

use super::item::{Channel, FeedItem, ItemField};
use super::{AnnouncementFeed, MAX_ITEMS};
use crate::arxiv::xml::space::Space;
use crate::arxiv::xml::walk::{DocumentName, DocumentReader, Node};
use crate::arxiv::xml::{self, squeeze};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RssElement {
    /// `rss`, around the channel.
    Rss,
    /// `channel`, or Atom's `feed`.
    Channel,
    SkipDays,
    /// `item`, or Atom's `entry`.
    Item,
}

#[derive(Default)]
pub(super) struct RssReader {
    channel: Channel,
    item: Option<FeedItem>,
    feed: AnnouncementFeed,
    has_channel: bool,
}

impl DocumentReader for RssReader {
    type Element = RssElement;
    type Field = ItemField;
    type Output = AnnouncementFeed;

    const NAME: DocumentName = DocumentName::FEED;
    const HAS_NAMESPACES: bool = true;

    fn root(&mut self, _: Space, local: &str) -> Result<Node<RssElement, ItemField>, String> {
        match local.to_ascii_lowercase().as_str() {
            "rss" => Ok(Node::Element(RssElement::Rss)),
            "feed" => Ok(Node::Element(RssElement::Channel)),
            "html" | "head" | "body" => Err("this is an HTML page, no feed".to_owned()),
            "rdf" => Err("this is RSS 1.0, which arXiv no longer serves".to_owned()),
            _ => Err("this is XML, but no feed".to_owned()),
        }
    }

    /// RSS's own elements have no namespace; the default namespace is read as Atom's.
    fn child(parent: RssElement, space: Space, local: &str) -> Node<RssElement, ItemField> {
        let field = match (parent, space, local) {
            (RssElement::Rss, Space::Atom, "channel") => return Node::Element(RssElement::Channel),
            (RssElement::Channel, Space::Atom, "item" | "entry") => return Node::Element(RssElement::Item),
            (RssElement::Channel, Space::Atom, "skipDays") => return Node::Element(RssElement::SkipDays),
            (RssElement::SkipDays, Space::Atom, "day") => ItemField::SkipDay,
            (RssElement::Channel, Space::Atom, "title") => ItemField::Title,
            (RssElement::Channel, Space::Atom, "description" | "subtitle") => ItemField::Description,
            (RssElement::Channel, Space::Atom, "pubDate") => ItemField::Date,
            (RssElement::Channel, Space::Atom, "lastBuildDate" | "updated") => ItemField::Built,
            (RssElement::Item, Space::Atom, "title") => ItemField::Title,
            (RssElement::Item, Space::Atom, "description" | "summary") => ItemField::Description,
            (RssElement::Item, Space::Atom, "guid" | "id") => ItemField::Guid,
            (RssElement::Item, Space::Atom, "category") => ItemField::Category,
            (RssElement::Item, Space::Atom, "pubDate" | "published") => ItemField::Date,
            (RssElement::Item, Space::Arxiv, "announce_type") => ItemField::AnnounceType,
            (RssElement::Item, Space::Arxiv, "DOI") => ItemField::Doi,
            (RssElement::Item, Space::Arxiv, "journal_reference") => ItemField::JournalReference,
            (RssElement::Item, Space::Dc, "rights") => ItemField::Rights,
            (RssElement::Item, Space::Dc, "creator") => ItemField::Creator,
            _ => return Node::Skip,
        };
        Node::Text(field)
    }

    fn begin(&mut self, element: RssElement, _: &BytesStart<'_>) -> Result<(), String> {
        match element {
            RssElement::Channel => self.has_channel = true,
            RssElement::Item => self.begin_item()?,
            RssElement::Rss | RssElement::SkipDays => {}
        }
        Ok(())
    }

    fn begin_text(&mut self, field: ItemField, tag: &BytesStart<'_>) -> Result<(), String> {
        // Atom has the category in an attribute.
        if let (ItemField::Category, Some(item)) = (field, &mut self.item)
            && let Some(term) = xml::attribute(tag, "term")?
        {
            item.add_category(&squeeze(&term));
        }
        Ok(())
    }

    fn set(&mut self, field: ItemField, text: &str) -> Result<(), String> {
        match &mut self.item {
            Some(item) => item.set(field, text),
            None => self.channel.set(field, text),
        }
        Ok(())
    }

    fn end(&mut self, element: RssElement) -> Result<(), String> {
        if element == RssElement::Item
            && let Some(item) = self.item.take()
        {
            item.finish(&mut self.feed);
        }
        Ok(())
    }

    /// An error within an item affects that item alone.
    fn recover(&mut self, reason: String, at: u64) -> Result<(), String> {
        match &mut self.item {
            Some(item) => {
                item.set_error(format!("{reason}, at byte {at}"));
                Ok(())
            }
            None => Err(reason),
        }
    }

    fn unknown_reference(&mut self, _: &BytesRef<'_>, reason: String) -> Result<String, String> {
        match &mut self.item {
            Some(item) => {
                item.set_error(reason);
                Ok(String::new())
            }
            None => Err(reason),
        }
    }

    fn finish(mut self) -> Result<AnnouncementFeed, String> {
        if !self.has_channel {
            return Err("the feed has no channel".to_owned());
        }
        self.channel.finish(&mut self.feed);
        Ok(self.feed)
    }
}

impl RssReader {
    fn begin_item(&mut self) -> Result<(), String> {
        if self.feed.announcements.len() + self.feed.unreadable.len() == MAX_ITEMS {
            return Err(format!("the feed has more than {MAX_ITEMS} items"));
        }
        self.item = Some(FeedItem::default());
        Ok(())
    }
}
