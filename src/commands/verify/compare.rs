//! Compares a catalog's record of a paper with arXiv's.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::day;
use crate::model::category;
use crate::model::date::Stamp;
use crate::model::finding::{Finding, Verdict};
use crate::model::paper::Paper;
use crate::model::{tex, text};

/// The differences between the two records.
pub fn compare(ours: &Paper, theirs: &Paper) -> Vec<Finding> {
    let pair = Pair { ours, theirs };
    let facts = [
        pair.title(),
        pair.published(),
        pair.version(),
        pair.primary_category(),
        pair.list("categories", &categories(ours), &categories(theirs)),
        pair.list("authors", &authors(ours), &authors(theirs)),
        pair.doi(),
        pair.optional(
            "journal_ref",
            ours.journal_ref.as_deref(),
            theirs.journal_ref.as_deref(),
            text::fold,
        ),
    ];
    let withdrawn = (theirs.withdrawn == Some(true))
        .then(|| whole(ours, Verdict::Withdrawn, "its authors withdrew it".to_owned()));
    facts.into_iter().chain([withdrawn]).flatten().collect()
}

/// A finding about a paper as a whole.
pub fn whole(ours: &Paper, verdict: Verdict, message: String) -> Finding {
    Finding {
        place: None,
        id: Some(ours.id),
        short_name: ours.short_name().map(str::to_owned),
        verdict,
        key: None,
        claimed: Value::Null,
        recorded: Value::Null,
        unsure: false,
        proposal: None,
        message,
    }
}

struct Pair<'a> {
    ours: &'a Paper,
    theirs: &'a Paper,
}

impl Pair<'_> {
    fn finding(&self, key: &'static str, verdict: Verdict, claimed: Value, recorded: Value) -> Finding {
        let unsure = self.is_unsure(key);
        let message = match verdict {
            Verdict::Differs => format!("{key} differs"),
            Verdict::CatalogLacks => format!("the catalog lacks what arXiv knows of {key}"),
            Verdict::ArxivLacks => format!("arXiv lacks what the catalog knows of {key}"),
            _ => format!("arXiv has a newer {key}"),
        };
        Finding {
            key: Some(key),
            claimed,
            recorded,
            unsure,
            ..whole(self.ours, verdict, message)
        }
    }

    fn is_unsure(&self, key: &str) -> bool {
        self.ours
            .catalog
            .as_ref()
            .is_some_and(|entry| entry.unsure.iter().any(|unsure| unsure == key))
    }

    /// Titles differ if they do after TeX is converted and white space folded.
    fn title(&self) -> Option<Finding> {
        let spelling = |title: &str| text::fold_whitespace(&tex::to_unicode(title));
        if spelling(&self.ours.title) == spelling(&self.theirs.title) {
            return None;
        }
        Some(self.finding(
            "title",
            Verdict::Differs,
            json!(self.ours.title),
            json!(self.theirs.title),
        ))
    }

    fn published(&self) -> Option<Finding> {
        let recorded = self.theirs.published?;
        let verdict = match self.ours.published {
            None => Verdict::CatalogLacks,
            Some(claimed) if claimed == recorded => return None,
            Some(claimed @ Stamp::Day(_)) if day(claimed) == day(recorded) => Verdict::CatalogLacks,
            Some(claimed) if day(claimed) == day(recorded) && matches!(recorded, Stamp::Day(_)) => {
                return None;
            }
            Some(_) => Verdict::Differs,
        };
        Some(self.finding("published", verdict, json!(self.ours.published), json!(recorded)))
    }

    /// A catalog is as of a day, so a newer version at arXiv is no contradiction, and an older one is.
    fn version(&self) -> Option<Finding> {
        let recorded = self.theirs.version?;
        let verdict = match self.ours.version {
            None => Verdict::CatalogLacks,
            Some(claimed) if claimed < recorded => Verdict::Superseded,
            Some(claimed) if claimed > recorded => Verdict::Differs,
            Some(_) => return None,
        };
        Some(self.finding("version", verdict, json!(self.ours.version), json!(recorded)))
    }

    fn primary_category(&self) -> Option<Finding> {
        let key = |code: &str| category::canonical(code).to_owned();
        let (ours, theirs) = (
            self.ours.primary_category.as_deref(),
            self.theirs.primary_category.as_deref(),
        );
        self.optional("primary_category", ours, theirs, key)
    }

    /// arXiv may list several DOIs; the catalog's is right if it is one of them.
    fn doi(&self) -> Option<Finding> {
        let named = self
            .ours
            .doi
            .as_ref()
            .is_some_and(|ours| self.theirs.dois.iter().any(|doi| doi.eq_ignore_ascii_case(ours)));
        if named {
            return None;
        }
        self.optional(
            "doi",
            self.ours.doi.as_deref(),
            self.theirs.doi.as_deref(),
            str::to_lowercase,
        )
    }

    fn optional(
        &self,
        key: &'static str,
        ours: Option<&str>,
        theirs: Option<&str>,
        fold: impl Fn(&str) -> String,
    ) -> Option<Finding> {
        let verdict = match (ours, theirs) {
            (None, None) => return None,
            (None, Some(_)) => Verdict::CatalogLacks,
            (Some(_), None) => Verdict::ArxivLacks,
            (Some(ours), Some(theirs)) if fold(ours) == fold(theirs) => return None,
            (Some(_), Some(_)) => Verdict::Differs,
        };
        Some(self.finding(key, verdict, json!(ours), json!(theirs)))
    }

    /// A shorter list that the catalog marks as unsure is incomplete, not a contradiction.
    fn list(&self, key: &'static str, ours: &List, theirs: &List) -> Option<Finding> {
        if ours.same_as(theirs) || theirs.shown.is_empty() && ours.shown.is_empty() {
            return None;
        }
        let verdict = if ours.shown.is_empty() || self.is_unsure(key) && ours.is_part_of(theirs) {
            Verdict::CatalogLacks
        } else if theirs.shown.is_empty() {
            Verdict::ArxivLacks
        } else {
            Verdict::Differs
        };
        Some(self.finding(key, verdict, json!(ours.shown), json!(theirs.shown)))
    }
}

/// A list as it is shown and as it is compared.
struct List {
    shown: Vec<String>,
    compared: Vec<String>,
}

impl List {
    fn same_as(&self, other: &Self) -> bool {
        self.compared == other.compared
    }

    fn is_part_of(&self, other: &Self) -> bool {
        let other: HashSet<_> = other.compared.iter().collect();
        self.compared.iter().all(|one| other.contains(one))
    }
}

/// The categories, sorted: their order has no meaning, and the primary one is compared by itself.
fn categories(paper: &Paper) -> List {
    let mut compared: Vec<String> = paper
        .categories
        .iter()
        .map(|code| category::canonical(code).to_owned())
        .collect();
    compared.sort();
    compared.dedup();
    List {
        shown: paper.categories.clone(),
        compared,
    }
}

fn authors(paper: &Paper) -> List {
    let shown: Vec<String> = paper.authors.iter().map(|author| author.name.clone()).collect();
    let compared = shown.iter().map(|name| text::words(name).join(" ")).collect();
    List { shown, compared }
}
