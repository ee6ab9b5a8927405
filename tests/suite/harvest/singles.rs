//! Single records, and the forms the tests' arXiv has them in.

use arxcat::arxiv::oai::{Item, Single, parse, record};
use arxcat::model::id::ArxivId;

use super::{client, run};
use crate::arxcat::Machine;
use crate::fake::{Fake, papers};

#[test]
fn single_records_come_whatever_their_version() {
    let fake = Fake::start();
    fake.oai(|oai| {
        oai.delete("2606.00010", "2026-10-01");
        oai.entry("2309.00006").paper.title.clear();
    });
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path(), |_| ());
    let get = |id: &str| run(record(&client, &fake.oai_url(), ArxivId::parse(id).unwrap())).unwrap();
    let Single::Found(found) = get("2501.00002v1") else {
        panic!("not found")
    };
    assert_eq!((found.paper.version, found.current), (Some(3), true));
    assert_eq!(found.paper.submitter.as_deref(), Some("Ada Example"));
    assert!(matches!(get("2606.00010"), Single::Deleted(_)));
    assert!(matches!(get("2501.99999"), Single::NotFound(_)));
    assert!(matches!(get("2309.00006"), Single::Broken(_)));
}

#[test]
fn every_prefix_of_the_fake_is_read_alike() {
    let fake = Fake::with(papers::many(40));
    let read = |prefix: &str| {
        let url = format!("{}?verb=ListRecords&metadataPrefix={prefix}", fake.oai_url());
        let answer = Machine::new().get(&url);
        let page = parse(answer.as_bytes()).unwrap();
        assert_eq!(page.items.len(), 40);
        page.items.into_iter().map(|item| match item {
            Item::Record(record) => record.paper,
            other => panic!("{other:?}"),
        })
    };
    let raw: Vec<_> = read("arXivRaw").collect();
    for prefix in ["arXiv", "arXivOld", "oai_dc"] {
        for (paper, raw) in read(prefix).zip(&raw) {
            assert_eq!(
                (paper.id, &paper.title, &paper.authors),
                (raw.id, &raw.title, &raw.authors)
            );
            assert_eq!(
                (paper.abstract_, paper.categories),
                (raw.abstract_.clone(), raw.categories.clone())
            );
        }
    }
}
