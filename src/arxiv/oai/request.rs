//! Requests: one record, and the pages of a list.

use chrono::NaiveDate;

use super::{Code, Item, Page, Refusal, parse};
use crate::arxiv::service;
use crate::model::id::ArxivId;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// The prefix with the version history, the submitter, the licence and the withdrawals.
const PREFIX: &str = "arXivRaw";

/// Requests the record of one paper, whatever its version. `None` if arXiv has no such paper.
///
/// OAI-PMH has the newest version of a paper only.
pub async fn record(client: &Client, oai_url: &str, id: ArxivId) -> Result<Option<Item>, net::Error> {
    let id = id.base();
    let name = format!("oai:arXiv.org:{id}");
    let parameters = [
        ("verb", "GetRecord"),
        ("identifier", name.as_str()),
        ("metadataPrefix", PREFIX),
    ];
    let url = with_parameters(oai_url, &parameters);
    let read = client.get(&url, service::OAI, |answer| {
        let page = page(answer)?;
        match page.refusal {
            Some(refusal) if refusal.code == Code::IdDoesNotExist => return Ok(None),
            Some(refusal) => return Err(ResponseError::Refused(refusal.message)),
            None => {}
        }
        // A server may answer with records that were not requested.
        let item = page.items.into_iter().find(|item| match item {
            Item::Record(record) => record.paper.id == id,
            Item::Deleted(deleted, _) => *deleted == id,
            Item::Broken(broken) => broken.id.is_none_or(|its| its == id),
            Item::Listed(..) => false,
        });
        let item = item.ok_or_else(|| ResponseError::Transient(format!("the answer has no record of {id}")));
        item.map(Some)
    });
    read.await
}

/// A list: which records, and of what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct List {
    /// `ListRecords` or `ListIdentifiers`.
    pub(super) verb: &'static str,
    /// `cs:cs:CL`; everything where none.
    pub(super) set: Option<String>,
    /// Changed on this day or later.
    pub(super) from: Option<NaiveDate>,
    /// Changed on this day or before.
    pub(super) until: Option<NaiveDate>,
}

/// A page of a list: the first, or that of a token. A protocol error is an answer.
pub(super) async fn list(
    client: &Client,
    oai_url: &str,
    list: &List,
    token: Option<&str>,
) -> Result<Page, net::Error> {
    let (from, until) = (
        list.from.map(|day| day.to_string()),
        list.until.map(|day| day.to_string()),
    );
    let mut parameters = vec![("verb", list.verb)];
    if let Some(token) = token {
        parameters.push(("resumptionToken", token));
    } else {
        parameters.push(("metadataPrefix", PREFIX));
        let optional = [
            ("from", from.as_deref()),
            ("until", until.as_deref()),
            ("set", list.set.as_deref()),
        ];
        parameters.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    }
    let url = with_parameters(oai_url, &parameters);
    let read = client.get(&url, service::OAI, |answer| {
        let page = page(answer)?;
        if page.items.is_empty() && page.refusal.is_none() {
            return Err(ResponseError::Transient("the answer lists nothing".to_owned()));
        }
        if page.response_date.is_none() {
            return Err(ResponseError::Transient(
                "the answer does not say of when it is".to_owned(),
            ));
        }
        Ok(page)
    });
    read.await
}

/// The first day of all datestamps, as arXiv says it.
pub(super) async fn earliest(client: &Client, oai_url: &str) -> Result<Option<NaiveDate>, net::Error> {
    let url = with_parameters(oai_url, &[("verb", "Identify")]);
    client
        .get(&url, service::OAI, |answer| Ok(page(answer)?.earliest))
        .await
}

/// What an answer holds, or why it holds nothing. Protocol errors come with status 200.
fn page(answer: &net::Response) -> Result<Page, ResponseError> {
    let status = answer.status;
    match parse(&answer.body) {
        Ok(page) if (200..300).contains(&status) => Ok(page),
        Ok(Page {
            refusal: Some(Refusal { message, .. }),
            ..
        }) => Err(ResponseError::Refused(message)),
        Ok(_) | Err(_) if (400..500).contains(&status) => {
            Err(ResponseError::Refused(format!("status {status}")))
        }
        Ok(_) => Err(ResponseError::Transient(format!("status {status}"))),
        Err(fault) if fault.transient => Err(ResponseError::Transient(fault.to_string())),
        Err(fault) => Err(ResponseError::Refused(format!(
            "its answer cannot be read: {fault}"
        ))),
    }
}
