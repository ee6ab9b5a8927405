//! Filling the index: what changed goes from the database to threads that gather segments.

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

use super::build::Stand;
use super::changes::{self, Changed};
use super::lock::Turn;
use super::schema::Fields;
use super::segment_builder::Draft;
use crate::library::{Error, Library};
use crate::model::event::Event;

/// Threads that gather segments. More would need more memory for each.
const THREADS: usize = 2;

/// So few changes are not worth two threads.
const FEW: u64 = 1_000;

/// Bytes that a segment takes at most before it is written.
const MEMORY: usize = 200 << 20;

/// Papers, and bytes of their records, that go to a thread together.
const BATCH: (usize, usize) = (100, 1 << 20);

/// Segments of more papers are left as they are: those of a building are larger, and merging them would cost a fifth of
/// its time for searches that are no faster.
const MERGED: usize = 30_000;

/// Why the index was not filled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Index(#[from] TantivyError),
}

impl Library {
    /// Brings the index from where it stands (an empty one, if nowhere) to where the database is, and commits.
    pub(super) fn fill(
        &self,
        index: &Index,
        from: Option<&Stand>,
        changes: u64,
        observe: &mut dyn FnMut(Event),
        turn: &Turn,
    ) -> Result<(), Error> {
        File::create(&turn.unfinished)
            .and_then(|file| file.sync_all())
            .map_err(|error| self.refused(&error))?;
        let mut progress = |done| {
            observe(Event::Progress {
                done,
                total: Some(changes),
            });
        };
        let threads = if changes > FEW { THREADS } else { 1 };
        let fill = || self.read(|db| Ok(fill(db, index, from, threads, &mut progress)));
        let filled = panic::catch_unwind(AssertUnwindSafe(fill))
            .unwrap_or_else(|_| Err(self.index_error(&"it is damaged")))?;
        filled.map_err(|failure| match failure {
            Failure::Database(error) => self.said(&error),
            Failure::Index(error) => self.broken(&error),
        })?;
        fs::remove_file(&turn.unfinished).map_err(|error| self.refused(&error))
    }
}

fn fill(
    db: &Connection,
    index: &Index,
    from: Option<&Stand>,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let mut writer = writer(index)?;
    let filled = fill_by(&mut writer, db, from, threads, progress);
    if filled.is_err() {
        // The disk may be full of it.
        let _ = writer.garbage_collect_files().wait();
    }
    // Also after a failure: a late merge would write into the folder of the next index.
    let merged = writer.wait_merging_threads();
    filled?;
    Ok(merged?)
}

fn fill_by(
    writer: &mut IndexWriter,
    db: &Connection,
    from: Option<&Stand>,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    // Revision and rows of one moment.
    let moment = db.unchecked_transaction()?;
    let stand = Stand::of(db)?;
    if let Some(from) = from {
        // What a process that died has left lies where this one may want to write.
        writer.garbage_collect_files().wait()?;
        take_out(writer, &changes::outdated(db, from.revision)?, from)?;
    }
    put_in(
        db,
        writer,
        from.map_or(0, |from| from.revision),
        threads,
        progress,
    )?;
    moment.finish()?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(&stand).map_err(TantivyError::from)?);
    commit.commit()?;
    Ok(())
}

/// Takes papers out, as they were when the index stood there: tantivy deletes from segments that are added later as
/// well.
fn take_out(writer: &IndexWriter, keys: &[i64], from: &Stand) -> Result<(), Failure> {
    let fields = Fields::new().1;
    let keys = keys
        .iter()
        .map(|key| Term::from_field_u64(fields.key, key.unsigned_abs()));
    let until = Bound::Included(Term::from_field_i64(fields.revision, from.revision));
    let outdated = BooleanQuery::intersection(vec![
        Box::new(TermSetQuery::new(keys)),
        Box::new(RangeQuery::new(Bound::Unbounded, until)),
    ]);
    // Found in this thread first: in tantivy's own a damaged index would end the program.
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

/// Adds a segment or more with the papers that changed after this revision.
fn put_in(
    db: &Connection,
    writer: &IndexWriter,
    after: i64,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let (sender, batches) = sync_channel(threads);
    let batches = Mutex::new(Some(batches));
    thread::scope(|scope| {
        let gatherers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| gather(&batches, writer)))
            .collect();
        send(db, after, threads, sender, progress)?;
        gatherers.into_iter().try_for_each(|gatherer| {
            let gathered = gatherer
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic));
            Ok(gathered?)
        })
    })
}

/// Sends the papers that changed in batches, and an empty batch for each thread when there are no more. Ends early
/// where nobody takes them any longer: whoever failed says why.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the threads wait until the sender is dropped, also on an error"
)]
fn send(
    db: &Connection,
    after: i64,
    threads: usize,
    sender: SyncSender<Vec<Changed>>,
    progress: &mut dyn FnMut(u64),
) -> rusqlite::Result<()> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut done = 0;
    changes::each(db, after, &mut |paper| {
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

type Batches = Mutex<Option<Receiver<Vec<Changed>>>>;

/// Gathers papers, and adds them as a segment whenever they take much memory.
fn gather(batches: &Batches, writer: &IndexWriter) -> tantivy::Result<()> {
    let closing = Closing(batches);
    let (schema, fields) = Fields::new();
    let mut draft = Draft::new(schema.clone())?;
    // Without a last word, somebody failed: nothing is to be added.
    while let Some(batch) = next(batches) {
        if batch.is_empty() {
            add(writer, draft)?;
            mem::forget(closing);
            return Ok(());
        }
        for paper in &batch {
            if let Some(record) = paper.read() {
                fields.put(&mut draft, paper, &record)?;
            }
            if draft.size() > MEMORY {
                add(writer, mem::replace(&mut draft, Draft::new(schema.clone())?))?;
            }
        }
    }
    Ok(())
}

/// Closes the way when a thread ends before its time, so that nobody waits for it.
struct Closing<'a>(&'a Batches);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        lock(self.0).take();
    }
}

fn next(batches: &Batches) -> Option<Vec<Changed>> {
    lock(batches).as_ref()?.recv().ok()
}

fn lock(batches: &Batches) -> MutexGuard<'_, Option<Receiver<Vec<Changed>>>> {
    batches.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(writer: &IndexWriter, draft: Draft) -> tantivy::Result<()> {
    if draft.papers() > 0 {
        writer.add_segment(draft.write(writer.index())?)?;
    }
    Ok(())
}

fn writer(index: &Index) -> tantivy::Result<IndexWriter> {
    // Its own threads take no text apart, and have the least memory that can be granted.
    let options = IndexWriterOptions::builder().num_merge_threads(1).build();
    let writer = index.writer_with_options(options)?;
    let mut merging = LogMergePolicy::default();
    merging.set_max_docs_before_merge(MERGED);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}
