//! Why arXiv does not provide a file, read from the web page that it sends instead.

use std::fmt;

use memchr::memmem;

use crate::arxiv::html_page::{is_challenge, title, visible_text};
use crate::model::file_kind::FileKind;
use crate::model::text;

/// Bytes of a page that are read. arXiv's own have some ten thousand.
const MAX_PAGE_BYTES: usize = 64 * 1024;

/// Columns of a reason quoted from a page.
const MAX_QUOTE_WIDTH: usize = 200;

/// Why arXiv does not provide a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRefusal {
    /// The reason, for decisions.
    pub reason: RefusalReason,
    /// The reason, as a clause for people.
    pub message: String,
    /// Whether the page itself gives the reason; otherwise it follows from the status.
    pub explained: bool,
}

/// A reason why arXiv does not provide a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefusalReason {
    /// The authors withdrew the paper.
    Withdrawn,
    /// There is no such paper or version.
    NotFound,
    /// The paper does not have this file.
    NoFile,
    /// arXiv does not publish this file, or answers with an error.
    NotProvided,
    /// Status 403 without a reason: it may concern one file, or this program.
    Forbidden,
    /// Something else was sent.
    NotTheFile,
}

impl fmt::Display for FileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl FileRefusal {
    fn explained(reason: RefusalReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            explained: true,
        }
    }

    /// arXiv sent a file of another kind, described in words.
    pub(super) fn other_file(description: &str, kind: FileKind) -> Self {
        Self {
            reason: RefusalReason::NotTheFile,
            message: format!("arXiv sent {description} in place of {}", with_article(kind)),
            explained: false,
        }
    }

    /// arXiv sent bytes of an unknown type.
    pub(super) fn unknown_file(kind: FileKind) -> Self {
        Self {
            reason: RefusalReason::NotTheFile,
            message: format!("what arXiv sent is not {}", with_article(kind)),
            explained: false,
        }
    }
}

/// Reads the refusal from a page with this status that was sent in place of a file of this kind.
pub(super) fn of_page(status: u16, page: &[u8], kind: FileKind) -> FileRefusal {
    let page = page.get(..MAX_PAGE_BYTES).unwrap_or(page);
    let html = String::from_utf8_lossy(page);
    let visible = visible_text(&html);
    let says = |phrase: &str| visible.to_ascii_lowercase().contains(phrase);
    if says("has been withdrawn") {
        return FileRefusal::explained(RefusalReason::Withdrawn, "withdrawn by its authors");
    }
    if says("no document for") || says("no article for") || says("identifier not recognized") {
        return FileRefusal::explained(
            RefusalReason::NotFound,
            "arXiv has no such paper, or not in this version",
        );
    }
    if says("pdf unavailable") {
        let because = reason_between(
            &visible,
            "reason for failure is recorded as:",
            "Return to the abstract",
        );
        return FileRefusal::explained(
            RefusalReason::NoFile,
            format!("arXiv could not make a PDF of it{because}"),
        );
    }
    if says("source not public") {
        return FileRefusal::explained(RefusalReason::NotProvided, "its source is not public");
    }
    if says("no html for") || says("file unavailable for") || says("not provided to generate") {
        return FileRefusal::explained(
            RefusalReason::NoFile,
            format!("arXiv has no {} of it", noun(kind)),
        );
    }
    of_status(status, &html, kind)
}

/// The refusal of a page without a reason, by its status.
fn of_status(status: u16, html: &str, kind: FileKind) -> FileRefusal {
    let (reason, message) = match status {
        200 => (
            RefusalReason::NotTheFile,
            format!(
                "arXiv sent a web page in place of {}{}",
                with_article(kind),
                quoted_title(html)
            ),
        ),
        404 | 410 => (
            RefusalReason::NotFound,
            format!("arXiv has no such file (status {status})"),
        ),
        403 => (
            RefusalReason::Forbidden,
            "arXiv will not give it (status 403)".to_owned(),
        ),
        _ => (
            RefusalReason::NotProvided,
            format!("arXiv answered {status} in place of {}", with_article(kind)),
        ),
    };
    FileRefusal {
        reason,
        message,
        explained: false,
    }
}

