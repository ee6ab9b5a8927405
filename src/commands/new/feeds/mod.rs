//! The feeds of the chosen categories, and the last day of each that was shown.

pub(super) mod days;

use chrono::{NaiveDate, Weekday};

use super::Args;
use crate::app::Context;
use crate::app::arguments::parse_category;
use crate::error::Error;
use crate::library::Library;
use crate::model::category::{self, CategoryFilter};
use crate::model::paper::Paper;

/// The feeds, without repetition.
pub(super) struct Feeds(Vec<CategoryFeed>);

/// The feed of a category or an archive.
struct CategoryFeed {
    code: &'static str,
    filter: CategoryFilter,
    /// The key under which the library remembers it. It includes the filters, since other filters hide other papers.
    name: String,
    /// The last day that was shown, if any.
    shown: Option<NaiveDate>,
}

impl Feeds {
    /// Returns the feeds of the categories on the command line, or else of the configured ones. Fails if there are none
    /// or if one is unknown.
    pub(super) fn resolve(context: &Context, args: &Args) -> Result<Self, Error> {
        let named = args
            .categories
            .iter()
            .flat_map(|text| text.split([',', '+', ' ']))
            .filter(|code| !code.is_empty());
        let mut codes: Vec<&str> = named.collect();
        if codes.is_empty() {
            codes = context.settings.categories.iter().map(String::as_str).collect();
        }
        if codes.is_empty() {
            return Err(Error::usage("no category is named, and none is configured")
                .hint("name one: `arxcat new cs.CL`; `arxcat categories` lists them")
                .hint(format!(
                    "or follow some every day: categories = [\"cs.CL\", \"cs.LG\"] in {}",
                    context.settings.config_file.display()
                )));
        }
        let filters = filters(args);
        let mut feeds: Vec<CategoryFeed> = Vec::new();
        for text in codes {
            let filter = parse_category(text)?;
            // A category with two names has one feed.
            let first = filter.codes().first().copied().unwrap_or_default();
            let code = filter.archive().unwrap_or(category::canonical(first));
            if feeds.iter().all(|feed| feed.code != code) {
                feeds.push(CategoryFeed {
                    code,
                    filter,
                    name: format!("{code}{filters}"),
                    shown: None,
                });
            }
        }
        Ok(Self(feeds))
    }

    /// The codes, as they appear in the URL.
    pub(super) fn codes(&self) -> Vec<&'static str> {
        self.0.iter().map(|feed| feed.code).collect()
    }

    /// The codes for messages.
    pub(super) fn names(&self) -> String {
        self.codes().join(", ")
    }

    /// Reads from the library which day was shown last. Ignores a day in the future: a wrong clock or server wrote it, and
    /// it would hide every announcement until then.
    pub(super) fn load_last_shown(&mut self, context: &Context) -> Result<(), Error> {
        if let Some(library) = Library::existing(&context.settings.library_dir)? {
            for feed in &mut self.0 {
                let shown = library.last_shown(&feed.name)?;
                feed.shown = shown.filter(|day| *day <= context.today());
            }
        }
        Ok(())
    }

    /// Returns the last day shown of any of the feeds if it is later than this day.
    pub(super) fn shown_after(&self, day: Option<NaiveDate>) -> Option<NaiveDate> {
        let last = self.0.iter().filter_map(|feed| feed.shown).max();
        last.filter(|last| day.is_some_and(|day| day < *last))
    }

    /// Whether a paper announced on this day was not yet shown in any of the feeds that contain it.
    pub(super) fn is_unseen(&self, paper: &Paper, day: Option<NaiveDate>) -> bool {
        let Some(day) = day else { return true };
        let is_in = |feed: &&CategoryFeed| paper.categories.iter().any(|code| feed.filter.matches(code));
        let shown = |feed: &CategoryFeed| feed.shown.is_some_and(|shown| shown >= day);
        let mut feeds = self.0.iter().filter(is_in).peekable();
        if feeds.peek().is_none() {
            // The paper is in a feed without having its category: it is seen only if all feeds were.
            return !self.0.iter().all(shown);
        }
        !feeds.any(shown)
    }

    /// Reports the days that were never shown and are no longer in the feed, with the commands that get them.
    pub(super) fn report_gaps(&self, context: &Context, day: Option<NaiveDate>, skip_days: &[Weekday]) {
        let Some(day) = day else { return };
        for CategoryFeed { code, shown, .. } in &self.0 {
            let Some(shown) = *shown else { continue };
            let Some((first, last)) = days::between(shown, day, skip_days) else {
                continue;
            };
            let days = if first == last {
                format!("{first}")
            } else {
                format!("{first} to {last}")
            };
            let submitted = days::before(shown, skip_days);
            context.ui.missed(&format!(
                "what {code} announced on {days} was not shown, and arXiv's feed no longer has it: get it with \
                 `arxcat sync --set {code} --since {first}`, see it with `arxcat list --mirror --category {code} \
                 --since {submitted}`"
            ));
        }
    }

    /// Stores that this day was shown.
    pub(super) fn store_last_shown(&self, context: &Context, day: NaiveDate) -> Result<(), Error> {
        let names: Vec<String> = self.0.iter().map(|feed| feed.name.clone()).collect();
        let mut library = Library::open(&context.settings.library_dir)?;
        Ok(library.set_last_shown(&names, day, context.today())?)
    }
}

/// The filters as text for the key of a feed: a paper that a filter hides must not count as shown without the filter.
fn filters(args: &Args) -> String {
    let selection = &args.selection;
    let mut filters: Vec<String> = Vec::new();
    let lists = [
        ("--category", &selection.category),
        ("--author", &selection.author),
        ("--title", &selection.title),
        ("--tag", &selection.tag),
    ];
    for (flag, values) in lists {
        filters.extend(values.iter().map(|value| format!(" {flag} {value:?}")));
    }
    for (flag, value) in [("--since", &selection.since), ("--until", &selection.until)] {
        filters.extend(value.iter().map(|value| format!(" {flag} {value:?}")));
    }
    filters.extend(selection.primary.then(|| " --primary".to_owned()));
    filters.extend(args.only.iter().map(|only| format!(" --only {only:?}")));
    filters.sort();
    filters.dedup();
    filters.concat()
}
