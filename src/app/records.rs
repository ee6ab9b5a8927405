//! Records by identifier, for every command that asks for some: what is fresh on this machine, else arXiv's answer.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::app::arguments::Freshness;
use crate::app::batch::Answer;
use crate::app::{Context, network};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::lookup::{self, Age, Coming, LocalRecords, Outcome, Strategy};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::paper::{Paper, Source};
use crate::net::Client;

/// So many identifiers are looked up here before the first of them is told.
const STEP: usize = 200;

/// For what arXiv is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// For nothing: this machine's records do, however old.
    Never,
    /// For what is not held fresh.
    ForStale(Strategy),
    /// For all.
    ForAll(Strategy),
}

/// How the asking ended.
#[derive(Default)]
pub struct Asked {
    /// Why not all were answered, or not by arXiv although they should have been.
    pub failure: Option<Error>,
    /// What arXiv did not answer and this machine did: where that is from.
    pub stale: Vec<(ArxivId, String)>,
}

/// What this machine holds; nothing of it is fresh where none says what is.
pub fn here<'a>(
    context: &'a Context,
    catalogs: &'a [Catalog],
    freshness: Option<&Freshness>,
    coming: Coming,
) -> LocalRecords<'a> {
    let age = Age {
        max: freshness.map_or(Duration::ZERO, |freshness| freshness.max_age),
        refresh: freshness.is_some_and(|freshness| freshness.refresh),
    };
    LocalRecords::open(
        &context.settings.library_dir,
        catalogs,
        context.now(),
        age,
        coming,
    )
}

/// Gets these records, no two the same, and hands on what became of each. An error of `each` is one of writing, and
/// final.
pub fn get(
    context: &Context,
    here: &mut LocalRecords<'_>,
    ask_for: Ask,
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Asked, Error> {
    let open = held(context, here, ask_for, ids, &mut each)?;
    match ask_for {
        _ if open.is_empty() => Ok(Asked::default()),
        Ask::ForStale(way) | Ask::ForAll(way) if !forbidden(context, ask_for) => {
            ask(context, here, way, &open, each)
        }
        _ => Ok(Asked {
            failure: Some(not_here(context)),
            stale: Vec::new(),
        }),
    }
}

/// Hands on what is held here, and gives those for which arXiv is to be asked.
pub fn held(
    context: &Context,
    here: &mut LocalRecords<'_>,
    ask_for: Ask,
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Vec<ArxivId>, Error> {
    let mut open = Vec::new();
    for step in ids.chunks(STEP) {
        let mut outcomes = Vec::new();
        for id in step {
            let outcome = match ask_for {
                _ if forbidden(context, ask_for) => here.whatever(*id).or_else(|| here.absent(*id)),
                Ask::Never => here.whatever(*id).or_else(|| here.absent(*id)),
                Ask::ForStale(way) => here.fresh(*id, way == Strategy::ApiAndOai),
                Ask::ForAll(_) => None,
            };
            match outcome {
                Some(outcome) => outcomes.push((*id, outcome)),
                None => open.push(*id),
            }
        }
        here.keep(&mut outcomes);
        for (id, outcome) in outcomes {
            if each(id, outcome)?.is_break() {
                return Ok(Vec::new());
            }
        }
    }
    Ok(open)
}

/// Whether what is held here must do.
fn forbidden(context: &Context, ask_for: Ask) -> bool {
    context.settings.offline && matches!(ask_for, Ask::ForStale(_))
}

/// arXiv, to be asked now.
pub fn arxiv<'a>(context: &'a Context, client: &'a Client) -> lookup::Arxiv<'a> {
    lookup::Arxiv {
        client,
        api_url: &context.settings.api_url,
        oai_url: &context.settings.oai_url,
        interval: context.settings.interval,
        now: context.now(),
    }
}

fn ask(
    context: &Context,
    here: &mut LocalRecords<'_>,
    way: Strategy,
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Outcome) -> Result<ControlFlow<()>, Error>,
) -> Result<Asked, Error> {
    let mut unwritten = None;
    let mut stale = Vec::new();
    let asking = network::run(context, async |client| {
        let arxiv = arxiv(context, client);
        let told = |id, outcome| {
            match &outcome {
                Outcome::Found(paper) if way == Strategy::ApiElseOai && paper.source == Source::Oai => {
                    context.ui.note(&format!("{id}: {}", whence(paper)));
                }
                Outcome::Found(paper) | Outcome::Held(paper) if is_stale(&outcome) => {
                    stale.push((id, whence(paper)));
                }
                _ => {}
            }
            each(id, outcome).unwrap_or_else(|error| {
                unwritten = Some(error);
                ControlFlow::Break(())
            })
        };
        Ok(lookup::ask(&arxiv, here, way, ids, told).await?)
    });
    match unwritten {
        Some(error) => Err(error),
        None => Ok(Asked {
            failure: asking.err(),
            stale,
        }),
    }
}

/// Asks arXiv's query API for these, whatever is held here, and puts nothing into the library. Gives why not all were
/// answered; an error of `each` is one of writing, and final.
pub fn ask_api(
    context: &Context,
    catalogs: &[Catalog],
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Answer) -> Result<ControlFlow<()>, Error>,
) -> Result<Option<Error>, Error> {
    let mut unwritten = None;
    let asking = network::run(context, async |client| {
        let api = lookup::Api {
            client,
            url: &context.settings.api_url,
            now: context.now(),
        };
        let told = |id, outcome| {
            each(id, answer(outcome)).unwrap_or_else(|error| {
                unwritten = Some(error);
                ControlFlow::Break(())
            })
        };
        Ok(lookup::fetch(&api, catalogs, ids, told).await?)
    });
    unwritten.map_or(Ok(asking.err()), Err)
}

