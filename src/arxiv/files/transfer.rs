//! Receives a response into a `.part`.

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_RANGE, RANGE, TRANSFER_ENCODING,
};

use super::file_type::FileType;
use super::partial_file::{PartialFile, Sidecar};
use super::refusal::{self, FileRefusal};
use crate::arxiv::denial;
use crate::model::file_kind::FileKind;
use crate::net::{BodyTarget, Handler, Response, ResponseError};

/// How a transfer ended.
pub(super) enum TransferEnd {
    /// The file is complete.
    Complete,
    /// The response does not fit the stored part; the whole file has to be sent again.
    Mismatch,
    /// A web page was sent in place of the file.
    Page(FileRefusal),
}

/// The handler that receives a file into a `.part`.
pub(super) struct Transfer<'a, P> {
    part: &'a mut PartialFile,
    kind: FileKind,
    progress: P,
    head: Head,
    /// The error of writing the file.
    pub(super) io_error: Option<io::Error>,
}

/// What the head of the response means.
enum Head {
    /// A web page follows. Also the state before any response.
    Page,
    /// Bytes of the file follow; whether the response says where they end.
    File { has_length: bool },
    /// The stored part is already the complete file.
    AlreadyComplete,
    /// The response does not fit the request.
    Mismatch,
}

impl<'a, P: FnMut(u64, Option<u64>)> Transfer<'a, P> {
    pub(super) fn new(part: &'a mut PartialFile, kind: FileKind, progress: P) -> Self {
        Self {
            part,
            kind,
            progress,
            head: Head::Page,
            io_error: None,
        }
    }

    /// Handles 200: the whole file, unless it is a page.
    fn start_whole(&mut self, headers: &HeaderMap) -> Head {
        let kind = text(headers, CONTENT_TYPE).to_ascii_lowercase();
        if self.kind != FileKind::Html && kind.starts_with("text/") {
            return Head::Page;
        }
        let length = text(headers, CONTENT_LENGTH).parse().ok();
        let sidecar = Sidecar {
            url: self.part.url().to_owned(),
            etag: Some(text(headers, ETAG).to_owned()).filter(|etag| is_strong(etag)),
            length,
        };
        match self.part.restart(Some(sidecar)) {
            Ok(()) => Head::File {
                has_length: length.is_some() || headers.contains_key(TRANSFER_ENCODING),
            },
            Err(super::Error::File { error, .. }) => self.fail(error),
            Err(_) => Head::Mismatch,
        }
    }

    /// Handles 206: the rest, if it is the rest of the stored part.
    fn start_rest(&self, headers: &HeaderMap) -> Head {
        let Some(sidecar) = self.part.resumable() else {
            return Head::Mismatch;
        };
        let have = self.part.length();
        let range = content_range(text(headers, CONTENT_RANGE));
        let fits = range.is_some_and(|(first, last, total)| {
            first == have
                && last >= first
                && last + 1 == total
                && sidecar.length.is_none_or(|known| known == total)
        });
        let length = text(headers, CONTENT_LENGTH).parse::<u64>().ok();
        let has_right_length =
            length.is_none_or(|length| range.is_some_and(|(first, _, total)| first + length == total));
        if fits && has_right_length && self.is_same_file(headers) {
            Head::File { has_length: true }
        } else {
            Head::Mismatch
        }
    }

    /// Handles 416: there are no bytes after the stored part, which is complete if it has the whole length.
    fn start_beyond_end(&self, headers: &HeaderMap) -> Head {
        let total = text(headers, CONTENT_RANGE)
            .strip_prefix("bytes */")
            .and_then(|total| total.parse::<u64>().ok());
        let is_complete = total == Some(self.part.length()) && self.part.resumable().is_some();
        if is_complete && self.is_same_file(headers) {
            Head::AlreadyComplete
        } else {
            Head::Mismatch
        }
    }

    /// Whether the response has the `ETag` of the stored part, or none.
    fn is_same_file(&self, headers: &HeaderMap) -> bool {
        let etag = text(headers, ETAG);
        etag.is_empty() || self.part.resumable().and_then(|sidecar| sidecar.etag.as_deref()) == Some(etag)
    }

    /// Whether a response without a length or chunks broke off, in which case the file lacks its end.
    fn broke_off(&mut self) -> Result<bool, super::Error> {
        let kind = self.kind;
        self.part.inspect(|file| match FileType::detect(file, kind)? {
            Ok(file_type) => Ok(!file_type.has_end(file)?),
            // It is not such a file at all.
            Err(_) => Ok(false),
        })
    }

