//! Records to read: every known fact under its label, the abstract wrapped.
//!
//! The title stands at the margin and all else is indented, so that records can be told apart. Nothing is left
//! out but on a terminal, where a long list of authors is folded and the line says how to see them all.

use std::io::{self, Write};

use super::display::{self, moment, pick, plain};
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use super::style;
use crate::model::category;
use crate::model::lang::Lang;
use crate::model::paper::{CatalogEntry, Paper, Source, UserData, Version};
use crate::model::text::{sanitize_lines, wrap};

/// On a terminal, so many authors are named before the rest is counted.
const FOLD_AUTHORS: usize = 20;
/// The indent of all but the title.
const INDENT: usize = 2;
/// The widest label of each language (`not verified`, `首次提交`), and the gap after it.
const LABEL_EN: usize = 12 + 2;
const LABEL_ZH: usize = 8 + 2;

/// A line of the record: its label and what it says.
struct LabelledValue {
    label: &'static str,
    text: String,
    /// Addresses stay whole, to be clicked and copied.
    wrapped: bool,
}

/// Collects a record's facts, each label in the options's language.
struct LabelledValues<'a> {
    options: &'a RenderOptions,
    facts: Vec<LabelledValue>,
}

impl LabelledValues<'_> {
    fn add(&mut self, en: &'static str, zh: &'static str, text: impl Into<String>) {
        self.push(pick(self.options.lang, en, zh), text.into(), true);
    }

    fn add_some(&mut self, en: &'static str, zh: &'static str, text: Option<&str>) {
        self.add(en, zh, text.map(display::text).unwrap_or_default());
    }

    fn add_address(&mut self, en: &'static str, zh: &'static str, address: Option<&str>) {
        let address = address.map(plain).unwrap_or_default();
        self.push(pick(self.options.lang, en, zh), address, false);
    }

    fn push(&mut self, label: &'static str, text: String, wrapped: bool) {
        if !text.is_empty() {
            self.facts.push(LabelledValue { label, text, wrapped });
        }
    }
}

#[derive(Debug)]
struct TextWriter {
    first: bool,
}

pub(super) fn open(_settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(TextWriter { first: true })
}

impl PaperWriter for TextWriter {
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, mut out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.first) {
            writeln!(out)?;
        }
        write(paper, options, &mut out)
    }
}

