//! Findings of `check` as a compiler writes diagnostics, and as GitHub's workflow commands.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::display::plain;
use super::render_options::RenderOptions;
use super::style;
use crate::model::finding::{Finding, Location, Verdict};
use crate::model::text::{sanitize, truncate, width};

const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// Something is wrong.
    Error,
    /// The user should know.
    Warning,
    /// All is well.
    Note,
}

/// A finding on a document.
#[derive(Clone, Debug)]
pub struct Diagnostic<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its severity.
    pub level: Severity,
    /// The line of the document: text before the identifier, the identifier, text after it.
    pub excerpt: [String; 3],
}

/// Writes `file:line:column: verdict: message`, one line each. On a terminal the line of the document follows, cut to the
/// width, with carets under the identifier.
pub fn diagnostics(list: &[Diagnostic<'_>], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    for diagnostic in list {
        let finding = diagnostic.finding;
        let colour = match diagnostic.level {
            Severity::Error => style::ALARM,
            Severity::Warning => WARNING,
            Severity::Note => style::PLAIN,
        };
        let place = finding.place.as_ref().map(position).unwrap_or_default();
        let place = style::paint(options, style::STRONG, &place);
        let verdict = style::paint(options, colour, verdict(finding.verdict));
        writeln!(out, "{place}: {verdict}: {}", plain(&finding.message))?;
        if let (Some(columns), Some(place)) = (options.width, &finding.place) {
            excerpt(diagnostic, place.line, columns, colour, options, out)?;
        }
    }
    Ok(())
}

fn position(place: &Location) -> String {
    format!("{}:{}:{}", plain(&place.file), place.line, place.column)
}

/// Counts the verdicts, worst first, each in words.
pub fn verdicts(all: impl Iterator<Item = Verdict>) -> impl Iterator<Item = (&'static str, usize)> {
    let mut counts: Vec<(Verdict, usize)> = Vec::new();
    for one in all {
        match counts.iter_mut().find(|(known, _)| *known == one) {
            Some((_, count)) => *count += 1,
            None => counts.push((one, 1)),
        }
    }
    counts.sort_by_key(|(known, _)| (!known.is_fault(), *known != Verdict::Ok, *known));
    counts.into_iter().map(|(known, count)| (verdict(known), count))
}

/// The verdict in words.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::WrongPaper => "wrong paper",
        Verdict::Differs => "differs",
        Verdict::NotFound => "not found",
        Verdict::Malformed => "malformed",
        Verdict::Superseded => "superseded",
        Verdict::Published => "published",
        Verdict::Withdrawn => "withdrawn",
        Verdict::Deleted => "deleted",
        Verdict::Unclaimed => "unclaimed",
        Verdict::Undecided => "undecided",
        Verdict::CatalogLacks => "missing in the catalog",
        Verdict::ArxivLacks => "missing on arXiv",
        Verdict::Discovered => "discovered",
        Verdict::Found => "found",
        Verdict::NotFoundHere => "not found here",
        Verdict::Unreadable => "unreadable",
        Verdict::Duplicate => "duplicate",
    }
}

fn excerpt(
    diagnostic: &Diagnostic<'_>,
    line: u64,
    columns: usize,
    colour: Style,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let gutter = format!("{line:>5} | ");
    let room = columns.saturating_sub(gutter.len()).max(1);
    let [before, marked, after] = diagnostic
        .excerpt
        .each_ref()
        .map(|text| sanitize(text).into_owned());
    let before = before.trim_start();
    let whole = width(before) + width(&marked) + width(&after);
    let before = if whole <= room {
        before.to_owned()
    } else {
        tail(before, room / 2)
    };
    let marked = truncate(&marked, room.saturating_sub(width(&before))).into_owned();
    let left = room.saturating_sub(width(&before) + width(&marked));
    let after = truncate(&after, left);
    let bar = style::paint(options, style::FAINT, &gutter);
    writeln!(out, "{}", format!("{bar}{before}{marked}{after}").trim_end())?;
    let under = style::paint(options, style::FAINT, &format!("{:>5} | ", ""));
    let carets = style::paint(options, colour, &"^".repeat(width(&marked).max(1)));
    writeln!(out, "{under}{}{carets}", " ".repeat(width(&before)))
}

/// The end of a text in at most `columns` columns, with `…` in front if it was cut.
fn tail(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let starts: Vec<usize> = text
        .char_indices()
        .map(|(start, _)| start)
        .chain([text.len()])
        .collect();
    let first = starts.partition_point(|start| width(&text[*start..]) > room);
    format!("…{}", &text[starts[first]..])
}

/// Writes GitHub's workflow commands: `::error file=refs.bib,line=3,col=12,title=wrong paper::message`.
///
/// Escaped as the runner reads them (actions/toolkit, `command.ts`): `%`, CR and LF everywhere, in properties also `:`
/// and `,`. Without this a file name or title could begin a workflow command of its own.
pub fn github(list: &[Diagnostic<'_>], out: &mut impl Write) -> io::Result<()> {
    for Diagnostic { finding, level, .. } in list {
        let command = match level {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let title = property(verdict(finding.verdict));
        let place = finding.place.as_ref().map(|place| {
            let (file, line, column) = (property(&plain(&place.file)), place.line, place.column);
            format!("file={file},line={line},col={column},")
        });
        let message = data(&plain(&finding.message));
        writeln!(
            out,
            "::{command} {}title={title}::{message}",
            place.unwrap_or_default()
        )?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
