//! Files: with ranges and entity tags as arXiv serves them, and as they have been seen to go wrong.

use std::collections::VecDeque;
use std::time::Duration;

use super::server::Connection;
use super::{Fake, Request, lock};

/// A file that is served.
#[derive(Clone)]
pub struct Served {
    pub content: Content,
    pub content_type: String,
    /// As it is sent: `"abc"`, `W/"abc"`.
    pub etag: Option<String>,
    /// What the next requests meet, one each.
    quirks: VecDeque<Quirk>,
}

/// What is in a file.
#[derive(Clone)]
pub enum Content {
    Bytes(Vec<u8>),
    /// A PDF of this many bytes, generated while it is sent.
    Endless(u64),
}

/// How serving a file goes wrong.
#[derive(Clone, Debug)]
pub enum Quirk {
    /// None.
    None,
    /// The full `Content-Length` is announced, and only this many bytes are sent.
    CutAfter(u64),
    /// Without `Content-Length`: the body ends with the connection, after this many bytes.
    Unannounced(u64),
    /// In pieces of this many bytes, with a pause between them.
    Drip(u64, Duration),
    /// Ranges are not known: the whole is sent.
    NoRanges,
    /// A 206 with this `Content-Range` in place of the right one.
    WrongRange(&'static str),
    /// A 416 with this `Content-Range`.
    Unsatisfiable(&'static str),
    /// With this `Content-Encoding`, whatever the request accepts.
    Encoded(&'static str),
}

impl Served {
    /// A file with a strong entity tag of its own content.
    pub fn new(content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let sum = bytes.iter().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
        });
        Self {
            etag: Some(format!("\"{sum:x}\"")),
            content: Content::Bytes(bytes),
            content_type: content_type.to_owned(),
            quirks: VecDeque::new(),
        }
    }

    /// A PDF of about this many bytes, whose content depends on its name.
    pub fn pdf(name: &str, length: usize) -> Self {
        let mut bytes = format!("%PDF-1.5\n% {name}\n").into_bytes();
        while bytes.len() < length {
            let line = format!("{} of {name}\n", bytes.len());
            bytes.extend(line.bytes());
        }
        bytes.extend(b"%%EOF\n");
        Self::new("application/pdf", bytes)
    }

    /// A PDF too large for memory.
    pub fn endless(length: u64) -> Self {
        Self {
            content: Content::Endless(length),
            ..Self::new("application/pdf", "")
        }
    }

    /// Another entity tag, or none.
    pub fn etag(self, etag: Option<&str>) -> Self {
        Self {
            etag: etag.map(str::to_owned),
            ..self
        }
    }

    /// The next request not yet spoken for meets this.
    pub fn next(mut self, quirk: Quirk) -> Self {
        self.quirks.push_back(quirk);
        self
    }

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Endless(_) => panic!("an endless file has no bytes in memory"),
        }
    }
}

impl Content {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Endless(length) => *length,
        }
    }

    fn piece(&self, from: u64, to: u64) -> Vec<u8> {
        let at = |byte: u64| usize::try_from(byte).unwrap();
        match self {
            Self::Bytes(bytes) => bytes[at(from)..at(to)].to_vec(),
            Self::Endless(_) => (from..to)
                .map(|byte| b"%PDF-1.5\n".get(at(byte)).copied().unwrap_or(b'x'))
                .collect(),
        }
    }
}

impl Fake {
    /// Serves a file at this path: `/pdf/2501.00001v1`.
    pub fn file(&self, path: &str, file: Served) {
        lock(&self.state).files.insert(path.to_owned(), file);
    }
}

/// What is sent, and how.
struct Plan {
    head: String,
    from: u64,
    to: u64,
    drip: Option<(u64, Duration)>,
}

/// Answers a request for a file, if there is one at its path.
pub fn answer(connection: &mut Connection<'_>, request: &Request) -> bool {
    let file = {
        let mut state = lock(connection.state);
        let Some(file) = state.files.get_mut(&request.path) else {
            return false;
        };
        let quirk = file.quirks.pop_front();
        (file.clone(), quirk.unwrap_or(Quirk::None))
    };
    let (file, quirk) = file;
    send(connection, &file, &plan(&file, &quirk, request));
    true
}

fn plan(file: &Served, quirk: &Quirk, request: &Request) -> Plan {
    let length = file.content.length();
    let etag = file.etag.as_deref();
    let mut common = format!(
        "connection: close\r\ncontent-type: {}\r\naccept-ranges: bytes\r\n",
        file.content_type
    );
    if let Some(etag) = etag {
        common = format!("{common}etag: {etag}\r\n");
    }
    if let Quirk::Encoded(coding) = quirk {
        common = format!("{common}content-encoding: {coding}\r\n");
    }
    let whole = |to: u64, announced: bool| {
        let length = if announced {
            format!("content-length: {length}\r\n")
        } else {
            String::new()
        };
        Plan {
            head: format!("HTTP/1.1 200 OK\r\n{common}{length}\r\n"),
            from: 0,
            to,
            drip: None,
        }
    };
    let unsatisfiable = |range: &str| Plan {
        head: format!(
            "HTTP/1.1 416 Range Not Satisfiable\r\n{common}content-range: {range}\r\ncontent-length: 0\r\n\r\n"
        ),
        from: 0,
        to: 0,
        drip: None,
    };
    // As arXiv's front does: a validator that is not the present strong one means the whole.
    let fits = request
        .header("if-range")
        .is_none_or(|tag| Some(tag) == etag && !tag.starts_with("W/"));
    let first = request
        .header("range")
        .and_then(|range| {
            range
                .strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse::<u64>()
                .ok()
        })
        .filter(|_| fits && !matches!(quirk, Quirk::NoRanges));
    let mut plan = match (first, quirk) {
        (_, Quirk::Unannounced(to)) => whole(*to, false),
        (_, Quirk::Unsatisfiable(range)) => unsatisfiable(range),
        (Some(first), _) if first >= length => unsatisfiable(&format!("bytes */{length}")),
        (Some(first), quirk) => {
            let right = format!("bytes {first}-{}/{length}", length - 1);
            let range = match quirk {
                Quirk::WrongRange(range) => range,
                _ => right.as_str(),
            };
            let rest = length - first;
            Plan {
                head: format!(
                    "HTTP/1.1 206 Partial Content\r\n{common}content-range: {range}\r\ncontent-length: {rest}\r\n\r\n"
                ),
                from: first,
                to: length,
                drip: None,
            }
        }
        (None, _) => whole(length, true),
    };
    match quirk {
        Quirk::CutAfter(bytes) => plan.to = plan.to.min(plan.from + bytes),
        Quirk::Drip(bytes, pause) => plan.drip = Some((*bytes, *pause)),
        _ => {}
    }
    plan
}

fn send(connection: &mut Connection<'_>, file: &Served, plan: &Plan) {
    let (size, pause) = plan.drip.unwrap_or((64 * 1024, Duration::ZERO));
    let mut at = plan.to.min(plan.from + size);
    let mut piece = plan.head.clone().into_bytes();
    piece.extend(file.content.piece(plan.from, at));
    while at < plan.to {
        if !connection.send(&piece) || (!pause.is_zero() && !connection.client_stays(pause)) {
            return;
        }
        let end = plan.to.min(at + size);
        piece = file.content.piece(at, end);
        at = end;
    }
    connection.finish(&piece);
}
