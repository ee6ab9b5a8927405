//! Derives a claim from the words around an identifier, for identifiers whose link has no title as its text.
//!
//! A claim is certain only if the words can hardly be anything but the name of the paper: the only phrase before the link
//! in a list item, or a phrase in bold or quotes with only filler words between.

use std::ops::Range;

use super::blocks::{Role, TextBlock};
use super::inline::{Link, MAX_PHRASE};
use super::prose_text::ProseText;
use super::{Claim, authors, citation, title_heuristics};

/// Bytes before an identifier that count as nearby.
const MAX_DISTANCE: usize = 600;

/// Cells of a row, or items above, that are examined.
const MAX_NEIGHBOURS: usize = 16;

/// Headings of columns of titles, and of columns of names, folded.
const TITLES: &[&str] = &[
    "title",
    "paper",
    "paper title",
    "论文",
    "标题",
    "题目",
    "论文标题",
    "论文题目",
    "论文名称",
];
const NAMES: &[&str] = &[
    "name",
    "model",
    "method",
    "short name",
    "模型",
    "名称",
    "方法",
    "简称",
];

/// Returns the claim of the words near `place` in a block. Words before `from` belong to another paper.
pub(super) fn claim(document: &ProseText, index: usize, from: usize, place: Range<usize>) -> Claim {
    let Some(block) = document.blocks.get(index) else {
        return Claim::default();
    };
    let from = from.max(place.start.saturating_sub(MAX_DISTANCE));
    let from = document.text.ceil_char_boundary(from);
    let before = from.min(place.start)..place.start;
    in_bold(document, index, &before)
        .or_else(|| in_quotes(document, index, &before))
        .or_else(|| plainly_before(document, index, &before))
        .or_else(|| match block.role {
            Role::Cell => in_row(document, index),
            Role::Item | Role::Entry => {
                behind(document, index, place.end).or_else(|| in_item_above(document, index))
            }
            _ => None,
        })
        .unwrap_or_default()
}

/// Whether a link begins an item, or is the whole content of a cell or heading.
pub(super) fn begins_block(document: &ProseText, index: usize, link: &Link) -> bool {
    let Some(block) = document.blocks.get(index) else {
        return false;
    };
    if link.span.start - block.span.start > MAX_PHRASE {
        return false;
    }
    let before = document.words(block.span.start..link.span.start);
    let after = document.words(link.span.end..block.span.end);
    let bare = title_heuristics::trimmed(&before).is_empty();
    match block.role {
        Role::Item | Role::Entry => bare,
        Role::Cell | Role::Heading => bare && title_heuristics::trimmed(&after).is_empty(),
        _ => false,
    }
}

fn titled(title: &str, certain: bool) -> Option<Claim> {
    let title = Some(title.to_owned()).filter(|title| !title.is_empty());
    title.is_some().then(|| Claim {
        title,
        certain,
        ..Claim::default()
    })
}

/// The last phrase in bold, certain if all other words are filler.
fn in_bold(document: &ProseText, index: usize, before: &Range<usize>) -> Option<Claim> {
    let strong = &document.inlines.get(index)?.strong;
    let end = strong.partition_point(|phrase| phrase.start < before.end);
    let phrase = strong.get(end.checked_sub(1)?)?;
    if phrase.start < before.start || phrase.end > before.end {
        return None;
    }
    let bold = document.words(phrase.clone());
    let title = title_heuristics::trimmed(&bold);
    let whole = document.words(before.clone());
    let behind = document.words(phrase.end..before.end);
    let is_label = behind.trim_start_matches(['*', '_']).starts_with([':', '：'])
        && !title.contains(' ')
        && !title_heuristics::is_name(title);
    let alone =
        title_heuristics::trimmed(&whole) == title && !is_label && !bold.trim_end().ends_with([':', '：']);
    let is_item = matches!(
        document.blocks.get(index)?.role,
        Role::Item | Role::Entry | Role::Cell
    );
    let fits = if is_item {
        title_heuristics::can_be_title(title)
    } else {
        title_heuristics::is_surely_named(title)
    };
    titled(title, alone && fits)
}

/// The first phrase in quotes, certain if only filler words follow it, or if names precede it in a list.
fn in_quotes(document: &ProseText, index: usize, before: &Range<usize>) -> Option<Claim> {
    let text = document.words(before.clone());
    let (lead, phrase, after) = citation::quoted(&text)?;
    let closed = after.trim_start_matches([',', '.', ' ', '”', '"', '\'', '»', '》', '“']);
    let is_last = title_heuristics::trimmed(closed).is_empty();
    let follows_names = authors::is_list(lead);
    let is_cited = follows_names || closed.starts_with("in ") || closed.starts_with("In ");
    if !(is_last || is_cited || citation::quoted(after).is_some()) {
        return None;
    }
    let role = document.blocks.get(index)?.role;
    let in_list = matches!(role, Role::Item | Role::Entry);
    let sure = is_last && !citation::ends_with_in(lead) || in_list && follows_names;
    let named = phrase.contains(' ') || title_heuristics::is_name(phrase);
    // No space follows the comma after a cell of CSV.
    let is_cell = citation::is_cell(lead, after) || document.text.get(before.clone())?.ends_with("\",");
    // In running text a quotation may be any sentence of the paper.
    let certain = sure
        && named
        && title_heuristics::can_be_title(phrase)
        && !is_cell
        && (in_list || title_heuristics::is_title_like(phrase));
    titled(phrase, certain)
}

