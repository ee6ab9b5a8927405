//! Results of `doctor`: one line a check for people, or records.

use std::io::{self, Write};

use super::display::plain;
use super::records::records;
use super::registry::Format;
use super::render_options::RenderOptions;
use super::style;
use crate::model::health_check::{HealthCheck, HealthState};

/// The keys of a check in CSV and TSV, in order.
const KEYS: &[&str] = &["part", "state", "message"];

/// Writes checks: as records in the formats for programs, else one line each, never cut.
pub fn library_checks(
    format: Option<Format>,
    list: &[HealthCheck],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    if let Some(format) = format
        && records(format, KEYS, list, out)?
    {
        return Ok(());
    }
    for check in list {
        let state = match check.state {
            HealthState::Ok | HealthState::Mended => style::PLAIN,
            HealthState::Noted => style::FAINT,
            HealthState::Damaged => style::ALARM,
        };
        writeln!(
            out,
            "{:<10}{}{}",
            check.part,
            style::cell(options, state, check.state.name(), "damaged".len() + 2),
            plain(&check.message)
        )?;
    }
    Ok(())
}
