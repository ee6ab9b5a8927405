//! The folder that files are downloaded into, and what the library knows about them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Args, failure};
use crate::app::{Context, digest};
use crate::arxiv::files::{self, CompleteFile};
use crate::error::Error;
use crate::format::FileNameTemplate;
use crate::library::{DownloadedFile, Library};
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// The folder that files are downloaded into.
pub(super) struct TargetDir<'a> {
    context: &'a Context,
    template: FileNameTemplate,
    kind: FileKind,
    force: bool,
    /// The folder as the user named it; `None` for the working folder.
    given: Option<&'a Path>,
    /// The absolute path without links.
    folder: PathBuf,
    /// Files of this run, which `--force` does not replace again.
    new: HashSet<PathBuf>,
}

/// What is in the place of a file before it is downloaded.
pub(super) enum Occupant {
    /// The file itself, as it was downloaded.
    Intact(PathBuf),
    /// Something that must stay, for this reason.
    Taken(String),
    /// Nothing, or something that may be replaced.
    Free,
}

impl<'a> TargetDir<'a> {
    /// The folder that the arguments name. Creates nothing.
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
            new: HashSet::new(),
        })
    }

    /// Creates the folder if necessary.
    pub(super) fn create(&mut self) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(|error| Error::file("make", &self.folder, &error))?;
        self.folder =
            fs::canonicalize(&self.folder).map_err(|error| Error::file("find", &self.folder, &error))?;
        Ok(())
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn needs_record(&self) -> bool {
        self.template.needs_record()
    }

    /// The path of a file. Some sources are a PDF, which needs another name than the PDF of the paper.
    fn path(&self, paper: Option<&Paper>, id: ArxivId, extension: &str, known: &[DownloadedFile]) -> PathBuf {
        let named = |extension| self.folder.join(self.template.fill(paper, id, extension));
        let path = named(extension);
        let is_other_kind = known
            .iter()
            .any(|file| file.kind != self.kind && file.path == path && path.exists());
        match (is_other_kind, self.kind) {
            (true, FileKind::Tex) => named(&format!("source.{extension}")),
            (true, _) => named(&format!("paper.{extension}")),
            _ => path,
        }
    }

    /// What is in the place of this version's file, under its name or another in this folder.
    pub(super) fn occupant(
        &self,
        library: Option<&Library>,
        paper: Option<&Paper>,
        id: ArxivId,
    ) -> Result<Occupant, Error> {
        let all = known_files(library, id)?;
        let known: Vec<&DownloadedFile> = all.iter().filter(|file| file.kind == self.kind).collect();
        let in_folder = known
            .iter()
            .map(|file| file.path.clone())
            .filter(|path| path.parent() == Some(&self.folder));
        let named = files::extensions(self.kind)
            .iter()
            .map(|extension| self.path(paper, id, extension, &all));
        let mut taken = None;
        for (path, is_named) in in_folder
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
            let reason = match intact {
                Ok(true) if !self.force || self.new.contains(&path) => return Ok(Occupant::Intact(shown)),
                // The extension of a source is known after the download; few are a PDF.
                Ok(false) if is_named && (self.kind != FileKind::Tex || !is_pdf(&path)) => {
                    failure::in_the_way(&shown, id, self.kind)
                }
                Ok(_) => continue,
                // The file may be intact.
                Err(error) => Error::file("read", &shown, &error).message,
            };
            taken.get_or_insert(reason);
        }
        Ok(match taken {
            Some(reason) if !self.force => Occupant::Taken(reason),
            _ => Occupant::Free,
        })
    }

    /// Moves a downloaded file to its place.
    ///
    /// The library is updated first: if the process is killed in between, it knows of a file that does not exist. The
    /// other order would leave a file that looks like a stranger's and blocks the place.
    pub(super) fn put(
        &mut self,
        library: &mut Library,
        whole: CompleteFile,
        paper: Option<&Paper>,
        id: ArxivId,
    ) -> Result<Result<PathBuf, files::Error>, Error> {
        let path = self.path(paper, id, &whole.extension(), &library.files(id)?);
        let before = known_at(library, &path)?;
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
        library.add_file(&file)?;
        if let Err(error) = whole.persist(&file.path, self.force) {
            // The first error is the one to report, so an error of this repair is dropped.
            let _ = match &before {
                Some(before) => library.add_file(before),
                None => library.forget_file(&file.path),
            };
            return Ok(Err(error));
        }
        let shown = self.shown(&file.path);
        self.new.insert(file.path);
        Ok(Ok(shown))
    }

    /// A path in the folder, with the folder as the user named it.
    fn shown(&self, path: &Path) -> PathBuf {
        let name = path.file_name().map_or(path, Path::new);
        self.given
            .map_or_else(|| name.to_owned(), |given| given.join(name))
    }
}

/// The files of this version that the library knows.
fn known_files(library: Option<&Library>, id: ArxivId) -> Result<Vec<DownloadedFile>, Error> {
    match library {
        Some(library) => Ok(library.files(id)?),
        None => Ok(Vec::new()),
    }
}

/// The library's entry of the file at this path.
fn known_at(library: &Library, path: &Path) -> Result<Option<DownloadedFile>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let files = library.all_files()?;
    Ok(files.into_iter().find(|file| file.path == path))
}

/// Whether a file has the content that it was downloaded with.
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
