//! The four forms of metadata, as the service writes them.

use std::fmt::Write;

use arxcat::model::category;

use super::Entry;

impl Entry {
    pub(super) fn is_in(&self, set: &str) -> bool {
        let sets = self
            .paper
            .categories
            .iter()
            .filter_map(|code| category::oai_set(code));
        sets.into_iter()
            .any(|own| own == set || own.strip_prefix(set).is_some_and(|rest| rest.starts_with(':')))
    }

    pub(super) fn raw(&self) -> String {
        let mut versions = String::new();
        for (at, date) in self.paper.versions.iter().enumerate() {
            let flag = if self.withdrawn.contains(&(at + 1)) {
                "<source_type>I</source_type>"
            } else {
                ""
            };
            let _ = writeln!(
                versions,
                "<version version=\"v{}\"><date>{}</date><size>9kb</size>{flag}</version>",
                at + 1,
                date.format("%a, %d %b %Y %H:%M:%S GMT")
            );
        }
        format!(
            "<arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\">\n<submitter>Ada Example</submitter>\n{versions}{}\
             <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>\n</arXivRaw>",
            self.common()
        )
    }

    pub(super) fn common(&self) -> String {
        let names: Vec<&str> = self.paper.authors.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "<id>{}</id>\n<title>{}</title>\n<authors>{}</authors>\n<categories>{}</categories>\n{}{}{}\
             <abstract>{}</abstract>\n",
            self.paper.id,
            escaped(&self.paper.title),
            escaped(&names.join(", ")),
            self.paper.categories.join(" "),
            element("comments", self.paper.comment.as_deref()),
            element("journal-ref", self.paper.journal_ref.as_deref()),
            element(
                "doi",
                Some(self.paper.dois.join(" ").as_str()).filter(|doi| !doi.is_empty())
            ),
            escaped(&self.paper.abstract_text)
        )
    }

    pub(super) fn apart(&self) -> String {
        let mut authors = String::new();
        for (name, affiliations) in &self.paper.authors {
            let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
            let _ = write!(
                authors,
                "<author>{}{}",
                element("keyname", Some(family)),
                element("forenames", Some(given).filter(|given| !given.is_empty()))
            );
            for affiliation in affiliations {
                authors += &element("affiliation", Some(affiliation));
            }
            authors += "</author>";
        }
        let common = self.common();
        let (before, rest) = common.split_once("<authors>").unwrap();
        let (_, after) = rest.split_once("</authors>").unwrap();
        format!(
            "<arXiv>{before}<created>{}</created><updated>{}</updated><authors>{authors}</authors>{after}</arXiv>",
            self.paper.versions.last().unwrap().date_naive(),
            self.datestamp
        )
    }

    pub(super) fn dublin(&self) -> String {
        let mut dublin = element("dc:title", Some(&self.paper.title));
        for (name, _) in &self.paper.authors {
            let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
            dublin += &element(
                "dc:creator",
                Some(format!("{family}, {given}").trim_end_matches(", ")),
            );
        }
        for code in &self.paper.categories {
            dublin += &element("dc:subject", category::find(code).map(|known| known.name));
        }
        dublin += &element("dc:description", Some(&self.paper.abstract_text));
        for version in [self.paper.versions.first(), self.paper.versions.last()]
            .into_iter()
            .flatten()
        {
            dublin += &element("dc:date", Some(&version.date_naive().to_string()));
        }
        let address = format!("http://arxiv.org/abs/{}", self.paper.id);
        format!(
            "<oai_dc:dc>{dublin}{}</oai_dc:dc>",
            element("dc:identifier", Some(&address))
        )
    }
}

fn element(name: &str, text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        format!("<{name}>{}</{name}>\n", escaped(text))
    })
}

/// Control characters stay: the service has been seen to send them.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
