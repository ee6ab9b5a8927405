//! Heuristics for words around an identifier: are they a title, a short name, an author and year, or no name at all?

use super::year;
use crate::model::id::ArxivId;
use crate::model::text::fold;

/// Layers of filler words that are removed around a title, at most.
const MAX_LAYERS: usize = 8;

/// Bytes of a title, at most.
const MAX_TITLE: usize = 400;

/// Words of links and labels that name no paper, folded.
const GENERIC: &[&str] = &[
    "a",
    "abs",
    "abstract",
    "al",
    "also",
    "an",
    "and",
    "article",
    "arxiv",
    "at",
    "available",
    "background",
    "blog",
    "camera",
    "card",
    "cite",
    "citation",
    "click",
    "code",
    "data",
    "dataset",
    "demo",
    "detail",
    "details",
    "doc",
    "docs",
    "doi",
    "download",
    "eprint",
    "for",
    "from",
    "go",
    "full",
    "fulltext",
    "further",
    "github",
    "here",
    "homepage",
    "html",
    "hf",
    "huggingface",
    "implementation",
    "in",
    "info",
    "is",
    "it",
    "its",
    "latest",
    "learn",
    "link",
    "links",
    "manuscript",
    "model",
    "models",
    "more",
    "new",
    "note",
    "notes",
    "of",
    "official",
    "on",
    "online",
    "open",
    "original",
    "our",
    "page",
    "paper",
    "papers",
    "pdf",
    "poster",
    "post",
    "pre",
    "preprint",
    "print",
    "project",
    "publication",
    "published",
    "read",
    "reading",
    "ready",
    "ref",
    "reference",
    "references",
    "related",
    "repo",
    "repository",
    "report",
    "review",
    "see",
    "site",
    "slides",
    "source",
    "supplement",
    "survey",
    "tech",
    "technical",
    "text",
    "that",
    "the",
    "this",
    "title",
    "tldr",
    "to",
    "url",
    "version",
    "video",
    "view",
    "visit",
    "web",
    "website",
    "work",
    "www",
    "their",
    "these",
    "twitter",
    "weights",
    "via",
    "org",
    "https",
    "http",
    "com",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The same in Chinese. A text that consists only of these names no paper.
const GENERIC_CHINESE: &[&str] = &[
    "论文",
    "链接",
    "地址",
    "原文",
    "原始",
    "参考",
    "文献",
    "资料",
    "标题",
    "题目",
    "摘要",
    "全文",
    "下载",
    "查看",
    "阅读",
    "更多",
    "详情",
    "来源",
    "出处",
    "代码",
    "项目",
    "主页",
    "官方",
    "技术",
    "报告",
    "预印本",
    "文章",
    "点击",
    "这里",
    "此处",
    "请",
    "见",
    "这篇",
    "该",
    "的",
    "论文链接",
    "发布",
    "年",
    "月",
    "日",
];

/// Words that begin a remark and not a title.
const REMARKS: &[&str] = &[
    "see", "check", "cf", "read", "our", "this", "these", "that", "here", "via", "their",
];

/// Whether a text names no paper: it consists of generic words, identifiers, dates and symbols, or is empty.
pub(super) fn is_generic(text: &str) -> bool {
    let folded = fold(text);
    folded.split_whitespace().all(is_generic_token)
}

/// Whether one folded token (between spaces) names nothing.
fn is_generic_token(token: &str) -> bool {
    let mut rest = token.to_owned();
    if !token.is_ascii() {
        for word in GENERIC_CHINESE {
            rest = rest.replace(word, " ");
        }
    }
    if ArxivId::parse(token).is_ok()
        || rest.contains("://")
        || rest.contains("arxiv")
        || rest.starts_with("10.")
    {
        return true;
    }
    let mut parts = rest
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    parts.all(|part| part.bytes().all(|byte| byte.is_ascii_digit()) || GENERIC.contains(&part))
}

/// Removes from both ends of a text what names no paper: symbols, emoji, generic words, dates, a venue with its year. The
/// result is empty if nothing else is left.
pub(super) fn trimmed(text: &str) -> &str {
    let mut text = without_marks(text);
    for _ in 0..MAX_LAYERS {
        let before = text;
        text = without_marks(without_brackets(text));
        if let Some((rest, last)) = text.rsplit_once(", ")
            && last.split_whitespace().count() <= 4
            && year::first(last).is_some()
        {
            text = without_marks(rest);
        }
        // A label such as `论文：` or `Paper:`.
        if let Some((label, rest)) = text.split_once([':', '：'])
            && is_generic(label)
        {
            text = without_marks(rest);
        }
        if text.len() == before.len() {
            break;
        }
    }
    if is_generic(text) { "" } else { text }
}

/// Removes brackets at either end that have only a year or generic words: `[2017/06] Title`, `Title (NeurIPS 2017)`.
fn without_brackets(text: &str) -> &str {
    // `[x]` is a finished item of a task list.
    let tells_nothing =
        |inner: &str| inner.eq_ignore_ascii_case("x") || year::first(inner).is_some() || is_generic(inner);
    if let Some(inner) = text.strip_prefix(['[', '(', '【'])
        && let Some((inner, rest)) = inner.split_once([']', ')', '】'])
        && tells_nothing(inner)
    {
        return rest;
    }
    if let Some(inner) = text.strip_suffix([']', ')', '】'])
        && let Some((rest, inner)) = inner.rsplit_once(['[', '(', '【'])
        && tells_nothing(inner)
    {
        return rest;
    }
    text
}

/// Removes symbols at both ends. A bracket with a partner stays, and so does a question mark.
fn without_marks(text: &str) -> &str {
    let text = text
        .trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '[' | '(' | '【' | '$' | '\\'));
    let mut text = text.trim_end_matches(|c: char| !is_last(c));
    while let Some(rest) = text.strip_suffix([')', ']', '】'])
        && !rest.contains(['(', '[', '【'])
    {
        text = rest.trim_end_matches(|c: char| !is_last(c));
    }
    while let Some(rest) = text.strip_prefix(['(', '[', '【'])
        && !rest.contains([')', ']', '】'])
    {
        text = rest.trim_start();
    }
    text
}

