//! What arXiv sends: any bytes give papers or an error.

use arxcat::arxiv::{atom, oai, rss};

/// An answer of the query API.
pub fn atom(bytes: &[u8]) {
    let _ = atom::parse(bytes);
}

/// A page of OAI-PMH, in whichever metadata form it claims to have.
pub fn oai(bytes: &[u8]) {
    let _ = oai::parse(bytes);
}

/// A day's announcements, as RSS or Atom.
pub fn rss(bytes: &[u8]) {
    let _ = rss::parse(bytes);
}
