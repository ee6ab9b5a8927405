//! What is sent means on the server what was typed: shown by evaluating both over invented papers.

use arxcat::arxiv::syntax::{Error, Filters, render, with_dates};
use arxcat::model::category::CategoryFilter;
use arxcat::model::query::{Query, QueryField, parse};
use chrono::{NaiveDate, TimeZone, Utc};
use proptest::prelude::*;

use super::server::{Tree, understand};

/// A paper of which only words count.
#[derive(Clone, Debug)]
struct Paper {
    title: String,
    author: String,
    abstract_: String,
    comment: String,
    categories: Vec<&'static str>,
}

/// Whether the text contains the words of `wanted` in a row; a `*` after a word makes it a prefix.
fn holds(text: &str, wanted: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '*');
        words
            .filter(|word| word.contains(char::is_alphanumeric))
            .map(str::to_lowercase)
            .collect()
    };
    let (text, wanted) = (split(text), split(wanted));
    text.windows(wanted.len()).any(|window| {
        window
            .iter()
            .zip(&wanted)
            .all(|(word, wanted)| match wanted.strip_suffix('*') {
                Some(beginning) => word.starts_with(beginning),
                None => word == wanted,
            })
    })
}

impl Paper {
    fn holds(&self, field: QueryField, text: &str) -> bool {
        match field {
            QueryField::Title => holds(&self.title, text),
            QueryField::Author => holds(&self.author, text),
            QueryField::Abstract => holds(&self.abstract_, text),
            QueryField::Comment => holds(&self.comment, text),
            QueryField::Anywhere => [&self.title, &self.author, &self.abstract_, &self.comment]
                .iter()
                .any(|part| holds(part, text)),
            other => unreachable!("{other:?} does not hold words"),
        }
    }

    /// What the user means.
    fn is_meant(&self, query: &Query) -> bool {
        match query {
            Query::Text {
                field: QueryField::Category,
                text,
            } => {
                let filter = CategoryFilter::parse(text).unwrap();
                self.categories.iter().any(|code| filter.matches(code))
            }
            Query::Text { field, text } => self.holds(*field, text),
            Query::All(parts) => parts.iter().all(|part| self.is_meant(part)),
            Query::Any(parts) => parts.iter().any(|part| self.is_meant(part)),
            Query::Not(part) => !self.is_meant(part),
        }
    }

    /// What the server finds.
    fn is_found(&self, tree: &Tree) -> bool {
        match tree {
            Tree::Two("AND", left, right) => self.is_found(left) && self.is_found(right),
            Tree::Two("OR", left, right) => self.is_found(left) || self.is_found(right),
            Tree::Two("ANDNOT", left, right) => self.is_found(left) && !self.is_found(right),
            Tree::Two(..) | Tree::Without(_) => panic!("{tree:?} fails on the server"),
            Tree::Term(field, value) => match field.as_str() {
                "cat" => self.categories.iter().any(|code| match value.strip_suffix('*') {
                    Some(beginning) => code.starts_with(beginning),
                    None => code == value,
                }),
                "ti" => self.holds(QueryField::Title, value),
                "au" => self.holds(QueryField::Author, value),
                "abs" => self.holds(QueryField::Abstract, value),
                "co" => self.holds(QueryField::Comment, value),
                "all" => self.holds(QueryField::Anywhere, value),
                other => panic!("the field {other}"),
            },
        }
    }
}

const WORDS: [&str; 12] = [
    "a", "b", "ab", "abc", "c", "and", "or", "not", "andnot", "2020", "title", "ti",
];

fn any_words() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..6)
        .prop_map(|words| words.join(" "))
}

fn any_paper() -> impl Strategy<Value = Paper> {
    let codes = [
        "cs.CL", "cs.LG", "cmp-lg", "math-ph", "math.MP", "math.NA", "cs.NA", "hep-th", "cs", "stat.ML",
    ];
    let categories = proptest::sample::subsequence(codes.to_vec(), 0..4);
    (any_words(), any_words(), any_words(), any_words(), categories).prop_map(
        |(title, author, abstract_, comment, categories)| Paper {
            title,
            author,
            abstract_,
            comment,
            categories,
        },
    )
}