    /// Returns what the received bytes say if they are a page that denies access, and drops them.
    fn denial(&mut self) -> Result<Option<String>, super::Error> {
        let bytes = self.part.inspect(|file| {
            let mut bytes = Vec::new();
            file.take(denial::MAX_PAGE_BYTES as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        })?;
        let reason = denial::recognize(200, &bytes);
        if reason.is_some() {
            self.part.restart(None)?;
        }
        Ok(reason)
    }

    /// Stores a file that the response called a page; returns false if it is a page.
    fn store_from_memory(&mut self, bytes: &[u8]) -> Result<bool, super::Error> {
        let found = FileType::detect(&mut Cursor::new(bytes), self.kind);
        if !found.is_ok_and(|found| found.is_ok_and(FileType::is_binary)) {
            return Ok(false);
        }
        let sidecar = Sidecar {
            url: self.part.url().to_owned(),
            etag: None,
            length: Some(bytes.len() as u64),
        };
        self.part.restart(Some(sidecar))?;
        self.part.append(bytes).map_err(|error| self.part.error(error))?;
        Ok(true)
    }

    /// Returns the result of work on the `.part`, or records its error and returns false.
    fn or_record_error(&mut self, result: Result<bool, super::Error>) -> bool {
        result.unwrap_or_else(|error| {
            if let super::Error::File { error, .. } = error {
                self.io_error = Some(error);
            }
            false
        })
    }

    fn fail(&mut self, error: io::Error) -> Head {
        self.io_error = Some(error);
        Head::Mismatch
    }

    fn report_progress(&mut self) {
        let total = self.part.sidecar().and_then(|sidecar| sidecar.length);
        (self.progress)(self.part.length(), total);
    }
}

impl<P: FnMut(u64, Option<u64>)> Handler for Transfer<'_, P> {
    type Output = TransferEnd;

    fn headers(&self) -> HeaderMap {
        // With a content encoding, length, ranges and checksum would be those of the encoded bytes.
        let mut headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let etag = self.part.resumable().and_then(|sidecar| sidecar.etag.as_deref());
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
        self.head = match status {
            200 => self.start_whole(headers),
            206 => self.start_rest(headers),
            416 => self.start_beyond_end(headers),
            _ => Head::Page,
        };
        match self.head {
            Head::Page => BodyTarget::Memory,
            Head::AlreadyComplete | Head::Mismatch => BodyTarget::Discard,
            Head::File { .. } => {
                self.report_progress();
                BodyTarget::Handler
            }
        }
    }

    fn chunk(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        if let Err(error) = self.part.append(bytes) {
            self.io_error = Some(error);
            return ControlFlow::Break(());
        }
        self.report_progress();
        ControlFlow::Continue(())
    }

    fn accepts_status(&self, status: u16) -> bool {
        matches!(status, 400..=500) && !matches!(status, 408 | 425 | 429)
    }

    fn finish(&mut self, response: &Response) -> Result<TransferEnd, ResponseError> {
        match self.head {
            Head::AlreadyComplete => Ok(TransferEnd::Complete),
            Head::Mismatch => Ok(TransferEnd::Mismatch),
            Head::Page => {
                if response.status == 200 {
                    let stored = self.store_from_memory(&response.body);
                    if self.or_record_error(stored) {
                        return Ok(TransferEnd::Complete);
                    }
                }
                let refusal = refusal::of_page(response.status, &response.body, self.kind);
                // A page with a reason is final whatever its status; one without may be a passing error of the server.
                if response.status == 500 && !refusal.explained {
                    return Err(ResponseError::Transient("arXiv answered 500".to_owned()));
                }
                Ok(TransferEnd::Page(refusal))
            }
            Head::File { has_length } => {
                // A page with the media type of a file is not in memory, where the client would recognize it.
                match self.denial() {
                    Ok(Some(reason)) => return Err(ResponseError::Denied(reason)),
                    Ok(None) => {}
                    Err(error) => {
                        self.or_record_error(Err(error));
                    }
                }
                let have = self.part.length();
                match self.part.sidecar().and_then(|sidecar| sidecar.length) {
                    Some(length) if have < length => Err(ResponseError::Transient(format!(
                        "the answer broke off after {have} of {length} bytes"
                    ))),
                    Some(length) if have > length => Ok(TransferEnd::Mismatch),
                    None if !has_length => {
                        let broke_off = self.broke_off();
                        if self.or_record_error(broke_off) {
                            return Err(ResponseError::Transient(
                                "the answer broke off, and did not say how long it is".to_owned(),
                            ));
                        }
                        Ok(TransferEnd::Complete)
                    }
                    _ => Ok(TransferEnd::Complete),
                }
            }
        }
    }
}

/// Whether an `ETag` is strong, `"abc"` and not `W/"abc"`: only those promise identical bytes (RFC 9110, 8.8.1).
fn is_strong(etag: &str) -> bool {
    etag.len() >= 2 && etag.starts_with('"') && etag.ends_with('"')
}

/// Parses `bytes 5-9/10`: the first and the last byte, and the size of the file.
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        // Below the maximum, so that adding one cannot overflow.
        digits.parse().ok().filter(|number| plain && *number < u64::MAX)
    };
    Some((number(first)?, number(last)?, number(total)?))
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or("").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_is_parsed_strictly() {
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
    fn only_a_strong_etag_is_accepted() {
        assert!(is_strong("\"abc\"") && is_strong("\"\""));
        assert!(!is_strong("W/\"abc\"") && !is_strong("abc") && !is_strong("\"") && !is_strong(""));
    }
}
