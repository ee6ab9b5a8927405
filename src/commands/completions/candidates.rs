//! What an argument can be, by its name or the name of its value. Nothing here opens the network or creates a file, and
//! whatever cannot be read has no candidates: a shell has no place for an error.

use std::ffi::{OsStr, OsString};
use std::rc::Rc;
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::ValueCompleter;
use clap_complete::{ArgValueCompleter, CompletionCandidate, PathCompleter};

use crate::app::Context;
use crate::catalog::ShortNameMatch;
use crate::format::{FieldList, Format, schema_names};
use crate::library::{Library, Scope};
use crate::manual::TOPICS;
use crate::model::category;
use crate::model::quantity::counted;
use crate::model::text::fold_whitespace;
use crate::settings::Flags;
use crate::ui::{Ui, UiOptions};

/// Identifiers of the library that are offered at once: more is no choice, and each needs its record for the title.
const MAX_IDS: usize = 100;

/// The command line with candidates for every argument whose values are known. `words` are those typed so far: their
/// flags decide which library and which catalog are read.
pub(super) fn attach(mut cli: Command, words: &[OsString]) -> Command {
    let flags = Arc::new(flags(words));
    let commands: Vec<String> = cli
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let topics = TOPICS.iter().map(|topic| topic.name.to_owned());
    let names: Arc<Vec<String>> = Arc::new(commands.iter().cloned().chain(topics).collect());
    cli = cli.mut_args(|arg| with_candidates("", arg, &flags, &names));
    for name in &commands {
        cli = cli.mut_subcommand(name, |command| {
            command.mut_args(|arg| with_candidates(name, arg, &flags, &names))
        });
    }
    cli
}

fn with_candidates(command: &str, arg: Arg, flags: &Arc<Flags>, names: &Arc<Vec<String>>) -> Arg {
    let value_name = arg.get_value_names().and_then(|names| names.first());
    let value_name = value_name.map(ToString::to_string).unwrap_or_default();
    let has_values = !arg.get_possible_values().is_empty();
    let (flags, names) = (Arc::clone(flags), Arc::clone(names));
    match (command, arg.get_id().as_str(), value_name.as_str()) {
        (_, _, "DIR") => arg.value_hint(ValueHint::DirPath),
        (_, _, "ID") => arg.add(ArgValueCompleter::new(move |typed: &OsStr| ids(&flags, typed))),
        (_, _, "CODE" | "CATEGORY" | "CODE-OR-TEXT") => offer(arg, categories),
        (_, _, "FORMAT") if !has_values => offer(arg, || {
            Format::all()
                .iter()
                .map(|format| CompletionCandidate::new(format.name()))
                .collect()
        }),
        (_, _, "KEYS") => arg.add(ArgValueCompleter::new(fields)),
        (_, _, "NAME-OR-FILE") => arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
            let mut found = starting_with(typed, catalogs(&flags));
            found.extend(PathCompleter::any().complete(typed));
            found
        })),
        (_, _, "COMMAND-OR-TOPIC") => {
            offer(arg, move || names.iter().map(CompletionCandidate::new).collect())
        }
        ("schema", "name", _) => offer(arg, || schema_names().map(CompletionCandidate::new).collect()),
        (_, "area", _) => offer(arg, move || areas(&flags)),
        (_, "tag", _) | ("tag" | "untag", "name", _) | (_, _, "OLD") => offer(arg, move || tags(&flags)),
        _ => arg,
    }
}

/// The argument with these candidates, of which the shell is given those that begin as what is typed.
fn offer(arg: Arg, candidates: impl Fn() -> Vec<CompletionCandidate> + Send + Sync + 'static) -> Arg {
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        starting_with(typed, candidates())
    }))
}

fn starting_with(typed: &OsStr, candidates: Vec<CompletionCandidate>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let begins = |candidate: &CompletionCandidate| {
        let value = candidate.get_value().to_string_lossy().to_lowercase();
        value.starts_with(&typed)
    };
    candidates.into_iter().filter(begins).collect()
}

/// The flags typed so far that decide what is read. Only their usual forms are understood: a line being typed does not
/// always parse.
fn flags(words: &[OsString]) -> Flags {
    let words: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let value = |flag: &str| {
        let joined = words
            .iter()
            .find_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
        let apart = words
            .iter()
            .position(|word| word == flag)
            .and_then(|at| words.get(at + 1));
        joined.map(str::to_owned).or_else(|| apart.cloned())
    };
    Flags {
        catalog: value("--catalog"),
        config: value("--config").map(Into::into),
        library_dir: value("--library-dir").map(Into::into),
        ..Flags::default()
    }
}

