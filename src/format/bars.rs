//! Counts as bars, for people, and as records.

use std::io::{self, Write};

use super::display::{self, pick};
use super::records::records;
use super::registry::Format;
use super::render_options::RenderOptions;
use super::{columns, markdown, style};
use crate::model::count::Count;
use crate::model::lang::Lang;
use crate::model::text::{truncate, width};

/// Columns of the longest bar if the output is not a terminal.
const PIPED_BAR: usize = 40;
/// Columns of the longest bar on a terminal: below 4 bars cannot be compared, above 60 the eye loses the line.
const TERMINAL_BAR: std::ops::RangeInclusive<usize> = 4..=60;

/// Draws one line a count: label, number, and a bar in proportion to the greatest count.
pub fn bars(counts: &[Count], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let greatest = counts.iter().map(|count| count.count).max().unwrap_or_default();
    let digits = greatest.to_string().len();
    let labels = labels(counts, options);
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or_default();
    let room = options.width.map_or(PIPED_BAR, |columns| {
        let left = columns.saturating_sub(widest + digits + 4);
        left.clamp(*TERMINAL_BAR.start(), *TERMINAL_BAR.end())
    });
    for (label, count) in labels.iter().zip(counts) {
        let code = (count.by == "area").then_some(count.key.as_deref()).flatten();
        let bar = bar(count.count, greatest, room);
        let line = format!(
            "{label}{}  {:>digits$}  {}",
            style::fill(label, widest),
            count.count,
            style::paint(options, style::area(code, options), &bar)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes counts in a format: records (`by`, `key`, `count`) in the formats for programs, a table in Markdown, and bars
/// in all others.
pub fn counts(
    format: Format,
    counts: &[Count],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    if records(format, &["by", "key", "count"], counts, out)? {
        return Ok(());
    }
    if format != Format::Markdown {
        return bars(counts, options, out);
    }
    let by = counts.first().map_or("", |count| heading(count.by, options.lang));
    writeln!(
        out,
        "| {by} | {} |\n|---|---:|",
        pick(options.lang, "papers", "论文数")
    )?;
    for count in counts {
        let label = markdown::escaped(&label(count, options));
        writeln!(out, "| {label} | {} |", count.count)?;
    }
    Ok(())
}

/// The labels, each cut to half of the terminal at most.
fn labels(counts: &[Count], options: &RenderOptions) -> Vec<String> {
    let most = options
        .width
        .map(|columns| (columns / 2).max(columns::MIN_CUT_CELL));
    let cut = |label: String| match most {
        Some(columns) => truncate(&label, columns).into_owned(),
        None => label,
    };
    counts.iter().map(|count| cut(label(count, options))).collect()
}

/// The heading for a kind of count.
fn heading(by: &'static str, lang: Lang) -> &'static str {
    let zh = match by {
        "year" => "年份",
        "month" => "月份",
        "area" => "领域",
        "category" => "分类",
        "author" => "作者",
        "tag" => "标签",
        _ => by,
    };
    pick(lang, by, zh)
}

fn label(count: &Count, options: &RenderOptions) -> String {
    match count.key.as_deref() {
        None => pick(options.lang, "unknown", "未知").to_owned(),
        Some(code) if count.by == "area" => display::area(code, options),
        Some(key) => display::text(key),
    }
}

/// A bar of whole blocks and a last block of eighths. A count above zero has at least one eighth.
pub(super) fn bar(count: u64, greatest: u64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let most = room as u128 * 8;
    let eighths = (u128::from(count) * most).div_ceil(u128::from(greatest.max(1)));
    let eighths = eighths.min(most) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}
