//! Errors of one file or of the library: the other files are reported all the same.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::{plain, status};
use crate::commands::outdated::spoil;
use crate::fake::Served;

#[test]
fn a_file_that_cannot_be_read_fails_alone() {
    let (fake, machine, _) = plain(1000);
    fake.file("/pdf/2501.00002v1", Served::pdf("another", 1000));
    machine.run(&["download", "2501.00001v1"]).ok();
    let file = machine.path("2501.00001v1.pdf");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let args = [
        "download",
        "2501.00001v1",
        "2501.00002v1",
        "--ledger",
        "ledger.jsonl",
    ];
    let run = machine.arxcat(&args).command();
    let mut bound = if fs::File::open(&file).is_ok() {
        // Modes do not bind root, unless it gives up what sets it above them.
        let mut bound = Command::new("setpriv");
        bound.args(["--bounding-set", "-all", "--inh-caps", "-all"]);
        bound.arg(run.get_program());
        bound
    } else {
        Command::new(run.get_program())
    };
    bound
        .args(run.get_args())
        .env_clear()
        .current_dir(machine.path(""));
    for (name, value) in run.get_envs() {
        bound.env(name, value.unwrap());
    }
    let Ok(ended) = bound.output() else {
        eprintln!("skipped: there is no setpriv");
        return;
    };
    let (stdout, stderr) = (
        String::from_utf8(ended.stdout).unwrap(),
        String::from_utf8(ended.stderr).unwrap(),
    );
    assert_eq!(ended.status.code(), Some(4), "{stderr}");
    assert_eq!(stdout, "2501.00002v1.pdf\n", "{stderr}");
    assert!(
        stderr.contains("error: 2501.00001v1: cannot read 2501.00001v1.pdf"),
        "{stderr}"
    );
    assert_eq!(status(&machine), ["failed", "found"]);
}

#[test]
fn a_damaged_record_ends_the_run_in_order() {
    let (_fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001v1"]).ok();
    machine.run(&["fetch", "2501.00002"]).ok();
    spoil(&machine, "2501.00002");
    let ended = machine.run(&[
        "download",
        "2501.00001v1",
        "2501.00002",
        "--ledger",
        "ledger.jsonl",
    ]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(4), "2501.00001v1.pdf\n"),
        "{}",
        ended.shown()
    );
    assert!(ended.stderr.contains("error: 2501.00002: "), "{}", ended.stderr);
    assert_eq!(status(&machine), ["skipped", "failed"]);
}

#[test]
fn what_was_ours_stays_ours_where_its_successor_cannot_be_put() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001v1"]).ok();
    let (file, away) = (machine.path("2501.00001v1.pdf"), machine.path("away.pdf"));
    fs::rename(&file, &away).unwrap();
    fs::create_dir(&file).unwrap();
    let ended = machine.run(&["download", "--force", "2501.00001v1"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    fs::remove_dir(&file).unwrap();
    fs::rename(&away, &file).unwrap();
    let before = fake.requests().len();
    machine
        .run(&["download", "2501.00001v1", "--ledger", "ledger.jsonl"])
        .ok();
    assert_eq!(status(&machine), ["skipped"]);
    assert_eq!(fake.requests().len(), before);
}
