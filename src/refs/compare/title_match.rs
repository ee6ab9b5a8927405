//! Which of several papers a claim means, judged by title, authors and year, without an identifier.
//!
//! The rule, from certain to uncertain: a paper with exactly the claimed title is meant, and strange authors or a list
//! that leaves some out are a fault of the claim, unless the title is so short that two papers may well share it. A
//! paper with nearly the claimed title is meant only if its authors are claimed too: many titles are alike.

use std::cmp::Reverse;

use super::people::People;
use super::title::{Title, head, parts};
use super::{shown, title_is, year};
use crate::model::paper::Paper;
use crate::refs::document::Claim;

/// Telling words without which a title may be shared by two papers.
const MIN_WORDS: usize = 3;

/// The result of a lookup by title.
#[derive(Clone, PartialEq, Debug)]
pub enum TitleMatch<'a> {
    /// The claim describes this paper.
    Found(&'a Paper),
    /// The claim means this paper, but describes it wrongly: each fault a sentence.
    Differs(&'a Paper, Vec<String>),
    /// None of the papers is meant.
    NotFound,
}

/// How much two titles agree, the closest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Likeness {
    /// Letters or a few words differ.
    Near,
    /// The claim is the record's title without its subtitle, or the subtitle alone.
    Part,
    /// The same letters and digits in the same order.
    Exact,
}

/// Returns which of these papers the claim means.
#[must_use]
pub fn match_title<'a>(claim: &Claim, papers: impl IntoIterator<Item = &'a Paper>) -> TitleMatch<'a> {
    let Some(title) = claim.title.as_deref().filter(|_| claim.certain) else {
        return TitleMatch::NotFound;
    };
    let candidates = papers.into_iter().filter_map(|paper| {
        let likeness = likeness(title, &paper.title)?;
        Some((likeness, People::of(&claim.authors, paper), paper))
    });
    let best = candidates.max_by_key(|(likeness, people, paper)| {
        (
            *likeness,
            people.strangers.is_empty(),
            people.known,
            Reverse(people.strangers.len()),
            // Of two papers that agree alike, the earlier one.
            Reverse(paper.id),
        )
    });
    match best {
        Some((likeness, people, paper)) => judge(claim, likeness, &people, paper),
        None => TitleMatch::NotFound,
    }
}

/// Whether a paper's title is close enough to a claimed one for [`match_title`] to choose it.
#[must_use]
pub fn may_be(title: &str, paper: &Paper) -> bool {
    likeness(title, &paper.title).is_some()
}

/// Whether a paper has exactly the claimed title, and one that tells it from others.
#[must_use]
pub fn has_title(claim: &Claim, paper: &Paper) -> bool {
    let title = claim.title.as_deref().unwrap_or_default();
    telling_words(&paper.title) >= MIN_WORDS && likeness(title, &paper.title) == Some(Likeness::Exact)
}

fn judge<'a>(claim: &Claim, likeness: Likeness, people: &People, paper: &'a Paper) -> TitleMatch<'a> {
    let foreign = people.known == 0 && !people.strangers.is_empty();
    let mostly_foreign = people.known < people.strangers.len();
    let meant = match likeness {
        Likeness::Exact => !foreign || telling_words(&paper.title) >= MIN_WORDS,
        Likeness::Part => people.known > 0 && !mostly_foreign,
        Likeness::Near if claim.authors.is_empty() => super::relation::is_misspelt(
            &core(claim.title.as_deref().unwrap_or_default()),
            &core(&paper.title),
        ),
        Likeness::Near => people.known > 0 && !mostly_foreign,
    };
    if !meant {
        return TitleMatch::NotFound;
    }
    let mut faults = Vec::new();
    if likeness == Likeness::Near {
        faults.push(title_is(claim, paper));
    }
    faults.extend(people.sentence());
    if faults.is_empty() {
        faults.extend(left_out(claim, people));
    }
    faults.extend(year(claim, paper));
    if faults.is_empty() {
        TitleMatch::Found(paper)
    } else {
        TitleMatch::Differs(paper, faults)
    }
}

/// A sentence about authors that a list leaves out without a word such as `others`.
fn left_out(claim: &Claim, people: &People) -> Option<String> {
    let listed = claim.authors.len();
    (claim.authors_complete && people.known == listed && listed < people.recorded).then(|| {
        format!(
            "it has {} authors, of whom {listed} {} listed, without \"and others\"",
            people.recorded,
            if listed == 1 { "is" } else { "are" }
        )
    })
}

/// How much the titles agree; `None` if they are titles of two papers.
fn likeness(claimed: &str, recorded: &str) -> Option<Likeness> {
    let (ours, theirs) = (core(claimed), core(recorded));
    if ours.is_empty() || theirs.is_empty() {
        return None;
    }
    if ours.squashed == theirs.squashed {
        return Some(Likeness::Exact);
    }
    if ours.stem().1 != theirs.stem().1 || numerals(&ours) != numerals(&theirs) {
        // Another number is another paper: the second part, the next version.
        return None;
    }
    let is_part = |whole: &str, part: &Title| {
        part.words.len() >= MIN_WORDS
            && parts(whole)
                .into_iter()
                .any(|one| core(one).squashed == part.squashed)
    };
    let named_alike = head(recorded).is_some_and(|head| core(head).squashed == ours.squashed);
    if is_part(recorded, &ours) || is_part(claimed, &theirs) || named_alike {
        return Some(Likeness::Part);
    }
    let (shared, fewer, all) = ours.shares(&theirs);
    let near = super::relation::is_misspelt(&ours, &theirs)
        || shared >= MIN_WORDS && (3 * shared >= 2 * all || 5 * shared >= 4 * fewer);
    near.then_some(Likeness::Near)
}

fn core(title: &str) -> Title {
    Title::of(&shown(title)).core()
}

fn telling_words(title: &str) -> usize {
    let title = core(title);
    title.shares(&title).0
}

/// Roman numerals among the words, as parts are counted; single letters are rather symbols.
fn numerals(title: &Title) -> Vec<&str> {
    let is_numeral = |word: &&str| {
        matches!(
            *word,
            "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix" | "xi" | "xii"
        )
    };
    title
        .words
        .iter()
        .map(String::as_str)
        .filter(is_numeral)
        .collect()
}
