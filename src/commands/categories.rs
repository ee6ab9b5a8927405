//! `categories`: arXiv's taxonomy.

use std::io::{self, Write};

use crate::app::Context;
use crate::error::{Error, Exit};
use crate::model::category::{self, Category};
use crate::model::lang::Lang;
use crate::model::text;

/// List arXiv's categories, or explain one
///
/// Explains a code (`math.MP`): its name, archive, group, other names and OAI-PMH set. Lists the categories of an archive
/// (`cs`, `cs.*`), or those whose code or name contains any other text.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat categories
  arxcat categories cs.CL
  arxcat categories quantum")]
pub struct Args {
    /// A category's code, or text to look for in codes and names [default: list all]
    #[arg(value_name = "CODE-OR-TEXT")]
    pub text: Vec<String>,
    /// Format: tsv, json, jsonl [default: for people on a terminal, else tsv]
    #[arg(long, short, value_name = "FORMAT")]
    pub format: Option<CategoryFormat>,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Short for --format jsonl
    #[arg(long, conflicts_with_all = ["format", "json"])]
    pub jsonl: bool,
}

/// The formats in which categories are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum CategoryFormat {
    /// Aligned, for people
    Table,
    /// Code, name, group, state; with tabs
    Tsv,
    /// An array
    Json,
    /// One a line
    Jsonl,
}

/// Lists categories, or explains the one that was named.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let text = args.text.join(" ");
    let format = match args.format {
        _ if args.json => Some(CategoryFormat::Json),
        _ if args.jsonl => Some(CategoryFormat::Jsonl),
        format => format,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let lang = context.settings.lang;
    let written = match (category::find(&text), format) {
        (Some(one), None) => explain(one, lang, &mut out),
        (Some(one), Some(format)) => list(&[one], format, lang, &mut out),
        (None, format) => {
            let default = if context.ui.width.is_some() {
                CategoryFormat::Table
            } else {
                CategoryFormat::Tsv
            };
            list(&found(&text)?, format.unwrap_or(default), lang, &mut out)
        }
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

/// The categories that `--category` would select by this text, or else those with it in their code or name.
fn found(text: &str) -> Result<Vec<&'static Category>, Error> {
    if text.is_empty() {
        return Ok(category::all().iter().collect());
    }
    if let Ok(filter) = category::CategoryFilter::parse(text) {
        return Ok(filter
            .codes()
            .iter()
            .filter_map(|code| category::find(code))
            .collect());
    }
    let found = category::search(text);
    if !found.is_empty() {
        return Ok(found);
    }
    let error = Error::new(
        Exit::Partly,
        format!("no category has `{text}` in its code or name"),
    );
    let nearest = category::CategoryFilter::parse(text)
        .err()
        .map(|unknown| unknown.nearest)
        .unwrap_or_default();
    Err(error
        .did_you_mean(&nearest)
        .hint("`arxcat categories` lists them all"))
}

fn list(found: &[&Category], format: CategoryFormat, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    match format {
        CategoryFormat::Table => table(found, lang, out),
        CategoryFormat::Tsv => found.iter().try_for_each(|one| {
            let state = if one.active { "active" } else { "closed" };
            writeln!(out, "{}\t{}\t{}\t{state}", one.code, one.name, one.group)
        }),
        CategoryFormat::Json => json(found, out),
        CategoryFormat::Jsonl => found.iter().try_for_each(|one| writeln!(out, "{}", object(one))),
    }
}

fn table(found: &[&Category], lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let widest = found
        .iter()
        .map(|one| text::width(one.code))
        .max()
        .unwrap_or_default();
    for group in category::groups() {
        let inside: Vec<_> = found.iter().filter(|one| one.group == group.code).collect();
        if inside.is_empty() {
            continue;
        }
        writeln!(out, "{} ({})", group.name, group.code)?;
        for one in inside {
            let successor = match category::canonical(one.code) {
                canonical if canonical != one.code => match lang {
                    Lang::En => format!(" (now {canonical})"),
                    Lang::Zh => format!("（现为 {canonical}）"),
                },
                _ => String::new(),
            };
            writeln!(out, "  {:widest$}  {}{successor}", one.code, one.name_in(lang))?;
        }
    }
    Ok(())
}

/// Writes everything known about a category, a line each.
fn explain(one: &Category, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}  {}", one.code, one.name_in(lang))?;
    let pick = |en: &'static str, zh: &'static str| match lang {
        Lang::En => en,
        Lang::Zh => zh,
    };
    let archive = category::archives()
        .iter()
        .find(|archive| archive.code == one.archive);
    let group = category::groups().iter().find(|group| group.code == one.group);
    let named = |code: &str, name: Option<&str>| {
        name.map_or_else(|| code.to_owned(), |name| format!("{code} ({name})"))
    };
    let mut lines = vec![
        (
            pick("archive", "档案"),
            named(one.archive, archive.map(|it| it.name)),
        ),
        (pick("group", "学科组"), named(one.group, group.map(|it| it.name))),
    ];
    let state = match (one.alias_of, one.subsumed_into, lang) {
        (Some(other), _, Lang::En) => format!("another name of {other}; papers are listed there"),
        (Some(other), _, Lang::Zh) => format!("{other} 的别名，论文列在那里"),
        (None, Some(other), Lang::En) => {
            let end = archive.and_then(|archive| archive.end);
            let end = end.map(|end| format!(" in {end}")).unwrap_or_default();
            format!("closed{end}, taken over by {other}")
        }
        (None, Some(other), Lang::Zh) => {
            let end = archive.and_then(|archive| archive.end).unwrap_or_default();
            format!("{end} 关闭，由 {other} 接替").trim_start().to_owned()
        }
        (None, None, _) if one.active => pick("active", "使用中").to_owned(),
        (None, None, _) => pick("closed", "已关闭").to_owned(),
    };
    lines.push((pick("state", "状态"), state));
    if let Some(other) = one.also_known_as {
        let also = match lang {
            Lang::En => format!("{other}; --category takes either"),
            Lang::Zh => format!("{other}；--category 两者皆可"),
        };
        lines.push((pick("also", "又名"), also));
    }
    lines.push((pick("OAI-PMH set", "OAI-PMH 集"), one.oai_set.to_owned()));
    for (label, value) in lines {
        let gap = " ".repeat("OAI-PMH set".len().saturating_sub(text::width(label)) + 1);
        writeln!(out, "  {label}{gap}{value}")?;
    }
    Ok(())
}

fn json(found: &[&Category], out: &mut impl Write) -> io::Result<()> {
    let all: Vec<_> = found.iter().map(|one| object(one)).collect();
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

fn object(one: &Category) -> serde_json::Value {
    serde_json::json!({
        "code": one.code,
        "name": one.name,
        "archive": one.archive,
        "group": one.group,
        "active": one.active,
        "alias_of": one.alias_of,
        "subsumed_into": one.subsumed_into,
        "also_known_as": one.also_known_as,
        "oai_set": one.oai_set,
    })
}
