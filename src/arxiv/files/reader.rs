//! One answer on its way into a `.part`.

use std::io::{self, Cursor};
use std::ops::ControlFlow;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_RANGE, RANGE, TRANSFER_ENCODING,
};

use super::form::Form;
use super::page::{self, Refusal};
use super::part::{Note, Part};
use crate::model::file_kind::FileKind;
use crate::net::{BodyTarget, Handler, Response, ResponseError};

/// How the asking ended.
pub(super) enum Ended {
    /// All is there.
    Whole,
    /// What came does not fit what was there: all has to come again.
    Again,
    /// A page in place of the file.
    Page(Refusal),
}

/// Takes a file into a `.part`.
pub(super) struct Taking<'a, P> {
    part: &'a mut Part,
    kind: FileKind,
    progress: P,
    answer: Seen,
    /// Why the disk would not have it.
    pub(super) failure: Option<io::Error>,
}

/// What the head of the answer said.
enum Seen {
    /// A page, or nothing yet.
    Page,
    /// A body of the file comes.
    File { announced: bool },
    /// There is nothing more to come.
    Full,
    /// It is not what was asked for.
    Misfit,
}

impl<'a, P: FnMut(u64, Option<u64>)> Taking<'a, P> {
    pub(super) fn new(part: &'a mut Part, kind: FileKind, progress: P) -> Self {
        Self {
            part,
            kind,
            progress,
            answer: Seen::Page,
            failure: None,
        }
    }

    /// A whole file comes, unless it is a page.
    fn whole(&mut self, headers: &HeaderMap) -> Seen {
        let kind = text(headers, CONTENT_TYPE).to_ascii_lowercase();
        if self.kind != FileKind::Html && kind.starts_with("text/") {
            return Seen::Page;
        }
        let length = text(headers, CONTENT_LENGTH).parse().ok();
        let note = Note {
            url: self.part.url().to_owned(),
            etag: Some(text(headers, ETAG).to_owned()).filter(|etag| is_strong(etag)),
            length,
        };
        match self.part.restart(Some(note)) {
            Ok(()) => Seen::File {
                announced: length.is_some() || headers.contains_key(TRANSFER_ENCODING),
            },
            Err(super::Error::File { error, .. }) => self.fail(error),
            Err(_) => Seen::Misfit,
        }
    }

    /// The rest comes, if it is the rest of what is there.
    fn rest(&self, headers: &HeaderMap) -> Seen {
        let Some(note) = self.part.resumable() else {
            return Seen::Misfit;
        };
        let have = self.part.length();
        let range = content_range(text(headers, CONTENT_RANGE));
        let fits = range.is_some_and(|(first, last, total)| {
            first == have
                && last >= first
                && last + 1 == total
                && note.length.is_none_or(|known| known == total)
        });
        let length = text(headers, CONTENT_LENGTH).parse::<u64>().ok();
        let long = length.is_none_or(|length| range.is_some_and(|(first, _, total)| first + length == total));
        if fits && long && self.same(headers) {
            Seen::File { announced: true }
        } else {
            Seen::Misfit
        }
    }

    /// No byte is beyond what is there: then all of it is, if it has the length of the whole.
    fn beyond(&self, headers: &HeaderMap) -> Seen {
        let total = text(headers, CONTENT_RANGE)
            .strip_prefix("bytes */")
            .and_then(|total| total.parse::<u64>().ok());
        let full = total == Some(self.part.length()) && self.part.resumable().is_some();
        if full && self.same(headers) {
            Seen::Full
        } else {
            Seen::Misfit
        }
    }

    /// Whether the answer is of the file that was begun, as far as it says.
    fn same(&self, headers: &HeaderMap) -> bool {
        let etag = text(headers, ETAG);
        etag.is_empty() || self.part.resumable().and_then(|note| note.etag.as_deref()) == Some(etag)
    }

    /// Whether an answer that says neither its length nor where it ends broke off: then the file lacks its end.
    fn broke_off(&mut self) -> Result<bool, super::Error> {
        let kind = self.kind;
        self.part.reading(|file| match Form::of(file, kind)? {
            Ok(form) => Ok(!form.ends(file)?),
            // It is none to begin with.
            Err(_) => Ok(false),
        })
    }

    /// Takes a file that was called a page; false where it is one.
    fn take_held(&mut self, bytes: &[u8]) -> Result<bool, super::Error> {
        let form = Form::of(&mut Cursor::new(bytes), self.kind);
        if !form.is_ok_and(|form| form.is_ok_and(Form::is_no_text)) {
            return Ok(false);
        }
        let note = Note {
            url: self.part.url().to_owned(),
            etag: None,
            length: Some(bytes.len() as u64),
        };
        self.part.restart(Some(note))?;
        self.part.push(bytes).map_err(|error| self.part.error(error))?;
        Ok(true)
    }

