//! `config`: what is in force, and where each value comes from.

use crate::arxcat::Machine;

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let mut machine = Machine::new();
    let value = |machine: &Machine, args: &[&str], key: &str| {
        let ended = machine.run(&[&["config", "--json"], args].concat());
        let all: serde_json::Value = serde_json::from_str(&ended.ok()).unwrap();
        let setting = all["settings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["key"] == key)
            .unwrap()
            .clone();
        (
            setting["value"].as_str().unwrap().to_owned(),
            setting["from"].as_str().unwrap().to_owned(),
        )
    };
    let pair = |value: &str, from: &str| (value.to_owned(), from.to_owned());
    assert_eq!(value(&machine, &[], "lang"), pair("en", "default"));
    let file = machine.write(
        "config/arxcat/config.toml",
        "lang = \"zh\"\ncategories = [\"cs.CL\", \"cs.LG\"]\n",
    );
    assert_eq!(
        value(&machine, &[], "lang"),
        pair("zh", &file.display().to_string())
    );
    assert_eq!(value(&machine, &[], "categories").0, "cs.CL,cs.LG");
    machine.set("ARXCAT_LANG", "en");
    assert_eq!(value(&machine, &[], "lang"), pair("en", "ARXCAT_LANG"));
    assert_eq!(value(&machine, &["--lang", "zh"], "lang"), pair("zh", "--lang"));
}

