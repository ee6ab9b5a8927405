//! Compares a claim with a record: is the cited paper the one that the claim means?
//!
//! People shorten, translate and nickname titles, so a true citation must never be accused. The rule:
//!
//! 1. The whole title, the part before its colon, the part after it, the catalog's short name, its initials: it is
//!    this paper, whoever is said to have written it; what is off about authors and year is said. Spelling, TeX,
//!    `Technical Report` and the like do not count.
//! 2. The name with another number (`GPT-5` for `GPT-4`), alone or before a colon: another paper, whoever wrote it,
//!    unless what follows the colon is the record's. A number left out is a short form.
//! 3. The name with another explanation behind the colon: a little off.
//! 4. The whole title or the name among other words, or a title that shares at least half of its telling words:
//!    this paper, perhaps a little off; another one where authors are claimed and none is the record's.
//! 5. A title that shares less than half: another paper where any author is claimed that can be compared, even a
//!    common one, since people write more than one paper; without authors only where it shares less than a third.
//! 6. A single word that the record does not have is a nickname (`T5`), for all one can tell: only strangers as
//!    authors make it another paper. So is a few words, but with nothing shared any author decides against it.
//! 7. The name of a venue in the title's place, words near by, another script: nothing is claimed.

mod block;
mod people;
mod relation;
mod title;
mod title_index;
mod title_match;

pub use block::{BlockMatch, match_block};
pub use title_index::TitleIndex;
pub use title_match::{TitleMatch, has_title, match_title, may_be};

use chrono::Datelike;

use self::people::People;
use self::relation::Relation;
use super::document::Claim;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::fold_whitespace;

/// The result of comparing a claim with a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Agreement {
    /// The claim has nothing that could be compared.
    Unclaimed,
    /// They agree as far as the claim goes: it has only the beginning of the title, or a name among other words. It means
    /// this paper unless another one has exactly the claimed name.
    Loose,
    /// They agree.
    Same,
    /// The paper is meant, but described wrongly: one sentence for each fault.
    Off(Vec<String>),
    /// The paper is another one.
    Other,
}

/// Years that a claimed year may be before the first version or after the newest. Venues print later than arXiv, and
/// years around New Year are often off by one.
const EARLIER: i32 = 1;
const LATER: i32 = 2;

/// Holds a claim against a record.
#[must_use]
pub fn compare(claim: &Claim, record: &Paper) -> Agreement {
    let people = People::of(&claim.authors, record);
    let relation = relation::relate(claim, record);
    let is_foreign = claim.certain && people.known == 0 && !people.strangers.is_empty();
    let mut off = Vec::new();
    match relation {
        Relation::None => return Agreement::Unclaimed,
        Relation::Sibling | Relation::Apart => return Agreement::Other,
        Relation::Near | Relation::Among | Relation::Within | Relation::Unlike if is_foreign => {
            return Agreement::Other;
        }
        Relation::Strange | Relation::Little if is_foreign || people.known > 0 => return Agreement::Other,
        Relation::Unlike if people.known > 0 => return Agreement::Loose,
        Relation::Unlike | Relation::Strange => return Agreement::Unclaimed,
        Relation::Little | Relation::Near | Relation::Misspelt => off.push(title_is(claim, record)),
        Relation::Loose | Relation::Among | Relation::Within | Relation::Same => {}
    }
    // Names and years that are merely nearby are often those of another paper.
    if claim.certain {
        off.extend(people.sentence());
        off.extend(year(claim, record));
    }
    match relation {
        _ if !off.is_empty() => Agreement::Off(off),
        Relation::Loose | Relation::Among => Agreement::Loose,
        _ => Agreement::Same,
    }
}

/// Whether the claimed title or short name is that of this paper, whatever is claimed about its authors and year.
#[must_use]
pub fn names(claim: &Claim, record: &Paper) -> bool {
    matches!(relation::relate(claim, record), Relation::Same | Relation::Within)
}

fn title_is(claim: &Claim, record: &Paper) -> String {
    format!(
        "the title is \"{}\", not \"{}\"",
        shown(&record.title),
        shown(claim.title.as_deref().unwrap_or_default())
    )
}

/// A title as a person reads it.
fn shown(title: &str) -> String {
    fold_whitespace(&to_plain_text(title))
}

fn year(claim: &Claim, record: &Paper) -> Option<String> {
    // A printed year is the venue's, and papers come to arXiv before as well as after.
    let claimed = claim.year.filter(|_| !claim.printed)?;
    let first = record.published?.day().year();
    let last = record.updated.or(record.published)?.day().year();
    let said = claimed.to_string();
    let printed = record
        .journal_ref
        .as_deref()
        .is_some_and(|journal| journal.contains(&said));
    let fits = (first - EARLIER..=last.max(first) + LATER).contains(&claimed) || printed;
    (!fits).then(|| format!("it was first submitted in {first}, not {claimed}"))
}
