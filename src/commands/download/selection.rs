//! The papers to download, if they are selected from the library or the mirror.

use super::Args;
use crate::app::collection::Collection;
use crate::app::{Context, summary};
use crate::error::Error;
use crate::library::Scope;

/// The identifiers of the selection; `None` if identifiers are given instead. Only papers of the library have tags.
pub(super) fn ids(context: &Context, args: &Args) -> Result<Option<Vec<String>>, Error> {
    let by_tag = (!args.selection.tag.is_empty()).then_some(Scope::Library);
    let selects = args.selection.filters() || args.selection.limit.is_some();
    let Some(scope) = args.collection.scope().or(by_tag) else {
        if selects {
            return Err(Error::usage("filters choose among what is held here")
                .hint("add -L for the library or -M for the mirror"));
        }
        return Ok(None);
    };
    if !args.ids.is_empty() {
        return Err(Error::usage(
            "papers are named, or chosen from what is held here, not both",
        ));
    }
    let collection = Collection::held(context, scope)?;
    let selection = args
        .selection
        .settle(context.today(), collection.first_catalog())?;
    let mut ids = Vec::new();
    let summary = collection.each(context, None, &selection, |paper| {
        ids.push(paper.id.to_string());
        Ok(())
    })?;
    summary::describe(context, &summary);
    Ok(Some(ids))
}
