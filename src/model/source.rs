//! The sources of records, and what each is trusted for when two records of a paper are merged.

use serde::{Deserialize, Serialize};

/// Where a record came from. A new source is a variant and a row of `Source::trust`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A catalog.
    #[default]
    Catalog,
    /// arXiv's query API.
    Api,
    /// arXiv's OAI-PMH service.
    Oai,
    /// arXiv's RSS feeds.
    Rss,
    /// A file of the user's.
    File,
}

/// A group of facts about a paper for which some sources are the authority.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Facts {
    /// Title, abstract, categories, comment, journal reference, DOIs, MSC and ACM classes.
    Metadata,
    /// The authors' affiliations.
    Affiliations,
    /// The report number.
    ReportNumber,
    /// Licence, submitter and version history.
    Submission,
    /// Whether the version is a withdrawal.
    Withdrawal,
}

/// What a source is trusted for.
struct Trust {
    /// Of two records of the same version and day, the one of the higher rank is believed.
    rank: u8,
    /// Whether its records only fill gaps, however new they are.
    fills_gaps_only: bool,
    /// What it is the authority for: there its null means that the paper has no value.
    authority: &'static [Facts],
}

impl Source {
    /// One row per source. The API alone serves affiliations; OAI-PMH (arXivRaw) alone serves licence, submitter,
    /// history and a report number for every paper that has one; an RSS item lacks comment and DOI.
    #[rustfmt::skip]
    fn trust(self) -> Trust {
        use Facts::{Affiliations, Metadata, ReportNumber, Submission, Withdrawal};
        let row = |rank, fills_gaps_only, authority| Trust { rank, fills_gaps_only, authority };
        match self {
            Self::Rss     => row(0, true,  &[]),
            Self::Catalog => row(1, false, &[]),
            Self::File    => row(2, false, &[]),
            Self::Oai     => row(3, false, &[Metadata, ReportNumber, Submission, Withdrawal]),
            Self::Api     => row(4, false, &[Metadata, Affiliations, Withdrawal]),
        }
    }

    /// Its rank among the sources: of two records of the same version and day, the higher is believed.
    #[must_use]
    pub fn rank(self) -> u8 {
        self.trust().rank
    }

    /// Whether its records only fill gaps of other records, however new they are.
    #[must_use]
    pub fn fills_gaps_only(self) -> bool {
        self.trust().fills_gaps_only
    }

    /// Whether it is the authority for these facts, so that its null means that there is no value.
    #[must_use]
    pub fn is_authority_for(self, facts: Facts) -> bool {
        self.trust().authority.contains(&facts)
    }

    /// Whether its records are arXiv's own answers, with all of a paper's metadata.
    #[must_use]
    pub fn is_arxiv(self) -> bool {
        self.is_authority_for(Facts::Metadata)
    }
}
