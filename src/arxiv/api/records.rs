//! Records by identifier.
//!
//! The service returns records in no order and does not mention identifiers that do not exist, and one identifier that
//! it does not accept fails the whole list. Records that were not requested are dropped. "Not found" is concluded only
//! if the number of entries is the promised one, and never from one empty response, because short and empty pages are
//! frequent.

use std::collections::{HashMap, VecDeque};

use super::parse_feed;
use crate::arxiv::atom::UnreadableEntry;
use crate::arxiv::service;
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::ledger::{RecordOrigin, Status};
use crate::model::outcome::Outcome;
use crate::model::paper::Paper;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// Identifiers in one request. A response of 200 records has some 800 kB, and a failed request costs no more than these.
const MAX_IDS: usize = 200;
/// Characters of one URL, which servers and proxies on the way accept.
const MAX_URL: usize = 4_000;

/// Returns the least number of requests for this many identifiers.
#[must_use]
pub fn requests_for(ids: usize) -> usize {
    ids.div_ceil(MAX_IDS)
}

/// The outcomes of some identifiers, in the order given, as the query API answers batch after batch.
pub struct Records<'a> {
    client: &'a Client,
    api_url: &'a str,
    ids: Vec<ArxivId>,
    /// The outcome of each identifier, taken when it is returned.
    outcomes: Vec<Option<Outcome>>,
    /// The first identifier whose outcome has not been returned.
    next: usize,
    /// Indices of the identifiers that have not been requested.
    pending: VecDeque<usize>,
    /// The error that ended the requests, until it is returned.
    failure: Option<net::Error>,
}

impl<'a> Records<'a> {
    /// Prepares the requests for these identifiers, no two the same. Sends nothing.
    #[must_use]
    pub fn new(client: &'a Client, api_url: &'a str, ids: Vec<ArxivId>) -> Self {
        let deleted = |id: &ArxivId| id.deleted().map(Outcome::deleted);
        let outcomes: Vec<Option<Outcome>> = ids.iter().map(deleted).collect();
        let unknown = |(index, outcome): (usize, &Option<Outcome>)| outcome.is_none().then_some(index);
        let pending = outcomes.iter().enumerate().filter_map(unknown).collect();
        Self {
            client,
            api_url,
            ids,
            outcomes,
            next: 0,
            pending,
            failure: None,
        }
    }

    /// Returns the next outcomes, or `None` after the last.
    ///
    /// An error is returned once, after every outcome that arrived before it; the other identifiers have no outcome.
    pub async fn next(&mut self) -> Result<Option<Vec<(ArxivId, Outcome)>>, net::Error> {
        loop {
            let ready = self.ready();
            if !ready.is_empty() {
                return Ok(Some(ready));
            }
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if self.pending.is_empty() {
                return Ok(None);
            }
            if let Err(error) = self.request().await {
                self.failure = Some(error);
                self.pending.clear();
                let arrived = self.all();
                if !arrived.is_empty() {
                    return Ok(Some(arrived));
                }
            }
        }
    }

    /// Sends one request, for the next batch.
    async fn request(&mut self) -> Result<(), net::Error> {
        let batch = next_batch(&self.ids, &mut self.pending, self.api_url);
        let ids: Vec<ArxivId> = batch.iter().map(|&index| self.ids[index]).collect();
        match request_batch(self.client, self.api_url, &ids).await? {
            BatchResponse::Papers(papers, unreadable) => {
                let mut found = match_papers(&ids, papers);
                for (&index, id) in batch.iter().zip(&ids) {
                    let paper = found.remove(id);
                    let outcome = paper.map(|paper| Outcome::Found(paper, RecordOrigin::Api));
                    self.outcomes[index] = Some(outcome.unwrap_or_else(|| missing(*id, &unreadable)));
                }
            }
            BatchResponse::WrongCount(papers, error) => {
                let mut found = match_papers(&ids, papers);
                for (&index, id) in batch.iter().zip(&ids) {
                    let paper = found.remove(id);
                    self.outcomes[index] = paper.map(|paper| Outcome::Found(paper, RecordOrigin::Api));
                }
                return Err(error);
            }
            BatchResponse::Malformed(malformed, message) => {
                for (&index, id) in batch.iter().zip(&ids).rev() {
                    if *id == malformed {
                        let reason = format!("arXiv does not accept it: {message}");
                        self.outcomes[index] = Some(Outcome::Failed(Status::Malformed, reason));
                    } else {
                        self.pending.push_front(index);
                    }
                }
            }
        }
        let done = self.ids.len() - self.pending.len();
        self.client.emit(Event::Progress {
            done: done as u64,
            total: Some(self.ids.len() as u64),
        });
        Ok(())
    }

