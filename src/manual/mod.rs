//! The manual: one Markdown file a topic, compiled in, so that the program explains itself wherever it runs.
//!
//! `arxcat help TOPIC` and the man pages are made of these files, and the README links to them. Every ```` ```console ````
//! block in them is run by a test that compares its output.

/// A topic of the manual.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// The name that is typed, and that of the file: `exit-codes`.
    pub name: &'static str,
    /// The topic in a line, without a full stop.
    pub summary: &'static str,
    /// The page, in Markdown.
    pub text: &'static str,
    /// The page in Chinese, if it explains arXiv rather than the program.
    pub chinese: Option<&'static str>,
}

macro_rules! topics {
    ($($name:literal $summary:literal,)*) => {
        /// Every topic, in the order in which a reader may want them.
        pub const TOPICS: &[Topic] = &[
            $(Topic {
                name: $name,
                summary: $summary,
                text: include_str!(concat!($name, ".md")),
                chinese: chinese($name),
            },)*
        ];
    };
}

topics! {
    "start" "First steps, and where to read on",
    "arxiv" "What arXiv is: identifiers, versions, categories, announcements",
    "identifiers" "How papers are named, and how identifiers come in",
    "selection" "Choose papers by date, category, author, area or tag",
    "query" "The words of a search",
    "formats" "How papers are written: tables, JSON, BibTeX, fields, files",
    "library" "Papers kept on this machine: import, search, tags, notes",
    "follow" "Keep up with arXiv: announcements, harvests, downloads",
    "references" "Find, check and write citations",
    "catalog" "The built-in catalog, and catalogs of your own",
    "pipelines" "Examples with fzf, jq, xargs and Git",
    "network" "How requests to arXiv are paced, retried and refused",
    "configuration" "Settings, environment variables and files",
    "exit-codes" "What the exit status says",
    "figures" "How fast it is, and how to measure it again",
}

const fn chinese(name: &str) -> Option<&'static str> {
    match name.as_bytes() {
        b"arxiv" => Some(include_str!("arxiv.zh.md")),
        _ => None,
    }
}

/// The topic of this name; case does not matter, and a space may stand for the hyphen.
#[must_use]
pub fn find(name: &str) -> Option<&'static Topic> {
    let name = name.to_lowercase().replace([' ', '_'], "-");
    TOPICS.iter().find(|topic| topic.name == name)
}

impl Topic {
    /// The text between the title and the first heading of the second level.
    #[must_use]
    pub fn introduction(&self) -> &'static str {
        let (_, after) = self.text.split_once('\n').unwrap_or_default();
        after.split("\n## ").next().unwrap_or(after)
    }

    /// The text under a heading of the second level, up to the next one.
    #[must_use]
    pub fn section(&self, heading: &str) -> Option<&'static str> {
        let start = format!("\n## {heading}\n");
        let (_, after) = self.text.split_once(&start)?;
        Some(after.split("\n## ").next().unwrap_or(after))
    }
}
