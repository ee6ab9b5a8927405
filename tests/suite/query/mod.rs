//! Search words: what they mean, and that arXiv's server understands what we send in the same way.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod semantics;
mod server;

use arxcat::model::query::{Query, QueryError, QueryField, notes, parse};
use proptest::prelude::*;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// What these arguments are understood as.
fn understood(arguments: &[&str]) -> String {
    match parse(&words(arguments)) {
        Ok(Some(query)) => query.to_string(),
        Ok(None) => "nothing".to_owned(),
        Err(error) => panic!("{arguments:?}: {error} at {}", error.at),
    }
}

fn misunderstood(arguments: &[&str]) -> QueryError {
    match parse(&words(arguments)) {
        Err(error) => error,
        Ok(query) => panic!("{arguments:?} is understood as {query:?}"),
    }
}

#[test]
fn every_word_must_match_and_an_argument_with_spaces_is_a_phrase() {
    assert_eq!(understood(&[]), "nothing");
    assert_eq!(understood(&["deep"]), "deep");
    assert_eq!(understood(&["deep", "learning"]), "deep AND learning");
    assert_eq!(
        understood(&["deep  learning ", "graphs"]),
        "\"deep learning\" AND graphs"
    );
    assert_eq!(understood(&["deep", "AND", "learning"]), "deep AND learning");
    assert_eq!(understood(&["graph*"]), "graph*");
    assert_eq!(understood(&["大模型", "naïve"]), "大模型 AND naïve");
    assert_eq!(understood(&["SU(2)", "f(x,y)"]), "\"SU(2)\" AND \"f(x,y)\"");
    assert_eq!(understood(&["and", "or", "not"]), "and AND or AND not");
}

#[test]
fn operators_bind_as_in_print() {
    assert_eq!(understood(&["a", "OR", "b", "c"]), "a OR (b AND c)");
    assert_eq!(understood(&["a", "b", "OR", "c"]), "(a AND b) OR c");
    assert_eq!(understood(&["NOT", "a", "b"]), "NOT a AND b");
    assert_eq!(understood(&["a", "NOT", "b", "OR", "c"]), "(a AND NOT b) OR c");
    assert_eq!(understood(&["a", "ANDNOT", "b"]), "a AND NOT b");
    assert_eq!(understood(&["a", "AND", "NOT", "b"]), "a AND NOT b");
    assert_eq!(understood(&["NOT", "NOT", "a"]), "a");
    assert_eq!(understood(&["(", "a", "OR", "b", ")", "c"]), "(a OR b) AND c");
    assert_eq!(understood(&["(a", "OR", "b)", "c"]), "(a OR b) AND c");
    assert_eq!(understood(&["NOT", "(a", "OR", "b)"]), "NOT (a OR b)");
    assert_eq!(understood(&["((a))"]), "a");
}

#[test]
fn fields_cover_a_word_a_phrase_or_a_group() {
    assert_eq!(understood(&["title:deep", "learning"]), "title:deep AND learning");
    assert_eq!(understood(&["title:deep learning"]), "title:\"deep learning\"");
    assert_eq!(
        understood(&["ti:a", "au:b", "abs:c", "co:d", "cat:cs.CL", "all:e"]),
        "title:a AND author:b AND abstract:c AND comment:d AND category:cs.CL AND e"
    );
    assert_eq!(
        understood(&["title:(a", "OR", "b c)"]),
        "title:a OR (title:b AND title:c)"
    );
    assert_eq!(
        understood(&["title:", "deep learning"]),
        "title:\"deep learning\""
    );
    assert_eq!(understood(&["title: deep learning"]), "title:\"deep learning\"");
    assert_eq!(understood(&["title:(a author:b)"]), "title:a AND author:b");
    assert_eq!(understood(&["title:a:b"]), "title:\"a:b\"");
    assert_eq!(understood(&["title:AND"]), "title:\"AND\"");
}

