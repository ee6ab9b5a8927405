//! Where the records go, and the account of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::NaiveDate;

use super::feed::{Batch, Note, named};
use crate::app::Context;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::library::{HarvestCheckpoint, Library, UpsertOptions, UpsertReport};
use crate::lookup;
use crate::model::date::Stamp;
use crate::model::quantity::counted;
use crate::model::record::Record;
use crate::model::tag;
use crate::ui::ReadProgress;

/// So many records, or bytes of them, are stored at once.
const RECORDS: usize = 1000;
const BYTES: usize = 8 << 20;

/// So many records that cannot be read are told of a file, and so many that are skipped; the rest is counted.
const TOLD_BAD: u64 = 20;
const TOLD_SKIPPED: u64 = 1000;

/// The library on its way to being filled.
pub struct Store<'a> {
    context: &'a Context,
    /// What they know of a paper is stored with it, so that the search finds it.
    catalogs: &'a [Catalog],
    how: UpsertOptions,
    /// Opened, and so made, with the first record.
    library: Option<Library>,
    waiting: Vec<Record>,
    bytes: usize,
    tally: UpsertReport,
    /// Records that could not be read.
    pub bad: u64,
    skipped: u64,
    /// Papers whose tags and notes were left out: the mirror has none.
    unworded: u64,
    /// Tags that were left out: `tag` would refuse them.
    untagged: u64,
    /// The last day, not after today, on which a record was changed.
    pub newest: Option<NaiveDate>,
    file: PathBuf,
    /// Those of this file.
    bad_here: u64,
    skipped_here: u64,
    begun: Instant,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl<'a> Store<'a> {
    /// Opens nothing yet.
    pub fn new(context: &'a Context, catalogs: &'a [Catalog], mirror: bool, files: &[PathBuf]) -> Self {
        let keep = (!mirror).then(|| context.now());
        Self {
            context,
            catalogs,
            how: UpsertOptions { keep, refresh: false },
            library: None,
            waiting: Vec::with_capacity(RECORDS),
            bytes: 0,
            tally: UpsertReport::default(),
            bad: 0,
            skipped: 0,
            unworded: 0,
            untagged: 0,
            newest: None,
            file: PathBuf::new(),
            bad_here: 0,
            skipped_here: 0,
            begun: Instant::now(),
            read: Arc::default(),
            total: files.iter().map(|file| size(file)).sum(),
        }
    }

    /// The next file begins; gives the counter of the bytes that are read.
    pub fn begin(&mut self, file: &Path) -> Arc<AtomicU64> {
        self.tell_rest();
        self.file = named(file);
        Arc::clone(&self.read)
    }

    /// Takes records in, to be stored soon, and tells what is wrong with others.
    pub fn take(&mut self, batch: Batch) -> Result<(), Error> {
        for note in &batch.bad {
            self.bad += 1;
            self.bad_here += 1;
            if self.bad_here <= TOLD_BAD {
                self.context.ui.failed(&self.placed(note));
            }
        }
        for note in &batch.skipped {
            self.skipped += 1;
            self.skipped_here += 1;
            if self.skipped_here <= TOLD_SKIPPED {
                self.context.ui.note(&format!("skipped {}", self.placed(note)));
            }
        }
        self.bytes += batch.bytes;
        for record in batch.records {
            let record = self.settled(record);
            self.waiting.push(record);
        }
        if self.waiting.len() >= RECORDS || self.bytes >= BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Stores what was taken.
    pub fn flush(&mut self) -> Result<(), Error> {
        if !self.waiting.is_empty() {
            let how = self.how;
            let waiting = std::mem::take(&mut self.waiting);
            let put = self.library()?.upsert(&waiting, how)?;
            self.tally += put;
            self.bytes = 0;
        }
        self.context.ui.reading(&ReadProgress {
            bytes: self.read.load(Ordering::Relaxed),
            total: self.total,
            papers: self.stored(),
            took: self.begun.elapsed(),
        });
        Ok(())
    }

    /// Marks all of arXiv as held up to this day, unless it is already further. Gives the day.
    pub fn checkpoint(&mut self, day: NaiveDate) -> Result<NaiveDate, Error> {
        let library = self.library()?;
        let (mut mark, known) = (HarvestCheckpoint { day, checked: day }, library.checkpoint(None)?);
        if let Some(known) = known {
            mark.day = mark.day.max(known.day);
            mark.checked = mark.checked.max(known.checked);
        }
        library.store_harvest_page(None, &[], &[], mark)?;
        Ok(mark.day)
    }

    /// Says what came of it all; nothing where that was said already.
    pub fn summarize(&mut self, said: bool) {
        self.tell_rest();
        if said && self.stored() + self.skipped + self.bad == 0 {
            return;
        }
        if self.unworded > 0 {
            self.context.ui.warn(&format!(
                "tags and notes of {} were left out: the mirror has none; import without --mirror to keep them",
                counted(self.unworded, "paper")
            ));
        }
        if self.untagged > 0 {
            self.context.ui.warn(&format!(
                "{} left out: `arxcat tag` takes none that is long, has a comma or a semicolon, or cannot be seen",
                counted(self.untagged, "tag")
            ));
        }
        let UpsertReport {
            new, updated, same, ..
        } = self.tally;
        let mut parts = vec![format!("{new} new, {updated} updated, {same} the same")];
        if self.skipped > 0 {
            parts.push(format!("{} skipped", self.skipped));
        }
        if self.bad > 0 {
            parts.push(format!("{} that cannot be read", self.bad));
        }
        let papers = counted(self.stored(), "paper");
        self.context.ui.note(&format!("{papers}: {}", parts.join("; ")));
    }

    /// How it ends, as far as the records are concerned.
    pub fn exit(&self) -> Exit {
        if self.bad > 0 { Exit::Partly } else { Exit::Done }
    }

    fn library(&mut self) -> Result<&mut Library, Error> {
        if self.library.is_none() {
            self.library = Some(Library::open(&self.context.settings.library_dir)?);
        }
        self.library
            .as_mut()
            .ok_or_else(|| Error::new(Exit::Local, "the library is not open"))
    }

    fn stored(&self) -> u64 {
        self.tally.new + self.tally.updated + self.tally.same
    }

    /// No file knows the future, and in the mirror nothing is the user's.
    fn settled(&mut self, mut record: Record) -> Record {
        let now = self.context.now();
        let today = now.date_naive();
        if record.paper.retrieved.is_some_and(|at| at > Stamp::Second(now)) {
            record.paper.retrieved = Some(Stamp::Second(now));
        }
        self.newest = self.newest.max(record.as_of.filter(|day| *day <= today));
        record.as_of = record.as_of.map(|day| day.min(today));
        if self.how.keep.is_none() {
            let kept = record.paper.library.take();
            let has_words = kept.is_some_and(|kept| !kept.tags.is_empty() || kept.note.is_some());
            self.unworded += u64::from(has_words);
        }
        if let Some(kept) = &mut record.paper.library {
            let all = kept.tags.len();
            kept.tags = kept.tags.iter().filter_map(|tag| tag::parse(tag).ok()).collect();
            self.untagged += (all - kept.tags.len()) as u64;
        }
        lookup::annotate(self.catalogs, &mut record.paper);
        record
    }

    fn placed(&self, note: &Note) -> String {
        format!("{}:{}: {}", self.file.display(), note.place, note.why)
    }

    /// How many more there were in the file that ends.
    fn tell_rest(&mut self) {
        let file = self.file.display();
        if let Some(more) = self.bad_here.checked_sub(TOLD_BAD + 1) {
            let records = counted(more + 1, "more record");
            self.context
                .ui
                .failed(&format!("{file}: {records} that cannot be read"));
        }
        if let Some(more) = self.skipped_here.checked_sub(TOLD_SKIPPED + 1) {
            let entries = counted(more + 1, "more record");
            self.context.ui.note(&format!("{file}: {entries} skipped"));
        }
        (self.bad_here, self.skipped_here) = (0, 0);
    }
}

/// Bytes of a file; none where that cannot be known before.
fn size(file: &Path) -> Option<u64> {
    let found = fs::metadata(file).ok().filter(fs::Metadata::is_file);
    found.map(|found| found.len())
}
