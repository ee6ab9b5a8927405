//! The feeds that are followed, and the last day of each that was shown.

pub(super) mod days;

use chrono::{NaiveDate, Weekday};

use super::Args;
use crate::app::Context;
use crate::app::arguments::parse_category;
use crate::error::Error;
use crate::library::Library;
use crate::model::category::{self, CategoryFilter};
use crate::model::paper::Paper;

/// The feeds, no two the same.
pub(super) struct Feeds(Vec<Feed>);

/// A category's or an archive's feed.
struct Feed {
    code: &'static str,
    filter: CategoryFilter,
    /// What it is remembered by: a feed through other filters is another one.
    name: String,
    /// The last day that was shown.
    shown: Option<NaiveDate>,
}

impl Feeds {
    /// The feeds that are meant: those named, else those configured.
    pub(super) fn settle(context: &Context, args: &Args) -> Result<Self, Error> {
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
        let through = filters(args);
        let mut feeds: Vec<Feed> = Vec::new();
        for text in codes {
            let filter = parse_category(text)?;
            // One category has one feed, whichever of its names it is asked by.
            let first = filter.codes().first().copied().unwrap_or_default();
            let code = filter.archive().unwrap_or(category::canonical(first));
            if feeds.iter().all(|feed| feed.code != code) {
                feeds.push(Feed {
                    code,
                    filter,
                    name: format!("{code}{through}"),
                    shown: None,
                });
            }
        }
        Ok(Self(feeds))
    }

    /// Their codes, as they are asked for.
    pub(super) fn codes(&self) -> Vec<&'static str> {
        self.0.iter().map(|feed| feed.code).collect()
    }

    /// Their codes, to read.
    pub(super) fn names(&self) -> String {
        self.codes().join(", ")
    }

    /// Reads from the library which day was shown last. A day to come was shown by nobody: it is a clock's or a
    /// server's mistake, and would hide all that comes before it.
    pub(super) fn recall(&mut self, context: &Context) -> Result<(), Error> {
        if let Some(library) = Library::existing(&context.settings.library_dir)? {
            for feed in &mut self.0 {
                let shown = library.last_shown(&feed.name)?;
                feed.shown = shown.filter(|day| *day <= context.today());
            }
        }
        Ok(())
    }

    /// The last day that was shown of any of these, where this one is before it.
    pub(super) fn later(&self, day: Option<NaiveDate>) -> Option<NaiveDate> {
        let last = self.0.iter().filter_map(|feed| feed.shown).max();
        last.filter(|last| day.is_some_and(|day| day < *last))
    }

    /// Whether a paper announced on this day was not shown yet: in none of the feeds it is in.
    pub(super) fn is_fresh(&self, paper: &Paper, day: Option<NaiveDate>) -> bool {
        let Some(day) = day else { return true };
        let is_in = |feed: &&Feed| paper.categories.iter().any(|code| feed.filter.matches(code));
        let shown = |feed: &Feed| feed.shown.is_some_and(|shown| shown >= day);
        let mut feeds = self.0.iter().filter(is_in).peekable();
        if feeds.peek().is_none() {
            // Listed under none of the codes: then all feeds must agree.
            return !self.0.iter().all(shown);
        }
        !feeds.any(shown)
    }

    /// Says which days were neither shown before nor are in this feed, and how to see them.
    pub(super) fn tell_gaps(&self, context: &Context, day: Option<NaiveDate>, skip_days: &[Weekday]) {
        let Some(day) = day else { return };
        for Feed { code, shown, .. } in &self.0 {
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

    /// Remembers that this day was shown.
    pub(super) fn remember(&self, context: &Context, day: NaiveDate) -> Result<(), Error> {
        let names: Vec<String> = self.0.iter().map(|feed| feed.name.clone()).collect();
        let mut library = Library::open(&context.settings.library_dir)?;
        Ok(library.set_last_shown(&names, day, context.today())?)
    }
}

/// The filters as they are typed: what they hide is not shown, and must not be taken for shown without them.
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
