//! Which brace closes which, found in one pass, so that nothing after it has to search.

/// Where each group of a text opens and closes, in bytes: `{`..`}`, `\(`..`\)`, `\[`..`\]`.
pub(super) struct Groups {
    pairs: Vec<(usize, usize)>,
}

impl Groups {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut pairs = Vec::new();
        let mut open = Vec::new();
        let mut math = None;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => {
                    match bytes.get(at + 1) {
                        Some(b'(') => math = Some((at, b')', open.len())),
                        Some(b'[') => math = Some((at, b']', open.len())),
                        Some(close @ (b')' | b']')) => {
                            if let Some((from, expected, depth)) = math.take()
                                && (expected, depth) == (*close, open.len())
                            {
                                pairs.push((from, at));
                            }
                        }
                        _ => {}
                    }
                    at += 1;
                }
                b'{' => open.push(at),
                b'}' => pairs.extend(open.pop().map(|from| (from, at))),
                _ => {}
            }
            at += 1;
        }
        pairs.sort_unstable();
        Self { pairs }
    }

    /// Where the group that opens here closes, if it does so before `end`.
    pub(super) fn close(&self, open: usize, end: usize) -> Option<usize> {
        let found = self.pairs.binary_search_by_key(&open, |pair| pair.0).ok()?;
        self.pairs
            .get(found)
            .map(|pair| pair.1)
            .filter(|close| *close < end)
    }
}
