//! Matches a query against a record in memory, by the rules of the library's search index.
//!
//! `list` on a catalog and `list -L` answer alike because of this: words are folded and stemmed by the functions that
//! the index uses, and the index leaves to this module what it cannot decide alone.

use std::cell::OnceCell;
use std::ops::RangeInclusive;

use chrono::Datelike;

use super::{Query, QueryField, years};
use crate::model::category::CategoryFilter;
use crate::model::id::ArxivId;
use crate::model::lang::Area;
use crate::model::paper::Paper;
use crate::model::text;
use crate::model::text::stemmer::{has_stem, stem};

/// A query that is prepared to be matched against many papers.
pub struct Matcher {
    root: MatchNode,
    /// The areas of the catalogs, whose names belong to the text of their papers.
    areas: Vec<Area>,
}

enum MatchNode {
    Leaf(Leaf),
    All(Vec<MatchNode>),
    Any(Vec<MatchNode>),
    Not(Box<MatchNode>),
}

enum Leaf {
    /// Words that follow each other in one of these texts.
    Phrase(TextScope, Vec<Word>),
    /// Words of one author's name, in any order.
    Name(String),
    Category(CategoryFilter),
    Id(ArxivId),
    /// The beginning of an identifier, in lower case.
    IdPrefix(String),
    /// A DOI in lower case, and whether only its beginning is given.
    Doi(String, bool),
    /// A folded tag.
    Tag(String),
    Years(RangeInclusive<i32>),
    /// A text without a letter or a digit, or a category that does not exist: no paper matches.
    Nothing,
}

#[derive(Clone, Copy)]
enum TextScope {
    Anywhere,
    Title,
    Abstract,
    Comment,
    Note,
}

enum Word {
    /// Any word of this stem.
    Stem(String),
    /// Any word that starts like this, or whose stem does; and the stem of the beginning itself.
    Prefix(String, String),
}

impl Matcher {
    /// Prepares a query. `areas` are those of the catalogs that the papers are from.
    #[must_use]
    pub fn new(query: &Query, areas: &[Area]) -> Self {
        Self {
            root: node(query),
            areas: areas.to_vec(),
        }
    }

    /// Whether the query matches a paper.
    #[must_use]
    pub fn matches(&self, paper: &Paper) -> bool {
        let texts = PaperTexts {
            paper,
            areas: &self.areas,
            title: OnceCell::new(),
            abstract_: OnceCell::new(),
            comment: OnceCell::new(),
            note: OnceCell::new(),
            names: OnceCell::new(),
            others: OnceCell::new(),
        };
        is_match(&self.root, &texts)
    }
}

fn node(query: &Query) -> MatchNode {
    match query {
        Query::Text { field, text } => MatchNode::Leaf(leaf(*field, text)),
        Query::All(parts) => MatchNode::All(parts.iter().map(node).collect()),
        Query::Any(parts) => MatchNode::Any(parts.iter().map(node).collect()),
        Query::Not(part) => MatchNode::Not(Box::new(node(part))),
    }
}

fn leaf(field: QueryField, text: &str) -> Leaf {
    let lower = || text.trim().to_lowercase();
    match field {
        QueryField::Anywhere => phrase(TextScope::Anywhere, text),
        QueryField::Title => phrase(TextScope::Title, text),
        QueryField::Abstract => phrase(TextScope::Abstract, text),
        QueryField::Comment => phrase(TextScope::Comment, text),
        QueryField::Note => phrase(TextScope::Note, text),
        QueryField::Author if text.contains(char::is_alphanumeric) => Leaf::Name(text.to_owned()),
        QueryField::Author => Leaf::Nothing,
        QueryField::Category => CategoryFilter::parse(text).map_or(Leaf::Nothing, Leaf::Category),
        QueryField::Id => match (ArxivId::parse(text), lower().strip_suffix('*')) {
            (Ok(id), _) => Leaf::Id(id.base()),
            (Err(_), Some(prefix)) if !prefix.is_empty() => Leaf::IdPrefix(prefix.to_owned()),
            (Err(_), _) => Leaf::Nothing,
        },
        QueryField::Doi => {
            let doi = lower();
            let doi = doi.rsplit_once("doi.org/").map_or(doi.as_str(), |(_, doi)| doi);
            match doi.strip_suffix('*') {
                Some(prefix) => Leaf::Doi(prefix.to_owned(), true),
                None => Leaf::Doi(doi.to_owned(), false),
            }
        }
        QueryField::Tag => Leaf::Tag(text::fold(text)),
        QueryField::Year => years(text).map_or(Leaf::Nothing, Leaf::Years),
    }
}

fn phrase(place: TextScope, text: &str) -> Leaf {
    let folded = text::fold(text);
    let words: Vec<(&str, bool)> = text::word_tokens(&folded).collect();
    match words.as_slice() {
        [] => Leaf::Nothing,
        [(beginning, true)] => {
            let word = Word::Prefix((*beginning).to_owned(), stem(beginning));
            Leaf::Phrase(place, vec![word])
        }
        words => {
            let stems = words.iter().map(|(word, _)| Word::Stem(stem(word)));
            Leaf::Phrase(place, stems.collect())
        }
    }
}

fn is_match(node: &MatchNode, texts: &PaperTexts<'_>) -> bool {
    match node {
        MatchNode::Leaf(leaf) => is_leaf_match(leaf, texts),
        MatchNode::All(parts) => parts.iter().all(|part| is_match(part, texts)),
        MatchNode::Any(parts) => parts.iter().any(|part| is_match(part, texts)),
        MatchNode::Not(part) => !is_match(part, texts),
    }
}

