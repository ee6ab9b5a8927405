//! `note`: edits the user's note on a paper.

use std::path::PathBuf;

use crate::app::editor::Editor;
use crate::app::keep::{self, KeptPapers};
use crate::app::ledger::{IdArgs, Ledger};
use crate::app::{Context, input};
use crate::error::{Error, Exit};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Source;

/// Maximum length of a note in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// Write a note on a paper, and so keep it in the library
///
/// TEXT is added below what the note says already; `-` takes it from stdin. Without TEXT the whole note is opened in
/// $VISUAL or $EDITOR. A note left empty is removed. `show` prints it.
#[derive(clap::Args, Debug)]
#[command(after_help = r#"Examples:
  arxcat note R1 "Compare the reward with section 3"
  arxcat note R1 - < note.md"#)]
pub struct Args {
    /// An identifier in any form, or a short name of the catalog; `-`: several, from stdin
    #[arg(value_name = "ID")]
    pub id: String,
    /// What to note; `-`: from stdin
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Put TEXT in place of the note; `--replace ""` removes it
    #[arg(long, requires = "text")]
    pub replace: bool,
    /// Write one JSON line for each input to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let text = args
        .text
        .as_deref()
        .map(|text| note_text(args, text))
        .transpose()?;
    let catalogs = context.catalogs()?;
    let which = IdArgs {
        ids: vec![args.id.clone()],
        ledger: args.ledger.clone(),
    };
    let mut ledger = Ledger::open(context, &which, &catalogs)?;
    if text.is_none() && ledger.ids().len() > 1 {
        return Err(Error::usage("an editor opens the note of one paper").hint(WITHOUT_EDITOR_HINT));
    }
    // Before a paper is kept for the note: without a terminal there will be none.
    let editor = match &text {
        None if !ledger.ids().is_empty() => Some(Editor::find(WITHOUT_EDITOR_HINT)?),
        _ => None,
    };
    let Some(mut kept) = keep::keep(context, &catalogs, &mut ledger)? else {
        return ledger.finish();
    };
    for (id, source) in std::mem::take(&mut kept.papers) {
        let changed = if let Some(text) = &text {
            let noted = kept.library.edit_note(id.base(), context.now(), |before| {
                let note = if args.replace || before.is_empty() {
                    text.clone()
                } else {
                    format!("{before}\n{text}")
                };
                if note.len() > MAX_LENGTH {
                    return Err("the note would be longer than 1 MiB".to_owned());
                }
                Ok(note)
            })?;
            match noted {
                Ok(changed) => changed,
                Err(why) => {
                    ledger.record(id, &Outcome::Failed(Status::Failed, why));
                    continue;
                }
            }
        } else {
            edit(context, editor.as_ref(), &mut kept, id)?
        };
        report(context, &mut ledger, &kept, (id, source), changed)?;
    }
    ledger.finish()
}

const WITHOUT_EDITOR_HINT: &str =
    "give the text: `arxcat note ID \"read section 3\"`, or on stdin: `arxcat note ID - < note.md`";

/// The text of the command line or of stdin, as it is stored.
fn note_text(args: &Args, text: &str) -> Result<String, Error> {
    let text = if text != "-" {
        if args.id != "-" && ArxivId::parse(text).is_ok() {
            return Err(identifier_as_note(args, text));
        }
        text.to_owned()
    } else if args.id == "-" {
        return Err(
            Error::usage("stdin cannot hold both the identifiers and the text")
                .hint("give one of them as an argument: `arxcat note - \"read section 3\" < ids`"),
        );
    } else {
        String::from_utf8(input::read_stdin()?)
            .map_err(|_| Error::usage("stdin: the note is not UTF-8").hint("convert it: `iconv -t UTF-8`"))?
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let text = text.trim_end();
    if text.is_empty() && !args.replace {
        return Err(
            Error::usage("there is nothing to note").hint("`arxcat note ID --replace \"\"` removes a note")
        );
    }
    if text.len() > MAX_LENGTH {
        return Err(Error::usage("the text is longer than 1 MiB").hint("note where it is instead"));
    }
    Ok(text.to_owned())
}

/// A second identifier is more likely a second paper than a note on the first one.
fn identifier_as_note(args: &Args, text: &str) -> Error {
    let id = &args.id;
    Error::usage(format!("`{text}` is an identifier, not a note"))
        .hint("for several papers, they come on stdin: `arxcat note - \"for the seminar\" < ids`")
        .hint(format!("if it is the text: `echo {text} | arxcat note {id} -`"))
}

/// Opens the note in an editor. Returns whether it changed.
fn edit(
    context: &Context,
    editor: Option<&Editor>,
    kept: &mut KeptPapers,
    id: ArxivId,
) -> Result<bool, Error> {
    let Some(editor) = editor else { return Ok(false) };
    let library = &mut kept.library;
    let before = library.note(id)?.unwrap_or_default();
    let edited = editor.edit(&before)?;
    if edited.text.len() > MAX_LENGTH {
        return Err(edited.rescue(Error::usage("the note is longer than 1 MiB")));
    }
    let noted = library.edit_note(id.base(), context.now(), |now| {
        if now == before {
            Ok(edited.text.clone())
        } else {
            Err(Error::new(
                Exit::Local,
                format!("the note on {id} was changed meanwhile"),
            ))
        }
    });
    match noted {
        Ok(Ok(changed)) => Ok(changed),
        Ok(Err(meanwhile)) => Err(edited.rescue(meanwhile)),
        Err(error) => Err(edited.rescue(error.into())),
    }
}

fn report(
    context: &Context,
    ledger: &mut Ledger,
    kept: &KeptPapers,
    (id, source): (ArxivId, Source),
    changed: bool,
) -> Result<(), Error> {
    if !changed {
        ledger.record(id, &Outcome::Skipped("the note says so already".to_owned()));
        context.ui.note(&format!("the note on {id} stays as it was"));
        return Ok(());
    }
    let what = match kept.library.note(id)? {
        Some(_) => "noted on",
        None => "removed the note on",
    };
    ledger.record(id, &Outcome::done(Some(source.into())));
    context.ui.note(&format!("{what} {id}"));
    Ok(())
}
