//! Records from arXiv: by the query API in batches, by OAI-PMH one by one, and from this machine if both fail.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;

use super::local::{LocalRecords, arrived};
use crate::arxiv::{api, oai};
use crate::library::NegativeEntry;
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Source;
use crate::model::quantity::counted;
use crate::model::quantity::duration;
use crate::model::record::Record;
use crate::net::{self, Client};

/// arXiv's services that have records, and the time of the requests.
pub struct Arxiv<'a> {
    /// The client.
    pub client: &'a Client,
    /// The address of the query API.
    pub api_url: &'a Url,
    /// The address of OAI-PMH.
    pub oai_url: &'a Url,
    /// The time between two requests, to estimate how long many will take.
    pub interval: Duration,
    /// The time of the requests, which becomes `retrieved` in the records.
    pub now: DateTime<Utc>,
}

/// Which of arXiv's services a fetch asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Services {
    /// The query API. If it refuses, OAI-PMH for at most this many identifiers; then this machine.
    ApiElseOai {
        /// OAI-PMH takes one request a paper, at least 3 s each, so only a command whose work is the fetch itself
        /// goes on without a limit.
        at_most: usize,
    },
    /// Both, because only OAI-PMH knows licence, submitter and history; then this machine.
    ApiAndOai,
    /// The query API alone.
    ApiOnly,
    /// OAI-PMH alone.
    OaiOnly,
}

/// A fetch of some records: a stream of outcomes. The records are stored in the library as they arrive.
pub struct Fetch<'a, 'l> {
    arxiv: &'a Arxiv<'a>,
    local: &'a mut LocalRecords<'l>,
    services: Services,
    ids: Vec<ArxivId>,
    /// Identifiers without an outcome.
    unanswered: HashSet<ArxivId>,
    stage: Stage<'a>,
    /// With [`Services::ApiAndOai`], records of the query API that wait for what OAI-PMH adds to them.
    partial: HashMap<ArxivId, Record>,
    /// Why arXiv did not give all outcomes; returned last.
    failure: Option<net::Error>,
}

/// What a fetch does next.
enum Stage<'a> {
    Api(api::Records<'a>),
    Oai(OaiRequests),
    Local,
    End,
}

/// Identifiers that OAI-PMH is asked for, one after the other.
struct OaiRequests {
    ids: VecDeque<ArxivId>,
    total: u64,
    /// Answers to papers of which several versions were asked for: OAI-PMH knows papers, not versions.
    answers: HashMap<ArxivId, Option<oai::ListItem>>,
    /// The papers whose answer is needed again.
    repeated: HashSet<ArxivId>,
}

impl<'a, 'l> Fetch<'a, 'l> {
    /// Prepares a fetch of these identifiers, no two the same. Sends nothing.
    #[must_use]
    pub fn new(
        arxiv: &'a Arxiv<'a>,
        local: &'a mut LocalRecords<'l>,
        services: Services,
        ids: &[ArxivId],
    ) -> Self {
        let mut fetch = Self {
            arxiv,
            local,
            services,
            ids: ids.to_vec(),
            unanswered: ids.iter().copied().collect(),
            stage: Stage::End,
            partial: HashMap::new(),
            failure: None,
        };
        fetch.stage = match services {
            Services::OaiOnly => fetch.oai_stage(ids.len()),
            _ => Stage::Api(api::Records::new(
                arxiv.client,
                arxiv.api_url.as_str(),
                ids.to_vec(),
            )),
        };
        fetch
    }

    /// Returns the next outcomes, or `None` after the last.
    ///
    /// An error is returned once and last: why arXiv did not answer for some identifiers. They then have the record of
    /// this machine as their outcome, however old, or none.
    pub async fn next(&mut self) -> Result<Option<Vec<(ArxivId, Outcome)>>, net::Error> {
        loop {
            let outcomes = match std::mem::replace(&mut self.stage, Stage::End) {
                Stage::Api(records) => self.next_of_api(records).await,
                Stage::Oai(requests) => self.next_of_oai(requests).await,
                Stage::Local => self.finish_locally(),
                Stage::End => return self.failure.take().map_or(Ok(None), Err),
            };
            if !outcomes.is_empty() {
                for (id, _) in &outcomes {
                    self.unanswered.remove(id);
                }
                return Ok(Some(outcomes));
            }
        }
    }

