//! Counts, sizes and durations as people write them.

use std::time::Duration;

/// Formats a number with an English noun: `1 paper`, `35 papers`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Formats a size in decimal units: `0 bytes`, `1 byte`, `999 bytes`, `1.5 kB`, `12.3 MB`.
#[must_use]
pub fn byte_size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    // In tenths of the unit and in integers, because an `f64` cannot represent every `u64`.
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

/// Formats a duration in its two largest units: `20 s`, `0.2 s`, `3 min 5 s`, `1 h 20 min`.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 10 && time.subsec_millis() != 0 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::byte_size;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let told = [0, 1, 999, 1000, 1_549, 999_999, 1_000_000, 12_345_678, u64::MAX].map(byte_size);
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
