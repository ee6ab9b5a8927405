//! A download that was cut off, and what becomes of its beginning.

use super::*;

/// Leaves the first bytes of the PDF behind: the server breaks off, and stays away for the tries after.
fn begun(fake: &Fake, machine: &Machine, pdf: &Served, bytes: u64) {
    fake.file(PDF, pdf.clone().next(Quirk::CutAfter(bytes)));
    fake.next(Trouble::None);
    for _ in 0..4 {
        fake.next(Trouble::Close);
    }
    let ended = machine.run(&["download", "2501.00001v1"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    let names = names(&machine.path(""));
    assert_eq!(names, ["2501.00001v1.pdf.part", "2501.00001v1.pdf.part.json"]);
}

/// Runs again: the file is there as it should be. Gives the requests of this run, as (range, if-range).
fn finished(fake: &Fake, machine: &Machine, pdf: &Served) -> Vec<(Option<String>, Option<String>)> {
    let files = || fake.requests().into_iter().filter(|request| request.path == PDF);
    let before = files().count();
    machine.run(&["download", "2501.00001v1"]).ok();
    let path = machine.path("2501.00001v1.pdf");
    assert!(std::fs::read(path).unwrap() == pdf.bytes(), "not the file");
    assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"]);
    let header =
        |name: &'static str| move |request: &crate::fake::Request| request.header(name).map(str::to_owned);
    let (range, if_range) = (header("range"), header("if-range"));
    let new = files().skip(before);
    new.map(|request| (range(&request), if_range(&request))).collect()
}

fn from(bytes: u64, pdf: &Served) -> (Option<String>, Option<String>) {
    (Some(format!("bytes={bytes}-")), pdf.etag.clone())
}

#[test]
fn the_rest_is_asked_for_and_only_the_rest() {
    let (fake, machine, pdf) = plain(100_000);
    begun(&fake, &machine, &pdf, 40_000);
    assert_eq!(finished(&fake, &machine, &pdf), [from(40_000, &pdf)]);
}

#[test]
fn within_a_run_the_next_try_goes_on() {
    let (fake, machine, pdf) = plain(100_000);
    let cut = pdf
        .clone()
        .next(Quirk::CutAfter(40_000))
        .next(Quirk::CutAfter(10_000));
    fake.file(PDF, cut);
    let asked = finished(&fake, &machine, &pdf);
    assert_eq!(asked, [(None, None), from(40_000, &pdf), from(50_000, &pdf)]);
}

#[test]
fn what_is_all_there_is_done() {
    let (fake, machine, pdf) = plain(50_000);
    begun(&fake, &machine, &pdf, 20_000);
    // As if killed between the last byte and the new name.
    machine.write("2501.00001v1.pdf.part", pdf.bytes());
    let length = pdf.bytes().len() as u64;
    assert_eq!(finished(&fake, &machine, &pdf), [from(length, &pdf)]);
}

#[test]
fn another_file_begins_anew() {
    let (fake, machine, pdf) = plain(50_000);
    begun(&fake, &machine, &pdf, 20_000);
    let other = Served::pdf("revised in place", 60_000);
    fake.file(PDF, other.clone());
    assert_eq!(finished(&fake, &machine, &other), [from(20_000, &pdf)]);
}

#[test]
fn a_server_that_knows_no_ranges_sends_all() {
    let (fake, machine, pdf) = plain(50_000);
    begun(&fake, &machine, &pdf, 20_000);
    fake.file(PDF, pdf.clone().next(Quirk::NoRanges));
    assert_eq!(finished(&fake, &machine, &pdf), [from(20_000, &pdf)]);
}

#[test]
fn without_a_strong_etag_all_is_asked_for_again() {
    for etag in [None, Some("W/\"weak\""), Some("bare")] {
        let (fake, machine, pdf) = plain(50_000);
        let pdf = pdf.etag(etag);
        begun(&fake, &machine, &pdf, 20_000);
        fake.file(PDF, pdf.clone());
        assert_eq!(finished(&fake, &machine, &pdf), [(None, None)], "{etag:?}");
    }
}

#[test]
fn a_range_that_does_not_fit_is_not_believed() {
    for wrong in [
        "bytes 20001-50000/50001",
        "bytes 0-50010/50011",
        "bytes 20000-30000/50011",
        "bytes 20000-50010/*",
        "bytes 20000-99/100",
        "20000-",
        "",
    ] {
        let (fake, machine, pdf) = plain(50_000);
        begun(&fake, &machine, &pdf, 20_000);
        fake.file(PDF, pdf.clone().next(Quirk::WrongRange(wrong)));
        assert_eq!(
            finished(&fake, &machine, &pdf),
            [from(20_000, &pdf), (None, None)],
            "{wrong}"
        );
    }
    for wrong in ["bytes */20001", "bytes */*", ""] {
        let (fake, machine, pdf) = plain(50_000);
        begun(&fake, &machine, &pdf, 20_000);
        fake.file(PDF, pdf.clone().next(Quirk::Unsatisfiable(wrong)));
        assert_eq!(
            finished(&fake, &machine, &pdf),
            [from(20_000, &pdf), (None, None)],
            "{wrong}"
        );
    }
}

#[test]
fn a_length_that_is_not_told_is_checked_by_the_files_end() {
    let (fake, machine, pdf) = plain(50_000);
    // What broke off is gone on with, by the next try.
    fake.file(PDF, pdf.clone().next(Quirk::Unannounced(30_000)));
    assert_eq!(
        finished(&fake, &machine, &pdf),
        [(None, None), from(30_000, &pdf)]
    );
    std::fs::remove_file(machine.path("2501.00001v1.pdf")).unwrap();
    let broken = (0..5).fold(pdf.clone().etag(None), |pdf, _| {
        pdf.next(Quirk::Unannounced(30_000))
    });
    fake.file(PDF, broken);
    let ended = machine.run(&["download", "2501.00001v1"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(!machine.path("2501.00001v1.pdf").exists(), "{}", ended.shown());
    let length = pdf.bytes().len() as u64;
    fake.file(PDF, pdf.clone().next(Quirk::Unannounced(length)));
    assert_eq!(finished(&fake, &machine, &pdf), [(None, None)]);
}

#[test]
fn what_is_in_the_way_of_the_part_is_left_alone() {
    let (fake, machine, _) = plain(5000);
    let part = machine.path("2501.00001v1.pdf.part");
    let treasure = machine.write("data/treasure", "gold");
    let put: [&dyn Fn(); 4] = [
        &|| std::os::unix::fs::symlink(&treasure, &part).unwrap(),
        &|| std::fs::hard_link(&treasure, &part).unwrap(),
        &|| std::fs::write(&part, "another program's").unwrap(),
        &|| std::fs::create_dir(&part).unwrap(),
    ];
    for (number, put) in put.iter().enumerate() {
        put();
        let ended = machine.run(&["download", "2501.00001v1"]);
        assert_eq!(ended.code, Some(4), "{number}: {}", ended.shown());
        assert!(ended.stderr.contains("in the way"), "{}", ended.stderr);
        assert_eq!(machine.read("data/treasure"), "gold");
        let _ = std::fs::remove_file(&part).or_else(|_| std::fs::remove_dir(&part));
    }
    assert!(fake.requests().is_empty());
    // A link where the note will be is no way to another file either.
    std::os::unix::fs::symlink(&treasure, machine.path("2501.00001v1.pdf.part.json")).unwrap();
    machine.run(&["download", "2501.00001v1"]).ok();
    assert_eq!(machine.read("data/treasure"), "gold");
    assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"]);
}

#[test]
fn two_runs_do_not_write_one_file() {
    let (fake, machine, pdf) = plain(50_000);
    fake.file(
        PDF,
        pdf.clone().next(Quirk::Drip(10_000, Duration::from_millis(150))),
    );
    let first = machine.arxcat(&["download", "2501.00001v1"]).start();
    fake.wait_for_requests(1);
    let second = machine.run(&["download", "2501.00001v1"]);
    assert_eq!(second.code, Some(4), "{}", second.shown());
    assert!(second.stderr.contains("another arxcat"), "{}", second.stderr);
    first.wait().ok();
    let path = machine.path("2501.00001v1.pdf");
    assert!(std::fs::read(path).unwrap() == pdf.bytes());
}
