//! The timeline: papers by month, quarter or year, each period with one block a paper.
//!
//! Areas are told apart by colour. Without colour, or with more areas than colours, each area has a letter, and blocks
//! are these letters.

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

/// Most blocks of a period in a pipe. A period with more papers gets a bar to scale.
const PIPED_BLOCKS: usize = 40;
/// Most blocks of a period on a terminal.
const TERMINAL_BLOCKS: usize = 60;
/// Least width of a paper's name beside the name of its area. On a narrower terminal areas are letters.
const MIN_NAME_BESIDE_AREA: usize = 24;
/// Least width of a title. On a narrower terminal a paper has its short name alone.
const MIN_TITLE: usize = 30;
/// Least width of a paper's name, however narrow the terminal.
const MIN_NAME: usize = 10;

const MARK: &str = "●";
const NO_AREA: &str = "·";
const BLOCK: &str = "■";
/// Letters of areas: `a` to `z` and `A` to `Z`.
const LETTERS: usize = 52;

/// Draws papers under their periods: day, identifier, area, name. Adjacent periods without papers share one line, and
/// papers without a date come last. The picture ends with a legend of areas and the total.
///
/// Papers have to be in the order of [`in_periods`].
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
    let mut previous: Option<Period> = None;
    for (period, papers) in &grouped.periods {
        if let Some(previous) = previous {
            gap(previous, *period, options, out)?;
        }
        previous = Some(*period);
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
    legend(papers, layout.letters, options, out)?;
    writeln!(out, "{}", total(papers, options.lang))
}

