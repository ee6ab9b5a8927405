//! What a harvest is given, and what it hands to its caller.

use chrono::NaiveDate;

use crate::model::id::ArxivId;
use crate::model::record::Record;

/// What to harvest.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HarvestRequest {
    /// The OAI set (`cs:cs:CL`); `None` means everything.
    pub set: Option<String>,
    /// Only records changed on this day or later.
    pub from: Option<NaiveDate>,
    /// Only records changed on this day or before.
    pub until: Option<NaiveDate>,
    /// The `checked` of an earlier harvest whose `reached` is `from`: since this day, records that paging skipped were not
    /// looked for.
    pub checked: Option<NaiveDate>,
}

/// One step of a harvest.
#[derive(Debug)]
pub enum HarvestStep<'a> {
    /// Records and deleted papers, to be stored together with how far the harvest is.
    Page {
        /// In the order of their datestamps.
        records: Vec<Record>,
        /// Papers that arXiv deleted.
        deleted: Vec<ArxivId>,
        /// Everything changed before this day was handed over, except records that paging skipped.
        reached: NaiveDate,
        /// Records changed before this day that paging skipped were handed over too.
        checked: NaiveDate,
        /// The figures so far.
        so_far: HarvestSummary,
    },
    /// Asks which of these papers are not stored, or only as of an earlier day.
    Check {
        /// Papers and the days of their last change.
        listed: &'a [(ArxivId, NaiveDate)],
        /// Receives the missing ones.
        missing: &'a mut Vec<ArxivId>,
    },
}

/// The figures of a harvest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HarvestSummary {
    /// Windows that were walked: one, unless a token was refused or datestamps ran backwards.
    pub windows: u64,
    /// Papers that paging skipped and that were fetched one by one.
    pub skipped: u64,
    /// Papers whose record cannot be read.
    pub unreadable: u64,
}
