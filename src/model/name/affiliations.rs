//! Assigns the affiliations in an author string to its names.

use std::collections::HashMap;

/// Limit of all affiliations of a string in bytes. Thousands of authors of one institute stay far below; one huge
/// affiliation that is repeated for every author would not fit in memory.
const MAX_REPEATED: usize = 16 << 20;

/// Size of an affiliation in memory beyond its text.
const OVERHEAD: usize = 64;

/// The affiliations of each name, in the order of the names.
///
/// A name's own are in the parentheses after its first place in the string that has any; those without
/// take the next one's.
pub(super) fn of(authors: &str, names: &[String]) -> Vec<Vec<String>> {
    let numbered = numbered(authors);
    let places = Places::of(authors);
    let mut budget = MAX_REPEATED;
    let mut known: HashMap<&str, Option<usize>> = HashMap::new();
    let mut found: Vec<Vec<String>> = Vec::with_capacity(names.len());
    for name in names {
        let place = *known.entry(name).or_insert_with(|| places.first_after(name));
        let own = place.and_then(|place| places.contents.get(place));
        found.push(own.map_or_else(Vec::new, |own| resolve(own, &numbered, &mut budget)));
    }
    carry_back(&mut found, &mut budget);
    found
}

/// The list at the end: `((1) MIT, (2) CERN)`, number to institution.
///
/// It has to be on one line, the last (arXiv's pattern does not match across lines).
fn numbered(authors: &str) -> HashMap<&str, &str> {
    let line = authors.strip_suffix('\n').unwrap_or(authors);
    let last_line = line.rfind('\n').map_or(0, |at| at + 1);
    let mut from = last_line;
    let list = loop {
        let Some(at) = line[from..].find('(').map(|at| from + at) else {
            return HashMap::new();
        };
        if line[..at].trim_end().ends_with('(') {
            break &line[at + 1..];
        }
        from = at + 1;
    };
    let list = list.trim_end();
    let list = list.strip_suffix(')').unwrap_or(list);
    list.split('(').filter_map(numbered_item).collect()
}

/// `1) MIT, ` → `1` and `MIT`.
fn numbered_item(item: &str) -> Option<(&str, &str)> {
    let (number, name) = item.split_once(')')?;
    let digits = !number.is_empty() && number.chars().all(char::is_numeric);
    let name = name.trim();
    let long_enough = name.chars().nth(1).is_some();
    let ends = |c: char| c == '.' || c == ',' || c.is_whitespace();
    (digits && long_enough).then(|| (number, name.trim_end_matches(ends)))
}

/// Resolves the text in a name's parentheses: references to the numbered list, or the affiliation itself.
fn resolve(own: &str, numbered: &HashMap<&str, &str>, budget: &mut usize) -> Vec<String> {
    let own = commas_for_and(own.trim());
    let refers = !own.is_empty()
        && own
            .chars()
            .all(|c| c.is_numeric() || c == ',' || c.is_whitespace());
    if !refers {
        return take(budget, own.len() + OVERHEAD)
            .then_some(own)
            .into_iter()
            .collect();
    }
    own.split(',')
        .filter_map(|number| numbered.get(number))
        .filter(|name| take(budget, name.len() + OVERHEAD))
        .map(|name| (*name).to_owned())
        .collect()
}

/// `1 and 2` → `1,2`. arXiv does it to institutions too: `Physics and Astronomy` → `Physics,Astronomy`.
fn commas_for_and(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_whitespace) {
        let (before, gap) = rest.split_at(at);
        let word = gap.trim_start();
        out.push_str(before);
        if let Some(after) = after_and(word) {
            out.push(',');
            rest = after;
        } else {
            out.push_str(&gap[..gap.len() - word.len()]);
            rest = word;
        }
    }
    out.push_str(rest);
    out
}

/// Strips an `and` or `&` and the white space after it.
fn after_and(text: &str) -> Option<&str> {
    let length = match text.as_bytes() {
        [b'&', ..] => 1,
        [b'a' | b'A', b'n' | b'N', b'd' | b'D', ..] => 3,
        _ => return None,
    };
    let after = text.get(length..)?;
    after.starts_with(char::is_whitespace).then(|| after.trim_start())
}

/// Gives the affiliation of a name to the names before it that have none: in `A, B (MIT)` A is of MIT too.
fn carry_back(found: &mut [Vec<String>], budget: &mut usize) {
    let mut later: Vec<String> = Vec::new();
    let mut cost = 0;
    for own in found.iter_mut().rev() {
        if !own.is_empty() {
            later.clone_from(own);
            cost = later.iter().map(|one| one.len() + OVERHEAD).sum();
        } else if take(budget, cost) {
            own.clone_from(&later);
        }
    }
}

fn take(budget: &mut usize, bytes: usize) -> bool {
    let left = budget.checked_sub(bytes);
    *budget = left.unwrap_or(*budget);
    left.is_some()
}

/// The places in an author string where something in parentheses follows a name.
///
/// Spaces and case do not count, and a name may be the end of a longer one, as for arXiv. So the texts before
/// the parentheses are kept backwards and sorted: those that end in a name are neighbours.
struct Places<'a> {
    contents: Vec<&'a str>,
    /// The text before each pair of parentheses, backwards, and its index in `contents`.
    before: Vec<(String, usize)>,
}

impl<'a> Places<'a> {
    fn of(authors: &'a str) -> Self {
        let mut contents = Vec::new();
        let mut before = Vec::new();
        let mut segment = 0;
        let mut comma = None;
        for (at, c) in authors.char_indices() {
            match c {
                '(' => {
                    let inside = &authors[at + 1..];
                    let content = &inside[..inside.find(['(', ')']).unwrap_or(inside.len())];
                    if !content.is_empty() {
                        before.push((
                            backwards(&authors[start(authors, segment, comma, at)..at]),
                            contents.len(),
                        ));
                        contents.push(content);
                    }
                    (segment, comma) = (at + 1, None);
                }
                ')' | ':' => (segment, comma) = (at + 1, None),
                ',' => (segment, comma) = (at + 1, Some(segment)),
                _ => {}
            }
        }
        before.sort_unstable();
        Self { contents, before }
    }

    /// The first place whose text ends in this name.
    fn first_after(&self, name: &str) -> Option<usize> {
        let name = backwards(name);
        let from = self.before.partition_point(|(text, _)| *text < name);
        let neighbours = self
            .before
            .get(from..)?
            .iter()
            .take_while(|(text, _)| text.starts_with(&name));
        neighbours.map(|(_, place)| *place).min()
    }
}

/// The offset at which the name before a parenthesis can start: after the last separator, or the one before it for `X, Jr.`.
fn start(authors: &str, segment: usize, comma: Option<usize>, at: usize) -> usize {
    match comma {
        Some(earlier) if matches!(authors[segment..at].trim(), "Jr" | "Jr.") => earlier,
        _ => segment,
    }
}

fn backwards(text: &str) -> String {
    text.chars()
        .rev()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}
