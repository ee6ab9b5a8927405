//! Killed at any moment: the file is whole or not there, and the next run goes on.

use super::*;

#[test]
fn a_killed_download_is_whole_or_absent_and_is_gone_on_with() {
    let fake = Fake::start();
    let mut machine = Machine::with_arxiv(&fake.url());
    // What the dead one left in the gate is waited for.
    machine.set("ARXCAT_INTERVAL", "0.01");
    let pdf = Served::pdf("killed", 400_000);
    let path = machine.path("2501.00001v1.pdf");
    let part = machine.path("2501.00001v1.pdf.part");
    let (mut resumed, mut killed_inside) = (0, 0);
    for round in 0..25 {
        let _ = std::fs::remove_file(&path);
        fake.file(
            PDF,
            pdf.clone().next(Quirk::Drip(20_000, Duration::from_millis(3))),
        );
        let running = machine.arxcat(&["download", "2501.00001v1"]).start();
        std::thread::sleep(Duration::from_millis(fastrand::u64(0..150)));
        running.signal(Signal::SIGKILL);
        running.wait();
        if path.exists() {
            assert!(
                std::fs::read(&path).unwrap() == pdf.bytes(),
                "round {round}: half a file"
            );
        }
        let left = std::fs::metadata(&part).map_or(0, |left| left.len());
        killed_inside += usize::from(left > 0);
        let before = fake.requests().len();
        fake.file(PDF, pdf.clone());
        machine.run(&["download", "2501.00001v1"]).ok();
        assert!(
            std::fs::read(&path).unwrap() == pdf.bytes(),
            "round {round}: not the file"
        );
        assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"], "round {round}");
        let range = format!("bytes={left}-");
        let asked = fake.requests();
        let ranges = asked
            .iter()
            .skip(before)
            .filter_map(|request| request.header("range"));
        resumed += ranges.filter(|asked| **asked == range).count();
    }
    assert!(killed_inside > 0, "no round was killed while bytes came");
    assert_eq!(resumed, killed_inside);
}
