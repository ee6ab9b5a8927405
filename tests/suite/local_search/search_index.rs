//! What the index finds, and how it gets over what can happen to it.

use arxcat::library::{IndexHealth, Library, Scope, UpsertOptions};
use arxcat::model::category;

use arxcat::model::paper::{Author, BilingualText, Paper};
use arxcat::model::selection::{Selection, Sort};

use super::{Shelf, id, identifiers, paper, record};

fn relevance() -> Selection {
    Selection {
        sort: Sort::Relevance,
        ..Selection::default()
    }
}

#[test]
fn words_are_found_whatever_their_case_accents_ending_and_tex() {
    let mut shelf = Shelf::new();
    shelf.put(&[
        paper(
            "2501.00001",
            "On Schr\\\"odinger's Equation",
            "We solve $H\\psi = E\\psi$ for na\\\"ive boundaries.",
        ),
        paper(
            "2501.00002",
            "Self-Attention Networks",
            "Attentive models are trained.",
        ),
        paper("2501.00003", "Nothing of the kind", "But an ÉTUDE in networks."),
    ]);
    let found = |words: &[&str]| shelf.found(Scope::Mirror, words, &relevance());
    assert_eq!(found(&["schrodinger"]), ["2501.00001"]);
    assert_eq!(found(&["Schrödinger", "EQUATIONS"]), ["2501.00001"]);
    assert_eq!(found(&["naive", "boundary"]), ["2501.00001"]);
    assert_eq!(found(&["self attention"]), ["2501.00002"]);
    assert_eq!(found(&["attention self"]), Vec::<String>::new());
    assert_eq!(found(&["etude"]), ["2501.00003"]);
    assert_eq!(found(&["network", "NOT", "attention"]), ["2501.00003"]);
    assert_eq!(found(&["NOT", "network"]), ["2501.00001"]);
    assert_eq!(found(&["title:network"]), ["2501.00002"]);
    assert_eq!(found(&["abstract:networks"]), ["2501.00003"]);
    assert_eq!(found(&["netw*"]).len(), 2);
    assert_eq!(found(&["etude", "OR", "schrodinger"]).len(), 2);
    assert_eq!(found(&["author:ada", "category:cs.ai", "models"]), ["2501.00002"]);
    assert_eq!(found(&["example"]).len(), 3, "names are text too");
}

#[test]
fn a_beginning_may_go_further_than_the_stem() {
    let mut shelf = Shelf::new();
    shelf.put(&[
        paper("2501.00001", "Quantum Computation", "Of relational studies."),
        paper("2501.00002", "A compact title", "Of relatives."),
    ]);
    let found = |words: &str| shelf.found(Scope::Mirror, &[words], &relevance());
    for (field, word) in [("", "computation"), ("title:", "computation"), ("", "relational")] {
        for end in 6..=word.len() {
            let words = format!("{field}{}*", &word[..end]);
            assert!(found(&words).contains(&"2501.00001".to_owned()), "{words}");
        }
    }
    assert_eq!(found("abstract:relationa*"), ["2501.00001"]);
    assert_eq!(found("abstract:studie*"), ["2501.00001"]);
    assert_eq!(found("comp*").len(), 2);
    assert_eq!(found("compu*"), ["2501.00001"]);
}

#[test]
fn titles_weigh_more_than_abstracts() {
    let mut shelf = Shelf::new();
    let filler = "and further words of no interest here ".repeat(3);
    shelf.put(&[
        paper("2501.00001", "Some other matter", &format!("pruning {filler}")),
        paper(
            "2501.00002",
            "Pruning",
            &format!("a matter of this kind {filler}"),
        ),
        paper("2501.00003", "Another matter", &format!("pruning {filler}")),
    ]);
    assert_eq!(
        shelf.found(Scope::Mirror, &["pruning"], &relevance())[0],
        "2501.00002"
    );
}

#[test]
fn chinese_is_found_by_its_characters() {
    let mut shelf = Shelf::new();
    let mut learned = paper("2501.00001", "Reasoning", "By reinforcement learning.");
    learned.catalog = Some(arxcat::model::paper::CatalogEntry {
        summary: BilingualText {
            en: None,
            zh: Some("用强化学习激发推理能力".to_owned()),
        },
        ..Default::default()
    });
    shelf.put(&[learned, paper("2501.00002", "Another", "Of it.")]);
    crate::library::note(&mut shelf.library, id("2501.00002"), "以后再读这篇论文");
    let found = |words: &[&str]| shelf.found(Scope::Mirror, words, &relevance());
    assert_eq!(found(&["强化学习"]), ["2501.00001"]);
    assert_eq!(found(&["学习强化"]), Vec::<String>::new());
    assert_eq!(found(&["论文"]), ["2501.00002"]);
    assert_eq!(
        shelf.found(Scope::Library, &["再读"], &relevance()),
        ["2501.00002"]
    );
    assert_eq!(
        shelf.found(Scope::Library, &["推理"], &relevance()),
        Vec::<String>::new()
    );
}

