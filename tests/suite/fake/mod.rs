//! An arXiv on loopback: it answers `/api/query` in the form of the service since November 2025, OAI-PMH at `/oai` and
//! announcements at `/rss/`, and serves files, over invented papers, misbehaves on request, and records every request.
//!
//! ```text
//! let fake = Fake::start();                       // the dozen of `papers::some()`; or Fake::with(papers)
//! fake.next(Trouble::status(503));                // the next request meets this; then order is restored
//! let client = ...(fake.api());                   // http://127.0.0.1:PORT/api/query
//! fake.assert_polite(Duration::from_millis(20));
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what fails here fails the test"
)]

pub mod feed;
pub mod files;
pub mod oai;
pub mod papers;
pub mod query;
pub mod rss;
pub mod server;
pub mod trouble;

use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use files::{Quirk, Served};
pub use oai::Oai;
pub use papers::Invented;
pub use rss::Announced;
pub use trouble::Trouble;

/// A running server; it stops when dropped.
pub struct Fake {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

/// What the server's threads share.
#[derive(Default)]
pub struct State {
    papers: Arc<Vec<Invented>>,
    announced: Option<Announced>,
    /// Made of the papers at the first use.
    oai: Option<Oai>,
    script: VecDeque<Trouble>,
    always: Option<Trouble>,
    pages: BTreeMap<String, Page>,
    files: BTreeMap<String, Served>,
    requests: Vec<Request>,
    open: usize,
    most_open: usize,
}

impl State {
    fn oai(&mut self) -> &mut Oai {
        let papers = &self.papers;
        self.oai.get_or_insert_with(|| Oai::of(papers))
    }
}

/// A fixed answer at a path outside the API.
#[derive(Clone)]
pub struct Page {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// When the connection was made.
    pub began: Instant,
    /// When the last byte was about to be sent or the client disconnected; `None` until then.
    pub ended: Option<Instant>,
    /// `/api/query`.
    pub path: String,
    /// `/api/query?id_list=2501.00001`, as sent.
    pub target: String,
    /// The parameters, decoded.
    pub params: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A parameter, decoded.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    /// A header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

impl Fake {
    /// A fake with the dozen papers of [`papers::some`].
    pub fn start() -> Self {
        Self::with(papers::some())
    }

    /// A fake with `count` papers made up by rule, their submissions spread over ten years ([`papers::many`]).
    pub fn with_many(count: usize) -> Self {
        Self::with(papers::many(count))
    }

