//! The client: lazily built, polite, patient and bounded.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;

use crate::model::event::Event;

/// How requests are made. Plain values, settled and checked by the caller.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the gate's lock file.
    pub state_dir: PathBuf,
    /// Between the end of one request and the start of the next.
    pub interval: Duration,
    /// The first back-off where arXiv names none; doubled at each further try.
    pub retry_base: Duration,
    /// In place of every idle time-out, where set.
    pub timeout: Option<Duration>,
    /// Give up rather than wait longer.
    pub max_wait: Option<Duration>,
    /// Added to the User-Agent: how arXiv can reach the user.
    pub contact: Option<String>,
}

/// How long a service may be silent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idle {
    /// The query API, RSS and files: 120 s.
    Api,
    /// OAI-PMH: 200 s.
    Oai,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type, lower case, without parameters; empty where there is none.
    pub content_type: String,
    /// The decoded body.
    pub body: Vec<u8>,
}

/// What a reader of an answer makes of it when it is not what was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Worth another try: a page that is not the feed, a feed that breaks off.
    Transient(String),
    /// Final: arXiv understood and refused; its words.
    Refused(String),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Every try failed.
    #[error("arXiv did not answer after {tries} tries: {why}")]
    GaveUp {
        /// How many tries were made.
        tries: u32,
        /// What the last one met.
        why: String,
    },
    /// The wait would have been longer than the user allows.
    #[error("arXiv asks to wait {} s, longer than allowed: {why}", wait.as_secs())]
    TooLong {
        /// How long it would have been.
        wait: Duration,
        /// Why.
        why: String,
    },
    /// arXiv understood the request and refused it.
    #[error("arXiv refused the request: {0}")]
    Refused(String),
    /// The client could not be built, or the URL is not one it may open.
    #[error("{0}")]
    Setup(String),
}

/// The HTTP client: built at the first request.
pub struct Client {
    _config: Config,
    _observe: Box<dyn Fn(Event)>,
    _cancelled: watch::Receiver<bool>,
}

impl Client {
    /// A client that tells what it does to `observe`, and stops when `cancelled` turns true.
    #[must_use]
    pub fn new(config: Config, observe: Box<dyn Fn(Event)>, cancelled: watch::Receiver<bool>) -> Self {
        Self {
            _config: config,
            _observe: observe,
            _cancelled: cancelled,
        }
    }

    /// Tells the observer.
    pub fn tell(&self, event: Event) {
        (self._observe)(event);
    }

    /// Gets a URL through the gate and lets `read` make something of the answer, trying again what is transient.
    ///
    /// `read` sees every answer that is not an HTTP-level failure to be tried again (429, 5xx that `read` does not
    /// recognise, "Rate exceeded.").
    pub async fn get<T>(
        &self,
        _url: &str,
        _idle: Idle,
        _read: impl FnMut(&Answer) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        todo!()
    }
}
