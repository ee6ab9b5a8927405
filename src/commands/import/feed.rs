//! Reads a file to import on a thread of its own, while earlier records are stored.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::batch::{Batch, OmittedRecord};
use super::bibliography;
use crate::arxiv::atom::UnreadableEntry;
use crate::arxiv::oai::{ErrorCode, ListItem};
use crate::arxiv::rss::{self, AnnouncementFeed};
use crate::arxiv::{atom, oai};
use crate::error::{Error, Exit};
use crate::model::date::Stamp;
use crate::model::quantity::counted;
use crate::model::record::Record;
use crate::read::{self, ByteSource, Framing, INPUT_FORMATS, InputFormat, RecordStream, UnknownFormat};

/// A message of the reading thread.
pub enum FeedMessage {
    /// The format of the file.
    InputFormat(InputFormat),
    /// Something about the file as a whole.
    Warning(String),
    /// Records of the file.
    Batch(Batch),
    /// The rest of the file cannot be read.
    Failed(Error),
    /// The end of the file.
    Done,
}

/// Capacity of the channel in batches. A batch may be a single record of some MiB.
pub const BATCHES: usize = 16;

/// Size of a batch in records and in bytes.
const RECORDS: usize = 250;
const BYTES: usize = 1 << 20;

/// Maximum size of a file in a format that is parsed as a whole: XML and BibTeX. In bytes.
const MAX_WHOLE: usize = 64 << 20;

/// Starts to read a file. `count` grows by the bytes that are read.
pub fn start(path: &Path, count: &Arc<AtomicU64>) -> Receiver<FeedMessage> {
    let (sender, receiver) = sync_channel(BATCHES);
    let (path, count) = (path.to_owned(), Arc::clone(count));
    let reader = move || {
        let mut feed = Feed {
            sender,
            batch: Batch::default(),
            member: None,
            receiver_gone: false,
        };
        let read = feed.file(&path, &count);
        feed.send();
        let end = match read {
            Ok(None) => FeedMessage::Done,
            Ok(Some(error)) => FeedMessage::Failed(error),
            Err(error) => FeedMessage::Failed(Error::file("read", &display_name(&path), &error)),
        };
        let _ = feed.sender.send(end);
    };
    // If no thread can be created, the channel closes, which the receiver reports.
    let _ = std::thread::Builder::new().name("read".to_owned()).spawn(reader);
    receiver
}

/// Name of a file for messages.
pub fn display_name(path: &Path) -> PathBuf {
    PathBuf::from(if path == Path::new("-") {
        Path::new("stdin")
    } else {
        path
    })
}

struct Feed {
    sender: SyncSender<FeedMessage>,
    batch: Batch,
    /// Name of the file inside the archive, if there are several.
    member: Option<String>,
    /// Whether the receiver is gone.
    receiver_gone: bool,
}

impl Feed {
    /// Reads a file to its end. Returns why it cannot be imported. In an archive of several files, one that cannot be
    /// imported counts as a bad record.
    fn file(&mut self, path: &Path, count: &Arc<AtomicU64>) -> io::Result<Option<Error>> {
        read::decompress(open(path)?, count, |member, stream| {
            if self.receiver_gone {
                return Ok(None);
            }
            let Some(member) = member else {
                return self.content(path, stream);
            };
            self.member = Some(member.to_owned());
            let refused = self.content(Path::new(member), stream)?;
            self.send();
            self.member = None;
            self.batch.bad.extend(refused.map(|error| OmittedRecord {
                place: member.to_owned(),
                reason: error.message,
            }));
            self.send();
            Ok(None)
        })
    }

