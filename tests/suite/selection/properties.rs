//! Properties of every selection of any papers.

use std::cmp::Ordering;

use arxcat::model::date::Stamp;
use arxcat::model::paper::{Author, Paper};
use arxcat::model::selection::{Decision, Selection, Sort};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::bare;

prop_compose! {
    fn any_paper()(
        number in 1..40u32,
        version in prop::option::of(1..3u32),
        title in "[ab ]{0,2}x",
        published in prop::option::of(1..5u32),
        updated in prop::option::of(1..5u32),
        author in prop::option::of("[ab]"),
    ) -> Paper {
        let on = |day: Option<u32>| day.and_then(|day| Stamp::parse(&format!("2024-03-0{day}")));
        Paper {
            version,
            published: on(published),
            updated: on(updated),
            authors: author.into_iter().map(|name| Author { name, affiliations: Vec::new() }).collect(),
            ..bare(&format!("2403.{number:05}"), &title)
        }
    }
}

prop_compose! {
    fn any_selection()(
        since in prop::option::of(1..5u32),
        author in prop::option::of("[ab]"),
        title in prop::option::of("[ab]"),
        sort in prop::sample::select(vec![Sort::Date, Sort::Updated, Sort::Title, Sort::Id, Sort::Relevance]),
        reverse in any::<bool>(),
        limit in prop::option::of(0..20usize),
    ) -> Selection {
        Selection {
            since: since.and_then(|day| NaiveDate::from_ymd_opt(2024, 3, day)),
            authors: author.into_iter().collect(),
            titles: title.into_iter().collect(),
            sort,
            reverse,
            limit,
            ..Selection::default()
        }
    }
}

fn lacks_key(paper: &Paper, sort: Sort) -> bool {
    match sort {
        Sort::Date | Sort::Relevance => paper.published.is_none(),
        Sort::Updated => paper.updated.is_none(),
        Sort::Title | Sort::Id => false,
    }
}

proptest! {
    #[test]
    fn what_is_left_was_there_in_order_and_within_the_limit(
        papers in prop::collection::vec(any_paper(), 0..30),
        selection in any_selection(),
    ) {
        let selected = selection.apply(papers.clone());
        let mut rest = papers.clone();
        for paper in &selected.papers {
            prop_assert_eq!(selection.matches(paper), Decision::Yes);
            let at = rest.iter().position(|other| other == paper);
            prop_assert!(at.is_some(), "not given, or given once and left twice");
            rest.swap_remove(at.unwrap());
        }
        let matching = papers.iter().filter(|paper| selection.matches(paper) == Decision::Yes).count();
        prop_assert_eq!(selected.matched, matching);
        prop_assert_eq!(selected.papers.len(), matching.min(selection.limit.unwrap_or(usize::MAX)));
        let in_order = |pair: &[Paper]| selection.compare(&pair[0], &pair[1]) != Ordering::Greater;
        prop_assert!(selected.papers.windows(2).all(in_order));
        let unknown = |paper: &&Paper| matches!(selection.matches(paper), Decision::Unknown(_));
        let counted: usize = selected.undecided.iter().map(|(_, count)| count).sum();
        prop_assert_eq!(counted, papers.iter().filter(unknown).count());
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_given(
        papers in prop::collection::vec(any_paper(), 0..20),
        selection in any_selection(),
    ) {
        let order = |papers: Vec<Paper>| {
            let selected = selection.apply(papers).papers.into_iter();
            selected.map(|paper| (paper.id, paper.version)).collect::<Vec<_>>()
        };
        let turned: Vec<Paper> = papers.iter().rev().cloned().collect();
        prop_assert_eq!(order(papers), order(turned));
    }

    #[test]
    fn the_reverse_is_the_mirror_image_but_for_what_lacks_the_key(
        papers in prop::collection::btree_map(1..40u32, any_paper(), 0..30),
        sort in prop::sample::select(vec![Sort::Date, Sort::Updated, Sort::Title, Sort::Id]),
    ) {
        // Each identifier once.
        let papers: Vec<Paper> = papers
            .into_iter()
            .map(|(number, paper)| Paper { id: bare(&format!("2403.{number:05}"), "").id, ..paper })
            .collect();
        let ordered = |reverse| {
            let selection = Selection { sort, reverse, ..Selection::default() };
            selection.apply(papers.clone()).papers
        };
        let (forwards, backwards) = (ordered(false), ordered(true));
        let known = forwards.iter().filter(|paper| !lacks_key(paper, sort)).count();
        prop_assert!(forwards[known..].iter().all(|paper| lacks_key(paper, sort)));
        prop_assert!(backwards[known..].iter().all(|paper| lacks_key(paper, sort)));
        let mirrored: Vec<_> = backwards[..known].iter().rev().collect();
        prop_assert_eq!(forwards[..known].iter().collect::<Vec<_>>(), mirrored);
    }
}
