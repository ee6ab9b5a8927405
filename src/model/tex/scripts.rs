//! Superscripts, subscripts and fractions in one line of plain characters.

/// `2` → `²`, `-3` → `⁻³`, `th` → `ᵗʰ`, `\circ` → `°`; else `^T`, `^(a+b)`.
pub(super) fn superscript(content: &str) -> String {
    match content {
        "" => return String::new(),
        "∘" | "°" => return "°".into(),
        "′" | "″" | "*" | "∗" | "†" | "‡" | "⋆" => return content.into(),
        _ => {}
    }
    let raised: Option<String> = content.chars().map(raised).collect();
    raised.unwrap_or_else(|| set_off('^', content, content.chars().count() == 1))
}

/// `2` → `₂`, `0+` → `₀₊`; else `_ij`, `_(i+j)`. Letters stay on the line: `x_ij` can be typed and searched for.
///
/// `followed`: a letter or digit comes next, which must not be read as part of the index.
pub(super) fn subscript(content: &str, followed: bool) -> String {
    if content.is_empty() {
        return String::new();
    }
    let lowered: Option<String> = content.chars().map(lowered).collect();
    lowered.unwrap_or_else(|| {
        let word = content.chars().all(|c| c.is_alphanumeric() || c == '′');
        set_off('_', content, content.chars().count() == 1 || (word && !followed))
    })
}

fn set_off(sign: char, content: &str, alone: bool) -> String {
    if alone {
        format!("{sign}{content}")
    } else {
        format!("{sign}({content})")
    }
}

/// `a/b`, with parentheses where the line would read differently without.
pub(super) fn fraction(numerator: &str, denominator: &str) -> String {
    format!("{}/{}", operand(numerator), operand(denominator))
}

/// `√x`, `√(x+1)`.
pub(super) fn root(degree: &str, content: &str) -> String {
    let degree = match degree {
        "" => String::new(),
        degree => degree.chars().map(|c| raised(c).unwrap_or(c)).collect(),
    };
    format!("{degree}√{}", operand(content))
}

/// Puts an operand in parentheses unless it is one number or one word with its scripts.
fn operand(text: &str) -> String {
    let text = text.trim();
    let Some(first) = text.chars().next() else {
        return String::new();
    };
    let body = if first.is_ascii_digit() {
        text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
    } else {
        text.trim_start_matches(|c: char| c.is_alphabetic() && !is_script(c))
    };
    let hangs = body
        .strip_prefix('_')
        .map_or(body, |word| word.trim_start_matches(char::is_alphanumeric));
    let simple = hangs.chars().all(|c| is_script(c) || c == '′' || c == '\'');
    let whole = text.starts_with('(') && text.find(')') == Some(text.len() - 1);
    if simple || whole {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

fn is_script(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '⁰'..='₎')
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'a' => 'ᵃ',
        'b' => 'ᵇ',
        'c' => 'ᶜ',
        'd' => 'ᵈ',
        'e' => 'ᵉ',
        'f' => 'ᶠ',
        'g' => 'ᵍ',
        'h' => 'ʰ',
        'i' => 'ⁱ',
        'j' => 'ʲ',
        'k' => 'ᵏ',
        'l' => 'ˡ',
        'm' => 'ᵐ',
        'n' => 'ⁿ',
        'o' => 'ᵒ',
        'p' => 'ᵖ',
        'r' => 'ʳ',
        's' => 'ˢ',
        't' => 'ᵗ',
        'u' => 'ᵘ',
        'v' => 'ᵛ',
        'w' => 'ʷ',
        'x' => 'ˣ',
        'y' => 'ʸ',
        'z' => 'ᶻ',
        _ => return None,
    })
}

fn lowered(c: char) -> Option<char> {
    Some(match c {
        '0' => '₀',
        '1' => '₁',
        '2' => '₂',
        '3' => '₃',
        '4' => '₄',
        '5' => '₅',
        '6' => '₆',
        '7' => '₇',
        '8' => '₈',
        '9' => '₉',
        '+' => '₊',
        '-' | '−' => '₋',
        '=' => '₌',
        '(' => '₍',
        ')' => '₎',
        _ => return None,
    })
}
