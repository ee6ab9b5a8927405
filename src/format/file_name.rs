//! Names of downloaded files from templates.
//!
//! A name is valid on every common file system, and two papers never share one: identifier and version are added to a
//! template that leaves them out.

use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use super::cited_author::{CitedAuthor, authors, year};
use super::template_error::TemplateError;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::tex::to_unicode;
use crate::model::text::nearest;

/// A template of file names without the extension: `{id}v{version}-{author}-{year}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileNameTemplate(Vec<FileNamePart>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum FileNamePart {
    Literal(String),
    Id,
    Version,
    Author,
    Year,
    Title,
}

/// The parts that a template may contain.
const PARTS: &[(&str, FileNamePart)] = &[
    ("id", FileNamePart::Id),
    ("version", FileNamePart::Version),
    ("author", FileNamePart::Author),
    ("year", FileNamePart::Year),
    ("title", FileNamePart::Title),
];

/// Longest name in bytes, extension included: file systems allow 255, encrypted ones fewer.
const LONGEST: usize = 200;

/// Names that Windows reserves for devices, with any extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];

impl Default for FileNameTemplate {
    /// The identifier with its version: `2501.12948v2`.
    fn default() -> Self {
        Self(vec![
            FileNamePart::Id,
            FileNamePart::Literal("v".to_owned()),
            FileNamePart::Version,
        ])
    }
}

impl FromStr for FileNameTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let bad = |reason: String, nearest| Err(TemplateError { reason, nearest });
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('{') {
                let Some((name, after)) = inside.split_once('}') else {
                    return bad("a `{` is not closed".to_owned(), Vec::new());
                };
                let Some((_, part)) = PARTS.iter().find(|(known, _)| *known == name) else {
                    let names = PARTS.iter().map(|part| part.0);
                    return bad(format!("a name has no part `{{{name}}}`"), nearest(name, names));
                };
                if parts.contains(part) {
                    return bad(format!("`{{{name}}}` occurs twice"), Vec::new());
                }
                parts.push(part.clone());
                rest = after;
                continue;
            }
            let (literal, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            let fits =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | ',' | '=' | '@');
            if let Some(c) = literal.chars().find(|c| !fits(*c)) {
                return bad(format!("a name cannot hold {c:?}"), Vec::new());
            }
            parts.push(FileNamePart::Literal(literal.to_owned()));
            rest = after;
        }
        if parts.is_empty() {
            return bad("it is empty".to_owned(), Vec::new());
        }
        Ok(Self(parts).complete())
    }
}

/// A piece of a name. Identifier and version are kept, all else may be cut.
struct NamePiece {
    text: String,
    kept: bool,
}

impl FileNameTemplate {
    /// The names of the parts that a template may contain.
    pub fn parts() -> impl Iterator<Item = &'static str> {
        PARTS.iter().map(|part| part.0)
    }

    /// Whether a name needs the paper's record, and not only its identifier and version.
    #[must_use]
    pub fn needs_record(&self) -> bool {
        self.0.iter().any(|part| {
            matches!(
                part,
                FileNamePart::Author | FileNamePart::Year | FileNamePart::Title
            )
        })
    }

    /// Adds identifier and version if the template leaves them out: without them two papers could get the same name.
    fn complete(mut self) -> Self {
        let versioned = self.0.contains(&FileNamePart::Version);
        let Some(at) = self.0.iter().position(|part| *part == FileNamePart::Id) else {
            let dash = FileNamePart::Literal("-".to_owned());
            self.0.extend([dash, FileNamePart::Id]);
            if !versioned {
                self.0
                    .extend([FileNamePart::Literal("v".to_owned()), FileNamePart::Version]);
            }
            return self;
        };
        if !versioned {
            self.0.splice(
                at + 1..=at,
                [FileNamePart::Literal("v".to_owned()), FileNamePart::Version],
            );
        }
        self
    }

    /// The name of a paper's file. Unknown parts are left out.
    #[must_use]
    pub fn fill(&self, paper: Option<&Paper>, id: ArxivId, extension: &str) -> String {
        let mut pieces: Vec<NamePiece> = Vec::new();
        for part in &self.0 {
            let kept = matches!(part, FileNamePart::Id | FileNamePart::Version);
            let text = match part {
                FileNamePart::Literal(text) => text.clone(),
                FileNamePart::Id => id.base().file_stem(),
                FileNamePart::Version => id
                    .version()
                    .map_or_else(String::new, |version| version.to_string()),
                FileNamePart::Author => portable(&paper.map(first_author).unwrap_or_default()),
                FileNamePart::Year => paper
                    .and_then(year)
                    .map_or_else(String::new, |year| year.to_string()),
                FileNamePart::Title => {
                    portable(&paper.map_or_else(String::new, |paper| to_unicode(&paper.title).into_owned()))
                }
            };
            // Two numbers side by side would read as one: version 2 and year 2025 as version 22025.
            let before = pieces.iter().rev().find(|piece| !piece.text.is_empty());
            let after_number = before.is_some_and(|piece| piece.text.ends_with(char::is_numeric));
            if after_number && text.starts_with(char::is_numeric) {
                pieces.push(NamePiece {
                    text: "-".to_owned(),
                    kept: true,
                });
            }
            pieces.push(NamePiece { text, kept });
        }
        cut(&mut pieces, LONGEST.saturating_sub(extension.len() + 2));
        let stem = tidy(&pieces);
        // Windows compares the part before the first dot with its device names.
        let first = stem
            .split_once('.')
            .map_or(stem.as_str(), |(first, _)| first)
            .to_ascii_lowercase();
        let device = DEVICES.contains(&first.trim_end_matches(|c: char| c.is_ascii_digit()));
        let guard = if device { "_" } else { "" };
        format!("{guard}{stem}.{extension}")
    }
}

