//! What lists say beside their papers.

use std::io::Write;

use crate::catalog::Catalog;
use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::format::Fields;
use crate::model::count::counted;
use crate::model::selection::Selected;

/// `of catalog deepseek, as of 2026-10-10`.
#[must_use]
pub fn caption(catalog: &Catalog) -> String {
    let day = catalog
        .as_of
        .map(|day| format!(", as of {day}"))
        .unwrap_or_default();
    format!("of catalog {}{day}", catalog.name)
}

/// Says on stderr what a list shows, and what it could not decide.
pub fn describe(context: &Context, selected: &Selected, caption: &str) {
    let shown = selected.papers.len() as u64;
    let matched = selected.matched as u64;
    if shown == 0 {
        context.ui.note(&format!("no paper {caption} matches"));
    } else if shown < matched {
        context
            .ui
            .caption(&format!("{shown} of {} {caption}", counted(matched, "paper")));
    } else {
        context
            .ui
            .caption(&format!("{} {caption}", counted(shown, "paper")));
    }
    for (key, count) in &selected.undecided {
        let papers = counted(*count as u64, "paper");
        context.ui.warn(&format!(
            "{papers} left out: `{key}` is not known there, and the filter needs it"
        ));
    }
}

/// Answers a bare `--fields`.
pub fn fields() -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    for (name, what) in Fields::known() {
        writeln!(out, "{name:<22}{what}").map_err(|error| Error::stdout(&error))?;
    }
    Ok(Exit::Done)
}
