//! Messages about lists on stderr, and the list of fields.

use std::io::Write;

use crate::app::Context;
use crate::app::collection::Summary;
use crate::error::{Error, Exit};
use crate::format::FieldList;
use crate::model::lang::Lang;
use crate::model::quantity::counted;

/// Reports what a list shows and what it could not decide.
pub fn describe(context: &Context, summary: &Summary) {
    let text = match context.settings.lang {
        Lang::En => english(summary),
        Lang::Zh => chinese(summary),
    };
    if summary.nothing_held || (summary.shown == 0 && matches!(summary.matched, Some(0) | None)) {
        context.ui.note(&text);
    } else {
        context.ui.caption(&text);
    }
    undecided(context, summary);
}

fn english(summary: &Summary) -> String {
    let caption = &summary.caption;
    let shown = counted(summary.shown, "paper");
    match summary.matched {
        _ if summary.nothing_held => format!("no paper {caption}: nothing is held on this machine yet"),
        Some(0) | None if summary.shown == 0 => format!("no paper {caption} matches"),
        Some(matched) if summary.shown < matched => {
            format!("{} of {} {caption}", summary.shown, counted(matched, "paper"))
        }
        Some(_) => format!("{shown} {caption}"),
        None => format!("the first {shown} {caption}"),
    }
}

fn chinese(summary: &Summary) -> String {
    let Summary { caption, shown, .. } = summary;
    match summary.matched {
        _ if summary.nothing_held => format!("{caption}：本机尚无论文"),
        Some(0) | None if *shown == 0 => format!("{caption}：没有符合条件的论文"),
        Some(matched) if *shown < matched => format!("{caption}：共 {matched} 篇论文，显示 {shown} 篇"),
        Some(_) => format!("{caption}：共 {shown} 篇论文"),
        None => format!("{caption}：前 {shown} 篇论文"),
    }
}

/// Warns of papers that a filter could not decide on.
pub fn undecided(context: &Context, summary: &Summary) {
    for (key, count) in &summary.undecided {
        let papers = counted(*count, "paper");
        context.ui.warn(&format!(
            "{papers} left out: `{key}` is not known there, and the filter needs it"
        ));
    }
    for (key, count) in &summary.unsure {
        let papers = counted(*count, "paper");
        context.ui.warn(&format!(
            "for {papers}, shown or left out, the answer rests on `{key}`, which the catalog marks as unsure"
        ));
    }
}

/// Prints the fields that `--fields` takes: the answer to `--fields` without a value.
pub fn fields() -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    for (name, what) in FieldList::known() {
        writeln!(out, "{name:<22}{what}").map_err(|error| Error::stdout(&error))?;
    }
    Ok(Exit::Done)
}