/// Whether this is no answer of arXiv's, although arXiv was asked.
fn is_stale(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Held(_) => true,
        Outcome::Found(paper) => paper.source == Source::Catalog,
        _ => false,
    }
}

/// Where a record is from: `as the API gave it at 2026-10-15T12:00:00Z`.
fn whence(paper: &Paper) -> String {
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

fn not_here(context: &Context) -> Error {
    let (why, leave) = if context.settings.offline {
        ("and --offline forbids asking arXiv", "--offline")
    } else {
        ("and --via library forbids asking arXiv", "--via library")
    };
    Error::new(Exit::Unreachable, format!("not known here, {why}"))
        .hint(format!("leave {leave} away to ask arXiv"))
}

/// What a batch is told of an outcome.
#[must_use]
pub fn answer(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Found(paper) => Answer::Found(paper),
        Outcome::Held(paper) => Answer::Held(paper),
        Outcome::NotFound(why) => Answer::Failed(Status::NotFound, why),
        Outcome::Deleted(why) => Answer::Failed(Status::Deleted, why),
        Outcome::Unavailable(why) => Answer::Failed(Status::Unavailable, why),
        Outcome::Malformed(why) => Answer::Failed(Status::Malformed, why),
    }
}

/// Says what was wrong with the library, and how the program ends for it. Where records only pass through, that they
/// could not be put there ends nothing.
pub fn trouble(context: &Context, here: &LocalRecords<'_>, keeping: bool) -> Exit {
    if let Some(error) = here.unread() {
        let error = Error::from(error);
        context.ui.error(&error);
        return error.exit;
    }
    match here.unwritten() {
        Some(error) if keeping => {
            let mut error = Error::from(error);
            error.message = format!("what arXiv answered is not kept: {}", error.message);
            context.ui.error(&error);
            error.exit
        }
        Some(error) => {
            context
                .ui
                .warn(&format!("what arXiv answered is not remembered: {error}"));
            Exit::Done
        }
        None => Exit::Done,
    }
}
