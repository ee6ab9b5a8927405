//! Dates of records, which may be known only to the day, and the dates that people type.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, UTC: to the second, or only to the day.
///
/// A day alone sorts before every second of it. Written `2025-01-22T15:19:35Z` or `2025-01-22`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stamp {
    /// Only the day is known.
    Day(NaiveDate),
    /// Known to the second.
    Second(DateTime<Utc>),
}

impl Stamp {
    /// The day, UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Second(time) => time.date_naive(),
        }
    }

    /// Reads `2025-01-22`, `2025-01-22T15:19:35Z` and other RFC 3339 forms, in years of four digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return STORED_YEARS.contains(&day.year()).then_some(Self::Day(day));
        }
        Self::second(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
    }

    /// A point in time, cut to the second. Returns `None` if its year, UTC, has not four digits.
    #[must_use]
    pub fn second(time: DateTime<Utc>) -> Option<Self> {
        let whole = DateTime::from_timestamp(time.timestamp(), 0)?;
        STORED_YEARS
            .contains(&whole.year())
            .then_some(Self::Second(whole))
    }

    fn sort_key(self) -> (NaiveDate, Option<DateTime<Utc>>) {
        match self {
            Self::Day(day) => (day, None),
            Self::Second(time) => (time.date_naive(), Some(time)),
        }
    }
}

impl PartialOrd for Stamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Stamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sort_key().cmp(&other.sort_key())
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Second(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is no date (2025-01-22 or 2025-01-22T15:19:35Z)"
            ))
        })
    }
}

/// The years of a [`Stamp`]: others are written with a sign or zeros, which sort wrongly as text in the database, and
/// which RFC 3339 does not read back.
const STORED_YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// The years a date may lie in; arXiv began in 1991.
const YEARS: std::ops::RangeInclusive<i32> = 1991..=2100;

/// The error for a text that is no date.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{text}` is not a date: {reason}")]
pub struct BadDate {
    /// As typed.
    pub text: String,
    /// The reason, a clause: `2024-02 has 29 days`.
    pub reason: String,
}

/// Parses `--since`, the first day of a range: `2024`, `2024-05`, `2024-05-07`, `today`, `yesterday`, or back from today
/// `30d`, `2w`, `6m`, `1y`.
pub fn since(text: &str, today: NaiveDate) -> Result<NaiveDate, BadDate> {
    range(text, today).map(|(first, _)| first)
}

/// Parses `--until`, the last day of a range, in the same forms: `2024` ends on 31 December.
pub fn until(text: &str, today: NaiveDate) -> Result<NaiveDate, BadDate> {
    range(text, today).map(|(_, last)| last)
}

fn range(text: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), BadDate> {
    let word = text.trim().to_ascii_lowercase();
    let day = match word.as_str() {
        "today" => Some(today),
        "yesterday" => Some(before(today, 1, 'd')),
        _ => ago(&word).map(|(count, unit)| before(today, count, unit)),
    };
    match day {
        Some(day) => Ok((day, day)),
        None => calendar(&word).map_err(|reason| BadDate {
            text: text.to_owned(),
            reason,
        }),
    }
}

/// Parses `30d` as 30 and `d`. A count above the maximum is the maximum, which reaches back to 1991 in any case.
fn ago(word: &str) -> Option<(u32, char)> {
    let count = word.strip_suffix(['d', 'w', 'm', 'y'])?;
    let is_count = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let unit = word.chars().next_back().filter(|_| is_count)?;
    Some((count.parse().unwrap_or(u32::MAX), unit))
}

/// The day this long before today, but never before 1991. A month before 31 March is the last day of February.
fn before(today: NaiveDate, count: u32, unit: char) -> NaiveDate {
    let day = match unit {
        'd' => today.checked_sub_days(Days::new(count.into())),
        'w' => today.checked_sub_days(Days::new(u64::from(count) * 7)),
        'm' => today.checked_sub_months(Months::new(count)),
        _ => today.checked_sub_months(Months::new(count.saturating_mul(12))),
    };
    let beginning = NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1).unwrap_or_default();
    day.unwrap_or(beginning).max(beginning)
}

/// The first and the last day of a year, a month or a day. The error says what would be right.
fn calendar(word: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let form = "write 2024, 2024-05, 2024-05-07, today, or 30d, 2w, 6m, 1y for so long before today";
    let mut parts = word.split('-');
    let year = number(parts.next(), 4).ok_or(form)?.ok_or(form)?;
    let month = number(parts.next(), 2).ok_or(form)?;
    let day = number(parts.next(), 2).ok_or(form)?;
    if parts.next().is_some() {
        return Err(form.to_owned());
    }
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year));
    let year = year.ok_or_else(|| format!("years run from {} to {}", YEARS.start(), YEARS.end()))?;
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1).ok_or("months run from 01 to 12")?;
    let months = if month.is_some() { 1 } else { 12 };
    let next = first.checked_add_months(Months::new(months)).unwrap_or(first);
    let last = next.pred_opt().unwrap_or(first);
    match day {
        None => Ok((first, last)),
        Some(day) => match first.with_day(day) {
            Some(day) => Ok((day, day)),
            None => Err(format!("{} has {} days", first.format("%Y-%m"), last.day())),
        },
    }
}

