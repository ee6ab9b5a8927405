//! The timeline: papers by month, quarter or year, each period with its count as a row of blocks.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};

use super::bars::bar;
use super::display::{self, marked_headline, marked_name, pick};
use super::period::{Period, PeriodLength};
use super::render_options::RenderOptions;
use super::{markdown, style};
use crate::model::date::Stamp;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::text::{truncate, width};

/// Piped, a row of blocks has so many columns at most; on a terminal half as many again.
const PIPED_BLOCKS: usize = 40;
const TERMINAL_BLOCKS: usize = 60;
/// Areas are letters, told by the legend, where their names would leave fewer columns for the paper's name.
const FOR_AREA: usize = 24;
/// Where the name has fewer columns, it is the short name alone.
const FOR_TITLE: usize = 30;
/// The name gets so many columns, however narrow the terminal.
const LEAST_NAME: usize = 10;

const MARK: &str = "●";
const NO_AREA: &str = "·";
const BLOCK: &str = "■";

/// Draws papers, oldest first, under their periods: day, identifier, area, name. Periods without papers are one
/// line together; papers without a date come last. A legend of areas and the total end it.
pub fn timeline(
    papers: &[Paper],
    by: PeriodLength,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let grouped = PeriodGroups::of(papers, by);
    let layout = TimelineLayout::of(papers, &grouped, by, options);
    let mut before: Option<Period> = None;
    for (period, papers) in &grouped.periods {
        if let Some(before) = before {
            gap(before.next(), *period, options, out)?;
        }
        before = Some(*period);
        heading(&period.label(options.lang), papers, &layout, options, out)?;
        for paper in papers {
            writeln!(out, "{}", layout.line(paper, by, options))?;
        }
    }
    if !grouped.undated.is_empty() {
        heading(undated(options.lang), &grouped.undated, &layout, options, out)?;
        for paper in &grouped.undated {
            writeln!(out, "{}", layout.line(paper, by, options))?;
        }
    }
    writeln!(out)?;
    legend(papers, layout.keyed, options, out)?;
    writeln!(out, "{}", total(papers, options.lang))
}

/// Writes the timeline as a page of Markdown: a section a period, a bullet a paper.
pub fn timeline_markdown(
    papers: &[Paper],
    by: PeriodLength,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let grouped = PeriodGroups::of(papers, by);
    let title = pick(options.lang, "Timeline", "时间线");
    writeln!(out, "# {title}\n\n{}", total(papers, options.lang))?;
    for (period, papers) in &grouped.periods {
        section(&period.label(options.lang), papers, options, out)?;
    }
    if !grouped.undated.is_empty() {
        section(undated(options.lang), &grouped.undated, options, out)?;
    }
    Ok(())
}

fn section(label: &str, papers: &[&Paper], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n## {label} ({})\n", papers.len())?;
    for paper in papers {
        let mut facts: Vec<String> = paper
            .published
            .map(|at| at.day().to_string())
            .into_iter()
            .collect();
        facts.extend(
            paper
                .area()
                .map(|code| markdown::escaped(&display::area(code, options))),
        );
        markdown::write_bullet(paper, &facts, options, out)?;
    }
    Ok(())
}

/// Papers by period, each period's in the order given.
struct PeriodGroups<'a> {
    periods: BTreeMap<Period, Vec<&'a Paper>>,
    undated: Vec<&'a Paper>,
}

impl<'a> PeriodGroups<'a> {
    fn of(papers: &'a [Paper], by: PeriodLength) -> Self {
        let mut grouped = Self {
            periods: BTreeMap::new(),
            undated: Vec::new(),
        };
        for paper in papers {
            match paper.published {
                Some(at) => grouped.periods.entry(by.of(at.day())).or_default().push(paper),
                None => grouped.undated.push(paper),
            }
        }
        grouped
    }
}

/// The columns of the picture. A column of width 0 is left out.
struct TimelineLayout {
    label: usize,
    blocks: usize,
    greatest: usize,
    day: usize,
    id: usize,
    area: usize,
    /// Areas are letters instead of names.
    keyed: bool,
    /// What the name may take; none where nothing is cut.
    name: Option<usize>,
}

impl TimelineLayout {
    fn of(papers: &[Paper], grouped: &PeriodGroups, by: PeriodLength, options: &RenderOptions) -> Self {
        let widest =
            |texts: &mut dyn Iterator<Item = String>| texts.map(|text| width(&text)).max().unwrap_or(0);
        let counts = grouped.periods.values().chain([&grouped.undated]);
        let greatest = counts.map(Vec::len).max().unwrap_or(0);
        let mut label = widest(&mut grouped.periods.keys().map(|period| period.label(options.lang)));
        if !grouped.undated.is_empty() {
            label = label.max(width(undated(options.lang)));
        }
        let days = papers.iter().filter_map(|paper| paper.published);
        let day = widest(&mut days.map(|at| day_text(at.day(), by, options.lang)));
        let id = widest(&mut papers.iter().map(|paper| paper.display_id().to_string()));
        let areas = papers.iter().filter_map(Paper::area);
        let mut area = widest(&mut areas.map(|code| display::area(code, options)));
        let mut blocks = PIPED_BLOCKS;
        let mut keyed = false;
        let mut name = None;
        if let Some(columns) = options.width {
            let beside = label + greatest.to_string().len() + 4;
            blocks = columns.saturating_sub(beside).clamp(4, TERMINAL_BLOCKS);
            area = area.min(columns / 4);
            let left = columns.saturating_sub(day + id + 6);
            keyed = area > 0 && left < area + 4 + FOR_AREA;
            let beside_area = match area {
                0 => 0,
                _ if keyed => 2,
                _ => area + 4,
            };
            name = Some(left.saturating_sub(beside_area).max(LEAST_NAME));
        }
        Self {
            label,
            blocks,
            greatest,
            day,
            id,
            area,
            keyed,
            name,
        }
    }

