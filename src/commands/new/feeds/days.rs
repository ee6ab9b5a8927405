//! The days on which arXiv announces papers, by what a feed says of itself.

use chrono::{Datelike, NaiveDate, Weekday};

/// The days without announcements, for a feed that does not name them.
const DEFAULT_SKIP_DAYS: &[Weekday] = &[Weekday::Sat, Weekday::Sun];

/// Whether arXiv announces nothing on this day of the week.
pub(in crate::commands::new) fn is_skipped(day: NaiveDate, skip_days: &[Weekday]) -> bool {
    let skip_days = if skip_days.is_empty() {
        DEFAULT_SKIP_DAYS
    } else {
        skip_days
    };
    skip_days.contains(&day.weekday())
}

/// Returns the first and the last day strictly between these two on which papers may have been announced, or `None` if
/// there is no such day.
pub(in crate::commands::new) fn between(
    shown: NaiveDate,
    day: NaiveDate,
    skip_days: &[Weekday],
) -> Option<(NaiveDate, NaiveDate)> {
    let announces = |day: &NaiveDate| !is_skipped(*day, skip_days);
    // Seven days contain every day of the week, so a search that fails never ends with more.
    let first = shown.iter_days().skip(1).take(7).find(announces)?;
    let last = Some(before(day, skip_days)).filter(announces)?;
    (first <= last && first > shown && last < day).then_some((first, last))
}

/// The last day before this one on which papers may have been announced. Papers of one announcement were submitted on
/// that day, until 14:00 US Eastern time, or on the announcement day before it
/// (<https://info.arxiv.org/help/availability.html>).
pub(in crate::commands::new) fn before(day: NaiveDate, skip_days: &[Weekday]) -> NaiveDate {
    let mut days = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).take(7);
    days.find(|day| !is_skipped(*day, skip_days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_monday_was_friday() {
        let before = |day: &str| super::before(day.parse().unwrap(), &[]).to_string();
        assert_eq!(before("2026-10-15"), "2026-10-14");
        assert_eq!(before("2026-10-18"), "2026-10-16");
        assert_eq!(before("2026-10-19"), "2026-10-16");
    }

    #[test]
    fn days_without_announcements_are_not_missed() {
        let between = |shown: &str, day: &str| {
            let found = between(shown.parse().unwrap(), day.parse().unwrap(), &[]);
            found.map(|(first, last)| format!("{first} {last}"))
        };
        // 2026-10-15 is a Thursday.
        assert_eq!(between("2026-10-14", "2026-10-15"), None);
        assert_eq!(between("2026-10-15", "2026-10-15"), None);
        assert_eq!(between("2026-10-19", "2026-10-15"), None);
        assert_eq!(between("2026-10-16", "2026-10-19"), None, "over a weekend");
        assert_eq!(between("2026-10-16", "2026-10-18"), None, "on a Sunday");
        let friday = Some("2026-10-16 2026-10-16".to_owned());
        assert_eq!(between("2026-10-15", "2026-10-18"), friday);
        assert_eq!(between("2026-10-15", "2026-10-19"), friday);
        let two_weeks = Some("2026-10-02 2026-10-14".to_owned());
        assert_eq!(between("2026-10-01", "2026-10-15"), two_weeks);
    }

    #[test]
    fn a_feed_may_skip_other_days_or_all() {
        let (shown, day) = ("2026-10-16".parse().unwrap(), "2026-10-19".parse().unwrap());
        let saturday = "2026-10-17".parse().unwrap();
        assert_eq!(
            super::between(shown, day, &[Weekday::Sun]),
            Some((saturday, saturday))
        );
        let all = [0, 1, 2, 3, 4, 5, 6].map(|n| Weekday::try_from(n).unwrap());
        assert_eq!(super::between(shown, day, &all), None);
    }
}
