//! `doctor`: whether the library is whole, and what can be mended.

use std::io::Write;

use crate::app::Context;
use crate::app::arguments::PlaceArgs;
use crate::error::{Error, Exit};
use crate::format::{self, Format};
use crate::library::{IndexHealth, InvalidRow, Library, Scope};
use crate::model::event::Event;
use crate::model::health_check::{HealthCheck, HealthState};
use crate::model::quantity::{byte_size, counted};
use crate::ui::Confirmation;

mod disk;
mod files;

/// Maximum number of items that are listed by name.
const MAX_LISTED: usize = 10;

/// Check the library: the database, every record, the search index, the downloaded files
///
/// Ends with 0 where all is well or was mended, with 4 where something is damaged. What the user wrote (tags, notes) is
/// never dropped. --fix asks before it drops a record or forgets a file; --yes answers.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat doctor
  arxcat doctor --fix")]
pub struct Args {
    /// Mend what can be mended
    #[arg(long)]
    pub fix: bool,
    /// Format: json, jsonl, csv, tsv [default: lines to read]
    #[arg(long, short, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Where to
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let format = chosen(args)?;
    let mut output = args.place.open()?;
    let mut doctor = Doctor {
        context,
        fix: args.fix,
        checks: Vec::new(),
        hints: Vec::new(),
    };
    match Library::existing(&context.settings.library_dir) {
        Ok(Some(mut library)) => doctor.examine(&mut library)?,
        Ok(None) => context.ui.note(&format!(
            "there is no library yet in {}; `arxcat fetch ID` makes one",
            context.settings.library_dir.display()
        )),
        Err(error) => {
            let error = Error::library(&error);
            doctor.say("database", HealthState::Damaged, error.message);
            doctor.hints.extend(error.hints);
            if doctor.hints.is_empty() {
                doctor.hints.push(
                    "free disk space or mend the folder's permissions; if the file itself is broken, put back a copy of it"
                        .to_owned(),
                );
            }
        }
    }
    context.ui.pause();
    let place = output.place();
    let look = context.render_options(Vec::new(), args.place.output.is_some());
    format::library_checks(format, &doctor.checks, &look, &mut output)
        .and_then(|()| output.flush())
        .map_err(|error| place.error(&error))?;
    output.commit()?;
    for hint in &doctor.hints {
        context.ui.hint(hint);
    }
    let damaged = doctor
        .checks
        .iter()
        .any(|check| check.state == HealthState::Damaged);
    let exit = if damaged { Exit::Local } else { Exit::Done };
    Ok(exit.max(context.report_problems()))
}

fn chosen(args: &Args) -> Result<Option<Format>, Error> {
    let name = if args.json {
        Some("json")
    } else {
        args.format.as_deref()
    };
    let Some(name) = name else { return Ok(None) };
    match name.parse() {
        Ok(format @ (Format::Json | Format::Jsonl | Format::Csv | Format::Tsv)) => Ok(Some(format)),
        Ok(Format::Text) => Ok(None),
        Ok(format) => Err(Error::usage(format!("checks cannot be written as {format}"))
            .hint("formats are text, json, jsonl, csv, tsv")),
        Err(unknown) => {
            let unknown: format::UnknownName = unknown;
            Err(Error::usage(unknown.to_string())
                .did_you_mean(&unknown.nearest)
                .hint("formats are text, json, jsonl, csv, tsv"))
        }
    }
}

/// The results so far.
struct Doctor<'a> {
    context: &'a Context,
    fix: bool,
    checks: Vec<HealthCheck>,
    hints: Vec<String>,
}

