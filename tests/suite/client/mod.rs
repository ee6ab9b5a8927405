//! The HTTP client against the fake arXiv: retries, the gate, limits, redirects, the interrupt. Intervals are a few
//! milliseconds. Several processes are played by several clients with file handles of their own, which is all that
//! file locks see of a process.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here fails the test")]

mod gate;
mod limits;
mod redirects;
mod refusals;
mod retries;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use arxcat::model::event::Event;
use arxcat::net::{Client, Config, Endpoint, Error, Limits, Response, ResponseError};
use tokio::sync::watch;

use crate::fake::Fake;

/// The interval between two requests, unless a test sets another.
const INTERVAL: Duration = Duration::from_millis(20);

/// What the tests request.
const ENDPOINT: Endpoint = Endpoint {
    idle_timeout: Duration::from_mins(2),
    accept: "application/atom+xml",
};

const QUERY: &str = "?id_list=2501.00001&max_results=1";

/// A client, the events it reported, and the sender that interrupts it.
struct Bench {
    client: Client,
    events: Rc<RefCell<Vec<Event>>>,
    stop: watch::Sender<bool>,
}

fn config(state_dir: &Path) -> Config {
    Config {
        service: arxcat::arxiv::SERVICE,
        state_dir: state_dir.to_owned(),
        interval: INTERVAL,
        retry_base: Duration::from_millis(10),
        timeout: Some(Duration::from_secs(5)),
        max_wait: None,
        contact: None,
    }
}

impl Bench {
    fn new(config: Config) -> Self {
        let events = Rc::new(RefCell::new(Vec::new()));
        let (stop, stopped) = watch::channel(false);
        let reported = Rc::clone(&events);
        let client = Client::new(
            config,
            Box::new(move |event| reported.borrow_mut().push(event)),
            stopped,
        );
        Self { client, events, stop }
    }

    fn limited(self, limits: Limits) -> Self {
        Self {
            client: self.client.with_limits(limits),
            ..self
        }
    }

    fn get(&self, url: &str) -> Result<String, Error> {
        run(self.client.get(url, ENDPOINT, feed))
    }

    /// Requests one paper of the fake.
    fn fetch(&self, fake: &Fake) -> Result<String, Error> {
        self.get(&format!("{}{QUERY}", fake.api()))
    }

    /// The waits reported, with their reasons.
    fn waits(&self) -> Vec<(Duration, String)> {
        let events = self.events.borrow();
        let waits = events.iter().filter_map(|event| match event {
            Event::Waiting { wait, why } => Some((*wait, why.clone())),
            _ => None,
        });
        waits.collect()
    }

    fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.borrow().iter().filter(|event| wanted(event)).count()
    }
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// A much simplified parser of the query API's responses: returns the first title.
fn feed(response: &Response) -> Result<String, ResponseError> {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    let between = |from: &str, to: &str| {
        text.split_once(from)?
            .1
            .split_once(to)
            .map(|(found, _)| found.to_owned())
    };
    if text.contains("/api/errors") {
        return Err(ResponseError::Refused(
            between("<summary>", "</summary>").unwrap_or_default(),
        ));
    }
    if !text.trim_end().ends_with("</feed>") {
        return Err(ResponseError::Transient("not a feed".to_owned()));
    }
    Ok(between("<entry>\n    <title>", "</title>").unwrap_or(text))
}

/// A temporary folder, and the path of a state directory in it that does not exist yet.
fn state() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state/arxcat");
    (folder, state)
}

/// The content of the gate's file.
fn gate_state(state: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(state.join("gate")).unwrap()).unwrap()
}

/// Writes the gate's file.
fn write_gate_state(state: &Path, content: impl AsRef<[u8]>) {
    std::fs::create_dir_all(state).unwrap();
    std::fs::write(state.join("gate"), content).unwrap();
}

