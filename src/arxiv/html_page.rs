//! Reads arXiv's HTML pages, which it and the servers in front of it send in place of what was requested.

use crate::model::text;

/// Whether a page asks for proof that a person is there.
pub(super) fn is_challenge(html: &str) -> bool {
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
    let title = title(html).unwrap_or("").to_ascii_lowercase();
    MARKS.iter().any(|mark| html.contains(mark)) || TITLES.iter().any(|phrase| title.contains(phrase))
}

/// Returns the content of the `title` element.
pub(super) fn title(html: &str) -> Option<&str> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(&html[start..end])
}

/// Returns roughly the text of a page that a person would see.
pub(super) fn visible_text(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut visible = String::new();
    let mut at = 0;
    // Lower-casing ASCII keeps every offset, and every offset here is beside an ASCII character.
    while let Some(tag) = lower[at..].find('<') {
        visible.push_str(&html[at..at + tag]);
        visible.push(' ');
        let start = at + tag;
        let rest = &lower[start..];
        let hidden = ["script", "style"]
            .iter()
            .find(|name| rest[1..].starts_with(**name));
        let end = match hidden {
            Some(name) => rest.find(&format!("</{name}")).map(|end| end + 1),
            None => rest.find('>').map(|end| end + 1),
        };
        let Some(end) = end else {
            return text::fold_whitespace(&visible);
        };
        at = start + end;
        if hidden.is_some() {
            at += lower[at..].find('>').map_or(0, |end| end + 1);
        }
    }
    visible.push_str(&html[at..]);
    text::fold_whitespace(&visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_are_not_visible() {
        assert_eq!(
            visible_text("a<script>if (1<2) 'No document for'</script>b<style>c</style><p>d &lt; e"),
            "a b d &lt; e"
        );
        assert_eq!(visible_text("a<script>b"), "a");
    }
}
