//! PDF, source and HTML: `/pdf/IDvN`, `/src/IDvN`, `/html/IDvN`, through the same client as everything else.
//!
//! A file comes into a `.part`, which a later run goes on with, and is judged by its bytes when it is whole: arXiv, and
//! what stands before it, answer with web pages where a file was asked for, and not always with a status that says so.

mod form;
mod page;
mod part;
mod reader;

use std::io;
use std::path::{Path, PathBuf};

use reqwest::Url;

use self::form::Form;
pub use self::page::{Refusal, Why};
use self::part::Part;
use self::reader::{Ended, Taking};
use crate::arxiv::service;
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::net::{self, Client};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Where `/pdf`, `/src` and `/html` are.
    pub base: &'a Url,
    /// The paper, with its version.
    pub id: ArxivId,
    /// Which of its files.
    pub kind: FileKind,
    /// The folder the `.part` is in.
    pub folder: &'a Path,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client's reason.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// arXiv will not give it.
    #[error("{0}")]
    Refused(Refusal),
    /// A local file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another process is downloading it.
    #[error("another arxcat is downloading {}", .0.display())]
    Busy(PathBuf),
    /// What is where the `.part` would be is not one of this program's.
    #[error("{} is in the way, and no unfinished download of arxcat", .0.display())]
    Foreign(PathBuf),
}

/// A file that came whole, and is not in its place yet.
#[derive(Debug)]
pub struct Whole {
    part: Part,
    form: Form,
}

impl Whole {
    /// What its name ends in: `pdf`, `tar.gz`, `gz`, by what it is.
    #[must_use]
    pub fn extension(&self) -> String {
        self.form.extension()
    }

    /// Where it is for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.part.path()
    }

    /// Puts it in its place, in one step, once it is safe on the disk; over another file only with `replace`.
    pub fn put(self, target: &Path, replace: bool) -> Result<(), Error> {
        self.part.put(target, replace)
    }
}

/// Where one of a paper's files is: built from the identifier alone.
#[must_use]
pub fn address(base: &Url, id: ArxivId, kind: FileKind) -> String {
    let place = match kind {
        FileKind::Pdf => "pdf",
        FileKind::Tex => "src",
        FileKind::Html => "html",
    };
    format!("{}/{place}/{id}", base.as_str().trim_end_matches('/'))
}

/// What a file of this kind can be called at its end, by [`Whole::extension`].
#[must_use]
pub fn extensions(kind: FileKind) -> &'static [&'static str] {
    form::extensions(kind)
}

/// Gets a file, or the rest of it; `progress` is told how much of how much is there.
pub async fn download(
    client: &Client,
    wanted: Wanted<'_>,
    progress: impl FnMut(u64, Option<u64>),
) -> Result<Whole, Error> {
    let url = address(wanted.base, wanted.id, wanted.kind);
    let mut part = Part::open(&wanted, &url)?;
    match fill(client, &url, wanted.kind, &mut part, progress).await {
        Ok(form) => Ok(Whole { part, form }),
        Err(error) => {
            let refused = matches!(&error, Error::Refused(refusal) if refusal.why != Why::Denied);
            let full = matches!(&error, Error::File { .. });
            // What cannot be gone on with is not left behind, least of all on a full disk.
            if refused || full || part.is_empty() {
                part.discard();
            }
            Err(error)
        }
    }
}

async fn fill(
    client: &Client,
    url: &str,
    kind: FileKind,
    part: &mut Part,
    mut progress: impl FnMut(u64, Option<u64>),
) -> Result<Form, Error> {
    // Where the rest does not fit what is there, all is asked for once more.
    for _ in 0..2 {
        let mut taking = Taking::new(part, kind, &mut progress);
        let asked = client.send_with(url, service::FILES, &mut taking).await;
        if let Some(error) = taking.failure {
            return Err(part.error(error));
        }
        match asked? {
            Ended::Again => part.restart(None)?,
            Ended::Page(refusal) => return Err(Error::Refused(refusal)),
            Ended::Whole => return judge(part, kind),
        }
    }
    let why = format!("{url} answers with parts that do not fit together");
    Err(net::Error::Untrusted(why).into())
}

/// What came, by its bytes, if it is what was asked for.
fn judge(part: &mut Part, kind: FileKind) -> Result<Form, Error> {
    let seen = part.reading(|file| Form::of(file, kind))?;
    match seen {
        Ok(form) => Ok(form),
        Err(refusal) => {
            part.restart(None)?;
            Err(Error::Refused(refusal))
        }
    }
}
