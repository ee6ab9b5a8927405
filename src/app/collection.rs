//! Which papers a list is of: a catalog's, the library's or the mirror's; and those papers as they come.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::app::arguments::{OutputArgs, SelectionArgs};
use crate::app::{Context, interrupt};
use crate::catalog::Catalog;
use crate::error::{Error, Exit, did_you_mean};
use crate::library::{Library, ListRequest, Scope};
use crate::lookup;
use crate::model::lang::{Area, Lang};
use crate::model::paper::Paper;
use crate::model::quantity::counted;
use crate::model::query::{Matcher, Query};
use crate::model::selection::Selection;
use crate::model::text;
use crate::settings::ListSource;

/// Which papers a list is of.
#[derive(clap::Args, Debug, Clone, Copy, Default)]
#[command(next_help_heading = "Papers of")]
pub struct CollectionArgs {
    /// The library: what you kept, by fetching, importing, tagging, downloading
    #[arg(long, short = 'L')]
    pub library: bool,
    /// The mirror: every record held on this machine, however it came
    #[arg(long, short = 'M', conflicts_with = "library")]
    pub mirror: bool,
}

impl CollectionArgs {
    /// The part of the library that is named, if one is.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        match (self.library, self.mirror) {
            (true, _) => Some(Scope::Library),
            (_, true) => Some(Scope::Mirror),
            _ => None,
        }
    }
}

/// The arguments of a command that lists papers.
#[derive(clap::Args, Debug)]
pub struct ListArgs {
    /// Only papers that match this query: words, "phrases", OR, NOT, title:word, year:2024
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    /// Of what
    #[command(flatten)]
    pub collection: CollectionArgs,
    /// Which papers
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Papers to choose from.
pub struct Collection {
    held: Held,
    /// For what they know of a paper, and for areas: of a catalog itself, else every catalog.
    /// Left to the end of the process: to take thousands of names apart is a tenth of what a list costs.
    catalogs: ManuallyDrop<Vec<Catalog>>,
}

enum Held {
    /// The first of the catalogs.
    Catalog,
    /// None where nothing is held yet.
    Library(Option<Library>, Scope),
}

/// What a list came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// How many papers were given.
    pub shown: u64,
    /// How many match; none where more do than were given, but not how many.
    pub matched: Option<u64>,
    /// No more than so many match, where only that is known.
    pub at_most: Option<u64>,
    /// Papers left out for want of a fact: its key, and how many.
    pub undecided: Vec<(&'static str, u64)>,
    /// Keys that the catalog marks as unsure and that the filters rest on, each with the number of papers, shown or not.
    pub unsure: Vec<(&'static str, u64)>,
    /// What the papers are of, in the language of the output: `of catalog deepseek, as of 2026-10-10`.
    pub caption: String,
    /// There is no library yet to choose from.
    pub nothing_held: bool,
    /// Records that cannot be read, and so were left out.
    pub unreadable: u64,
    /// The user interrupted before all were given.
    pub interrupted: bool,
}

impl Summary {
    /// How the list ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self {
                interrupted: true, ..
            } => Exit::Interrupted,
            Self { unreadable: 0, .. } => Exit::Done,
            _ => Exit::Local,
        }
    }
}

impl Collection {
    /// What these arguments and the settings name. A tag is the library's.
    pub fn of(context: &Context, list: &ListArgs) -> Result<Self, Error> {
        let scope = list.collection.scope().or_else(|| match context.settings.source {
            _ if !list.selection.tag.is_empty() => Some(Scope::Library),
            _ if context.settings.catalog.is_some() => None,
            ListSource::Catalog => None,
            ListSource::Library => Some(Scope::Library),
            ListSource::Mirror => Some(Scope::Mirror),
        });
        match scope {
            Some(scope) => Self::held(context, scope),
            None => Ok(Self {
                held: Held::Catalog,
                catalogs: ManuallyDrop::new(vec![context.catalog()?]),
            }),
        }
    }

    /// What is held on this machine.
    pub fn held(context: &Context, scope: Scope) -> Result<Self, Error> {
        Ok(Self {
            held: Held::Library(Library::existing(&context.settings.library_dir)?, scope),
            catalogs: ManuallyDrop::new(context.catalogs()?),
        })
    }

    /// The catalog whose areas `--area` names.
    #[must_use]
    pub fn first_catalog(&self) -> Option<&Catalog> {
        self.catalogs.first()
    }

    /// The areas that `--area` and free text know.
    #[must_use]
    pub fn areas(&self) -> Vec<Area> {
        lookup::areas(&self.catalogs)
    }

    /// The selection that is meant among these papers.
    pub fn selection(&self, context: &Context, list: &ListArgs) -> Result<Selection, Error> {
        let catalog = self.first_catalog();
        list.selection.settle(context.today(), catalog)
    }

