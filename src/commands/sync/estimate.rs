//! The estimated duration of a harvest of all of arXiv, corrected by the responses as they arrive.

use std::time::{Duration, Instant};

use chrono::NaiveDate;

use crate::model::quantity::{byte_size, counted, duration};

/// Papers on arXiv in 2026, as exact as an estimate in hours needs it.
const PAPERS: u64 = 3_000_000;
/// Papers that arXiv adds or changes on a day.
const PAPERS_A_DAY: u64 = 2_500;
/// The new ones among them; only these add to the size on disk.
const NEW_A_DAY: u64 = 1_000;
/// Bytes on disk of a paper: in the database, and in the search index.
const BYTES_A_PAPER: u64 = 2_170 + 1_030;

/// Records in one response, measured in 2026.
const PAGE: u64 = 1_300;
/// Headers in one response to `ListIdentifiers`.
const IDENTIFIERS: u64 = 20_000;
/// The shortest and the longest usual time of one response, measured in 2026.
const FASTEST: Duration = Duration::from_secs(5);
const SLOWEST: Duration = Duration::from_secs(156);

/// Pages after which a corrected estimate is reported: soon at first, then ever more rarely.
const CORRECTED_AFTER: [u64; 7] = [3, 10, 30, 100, 300, 1_000, 3_000];

/// An estimate of the rest of a harvest.
pub(super) struct Estimate {
    /// Number of papers expected in all.
    papers: u64,
    /// Number of papers that are new on disk.
    stored: u64,
    /// Papers and pages received so far.
    arrived: u64,
    pages: u64,
    start: Option<Instant>,
}

impl Estimate {
    /// Estimates a harvest of everything changed since a day, or of all papers.
    pub(super) fn since(from: Option<NaiveDate>, today: NaiveDate) -> Self {
        let days = from.map(|from| (today - from).num_days().max(0).unsigned_abs() + 1);
        let within = |a_day: u64| days.map_or(PAPERS, |days| days.saturating_mul(a_day).min(PAPERS));
        Self {
            papers: within(PAPERS_A_DAY),
            stored: within(NEW_A_DAY),
            arrived: 0,
            pages: 0,
            start: None,
        }
    }

    /// Describes what the harvest takes, before its first request.
    pub(super) fn describe(&self, interval: Duration) -> String {
        let pages = self.papers.div_ceil(PAGE);
        let requests = pages + self.papers.div_ceil(IDENTIFIERS);
        let (fastest, slowest) = (
            times(FASTEST + interval, requests),
            times(SLOWEST + interval, pages),
        );
        format!(
            "about {} papers come in {}, which takes {} to {} as arXiv answered in 2026; they take about {} on disk",
            self.papers,
            counted(requests, "request"),
            duration(fastest),
            duration(slowest),
            byte_size(self.stored * BYTES_A_PAPER)
        )
    }

    /// Counts a page of this many records. Returns a corrected estimate after some of the pages.
    pub(super) fn correct(&mut self, records: u64) -> Option<String> {
        self.correct_at(records, Instant::now())
    }

    fn correct_at(&mut self, records: u64, now: Instant) -> Option<String> {
        // Time is measured from one page to the next, so the first only starts the clock.
        let Some(start) = self.start else {
            self.start = Some(now);
            return None;
        };
        if records == 0 {
            return None;
        }
        self.arrived += records;
        self.pages += 1;
        if !CORRECTED_AFTER.contains(&self.pages) || self.arrived >= self.papers {
            return None;
        }
        let elapsed = now - start;
        let left = (self.papers - self.arrived).div_ceil((self.arrived / self.pages).max(1));
        let page = elapsed.div_f64(small(self.pages));
        Some(format!(
            "{} records a page, {} each: about {} more",
            self.arrived / self.pages,
            duration(page),
            duration(times(page, left))
        ))
    }
}

fn times(time: Duration, count: u64) -> Duration {
    whole(time.mul_f64(small(count)))
}

/// Rounds down to whole minutes from an hour on: an estimate is no more exact.
fn whole(time: Duration) -> Duration {
    let unit = if time >= Duration::from_hours(1) { 60 } else { 1 };
    Duration::from_secs(time.as_secs() / unit * unit)
}

/// Converts a count of pages, which is far below 2^32.
fn small(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_harvest_takes_hours() {
        let today = NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
        assert_eq!(
            Estimate::since(None, today).describe(Duration::from_secs(3)),
            "about 3000000 papers come in 2458 requests, which takes 5 h 27 min to 101 h 56 min as arXiv answered in \
             2026; they take about 9.6 GB on disk"
        );
        let week = Estimate::since(today.pred_opt(), today).describe(Duration::ZERO);
        assert!(
            week.starts_with("about 5000 papers come in 5 requests, which takes 25 s to "),
            "{week}"
        );
    }

    #[test]
    fn the_estimate_follows_the_responses() {
        let today = NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
        let mut estimate = Estimate::since(None, today);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(estimate.correct_at(1000, at(0)), None);
        assert_eq!(estimate.correct_at(1000, at(20)), None);
        assert_eq!(estimate.correct_at(0, at(21)), None);
        assert_eq!(estimate.correct_at(1000, at(40)), None);
        assert_eq!(
            estimate.correct_at(1000, at(60)).as_deref(),
            Some("1000 records a page, 20 s each: about 16 h 39 min more")
        );
        assert_eq!(estimate.correct_at(1000, at(80)), None);
    }
}
