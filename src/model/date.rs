//! Dates: points in time as well as they are known, and the ranges people type.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
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

    /// Reads `2025-01-22`, `2025-01-22T15:19:35Z` and other RFC 3339 forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(Self::Day(day));
        }
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self::Second(time.with_timezone(&Utc)))
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
