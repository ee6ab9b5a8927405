//! The API's answers: its parameters checked, papers chosen, the feed written.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::papers::Invented;
use super::query::{Fault, Query};
use super::{Request, Trouble};

/// Status and feed.
pub type Reply = (u16, String);

const HEAD: &str = "<?xml version='1.0' encoding='UTF-8'?>\n<feed \
    xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" xmlns:arxiv=\"http://arxiv.org/schemas/atom\" \
    xmlns=\"http://www.w3.org/2005/Atom\">\n";
const NOW: &str = "2026-11-21T18:11:34Z";

/// Answers a request to `/api/query`.
pub fn answer(papers: &[Invented], request: &Request, trouble: &Trouble) -> Reply {
    match choose(papers, request) {
        Ok(chosen) => (200, feed(request, chosen, trouble)),
        Err(refused) => refused,
    }
}

/// The page that was requested, and the number of results in all.
struct Chosen<'a> {
    page: Vec<(&'a Invented, usize)>,
    total: usize,
    start: usize,
    max_results: usize,
}

fn choose<'a>(papers: &'a [Invented], request: &Request) -> Result<Chosen<'a>, Reply> {
    let start = count(request, "start", 0)?;
    let max_results = count(request, "max_results", 10)?;
    let allowed = |name: &str, values: &[&str]| match request.param(name) {
        Some(value) if !values.contains(&value) => Err(error(
            400,
            "",
            &format!("{name} must be in: {}", values.join(", ")),
        )),
        value => Ok(value.unwrap_or(values[0]).to_owned()),
    };
    let sort_by = allowed("sortBy", &["relevance", "lastUpdatedDate", "submittedDate"])?;
    let sort_order = allowed("sortOrder", &["descending", "ascending"])?;
    if max_results == 0 || 1 + rounded(start, max_results) > 10_000 / max_results {
        return Err(internal());
    }
    let ids = identifiers(request.param("id_list").unwrap_or_default())?;
    let query = match request.param("search_query").map(Query::parse) {
        None => None,
        Some(Ok(query)) => Some(query),
        Some(Err(Fault::Syntax)) => {
            let text = request.param("search_query").unwrap_or_default();
            return Err(error(400, "", &format!("Invalid query string: '{text}'")));
        }
        Some(Err(Fault::Date)) => return Err(internal()),
    };
    let mut found: Vec<(&Invented, usize)> = match (&query, &ids) {
        (None, None) => {
            let words = "Either a search_query or id_list must be specified for the classic API.";
            return Err(error(400, "", words));
        }
        (query, ids) => papers
            .iter()
            .filter(|paper| query.as_ref().is_none_or(|query| query.matches(paper)))
            .flat_map(|paper| versions(paper, ids.as_deref()))
            .collect(),
    };
    sort(&mut found, &sort_by, &sort_order);
    let total = found.len();
    let page = found.into_iter().skip(start).take(max_results).collect();
    Ok(Chosen {
        page,
        total,
        start,
        max_results,
    })
}

fn sort(found: &mut [(&Invented, usize)], sort_by: &str, sort_order: &str) {
    match (sort_by, sort_order) {
        // Relevance: in an order that is neither that of the request nor that of time.
        ("relevance", _) => found.sort_by_key(|(paper, _)| (jumble(&paper.id), paper.id.clone())),
        ("submittedDate", "ascending") => found.sort_by_key(|(paper, _)| paper.published()),
        ("submittedDate", _) => found.sort_by_key(|(paper, _)| Reverse(paper.published())),
        (_, "ascending") => found.sort_by_key(|(paper, at)| paper.versions[*at]),
        _ => found.sort_by_key(|(paper, at)| Reverse(paper.versions[*at])),
    }
}

/// `round(start / max_results)`, half to even, as the service rounds.
fn rounded(start: usize, max_results: usize) -> usize {
    let (whole, rest) = (start / max_results, start % max_results);
    match (rest * 2).cmp(&max_results) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole % 2,
    }
}

fn jumble(id: &str) -> u32 {
    id.bytes().fold(7, |sum: u32, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 97
}

fn count(request: &Request, name: &str, default: usize) -> Result<usize, Reply> {
    let Some(text) = request.param(name) else {
        return Ok(default);
    };
    match text.parse::<i64>() {
        Ok(number) => usize::try_from(number).map_err(|_| coded(&format!("{name} must be non-negative"))),
        Err(_) => Err(coded(&format!("{name} must be an integer"))),
    }
}

/// The list, checked as the service checks it; one bad identifier fails it all.
fn identifiers(list: &str) -> Result<Option<Vec<String>>, Reply> {
    if list.is_empty() {
        return Ok(None);
    }
    let ids: Vec<String> = list.split(',').map(str::to_owned).collect();
    match ids.iter().find(|id| !holds_identifier(id)) {
        Some(bad) => Err(coded(&format!("incorrect id format for {bad}"))),
        None => Ok(Some(ids)),
    }
}

/// The service only searches for the form within the text: `arXiv:1706.03762` passes, and then matches nothing.
fn holds_identifier(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| {
        bytes.len() >= from + count && bytes[from..from + count].iter().all(u8::is_ascii_digit)
    };
    (0..bytes.len()).any(|at| {
        let new = digits(at, 4) && bytes.get(at + 4) == Some(&b'.') && digits(at + 5, 4);
        let old = at > 0 && bytes[at] == b'/' && bytes[at - 1].is_ascii_alphabetic() && digits(at + 1, 7);
        new || old
    })
}

/// The requested versions of a paper, counted from 0: the latest, or those named.
fn versions<'a>(paper: &'a Invented, ids: Option<&[String]>) -> Vec<(&'a Invented, usize)> {
    let latest = paper.versions.len() - 1;
    let Some(ids) = ids else {
        return vec![(paper, latest)];
    };
    let mut requested: Vec<usize> = ids
        .iter()
        .filter_map(|id| match id.strip_prefix(paper.id.as_str())? {
            "" => Some(latest),
            rest => rest.strip_prefix('v')?.parse::<usize>().ok()?.checked_sub(1),
        })
        .filter(|at| *at <= latest)
        .collect();
    requested.sort_unstable();
    requested.dedup();
    requested.into_iter().map(|at| (paper, at)).collect()
}