/// All words before the identifier, certain in a list item that names one thing on the line of the identifier.
fn plainly_before(document: &ProseText, index: usize, before: &Range<usize>) -> Option<Claim> {
    let block: &TextBlock = document.blocks.get(index)?;
    let text = document.words(before.clone());
    let title = title_heuristics::trimmed(&text);
    let raw = document.text.get(before.clone())?;
    let is_label =
        raw.trim_end().ends_with([':', '：']) && !title.contains(' ') && !title_heuristics::is_name(title);
    let parts_into = [", ", " - ", " – ", " — ", " | ", " by ", "; "]
        .iter()
        .any(|mark| title.contains(mark));
    let one_line = !raw.trim_end().contains('\n');
    let all = before.start == block.span.start || !text.starts_with(char::is_alphabetic);
    let in_list = matches!(block.role, Role::Item | Role::Entry);
    // In running text the words before are rarely a name.
    if block.role == Role::Paragraph && !title_heuristics::is_title_like(title) {
        return None;
    }
    let certain =
        in_list && one_line && all && !parts_into && !is_label && title_heuristics::is_title_like(title);
    titled(title, certain)
}

/// The words behind the identifier: `[[paper](url)] Title`.
fn behind(document: &ProseText, index: usize, from: usize) -> Option<Claim> {
    let block = document.blocks.get(index)?;
    let links = &document.inlines.get(index)?.links;
    let later = links.get(links.partition_point(|link| link.destination.start < from)..)?;
    // Links around the identifier come before it; there are never many.
    let next = later.iter().take(64).find(|link| link.span.start >= from);
    let end = next
        .map_or(block.span.end, |link| link.span.start)
        .min(from + MAX_DISTANCE);
    let end = document.text.floor_char_boundary(end.max(from));
    let text = document.words(from..end);
    titled(title_heuristics::trimmed(&text), false)
}

/// The parent item: `- DeepSeek-R1` with `- [paper](url)` under it.
fn in_item_above(document: &ProseText, index: usize) -> Option<Claim> {
    let indent = document.blocks.get(index)?.indent;
    let above = document.blocks.get(..index)?.iter().rev().take(MAX_NEIGHBOURS);
    let above = above
        .take_while(|block| block.role == Role::Item)
        .find(|block| block.indent < indent)?;
    let text = document.words(above.span.clone());
    titled(title_heuristics::trimmed(&text), false)
}

/// The cell of the same row in a column of titles or names, else the first cell that can be a title.
fn in_row(document: &ProseText, index: usize) -> Option<Claim> {
    let (table, row, _) = document.blocks.get(index)?.place;
    let same_row = |block: &&TextBlock| block.role == Role::Cell && block.place.1 == row;
    let before = document
        .blocks
        .get(..index)?
        .iter()
        .rev()
        .take(MAX_NEIGHBOURS)
        .take_while(same_row);
    let after = document
        .blocks
        .get(index + 1..)?
        .iter()
        .take(MAX_NEIGHBOURS)
        .take_while(same_row);
    let mut cells: Vec<&TextBlock> = before.chain(after).collect();
    cells.sort_by_key(|cell| cell.place.2);
    let heading = |cell: &TextBlock| -> String {
        let first = document.tables.get(&table).copied().unwrap_or_default();
        let head = document.blocks.get(first..).and_then(|blocks| {
            blocks
                .iter()
                .take(MAX_NEIGHBOURS)
                .find(|block| block.place.2 == cell.place.2)
        });
        let head = head.filter(|head| head.place.1 != row);
        head.map(|head| document.words(head.span.clone()).to_lowercase())
            .unwrap_or_default()
    };
    let under = |headings: &[&str]| {
        let cell = cells
            .iter()
            .find(|cell| headings.contains(&heading(cell).as_str()))?;
        let text = document.words(cell.span.clone());
        let title = title_heuristics::trimmed(&text);
        titled(title, title_heuristics::can_be_title(title))
    };
    under(TITLES).or_else(|| under(NAMES)).or_else(|| {
        cells.iter().find_map(|cell| {
            let text = document.words(cell.span.clone());
            titled(title_heuristics::trimmed(&text), false)
        })
    })
}
