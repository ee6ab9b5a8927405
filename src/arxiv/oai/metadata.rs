//! The four metadata formats, and the fields that their elements hold.

/// The format of a record's metadata, by its prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MetadataFormat {
    /// `oai_dc`.
    DublinCore,
    /// `arXiv`.
    Arxiv,
    /// `arXivOld`.
    Old,
    /// `arXivRaw`.
    Raw,
}

/// A text of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RecordField {
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

impl MetadataFormat {
    /// Returns the format of the metadata in an element of this name.
    pub(super) fn from_element(local: &str) -> Option<Self> {
        match local {
            "arXivRaw" => Some(Self::Raw),
            "arXiv" => Some(Self::Arxiv),
            "arXivOld" => Some(Self::Old),
            "dc" => Some(Self::DublinCore),
            _ => None,
        }
    }

    /// Returns the field that an element of this name holds in this format.
    pub(super) fn field(self, local: &str) -> Option<RecordField> {
        Some(match (self, local) {
            (_, "title") => RecordField::Title,
            (Self::DublinCore, "creator") => RecordField::DublinCreator,
            (Self::DublinCore, "subject") => RecordField::DublinSubject,
            (Self::DublinCore, "description") => RecordField::DublinDescription,
            (Self::DublinCore, "date") => RecordField::DublinDate,
            (Self::DublinCore, "identifier") => RecordField::DublinIdentifier,
            (Self::DublinCore, _) => return None,
            (_, "id") => RecordField::Id,
            (_, "abstract") => RecordField::Abstract,
            (_, "authors") => RecordField::Authors,
            (_, "categories") => RecordField::Categories,
            (_, "comments") => RecordField::Comments,
            (_, "journal-ref") => RecordField::JournalRef,
            (_, "doi") => RecordField::Doi,
            (_, "report-no") => RecordField::ReportNo,
            (_, "msc-class") => RecordField::MscClass,
            (_, "acm-class") => RecordField::AcmClass,
            (_, "license") => RecordField::License,
            (Self::Raw, "submitter") => RecordField::Submitter,
            (Self::Arxiv, "created") => RecordField::Created,
            (Self::Arxiv, "updated") => RecordField::Updated,
            _ => return None,
        })
    }
}
