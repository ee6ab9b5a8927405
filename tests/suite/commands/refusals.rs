//! Commands while arXiv refuses, without a network, and with proxies that cannot be used.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::arxcat::Machine;
use crate::fake::{Fake, Trouble};

#[test]
fn without_a_network_commands_end_soon_and_name_offline() {
    let mut machine = Machine::new();
    machine.set("ARXCAT_RETRY_BASE", "20");
    for args in [
        &["fetch", "2501.00001"][..],
        &["search", "moths"],
        &["sync", "cs.CL"],
        &["new", "cs.CL"],
        &["download", "2501.00001v1"],
    ] {
        let begun = Instant::now();
        let ended = machine.run(args);
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{args:?}: {:?}",
            begun.elapsed()
        );
        assert_eq!(ended.code, Some(3), "{args:?}: {}", ended.shown());
        assert!(
            ended
                .stderr
                .contains("cannot reach arXiv: could not connect to 127.0.0.1:9: connection refused")
                && ended.stderr.contains("--offline"),
            "{args:?}: {}",
            ended.shown()
        );
    }
}

#[test]
fn a_catalogs_record_answers_without_a_network() {
    let mut machine = Machine::new();
    machine.set("ARXCAT_RETRY_BASE", "20");
    let begun = Instant::now();
    let ended = machine.run(&["cite", "R1"]);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(ended.stdout.contains("2501.12948"), "{}", ended.shown());
}

#[test]
fn records_of_a_feed_with_a_wrong_count_are_printed_and_kept() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.always(Trouble::Total(9));
    let ended = machine.run(&["fetch", "2501.00001", "2501.00002", "-f", "ids"]);
    assert_eq!(ended.stdout, "2501.00001\n2501.00002\n", "{}", ended.shown());
    let listed = machine.run(&["list", "-L", "-f", "ids"]).ok();
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

#[test]
fn status_406_says_what_helps() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.always(Trouble::Body(
        406,
        "text/html",
        b"<html>Not Acceptable</html>".to_vec(),
    ));
    let ended = machine.run(&["fetch", "2501.00001", "--via", "api", "--ledger", "ledger.jsonl"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    for words in [
        "arXiv answered 406",
        "since September 2026",
        "another network",
        "hosted CI",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.shown());
    }
    assert!(
        machine
            .read("ledger.jsonl")
            .contains("\"status\":\"unavailable\"")
    );
    assert_eq!(fake.requests().len(), 5);
    let ended = Machine::with_arxiv(&fake.url()).run(&["download", "2501.00001v1"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
}

#[test]
fn proxies_that_cannot_be_used_are_refused_once() {
    let mut machine = Machine::new();
    machine.set("ARXCAT_API_URL", "http://arxiv.invalid/api/query");
    for (variable, value, words) in [
        ("HTTP_PROXY", "socks5://127.0.0.1:9", "kind `socks5`"),
        ("ALL_PROXY", "socks5h://u:geheim@127.0.0.1:9", "kind `socks5h`"),
        ("http_proxy", "http://a b", "is not a URL"),
    ] {
        let ended = machine
            .arxcat(&["fetch", "2501.00001", "--via", "api"])
            .env(variable, value)
            .run();
        assert_eq!(ended.code, Some(2), "{}", ended.shown());
        assert!(
            ended.stderr.contains(variable) && ended.stderr.contains(words),
            "{}",
            ended.shown()
        );
        assert!(!ended.stderr.contains("waiting") && !ended.stderr.contains("geheim"));
    }
}

#[test]
fn a_proxy_that_asks_for_a_password_is_refused_once() {
    let mut machine = Machine::new();
    for url in [
        "http://arxiv.invalid/api/query",
        "https://arxiv.invalid/api/query",
    ] {
        machine.set("ARXCAT_API_URL", url);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            stream
                .write_all(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                )
                .unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let ended = machine
            .arxcat(&["fetch", "2501.00001", "--via", "api"])
            .env("ALL_PROXY", &proxy)
            .run();
        assert!(server.join().unwrap().contains("arxiv.invalid"));
        assert_eq!(ended.code, Some(2), "{url}: {}", ended.shown());
        assert!(
            ended
                .stderr
                .contains("ALL_PROXY asks for a user name and a password"),
            "{url}: {}",
            ended.shown()
        );
    }
}