fn any_term() -> impl Strategy<Value = Query> {
    let texts = [
        "a", "b", "ab", "c", "a b", "b c a", "ab*", "a*", "AND", "OR", "ANDNOT", "a_b", "a-b", "ab:c",
        "title:a", "(a", "a)", "[a]", "a\\b", "\"a b", "a?", "$a$", "2020", "b,a", "C++", "a/b", "NOT a",
        "-a", ".b",
    ];
    let codes = ["cs.CL", "cs", "cs.*", "math.MP", "hep-th", "CS.cl"];
    let fields = [
        QueryField::Anywhere,
        QueryField::Title,
        QueryField::Author,
        QueryField::Abstract,
        QueryField::Comment,
    ];
    prop_oneof![
        5 => (proptest::sample::select(fields.to_vec()), proptest::sample::select(texts.to_vec()))
            .prop_map(|(field, text)| Query::Text { field, text: text.to_owned() }),
        1 => proptest::sample::select(codes.to_vec())
            .prop_map(|code| Query::Text { field: QueryField::Category, text: code.to_owned() }),
    ]
}

fn any_query() -> impl Strategy<Value = Query> {
    any_term().prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Query::All),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Query::Any),
            inner.prop_map(|part| Query::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_server_finds_what_the_user_meant(
        query in any_query(),
        title in proptest::option::of(Just("a")),
        papers in proptest::collection::vec(any_paper(), 30),
    ) {
        let filters = Filters { titles: title.iter().map(|&text| text.to_owned()).collect(), ..Filters::default() };
        match render(Some(&query), &filters) {
            Err(Error::OnlyNegative) => prop_assert!(title.is_none()),
            Err(error) => prop_assert!(false, "{error}"),
            Ok(sent) => {
                prop_assert!(!sent.contains('_'));
                let tree = understand(&sent);
                prop_assert!(tree.is_some(), "400 for {}", sent);
                let tree = tree.unwrap();
                for paper in &papers {
                    let is_meant = paper.is_meant(&query) && title.is_none_or(|text| paper.holds(QueryField::Title, text));
                    prop_assert_eq!(paper.is_found(&tree), is_meant, "{} for {} of {:?}", sent, query, paper);
                }
            }
        }
    }

    #[test]
    fn any_text_is_refused_or_one_term(text in "\\PC{1,12}|[a\"()\\\\:_*?\\[\\] -]{1,9}") {
        let query = Query::Text { field: QueryField::Title, text: text.clone() };
        if let Ok(sent) = render(Some(&query), &Filters::default()) {
            match understand(&sent) {
                Some(Tree::Term(field, value)) => {
                    prop_assert_eq!(field, "ti");
                    prop_assert!(value.contains(char::is_alphanumeric));
                    let bytes = value.as_bytes();
                    prop_assert!(!value.starts_with(['*', '?']) && bytes.len() < 200);
                }
                other => prop_assert!(false, "{} is understood as {:?}", sent, other),
            }
        }
    }
}

fn sent(arguments: &[&str]) -> String {
    render(
        parse(&super::words(arguments)).unwrap().as_ref(),
        &Filters::default(),
    )
    .unwrap()
}

fn refused(arguments: &[&str]) -> Error {
    render(
        parse(&super::words(arguments)).unwrap().as_ref(),
        &Filters::default(),
    )
    .unwrap_err()
}

