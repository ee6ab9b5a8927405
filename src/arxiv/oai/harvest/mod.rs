//! The harvest of a set: everything changed since a day, whatever happens on the way.
//!
//! arXiv pages by offset over the time of modification. A paper that is revised during the walk leaves its place, and
//! the next page then skips another one; an overlap of windows does not help. So after a walk of several pages,
//! `ListIdentifiers` (20,000 a request) is compared with what is stored, and missing records are fetched one by one.
//!
//! The walk has no end date and moves its mark with each stored page: windows of a day over twenty years would cost
//! 7,000 requests, pages alone cost 1,200. 2005-09-16 alone holds some 90,000 records and cannot be split by date, so a
//! token that expires within a day starts that day again.

mod error;
mod stall;
mod step;
mod window;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

pub use self::error::HarvestError;
use self::stall::StallDetector;
pub use self::step::{HarvestRequest, HarvestStep, HarvestSummary};
use self::window::{ListWindow, WindowEnd};
use super::request::{self, ListRequest};
use super::{EARLIEST, ListItem, UnreadableRecord};
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::record::Record;
use crate::net::{self, Client};

/// Length of a window where datestamps run backwards, so that not the whole rest of the walk has to be repeated.
const NARROW_WINDOW: Days = Days::new(31);
/// How often the walk returns to an open window after datestamps ran backwards. More often means that arXiv's order
/// cannot be relied on at all.
const MAX_RETURNS: u32 = 10;
/// Unreadable records that are fetched again one by one in one harvest; at three seconds each, five minutes.
const MAX_REFETCHED: u32 = 100;

/// Harvests, and passes each step to `on_step`; `Break` ends the harvest without an error.
pub async fn harvest(
    client: &Client,
    oai_url: &str,
    request: &HarvestRequest,
    on_step: impl FnMut(HarvestStep<'_>) -> ControlFlow<()>,
) -> Result<HarvestSummary, HarvestError> {
    let reached = request.from.unwrap_or(EARLIEST);
    let mut run = HarvestRun {
        client,
        oai_url,
        request,
        on_step,
        reached,
        checked: request.checked.unwrap_or(reached).min(reached),
        needs_check: request.checked.is_some_and(|checked| checked < reached),
        delivered: HashMap::new(),
        deleted: HashSet::new(),
        unreadable: HashSet::new(),
        without_id: 0,
        refetched: 0,
        is_silent: false,
        done: 0,
        summary: HarvestSummary::default(),
    };
    if run.walk_records().await?.is_continue() && run.checked < run.reached {
        let _ = run.check_skipped().await?;
    }
    Ok(run.summary())
}

struct HarvestRun<'a, F> {
    client: &'a Client,
    oai_url: &'a str,
    request: &'a HarvestRequest,
    on_step: F,
    reached: NaiveDate,
    checked: NaiveDate,
    /// Paging may have skipped records since `checked`.
    needs_check: bool,
    /// The papers of the days since `reached` that were handed over, with their datestamps.
    delivered: HashMap<ArxivId, NaiveDate>,
    /// Papers that were handed over as deleted.
    deleted: HashSet<ArxivId>,
    unreadable: HashSet<ArxivId>,
    /// Unreadable records without a readable identifier.
    without_id: u64,
    /// Unreadable records that were fetched again.
    refetched: u32,
    /// The last single record had no answer.
    is_silent: bool,
    /// Papers handed over.
    done: u64,
    summary: HarvestSummary,
}

