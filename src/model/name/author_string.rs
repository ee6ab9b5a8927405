//! Splits an author string into names.

/// The names, in order, without affiliations, separators and "et al.".
pub(super) fn names(authors: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for block in blocks(authors) {
        let block = folded(&block);
        if block.starts_with('(') {
            pieces.push(block);
        } else {
            pieces.extend(separated(&block));
        }
    }
    rejoin_suffixes(pieces)
        .iter()
        .filter(|piece| !piece.starts_with([']', '(', ',']))
        .map(|piece| tidy(piece))
        .filter(|name| !is_et_al(name))
        .collect()
}

/// Cut where parentheses open and close at the outermost level. Where they do not pair, a block grows
/// as arXiv's does, rather than be repaired.
fn blocks(authors: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block = String::new();
    let mut depth = 0_i64;
    for c in authors.chars() {
        match c {
            '(' => {
                depth += 1;
                if depth == 1 {
                    blocks.push(std::mem::take(&mut block));
                }
                block.push(c);
            }
            ')' => {
                depth -= 1;
                block.push(c);
                if depth == 0 {
                    blocks.push(std::mem::take(&mut block));
                }
            }
            _ => block.push(c),
        }
    }
    blocks.push(block);
    blocks
}

/// Every run of white space one space; those at the ends stay, since " and " needs them.
fn folded(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    for c in block.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Names and the `,` and `:` between them; `and` and `&` between spaces are commas.
fn separated(block: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut rest = block;
    while let Some(c) = rest.chars().next() {
        let (separator, length) = match conjunction(rest) {
            Some(length) => (Some(','), length),
            None => (Some(c).filter(|c| matches!(c, ',' | ':')), c.len_utf8()),
        };
        if let Some(separator) = separator {
            pieces.extend([std::mem::take(&mut piece), separator.to_string()]);
        } else {
            piece.push(c);
        }
        rest = &rest[length..];
    }
    pieces.push(piece);
    pieces
        .iter()
        .map(|piece| piece.trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// The length of `, and `, ` and `, ` & ` at the start.
fn conjunction(text: &str) -> Option<usize> {
    let spaced = text.strip_prefix(',').unwrap_or(text).strip_prefix(' ')?;
    let after = spaced
        .strip_prefix("and ")
        .or_else(|| spaced.strip_prefix("& "))?;
    Some(text.len() - after.len())
}

/// `Smith` `,` `Jr.` is one name. arXiv means to do so for `Sr.` and numerals too, but its pattern does not.
fn rejoin_suffixes(pieces: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let after_comma = joined.len() >= 2 && joined.last().is_some_and(|last| last == ",");
        if after_comma && matches!(piece.as_str(), "Jr" | "Jr.") {
            joined.pop();
            if let Some(name) = joined.last_mut() {
                name.push_str(", ");
                name.push_str(&piece);
            }
        } else {
            joined.push(piece);
        }
    }
    joined
}

/// `V.P.Mineev` → `V. P. Mineev`; the dot of a TeX accent is left alone.
fn tidy(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        out.push(c);
        let spaced = if c == '.' && before != '\\' {
            chars.next_if(|next| !next.is_whitespace())
        } else {
            None
        };
        if let Some(next) = spaced {
            out.extend([' ', next]);
        }
        before = spaced.unwrap_or(c);
    }
    out
}

/// `et al`, `et. al.`, and whatever follows.
fn is_et_al(name: &str) -> bool {
    let lower = name.to_lowercase();
    let Some(rest) = lower.trim_start().strip_prefix("et") else {
        return false;
    };
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with("al")
}
