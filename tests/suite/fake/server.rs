//! Plain HTTP/1.1, a thread for each connection, one request on each.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Page, Request, State, Trouble, feed, files, lock, rss};

const ATOM: &str = "application/atom+xml; charset=utf-8";

/// Takes connections until stopped.
pub fn accept(listener: &TcpListener, state: &Arc<Mutex<State>>, stopped: &AtomicBool) {
    for stream in listener.incoming() {
        if stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let began = Instant::now();
        let state = Arc::clone(state);
        std::thread::spawn(move || serve(stream, began, &state));
    }
}

/// A connection being answered.
pub struct Connection<'a> {
    stream: TcpStream,
    pub state: &'a Mutex<State>,
    /// The request's place in the record.
    number: usize,
}

fn serve(stream: TcpStream, began: Instant, state: &Mutex<State>) {
    let Some(request) = read_request(&stream, began) else {
        return;
    };
    let (number, trouble) = {
        let mut state = lock(state);
        state.requests.push(request.clone());
        state.open += 1;
        state.most_open = state.most_open.max(state.open);
        let trouble = state.script.pop_front().or_else(|| state.always.clone());
        (state.requests.len() - 1, trouble.unwrap_or(Trouble::None))
    };
    Connection {
        stream,
        state,
        number,
    }
    .answer(&request, &trouble);
}

fn read_request(stream: &TcpStream, began: Instant) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let target = first.strip_prefix("GET ")?.strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let params = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    Some(Request {
        began,
        ended: None,
        path: path.to_owned(),
        params,
        headers,
        target,
    })
}