/// Whether a page is a paper: made by `LaTeXML`, or at least not one of arXiv's own pages.
pub(super) fn is_paper(page: &[u8]) -> bool {
    let page = page.get(..MAX_PAGE_BYTES).unwrap_or(page);
    let html = String::from_utf8_lossy(page);
    let has = |mark: &str| memmem::find(page, mark.as_bytes()).is_some();
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

/// Returns `: “Busy”`, or nothing if the page has no title.
fn quoted_title(html: &str) -> String {
    let title = text::fold_whitespace(title(html).unwrap_or(""));
    if title.is_empty() {
        return String::new();
    }
    format!(": “{}”", text::truncate(&title, MAX_QUOTE_WIDTH))
}

/// Returns `: ` and the text between two phrases, or nothing.
fn reason_between(visible: &str, from: &str, to: &str) -> String {
    let Some((_, rest)) = visible.split_once(from) else {
        return String::new();
    };
    let reason = rest.split_once(to).map_or(rest, |(reason, _)| reason).trim();
    if reason.is_empty() {
        return String::new();
    }
    format!(": {}", text::truncate(reason, MAX_QUOTE_WIDTH))
}

fn with_article(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "a PDF",
        FileKind::Tex => "a source",
        FileKind::Html => "a paper in HTML",
    }
}

fn noun(kind: FileKind) -> &'static str {
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
    fn a_page_gives_the_reason() {
        for (status, page, why) in [
            (
                404,
                "<h1>No document for '2501.99999'</h1>",
                RefusalReason::NotFound,
            ),
            (404, "<h1>No article for ''</h1>", RefusalReason::NotFound),
            (
                404,
                "<p>This paper has been <b>withdrawn</b>.</p>",
                RefusalReason::Withdrawn,
            ),
            (
                404,
                "<h1>File unavailable for 2501.00001</h1>",
                RefusalReason::NoFile,
            ),
            (404, "<h1>No HTML for '2501.00001'</h1>", RefusalReason::NoFile),
            (403, "<h1>Source Not Public</h1>", RefusalReason::NotProvided),
            (500, "<h1>PDF unavailable</h1>", RefusalReason::NoFile),
        ] {
            let refusal = of_page(status, page.as_bytes(), FileKind::Pdf);
            assert_eq!(
                (refusal.reason, refusal.explained),
                (why, true),
                "{page}: {refusal}"
            );
        }
        for (status, page, why) in [
            (404, "", RefusalReason::NotFound),
            (403, "<p>no</p>", RefusalReason::Forbidden),
            (451, "<p>no</p>", RefusalReason::NotProvided),
            (200, "<title>Busy</title>", RefusalReason::NotTheFile),
            (500, "<p>oops</p>", RefusalReason::NotProvided),
        ] {
            let refusal = of_page(status, page.as_bytes(), FileKind::Pdf);
            assert_eq!(
                (refusal.reason, refusal.explained),
                (why, false),
                "{page}: {refusal}"
            );
        }
    }

    #[test]
    fn the_reason_is_quoted_and_cut() {
        let page = |reason: &str| {
            format!(
                "<h1>PDF Unavailable</h1><p>The reason for failure is recorded as: <b>{reason}</b></p>\
                 <p>Return to the abstract</p>"
            )
        };
        let message = |reason: &str| of_page(404, page(reason).as_bytes(), FileKind::Pdf).message;
        assert_eq!(
            message("no figure"),
            "arXiv could not make a PDF of it: no figure"
        );
        assert_eq!(message(""), "arXiv could not make a PDF of it");
        assert!(message(&"long ".repeat(1000)).len() < 300);
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
                prop_assert!(!of_page(status, page, FileKind::Html).message.is_empty());
            }
        }
    }
}