#[test]
fn an_argument_with_quotes_or_operators_is_a_little_query() {
    assert_eq!(
        understood(&["title:\"deep learning\" AND author:hinton"]),
        "title:\"deep learning\" AND author:hinton"
    );
    assert_eq!(understood(&["a OR b", "c"]), "(a OR b) AND c");
    assert_eq!(understood(&["NOT", "a OR b"]), "NOT (a OR b)");
    assert_eq!(understood(&["a", "OR title:b"]), "a OR title:b");
    assert_eq!(understood(&["ti:a:b AND c"]), "title:\"a:b\" AND c");
    assert_eq!(understood(&["\"SU(2)\" \"OR\""]), "\"SU(2)\" AND \"OR\"");
    assert_eq!(
        understood(&["ti:\"deep  learning\"(x)"]),
        "title:\"deep learning\" AND x"
    );
}

#[test]
fn what_only_looks_like_a_field_is_text() {
    assert_eq!(understood(&["https://arxiv.org"]), "\"https://arxiv.org\"");
    assert_eq!(understood(&["std::vector"]), "\"std::vector\"");
    assert_eq!(
        understood(&["BERT: Pre-training of Deep Transformers"]),
        "\"BERT: Pre-training of Deep Transformers\""
    );
    assert_eq!(understood(&["GPT-4:x"]), "\"GPT-4:x\"");
    assert_eq!(understood(&["3:2"]), "\"3:2\"");
}

#[test]
fn a_field_is_named_in_any_case() {
    assert_eq!(
        understood(&["Title:a", "AU:b", "Year:2024"]),
        "title:a AND author:b AND year:2024"
    );
    assert_eq!(
        understood(&["id:2501.12948", "doi:10.1/x", "tag:t", "note:n", "year:2020-2024"]),
        "id:2501.12948 AND doi:10.1/x AND tag:t AND note:n AND year:2020-2024"
    );
    assert_eq!(understood(&["title:(a \"b c\")"]), "title:a AND title:\"b c\"");
}

#[test]
fn a_minus_before_a_word_excludes_it() {
    assert_eq!(understood(&["graph -neural"]), "graph AND NOT neural");
    assert_eq!(understood(&["graph", "-neural"]), "graph AND NOT neural");
    assert_eq!(understood(&["graph -title:neural"]), "graph AND NOT title:neural");
    assert_eq!(understood(&["vision-language"]), "vision-language");
    assert_eq!(understood(&["\"-neural\""]), "\"-neural\"");
}

#[test]
fn signs_alone_are_ignored_and_lower_case_operators_are_words() {
    assert_eq!(understood(&["a", "=", "b", "&", "--"]), "a AND b");
    assert_eq!(understood(&["(a = b)"]), "a AND b");
    assert_eq!(understood(&["="]), "nothing");
    assert_eq!(understood(&["\"=\""]), "\"=\"");
    assert_eq!(
        notes(&words(&["a", "or", "b", "=", "c"])),
        [
            "`or` is searched for as a word; the operator is OR",
            "`=` is ignored: it has no letter and no digit",
        ]
    );
    assert_eq!(notes(&words(&["or", "a b and c", "NOT", "d", "and"])), [""; 0]);
}