/// `+` and `%XX` undone.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let escape = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], escape) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Connection<'_> {
    fn answer(mut self, request: &Request, trouble: &Trouble) {
        if matches!(trouble, Trouble::None) && files::answer(&mut self, request) {
            return;
        }
        let plain =
            |status: u16, content_type: &str, body: &[u8]| head(status, content_type, body.len(), "", body);
        match trouble {
            Trouble::Status(status, retry_after) => {
                let extra = retry_after
                    .as_ref()
                    .map_or_else(String::new, |value| format!("retry-after: {value}\r\n"));
                let body = b"no feed";
                self.finish(&head(*status, "text/plain", body.len(), &extra, body));
            }
            Trouble::RateExceeded(status) => self.finish(&plain(*status, "text/plain", b"Rate exceeded.")),
            Trouble::Html(status) => {
                let page = b"<!DOCTYPE html><html><head><title>arXiv</title></head><body>Busy.</body></html>";
                self.finish(&plain(*status, "text/html; charset=utf-8", page));
            }
            Trouble::Body(status, content_type, body) => self.finish(&plain(*status, content_type, body)),
            Trouble::ErrorFeed(status, code, words) => {
                let (status, xml) = feed::error(*status, code, words);
                self.finish(&plain(status, ATOM, xml.as_bytes()));
            }
            Trouble::Redirect(location) => self.redirect(location),
            Trouble::RedirectToItself => self.redirect(&request.target),
            Trouble::Close => self.finish(b""),
            Trouble::Stall(time) => {
                if self.client_stays(*time) {
                    self.finish(&self.orderly(request, trouble));
                }
            }
            _ => self.feed(request, trouble),
        }
    }

    /// The troubles that are about the body of the right answer.
    fn feed(mut self, request: &Request, trouble: &Trouble) {
        let whole = self.orderly(request, trouble);
        let body_at = whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = &whole[body_at..];
        let half = body_at + body.len() / 2;
        match trouble {
            Trouble::CutShort => self.finish(&head(200, ATOM, body.len() / 2, "", &whole[body_at..half])),
            Trouble::CutOff => self.finish(&whole[..half]),
            Trouble::CutChunks => {
                let mut answer =
                    b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n".to_vec();
                answer.extend(format!("content-type: {ATOM}\r\n\r\n{:x}\r\n", body.len() / 2).bytes());
                answer.extend_from_slice(&whole[body_at..half]);
                answer.extend_from_slice(b"\r\n");
                self.finish(&answer);
            }
            Trouble::StallInside(time) => {
                if self.send(&whole[..half]) && self.client_stays(*time) {
                    self.finish(&whole[half..]);
                }
            }
            Trouble::Drip(time) => {
                let mut pieces: Vec<&[u8]> = body.chunks(body.len().div_ceil(10)).collect();
                let last = pieces.pop().unwrap_or_default();
                let mut stays = self.send(&whole[..body_at]);
                for piece in pieces {
                    stays = stays && self.send(piece) && self.client_stays(*time);
                }
                if stays {
                    self.finish(last);
                }
            }
            Trouble::Gzip => {
                let packed = stored_gzip(body);
                self.finish(&head(
                    200,
                    ATOM,
                    packed.len(),
                    "content-encoding: gzip\r\n",
                    &packed,
                ));
            }
            _ => self.finish(&whole),
        }
    }

    /// The right answer, as far as the trouble is not in the feed itself.
    fn orderly(&self, request: &Request, trouble: &Trouble) -> Vec<u8> {
        let (papers, page, announced) = {
            let state = lock(self.state);
            let page = state.pages.get(&request.path).cloned();
            (Arc::clone(&state.papers), page, state.announced.clone())
        };
        if let (None, Some(announced), Some(codes)) = (&page, announced, request.path.strip_prefix("/rss/")) {
            let (status, xml) = rss::answer(&announced, codes);
            let etag = rss::etag(&xml);
            if status == 200 && request.header("if-none-match") == Some(&etag) {
                return head(304, "text/xml", 0, &format!("etag: {etag}\r\n"), b"");
            }
            let extra = format!("etag: {etag}\r\n");
            return head(status, "application/rss+xml", xml.len(), &extra, xml.as_bytes());
        }
        let Page {
            status,
            content_type,
            body,
        } = match page {
            Some(page) => page,
            None if request.path == "/api/query" => {
                let (status, xml) = feed::answer(&papers, request, trouble);
                Page {
                    status,
                    content_type: ATOM.to_owned(),
                    body: xml.into_bytes(),
                }
            }
            None if request.path == "/oai" => {
                let body = lock(self.state).oai().answer(request);
                return head(200, "text/xml; charset=utf-8", body.len(), "", &body);
            }
            None => Page {
                status: 404,
                content_type: "text/html; charset=utf-8".to_owned(),
                body: b"<!DOCTYPE html><html><body>Not found</body></html>".to_vec(),
            },
        };
        head(status, &content_type, body.len(), "", &body)
    }

    fn redirect(&mut self, location: &str) {
        self.finish(&head(
            301,
            "text/html",
            0,
            &format!("location: {location}\r\n"),
            b"",
        ));
    }

    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream
            .write_all(bytes)
            .and_then(|()| self.stream.flush())
            .is_ok()
    }

    /// The last bytes. The end is noted before they leave, so that it is never later than the client sees it.
    pub fn finish(&mut self, bytes: &[u8]) {
        self.over();
        self.send(bytes);
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Waits so long, or until the client leaves.
    pub fn client_stays(&mut self, time: Duration) -> bool {
        let _ = self
            .stream
            .set_read_timeout(Some(time.max(Duration::from_millis(1))));
        // Nothing more is expected of the client: reading ends with the time or with the connection.
        let gone = !matches!(
            self.stream.peek(&mut [0]),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
        );
        if gone {
            self.over();
        }
        !gone
    }

    fn over(&mut self) {
        let mut state = lock(self.state);
        let request = &mut state.requests[self.number];
        if request.ended.is_none() {
            request.ended = Some(Instant::now());
            state.open -= 1;
        }
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.over();
    }
}

/// An answer whose announced length is `length`.
fn head(status: u16, content_type: &str, length: usize, extra: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 {status} Status\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         {extra}\r\n"
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// gzip without compression (RFC 1952 around RFC 1951's stored blocks): for the decoder it is all the same.
fn stored_gzip(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = u16::try_from(block.len()).unwrap();
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let crc = !data.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    out.extend(crc.to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    out
}