#[test]
fn wrong_settings_are_told_with_their_source() {
    let machine = Machine::new();
    let shown = |name: &str, value: &str| machine.arxcat(&["list"]).env(name, value).run().shown();
    let mut all = String::new();
    for (name, value) in [
        ("ARXCAT_INTERVAL", "nan"),
        ("ARXCAT_INTERVAL", "-1"),
        ("ARXCAT_TIMEOUT", "1e300"),
        ("ARXCAT_MAX_WAIT", "soon"),
        ("ARXCAT_OFFLINE", "perhaps"),
        ("ARXCAT_LANG", "fr"),
        ("ARXCAT_API_URL", "arxiv.org"),
        ("ARXCAT_API_URL", "file:///etc/passwd"),
        ("ARXCAT_CONTACT", "me@example.org\r\nX-Evil: 1"),
        ("ARXCAT_CATEGORIES", "cs.CL,cs.XX"),
        ("ARXCAT_SOURCE", "elsewhere"),
    ] {
        all += &[name, "=", &format!("{value:?}"), ": ", &shown(name, value)].concat();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_broken_configuration_names_the_file_and_the_place() {
    let machine = Machine::new();
    let mut all = String::new();
    for content in ["lang = ", "langg = \"zh\"", "lang = { a = 1 }"] {
        machine.write("own.toml", content);
        all.push_str(&machine.run(&["list", "--config", "own.toml"]).shown());
    }
    all.push_str(&machine.run(&["list", "--config", "absent.toml"]).shown());
    insta::assert_snapshot!(all);
}

#[test]
fn configuration_in_the_working_folder_is_not_read() {
    let machine = Machine::new();
    machine.write("config.toml", "lang = \"zh\"");
    machine.write("arxcat/config.toml", "lang = \"zh\"");
    assert_eq!(
        machine.run(&["timeline"]).ok(),
        machine.run(&["timeline", "--lang", "en"]).ok()
    );
}

#[test]
fn passwords_in_urls_are_never_printed() {
    let machine = Machine::new();
    let run = |args: &[&str], url: &str| machine.arxcat(args).env("ARXCAT_API_URL", url).run().shown();
    for shown in [
        run(&["config"], "http://user:secret@127.0.0.1:9/x"),
        run(&["config", "--json"], "http://user:secret@127.0.0.1:9/x"),
        run(&["search", "x", "--explain"], "http://user:secret@127.0.0.1:9/x"),
        run(
            &["fetch", "2501.00001", "-vv"],
            "http://user:secret@127.0.0.1:9/x",
        ),
        run(&["config"], "ftp://user:secret@127.0.0.1:9/x"),
        run(&["config"], "user:secret@127.0.0.1:9/x"),
        run(&["list"], "user:secret@127.0.0.1:9/x"),
    ] {
        assert!(
            shown.contains("127.0.0.1") && !shown.contains("secret"),
            "{shown}"
        );
    }
}

#[test]
fn what_is_explained_has_no_control_characters() {
    let machine = Machine::new();
    let explained = machine
        .run(&["search", "--explain", "graph\u{1b}[31m \u{202e}net"])
        .shown();
    let contact = machine
        .arxcat(&["config"])
        .env("ARXCAT_LIBRARY_DIR", "a\u{1b}[31mb")
        .run()
        .shown();
    for shown in [explained, contact] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
    }
}

#[test]
fn a_password_in_a_broken_file_is_not_printed() {
    let machine = Machine::new();
    let run = |content: &str| {
        machine.write("own.toml", content);
        machine.run(&["config", "--config", "own.toml"]).shown()
    };
    for shown in [
        run("api_url = \"user:secret@127.0.0.1:9/x\""),
        run("lang = \"zh\"\napi_url = http://user:secret@127.0.0.1:9/x"),
    ] {
        assert!(shown.contains("own.toml:"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[test]
fn config_and_doctor_work_with_a_broken_configuration_and_say_what_is_wrong() {
    let machine = Machine::new();
    machine.write(
        "config/arxcat/config.toml",
        "lang = \"zh\"\n\ninterval = \"often\"\n",
    );
    for command in ["config", "doctor"] {
        let ended = machine.run(&[command]);
        assert_eq!(ended.code, Some(2), "{}", ended.shown());
        assert!(ended.stderr.contains("config.toml:3:12: "), "{}", ended.shown());
    }
    assert!(machine.run(&["config"]).stdout.contains("library_dir"));
    let ended = machine.run(&["list"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(2), ""),
        "{}",
        ended.shown()
    );

    machine.write("config/arxcat/config.toml", "lang = \"zh\"\n");
    let broken = machine.arxcat(&["config"]).env("ARXCAT_INTERVAL", "often").run();
    assert_eq!(broken.code, Some(2), "{}", broken.shown());
    let has = |key: &str, value: &str| {
        let mut lines = broken.stdout.lines();
        lines.any(|line| line.starts_with(key) && line.contains(value))
    };
    assert!(has("lang ", "zh"), "what is right counts\n{}", broken.shown());
    assert!(has("interval ", "3"), "{}", broken.shown());
}

#[test]
fn an_absent_configuration_is_none_however_it_is_absent() {
    let machine = Machine::new();
    let without = |home: &str| {
        let mut run = machine.arxcat(&["list", "-n", "1"]);
        for name in [
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        ] {
            run = run.env(name, "");
        }
        run.env("HOME", home).run()
    };
    assert_eq!(
        without("/dev/null").code,
        Some(0),
        "{}",
        without("/dev/null").shown()
    );
    let file = machine.write("config/arxcat/config.toml", "lang = \"zh\"\n");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let ended = machine.run(&["list", "-n", "1"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
}

#[test]
fn a_configuration_without_an_end_is_refused() {
    let machine = Machine::new();
    let ended = machine.run(&["list", "--config", "/dev/zero"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("larger than 1 MiB"), "{}", ended.shown());
}

#[test]
fn what_is_in_force_is_listed() {
    let machine = Machine::new();
    let listed = machine
        .run(&["config"])
        .ok()
        .replace(&machine.path("").display().to_string(), "~/");
    let folded: Vec<String> = listed
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    insta::assert_snapshot!(folded.join("\n"));
}

#[test]
fn the_library_is_shown_with_its_size_and_never_made() {
    let machine = Machine::new();
    let line = |machine: &Machine| {
        let listed = machine.run(&["config"]).ok();
        listed
            .lines()
            .find(|line| line.starts_with("library  "))
            .unwrap()
            .to_owned()
    };
    assert!(line(&machine).ends_with("(none yet)"), "{}", line(&machine));
    assert!(!machine.path("data").exists());
    crate::library::keep(
        &machine,
        &[crate::library::record(
            "2501.00001",
            "A Plain Paper",
            "2026-10-01",
        )],
    );
    assert!(line(&machine).ends_with(" kB)"), "{}", line(&machine));
    let size = |machine: &Machine| {
        let all: serde_json::Value = serde_json::from_str(&machine.run(&["config", "--json"]).ok()).unwrap();
        all["library_size"].as_u64()
    };
    assert!(size(&machine) > Some(8192));
    machine.write(
        "data/arxcat/library.db",
        "not a database at all, but long enough to look like one",
    );
    assert!(line(&machine).contains("cannot be used"), "{}", line(&machine));
    assert_eq!(size(&machine), None);
}
