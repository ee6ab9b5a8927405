//! Recognizes pages by which arXiv, or a server in front of it, denies access to this program.

use super::html_page::{is_challenge, title, visible_text};
use crate::model::text;

/// Bytes of a page that are read.
pub(super) const MAX_PAGE_BYTES: usize = 64 * 1024;

/// Columns of a title quoted from a page.
const MAX_QUOTE_WIDTH: usize = 100;

/// Returns what a page that denies access says, as a clause; `None` for any other response.
///
/// A challenge for people (a captcha) counts with every status. The words "access denied" count only with an error
/// status, because a paper in HTML can contain them. Feeds and papers are never taken for one, whatever they quote.
pub(super) fn recognize(status: u16, body: &[u8]) -> Option<String> {
    let body = &body[..body.len().min(MAX_PAGE_BYTES)];
    let page = String::from_utf8_lossy(body);
    let start = page.trim_start_matches('\u{feff}').trim_start();
    let is_html = ["<!doctype html", "<html", "<head"].iter().any(|tag| {
        start
            .get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    });
    let is_error = !(200..300).contains(&status);
    if (!is_html && !is_error) || start.starts_with("<?xml") || page.contains("class=\"ltx_") {
        return None;
    }
    let says_denied = || visible_text(&page).to_ascii_lowercase().contains("access denied");
    let is_denial = is_challenge(&page) || (is_error && says_denied());
    if !is_denial {
        return None;
    }
    let title = text::fold_whitespace(title(&page).unwrap_or(""));
    let quoted = if title.is_empty() {
        String::new()
    } else {
        format!(", “{}”", text::truncate(&title, MAX_QUOTE_WIDTH))
    };
    Some(format!(
        "it denies access to this program, or asks whether a person is there (status {status}{quoted})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_are_recognized_with_every_status() {
        for (status, page) in [
            (403, "<!DOCTYPE html><h1>Access Denied</h1>"),
            (403, "Access denied"),
            (503, "<html><h1>Access denied</h1>"),
            (200, "<html><head><title>arXiv reCAPTCHA</title></head>"),
            (200, "\u{feff}\n<!doctype HTML><div class=\"g-recaptcha\">"),
            (429, "<html><title>Just a moment...</title>"),
        ] {
            assert!(recognize(status, page.as_bytes()).is_some(), "{status}: {page}");
        }
    }

    #[test]
    fn feeds_papers_and_plain_errors_are_no_denials() {
        for (status, page) in [
            (
                200,
                "<?xml version='1.0'?><feed><title>CAPTCHA: access denied</title></feed>",
            ),
            (200, "<feed><summary>class=\"g-recaptcha\"</summary></feed>"),
            (200, "<html><title>Captchas</title><body class=\"ltx_page\">"),
            (200, "<html><title>On Access</title><p>access denied</p>"),
            (403, "<html><h1>Source Not Public</h1>"),
            (404, "<html><h1>No document for</h1>"),
            (503, "busy"),
            (200, ""),
        ] {
            assert_eq!(recognize(status, page.as_bytes()), None, "{status}: {page}");
        }
    }
}
