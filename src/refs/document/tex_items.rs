//! References in TeX: the items of a bibliography as BibTeX, natbib, apacite, `REVTeX` and biblatex write them, and
//! identifiers in running text.

use std::ops::Range;

use super::bibliography::is_arxiv;
use super::{
    Claim, MarkedId, Reference, authors, citation, id_span, plain_tex, tex_title, title_heuristics, year,
};
use crate::model::id::ArxivId;
use crate::model::tex::Delimiters;

/// Bytes of an item that are examined.
const MAX_ITEM: usize = 8000;

/// Returns the references of a TeX document. `marks` are its identifiers.
pub(super) fn references(text: &str, marks: &[MarkedId]) -> Vec<Reference> {
    let tex = Tex {
        text,
        braces: Delimiters::of_tex(text),
        comments: comments(text),
    };
    let marks: Vec<&MarkedId> = marks
        .iter()
        .filter(|mark| !tex.is_comment(mark.span.start))
        .collect();
    let mut references = Vec::new();
    let mut done = 0;
    let at_running = |from: &mut usize, until: usize, references: &mut Vec<Reference>| {
        while let Some(mark) = marks.get(*from).filter(|mark| mark.span.start < until) {
            *from += 1;
            // `\href{url}{arXiv:1706.03762}` is one reference.
            let repeats = references.last().is_some_and(|last: &Reference| {
                last.id.as_ref() == Some(&mark.id) && tex.is_link_text(last.span.end, mark.span.start)
            });
            if !repeats {
                references.push(mark.with_claim(tex.of_link(mark)));
            }
        }
    };
    for item in tex.items() {
        at_running(&mut done, item.start, &mut references);
        let end = done
            + marks
                .get(done..)
                .unwrap_or_default()
                .partition_point(|mark| mark.span.start < item.end);
        tex.item(&item, marks.get(done..end).unwrap_or_default(), &mut references);
        done = end;
    }
    at_running(&mut done, text.len(), &mut references);
    references
}

struct Tex<'a> {
    text: &'a str,
    braces: Delimiters,
    /// Byte ranges of the comments, in order.
    comments: Vec<Range<usize>>,
}