#[test]
fn a_response_has_its_status_type_and_whole_body() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    fake.next(crate::fake::Trouble::Gzip);
    let (status, kind, title) =
        run(bench
            .client
            .get(&format!("{}{QUERY}", fake.api()), ENDPOINT, |response| {
                let text = String::from_utf8_lossy(&response.body).into_owned();
                Ok((response.status, response.content_type.clone(), text))
            }))
        .unwrap();
    assert_eq!((status, kind.as_str()), (200, "application/atom+xml"));
    assert!(title.contains("A Plain Paper about Language Models"), "{title}");
    let events = bench.events.borrow();
    assert_eq!(events[0], Event::Request(format!("{}{QUERY}", fake.api())));
    assert!(
        matches!(events[1], Event::Response { status: 200, bytes, .. } if bytes == title.len() as u64),
        "{events:?}"
    );
    assert_eq!(events.len(), 2);
}

#[test]
fn the_user_agent_names_program_version_and_contact() {
    let fake = Fake::start();
    let (_folder, state) = state();
    for (contact, agent) in [
        (
            None,
            concat!(
                "arxcat/",
                env!("CARGO_PKG_VERSION"),
                " (command-line client of arXiv)"
            )
            .to_owned(),
        ),
        (
            Some("ada@example.org"),
            concat!(
                "arxcat/",
                env!("CARGO_PKG_VERSION"),
                " (command-line client of arXiv; mailto:ada@example.org)"
            )
            .to_owned(),
        ),
        (
            Some("https://example.org/me"),
            concat!(
                "arxcat/",
                env!("CARGO_PKG_VERSION"),
                " (command-line client of arXiv; https://example.org/me)"
            )
            .to_owned(),
        ),
    ] {
        let contact = contact.map(str::to_owned);
        Bench::new(Config {
            contact,
            ..config(&state)
        })
        .fetch(&fake)
        .unwrap();
        let requests = fake.requests();
        let last = requests.last().unwrap();
        assert_eq!(last.header("user-agent"), Some(agent.as_str()));
        assert_eq!(last.header("accept-encoding"), Some("gzip"));
    }
    let contact = Some("a\r\nx-injected: 1".to_owned());
    let refused = Bench::new(Config {
        contact,
        ..config(&state)
    })
    .fetch(&fake);
    assert!(matches!(refused, Err(Error::Setup(_))), "{refused:?}");
    fake.assert_never_sent("injected");
}

#[test]
fn passwords_are_sent_and_never_shown() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    let url = fake.api().replace("http://", "http://ada:geheim@");
    fake.next(crate::fake::Trouble::status(503));
    bench.get(&format!("{url}{QUERY}")).unwrap();
    fake.next(crate::fake::Trouble::status(404));
    let refused = bench.get(&format!("{url}{QUERY}")).unwrap_err();
    let reported = format!(
        "{refused} {refused:?} {:?} {}",
        bench.events.borrow(),
        gate_state(&state)
    );
    assert!(!reported.contains("geheim"), "{reported}");
    assert_eq!(
        fake.requests()[0].header("authorization"),
        Some("Basic YWRhOmdlaGVpbQ==")
    );
}

#[test]
fn other_urls_than_http_are_refused_before_anything_is_sent() {
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    for url in [
        "",
        "arxiv.org",
        "ftp://arxiv.org/x",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "mailto:a@b",
    ] {
        let refused = bench.get(url);
        assert!(matches!(refused, Err(Error::Setup(_))), "{url}: {refused:?}");
    }
    assert!(!state.exists());
    assert!(bench.events.borrow().is_empty());
}

#[test]
fn requests_to_this_machine_use_neither_proxies_nor_certificates() {
    // The environment is read once a process, so this needs another process.
    let other = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client::a_response_has_its_status_type_and_whole_body"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9")))
        .envs(["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| (name, "/nonexistent")))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(other.status.success() && output.contains("1 passed"), "{output}");
}
