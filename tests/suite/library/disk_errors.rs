//! Folders that cannot be written to, disks that are full.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{database, folder, id, keep, library, machine_with, record};
use crate::arxcat::Machine;
use crate::fake::Fake;

/// A mount that goes with the test. None where this user may not mount.
struct Mount<'a>(&'a Path);

impl<'a> Mount<'a> {
    fn new(args: &[&str], at: &'a Path) -> Option<Self> {
        let done = Command::new("mount").args(args).arg(at).output().ok()?;
        if !done.status.success() {
            eprintln!(
                "skipped: this user may not mount: {}",
                String::from_utf8_lossy(&done.stderr)
            );
            return None;
        }
        Some(Self(at))
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

/// A folder that nobody can write to, as long as this lives.
enum ReadOnly<'a> {
    Mounted {
        _read_only: Mount<'a>,
        _bound: Mount<'a>,
    },
    Forbidden(Vec<PathBuf>),
}

impl<'a> ReadOnly<'a> {
    fn new(folder: &'a Path) -> Self {
        let here = folder.display().to_string();
        let bound = Mount::new(&["--bind", &here], folder);
        let read_only = bound
            .as_ref()
            .and_then(|_| Mount::new(&["-o", "remount,bind,ro"], folder));
        if let (Some(bound), Some(read_only)) = (bound, read_only) {
            return Self::Mounted {
                _read_only: read_only,
                _bound: bound,
            };
        }
        // Who may not mount is not root either, and bound by the mode of files.
        let mut paths = vec![folder.to_owned()];
        let mut at = 0;
        while let Some(path) = paths.get(at).cloned() {
            if path.is_dir() {
                paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
            at += 1;
        }
        for path in &paths {
            permit(path, 0o555);
        }
        Self::Forbidden(paths)
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        if let Self::Forbidden(paths) = self {
            for path in paths {
                permit(path, 0o755);
            }
        }
    }
}

fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Everything in a folder, by name.
fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes(&path));
        } else {
            let content = fs::read(&path).unwrap();
            all.push((path, content));
        }
    }
    all.sort();
    all
}

/// More than goes onto the small disk.
const PAPERS: usize = 3_000;

/// So many made-up papers as JSON Lines, each of about two kilobytes, all with one word.
fn papers(count: usize) -> String {
    (1..=count).fold(String::new(), |mut lines, n| {
        let abstract_ = format!("Of kelp. {}", format!("word{n} ").repeat(200));
        let _ = writeln!(
            lines,
            r#"{{"id":"2502.{n:05}","version":1,"title":"Paper {n}","abstract":"{abstract_}"}}"#
        );
        lines
    })
}

/// The identifiers in the library, and those that a search finds.
fn held_and_found(machine: &Machine) -> (Vec<String>, Vec<String>) {
    let ids = |args: &[&str]| {
        let mut ids: Vec<String> = machine.run(args).ok().lines().map(str::to_owned).collect();
        ids.sort();
        ids
    };
    (
        ids(&["list", "-M", "-f", "ids"]),
        ids(&["search", "-M", "kelp", "-n", "100000", "-f", "ids"]),
    )
}

#[test]
fn a_read_only_folder_is_read_and_not_written_to() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    keep(&machine, &[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    machine.write("more.jsonl", papers(3));
    let search = ["search", "-M", "plain", "-f", "ids"];
    assert_eq!(machine.run(&search).ok(), "2501.00001\n");
    let folder = folder(&machine);
    let before = bytes(&folder);
    let read_only = ReadOnly::new(&folder);
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "tag\ttodo\t1\n");
    let searched = machine.run(&search);
    assert_eq!(searched.stderr, "");
    assert_eq!(searched.ok(), "2501.00001\n");
    for args in [
        &["list", "-L"][..],
        &["export", "-M"],
        &["show", "2501.00001"],
        &["stats", "-M"],
        &["doctor"],
    ] {
        machine.run(args).ok();
    }
    for args in [
        &["tag", "more", "2501.00001"][..],
        &["note", "2501.00001", "text"],
        &["remove", "--yes", "2501.00001"],
        &["import", "more.jsonl"],
    ] {
        let ended = machine.run(args);
        assert_eq!(ended.code, Some(4), "{args:?}: {}", ended.shown());
        assert!(ended.stderr.contains("library.db"), "{args:?}: {}", ended.shown());
    }
    // What arXiv answered is given all the same.
    let fetched = machine.run(&["fetch", "2501.00002", "-f", "ids"]);
    assert_eq!((fetched.code, fetched.stdout.as_str()), (Some(4), "2501.00002\n"));
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "tag\ttodo\t1\n");
    assert_eq!(bytes(&folder), before);
    drop(read_only);
    machine.run(&["import", "more.jsonl"]).ok();
    // The index cannot be updated: it is searched as it is, with a warning.
    let _read_only = ReadOnly::new(&folder);
    let searched = machine.run(&search);
    assert!(
        searched.stderr.contains("3 changes not in the search index yet"),
        "{}",
        searched.stderr
    );
    assert_eq!(searched.ok(), "2501.00001\n");
}

