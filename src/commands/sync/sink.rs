//! The destination of harvested records: the mirror, or an output to which they are written as they arrive.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Set;
use super::mirror::MirrorWriter;
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

/// The destination of harvested records, and the state of the current set.
pub(super) struct HarvestSink {
    /// The mirror. With an output it is only read, to find the checkpoints.
    mirror: MirrorWriter,
    today: NaiveDate,
    stream: Option<OutputStream>,
    set: Option<String>,
    /// The checkpoint of the set before this harvest.
    before: Option<HarvestCheckpoint>,
    /// Whether this harvest starts no later than the last one ended, so that the checkpoint may move.
    is_contiguous: bool,
    /// Records changed before this day were received.
    reached: Option<NaiveDate>,
    /// Records changed before this day were received, those that arXiv's paging skipped included.
    checked: Option<NaiveDate>,
    deleted: u64,
    /// The summary of the harvest up to its last page.
    pub(super) so_far: HarvestSummary,
    written: u64,
}

/// An output to which records are written.
struct OutputStream {
    writer: Writer,
    /// The day of the last change of every paper written, by its packed identifier. Shows what paging skipped, and what
    /// another set already brought.
    written: HashMap<i64, NaiveDate>,
}

impl HarvestSink {
    /// Opens the output if a format, a file or fields were given, or else the mirror.
    pub(super) fn open(context: &Context, output: &OutputArgs) -> Result<Self, Error> {
        let folder = &context.settings.library_dir;
        let format = output.format()?;
        let (library, stream) = if format.is_some() || output.is_file() || output.fields.is_some() {
            let look = context.render_options(lookup::areas(&[]), output.is_file());
            let writer = output.open(format.unwrap_or(Format::Jsonl), look)?;
            let stream = OutputStream {
                writer,
                written: HashMap::new(),
            };
            (Library::existing(folder)?, Some(stream))
        } else {
            (Some(Library::open(folder)?), None)
        };
        Ok(Self {
            mirror: MirrorWriter::of(library, context.now()),
            today: context.today(),
            stream,
            set: None,
            before: None,
            is_contiguous: true,
            reached: None,
            checked: None,
            deleted: 0,
            so_far: HarvestSummary::default(),
            written: 0,
        })
    }

    /// Returns how far a set was harvested, or `None` if never.
    pub(super) fn checkpoint(&mut self, set: Option<&str>) -> Result<Option<HarvestCheckpoint>, Error> {
        match self.mirror.wait()? {
            Some(library) => Ok(library.checkpoint(set)?),
            None => Ok(None),
        }
    }

    /// Starts a set and returns the request that harvests it.
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
        (self.mirror.report, self.deleted, self.written) = (UpsertReport::default(), 0, 0);
        // A harvest that starts later would leave a gap before the new checkpoint.
        self.is_contiguous =
            since.is_none_or(|since| since <= before.map_or(EARLIEST, |checkpoint| checkpoint.day));
        let from = since.or(before.map(|checkpoint| checkpoint.day));
        let unchecked = before
            .map(|checkpoint| checkpoint.checked)
            .filter(|checked| Some(*checked) < from);
        Ok(HarvestRequest {
            set: set.oai.clone(),
            from,
            until,
            checked: unchecked.filter(|_| self.is_contiguous && self.stream.is_none()),
        })
    }

    /// Returns the first day that this harvest left out, or `None` if it left no gap.
    pub(super) fn gap(&self) -> Option<NaiveDate> {
        let begins = self.before.map_or(EARLIEST, |checkpoint| checkpoint.day);
        (!self.is_contiguous && self.stream.is_none()).then_some(begins)
    }

    /// Handles one step of the harvest.
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
                // A checkpoint in the future, from a wrong clock at arXiv, would skip everything that changes until then.
                let (reached, checked) = (reached.min(self.today), checked.min(self.today));
                (self.reached, self.checked) = (Some(reached), Some(checked));
                if let Some(stream) = &mut self.stream {
                    self.written += stream.write(&records)?;
                    return Ok(());
                }
                let checkpoint = self.next_checkpoint(reached, checked);
                self.mirror.store(self.set.clone(), records, deleted, checkpoint)
            }
            HarvestStep::Check { listed, missing } => {
                *missing = match (&self.stream, self.mirror.wait()?) {
                    (Some(stream), _) => stream.missing_or_older(listed),
                    (None, Some(library)) => library.missing_or_older(listed)?,
                    (None, None) => Vec::new(),
                };
                Ok(())
            }
        }
    }

    /// Returns the checkpoint after everything before these days is stored, or `None` if a gap is left before them.
    fn next_checkpoint(&self, reached: NaiveDate, checked: NaiveDate) -> Option<HarvestCheckpoint> {
        self.is_contiguous.then(|| match self.before {
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

    /// Waits until all pages are stored.
    pub(super) fn wait(&mut self) -> Result<(), Error> {
        self.mirror.wait().map(|_| ())
    }

    /// Describes the harvest of the set as a clause.
    pub(super) fn describe(&self, summary: &HarvestSummary) -> String {
        let report = &self.mirror.report;
        let mut parts = if self.stream.is_some() {
            vec![format!("{} written", counted(self.written, "record"))]
        } else {
            vec![
                format!("{} new", report.new),
                format!("{} updated", report.updated),
                format!("{} withdrawn", report.withdrawn),
            ]
        };
        parts.push(format!("{} deleted", self.deleted));
        let optional = [
            (report.same, "unchanged"),
            (summary.skipped, "that paging had skipped"),
            (summary.unreadable, "unreadable"),
        ];
        parts.extend(
            optional
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}")),
        );
        if summary.windows > 0 {
            parts.push(counted(summary.windows, "window"));
        }
        if let Some(day) = self.reached {
            let is_complete = self.is_contiguous && self.checked >= self.reached && summary.unreadable == 0;
            parts.push(if is_complete && self.stream.is_none() {
                format!("complete before {day}")
            } else {
                format!("came as far as {day}")
            });
        }
        parts.join(", ")
    }

    /// Finishes the output, if there is one.
    pub(super) fn finish(self, failed: bool) -> Result<(), Error> {
        self.stream.map_or(Ok(()), |stream| stream.writer.finish(failed))
    }
}

impl OutputStream {
    /// Writes the records that were not written in this state already, by another set. Returns their number.
    fn write(&mut self, records: &[Record]) -> Result<u64, Error> {
        let mut count = 0;
        for record in records {
            let before = record
                .as_of
                .and_then(|day| self.written.insert(record.paper.id.packed(), day));
            if before.is_none() || before != record.as_of {
                self.writer.paper(&record.paper)?;
                count += 1;
            }
        }
        self.writer.flush()?;
        Ok(count)
    }

    fn missing_or_older(&self, listed: &[(ArxivId, NaiveDate)]) -> Vec<ArxivId> {
        let is_missing = |(id, day): &&(ArxivId, NaiveDate)| {
            self.written.get(&id.packed()).is_none_or(|written| written < day)
        };
        listed.iter().filter(is_missing).map(|(id, _)| *id).collect()
    }
}
