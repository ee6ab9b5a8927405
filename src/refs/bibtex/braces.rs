//! Which brace closes which, found once for a whole text, so that nothing that looks for an end walks twice.

/// The braces of a text. The partner of an opening one depends on nothing before it.
pub(in crate::refs) struct Braces {
    /// Where each opens, in order.
    opening: Vec<usize>,
    /// Where each of them is closed; none to the end.
    closing: Vec<Option<usize>>,
}

impl Braces {
    /// As BibTeX counts them: a backslash before a brace changes nothing.
    pub(super) fn of_bibtex(text: &str) -> Self {
        Self::of(text, false)
    }

    /// As TeX counts them: `\{` and `\}` are characters.
    pub(in crate::refs) fn of_tex(text: &str) -> Self {
        Self::of(text, true)
    }

    fn of(text: &str, tex: bool) -> Self {
        let (mut opening, mut closing) = (Vec::new(), Vec::<Option<usize>>::new());
        let mut open = Vec::new();
        let mut escaped = false;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = tex,
                b'{' => {
                    open.push(opening.len());
                    opening.push(at);
                    closing.push(None);
                }
                b'}' => {
                    if let Some(partner) = open.pop().and_then(|index| closing.get_mut(index)) {
                        *partner = Some(at);
                    }
                }
                _ => {}
            }
        }
        Self { opening, closing }
    }

    /// Where the brace that opens at this byte is closed.
    pub(in crate::refs) fn close(&self, at: usize) -> Option<usize> {
        let index = self.opening.binary_search(&at).ok()?;
        self.closing.get(index).copied().flatten()
    }
}