/// Settings and catalogs, without a word on stderr, which a shell would show within the line.
fn context(flags: &Flags) -> Option<Context> {
    let ui = Rc::new(Ui::new(UiOptions {
        quiet: true,
        ..UiOptions::default()
    }));
    Context::open(flags.clone(), &ui).ok()
}

fn library(flags: &Flags) -> Option<Library> {
    Library::existing(&context(flags)?.settings.library_dir).ok()?
}

fn tags(flags: &Flags) -> Vec<CompletionCandidate> {
    let tags = library(flags).and_then(|library| library.tags().ok());
    tags.unwrap_or_default()
        .into_iter()
        .map(|(tag, papers)| CompletionCandidate::new(tag).help(Some(counted(papers, "paper").into())))
        .collect()
}

/// The areas of the catalogs, by their codes.
fn areas(flags: &Flags) -> Vec<CompletionCandidate> {
    let catalogs = context(flags).and_then(|context| context.catalogs().ok());
    let areas = catalogs.into_iter().flatten().flat_map(|catalog| catalog.areas);
    areas
        .map(|area| CompletionCandidate::new(area.code).help(Some(area.en.into())))
        .collect()
}

/// Short names of the catalogs, then the identifiers of the library, the newest first.
fn ids(flags: &Flags, typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut found = starting_with(typed, short_names(flags));
    if let Some(library) = library(flags) {
        let typed = typed.to_string_lossy();
        let ids = library.ids(Scope::Library).unwrap_or_default();
        let written = ids.into_iter().map(|id| (id, id.to_string()));
        let offered = written
            .filter(|(_, text)| text.starts_with(&*typed))
            .take(MAX_IDS);
        found.extend(offered.map(|(id, text)| {
            let record = library.get(id).ok().flatten();
            let title = record.map(|record| fold_whitespace(&record.paper.title).into());
            CompletionCandidate::new(text).help(title)
        }));
    }
    found
}

fn short_names(flags: &Flags) -> Vec<CompletionCandidate> {
    let catalogs = context(flags).and_then(|context| context.catalogs().ok());
    let mut found = Vec::new();
    for catalog in catalogs.into_iter().flatten() {
        for paper in &catalog.papers {
            // A space would end the word in the shell; look-up takes a hyphen for it.
            let Some(name) = paper.short_name().map(|name| name.replace(' ', "-")) else {
                continue;
            };
            let is_word = !name.contains(|c: char| c.is_whitespace() || "'\"\\$`&|;<>()*?[]#~".contains(c));
            if is_word
                && matches!(catalog.find_short_name(&name), ShortNameMatch::One(one) if one.id == paper.id)
            {
                found.push(CompletionCandidate::new(name).help(Some(fold_whitespace(&paper.title).into())));
            }
        }
    }
    found
}

/// Categories in use, and the archives that have several.
fn categories() -> Vec<CompletionCandidate> {
    let archives = category::archives()
        .iter()
        .filter(|archive| archive.end.is_none() && category::find(archive.code).is_none())
        .map(|archive| CompletionCandidate::new(archive.code).help(Some(archive.name.into())));
    let categories = category::all().iter().filter(|category| category.active);
    let categories =
        categories.map(|category| CompletionCandidate::new(category.code).help(Some(category.name.into())));
    archives.chain(categories).collect()
}

/// Keys of fields; those before the last comma stay as they are.
fn fields(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let (before, last) = typed.rsplit_once(',').map_or(("", &*typed), |(_, last)| {
        typed.split_at(typed.len() - last.len())
    });
    let known = FieldList::known().into_iter();
    known
        .filter(|(key, _)| key.starts_with(last))
        .map(|(key, meaning)| CompletionCandidate::new(format!("{before}{key}")).help(Some(meaning.into())))
        .collect()
}

/// The built-in catalog, and those in the configuration's folder.
fn catalogs(flags: &Flags) -> Vec<CompletionCandidate> {
    let mut names = vec!["deepseek".to_owned()];
    if let Some(context) = context(flags) {
        let files = std::fs::read_dir(&context.settings.catalogs_dir);
        let paths = files.into_iter().flatten().flatten().map(|file| file.path());
        let own = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        names.extend(own.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())));
    }
    names.sort();
    names.into_iter().map(CompletionCandidate::new).collect()
}
