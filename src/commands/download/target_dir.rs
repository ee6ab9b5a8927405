//! The folder files are put in, and what the library knows of them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Args, failure};
use crate::app::{Context, digest};
use crate::arxiv::files::{self, Whole};
use crate::error::Error;
use crate::format::FileNameTemplate;
use crate::library::{DownloadedFile, Library};
use crate::lookup;
use crate::model::date::Stamp;
use crate::model::file::Kind;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// The folder files are put in.
pub(super) struct Shelf<'a> {
    context: &'a Context,
    template: FileNameTemplate,
    kind: Kind,
    force: bool,
    /// As the user named it; none for the current one.
    given: Option<&'a Path>,
    /// Absolute, without links.
    folder: PathBuf,
    library: Option<Library>,
    /// Put there by this run: even by force not again.
    new: HashSet<PathBuf>,
}

/// What is where a file would be.
pub(super) enum Standing {
    /// The file, as it was downloaded.
    Intact(PathBuf),
    /// Something else; why it stays.
    Taken(String),
    /// Nothing, or what may be replaced.
    Free,
}

impl<'a> Shelf<'a> {
    /// The folder that is asked for; nothing is made yet.
    pub(super) fn open(
        context: &'a Context,
        args: &'a Args,
        template: FileNameTemplate,
    ) -> Result<Self, Error> {
        let given = args.dir.as_deref();
        let folder = given.unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder)
            .or_else(|_| std::path::absolute(folder))
            .map_err(|error| Error::file("find", folder, &error))?;
        Ok(Self {
            context,
            template,
            kind: args.kind(),
            force: args.force,
            given,
            folder,
            library: Library::existing(&context.settings.library_dir)?,
            new: HashSet::new(),
        })
    }

    /// Makes the folder, and the library, where they are not there: before anything is asked of arXiv.
    pub(super) fn make(&mut self) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(|error| Error::file("make", &self.folder, &error))?;
        self.folder =
            fs::canonicalize(&self.folder).map_err(|error| Error::file("find", &self.folder, &error))?;
        self.library = Some(Library::open(&self.context.settings.library_dir)?);
        Ok(())
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn needs_record(&self) -> bool {
        self.template.needs_record()
    }

    /// The record that is held of a paper. For a bare identifier it has to be the newest as of so long ago, unless
    /// arXiv may not be asked (`any_age`).
    pub(super) fn record(
        &self,
        id: ArxivId,
        max_age: Option<Duration>,
        any_age: bool,
    ) -> Result<Option<Paper>, Error> {
        let Some(library) = &self.library else {
            return Ok(None);
        };
        let Some(held) = library.get(id)? else {
            return Ok(None);
        };
        let fresh = id.version().is_some() || any_age || self.is_fresh(held.checked, max_age);
        Ok(Some(held.paper).filter(|paper| fresh && paper.version.is_some()))
    }

    /// Whether a source called it the newest, so long ago at most.
    fn is_fresh(&self, checked: Option<Stamp>, max_age: Option<Duration>) -> bool {
        let (Some(max_age), Some(checked)) = (max_age, checked) else {
            return false;
        };
        lookup::is_fresh(checked, self.context.now(), max_age)
    }

    fn library(&mut self) -> Result<&mut Library, Error> {
        let library = match self.library.take() {
            Some(library) => library,
            None => Library::open(&self.context.settings.library_dir)?,
        };
        Ok(self.library.insert(library))
    }

    /// What the library knows of this version's files.
    fn files(&self, id: ArxivId) -> Result<Vec<DownloadedFile>, Error> {
        match &self.library {
            Some(library) => Ok(library.files(id)?),
            None => Ok(Vec::new()),
        }
    }

    /// Where a file belongs. Some sources are a PDF: it and the PDF proper need two names.
    fn place(
        &self,
        paper: Option<&Paper>,
        id: ArxivId,
        extension: &str,
        known: &[DownloadedFile],
    ) -> PathBuf {
        let named = |extension| self.folder.join(self.template.fill(paper, id, extension));
        let path = named(extension);
        let others = known
            .iter()
            .any(|file| file.kind != self.kind && file.path == path && path.exists());
        match (others, self.kind) {
            (true, Kind::Tex) => named(&format!("source.{extension}")),
            (true, _) => named(&format!("paper.{extension}")),
            _ => path,
        }
    }

    /// What is where this version's file would be, or elsewhere in the folder.
    pub(super) fn standing(&self, paper: Option<&Paper>, id: ArxivId) -> Result<Standing, Error> {
        let all = self.files(id)?;
        let known: Vec<&DownloadedFile> = all.iter().filter(|file| file.kind == self.kind).collect();
        let here = known
            .iter()
            .map(|file| file.path.clone())
            .filter(|path| path.parent() == Some(&self.folder));
        let named = files::extensions(self.kind)
            .iter()
            .map(|extension| self.place(paper, id, extension, &all));
        let mut taken = None;
        for (path, is_named) in here
            .map(|path| (path, false))
            .chain(named.map(|path| (path, true)))
        {
            let Ok(found) = fs::symlink_metadata(&path) else {
                continue;
            };
            let shown = self.shown(&path);
            let intact = if found.is_file() {
                is_intact(&path, found.len(), &known)
            } else {
                Ok(false)
            };
            let why = match intact {
                Ok(true) if !self.force || self.new.contains(&path) => return Ok(Standing::Intact(shown)),
                // What a source is called is known when it is there; few are called like a PDF.
                Ok(false) if is_named && (self.kind != Kind::Tex || !is_pdf(&path)) => {
                    failure::in_the_way(&shown, id, self.kind)
                }
                Ok(_) => continue,
                // It may be intact.
                Err(error) => Error::file("read", &shown, &error).message,
            };
            taken.get_or_insert(why);
        }
        Ok(match taken {
            Some(why) if !self.force => Standing::Taken(why),
            _ => Standing::Free,
        })
    }

    /// Puts a file that came in its place. The library is told before: killed in between, it knows of a file that is not
    /// there, and not the other way round, where the file would be a stranger's.
    pub(super) fn put(
        &mut self,
        whole: Whole,
        paper: Option<&Paper>,
        id: ArxivId,
    ) -> Result<Result<PathBuf, files::Error>, Error> {
        let path = self.place(paper, id, &whole.extension(), &self.files(id)?);
        let before = self.known_at(&path)?;
        if let Some(other) = &before
            && (other.id, other.kind) != (id, self.kind)
        {
            let error = io::Error::other(format!("it is the file of {}", other.id));
            return Ok(Err(files::Error::File { path, error }));
        }
        let (size, sha256) =
            digest::of_file(whole.path()).map_err(|error| Error::file("read", whole.path(), &error))?;
        let file = DownloadedFile {
            id,
            kind: self.kind,
            path,
            size,
            sha256,
            retrieved: self.context.now(),
        };
        let force = self.force;
        self.library()?.add_file(&file)?;
        if let Err(error) = whole.put(&file.path, force) {
            // What is there stays what it was. That the library cannot be told so is not what went wrong first.
            let _ = self.library().and_then(|library| match &before {
                Some(before) => Ok(library.add_file(before)?),
                None => Ok(library.forget_file(&file.path)?),
            });
            return Ok(Err(error));
        }
        let shown = self.shown(&file.path);
        self.new.insert(file.path);
        Ok(Ok(shown))
    }

    /// What the library knows of what is there.
    fn known_at(&self, path: &Path) -> Result<Option<DownloadedFile>, Error> {
        let Some(library) = self.library.as_ref().filter(|_| path.exists()) else {
            return Ok(None);
        };
        let files = library.all_files()?;
        Ok(files.into_iter().find(|file| file.path == path))
    }

    /// A path in the folder, as the user named the folder.
    fn shown(&self, path: &Path) -> PathBuf {
        let name = path.file_name().map_or(path, Path::new);
        self.given
            .map_or_else(|| name.to_owned(), |given| given.join(name))
    }
}

/// Whether a file is as one was when it was downloaded.
fn is_intact(path: &Path, length: u64, known: &[&DownloadedFile]) -> io::Result<bool> {
    if !known.iter().any(|file| file.size == length) {
        return Ok(false);
    }
    let (length, sum) = digest::of_file(path)?;
    Ok(known.iter().any(|file| file.size == length && file.sha256 == sum))
}

fn is_pdf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "pdf")
}