#[test]
fn an_index_that_is_lost_damaged_or_of_another_library_is_built_anew() {
    let mut shelf = Shelf::new();
    shelf.put(&[paper("2501.00001", "Pruning", "Of trees.")]);
    let found = |library: &Library| {
        let words = arxcat::model::query::parse(&["trees".to_owned()]).unwrap();
        identifiers(library, Scope::Mirror, words.as_ref(), &relevance())
    };
    assert_eq!(found(&shelf.library), ["2501.00001"]);
    let index = shelf.library.index_folder();
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(found(&shelf.library), ["2501.00001"]);

    for file in std::fs::read_dir(&index).unwrap() {
        let path = file.unwrap().path();
        // Building anew gives the files other names.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(
            found(&shelf.library),
            ["2501.00001"],
            "{} cut in half",
            path.display()
        );
    }

    let mut other = Shelf::new();
    other.put(&[paper("2501.00009", "Pruning", "Of roses.")]);
    assert_eq!(
        other.found(Scope::Mirror, &["roses"], &relevance()),
        ["2501.00009"]
    );
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::rename(other.library.index_folder(), &index).unwrap();
    assert_eq!(found(&shelf.library), ["2501.00001"]);
}

#[test]
fn a_folder_of_somebody_else_stays_where_the_index_would_go() {
    let machine = crate::library::machine_with(&[crate::library::record(
        "2501.00001",
        "A Plain Paper",
        "2026-10-01",
    )]);
    for file in ["chapter.md", "meta.json", "old/page.html"] {
        machine.write(&format!("data/arxcat/index/{file}"), "mine");
        let ended = machine.run(&["search", "-M", "plain"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), ""), "{file}");
        assert!(
            ended.stderr.contains("/index is not arxcat's"),
            "{}",
            ended.shown()
        );
        assert!(ended.stderr.contains("hint: move it away"), "{}", ended.shown());
        assert_eq!(machine.read(&format!("data/arxcat/index/{file}")), "mine");
        std::fs::remove_dir_all(machine.path("data/arxcat/index")).unwrap();
    }
    machine.write("data/arxcat/index", "mine");
    assert_eq!(machine.run(&["search", "-M", "plain"]).code, Some(4));
    assert_eq!(machine.read("data/arxcat/index"), "mine");
    std::fs::remove_file(machine.path("data/arxcat/index")).unwrap();
    let search = ["search", "-M", "plain", "-f", "ids"];
    assert_eq!(machine.run(&search).ok(), "2501.00001\n");

    // What is added to the index's own folder stays, and is in nobody's way.
    machine.write("data/arxcat/index/.DS_Store", "mine");
    std::fs::remove_file(machine.path("data/arxcat/index/meta.json")).unwrap();
    assert_eq!(machine.run(&search).ok(), "2501.00001\n");
    assert_eq!(machine.read("data/arxcat/index/.DS_Store"), "mine");
}

#[test]
fn a_record_that_cannot_be_read_keeps_no_other_from_being_found() {
    let mut shelf = Shelf::new();
    shelf.put(&[
        paper("2501.00001", "Pruning", "Of trees."),
        paper("2501.00002", "Grafting", "Of trees."),
    ]);
    let spoil = |number: &str| {
        let db = rusqlite::Connection::open(shelf.folder.path().join("library.db")).unwrap();
        let key = id(number).packed();
        db.execute_batch(
            "UPDATE library SET revision = revision + 1;
             INSERT INTO stamps SELECT revision, random() FROM library",
        )
        .unwrap();
        db.execute(
            "UPDATE papers SET record = '{', revision = (SELECT revision FROM library) WHERE key = ?1",
            [key],
        )
        .unwrap();
    };
    spoil("2501.00001");
    let found = || shelf.found(Scope::Mirror, &["trees"], &relevance());
    assert_eq!(found(), ["2501.00002"], "while the index is built");
    spoil("2501.00002");
    assert_eq!(found(), Vec::<String>::new(), "while it is brought up");
    assert_eq!(
        shelf.library.check_index().unwrap(),
        arxcat::library::IndexHealth::Consistent { behind: 0 }
    );
}

