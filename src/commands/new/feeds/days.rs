//! arXiv's calendar of announcements, as far as a feed tells it.

use chrono::{Datelike, NaiveDate, Weekday};

/// What arXiv's feeds say of themselves, for one that says nothing.
const USUAL: &[Weekday] = &[Weekday::Sat, Weekday::Sun];

/// Whether nothing is announced on this day of the week.
pub(in crate::commands::new) fn rests(day: NaiveDate, skip_days: &[Weekday]) -> bool {
    let skip_days = if skip_days.is_empty() { USUAL } else { skip_days };
    skip_days.contains(&day.weekday())
}

/// The first and the last day between these two on which something may have been announced.
pub(in crate::commands::new) fn between(
    shown: NaiveDate,
    day: NaiveDate,
    skip_days: &[Weekday],
) -> Option<(NaiveDate, NaiveDate)> {
    let works = |day: &NaiveDate| !rests(*day, skip_days);
    // A week has every day of the week.
    let first = shown.iter_days().skip(1).take(7).find(works)?;
    let last = Some(before(day, skip_days)).filter(works)?;
    (first <= last && first > shown && last < day).then_some((first, last))
}

/// The day before on which something may have been announced: what is announced on a day was submitted on that one,
/// until 14:00 where arXiv is, or on the day before.
pub(in crate::commands::new) fn before(day: NaiveDate, skip_days: &[Weekday]) -> NaiveDate {
    let mut days = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).take(7);
    days.find(|day| !rests(*day, skip_days)).unwrap_or(day)
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
    fn days_of_rest_are_not_missed() {
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
    fn a_feed_may_rest_on_other_days_or_on_all() {
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
