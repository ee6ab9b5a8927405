//! The search of arXiv, and the cache of its answers.

use super::{Args, DEFAULT_LIMIT, Results};
use crate::app::{Context, network, records};
use crate::arxiv::api::{self, SearchRequest};
use crate::error::{Error, Exit};
use crate::library::CachedSearch;
use crate::lookup::{self, LocalRecords};
use crate::model::date::Stamp;
use crate::model::paper::{Paper, Source};
use crate::model::record::Record;

/// Answers with more results are not cached: the list of their identifiers alone would take a megabyte.
const MAX_CACHED: usize = 10_000;

/// The cached answer to the same search, if it is fresh enough.
pub(super) fn known(
    context: &Context,
    args: &Args,
    search: &SearchRequest,
    here: &mut LocalRecords<'_>,
) -> Result<Option<(CachedSearch, Vec<Paper>)>, Error> {
    let offline = context.settings.offline;
    let known = here.cached_search(&name(context, args, search), offline);
    match &known {
        Some((asked, _)) => context.ui.note(&format!(
            "from this machine, asked at {}",
            Stamp::Second(asked.searched_at)
        )),
        None if offline => {
            let exit = records::report_library_errors(context, here, false);
            return Err(Error::new(
                exit.max(Exit::Unreachable),
                "this search's answer is not here, and --offline forbids asking arXiv",
            )
            .hint("leave --offline away, or search what is held here: `arxcat search -M WORDS`"));
        }
        None => {}
    }
    Ok(known)
}

/// Sends the search, and caches the answer.
pub(super) fn ask(
    context: &Context,
    args: &Args,
    search: &SearchRequest,
    here: &mut LocalRecords<'_>,
    mut results: Results<'_>,
) -> Result<Exit, Error> {
    let now = context.now();
    let mut ids = Vec::new();
    let asked = network::run(context, async |client| {
        let url = context.settings.api_url.as_str();
        let page = |papers: Vec<Paper>, total: u64| {
            ids.extend(papers.iter().map(|paper| paper.id));
            let answered = papers
                .into_iter()
                .map(|paper| lookup::arrived(paper, Source::Api, now, true));
            let records: Vec<Record> = answered.collect();
            here.store(&records, &[]);
            let papers = records
                .into_iter()
                .map(|record| *here.merge(record.paper.id, record));
            results.page(papers.collect(), total)
        };
        Ok(api::search(client, url, search, now, page).await?)
    });
    let total = results.total.filter(|_| results.stopped.is_none());
    // An empty answer is not cached: arXiv has given wrong ones, and the next try should not repeat it for a day.
    if let (Ok(_), Some(total)) = (&asked, total)
        && total > 0
        && ids.len() <= MAX_CACHED
    {
        let answer = CachedSearch {
            searched_at: now,
            total,
            ids,
        };
        here.cache_search(&name(context, args, search), &answer);
    }
    results.finish(asked.err())
}

/// The key of a search in the cache: the URL of its first page, and how many results end it.
fn name(context: &Context, args: &Args, search: &SearchRequest) -> String {
    let url = first_page(context, search);
    let want = search
        .want
        .map_or_else(|| "all".to_owned(), |want| want.to_string());
    match args.selection.limit {
        // The search ends when this many primary results came.
        limit if args.selection.primary && !args.all => {
            format!("{url}#{want}, {} primary", limit.unwrap_or(DEFAULT_LIMIT))
        }
        _ => format!("{url}#{want}"),
    }
}

/// The URL of the first page, without a password.
pub(super) fn first_page(context: &Context, search: &SearchRequest) -> String {
    let mut shown = context.settings.api_url.clone();
    // Neither can fail for an http URL.
    let _ = (shown.set_username(""), shown.set_password(None));
    let max = search.want.unwrap_or(api::PAGE).min(api::PAGE);
    api::url(shown.as_str(), search, 0, max)
}