#[test]
fn a_writer_that_died_leaves_no_wrong_answers() {
    let mut shelf = Shelf::new();
    shelf.put(&[paper("2501.00001", "Pruning", "Of trees.")]);
    assert_eq!(shelf.found(Scope::Mirror, &["trees"], &relevance()).len(), 1);
    let unfinished = shelf.folder.path().join("index.unfinished");
    std::fs::write(&unfinished, "").unwrap();
    shelf.put(&[paper("2501.00002", "Grafting", "Of trees.")]);
    assert_eq!(shelf.found(Scope::Mirror, &["trees"], &relevance()).len(), 2);
    assert!(!unfinished.exists());
}

#[test]
fn what_changes_nothing_leaves_the_index_as_it_is() {
    let mut shelf = Shelf::new();
    shelf.put(&[paper("2501.00001", "Pruning", "Of trees.")]);
    let (one, now) = (id("2501.00001"), "2026-10-15T12:00:00Z".parse().unwrap());
    shelf.library.tag("todo", &[one], now).unwrap();
    let found = |shelf: &Shelf| shelf.found(Scope::Library, &["trees"], &relevance());
    assert_eq!(found(&shelf), ["2501.00001"]);
    let meta = shelf.library.index_folder().join("meta.json");
    let before = std::fs::read(&meta).unwrap();
    let library = &mut shelf.library;
    library.keep(&[one], now).unwrap();
    assert_eq!(library.tag("ToDo", &[one], now).unwrap(), [one]);
    assert_eq!(library.untag("other", &[one]).unwrap(), [one]);
    assert_eq!(library.remove(&[id("2501.00009")], true).unwrap(), []);
    assert_eq!(library.undo().unwrap(), []);
    library
        .store_harvest_page(None, &[], &[id("2501.00009")], None, None)
        .unwrap();
    assert_eq!(found(&shelf), ["2501.00001"]);
    assert_eq!(std::fs::read(&meta).unwrap(), before);
}

#[test]
fn another_process_at_the_index_does_not_hold_a_search_up() {
    let mut shelf = Shelf::new();
    shelf.put(&[paper("2501.00001", "Pruning", "Of trees.")]);
    assert_eq!(shelf.found(Scope::Mirror, &["trees"], &relevance()).len(), 1);
    shelf.put(&[paper("2501.00002", "Grafting", "Of trees.")]);
    let lock = std::fs::File::create(shelf.folder.path().join("index.lock")).unwrap();
    lock.lock().unwrap();
    let words = arxcat::model::query::parse(&["trees".to_owned()]).unwrap();
    let wanted = arxcat::library::ListRequest {
        scope: Scope::Mirror,
        words: words.as_ref(),
        selection: &relevance(),
        annotate: &|_| {},
    };
    let listing = shelf.library.list(wanted, &mut |_| {}).unwrap();
    assert_eq!((listing.matched, listing.behind), (Some(1), 1));
    drop(lock);
    assert_eq!(shelf.found(Scope::Mirror, &["trees"], &relevance()).len(), 2);
}

#[test]
fn a_list_comes_back_after_each_page_whether_anything_on_it_was_wanted_or_not() {
    let mut shelf = Shelf::new();
    let papers: Vec<_> = (1..=450)
        .map(|n| paper(&format!("2501.{n:05}"), "Pruning", "Of trees."))
        .collect();
    shelf.put(&papers);
    let selection = Selection {
        area: Some("reasoning".to_owned()),
        ..Selection::default()
    };
    let wanted = arxcat::library::ListRequest {
        scope: Scope::Mirror,
        words: None,
        selection: &selection,
        annotate: &|_| {},
    };
    let mut listing = shelf.library.list(wanted, &mut |_| {}).unwrap();
    let pages: Vec<usize> = std::iter::from_fn(|| listing.next_page().unwrap())
        .map(|page| page.len())
        .collect();
    assert_eq!(pages, [0, 0, 0]);
}

