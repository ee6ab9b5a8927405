//! An announcement: a paper on the day arXiv tells of it.

use super::paper::Paper;

/// A paper, and as what arXiv announces it.
#[derive(Clone, PartialEq, Debug)]
pub struct Announcement {
    /// The paper, with its version.
    pub paper: Paper,
    /// As what it is announced, in the feed it was found in.
    pub announce_type: AnnounceType,
}

/// As what a paper is announced. In arXiv's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AnnounceType {
    /// A new paper.
    New,
    /// A new paper of another category, or one that has now been listed here too.
    Cross,
    /// A new version.
    Replace,
    /// A new version of another category's paper.
    ReplaceCross,
}

impl AnnounceType {
    /// Reads what arXiv writes: `new`, `cross`, `replace`, `replace-cross`.
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

    /// The group it is shown in.
    #[must_use]
    pub fn group(self) -> AnnouncementGroup {
        match self {
            Self::New => AnnouncementGroup::New,
            Self::Cross => AnnouncementGroup::Cross,
            Self::Replace | Self::ReplaceCross => AnnouncementGroup::Replace,
        }
    }
}

/// A group of announcements, in the order they are shown.
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
