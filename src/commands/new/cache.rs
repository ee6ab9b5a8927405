//! The last answer of a feed, so that an unchanged one is not sent again.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::app::{digest, output};
use crate::arxiv::rss::{self, AnnouncementFeed};
use crate::error::Error;

/// A feed held is never larger: what the client takes at most.
const MOST_BYTES: u64 = 64 << 20;

/// A feed's place among what can be lost without loss: its name on the first line, its bytes behind.
pub(super) struct Cache(PathBuf);

/// A feed that is held.
pub(super) struct Held {
    /// arXiv's name for it.
    pub(super) etag: String,
    /// What it says.
    pub(super) feed: AnnouncementFeed,
}

impl Cache {
    /// The place of this URL's feed. The URL may hold a password, so the file is called by its digest.
    pub(super) fn of(cache_dir: &Path, url: &str) -> Self {
        Self(cache_dir.join("rss").join(&digest::of_text(url)[..32]))
    }

    /// What is held, if it can still be read.
    pub(super) fn read(&self) -> Option<Held> {
        let mut bytes = Vec::new();
        let file = File::open(&self.0).ok()?;
        file.take(MOST_BYTES + 1024).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (etag, body) = bytes.split_at_checked(end)?;
        let etag = std::str::from_utf8(etag).ok().filter(|etag| is_name(etag))?;
        let feed = rss::parse(body.get(1..)?).ok()?;
        Some(Held {
            etag: etag.to_owned(),
            feed,
        })
    }

    /// Holds a feed in place of the last one.
    pub(super) fn write(&self, etag: &str, body: &[u8]) -> Result<(), Error> {
        if !is_name(etag) {
            return Ok(());
        }
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file("make", folder, &error))?;
        }
        output::replace(&self.0, &[etag.as_bytes(), b"\n", body].concat())
    }
}

/// Whether this can be sent back as it is.
fn is_name(etag: &str) -> bool {
    !etag.is_empty() && etag.len() < 1000 && etag.bytes().all(|byte| byte.is_ascii_graphic())
}
