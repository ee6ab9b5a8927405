//! Hints for searches that arXiv cannot answer as they are written.

use crate::app::Context;
use crate::error::Error;
use crate::model::id::ArxivId;

/// Fields of arXiv's own syntax that are no fields of ours, with the way to use them.
const ARXIV_FIELDS: [(&str, &str); 4] = [
    (
        "submittedDate",
        "--since DATE and --until DATE search by the day of submission",
    ),
    (
        "lastUpdatedDate",
        "arXiv cannot search by it; --sort updated shows the papers that changed last first",
    ),
    (
        "jr",
        "--raw 'jr:\"Phys Rev\" AND all:graphene' searches journal references",
    ),
    ("rn", "--raw 'rn:\"CERN-TH/96-123\"' searches report numbers"),
];

/// Refuses identifiers, which `fetch` is for, and fields of arXiv's own syntax.
pub(super) fn check_words(words: &[String]) -> Result<(), Error> {
    if !words.is_empty() && words.iter().all(|word| ArxivId::parse(word).is_ok()) {
        let noun = if words.len() == 1 {
            "an identifier"
        } else {
            "identifiers"
        };
        return Err(
            Error::usage(format!("`{}` is {noun}, not a search", words.join(" ")))
                .hint(format!("`arxcat fetch {}` gets what it names", words.join(" ")))
                .hint("--raw 'all:\"1706.03762\"' searches for such a number as text"),
        );
    }
    let parts = words.iter().flat_map(|word| word.split_whitespace());
    for part in parts {
        let name = part
            .trim_start_matches(['(', '-'])
            .split_once(':')
            .map(|(name, _)| name);
        let field = name.and_then(|name| {
            let mut fields = ARXIV_FIELDS.iter();
            fields.find(|(field, _)| field.eq_ignore_ascii_case(name))
        });
        if let Some((field, hint)) = field {
            return Err(Error::usage(format!("`{field}:` is a field of arXiv's own syntax")).hint(*hint));
        }
    }
    Ok(())
}

/// Says what to try after a search without results.
pub(super) fn note_no_match(context: &Context) {
    context.ui.note("no paper matches; every word has to match");
    context.ui.note(
        "try fewer words, quotes around a phrase, OR between words, `word*` for its beginning, or --explain",
    );
}
