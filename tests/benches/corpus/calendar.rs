//! Which paper was submitted when: identifiers from 0704.0001 to December 2025, more every month.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Timelike, Utc};

const MONTHS: u32 = 225;

/// The identifiers of one month.
struct Month {
    /// How its identifiers begin: `0704.`.
    prefix: String,
    first_day: NaiveDate,
    /// How many papers came before it.
    before: usize,
    papers: usize,
}

pub struct Calendar(Vec<Month>);

impl Calendar {
    pub fn new(records: usize) -> Self {
        let april_2007 = NaiveDate::from_ymd_opt(2007, 4, 1).unwrap_or_default();
        let weight = |month: u32| 46.0 + f64::from(month) * 0.25 + f64::from(month).powi(2) * 0.0030;
        let all: f64 = (0..MONTHS).map(weight).sum();
        let (mut months, mut before, mut sum) = (Vec::new(), 0, 0.0);
        for number in 0..MONTHS {
            sum += weight(number);
            let first_day = april_2007 + Months::new(number);
            // Identifiers had four digits before 2015; what does not fit comes later.
            let room = if number < 93 { 9_999 } else { 99_999 };
            let papers = (share(records, sum / all) - before).min(room);
            let prefix = first_day.format("%y%m.").to_string();
            months.push(Month {
                prefix,
                first_day,
                before,
                papers,
            });
            before += papers;
        }
        assert!(
            before == records,
            "arXiv's identifiers have no room for {records} papers"
        );
        Self(months)
    }

    /// The identifier of a paper and when it was submitted.
    pub fn paper(&self, n: usize) -> (String, DateTime<Utc>) {
        let after = self.0.partition_point(|month| month.before <= n);
        let month = &self.0[after - 1];
        let place = n - month.before;
        let next_month = month.first_day + Months::new(1);
        let seconds = (next_month - month.first_day).num_seconds();
        let into = i128::from(seconds) * place as i128 / month.papers.max(1) as i128;
        let submitted = month.first_day.and_time(chrono::NaiveTime::MIN).and_utc()
            + TimeDelta::seconds(i64::try_from(into).unwrap_or_default());
        let digits = if after <= 93 { 4 } else { 5 };
        let id = format!("{}{:0digits$}", month.prefix, place + 1);
        (id, submitted)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "far below 2^52"
)]
fn share(records: usize, part: f64) -> usize {
    (records as f64 * part).round() as usize
}

/// `Mon, 2 Apr 2007 19:18:42 GMT`.
pub fn rfc_2822(time: DateTime<Utc>) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (day, month) = (time.weekday(), MONTHS[time.month0() as usize]);
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let (date, year) = (time.day(), time.year());
    format!("{day}, {date} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}
