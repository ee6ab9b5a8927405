//! One window of a list request, page by page to its end.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::HarvestError;
use crate::arxiv::oai::request::{self, ListRequest};
use crate::arxiv::oai::{EARLIEST, ErrorCode, ListItem, OaiResponse, ProtocolError};
use crate::model::id::ArxivId;
use crate::net::Client;

/// How a window ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum WindowEnd {
    /// It has not ended.
    Open,
    /// With its last page.
    Complete,
    /// arXiv refused its token, with this message.
    TokenRefused(String),
}

/// A walk over the pages of one list request.
pub(super) struct ListWindow<'a> {
    client: &'a Client,
    oai_url: &'a str,
    list: ListRequest,
    token: Option<String>,
    /// All tokens so far: a repeated one would make the walk endless.
    tokens: HashSet<String>,
    pages: u32,
    /// The latest datestamp so far.
    pub(super) highest: NaiveDate,
    /// The datestamp of the last item.
    pub(super) last: NaiveDate,
    /// The day of the last response.
    responded: NaiveDate,
    /// A datestamp was earlier than the order of the list allows.
    pub(super) is_out_of_order: bool,
    pub(super) end: WindowEnd,
    /// The items of the latest days, to recognize a repeated page.
    seen: HashSet<(ArxivId, NaiveDate)>,
}

impl<'a> ListWindow<'a> {
    pub(super) fn new(client: &'a Client, oai_url: &'a str, list: ListRequest) -> Self {
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
            responded: first,
            is_out_of_order: false,
            end: WindowEnd::Open,
            seen: HashSet::new(),
        }
    }

    /// Whether the current page is the only one.
    pub(super) fn is_single(&self) -> bool {
        self.pages == 1 && self.end == WindowEnd::Complete
    }

    /// The day before which everything has arrived: the day before the last datestamp, because its time zone is
    /// unknown, and before that of the response, which was not over.
    pub(super) fn safe_mark(&self) -> NaiveDate {
        let last = if self.end == WindowEnd::Complete {
            self.highest
        } else {
            self.last
        };
        day_before(last.min(self.responded))
    }

    /// The last day that was over when arXiv responded.
    pub(super) fn last_complete_day(&self) -> NaiveDate {
        day_before(self.responded)
    }

    /// Fetches the next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<ListItem>>, HarvestError> {
        while self.end == WindowEnd::Open {
            let response =
                request::list(self.client, self.oai_url, &self.list, self.token.as_deref()).await?;
            let day = response.response_date.map(|time| time.date_naive());
            self.responded = day.unwrap_or(self.responded);
            match response.error {
                Some(error) => self.handle_error(error).await?,
                None => return self.accept(response).map(Some),
            }
        }
        Ok(None)
    }

    async fn handle_error(&mut self, error: ProtocolError) -> Result<(), HarvestError> {
        match error.code {
            // Within a walk: what was left of it was changed meanwhile, and now comes after its end.
            ErrorCode::NoRecordsMatch => self.end = WindowEnd::Complete,
            ErrorCode::BadResumptionToken | ErrorCode::BadArgument if self.token.is_some() => {
                self.end = WindowEnd::TokenRefused(error.message);
            }
            // OAI-PMH has one code for all wrong arguments, so only arXiv's message tells which date it rejects.
            ErrorCode::BadArgument if error.message.contains("start date too early") => {
                let earliest = request::earliest(self.client, self.oai_url)
                    .await?
                    .unwrap_or(EARLIEST);
                if self.list.from.is_none_or(|from| from >= earliest) {
                    return Err(HarvestError::Refused(error));
                }
                self.list.from = Some(earliest);
                self.highest = self.highest.max(earliest);
            }
            ErrorCode::BadArgument
                if error.message.contains("until date too late") && self.list.until.is_some() =>
            {
                self.list.until = None;
            }
            _ => return Err(HarvestError::Refused(error)),
        }
        Ok(())
    }

    fn accept(&mut self, response: OaiResponse) -> Result<Vec<ListItem>, HarvestError> {
        self.pages += 1;
        let mut is_new = false;
        for (id, datestamp) in response.items.iter().filter_map(key) {
            self.is_out_of_order |= datestamp < day_before(self.highest);
            is_new |= self.seen.insert((id, datestamp));
            self.highest = self.highest.max(datestamp);
            self.last = datestamp;
        }
        if !is_new {
            return Err(HarvestError::Repeats(self.last));
        }
        if !self.is_out_of_order {
            let oldest = day_before(self.highest);
            self.seen.retain(|(_, datestamp)| *datestamp >= oldest);
        }
        match &response.token {
            None => self.end = WindowEnd::Complete,
            Some(token) if !self.tokens.insert(token.clone()) => {
                return Err(HarvestError::Repeats(self.last));
            }
            Some(_) => {}
        }
        self.token = response.token;
        Ok(response.items)
    }
}

/// The paper of an item and its datestamp.
fn key(item: &ListItem) -> Option<(ArxivId, NaiveDate)> {
    match item {
        ListItem::Record(record) => Some((record.paper.id, record.as_of?)),
        ListItem::Header(id, datestamp) | ListItem::Deleted(id, datestamp) => Some((*id, *datestamp)),
        ListItem::Unreadable(record) => Some((record.id?, record.datestamp?)),
    }
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}