    fn line(&self, paper: &Paper, by: PeriodLength, options: &RenderOptions) -> String {
        let day = paper
            .published
            .map_or_else(String::new, |at| day_text(at.day(), by, options.lang));
        let mut line = format!("  {}", style::cell(options, style::FAINT, &day, self.day + 2));
        let id = paper.display_id().to_string();
        line.push_str(&style::cell(options, style::ID, &id, self.id + 2));
        if self.area > 0 {
            let (area, columns) = self.area(paper, options);
            let colour = style::area(paper.area(), options);
            line.push_str(&style::cell(options, colour, &area, columns));
        }
        match self.name {
            Some(columns) if columns < FOR_TITLE => {
                line.push_str(&truncate(&marked_name(paper, options.lang), columns));
            }
            Some(columns) => line.push_str(&truncate(&marked_headline(paper, options.lang), columns)),
            None => line.push_str(&marked_headline(paper, options.lang)),
        }
        line
    }

    /// A paper's area as its column has it, and the columns that takes with the gap behind it.
    fn area(&self, paper: &Paper, options: &RenderOptions) -> (String, usize) {
        let Some(code) = paper.area() else {
            return (NO_AREA.to_owned(), if self.keyed { 2 } else { self.area + 4 });
        };
        let mark = mark(code, self.keyed, options);
        if self.keyed {
            return (mark, 2);
        }
        let named = format!("{mark} {}", display::area(code, options));
        (truncate(&named, self.area + 2).into_owned(), self.area + 4)
    }
}

/// What marks an area: a dot, or where there is no room for names the letter of its place in the catalog.
fn mark(code: &str, keyed: bool, options: &RenderOptions) -> String {
    let place = options.areas.iter().position(|area| area.code == code);
    let letter = place.and_then(|place| ('a'..='z').nth(place)).filter(|_| keyed);
    letter.map_or_else(|| MARK.to_owned(), |letter| letter.to_string())
}

/// Within a month the day, within longer periods month and day.
fn day_text(day: NaiveDate, by: PeriodLength, lang: Lang) -> String {
    match (by, lang) {
        (PeriodLength::Month, Lang::En) => day.format("%d").to_string(),
        (PeriodLength::Month, Lang::Zh) => format!("{}日", day.day()),
        (_, Lang::En) => day.format("%m-%d").to_string(),
        (_, Lang::Zh) => format!("{}月{}日", day.month(), day.day()),
    }
}

fn undated(lang: Lang) -> &'static str {
    pick(lang, "date unknown", "日期不详")
}

/// A period's label, one block a paper in its area's colour, and the count; a bar to scale where there is no
/// room for a block each.
fn heading(
    label: &str,
    papers: &[&Paper],
    layout: &TimelineLayout,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let blocks = if layout.greatest <= layout.blocks {
        let block = |paper: &&Paper| style::paint(options, style::area(paper.area(), options), BLOCK);
        papers.iter().map(block).collect()
    } else {
        bar(papers.len() as u64, layout.greatest as u64, layout.blocks)
    };
    let label = style::cell(options, style::STRONG, label, layout.label + 2);
    writeln!(out, "{label}{blocks}  {}", papers.len())
}

/// One faint line for the periods from `first` up to but not including `end`, if there are any.
fn gap(first: Period, end: Period, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    if first >= end {
        return Ok(());
    }
    let last = end.previous();
    let mut text = first.label(options.lang);
    if first < last {
        text.push_str(" … ");
        text.push_str(&last.label(options.lang));
    }
    text.push_str(pick(options.lang, "  no papers", "  无论文"));
    writeln!(out, "{}", style::paint(options, style::FAINT, &text))
}

/// The areas there are, in the catalog's order, with their counts, flowing over as many lines as they need.
fn legend(papers: &[Paper], keyed: bool, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let place = |code: &str| options.areas.iter().position(|area| area.code == code);
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for code in papers.iter().filter_map(Paper::area) {
        *counts
            .entry((place(code).unwrap_or(usize::MAX), code))
            .or_default() += 1;
    }
    let mut column = 0;
    for ((_, code), count) in &counts {
        let name = display::area(code, options);
        let name = truncate(&name, options.text_width().saturating_sub(8));
        let columns = width(&name) + count.to_string().len() + 3;
        if column > 0 && column + 3 + columns > options.text_width() {
            writeln!(out)?;
            column = 0;
        }
        if column > 0 {
            write!(out, "   ")?;
            column += 3;
        }
        let mark = style::paint(
            options,
            style::area(Some(code), options),
            &mark(code, keyed, options),
        );
        write!(out, "{mark} {name} {count}")?;
        column += columns;
    }
    if column > 0 {
        writeln!(out)?;
    }
    Ok(())
}

/// `35 papers, 2023-10-25 to 2026-09-19`.
fn total(papers: &[Paper], lang: Lang) -> String {
    let days = || papers.iter().filter_map(|paper| paper.published).map(Stamp::day);
    let total = match (lang, papers.len()) {
        (Lang::En, 1) => "1 paper".to_owned(),
        (Lang::En, count) => format!("{count} papers"),
        (Lang::Zh, count) => format!("共 {count} 篇论文"),
    };
    match (lang, days().min(), days().max()) {
        (Lang::En, Some(first), Some(last)) => format!("{total}, {first} to {last}"),
        (Lang::Zh, Some(first), Some(last)) => format!("{total}，{first} 至 {last}"),
        _ => total,
    }
}