    async fn next_of_api(&mut self, mut records: api::Records<'a>) -> Vec<(ArxivId, Outcome)> {
        match records.next().await {
            Ok(Some(outcomes)) => {
                self.stage = Stage::Api(records);
                self.accept(outcomes)
            }
            Ok(None) => {
                self.stage = match self.services {
                    Services::ApiAndOai => self.oai_stage(usize::MAX),
                    _ => Stage::Local,
                };
                Vec::new()
            }
            Err(error) => {
                self.stage = self.after_api_failure(&error);
                self.failure = Some(error);
                Vec::new()
            }
        }
    }

    /// Where a fetch goes on after the query API gave up.
    fn after_api_failure(&mut self, error: &net::Error) -> Stage<'a> {
        let at_most = match self.services {
            Services::ApiElseOai { at_most } => at_most,
            Services::ApiAndOai => usize::MAX,
            Services::ApiOnly | Services::OaiOnly => 0,
        };
        if at_most == 0 || !another_service_may_answer(error) {
            return Stage::Local;
        }
        let how = match self.services {
            Services::ApiAndOai => "alone",
            _ => "instead",
        };
        self.warn(format!("{error}; asking OAI-PMH {how}"));
        self.oai_stage(at_most)
    }

    /// OAI-PMH for the first identifiers that have no outcome.
    fn oai_stage(&self, at_most: usize) -> Stage<'a> {
        let unanswered = self.ids.iter().filter(|id| self.unanswered.contains(id));
        let ids: VecDeque<ArxivId> = unanswered.take(at_most).copied().collect();
        let total = ids.len() as u64;
        if total > 1 {
            let time = self.arxiv.interval * u32::try_from(total).unwrap_or(u32::MAX);
            self.warn(format!(
                "OAI-PMH gives {} one by one, which takes {} at least; Ctrl-C ends it, and what arrived is printed",
                counted(total, "paper"),
                duration(time)
            ));
        }
        let mut seen = HashSet::new();
        let papers = ids.iter().map(|id| id.base());
        let repeated = papers.filter(|paper| !seen.insert(*paper)).collect();
        Stage::Oai(OaiRequests {
            ids,
            total,
            answers: HashMap::new(),
            repeated,
        })
    }

    async fn next_of_oai(&mut self, mut requests: OaiRequests) -> Vec<(ArxivId, Outcome)> {
        let Some(id) = requests.ids.pop_front() else {
            self.stage = Stage::Local;
            // OAI-PMH answered everything that the query API did not.
            if self.unanswered.iter().all(|id| self.partial.contains_key(id)) {
                self.failure = None;
            }
            return Vec::new();
        };
        match self.oai_answer(&mut requests, id).await {
            Ok(answer) => {
                self.arxiv.client.emit(Event::Progress {
                    done: requests.total - requests.ids.len() as u64,
                    total: Some(requests.total),
                });
                self.stage = Stage::Oai(requests);
                vec![(id, self.accept_oai(id, answer))]
            }
            Err(error) => {
                self.stage = Stage::Local;
                // The first service's error explains more than that of the one that was asked in its place.
                match &self.failure {
                    Some(_) if !matches!(error, net::Error::Interrupted) => {
                        self.warn(format!("OAI-PMH: {error}"));
                    }
                    _ => self.failure = Some(error),
                }
                Vec::new()
            }
        }
    }

    async fn oai_answer(
        &self,
        requests: &mut OaiRequests,
        id: ArxivId,
    ) -> Result<Option<oai::ListItem>, net::Error> {
        if let Some(answer) = requests.answers.get(&id.base()) {
            return Ok(answer.clone());
        }
        let Arxiv { client, oai_url, .. } = self.arxiv;
        let answer = oai::record(client, oai_url.as_str(), id).await?;
        if requests.repeated.contains(&id.base()) {
            requests.answers.insert(id.base(), answer.clone());
        }
        Ok(answer)
    }

    /// Stores a batch of the query API's records, all in one write.
    fn accept(&mut self, outcomes: Vec<(ArxivId, Outcome)>) -> Vec<(ArxivId, Outcome)> {
        let now = self.arxiv.now;
        let mut records = Vec::new();
        let mut absent = Vec::new();
        let mut others = Vec::new();
        for (id, outcome) in outcomes {
            match outcome {
                Outcome::Found(paper, _) => {
                    let is_newest = id.version().is_none();
                    records.push((id, arrived(*paper, Source::Api, now, is_newest)));
                    continue;
                }
                Outcome::Failed(Status::NotFound, ref reason) => {
                    let reason = reason.clone();
                    absent.push((
                        id,
                        NegativeEntry {
                            checked_at: now,
                            deleted: false,
                            reason,
                        },
                    ));
                }
                _ => {}
            }
            others.push((id, outcome));
        }
        let (ids, records): (Vec<_>, Vec<_>) = records.into_iter().unzip();
        self.local.store(&records, &absent);
        let records = ids.into_iter().zip(records);
        if self.services == Services::ApiAndOai {
            self.partial.extend(records);
            return others;
        }
        let found = records.map(|(id, record)| (id, self.found(id, record)));
        found.chain(others).collect()
    }

    fn accept_oai(&mut self, id: ArxivId, answer: Option<oai::ListItem>) -> Outcome {
        let partial = self.partial.remove(&id);
        match (answer, partial) {
            (Some(oai::ListItem::Record(record)), partial) => {
                let record = arrived(record.paper, Source::Oai, self.arxiv.now, true);
                self.local.store(std::slice::from_ref(&record), &[]);
                let is_version = id.version().is_none() || id.version() == record.paper.version;
                match partial {
                    Some(partial) => self.found(id, completed(partial, record)),
                    None if is_version => self.found(id, record),
                    None => Outcome::Failed(Status::Unavailable, only_newest(&record)),
                }
            }
            (_, Some(partial)) => {
                self.warn(format!(
                    "{id}: OAI-PMH has no record of it: licence, submitter and history may be missing"
                ));
                self.found(id, partial)
            }
            (Some(oai::ListItem::Deleted(_, day)), None) => {
                Outcome::Failed(Status::Deleted, format!("arXiv deleted this paper on {day}"))
            }
            (Some(oai::ListItem::Unreadable(unreadable)), None) => Outcome::Failed(
                Status::Unavailable,
                format!("arXiv's answer cannot be read: {}", unreadable.reason),
            ),
            (Some(oai::ListItem::Header(..)) | None, None) => {
                Outcome::Failed(Status::NotFound, "arXiv's OAI-PMH has no such paper".to_owned())
            }
        }
    }

    /// Outcomes from this machine for what arXiv did not answer, or answered in part.
    fn finish_locally(&mut self) -> Vec<(ArxivId, Outcome)> {
        let mut outcomes = Vec::new();
        let alone = matches!(self.services, Services::ApiOnly | Services::OaiOnly);
        let may_be_old = match &self.failure {
            Some(failure) => !alone && !matches!(failure, net::Error::Interrupted),
            None => false,
        };
        for id in std::mem::take(&mut self.ids) {
            if !self.unanswered.contains(&id) {
                continue;
            }
            if let Some(record) = self.partial.remove(&id) {
                self.warn(format!(
                    "{id}: OAI-PMH did not answer: licence, submitter and history may be missing"
                ));
                outcomes.push((id, self.found(id, record)));
            } else if may_be_old {
                outcomes.extend(self.local.any_age(id).map(|outcome| (id, outcome)));
            }
        }
        outcomes
    }

    fn found(&mut self, id: ArxivId, record: Record) -> Outcome {
        let paper = self.local.merge(id, record);
        let origin = paper.source.into();
        Outcome::Found(paper, origin)
    }

    fn warn(&self, message: String) {
        self.arxiv.client.emit(Event::Warning(message));
    }
}

/// Whether the service itself refuses, so that another one of arXiv's may still answer.
fn another_service_may_answer(error: &net::Error) -> bool {
    matches!(
        error,
        net::Error::GaveUp { reached: true, .. } | net::Error::Refused { .. }
    )
}

/// The query API's record with what OAI-PMH adds to it, which knows only the newest version.
fn completed(api: Record, oai: Record) -> Record {
    if oai.paper.version <= api.paper.version {
        return if oai.paper.version == api.paper.version {
            Record::merge(api, oai, false)
        } else {
            Record::merge(oai, api, false)
        };
    }
    let mut api = api;
    let history = oai.paper.versions.unwrap_or_default();
    let own = history.iter().find(|one| Some(one.version) == api.paper.version);
    if let Some(withdrawn) = own.and_then(|version| version.withdrawn) {
        api.paper.withdrawn = Some(withdrawn);
    }
    api.paper.versions = Some(history).filter(|history| !history.is_empty());
    api
}

fn only_newest(record: &Record) -> String {
    let newest = record
        .paper
        .version
        .map_or_else(String::new, |version| format!(", v{version}"));
    format!("OAI-PMH has only the newest version{newest}")
}
