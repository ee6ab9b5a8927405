//! Search: pages within the service's window of 10,000 results, and slices by submission date past it.

use std::collections::HashSet;
use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};

use super::window::{Range, page_size};
use super::{PAGE, WINDOW, feed};
use crate::arxiv::{service, syntax};
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// A search as it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Search {
    /// In arXiv's syntax, not encoded.
    pub query: String,
    /// The order.
    pub sort: SortBy,
    /// Whether the least comes first; the best match counts as the most.
    pub ascending: bool,
    /// So many results; all where none.
    pub want: Option<u64>,
}

/// What results are ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SortBy {
    /// How well they match.
    #[default]
    Relevance,
    /// The first version's submission.
    Submitted,
    /// The newest version's submission.
    Updated,
}

/// What a search came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// How many results arXiv has.
    pub total: u64,
    /// How many were handed out.
    pub came: u64,
}

/// Why a search is not complete.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// Fewer results came than were promised.
    #[error("arXiv promised {promised} results and gave {came}")]
    Short {
        /// How many came, each once.
        came: u64,
        /// How many were promised, or wanted if that is less.
        promised: u64,
    },
    /// A page of nothing but results that had come before.
    #[error("arXiv repeats itself: all results from {start} on had come before")]
    Repeats {
        /// The first result of the page, counted from 0.
        start: u64,
    },
    /// More papers than the window holds within one minute, which is as fine as arXiv's search goes.
    #[error("{total} results were submitted in the minute of {minute}, more than arXiv's search can give")]
    Dense {
        /// The minute.
        minute: DateTime<Utc>,
        /// How many.
        total: u64,
    },
}

/// The URL of a page, for a person to read or the client to get.
#[must_use]
pub fn url(api_url: &str, search: &Search, start: u64, max: u64) -> String {
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

/// Searches, and hands each page's new results to `on_page` with the total; `Break` ends the search in order.
///
/// Where more than 10,000 results are wanted, the first page is followed by slices of submission dates, up to one day
/// after `now`: oldest first if sorted so, else newest first, whatever the order of the first page. The first call of
/// `on_page` comes before that, so that its caller can look at the total and stop.
pub async fn search(
    client: &Client,
    api_url: &str,
    search: &Search,
    now: DateTime<Utc>,
    on_page: impl FnMut(Vec<Paper>, u64) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    let size = page_size(0, search.want.unwrap_or(PAGE));
    let first = page(client, api_url, search, 0, size).await?;
    let total = first.total;
    let promised = search.want.map_or(total, |want| want.min(total));
    let mut walk = Walk {
        client,
        api_url,
        on_page,
        total,
        goal: promised,
        came: 0,
        unreadable: first.unreadable,
        seen: HashSet::new(),
        stopped: false,
    };
    let window = Window::of(&first, walk.goal);
    walk.take(first.papers);
    if walk.goal <= WINDOW {
        walk.window(search, window).await?;
    } else {
        // Papers that come in meanwhile are newest, and must not push out the oldest.
        walk.goal = search.want.unwrap_or(u64::MAX);
        walk.slices(search, now).await?;
    }
    if walk.came + walk.unreadable < promised && !walk.stopped {
        return Err(Error::Short {
            came: walk.came,
            promised,
        });
    }
    Ok(Summary {
        total: walk.total,
        came: walk.came,
    })
}

struct Page {
    total: u64,
    papers: Vec<Paper>,
    /// Entries that cannot be read. They count as come, and are told of.
    unreadable: u64,
}

impl Page {
    /// How many entries it has.
    fn entries(&self) -> u64 {
        self.papers.len() as u64 + self.unreadable
    }
}

async fn page(
    client: &Client,
    api_url: &str,
    search: &Search,
    start: u64,
    max: u64,
) -> Result<Page, net::Error> {
    let url = url(api_url, search, start, max);
    let read = client.get(&url, service::API, |answer| {
        let feed = feed(answer)?;
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
        Ok(Page {
            total,
            papers,
            unreadable,
        })
    });
    read.await
}

/// Where the walk over one query's results is.
struct Window {
    /// How many results the query has, as its first page said.
    total: u64,
    /// How many of them are wanted.
    goal: u64,
    /// The next result to ask for.
    start: u64,
    unreadable: u64,
    seen: HashSet<ArxivId>,
}

impl Window {
    /// How many of the results were there, each once.
    fn came(&self) -> u64 {
        self.seen.len() as u64 + self.unreadable
    }

    fn of(first: &Page, goal: u64) -> Self {
        Self {
            total: first.total,
            goal,
            start: first.entries(),
            unreadable: first.unreadable,
            seen: first.papers.iter().map(|paper| paper.id).collect(),
        }
    }
}

struct Walk<'a, F> {
    client: &'a Client,
    api_url: &'a str,
    on_page: F,
    /// How many results there are in all.
    total: u64,
    /// How many are wanted.
    goal: u64,
    came: u64,
    unreadable: u64,
    seen: HashSet<ArxivId>,
    stopped: bool,
}

impl<F: FnMut(Vec<Paper>, u64) -> ControlFlow<()>> Walk<'_, F> {
    /// Hands out what had not come before, up to the goal.
    fn take(&mut self, mut papers: Vec<Paper>) {
        papers.retain(|paper| self.seen.insert(paper.id));
        papers.truncate(usize::try_from(self.goal - self.came).unwrap_or(usize::MAX));
        self.came += papers.len() as u64;
        if (self.on_page)(papers, self.total).is_break() {
            self.stopped = true;
        }
        self.client.emit(Event::Progress {
            done: self.came,
            total: Some(self.goal.min(self.total)),
        });
    }

    fn is_done(&self) -> bool {
        self.stopped || self.came >= self.goal
    }

    /// The pages of one query after its first.
    async fn window(&mut self, search: &Search, mut window: Window) -> Result<(), Error> {
        while !self.is_done() && window.came() < window.goal {
            if window.start >= window.total.min(WINDOW) {
                let came = window.came();
                return Err(Error::Short {
                    came,
                    promised: window.goal,
                });
            }
            let missing = window.goal - window.came();
            let size = page_size(window.start, missing);
            let page = page(self.client, self.api_url, search, window.start, size).await?;
            if page.entries() == 0 {
                // The total has shrunk since the first page.
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
            self.take(page.papers);
        }
        Ok(())
    }

    /// All results, by ranges of submission dates that each fit the window.
    async fn slices(&mut self, search: &Search, now: DateTime<Utc>) -> Result<(), Error> {
        let ascending = search.ascending && search.sort == SortBy::Submitted;
        // The next range is the last.
        let mut ranges = vec![Range::whole(now)];
        while let Some(range) = ranges.pop().filter(|_| !self.is_done()) {
            let slice = Search {
                // A minute of overlap: whether the end's own seconds belong to it is not certain.
                query: syntax::with_dates(&search.query, range.from - TimeDelta::minutes(1), range.to),
                sort: SortBy::Submitted,
                ascending,
                want: None,
            };
            let first = page(self.client, self.api_url, &slice, 0, PAGE).await?;
            if first.total <= WINDOW {
                let window = Window::of(&first, first.total);
                self.unreadable += first.unreadable;
                self.take(first.papers);
                self.window(&slice, window).await?;
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
        let search = Search {
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
