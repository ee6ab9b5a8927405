//! How a claimed title and a record's stand to each other.

use super::super::document::Claim;
use super::title::{COMMON, Title, head, parts};
use crate::model::paper::Paper;
use crate::model::text;

/// How a claimed title and a record's stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Relation {
    /// There is nothing to compare: no title, another language, a venue, words that only stand near by.
    None,
    /// A word that the record does not have; perhaps what everybody calls the paper.
    Unlike,
    /// A few words of which the record has none.
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

/// What an abstract is looked through for has at most so many words.
const MENTIONED: usize = 5;

/// What the paper is called for short: its catalog's name, with and without the catalog's own before it, and its head.
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

/// How the claimed title stands to the record's.
pub(super) fn relate(claim: &Claim, record: &Paper) -> Relation {
    let said = Title::of(claim.title.as_deref().unwrap_or_default());
    let claimed = said.core();
    let recorded = Title::of(&record.title);
    if claimed.is_empty() || recorded.is_empty() {
        return Relation::None;
    }
    let agreeing_as = agreeing(&said, &claimed, &recorded, record);
    let is_own = matches!(agreeing_as, Some(Relation::Same | Relation::Within));
    if claim.certain
        && !is_own
        && let Some(relation) = otherwise_called(claim, &claimed, &recorded, record)
    {
        return relation;
    }
    if let Some(relation) = agreeing_as {
        return relation;
    }
    if claimed.has_cjk() != recorded.has_cjk() {
        let plain = claimed.latin().core();
        let told = (!plain.is_empty())
            .then(|| agreeing(&plain, &plain, &recorded, record))
            .flatten();
        return told.unwrap_or(Relation::None);
    }
    if !claim.certain || is_venue(&said) {
        return Relation::None;
    }
    match disagreeing(claim, &claimed, &recorded) {
        // `Group Relative Policy Optimization ([paper](...))`: what the paper is about, as its abstract might say.
        Relation::Apart | Relation::Little if is_short_of_proof(claim, &claimed, record) => Relation::Unlike,
        relation => relation,
    }
}

/// `claimed` is what counts of what is `said`.
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
        // All that is claimed stands within: `Insights into DeepSeek-V3` for `DeepSeek-V3`, but not for its report.
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
        let told = [&record.abstract_, &record.comment];
        let texts = told.into_iter().flatten();
        claimed.words.len() <= MENTIONED
            && claimed.length() >= 2
            && texts.into_iter().any(|text| words_hold(text, claimed))
    };
    if called.iter().any(is_in) || is_in(&recorded.core()) {
        return Some(Relation::Among);
    }
    mentioned().then_some(Relation::Loose)
}

/// Where the claim is called like the record but for a number, or gives its name another explanation.
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
    // `BERT [3]` has a note.
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

/// A model of a higher number is named by its size: `ResNet-50`, `LLaMA-65`.
const HIGHEST_NUMBER: u32 = 12;

/// Whether a name is the other one but for its numbers. To leave a number out is to be short, unless `whole`.
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

/// Where papers appear: `Proceedings of ...` stands in the place of a title, and is none.
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

/// Whether a number goes on behind the name: `V3` in `V3.2`.
fn continues_number(claimed: &Title, name: &Title, after: usize) -> bool {
    let ends = name.squashed.ends_with(|c: char| c.is_ascii_digit());
    let next = claimed.words.get(after);
    ends && next.is_some_and(|next| next.len() < 3 && next.bytes().all(|byte| byte.is_ascii_digit()))
}

fn words_hold(text: &str, part: &Title) -> bool {
    Title::from_words(text::words(text)).find(part).is_some()
}

/// `NSA` of `Native Sparse Attention`.
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

/// Words of links that name nothing: `Project Page`, `Read more`.
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

/// For a certain claim that does not agree: how far off it is.
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

/// A few words without authors or year, and no abstract at hand that could have them.
fn is_short_of_proof(claim: &Claim, claimed: &Title, record: &Paper) -> bool {
    claim.authors.is_empty()
        && claim.year.is_none()
        && claimed.words.len() < MENTIONED
        && record.abstract_.is_none()
}

/// A letter in eight may be wrong, dropped or swapped.
pub(super) fn is_misspelt(claimed: &Title, recorded: &Title) -> bool {
    let (ours, theirs) = (claimed.length(), recorded.length());
    let allowed = ours.min(theirs) / 8;
    allowed > 0
        && ours.abs_diff(theirs) <= allowed
        && strsim::levenshtein(&claimed.squashed, &recorded.core().squashed) <= allowed
}

/// A title begins with a capital; where authors or a year are told as well, this is a bibliography.
fn looks_like_title(claim: &Claim) -> bool {
    let title = claim.title.as_deref().unwrap_or_default();
    let first = title.chars().find(|c| c.is_alphanumeric());
    !claim.authors.is_empty() || claim.year.is_some() || first.is_some_and(|c| !c.is_lowercase())
}
