//! The value of a field in words, for tables and text.

use super::display::{self, moment, pick, plain};
use super::fields;
use super::render_options::RenderOptions;
use crate::model::category;
use crate::model::lang::Lang;
use crate::model::paper::{CatalogEntry, Paper, Source, Version};
use crate::model::text::sanitize_lines;

/// Names shown of a list of authors. Papers with hundreds of authors would otherwise fill the screen; JSON has all.
const MAX_AUTHORS: usize = 10;

/// The value of a field as a person reads it; empty if the paper has none.
pub(super) fn readable_value(paper: &Paper, key: &str, options: &RenderOptions) -> String {
    let lang = options.lang;
    let text = |value: &Option<String>| value.as_deref().map(display::text).unwrap_or_default();
    let address = |value: &Option<String>| value.as_deref().map(plain).unwrap_or_default();
    match key {
        "id" => paper.display_id().to_string(),
        "version" => paper
            .version
            .map_or_else(String::new, |version| version.to_string()),
        "title" => display::text(&paper.title),
        "authors" => authors(paper, lang),
        "abstract" => text(&paper.abstract_),
        "primary_category" => paper
            .primary_category
            .as_deref()
            .map_or_else(String::new, |code| category_name(code, lang)),
        "categories" => categories(paper, lang),
        "published" => paper.published.map(moment).unwrap_or_default(),
        "updated" => paper.updated.map(moment).unwrap_or_default(),
        "retrieved" => paper.retrieved.map(moment).unwrap_or_default(),
        "versions" => history(paper.versions.as_deref().unwrap_or_default(), lang),
        "comment" => text(&paper.comment),
        "journal_ref" => text(&paper.journal_ref),
        "doi" => address(&paper.doi),
        "dois" if paper.dois.is_empty() => address(&paper.doi),
        "dois" => joined(&paper.dois, " "),
        "report_no" => text(&paper.report_no),
        "msc_class" => text(&paper.msc_class),
        "acm_class" => text(&paper.acm_class),
        "license" => address(&paper.license),
        "submitter" => text(&paper.submitter),
        "withdrawn" => match paper.withdrawn {
            Some(true) => pick(lang, "yes", "是").to_owned(),
            Some(false) => pick(lang, "no", "否").to_owned(),
            None => String::new(),
        },
        "url" => paper.display_id().abs_url(),
        "pdf_url" => paper.display_id().pdf_url(),
        "source" => origin(paper, lang),
        _ => match (key.split_once('.'), &paper.catalog) {
            (Some(("library", key)), _) => of_library(paper, key),
            (None, _) if key == "library" => of_library(paper, "kept"),
            (Some((_, key)), Some(entry)) => of_catalog(paper, entry, key, options),
            (None, Some(entry)) => plain(&entry.name),
            (_, None) => String::new(),
        },
    }
}

fn of_catalog(paper: &Paper, entry: &CatalogEntry, key: &str, options: &RenderOptions) -> String {
    let text = |value: &Option<String>| value.as_deref().map(display::text).unwrap_or_default();
    let address = |value: &Option<String>| value.as_deref().map(plain).unwrap_or_default();
    match key {
        "name" => plain(&entry.name),
        "short_name" => text(&entry.short_name),
        "area" => entry
            .area
            .as_deref()
            .map_or_else(String::new, |code| display::area(code, options)),
        "relation" => relation(&text(&entry.relation), options.lang),
        "summary" => display::summary(paper, options.lang).unwrap_or_default(),
        "summary.en" => text(&entry.summary.en),
        "summary.zh" => text(&entry.summary.zh),
        "repository" => address(&entry.repository),
        "model" => address(&entry.model),
        "venue" => text(&entry.venue),
        "unsure" => {
            let labels = entry
                .unsure
                .iter()
                .map(|key| plain(fields::label(key, options.lang)));
            labels.collect::<Vec<_>>().join(pick(options.lang, ", ", "、"))
        }
        _ => String::new(),
    }
}

