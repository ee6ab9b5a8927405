//! Where harvested records go: into the mirror, or as they come into an output.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Set;
use super::mirror::Mirror;
use crate::app::Context;
use crate::app::arguments::OutputArgs;
use crate::app::output::Writer;
use crate::arxiv::oai::{EARLIEST, HarvestRequest, HarvestStep, HarvestSummary};
use crate::error::Error;
use crate::format::Format;
use crate::library::{HarvestCheckpoint, Library, UpsertReport};
use crate::lookup;
use crate::model::id::ArxivId;
use crate::model::quantity::counted;
use crate::model::record::Record;

/// Where harvested records go.
pub(super) struct Sink {
    /// The mirror; with a writer only to look into, if there is one.
    mirror: Mirror,
    today: NaiveDate,
    stream: Option<Stream>,
    set: Option<String>,
    /// How far the set was harvested before.
    before: Option<HarvestCheckpoint>,
    /// Whether this harvest joins the one before, or begins where arXiv does, so that it moves the mark.
    joins: bool,
    reached: Option<NaiveDate>,
    /// Of what was changed before this day, what paging skipped came too.
    checked: Option<NaiveDate>,
    deleted: u64,
    /// What the harvest came to with its last page.
    pub(super) so_far: HarvestSummary,
    wrote: u64,
}

/// Records on their way into an output.
struct Stream {
    writer: Writer,
    /// What came, packed, and the day of its last change: what paging skipped is told by this.
    came: HashMap<i64, NaiveDate>,
}

impl Sink {
    /// The mirror, unless a format or a file is named.
    pub(super) fn open(context: &Context, output: &OutputArgs) -> Result<Self, Error> {
        let folder = &context.settings.library_dir;
        let format = output.format()?;
        let (library, stream) = if format.is_some() || output.is_file() || output.fields.is_some() {
            let look = context.render_options(lookup::areas(&[]), output.is_file());
            let writer = output.open(format.unwrap_or(Format::Jsonl), look)?;
            let stream = Stream {
                writer,
                came: HashMap::new(),
            };
            (Library::existing(folder)?, Some(stream))
        } else {
            (Some(Library::open(folder)?), None)
        };
        Ok(Self {
            mirror: Mirror::of(library, context.now()),
            today: context.today(),
            stream,
            set: None,
            before: None,
            joins: true,
            reached: None,
            checked: None,
            deleted: 0,
            so_far: HarvestSummary::default(),
            wrote: 0,
        })
    }

    /// How far a set was harvested.
    pub(super) fn checkpoint(&mut self, set: Option<&str>) -> Result<Option<HarvestCheckpoint>, Error> {
        match self.mirror.settled()? {
            Some(library) => Ok(library.checkpoint(set)?),
            None => Ok(None),
        }
    }

    /// Begins a set: what of it is to be harvested.
    pub(super) fn begin(
        &mut self,
        set: &Set,
        since: Option<NaiveDate>,
        until: Option<NaiveDate>,
    ) -> Result<HarvestRequest, Error> {
        let before = self.checkpoint(set.oai.as_deref())?;
        self.set.clone_from(&set.oai);
        self.before = before;
        (self.reached, self.checked) = (None, None);
        self.so_far = HarvestSummary::default();
        (self.mirror.tally, self.deleted, self.wrote) = (UpsertReport::default(), 0, 0);
        // One that begins later would leave a hole behind the mark.
        self.joins = since.is_none_or(|since| since <= before.map_or(EARLIEST, |mark| mark.day));
        let from = since.or(before.map(|mark| mark.day));
        let unchecked = before
            .map(|mark| mark.checked)
            .filter(|checked| Some(*checked) < from);
        Ok(HarvestRequest {
            set: set.oai.clone(),
            from,
            until,
            checked: unchecked.filter(|_| self.joins && self.stream.is_none()),
        })
    }

    /// From when on the mirror lacks what this harvest left out before its beginning; none where it left out nothing.
    pub(super) fn hole(&self) -> Option<NaiveDate> {
        let begins = self.before.map_or(EARLIEST, |mark| mark.day);
        (!self.joins && self.stream.is_none()).then_some(begins)
    }

