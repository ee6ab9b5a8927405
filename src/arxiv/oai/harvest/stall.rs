//! Detects a harvest that starts again and again without progress.

use chrono::NaiveDate;

use super::HarvestError;
use crate::arxiv::oai::EARLIEST;

/// Windows that may start on the same day. A token lives until midnight, and the fullest day takes minutes, so a fourth
/// failure is not an expired token.
const MAX_STARTS: u32 = 4;

/// Counts the windows that start on the same day.
#[derive(Default)]
pub(super) struct StallDetector {
    day: Option<NaiveDate>,
    starts: u32,
    reason: String,
}

impl StallDetector {
    /// Counts the start of a window on this day; an error if there were too many.
    pub(super) fn start(&mut self, from: Option<NaiveDate>) -> Result<(), HarvestError> {
        let day = from.unwrap_or(EARLIEST);
        if self.day.replace(day) != Some(day) {
            self.starts = 0;
        }
        if self.starts == MAX_STARTS {
            return Err(HarvestError::Stuck {
                tries: self.starts,
                day,
                reason: std::mem::take(&mut self.reason),
            });
        }
        self.starts += 1;
        Ok(())
    }

    /// Records why a window failed.
    pub(super) fn set_reason(&mut self, reason: String) {
        self.reason = reason;
    }
}
