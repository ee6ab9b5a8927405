//! What lists say beside their papers.

use std::io::Write;

use crate::app::Context;
use crate::app::collection::Summary;
use crate::error::{Error, Exit};
use crate::format::FieldList;
use crate::model::quantity::counted;

/// Says on stderr what a list shows, and what it could not decide.
pub fn describe(context: &Context, summary: &Summary) {
    let caption = &summary.caption;
    let shown = counted(summary.shown, "paper");
    match summary.matched {
        _ if summary.nothing_held => context.ui.note(&format!(
            "no paper {caption}: nothing is held on this machine yet"
        )),
        Some(0) | None if summary.shown == 0 => context.ui.note(&format!("no paper {caption} matches")),
        Some(matched) if summary.shown < matched => {
            let matched = counted(matched, "paper");
            context
                .ui
                .caption(&format!("{} of {matched} {caption}", summary.shown));
        }
        Some(_) => context.ui.caption(&format!("{shown} {caption}")),
        None => context.ui.caption(&format!("the first {shown} {caption}")),
    }
    undecided(context, summary);
}

/// Says what a list could not decide.
pub fn undecided(context: &Context, summary: &Summary) {
    for (key, count) in &summary.undecided {
        let papers = counted(*count, "paper");
        context.ui.warn(&format!(
            "{papers} left out: `{key}` is not known there, and the filter needs it"
        ));
    }
}

/// Answers a bare `--fields`.
pub fn fields() -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    for (name, what) in FieldList::known() {
        writeln!(out, "{name:<22}{what}").map_err(|error| Error::stdout(&error))?;
    }
    Ok(Exit::Done)
}
