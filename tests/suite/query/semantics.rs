//! What is sent means on the server what was typed: shown by evaluating both over invented papers.

use arxcat::arxiv::syntax::{Error, Filters, ignored_words, render, with_dates};
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
    if wanted.is_empty() {
        return false;
    }
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

/// The words of a text that arXiv's index has, in the fields that are no names.
fn indexed(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '*');
    let words = words.filter(|word| {
        !["a", "and", "or", "not"].contains(&word.to_lowercase().as_str())
            && word.contains(char::is_alphanumeric)
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Paper {
    fn holds(&self, field: QueryField, text: &str) -> bool {
        match field {
            QueryField::Title => holds(&indexed(&self.title), &indexed(text)),
            QueryField::Author => holds(&self.author, text),
            QueryField::Abstract => holds(&indexed(&self.abstract_), &indexed(text)),
            QueryField::Comment => holds(&indexed(&self.comment), &indexed(text)),
            QueryField::Anywhere => [&self.title, &self.author, &self.abstract_, &self.comment]
                .iter()
                .any(|part| holds(&indexed(part), &indexed(text))),
            other => unreachable!("{other:?} does not hold words"),
        }
    }

    /// What the user means; `None` if arXiv ignores all words.
    fn is_meant(&self, query: &Query) -> Option<bool> {
        Some(match query {
            Query::Text {
                field: QueryField::Category,
                text,
            } => {
                let filter = CategoryFilter::parse(text).unwrap();
                self.categories.iter().any(|code| filter.matches(code))
            }
            Query::Text { field, text } => return self.matches(*field, text),
            Query::All(parts) => {
                let mut parts = parts.iter().filter_map(|part| self.is_meant(part)).peekable();
                parts.peek()?;
                parts.all(|part| part)
            }
            Query::Any(parts) => {
                let mut parts = parts.iter().filter_map(|part| self.is_meant(part)).peekable();
                parts.peek()?;
                parts.any(|part| part)
            }
            Query::Not(part) => !self.is_meant(part)?,
        })
    }

    /// Whether words typed for a field match; `None` if they are all ignored.
    fn matches(&self, field: QueryField, text: &str) -> Option<bool> {
        if field == QueryField::Author {
            // A word of one letter is an initial.
            let words = text.split(|c: char| !c.is_alphanumeric() && !".-'+*/".contains(c));
            let words: Vec<String> = words
                .map(|word| word.trim_start_matches(['.', '-', '\'', '+', '/']))
                .filter(|word| word.contains(char::is_alphanumeric))
                .map(|word| {
                    let is_initial = word.len() == 1 && word.chars().all(char::is_alphabetic);
                    format!("{word}{}", if is_initial { "*" } else { "" })
                })
                .collect();
            return Some(self.holds(field, &words.join(" ")));
        }
        let words = indexed(text);
        (!words.is_empty()).then(|| self.holds(field, &words))
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
                "ti" | "abs" | "co" | "all" if indexed(value).is_empty() => false,
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
        title in proptest::option::of(Just("b")),
        papers in proptest::collection::vec(any_paper(), 30),
    ) {
        let filters = Filters { titles: title.iter().map(|&text| text.to_owned()).collect(), ..Filters::default() };
        match render(Some(&query), &filters) {
            Err(Error::OnlyNegative) => prop_assert!(title.is_none()),
            Err(Error::OnlyStopWords(_)) => {
                prop_assert!(title.is_none());
                prop_assert!(papers.iter().all(|paper| paper.is_meant(&query).is_none()));
            }
            Err(error) => prop_assert!(false, "{error}"),
            Ok(sent) => {
                prop_assert!(!sent.contains('_'));
                let tree = understand(&sent);
                prop_assert!(tree.is_some(), "400 for {}", sent);
                let tree = tree.unwrap();
                for paper in &papers {
                    let is_meant = paper.is_meant(&query).unwrap_or(true) && title.is_none_or(|text| paper.holds(QueryField::Title, text));
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
    assert_eq!(sent(&["x", "OR", "b", "c"]), "all:x OR (all:b AND all:c)");
    assert_eq!(
        sent(&["x", "NOT", "b", "NOT", "c"]),
        "all:x ANDNOT (all:b OR all:c)"
    );
    assert_eq!(sent(&["x", "(b OR NOT c)"]), "all:x ANDNOT (all:c ANDNOT all:b)");
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
fn words_that_the_index_lacks_are_not_sent() {
    assert_eq!(
        sent(&["graph", "neural", "networks", "for", "drug", "discovery"]),
        "all:graph AND all:neural AND all:networks AND all:drug AND all:discovery"
    );
    assert_eq!(sent(&["x", "NOT", "the"]), "all:x");
    assert_eq!(sent(&["x", "OR", "The"]), "all:x");
    assert_eq!(sent(&["title:(the", "transformer)"]), "ti:transformer");
    assert_eq!(sent(&["abs:of", "co:with", "x"]), "all:x");
    assert_eq!(sent(&["to be", "x"]), "all:x");
    // Phrases keep them, and names have none.
    assert_eq!(sent(&["attention is all"]), "all:\"attention is all\"");
    assert_eq!(sent(&["au:An"]), "au:An");
    assert_eq!(sent(&["an*"]), "all:an*");
    assert_eq!(refused(&["the", "of"]), Error::OnlyStopWords("the of".to_owned()));
    assert_eq!(refused(&["NOT", "the"]), Error::OnlyStopWords("the".to_owned()));
    let filters = Filters {
        titles: vec!["The art of in-context learning".to_owned(), "the".to_owned()],
        ..Filters::default()
    };
    assert_eq!(
        render(None, &filters).unwrap(),
        "ti:art AND ti:\"in-context\" AND ti:learning"
    );
    let query = parse(&super::words(&["graphs", "for", "NOT", "the"])).unwrap();
    assert_eq!(
        ignored_words(query.as_ref(), &filters),
        ["for", "the", "The", "of", "the"]
    );
}

#[test]
fn initials_of_authors_are_beginnings() {
    assert_eq!(sent(&["au:LeCun Y"]), "au:\"LeCun Y*\"");
    assert_eq!(sent(&["au:LeCun, Y."]), "au:\"LeCun Y*\"");
    assert_eq!(sent(&["au:Knuth, D.E."]), "au:\"Knuth D* E*\"");
    assert_eq!(sent(&["au:Family, I. J."]), "au:\"Family I* J*\"");
    assert_eq!(sent(&["x y"]), "all:\"x y\"");
    let filters = Filters {
        authors: vec!["Curie, M.".to_owned()],
        ..Filters::default()
    };
    assert_eq!(render(None, &filters).unwrap(), "au:\"Curie M*\"");
}

#[test]
fn a_slash_stays_within_its_word() {
    assert_eq!(
        sent(&["10.1103/PhysRevLett.1.2"]),
        "all:\"10.1103/PhysRevLett.1.2\""
    );
    assert_eq!(sent(&["co:CERN-TH/96-123"]), "co:\"CERN-TH/96-123\"");
    assert_eq!(sent(&["TCP/IP"]), "all:\"TCP/IP\"");
    assert_eq!(sent(&["/x/"]), "all:\"x/\"");
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
    assert_eq!(refused(&["NOT", "x"]), Error::OnlyNegative);
    assert_eq!(refused(&["x", "OR", "NOT", "b"]), Error::OnlyNegative);
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
