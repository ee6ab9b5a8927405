//! Entries of one bibliography that cite the same paper.

use std::collections::HashMap;

use super::document::SourceDocument;
use crate::model::finding::{Finding, Verdict};
use crate::model::id::ArxivId;
use crate::refs::document::Reference;

/// The papers that the entries before cite, with the line and the entry of the first.
#[derive(Default)]
pub struct DuplicateEntries(HashMap<ArxivId, (u64, usize)>);

impl DuplicateEntries {
    /// Marks a finding that is right but for an earlier entry of the same BibTeX file that cites the same paper. One
    /// entry may name a paper in several fields, and running text may cite a paper often.
    pub fn mark(&mut self, document: &SourceDocument, reference: &Reference, finding: Finding) -> Finding {
        let paper = match finding.verdict {
            Verdict::Found => finding.proposal,
            Verdict::Ok | Verdict::Superseded | Verdict::Published => finding.id,
            _ => None,
        };
        let (Some(paper), Some(entry)) = (paper, document.entry_start(reference)) else {
            return finding;
        };
        let line = document.line(reference);
        let (first_line, first_entry) = *self.0.entry(paper.base()).or_insert((line, entry));
        if first_entry == entry || !matches!(finding.verdict, Verdict::Ok | Verdict::Found) {
            return finding;
        }
        let message = format!("{}; the entry at line {first_line} cites it too", finding.message);
        Finding {
            verdict: Verdict::Duplicate,
            message,
            ..finding
        }
    }
}