#[test]
fn faults_say_what_and_where() {
    let at = |arguments: &[&str], at: usize, reason: &str| {
        let error = misunderstood(arguments);
        assert!(error.reason.contains(reason), "{arguments:?}: {}", error.reason);
        assert_eq!(error.at, at, "{arguments:?}: {}", error.reason);
        assert_eq!(error.text, arguments.join(" "));
    };
    at(&["a", "xx:foo"], 2, "`xx:` is no field; there are title: author:");
    at(&["year:24"], 5, "`24` is no year; write year:2024");
    at(&["submittedDate:2024"], 0, "use --since and --until");
    assert_eq!(misunderstood(&["titel:x"]).suggestion.as_deref(), Some("title:"));
    assert_eq!(misunderstood(&["xx:x"]).suggestion, None);
    at(&["a", "xx:(b c)"], 2, "`xx:` is no field");
    at(&["a", "xx:\"b\""], 2, "`xx:` is no field");
    at(&["a", "(b"], 2, "never closed");
    at(&["a", "SU(2"], 4, "never closed in its word");
    at(&["a", "b)"], 3, "never opened");
    at(&["a", "\"b c"], 2, "quotation mark");
    at(&["OR", "a"], 0, "`OR` with nothing before");
    at(&["a", "OR"], 2, "`OR` with nothing after");
    at(&["a", "OR", "OR", "b"], 5, "`OR` with nothing before");
    at(&["AND", "a"], 0, "`AND` with nothing before");
    at(&["a", "AND"], 2, "`AND` with nothing after");
    at(&["a", "NOT"], 2, "`NOT` with nothing after");
    at(&["a", "( )"], 2, "nothing between");
    at(&["a", "title:\"\""], 8, "empty phrase");
    at(&["a", ""], 2, "empty phrase");
    at(&["a", "title:"], 2, "`title:` with nothing after");
    at(&["é", "title:", "OR", "b"], 3, "`title:` with nothing after");
    let deep = "(".repeat(60);
    at(&[&deep, "a"], 50, "deep");
    at(&["NOT"; 80], 200, "deep");
    let many = vec!["a"; 2_000];
    assert!(misunderstood(&many).reason.contains("more than 1000"));
}

/// A text as a user could have typed it, quoted if need be.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "a",
            "deep learning",
            "graph*",
            "AND",
            "a OR b",
            "NOT",
            "x:y",
            "title:a",
            "f(x)",
            "(",
            ")",
            "C++",
            "it's",
            "大模型",
            "a_b",
            "https://x.y",
            "title:",
            "-",
            ",",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z:()*-]{1,8}",
    ]
}

fn any_query() -> impl Strategy<Value = Query> {
    let fields = vec![
        QueryField::Anywhere,
        QueryField::Title,
        QueryField::Author,
        QueryField::Abstract,
        QueryField::Comment,
        QueryField::Category,
    ];
    let leaf =
        (proptest::sample::select(fields), any_text()).prop_map(|(field, text)| Query::Text { field, text });
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Query::All),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Query::Any),
            inner.prop_map(|part| Query::Not(Box::new(part))),
        ]
    })
}

/// The same query without an `All` in an `All`, an `Any` in an `Any`, a `Not` of a `Not`.
fn normal(query: Query) -> Query {
    match query {
        Query::Text { .. } => query,
        Query::Not(part) => match normal(*part) {
            Query::Not(inner) => *inner,
            other => Query::Not(Box::new(other)),
        },
        Query::All(parts) => Query::All(
            parts
                .into_iter()
                .map(normal)
                .flat_map(|part| {
                    if let Query::All(inner) = part {
                        inner
                    } else {
                        vec![part]
                    }
                })
                .collect(),
        ),
        Query::Any(parts) => Query::Any(
            parts
                .into_iter()
                .map(normal)
                .flat_map(|part| {
                    if let Query::Any(inner) = part {
                        inner
                    } else {
                        vec![part]
                    }
                })
                .collect(),
        ),
    }
}

proptest! {
    #[test]
    fn what_is_explained_can_be_typed_again(query in any_query()) {
        let query = normal(query);
        let typed = vec![query.to_string()];
        prop_assert_eq!(parse(&typed).unwrap(), Some(query));
    }

    #[test]
    fn arbitrary_words_never_panic_and_faults_lie_within(arguments in proptest::collection::vec("\\PC{0,12}|[()\"a: ]{0,9}|OR|NOT|AND", 0..6)) {
        if let Err(error) = parse(&arguments) {
            prop_assert!(error.text.is_char_boundary(error.at), "{} in {:?}", error.at, error.text);
        }
    }
}
