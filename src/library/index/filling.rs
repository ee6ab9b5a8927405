//! Filling the index: what changed goes from the database to threads that gather segments.

use std::fs::{self, File};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tantivy::indexer::LogMergePolicy;
use tantivy::{Index, IndexWriter, TantivyError, Term};

use super::build::Stand;
use super::changes::{self, Row};
use super::draft::Draft;
use super::folder::Turn;
use super::recipe::Fields;
use crate::library::{Error, Library};
use crate::model::event::Event;

/// Threads that gather segments. More would need more memory for each.
const THREADS: usize = 2;

/// Bytes that a segment takes at most before it is written.
const MEMORY: usize = 200 << 20;

/// Papers that go to a thread together.
const BATCH: usize = 100;

/// Segments of more papers are left as they are: those of a building are larger, and merging them would cost a fifth of
/// its time for searches that are no faster.
const MERGED: usize = 30_000;

/// So few changes are not worth two threads.
const FEW: u64 = 1_000;

/// Bytes that tantivy wants to be granted for what it is not asked to do here.
const LEAST: usize = 15_000_000;

/// Either side may fail.
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
        let fill = || self.asked(|db| Ok(fill(db, index, from, threads, &mut progress)));
        let filled = panic::catch_unwind(AssertUnwindSafe(fill))
            .unwrap_or_else(|_| Err(self.index_error(&"it is damaged")))?;
        match filled {
            Err(Failure::Database(error)) => return self.asked(|_| Err(error)),
            Err(Failure::Index(error)) => return Err(self.broken(&error)),
            Ok(()) => {}
        }
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
    // Revision and rows of one moment.
    let moment = db.unchecked_transaction()?;
    let stand = Stand::of(db)?;
    if let Some(from) = from {
        take_out(index, &changes::outdated(db, from.revision)?, from)?;
    }
    let mut writer = writer(index)?;
    put_in(
        db,
        &writer,
        from.map_or(0, |from| from.revision),
        threads,
        progress,
    )?;
    moment.finish()?;
    commit(&mut writer, &stand)?;
    Ok(writer.wait_merging_threads()?)
}

/// Takes papers out. By a writer of its own: what is still to be deleted when a segment is added would be deleted in
/// that as well. The index stays where it stands, so that whoever comes after a crash begins here again.
fn take_out(index: &Index, keys: &[i64], stand: &Stand) -> Result<(), Failure> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut writer = writer(index)?;
    let field = Fields::new().1.key;
    for key in keys {
        writer.delete_term(Term::from_field_u64(field, key.unsigned_abs()));
    }
    commit(&mut writer, stand)?;
    Ok(writer.wait_merging_threads()?)
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
        // Dropped at the end of this, whatever it is, which the threads wait for.
        let sender = sender;
        let gatherers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| gather(&batches, writer)))
            .collect();
        let mut batch = Vec::new();
        let mut done = 0;
        changes::each(db, after, &mut |row| {
            batch.push(row);
            done += 1;
            if batch.len() < BATCH {
                return true;
            }
            progress(done);
            sender.send(mem::take(&mut batch)).is_ok()
        })?;
        // Nobody is there to take it where all have failed, and they say why.
        let _ = sender.send(batch);
        drop(sender);
        gatherers.into_iter().try_for_each(|gatherer| {
            let gathered = gatherer
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic));
            Ok(gathered?)
        })
    })
}

type Batches = Mutex<Option<Receiver<Vec<Row>>>>;

/// Gathers papers, and adds them as a segment whenever they take much memory.
fn gather(batches: &Batches, writer: &IndexWriter) -> tantivy::Result<()> {
    let gather = || {
        let (schema, fields) = Fields::new();
        let mut draft = Draft::new(schema.clone())?;
        while let Some(batch) = next(batches) {
            for row in &batch {
                if let Some(record) = row.read() {
                    fields.put(&mut draft, row.key, &record)?;
                }
            }
            if draft.size() > MEMORY {
                add(writer, mem::replace(&mut draft, Draft::new(schema.clone())?))?;
            }
        }
        add(writer, draft)
    };
    gather().inspect_err(|_| {
        // The others need not go on.
        batches.lock().unwrap_or_else(PoisonError::into_inner).take();
    })
}

fn next(batches: &Batches) -> Option<Vec<Row>> {
    let batches = batches.lock().unwrap_or_else(PoisonError::into_inner);
    batches.as_ref()?.recv().ok()
}

fn add(writer: &IndexWriter, draft: Draft) -> tantivy::Result<()> {
    if draft.papers() > 0 {
        writer.add_segment(draft.write(writer.index())?)?;
    }
    Ok(())
}

fn writer(index: &Index) -> tantivy::Result<IndexWriter> {
    let writer = index.writer_with_num_threads(1, LEAST)?;
    let mut merging = LogMergePolicy::default();
    merging.set_max_docs_before_merge(MERGED);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}

fn commit(writer: &mut IndexWriter, stand: &Stand) -> tantivy::Result<()> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(stand)?);
    commit.commit().map(drop)
}