#[test]
fn filters_that_lack_a_fact_say_for_how_many_papers() {
    let mut shelf = Shelf::new();
    let whole = paper("2501.00001", "One", "word");
    let mut undated = paper("2501.00002", "Two", "word");
    undated.published = None;
    let mut bare = paper("2501.00003", "Three", "word");
    bare.published = None;
    bare.categories.clear();
    bare.primary_category = None;
    let mut unfiled = paper("2501.00004", "Four", "word");
    unfiled.categories.clear();
    unfiled.primary_category = None;
    let papers = [whole, undated, bare, unfiled];
    shelf.put(&papers);
    let selection = Selection {
        since: "2025-01-01".parse().ok(),
        categories: vec![category::CategoryFilter::parse("cs.CL").unwrap()],
        ..Selection::default()
    };
    let plain = selection.apply(papers.to_vec());
    let words = arxcat::model::query::parse(&["word".to_owned()]).unwrap();
    for words in [None, words.as_ref()] {
        let wanted = arxcat::library::ListRequest {
            scope: Scope::Mirror,
            words,
            selection: &selection,
            annotate: &|_| {},
        };
        let mut listing = shelf.library.list(wanted, &mut |_| {}).unwrap();
        assert_eq!(super::all(&mut listing).len(), plain.papers.len());
        let told: Vec<(&str, usize)> = listing
            .undecided()
            .map(|(key, count)| (key, usize::try_from(count).unwrap()))
            .collect();
        assert_eq!(told, plain.undecided);
    }
}

#[test]
fn a_record_of_a_thousand_authors_and_one_of_nothing_are_indexed() {
    let mut shelf = Shelf::new();
    let mut crowd = paper("2501.00001", "Detector", "Of particles.");
    crowd.authors = (0..1000)
        .map(|number| Author {
            name: format!("Person{number} Surname{number}"),
            affiliations: Vec::new(),
        })
        .collect();
    let nothing = arxcat::model::paper::Paper::new(id("2501.00002"), "");
    shelf
        .library
        .upsert(
            &[record(crowd), record(nothing)],
            arxcat::library::UpsertOptions::default(),
        )
        .unwrap();
    assert_eq!(
        shelf.found(Scope::Mirror, &["author:surname999"], &relevance()),
        ["2501.00001"]
    );
    let by_name = |name: &str| Selection {
        authors: vec![name.to_owned()],
        ..Selection::default()
    };
    assert_eq!(
        shelf
            .found(Scope::Mirror, &[], &by_name("Surname7 Person7"))
            .len(),
        1
    );
    assert_eq!(
        shelf
            .found(Scope::Mirror, &[], &by_name("Surname7 Person8"))
            .len(),
        0
    );
    assert_eq!(shelf.found(Scope::Mirror, &[], &by_name("surname99*")).len(), 1);
    assert_eq!(shelf.found(Scope::Mirror, &[], &Selection::default()).len(), 2);
}

#[test]
fn a_restored_copy_of_the_database_is_noticed_by_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("library.db");
    let saved = folder.path().join("saved.db");
    let upsert = |papers: &[Paper]| {
        let mut library = Library::open(folder.path()).unwrap();
        let records: Vec<_> = papers.iter().cloned().map(super::record).collect();
        library.upsert(&records, UpsertOptions::default()).unwrap();
    };
    let search = |word: &str| {
        let library = Library::open(folder.path()).unwrap();
        let words = arxcat::model::query::parse(&[word.to_owned()]).unwrap();
        identifiers(&library, Scope::Mirror, words.as_ref(), &relevance())
    };
    upsert(&[paper("2501.00001", "Pruning", "Of trees.")]);
    std::fs::copy(&database, &saved).unwrap();
    upsert(&[paper("2501.00002", "Grafting", "Of roses.")]);
    assert_eq!(search("roses"), ["2501.00002"]);

    std::fs::copy(&saved, &database).unwrap();
    upsert(&[paper("2501.00003", "Mulching", "Of tulips.")]);
    assert_eq!(
        search("tulips"),
        ["2501.00003"],
        "as many revisions as the index has"
    );
    assert_eq!(search("roses"), Vec::<String>::new());
    assert_eq!(search("trees"), ["2501.00001"]);

    std::fs::copy(&saved, &database).unwrap();
    upsert(&[paper("2501.00004", "Digging", "Of ponds.")]);
    upsert(&[paper("2501.00005", "Digging", "Of wells.")]);
    assert_eq!(
        search("ponds"),
        ["2501.00004"],
        "more revisions than the index has"
    );
    let library = Library::open(folder.path()).unwrap();
    assert_eq!(
        library.check_index().unwrap(),
        IndexHealth::Consistent { behind: 0 }
    );
}