/// Writes a record.
fn write(paper: &Paper, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let page = options.text_width();
    for line in wrap(&display::text(&paper.title), page) {
        writeln!(out, "{}", style::paint(options, style::STRONG, &line))?;
    }
    if paper.withdrawn == Some(true) {
        let told = pick(options.lang, "WITHDRAWN by its authors", "已被作者撤回");
        writeln!(out, "  {}", style::paint(options, style::ALARM, told))?;
    }
    let mut facts = LabelledValues {
        options,
        facts: Vec::new(),
    };
    of_record(paper, &mut facts);
    if let Some(entry) = &paper.catalog {
        of_catalog(paper, entry, &mut facts);
    }
    if let Some(kept) = &paper.library {
        of_library(kept, &mut facts);
    }
    facts.add("source", "来源", origin(paper, options.lang));
    for fact in &facts.facts {
        write_fact(fact, options, out)?;
    }
    if let Some(abstract_) = &paper.abstract_ {
        writeln!(out)?;
        for line in wrap(&display::text(abstract_), page - INDENT) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

fn write_fact(fact: &LabelledValue, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let columns = match options.lang {
        Lang::En => LABEL_EN,
        Lang::Zh => LABEL_ZH,
    };
    let lines = if fact.wrapped {
        let room = options.text_width().saturating_sub(INDENT + columns).max(10);
        fact.text
            .split('\n')
            .flat_map(|line| wrap_line(line, room))
            .collect()
    } else {
        vec![fact.text.clone()]
    };
    let mut label = fact.label;
    for line in lines {
        if line.is_empty() {
            writeln!(out)?;
            continue;
        }
        let label = style::cell(options, style::FAINT, std::mem::take(&mut label), columns);
        writeln!(out, "  {label}{line}")?;
    }
    Ok(())
}

/// A line of several, under its own indent, which may say what belongs to what.
fn wrap_line(line: &str, room: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let indent = " ".repeat(indent.min(room / 2));
    let lines = wrap(line, room - indent.len());
    if lines.is_empty() {
        return vec![String::new()];
    }
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

fn of_record(paper: &Paper, facts: &mut LabelledValues) {
    let lang = facts.options.lang;
    facts.add("id", "编号", paper.display_id().to_string());
    let version = paper.version.map(|version| version.to_string());
    facts.add("version", "版本", version.unwrap_or_default());
    facts.add("authors", "作者", authors(paper, facts.options));
    facts.add(
        "published",
        "首次提交",
        paper.published.map(moment).unwrap_or_default(),
    );
    facts.add("updated", "更新", paper.updated.map(moment).unwrap_or_default());
    let versions = paper.versions.as_deref().unwrap_or_default();
    facts.add("versions", "历史", history(versions, lang));
    facts.add("categories", "分类", categories(paper));
    facts.add_some("comment", "备注", paper.comment.as_deref());
    facts.add_some("journal ref", "期刊", paper.journal_ref.as_deref());
    let dois: Vec<_> = paper.dois.iter().map(|doi| plain(doi)).collect();
    if dois.is_empty() {
        facts.add_address("DOI", "DOI", paper.doi.as_deref());
    } else {
        facts.add_address("DOI", "DOI", Some(&dois.join(" ")));
    }
    facts.add_some("report no", "报告号", paper.report_no.as_deref());
    facts.add_some("MSC class", "MSC", paper.msc_class.as_deref());
    facts.add_some("ACM class", "ACM", paper.acm_class.as_deref());
    facts.add_address("licence", "许可", paper.license.as_deref());
    facts.add_some("submitter", "提交者", paper.submitter.as_deref());
    facts.add_address("url", "网页", Some(&paper.display_id().abs_url()));
    facts.add_address("pdf", "PDF", Some(&paper.display_id().pdf_url()));
}

fn of_catalog(paper: &Paper, entry: &CatalogEntry, facts: &mut LabelledValues) {
    let options = facts.options;
    facts.add("catalog", "目录", plain(&entry.name));
    facts.add_some("short name", "简称", entry.short_name.as_deref());
    let area = entry.area.as_deref().map(|code| display::area(code, options));
    facts.add("area", "领域", area.unwrap_or_default());
    facts.add_some("relation", "关系", entry.relation.as_deref());
    facts.add(
        "summary",
        "概要",
        display::summary(paper, options.lang).unwrap_or_default(),
    );
    facts.add_address("code", "代码", entry.repository.as_deref());
    facts.add_address("model", "模型", entry.model.as_deref());
    facts.add_some("venue", "发表于", entry.venue.as_deref());
    let unsure: Vec<_> = entry.unsure.iter().map(|key| plain(key)).collect();
    facts.add("not verified", "未核实", unsure.join(", "));
}

fn of_library(kept: &UserData, facts: &mut LabelledValues) {
    let joined = |texts: &[String]| {
        texts
            .iter()
            .map(|text| plain(text))
            .collect::<Vec<_>>()
            .join(", ")
    };
    facts.add("kept", "收藏", kept.kept.map(moment).unwrap_or_default());
    facts.add("tags", "标签", joined(&kept.tags));
    let note = kept.note.as_deref().map(sanitize_lines).unwrap_or_default();
    facts.add("note", "笔记", note.trim_end().trim_start_matches('\n'));
    for file in &kept.files {
        facts.add_address("file", "文件", Some(file));
    }
}

fn authors(paper: &Paper, options: &RenderOptions) -> String {
    let all = paper.authors.len();
    let folded = options.width.is_some() && all > FOLD_AUTHORS + 1;
    let shown = if folded { FOLD_AUTHORS } else { all };
    let names = paper.authors.iter().take(shown);
    let names: Vec<_> = names.map(|author| plain(&author.name)).collect();
    let names = names.join(", ");
    match (folded, options.lang) {
        (false, _) => names,
        (true, Lang::En) => format!(
            "{names} and {} more (all when piped, or with --json)",
            all - shown
        ),
        (true, Lang::Zh) => format!("{names} 等共 {all} 人（管道输出或 --json 可见全部）"),
    }
}

/// `cs.CL (Computation and Language), cs.AI (Artificial Intelligence)`.
fn categories(paper: &Paper) -> String {
    let primary = paper.primary_category.iter();
    let others = paper.categories.iter();
    let others = others.filter(|code| Some(*code) != paper.primary_category.as_ref());
    let named = primary.chain(others).map(|code| match category::find(code) {
        Some(known) => format!("{} ({})", known.code, known.name),
        None => plain(code),
    });
    named.collect::<Vec<_>>().join(", ")
}

/// `v1 2025-01-22, v2 2026-01-04 (withdrawn)`.
fn history(versions: &[Version], lang: Lang) -> String {
    let told = versions.iter().map(|version| {
        let day = version
            .date
            .map(|at| format!(" {}", at.day()))
            .unwrap_or_default();
        let withdrawn = match version.withdrawn {
            Some(true) => pick(lang, " (withdrawn)", "（撤回）"),
            _ => "",
        };
        format!("v{}{day}{withdrawn}", version.version)
    });
    told.collect::<Vec<_>>().join(", ")
}

fn origin(paper: &Paper, lang: Lang) -> String {
    let source = match paper.source {
        Source::Catalog => pick(lang, "the catalog", "目录"),
        Source::Api => pick(lang, "arXiv's API", "arXiv API"),
        Source::Oai => pick(lang, "arXiv's OAI-PMH", "arXiv OAI-PMH"),
        Source::Rss => pick(lang, "arXiv's RSS", "arXiv RSS"),
        Source::File => pick(lang, "a file", "文件"),
    };
    match paper.retrieved {
        Some(at) => format!("{source}, {}", moment(at)),
        None => source.to_owned(),
    }
}
