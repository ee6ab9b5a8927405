//! References in running text: Markdown, HTML and plain text. Every marked identifier is one, and so is every entry of a
//! bibliography without an identifier.

use std::collections::HashMap;

use super::blocks::{Role, TextBlock};
use super::inline::{Inline, Link};
use super::prose_text::ProseText;
use super::{
    Claim, DocumentFormat, MarkedId, Reference, bibliography, citation, context, inline, title_heuristics,
    year,
};

/// Returns the references of running text. `marks` are its identifiers.
pub(super) fn references(text: &str, kind: DocumentFormat, marks: &[MarkedId]) -> Vec<Reference> {
    let document = ProseText::new(text, kind);
    let labels = document.uses();
    let mut references = Vec::new();
    let mut done = 0;
    for (index, block) in document.blocks.iter().enumerate() {
        let before = done + after(marks, done, block.span.start);
        references.extend(
            marks
                .get(done..before)
                .unwrap_or_default()
                .iter()
                .map(MarkedId::without_claim),
        );
        done = before + after(marks, before, block.span.end);
        let own = marks.get(before..done).unwrap_or_default();
        match block.role {
            Role::Code => references.extend(code(text, block, own)),
            Role::Definition => {
                references.extend(own.iter().map(|mark| document.defined(block, mark, &labels)));
            }
            Role::Entry => document.add_entry(index, own, &mut references),
            _ => document.add_claimed(index, own, &mut references),
        }
    }
    references.extend(
        marks
            .get(done..)
            .unwrap_or_default()
            .iter()
            .map(MarkedId::without_claim),
    );
    references
}

/// Number of marks, from this one on, that begin before an offset.
fn after(marks: &[MarkedId], from: usize, end: usize) -> usize {
    let rest = marks.get(from..).unwrap_or_default();
    rest.partition_point(|mark| mark.span.start < end)
}

/// References in code: BibTeX is parsed; other code has only identifiers.
fn code(text: &str, block: &TextBlock, marks: &[MarkedId]) -> Vec<Reference> {
    let code = text.get(block.span.clone()).unwrap_or_default();
    if DocumentFormat::of("", code) == DocumentFormat::Bibtex {
        return bibliography::references(code, block.span.start, marks);
    }
    marks.iter().map(MarkedId::without_claim).collect()
}

