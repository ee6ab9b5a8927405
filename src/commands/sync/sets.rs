//! The OAI-PMH sets of the categories and archives that the user follows.

use std::fmt;

use crate::app::arguments::parse_category;
use crate::error::Error;
use crate::model::category;

/// A set of OAI-PMH, or all of arXiv.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Set {
    /// The name in messages: `cs.CL`.
    name: String,
    /// The setSpec, such as `cs:cs:CL`, or `None` for all of arXiv.
    pub(super) oai: Option<String>,
}

impl Set {
    /// The flag that selects this set.
    pub(super) fn flag(&self) -> String {
        match &self.oai {
            Some(_) => format!("--set {}", self.name),
            None => "--everything".to_owned(),
        }
    }

    /// Whether this set contains another one. A setSpec is a path, and a parent contains its children.
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

/// Returns the sets to harvest: all of arXiv, or those of the named or else the configured categories, without sets that
/// another one contains. Fails if there are none or if a category is unknown.
pub(super) fn resolve(named: &[String], everything: bool, configured: &[String]) -> Result<Vec<Set>, Error> {
    if everything {
        return Ok(vec![Set {
            name: "all of arXiv".to_owned(),
            oai: None,
        }]);
    }
    let codes = if named.is_empty() { configured } else { named };
    if codes.is_empty() {
        return Err(Error::usage("nothing to follow: no category is named or configured")
            .hint("name one: `arxcat sync --set cs.CL`; or set ARXCAT_CATEGORIES, or `categories` in the configuration")
            .hint("`arxcat sync --everything` follows all of arXiv"));
    }
    let mut sets: Vec<Set> = Vec::new();
    for code in codes {
        let set = parse(code)?;
        if sets.iter().any(|other| other.covers(&set)) {
            continue;
        }
        sets.retain(|other| !set.covers(other));
        sets.push(set);
    }
    Ok(sets)
}

fn parse(code: &str) -> Result<Set, Error> {
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

    fn sets(named: &[&str], configured: &[&str]) -> Vec<String> {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let sets = resolve(&owned(named), false, &owned(configured)).unwrap();
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
        // The archive is closed, and arXiv no longer has a set of it.
        assert_eq!(sets(&["cmp-lg"], &[]), ["cs:cs:CL"]);
    }

    #[test]
    fn an_unknown_category_names_the_nearest() {
        let error = resolve(&["cs.CX".to_owned()], false, &[]).unwrap_err();
        assert!(
            error.hints.iter().any(|hint| hint.contains("did you mean")),
            "{error:?}"
        );
        let nothing = resolve(&[], false, &[]).unwrap_err();
        assert!(nothing.hints.iter().any(|hint| hint.contains("--everything")));
    }
}
