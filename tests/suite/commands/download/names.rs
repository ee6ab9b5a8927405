//! What downloaded files are called.

use super::*;

#[test]
fn a_template_names_files_by_the_record() {
    let fake = Fake::start();
    fake.file("/pdf/2501.00002v3", Served::pdf("thrice", 100));
    fake.file("/pdf/2501.00002v1", Served::pdf("first", 100));
    let machine = Machine::with_arxiv(&fake.url());
    let named = |template: &str, id: &str| machine.run(&["download", id, "--force", "--name", template]).ok();
    assert_eq!(
        named("{id}v{version}-{author}-{year}-{title}", "2501.00002"),
        "2501.00002v3-Sample-2025-Sparse-Experts-Thrice-Revised.pdf\n"
    );
    assert_eq!(
        named("{title}", "2501.00002v1"),
        "Sparse-Experts-Thrice-Revised-2501.00002v1.pdf\n"
    );
    assert_eq!(named("{year}_", "2501.00002"), "2025_-2501.00002v3.pdf\n");
}

#[test]
fn a_paper_that_is_there_is_not_asked_for_again_for_another_name() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001"]).ok();
    let before = fake.requests().len();
    assert_eq!(
        machine.run(&["download", "2501.00001", "--name", "{title}"]).ok(),
        "2501.00001v1.pdf\n"
    );
    assert_eq!(fake.requests().len(), before);
}

#[test]
fn a_template_that_cannot_be_is_refused_before_anything_is_sent() {
    let (fake, machine, _) = plain(1000);
    insta::assert_snapshot!(
        "download_template_unknown",
        machine
            .run(&["download", "2501.00001", "--name", "{titel}"])
            .shown()
    );
    for template in ["../{id}", "/tmp/{id}", "a b", ""] {
        let ended = machine.run(&["download", "2501.00001", "--name", template]);
        assert_eq!(ended.code, Some(2), "{template}: {}", ended.shown());
    }
    assert!(fake.requests().is_empty());
    assert_eq!(names(&machine.path("")), [""; 0]);
}

#[test]
fn a_folder_that_cannot_be_is_an_error_before_anything_is_sent() {
    let (fake, machine, _) = plain(1000);
    machine.write("file", "x");
    let ended = machine.run(&["download", "2501.00001v1", "-d", "file"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(fake.requests().is_empty());
}
