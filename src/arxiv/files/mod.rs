//! Downloads PDF, source and HTML: `/pdf/IDvN`, `/src/IDvN`, `/html/IDvN`.
//!
//! A file is received into a `.part`, which a later run resumes, and checked by its bytes when it is complete: arXiv and
//! the servers in front of it send web pages in place of files, and not always with a status that says so. Content
//! encoding is off, since otherwise range, length and checksum would be those of something else.

mod file_type;
mod partial_file;
mod refusal;
mod transfer;

use std::io;
use std::path::{Path, PathBuf};

use reqwest::Url;

use self::file_type::FileType;
use self::partial_file::PartialFile;
pub use self::refusal::{FileRefusal, RefusalReason};
use self::transfer::{Transfer, TransferEnd};
use crate::arxiv::service;
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::net::{self, Client};

/// A file to download.
#[derive(Clone, Copy, Debug)]
pub struct FileRequest<'a> {
    /// The URL below which `/pdf`, `/src` and `/html` are.
    pub base: &'a Url,
    /// The paper, with its version.
    pub id: ArxivId,
    /// Which of its files.
    pub kind: FileKind,
    /// The directory of the `.part`.
    pub folder: &'a Path,
}

/// Why a download failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request failed.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// arXiv does not provide the file.
    #[error("{0}")]
    Refused(FileRefusal),
    /// A local file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Another process is downloading it.
    #[error("another arxcat is downloading {}", .0.display())]
    Busy(PathBuf),
    /// At the path of the `.part` is a file that this program did not make.
    #[error("{} is in the way, and no unfinished download of arxcat", .0.display())]
    Foreign(PathBuf),
}

/// A complete download that has not been moved to its final path.
#[derive(Debug)]
pub struct CompleteFile {
    part: PartialFile,
    file_type: FileType,
}

impl CompleteFile {
    /// Returns the file name extension of its type: `pdf`, `tar.gz`, `gz`.
    #[must_use]
    pub fn extension(&self) -> String {
        self.file_type.extension()
    }

    /// Its temporary path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.part.path()
    }

    /// Moves it to its final path, atomically and after syncing it; an existing file is replaced only with `replace`.
    pub fn persist(self, target: &Path, replace: bool) -> Result<(), Error> {
        self.part.persist(target, replace)
    }
}

/// Returns the URL of one of a paper's files, built from the identifier alone.
#[must_use]
pub fn url(base: &Url, id: ArxivId, kind: FileKind) -> String {
    let path = match kind {
        FileKind::Pdf => "pdf",
        FileKind::Tex => "src",
        FileKind::Html => "html",
    };
    format!("{}/{path}/{id}", base.as_str().trim_end_matches('/'))
}

/// The `Accept` header of a kind of file.
fn accept(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "application/pdf, */*;q=0.1",
        FileKind::Tex => "application/gzip, application/x-tar, application/pdf;q=0.9, */*;q=0.5",
        FileKind::Html => "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    }
}

/// Returns the extensions that files of this kind can have, by [`CompleteFile::extension`].
#[must_use]
pub fn extensions(kind: FileKind) -> &'static [&'static str] {
    file_type::extensions(kind)
}

/// Downloads a file, or the rest of it. `progress` is called with the received and the total number of bytes.
pub async fn download(
    client: &Client,
    request: FileRequest<'_>,
    progress: impl FnMut(u64, Option<u64>),
) -> Result<CompleteFile, Error> {
    let url = url(request.base, request.id, request.kind);
    let mut part = PartialFile::open(&request, &url)?;
    match receive(client, &url, request.kind, &mut part, progress).await {
        Ok(file_type) => Ok(CompleteFile { part, file_type }),
        Err(error) => {
            let refused = matches!(&error, Error::Refused(_));
            let is_local = matches!(&error, Error::File { .. });
            // A file that cannot be resumed is not left behind, least of all on a full disk.
            if refused || is_local || part.is_empty() {
                part.discard();
            }
            Err(error)
        }
    }
}

async fn receive(
    client: &Client,
    url: &str,
    kind: FileKind,
    part: &mut PartialFile,
    mut progress: impl FnMut(u64, Option<u64>),
) -> Result<FileType, Error> {
    // If the rest does not fit the stored part, the whole file is requested once more.
    for _ in 0..2 {
        let mut transfer = Transfer::new(part, kind, &mut progress);
        let received = client
            .send_with(url, service::files(accept(kind)), &mut transfer)
            .await;
        if let Some(error) = transfer.io_error {
            return Err(part.error(error));
        }
        match received? {
            TransferEnd::Mismatch => part.restart(None)?,
            TransferEnd::Page(refusal) => return Err(Error::Refused(refusal)),
            TransferEnd::Complete => return check(part, kind),
        }
    }
    let why = format!("{url} answers with parts that do not fit together");
    Err(net::Error::Untrusted(why).into())
}

/// Returns the type of the received file, if it is of the requested kind.
fn check(part: &mut PartialFile, kind: FileKind) -> Result<FileType, Error> {
    match part.inspect(|file| FileType::detect(file, kind))? {
        Ok(file_type) => Ok(file_type),
        Err(refusal) => {
            part.restart(None)?;
            Err(Error::Refused(refusal))
        }
    }
}
