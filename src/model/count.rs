//! Counts: how many papers fall under each value of something.

use serde::Serialize;

/// How many papers fall under one value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// What is counted by: `year`, `month`, `area`, `category`, `author`, `tag`.
    pub by: &'static str,
    /// The value: `2024`, `cs.CL`; null where the papers have none.
    pub key: Option<String>,
    /// How many papers.
    pub count: u64,
}

/// `1 paper`, `35 papers`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `0 bytes`, `1 byte`, `999 bytes`, `1.5 kB`, `12.3 MB`: a size as a person says it.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    // Tenths of the unit, rounded down; in whole numbers, since a float has not room for every length.
    let mut tenths = bytes / 100;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while tenths >= 10_000
        && let Some(next) = units.next()
    {
        tenths /= 1000;
        unit = Some(next);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, unit.unwrap_or(&""))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let told = [0, 1, 999, 1000, 1_549, 999_999, 1_000_000, 12_345_678, u64::MAX].map(size);
        assert_eq!(
            told,
            [
                "0 bytes",
                "1 byte",
                "999 bytes",
                "1.0 kB",
                "1.5 kB",
                "999.9 kB",
                "1.0 MB",
                "12.3 MB",
                "18446.7 PB"
            ]
        );
    }
}