fn of_library(paper: &Paper, key: &str) -> String {
    let Some(kept) = &paper.library else {
        return String::new();
    };
    match key {
        "kept" => kept.kept.map(moment).unwrap_or_default(),
        "tags" => joined(&kept.tags, ", "),
        "files" => joined(&kept.files, " "),
        "note" => {
            let note = kept.note.as_deref().map(sanitize_lines).unwrap_or_default();
            note.trim_end().trim_start_matches('\n').to_owned()
        }
        _ => String::new(),
    }
}

fn joined(texts: &[String], separator: &str) -> String {
    let texts: Vec<_> = texts.iter().map(|text| plain(text)).collect();
    texts.join(separator)
}

/// The first authors, and how many more there are: `A, B and 190 more`.
fn authors(paper: &Paper, lang: Lang) -> String {
    let names = paper.authors.iter().take(MAX_AUTHORS);
    let names: Vec<_> = names.map(|author| plain(&author.name)).collect();
    let names = names.join(pick(lang, ", ", "、"));
    match (paper.authors.len().saturating_sub(MAX_AUTHORS), lang) {
        (0, _) => names,
        (more, Lang::En) => format!("{names} and {more} more"),
        (more, Lang::Zh) => format!("{names} 等，另有 {more} 人"),
    }
}

/// `cs.CL (Computation and Language)`.
fn category_name(code: &str, lang: Lang) -> String {
    match category::find(code) {
        Some(known) => match lang {
            Lang::En => format!("{} ({})", known.code, known.name),
            Lang::Zh => format!("{}（{}）", known.code, known.name_in(lang)),
        },
        None => plain(code),
    }
}

/// All categories, the primary one first.
fn categories(paper: &Paper, lang: Lang) -> String {
    let primary = paper.primary_category.iter();
    let others = paper.categories.iter();
    let others = others.filter(|code| Some(*code) != paper.primary_category.as_ref());
    let named = primary.chain(others).map(|code| category_name(code, lang));
    named.collect::<Vec<_>>().join(pick(lang, ", ", "、"))
}

/// `v1 2025-01-22, v2 2026-01-04 (withdrawn)`.
fn history(versions: &[Version], lang: Lang) -> String {
    let texts = versions.iter().map(|version| {
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
    texts.collect::<Vec<_>>().join(pick(lang, ", ", "、"))
}

/// How a paper belongs to its catalog. The built-in catalog begins with one of three words, which have a translation;
/// the rest are names.
fn relation(relation: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return relation.to_owned();
    }
    let (word, rest) = relation.split_once(' ').unwrap_or((relation, ""));
    let word = match word {
        "lead" => "主导",
        "joint" => "合作",
        "affiliated" => "参与",
        other => other,
    };
    let details = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match details {
        Some(details) => {
            let details = [
                (
                    "first author intern at DeepSeek AI",
                    "第一作者在 DeepSeek AI 实习",
                ),
                ("DeepSeek co-authors", "DeepSeek 为合作作者"),
                ("code in deepseek-ai", "代码在 deepseek-ai"),
                ("code at ", "代码在 "),
                ("Peking University", "北京大学"),
                ("University of Hong Kong", "香港大学"),
                ("Tsinghua University", "清华大学"),
                ("Tsinghua", "清华大学"),
                ("; ", "；"),
                (" + ", "、"),
                (", ", "、"),
            ]
            .iter()
            .fold(details.to_owned(), |text, (en, zh)| text.replace(en, zh));
            format!("{word}（{details}）")
        }
        None if rest.is_empty() => word.to_owned(),
        None => format!("{word} {rest}"),
    }
}

/// Where the record came from, and when.
fn origin(paper: &Paper, lang: Lang) -> String {
    let source = match paper.source {
        Source::Catalog => pick(lang, "the catalog", "目录"),
        Source::Api => pick(lang, "arXiv's API", "arXiv API"),
        Source::Oai => pick(lang, "arXiv's OAI-PMH", "arXiv OAI-PMH"),
        Source::Rss => pick(lang, "arXiv's RSS", "arXiv RSS"),
        Source::File => pick(lang, "a file", "文件"),
    };
    match paper.retrieved {
        Some(at) => format!("{source}{}{}", pick(lang, ", ", "，"), moment(at)),
        None => source.to_owned(),
    }
}
