//! Writes changes of the database into the index: one thread reads rows, others build segments.

use std::fs::{self, File};
use std::mem;
use std::ops::Bound;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use rusqlite::Connection;
use tantivy::collector::Count;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::query::{BooleanQuery, RangeQuery, TermSetQuery};
use tantivy::{Index, IndexWriter, ReloadPolicy, TantivyError, Term};

use super::build::CommitPayload;
use super::changes::{self, ChangedPaper};
use super::lock::WriteLock;
use super::schema::Fields;
use super::segment_builder::SegmentBuilder;
use crate::library::store::{DbError, DbResult};
use crate::library::{Error, Library};
use crate::model::event::Event;

/// Threads that build segments. More threads would need [`MEMORY`] bytes each.
const THREADS: usize = 2;

/// Up to this many changes one thread is faster than two.
const ONE_THREAD_MAX: u64 = 1_000;

/// Memory of a segment in bytes at which it is written out.
const MEMORY: usize = 200 << 20;

/// Size of a batch that is sent to a thread: papers, and bytes of their records.
const BATCH: (usize, usize) = (100, 1 << 20);

/// Largest segment in documents that is still merged. A full build writes larger ones; merging them would take a fifth
/// of its time and make searches no faster.
const MAX_MERGED_DOCS: usize = 30_000;

/// Error while updating the index.
#[derive(Debug, thiserror::Error)]
enum UpdateError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Index(#[from] TantivyError),
}

impl Library {
    /// Brings the index from the state `from` (an empty index if `None`) to the state of the database, and commits.
    pub(super) fn fill(
        &self,
        index: &Index,
        from: Option<&CommitPayload>,
        changes: u64,
        observe: &mut dyn FnMut(Event),
        lock: &WriteLock,
    ) -> Result<(), Error> {
        File::create(&lock.dirty_marker)
            .and_then(|file| file.sync_all())
            .map_err(|error| self.io_failure(&error))?;
        let mut progress = |done| {
            observe(Event::Progress {
                done,
                total: Some(changes),
            });
        };
        let threads = if changes > ONE_THREAD_MAX { THREADS } else { 1 };
        let fill = || self.read(|db| Ok(fill(db, index, from, threads, &mut progress)));
        let filled = panic::catch_unwind(AssertUnwindSafe(fill))
            .unwrap_or_else(|_| Err(self.index_error(&"it is damaged")))?;
        filled.map_err(|failure| match failure {
            UpdateError::Database(error) => self.database_error(&error),
            UpdateError::Index(error) => self.index_failure(&error),
        })?;
        fs::remove_file(&lock.dirty_marker).map_err(|error| self.io_failure(&error))
    }
}

fn fill(
    db: &Connection,
    index: &Index,
    from: Option<&CommitPayload>,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), UpdateError> {
    let mut writer = writer(index)?;
    let filled = write_changes(&mut writer, db, from, threads, progress);
    if filled.is_err() {
        // The dirty_marker files may be what filled the disk.
        let _ = writer.garbage_collect_files().wait();
    }
    // Waited for also after an error: a late merge would write into the folder of the next index.
    let merged = writer.wait_merging_threads();
    filled?;
    Ok(merged?)
}

fn write_changes(
    writer: &mut IndexWriter,
    db: &Connection,
    from: Option<&CommitPayload>,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), UpdateError> {
    // A transaction, so that revision and rows are of the same state.
    let snapshot = db.unchecked_transaction().map_err(DbError::from)?;
    let payload = CommitPayload::of(db)?;
    if let Some(from) = from {
        // Files left by a process that died may have the names that this one is about to use.
        writer.garbage_collect_files().wait()?;
        delete_outdated(writer, &changes::outdated(db, from.revision)?, from)?;
    }
    add_papers(
        db,
        writer,
        from.map_or(0, |from| from.revision),
        threads,
        progress,
    )?;
    snapshot.finish().map_err(DbError::from)?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(&payload).map_err(TantivyError::from)?);
    commit.commit()?;
    Ok(())
}