impl ProseText<'_> {
    /// The first link by each label, and its block.
    fn uses(&self) -> HashMap<String, (usize, Link)> {
        let mut uses = HashMap::new();
        for (index, inline) in self.inlines.iter().enumerate() {
            for link in &inline.links {
                if let Some(label) = link.label.clone().and_then(|label| self.text.get(label)) {
                    uses.entry(label.to_lowercase())
                        .or_insert_with(|| (index, link.clone()));
                }
            }
        }
        uses
    }

    /// The reference of `[label]: address`, with the claim of the place where the label is used.
    fn defined(
        &self,
        block: &TextBlock,
        mark: &MarkedId,
        labels: &HashMap<String, (usize, Link)>,
    ) -> Reference {
        let text = self.text.get(block.span.clone()).unwrap_or_default();
        let label = text
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]:"));
        let used = label.and_then(|(label, _)| labels.get(&label.to_lowercase()));
        let claim = used.map(|(index, link)| {
            let from = self
                .blocks
                .get(*index)
                .map_or(link.span.start, |block| block.span.start);
            self.of_link(*index, from, link)
        });
        mark.with_claim(claim.unwrap_or_default())
    }

    /// Adds the references of a block, each with the claim of its link or of the words nearby.
    fn add_claimed(&self, index: usize, marks: &[MarkedId], references: &mut Vec<Reference>) {
        let (Some(block), Some(inline)) = (self.blocks.get(index), self.inlines.get(index)) else {
            return;
        };
        let mut from = block.span.start;
        let mut between = false;
        let mut last: Option<(&MarkedId, usize, Claim)> = None;
        for (at, mark) in marks.iter().enumerate() {
            if is_repeated(inline, marks, at) {
                continue;
            }
            let link = inline.link_to(mark.span.start);
            let own = link.and_then(|link| self.of_text(index, link));
            // A second link to the same paper (`[paper](..) [pdf](..)`) has the same claim.
            let again = last.take_if(|(before, ..)| before.names_same(mark));
            if let Some((_, end, _)) = last {
                from = end;
                between = true;
            }
            let claim = own.or_else(|| again.map(|(.., claim)| claim));
            let claim = claim.unwrap_or_else(|| {
                let place = link.map_or(&mark.span, |link| &link.span);
                let own_line = self.own_line(from, place.start).filter(|_| between);
                let from = own_line.unwrap_or(from);
                let claim = match link {
                    Some(link) => self.around_link(index, from, link),
                    None => context::claim(self, index, from, place.clone()),
                };
                // Words between two identifiers may be the name of either paper.
                let certain = claim.certain && (!between || own_line.is_some());
                Claim { certain, ..claim }
            });
            references.push(mark.with_claim(claim.clone()));
            last = Some((mark, link.map_or(mark.span.end, |link| link.span.end), claim));
        }
    }

    /// Start of the line of `place`, if it is behind `from` and has words before `place`.
    fn own_line(&self, from: usize, place: usize) -> Option<usize> {
        let between = self.text.get(from..place)?;
        let line = from + between.rfind('\n')? + 1;
        let words = self.words(line..place);
        (!title_heuristics::trimmed(&words).is_empty()).then_some(line)
    }

    /// The claim of a link: its text, else its title, else the words nearby.
    fn of_link(&self, index: usize, from: usize, link: &Link) -> Claim {
        let own = self.of_text(index, link);
        own.unwrap_or_else(|| self.around_link(index, from, link))
    }

    /// The claim of the text of a link.
    fn of_text(&self, index: usize, link: &Link) -> Option<Claim> {
        let text = self.words(link.text.clone());
        if let Some(authors) = title_heuristics::author_year(&text) {
            let year = year::first(&text);
            return Some(Claim {
                authors,
                year,
                ..Claim::default()
            });
        }
        let title = title_heuristics::trimmed(&text);
        if title.is_empty() || is_mere_sign(title) {
            return None;
        }
        let certain = if context::begins_block(self, index, link) {
            title_heuristics::can_be_title(title)
        } else {
            title_heuristics::is_surely_named(title)
        };
        Some(Claim {
            title: Some(title.to_owned()),
            certain,
            is_labelled: true,
            ..Claim::default()
        })
    }

    /// The claim of the words around a link, else of its title.
    fn around_link(&self, index: usize, from: usize, link: &Link) -> Claim {
        let claim = context::claim(self, index, from, link.span.clone());
        let tip = link.title.clone().map(|title| self.words(title));
        match tip
            .as_deref()
            .map(title_heuristics::trimmed)
            .filter(|tip| !tip.is_empty())
        {
            Some(tip) if claim.title.is_none() => Claim {
                title: Some(tip.to_owned()),
                ..claim
            },
            _ => claim,
        }
    }

    /// Adds the references of an entry of a bibliography: one for each paper, or one without an identifier.
    fn add_entry(&self, index: usize, marks: &[MarkedId], references: &mut Vec<Reference>) {
        let (Some(block), Some(inline)) = (self.blocks.get(index), self.inlines.get(index)) else {
            return;
        };
        let claim = self.of_entry(block);
        if marks.is_empty() {
            let text = self.text.get(block.span.clone()).unwrap_or_default();
            let start = block.span.start + (text.len() - text.trim_start().len());
            let end = start + text.trim().len();
            let reference = Reference {
                id: None,
                span: start..end,
                number: start..start,
                claim,
            };
            references.extend(block.listed.then_some(reference));
            return;
        }
        let is_one = marks
            .iter()
            .all(|mark| marks.first().is_some_and(|first| first.names_same(mark)));
        let linked = marks.iter().any(|mark| {
            let link = inline.link_to(mark.span.start);
            link.is_some_and(|link| {
                let text = self.words(link.text.clone());
                let title = title_heuristics::trimmed(&text);
                !title.is_empty() && !is_mere_sign(title)
            })
        });
        if is_one && !linked && (claim.title.is_some() || !claim.authors.is_empty()) {
            references.extend(marks.first().map(|mark| mark.with_claim(claim)));
        } else if is_one && !linked {
            self.add_claimed(index, marks.get(..1).unwrap_or_default(), references);
        } else {
            self.add_claimed(index, marks, references);
        }
    }

    fn of_entry(&self, block: &TextBlock) -> Claim {
        let text = self.text.get(block.span.clone()).unwrap_or_default();
        citation::claim(&inline::plain(
            citation::start(text, citation::MAX_ENTRY),
            self.format,
        ))
    }
}

/// Whether an identifier is in the text of a link to the same paper, which makes both one reference.
fn is_repeated(inline: &Inline, marks: &[MarkedId], at: usize) -> bool {
    let Some(mark) = marks.get(at) else { return false };
    let neighbours = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
    neighbours.filter_map(|at| marks.get(at)).any(|other| {
        let link = inline.link_to(other.span.start);
        mark.names_same(other)
            && link.is_some_and(|link| link.text.start <= mark.span.start && mark.span.end <= link.text.end)
    })
}

/// Whether the text of a link is only a sign: `[x](..)`, but not `[T5](..)`.
fn is_mere_sign(text: &str) -> bool {
    text.chars().count() <= 2 && text.is_ascii() && !title_heuristics::is_name(text)
}