/// The first author's family name.
fn first_author(paper: &Paper) -> String {
    match authors(paper).next() {
        Some(CitedAuthor::Person(name)) => name.family,
        Some(CitedAuthor::Whole(name)) => name,
        None => String::new(),
    }
}

/// Replaces everything but letters and digits of any script by hyphens, in composed form (NFC), as most systems store
/// names.
fn portable(text: &str) -> String {
    let mut name = String::new();
    for c in text.nfc() {
        // A combining mark belongs to the letter before it.
        let fits =
            c.is_alphanumeric() || (unicode_normalization::char::is_combining_mark(c) && !name.is_empty());
        if fits {
            name.push(c);
        } else if !name.ends_with('-') && !matches!(c, '\'' | '’') {
            name.push('-');
        }
    }
    name.trim_matches('-').to_owned()
}

/// Cuts the longest piece that may be cut until the pieces have at most `most` bytes together.
fn cut(pieces: &mut [NamePiece], most: usize) {
    loop {
        let length: usize = pieces.iter().map(|piece| piece.text.len()).sum();
        let longest = pieces
            .iter_mut()
            .filter(|piece| !piece.kept && !piece.text.is_empty())
            .max_by_key(|piece| piece.text.len());
        let Some(piece) = longest.filter(|_| length > most) else {
            return;
        };
        let mut end = piece.text.len().saturating_sub(length - most);
        while !piece.text.is_char_boundary(end) {
            end -= 1;
        }
        piece.text.truncate(end);
    }
}