/// Deletes papers as an index of state `from` holds them. Limited by revision because tantivy applies a deletion to
/// segments that are added later, too.
fn delete_outdated(writer: &IndexWriter, keys: &[i64], from: &CommitPayload) -> Result<(), UpdateError> {
    let fields = Fields::new().1;
    let keys = keys
        .iter()
        .map(|key| Term::from_field_u64(fields.key, key.unsigned_abs()));
    let until = Bound::Included(Term::from_field_i64(fields.revision, from.revision));
    let outdated = BooleanQuery::intersection(vec![
        Box::new(TermSetQuery::new(keys)),
        Box::new(RangeQuery::new(Bound::Unbounded, until)),
    ]);
    // Runs the query in this thread first: in tantivy's own thread a damaged index would abort the program.
    let reader = writer
        .index()
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    if reader.searcher().search(&outdated, &Count)? > 0 {
        writer.delete_query(Box::new(outdated))?;
    }
    Ok(())
}

/// Adds segments with the papers that changed after this revision.
fn add_papers(
    db: &Connection,
    writer: &IndexWriter,
    after: i64,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), UpdateError> {
    let (sender, batches) = sync_channel(threads);
    let batches = Mutex::new(Some(batches));
    thread::scope(|scope| {
        let builders: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| build_segments(&batches, writer)))
            .collect();
        send(db, after, threads, sender, progress)?;
        builders.into_iter().try_for_each(|builder| {
            let gathered = builder.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
            Ok(gathered?)
        })
    })
}

/// Sends the changed papers in batches, then an empty batch to each thread. Stops early if no thread receives any more:
/// the failed thread returns the error.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the threads wait until the sender is dropped, also on an error"
)]
fn send(
    db: &Connection,
    after: i64,
    threads: usize,
    sender: SyncSender<Vec<ChangedPaper>>,
    progress: &mut dyn FnMut(u64),
) -> DbResult<()> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut done = 0;
    changes::for_each(db, after, &mut |paper| {
        bytes += paper.record.len();
        batch.push(paper);
        done += 1;
        if batch.len() < BATCH.0 && bytes < BATCH.1 {
            return true;
        }
        progress(done);
        bytes = 0;
        sender.send(mem::take(&mut batch)).is_ok()
    })?;
    if !batch.is_empty() {
        let _ = sender.send(batch);
    }
    for _ in 0..threads {
        let _ = sender.send(Vec::new());
    }
    Ok(())
}

type Batches = Mutex<Option<Receiver<Vec<ChangedPaper>>>>;

/// Builds segments from batches and adds one whenever it reaches [`MEMORY`].
fn build_segments(batches: &Batches, writer: &IndexWriter) -> tantivy::Result<()> {
    let closing = CloseOnDrop(batches);
    let (schema, fields) = Fields::new();
    let mut segment = SegmentBuilder::new(schema.clone())?;
    // If the channel closes before the empty batch, the sender failed and nothing may be added.
    while let Some(batch) = next_batch(batches) {
        if batch.is_empty() {
            add(writer, segment)?;
            mem::forget(closing);
            return Ok(());
        }
        for paper in &batch {
            if let Some(record) = paper.document() {
                fields.add_paper(&mut segment, paper, &record)?;
            }
            if segment.size() > MEMORY {
                add(
                    writer,
                    mem::replace(&mut segment, SegmentBuilder::new(schema.clone())?),
                )?;
            }
        }
    }
    Ok(())
}

/// Closes the channel if a thread ends early, so that the sender does not wait for it.
struct CloseOnDrop<'a>(&'a Batches);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        lock_channel(self.0).take();
    }
}

fn next_batch(batches: &Batches) -> Option<Vec<ChangedPaper>> {
    lock_channel(batches).as_ref()?.recv().ok()
}

fn lock_channel(batches: &Batches) -> MutexGuard<'_, Option<Receiver<Vec<ChangedPaper>>>> {
    batches.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(writer: &IndexWriter, segment: SegmentBuilder) -> tantivy::Result<()> {
    if segment.docs() > 0 {
        writer.add_segment(segment.write(writer.index())?)?;
    }
    Ok(())
}

fn writer(index: &Index) -> tantivy::Result<IndexWriter> {
    // tantivy's own threads are not used and get the least memory it accepts.
    let options = IndexWriterOptions::builder().num_merge_threads(1).build();
    let writer = index.writer_with_options(options)?;
    let mut merging = LogMergePolicy::default();
    merging.set_max_docs_before_merge(MAX_MERGED_DOCS);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}
