//! The manners towards arXiv, held against the fake one: what is tried again and what is not, the gate, the limits,
//! the interrupt. Intervals are of milliseconds; several processes are several clients with file handles of their own,
//! which is all that locks see of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod gate;
mod limits;
mod redirects;
mod retries;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use arxcat::model::event::Event;
use arxcat::net::{Answer, Client, Config, Error, Fault, Idle, Limits};
use tokio::sync::watch;

use crate::fake::Fake;

/// Between two requests, unless a test says otherwise.
const INTERVAL: Duration = Duration::from_millis(20);

const QUERY: &str = "?id_list=2501.00001&max_results=1";

/// A client, what it told, and the hand on its switch.
struct Bench {
    client: Client,
    events: Rc<RefCell<Vec<Event>>>,
    stop: watch::Sender<bool>,
}

fn config(state_dir: &Path) -> Config {
    Config {
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
        let told = Rc::clone(&events);
        let client = Client::new(
            config,
            Box::new(move |event| told.borrow_mut().push(event)),
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
        run(self.client.get(url, Idle::Api, feed))
    }

    /// Asks the fake for one paper.
    fn ask(&self, fake: &Fake) -> Result<String, Error> {
        self.get(&format!("{}{QUERY}", fake.api()))
    }

    /// The waits told, with their reasons.
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

/// Reads an answer as the API's reader would, only more simply.
fn feed(answer: &Answer) -> Result<String, Fault> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let between = |from: &str, to: &str| {
        text.split_once(from)?
            .1
            .split_once(to)
            .map(|(found, _)| found.to_owned())
    };
    if text.contains("/api/errors") {
        return Err(Fault::Refused(
            between("<summary>", "</summary>").unwrap_or_default(),
        ));
    }
    if !text.trim_end().ends_with("</feed>") {
        return Err(Fault::Transient("not a feed".to_owned()));
    }
    Ok(between("<entry>\n    <title>", "</title>").unwrap_or(text))
}

/// A folder that goes away with the test, and a state folder in it that is not there yet.
fn state() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state/arxcat");
    (folder, state)
}

/// What the gate's file says.
fn notes(state: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(state.join("gate")).unwrap()).unwrap()
}

/// Puts words into the gate's file.
fn write_notes(state: &Path, content: impl AsRef<[u8]>) {
    std::fs::create_dir_all(state).unwrap();
    std::fs::write(state.join("gate"), content).unwrap();
}

#[test]
fn an_answer_comes_whole_and_says_what_it_is() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    fake.next(crate::fake::Trouble::Gzip);
    let (status, kind, title) =
        run(bench
            .client
            .get(&format!("{}{QUERY}", fake.api()), Idle::Api, |answer| {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                Ok((answer.status, answer.content_type.clone(), text))
            }))
        .unwrap();
    assert_eq!((status, kind.as_str()), (200, "application/atom+xml"));
    assert!(title.contains("A Plain Paper about Language Models"), "{title}");
    let events = bench.events.borrow();
    assert_eq!(events[0], Event::Request(format!("{}{QUERY}", fake.api())));
    assert!(
        matches!(events[1], Event::Answer { status: 200, bytes, .. } if bytes == title.len() as u64),
        "{events:?}"
    );
    assert_eq!(events.len(), 2);
}

#[test]
fn the_user_agent_names_program_version_and_contact() {
    let fake = Fake::start();
    let (_folder, state) = state();
    for (contact, agent) in [
        (None, concat!("arxcat/", env!("CARGO_PKG_VERSION")).to_owned()),
        (
            Some("ada@example.org"),
            concat!("arxcat/", env!("CARGO_PKG_VERSION"), " (mailto:ada@example.org)").to_owned(),
        ),
        (
            Some("https://example.org/me"),
            concat!("arxcat/", env!("CARGO_PKG_VERSION"), " (https://example.org/me)").to_owned(),
        ),
    ] {
        let contact = contact.map(str::to_owned);
        Bench::new(Config {
            contact,
            ..config(&state)
        })
        .ask(&fake)
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
    .ask(&fake);
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
    let told = format!(
        "{refused} {refused:?} {:?} {}",
        bench.events.borrow(),
        notes(&state)
    );
    assert!(!told.contains("geheim"), "{told}");
    assert_eq!(
        fake.requests()[0].header("authorization"),
        Some("Basic YWRhOmdlaGVpbQ==")
    );
}

#[test]
fn what_is_no_web_address_is_refused_before_anything_is_sent() {
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
fn neither_proxies_nor_certificates_stand_before_this_machine() {
    // The environment is read once and by the process: so in another one.
    let other = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client::an_answer_comes_whole_and_says_what_it_is"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9")))
        .envs(["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| (name, "/nonexistent")))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(other.status.success() && talk.contains("1 passed"), "{talk}");
}
