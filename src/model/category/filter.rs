//! The filter of `--category`.

use super::{Category, all, archives, find, find_archive, named};

/// A filter on categories: a code (`cs.CL`), or an archive (`cs`, which is the same as `cs.*`).
///
/// A code means every code of the same canonical one, in both directions: `math.MP` and `math-ph` mean each other, as
/// do `cmp-lg` and `cs.CL`. An archive means its categories, each with all of its codes (so `cs` includes `math.NA`,
/// which is `cs.NA`), and the bare archive. `physics` is the archive of that name, not the group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CategoryFilter {
    archive: Option<&'static str>,
    codes: Vec<&'static str>,
}

/// A code that is not in the taxonomy.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown category `{code}`")]
pub struct UnknownCategory {
    /// As typed.
    pub code: String,
    /// The nearest codes, best first; may be empty.
    pub nearest: Vec<&'static str>,
}

impl CategoryFilter {
    /// Parses the value of `--category`, in any case.
    pub fn parse(text: &str) -> Result<Self, UnknownCategory> {
        let text = text.trim();
        let bare = text.strip_suffix(".*").unwrap_or(text);
        if let Some(archive) = find_archive(bare).filter(|archive| archive.categories().nth(1).is_some()) {
            let canonical: Vec<_> = archive.categories().map(Category::canonical).collect();
            return Ok(Self::new(&canonical, Some(archive.code)));
        }
        // A wildcard can still follow an archive that is its own only category: `hep-th.*`.
        match find(bare).filter(|category| bare == text || category.code == category.archive) {
            Some(category) => Ok(Self::new(&[category.canonical()], None)),
            None => Err(UnknownCategory {
                code: text.to_owned(),
                nearest: nearest(text),
            }),
        }
    }

    fn new(canonical: &[&str], archive: Option<&'static str>) -> Self {
        let meant = all()
            .iter()
            .filter(|category| canonical.contains(&category.canonical()));
        let mut codes: Vec<_> = meant.map(|category| category.code).collect();
        // `cs` and seven others are no category of the taxonomy, but a record can list them.
        codes.extend(archive.filter(|archive| find(archive).is_none()));
        codes.sort_unstable();
        Self { archive, codes }
    }

    /// Whether a paper with this code passes, by any of the code's names.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        self.codes.iter().any(|meant| meant.eq_ignore_ascii_case(code))
    }

    /// All codes of the filter, aliases and subsumed archives included, in alphabetical order.
    #[must_use]
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }

    /// The archive, if the filter is a whole one (`cs` for `cs.*`). Most of [`codes`](Self::codes) are then what arXiv's
    /// own search calls `cs.*`; the others are aliases.
    #[must_use]
    pub fn archive(&self) -> Option<&'static str> {
        self.archive
    }
}

/// Common names of categories that neither code nor name contains.
const NICKNAMES: &[(&str, &str)] = &[
    ("llm", "cs.CL"),
    ("ml", "cs.LG"),
    ("nlp", "cs.CL"),
    ("rl", "cs.LG"),
];

/// Maximal number of suggestions.
const MAX_SUGGESTIONS: usize = 5;

fn nearest(text: &str) -> Vec<&'static str> {
    let text = text.trim_end_matches(".*").to_ascii_lowercase();
    if text.is_empty() || text.len() > 60 {
        return Vec::new();
    }
    let codes = all().iter().filter(|category| category.archive != "test");
    let mut near: Vec<(usize, bool, &str)> = codes
        .filter_map(|category| {
            let far = distance(&text, category.code)
                .or_else(|| (text.len() > 2 && named(category, &text)).then_some(20))?;
            Some((far, !category.active, category.code))
        })
        .collect();
    let whole = archives().iter().filter(|archive| find(archive.code).is_none());
    near.extend(whole.filter_map(|archive| Some((distance(&text, archive.code)?, false, archive.code))));
    near.sort_unstable();
    near.truncate(MAX_SUGGESTIONS);
    // It has the form of a code: `cs.XX`.
    if near.is_empty()
        && text
            .split_once('.')
            .is_some_and(|(archive, class)| archive.len().min(class.len()) > 1)
    {
        return nearest_by_letters(&text);
    }
    near.into_iter().map(|(_, _, code)| code).collect()
}

/// The fallback if nothing is near: active codes of the same archive that share letters, then codes of other archives with
/// the same class.
fn nearest_by_letters(text: &str) -> Vec<&'static str> {
    let (archive, class) = text.split_once('.').unwrap_or((text, ""));
    let active = all()
        .iter()
        .filter(|category| category.active && category.archive != "test");
    let mut far: Vec<(bool, usize, &str)> = active
        .filter_map(|category| {
            let code = category.code.to_ascii_lowercase();
            let (_, other) = code.split_once('.')?;
            let (elsewhere, apart) = (category.archive != archive, strsim::osa_distance(class, other));
            let most = if elsewhere {
                0
            } else {
                class.len().saturating_sub(1)
            };
            (apart <= most).then_some((elsewhere, strsim::osa_distance(text, &code), category.code))
        })
        .collect();
    far.sort_unstable();
    far.truncate(3);
    far.into_iter().map(|(_, _, code)| code).collect()
}

/// The distance of a text in lower case from a code, or `None` if they have nothing in common.
fn distance(text: &str, code: &str) -> Option<usize> {
    if NICKNAMES.contains(&(text, code)) {
        return Some(0);
    }
    let code = code.to_ascii_lowercase();
    let letters = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    let (plain, plain_code) = (letters(text), letters(&code));
    if plain == plain_code {
        return Some(0);
    }
    if code.split_once('.').is_some_and(|(_, class)| class == text) {
        return Some(1);
    }
    let apart = strsim::osa_distance(&plain, &plain_code);
    if apart <= plain.len().div_ceil(4) {
        return Some(1 + apart);
    }
    (plain.len() > 1 && plain_code.starts_with(&plain)).then_some(10)
}