/// The scores of a union of many words come from a query of this program; those of a few words from tantivy.
#[test]
fn a_union_of_many_words_finds_and_ranks_like_one_of_few() {
    let mut shelf = Shelf::new();
    let papers: Vec<Paper> = (1..=40)
        .map(|n: u32| {
            let words: Vec<&str> = ["kelp", "moss", "fern", "algae", "lichen"]
                .into_iter()
                .zip(2_u32..)
                .filter(|(_, every)| n.is_multiple_of(*every))
                .map(|(word, _)| word)
                .collect();
            paper(
                &format!("2501.{n:05}"),
                "Plants",
                &format!("Of {} and more.", words.join(" ")),
            )
        })
        .collect();
    shelf.put(&papers);
    let few = ["kelp", "OR", "moss", "OR", "fern", "OR", "algae", "OR", "lichen"];
    let rare: Vec<String> = (0..30).map(|n| format!("absent{n}")).collect();
    let mut many = few.to_vec();
    for word in &rare {
        many.extend(["OR", word]);
    }
    let found = shelf.found(Scope::Mirror, &many, &relevance());
    let mut expected = shelf.found(Scope::Mirror, &few, &relevance());
    assert_eq!(found[..6], expected[..6], "the papers with most of the words");
    // Papers of the same words have the same score, but for the order in which it was added up.
    let mut found = found;
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(found.len() > 20, "{found:?}");
}

/// What is sorted by the index and what SQL sorts must agree, also if titles share more than the index knows of them.
#[test]
fn the_first_by_title_and_by_date_of_the_version_are_the_same_with_and_without_an_index() {
    let mut shelf = Shelf::new();
    let papers: Vec<Paper> = (1..=60)
        .map(|n: u32| {
            let title = format!(
                "A Survey of Kelp Forests and {}",
                ["Algae", "Moss", "Éclairs", "algae"][n as usize % 4]
            );
            let mut paper = paper(&format!("2501.{n:05}"), &title, "Of trees.");
            paper.updated = arxcat::model::date::Stamp::parse(&format!("2025-02-{:02}", 1 + n % 20));
            paper
        })
        .collect();
    shelf.put(&papers);
    for sort in [Sort::Title, Sort::Updated, Sort::Id] {
        for reverse in [false, true] {
            let selection = Selection {
                sort,
                reverse,
                limit: Some(7),
                ..Selection::default()
            };
            let _ = std::fs::remove_dir_all(shelf.library.index_folder());
            let from_sql = shelf.found(Scope::Mirror, &[], &selection);
            assert_eq!(from_sql.len(), 7);
            let searched = shelf.found(Scope::Mirror, &["trees"], &selection);
            assert_eq!(searched, from_sql, "{sort:?}, {reverse}");
            let from_index = shelf.found(Scope::Mirror, &[], &selection);
            assert_eq!(from_index, from_sql, "{sort:?}, {reverse}");
        }
    }
}

#[test]
fn counts_without_reading_records_agree_with_the_records() {
    use arxcat::library::CountKey;
    let mut shelf = Shelf::new();
    let papers: Vec<Paper> = (1..=30)
        .map(|n: u32| {
            let mut paper = paper(&format!("2501.{n:05}"), "Plants", "Of trees.");
            let codes = ["cs.CL", "math.MP", "physics.optics", "math-ph"];
            paper.primary_category = Some(codes[n as usize % 4].to_owned());
            paper.categories = vec![codes[n as usize % 4].to_owned(), "cs.LG".to_owned()];
            paper.published = (!n.is_multiple_of(5)).then(|| {
                arxcat::model::date::Stamp::parse(&format!("202{}-0{}-01", n % 3, 1 + n % 9)).unwrap()
            });
            paper
        })
        .collect();
    shelf.put(&papers);
    shelf.put(&papers[..3]);
    let all = Selection::default();
    assert_eq!(
        shelf
            .library
            .count_by(CountKey::Category, Scope::Mirror, &all)
            .unwrap(),
        None,
        "without an index"
    );
    shelf.found(Scope::Mirror, &["trees"], &relevance());
    let since = Selection {
        since: Some("2021-01-01".parse().unwrap()),
        ..Selection::default()
    };
    for selection in [all, since] {
        let selected = selection.apply(&papers);
        for key in [
            CountKey::Year,
            CountKey::Month,
            CountKey::Category,
            CountKey::PrimaryCategory,
        ] {
            let mut expected = std::collections::HashMap::new();
            for paper in &selected.papers {
                let day = paper.published.map(|published| published.to_string());
                let keys = match key {
                    CountKey::Year => vec![day.map(|day| day[..4].to_owned())],
                    CountKey::Month => vec![day.map(|day| day[..7].to_owned())],
                    CountKey::Category => paper.categories.iter().cloned().map(Some).collect(),
                    CountKey::PrimaryCategory => vec![paper.primary_category.clone()],
                };
                for key in keys {
                    *expected.entry(key).or_insert(0_u64) += 1;
                }
            }
            let counts = shelf
                .library
                .count_by(key, Scope::Mirror, &selection)
                .unwrap()
                .unwrap();
            assert_eq!(counts.by_key, expected, "{key:?}");
            assert_eq!(counts.papers, selected.papers.len() as u64);
            assert_eq!(counts.without_date, if selection.since.is_some() { 6 } else { 0 });
        }
    }
}

