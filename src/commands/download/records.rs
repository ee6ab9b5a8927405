//! Records of what is downloaded: held here, or asked for.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::Downloads;
use crate::app::batch::Answer;
use crate::app::records::{self, Ask};
use crate::error::{Error, Exit};
use crate::lookup::{Coming, Strategy};
use crate::model::count::counted;
use crate::model::id::ArxivId;

impl Downloads<'_> {
    /// Takes the library's record, where it is fresh enough for what is asked.
    pub(super) fn recall(&mut self, id: ArxivId) -> Result<(), Error> {
        let age = (!self.args.freshness.refresh).then_some(self.args.freshness.max_age);
        let offline = self.context.settings.offline;
        if let Some(paper) = self.shelf.record(id, age, offline)? {
            self.records.insert(id, paper);
        }
        Ok(())
    }

    /// Whether a record has to be asked for: to know the version, or for the name.
    pub(super) fn is_unknown(&self, id: ArxivId) -> bool {
        !self.records.contains_key(&id) && (id.version().is_none() || self.shelf.needs_record())
    }

    /// Asks for the records without which nothing can be downloaded. Gives why not all came.
    pub(super) fn look_up_unknown(&mut self, open: &[ArxivId]) -> Result<Option<Error>, Error> {
        let unknown: HashSet<ArxivId> = open.iter().copied().filter(|id| self.is_unknown(*id)).collect();
        if unknown.is_empty() {
            return Ok(None);
        }
        // The rest goes into the same request, since its records belong in the library, too; but nothing asks for one
        // paper twice at once.
        let rest = open.iter().copied().filter(|id| {
            !self.records.contains_key(id) && (unknown.contains(id) || !unknown.contains(&id.base()))
        });
        self.look_up(&rest.collect::<Vec<_>>())
    }

    /// Asks for the records of what was downloaded by its version alone: without one no list shows it. The files are
    /// there whether they come or not.
    pub(super) fn look_up_nameless(&mut self) -> Result<Option<Error>, Error> {
        let nameless = std::mem::take(&mut self.nameless);
        if nameless.is_empty() {
            return Ok(None);
        }
        let failure = self.look_up(&nameless)?;
        if failure
            .as_ref()
            .is_some_and(|error| error.exit == Exit::Interrupted)
        {
            return Ok(failure);
        }
        if let Some(failure) = failure {
            let ids: Vec<String> = nameless.iter().map(ToString::to_string).collect();
            self.context.ui.warn(&format!(
                "{} came, and the record did not: {failure}; `arxcat fetch {}` asks again",
                counted(nameless.len() as u64, "file"),
                ids.join(" ")
            ));
        }
        Ok(None)
    }

    /// Asks arXiv's API for records, in batches, which go into the library; where arXiv does not answer, what is held
    /// here does.
    fn look_up(&mut self, ids: &[ArxivId]) -> Result<Option<Error>, Error> {
        let (batch, context, by_name) = (&mut self.batch, self.context, self.shelf.needs_record());
        let (came, lacking) = (&mut self.records, &mut self.lacking);
        let mut here = records::here(
            context,
            self.catalogs,
            Some(&self.args.freshness),
            Coming::Mirrored,
        );
        let ask_for = Ask::ForStale(Strategy::Api);
        let asked = records::get(context, &mut here, ask_for, ids, |id, outcome| {
            match records::answer(outcome) {
                Answer::Found(paper) | Answer::Held(paper) => {
                    came.insert(id, *paper);
                }
                // The file itself says whether it is there.
                _ if id.version().is_some() && !by_name => {
                    lacking.insert(id);
                }
                other => return batch.answer(id, other),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (id, whence) in &asked.stale {
            context
                .ui
                .warn(&format!("{id}: arXiv did not answer; here it is {whence}"));
        }
        if let Some(error) = here.unread().or(here.unwritten()) {
            return Err(error.into());
        }
        Ok(asked.failure)
    }
}