/// Sorts papers by period, oldest first or with `reverse` newest first. Papers of one period keep their order, and papers
/// without a date come last.
pub fn in_periods(papers: &mut [Paper], by: PeriodLength, reverse: bool) {
    let period = |paper: &Paper| paper.published.map(|at| by.of(at.day()));
    papers.sort_by(|one, other| match (period(one), period(other)) {
        (Some(one), Some(other)) if reverse => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
}

/// Writes the timeline as a page of Markdown: a section for each period, a list item for each paper.
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

/// Papers by period, in the order given.
struct PeriodGroups<'a> {
    periods: Vec<(Period, Vec<&'a Paper>)>,
    undated: Vec<&'a Paper>,
}

impl<'a> PeriodGroups<'a> {
    fn of(papers: &'a [Paper], by: PeriodLength) -> Self {
        let mut grouped = Self {
            periods: Vec::new(),
            undated: Vec::new(),
        };
        for paper in papers {
            let Some(period) = paper.published.map(|at| by.of(at.day())) else {
                grouped.undated.push(paper);
                continue;
            };
            match grouped.periods.last_mut() {
                Some((last, papers)) if *last == period => papers.push(paper),
                _ => grouped.periods.push((period, vec![paper])),
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
    /// Whether areas are letters instead of names.
    letters: bool,
    /// Width of an area's mark: one column, and two if there are more areas than letters.
    mark: usize,
    /// Columns for the name, or `None` if nothing is cut.
    name: Option<usize>,
}

impl TimelineLayout {
    fn of(papers: &[Paper], grouped: &PeriodGroups, by: PeriodLength, options: &RenderOptions) -> Self {
        let widest =
            |texts: &mut dyn Iterator<Item = String>| texts.map(|text| width(&text)).max().unwrap_or(0);
        let counts = grouped.periods.iter().map(|(_, papers)| papers.len());
        let greatest = counts.chain([grouped.undated.len()]).max().unwrap_or(0);
        let mut label = widest(
            &mut grouped
                .periods
                .iter()
                .map(|(period, _)| period.label(options.lang)),
        );
        if !grouped.undated.is_empty() {
            label = label.max(width(undated(options.lang)));
        }
        let days = papers.iter().filter_map(|paper| paper.published);
        let day = widest(&mut days.map(|at| day_text(at.day(), by, options.lang)));
        let id = widest(&mut papers.iter().map(|paper| paper.display_id().to_string()));
        let areas = papers.iter().filter_map(Paper::area);
        let mut area = widest(&mut areas.map(|code| display::area(code, options)));
        let mut blocks = PIPED_BLOCKS;
        let mark = if options.areas.len() > LETTERS { 2 } else { 1 };
        let mut letters = false;
        let mut name = None;
        if let Some(columns) = options.width {
            let beside = label + greatest.to_string().len() + 4;
            blocks = columns.saturating_sub(beside).clamp(4, TERMINAL_BLOCKS);
            area = area.min(columns / 4);
            let left = columns.saturating_sub(day + id + 6);
            letters = area > 0 && left < area + mark + 3 + MIN_NAME_BESIDE_AREA;
            let beside_area = match area {
                0 => 0,
                _ if letters => mark + 1,
                _ => area + mark + 3,
            };
            name = Some(left.saturating_sub(beside_area).max(MIN_NAME));
        }
        Self {
            label,
            blocks,
            greatest,
            day,
            id,
            area,
            letters,
            mark,
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
            Some(columns) if columns < MIN_TITLE => {
                line.push_str(&truncate(&marked_name(paper, options.lang), columns));
            }
            Some(columns) => line.push_str(&truncate(&marked_headline(paper, options.lang), columns)),
            None => line.push_str(&marked_headline(paper, options.lang)),
        }
        line
    }

    /// A paper's area in its column, and the width of that column with the gap after it.
    fn area(&self, paper: &Paper, options: &RenderOptions) -> (String, usize) {
        let Some(code) = paper.area() else {
            return (NO_AREA.to_owned(), self.area_column());
        };
        let mark = mark(code, self.letters, options);
        if self.letters {
            return (mark, self.area_column());
        }
        let named = format!("{mark} {}", display::area(code, options));
        (
            truncate(&named, self.mark + 1 + self.area).into_owned(),
            self.area_column(),
        )
    }

    fn area_column(&self) -> usize {
        if self.letters {
            self.mark + 1
        } else {
            self.mark + 1 + self.area + 2
        }
    }
}

/// The mark of an area: a dot in its colour, or its letter if colours do not suffice or its name has no room.
fn mark(code: &str, letters: bool, options: &RenderOptions) -> String {
    let position = options.areas.iter().position(|area| area.code == code);
    match position {
        Some(position) if letters || !style::colors_suffice(options) => letter(position),
        _ => MARK.to_owned(),
    }
}

/// The letter of an area: `a` to `z`, `A` to `Z`, then pairs.
fn letter(position: usize) -> String {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let last = alphabet[position % LETTERS];
    match (position / LETTERS).checked_sub(1) {
        None => last.to_string(),
        Some(pair) => format!("{}{last}", alphabet[pair % LETTERS]),
    }
}

/// A paper in the row of its period: a block in the colour of its area, or the letter of its area if colours do not
/// suffice.
fn block(paper: &Paper, options: &RenderOptions) -> String {
    let colour = style::area(paper.area(), options);
    if style::colors_suffice(options) || options.areas.is_empty() {
        return style::paint(options, colour, BLOCK);
    }
    let mark = paper
        .area()
        .map_or_else(|| NO_AREA.to_owned(), |code| mark(code, true, options));
    style::paint(options, colour, &mark)
}

/// The day, with the month if the period is longer than a month.
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

/// A period's label, a block for each paper, and the count. If there is no room for the blocks of every period, all
/// periods have bars to scale.
fn heading(
    label: &str,
    papers: &[&Paper],
    layout: &TimelineLayout,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let blocks = if layout.greatest <= layout.blocks {
        papers.iter().map(|paper| block(paper, options)).collect()
    } else {
        bar(papers.len() as u64, layout.greatest as u64, layout.blocks)
    };
    let label = style::cell(options, style::STRONG, label, layout.label + 2);
    writeln!(out, "{label}{blocks}  {}", papers.len())
}

/// One line for the periods between two others, if there are any.
fn gap(previous: Period, next: Period, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let (first, last) = if previous < next {
        (previous.next(), next.previous())
    } else {
        (previous.previous(), next.next())
    };
    if first == next || previous == next {
        return Ok(());
    }
    let mut text = first.label(options.lang);
    if first != last {
        text.push_str(" … ");
        text.push_str(&last.label(options.lang));
    }
    text.push_str(pick(options.lang, "  no papers", "  无论文"));
    writeln!(out, "{}", style::paint(options, style::FAINT, &text))
}

/// The areas of the papers in the catalog's order, with their counts, on as many lines as they need.
fn legend(papers: &[Paper], letters: bool, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let position = |code: &str| options.areas.iter().position(|area| area.code == code);
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for code in papers.iter().filter_map(Paper::area) {
        *counts
            .entry((position(code).unwrap_or(usize::MAX), code))
            .or_default() += 1;
    }
    let mut column = 0;
    for ((_, code), count) in &counts {
        let name = display::area(code, options);
        let name = match options.width {
            Some(_) => truncate(&name, options.text_width().saturating_sub(8)),
            None => name.as_str().into(),
        };
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
            &mark(code, letters, options),
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
