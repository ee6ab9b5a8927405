//! The caller's part of a request: where the body goes, and what the response means.

use std::ops::ControlFlow;

use reqwest::header::HeaderMap;

use super::{Request, Response};

/// Why a response is not what was requested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ResponseError {
    /// Worth another try: a page that is not the feed, a feed that breaks off.
    Transient(String),
    /// Final: the service understood the request and refused it, in these words.
    Refused(String),
    /// Final: the response breaks the rules of its format, and would do so again.
    Invalid(String),
    /// The service denies access to this program, as in [`Refusal::Denied`](super::Refusal::Denied), in a body that the
    /// handler received itself.
    Denied(String),
}

/// Where the body of a response goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyTarget {
    /// Into memory, for [`Handler::finish`], within [`Limits`](super::Limits).
    Memory,
    /// To [`Handler::chunk`], piece by piece, for as long as bytes arrive.
    Handler,
    /// Nowhere, because the headers say enough.
    Discard,
}

/// Sends a request's headers and receives its response.
pub trait Handler {
    /// What a response is turned into.
    type Output;

    /// The headers of the next try. `Accept-Encoding` among them turns off the client's own decoding.
    fn headers(&self) -> HeaderMap {
        HeaderMap::new()
    }

    /// Called with the head of a response that is no redirect.
    fn start(&mut self, _status: u16, _headers: &HeaderMap) -> BodyTarget {
        BodyTarget::Memory
    }

    /// Receives a piece of a body; `Break` ends the request with [`Error::Stopped`](super::Error::Stopped).
    fn chunk(&mut self, _bytes: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether responses of this status, which is not 2xx, are read like those of 200.
    fn accepts_status(&self, _status: u16) -> bool {
        false
    }

    /// Reads the complete response; its body is empty unless it went into memory.
    fn finish(&mut self, response: &Response) -> Result<Self::Output, ResponseError>;
}

/// A request whose response is read into memory and parsed by a function.
pub(super) struct FunctionHandler<'a, F> {
    pub(super) request: &'a Request<'a>,
    pub(super) parse: F,
}

impl<T, F: FnMut(&Response) -> Result<T, ResponseError>> Handler for FunctionHandler<'_, F> {
    type Output = T;

    fn headers(&self) -> HeaderMap {
        self.request.header_map()
    }

    fn accepts_status(&self, status: u16) -> bool {
        status == 304 && self.request.is_conditional()
    }

    fn finish(&mut self, response: &Response) -> Result<T, ResponseError> {
        (self.parse)(response)
    }
}
