//! arXiv's taxonomy: groups, archives, categories, aliases, and what `--category` means.
//!
//! One subject area can have several codes: aliases (`math.MP` is `math-ph`) and archives that were closed and taken
//! over (`cmp-lg` by `cs.CL`). Records list any of them, depending on their age and on the service, so two codes are
//! the same here when their [`canonical`] codes are.

use std::cmp::Ordering;

use super::lang::Lang;

mod chinese_names;
mod filter;
mod table;

pub use filter::{CategoryFilter, UnknownCategory};

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
    /// Whether new papers can be filed here.
    pub active: bool,
    /// The category of which this is an alias: `math-ph` for `math.MP`.
    pub alias_of: Option<&'static str>,
    /// The successor of a closed archive: `cs.CL` for `cmp-lg`.
    pub subsumed_into: Option<&'static str>,
    /// The other code of a canonical category: `math.MP` for `math-ph`, `cmp-lg` for `cs.CL`.
    pub also_known_as: Option<&'static str>,
    /// Whether it is the archive's category for everything else (`cs.OH`).
    pub is_general: bool,
    /// Its OAI-PMH set: `cs:cs:CL`. See [`oai_set`] for one the service takes.
    pub oai_set: &'static str,
}

/// A part of arXiv with identifiers of its own until 2007 (`hep-th/9901001`), and the first half of a category's code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Archive {
    /// `cs`.
    pub code: &'static str,
    /// `Computer Science`.
    pub name: &'static str,
    /// `physics` for `hep-th`.
    pub group: &'static str,
    /// The month it opened, `YYYY-MM`. Not a bound on its identifiers.
    pub start: &'static str,
    /// The last month it was open, `YYYY-MM`; `None` if it is open.
    pub end: Option<&'static str>,
    /// The category that succeeded it.
    pub subsumed_into: Option<&'static str>,
    /// Its OAI-PMH set: `cs:cs`, `physics:hep-th`.
    pub oai_set: &'static str,
}

/// A group of archives, as on arXiv's front page. Each has the code of one of its archives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArchiveGroup {
    /// `physics`.
    pub code: &'static str,
    /// `Physics`.
    pub name: &'static str,
    /// The year of its first paper.
    pub start_year: u16,
}

impl Archive {
    /// Its categories, by code; one of its own name where papers were filed under the bare archive.
    pub fn categories(&self) -> impl Iterator<Item = &'static Category> + use<> {
        let code = self.code;
        all().iter().filter(move |category| category.archive == code)
    }

    /// Whether it takes papers today.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.end.is_none()
    }
}

impl ArchiveGroup {
    /// Its archives, by code.
    pub fn archives(&self) -> impl Iterator<Item = &'static Archive> + use<> {
        let code = self.code;
        archives().iter().filter(move |archive| archive.group == code)
    }
}

/// Every category, by code.
#[must_use]
pub fn all() -> &'static [Category] {
    table::CATEGORIES
}

/// Every archive, by code.
#[must_use]
pub fn archives() -> &'static [Archive] {
    table::ARCHIVES
}

/// Every group, in arXiv's order.
#[must_use]
pub fn groups() -> &'static [ArchiveGroup] {
    table::GROUPS
}

/// Returns the category of this code, in any case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Category> {
    let at = all()
        .binary_search_by(|known| cmp_ignoring_case(known.code, code))
        .ok()?;
    all().get(at)
}

/// The archive of this code, whatever its case.
#[must_use]
pub fn find_archive(code: &str) -> Option<&'static Archive> {
    let at = archives()
        .binary_search_by(|known| cmp_ignoring_case(known.code, code))
        .ok()?;
    archives().get(at)
}

/// The code papers are filed under today: `math-ph` for `math.MP`, `cs.CL` for `cmp-lg`; itself where unknown.
#[must_use]
pub fn canonical(code: &str) -> &str {
    match find(code) {
        Some(category) => category.canonical(),
        None => code,
    }
}

impl Category {
    /// The name in this language; the English one if there is no other.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.name,
            Lang::Zh => chinese_names::chinese_name(self.code).unwrap_or(self.name),
        }
    }

    /// The code papers of this category are filed under today.
    #[must_use]
    pub fn canonical(&self) -> &'static str {
        self.alias_of.or(self.subsumed_into).unwrap_or(self.code)
    }
}

/// The OAI-PMH set with the papers of a category, or of an archive (`cs` is `cs:cs`).
///
/// The service refuses the sets of closed archives, so theirs is the set of the successor. The `test` archive has none.
#[must_use]
pub fn oai_set(code: &str) -> Option<&'static str> {
    let set = match find_archive(code).filter(|archive| archive.is_active()) {
        Some(archive) => archive.oai_set,
        None => find(canonical(code))?.oai_set,
    };
    (!set.starts_with("test")).then_some(set)
}

/// Returns the code of the category or archive with this OAI-PMH set.
#[must_use]
pub fn of_oai_set(set: &str) -> Option<&'static str> {
    let category = all()
        .iter()
        .find(|known| known.oai_set == set)
        .map(|known| known.code);
    category.or_else(|| {
        archives()
            .iter()
            .find(|known| known.oai_set == set)
            .map(|known| known.code)
    })
}

/// The categories whose code contains this text, or whose name contains each of its words, whatever the case;
/// all where the text is empty.
#[must_use]
pub fn search(text: &str) -> Vec<&'static Category> {
    let text = text.trim().to_ascii_lowercase();
    let by_code = |category: &Category| category.code.to_ascii_lowercase().contains(&text);
    all()
        .iter()
        .filter(|category| by_code(category) || named(category, &text))
        .collect()
}

/// Whether a category's name contains each word of this text, which is in lower case and has at least one. A dot
/// belongs to its word, so that `cs.l` is looked for among the codes alone.
fn named(category: &Category, text: &str) -> bool {
    let name = category.name.to_ascii_lowercase();
    let mut words = text
        .split(|c: char| c.is_whitespace() || "-_,/".contains(c))
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some() && words.all(|word| name.contains(word))
}

fn cmp_ignoring_case(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}
