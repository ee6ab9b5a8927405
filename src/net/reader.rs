//! What asks for an answer, and makes something of it.

use std::ops::ControlFlow;

use reqwest::header::HeaderMap;

use super::{Answer, Request};

/// What a reader of an answer makes of it when it is not what was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Worth another try: a page that is not the feed, a feed that breaks off.
    Transient(String),
    /// Final: arXiv understood and refused; its words.
    Refused(String),
    /// Final: what came breaks the rules, and would again.
    Unreadable(String),
}

/// Where the body of an answer goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
    /// Into memory, for [`Reader::read`], within the limits of a page.
    Held,
    /// To [`Reader::take`], piece by piece, for as long as bytes flow.
    Taken,
    /// Nowhere: the head has said enough.
    Left,
}

/// What asks for an answer, and makes something of it.
pub trait Reader {
    /// What it makes of the answer.
    type Found;

    /// The headers that the next request goes out with. `Accept-Encoding` among them turns off the client's own.
    fn headers(&self) -> HeaderMap {
        HeaderMap::new()
    }

    /// An answer that is no redirect has begun.
    fn begin(&mut self, _status: u16, _headers: &HeaderMap) -> Body {
        Body::Held
    }

    /// A piece of a body that is taken; `Break` ends the asking with [`Error::Stopped`](super::Error::Stopped).
    fn take(&mut self, _piece: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether answers of this status, which is not 2xx, are read like those that are.
    fn knows(&self, _status: u16) -> bool {
        false
    }

    /// The answer is whole; its body is empty where it was not held.
    fn read(&mut self, answer: &Answer) -> Result<Self::Found, Fault>;
}

/// Sends a request, and reads its answer, which is held, by a function.
pub(super) struct Held<'a, F> {
    pub(super) request: &'a Request<'a>,
    pub(super) read: F,
}

impl<T, F: FnMut(&Answer) -> Result<T, Fault>> Reader for Held<'_, F> {
    type Found = T;

    fn headers(&self) -> HeaderMap {
        self.request.header_map()
    }

    fn knows(&self, status: u16) -> bool {
        status == 304 && self.request.is_conditional()
    }

    fn read(&mut self, answer: &Answer) -> Result<T, Fault> {
        (self.read)(answer)
    }
}
