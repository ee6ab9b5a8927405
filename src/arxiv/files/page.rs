//! Pages in place of a file: what they say, and why there is no file.

use std::fmt;

use memchr::memmem;

use super::form::Form;
use crate::model::file_kind::FileKind;
use crate::model::text;

/// So much of a page is read.
const LONGEST: usize = 64 * 1024;

/// arXiv's reason, or that of a server before it, is cut to so many columns.
const WIDEST: usize = 200;

/// Why arXiv gives no file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which of the reasons.
    pub why: Why,
    /// In words, as a clause.
    pub words: String,
    /// Whether the page itself gives the reason.
    pub explained: bool,
}

/// A reason why arXiv gives no file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// The authors withdrew the paper.
    Withdrawn,
    /// There is no such paper, or not in this version.
    NotFound,
    /// There is a paper, and not this file of it.
    NoFile,
    /// It will not give this file, or none now.
    NotGiven,
    /// It forbids, and does not say what: one file, or this program everything.
    Forbidden,
    /// It takes this program for a robot out of bounds: whoever goes on is an attacker.
    Denied,
    /// Something else came.
    NotTheFile,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Refusal {
    fn explained(why: Why, words: impl Into<String>) -> Self {
        Self {
            why,
            words: words.into(),
            explained: true,
        }
    }

    /// A file came, of another kind.
    pub(super) fn other(form: Form, kind: FileKind) -> Self {
        Self {
            why: Why::NotTheFile,
            words: format!("arXiv sent {} in place of {}", form.name(), named(kind)),
            explained: false,
        }
    }

    /// Bytes came, and nobody knows what they are.
    pub(super) fn unknown(kind: FileKind) -> Self {
        Self {
            why: Why::NotTheFile,
            words: format!("what arXiv sent is not {}", named(kind)),
            explained: false,
        }
    }
}

/// What a page with this status says about a file of this kind.
pub(super) fn refusal(status: u16, page: &[u8], kind: FileKind) -> Refusal {
    let page = page.get(..LONGEST).unwrap_or(page);
    let html = String::from_utf8_lossy(page);
    let shown = words(&html);
    let says = |what: &str| shown.to_ascii_lowercase().contains(what);
    if is_challenge(&html) || says("access denied") {
        return Refusal::explained(
            Why::Denied,
            "arXiv denies access to this program: it asks whether a person is there",
        );
    }
    if says("has been withdrawn") {
        return Refusal::explained(Why::Withdrawn, "withdrawn by its authors");
    }
    if says("no document for") || says("no article for") || says("identifier not recognized") {
        return Refusal::explained(Why::NotFound, "arXiv has no such paper, or not in this version");
    }
    if says("pdf unavailable") {
        let because = after(
            &shown,
            "reason for failure is recorded as:",
            "Return to the abstract",
        );
        return Refusal::explained(Why::NoFile, format!("arXiv could not make a PDF of it{because}"));
    }
    if says("source not public") {
        return Refusal::explained(Why::NotGiven, "its source is not public");
    }
    if says("no html for") || says("file unavailable for") || says("not provided to generate") {
        return Refusal::explained(Why::NoFile, format!("arXiv has no {} of it", short(kind)));
    }
    let (why, words) = match status {
        200 => (
            Why::NotTheFile,
            format!(
                "arXiv sent a web page in place of {}{}",
                named(kind),
                titled(&html)
            ),
        ),
        404 | 410 => (Why::NotFound, format!("arXiv has no such file (status {status})")),
        403 => (Why::Forbidden, "arXiv will not give it (status 403)".to_owned()),
        _ => (
            Why::NotGiven,
            format!("arXiv answered {status} in place of {}", named(kind)),
        ),
    };
    Refusal {
        why,
        words,
        explained: false,
    }
}

/// Whether a page is a paper, as far as can be told: `LaTeXML`'s work, or a page that is none of arXiv's own.
pub(super) fn is_paper(page: &[u8]) -> bool {
    let page = page.get(..LONGEST).unwrap_or(page);
    let html = String::from_utf8_lossy(page);
    let has = |what: &str| memmem::find(page, what.as_bytes()).is_some();
    if has("class=\"ltx_") {
        return true;
    }
    let lower = html.to_ascii_lowercase();
    let is_page = lower.contains("<html") || lower.contains("<!doctype html");
    let is_arxivs = lower.contains("arxiv e-print repository</title>")
        || has("arxiv-header-footer")
        || has("citation_arxiv_id")
        || has("href=\"/static/browse/");
    is_page && !is_arxivs && !is_challenge(&html)
}

/// A page that lets only people through.
fn is_challenge(html: &str) -> bool {
    const MARKS: &[&str] = &[
        "class=\"g-recaptcha",
        "recaptcha/api",
        "recaptcha/enterprise",
        "class=\"h-captcha",
        "/cdn-cgi/challenge",
    ];
    const TITLES: &[&str] = &[
        "captcha",
        "access denied",
        "just a moment",
        "attention required",
        "are you a robot",
        "rate exceeded",
        "too many requests",
    ];
    let title = title(html).unwrap_or_default().to_ascii_lowercase();
    MARKS.iter().any(|mark| html.contains(mark)) || TITLES.iter().any(|words| title.contains(words))
}

fn title(html: &str) -> Option<&str> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    html.get(start..end)
}

