//! arXiv's taxonomy: groups, archives, categories, aliases.

/// One entry of arXiv's taxonomy: a category, or an archive that is one itself (`hep-th`, `cmp-lg`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Category {
    /// `cs.CL`.
    pub code: &'static str,
    /// `Computation and Language`.
    pub name: &'static str,
    /// `cs`.
    pub archive: &'static str,
    /// `cs`; `physics` for `hep-th`.
    pub group: &'static str,
    /// Whether papers are still filed here.
    pub active: bool,
    /// The category it is another name of: `math-ph` for `math.MP`.
    pub alias_of: Option<&'static str>,
    /// The category that took a closed archive over: `cs.CL` for `cmp-lg`.
    pub subsumed_into: Option<&'static str>,
    /// Its OAI-PMH set: `cs:cs:CL`.
    pub oai_set: &'static str,
}

/// Every category, by code.
#[must_use]
pub fn all() -> &'static [Category] {
    todo!()
}

/// The category of this code, whatever its case.
#[must_use]
pub fn find(_code: &str) -> Option<&'static Category> {
    todo!()
}

/// The code papers are filed under today: `math-ph` for `math.MP`, `cs.CL` for `cmp-lg`; itself where unknown.
#[must_use]
pub fn canonical(_code: &str) -> &str {
    todo!()
}

/// A filter on categories: a code (`cs.CL`), an archive (`cs`), a group or a wildcard (`cs.*`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter(Vec<&'static str>);

/// A code that is in no taxonomy, with the nearest ones.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown category `{code}`")]
pub struct Unknown {
    /// As typed.
    pub code: String,
    /// The nearest codes, best first; may be empty.
    pub nearest: Vec<&'static str>,
}

impl Filter {
    /// Reads what `--category` takes.
    pub fn parse(_text: &str) -> Result<Self, Unknown> {
        todo!()
    }
    /// Whether a paper filed under this code is meant, by any of the code's names.
    #[must_use]
    pub fn matches(&self, _code: &str) -> bool {
        todo!()
    }
    /// Every code that is meant, aliases and subsumed archives included.
    #[must_use]
    pub fn codes(&self) -> &[&'static str] {
        &self.0
    }
}
