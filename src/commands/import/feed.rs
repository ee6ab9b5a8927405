//! One file on its way in: opened, unpacked and read on a thread of its own, while the records before are stored.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::arxiv::oai::{ErrorCode, ListItem};
use crate::arxiv::{atom, oai};
use crate::error::{Error, Exit};
use crate::model::date::Stamp;
use crate::model::record::Record;
use crate::read::{self, ByteSource, Framing, INPUT_FORMATS, InputFormat, RecordStream, UnknownFormat};
use crate::refs::document::records::{Records, records};

/// What the thread tells.
pub enum Told {
    /// What the file is.
    InputFormat(InputFormat),
    /// Some of its records.
    Batch(Batch),
    /// The file, or what is left of it, cannot be read.
    Failed(Error),
    /// All of it was read.
    Done,
}

/// Some of a file's records, in order, and what became of others.
#[derive(Default)]
pub struct Batch {
    /// Those that can be read.
    pub records: Vec<Record>,
    /// Those that cannot.
    pub bad: Vec<Note>,
    /// Those that are nothing for a library.
    pub skipped: Vec<Note>,
    /// How many bytes they have.
    pub bytes: usize,
}

/// Something to say of a record: where it is (a line or an identifier), and what is wrong.
pub struct Note {
    /// `12`, `12: doe2021`, `2501.00001`.
    pub place: String,
    /// A clause.
    pub why: String,
}

/// Batches on their way at once. One may be a single record of some MiB.
pub const BATCHES: usize = 16;

/// A batch goes out at so many records, or bytes of them.
const RECORDS: usize = 250;
const BYTES: usize = 1 << 20;

/// The largest file of the forms that are read whole: XML and BibTeX.
const WHOLE: usize = 64 << 20;

/// Begins to read a file; `count` is advanced by the bytes that are read of it.
pub fn start(path: &Path, count: &Arc<AtomicU64>) -> Receiver<Told> {
    let (sender, receiver) = sync_channel(BATCHES);
    let (path, count) = (path.to_owned(), Arc::clone(count));
    let reader = move || {
        let mut feed = Feed {
            sender,
            batch: Batch::default(),
            member: None,
            unheard: false,
        };
        let read = feed.file(&path, &count);
        feed.send();
        let end = match read {
            Ok(None) => Told::Done,
            Ok(Some(error)) => Told::Failed(error),
            Err(error) => Told::Failed(Error::file("read", &named(&path), &error)),
        };
        let _ = feed.sender.send(end);
    };
    // Where no thread can be had, nobody sends, and that is told.
    let _ = std::thread::Builder::new().name("read".to_owned()).spawn(reader);
    receiver
}

/// What to call a file in messages.
pub fn named(path: &Path) -> PathBuf {
    PathBuf::from(if path == Path::new("-") {
        Path::new("stdin")
    } else {
        path
    })
}

struct Feed {
    sender: SyncSender<Told>,
    batch: Batch,
    /// The file within an archive that is read, where there are several.
    member: Option<String>,
    /// Nobody waits for more.
    unheard: bool,
}

