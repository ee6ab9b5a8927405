//! Records other than papers in the formats for programs: counts, findings, checks.

use std::io::{self, Write};

use serde::Serialize;

use super::registry::Format;
use super::{csv, field_value, json, tsv};

/// Writes records as JSON, JSON Lines, CSV (with a header) or TSV (without one), with cells in the order of `keys`.
///
/// Returns `false` and writes nothing if `format` is not one of these four.
pub fn records<T: Serialize>(
    format: Format,
    keys: &[&str],
    records: &[T],
    out: &mut impl Write,
) -> io::Result<bool> {
    match format {
        Format::Json => {
            let mut array = json::ArrayWriter::default();
            for record in records {
                array.push(record, out)?;
            }
            array.finish(out)?;
        }
        Format::Jsonl => {
            for record in records {
                json::line(record, out)?;
            }
        }
        Format::Csv => {
            csv::line(keys, out)?;
            for record in records {
                csv::line(&cells(record, keys)?, out)?;
            }
        }
        Format::Tsv => {
            for record in records {
                tsv::line(&cells(record, keys)?, out)?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn cells(record: &impl Serialize, keys: &[&str]) -> io::Result<Vec<String>> {
    let value = serde_json::to_value(record)?;
    Ok(keys.iter().map(|key| field_value::cell(&value[*key])).collect())
}
