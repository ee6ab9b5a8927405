//! The four forms of metadata, and what their elements are.

/// The form of a record's metadata.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Dublin,
    Arxiv,
    Old,
    Raw,
}

/// A text that a record has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Identifier,
    Datestamp,
    Set,
    Id,
    Title,
    Authors,
    Abstract,
    Categories,
    Comments,
    JournalRef,
    Doi,
    ReportNo,
    MscClass,
    AcmClass,
    License,
    Submitter,
    Created,
    Updated,
    Keyname,
    Forenames,
    Suffix,
    Affiliation,
    VersionDate,
    SourceType,
    DublinCreator,
    DublinSubject,
    DublinDescription,
    DublinDate,
    DublinIdentifier,
}

impl Form {
    /// The form of metadata in an element of this name.
    pub(super) fn of(local: &str) -> Option<Self> {
        match local {
            "arXivRaw" => Some(Self::Raw),
            "arXiv" => Some(Self::Arxiv),
            "arXivOld" => Some(Self::Old),
            "dc" => Some(Self::Dublin),
            _ => None,
        }
    }

    /// What an element of this name is in this form.
    pub(super) fn field(self, local: &str) -> Option<Field> {
        Some(match (self, local) {
            (_, "title") => Field::Title,
            (Self::Dublin, "creator") => Field::DublinCreator,
            (Self::Dublin, "subject") => Field::DublinSubject,
            (Self::Dublin, "description") => Field::DublinDescription,
            (Self::Dublin, "date") => Field::DublinDate,
            (Self::Dublin, "identifier") => Field::DublinIdentifier,
            (Self::Dublin, _) => return None,
            (_, "id") => Field::Id,
            (_, "abstract") => Field::Abstract,
            (_, "authors") => Field::Authors,
            (_, "categories") => Field::Categories,
            (_, "comments") => Field::Comments,
            (_, "journal-ref") => Field::JournalRef,
            (_, "doi") => Field::Doi,
            (_, "report-no") => Field::ReportNo,
            (_, "msc-class") => Field::MscClass,
            (_, "acm-class") => Field::AcmClass,
            (_, "license") => Field::License,
            (Self::Raw, "submitter") => Field::Submitter,
            (Self::Arxiv, "created") => Field::Created,
            (Self::Arxiv, "updated") => Field::Updated,
            _ => return None,
        })
    }
}
