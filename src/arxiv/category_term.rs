//! Classifies the terms of `category` elements, among which arXiv's feeds also put MSC and ACM classes until November
//! 2025.

/// The classification scheme of a term.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CategoryTerm {
    /// An arXiv category, or a code of the same form.
    Category,
    /// Mathematics Subject Classification: `05E99 (Primary), 20B30 (Secondary)`.
    Msc,
    /// ACM Computing Classification of 1998: `I.2.7; H.3.1`.
    Acm,
    /// None of these.
    Unknown,
}

/// Classifies a term by its form. arXiv's taxonomy grows, so a category needs only the form of one.
pub(super) fn classify(term: &str) -> CategoryTerm {
    if is_category(term) {
        CategoryTerm::Category
    } else if all_parts(term, is_msc, |word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "primary" | "secondary" | "msc" | "1991" | "2000" | "2010" | "2020"
        )
    }) {
        CategoryTerm::Msc
    } else if all_parts(term, is_acm, |word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "primary" | "secondary" | "acm"
        )
    }) {
        CategoryTerm::Acm
    } else {
        CategoryTerm::Unknown
    }
}

/// `hep-th`, `cs.CL`, `physics.flu-dyn`, `cond-mat.mtrl-sci`.
fn is_category(term: &str) -> bool {
    let (archive, class) = term.split_once('.').unwrap_or((term, "AA"));
    archive.len() >= 2
        && archive.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && class.len() >= 2
        && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

/// Whether every part is a class or one of the words that surround classes, and at least one is a class.
fn all_parts(term: &str, is_class: fn(&str) -> bool, is_word: fn(&str) -> bool) -> bool {
    let mut classes = 0;
    for part in term.split(|c: char| c.is_whitespace() || ",;:()".contains(c)) {
        if is_class(part) {
            classes += 1;
        } else if !part.is_empty() && !is_word(part) {
            return false;
        }
    }
    classes > 0
}

/// `53C`, `05E99`, `35-02`, `57Mxx`.
fn is_msc(part: &str) -> bool {
    let bytes = part.as_bytes();
    match bytes {
        [a, b, letter, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
            (letter.is_ascii_uppercase() || *letter == b'-')
                && matches!(rest, [] | [b'x' | b'X' | b'0'..=b'9', b'x' | b'X' | b'0'..=b'9'])
        }
        _ => false,
    }
}

/// `I.2.7`, `F.2`, `H.3.m`.
fn is_acm(part: &str) -> bool {
    let mut levels = part.split('.');
    let letter = levels.next().unwrap_or("");
    let mut depth = 0;
    for level in levels {
        depth += 1;
        let is_number = !level.is_empty() && level.bytes().all(|b| b.is_ascii_digit());
        if !is_number && level != "m" {
            return false;
        }
    }
    matches!(letter.as_bytes(), [b'A'..=b'K']) && (1..=3).contains(&depth)
}