/// `: “Busy”`, or nothing where a page has no title.
fn titled(html: &str) -> String {
    let title = text::fold_whitespace(title(html).unwrap_or_default());
    if title.is_empty() {
        return String::new();
    }
    format!(": “{}”", text::truncate(&title, WIDEST))
}

/// `: what stands between two phrases`, or nothing.
fn after(shown: &str, from: &str, to: &str) -> String {
    let Some((_, rest)) = shown.split_once(from) else {
        return String::new();
    };
    let reason = rest.split_once(to).map_or(rest, |(reason, _)| reason).trim();
    if reason.is_empty() {
        return String::new();
    }
    format!(": {}", text::truncate(reason, WIDEST))
}

/// The words of a page that a person would see, roughly.
fn words(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut shown = String::new();
    let mut at = 0;
    while let Some(tag) = lower.get(at..).and_then(|rest| rest.find('<')) {
        shown.push_str(html.get(at..at + tag).unwrap_or_default());
        shown.push(' ');
        let start = at + tag;
        let rest = lower.get(start..).unwrap_or_default();
        let hidden = ["script", "style"]
            .iter()
            .find(|name| rest.get(1..).is_some_and(|tag| tag.starts_with(**name)));
        let end = match hidden {
            Some(name) => rest.find(&format!("</{name}")).map(|end| end + 1),
            None => rest.find('>').map(|end| end + 1),
        };
        let Some(end) = end else {
            return text::fold_whitespace(&shown);
        };
        at = start + end;
        if hidden.is_some() {
            at += lower
                .get(at..)
                .and_then(|rest| rest.find('>'))
                .map_or(0, |end| end + 1);
        }
    }
    shown.push_str(html.get(at..).unwrap_or_default());
    text::fold_whitespace(&shown)
}

fn named(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "a PDF",
        FileKind::Tex => "a source",
        FileKind::Html => "a paper in HTML",
    }
}

fn short(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "PDF",
        FileKind::Tex => "source",
        FileKind::Html => "HTML",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_says_why_there_is_no_file() {
        for (status, page, why) in [
            (404, "<h1>No document for '2501.99999'</h1>", Why::NotFound),
            (404, "<h1>No article for ''</h1>", Why::NotFound),
            (
                404,
                "<p>This paper has been <b>withdrawn</b>.</p>",
                Why::Withdrawn,
            ),
            (404, "<h1>File unavailable for 2501.00001</h1>", Why::NoFile),
            (404, "<h1>No HTML for '2501.00001'</h1>", Why::NoFile),
            (403, "<h1>Source Not Public</h1>", Why::NotGiven),
            (403, "<h1>Access Denied</h1>", Why::Denied),
            (500, "<h1>PDF unavailable</h1>", Why::NoFile),
        ] {
            let refusal = refusal(status, page.as_bytes(), FileKind::Pdf);
            assert_eq!((refusal.why, refusal.explained), (why, true), "{page}: {refusal}");
        }
        for (status, page, why) in [
            (404, "", Why::NotFound),
            (403, "<p>no</p>", Why::Forbidden),
            (451, "<p>no</p>", Why::NotGiven),
            (200, "<title>Busy</title>", Why::NotTheFile),
            (500, "<p>oops</p>", Why::NotGiven),
        ] {
            let refusal = refusal(status, page.as_bytes(), FileKind::Pdf);
            assert_eq!(
                (refusal.why, refusal.explained),
                (why, false),
                "{page}: {refusal}"
            );
        }
    }

    #[test]
    fn the_reason_is_repeated_and_bounded() {
        let page = |reason: &str| {
            format!(
                "<h1>PDF Unavailable</h1><p>The reason for failure is recorded as: <b>{reason}</b></p>\
                 <p>Return to the abstract</p>"
            )
        };
        let told = |reason: &str| refusal(404, page(reason).as_bytes(), FileKind::Pdf).words;
        assert_eq!(told("no figure"), "arXiv could not make a PDF of it: no figure");
        assert_eq!(told(""), "arXiv could not make a PDF of it");
        assert!(told(&"long ".repeat(1000)).len() < 300);
    }

    #[test]
    fn scripts_are_no_words() {
        assert_eq!(
            words("a<script>if (1<2) 'No document for'</script>b<style>c</style><p>d &lt; e"),
            "a b d &lt; e"
        );
        assert_eq!(words("a<script>b"), "a");
    }

    #[test]
    fn a_paper_on_captchas_is_a_paper() {
        assert!(is_paper(
            b"<!DOCTYPE html><html><title>CAPTCHA solved</title><body class=\"ltx_page\">"
        ));
        assert!(is_paper(b"<html><title>On Things</title>"));
        assert!(!is_paper(b"<html><title>Access denied</title>"));
        assert!(!is_paper(b"<html><div class=\"g-recaptcha\">"));
        assert!(!is_paper(b"<?xml version=\"1.0\"?><feed/>"));
    }

    proptest! {
        #[test]
        fn any_page_is_a_refusal(page: Vec<u8>, tags in "(<(script|title|b)?>?|</|x|é){0,40}", status: u16) {
            for page in [page.as_slice(), tags.as_bytes()] {
                let _ = is_paper(page);
                prop_assert!(!refusal(status, page, FileKind::Html).words.is_empty());
            }
        }
    }
}