#[test]
fn a_full_disk_breaks_no_import() {
    let machine = Machine::new();
    let folder = folder(&machine);
    fs::create_dir_all(&folder).unwrap();
    let Some(_disk) = Mount::new(&["-t", "tmpfs", "-o", "size=5m", "arxcat-test"], &folder) else {
        return;
    };
    machine.write("papers.jsonl", papers(PAPERS));
    for _ in 0..2 {
        let ended = machine.run(&["import", "papers.jsonl"]);
        assert_eq!(ended.code, Some(4), "{}", ended.shown());
        assert!(ended.stderr.contains("disk"), "{}", ended.shown());
    }
    // No room for the index either: nothing else is wrong, and nothing is found that is not there.
    let searched = machine.run(&["search", "-M", "kelp", "-f", "ids"]);
    assert_eq!(
        (searched.code, searched.stdout.as_str()),
        (Some(4), ""),
        "{}",
        searched.stderr
    );
    let held = library(&machine);
    assert_eq!(held.integrity().unwrap(), Vec::<String>::new());
    assert_eq!(held.invalid_rows(|_| {}).unwrap(), []);
    drop(held);
    let larger = Command::new("mount")
        .args(["-o", "remount,size=100m"])
        .arg(&folder)
        .status()
        .unwrap();
    assert!(larger.success());
    let (held, found) = held_and_found(&machine);
    assert!((1..PAPERS).contains(&held.len()), "{}", held.len());
    assert_eq!(held, found);
    let ended = machine.run(&["import", "papers.jsonl"]);
    let told = format!(" {} the same\n", held.len());
    assert!(ended.stderr.ends_with(&told), "{}", ended.shown());
    let (held, found) = held_and_found(&machine);
    assert_eq!((held.len(), held), (PAPERS, found));
    machine.run(&["doctor"]).ok();
}

#[test]
fn a_full_disk_breaks_nothing() {
    let machine = Machine::new();
    let folder = folder(&machine);
    fs::create_dir_all(&folder).unwrap();
    let Some(_disk) = Mount::new(&["-t", "tmpfs", "-o", "size=1m", "arxcat-test"], &folder) else {
        return;
    };
    keep(&machine, &[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    let filler = folder.join("filler");
    let _ = fs::write(&filler, vec![0; 2 << 20]);
    let text = "words ".repeat(20_000);
    let ended = machine.arxcat(&["note", "2501.00001", "-"]).stdin(&text).run();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("disk"), "{}", ended.shown());
    fs::remove_file(filler).unwrap();
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "tag\ttodo\t1\n");
    assert_eq!(library(&machine).note(id("2501.00001")).unwrap(), None);
    machine.run(&["doctor"]).ok();
    machine.run(&["note", "2501.00001", "now there is room"]).ok();
}

#[test]
fn a_file_that_may_not_grow_breaks_nothing() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    let text = "words ".repeat(20_000);
    let grown = fs::metadata(database(&machine)).unwrap().len();
    let ended = limited(&machine, &["note", "2501.00001", &text], grown / 2048);
    assert_eq!(
        ended.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert_eq!(library(&machine).note(id("2501.00001")).unwrap(), None);
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "tag\ttodo\t1\n");
    machine.run(&["doctor"]).ok();
}

#[test]
fn an_index_that_may_not_grow_stays_as_it_is() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    let search = ["search", "-M", "paper", "-f", "ids"];
    assert_eq!(machine.run(&search).ok(), "2501.00001\n");
    let index = folder(&machine).join("index");
    let before = bytes(&index);
    let mut long = record("2501.00002", "A Long Paper", "2026-10-01");
    long.paper.abstract_ = Some((0..40_000).fold(String::new(), |mut words, n| {
        let _ = write!(words, "word{n} ");
        words
    }));
    keep(&machine, &[long]);
    let ended = limited(&machine, &search, 64);
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!((ended.status.code(), ended.stdout.len()), (Some(4), 0), "{told}");
    assert!(told.contains("/index: "), "{told}");
    let after = bytes(&index);
    assert!(before.iter().all(|(path, content)| {
        let is_list = path.ends_with(".managed.json");
        is_list || after.contains(&(path.clone(), content.clone()))
    }));
    assert_eq!(machine.run(&search).ok().lines().count(), 2);
}

/// Runs with a limit, in KiB, on every file the process writes; unlike permissions it also limits root.
fn limited(machine: &Machine, args: &[&str], kib: u64) -> std::process::Output {
    let command = machine.arxcat(args).command();
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &script])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(machine.path(""))
        .output()
        .unwrap()
}

#[test]
fn the_database_is_readable_by_its_owner_only() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    let mode = || {
        std::fs::metadata(database(&machine))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(database(&machine), std::fs::Permissions::from_mode(0o644)).unwrap();
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    assert_eq!(mode(), 0o600, "one of an earlier version is closed to others");
}

#[test]
fn too_few_file_descriptors_are_an_error_that_says_so() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    machine.run(&["search", "-M", "plain"]).ok();
    let program = env!("CARGO_BIN_EXE_arxcat");
    for limit in 5..=24 {
        for command in ["search -M plain", "tag todo 2501.00001", "list -M", "doctor"] {
            let script = format!(
                "ulimit -n {limit}; exec {program} --library-dir {} {command}",
                folder(&machine).display()
            );
            let ended = std::process::Command::new("sh")
                .args(["-c", &script])
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&ended.stderr);
            assert!(!stderr.contains("panicked"), "{limit}, {command}: {stderr}");
            match ended.status.code() {
                Some(0) => {}
                Some(4) => {
                    let output = format!("{stderr}{}", String::from_utf8_lossy(&ended.stdout));
                    assert!(
                        output.to_lowercase().contains("too many open files"),
                        "{limit}, {command}: {output}"
                    );
                }
                code => panic!("{limit}, {command}: {code:?}, {stderr}"),
            }
        }
    }
}
