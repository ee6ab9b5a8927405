//! An index of papers by their titles and short names.

use std::collections::HashMap;

use super::super::document::Claim;
use super::title::{self, Title};
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// Papers by the names that surely mean them.
#[derive(Default)]
pub struct TitleIndex {
    by_key: HashMap<String, Vec<IndexedTitle>>,
    /// Whole titles by their first words, to find them within a longer text.
    by_beginning: HashMap<[String; BEGINNING], Vec<(ArxivId, Vec<String>)>>,
}

struct IndexedTitle {
    id: ArxivId,
    telling: bool,
}

/// Words at the beginning of a title by which it is found within a longer text.
const BEGINNING: usize = 4;

impl TitleIndex {
    /// Adds a paper under its title and its short name.
    pub fn add(&mut self, record: &Paper) {
        for (key, telling) in title::keys(record) {
            let known = self.by_key.entry(key).or_default();
            match known.iter_mut().find(|named| named.id == record.id) {
                Some(named) => named.telling |= telling,
                None => known.push(IndexedTitle {
                    id: record.id,
                    telling,
                }),
            }
        }
        let words = Title::of(&record.title).words;
        if let Some(beginning) = words.first_chunk::<BEGINNING>() {
            let begun = self.by_beginning.entry(beginning.clone()).or_default();
            if !begun.iter().any(|(id, _)| *id == record.id) {
                begun.push((record.id, words));
            }
        }
    }

    /// Returns the only paper with the claimed title or short name. With `telling`, only names count that hardly any other
    /// paper could have: `DeepSeek-V3`, not `Janus`.
    #[must_use]
    pub fn find(&self, claim: &Claim, telling: bool) -> Option<ArxivId> {
        let named = self.by_key.get(&title::key(claim.title.as_deref()?))?;
        match named.as_slice() {
            [one] if one.telling || !telling => Some(one.id),
            _ => None,
        }
    }

    /// Returns the only paper whose whole title, of four words or more, occurs within the claimed one:
    /// `Vaswani et al., Attention Is All You Need, NeurIPS 2017`.
    #[must_use]
    pub fn find_within(&self, claim: &Claim) -> Option<ArxivId> {
        let words = Title::of(claim.title.as_deref()?).words;
        let mut found = None;
        for (at, window) in words.windows(BEGINNING).enumerate() {
            let Ok(window) = <&[String; BEGINNING]>::try_from(window) else {
                continue;
            };
            for (id, title) in self.by_beginning.get(window).into_iter().flatten() {
                let here = words.get(at..).unwrap_or_default();
                if here.starts_with(title) && found.replace(*id).is_some_and(|before| before != *id) {
                    return None;
                }
            }
        }
        found
    }
}
