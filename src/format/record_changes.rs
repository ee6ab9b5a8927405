//! Changes of papers since their records were stored, for `outdated`.

use std::collections::HashSet;
use std::io::{self, Write};

use super::columns::{self, Cut};
use super::display::text;
use super::records::records;
use super::registry::Format;
use super::render_options::RenderOptions;
use super::{findings, style};
use crate::model::finding::{Finding, Verdict};

/// Writes changes, each with the paper's title: as records in the formats for programs, as identifiers, or as a table.
pub fn record_changes(
    format: Format,
    changes: &[(Finding, String)],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let plain: Vec<&Finding> = changes.iter().map(|(finding, _)| finding).collect();
    if records(format, findings::KEYS, &plain, out)? {
        return Ok(());
    }
    if format == Format::Ids {
        let mut seen = HashSet::new();
        for id in plain.iter().filter_map(|finding| finding.id) {
            if seen.insert(id) {
                writeln!(out, "{id}")?;
            }
        }
        return Ok(());
    }
    let rows: Vec<Vec<String>> = changes
        .iter()
        .map(|(finding, title)| {
            let id = finding.id.map_or_else(String::new, |id| id.to_string());
            vec![id, change(finding), text(title)]
        })
        .collect();
    let styles = [style::ID, style::STRONG, style::PLAIN];
    columns::write_table(
        &["ID", "CHANGE", "TITLE"],
        &styles,
        &rows,
        Cut::Last,
        options,
        out,
    )
}

/// The change in a few words; the details are in the records.
fn change(finding: &Finding) -> String {
    match finding.verdict {
        Verdict::Superseded => format!("v{} -> v{}", finding.claimed, finding.recorded),
        Verdict::Published => "published".to_owned(),
        Verdict::Withdrawn => "withdrawn".to_owned(),
        _ => text(&finding.message),
    }
}
