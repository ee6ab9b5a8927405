//! One window of a list, page by page to its end.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::harvest::{EARLIEST, Error};
use super::request::{self, List};
use super::{Code, Item, Page, Refusal};
use crate::model::id::ArxivId;
use crate::net::Client;

/// How a window ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// It has not.
    Open,
    /// With its last page.
    Whole,
    /// Its token was refused, in these words.
    Refused(String),
}

/// A window being walked.
pub(super) struct Window<'a> {
    client: &'a Client,
    oai_url: &'a str,
    list: List,
    token: Option<String>,
    tokens: HashSet<String>,
    pages: u32,
    /// The latest datestamp so far.
    pub(super) highest: NaiveDate,
    /// The datestamp of the last item.
    pub(super) last: NaiveDate,
    /// The day of the last answer.
    answered: NaiveDate,
    /// Whether a datestamp was earlier than those before allowed for.
    pub(super) runs_backwards: bool,
    pub(super) end: End,
    /// What came of the latest days.
    seen: HashSet<(ArxivId, NaiveDate)>,
}

impl<'a> Window<'a> {
    pub(super) fn new(client: &'a Client, oai_url: &'a str, list: List) -> Self {
        let first = list.from.unwrap_or(EARLIEST);
        Self {
            client,
            oai_url,
            list,
            token: None,
            tokens: HashSet::new(),
            pages: 0,
            highest: first,
            last: first,
            answered: first,
            runs_backwards: false,
            end: End::Open,
            seen: HashSet::new(),
        }
    }

    /// Whether the page that came is the only one.
    pub(super) fn is_single(&self) -> bool {
        self.pages == 1 && self.end == End::Whole
    }

    /// Everything changed before this day came: the day before the last datestamp, for the sake of other time zones,
    /// and before that of the answer, which was not over.
    pub(super) fn allowed(&self) -> NaiveDate {
        let last = if self.end == End::Whole {
            self.highest
        } else {
            self.last
        };
        day_before(last.min(self.answered))
    }

    /// The last day that was over when arXiv answered.
    pub(super) fn last_whole_day(&self) -> NaiveDate {
        day_before(self.answered)
    }

    /// The items of the next page; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Item>>, Error> {
        while self.end == End::Open {
            let page = request::list(self.client, self.oai_url, &self.list, self.token.as_deref()).await?;
            self.answered = page.response_date.map_or(self.answered, |time| time.date_naive());
            match page.refusal {
                Some(refusal) => self.refused(refusal).await?,
                None => return self.take(page).map(Some),
            }
        }
        Ok(None)
    }

    async fn refused(&mut self, refusal: Refusal) -> Result<(), Error> {
        match refusal.code {
            // Within a walk: what was left of it was changed meanwhile, and now stands behind its end.
            Code::NoRecordsMatch => self.end = End::Whole,
            Code::BadResumptionToken | Code::BadArgument if self.token.is_some() => {
                self.end = End::Refused(refusal.message);
            }
            Code::BadArgument if refusal.message.contains("start date too early") => {
                let earliest = request::earliest(self.client, self.oai_url)
                    .await?
                    .unwrap_or(EARLIEST);
                if self.list.from.is_none_or(|from| from >= earliest) {
                    return Err(Error::Refused(refusal));
                }
                self.list.from = Some(earliest);
                self.highest = self.highest.max(earliest);
            }
            Code::BadArgument
                if refusal.message.contains("until date too late") && self.list.until.is_some() =>
            {
                self.list.until = None;
            }
            _ => return Err(Error::Refused(refusal)),
        }
        Ok(())
    }

    fn take(&mut self, page: Page) -> Result<Vec<Item>, Error> {
        self.pages += 1;
        let mut is_new = false;
        for (id, datestamp) in page.items.iter().filter_map(name) {
            self.runs_backwards |= datestamp < day_before(self.highest);
            is_new |= self.seen.insert((id, datestamp));
            self.highest = self.highest.max(datestamp);
            self.last = datestamp;
        }
        if !is_new {
            return Err(Error::Repeats(self.last));
        }
        if !self.runs_backwards {
            let oldest = day_before(self.highest);
            self.seen.retain(|(_, datestamp)| *datestamp >= oldest);
        }
        match &page.token {
            None => self.end = End::Whole,
            Some(token) if !self.tokens.insert(token.clone()) => return Err(Error::Repeats(self.last)),
            Some(_) => {}
        }
        self.token = page.token;
        Ok(page.items)
    }
}

/// The paper of an item, and when it was changed.
fn name(item: &Item) -> Option<(ArxivId, NaiveDate)> {
    match item {
        Item::Record(record) => Some((record.paper.id, record.as_of?)),
        Item::Listed(id, datestamp) | Item::Deleted(id, datestamp) => Some((*id, *datestamp)),
        Item::Broken(broken) => Some((broken.id?, broken.datestamp?)),
    }
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}