    /// Hands on the selected papers in order, one at a time, those with these words only.
    pub fn each(
        &self,
        context: &Context,
        words: Option<&Query>,
        selection: &Selection,
        mut each: impl FnMut(&Paper) -> Result<(), Error>,
    ) -> Result<Summary, Error> {
        match &self.held {
            Held::Catalog => self.each_of_catalog(context.settings.lang, words, selection, each),
            Held::Library(None, scope) => Ok(Summary {
                caption: caption(*scope, context.settings.lang).to_owned(),
                matched: Some(0),
                nothing_held: true,
                ..Summary::default()
            }),
            Held::Library(Some(library), scope) => {
                let annotate = |paper: &mut Paper| lookup::annotate(&self.catalogs, paper);
                let wanted = ListRequest {
                    scope: *scope,
                    words,
                    selection,
                    annotate: &annotate,
                };
                let listed = library.list(wanted, &mut |event| context.ui.observe(&event));
                context.ui.pause();
                let mut listing = listed?;
                if listing.behind > 0 {
                    context.ui.warn(&format!(
                        "{} not in the search index yet: another arxcat is at it, or its folder cannot be written to",
                        counted(listing.behind, "change")
                    ));
                }
                let interrupted = interrupt::listen(Arc::clone(&context.ui.prompting))
                    .map_err(|error| Error::new(Exit::Local, format!("cannot listen for Ctrl-C: {error}")))?;
                let mut shown = 0;
                while let Some(page) = listing.next_page()? {
                    // Among millions of records there may be none that is wanted.
                    for paper in page.into_iter().take_while(|_| !*interrupted.borrow()) {
                        each(&paper)?;
                        shown += 1;
                    }
                    if *interrupted.borrow() {
                        break;
                    }
                }
                if shown == 0 {
                    tell_unknown_tags(context, library, &selection.tags)?;
                }
                if listing.unreadable > 0 {
                    context.ui.missed(&format!(
                        "{} left out that cannot be read: `arxcat doctor` says which",
                        counted(listing.unreadable, "record")
                    ));
                }
                Ok(Summary {
                    shown,
                    matched: listing.matched,
                    unreadable: listing.unreadable,
                    at_most: listing.at_most,
                    undecided: listing.undecided().collect(),
                    unsure: Vec::new(),
                    caption: caption(*scope, context.settings.lang).to_owned(),
                    interrupted: *interrupted.borrow(),
                    nothing_held: false,
                })
            }
        }
    }

    fn each_of_catalog(
        &self,
        lang: Lang,
        words: Option<&Query>,
        selection: &Selection,
        mut each: impl FnMut(&Paper) -> Result<(), Error>,
    ) -> Result<Summary, Error> {
        let counts = |counts: Vec<(&'static str, usize)>| {
            let counts = counts.into_iter();
            counts.map(|(key, count)| (key, count as u64)).collect()
        };
        let Some(catalog) = self.catalogs.first() else {
            return Ok(Summary::default());
        };
        let matcher = words.map(|words| Matcher::new(words, &catalog.areas));
        let papers = catalog
            .papers
            .iter()
            .filter(|paper| matcher.as_ref().is_none_or(|matcher| matcher.matches(paper)));
        let selected = selection.apply(papers);
        let shown = selected.papers.len() as u64;
        selected.papers.into_iter().try_for_each(&mut each)?;
        let caption = match (lang, catalog.as_of) {
            (Lang::En, Some(day)) => format!("of catalog {}, as of {day}", catalog.name),
            (Lang::En, None) => format!("of catalog {}", catalog.name),
            (Lang::Zh, Some(day)) => format!("{} 目录（截至 {day}）", catalog.name),
            (Lang::Zh, None) => format!("{} 目录", catalog.name),
        };
        Ok(Summary {
            shown,
            matched: Some(selected.matched as u64),
            at_most: None,
            undecided: counts(selected.undecided),
            unsure: counts(selected.unsure),
            caption,
            ..Summary::default()
        })
    }
}

/// Names the tags that no paper has.
fn tell_unknown_tags(context: &Context, library: &Library, tags: &[String]) -> Result<(), Error> {
    if tags.is_empty() {
        return Ok(());
    }
    let known = library.tags()?;
    for tag in tags {
        if known.iter().any(|(own, _)| text::fold(own) == text::fold(tag)) {
            continue;
        }
        let nearest = text::nearest(tag, known.iter().map(|(own, _)| own.as_str()));
        let hint = did_you_mean(&nearest).map_or_else(String::new, |hint| format!("; {hint}"));
        context.ui.warn(&format!("no paper is tagged `{tag}`{hint}"));
    }
    Ok(())
}

fn caption(scope: Scope, lang: Lang) -> &'static str {
    match (scope, lang) {
        (Scope::Library, Lang::En) => "of the library",
        (Scope::Library, Lang::Zh) => "收藏库",
        (Scope::Mirror, Lang::En) => "of the mirror",
        (Scope::Mirror, Lang::Zh) => "镜像",
    }
}
