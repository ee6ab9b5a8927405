//! The announcements of a day: a heading with a count for each group, and one line a paper.

use std::io::{self, Write};

use super::display::{marked_headline, pick, plain};
use super::render_options::RenderOptions;
use super::style;
use crate::model::announcement::AnnouncementGroup;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::text::{truncate, width};

/// Below this width the category is left out, because the title needs the room.
const MIN_WIDTH_FOR_CATEGORY: usize = 60;
/// The longest code, `cond-mat.mtrl-sci`, has 17 letters.
const CATEGORY_COLUMNS: usize = 17;
/// Least width of the title, however narrow the terminal.
const MIN_TITLE: usize = 10;

/// Draws groups of papers in the order given, without empty groups. Dates are not shown: the day of the announcement is
/// the same for all papers, and the feed has no other date.
pub fn announcements(
    groups: &[(AnnouncementGroup, &[Paper])],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let rows = groups.iter().flat_map(|(group, papers)| {
        papers
            .iter()
            .map(|paper| AnnouncementRow::of(*group, paper, options.lang))
    });
    let rows: Vec<AnnouncementRow> = rows.collect();
    let widest =
        |cell: fn(&AnnouncementRow) -> &str| rows.iter().map(|row| width(cell(row))).max().unwrap_or(0);
    let id = widest(|row| &row.id) + 2;
    let has_category = options
        .width
        .is_none_or(|columns| columns >= MIN_WIDTH_FOR_CATEGORY);
    let category = if has_category {
        widest(|row| &row.category) + 2
    } else {
        0
    };
    let mut rows = rows.iter();
    for (at, (group, papers)) in groups.iter().filter(|(_, papers)| !papers.is_empty()).enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let heading = style::paint(options, style::STRONG, name(*group, options.lang));
        writeln!(out, "{heading}  {}", papers.len())?;
        for row in rows.by_ref().take(papers.len()) {
            write!(out, "{}", style::cell(options, style::ID, &row.id, id))?;
            if has_category {
                write!(
                    out,
                    "{}",
                    style::cell(options, style::CATEGORY, &row.category, category)
                )?;
            }
            match options.width {
                Some(columns) => {
                    let room = columns.saturating_sub(id + category).max(MIN_TITLE);
                    writeln!(out, "{}", truncate(&row.title, room))?;
                }
                None => writeln!(out, "{}", row.title)?,
            }
        }
    }
    Ok(())
}

/// The cells of a paper's line, before they are cut to the width.
struct AnnouncementRow {
    id: String,
    category: String,
    title: String,
}

impl AnnouncementRow {
    /// A replaced paper is listed with its new version.
    fn of(group: AnnouncementGroup, paper: &Paper, lang: Lang) -> Self {
        let id = match paper.version {
            Some(version) if group == AnnouncementGroup::Replace => paper.id.with_version(version),
            _ => paper.display_id(),
        };
        let category = paper.primary_category.as_deref().unwrap_or_default();
        Self {
            id: id.to_string(),
            category: truncate(&plain(category), CATEGORY_COLUMNS).into_owned(),
            title: marked_headline(paper, lang),
        }
    }
}

fn name(group: AnnouncementGroup, lang: Lang) -> &'static str {
    match group {
        AnnouncementGroup::New => pick(lang, "New", "新论文"),
        AnnouncementGroup::Cross => pick(lang, "Cross-listed", "交叉列入"),
        AnnouncementGroup::Replace => pick(lang, "Replaced", "更新版本"),
    }
}
