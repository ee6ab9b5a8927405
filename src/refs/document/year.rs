//! Years in running text.

/// Returns the first year from 1950 to 2099 in a text: four digits with no letter, digit or point beside them. The
/// letter that natbib appends to tell two papers of one year apart (`2017a`) is ignored.
pub(super) fn first(text: &str) -> Option<i32> {
    let numbers = text.split(|c: char| !c.is_alphanumeric() && c != '.');
    let mut numbers = numbers.map(|number| number.trim_matches('.'));
    numbers.find_map(|number| {
        let digits = number.strip_suffix(['a', 'b', 'c', 'd']).unwrap_or(number);
        let is_year = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let year = digits.parse().ok().filter(|_| is_year)?;
        (1950..2100).contains(&year).then_some(year)
    })
}
