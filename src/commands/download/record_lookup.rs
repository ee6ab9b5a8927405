//! The records of what is downloaded: they say which version is the newest, and fill the template of the file name.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::Downloads;
use crate::app::records::{self, BESIDES, Policy};
use crate::error::{Error, Exit};
use crate::model::id::ArxivId;
use crate::model::outcome::Outcome;
use crate::model::quantity::counted;

impl Downloads<'_> {
    /// Takes the library's record if it is fresh enough to say which version is the newest.
    pub(super) fn recall(&mut self, id: ArxivId) -> Result<(), Error> {
        let paper = if self.context.settings.offline {
            let held = self.local.get(id).map(|held| held.paper);
            held.filter(|paper| paper.version.is_some())
        } else {
            self.local.fresh_version(id)
        };
        if let Some(error) = self.local.read_error() {
            return Err(error.into());
        }
        self.records.extend(paper.map(|paper| (id, paper)));
        Ok(())
    }

    /// Whether a record has to be fetched first, for the version or for the name of the file.
    pub(super) fn is_unknown(&self, id: ArxivId) -> bool {
        !self.records.contains_key(&id) && (id.version().is_none() || self.target.needs_record())
    }

    /// Fetches the records without which nothing can be downloaded. Returns why some did not come.
    pub(super) fn look_up_unknown(&mut self, open: &[ArxivId]) -> Result<Option<Error>, Error> {
        let unknown: HashSet<ArxivId> = open.iter().copied().filter(|id| self.is_unknown(*id)).collect();
        if unknown.is_empty() {
            return Ok(None);
        }
        // The other records belong in the library too, so they go into the same request; but a request never asks for
        // one paper with and without a version.
        let rest = open.iter().copied().filter(|id| {
            !self.records.contains_key(id) && (unknown.contains(id) || !unknown.contains(&id.base()))
        });
        self.look_up(&rest.collect::<Vec<_>>())
    }

    /// Fetches the records of files that were downloaded by their version alone: without one no list shows them. The
    /// files stay whether the records come or not.
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

    fn look_up(&mut self, ids: &[ArxivId]) -> Result<Option<Error>, Error> {
        let (report, context, by_name) = (&mut self.report, self.context, self.target.needs_record());
        let (arrived, lacking) = (&mut self.records, &mut self.lacking);
        let policy = Policy::IfStale(BESIDES);
        let fetched = records::lookup(context, &mut self.local, policy, ids, |id, outcome| {
            match outcome {
                Outcome::Found(paper, _) => {
                    arrived.insert(id, *paper);
                }
                // The server says whether the file of a version exists.
                _ if id.version().is_some() && !by_name => {
                    lacking.insert(id);
                }
                other => return report.record(id, other),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        records::warn_of_stale(context, &fetched);
        if let Some(error) = self.local.read_error().or(self.local.write_error()) {
            return Err(error.into());
        }
        Ok(fetched.failure)
    }
}
