//! What `--category` takes, and which papers it means.

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

/// A code that is in no taxonomy, with the nearest ones.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown category `{code}`")]
pub struct UnknownCategory {
    /// As typed.
    pub code: String,
    /// The nearest codes, best first; may be empty.
    pub nearest: Vec<&'static str>,
}

impl CategoryFilter {
    /// Reads what `--category` takes, whatever its case.
    pub fn parse(text: &str) -> Result<Self, UnknownCategory> {
        let text = text.trim();
        let bare = text.strip_suffix(".*").unwrap_or(text);
        if let Some(archive) = find_archive(bare).filter(|archive| archive.categories().nth(1).is_some()) {
            let canonical: Vec<_> = archive.categories().map(Category::canonical).collect();
            return Ok(Self::new(&canonical, Some(archive.code)));
        }
        // Left with a wildcard are archives that are their own only category: `hep-th.*`.
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

    /// Whether a paper filed under this code is meant, by any of the code's names.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        self.codes.iter().any(|meant| meant.eq_ignore_ascii_case(code))
    }

    /// Every code that is meant, aliases and subsumed archives included, in alphabetical order.
    #[must_use]
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }

    /// The archive, where the whole of one is meant (`cs` for `cs.*`): most of [`codes`](Self::codes) are then what
    /// arXiv's own search calls `cs.*`, the others are aliases.
    #[must_use]
    pub fn archive(&self) -> Option<&'static str> {
        self.archive
    }
}

/// What people call some categories by, where neither code nor name says it.
const CALLED: &[(&str, &str)] = &[
    ("llm", "cs.CL"),
    ("ml", "cs.LG"),
    ("nlp", "cs.CL"),
    ("rl", "cs.LG"),
];

/// At most so many codes are named as near.
const NAMED: usize = 5;

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
    near.truncate(NAMED);
    // Of the form of a code: `cs.XX`.
    if near.is_empty()
        && text
            .split_once('.')
            .is_some_and(|(archive, class)| archive.len().min(class.len()) > 1)
    {
        return nearest_by_letters(&text);
    }
    near.into_iter().map(|(_, _, code)| code).collect()
}

/// Where nothing is near, what is least far: active codes of the same archive with some of its letters, then such as
/// are called the same in another archive.
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

/// How far a text in lower case is from a code, smallest first; none where the two have nothing in common.
fn distance(text: &str, code: &str) -> Option<usize> {
    if CALLED.contains(&(text, code)) {
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
