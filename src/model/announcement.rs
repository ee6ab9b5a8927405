//! Announcements: papers in arXiv's daily listing.

use super::paper::Paper;

/// One item of a daily listing.
#[derive(Clone, PartialEq, Debug)]
pub struct Announcement {
    /// The paper, with its version.
    pub paper: Paper,
    /// The type of the announcement in the feed.
    pub announce_type: AnnounceType,
}

/// The type of an announcement, in arXiv's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AnnounceType {
    /// A new paper.
    New,
    /// A cross-list: a paper whose primary category is another one.
    Cross,
    /// A new version.
    Replace,
    /// A new version of a cross-listed paper.
    ReplaceCross,
}

impl AnnounceType {
    /// Parses the value of `arxiv:announce_type`: `new`, `cross`, `replace`, `replace-cross`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "new" => Some(Self::New),
            "cross" => Some(Self::Cross),
            "replace" => Some(Self::Replace),
            "replace-cross" => Some(Self::ReplaceCross),
            _ => None,
        }
    }

    /// The group in which the announcement is shown.
    #[must_use]
    pub fn group(self) -> AnnouncementGroup {
        match self {
            Self::New => AnnouncementGroup::New,
            Self::Cross => AnnouncementGroup::Cross,
            Self::Replace | Self::ReplaceCross => AnnouncementGroup::Replace,
        }
    }
}

/// A group of announcements, in the order of display.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AnnouncementGroup {
    /// New papers.
    New,
    /// Papers cross-listed from elsewhere.
    Cross,
    /// New versions, cross-listed ones included.
    Replace,
}

impl AnnouncementGroup {
    /// Every group, in order.
    pub const ALL: [Self; 3] = [Self::New, Self::Cross, Self::Replace];
}
