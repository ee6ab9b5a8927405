//! Announced papers, filtered and grouped by kind of announcement, without repetition.

use std::collections::{BTreeMap, HashSet};

use super::Args;
use crate::app::collection::Summary;
use crate::model::announcement::{Announcement, AnnouncementGroup};
use crate::model::paper::Paper;
use crate::model::selection::{Decision, Selection};

/// The papers to show, one group after the other.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) papers: Vec<Paper>,
    /// Number of papers in each group.
    counts: Vec<(AnnouncementGroup, usize)>,
    /// Number of papers that matched before the limit was applied.
    matched: usize,
    undecided: BTreeMap<&'static str, u64>,
}

impl Groups {
    /// Filters, groups, sorts and limits the announcements. Keeps arXiv's order unless `--sort` was given.
    pub(super) fn select(announcements: Vec<Announcement>, selection: &Selection, args: &Args) -> Self {
        let mut groups: BTreeMap<AnnouncementGroup, Vec<Paper>> = BTreeMap::new();
        let mut undecided: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut seen = HashSet::new();
        let is_selected = |group: AnnouncementGroup| {
            args.only.is_empty() || args.only.iter().any(|only| group == (*only).into())
        };
        for Announcement { paper, announce_type } in announcements {
            let group = announce_type.group();
            if !is_selected(group) || !seen.insert(paper.id) {
                continue;
            }
            match selection.matches(&paper) {
                Decision::Yes => groups.entry(group).or_default().push(paper),
                Decision::No => {}
                Decision::Unknown(key) => *undecided.entry(key).or_insert(0) += 1,
            }
        }
        let matched = groups.values().map(Vec::len).sum();
        let mut selected = Self {
            papers: Vec::new(),
            counts: Vec::new(),
            matched,
            undecided,
        };
        for (group, mut papers) in groups {
            if args.selection.sort.is_some() {
                papers.sort_by(|paper, other| selection.compare(paper, other));
            } else if selection.reverse {
                papers.reverse();
            }
            let left = selection.limit.unwrap_or(matched) - selected.papers.len();
            papers.truncate(left);
            selected.counts.push((group, papers.len()));
            selected.papers.append(&mut papers);
        }
        selected
    }

    /// The numbers that are reported on stderr.
    pub(super) fn summary(&self, caption: String) -> Summary {
        Summary {
            shown: self.papers.len() as u64,
            matched: Some(self.matched as u64),
            undecided: self.undecided.iter().map(|(key, count)| (*key, *count)).collect(),
            caption,
            ..Summary::default()
        }
    }

    /// Whether the limit left papers out.
    pub(super) fn is_cut(&self) -> bool {
        self.papers.len() < self.matched
    }

    /// Returns each group with its papers.
    pub(super) fn groups(&self) -> Vec<(AnnouncementGroup, &[Paper])> {
        let mut rest = self.papers.as_slice();
        let slices = self.counts.iter().map(|(group, count)| {
            let (papers, after) = rest.split_at_checked(*count).unwrap_or((rest, &[]));
            rest = after;
            (*group, papers)
        });
        slices.collect()
    }
}