impl<F: FnMut(HarvestStep<'_>) -> ControlFlow<()>> HarvestRun<'_, F> {
    /// Walks over all records: in an open window, which starts again at the mark when its token is refused, and in
    /// narrow ones where datestamps run backwards.
    async fn walk_records(&mut self) -> Result<ControlFlow<()>, HarvestError> {
        let mut from = self.request.from;
        let (mut is_narrow, mut returns) = (false, 0);
        // The last day at which datestamps ran backwards.
        let mut disorder = EARLIEST;
        let mut stall = StallDetector::default();
        loop {
            stall.start(from)?;
            let end = from
                .filter(|_| is_narrow)
                .and_then(|from| from.checked_add_days(NARROW_WINDOW));
            let until = end.into_iter().chain(self.request.until).min();
            let list = self.list_request("ListRecords", from, until);
            let mut window = ListWindow::new(self.client, self.oai_url, list);
            self.summary.windows += 1;
            while let Some(items) = window.next().await? {
                self.needs_check |= is_narrow || !window.is_single();
                let is_in_order = !is_narrow && (!window.is_out_of_order || window.end != WindowEnd::Open);
                let mark = is_in_order.then(|| window.safe_mark());
                if self.hand_over(items, window.highest, mark).await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                if !is_narrow && !is_in_order {
                    break;
                }
            }
            match window.end {
                WindowEnd::Complete => {
                    // The day of the response is not over, and never marked as done.
                    let last_complete = window.last_complete_day();
                    if let Some(until) = until {
                        self.reach(until.min(last_complete));
                        if self.step(Vec::new(), Vec::new()).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    if until == self.request.until || until > Some(last_complete) {
                        return Ok(ControlFlow::Continue(()));
                    }
                    is_narrow = self.reached <= disorder || returns > MAX_RETURNS;
                }
                WindowEnd::TokenRefused(message) => stall.set_reason(message),
                WindowEnd::Open => {
                    (is_narrow, returns) = (true, returns + 1);
                    disorder = window.last.min(window.highest);
                }
            }
            from = Some(self.reached);
        }
    }

    /// Compares what arXiv lists with what is stored, and fetches missing records one by one.
    async fn check_skipped(&mut self) -> Result<ControlFlow<()>, HarvestError> {
        let until = self.reached.pred_opt();
        let mut stall = StallDetector::default();
        loop {
            stall.start(Some(self.checked))?;
            let list = self.list_request("ListIdentifiers", Some(self.checked), until);
            let mut window = ListWindow::new(self.client, self.oai_url, list);
            while let Some(items) = window.next().await? {
                if self.check_page(&items).await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            match window.end {
                WindowEnd::TokenRefused(message) => stall.set_reason(message),
                WindowEnd::Complete | WindowEnd::Open => {
                    self.checked = self.reached;
                    return Ok(self.step(Vec::new(), Vec::new()));
                }
            }
        }
    }

    async fn check_page(&mut self, items: &[ListItem]) -> Result<ControlFlow<()>, HarvestError> {
        let listed = items.iter().filter_map(|item| match item {
            ListItem::Header(id, datestamp) => Some((*id, *datestamp)),
            _ => None,
        });
        let listed: Vec<_> = listed.collect();
        let mut missing = Vec::new();
        let step = HarvestStep::Check {
            listed: &listed,
            missing: &mut missing,
        };
        if (self.on_step)(step).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let deleted = items.iter().filter_map(|item| match item {
            ListItem::Deleted(id, _) => Some(*id).filter(|id| !self.deleted.contains(id)),
            _ => None,
        });
        let deleted: Vec<_> = deleted.collect();
        if !deleted.is_empty() && self.step(Vec::new(), deleted).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        missing.retain(|id| !self.unreadable.contains(id));
        for id in missing {
            if self.fetch_skipped(id).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn list_request(
        &self,
        verb: &'static str,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
    ) -> ListRequest {
        ListRequest {
            verb,
            set: self.request.set.clone(),
            from,
            until,
        }
    }

    /// Moves the mark.
    fn reach(&mut self, day: NaiveDate) {
        if day > self.reached {
            self.reached = day;
            self.delivered.retain(|_, datestamp| *datestamp >= day);
        }
        if !self.needs_check {
            self.checked = self.reached;
        }
    }

    /// Hands a page over, without items that a restarted window repeats.
    async fn hand_over(
        &mut self,
        items: Vec<ListItem>,
        last: NaiveDate,
        mark: Option<NaiveDate>,
    ) -> Result<ControlFlow<()>, HarvestError> {
        let items = self.refetch_unreadable(items).await?;
        let (mut records, mut deleted) = (Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            match item {
                ListItem::Record(record) => {
                    let datestamp = record.as_of.unwrap_or(last);
                    if self.is_new(record.paper.id, datestamp) {
                        records.push(*record);
                    }
                }
                ListItem::Deleted(id, datestamp) if self.is_new(id, datestamp) => deleted.push(id),
                ListItem::Deleted(..) | ListItem::Header(..) | ListItem::Unreadable(_) => {}
            }
        }
        if let Some(day) = mark {
            self.reach(day);
        }
        self.done += (records.len() + deleted.len()) as u64;
        self.client.emit(Event::Harvested {
            done: self.done,
            day: last,
        });
        Ok(self.step(records, deleted))
    }

    /// Fetches each unreadable record once more on its own, because the mark moves past it.
    async fn refetch_unreadable(&mut self, items: Vec<ListItem>) -> Result<Vec<ListItem>, HarvestError> {
        let mut readable = Vec::with_capacity(items.len());
        for item in items {
            let ListItem::Unreadable(record) = item else {
                readable.push(item);
                continue;
            };
            match record.id {
                Some(id) if self.unreadable.contains(&id) => {}
                Some(id) if self.refetched < MAX_REFETCHED => {
                    self.refetched += 1;
                    readable.extend(self.fetch_record(id).await?);
                }
                _ => self.report_unreadable(&record),
            }
        }
        Ok(readable)
    }

    fn is_new(&mut self, id: ArxivId, datestamp: NaiveDate) -> bool {
        self.delivered.insert(id, datestamp) != Some(datestamp)
    }

    fn summary(&self) -> HarvestSummary {
        HarvestSummary {
            unreadable: self.unreadable.len() as u64 + self.without_id,
            ..self.summary
        }
    }

    fn step(&mut self, records: Vec<Record>, deleted: Vec<ArxivId>) -> ControlFlow<()> {
        self.deleted.extend(&deleted);
        let so_far = self.summary();
        (self.on_step)(HarvestStep::Page {
            records,
            deleted,
            reached: self.reached,
            checked: self.checked,
            so_far,
        })
    }

    fn report_unreadable(&mut self, record: &UnreadableRecord) {
        let Some(id) = record.id else {
            self.without_id += 1;
            return self.client.emit(Event::Failed(record.to_string()));
        };
        if self.unreadable.insert(id) {
            let message = format!("{record}; `arxcat fetch {id}` asks for it again");
            self.client.emit(Event::Failed(message));
        }
    }

    /// Fetches a paper that paging skipped, and hands it over.
    async fn fetch_skipped(&mut self, id: ArxivId) -> Result<ControlFlow<()>, HarvestError> {
        let (records, deleted) = match self.fetch_record(id).await? {
            Some(ListItem::Record(record)) => (vec![*record], Vec::new()),
            Some(ListItem::Deleted(id, _)) => (Vec::new(), vec![id]),
            _ => return Ok(ControlFlow::Continue(())),
        };
        self.summary.skipped += 1;
        Ok(self.step(records, deleted))
    }

    /// Fetches one record. A record that cannot be had is reported, and the harvest goes on; two in a row without any
    /// answer are not the papers' fault but the service's, and end it.
    async fn fetch_record(&mut self, id: ArxivId) -> Result<Option<ListItem>, HarvestError> {
        let result = request::record(self.client, self.oai_url, id).await;
        let is_silent = matches!(result, Err(net::Error::GaveUp { .. }));
        let was_silent = std::mem::replace(&mut self.is_silent, is_silent);
        let reason = match result {
            Ok(Some(ListItem::Unreadable(record))) => record.reason,
            Ok(Some(item)) => return Ok(Some(item)),
            Ok(None) => "arXiv lists it, and has no record of it".to_owned(),
            Err(error @ net::Error::Refused { .. }) => error.to_string(),
            Err(error @ net::Error::GaveUp { .. }) if !was_silent => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        self.report_unreadable(&UnreadableRecord {
            id: Some(id),
            datestamp: None,
            reason,
        });
        Ok(None)
    }
}
