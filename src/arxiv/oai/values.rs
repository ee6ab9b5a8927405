//! Parses the values of a record's elements.

use chrono::{DateTime, NaiveDate};

use super::MAX_AUTHORS;
use crate::arxiv::xml::excerpt;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// Sets the categories of a paper, of which the first is the primary one.
pub(super) fn set_categories<'a>(paper: &mut Paper, codes: impl Iterator<Item = &'a str>) {
    for code in codes {
        // Records have a handful. After 64 duplicates are kept, so that a hostile record cannot cost quadratic time.
        let is_known = paper.categories.len() < 64 && paper.categories.iter().any(|known| known == code);
        if !is_known && !code.is_empty() {
            paper.categories.push(code.to_owned());
        }
    }
    paper.primary_category = paper.categories.first().cloned();
}

/// Returns the publisher's DOIs, of which arXiv lists several separated by spaces, commas or semicolons; not arXiv's own.
pub(super) fn publisher_dois(text: &str) -> Vec<String> {
    let parts = text.split(' ').map(|piece| piece.trim_end_matches([',', ';']));
    let is_publishers = |doi: &&str| {
        let own = doi.get(..9).is_some_and(|prefix| prefix == "10.48550/");
        !doi.is_empty() && !own
    };
    parts.filter(is_publishers).map(str::to_owned).collect()
}

/// Parses `Wed, 26 Aug 2009 08:27:29 GMT`. The name of the day is ignored: it adds nothing, and may be wrong.
pub(super) fn version_date(text: &str) -> Option<Stamp> {
    let date = text.split_once(", ").map_or(text, |(_, date)| date);
    match DateTime::parse_from_rfc2822(date) {
        Ok(time) => Stamp::second(time.to_utc()),
        Err(_) => Stamp::parse(text),
    }
}

/// Parses a datestamp: a day, or from other services a second.
pub(super) fn datestamp(text: &str) -> Option<NaiveDate> {
    text.get(..10).and_then(Stamp::parse).map(Stamp::day)
}

/// Parses an identifier, and drops its version.
pub(super) fn identifier(text: &str) -> Result<ArxivId, String> {
    ArxivId::parse(text)
        .map(ArxivId::base)
        .map_err(|fault| format!("`{}` is no arXiv identifier: {fault}", excerpt(text)))
}

/// Fails if a list of this length may not grow.
pub(super) fn check_count(length: usize, what: &str) -> Result<(), String> {
    if length >= MAX_AUTHORS {
        return Err(format!("it has more than {MAX_AUTHORS} {what}"));
    }
    Ok(())
}