fn feed<'a>(request: &Request, mut chosen: Chosen<'a>, trouble: &'a Trouble) -> String {
    let mut total = chosen.total as u64;
    match trouble {
        Trouble::Empty => chosen.page.clear(),
        Trouble::Short(entries) => chosen.page.truncate(*entries),
        Trouble::Total(wrong) => total = *wrong,
        Trouble::Backwards => chosen.page.reverse(),
        Trouble::Extra(extra) => chosen
            .page
            .extend(extra.iter().map(|paper| (paper, paper.versions.len() - 1))),
        _ => {}
    }
    let requested = format!(
        "search_query={}&id_list={}&start={}&max_results={}",
        request.param("search_query").unwrap_or_default(),
        request.param("id_list").unwrap_or_default(),
        chosen.start,
        chosen.max_results
    );
    let requested = escaped(&requested);
    let mut xml = format!(
        "{HEAD}  <id>https://arxiv.org/api/aW52ZW50ZWQgYW5kIG5vdCBhIGhhc2g</id>\n  \
         <title>arXiv Query: {requested}</title>\n  <updated>{NOW}</updated>\n  \
         <link href=\"https://arxiv.org/api/query?{requested}\" type=\"application/atom+xml\"/>\n"
    );
    counts(&mut xml, chosen.max_results, total, chosen.start);
    for (paper, at) in chosen.page {
        entry(&mut xml, paper, at);
    }
    xml + "</feed>\n"
}

fn counts(xml: &mut String, per_page: usize, total: u64, start: usize) {
    let _ = write!(
        xml,
        "  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>\n  \
         <opensearch:totalResults>{total}</opensearch:totalResults>\n  \
         <opensearch:startIndex>{start}</opensearch:startIndex>\n"
    );
}

fn entry(xml: &mut String, paper: &Invented, at: usize) {
    let id = format!("{}v{}", paper.id, at + 1);
    let date = |at: usize| paper.versions[at].format("%Y-%m-%dT%H:%M:%SZ");
    let _ = write!(
        xml,
        "  <entry>\n    <id>http://arxiv.org/abs/{id}</id>\n    <title>{}</title>\n    <updated>{}</updated>\n    \
         <link href=\"https://arxiv.org/abs/{id}\" rel=\"alternate\" type=\"text/html\"/>\n    \
         <link href=\"https://arxiv.org/pdf/{id}\" rel=\"related\" type=\"application/pdf\" title=\"pdf\"/>\n    \
         <summary>  {}</summary>\n",
        escaped(&paper.title),
        date(at),
        escaped(&paper.abstract_text)
    );
    for code in &paper.categories {
        let _ = writeln!(
            xml,
            "    <category term=\"{code}\" scheme=\"http://arxiv.org/schemas/atom\"/>"
        );
    }
    let _ = writeln!(xml, "    <published>{}</published>", date(0));
    if let Some(comment) = &paper.comment {
        let _ = writeln!(xml, "    <arxiv:comment>{}</arxiv:comment>", escaped(comment));
    }
    let _ = writeln!(
        xml,
        "    <arxiv:primary_category term=\"{}\"/>",
        paper.categories[0]
    );
    if let Some(journal) = &paper.journal_ref {
        let _ = writeln!(
            xml,
            "    <arxiv:journal_ref>{}</arxiv:journal_ref>",
            escaped(journal)
        );
    }
    for (name, affiliations) in &paper.authors {
        let _ = writeln!(xml, "    <author>\n      <name>{}</name>", escaped(name));
        for place in affiliations {
            let _ = writeln!(
                xml,
                "      <arxiv:affiliation>{}</arxiv:affiliation>",
                escaped(place)
            );
        }
        xml.push_str("    </author>\n");
    }
    for doi in &paper.dois {
        let doi = escaped(doi);
        let _ = writeln!(
            xml,
            "    <arxiv:doi>{doi}</arxiv:doi>\n    <link rel=\"related\" href=\"https://doi.org/{doi}\" title=\"doi\"/>"
        );
    }
    xml.push_str("  </entry>\n");
}

/// An error feed; `code` follows `#` in its id.
pub fn error(status: u16, code: &str, words: &str) -> Reply {
    let hash = if code.is_empty() { "" } else { "#" };
    let id = escaped(&format!("https://arxiv.org/api/errors{hash}{code}"));
    let mut xml = format!(
        "{HEAD}  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n  <updated>{NOW}</updated>\n"
    );
    counts(&mut xml, 1, 1, 0);
    let _ = write!(
        xml,
        "  <entry>\n    <id>{id}</id>\n    <title>Error</title>\n    <updated>{NOW}</updated>\n    \
         <link href=\"{id}\" rel=\"alternate\" type=\"text/html\"/>\n    <summary>{}</summary>\n    \
         <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n",
        escaped(words)
    );
    (status, xml)
}

/// A 400 whose code is its words, joined.
fn coded(words: &str) -> Reply {
    error(400, &words.replace(' ', "_"), words)
}

fn internal() -> Reply {
    let words = "The server encountered an internal error and was unable to complete your request. Either the server \
                 is overloaded or there is an error in the application.";
    error(500, "", words)
}

/// Escaped for XML. Control characters stay, though XML 1.0 knows none: a hostile server would not mind.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