    /// Takes a step of the harvest.
    pub(super) fn take(&mut self, step: HarvestStep<'_>) -> Result<(), Error> {
        match step {
            HarvestStep::Page {
                records,
                deleted,
                reached,
                checked,
                so_far,
            } => {
                self.so_far = so_far;
                self.deleted += deleted.len() as u64;
                // No day is over before it began here, whatever arXiv's clock says: a mark of days to come would keep
                // all that changes until then out. The last day that is over is yesterday, and today leaves room for
                // clocks that differ.
                let (reached, checked) = (reached.min(self.today), checked.min(self.today));
                (self.reached, self.checked) = (Some(reached), Some(checked));
                if let Some(stream) = &mut self.stream {
                    self.wrote += stream.write(&records)?;
                    return Ok(());
                }
                let mark = self.moved(reached, checked);
                self.mirror.store(self.set.clone(), records, deleted, mark)
            }
            HarvestStep::Check { listed, missing } => {
                *missing = match (&self.stream, self.mirror.settled()?) {
                    (Some(stream), _) => stream.missing_or_older(listed),
                    (None, Some(library)) => library.missing_or_older(listed)?,
                    (None, None) => Vec::new(),
                };
                Ok(())
            }
        }
    }

    /// Where the mark stands once everything before these days is stored; nowhere where a hole is left before them.
    fn moved(&self, reached: NaiveDate, checked: NaiveDate) -> Option<HarvestCheckpoint> {
        self.joins.then(|| match self.before {
            Some(before) => {
                let day = reached.max(before.day);
                HarvestCheckpoint {
                    day,
                    checked: checked.max(before.checked).min(day),
                }
            }
            None => HarvestCheckpoint {
                day: reached,
                checked,
            },
        })
    }

    /// Waits until everything that was taken is stored.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        self.mirror.settled().map(|_| ())
    }

    /// What came of the set, as a clause.
    pub(super) fn came(&self, summary: &HarvestSummary) -> String {
        let tally = &self.mirror.tally;
        let mut said = if self.stream.is_some() {
            vec![format!("{} written", counted(self.wrote, "record"))]
        } else {
            vec![
                format!("{} new", tally.new),
                format!("{} updated", tally.updated),
                format!("{} withdrawn", tally.withdrawn),
            ]
        };
        said.push(format!("{} deleted", self.deleted));
        let optional = [
            (tally.same, "unchanged"),
            (summary.skipped, "that paging had skipped"),
            (summary.unreadable, "unreadable"),
        ];
        said.extend(
            optional
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}")),
        );
        if summary.windows > 0 {
            said.push(counted(summary.windows, "window"));
        }
        if let Some(day) = self.reached {
            let is_complete = self.joins && self.checked >= self.reached && summary.unreadable == 0;
            said.push(if is_complete && self.stream.is_none() {
                format!("complete before {day}")
            } else {
                format!("came as far as {day}")
            });
        }
        said.join(", ")
    }

    /// Ends the output, if there is one.
    pub(super) fn finish(self, failed: bool) -> Result<(), Error> {
        self.stream.map_or(Ok(()), |stream| stream.writer.finish(failed))
    }
}

impl Stream {
    /// Writes what was not written just so, of another set.
    fn write(&mut self, records: &[Record]) -> Result<u64, Error> {
        let mut wrote = 0;
        for record in records {
            let before = record
                .as_of
                .and_then(|day| self.came.insert(record.paper.id.packed(), day));
            if before.is_none() || before != record.as_of {
                self.writer.paper(&record.paper)?;
                wrote += 1;
            }
        }
        self.writer.flush()?;
        Ok(wrote)
    }

    fn missing_or_older(&self, listed: &[(ArxivId, NaiveDate)]) -> Vec<ArxivId> {
        let lacks =
            |(id, day): &&(ArxivId, NaiveDate)| self.came.get(&id.packed()).is_none_or(|came| came < day);
        listed.iter().filter(lacks).map(|(id, _)| *id).collect()
    }
}
