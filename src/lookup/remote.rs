//! arXiv asked for records: by the query API in batches, by OAI-PMH one by one, and what is left when both fail.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;

use super::local::{LocalRecords, answered};
use super::{Outcome, not_found, outcome};
use crate::arxiv::{api, oai};
use crate::library::NegativeEntry;
use crate::model::count::counted;
use crate::model::event::{Event, span};
use crate::model::id::ArxivId;
use crate::model::paper::Source;
use crate::model::record::Record;
use crate::net::{self, Client};

/// arXiv's services that give records, and the time of asking.
pub struct Arxiv<'a> {
    /// The client.
    pub client: &'a Client,
    /// The query API's address.
    pub api_url: &'a Url,
    /// OAI-PMH's address.
    pub oai_url: &'a Url,
    /// The time between two requests, to say how long many will take.
    pub interval: Duration,
    /// The time of asking.
    pub now: DateTime<Utc>,
}

/// Which way records come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// By the query API; what it does not answer is taken from here, however old.
    Api,
    /// By the query API, else by OAI-PMH, else from here.
    ApiElseOai,
    /// By both, so that licence, submitter and history are there; else from here.
    ApiAndOai,
    /// By the query API alone.
    OnlyApi,
    /// By OAI-PMH alone.
    OnlyOai,
}

/// Asks arXiv for these identifiers, no two the same, puts what comes into the library, and hands on what became of
/// each. `Break` ends the asking in order.
///
/// After an error what could be had was handed on, the stale record of this machine for what arXiv did not answer; the
/// rest is unanswered.
pub async fn ask(
    arxiv: &Arxiv<'_>,
    here: &mut LocalRecords<'_>,
    way: Strategy,
    ids: &[ArxivId],
    each: impl FnMut(ArxivId, Outcome) -> ControlFlow<()>,
) -> Result<(), net::Error> {
    let mut asking = Fetch {
        arxiv,
        here,
        each,
        open: ids.iter().copied().collect(),
        enough: false,
        half: (way == Strategy::ApiAndOai).then(HashMap::new),
    };
    let asked = match way {
        Strategy::OnlyOai => asking.by_oai(ids).await,
        Strategy::ApiAndOai => asking.by_both(ids).await,
        Strategy::ApiElseOai => asking.by_either(ids).await,
        Strategy::Api | Strategy::OnlyApi => asking.by_api(ids).await,
    };
    let alone = matches!(way, Strategy::OnlyApi | Strategy::OnlyOai);
    match asked {
        Err(error) if !alone && !matches!(error, net::Error::Interrupted) => {
            asking.fill_in(ids);
            Err(error)
        }
        asked => asked,
    }
}

struct Fetch<'a, 'h, F> {
    arxiv: &'a Arxiv<'a>,
    here: &'a mut LocalRecords<'h>,
    each: F,
    /// Not answered yet.
    open: HashSet<ArxivId>,
    /// Nobody wants more.
    enough: bool,
    /// Records of the API that wait for what OAI-PMH adds; none where nothing is to be added.
    half: Option<HashMap<ArxivId, Record>>,
}

impl<F: FnMut(ArxivId, Outcome) -> ControlFlow<()>> Fetch<'_, '_, F> {
    async fn by_api(&mut self, ids: &[ArxivId]) -> Result<(), net::Error> {
        let Arxiv { client, api_url, .. } = self.arxiv;
        api::records(client, api_url.as_str(), ids, |settled| self.settle(settled)).await
    }

    /// By OAI-PMH what the query API refuses.
    async fn by_either(&mut self, ids: &[ArxivId]) -> Result<(), net::Error> {
        let failure = match self.by_api(ids).await {
            Err(failure) if keeps_refusing(&failure) => failure,
            asked => return asked,
        };
        self.warn(format!("{failure}; asking by OAI-PMH instead"));
        self.fall_back(ids, failure).await
    }

    /// By the query API, and by OAI-PMH what that cannot know.
    async fn by_both(&mut self, ids: &[ArxivId]) -> Result<(), net::Error> {
        let asked = match self.by_api(ids).await {
            Ok(()) => self.by_oai(&self.still_open(ids)).await,
            Err(failure) if keeps_refusing(&failure) => {
                self.warn(format!("{failure}; asking by OAI-PMH alone"));
                self.fall_back(ids, failure).await
            }
            Err(failure) => Err(failure),
        };
        // What the API gave is an answer, if not all of it.
        for id in self.still_open(ids) {
            if let Some(record) = self.take_half(id) {
                self.warn(format!(
                    "{id}: OAI-PMH did not answer: licence, submitter and history may lack"
                ));
                self.found(id, record);
            }
        }
        asked
    }

    async fn fall_back(&mut self, ids: &[ArxivId], failure: net::Error) -> Result<(), net::Error> {
        let open = self.still_open(ids);
        match self.by_oai(&open).await {
            Err(net::Error::Interrupted) => Err(net::Error::Interrupted),
            Err(error) => {
                self.warn(format!("OAI-PMH: {error}"));
                Err(failure)
            }
            Ok(()) => Ok(()),
        }
    }