/// The segment builder writes the files of tantivy's index through interfaces that tantivy hides from its documentation.
/// This fails if one of them changes its meaning: tantivy itself must accept the segments, check their sums, and find
/// terms, positions, numbers and fast fields in them, also after it merged and deleted.
#[test]
fn written_segments_are_valid_for_tantivy_itself() {
    use tantivy::collector::{Count, TopDocs};
    use tantivy::query::{PhraseQuery, TermQuery};
    use tantivy::schema::IndexRecordOption;
    let mut shelf = Shelf::new();
    shelf.put(&[
        paper("2501.00001", "Pruning Old Trees", "Trees grow slowly."),
        paper("2501.00002", "Grafting", "Old walls, and trees of Mars."),
    ]);
    shelf.found(Scope::Mirror, &["trees"], &relevance());
    shelf.put(&[paper("2501.00002", "Grafting", "Nothing of the kind.")]);
    shelf.found(Scope::Mirror, &["trees"], &relevance());

    let index = tantivy::Index::open_in_dir(shelf.library.index_folder()).unwrap();
    assert!(index.validate_checksum().unwrap().is_empty());
    let mut writer: tantivy::IndexWriter = index.writer(50_000_000).unwrap();
    let segments = index.searchable_segment_ids().unwrap();
    writer.merge(&segments).wait().unwrap();
    writer.wait_merging_threads().unwrap();
    let searcher = index.reader().unwrap().searcher();
    assert_eq!(searcher.num_docs(), 2);
    let text = index.schema().get_field("text").unwrap();
    let term = |word: &str| tantivy::Term::from_field_text(text, word);
    let count = |query: &dyn tantivy::query::Query| searcher.search(query, &Count).unwrap();
    assert_eq!(
        count(&TermQuery::new(term("tree"), IndexRecordOption::WithFreqs)),
        1
    );
    assert_eq!(count(&PhraseQuery::new(vec![term("old"), term("tree")])), 1);
    assert_eq!(count(&PhraseQuery::new(vec![term("tree"), term("old")])), 0);
    let best = searcher
        .search(
            &TermQuery::new(term("tree"), IndexRecordOption::WithFreqs),
            &TopDocs::with_limit(1).order_by_score(),
        )
        .unwrap();
    let (score, address) = best[0];
    assert!(score > 0.0);
    let keys = searcher
        .segment_reader(address.segment_ord)
        .fast_fields()
        .u64("key")
        .unwrap();
    assert_eq!(
        keys.first(address.doc_id),
        Some(id("2501.00001").packed().unsigned_abs())
    );
    let key = index.schema().get_field("key").unwrap();
    let number = tantivy::Term::from_field_u64(key, id("2501.00002").packed().unsigned_abs());
    assert_eq!(count(&TermQuery::new(number, IndexRecordOption::Basic)), 1);
}

#[test]
fn an_index_that_is_removed_during_a_search_is_rebuilt() {
    let mut shelf = Shelf::new();
    let papers: Vec<Paper> = (1..=300)
        .map(|n: u32| paper(&format!("2501.{n:05}"), "Pruning", "Of trees."))
        .collect();
    shelf.put(&papers);
    let words = arxcat::model::query::parse(&["trees".to_owned()]).unwrap();
    let selection = relevance();
    let request = arxcat::library::ListRequest {
        scope: Scope::Mirror,
        words: words.as_ref(),
        selection: &selection,
        annotate: &|_| {},
    };
    let mut removals = 0;
    let mut list = shelf
        .library
        .list(request, &mut |_| {
            if removals < 2 && std::fs::remove_dir_all(shelf.library.index_folder()).is_ok() {
                removals += 1;
            }
        })
        .unwrap();
    std::fs::remove_dir_all(shelf.library.index_folder()).unwrap();
    assert_eq!(super::all(&mut list).len(), 300);
    assert_eq!(removals, 2);
}
