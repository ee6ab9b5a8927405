//! How often a walk may begin again without any way made.

use chrono::NaiveDate;

use super::harvest::{EARLIEST, Error};

/// Windows that begin on the same day, at most: a token lives until midnight, and the fullest day takes minutes.
const TRIES: u32 = 4;

/// How often windows began on the same day.
#[derive(Default)]
pub(super) struct Tries {
    day: Option<NaiveDate>,
    count: u32,
    why: String,
}

impl Tries {
    /// Begins a window on this day, unless too many did.
    pub(super) fn begin(&mut self, from: Option<NaiveDate>) -> Result<(), Error> {
        let day = from.unwrap_or(EARLIEST);
        if self.day.replace(day) != Some(day) {
            self.count = 0;
        }
        if self.count == TRIES {
            return Err(Error::Stuck {
                tries: self.count,
                day,
                why: std::mem::take(&mut self.why),
            });
        }
        self.count += 1;
        Ok(())
    }

    /// Notes why a window failed.
    pub(super) fn failed(&mut self, why: String) {
        self.why = why;
    }
}
