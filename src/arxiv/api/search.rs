//! Search: pages within the service's window of 10,000 results, and slices by submission date beyond it.

use std::collections::HashSet;
use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};

use super::window::{DateSlice, page_size};
use super::{PAGE, WINDOW, parse_feed};
use crate::arxiv::{service, syntax};
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// A search request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchRequest {
    /// The query in arXiv's syntax, not percent-encoded.
    pub query: String,
    /// The order.
    pub sort: SortBy,
    /// Whether the order is ascending; the best match is the greatest.
    pub ascending: bool,
    /// The most results; `None` means all.
    pub want: Option<u64>,
}

/// The order of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SortBy {
    /// By how well they match.
    #[default]
    Relevance,
    /// By submission of the first version.
    Submitted,
    /// By submission of the newest version.
    Updated,
}

/// The figures of a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SearchSummary {
    /// How many results arXiv has.
    pub total: u64,
    /// How many were passed on.
    pub received: u64,
}

/// Why the results of a search are not complete.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A request failed.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// arXiv returned fewer results than promised.
    #[error("arXiv promised {promised} results and gave {received}")]
    Short {
        /// How many different results were received.
        received: u64,
        /// How many were promised, or wanted if that is less.
        promised: u64,
    },
    /// A page had only results of earlier pages.
    #[error("arXiv repeats itself: all results from {start} on had come before")]
    Repeats {
        /// Offset of the page's first result.
        start: u64,
    },
    /// Within one minute, the finest date of arXiv's search, were more papers submitted than the window holds.
    #[error("{total} results were submitted in the minute of {minute}, more than arXiv's search can give")]
    Dense {
        /// The minute, UTC.
        minute: DateTime<Utc>,
        /// How many results it has.
        total: u64,
    },
}

/// Returns the URL of a page of results.
#[must_use]
pub fn url(api_url: &str, search: &SearchRequest, start: u64, max: u64) -> String {
    let sort = match search.sort {
        SortBy::Relevance => "relevance",
        SortBy::Submitted => "submittedDate",
        SortBy::Updated => "lastUpdatedDate",
    };
    let order = if search.ascending {
        "ascending"
    } else {
        "descending"
    };
    let (start, max) = (start.to_string(), max.to_string());
    let parameters = [
        ("search_query", search.query.as_str()),
        ("start", &start),
        ("max_results", &max),
        ("sortBy", sort),
        ("sortOrder", order),
    ];
    with_parameters(api_url, &parameters)
}

/// Searches, and passes each page's new results to `on_page` with the total; `Break` ends the search without an error.
///
/// If more than 10,000 results are wanted, the first page is followed by slices of submission dates, up to one day after
/// `now`: oldest first if sorted so, else newest first, whatever the order of the first page. `on_page` is called before
/// that, so that the caller can look at the total and stop.
pub async fn search(
    client: &Client,
    api_url: &str,
    search: &SearchRequest,
    now: DateTime<Utc>,
    on_page: impl FnMut(Vec<Paper>, u64) -> ControlFlow<()>,
) -> Result<SearchSummary, Error> {
    let size = page_size(0, search.want.unwrap_or(PAGE));
    let first = page(client, api_url, search, 0, size).await?;
    let total = first.total;
    let promised = search.want.map_or(total, |want| want.min(total));
    let mut walk = SearchWalk {
        client,
        api_url,
        on_page,
        total,
        goal: promised,
        received: 0,
        unreadable: first.unreadable,
        seen: HashSet::new(),
        stopped: false,
    };
    let window = ResultWindow::after(&first, walk.goal);
    walk.pass_on(first.papers);
    if walk.goal <= WINDOW {
        walk.remaining_pages(search, window).await?;
    } else {
        // Papers submitted meanwhile are the newest, and must not push out the oldest.
        walk.goal = search.want.unwrap_or(u64::MAX);
        walk.slices(search, now).await?;
    }
    if walk.received + walk.unreadable < promised && !walk.stopped {
        return Err(Error::Short {
            received: walk.received,
            promised,
        });
    }
    Ok(SearchSummary {
        total: walk.total,
        received: walk.received,
    })
}

/// One page of results.
struct ResultPage {
    total: u64,
    papers: Vec<Paper>,
    /// Entries that cannot be read. They are reported, and count as received.
    unreadable: u64,
}

impl ResultPage {
    /// The number of its entries.
    fn entries(&self) -> u64 {
        self.papers.len() as u64 + self.unreadable
    }
}

async fn page(
    client: &Client,
    api_url: &str,
    search: &SearchRequest,
    start: u64,
    max: u64,
) -> Result<ResultPage, net::Error> {
    let url = url(api_url, search, start, max);
    let read = client.get(&url, service::API, |response| {
        let feed = parse_feed(response)?;
        if let Some(error) = feed.error {
            return Err(ResponseError::Refused(error.message));
        }
        let Some(total) = feed.total else {
            return Err(ResponseError::Transient(
                "the feed does not say how many results there are".to_owned(),
            ));
        };
        let mut papers = feed.papers;
        for entry in &feed.unreadable {
            let id = entry
                .id
                .map_or_else(|| "a result".to_owned(), |id| id.to_string());
            client.emit(Event::Warning(format!("{id} is left out: {}", entry.reason)));
        }
        let unreadable = feed.unreadable.len() as u64;
        if papers.is_empty() && unreadable == 0 && start < total {
            let why = format!("an empty page at {start} where {total} results were promised");
            return Err(ResponseError::Transient(why));
        }
        papers.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        Ok(ResultPage {
            total,
            papers,
            unreadable,
        })
    });
    read.await
}

