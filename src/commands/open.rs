//! `open`: shows a paper in the user's viewer or browser.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::app::{Context, identifiers, program};
use crate::error::{Error, Exit};
use crate::library::Library;
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;

/// Show a paper: the PDF that was downloaded, else its page at arXiv
///
/// The program that shows it is $BROWSER (several with colons between them, `%s` for what to show, what has spaces in
/// quotes), else xdg-open or open.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat open R1
  arxcat open --print 1706.03762")]
pub struct Args {
    /// Which paper: an identifier in any form, or a short name of the catalog; `-` or none: from stdin
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Only print the path or the URL
    #[arg(long)]
    pub print: bool,
}

/// The programs that are tried if `$BROWSER` is not set.
const VIEWERS: &[&str] = &["xdg-open", "open"];

/// No more papers are opened by one call: hundreds of windows are hardly ever meant.
const MAX_PAPERS: usize = 20;

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let catalogs = context.catalogs()?;
    let inputs = identifiers::identifiers(context, &args.ids, &catalogs)?;
    let ids = identifiers::valid(&inputs);
    let mut exit = Exit::Done;
    for reason in inputs.iter().filter_map(|input| input.id.as_ref().err()) {
        context.ui.failed(reason);
        exit = if ids.is_empty() { Exit::Usage } else { Exit::Partly };
    }
    if inputs.is_empty() {
        context.ui.note("no identifiers came on stdin");
    }
    if ids.len() > MAX_PAPERS && !args.print {
        let count = ids.len();
        return Err(
            Error::usage(format!("{count} papers at once are too many to show"))
                .hint(format!("at most {MAX_PAPERS}, or --print their paths and URLs")),
        );
    }
    let library = Library::existing(&context.settings.library_dir)?;
    for id in ids {
        let place = place(context, library.as_ref(), id)?;
        if args.print {
            print(&place)?;
        } else {
            show(&place)?;
        }
    }
    Ok(exit)
}

/// The path of the downloaded PDF of the newest version if the file still exists, else the URL of the page.
fn place(context: &Context, library: Option<&Library>, id: ArxivId) -> Result<OsString, Error> {
    let Some(library) = library else {
        return Ok(id.abs_url().into());
    };
    for file in library.files(id)? {
        if file.kind != FileKind::Pdf || !file.path.is_file() {
            continue;
        }
        let path = file.path.display();
        if std::fs::metadata(&file.path).is_ok_and(|found| found.len() != file.size) {
            context.ui.warn(&format!(
                "{path} has not the size it was downloaded with, and is not shown; `arxcat download --force {}` \
                 puts arXiv's in its place",
                file.id
            ));
            continue;
        }
        if id.version().is_none() {
            let held = library.get(id)?.and_then(|held| held.paper.version);
            if let Some(newer) = held.filter(|held| file.id.version().is_some_and(|version| version < *held))
            {
                context.ui.note(&format!(
                    "this is {}, and there is v{newer}: `arxcat download {}` gets it",
                    file.id,
                    id.with_version(newer)
                ));
            }
        }
        return Ok(file.path.into_os_string());
    }
    Ok(id.abs_url().into())
}

fn print(place: &OsStr) -> Result<(), Error> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(place.as_encoded_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .map_err(|error| Error::stdout(&error))
}

/// Starts the viewers in turn until one succeeds, and waits for it: it may use the terminal.
fn show(place: &OsStr) -> Result<(), Error> {
    let list = std::env::var_os("BROWSER").filter(|list| !list.is_empty());
    let commands = match &list {
        Some(list) => commands(&list.to_string_lossy(), place),
        None => VIEWERS
            .iter()
            .map(|viewer| vec![(*viewer).into(), place.to_owned()])
            .collect(),
    };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut failed = None;
    for command in &commands {
        let Some((program, args)) = command.split_first() else {
            continue;
        };
        let Some(program) = program::find(Path::new(program), &folders) else {
            continue;
        };
        match Command::new(&program).args(args).status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => failed = Some(format!("{} failed ({status})", program.display())),
            Err(error) => failed = Some(Error::file("start", &program, &error).message),
        }
    }
    let reason = failed.unwrap_or_else(|| match &list {
        Some(list) => format!(
            "BROWSER is `{}`, and no such program was found",
            list.to_string_lossy()
        ),
        None => "no viewer was found".to_owned(),
    });
    let shown = place.to_string_lossy();
    Err(Error::new(
        Exit::Local,
        format!("{reason}; this is what it would show: {shown}"),
    )
    .hint("set BROWSER to a program that can, or only print it with `arxcat open --print ID`"))
}

/// The commands of a list that is separated by colons. `%s` stands for the place and `%%` for a percent sign; without
/// `%s` the place is the last argument. No shell is involved.
fn commands(list: &str, place: &OsStr) -> Vec<Vec<OsString>> {
    let filled = |words: Vec<String>| {
        let has_place = words.iter().any(|word| word.replace("%%", "").contains("%s"));
        let mut command: Vec<OsString> = words.iter().map(|word| fill(word, place)).collect();
        if !command.is_empty() && !has_place {
            command.push(place.to_owned());
        }
        command
    };
    program::commands(list).into_iter().map(filled).collect()
}

fn fill(word: &str, place: &OsStr) -> OsString {
    let mut filled = OsString::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push(before);
        rest = if let Some(after) = after.strip_prefix('s') {
            filled.push(place);
            after
        } else {
            filled.push("%");
            after.strip_prefix('%').unwrap_or(after)
        };
    }
    filled.push(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_browsers_is_taken_apart_without_a_shell() {
        let commands = commands(
            "firefox:w3m -o x=%s 100%%:  :a '$(b)' %%s:\"/opt/My Viewer:2\" 'a b",
            OsStr::new("/p q.pdf"),
        );
        let expected: [&[&str]; 5] = [
            &["firefox", "/p q.pdf"],
            &["w3m", "-o", "x=/p q.pdf", "100%"],
            &[],
            &["a", "$(b)", "%s", "/p q.pdf"],
            &["/opt/My Viewer:2", "a b", "/p q.pdf"],
        ];
        assert_eq!(commands, expected);
    }
}
