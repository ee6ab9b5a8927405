//! The last response of a feed, so that an unchanged one is not sent again, and what was last shown of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::app::{digest, output};
use crate::arxiv::rss::{self, AnnouncementFeed};
use crate::error::Error;
use crate::model::announcement::{AnnounceType, Announcement};

/// Bytes read of a cached feed: the client accepts no larger response.
const MAX_BYTES: u64 = 64 << 20;

/// The cached response of a URL: the `ETag` on the first line, then the body.
pub(super) struct FeedCache(PathBuf);

/// A cached feed.
pub(super) struct CachedFeed {
    /// Its `ETag`.
    pub(super) etag: String,
    /// The parsed response.
    pub(super) feed: AnnouncementFeed,
}

/// The papers of the feed that was shown last.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct ShownFeed {
    /// The day of the feed.
    pub(super) day: NaiveDate,
    /// The new papers' identifiers with their versions; those of all papers if there were no new ones.
    pub(super) ids: BTreeSet<String>,
}

impl ShownFeed {
    /// The papers by which a stale feed is recognized.
    pub(super) fn of(feed: &AnnouncementFeed, day: NaiveDate) -> Self {
        let id = |announcement: &Announcement| {
            let paper = &announcement.paper;
            let id = paper
                .version
                .map_or(paper.id, |version| paper.id.with_version(version));
            id.to_string()
        };
        let new = feed
            .announcements
            .iter()
            .filter(|one| one.announce_type == AnnounceType::New);
        let mut ids: BTreeSet<String> = new.map(id).collect();
        if ids.is_empty() {
            ids = feed.announcements.iter().map(id).collect();
        }
        Self { day, ids }
    }

    /// Whether a feed of a later day has only papers that this one had: arXiv's feeds were stale for days at times.
    pub(super) fn is_repeated_by(&self, later: &Self) -> bool {
        self.day < later.day && !later.ids.is_empty() && later.ids.is_subset(&self.ids)
    }
}

impl FeedCache {
    /// The cache of this URL's feed. The URL may contain a password, so the file is named by its digest.
    pub(super) fn of(cache_dir: &Path, url: &str) -> Self {
        Self(cache_dir.join("rss").join(&digest::of_text(url)[..32]))
    }

    /// Returns the cached feed, or `None` if there is none that can be read.
    pub(super) fn read(&self) -> Option<CachedFeed> {
        let mut bytes = Vec::new();
        let file = File::open(&self.0).ok()?;
        file.take(MAX_BYTES + 1024).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (etag, body) = bytes.split_at_checked(end)?;
        let etag = std::str::from_utf8(etag)
            .ok()
            .filter(|etag| is_valid_etag(etag))?;
        let feed = rss::parse(body.get(1..)?).ok()?;
        Some(CachedFeed {
            etag: etag.to_owned(),
            feed,
        })
    }

    /// Replaces the cached feed.
    pub(super) fn write(&self, etag: &str, body: &[u8]) -> Result<(), Error> {
        if !is_valid_etag(etag) {
            return Ok(());
        }
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file("make", folder, &error))?;
        }
        output::replace(&self.0, &[etag.as_bytes(), b"\n", body].concat())
    }

    /// Returns what was shown last, or `None` if that is not known.
    pub(super) fn shown(&self) -> Option<ShownFeed> {
        let mut bytes = Vec::new();
        let file = File::open(self.shown_path()).ok()?;
        file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (day, ids) = text.split_once('\n')?;
        Some(ShownFeed {
            day: day.parse().ok()?,
            ids: ids.lines().map(str::to_owned).collect(),
        })
    }

    /// Stores what was shown: the day on the first line, then an identifier a line.
    pub(super) fn write_shown(&self, shown: &ShownFeed) -> Result<(), Error> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file("make", folder, &error))?;
        }
        let mut text = shown.day.to_string();
        for id in &shown.ids {
            text.push('\n');
            text.push_str(id);
        }
        output::replace(&self.shown_path(), text.as_bytes())
    }

    fn shown_path(&self) -> PathBuf {
        self.0.with_added_extension("shown")
    }
}

/// Whether an `ETag` can be sent in a header.
fn is_valid_etag(etag: &str) -> bool {
    !etag.is_empty() && etag.len() < 1000 && etag.bytes().all(|byte| byte.is_ascii_graphic())
}