    /// A fake with these papers.
    pub fn with(papers: Vec<Invented>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            papers: Arc::new(papers),
            ..State::default()
        }));
        let stopped = Arc::new(AtomicBool::new(false));
        let acceptor = {
            let (state, stopped) = (Arc::clone(&state), Arc::clone(&stopped));
            std::thread::spawn(move || server::accept(&listener, &state, &stopped))
        };
        Self {
            address,
            state,
            stopped,
            acceptor: Some(acceptor),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The query API: `http://127.0.0.1:PORT/api/query`.
    pub fn api(&self) -> String {
        format!("{}/api/query", self.url())
    }

    /// OAI-PMH: `http://127.0.0.1:PORT/oai`.
    pub fn oai_url(&self) -> String {
        format!("{}/oai", self.url())
    }

    /// Looks at what OAI-PMH knows, or changes it.
    pub fn oai<T>(&self, change: impl FnOnce(&mut Oai) -> T) -> T {
        change(lock(&self.state).oai())
    }

    /// The next request not yet spoken for meets this trouble. Repeated calls make a script.
    pub fn next(&self, trouble: Trouble) {
        lock(&self.state).script.push_back(trouble);
    }

    /// Every request that no script speaks for meets this trouble.
    pub fn always(&self, trouble: Trouble) {
        lock(&self.state).always = Some(trouble);
    }

    /// Other papers from now on.
    pub fn now_has(&self, papers: Vec<Invented>) {
        lock(&self.state).papers = Arc::new(papers);
    }

    /// What `/rss/` announces from now on.
    pub fn announces(&self, announced: Announced) {
        lock(&self.state).announced = Some(announced);
    }

    /// A fixed answer at this path (`/rss/cs.CL`), whatever the parameters.
    pub fn serve(&self, path: &str, status: u16, content_type: &str, body: impl Into<Vec<u8>>) {
        let page = Page {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        };
        lock(&self.state).pages.insert(path.to_owned(), page);
    }

    /// Every request that came, in order.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }

    /// Waits until this many requests have arrived.
    pub fn wait_for_requests(&self, count: usize) {
        let begun = Instant::now();
        while lock(&self.state).requests.len() < count {
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "{count} requests never came"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Fails unless there was never more than one request at once, and each began at least `interval` after the end
    /// of the one before.
    pub fn assert_polite(&self, interval: Duration) {
        let state = lock(&self.state);
        assert!(state.most_open <= 1, "{} requests at once", state.most_open);
        // The wall clock the client goes by and the steady clock here are read a moment apart.
        let slack = Duration::from_millis(2);
        for (number, pair) in state.requests.windows(2).enumerate() {
            let ended = pair[0].ended.expect("a request that has not ended");
            let pause = pair[1].began.saturating_duration_since(ended);
            assert!(
                pause + slack >= interval,
                "request {} began {pause:?} after the end of the one before, not {interval:?}",
                number + 2
            );
        }
    }

    /// Fails if any request contained this text, raw or decoded, in its target or a header.
    pub fn assert_never_sent(&self, text: &str) {
        for request in self.requests() {
            let values = request
                .params
                .iter()
                .chain(&request.headers)
                .flat_map(|(k, v)| [k, v]);
            for value in values.chain([&request.target]) {
                assert!(!value.contains(text), "{text:?} was sent: {}", request.target);
            }
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the acceptor.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

/// A test that panicked with the lock must not fail the others.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

mod tests {
    use std::io::{Read, Write};

    use super::*;

    /// The raw answer to a plain request.
    fn get(fake: &Fake, target: &str) -> String {
        let mut stream = TcpStream::connect(fake.address).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The identifiers of the entries, with version.
    fn ids(fake: &Fake, query: &str) -> Vec<String> {
        let answer = get(fake, &format!("/api/query?{query}"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        answer
            .match_indices("<id>http://arxiv.org/abs/")
            .map(|(at, before)| {
                let rest = &answer[at + before.len()..];
                rest[..rest.find('<').unwrap()].to_owned()
            })
            .collect()
    }

    #[test]
    fn identifiers_are_answered_as_arxiv_answers_them() {
        let fake = Fake::start();
        let mut found = ids(
            &fake,
            "id_list=2501.00001,2501.00002v1,2501.99999,hep-th/9901001&max_results=4",
        );
        found.sort();
        assert_eq!(found, ["2501.00001v1", "2501.00002v1", "hep-th/9901001v2"]);
        assert_eq!(ids(&fake, "id_list=2501.00002"), ["2501.00002v3"]);
        assert_eq!(ids(&fake, "id_list=2501.00002v9"), [""; 0]);
        assert_eq!(ids(&fake, "search_query=all:*").len(), 10);
        let refused = get(&fake, "/api/query?id_list=2501.00001,abc");
        assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
        assert!(
            refused.contains("errors#incorrect_id_format_for_abc"),
            "{refused}"
        );
        assert!(get(&fake, "/api/query").starts_with("HTTP/1.1 400 "));
        assert!(get(&fake, "/api/query/").starts_with("HTTP/1.1 404 "));
    }

    #[test]
    fn the_window_closes_at_ten_thousand() {
        let fake = Fake::with_many(12_000);
        let status =
            |query: &str| get(&fake, &format!("/api/query?search_query=cat:cs.*&{query}"))[9..12].to_owned();
        assert_eq!(status("start=0&max_results=1"), "200");
        assert_eq!(status("start=9990&max_results=10"), "200");
        assert_eq!(status("start=10000&max_results=10"), "500");
        assert_eq!(status("start=0&max_results=10001"), "500");
        assert_eq!(status("start=0&max_results=0"), "500");
        assert_eq!(status("start=0&max_results=-1"), "400");
        assert_eq!(status("sortBy=date"), "400");
        let one = get(&fake, "/api/query?search_query=cat:cs.*&max_results=1");
        assert!(one.contains("<opensearch:totalResults>12000<"), "{one}");
    }

    #[test]
    fn searches_find_what_they_should() {
        let fake = Fake::start();
        let found = |query: &str| {
            let mut found = ids(&fake, &format!("max_results=50&search_query={query}"));
            found.sort();
            found
        };
        assert_eq!(found("ti:%22sparse+experts%22"), ["2501.00002v3"]);
        assert_eq!(found("ti:%22experts+sparse%22"), [""; 0]);
        assert_eq!(found("cat:hep-th"), ["2207.00007v1", "hep-th/9901001v2"]);
        assert_eq!(found("cat:cs"), [""; 0]);
        assert_eq!(
            found("cat:hep-th+ANDNOT+submittedDate:[20200101+TO+20991231]"),
            ["hep-th/9901001v2"]
        );
        let all = found("all:*");
        assert_eq!(found("submittedDate:[1990+TO+2099]"), all);
        assert!(get(&fake, "/api/query?search_query=(ti:a").starts_with("HTTP/1.1 400 "));
        assert!(
            get(
                &fake,
                "/api/query?search_query=submittedDate:[20201301+TO+20201401]"
            )
            .contains(" 500 ")
        );
    }

    #[test]
    fn results_can_be_sorted_either_way() {
        let fake = Fake::with_many(50);
        let oldest = ids(
            &fake,
            "search_query=all:*&max_results=50&sortBy=submittedDate&sortOrder=ascending",
        );
        let mut newest = ids(
            &fake,
            "search_query=all:*&max_results=50&sortBy=submittedDate&sortOrder=descending",
        );
        newest.reverse();
        assert_eq!(oldest, newest);
        assert!(oldest.is_sorted());
    }

    #[test]
    fn a_feed_can_be_wrong_in_itself() {
        let fake = Fake::start();
        let all = "search_query=all:*&max_results=50";
        let right = ids(&fake, all);
        assert_eq!(right.len(), papers::some().len());
        fake.next(Trouble::Empty);
        fake.next(Trouble::Short(3));
        fake.next(Trouble::Backwards);
        fake.next(Trouble::Extra(papers::many(1)));
        fake.next(Trouble::Total(99));
        assert_eq!(ids(&fake, all), [""; 0]);
        assert_eq!(ids(&fake, all), right[..3]);
        assert!(ids(&fake, all).iter().rev().eq(&right));
        assert_eq!(ids(&fake, all).last().unwrap(), "1501.00001v1");
        assert!(get(&fake, &format!("/api/query?{all}")).contains("<opensearch:totalResults>99<"));
        assert_eq!(ids(&fake, all), right);
    }

    #[test]
    fn other_papers_and_other_pages_can_be_served() {
        let fake = Fake::start();
        fake.now_has(papers::many(1));
        assert_eq!(ids(&fake, "search_query=all:*"), ["1501.00001v1"]);
        fake.serve("/rss/cs.CL", 200, "application/rss+xml", "<rss/>");
        assert!(get(&fake, "/rss/cs.CL?x=1").ends_with("\r\n\r\n<rss/>"));
        assert_eq!(fake.requests()[1].param("x"), Some("1"));
    }

    #[test]
    fn impoliteness_is_seen() {
        let fake = Fake::start();
        get(&fake, "/api/query?id_list=2501.00001");
        get(&fake, "/api/query?id_list=2501.00001");
        fake.assert_polite(Duration::ZERO);
        let hasty = std::panic::AssertUnwindSafe(|| fake.assert_polite(Duration::from_secs(5)));
        assert!(std::panic::catch_unwind(hasty).is_err());
        let sent = std::panic::AssertUnwindSafe(|| fake.assert_never_sent("2501.00001"));
        assert!(std::panic::catch_unwind(sent).is_err());
        fake.assert_never_sent("2501.00002");
    }
}