impl Tex<'_> {
    fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    fn is_comment(&self, at: usize) -> bool {
        let before = self.comments.partition_point(|comment| comment.start <= at);
        let comment = before.checked_sub(1).and_then(|index| self.comments.get(index));
        comment.is_some_and(|comment| at < comment.end)
    }

    /// Byte ranges of the items: each reaches to the next one or to the end of the list.
    fn items(&self) -> Vec<Range<usize>> {
        let mut edges: Vec<(usize, bool)> = Vec::new();
        for (command, begins) in [
            ("\\bibitem", true),
            ("\\entry{", true),
            ("\\endentry", false),
            ("\\end{thebibliography}", false),
        ] {
            edges.extend(self.text.match_indices(command).map(|(at, _)| (at, begins)));
        }
        edges.sort_unstable();
        let name_goes_on = |at: usize| {
            self.text
                .as_bytes()
                .get(at + 8)
                .is_some_and(u8::is_ascii_alphabetic)
        };
        edges.retain(|(at, _)| !self.is_comment(*at));
        let mut items = Vec::new();
        for (index, (at, begins)) in edges.iter().enumerate() {
            // REVTeX's `\bibitemOpen` and similar commands are part of an item.
            let is_item = *begins && !(self.get(*at..at + 8) == "\\bibitem" && name_goes_on(*at));
            if is_item {
                let next = edges.get(index + 1..).unwrap_or_default().iter().take(16);
                let next = next
                    .map(|(at, _)| *at)
                    .find(|at| self.get(*at..at + 8) != "\\bibitem" || !name_goes_on(*at));
                items.push(*at..next.unwrap_or(self.text.len()));
            }
        }
        items
    }

    /// Adds the reference of an item. An item with several papers makes no claim about them.
    fn item(&self, item: &Range<usize>, marks: &[&MarkedId], references: &mut Vec<Reference>) {
        let end = self.text.floor_char_boundary(item.end.min(item.start + MAX_ITEM));
        let body = item.start..end;
        let claim = self.claim(&body);
        if let Some(first) = marks.first() {
            if marks.iter().all(|mark| first.names_same(mark)) {
                references.push(first.with_claim(claim));
            } else {
                references.extend(marks.iter().map(|mark| mark.without_claim()));
            }
            return;
        }
        let eprint = self.eprint(&body).map(|span| {
            let id = ArxivId::parse(self.get(span.clone()));
            let number = id_span::of(self.text, &span, &id);
            (id, span, number)
        });
        let length = self.get(item.clone()).trim_end().len();
        references.push(match eprint {
            Some((id, span, number)) => Reference {
                id: Some(id),
                span,
                number,
                claim,
            },
            None => Reference {
                id: None,
                span: item.start..item.start + length,
                number: item.start..item.start,
                claim,
            },
        });
    }

    /// Byte range of an identifier without a marker: biblatex's `\field{eprint}{..}` and `\verb{eprint}`, natbib's
    /// `\eprint{..}`.
    fn eprint(&self, body: &Range<usize>) -> Option<Range<usize>> {
        let text = self.get(body.clone());
        let elsewhere = self
            .named(body, "eprinttype")
            .is_some_and(|kind| !is_arxiv(self.get(kind)));
        if elsewhere {
            return None;
        }
        if let Some(at) = text.find("\\verb{eprint}") {
            let rest = text.get(at + "\\verb{eprint}".len()..)?;
            let value = rest.trim_start().strip_prefix("\\verb ")?;
            let from = body.end - value.len();
            let length = value.find(['\n', '\r']).unwrap_or(value.len());
            return Some(from..from + length);
        }
        let named = self.named(body, "eprint").or_else(|| {
            let at = text.find("\\eprint")?;
            self.argument(body.start + at + "\\eprint".len())
                .map(|(inner, _)| inner)
        });
        named.filter(|span| ArxivId::parse(self.get(span.clone())).is_ok())
    }

    fn claim(&self, body: &Range<usize>) -> Claim {
        let year = self
            .named(body, "year")
            .and_then(|year| year::first(self.get(year)));
        if let Some(title) = self.named(body, "title") {
            let title = plain_tex(self.get(title));
            let certain = !title.is_empty();
            return Claim {
                title: Some(title).filter(|_| certain),
                authors: self.authors(body),
                year,
                certain,
                is_labelled: certain,
                ..Claim::default()
            };
        }
        if let Some(claim) = self.apacite(body) {
            return claim;
        }
        let after = self.after_key(body);
        let label = plain_tex(self.get(body.start..after));
        let text = self.get(after.min(body.end)..body.end);
        let blocks: Vec<&str> = text.split("\\newblock").collect();
        let year = year.or_else(|| {
            blocks
                .iter()
                .skip(1)
                .rev()
                .find_map(|block| citation::claim(&plain_tex(block)).year)
        });
        if let [authors, title, ..] = blocks.as_slice() {
            let title = plain_tex(title);
            let title = title.trim_end_matches(['.', ',', ' ']);
            let certain = !title_heuristics::is_generic(title);
            let authors = plain_tex(authors);
            return Claim {
                title: Some(title.to_owned()).filter(|_| certain),
                authors: authors::of_text(authors.trim_end_matches('.')),
                year: year
                    .or_else(|| year::first(&authors))
                    .or_else(|| year::first(&label)),
                certain,
                ..Claim::default()
            };
        }
        // Quotes are not converted, because a typographic closing quote is the same character as an apostrophe.
        let text = without_comments(text);
        let mut claim = tex_title::claim(&text);
        claim.year = claim.year.or(year).or_else(|| year::first(&label));
        claim
    }

    /// An item of apacite: `\begin{APACrefauthors}`, `\APACrefatitle {..} {..}`, `\APACrefYearMonthDay{2021}{}{}`.
    fn apacite(&self, body: &Range<usize>) -> Option<Claim> {
        let text = self.get(body.clone());
        let argument = |command: &str| {
            let at = text.find(command)?;
            let (inner, _) = self.argument(body.start + at + command.len())?;
            Some(plain_tex(self.get(inner)))
        };
        let title = argument("\\APACrefatitle").or_else(|| argument("\\APACrefbtitle"))?;
        let authors = text
            .split_once("\\begin{APACrefauthors}")
            .and_then(|(_, rest)| rest.split_once("\\end{APACrefauthors}"));
        let authors = authors.map(|(authors, _)| plain_tex(&authors.replace("%\n", "\n")));
        Some(Claim {
            certain: !title.is_empty(),
            title: Some(title),
            authors: authors::of_text(&authors.unwrap_or_default()),
            year: argument("\\APACrefYearMonthDay").and_then(|date| year::first(&date)),
            ..Claim::default()
        })
    }

    /// The authors in `\bibinfo{author}{..}`, or in biblatex's `family={..}` and `given={..}`.
    fn authors(&self, body: &Range<usize>) -> Vec<String> {
        let text = self.get(body.clone());
        if !text.contains("\\name{author}") {
            let authors = self.all_named(body, "author");
            return authors.map(|author| plain_tex(self.get(author))).collect();
        }
        let families: Vec<usize> = text
            .match_indices("family={")
            .map(|(at, _)| body.start + at)
            .collect();
        let ends = families.iter().skip(1).copied().chain([body.end]);
        let part = |person: Range<usize>, name: &str| {
            let at = self.get(person.clone()).find(name)?;
            let (inner, _) = self.argument(person.start + at + name.len())?;
            Some(self.get(inner))
        };
        let people = families.iter().zip(ends).map(|(from, end)| {
            let given = part(*from..end, "given=").unwrap_or_default();
            let family = part(*from..end, "family=").unwrap_or_default();
            plain_tex(&format!("{given} {family}"))
        });
        people.filter(|name| !name.is_empty()).collect()
    }

    /// The first `\bibinfo{name}{..}`, `\bibfield{name}{..}` or `\field{name}{..}` of an item.
    fn named(&self, body: &Range<usize>, name: &str) -> Option<Range<usize>> {
        self.all_named(body, name).next()
    }

    fn all_named<'b>(
        &'b self,
        body: &Range<usize>,
        name: &'b str,
    ) -> impl Iterator<Item = Range<usize>> + 'b {
        let start = body.start;
        let text = self.get(body.clone());
        let commands = text
            .match_indices("\\bibinfo")
            .chain(text.match_indices("\\field"));
        commands.filter_map(move |(at, command)| {
            let (field, after) = self.argument(start + at + command.len())?;
            let (value, _) = self.argument(after)?;
            (self.get(field) == name).then_some(value)
        })
    }

    /// Byte range of the argument in braces that follows, and the offset behind it.
    fn argument(&self, from: usize) -> Option<(Range<usize>, usize)> {
        let at = self.past_space(from);
        let close = self.braces.close(at)?;
        Some((at + 1..close, close + 1))
    }

    fn past_space(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || **byte == b'%')
            .count()
    }

    /// Offset behind the label and the key of an item.
    fn after_key(&self, item: &Range<usize>) -> usize {
        let mut at = self.past_space(item.start + "\\bibitem".len());
        if self.get(at..at + 1) == "[" {
            let mut label = at + 1;
            while let Some(byte) = self.text.as_bytes().get(label).filter(|_| label < item.end) {
                match byte {
                    b']' => break,
                    b'{' => label = self.braces.close(label).unwrap_or(label) + 1,
                    _ => label += 1,
                }
            }
            at = label + 1;
        }
        self.argument(at)
            .map_or(self.text.floor_char_boundary(at), |(_, end)| end)
    }

    /// The claim of a link: `\href{https://arxiv.org/abs/..}{text}`.
    fn of_link(&self, mark: &MarkedId) -> Claim {
        let near = self.text.floor_char_boundary(mark.span.start.saturating_sub(200));
        let before = self.get(near..mark.span.start);
        let opened = before
            .rfind("\\href")
            .filter(|at| !before.get(*at..).is_some_and(|rest| rest.contains('}')));
        let text = opened.and_then(|at| {
            let (_, end) = self.argument(near + at + "\\href".len())?;
            let (text, _) = self.argument(end)?;
            (text.len() < super::inline::MAX_PHRASE).then(|| plain_tex(self.get(text)))
        });
        let Some(text) = text else { return Claim::default() };
        if let Some(authors) = title_heuristics::author_year(&text) {
            return Claim {
                authors,
                year: year::first(&text),
                ..Claim::default()
            };
        }
        let title = title_heuristics::trimmed(&text);
        if title.is_empty() {
            return Claim::default();
        }
        let certain = title_heuristics::is_surely_named(title);
        Claim {
            title: Some(title.to_owned()),
            certain,
            ..Claim::default()
        }
    }

    /// Whether the text of a link begins between two offsets: `}{`.
    fn is_link_text(&self, from: usize, until: usize) -> bool {
        let between = self.get(from..until.max(from));
        between.len() < 40 && between.contains('}') && between.contains('{')
    }
}

/// Finds comments. A `%` within an address does not begin one, so white space must precede it.
fn comments(text: &str) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        comments.extend(comment(line).map(|from| at + from..at + line.len()));
        at += line.len();
    }
    comments
}

/// Offset of the comment in a line.
fn comment(line: &str) -> Option<usize> {
    let mut signs = line.match_indices('%').map(|(at, _)| at);
    signs.find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with([' ', '\t'])
    })
}

/// Removes the comments of a text.
fn without_comments(text: &str) -> String {
    let kept = text.lines().map(|line| {
        line.get(..comment(line).unwrap_or(line.len()))
            .unwrap_or_default()
    });
    kept.collect::<Vec<_>>().join("\n")
}
