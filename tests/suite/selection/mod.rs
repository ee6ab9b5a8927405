//! Which papers a selection leaves, and in which order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod properties;

use std::fmt::Write;

use arxcat::model::category::CategoryFilter;
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::lang::Area;
use arxcat::model::paper::{Author, BilingualText, CatalogEntry, Paper};
use arxcat::model::query::{self, Matcher};
use arxcat::model::selection::{Decision, Selected, Selection, Sort};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn filters(codes: &[&str]) -> Vec<CategoryFilter> {
    codes
        .iter()
        .map(|code| CategoryFilter::parse(code).unwrap())
        .collect()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn bare(id: &str, title: &str) -> Paper {
    Paper::new(ArxivId::parse(id).unwrap(), title)
}

/// Three papers of which everything is known, and one of which nothing is.
fn papers() -> Vec<Paper> {
    let known = |id, title, authors: &[&str], categories: &[&str], published, updated| Paper {
        authors: authors
            .iter()
            .map(|name| Author {
                name: (*name).to_owned(),
                affiliations: Vec::new(),
            })
            .collect(),
        primary_category: categories.first().map(|code| (*code).to_owned()),
        categories: strings(categories),
        published: Stamp::parse(published),
        updated: Stamp::parse(updated),
        ..bare(id, title)
    };
    let tides = known(
        "2403.01234",
        "Tidal Attention",
        &["Ana Ferreira", "Jürgen Möller"],
        &["cs.LG", "cs.CL"],
        "2024-03-05T23:59:59Z",
        "2024-04-01",
    );
    let tides = Paper {
        catalog: Some(CatalogEntry {
            short_name: Some("TidalNet".to_owned()),
            area: Some("theorem-proving".to_owned()),
            summary: BilingualText {
                en: Some("Attention that ebbs.".to_owned()),
                zh: Some("潮汐注意力。".to_owned()),
            },
            ..CatalogEntry::default()
        }),
        ..tides
    };
    let waves = known(
        "hep-th/9901001",
        "a wave on the Brane",
        &["Ana Maria Souza"],
        &["hep-th"],
        "1999-01-01",
        "2024-05-01",
    );
    let foam = known(
        "2403.09999",
        "Quantum Foam, École Style",
        &["Li Wei", "The Foam Collaboration"],
        &["cs.CL", "math-ph"],
        "2024-03-06T00:00:00Z",
        "2024-03-06T00:00:00Z",
    );
    vec![tides, waves, foam, bare("2501.00001", "Of Which Little is Known")]
}

fn titles(selected: &Selected<Paper>) -> String {
    let initials = selected
        .papers
        .iter()
        .map(|paper| paper.title.chars().next().unwrap());
    initials.collect()
}

/// What a selection leaves as the initials of titles (`Q`uantum, `T`idal, `a` wave, `O`f which), then what it could
/// not decide.
fn leaves(selection: &Selection) -> String {
    let selected = selection.apply(papers());
    let mut left = titles(&selected);
    for (key, count) in &selected.undecided {
        write!(left, " {key}:{count}").unwrap();
    }
    left
}

#[test]
fn dates_are_days_in_utc_and_inclusive() {
    let cases = [
        (None, None, "QTaO"),
        (Some(day("2024-03-05")), None, "QT published:1"),
        (Some(day("2024-03-06")), None, "Q published:1"),
        (None, Some(day("2024-03-05")), "Ta published:1"),
        (Some(day("2024-03-05")), Some(day("2024-03-05")), "T published:1"),
        (Some(day("2024-03-07")), Some(day("2024-03-01")), " published:1"),
    ];
    for (since, until, expected) in cases {
        let selection = Selection {
            since,
            until,
            ..Selection::default()
        };
        assert_eq!(leaves(&selection), expected, "{since:?} {until:?}");
    }
}

#[test]
fn any_of_the_categories_will_do_and_cross_lists_count() {
    let cases: [(&[&str], bool, &str); 9] = [
        (&["cs.CL"], false, "QT categories:1"),
        (&["cs.CL"], true, "Q primary_category:1"),
        (&["cs.*"], false, "QT categories:1"),
        (&["cs.LG", "hep-th"], false, "Ta categories:1"),
        (&["math.MP"], false, "Q categories:1"),
        (&["math.MP"], true, " primary_category:1"),
        (&["math-ph"], false, "Q categories:1"),
        (&["q-bio"], false, " categories:1"),
        (&[], true, "QTaO"),
    ];
    for (categories, primary, expected) in cases {
        let selection = Selection {
            categories: filters(categories),
            primary,
            ..Selection::default()
        };
        assert_eq!(leaves(&selection), expected, "{categories:?} {primary}");
    }
}

#[test]
fn a_primary_category_alone_does_not_tell_of_the_others() {
    let paper = Paper {
        primary_category: Some("cs.LG".to_owned()),
        ..bare("2403.01234", "T")
    };
    let decide = |code, primary| {
        let categories = filters(&[code]);
        let selection = Selection {
            categories,
            primary,
            ..Selection::default()
        };
        selection.matches(&paper)
    };
    assert_eq!(decide("cs.LG", false), Decision::Yes);
    assert_eq!(decide("cs.CL", false), Decision::Unknown("categories"));
    assert_eq!(decide("cs.CL", true), Decision::No);
}

#[test]
fn all_words_of_an_author_are_in_one_name() {
    let cases: [(&[&str], &str); 10] = [
        (&["ana"], "Ta authors:1"),
        (&["ANA FERREIRA"], "T authors:1"),
        (&["ferreira ana"], "T authors:1"),
        (&["ana moller"], " authors:1"),
        (&["ana", "moller"], "T authors:1"),
        (&["Möller"], "T authors:1"),
        (&["moll"], " authors:1"),
        (&["moll*"], "T authors:1"),
        (&["an* s*"], "a authors:1"),
        (&["foam"], "Q authors:1"),
    ];
    for (authors, expected) in cases {
        let selection = Selection {
            authors: strings(authors),
            ..Selection::default()
        };
        assert_eq!(leaves(&selection), expected, "{authors:?}");
    }
}

#[test]
fn all_words_of_a_title_are_in_it_whole() {
    let cases: [(&[&str], &str); 6] = [
        (&["tidal"], "T"),
        (&["tid"], ""),
        (&["tid* att*"], "T"),
        (&["ecole foam"], "Q"),
        (&["wave", "brane"], "a"),
        (&["wave", "foam"], ""),
    ];
    for (wanted, expected) in cases {
        let selection = Selection {
            titles: strings(wanted),
            ..Selection::default()
        };
        assert_eq!(leaves(&selection), expected, "{wanted:?}");
    }
}

#[test]
fn an_area_is_its_code_and_papers_of_no_catalog_are_in_none() {
    let in_area = |code: &str| Selection {
        area: Some(code.to_owned()),
        ..Selection::default()
    };
    assert_eq!(leaves(&in_area("theorem-proving")), "T");
    assert_eq!(leaves(&in_area("theorem")), "");
    let without_area = Paper {
        catalog: Some(CatalogEntry::default()),
        ..bare("2403.01234", "T")
    };
    assert_eq!(
        in_area("math").matches(&without_area),
        Decision::Unknown("catalog.area")
    );
}

#[test]
fn a_query_looks_at_every_text_of_a_paper_in_either_language() {
    let areas = [Area {
        code: "theorem-proving".to_owned(),
        en: "Theorem proving".to_owned(),
        zh: "定理证明".to_owned(),
    }];
    let found = |words: &[&str]| {
        let query = query::parse(&strings(words)).unwrap().unwrap();
        let matcher = Matcher::new(&query, &areas);
        let papers = papers().into_iter().filter(|paper| matcher.matches(paper));
        let initials = papers.map(|paper| paper.title.chars().next().unwrap());
        initials.collect::<String>()
    };
    let cases: [(&[&str], &str); 40] = [
        (&["TIDALNET"], "T"),
        (&["ebbs"], "T"),
        (&["注意力"], "T"),
        (&["theorem-prov*"], ""),
        (&["theorem-proving"], "T"),
        (&["Theorem", "prov*"], "T"),
        (&["theorem proving"], "T"),
        (&["定理"], "T"),
        (&["定明"], ""),
        (&["ecole"], "Q"),
        (&["定理", "ebbs"], "T"),
        (&["定理", "foam"], ""),
        // Whole words, by their stems.
        (&["dal att"], ""),
        (&["tidal attentions"], "T"),
        (&["tid"], ""),
        (&["tid*"], "T"),
        (&["attention", "tidal"], "T"),
        (&["attention tidal"], ""),
        (&["waves", "OR", "foams"], "aQ"),
        (&["NOT", "ana"], "QO"),
        (&["ana", "NOT", "title:wave"], "T"),
        (&["ana -wave"], "T"),
        (&["title:ana"], ""),
        (&["TITLE:tidal"], "T"),
        // Names: any order, initials, marks between.
        (&["author:Ferreira, Ana"], "T"),
        (&["author:ana ferreira"], "T"),
        (&["author:ferreira_a"], "T"),
        (&["author:a. ferreira"], "T"),
        (&["author:ana moller"], ""),
        (&["author:m"], ""),
        (&["author:moll*"], "T"),
        (&["category:math.MP"], "Q"),
        (&["category:cs.*"], "TQ"),
        (&["id:2403.09999v2"], "Q"),
        (&["id:hep-th*"], "a"),
        (&["doi:10.48550/arXiv.2403.01234"], "T"),
        (&["doi:10.48550/arXiv.24*"], "TQ"),
        (&["year:1999"], "a"),
        (&["year:2000-2024"], "TQ"),
        (&["tag:foam"], ""),
    ];
    for (words, expected) in cases {
        assert_eq!(found(words), expected, "{words:?}");
    }
}

#[test]
fn what_one_filter_rules_out_is_not_undecided_for_another() {
    let selection = Selection {
        since: Some(day("2024-01-01")),
        titles: strings(&["foam"]),
        ..Selection::default()
    };
    assert_eq!(leaves(&selection), "Q");
    let selection = Selection {
        since: Some(day("2024-01-01")),
        authors: strings(&["ana"]),
        ..Selection::default()
    };
    assert_eq!(leaves(&selection), "T published:1");
}

#[test]
fn orders_and_their_reverse() {
    let cases = [
        (Sort::Date, "QTaO", "aTQO"),
        (Sort::Relevance, "QTaO", "aTQO"),
        (Sort::Updated, "aTQO", "QTaO"),
        (Sort::Title, "aOQT", "TQOa"),
        (Sort::Id, "OQTa", "aTQO"),
    ];
    for (sort, forwards, backwards) in cases {
        let mut selection = Selection {
            sort,
            ..Selection::default()
        };
        assert_eq!(leaves(&selection), forwards, "{sort:?}");
        selection.reverse = true;
        assert_eq!(leaves(&selection), backwards, "{sort:?}");
    }
    assert_eq!(Selection::default().sort, Sort::Date);
}

#[test]
fn a_limit_cuts_what_is_ordered_and_tells_how_many_matched() {
    let selection = Selection {
        limit: Some(2),
        ..Selection::default()
    };
    let selected = selection.apply(papers());
    assert_eq!((titles(&selected).as_str(), selected.matched), ("QT", 4));
    let selection = Selection {
        limit: Some(0),
        ..Selection::default()
    };
    assert_eq!(selection.apply(papers()).matched, 4);
}

#[test]
fn what_is_equal_in_date_goes_by_identifier_newest_first() {
    let on_one_day = |id| Paper {
        published: Stamp::parse("2024-03-05"),
        ..bare(id, id)
    };
    let papers = ["2403.00002", "2403.00010", "2403.00001"]
        .map(on_one_day)
        .to_vec();
    let selected = Selection::default().apply(papers);
    let order: Vec<&str> = selected.papers.iter().map(|paper| paper.title.as_str()).collect();
    assert_eq!(order, ["2403.00010", "2403.00002", "2403.00001"]);
}
