//! Compares a claimed title with the title of a record.

use super::super::document::Claim;
use super::title::{COMMON, Title, head, parts};
use crate::model::paper::Paper;
use crate::model::text;

/// How a claimed title relates to the title of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Relation {
    /// There is nothing to compare: no title, another language, a venue, or words that are merely nearby.
    None,
    /// A word that the record does not have, but that may be a nickname of the paper.
    Unlike,
    /// A few words, none of which the record has.
    Strange,
    /// The record's name with another number: `Llama 2` and `LLaMA`.
    Sibling,
    /// A whole title that shares next to nothing with the record's.
    Apart,
    /// A whole title that shares less than half with the record's.
    Little,
    /// The title with something wrong in it, or its name and another explanation.
    Near,
    /// The title but for a few letters or a word.
    Misspelt,
    /// The beginning of the title, or a name that its abstract has.
    Loose,
    /// The record's name among other words.
    Among,
    /// The whole title among other words.
    Within,
    /// The title, or a short form of it.
    Same,
}

/// Words of a claim that is searched for in the abstract, at most.
const MENTIONED: usize = 5;

/// Short names of a paper: the catalog's, with and without the name of the catalog before it, and the part of the title
/// before its colon.
fn called(record: &Paper) -> Vec<Title> {
    let mut called: Vec<Title> = head(&record.title).map(Title::of).into_iter().collect();
    if let Some(entry) = &record.catalog
        && let Some(short_name) = &entry.short_name
    {
        let name = Title::of(short_name);
        let own = Title::of(&entry.name);
        if let Some((0, after)) = name.find(&own) {
            let rest = name.words.get(after..).unwrap_or_default();
            called.push(Title::from_words(rest.to_vec()));
        }
        called.push(name);
    }
    called.retain(|name| !name.is_empty());
    called
}

/// Returns how the claimed title relates to the record's.
pub(super) fn relate(claim: &Claim, record: &Paper) -> Relation {
    let said = Title::of(claim.title.as_deref().unwrap_or_default());
    let claimed = said.core();
    let recorded = Title::of(&record.title);
    if claimed.is_empty() || recorded.is_empty() {
        return Relation::None;
    }
    let agreement = agreeing(&said, &claimed, &recorded, record);
    let is_own = matches!(agreement, Some(Relation::Same | Relation::Within));
    if claim.certain
        && !is_own
        && let Some(relation) = otherwise_called(claim, &claimed, &recorded, record)
    {
        return relation;
    }
    if let Some(relation) = agreement {
        return relation;
    }
    if claimed.has_cjk() != recorded.has_cjk() {
        let plain = claimed.latin().core();
        let agreed = (!plain.is_empty())
            .then(|| agreeing(&plain, &plain, &recorded, record))
            .flatten();
        return agreed.unwrap_or(Relation::None);
    }
    if !claim.certain || is_venue(&said) {
        return Relation::None;
    }
    match disagreeing(claim, &claimed, &recorded) {
        // `Group Relative Policy Optimization ([paper](...))` may be the topic of the paper, which its abstract would name.
        Relation::Apart | Relation::Little if is_short_of_proof(claim, &claimed, record) => Relation::Unlike,
        relation => relation,
    }
}

/// Returns how the titles agree; `None` if they do not. `claimed` is `said` without noise words at its ends.
fn agreeing(said: &Title, claimed: &Title, recorded: &Title, record: &Paper) -> Option<Relation> {
    let called = called(record);
    let same = |name: &Title| name.core().squashed == claimed.squashed || name.squashed == claimed.squashed;
    if same(recorded)
        || called.iter().any(same)
        || parts(&record.title)
            .into_iter()
            .any(|part| same(&Title::of(part)))
    {
        return Some(Relation::Same);
    }
    if recorded.length() >= 8 && recorded.words.len() >= 3 && said.find(recorded).is_some() {
        return Some(Relation::Within);
    }
    match recorded.find(claimed) {
        // The whole claim occurs in the title: `DeepSeek-V3` in `Insights into DeepSeek-V3`.
        Some((1.., _)) if recorded.find(said).is_some() => return Some(Relation::Same),
        Some((0, _)) => return Some(Relation::Loose),
        _ => {}
    }
    if is_abbreviation(claimed, recorded) {
        return Some(Relation::Same);
    }
    let is_in = |name: &Title| {
        name.length() >= 3
            && claimed
                .find(name)
                .is_some_and(|(_, after)| !continues_number(claimed, name, after))
    };
    let mentioned = || {
        let texts = [&record.abstract_, &record.comment];
        let texts = texts.into_iter().flatten();
        claimed.words.len() <= MENTIONED
            && claimed.length() >= 2
            && texts.into_iter().any(|text| words_hold(text, claimed))
    };
    if called.iter().any(is_in) || is_in(&recorded.core()) {
        return Some(Relation::Among);
    }
    mentioned().then_some(Relation::Loose)
}

