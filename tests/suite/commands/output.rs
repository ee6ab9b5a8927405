//! Where data goes: whole files or none, closed pipes, full disks.

use std::io::Read;
use std::process::Stdio;

use crate::arxcat::Machine;

#[test]
fn a_file_is_written_whole_and_not_replaced_unasked() {
    let machine = Machine::new();
    machine.run(&["list", "-o", "list.tsv"]).ok();
    assert_eq!(machine.read("list.tsv"), machine.run(&["list"]).ok());
    insta::assert_snapshot!(
        machine
            .run(&["list", "-n", "1", "-o", "list.tsv"])
            .shown()
            .replace(&machine.path("").display().to_string(), "~/")
    );
    assert_eq!(machine.read("list.tsv").lines().count(), 35);
    machine
        .run(&["list", "-n", "1", "-o", "list.tsv", "--force"])
        .ok();
    assert_eq!(machine.read("list.tsv").lines().count(), 1);
}

#[test]
#[cfg(unix)]
fn a_replaced_file_keeps_its_mode_and_a_link_is_written_through() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let machine = Machine::new();
    let file = machine.write("real.tsv", "old");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    symlink(&file, machine.path("link.tsv")).unwrap();
    machine.run(&["list", "-o", "link.tsv", "--force"]).ok();
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(
        std::fs::symlink_metadata(machine.path("link.tsv"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(machine.read("real.tsv").lines().count(), 35);
}

#[test]
fn what_is_not_a_regular_file_is_written_directly() {
    let machine = Machine::new();
    assert_eq!(
        machine.run(&["list", "-o", "/dev/stdout"]).ok(),
        machine.run(&["list"]).ok()
    );
    assert_eq!(
        machine.run(&["list", "-o", "-"]).ok(),
        machine.run(&["list"]).ok()
    );
}

#[test]
fn what_dead_runs_left_is_cleaned_and_what_is_alive_is_not() {
    let machine = Machine::new();
    machine.write(".arxcat-dead00.part", "half");
    let alive = std::fs::File::create(machine.path(".arxcat-alive0.part")).unwrap();
    alive.lock().unwrap();
    machine.run(&["list", "-o", "list.tsv"]).ok();
    assert!(!machine.path(".arxcat-dead00.part").exists());
    assert!(machine.path(".arxcat-alive0.part").exists());
}

#[test]
fn a_folder_that_cannot_be_written_and_a_full_disk_are_errors_of_their_own() {
    let machine = Machine::new();
    let mut all = machine.run(&["list", "-o", "absent/list.tsv"]).shown();
    std::fs::create_dir_all(machine.path("folder")).unwrap();
    all.push_str(&machine.run(&["list", "-o", "folder"]).shown());
    all.push_str(&machine.run(&["export", "-o", "/dev/full"]).shown());
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    for args in [
        &["list"][..],
        &["timeline"],
        &["stats"],
        &["categories"],
        &["show", "R1"],
        &["man"],
        &["config"],
    ] {
        let status = machine
            .arxcat(args)
            .command()
            .stdout(full.try_clone().unwrap())
            .stderr(Stdio::null())
            .status();
        assert_eq!(status.unwrap().code(), Some(4), "{args:?}");
    }
    insta::assert_snapshot!(all.replace(&machine.path("").display().to_string(), "~/"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let machine = Machine::new();
    for args in [
        &["export"][..],
        &["list"],
        &["timeline"],
        &["categories"],
        &["man"],
        &["schema", "paper"],
    ] {
        let mut command = machine.arxcat(args).command();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let status = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn a_stderr_that_cannot_be_written_to_does_not_panic() {
    let machine = Machine::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = machine
        .arxcat(&["show", "nonsense"])
        .command()
        .stdout(Stdio::null())
        .stderr(full)
        .status();
    assert_eq!(status.unwrap().code(), Some(2));
}

#[test]
fn two_outputs_do_not_meet_and_redirected_output_is_added_to() {
    let machine = Machine::new();
    assert_eq!(
        machine.run(&["show", "R1", "--ledger", "x", "-o", "x"]).code,
        Some(2)
    );
    assert!(!machine.path("x").exists());
    assert_eq!(
        machine
            .run(&["show", "R1", "--ledger", "absent/x", "-o", "y"])
            .code,
        Some(4)
    );
    assert!(!machine.path("y").exists(), "nothing was asked yet");
    let kept = machine.write("kept", "keep me\n");
    let file = std::fs::File::options().append(true).open(&kept).unwrap();
    let mut command = machine
        .arxcat(&["show", "-o", "/dev/stdout", "R1", "-f", "ids", "--force"])
        .command();
    assert!(command.stdout(file).status().unwrap().success());
    assert_eq!(machine.read("kept"), "keep me\n2501.12948\n");
}

#[test]
fn a_regular_file_is_one_below_dev_too() {
    let folder = tempfile::Builder::new().prefix("arxcat-").tempdir_in("/dev/shm");
    let Ok(folder) = folder else { return };
    let machine = Machine::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (list, ledger, bib) = (path("list.tsv"), path("ledger"), path("refs.bib"));
    machine.run(&["list", "-n", "3", "-o", &list]).ok();
    let again = machine.run(&["list", "-n", "1", "-o", &list]);
    assert_eq!(again.code, Some(4), "{}", again.shown());
    machine.run(&["list", "-n", "1", "-o", &list, "--force"]).ok();
    assert_eq!(std::fs::read_to_string(&list).unwrap().lines().count(), 1);
    for id in ["R1", "V3"] {
        machine.run(&["show", "DeepSeek-R1", "--ledger", &ledger]).ok();
        machine.run(&["cite", id, "--offline", "--append", &bib]);
    }
    assert_eq!(std::fs::read_to_string(&ledger).unwrap().lines().count(), 1);
    let entries = std::fs::read_to_string(&bib).unwrap();
    assert_eq!(entries.matches('@').count(), 2, "{entries}");
}

#[test]
fn a_redirected_stderr_is_added_to() {
    let machine = Machine::new();
    machine.write("log", "before\n");
    machine
        .shell("arxcat list -f ids -n 2 -o /dev/stderr 2>>log")
        .run()
        .ok();
    assert_eq!(machine.read("log").lines().count(), 3, "{}", machine.read("log"));
}

#[test]
fn outputs_in_one_folder_do_not_disturb_each_other() {
    use arxcat::app::output::Output;
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let write = |number: usize| {
        let path = folder.path().join(number.to_string());
        let mut output = Output::open(Some(&path), false).unwrap();
        writeln!(output, "{number}").unwrap();
        output.commit().unwrap();
    };
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || (0..150).for_each(|number| write(thread * 150 + number)));
        }
    });
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(
        names.count(),
        1_200,
        "nothing is missing, and nothing is left over"
    );
}

#[test]
fn a_stdout_that_was_never_open_is_an_error() {
    let machine = Machine::new();
    for command in ["list", "timeline", "show R1", "categories", "config", "help", ""] {
        let closed = machine.shell(&format!("arxcat {command} >&-")).run();
        assert_eq!(closed.code, Some(4), "{command}: {}", closed.shown());
        assert!(
            closed.stderr.contains("standard output is closed"),
            "{}",
            closed.shown()
        );
        let null = machine.shell(&format!("arxcat {command} >/dev/null")).run();
        assert_eq!(null.code, Some(0), "{command}: {}", null.shown());
    }
    let file = machine.shell("arxcat list -o list.tsv >&-").run();
    assert_eq!(file.code, Some(0), "{}", file.shown());
    let daemon = machine
        .shell("arxcat list <>/dev/null 1<>/dev/null 2<>/dev/null")
        .run();
    assert_eq!(daemon.code, Some(0), "a parent that wants no output says so");
}

#[test]
fn where_nothing_came_no_file_is_made() {
    let machine = Machine::new();
    assert_eq!(
        machine
            .run(&["fetch", "2501.00001", "--offline", "-o", "out.json", "--json"])
            .code,
        Some(3)
    );
    assert!(!machine.path("out.json").exists());
}

#[test]
fn help_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = Machine::new()
        .arxcat(&["--help"])
        .command()
        .stdout(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(4));
}
