//! The announcements: `/rss/CAT+CAT` over what was announced on one day, in the form of the service of 2026.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::feed::escaped;
use super::papers::Invented;

/// What was announced on one day.
#[derive(Clone, Debug)]
pub struct Announced {
    /// In arXiv's own calendar.
    day: NaiveDate,
    items: Vec<Item>,
}

/// One announcement.
#[derive(Clone, Debug)]
struct Item {
    paper: Invented,
    /// The category to which it was cross-listed; `None` if the paper itself or a new version is announced.
    into: Option<String>,
    creator: Option<String>,
}

impl Announced {
    /// Nothing announced on this day.
    pub fn on(day: &str) -> Self {
        Self {
            day: day.parse().unwrap(),
            items: Vec::new(),
        }
    }

    /// Also a paper, in its newest version.
    pub fn paper(mut self, paper: Invented) -> Self {
        self.items.push(Item {
            paper,
            into: None,
            creator: None,
        });
        self
    }

    /// Also a paper that is newly listed in this category, which is among its own.
    pub fn listed(mut self, paper: Invented, category: &str) -> Self {
        self.items.push(Item {
            paper,
            into: Some(category.to_owned()),
            creator: None,
        });
        self
    }

    /// The last one's authors, as the submitter typed them.
    pub fn by(mut self, creator: &str) -> Self {
        self.items.last_mut().unwrap().creator = Some(creator.to_owned());
        self
    }
}

/// The archives the fake knows, with some of their subject classes.
const ARCHIVES: &[(&str, &[&str])] = &[
    ("cs", &["AI", "CL", "CR", "LG", "NA"]),
    ("hep-th", &[]),
    ("math", &["AP", "GR", "MP", "NA"]),
    ("math-ph", &[]),
    ("q-bio", &["BM"]),
    ("stat", &["ML"]),
];

/// arXiv gives no more items.
const MOST_ITEMS: usize = 2_000;

/// Status and feed for the path after `/rss/`.
pub fn answer(announced: &Announced, requested: &str) -> (u16, String) {
    let codes: Vec<&str> = requested.split('+').collect();
    if let Some(words) = codes.iter().find_map(|code| unknown(code)) {
        let title = format!("Feed error for query: http://rss.arxiv.org/rss/{requested}");
        return (400, channel(&title, &words, announced.day, "", ""));
    }
    let names = codes.join(", ");
    let mut items: Vec<(usize, String)> = announced
        .items
        .iter()
        .filter_map(|announced_item| item(announced_item, &codes, announced.day))
        .collect();
    items.sort_by_key(|(order, _)| *order);
    let items: String = items.into_iter().take(MOST_ITEMS).map(|(_, xml)| xml).collect();
    let skip = "<skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n";
    let words = format!("{names} updates on the arXiv.org e-print archive.");
    let title = format!("{names} updates on arXiv.org");
    (200, channel(&title, &words, announced.day, skip, &items))
}

/// A name for this very body.
pub fn etag(body: &str) -> String {
    let sum = body
        .bytes()
        .fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("W/\"{sum:x}\"")
}

/// arXiv's words on a code it does not know.
fn unknown(code: &str) -> Option<String> {
    let (archive, class) = code.split_once('.').unwrap_or((code, ""));
    let Some((_, classes)) = ARCHIVES.iter().find(|(known, _)| *known == archive) else {
        let known: Vec<&str> = ARCHIVES.iter().map(|(known, _)| *known).collect();
        return Some(format!(
            "Bad archive '{archive}'. Valid archive names are: {}.",
            known.join(", ")
        ));
    };
    (!class.is_empty() && !classes.contains(&class)).then(|| {
        let known: Vec<String> = classes.iter().map(|class| format!("{archive}.{class}")).collect();
        format!(
            "Bad subject class '{class}'. Valid subject classes for the archive '{archive}' are: {}.",
            known.join(", ")
        )
    })
}

/// An item with its place among the kinds, if it is in the feed of these codes.
fn item(item: &Item, codes: &[&str], day: NaiveDate) -> Option<(usize, String)> {
    let within = |category: &str| {
        codes.iter().any(|code| {
            category == *code
                || category
                    .split_once('.')
                    .is_some_and(|(archive, _)| archive == *code)
        })
    };
    let paper = &item.paper;
    let revised = paper.versions.len() > 1;
    let announce_type = match &item.into {
        Some(into) => within(into).then_some("cross")?,
        None if within(&paper.categories[0]) => ["new", "replace"][usize::from(revised)],
        None if paper.categories.iter().any(|code| within(code)) => {
            ["cross", "replace-cross"][usize::from(revised)]
        }
        None => return None,
    };
    let order = ["new", "cross", "replace", "replace-cross"];
    let order = order.iter().position(|kind| *kind == announce_type)?;
    let names: Vec<&str> = paper.authors.iter().map(|(name, _)| name.as_str()).collect();
    let creator = item.creator.clone().unwrap_or_else(|| names.join(", "));
    let versioned = format!("{}v{}", paper.id, paper.versions.len());
    let mut xml = format!(
        "<item>\n<title>{}</title>\n<link>https://arxiv.org/abs/{}</link>\n<description>arXiv:{versioned} Announce Type: \
         {announce_type} \nAbstract: {}</description>\n<guid isPermaLink=\"false\">oai:arXiv.org:{versioned}</guid>\n",
        escaped(&paper.title),
        paper.id,
        escaped(&paper.abstract_text),
    );
    for category in &paper.categories {
        writeln!(xml, "<category>{category}</category>").unwrap();
    }
    write!(
        xml,
        "<pubDate>{}</pubDate>\n<arxiv:announce_type>{announce_type}</arxiv:announce_type>\n\
         <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>\n",
        midnight(day)
    )
    .unwrap();
    for doi in &paper.dois {
        writeln!(xml, "<arxiv:DOI>{doi}</arxiv:DOI>").unwrap();
    }
    if let Some(journal) = &paper.journal_ref {
        writeln!(
            xml,
            "<arxiv:journal_reference>{}</arxiv:journal_reference>",
            escaped(journal)
        )
        .unwrap();
    }
    writeln!(xml, "<dc:creator>{}</dc:creator>\n</item>", escaped(&creator)).unwrap();
    Some((order, xml))
}

fn channel(title: &str, description: &str, day: NaiveDate, skip_days: &str, items: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" version=\"2.0\">\n\
         <channel>\n<title>{}</title>\n<description>{}</description>\n<language>en-us</language>\n\
         <lastBuildDate>{} 04:00:00 +0000</lastBuildDate>\n<pubDate>{}</pubDate>\n{skip_days}{items}</channel>\n</rss>\n",
        escaped(title),
        escaped(description),
        day.format("%a, %d %b %Y"),
        midnight(day),
    )
}

/// Midnight where arXiv is.
fn midnight(day: NaiveDate) -> String {
    day.format("%a, %d %b %Y 00:00:00 -0400").to_string()
}