/// Returns the relation of a claim that has the name of the record with another number or another subtitle.
fn otherwise_called(claim: &Claim, claimed: &Title, recorded: &Title, record: &Paper) -> Option<Relation> {
    let title = claim.title.as_deref().unwrap_or_default();
    let ahead = head(title).map(|head| Title::of(head).core());
    let tail = head(title)
        .and_then(|head| title.get(head.len()..))
        .map(Title::of);
    let tail = tail.filter(|tail| !tail.core().is_empty() && tail.has_cjk() == recorded.has_cjk());
    let own = head(&record.title)
        .and_then(|head| record.title.get(head.len()..))
        .map(Title::of);
    let mut names = called(record);
    names.push(recorded.core());
    if ahead
        .as_ref()
        .is_some_and(|ahead| names.iter().any(|name| name.core().squashed == ahead.squashed))
    {
        let tail = tail.filter(|tail| tail.is_sentence() || is_explained(title, tail))?;
        let (shared, ours, _) = tail.shares(own.as_ref().unwrap_or(recorded));
        return (3 * shared < ours).then_some(Relation::Near);
    }
    // `BERT [3]` has a note and not another number.
    if title.contains('[') {
        return None;
    }
    let alone = names.iter().any(|name| is_sibling(claimed, name, false));
    let before = ahead.is_some_and(|ahead| names.iter().any(|name| is_sibling(&ahead, name, tail.is_some())));
    if !alone && !before {
        return None;
    }
    // `LLaMA-1: Open and Efficient Foundation Language Models` is meant.
    let is_explained_alike = tail.zip(own).is_some_and(|(tail, own)| {
        let (shared, _, all) = tail.shares(&own);
        5 * shared >= 3 * all
    });
    Some(if is_explained_alike {
        Relation::Near
    } else {
        Relation::Sibling
    })
}

/// Whether a few words explain the name before them, and do not say where or when it appeared: `BERT - Google`,
/// `BERT: NAACL 2019`.
fn is_explained(title: &str, tail: &Title) -> bool {
    let is_number = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    title.contains([':', '：']) && !tail.words.iter().any(is_number)
}

/// Numbers above this are sizes and not editions: `ResNet-50`, `LLaMA-65`.
const HIGHEST_NUMBER: u32 = 12;

/// Whether two names differ only in their numbers. A claim without a number is a short form, unless `whole`.
fn is_sibling(claimed: &Title, name: &Title, whole: bool) -> bool {
    let name = name.core();
    let (ours, theirs) = (claimed.stem(), name.stem());
    let is_edition = |number: &str| number.parse().is_ok_and(|number: u32| number <= HIGHEST_NUMBER);
    claimed.words.len().max(name.words.len()) <= 5
        && ours.1.len() <= 2
        && ours.1.first().is_none_or(|number| is_edition(number))
        && ours.0.chars().count() >= 2
        && ours.0 == theirs.0
        && ours.1 != theirs.1
        && (whole || !ours.1.is_empty())
}

/// Whether a claimed title is the name of a venue: `Proceedings of ...`.
fn is_venue(said: &Title) -> bool {
    let text = format!(" {} ", said.words.join(" "));
    let begins = [
        " proceedings ",
        " proc ",
        " in proceedings ",
        " in proc ",
        " in advances in ",
        " in international ",
        " advances in neural information ",
        " nature ",
        " science ",
        " ieee ",
        " acm ",
        " in ieee ",
        " in acm ",
    ];
    let names = [
        " conference on ",
        " journal of ",
        " transactions on ",
        " workshop on ",
        " symposium on ",
    ];
    let is_short = |word: &str| said.words.len() <= 2 || !matches!(word, " nature " | " science ");
    begins
        .iter()
        .any(|begin| text.starts_with(begin) && is_short(begin))
        || names.iter().any(|name| text.contains(name))
}

