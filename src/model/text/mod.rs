//! Text: folding and stemming for comparison, layout on a terminal, and the sanitizer.
//!
//! Every function accepts any input and takes time linear in it.

mod folding;
mod layout;
mod sanitizer;
pub mod stemmer;

pub use folding::{
    fold, fold_into, fold_whitespace, matches_name, matches_words, name_tokens, nearest, word_spans,
    word_tokens, words,
};
pub use layout::{truncate, width, wrap};
pub use sanitizer::{is_unprintable, sanitize, sanitize_lines};

/// Whether a line may break before and after this character: Chinese, Japanese and Korean writing.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}