/// The position of the walk within one query's results.
struct ResultWindow {
    /// How many results the query has, according to its first page.
    total: u64,
    /// How many of them are wanted.
    goal: u64,
    /// Offset of the next result.
    start: u64,
    unreadable: u64,
    seen: HashSet<ArxivId>,
}

impl ResultWindow {
    /// How many different results were received.
    fn received(&self) -> u64 {
        self.seen.len() as u64 + self.unreadable
    }

    fn after(first: &ResultPage, goal: u64) -> Self {
        Self {
            total: first.total,
            goal,
            start: first.entries(),
            unreadable: first.unreadable,
            seen: first.papers.iter().map(|paper| paper.id).collect(),
        }
    }
}

struct SearchWalk<'a, F> {
    client: &'a Client,
    api_url: &'a str,
    on_page: F,
    /// How many results there are in all.
    total: u64,
    /// How many are wanted.
    goal: u64,
    received: u64,
    unreadable: u64,
    seen: HashSet<ArxivId>,
    stopped: bool,
}

impl<F: FnMut(Vec<Paper>, u64) -> ControlFlow<()>> SearchWalk<'_, F> {
    /// Passes on new results, up to the goal.
    fn pass_on(&mut self, mut papers: Vec<Paper>) {
        papers.retain(|paper| self.seen.insert(paper.id));
        papers.truncate(usize::try_from(self.goal - self.received).unwrap_or(usize::MAX));
        self.received += papers.len() as u64;
        if (self.on_page)(papers, self.total).is_break() {
            self.stopped = true;
        }
        self.client.emit(Event::Progress {
            done: self.received,
            total: Some(self.goal.min(self.total)),
        });
    }

    fn is_done(&self) -> bool {
        self.stopped || self.received >= self.goal
    }

    /// Fetches the pages of one query after its first.
    async fn remaining_pages(
        &mut self,
        search: &SearchRequest,
        mut window: ResultWindow,
    ) -> Result<(), Error> {
        while !self.is_done() && window.received() < window.goal {
            if window.start >= window.total.min(WINDOW) {
                let received = window.received();
                return Err(Error::Short {
                    received,
                    promised: window.goal,
                });
            }
            let missing = window.goal - window.received();
            let size = page_size(window.start, missing);
            let page = page(self.client, self.api_url, search, window.start, size).await?;
            if page.entries() == 0 {
                // The total has decreased since the first page.
                window.start = window.total;
                continue;
            }
            let known = window.seen.len();
            window.seen.extend(page.papers.iter().map(|paper| paper.id));
            window.unreadable += page.unreadable;
            self.unreadable += page.unreadable;
            if window.seen.len() == known && page.unreadable == 0 {
                return Err(Error::Repeats { start: window.start });
            }
            window.start += page.entries();
            self.pass_on(page.papers);
        }
        Ok(())
    }

    /// Fetches all results, by ranges of submission dates that each fit the window.
    async fn slices(&mut self, search: &SearchRequest, now: DateTime<Utc>) -> Result<(), Error> {
        let ascending = search.ascending && search.sort == SortBy::Submitted;
        // A stack: the range at its end is the next.
        let mut ranges = vec![DateSlice::whole(now)];
        while let Some(range) = ranges.pop().filter(|_| !self.is_done()) {
            let slice = SearchRequest {
                // A minute of overlap, because it is not certain whether the seconds of the last minute are included.
                query: syntax::with_dates(&search.query, range.from - TimeDelta::minutes(1), range.to),
                sort: SortBy::Submitted,
                ascending,
                want: None,
            };
            let first = page(self.client, self.api_url, &slice, 0, PAGE).await?;
            if first.total <= WINDOW {
                let window = ResultWindow::after(&first, first.total);
                self.unreadable += first.unreadable;
                self.pass_on(first.papers);
                self.remaining_pages(&slice, window).await?;
                continue;
            }
            let mut parts = range.split(first.total);
            if parts.len() < 2 {
                return Err(Error::Dense {
                    minute: range.from,
                    total: first.total,
                });
            }
            if ascending {
                parts.reverse();
            }
            ranges.extend(parts);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_encoded() {
        let search = SearchRequest {
            query: "ti:\"deep learning\" AND (au:Müller OR all:\"C++\") AND submittedDate:[1 TO 2]"
                .to_owned(),
            sort: SortBy::Submitted,
            ascending: false,
            want: Some(5),
        };
        assert_eq!(
            url("http://x/api/query", &search, 0, 5),
            "http://x/api/query?search_query=ti:%22deep+learning%22+AND+%28au:M%C3%BCller+OR+all:%22C%2B%2B%22%29\
             +AND+submittedDate:%5B1+TO+2%5D&start=0&max_results=5&sortBy=submittedDate&sortOrder=descending"
        );
    }
}
