//! The collection that a list takes its papers from: a catalog, the library or the mirror.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::app::arguments::{OutputArgs, SelectionArgs};
use crate::app::{Context, interrupt};
use crate::catalog::Catalog;
use crate::error::{Error, Exit, did_you_mean};
use crate::library::{CountKey, Library, ListRequest, PaperCounts, Scope};
use crate::lookup;
use crate::model::lang::{Area, Lang};
use crate::model::paper::Paper;
use crate::model::quantity::counted;
use crate::model::query::{Matcher, Query};
use crate::model::selection::{Decision, Selection};
use crate::model::text;
use crate::settings::ListSource;

/// The flags that name the library or the mirror.
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
    /// The part of the library that the flags name; `None` without a flag.
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

/// Papers that a list selects from.
pub struct Collection {
    origin: CollectionOrigin,
    /// The catalogs that annotate papers and name areas. For a list of a catalog it is that one alone.
    ///
    /// They are never dropped: freeing thousands of names takes a tenth of the time of a list, and the process ends
    /// anyway.
    catalogs: ManuallyDrop<Vec<Catalog>>,
}

enum CollectionOrigin {
    /// The first of the catalogs.
    Catalog,
    /// The library, or `None` if it does not exist yet.
    Library(Option<Library>, Scope),
}

/// The counts of a list, and what it could not decide.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Papers that were listed.
    pub shown: u64,
    /// Papers that match; `None` if more match than were listed and they were not counted.
    pub matched: Option<u64>,
    /// An upper bound of `matched`, if only that is known.
    pub at_most: Option<u64>,
    /// Papers that were left out because a filter needs a fact that they lack: its key, and how many.
    pub undecided: Vec<(&'static str, u64)>,
    /// Keys that the catalog marks as unsure and that the filters rest on, each with the number of papers, shown or not.
    pub unsure: Vec<(&'static str, u64)>,
    /// What the papers are of, in the language of the output: `of catalog deepseek, as of 2026-10-10`.
    pub caption: String,
    /// Whether the library does not exist yet.
    pub nothing_held: bool,
    /// Records that were left out because they cannot be read.
    pub unreadable: u64,
    /// Whether the user interrupted the list.
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
    /// The collection that the arguments and the settings name. Only papers of the library have tags.
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
                origin: CollectionOrigin::Catalog,
                catalogs: ManuallyDrop::new(vec![context.catalog()?]),
            }),
        }
    }

    /// The library or the mirror.
    pub fn held(context: &Context, scope: Scope) -> Result<Self, Error> {
        Ok(Self {
            origin: CollectionOrigin::Library(Library::existing(&context.settings.library_dir)?, scope),
            catalogs: ManuallyDrop::new(context.catalogs()?),
        })
    }

    /// The catalog that has the areas of `--area`.
    #[must_use]
    pub fn first_catalog(&self) -> Option<&Catalog> {
        self.catalogs.first()
    }

    /// The areas of all catalogs.
    #[must_use]
    pub fn areas(&self) -> Vec<Area> {
        lookup::areas(&self.catalogs)
    }

    /// The selection that the arguments describe.
    pub fn selection(&self, context: &Context, list: &ListArgs) -> Result<Selection, Error> {
        let catalog = self.first_catalog();
        list.selection.settle(context.today(), catalog)
    }

    /// Hands the selected papers that match the query to `each`, in order.
    pub fn each(
        &self,
        context: &Context,
        words: Option<&Query>,
        selection: &Selection,
        mut each: impl FnMut(&Paper) -> Result<(), Error>,
    ) -> Result<Summary, Error> {
        match &self.origin {
            CollectionOrigin::Catalog => self.each_of_catalog(context.settings.lang, words, selection, each),
            CollectionOrigin::Library(None, scope) => Ok(Summary {
                caption: caption(*scope, context.settings.lang).to_owned(),
                matched: Some(0),
                nothing_held: true,
                ..Summary::default()
            }),
            CollectionOrigin::Library(Some(library), scope) => {
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
                    // A page may have no match: the flag is read for every page, so that Ctrl-C works among millions.
                    for paper in page.into_iter().take_while(|_| !*interrupted.borrow()) {
                        each(&paper)?;
                        shown += 1;
                    }
                    if *interrupted.borrow() {
                        break;
                    }
                }
                if shown == 0 {
                    warn_of_unknown_tags(context, library, &selection.tags)?;
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

    /// Counts papers of the library or the mirror without reading their records. Returns `None` if that is not possible
    /// for this selection.
    pub fn count_by(
        &self,
        context: &Context,
        key: CountKey,
        record_key: &'static str,
        selection: &Selection,
    ) -> Result<Option<(PaperCounts, Summary)>, Error> {
        let CollectionOrigin::Library(Some(library), scope) = &self.origin else {
            return Ok(None);
        };
        let Some(counts) = library.count_by(key, *scope, selection)? else {
            return Ok(None);
        };
        if counts.papers == 0 {
            warn_of_unknown_tags(context, library, &selection.tags)?;
        }
        // Only records that came from a catalog can be unsure, and the catalogs know which these are.
        let mut unsure = 0;
        for paper in self.catalogs.iter().flat_map(|catalog| &catalog.papers) {
            if !paper.is_unsure(record_key) {
                continue;
            }
            let Some(mut stored) = library.get(paper.id)? else {
                continue;
            };
            lookup::annotate(&self.catalogs, &mut stored.paper);
            let is_in_scope = *scope == Scope::Mirror || stored.paper.library.is_some();
            let is_selected = selection.matches(&stored.paper) == Decision::Yes;
            unsure += u64::from(is_in_scope && is_selected && stored.paper.is_unsure(record_key));
        }
        let unsure = Some((record_key, unsure)).filter(|(_, count)| *count > 0);
        let without_date = Some(("published", counts.without_date)).filter(|(_, count)| *count > 0);
        let summary = Summary {
            shown: counts.papers,
            matched: Some(counts.papers),
            undecided: without_date.into_iter().collect(),
            unsure: unsure.into_iter().collect(),
            caption: caption(*scope, context.settings.lang).to_owned(),
            ..Summary::default()
        };
        Ok(Some((counts, summary)))
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

/// Warns of tags that no paper has.
fn warn_of_unknown_tags(context: &Context, library: &Library, tags: &[String]) -> Result<(), Error> {
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
