//! What was announced, filtered, in groups, each paper once.

use std::collections::{BTreeMap, HashSet};

use super::Args;
use crate::app::collection::Summary;
use crate::model::announcement::{Announcement, AnnouncementGroup};
use crate::model::paper::Paper;
use crate::model::selection::{Decision, Selection};

/// The papers to show, group after group.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) papers: Vec<Paper>,
    /// How many of the papers each group has.
    counts: Vec<(AnnouncementGroup, usize)>,
    /// How many matched before the limit.
    matched: usize,
    undecided: BTreeMap<&'static str, u64>,
}

impl Groups {
    /// Filters, groups, orders and limits. Unless an order is asked for, it is arXiv's.
    pub(super) fn select(announcements: Vec<Announcement>, selection: &Selection, args: &Args) -> Self {
        let mut groups: BTreeMap<AnnouncementGroup, Vec<Paper>> = BTreeMap::new();
        let mut undecided: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut seen = HashSet::new();
        let wanted = |group: AnnouncementGroup| {
            args.only.is_empty() || args.only.iter().any(|only| group == (*only).into())
        };
        for Announcement { paper, announce_type } in announcements {
            let group = announce_type.group();
            if !wanted(group) || !seen.insert(paper.id) {
                continue;
            }
            match selection.matches(&paper) {
                Decision::Yes => groups.entry(group).or_default().push(paper),
                Decision::No => {}
                Decision::Unknown(key) => *undecided.entry(key).or_insert(0) += 1,
            }
        }
        let matched = groups.values().map(Vec::len).sum();
        let mut chosen = Self {
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
            let left = selection.limit.unwrap_or(matched) - chosen.papers.len();
            papers.truncate(left);
            chosen.counts.push((group, papers.len()));
            chosen.papers.append(&mut papers);
        }
        chosen
    }

    /// What there is to say of them.
    pub(super) fn summary(&self, caption: String) -> Summary {
        Summary {
            shown: self.papers.len() as u64,
            matched: Some(self.matched as u64),
            undecided: self.undecided.iter().map(|(key, count)| (*key, *count)).collect(),
            caption,
            ..Summary::default()
        }
    }

    /// Whether the limit left something out.
    pub(super) fn is_cut(&self) -> bool {
        self.papers.len() < self.matched
    }

    /// Each group with its papers.
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