    /// Takes the outcomes that follow those returned so far without a gap.
    fn ready(&mut self) -> Vec<(ArxivId, Outcome)> {
        let waiting = self.ids.iter().zip(&mut self.outcomes).skip(self.next);
        let ready: Vec<_> = waiting
            .map_while(|(id, outcome)| Some((*id, outcome.take()?)))
            .collect();
        self.next += ready.len();
        ready
    }

    /// Takes every outcome there is.
    fn all(&mut self) -> Vec<(ArxivId, Outcome)> {
        let outcomes = self.ids.iter().zip(&mut self.outcomes);
        outcomes
            .filter_map(|(id, outcome)| Some((*id, outcome.take()?)))
            .collect()
    }
}

/// Takes the indices of the next request from `pending`, in order.
///
/// A paper is never requested with and without a version at once: one entry could then be the answer to either, and the
/// record of a version must not be taken for the newest.
fn next_batch(ids: &[ArxivId], pending: &mut VecDeque<usize>, api_url: &str) -> Vec<usize> {
    let mut batch = Vec::new();
    let mut has_version: HashMap<ArxivId, bool> = HashMap::new();
    let mut length = list_url(api_url, &[]).len() + 2;
    let mut postponed = VecDeque::new();
    while let Some(index) = pending.pop_front() {
        let id = ids[index];
        let added = id.to_string().len() + 1;
        if batch.len() == MAX_IDS || (length + added > MAX_URL && !batch.is_empty()) {
            postponed.push_back(index);
            break;
        }
        if *has_version.entry(id.base()).or_insert(id.version().is_some()) == id.version().is_some() {
            batch.push(index);
            length += added;
        } else {
            postponed.push_back(index);
        }
    }
    postponed.append(pending);
    *pending = postponed;
    batch
}

fn list_url(api_url: &str, batch: &[ArxivId]) -> String {
    let list: Vec<String> = batch.iter().map(ToString::to_string).collect();
    // Without max_results the service silently returns ten.
    let count = batch.len().to_string();
    with_parameters(
        api_url,
        &[
            ("id_list", &list.join(",")),
            ("start", "0"),
            ("max_results", &count),
        ],
    )
}

enum BatchResponse {
    Papers(Vec<Paper>, Vec<UnreadableEntry>),
    /// The records of a feed whose count disagrees with its entries, at every try. Which of the others exist is unknown.
    WrongCount(Vec<Paper>, net::Error),
    /// An identifier of the batch that arXiv does not accept, with its message.
    Malformed(ArxivId, String),
}

/// Requests a batch, and again if the first response is empty.
async fn request_batch(
    client: &Client,
    api_url: &str,
    batch: &[ArxivId],
) -> Result<BatchResponse, net::Error> {
    match request_batch_once(client, api_url, batch).await? {
        BatchResponse::Papers(papers, unreadable) if papers.is_empty() && unreadable.is_empty() => {
            request_batch_once(client, api_url, batch).await
        }
        response => Ok(response),
    }
}

async fn request_batch_once(
    client: &Client,
    api_url: &str,
    batch: &[ArxivId],
) -> Result<BatchResponse, net::Error> {
    let mut malformed = None;
    let mut received = Vec::new();
    let url = list_url(api_url, batch);
    let read = client.get(&url, service::API, |response| {
        let feed = parse_feed(response)?;
        if let Some(error) = feed.error {
            let id = error.code.as_deref().and_then(|code| malformed_id(code, batch));
            malformed = id.map(|id| (id, error.message.clone()));
            return Err(ResponseError::Refused(error.message));
        }
        match feed.total {
            Some(total) if total == (feed.papers.len() + feed.unreadable.len()) as u64 => {
                Ok((feed.papers, feed.unreadable))
            }
            Some(total) => {
                let count = feed.papers.len() + feed.unreadable.len();
                received = feed.papers;
                Err(ResponseError::Transient(format!(
                    "{count} records came where {total} were promised"
                )))
            }
            None => Err(ResponseError::Transient(
                "the feed does not say how many records it has".to_owned(),
            )),
        }
    });
    match (read.await, malformed) {
        (Ok((papers, unreadable)), _) => Ok(BatchResponse::Papers(papers, unreadable)),
        (Err(net::Error::Refused { .. }), Some((id, message))) => Ok(BatchResponse::Malformed(id, message)),
        (Err(error @ net::Error::GaveUp { .. }), _) if !received.is_empty() => {
            Ok(BatchResponse::WrongCount(received, error))
        }
        (Err(error), _) => Err(error),
    }
}

