//! Requests: one record, and the pages of a list.

use chrono::NaiveDate;

use super::{Code, Item, Page, Refusal, parse};
use crate::arxiv::service;
use crate::model::id::ArxivId;
use crate::model::record::Record;
use crate::net::url::with_parameters;
use crate::net::{self, Client, ResponseError};

/// The prefix with the version history, the submitter, the licence and the withdrawals.
const PREFIX: &str = "arXivRaw";

/// What became of one identifier.
#[derive(Clone, PartialEq, Debug)]
pub enum Single {
    /// Its record, which is that of its newest version.
    Found(Box<Record>),
    /// arXiv deleted the paper on that day.
    Deleted(NaiveDate),
    /// arXiv has no such paper; its words.
    NotFound(String),
    /// arXiv's record is spoilt; how.
    Broken(String),
}

/// Asks for the record of one paper, whatever its version.
pub async fn record(client: &Client, oai_url: &str, id: ArxivId) -> Result<Single, net::Error> {
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
            Some(refusal) if refusal.code == Code::IdDoesNotExist => {
                return Ok(Single::NotFound(refusal.message));
            }
            Some(refusal) => return Err(ResponseError::Refused(refusal.message)),
            None => {}
        }
        // What was not asked for is no answer.
        let answers = page.items.into_iter().find_map(|item| match item {
            Item::Record(record) if record.paper.id == id => Some(Single::Found(record)),
            Item::Deleted(deleted, day) if deleted == id => Some(Single::Deleted(day)),
            Item::Broken(broken) if broken.id.is_none_or(|its| its == id) => {
                Some(Single::Broken(broken.reason))
            }
            _ => None,
        });
        answers.ok_or_else(|| ResponseError::Transient(format!("the answer has no record of {id}")))
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
