//! Periods of a timeline: months, quarters, years.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::unknown_name::UnknownName;
use crate::model::lang::Lang;
use crate::model::text::nearest;

/// Length of the periods of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum PeriodLength {
    /// Calendar months.
    #[default]
    Month,
    /// Three months each, from January.
    Quarter,
    /// Calendar years.
    Year,
}

impl PeriodLength {
    /// Every length.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &[Self::Month, Self::Quarter, Self::Year]
    }

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The period a day falls in.
    pub(super) fn of(self, day: NaiveDate) -> Period {
        let months = day.year() * 12 + day.month0().cast_signed();
        Period {
            by: self,
            index: months.div_euclid(self.months()),
        }
    }
}

impl fmt::Display for PeriodLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for PeriodLength {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = Self::all().iter().find(|by| by.name() == name);
        known.copied().ok_or_else(|| UnknownName {
            what: "period",
            name: name.to_owned(),
            nearest: nearest(name, Self::all().iter().map(|by| by.name())),
        })
    }
}

/// One month, quarter or year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Period {
    /// Number of periods since the start of year 0.
    index: i32,
    by: PeriodLength,
}

impl Period {
    pub(super) fn next(self) -> Self {
        Self {
            index: self.index + 1,
            ..self
        }
    }

    pub(super) fn previous(self) -> Self {
        Self {
            index: self.index - 1,
            ..self
        }
    }

    /// `2025-01`, `2025 Q1`, `2025`; `2025年1月`, `2025年第1季度`, `2025年`.
    pub(super) fn label(self, lang: Lang) -> String {
        let in_a_year = 12 / self.by.months();
        let year = self.index.div_euclid(in_a_year);
        let part = self.index.rem_euclid(in_a_year) + 1;
        match (self.by, lang) {
            (PeriodLength::Month, Lang::En) => format!("{year}-{part:02}"),
            (PeriodLength::Month, Lang::Zh) => format!("{year}年{part}月"),
            (PeriodLength::Quarter, Lang::En) => format!("{year} Q{part}"),
            (PeriodLength::Quarter, Lang::Zh) => format!("{year}年第{part}季度"),
            (PeriodLength::Year, Lang::En) => year.to_string(),
            (PeriodLength::Year, Lang::Zh) => format!("{year}年"),
        }
    }
}
