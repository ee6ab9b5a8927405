//! Requests single records and the pages of lists.

use chrono::NaiveDate;

use super::{ErrorCode, ListItem, OaiResponse, ProtocolError, parse};
use crate::arxiv::service;
use crate::model::id::ArxivId;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// The only metadata prefix with the version history, the submitter and the withdrawals.
const PREFIX: &str = "arXivRaw";

/// Requests the record of one paper; `None` if arXiv has no such paper.
///
/// A version in the identifier is ignored, since OAI-PMH has only the newest version of a paper.
pub async fn record(client: &Client, oai_url: &str, id: ArxivId) -> Result<Option<ListItem>, net::Error> {
    let id = id.base();
    let name = format!("oai:arXiv.org:{id}");
    let parameters = [
        ("verb", "GetRecord"),
        ("identifier", name.as_str()),
        ("metadataPrefix", PREFIX),
    ];
    let url = with_parameters(oai_url, &parameters);
    let read = client.get(&url, service::OAI, |response| {
        let response = parse_response(response)?;
        match response.error {
            Some(error) if error.code == ErrorCode::IdDoesNotExist => return Ok(None),
            Some(error) => return Err(ResponseError::Refused(error.message)),
            None => {}
        }
        // A server may send records that were not requested.
        let item = response.items.into_iter().find(|item| match item {
            ListItem::Record(record) => record.paper.id == id,
            ListItem::Deleted(deleted, _) => *deleted == id,
            ListItem::Unreadable(record) => record.id.is_none_or(|its| its == id),
            ListItem::Header(..) => false,
        });
        let item = item.ok_or_else(|| ResponseError::Transient(format!("the answer has no record of {id}")));
        item.map(Some)
    });
    read.await
}

/// A list request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ListRequest {
    /// `ListRecords` or `ListIdentifiers`.
    pub(super) verb: &'static str,
    /// The OAI set (`cs:cs:CL`); `None` means everything.
    pub(super) set: Option<String>,
    /// Only records changed on this day or later.
    pub(super) from: Option<NaiveDate>,
    /// Only records changed on this day or before.
    pub(super) until: Option<NaiveDate>,
}

/// Requests the first page of a list, or the page of a token. A protocol error is returned within the response.
pub(super) async fn list(
    client: &Client,
    oai_url: &str,
    list: &ListRequest,
    token: Option<&str>,
) -> Result<OaiResponse, net::Error> {
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
    let read = client.get(&url, service::OAI, |response| {
        let response = parse_response(response)?;
        if response.items.is_empty() && response.error.is_none() {
            return Err(ResponseError::Transient("the answer lists nothing".to_owned()));
        }
        if response.response_date.is_none() {
            return Err(ResponseError::Transient(
                "the answer does not say of when it is".to_owned(),
            ));
        }
        Ok(response)
    });
    read.await
}

/// Requests arXiv's earliest datestamp.
pub(super) async fn earliest(client: &Client, oai_url: &str) -> Result<Option<NaiveDate>, net::Error> {
    let url = with_parameters(oai_url, &[("verb", "Identify")]);
    client
        .get(&url, service::OAI, |response| {
            Ok(parse_response(response)?.earliest)
        })
        .await
}

/// Parses a response. Protocol errors come with status 200.
fn parse_response(response: &net::Response) -> Result<OaiResponse, ResponseError> {
    let status = response.status;
    match parse(&response.body) {
        Ok(parsed) if (200..300).contains(&status) => Ok(parsed),
        Ok(OaiResponse {
            error: Some(ProtocolError { message, .. }),
            ..
        }) => Err(ResponseError::Refused(message)),
        Ok(_) | Err(_) if (400..500).contains(&status) => {
            Err(ResponseError::Refused(format!("status {status}")))
        }
        Ok(_) => Err(ResponseError::Transient(format!("status {status}"))),
        Err(error) if error.transient => Err(ResponseError::Transient(error.to_string())),
        Err(error) => Err(ResponseError::Refused(format!(
            "its answer cannot be read: {error}"
        ))),
    }
}
