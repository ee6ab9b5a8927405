//! The search of the library and the mirror.

use std::io::Write;

use super::{Args, DEFAULT_LIMIT};
use crate::app::collection::{Collection, Summary};
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::format;
use crate::library::{Scope, snippet};
use crate::model::query::Query;
use crate::model::selection::{Selection, Sort};
use crate::model::text;

impl Args {
    /// The part of the library to search; `None` to search arXiv. Only papers of the library have tags.
    pub(super) fn scope(&self) -> Option<Scope> {
        let tagged = (!self.selection.tag.is_empty()).then_some(Scope::Library);
        self.collection.scope().or(tagged)
    }
}

/// Runs the search.
pub fn run(context: &Context, args: &Args, query: Option<&Query>, scope: Scope) -> Result<Exit, Error> {
    if args.raw.is_some() {
        return Err(
            Error::usage("--raw is arXiv's syntax; what is held here is searched with words")
                .hint("leave --raw away, or leave -L and -M away"),
        );
    }
    if query.is_none() && !args.selection.filters() {
        return Err(
            Error::usage("nothing to search for").hint("give words, or a filter such as --author or --since")
        );
    }
    if args.explain {
        return explain(query);
    }
    let collection = Collection::held(context, scope)?;
    let selection = selection(context, args, query, &collection)?;
    let look = context.render_options(collection.areas(), args.output.is_file());
    let summary = match (query, args.output.format()?) {
        (Some(query), None) if look.width.is_some() && args.output.fields.is_none() => {
            let mut out = args.output.place.open()?;
            let place = out.place();
            let summary = collection.each(context, Some(query), &selection, |paper| {
                format::search_result(paper, snippet(paper, query).as_ref(), &look, &mut out)
                    .map_err(|error| place.error(&error))
            })?;
            out.commit()?;
            summary
        }
        _ => {
            let format = args.output.list_format(context)?;
            let mut writer = args.output.open(format, look)?;
            let summary = collection.each(context, query, &selection, |paper| writer.paper(paper))?;
            writer.finish(false)?;
            summary
        }
    };
    report(context, &summary);
    Ok(summary.exit())
}

fn selection(
    context: &Context,
    args: &Args,
    query: Option<&Query>,
    collection: &Collection,
) -> Result<Selection, Error> {
    let catalog = collection.first_catalog();
    let mut selection = args.selection.settle(context.today(), catalog)?;
    if args.selection.sort.is_none() && query.is_some() {
        selection.sort = Sort::Relevance;
    }
    selection.limit = match selection.limit {
        Some(0) => return Err(Error::usage("-n 0 asks for nothing")),
        _ if args.all => None,
        limit => Some(limit.unwrap_or(DEFAULT_LIMIT)),
    };
    Ok(selection)
}

/// Reports how many results there are, also into a pipe: no answer is silently short.
fn report(context: &Context, summary: &Summary) {
    match summary.matched {
        Some(matched) if 0 < summary.shown && summary.shown < matched => {
            context
                .ui
                .note(&format!("{} of {matched} {}", summary.shown, summary.caption));
            summary::undecided(context, summary);
        }
        None if summary.shown > 0 => {
            let most = summary.at_most.unwrap_or(summary.shown);
            let caption = &summary.caption;
            context
                .ui
                .note(&format!("{} of at most {most} {caption}", summary.shown));
            summary::undecided(context, summary);
        }
        _ => summary::describe(context, summary),
    }
}

fn explain(query: Option<&Query>) -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    let understood = query.map_or_else(
        || "every paper that the filters let through".to_owned(),
        ToString::to_string,
    );
    writeln!(
        out,
        "understood  {}\nsent as     nothing: it is asked of this machine",
        text::sanitize(&understood)
    )
    .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}
