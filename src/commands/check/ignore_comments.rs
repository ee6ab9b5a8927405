//! Comments in a document that silence findings: `arxcat: ignore[wrong-paper] the number is in the errata`.
//!
//! The reason is required, because whoever reads the document later has to know why a finding does not count.

use crate::model::finding::Verdict;

/// What a comment that silences findings begins with.
const MARKER: &str = "arxcat: ignore[";

/// Signs that begin a comment in the formats that are checked.
const COMMENT_SIGNS: &[&str] = &["%", "<!--", "#", "//"];

/// The comments of a document that silence findings.
#[derive(Default)]
pub struct IgnoreComments(Vec<IgnoreComment>);

struct IgnoreComment {
    /// Counted from 1.
    line: u64,
    /// Whether nothing but the comment is on its line, so that it is about the next line.
    is_alone: bool,
    /// Names of verdicts, in lower case with underscores.
    verdicts: Vec<String>,
    reason: String,
}

impl IgnoreComments {
    /// Finds the comments of a document.
    pub fn of(text: &str) -> Self {
        if !text.contains(MARKER) {
            return Self::default();
        }
        let lines = (1..).zip(text.lines());
        Self(lines.filter_map(|(number, line)| comment(number, line)).collect())
    }

    /// The reason not to report this verdict on a reference whose identifier is on one of these lines: the comment is at
    /// the end of the line, or alone on the line above.
    pub fn reason(&self, verdict: Verdict, lines: [u64; 2]) -> Option<&str> {
        let name = serde_json::to_value(verdict).ok()?;
        let silences = |comment: &&IgnoreComment| {
            let line = if comment.is_alone {
                comment.line + 1
            } else {
                comment.line
            };
            lines.contains(&line) && comment.verdicts.iter().any(|other| name == other.as_str())
        };
        self.0
            .iter()
            .find(silences)
            .map(|comment| comment.reason.as_str())
    }

    /// The lines of comments without a reason, which silence nothing.
    pub fn without_reason(text: &str) -> impl Iterator<Item = u64> {
        let lines = (1..).zip(text.lines());
        lines.filter_map(|(number, line)| {
            let (_, _, reason) = parts(line)?;
            reason.is_empty().then_some(number)
        })
    }
}

fn comment(number: u64, line: &str) -> Option<IgnoreComment> {
    let (before, verdicts, reason) = parts(line)?;
    let verdicts = verdicts.split(',');
    (!reason.is_empty()).then(|| IgnoreComment {
        line: number,
        is_alone: before.is_empty(),
        verdicts: verdicts
            .map(|verdict| verdict.trim().to_ascii_lowercase().replace(['-', ' '], "_"))
            .collect(),
        reason: reason.to_owned(),
    })
}

/// The text before the comment, the verdicts in brackets, and the reason. Between the entries of BibTeX a comment needs
/// no sign.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = line.split_once(MARKER)?;
    let (verdicts, reason) = rest.split_once(']')?;
    let before = before.trim();
    let sign = COMMENT_SIGNS.iter().find_map(|sign| before.strip_suffix(sign));
    let before = match sign {
        Some(before) => before.trim_end_matches(['%', '#', '/']).trim_end(),
        None if before.is_empty() => before,
        None => return None,
    };
    let reason = reason.trim().trim_end_matches("-->").trim_end();
    Some((before, verdicts, reason))
}