    fn content(&mut self, path: &Path, stream: &mut RecordStream<'_>) -> io::Result<Option<Error>> {
        let form = match InputFormat::of(stream)? {
            Ok(form) => form,
            Err(unknown) => return Ok(Some(refused(path, unknown))),
        };
        // An empty file in an archive does not need a message.
        if form != InputFormat::Empty || self.member.is_none() {
            self.send_message(FeedMessage::InputFormat(form));
        }
        match form {
            InputFormat::Papers(cut) => self.values(stream, cut, read::paper).map(|()| None),
            InputFormat::Kaggle(cut) => self.values(stream, cut, read::kaggle).map(|()| None),
            InputFormat::Atom => stream.rest(MAX_WHOLE).map(|xml| self.atom(path, &xml)),
            InputFormat::Oai => stream.rest(MAX_WHOLE).map(|xml| self.oai(path, &xml)),
            InputFormat::Bibtex => {
                let bytes = stream.rest(MAX_WHOLE)?;
                self.bibtex(&bytes);
                Ok(None)
            }
            InputFormat::Empty => Ok(None),
        }
    }

    fn values(
        &mut self,
        stream: &mut RecordStream<'_>,
        cut: Framing,
        read: impl Fn(&[u8]) -> Result<Record, String>,
    ) -> io::Result<()> {
        // Sends what was read before waiting for more.
        while let Some(piece) = stream.next(cut, &mut || self.send())? {
            let line = piece.line;
            let (bytes, record) = match piece.bytes {
                Ok(bytes) => (bytes.len(), read(bytes)),
                Err(reason) => (0, Err(reason.to_owned())),
            };
            self.batch.bytes += bytes;
            match record {
                Ok(record) => self.batch.records.push(record),
                Err(reason) => self.batch.bad.push(OmittedRecord {
                    place: line.to_string(),
                    reason,
                }),
            }
            if self.send_if_full().is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The API's feed is dated by arXiv's answer, which the file does not always tell; a record without a date is as
    /// old as its version.
    fn atom(&mut self, path: &Path, xml: &[u8]) -> Option<Error> {
        let feed = match atom::parse(xml) {
            Ok(feed) => feed,
            Err(error) => return Some(unread(path, &error.to_string())),
        };
        if let Some(error) = feed.error {
            let reason = format!("arXiv answered with an error: {}", error.message);
            return Some(unread(path, &reason));
        }
        // The feeds of rss.arxiv.org are Atom as well, with identifiers of another form and without versions' dates.
        if feed.papers.is_empty()
            && !feed.unreadable.is_empty()
            && let Ok(announced) = rss::parse(xml)
            && !announced.announcements.is_empty()
        {
            self.announcements(announced);
            return None;
        }
        for mut paper in feed.papers {
            let as_of = paper.updated.map(Stamp::day);
            paper.retrieved = as_of.map(Stamp::Day);
            self.batch.records.push(Record {
                paper,
                as_of,
                current: true,
            });
            let _ = self.send_if_full();
        }
        self.add_unreadable(feed.unreadable);
        None
    }

    /// Announcements are dated by the day of their feed. They lack what only a whole record has, so they do not answer
    /// for the bare identifier.
    fn announcements(&mut self, feed: AnnouncementFeed) {
        for announcement in feed.announcements {
            let mut paper = announcement.paper;
            paper.retrieved = feed.day.map(Stamp::Day);
            self.batch.records.push(Record {
                paper,
                as_of: feed.day,
                current: false,
            });
            let _ = self.send_if_full();
        }
        self.add_unreadable(feed.unreadable);
    }

    fn add_unreadable(&mut self, entries: Vec<UnreadableEntry>) {
        self.batch.bad.extend(entries.into_iter().map(|entry| {
            OmittedRecord {
                place: entry
                    .id
                    .map_or_else(|| "an entry".to_owned(), |id| id.to_string()),
                reason: entry.reason,
            }
        }));
    }

    /// A deleted paper has no record.
    fn oai(&mut self, path: &Path, xml: &[u8]) -> Option<Error> {
        let page = match oai::parse(xml) {
            Ok(page) => page,
            Err(error) => return Some(unread(path, &error.to_string())),
        };
        // "No records match" is a valid answer.
        if let Some(refusal) = page
            .error
            .filter(|refusal| refusal.code != ErrorCode::NoRecordsMatch)
        {
            let reason = format!("arXiv answered with an error: {}", refusal.message);
            return Some(unread(path, &reason));
        }
        for item in page.items {
            match item {
                ListItem::Record(mut record) => {
                    let answered = page.response_date.map(Stamp::Second);
                    let retrieved = answered.or_else(|| record.as_of.map(Stamp::Day));
                    record.paper.retrieved = record.paper.retrieved.or(retrieved);
                    self.batch.records.push(*record);
                }
                ListItem::Deleted(id, _) => self.batch.skipped.push(OmittedRecord {
                    place: id.to_string(),
                    reason: "arXiv deleted it".to_owned(),
                }),
                // A response lists either only headers or none.
                ListItem::Header(..) => {
                    let name = display_name(path).display().to_string();
                    let error = unread(path, "it lists identifiers without their records");
                    return Some(error.hint(format!("`arxcat ids {name} | arxcat fetch` gets them")));
                }
                ListItem::Unreadable(broken) => self.batch.bad.push(OmittedRecord {
                    place: broken
                        .id
                        .map_or_else(|| "a record".to_owned(), |id| id.to_string()),
                    reason: broken.reason,
                }),
            }
            let _ = self.send_if_full();
        }
        None
    }

    fn bibtex(&mut self, bytes: &[u8]) {
        let decoded = read::decode(bytes);
        if decoded.windows_1252_lines > 0 {
            let lines = counted(decoded.windows_1252_lines as u64, "line");
            self.send_message(FeedMessage::Warning(format!(
                "{lines} not in UTF-8, read as Windows-1252"
            )));
        }
        let batch = bibliography::read(&decoded.text);
        self.batch.bad = batch.bad;
        self.batch.skipped = batch.skipped;
        self.batch.files = batch.files;
        for record in batch.records {
            self.batch.records.push(record);
            let _ = self.send_if_full();
        }
    }

    /// Sends a full batch. `Break` if the receiver is gone.
    fn send_if_full(&mut self) -> ControlFlow<()> {
        let count = self.batch.records.len() + self.batch.bad.len() + self.batch.skipped.len();
        if count >= RECORDS || self.batch.bytes >= BYTES {
            self.send();
        }
        if self.receiver_gone {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn send(&mut self) {
        let Batch {
            records,
            bad,
            skipped,
            files,
            ..
        } = &self.batch;
        if !(records.is_empty() && bad.is_empty() && skipped.is_empty() && files.is_empty()) {
            let mut batch = std::mem::take(&mut self.batch);
            if let Some(member) = &self.member {
                for note in batch.bad.iter_mut().chain(&mut batch.skipped) {
                    note.place = format!("{member}:{}", note.place);
                }
            }
            self.send_message(FeedMessage::Batch(batch));
        }
    }

    fn send_message(&mut self, message: FeedMessage) {
        self.receiver_gone |= self.sender.send(message).is_err();
    }
}

fn open(path: &Path) -> io::Result<ByteSource> {
    if path == Path::new("-") {
        return Ok(ByteSource::Pipe(Box::new(io::stdin())));
    }
    let file = File::open(path)?;
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(if found.is_file() {
        ByteSource::File(file)
    } else {
        ByteSource::Pipe(Box::new(file))
    })
}

fn unread(path: &Path, reason: &str) -> Error {
    Error::new(
        Exit::Local,
        format!("cannot read {}: {reason}", display_name(path).display()),
    )
}

/// The error for a file in an unsupported format.
fn refused(path: &Path, unknown: UnknownFormat) -> Error {
    let name = display_name(path);
    let error = Error::new(
        Exit::Local,
        format!("cannot import {}: {unknown}", name.display()),
    );
    match unknown {
        UnknownFormat::Catalog => error.hint(format!(
            "`arxcat export --catalog {} -f jsonl | arxcat import -`",
            name.display()
        )),
        UnknownFormat::Other => error
            .hint(format!("what can be imported: {INPUT_FORMATS}"))
            .hint(format!(
                "`arxcat ids {} | arxcat fetch` gets the papers that a text names",
                path.display()
            )),
        _ => error.hint(format!("what can be imported: {INPUT_FORMATS}")),
    }
}
