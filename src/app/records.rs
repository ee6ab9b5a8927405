//! Records by identifier, for every command that needs some: from this machine if they are fresh, else from arXiv.
//!
//! Every command goes to arXiv through [`fetch`], so that all of them fall back alike: from the query API to OAI-PMH, and
//! from there to the records of this machine, however old.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::app::arguments::FreshnessArgs;
use crate::app::{Context, network};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::lookup::{self, Fetch, Freshness, LocalRecords, Services, Storage};
use crate::model::id::ArxivId;
use crate::model::ledger::RecordOrigin;
use crate::model::outcome::Outcome;
use crate::model::paper::{Paper, Source};
use crate::net::Client;

/// Identifiers that are looked up on this machine before the first of them is printed. More would make a reader of a
/// pipe wait; fewer would keep records of the mirror in many small writes.
const STEP: usize = 200;

/// What is asked of arXiv if a command needs records besides its own work: at most this many papers by OAI-PMH, which
/// takes five minutes. The rest have no outcome.
pub const BESIDES: Services = Services::ApiElseOai { at_most: 100 };

/// When arXiv is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// Never: the records of this machine are used, however old.
    Never,
    /// For records that are not fresh on this machine.
    IfStale(Services),
    /// Always.
    Always(Services),
}

/// What a fetch came to, besides the outcomes.
#[derive(Default)]
pub struct Fetched {
    /// Why some identifiers have no outcome.
    pub failure: Option<Error>,
    /// Why arXiv did not answer, if this machine had an answer for every identifier.
    pub unanswered_by_arxiv: Option<Error>,
    /// Identifiers that arXiv did not answer and this machine did, with where that record is from.
    pub stale: Vec<(ArxivId, String)>,
}

/// The records on this machine. Without `freshness` none of them is fresh.
pub fn local<'a>(
    context: &'a Context,
    catalogs: &'a [Catalog],
    freshness: Option<&FreshnessArgs>,
    storage: Storage,
) -> LocalRecords<'a> {
    let freshness = Freshness {
        max_age: freshness.map_or(Duration::ZERO, |args| args.max_age),
        refresh: freshness.is_some_and(|args| args.refresh),
    };
    LocalRecords::open(
        &context.settings.library_dir,
        catalogs,
        context.now(),
        freshness,
        storage,
    )
}

