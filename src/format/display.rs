//! What a person gets to see of a paper: TeX as Unicode, on one line, without what could steer a terminal.

use crate::model::date::Stamp;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::{fold_whitespace, sanitize, width};

use super::RenderOptions;

/// A text from outside, to read.
pub(super) fn text(text: &str) -> String {
    fold_whitespace(&sanitize(&to_plain_text(text)))
}

/// A text from outside in which TeX has no place (a URL, a name, a path).
pub(super) fn plain(text: &str) -> String {
    fold_whitespace(&sanitize(text))
}

/// The title with the short name before it, where the title does not itself begin with it; the identifier
/// where there is neither.
pub(super) fn headline(paper: &Paper) -> String {
    let title = text(&paper.title);
    let short_name = paper.short_name().map(plain).unwrap_or_default();
    match (title.is_empty(), short_name.is_empty()) {
        (true, true) => paper.display_id().to_string(),
        (true, false) => short_name,
        (false, true) => title,
        (false, false) if begins_with(&title, &short_name) => title,
        (false, false) => format!("{short_name}: {title}"),
    }
}

/// The headline, with a word before it where the authors withdrew the paper.
pub(super) fn marked_headline(paper: &Paper, lang: Lang) -> String {
    format!("{}{}", withdrawn_mark(paper, lang), headline(paper))
}

/// The short name, or the headline; with a word before it where the authors withdrew the paper.
pub(super) fn marked_name(paper: &Paper, lang: Lang) -> String {
    let short_name = paper.short_name().map(plain).filter(|name| !name.is_empty());
    let name = short_name.unwrap_or_else(|| headline(paper));
    format!("{}{name}", withdrawn_mark(paper, lang))
}

fn withdrawn_mark(paper: &Paper, lang: Lang) -> &'static str {
    match paper.withdrawn {
        Some(true) => pick(lang, "[withdrawn] ", "[已撤回] "),
        _ => "",
    }
}

/// Whether the title begins with the name, as whole words; Chinese is written without spaces between them.
fn begins_with(title: &str, name: &str) -> bool {
    let (title, name) = (title.to_lowercase(), name.to_lowercase());
    let after = title.strip_prefix(&name).map(|rest| rest.chars().next());
    let ends_word = |c: char| !c.is_alphanumeric() || width(c.encode_utf8(&mut [0; 4])) == 2;
    after.is_some_and(|next| next.is_none_or(ends_word))
}

/// The summary in this language, or in the other where there is none.
pub(super) fn summary(paper: &Paper, lang: Lang) -> Option<String> {
    let summary = &paper.catalog.as_ref()?.summary;
    let (first, second) = match lang {
        Lang::En => (&summary.en, &summary.zh),
        Lang::Zh => (&summary.zh, &summary.en),
    };
    first.as_deref().or(second.as_deref()).map(text)
}

/// An area's name in the options's language; its code where the options does not know it.
pub(super) fn area(code: &str, options: &RenderOptions) -> String {
    let known = options.areas.iter().find(|area| area.code == code);
    plain(known.map_or(code, |area| area.name(options.lang)))
}

/// `2025-01-22 15:19:35 UTC`, or the day alone where no more is known.
pub(super) fn moment(stamp: Stamp) -> String {
    match stamp {
        Stamp::Day(day) => day.to_string(),
        Stamp::Second(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    }
}

/// The one of the two that is in this language.
pub(super) fn pick(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
