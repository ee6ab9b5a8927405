//! Splits lists of authors into names.

use crate::model::text::fold_whitespace;

/// Splits a list in the style of BibTeX: at the word `and` in any case, except within braces.
pub(super) fn of_field(value: &str) -> Vec<String> {
    let mut names: Vec<Vec<&str>> = vec![Vec::new()];
    let mut depth = 0_usize;
    for word in value.split_whitespace() {
        if depth == 0 && word.eq_ignore_ascii_case("and") {
            names.push(Vec::new());
        } else if let Some(name) = names.last_mut() {
            name.push(word);
        }
        let opened = word.bytes().filter(|byte| *byte == b'{').count();
        let closed = word.bytes().filter(|byte| *byte == b'}').count();
        depth = (depth + opened).saturating_sub(closed);
    }
    let names = names.into_iter().map(|words| words.join(" "));
    names.filter(|name| is_name(name)).collect()
}

/// Whether a list omits authors and says so: `and others`, `et al.`.
pub(super) fn is_open(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.contains("et al")
        || value
            .split_whitespace()
            .any(|word| word.trim_matches(['{', '}', '.', ',']) == "others")
}

/// Splits a list in running text: `A. Vaswani, N. Shazeer and N. Parmar`, `Vaswani, A., Shazeer, N.`.
pub(super) fn of_text(list: &str) -> Vec<String> {
    let list = fold_whitespace(list).replace(" & ", ", ").replace(';', ",");
    let list = list.replace(", and ", ", ").replace(" and ", ", ");
    let mut names: Vec<String> = Vec::new();
    for piece in list.split(',') {
        let piece = piece.trim().trim_start_matches("and ");
        let piece = without_others(piece).trim();
        if !is_name(piece) {
            continue;
        }
        match names.last_mut() {
            Some(family) if are_initials(piece) && !family.contains(", ") => {
                family.push_str(", ");
                family.push_str(piece);
            }
            _ => names.push(piece.to_owned()),
        }
    }
    names
}

/// Whether a text looks like a list of authors: it has initials or several names.
pub(super) fn is_list(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let has_initials = words.iter().any(|word| are_initials(word.trim_end_matches(',')));
    let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
    let small = words.iter().filter(|word| !is_capital(word)).count();
    let joined = text.contains(',') || text.contains(" and ") || text.contains(" & ");
    text.contains("et al")
        || (has_initials && small * 3 <= words.len())
        || (joined && small * 5 <= words.len())
}

/// Whether a text consists of initials: `A.`, `N. M.`, `A.-B.`.
fn are_initials(piece: &str) -> bool {
    let mut letters = 0;
    for part in piece.split(['.', ' ', '-', '~']) {
        let mut chars = part.chars();
        match (chars.next(), chars.next()) {
            (None, _) => {}
            (Some(c), None) if c.is_uppercase() => letters += 1,
            _ => return false,
        }
    }
    letters > 0 && piece.contains('.')
}

fn without_others(piece: &str) -> &str {
    let cut = [" et al", " et. al"]
        .iter()
        .filter_map(|others| piece.find(others))
        .min();
    piece.get(..cut.unwrap_or(piece.len())).unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    let others = ["others", "others.", "et al", "et al.", "and", "eds.", "ed."];
    name.chars().any(char::is_alphabetic) && !others.iter().any(|word| name.eq_ignore_ascii_case(word))
}
