//! Stores imported records and counts what became of them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::NaiveDate;

use super::batch::{Batch, OmittedRecord};
use super::feed::display_name;
use crate::app::{Context, digest};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::library::{DownloadedFile, HarvestCheckpoint, Library, UpsertOptions, UpsertReport};
use crate::lookup;
use crate::model::date::Stamp;
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::model::quantity::counted;
use crate::model::record::Record;
use crate::model::tag;
use crate::ui::ReadProgress;

/// Size of an upsert in records and in bytes.
const RECORDS: usize = 1000;
const BYTES: usize = 8 << 20;

/// Number of messages per file about bad and about skipped records; the rest is only counted.
const MAX_BAD_MESSAGES: u64 = 20;
const MAX_SKIPPED_MESSAGES: u64 = 1000;

/// The destination of an import.
pub struct ImportSink<'a> {
    context: &'a Context,
    /// Their entries are stored with the papers, so that a search finds them.
    catalogs: &'a [Catalog],
    options: UpsertOptions,
    /// Opened, and created if necessary, with the first record.
    library: Option<Library>,
    queue: Vec<Record>,
    bytes: usize,
    report: UpsertReport,
    /// Number of records that could not be read.
    pub bad: u64,
    skipped: u64,
    /// Papers whose tags and notes were left out because the mirror has none.
    user_data_omitted: u64,
    /// Tags that were left out because `tag` would refuse them.
    tags_omitted: u64,
    /// Tags and notes of imported records.
    tags: u64,
    notes: u64,
    /// Files that a bibliography names: those that were added, and those that do not exist or are of no known kind.
    files: u64,
    files_omitted: u64,
    /// Files to be added once the records are stored.
    queued_files: Vec<(ArxivId, PathBuf)>,
    /// Latest day, up to today, on which an imported record was changed.
    pub newest: Option<NaiveDate>,
    file: PathBuf,
    /// Counts of the current file.
    bad_in_file: u64,
    skipped_in_file: u64,
    started: Instant,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl<'a> ImportSink<'a> {
    /// A destination that is not open yet.
    pub fn new(context: &'a Context, catalogs: &'a [Catalog], mirror: bool, files: &[PathBuf]) -> Self {
        let keep = (!mirror).then(|| context.now());
        Self {
            context,
            catalogs,
            options: UpsertOptions {
                keep,
                ..UpsertOptions::default()
            },
            library: None,
            queue: Vec::with_capacity(RECORDS),
            bytes: 0,
            report: UpsertReport::default(),
            bad: 0,
            skipped: 0,
            user_data_omitted: 0,
            tags_omitted: 0,
            tags: 0,
            notes: 0,
            files: 0,
            files_omitted: 0,
            queued_files: Vec::new(),
            newest: None,
            file: PathBuf::new(),
            bad_in_file: 0,
            skipped_in_file: 0,
            started: Instant::now(),
            read: Arc::default(),
            total: files.iter().map(|file| size(file)).sum(),
        }
    }

    /// Starts a file. Returns the counter of the bytes that are read from it.
    pub fn begin(&mut self, file: &Path) -> Arc<AtomicU64> {
        self.report_omitted_messages();
        self.file = display_name(file);
        Arc::clone(&self.read)
    }

    /// Accepts a batch: queues its records and reports the others.
    pub fn take(&mut self, batch: Batch) -> Result<(), Error> {
        for note in &batch.bad {
            self.report_bad(note);
        }
        for note in &batch.skipped {
            self.skipped += 1;
            self.skipped_in_file += 1;
            if self.skipped_in_file <= MAX_SKIPPED_MESSAGES {
                self.context.ui.note(&format!("skipped {}", self.placed(note)));
            }
        }
        self.bytes += batch.bytes;
        self.queued_files.extend(batch.files);
        for record in batch.records {
            let record = self.adjusted(record);
            self.queue.push(record);
        }
        if self.queue.len() >= RECORDS || self.bytes >= BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Stores the queued records.
    pub fn flush(&mut self) -> Result<(), Error> {
        if !self.queue.is_empty() {
            let options = self.options;
            let queue = std::mem::take(&mut self.queue);
            let put = self.library()?.upsert(&queue, options)?;
            for (id, reason) in &put.refused {
                self.report_bad(&OmittedRecord {
                    place: id.to_string(),
                    reason: reason.clone(),
                });
            }
            self.report += put;
            self.bytes = 0;
        }
        self.add_files()?;
        self.context.ui.reading(&ReadProgress {
            bytes: self.read.load(Ordering::Relaxed),
            total: self.total,
            papers: self.stored(),
            took: self.started.elapsed(),
        });
        Ok(())
    }

    /// Adds the files that a bibliography names. Relative paths start at the folder of the bibliography.
    fn add_files(&mut self) -> Result<(), Error> {
        let folder = self.file.parent().map(Path::to_owned).unwrap_or_default();
        for (id, path) in std::mem::take(&mut self.queued_files) {
            let extension = path.extension().map(OsStr::to_ascii_lowercase);
            let kind = match extension.as_ref().and_then(|extension| extension.to_str()) {
                Some("pdf") => Some(FileKind::Pdf),
                Some("html" | "htm") => Some(FileKind::Html),
                _ => None,
            };
            let path = fs::canonicalize(folder.join(path))
                .ok()
                .filter(|path| path.is_file());
            let (Some(kind), Some(path), Some(_)) = (kind, path, self.options.keep) else {
                self.files_omitted += 1;
                continue;
            };
            let (size, sha256) =
                digest::of_file(&path).map_err(|error| Error::file("read", &path, &error))?;
            let file = DownloadedFile {
                id,
                kind,
                path,
                size,
                sha256,
                retrieved: self.context.now(),
            };
            self.library()?.add_file(&file)?;
            self.files += 1;
        }
        Ok(())
    }

    /// Moves the harvest checkpoint of all of arXiv to this day, unless it is later already. Returns its day.
    pub fn checkpoint(&mut self, day: NaiveDate) -> Result<NaiveDate, Error> {
        let library = self.library()?;
        let (mut mark, known) = (HarvestCheckpoint { day, checked: day }, library.checkpoint(None)?);
        if let Some(known) = known {
            mark.day = mark.day.max(known.day);
            mark.checked = mark.checked.max(known.checked);
        }
        library.store_harvest_page(None, &[], &[], mark, None)?;
        Ok(mark.day)
    }

    /// Prints the totals, unless an error was printed and nothing was imported.
    pub fn summarize(&mut self, said: bool) {
        self.report_omitted_messages();
        if said && self.stored() + self.skipped + self.bad == 0 {
            return;
        }
        if self.user_data_omitted > 0 {
            self.context.ui.warn(&format!(
                "tags and notes of {} were left out: the mirror has none; import without --mirror to keep them",
                counted(self.user_data_omitted, "paper")
            ));
        }
        if self.tags_omitted > 0 {
            self.context.ui.warn(&format!(
                "{} left out: `arxcat tag` takes none that is long, has a comma or a semicolon, or cannot be seen",
                counted(self.tags_omitted, "tag")
            ));
        }
        if self.files_omitted > 0 {
            self.context.ui.warn(&format!(
                "{} left out: not on this machine, or neither PDF nor HTML",
                counted(self.files_omitted, "file")
            ));
        }
        let UpsertReport {
            new, updated, same, ..
        } = self.report;
        let mut parts = vec![format!("{new} new, {updated} updated, {same} the same")];
        if self.skipped > 0 {
            parts.push(format!("{} skipped", self.skipped));
        }
        if self.bad > 0 {
            parts.push(format!("{} that cannot be read", self.bad));
        }
        let user_data = [(self.tags, "tag"), (self.notes, "note"), (self.files, "file")];
        let user_data: Vec<String> = user_data
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
        if !user_data.is_empty() {
            parts.push(format!("with {}", user_data.join(", ")));
        }
        let papers = counted(self.stored(), "paper");
        self.context.ui.note(&format!("{papers}: {}", parts.join("; ")));
    }

    /// Exit code as far as records are concerned.
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
        self.report.new + self.report.updated + self.report.same
    }

    /// Adjusts a record: no date of a file is later than now, and the mirror has no user data.
    fn adjusted(&mut self, mut record: Record) -> Record {
        let now = self.context.now();
        let today = now.date_naive();
        if record.paper.retrieved.is_some_and(|at| at > Stamp::Second(now)) {
            record.paper.retrieved = Some(Stamp::Second(now));
        }
        self.newest = self.newest.max(record.as_of.filter(|day| *day <= today));
        record.as_of = record.as_of.map(|day| day.min(today));
        if self.options.keep.is_none() {
            let kept = record.paper.library.take();
            let has_words = kept.is_some_and(|kept| !kept.tags.is_empty() || kept.note.is_some());
            self.user_data_omitted += u64::from(has_words);
        }
        if let Some(kept) = &mut record.paper.library {
            let all = kept.tags.len();
            kept.tags = kept.tags.iter().filter_map(|tag| tag::parse(tag).ok()).collect();
            self.tags_omitted += (all - kept.tags.len()) as u64;
            self.tags += kept.tags.len() as u64;
            self.notes += u64::from(kept.note.as_deref().is_some_and(|note| !note.is_empty()));
        }
        lookup::annotate(self.catalogs, &mut record.paper);
        record
    }

    fn report_bad(&mut self, note: &OmittedRecord) {
        self.bad += 1;
        self.bad_in_file += 1;
        if self.bad_in_file <= MAX_BAD_MESSAGES {
            self.context.ui.failed(&self.placed(note));
        }
    }

    fn placed(&self, note: &OmittedRecord) -> String {
        format!("{}:{}: {}", self.file.display(), note.place, note.reason)
    }

    /// Prints how many messages were left out for the file that ends.
    fn report_omitted_messages(&mut self) {
        let file = self.file.display();
        if let Some(more) = self.bad_in_file.checked_sub(MAX_BAD_MESSAGES + 1) {
            let records = counted(more + 1, "more record");
            self.context
                .ui
                .failed(&format!("{file}: {records} that cannot be read"));
        }
        if let Some(more) = self.skipped_in_file.checked_sub(MAX_SKIPPED_MESSAGES + 1) {
            let entries = counted(more + 1, "more record");
            self.context.ui.note(&format!("{file}: {entries} skipped"));
        }
        (self.bad_in_file, self.skipped_in_file) = (0, 0);
    }
}

/// Size of a regular file in bytes.
fn size(file: &Path) -> Option<u64> {
    let found = fs::metadata(file).ok().filter(fs::Metadata::is_file);
    found.map(|found| found.len())
}