/// Looks up these identifiers, no two the same, and hands every outcome to `sink`, which ends the lookup by `Break`.
///
/// # Errors
///
/// Those of `sink`, which are errors of writing. That arXiv did not answer is [`Fetched::failure`].
pub fn lookup(
    context: &Context,
    local: &mut LocalRecords<'_>,
    policy: Policy,
    ids: &[ArxivId],
    mut sink: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Fetched, Error> {
    let missing = look_up_locally(context, local, policy, ids, &mut sink)?;
    match policy {
        _ if missing.is_empty() => Ok(Fetched::default()),
        Policy::IfStale(_) if context.settings.offline => Ok(forbidden(context)),
        Policy::Never => Ok(forbidden(context)),
        Policy::IfStale(services) | Policy::Always(services) => {
            fetch(context, local, services, &missing, sink)
        }
    }
}

/// Hands the outcomes that this machine has to `sink`, and returns the identifiers that arXiv has to be asked for.
pub fn look_up_locally(
    context: &Context,
    local: &mut LocalRecords<'_>,
    policy: Policy,
    ids: &[ArxivId],
    mut sink: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Vec<ArxivId>, Error> {
    let mut missing = Vec::new();
    for step in ids.chunks(STEP) {
        let mut outcomes = Vec::new();
        for id in step {
            let outcome = match policy {
                Policy::IfStale(services) if !context.settings.offline => {
                    local.fresh(*id, services == Services::ApiAndOai)
                }
                Policy::Never | Policy::IfStale(_) => local.any_age(*id).or_else(|| local.absence(*id)),
                Policy::Always(_) => None,
            };
            match outcome {
                Some(outcome) => outcomes.push((*id, outcome)),
                None => missing.push(*id),
            }
        }
        local.keep(&mut outcomes);
        for (id, outcome) in outcomes {
            if sink(id, outcome)?.is_break() {
                return Ok(Vec::new());
            }
        }
    }
    Ok(missing)
}

/// Fetches these identifiers, no two the same, from arXiv, and hands every outcome to `sink`.
///
/// # Errors
///
/// Those of `sink`.
pub fn fetch(
    context: &Context,
    local: &mut LocalRecords<'_>,
    services: Services,
    ids: &[ArxivId],
    sink: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Fetched, Error> {
    let fetched = network::run(context, async |client| {
        Ok(fetch_with(context, client, local, services, ids, sink).await)
    });
    fetched.unwrap_or_else(|failure| {
        Ok(Fetched {
            failure: Some(failure),
            ..Fetched::default()
        })
    })
}

/// The same as [`fetch`], for commands that ask arXiv for more than records and so have a client already.
pub async fn fetch_with(
    context: &Context,
    client: &Client,
    local: &mut LocalRecords<'_>,
    services: Services,
    ids: &[ArxivId],
    mut sink: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Fetched, Error> {
    let arxiv = arxiv(context, client);
    let mut fetch = Fetch::new(&arxiv, local, services, ids);
    let mut fetched = Fetched::default();
    let mut answered = 0;
    loop {
        let outcomes = match fetch.next().await {
            Ok(Some(outcomes)) => outcomes,
            Ok(None) => return Ok(fetched),
            Err(failure) => {
                let failure = Error::from(failure);
                // Of a record without the half that OAI-PMH has, arXiv is still to be asked.
                let is_complete = answered == ids.len() && services != Services::ApiAndOai;
                if is_complete && failure.exit == Exit::Unreachable {
                    fetched.unanswered_by_arxiv = Some(failure);
                } else {
                    fetched.failure = Some(failure);
                }
                return Ok(fetched);
            }
        };
        answered += outcomes.len();
        for (id, outcome) in outcomes {
            match &outcome {
                Outcome::Found(paper, RecordOrigin::Oai)
                    if matches!(services, Services::ApiElseOai { .. }) =>
                {
                    context.ui.note(&format!("{id}: {}", provenance(paper)));
                }
                Outcome::Found(paper, RecordOrigin::Library | RecordOrigin::Catalog) => {
                    fetched.stale.push((id, provenance(paper)));
                }
                _ => {}
            }
            if sink(id, outcome)?.is_break() {
                return Ok(fetched);
            }
        }
    }
}

/// arXiv's services that have records.
pub fn arxiv<'a>(context: &'a Context, client: &'a Client) -> lookup::Arxiv<'a> {
    lookup::Arxiv {
        client,
        api_url: &context.settings.api_url,
        oai_url: &context.settings.oai_url,
        interval: context.settings.interval,
        now: context.now(),
    }
}

/// Where a record is from: `as the API gave it at 2026-10-15T12:00:00Z`.
fn provenance(paper: &Paper) -> String {
    let source = match paper.source {
        Source::Catalog => {
            let name = paper.catalog.as_ref().map_or("", |entry| entry.name.as_str());
            format!("as catalog {name} has it")
        }
        Source::Api => "as the API gave it".to_owned(),
        Source::Oai => "as OAI-PMH gave it".to_owned(),
        Source::Rss => "as RSS announced it".to_owned(),
        Source::File => "as an imported file has it".to_owned(),
    };
    match paper.retrieved {
        Some(retrieved) => format!("{source} at {retrieved}"),
        None => source,
    }
}

/// The failure of a lookup that may not ask arXiv.
fn forbidden(context: &Context) -> Fetched {
    let flag = if context.settings.offline {
        "--offline"
    } else {
        "--via library"
    };
    let failure = Error::new(
        Exit::Unreachable,
        format!("not known here, and {flag} forbids asking arXiv"),
    )
    .hint(format!("leave {flag} away to ask arXiv"));
    Fetched {
        failure: Some(failure),
        ..Fetched::default()
    }
}

/// Warns of records that are not arXiv's answer although arXiv was asked.
pub fn warn_of_stale(context: &Context, fetched: &Fetched) {
    if let Some(error) = &fetched.unanswered_by_arxiv {
        context.ui.warn(&error.message);
        for hint in &error.hints {
            context.ui.hint(hint);
        }
    }
    for (id, provenance) in &fetched.stale {
        context.ui.warn(&format!(
            "{id}: arXiv did not answer; using the copy {provenance}"
        ));
    }
}

/// Reports errors of the library, and returns how the program ends for them. An error of writing counts only if the user
/// asked to keep the records.
pub fn report_library_errors(context: &Context, local: &LocalRecords<'_>, keeping: bool) -> Exit {
    if let Some(error) = local.read_error() {
        let error = Error::from(error);
        context.ui.error(&error);
        return error.exit;
    }
    match local.write_error() {
        Some(error) if keeping => {
            let mut error = Error::from(error);
            error.message = format!("what arXiv answered is not kept: {}", error.message);
            context.ui.error(&error);
            error.exit
        }
        Some(error) => {
            context
                .ui
                .warn(&format!("what arXiv answered is not stored: {error}"));
            Exit::Done
        }
        None => Exit::Done,
    }
}
