//! What `check` prints: findings in each format, the patch, and the summary on stderr.

use std::io;

use super::document::SourceDocument;
use super::{Args, Checked, FormatArg, patch};
use crate::app::Context;
use crate::app::output::{self, Output};
use crate::error::{Error, Exit};
use crate::format::{self, Diagnostic, Format, Severity};
use crate::model::finding::Verdict;
use crate::model::id::ArxivId;
use crate::model::quantity::counted;

/// Whether a verdict means exit 1.
pub fn is_wrong(verdict: Verdict, strict: bool) -> bool {
    verdict.is_fault()
        || strict
            && matches!(
                verdict,
                Verdict::Superseded | Verdict::Published | Verdict::NotFoundHere
            )
}

fn level(verdict: Verdict, strict: bool) -> Severity {
    match verdict {
        _ if is_wrong(verdict, strict) => Severity::Error,
        Verdict::Superseded | Verdict::Published | Verdict::NotFoundHere | Verdict::Undecided => {
            Severity::Warning
        }
        _ => Severity::Note,
    }
}

/// Writes the findings in the format that was chosen.
pub fn write(
    context: &Context,
    args: &Args,
    checked: &[Checked<'_>],
    interrupted: bool,
    mut output: Output,
) -> Result<(), Error> {
    let place = output.place();
    let look = context.render_options(Vec::new(), matches!(place, output::Place::File { .. }));
    let is_shown = |verdict: Verdict| match verdict {
        Verdict::Ok | Verdict::Unclaimed | Verdict::NotFoundHere if !args.strict => args.every,
        Verdict::Ok | Verdict::Unclaimed => args.every,
        Verdict::Undecided => !interrupted,
        _ => true,
    };
    let printed = || checked.iter().filter(|one| args.every || !one.is_silenced);
    let findings = || printed().map(|one| one.finding.clone()).collect::<Vec<_>>();
    let diagnostics = || -> Vec<Diagnostic<'_>> {
        let shown = printed().filter(|one| is_shown(one.finding.verdict));
        let diagnostic = |one| diagnostic(one, args.strict);
        shown.map(diagnostic).collect()
    };
    let written = match args.format {
        _ if args.diff => diff(context, checked, &mut output),
        _ if args.json => format::findings(Format::Json, &findings(), &look, &mut output),
        _ if args.jsonl => format::findings(Format::Jsonl, &findings(), &look, &mut output),
        FormatArg::Json => format::findings(Format::Json, &findings(), &look, &mut output),
        FormatArg::Jsonl => format::findings(Format::Jsonl, &findings(), &look, &mut output),
        FormatArg::Github => format::github(&diagnostics(), &mut output),
        FormatArg::Text => format::diagnostics(&diagnostics(), &look, &mut output),
    };
    let written = written
        .map_err(|error| place.error(&error))
        .and_then(|()| output.commit());
    match written {
        // A reader that has seen enough does not make the references right.
        Err(error) if error.is_closed_pipe() => Ok(()),
        written => written,
    }
}

fn diagnostic<'a>(checked: &'a Checked<'_>, strict: bool) -> Diagnostic<'a> {
    Diagnostic {
        finding: &checked.finding,
        level: if checked.is_silenced {
            Severity::Note
        } else {
            level(checked.finding.verdict, strict)
        },
        excerpt: checked.document.excerpt(checked.reference),
    }
}

