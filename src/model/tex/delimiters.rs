//! Which delimiter closes which, found in one pass over a text, so that no later step searches for an end and all
//! of them together stay linear.

/// The pairs of delimiters of one text, as byte offsets. The partner of an opening delimiter depends on nothing
/// before it.
pub struct Delimiters {
    /// Where each delimiter opens, in ascending order, and where it is closed; `None` if it never is.
    pairs: Vec<(usize, Option<usize>)>,
}

/// What counts as a delimiter.
#[derive(Clone, Copy)]
struct Syntax {
    /// Whether a backslash makes a character of the brace after it.
    escapes: bool,
    /// Whether `\(`..`\)` and `\[`..`\]` are pairs too.
    math: bool,
    /// Braces inside this many others have no partner.
    max_depth: usize,
}

impl Delimiters {
    /// Braces as BibTeX counts them: a backslash before a brace changes nothing.
    #[must_use]
    pub fn of_bibtex(text: &str) -> Self {
        Self::scan(
            text,
            Syntax {
                escapes: false,
                math: false,
                max_depth: usize::MAX,
            },
        )
    }

    /// Braces as TeX counts them: `\{` and `\}` are characters.
    #[must_use]
    pub fn of_tex(text: &str) -> Self {
        Self::of_shallow_tex(text, usize::MAX)
    }

    /// The same, but braces inside `max_depth` others have no partner.
    pub(super) fn of_shallow_tex(text: &str, max_depth: usize) -> Self {
        Self::scan(
            text,
            Syntax {
                escapes: true,
                math: false,
                max_depth,
            },
        )
    }

    /// Braces as TeX counts them, `\(`..`\)` and `\[`..`\]`.
    pub(super) fn of_tex_with_math(text: &str) -> Self {
        Self::scan(
            text,
            Syntax {
                escapes: true,
                math: true,
                max_depth: usize::MAX,
            },
        )
    }

    /// Returns the offset of the delimiter that closes the one at `open`, or `None` if none does.
    #[must_use]
    pub fn close(&self, open: usize) -> Option<usize> {
        let index = self.pairs.binary_search_by_key(&open, |pair| pair.0).ok()?;
        self.pairs[index].1
    }

    /// The same, or `None` if the closing delimiter is at `end` or after it.
    #[must_use]
    pub fn close_before(&self, open: usize, end: usize) -> Option<usize> {
        self.close(open).filter(|close| *close < end)
    }

    fn scan(text: &str, syntax: Syntax) -> Self {
        let bytes = text.as_bytes();
        let mut pairs = Vec::new();
        // Indices into `pairs` of the braces that are still open.
        let mut open: Vec<usize> = Vec::new();
        // The last `\(` or `\[`: its index in `pairs`, the sign that closes it, and how many braces are open there.
        let mut math: Option<(usize, u8, usize)> = None;
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if syntax.escapes => {
                    match bytes.get(at + 1) {
                        Some(sign @ (b'(' | b'[')) if syntax.math => {
                            let closing = if *sign == b'(' { b')' } else { b']' };
                            math = Some((pairs.len(), closing, open.len()));
                            pairs.push((at, None));
                        }
                        Some(sign @ (b')' | b']')) if syntax.math => {
                            // Math that a brace cuts through is no pair.
                            if let Some((index, closing, depth)) = math.take()
                                && (closing, depth) == (*sign, open.len())
                            {
                                pairs[index].1 = Some(at);
                            }
                        }
                        _ => {}
                    }
                    at += 1;
                }
                b'{' => {
                    open.push(pairs.len());
                    pairs.push((at, None));
                }
                b'}' => {
                    if let Some(index) = open.pop()
                        && open.len() < syntax.max_depth
                    {
                        pairs[index].1 = Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { pairs }
    }
}

/// Whether every brace of a text has its partner, as TeX counts braces, and no backslash is the last character.
pub(super) fn is_balanced(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if bytes.next().is_none() => return false,
            b'{' => depth += 1,
            b'}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::Delimiters;

    #[test]
    fn each_syntax_finds_its_own_pairs() {
        let text = r"{a\}b}c}";
        assert_eq!(Delimiters::of_bibtex(text).close(0), Some(3));
        assert_eq!(Delimiters::of_tex(text).close(0), Some(5));
        assert_eq!(Delimiters::of_tex(text).close_before(0, 5), None);
        let text = r"\(x\) \[y\) {\(z}\)";
        let pairs = Delimiters::of_tex_with_math(text);
        assert_eq!(
            [0, 6, 12, 13].map(|at| pairs.close(at)),
            [Some(3), None, Some(16), None]
        );
        let nested = Delimiters::of_shallow_tex("{{{}}}", 2);
        assert_eq!([0, 1, 2].map(|at| nested.close(at)), [Some(5), Some(4), None]);
    }
}