/// Whether the number at the end of a name continues: `V3` in `V3.2`.
fn continues_number(claimed: &Title, name: &Title, after: usize) -> bool {
    let ends = name.squashed.ends_with(|c: char| c.is_ascii_digit());
    let next = claimed.words.get(after);
    ends && next.is_some_and(|next| next.len() < 3 && next.bytes().all(|byte| byte.is_ascii_digit()))
}

fn words_hold(text: &str, part: &Title) -> bool {
    Title::from_words(text::words(text)).find(part).is_some()
}

/// Whether the claim is an abbreviation of the title: `NSA` of `Native Sparse Attention`.
fn is_abbreviation(claimed: &Title, recorded: &Title) -> bool {
    let [word] = claimed.words.as_slice() else {
        return false;
    };
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let initials = |words: &mut dyn Iterator<Item = &String>| -> String {
        words.filter_map(|word| word.chars().next()).collect()
    };
    let common = |word: &&String| !COMMON.contains(&word.as_str());
    initials(&mut recorded.words.iter()).contains(word.as_str())
        || initials(&mut recorded.words.iter().filter(common)).contains(word.as_str())
}

/// Words of links that name no paper: `Project Page`, `Read more`.
const POINTERS: &[&str] = &[
    "project",
    "page",
    "read",
    "more",
    "full",
    "text",
    "click",
    "details",
    "see",
    "version",
    "online",
    "available",
    "code",
    "website",
    "blog",
    "post",
    "official",
    "original",
    "publication",
    "article",
];

/// Returns how far a certain claim is off that does not agree.
fn disagreeing(claim: &Claim, claimed: &Title, recorded: &Title) -> Relation {
    let (shared, fewer, all) = claimed.shares(recorded);
    let is_several = claimed
        .words
        .iter()
        .filter(|word| !POINTERS.contains(&word.as_str()))
        .count()
        > 1
        && claim
            .title
            .as_deref()
            .is_some_and(|title| title.split_whitespace().count() > 1);
    // Words in a sentence are no title: `we follow [earlier work on scaling](...)`.
    let is_whole = claimed.is_sentence() && looks_like_title(claim);
    match () {
        () if is_misspelt(claimed, recorded) || is_whole && 4 * shared >= 3 * all => Relation::Misspelt,
        () if !is_whole && shared == 0 && is_several => Relation::Strange,
        () if !is_whole => Relation::Unlike,
        () if 3 * shared < fewer => Relation::Apart,
        () if 2 * shared < fewer => Relation::Little,
        () => Relation::Near,
    }
}

/// Whether a claim is too short to prove anything: a few words without authors or year, and no abstract to search.
fn is_short_of_proof(claim: &Claim, claimed: &Title, record: &Paper) -> bool {
    claim.authors.is_empty()
        && claim.year.is_none()
        && claimed.words.len() < MENTIONED
        && record.abstract_.is_none()
}

/// Whether the titles differ in at most one letter of eight, which may be wrong, missing or swapped.
pub(super) fn is_misspelt(claimed: &Title, recorded: &Title) -> bool {
    let (ours, theirs) = (claimed.length(), recorded.length());
    let allowed = ours.min(theirs) / 8;
    allowed > 0
        && ours.abs_diff(theirs) <= allowed
        && strsim::levenshtein(&claimed.squashed, &recorded.core().squashed) <= allowed
}

/// Whether the claim is written like a title: it begins with a capital, or has authors or a year as in a bibliography.
fn looks_like_title(claim: &Claim) -> bool {
    let title = claim.title.as_deref().unwrap_or_default();
    let first = title.chars().find(|c| c.is_alphanumeric());
    !claim.authors.is_empty() || claim.year.is_some() || first.is_some_and(|c| !c.is_lowercase())
}
