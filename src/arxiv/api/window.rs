//! The service's window of 10,000 results: the pages that fit it, and slices of submission dates that do.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{PAGE, WINDOW};

/// A day before arXiv's first paper, of July 1991.
const FIRST_PAPER: NaiveDate = match NaiveDate::from_ymd_opt(1991, 7, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A range of submission dates, to the minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DateSlice {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

impl DateSlice {
    /// From before arXiv's first paper to a day after `now`.
    pub(super) fn whole(now: DateTime<Utc>) -> Self {
        let from = FIRST_PAPER.and_time(NaiveTime::MIN).and_utc().min(now);
        let minutes = (now - from).num_minutes() + 24 * 60;
        Self {
            from,
            to: from + TimeDelta::minutes(minutes),
        }
    }

    /// Splits into equal parts, oldest first, enough for 7,000 of this total in each if they were spread evenly, which leaves
    /// room for uneven ones; one part if it cannot be split.
    pub(super) fn split(self, total: u64) -> Vec<Self> {
        let minutes = (self.to - self.from).num_minutes();
        // At most 64 at once, because `total` is only a claim.
        let parts = total.div_ceil(7_000).clamp(2, 64).cast_signed().min(minutes);
        let at = |part: i64| self.from + TimeDelta::minutes(minutes * part / parts);
        (0..parts)
            .map(|part| Self {
                from: at(part),
                to: at(part + 1),
            })
            .collect()
    }
}

/// Returns the largest page size at `start` that the service allows, at most `wanted`, at least one.
///
/// The service refuses pages of more than 2,000, and those for which `1 + round(start / max)` exceeds `10000 / max` rounded
/// down, where halves are rounded to even (`arxiv-search`, the classic API's controller).
pub(super) fn page_size(start: u64, wanted: u64) -> u64 {
    let most = wanted.min(PAGE).min(WINDOW.saturating_sub(start));
    let is_allowed = |&max: &u64| rounded(start, max) < WINDOW / max;
    (1..=most).rev().find(is_allowed).unwrap_or(1)
}

/// Divides and rounds to the nearest whole number, halves to even. `b` is not 0.
fn rounded(a: u64, b: u64) -> u64 {
    let (whole, rest) = (a / b, a % b);
    match (rest * 2).cmp(&b) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Equal => whole + whole % 2,
        std::cmp::Ordering::Greater => whole + 1,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_page_is_as_large_as_the_window_allows() {
        assert_eq!(page_size(0, 25), 25);
        assert_eq!(page_size(0, 0), 1);
        assert_eq!(page_size(0, 5_000), 2_000);
        assert_eq!(page_size(8_000, 5_000), 2_000);
        assert_eq!(page_size(9_999, 2_000), 1);
        for start in 0..WINDOW {
            let size = page_size(start, 2_000);
            assert!(start + size <= WINDOW, "{start}");
            assert!(rounded(start, size) < WINDOW / size, "{start} {size}");
            assert!(size * 2 > (WINDOW - start).min(1_000), "{start}: only {size}");
        }
    }

    #[test]
    fn ranges_split_without_gaps_down_to_the_minute() {
        let now = Utc.with_ymd_and_hms(2026, 10, 10, 1, 2, 3).unwrap();
        let range = DateSlice::whole(now);
        assert!(range.to > now);
        let parts = range.split(3_000_000);
        assert_eq!(parts.len(), 64);
        assert_eq!((parts[0].from, parts[63].to), (range.from, range.to));
        assert!(
            parts
                .windows(2)
                .all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to)
        );
        let minute = DateSlice {
            from: now,
            to: now + TimeDelta::minutes(1),
        };
        assert_eq!(minute.split(20_000), [minute]);
        let two = DateSlice {
            from: now,
            to: now + TimeDelta::minutes(2),
        };
        assert_eq!(two.split(20_000).len(), 2);
    }
}