/// Parses a part of exactly this many digits. The outer `None` is an error, the inner one an absent part.
#[expect(
    clippy::option_option,
    reason = "a part that is absent is right, one that is no number is wrong"
)]
fn number(part: Option<&str>, digits: usize) -> Option<Option<u32>> {
    let Some(part) = part else { return Some(None) };
    let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|_| is_number).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The day before which everything relative is counted.
    const TODAY: &str = "2026-03-31";

    fn both(text: &str) -> Result<(String, String), String> {
        let today = TODAY.parse().unwrap();
        let written = |date: Result<NaiveDate, BadDate>| date.map(|day| day.to_string());
        match (written(since(text, today)), written(until(text, today))) {
            (Ok(first), Ok(last)) => Ok((first, last)),
            (Err(error), Err(other)) => {
                assert_eq!(error, other);
                Err(error.to_string())
            }
            (first, last) => panic!("{text}: {first:?} but {last:?}"),
        }
    }

    #[test]
    fn only_years_of_four_digits_can_be_stored() {
        for text in [
            "9999-12-31T23:59:59-23:00",
            "+12007-04-02",
            "0999-12-31",
            "-0001-01-01",
            "0999-12-31T23:59:59Z",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
        for (text, written) in [
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("1000-01-01", "1000-01-01"),
            ("2025-01-22T15:19:35.987+01:00", "2025-01-22T14:19:35Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ] {
            let stamp = Stamp::parse(text).unwrap();
            assert_eq!(stamp.to_string(), written);
            assert_eq!(Stamp::parse(written), Some(stamp));
        }
    }

    #[test]
    fn a_date_has_a_first_and_a_last_day() {
        for (text, first, last) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2023-02", "2023-02-01", "2023-02-28"),
            ("2024-12", "2024-12-01", "2024-12-31"),
            ("2024-05-07", "2024-05-07", "2024-05-07"),
            (" 2024-02-29 ", "2024-02-29", "2024-02-29"),
            ("1991", "1991-01-01", "1991-12-31"),
            ("2100", "2100-01-01", "2100-12-31"),
            ("today", TODAY, TODAY),
            ("Yesterday", "2026-03-30", "2026-03-30"),
            ("0d", TODAY, TODAY),
            ("30d", "2026-03-01", "2026-03-01"),
            ("2w", "2026-03-17", "2026-03-17"),
            ("1m", "2026-02-28", "2026-02-28"),
            ("6M", "2025-09-30", "2025-09-30"),
            ("1y", "2025-03-31", "2025-03-31"),
            ("99y", "1991-01-01", "1991-01-01"),
            ("4294967295w", "1991-01-01", "1991-01-01"),
            ("99999999999999999999y", "1991-01-01", "1991-01-01"),
        ] {
            assert_eq!(both(text), Ok((first.to_owned(), last.to_owned())), "{text}");
        }
    }

    #[test]
    fn an_impossible_date_says_what_would_be_right() {
        for (text, right) in [
            ("2023-02-29", "2023-02 has 28 days"),
            ("2024-04-31", "2024-04 has 30 days"),
            ("2024-04-00", "2024-04 has 30 days"),
            ("2024-13", "months run from 01 to 12"),
            ("2024-00-01", "months run from 01 to 12"),
            ("1990", "years run from 1991 to 2100"),
            ("2101-01-01", "years run from 1991 to 2100"),
        ] {
            assert_eq!(both(text), Err(format!("`{text}` is not a date: {right}")));
        }
        for text in [
            "",
            "d",
            "-1d",
            "1h",
            "24",
            "2024-5",
            "2024-05-07-01",
            "2024/05/07",
            "20240507",
            "２０２４",
            "+024",
        ] {
            assert!(both(text).unwrap_err().contains("write 2024, "), "{text}");
        }
    }

    #[test]
    fn a_day_alone_sorts_before_its_seconds() {
        let stamp = |text| Stamp::parse(text).unwrap();
        assert!(stamp("2025-01-22") < stamp("2025-01-22T00:00:00Z"));
        assert!(stamp("2025-01-22T23:59:59Z") < stamp("2025-01-23"));
        assert_eq!(
            stamp("2025-01-22T16:19:35+01:00").to_string(),
            "2025-01-22T15:19:35Z"
        );
        assert_eq!(stamp("2025-01-22").to_string(), "2025-01-22");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_beyond_reading(text in "[0-9dwmy-]{0,24}|.{0,24}", days in 0..2_000_000_i32) {
            let today = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            if let (Ok(first), Ok(last)) = (since(&text, today), until(&text, today)) {
                assert!(first <= last, "{text}");
            }
        }
    }
}