fn is_last(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            ')' | ']' | '】' | '?' | '!' | '？' | '！' | '$' | '}' | '+' | '*'
        )
}

/// Whether a text is capitalised like titles and names, and is not a sentence. Titles of papers are in Latin letters;
/// Chinese, Japanese and Korean words are running text.
pub(super) fn is_title_like(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else { return false };
    let has_weight = |word: &&&str| word.chars().filter(|c| c.is_alphabetic()).count() > 3;
    text.len() <= MAX_TITLE
        && !begins_remark(text)
        && !has_cjk(text)
        && !ends_sentence(text)
        && is_marked(first)
        && words.iter().filter(has_weight).all(|word| is_marked(word))
        && text.chars().filter(|c| c.is_alphabetic()).count() > 1
}

/// Whether a text is one word that is written as only a name is: `BERT`, `DeepSeek-V3`, `mHC`, but not `Transformer`.
pub(super) fn is_name(text: &str) -> bool {
    let inner = text.chars().skip(1);
    !text.contains(char::is_whitespace)
        && text.chars().any(char::is_alphabetic)
        && !has_cjk(text)
        && inner.clone().any(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Whether a text is capitalised like a title, and has several words or is written as only a name is.
pub(super) fn is_surely_named(text: &str) -> bool {
    is_title_like(text) && (text.contains(' ') || is_name(text))
}

/// Whether a text can be a title, capitalised or not, if it stands alone.
pub(super) fn can_be_title(text: &str) -> bool {
    text.len() <= MAX_TITLE && !begins_remark(text) && !has_cjk(text) && !ends_sentence(text)
}

/// Returns the authors of a citation by author and year: `Vaswani et al. (2017)`, `Smith and Jones, 1999`.
pub(super) fn author_year(text: &str) -> Option<Vec<String>> {
    let year = year::first(text);
    let names: String = text
        .chars()
        .filter(|c| !c.is_ascii_digit() && !"()[]".contains(*c))
        .collect();
    let names = names.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let words = names.split_whitespace();
    let is_surname = |word: &str| {
        let word = word.trim_end_matches([',', '.']);
        matches!(word, "and" | "&" | "et" | "al" | "van" | "de" | "der" | "von")
            || word.starts_with(char::is_uppercase)
    };
    let others = names.contains("et al");
    let short = words.clone().count() <= if others { 6 } else { 4 };
    // `Smith 2001` is a citation, but `Llama 2` and `Gemini 2024` may be names, so two authors or `et al.` are required.
    let several = others || (year.is_some() && (names.contains(" and ") || names.contains(" & ")));
    let cites = several && short && words.clone().all(is_surname);
    cites.then(|| super::authors::of_text(names))
}

fn begins_remark(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let first = first
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    REMARKS.contains(&first.as_str())
}

/// Whether a text contains the end of a sentence: a full stop after a word that is not an abbreviation.
fn ends_sentence(text: &str) -> bool {
    text.contains("et al")
        || text.match_indices(". ").any(|(at, _)| {
            let word = text
                .get(..at)
                .unwrap_or_default()
                .rsplit(' ')
                .next()
                .unwrap_or_default();
            word.chars().count() > 3
        })
}

fn is_marked(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphanumeric());
    let first = letters.next();
    first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        || letters.any(char::is_uppercase)
        || word.starts_with(['$', '\\'])
}

/// Whether a text has Chinese, Japanese or Korean words.
pub(super) fn has_cjk(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
}
