//! Text of a paper for people: TeX as Unicode, on one line, without control characters.
//!
//! Every field is sanitised before it is styled. A title may contain escape sequences, bidirectional controls or
//! invisible characters, which could change the terminal or make a line read differently from what it says.

use crate::model::date::Stamp;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::{fold_whitespace, sanitize, width};

use super::render_options::RenderOptions;

/// Text from outside for a person to read.
pub(super) fn text(text: &str) -> String {
    fold_whitespace(&sanitize(&to_plain_text(text)))
}

/// Text from outside that is never TeX: a URL, a name, a path.
pub(super) fn plain(text: &str) -> String {
    fold_whitespace(&sanitize(text))
}

/// The title, preceded by the short name unless the title begins with it; the identifier if the paper has neither.
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

/// The headline, marked if the authors withdrew the paper.
pub(super) fn marked_headline(paper: &Paper, lang: Lang) -> String {
    format!("{}{}", withdrawn_mark(paper, lang), headline(paper))
}

/// The title alone, marked if the authors withdrew the paper.
pub(super) fn marked_title(paper: &Paper, lang: Lang) -> String {
    format!("{}{}", withdrawn_mark(paper, lang), text(&paper.title))
}

/// The short name, else the headline; marked if the authors withdrew the paper.
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

/// Whether the title begins with the name as whole words. A wide character ends a word, since Chinese has no spaces.
fn begins_with(title: &str, name: &str) -> bool {
    let (title, name) = (title.to_lowercase(), name.to_lowercase());
    let after = title.strip_prefix(&name).map(|rest| rest.chars().next());
    let ends_word = |c: char| !c.is_alphanumeric() || width(c.encode_utf8(&mut [0; 4])) == 2;
    after.is_some_and(|next| next.is_none_or(ends_word))
}

/// The summary in this language, else in the other one.
pub(super) fn summary(paper: &Paper, lang: Lang) -> Option<String> {
    let summary = &paper.catalog.as_ref()?.summary;
    let (first, second) = match lang {
        Lang::En => (&summary.en, &summary.zh),
        Lang::Zh => (&summary.zh, &summary.en),
    };
    first.as_deref().or(second.as_deref()).map(text)
}

/// An area's name in the language of the options, or its code if the options do not list it.
pub(super) fn area(code: &str, options: &RenderOptions) -> String {
    let known = options.areas.iter().find(|area| area.code == code);
    plain(known.map_or(code, |area| area.name(options.lang)))
}

/// `2025-01-22 15:19:35 UTC`, or the day if the time is not known.
pub(super) fn moment(stamp: Stamp) -> String {
    match stamp {
        Stamp::Day(day) => day.to_string(),
        Stamp::Second(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    }
}

/// The text in this language.
pub(super) fn pick(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