    async fn by_oai(&mut self, ids: &[ArxivId]) -> Result<(), net::Error> {
        if ids.len() > 1 && !self.enough {
            let time = self.arxiv.interval * u32::try_from(ids.len()).unwrap_or(u32::MAX);
            let papers = counted(ids.len() as u64, "paper");
            self.warn(format!(
                "OAI-PMH gives {papers} one by one, in {} at least; Ctrl-C ends it, and what came is printed",
                span(time)
            ));
        }
        let several = asked_twice(ids);
        let mut answers: HashMap<ArxivId, oai::Single> = HashMap::new();
        for (done, id) in ids.iter().enumerate() {
            if self.enough {
                break;
            }
            let Arxiv { client, oai_url, .. } = self.arxiv;
            // OAI-PMH knows papers, not versions: one answer is for all that are asked for.
            let answer = match answers.get(&id.base()) {
                Some(answer) => Clone::clone(answer),
                None => oai::record(client, oai_url.as_str(), *id).await?,
            };
            if several.contains(&id.base()) {
                answers.insert(id.base(), answer.clone());
            }
            self.take_oai(*id, answer);
            client.emit(Event::Progress {
                done: done as u64 + 1,
                total: Some(ids.len() as u64),
            });
        }
        Ok(())
    }

    /// Takes a batch of the query API's answers: all into the library in one, then on.
    fn settle(&mut self, settled: Vec<(ArxivId, api::Answer)>) -> ControlFlow<()> {
        let now = self.arxiv.now;
        let mut found = Vec::new();
        let mut records = Vec::new();
        let mut absent = Vec::new();
        let mut rest = Vec::new();
        for (id, answer) in settled {
            match answer {
                api::Answer::Found(paper) => {
                    found.push(id);
                    records.push(answered(*paper, Source::Api, now, id.version().is_none()));
                }
                api::Answer::NotFound => {
                    let reason = not_found(id);
                    absent.push((id, NegativeEntry { asked: now, reason }));
                    rest.push((id, answer));
                }
                _ => rest.push((id, answer)),
            }
        }
        self.here.learn(&records, &absent);
        for (id, record) in found.into_iter().zip(records) {
            match &mut self.half {
                Some(half) => drop(half.insert(id, record)),
                None => self.found(id, record),
            }
        }
        for (id, answer) in rest {
            self.tell(id, outcome(id, answer, Outcome::Found));
        }
        if self.enough {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn take_oai(&mut self, id: ArxivId, answer: oai::Single) {
        let api = self.take_half(id);
        let outcome = match (answer, api) {
            (oai::Single::Found(record), api) => {
                let record = answered(record.paper, Source::Oai, self.arxiv.now, true);
                self.here.learn(std::slice::from_ref(&record), &[]);
                match api {
                    Some(api) => return self.found(id, completed(api, record)),
                    None if id.version().is_none() || id.version() == record.paper.version => {
                        return self.found(id, record);
                    }
                    None => Outcome::Unavailable(only_newest(&record)),
                }
            }
            (_, Some(api)) => {
                self.warn(format!(
                    "{id}: OAI-PMH does not give it: licence, submitter and history may lack"
                ));
                return self.found(id, api);
            }
            (oai::Single::Deleted(day), None) => {
                Outcome::Deleted(format!("arXiv deleted this paper on {day}"))
            }
            (oai::Single::NotFound(_), None) => {
                Outcome::NotFound("arXiv's OAI-PMH knows no such paper".to_owned())
            }
            (oai::Single::Broken(why), None) => {
                Outcome::Unavailable(format!("arXiv's answer cannot be read: {why}"))
            }
        };
        self.tell(id, outcome);
    }

    /// What this machine holds of what arXiv did not answer.
    fn fill_in(&mut self, ids: &[ArxivId]) {
        for id in self.still_open(ids) {
            if self.enough {
                break;
            }
            if let Some(outcome) = self.here.whatever(id) {
                self.tell(id, outcome);
            }
        }
    }

    fn found(&mut self, id: ArxivId, record: Record) {
        let paper = self.here.merged(id, record);
        self.tell(id, Outcome::Found(paper));
    }

    fn tell(&mut self, id: ArxivId, outcome: Outcome) {
        self.open.remove(&id);
        self.enough |= (self.each)(id, outcome).is_break();
    }

    fn take_half(&mut self, id: ArxivId) -> Option<Record> {
        self.half.as_mut()?.remove(&id)
    }

    fn still_open(&self, ids: &[ArxivId]) -> Vec<ArxivId> {
        ids.iter().copied().filter(|id| self.open.contains(id)).collect()
    }

    fn warn(&self, what: String) {
        self.arxiv.client.emit(Event::Warning(what));
    }
}

/// The papers of which several versions are asked for.
fn asked_twice(ids: &[ArxivId]) -> HashSet<ArxivId> {
    let mut seen = HashSet::new();
    let papers = ids.iter().map(|id| id.base());
    papers.filter(|paper| !seen.insert(*paper)).collect()
}

/// Whether the service itself says no, so that another one of arXiv's may still answer.
fn keeps_refusing(error: &net::Error) -> bool {
    matches!(
        error,
        net::Error::GaveUp { reached: true, .. } | net::Error::Refused { .. }
    )
}

/// The query API's record with what OAI-PMH adds, which knows only the newest version.
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
    let of_this = history.iter().find(|one| Some(one.version) == api.paper.version);
    if let Some(withdrawn) = of_this.and_then(|version| version.withdrawn) {
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