impl Feed {
    /// Reads a file to its end. Gives why it is nothing to import, where it is not; of several files in an archive,
    /// each that is not is a bad record, and the others go in.
    fn file(&mut self, path: &Path, count: &Arc<AtomicU64>) -> io::Result<Option<Error>> {
        read::decompress(open(path)?, count, |member, stream| {
            if self.unheard {
                return Ok(None);
            }
            let Some(member) = member else {
                return self.content(path, stream);
            };
            self.member = Some(member.to_owned());
            let refused = self.content(Path::new(member), stream)?;
            self.send();
            self.member = None;
            self.batch.bad.extend(refused.map(|error| Note {
                place: member.to_owned(),
                why: error.message,
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
        // An empty file among others leaves nothing out.
        if form != InputFormat::Empty || self.member.is_none() {
            self.tell(Told::InputFormat(form));
        }
        match form {
            InputFormat::Papers(cut) => self.values(stream, cut, read::paper).map(|()| None),
            InputFormat::Kaggle(cut) => self.values(stream, cut, read::kaggle).map(|()| None),
            InputFormat::Atom => stream.rest(WHOLE).map(|xml| self.atom(path, &xml)),
            InputFormat::Oai => stream.rest(WHOLE).map(|xml| self.oai(path, &xml)),
            InputFormat::Bibtex => {
                let bytes = stream.rest(WHOLE)?;
                self.bibtex(&String::from_utf8_lossy(&bytes));
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
        // Before it waits for more, what came is handed on.
        while let Some(piece) = stream.next(cut, &mut || self.send())? {
            let line = piece.line;
            let (bytes, record) = match piece.bytes {
                Ok(bytes) => (bytes.len(), read(bytes)),
                Err(why) => (0, Err(why.to_owned())),
            };
            self.batch.bytes += bytes;
            match record {
                Ok(record) => self.batch.records.push(record),
                Err(why) => self.batch.bad.push(Note {
                    place: line.to_string(),
                    why,
                }),
            }
            if self.go_on().is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A feed's day is the day arXiv answered; without one, a record is as old as its paper.
    fn atom(&mut self, path: &Path, xml: &[u8]) -> Option<Error> {
        let feed = match atom::parse(xml) {
            Ok(feed) => feed,
            Err(error) => return Some(unread(path, &error.to_string())),
        };
        if let Some(error) = feed.error {
            let why = format!("arXiv answered with an error: {}", error.message);
            return Some(unread(path, &why));
        }
        for mut paper in feed.papers {
            let as_of = paper.updated.map(Stamp::day);
            paper.retrieved = as_of.map(Stamp::Day);
            self.batch.records.push(Record {
                paper,
                as_of,
                current: true,
            });
            let _ = self.go_on();
        }
        let unreadable = feed.unreadable.into_iter().map(|entry| Note {
            place: entry
                .id
                .map_or_else(|| "an entry".to_owned(), |id| id.to_string()),
            why: entry.reason,
        });
        self.batch.bad.extend(unreadable);
        None
    }

    /// A paper that arXiv deleted has no record.
    fn oai(&mut self, path: &Path, xml: &[u8]) -> Option<Error> {
        let page = match oai::parse(xml) {
            Ok(page) => page,
            Err(error) => return Some(unread(path, &error.to_string())),
        };
        // That nothing was changed is an answer like others.
        if let Some(refusal) = page
            .error
            .filter(|refusal| refusal.code != ErrorCode::NoRecordsMatch)
        {
            let why = format!("arXiv answered with an error: {}", refusal.message);
            return Some(unread(path, &why));
        }
        for item in page.items {
            match item {
                ListItem::Record(mut record) => {
                    let answered = page.response_date.map(Stamp::Second);
                    let retrieved = answered.or_else(|| record.as_of.map(Stamp::Day));
                    record.paper.retrieved = record.paper.retrieved.or(retrieved);
                    self.batch.records.push(*record);
                }
                ListItem::Deleted(id, _) => self.batch.skipped.push(Note {
                    place: id.to_string(),
                    why: "arXiv deleted it".to_owned(),
                }),
                // All of an answer's or none.
                ListItem::Header(..) => {
                    let name = named(path).display().to_string();
                    let error = unread(path, "it lists identifiers without their records");
                    return Some(error.hint(format!("`arxcat ids {name} | arxcat fetch` gets them")));
                }
                ListItem::Unreadable(broken) => self.batch.bad.push(Note {
                    place: broken
                        .id
                        .map_or_else(|| "a record".to_owned(), |id| id.to_string()),
                    why: broken.reason,
                }),
            }
            let _ = self.go_on();
        }
        None
    }

    fn bibtex(&mut self, text: &str) {
        let Records {
            records,
            skipped,
            broken,
        } = records(text);
        self.batch.skipped = skipped
            .into_iter()
            .map(|entry| Note {
                place: format!("{}: {}", entry.line, entry.key),
                why: entry.reason,
            })
            .collect();
        self.batch.bad = broken
            .into_iter()
            .map(|broken| Note {
                place: broken.line.to_string(),
                why: broken.reason,
            })
            .collect();
        for record in records {
            self.batch.records.push(record);
            let _ = self.go_on();
        }
    }

    /// Hands a full batch on; `Break` where nobody waits for more.
    fn go_on(&mut self) -> ControlFlow<()> {
        let count = self.batch.records.len() + self.batch.bad.len() + self.batch.skipped.len();
        if count >= RECORDS || self.batch.bytes >= BYTES {
            self.send();
        }
        if self.unheard {
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
            ..
        } = &self.batch;
        if !(records.is_empty() && bad.is_empty() && skipped.is_empty()) {
            let mut batch = std::mem::take(&mut self.batch);
            if let Some(member) = &self.member {
                for note in batch.bad.iter_mut().chain(&mut batch.skipped) {
                    note.place = format!("{member}:{}", note.place);
                }
            }
            self.tell(Told::Batch(batch));
        }
    }

    fn tell(&mut self, told: Told) {
        self.unheard |= self.sender.send(told).is_err();
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

fn unread(path: &Path, why: &str) -> Error {
    Error::new(
        Exit::Local,
        format!("cannot read {}: {why}", named(path).display()),
    )
}

/// A file of another form.
fn refused(path: &Path, unknown: UnknownFormat) -> Error {
    let name = named(path);
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
