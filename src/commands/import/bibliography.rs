//! Records, tags, notes and files of a BibTeX file.

use std::collections::{HashMap, HashSet};

use super::batch::{Batch, OmittedRecord};
use crate::model::id::ArxivId;
use crate::model::text;
use crate::refs::document::records::{BibRecords, EntryRecord, records};

/// Reads a bibliography. Entries of different titles that claim the same number are left out, because at least one of
/// the numbers is wrong and nothing in the file tells which.
pub fn read(bibliography: &str) -> Batch {
    let BibRecords {
        records,
        skipped,
        broken,
    } = records(bibliography);
    let mut batch = Batch {
        skipped: skipped
            .into_iter()
            .map(|entry| OmittedRecord {
                place: format!("{}: {}", entry.line, entry.key),
                reason: entry.reason,
            })
            .collect(),
        bad: broken
            .into_iter()
            .map(|broken| OmittedRecord {
                place: broken.line.to_string(),
                reason: broken.reason,
            })
            .collect(),
        ..Batch::default()
    };
    let conflicts = conflicts(&records);
    for entry in records {
        if let Some(other) = conflicts.get(&entry.line) {
            batch.bad.push(OmittedRecord {
                place: format!("{}: {}", entry.line, entry.key),
                reason: format!(
                    "entry `{other}` of another title claims the number {} as well; `arxcat check` says whose it is",
                    entry.record.paper.id
                ),
            });
            continue;
        }
        let id = entry.record.paper.id;
        batch.files.extend(entry.files.into_iter().map(|file| (id, file)));
        batch.records.push(entry.record);
    }
    batch
}

/// For the line of each entry whose number an entry of another title claims as well, the key of that entry.
fn conflicts(entries: &[EntryRecord]) -> HashMap<usize, String> {
    let mut by_id: HashMap<ArxivId, Vec<&EntryRecord>> = HashMap::new();
    for entry in entries {
        by_id.entry(entry.record.paper.id).or_default().push(entry);
    }
    let mut conflicts = HashMap::new();
    for group in by_id.values().filter(|group| group.len() > 1) {
        let titles: Vec<HashSet<String>> = group.iter().map(|entry| words(entry)).collect();
        for (at, entry) in group.iter().enumerate() {
            let other = (0..group.len()).find(|other| !is_same_title(&titles[at], &titles[*other]));
            if let Some(other) = other {
                conflicts.insert(entry.line, group[other].key.clone());
            }
        }
    }
    conflicts
}

fn words(entry: &EntryRecord) -> HashSet<String> {
    let folded = text::fold(&entry.record.paper.title);
    text::word_tokens(&folded)
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// Whether two titles may be of one paper. Journals shorten and retitle, so half of the shorter one's words suffices.
fn is_same_title(title: &HashSet<String>, other: &HashSet<String>) -> bool {
    let common = title.intersection(other).count();
    2 * common >= title.len().min(other.len())
}
