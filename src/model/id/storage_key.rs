//! Identifiers as integers, the keys of the library's tables.

use super::ArxivId;

/// The archives of old-style identifiers, numbered from 1. Databases contain these numbers, so the order must never
/// change; append only. (arXiv has added no archive to identifiers since 2007.)
const ARCHIVES: &[&str] = &[
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
    "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "econ", "eess", "funct-an", "gr-qc", "hep-ex",
    "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol",
    "physics", "plasm-ph", "q-alg", "q-bio", "q-fin", "quant-ph", "solv-int", "stat", "supr-con", "test",
];

const NUMBER_BITS: u32 = 17;
const ARCHIVE_BITS: u32 = 6;
const FIRST_YEAR: u16 = 1991;

impl ArxivId {
    /// The identifier without its version as a number of 35 bits, whose order is the identifiers' order but for the
    /// archives of one month and number. Databases contain it, so it must never change.
    #[must_use]
    pub fn packed(self) -> i64 {
        let months = i64::from(self.year.saturating_sub(FIRST_YEAR)) * 12 + i64::from(self.month) - 1;
        // Archives are numbered from 1; 0 is a new-style identifier.
        let archive = self.archive.map_or(0, |own| {
            let mut numbered = (1_i64..).zip(ARCHIVES);
            numbered
                .find(|(_, archive)| **archive == own)
                .map_or(0, |(number, _)| number)
        });
        (months << (NUMBER_BITS + ARCHIVE_BITS)) | (i64::from(self.number) << ARCHIVE_BITS) | archive
    }

    /// Returns the identifier of a number from [`Self::packed`], or `None` for any other number.
    #[must_use]
    pub fn unpacked(packed: i64) -> Option<Self> {
        let part = |shift: u32, bits: u32| (packed >> shift) & ((1 << bits) - 1);
        let months = packed >> (NUMBER_BITS + ARCHIVE_BITS);
        let archive = match usize::try_from(part(0, ARCHIVE_BITS)).ok()? {
            0 => None,
            at => Some(*ARCHIVES.get(at - 1)?),
        };
        let id = Self {
            year: FIRST_YEAR + u16::try_from(months / 12).ok()?,
            month: u8::try_from(months % 12).ok()? + 1,
            number: u32::try_from(part(ARCHIVE_BITS, NUMBER_BITS)).ok()?,
            archive,
            version: None,
        };
        (Self::parse(&id.to_string()) == Ok(id)).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::archives;
    use super::*;

    #[test]
    fn every_archive_has_its_number() {
        let missing: Vec<_> = archives().filter(|code| !ARCHIVES.contains(code)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(ARCHIVES.len() < 1 << ARCHIVE_BITS);
    }

    #[test]
    fn what_is_packed_comes_out_again_in_order() {
        let ids = [
            "hep-th/9108001",
            "math/0309136",
            "cs/0703140",
            "0704.0001",
            "1412.7878",
            "1501.00001",
            "2501.12948",
            "9912.99999",
        ];
        let packed: Vec<i64> = ids
            .iter()
            .map(|id| ArxivId::parse(id).unwrap().packed())
            .collect();
        assert!(packed.is_sorted(), "{packed:?}");
        for (id, packed) in ids.iter().zip(packed) {
            assert_eq!(ArxivId::unpacked(packed).unwrap().to_string(), *id);
        }
        assert_eq!(ArxivId::unpacked(-1), None);
        assert_eq!(ArxivId::unpacked(i64::MAX), None);
        assert_eq!(ArxivId::unpacked(0), None);
    }
}