fn is_leaf_match(leaf: &Leaf, texts: &PaperTexts<'_>) -> bool {
    let paper = texts.paper;
    match leaf {
        Leaf::Phrase(place, words) => texts.contains(*place, words),
        Leaf::Name(wanted) => texts
            .names()
            .iter()
            .any(|name| text::matches_name(&name.0, wanted)),
        Leaf::Category(filter) => {
            let filed = paper.categories.iter().chain(&paper.primary_category);
            filed.into_iter().any(|code| filter.matches(code))
        }
        Leaf::Id(id) => paper.id == *id,
        Leaf::IdPrefix(prefix) => paper.id.to_string().to_lowercase().starts_with(prefix),
        Leaf::Doi(wanted, is_prefix) => {
            let own = format!("10.48550/arxiv.{}", paper.id);
            let dois = paper.dois.iter().chain(&paper.doi).map(|doi| doi.to_lowercase());
            dois.chain([own]).any(|doi| {
                if *is_prefix {
                    doi.starts_with(wanted)
                } else {
                    doi == *wanted
                }
            })
        }
        Leaf::Tag(wanted) => paper
            .library
            .as_ref()
            .is_some_and(|data| data.tags.iter().any(|tag| text::fold(tag) == *wanted)),
        Leaf::Years(years) => paper
            .published
            .is_some_and(|stamp| years.contains(&stamp.day().year())),
        Leaf::Nothing => false,
    }
}

/// The texts of one paper, each folded at most once, and only if a part of the query needs it.
struct PaperTexts<'p> {
    paper: &'p Paper,
    areas: &'p [Area],
    title: OnceCell<FoldedText>,
    abstract_: OnceCell<FoldedText>,
    comment: OnceCell<FoldedText>,
    note: OnceCell<FoldedText>,
    names: OnceCell<Vec<FoldedText>>,
    others: OnceCell<Vec<FoldedText>>,
}

impl PaperTexts<'_> {
    fn contains(&self, place: TextScope, words: &[Word]) -> bool {
        match place {
            TextScope::Title => self.title().contains(words),
            TextScope::Abstract => self.abstract_().contains(words),
            TextScope::Comment => self.comment().contains(words),
            TextScope::Note => self.note().contains(words),
            TextScope::Anywhere => {
                self.title().contains(words)
                    || self.others().iter().any(|text| text.contains(words))
                    || self.abstract_().contains(words)
                    || self.comment().contains(words)
                    || self.note().contains(words)
                    || self.names().iter().any(|name| name.contains(words))
            }
        }
    }

    fn title(&self) -> &FoldedText {
        self.title.get_or_init(|| FoldedText::new(&self.paper.title))
    }

    fn abstract_(&self) -> &FoldedText {
        self.abstract_
            .get_or_init(|| FoldedText::of(self.paper.abstract_.as_deref()))
    }

    fn comment(&self) -> &FoldedText {
        self.comment
            .get_or_init(|| FoldedText::of(self.paper.comment.as_deref()))
    }

    fn note(&self) -> &FoldedText {
        let data = self.paper.library.as_ref();
        self.note
            .get_or_init(|| FoldedText::of(data.and_then(|data| data.note.as_deref())))
    }

    fn names(&self) -> &[FoldedText] {
        let authors = &self.paper.authors;
        self.names.get_or_init(|| {
            let names = authors.iter().map(|author| FoldedText::new(&author.name));
            names.collect()
        })
    }

    /// Texts without a field of their own: the journal, the report number, the identifier, the catalog's knowledge.
    fn others(&self) -> &[FoldedText] {
        self.others.get_or_init(|| {
            let paper = self.paper;
            let mut texts = vec![FoldedText::new(&paper.id.to_string())];
            let mut add = |text: &Option<String>| texts.extend(text.as_deref().map(FoldedText::new));
            add(&paper.journal_ref);
            add(&paper.report_no);
            if let Some(entry) = &paper.catalog {
                add(&entry.short_name);
                add(&entry.summary.en);
                add(&entry.summary.zh);
                add(&entry.area);
                let area = self
                    .areas
                    .iter()
                    .find(|area| Some(&area.code) == entry.area.as_ref());
                if let Some(area) = area {
                    texts.extend([&area.en, &area.zh].map(|name| FoldedText::new(name)));
                }
            }
            texts
        })
    }
}

/// The folded words of a text.
struct FoldedText(Vec<String>);

impl FoldedText {
    fn new(text: &str) -> Self {
        Self(text::words(text))
    }

    fn of(text: Option<&str>) -> Self {
        Self::new(text.unwrap_or(""))
    }

    /// Whether these words follow each other in the text.
    fn contains(&self, wanted: &[Word]) -> bool {
        self.0.windows(wanted.len()).any(|window| {
            let mut pairs = window.iter().zip(wanted);
            pairs.all(|(word, wanted)| wanted.is_match(word))
        })
    }
}

impl Word {
    fn is_match(&self, word: &str) -> bool {
        match self {
            Self::Stem(wanted) => has_stem(word, wanted),
            Self::Prefix(prefix, whole) => {
                word.starts_with(prefix) || stem(word).starts_with(prefix) || has_stem(word, whole)
            }
        }
    }
}