#[test]
fn words_are_sent_one_by_one() {
    assert_eq!(sent(&["deep", "learning"]), "all:deep AND all:learning");
    assert_eq!(sent(&["title:deep learning"]), "ti:\"deep learning\"");
    assert_eq!(sent(&["a", "OR", "b", "c"]), "all:a OR (all:b AND all:c)");
    assert_eq!(
        sent(&["a", "NOT", "b", "NOT", "c"]),
        "all:a ANDNOT (all:b OR all:c)"
    );
    assert_eq!(sent(&["a", "(b OR NOT c)"]), "all:a ANDNOT (all:c ANDNOT all:b)");
    assert_eq!(sent(&["au:del_maestro"]), "au:\"del maestro\"");
    assert_eq!(sent(&["graph*"]), "all:graph*");
    assert_eq!(sent(&["au:hint*"]), "au:hint*");
    assert_eq!(sent(&["au:geoff* hint*"]), "au:\"geoff* hint*\"");
    assert_eq!(sent(&["2020"]), "all:\"2020\"");
    assert_eq!(
        sent(&["self-supervised", "C++"]),
        "all:\"self-supervised\" AND all:\"C++\""
    );
    assert_eq!(sent(&["Müller", "大模型"]), "all:Müller AND all:大模型");
    assert_eq!(sent(&["what is attention?"]), "all:\"what is attention\"");
}

#[test]
fn categories_are_sent_by_all_their_names() {
    assert_eq!(sent(&["cat:math.MP"]), "cat:math-ph OR cat:math.MP");
    assert_eq!(sent(&["cat:hep-th", "x"]), "cat:hep-th AND all:x");
    let all_of_cs = sent(&["cat:cs"]);
    assert_eq!(all_of_cs, sent(&["cat:cs.*"]));
    assert!(
        all_of_cs.contains("cat:cs.*") && !all_of_cs.contains("cat:cs.CL"),
        "{all_of_cs}"
    );
    assert!(all_of_cs.len() < 200, "{all_of_cs}");
    assert!(matches!(refused(&["cat:cs.XX"]), Error::Category(_)));
}

#[test]
fn what_cannot_be_sent_is_refused() {
    assert_eq!(refused(&["NOT", "a"]), Error::OnlyNegative);
    assert_eq!(refused(&["a", "OR", "NOT", "b"]), Error::OnlyNegative);
    assert_eq!(refused(&["a", "\"+++\""]), Error::Unsearchable("+++".to_owned()));
    assert_eq!(refused(&["\"_\""]), Error::Unsearchable("_".to_owned()));
    assert_eq!(refused(&["\"*\""]), Error::Unsearchable("*".to_owned()));
    for text in ["*a", "a*b", "a* b", "a b*", "a-b*", "a**"] {
        assert_eq!(refused(&[text]), Error::Wildcard(text.to_owned()));
    }
    assert_eq!(render(None, &Filters::default()), Err(Error::Nothing));
}

#[test]
fn filters_are_joined_to_the_words() {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let filters = Filters {
        since: day("2024-05-07"),
        until: None,
        categories: vec![vec!["cs.CL", "cmp-lg"], vec!["hep-th"]],
        authors: vec!["Ada Example".to_owned()],
        titles: Vec::new(),
    };
    let without = parse(&super::words(&["NOT", "x"])).unwrap();
    assert_eq!(
        render(without.as_ref(), &filters).unwrap(),
        "(au:\"Ada Example\" AND (cat:cs.CL OR cat:cmp-lg) AND cat:hep-th AND \
         submittedDate:[202405070000 TO 209912312359]) ANDNOT all:x"
    );
    let until = Filters {
        until: day("2024-05-07"),
        ..Filters::default()
    };
    assert_eq!(
        render(None, &until).unwrap(),
        "submittedDate:[199107010000 TO 202405072359]"
    );
}

#[test]
fn a_slice_is_the_whole_expression_and_its_dates() {
    let at = |hour| Utc.with_ymd_and_hms(2024, 5, 7, hour, 30, 59).unwrap();
    assert_eq!(
        with_dates("ti:a OR ti:b", at(1), at(23)),
        "(ti:a OR ti:b) AND submittedDate:[202405070130 TO 202405072330]"
    );
    assert_eq!(
        with_dates("au:del_maestro", at(1), at(23)),
        "au:del_maestro AND submittedDate:[202405070130 TO 202405072330]"
    );
}