/// The patch of each document. Corrected is only what bears exactly another paper's title or name.
fn diff(context: &Context, checked: &[Checked<'_>], output: &mut Output) -> io::Result<()> {
    let mut corrected = 0;
    for group in checked.chunk_by(|one, next| std::ptr::eq(one.document, next.document)) {
        let fixable: Vec<(&Checked<'_>, ArxivId)> = group.iter().filter_map(correction).collect();
        corrected += fixable.len();
        let edits = fixable.iter().flat_map(|(one, meant)| {
            let numbers = one.document.numbers(one.reference);
            numbers.into_iter().map(|at| patch::Edit {
                at: (at.start, at.end),
                new: meant.to_string(),
            })
        });
        let edits = edits.collect();
        if let Some(Checked { document, .. }) = group.first() {
            patch::write(&document.name, document.bytes(), edits, output)?;
        }
    }
    let wrong = checked
        .iter()
        .filter(|one| one.finding.verdict.is_fault() && !one.is_silenced)
        .count();
    context.ui.note(&format!(
        "the patch corrects {corrected} of {}",
        counted(wrong as u64, "fault")
    ));
    Ok(())
}

/// What surely belongs in the place of a wrong identifier.
fn correction<'a, 'b>(checked: &'a Checked<'b>) -> Option<(&'a Checked<'b>, ArxivId)> {
    // A malformed identifier's proposal may be a guess at its digits.
    let is_certain = matches!(
        checked.finding.verdict,
        Verdict::WrongPaper | Verdict::NotFound | Verdict::Deleted
    );
    let meant = checked
        .finding
        .proposal
        .filter(|_| is_certain && !checked.is_silenced)?;
    let has_place = !checked.document.numbers(checked.reference).is_empty();
    has_place.then_some((checked, meant))
}

/// Reports why arXiv's word is missing. If library and catalogs decided everything, that is no failure.
pub fn failure(context: &Context, error: &Error, undecided: bool) {
    if undecided || error.exit != Exit::Unreachable {
        context.ui.error(error);
    } else {
        context.ui.warn(&format!(
            "{}; the records on this machine decided instead",
            error.message
        ));
    }
}

/// Says how many references were judged, by what, and how many were not, and counts the verdicts.
pub fn summary(context: &Context, documents: &[SourceDocument], checked: &[Checked<'_>], searches: usize) {
    let references: usize = documents
        .iter()
        .map(|document| document.references.len() + document.unreadable.len())
        .sum();
    let judged = |one: &&Checked<'_>| {
        !matches!(
            one.finding.verdict,
            Verdict::Undecided | Verdict::Unclaimed | Verdict::Unreadable
        )
    };
    let by_number = checked
        .iter()
        .filter(judged)
        .filter(|one| one.reference.id.is_some())
        .count();
    let by_title = checked
        .iter()
        .filter(judged)
        .filter(|one| one.reference.id.is_none())
        .count();
    let mut parts = vec![
        format!("{by_number} judged by number"),
        format!("{by_title} by title"),
    ];
    let searches = match searches {
        0 => String::new(),
        1 => " (with 1 search of arXiv)".to_owned(),
        count => format!(" (with {count} searches of arXiv)"),
    };
    parts[1].push_str(&searches);
    let reasons = not_judged(references, checked);
    if !reasons.is_empty() {
        let total: usize = reasons.iter().map(|(count, _)| count).sum();
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(count, reason)| match reasons.len() {
                1 => (*reason).to_owned(),
                _ => format!("{count} {reason}"),
            })
            .collect();
        parts.push(format!("{total} not judged: {}", reasons.join(", ")));
    }
    let total = counted(references as u64, "reference");
    context.ui.note(&format!("{total}: {}", parts.join(", ")));
    let reported = checked.iter().filter(|one| !one.is_silenced);
    let silenced = checked.iter().filter(|one| one.is_silenced).count();
    let counts = format::verdicts(reported.map(|one| one.finding.verdict));
    let mut counts: Vec<String> = counts.map(|(name, count)| format!("{count} {name}")).collect();
    if silenced > 0 {
        counts.push(format!("{silenced} silenced by comments"));
    }
    if !counts.is_empty() {
        context.ui.note(&counts.join(", "));
    }
}

/// How many references were not judged, for each reason.
fn not_judged(references: usize, checked: &[Checked<'_>]) -> Vec<(usize, &'static str)> {
    let count = |verdict| {
        checked
            .iter()
            .filter(|one| one.finding.verdict == verdict)
            .count()
    };
    let reasons = [
        (count(Verdict::Undecided), "arXiv would have to be asked"),
        (
            count(Verdict::Unclaimed),
            "nothing is claimed that could be compared",
        ),
        (count(Verdict::Unreadable), "cannot be parsed"),
        (
            references.saturating_sub(checked.len()),
            "no identifier, and no library to look the title up in; --all asks arXiv",
        ),
    ];
    reasons.into_iter().filter(|(count, _)| *count > 0).collect()
}
