//! Findings of `verify`: where a catalog and arXiv's records agree or differ, paper by paper.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::Value;

use super::display::plain;
use super::records::records;
use super::registry::Format;
use super::render_options::RenderOptions;
use super::{field_value, json, style};
use crate::model::finding::{Finding, Verdict};
use crate::model::text::wrap;

/// The keys of a finding in CSV and TSV, in order.
pub(super) const KEYS: &[&str] = &[
    "id",
    "short_name",
    "verdict",
    "key",
    "claimed",
    "recorded",
    "unsure",
    "message",
];

/// Writes findings: as records in the formats for programs, else for people, with the findings on one paper together and
/// the values of catalog and arXiv below each. Lines are wrapped on a terminal; in a pipe a value stays on one line.
pub fn findings(
    format: Format,
    findings: &[Finding],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    if records(format, KEYS, findings, out)? {
        return Ok(());
    }
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    let mut places = HashMap::new();
    for (place, finding) in findings.iter().enumerate() {
        places.entry(finding.id).or_insert(place);
    }
    sorted.sort_by_key(|finding| places.get(&finding.id));
    let mut before = None;
    for finding in sorted {
        if before.is_some_and(|id| id != finding.id) {
            writeln!(out)?;
        }
        before = Some(finding.id);
        write(finding, options, out)?;
    }
    Ok(())
}

fn write(finding: &Finding, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let id = style::paint(
        options,
        style::ID,
        &finding.id.map_or_else(String::new, |id| id.to_string()),
    );
    let name = finding.short_name.as_deref().map(plain).unwrap_or_default();
    let name = if name.is_empty() { name } else { format!(" {name}") };
    let verdict = if finding.verdict.is_fault() {
        style::ALARM
    } else {
        style::PLAIN
    };
    let unsure = if finding.unsure { " (marked as unsure)" } else { "" };
    let what = style::paint(options, verdict, &sentence(finding));
    writeln!(out, "{id}{name}: {what}{unsure}")?;
    let (mut claimed, mut recorded) = (
        readable_value(&finding.claimed),
        readable_value(&finding.recorded),
    );
    if claimed == recorded && finding.claimed != finding.recorded {
        // The values differ only in invisible characters, which JSON shows as escapes.
        claimed = json::compact(&finding.claimed)?;
        recorded = json::compact(&finding.recorded)?;
    }
    side("catalog:", &claimed, options, out)?;
    side("arXiv:", &recorded, options, out)
}

/// The finding in words: `title differs`.
fn sentence(finding: &Finding) -> String {
    let message = plain(&finding.message);
    if !message.is_empty() {
        return message;
    }
    let verdict = match finding.verdict {
        Verdict::Ok => "is right",
        Verdict::WrongPaper => "is another paper",
        Verdict::Malformed => "is not an identifier",
        Verdict::Published => "was published",
        Verdict::Deleted => "was deleted",
        Verdict::Unclaimed => "has nothing claimed of it",
        Verdict::Undecided => "is not decided",
        Verdict::Differs => "differs",
        Verdict::NotFound => "is not on arXiv",
        Verdict::Superseded => "has a newer version",
        Verdict::Withdrawn => "was withdrawn",
        Verdict::CatalogLacks => "is missing in the catalog",
        Verdict::ArxivLacks => "is missing on arXiv",
        Verdict::Discovered => "is not in the catalog",
        Verdict::Found => "is on arXiv",
        Verdict::NotFoundHere => "is not on this machine",
        Verdict::Unreadable => "cannot be read",
        Verdict::Duplicate => "is cited twice",
    };
    finding
        .key
        .map_or_else(|| verdict.to_owned(), |key| format!("{} {verdict}", plain(key)))
}

fn readable_value(value: &Value) -> String {
    plain(&field_value::cell(value))
}

fn side(label: &str, text: &str, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    const LABEL: usize = "  catalog:  ".len();
    let lines = match options.width {
        Some(_) => wrap(text, options.text_width().saturating_sub(LABEL).max(10)),
        None => vec![text.to_owned()],
    };
    let mut label = format!("  {label}");
    for line in lines.iter().filter(|line| !line.is_empty()) {
        writeln!(out, "{:<LABEL$}{line}", std::mem::take(&mut label))?;
    }
    Ok(())
}
