//! `open`: what is shown, by whom, and that no shell is in between.

use std::os::unix::fs::PermissionsExt;

use crate::arxcat::Machine;
use crate::fake::{Fake, Served};

/// A machine with a viewer that writes down what it is given, and ends like this.
fn viewer(machine: &Machine, name: &str, code: u8) -> String {
    let script = format!("#!/bin/sh\nprintf '%s|' \"$0\" \"$@\" >> \"$HOME/seen\"\nexit {code}\n");
    let path = machine.write(name, script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

const URL: &str = "https://arxiv.org/abs/2501.00001";

/// What was started to show a paper, by whom `$BROWSER` names, and with which arguments.
fn started_by(machine: &Machine, browsers: &str) -> String {
    let ended = machine
        .arxcat(&["open", "2501.00001"])
        .env("BROWSER", browsers)
        .run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    machine.read("seen")
}

#[test]
fn without_a_file_the_page_is_shown() {
    let machine = Machine::new();
    let print = |args: &[&str]| machine.run(&[&["open", "--print"], args].concat()).ok();
    assert_eq!(print(&["2501.00001"]), format!("{URL}\n"));
    assert_eq!(
        print(&["hep-th/9901001v2"]),
        "https://arxiv.org/abs/hep-th/9901001v2\n"
    );
    assert_eq!(print(&["R1"]), "https://arxiv.org/abs/2501.12948\n");
    let ended = machine.run(&["open", "--print", "2501.00001", "nonsense"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(1), 1));
    assert_eq!(machine.run(&["open", "nonsense"]).code, Some(2));
}

#[test]
fn the_newest_pdf_that_is_still_there_is_shown() {
    let fake = Fake::start();
    for path in ["/pdf/2501.00002v1", "/pdf/2501.00002v3", "/src/2501.00002v3"] {
        fake.file(path, Served::pdf(path, 100));
    }
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["download", "2501.00002v1", "2501.00002v3"]).ok();
    machine
        .run(&["download", "--tex", "2501.00002v3", "-d", "src"])
        .ok();
    let home = machine.path("").canonicalize().unwrap();
    let shown = |id: &str| machine.run(&["open", "--print", id]).ok();
    let at = |name: &str| format!("{}\n", home.join(name).display());
    assert_eq!(shown("2501.00002"), at("2501.00002v3.pdf"));
    assert_eq!(shown("2501.00002v1"), at("2501.00002v1.pdf"));
    assert_eq!(shown("2501.00002v2"), "https://arxiv.org/abs/2501.00002v2\n");
    std::fs::remove_file(home.join("2501.00002v3.pdf")).unwrap();
    assert_eq!(shown("2501.00002"), at("2501.00002v1.pdf"));
}

#[test]
fn the_first_browser_that_can_shows_it() {
    let machine = Machine::new();
    let broken = viewer(&machine, "bin/broken", 1);
    let good = viewer(&machine, "bin/good", 0);
    let list = format!("no-such-program:{broken}:{good} --new %s x:unused");
    assert_eq!(
        started_by(&machine, &list),
        format!("{broken}|{URL}|{good}|--new|{URL}|x|")
    );
}

#[test]
fn the_systems_own_opener_is_found_in_the_path() {
    let machine = Machine::new();
    let opener = viewer(&machine, "bin/xdg-open", 0);
    let folder = machine.path("bin").display().to_string();
    let ended = machine.arxcat(&["open", "2501.00001"]).env("PATH", &folder).run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(machine.read("seen").starts_with(&opener));
}

#[test]
fn no_shell_reads_what_is_started() {
    let machine = Machine::new();
    let good = viewer(&machine, "bin/good", 0);
    let list = format!("{good} $(touch pwned); touch pwned");
    assert_eq!(
        started_by(&machine, &list),
        format!("{good}|$(touch|pwned);|touch|pwned|{URL}|")
    );
    assert!(!machine.path("pwned").exists());
}

#[test]
fn without_a_viewer_the_error_names_what_it_would_show() {
    let machine = Machine::new();
    insta::assert_snapshot!(
        "open_no_viewer",
        machine
            .arxcat(&["open", "2501.00001"])
            .env("PATH", "")
            .run()
            .shown()
    );
}

#[test]
fn a_browser_that_is_not_there_is_named() {
    let machine = Machine::new();
    let ended = machine
        .arxcat(&["open", "2501.00001"])
        .env("BROWSER", "nonexistent")
        .run();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(
        ended.stderr.contains("BROWSER is `nonexistent`"),
        "{}",
        ended.shown()
    );
    let spaced = viewer(&machine, "my bin/good viewer", 0);
    let ended = machine
        .arxcat(&["open", "2501.00001"])
        .env("BROWSER", &format!("'{spaced}' --new"))
        .run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert_eq!(
        machine.read("seen"),
        format!("{spaced}|--new|https://arxiv.org/abs/2501.00001|")
    );
}

#[test]
fn a_file_that_is_old_or_not_as_it_was_is_told() {
    let fake = Fake::start();
    fake.file("/pdf/2501.00002v1", Served::pdf("one", 100));
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["download", "2501.00002v1"]).ok();
    machine.run(&["fetch", "2501.00002"]).ok();
    let ended = machine.run(&["open", "--print", "2501.00002"]);
    assert!(ended.stdout.ends_with("2501.00002v1.pdf\n"), "{}", ended.shown());
    assert!(
        ended.stderr.contains("`arxcat download 2501.00002v3`"),
        "{}",
        ended.shown()
    );
    let exact = machine.run(&["open", "--print", "2501.00002v1"]);
    assert_eq!(exact.stderr, "");
    machine.write("2501.00002v1.pdf", "cut");
    let ended = machine.run(&["open", "--print", "2501.00002"]);
    assert_eq!(ended.stdout, "https://arxiv.org/abs/2501.00002\n");
    assert!(ended.stderr.contains("--force 2501.00002v1"), "{}", ended.shown());
}