/// Returns the outcome of an identifier without a record. It is unavailable if its entry, or an entry without a readable
/// identifier, cannot be read; otherwise arXiv does not have it.
fn missing(id: ArxivId, unreadable: &[UnreadableEntry]) -> Outcome {
    let fits = |entry: &&UnreadableEntry| entry.id.is_none_or(|its| its == id || its.base() == id);
    match unreadable.iter().find(fits) {
        Some(entry) => Outcome::Failed(
            Status::Unavailable,
            format!("arXiv's answer cannot be read: {}", entry.reason),
        ),
        None => Outcome::not_found(id),
    }
}

/// Returns the identifier of the batch that the code of an error feed names.
fn malformed_id(code: &str, batch: &[ArxivId]) -> Option<ArxivId> {
    let text = code.strip_prefix("incorrect_id_format_for_")?;
    batch.iter().copied().find(|id| id.to_string() == text)
}

/// Matches records to the requested identifiers, never by their order.
fn match_papers(requested: &[ArxivId], papers: Vec<Paper>) -> HashMap<ArxivId, Box<Paper>> {
    let wanted: std::collections::HashSet<ArxivId> = requested.iter().copied().collect();
    let mut found: HashMap<ArxivId, Box<Paper>> = HashMap::with_capacity(papers.len());
    for mut paper in papers {
        let exact = paper.version.map(|version| paper.id.with_version(version));
        let key = exact.filter(|id| wanted.contains(id)).unwrap_or(paper.id);
        let is_newer = found.get(&key).is_none_or(|other| other.version < paper.version);
        if wanted.contains(&key) && is_newer {
            paper.requested_id = Some(key);
            found.insert(key, Box::new(paper));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ArxivId {
        ArxivId::parse(text).unwrap()
    }

    #[test]
    fn batches_are_full_fit_a_url_and_never_mix_forms_of_a_paper() {
        let ids: Vec<ArxivId> = (1..=450).map(|n| id(&format!("2501.{n:05}"))).collect();
        let mut pending: VecDeque<usize> = (0..ids.len()).collect();
        let sizes: Vec<usize> = std::iter::from_fn(|| {
            let batch = next_batch(&ids, &mut pending, "http://x/api/query");
            (!batch.is_empty()).then_some(batch.len())
        })
        .collect();
        assert_eq!(sizes, [200, 200, 50]);

        let long: Vec<ArxivId> = (1..=200)
            .map(|n| id(&format!("cond-mat/9901{n:03}v12")))
            .collect();
        let mut pending: VecDeque<usize> = (0..long.len()).collect();
        let batch = next_batch(&long, &mut pending, "http://x/api/query");
        let requested: Vec<ArxivId> = batch.iter().map(|&index| long[index]).collect();
        assert!(batch.len() > 150 && batch.len() < 200);
        assert!(list_url("http://x/api/query", &requested).len() <= MAX_URL);

        let mixed = [
            "2501.00001",
            "2501.00001v1",
            "2501.00001v2",
            "2501.00002",
            "2501.00002v1",
        ]
        .map(id);
        let mut pending: VecDeque<usize> = (0..mixed.len()).collect();
        assert_eq!(next_batch(&mixed, &mut pending, ""), [0, 3]);
        assert_eq!(next_batch(&mixed, &mut pending, ""), [1, 2, 4]);
        assert!(pending.is_empty());
    }

    #[test]
    fn records_are_matched_by_identifier_and_version() {
        let papers = [
            "2501.00003v2",
            "2501.00001v4",
            "2501.00009v1",
            "2501.00001v5",
            "2501.00002v1",
        ]
        .map(|text| Paper::new(id(text), text));
        let requested = ["2501.00001", "2501.00002v1", "2501.00003v1"].map(id);
        let found = match_papers(&requested, papers.to_vec());
        assert_eq!(found.len(), 2);
        assert_eq!(found[&requested[0]].title, "2501.00001v5");
        assert_eq!(found[&requested[1]].requested_id, Some(requested[1]));
    }
}
