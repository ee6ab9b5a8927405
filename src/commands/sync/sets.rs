//! What is followed: categories and archives as OAI-PMH's sets.

use std::fmt;

use crate::app::arguments::parse_category;
use crate::error::Error;
use crate::model::category;

/// A set, or everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Set {
    /// As a person says it: `cs.CL`.
    name: String,
    /// `cs:cs:CL`; none for everything.
    pub(super) oai: Option<String>,
}

impl Set {
    /// What names it on the command line.
    pub(super) fn flag(&self) -> String {
        match &self.oai {
            Some(_) => format!("--set {}", self.name),
            None => "--everything".to_owned(),
        }
    }

    /// Whether another set's papers are among this one's.
    fn covers(&self, other: &Self) -> bool {
        let (Some(own), Some(other)) = (&self.oai, &other.oai) else {
            return self.oai.is_none();
        };
        other
            .strip_prefix(own.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The sets that are meant, each once, and none that is part of another.
pub(super) fn settle(asked: &[String], everything: bool, configured: &[String]) -> Result<Vec<Set>, Error> {
    if everything {
        return Ok(vec![Set {
            name: "all of arXiv".to_owned(),
            oai: None,
        }]);
    }
    let codes = if asked.is_empty() { configured } else { asked };
    if codes.is_empty() {
        return Err(Error::usage("nothing to follow: no category is named or configured")
            .hint("name one: `arxcat sync --set cs.CL`; or set ARXCAT_CATEGORIES, or `categories` in the configuration")
            .hint("`arxcat sync --everything` follows all of arXiv"));
    }
    let mut sets: Vec<Set> = Vec::new();
    for code in codes {
        let set = named(code)?;
        if sets.iter().any(|other| other.covers(&set)) {
            continue;
        }
        sets.retain(|other| !set.covers(other));
        sets.push(set);
    }
    Ok(sets)
}

fn named(code: &str) -> Result<Set, Error> {
    let plain = code.trim().trim_end_matches(".*");
    let own = category::of_oai_set(plain).map(|_| plain);
    let oai = if let Some(oai) = category::oai_set(plain).or(own) {
        oai
    } else {
        let known = parse_category(plain)?;
        let mut sets = known.codes().iter().filter_map(|code| category::oai_set(code));
        sets.next()
            .ok_or_else(|| Error::usage(format!("arXiv has no set of `{code}`")))?
    };
    Ok(Set {
        name: plain.to_owned(),
        oai: Some(oai.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(asked: &[&str], configured: &[&str]) -> Vec<String> {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let sets = settle(&owned(asked), false, &owned(configured)).unwrap();
        sets.into_iter().map(|set| set.oai.unwrap()).collect()
    }

    #[test]
    fn categories_and_archives_become_sets() {
        assert_eq!(sets(&["cs.CL"], &["hep-th"]), ["cs:cs:CL"]);
        assert_eq!(sets(&[], &["hep-th"]), ["physics:hep-th"]);
        assert_eq!(sets(&["cs", "math.NA"], &[]), ["cs:cs", "math:math:NA"]);
        assert_eq!(sets(&["cs.*", "cs:cs:LG"], &[]), ["cs:cs"]);
        assert_eq!(sets(&["cs.CL", "cs.LG", "cs.CL"], &[]), ["cs:cs:CL", "cs:cs:LG"]);
        assert_eq!(sets(&["cs.CL", "stat.ML", "cs"], &[]), ["stat:stat:ML", "cs:cs"]);
        // Its archive is closed, and arXiv refuses its set.
        assert_eq!(sets(&["cmp-lg"], &[]), ["cs:cs:CL"]);
    }

    #[test]
    fn what_is_no_category_says_which_are_near() {
        let error = settle(&["cs.CX".to_owned()], false, &[]).unwrap_err();
        assert!(
            error.hints.iter().any(|hint| hint.contains("did you mean")),
            "{error:?}"
        );
        let nothing = settle(&[], false, &[]).unwrap_err();
        assert!(nothing.hints.iter().any(|hint| hint.contains("--everything")));
    }
}