impl Doctor<'_> {
    fn examine(&mut self, library: &mut Library) -> Result<(), Error> {
        let readable = self.database(library)?;
        if readable {
            self.records(library)?;
            self.user_data(library)?;
            self.index(library)?;
            self.files(library)?;
        }
        self.folder(library)
    }

    fn say(&mut self, part: &'static str, state: HealthState, message: impl Into<String>) {
        self.checks.push(HealthCheck {
            part,
            state,
            message: message.into(),
        });
    }

    fn hint(&mut self, hint: impl Into<String>) {
        let hint = hint.into();
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// Checks the database file. Returns whether its records can be read.
    fn database(&mut self, library: &mut Library) -> Result<bool, Error> {
        let faults = faults(library);
        if faults.is_empty() {
            let what = format!(
                "{} in the mirror, {} of them kept; {}",
                counted(library.count(Scope::Mirror)?, "paper"),
                library.count(Scope::Library)?,
                byte_size(disk::database(library.folder()))
            );
            self.say("database", HealthState::Ok, what);
            return Ok(true);
        }
        if self.fix && library.reindex().is_ok() && self::faults(library).is_empty() {
            self.say("database", HealthState::Mended, "its own indexes were made anew");
            return Ok(true);
        }
        for fault in faults.iter().take(MAX_LISTED) {
            self.say("database", HealthState::Damaged, fault.as_str());
        }
        self.hint(if self.fix {
            "put back a copy of library.db; or save what can be read with `arxcat export -M -f jsonl -o saved.jsonl`, move the folder away, and `arxcat import saved.jsonl`"
        } else {
            "`arxcat doctor --fix` mends what can be mended; copy library.db first"
        });
        Ok(false)
    }

    fn records(&mut self, library: &mut Library) -> Result<(), Error> {
        let total = library.count(Scope::Mirror)?;
        let ui = &self.context.ui;
        let found = library.invalid_rows(|done| {
            ui.observe(&Event::Progress {
                done,
                total: Some(total),
            });
        })?;
        ui.pause();
        if found.is_empty() {
            self.say(
                "records",
                HealthState::Ok,
                "every record can be read and agrees with its row",
            );
            return Ok(());
        }
        let (mismatched, unreadable): (Vec<InvalidRow>, Vec<InvalidRow>) =
            found.into_iter().partition(|fault| fault.repairable);
        if !mismatched.is_empty() {
            let what = format!(
                "{} at odds with the columns beside: {}",
                counted(mismatched.len() as u64, "record"),
                named(mismatched.iter().filter_map(|one| Some(one.id?.to_string())))
            );
            if self.fix {
                library.repair(&mismatched)?;
            }
            self.mended_or_hinted("records", self.fix, what);
        }
        if !unreadable.is_empty() {
            let many = counted(unreadable.len() as u64, "record");
            let what = format!("{many} cannot be read: {}", named(unreadable.iter().map(name)));
            let agreed = self.fix
                && self.confirmed(&format!(
                    "{what}. Drop them? arXiv has them, and your tags and notes stay"
                ));
            if agreed {
                library.repair(&unreadable)?;
            }
            self.mended_or_hinted("records", agreed, what);
            let ids: Vec<String> = unreadable
                .iter()
                .filter_map(|one| Some(one.id?.to_string()))
                .collect();
            if agreed && !ids.is_empty() {
                let shown = ids.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(" ");
                self.hint(format!("`arxcat fetch {shown}` gets them anew"));
            }
        }
        Ok(())
    }

    fn mended_or_hinted(&mut self, part: &'static str, mended: bool, what: String) {
        self.say(
            part,
            if mended {
                HealthState::Mended
            } else {
                HealthState::Damaged
            },
            what,
        );
        if !mended {
            let how = if self.fix {
                "`arxcat doctor --fix --yes` mends it without being asked"
            } else {
                "`arxcat doctor --fix` mends it"
            };
            self.hint(how);
        }
    }

    /// Counts user data. Tags and notes may outlive records, so orphans are not an error.
    fn user_data(&mut self, library: &Library) -> Result<(), Error> {
        let orphans = library.orphans()?;
        let tags = library.tags()?.len() as u64;
        self.say("words", HealthState::Ok, counted(tags, "tag"));
        if orphans.kept > 0 {
            let what = format!(
                "{} kept whose record is not held; your tags and notes wait for it",
                counted(orphans.kept, "paper")
            );
            self.say("words", HealthState::Noted, what);
        }
        if orphans.untracked > 0 {
            let what = format!(
                "{} with tags or a note that the library does not keep",
                counted(orphans.untracked, "paper")
            );
            self.say("words", HealthState::Noted, what);
        }
        Ok(())
    }

    /// Checks the index. It is derived data, so repairing it costs only time.
    fn index(&mut self, library: &Library) -> Result<(), Error> {
        let bytes = byte_size(library.index_size());
        match library.check_index()? {
            IndexHealth::Missing => {
                self.say(
                    "index",
                    HealthState::Ok,
                    "not there; the next search builds it".to_owned(),
                );
            }
            IndexHealth::Consistent { behind: 0 } => self.say("index", HealthState::Ok, bytes),
            IndexHealth::Consistent { behind } => {
                let what = format!("{bytes}; the next search brings in {}", counted(behind, "change"));
                self.say("index", HealthState::Ok, what);
            }
            IndexHealth::Damaged(how) if self.fix => {
                let ui = &self.context.ui;
                library.rebuild_index(&mut |event| ui.observe(&event))?;
                self.say("index", HealthState::Mended, format!("rebuilt: {how}"));
            }
            IndexHealth::Damaged(how) => {
                self.say("index", HealthState::Damaged, how);
                self.hints
                    .push("`arxcat doctor --fix` builds the search index anew".to_owned());
            }
        }
        Ok(())
    }

    fn folder(&mut self, library: &Library) -> Result<(), Error> {
        let known = library.all_files().unwrap_or_default();
        let found = disk::unknown_files(library.folder(), &known);
        if !found.unfinished.is_empty() {
            let what = format!(
                "{} left unfinished by runs that died: {}",
                counted(found.unfinished.len() as u64, "file"),
                named(found.unfinished.iter().map(|path| path.display().to_string()))
            );
            if self.fix {
                for path in &found.unfinished {
                    std::fs::remove_file(path).map_err(|error| Error::file("remove", path, &error))?;
                }
                self.say("folder", HealthState::Mended, what);
            } else {
                self.say("folder", HealthState::Noted, what);
                self.hint("`arxcat doctor --fix` takes them away");
            }
        }
        if !found.others.is_empty() {
            let what = format!(
                "{} in the library's folder that it does not know: {}",
                counted(found.others.len() as u64, "file"),
                named(found.others.iter().map(|path| path.display().to_string()))
            );
            self.say("folder", HealthState::Noted, what);
        }
        Ok(())
    }

    fn confirmed(&self, question: &str) -> bool {
        self.context.ui.pause();
        self.context.ui.confirm(question) == Confirmation::Yes
    }
}

/// Faults of the database file. An error of the check itself counts as one.
fn faults(library: &Library) -> Vec<String> {
    library
        .integrity()
        .unwrap_or_else(|error| vec![error.to_string()])
}

fn name(fault: &InvalidRow) -> String {
    match fault.id {
        Some(id) => format!("{id} ({})", fault.reason),
        None => fault.reason.clone(),
    }
}

/// Lists the first items, and how many more there are.
fn named(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    let first = all
        .iter()
        .take(MAX_LISTED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more @ 1..) = all.len().checked_sub(MAX_LISTED) {
        return format!("{first}, and {more} more");
    }
    first
}