/// Joins the pieces, without the separators that an empty piece leaves over, and without separators at either end.
fn tidy(pieces: &[NamePiece]) -> String {
    let separates = |c: char| matches!(c, '-' | '_' | '.' | '+' | ',' | '=' | '@');
    let mut name = String::new();
    let mut after_gap = false;
    for piece in pieces {
        let gap = piece.text.is_empty();
        let text = if after_gap && !piece.kept {
            piece.text.trim_start_matches(separates)
        } else {
            &piece.text
        };
        // Of the separators around an empty piece the first is kept if something follows.
        after_gap = gap && (name.is_empty() || name.ends_with(separates)) || (after_gap && text.is_empty());
        name.push_str(text);
    }
    name.trim_start_matches(separates)
        .trim_end_matches(separates)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::date::Stamp;
    use crate::model::paper::Author;

    fn id(text: &str) -> ArxivId {
        ArxivId::parse(text).unwrap()
    }

    fn paper(title: &str, author: &str) -> Paper {
        let mut paper = Paper::new(id("2501.12948v2"), title);
        paper.authors = vec![Author {
            name: author.to_owned(),
            affiliations: Vec::new(),
        }];
        paper.published = Stamp::parse("2025-01-22");
        paper
    }

    fn name(template: &str, paper: &Paper) -> String {
        let template: FileNameTemplate = template.parse().unwrap();
        template.fill(Some(paper), id("2501.12948v2"), "pdf")
    }

    #[test]
    fn a_template_is_filled_and_completed() {
        let paper = paper("Why $\\alpha$-Rays: \"Bend\" / or not?", "María José Núñez");
        for (template, expected) in [
            (
                "{id}v{version}-{author}-{year}-{title}",
                "2501.12948v2-Núñez-2025-Why-α-Rays-Bend-or-not.pdf",
            ),
            ("{title}", "Why-α-Rays-Bend-or-not-2501.12948v2.pdf"),
            ("{id}-{title}", "2501.12948v2-Why-α-Rays-Bend-or-not.pdf"),
            ("{title}-v{version}", "Why-α-Rays-Bend-or-not-v2-2501.12948.pdf"),
            ("{id}{year}", "2501.12948v2-2025.pdf"),
            ("{year}{id}", "2025-2501.12948v2.pdf"),
            ("{id}v{version}5", "2501.12948v2-5.pdf"),
            ("a", "a-2501.12948v2.pdf"),
            ("..-{id}", "2501.12948v2.pdf"),
            ("con.{id}", "_con.2501.12948v2.pdf"),
            ("LPT1.{id}", "_LPT1.2501.12948v2.pdf"),
        ] {
            assert_eq!(name(template, &paper), expected, "{template}");
        }
        let old = FileNameTemplate::default().fill(None, id("hep-th/9901001v1"), "tar.gz");
        assert_eq!(old, "hep-th_9901001v1.tar.gz");
    }

    #[test]
    fn what_is_not_known_leaves_no_gap() {
        let bare = Paper::new(id("2501.12948"), "");
        assert_eq!(name("{author}-{year}-{title}-{id}", &bare), "2501.12948v2.pdf");
        assert_eq!(name("{id}-{author}-{year}-x", &bare), "2501.12948v2-x.pdf");
        assert_eq!(name("{id}-{author}", &bare), "2501.12948v2.pdf");
    }

    #[test]
    fn what_cannot_be_a_name_is_refused_with_the_nearest() {
        let refused = |template: &str| template.parse::<FileNameTemplate>().unwrap_err();
        assert_eq!(refused("{titel}").nearest, ["title"]);
        for template in [
            "",
            "{id",
            "a/{id}",
            "a\\{id}",
            "{id} {title}",
            "{id}:",
            "é{id}",
            "{id}}",
            "{id}{id}",
        ] {
            refused(template);
        }
    }

    /// Templates of some of the parts, in any order, with such text between them.
    fn parts(between: &'static str) -> impl Strategy<Value = String> {
        let names: Vec<String> = FileNameTemplate::parts()
            .map(|name| format!("{{{name}}}"))
            .collect();
        let some = proptest::sample::subsequence(names, 1..=5).prop_shuffle();
        (some, proptest::collection::vec(between, 6)).prop_map(|(some, between)| {
            let mut texts = between.into_iter();
            let mut template = texts.next().unwrap();
            for part in some {
                template += &part;
                template += &texts.next().unwrap();
            }
            template
        })
    }

    proptest! {
        #[test]
        fn every_name_is_portable_and_short(
            template in parts("[-_.+,=@a-z0-9]{0,40}"),
            title in "\\PC{0,300}",
            author in "\\PC{0,80}",
            version in 1_u32..200,
        ) {
            let template: FileNameTemplate = template.parse().unwrap();
            let paper = paper(&title, &author);
            let id = id("hep-th/9901001").with_version(version);
            let name = template.fill(Some(&paper), id, "html.gz");
            prop_assert!(name.len() <= LONGEST, "{} bytes: {name}", name.len());
            prop_assert!(name.ends_with(".html.gz"));
            prop_assert!(name.contains("hep-th_9901001") && name.contains(&version.to_string()));
            prop_assert!(!name.starts_with(['.', '-', ' ']));
            let harmless = |c: char| !c.is_control() && !c.is_whitespace() && !"/\\<>:\"|?*'".contains(c);
            prop_assert!(name.chars().all(harmless), "{name:?}");
        }

        #[test]
        fn two_papers_never_meet(
            template in parts("[-_.v0-9]{0,3}"),
            title in "[a-z0-9 .]{0,20}",
            one in (1_u32..30, 1_u32..30),
            other in (1_u32..30, 1_u32..30),
        ) {
            prop_assume!(one != other);
            let template: FileNameTemplate = template.parse().unwrap();
            let named = |(number, version): (u32, u32)| {
                let id = id(&format!("2501.{number:05}v{version}"));
                template.fill(Some(&paper(&title, "Ada Example")), id, "pdf").to_lowercase()
            };
            prop_assert_ne!(named(one), named(other));
        }
    }
}