    /// What came of work on the `.part`, where the disk allowed it.
    fn done(&mut self, done: Result<bool, super::Error>) -> bool {
        done.unwrap_or_else(|error| {
            if let super::Error::File { error, .. } = error {
                self.failure = Some(error);
            }
            false
        })
    }

    fn fail(&mut self, error: io::Error) -> Seen {
        self.failure = Some(error);
        Seen::Misfit
    }

    fn tell(&mut self) {
        let total = self.part.note().and_then(|note| note.length);
        (self.progress)(self.part.length(), total);
    }
}

impl<P: FnMut(u64, Option<u64>)> Handler for Taking<'_, P> {
    type Output = Ended;

    fn headers(&self) -> HeaderMap {
        // Encoded, the length, the ranges and the sum would be those of something else.
        let mut headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let etag = self.part.resumable().and_then(|note| note.etag.as_deref());
        let range = format!("bytes={}-", self.part.length());
        if let Some(etag) = etag
            && let (Ok(etag), Ok(range)) = (HeaderValue::from_str(etag), HeaderValue::from_str(&range))
        {
            headers.insert(IF_RANGE, etag);
            headers.insert(RANGE, range);
        }
        headers
    }

    fn start(&mut self, status: u16, headers: &HeaderMap) -> BodyTarget {
        self.answer = match status {
            200 => self.whole(headers),
            206 => self.rest(headers),
            416 => self.beyond(headers),
            _ => Seen::Page,
        };
        match self.answer {
            Seen::Page => BodyTarget::Memory,
            Seen::Full | Seen::Misfit => BodyTarget::Discard,
            Seen::File { .. } => {
                self.tell();
                BodyTarget::Handler
            }
        }
    }

    fn chunk(&mut self, piece: &[u8]) -> ControlFlow<()> {
        if let Err(error) = self.part.push(piece) {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        self.tell();
        ControlFlow::Continue(())
    }

    fn accepts_status(&self, status: u16) -> bool {
        matches!(status, 400..=500) && !matches!(status, 408 | 425 | 429)
    }

    fn finish(&mut self, response: &Response) -> Result<Ended, ResponseError> {
        match self.answer {
            Seen::Full => Ok(Ended::Whole),
            Seen::Misfit => Ok(Ended::Again),
            Seen::Page => {
                if response.status == 200 {
                    let taken = self.take_held(&response.body);
                    if self.done(taken) {
                        return Ok(Ended::Whole);
                    }
                }
                let refusal = page::refusal(response.status, &response.body, self.kind);
                // A page that says why is final whatever its status; one that does not may be a server's bad moment.
                if response.status == 500 && !refusal.explained {
                    return Err(ResponseError::Transient("arXiv answered 500".to_owned()));
                }
                Ok(Ended::Page(refusal))
            }
            Seen::File { announced } => {
                let have = self.part.length();
                match self.part.note().and_then(|note| note.length) {
                    Some(length) if have < length => Err(ResponseError::Transient(format!(
                        "the answer broke off after {have} of {length} bytes"
                    ))),
                    Some(length) if have > length => Ok(Ended::Again),
                    None if !announced => {
                        let broke_off = self.broke_off();
                        if self.done(broke_off) {
                            return Err(ResponseError::Transient(
                                "the answer broke off, and did not say how long it is".to_owned(),
                            ));
                        }
                        Ok(Ended::Whole)
                    }
                    _ => Ok(Ended::Whole),
                }
            }
        }
    }
}

/// `"abc"`, and not `W/"abc"`: only a strong one promises the same bytes (RFC 9110, 8.8.1).
fn is_strong(etag: &str) -> bool {
    etag.len() >= 2 && etag.starts_with('"') && etag.ends_with('"')
}

/// `bytes 5-9/10`: the first and last byte, and how many there are.
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        // One less than the greatest, so that a byte can follow.
        digits.parse().ok().filter(|number| plain && *number < u64::MAX)
    };
    Some((number(first)?, number(last)?, number(total)?))
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_is_read_strictly() {
        assert_eq!(content_range("bytes 5-9/10"), Some((5, 9, 10)));
        for wrong in [
            "",
            "bytes 5-9",
            "bytes 5-9/*",
            "bytes */10",
            "5-9/10",
            "bytes +5-9/10",
            "bytes 5-/10",
            "bytes 5-9/18446744073709551615",
            "bits 5-9/10",
            "bytes 5-9/10, 11-12/13",
        ] {
            assert_eq!(content_range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_strong_etag_is_believed() {
        assert!(is_strong("\"abc\"") && is_strong("\"\""));
        assert!(!is_strong("W/\"abc\"") && !is_strong("abc") && !is_strong("\"") && !is_strong(""));
    }
}
