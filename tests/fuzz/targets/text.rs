//! What people type, and what arXiv writes: TeX, names, dates, queries.

use arxcat::arxiv::syntax::{self, Filters};
use arxcat::model::category;
use arxcat::model::date::{Stamp, since, until};
use arxcat::model::name;
use arxcat::model::query;
use arxcat::model::tex::{title_to_latex, to_latex, to_plain_text, to_unicode};
use arxcat::model::text;
use chrono::NaiveDate;

/// TeX becomes text, and text TeX whose braces balance.
pub fn tex(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (to_unicode(&text), to_plain_text(&text));
    for latex in [to_latex(&text), title_to_latex(&text)] {
        let mut depth = 0_i64;
        let mut escaped = false;
        for c in latex.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            assert!(depth >= 0, "{latex:?}");
        }
        assert_eq!(depth, 0, "{latex:?}");
    }
}

/// Author strings and single names.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = name::parse_authors(&text);
    let _ = name::parse_name(&text);
}

/// A date that is accepted is printed in a form that is accepted as the same; a range ends no earlier than it begins.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(stamp) = Stamp::parse(&text) {
        assert_eq!(Stamp::parse(&stamp.to_string()), Some(stamp), "{text:?}");
        let json = serde_json::to_string(&stamp).unwrap();
        assert_eq!(serde_json::from_str::<Stamp>(&json).ok(), Some(stamp), "{json}");
    }
    let today = NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
    if let (Ok(first), Ok(last)) = (since(&text, today), until(&text, today)) {
        assert!(first <= last, "{text:?}: {first} to {last}");
    }
}

/// Search words (one argument a line) are understood or refused with a place inside them; what is understood can be
/// written in arXiv's syntax or is refused.
pub fn queries(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<String> = text.split('\n').map(str::to_owned).collect();
    match query::parse(&words) {
        Ok(query) => {
            let _ = syntax::render(query.as_ref(), &Filters::default());
            let _ = query.map(|query| query.to_string());
        }
        Err(error) => assert!(error.text.get(error.at..).is_some(), "{error:?}"),
    }
    for word in &words {
        let _ = category::CategoryFilter::parse(word);
        let _ = category::search(word);
        let _ = (text::fold(word), text::words(word));
        for columns in [1, 20] {
            for line in text::wrap(word, columns) {
                let _ = text::width(&line);
            }
            let _ = text::truncate(word, columns);
        }
    }
}
