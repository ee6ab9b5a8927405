//! What a person reads: figures beside their limits.

use std::time::Duration;

pub fn heading(title: &str) {
    println!("\n{title:<58} {:>13} {:>13} {:>13}", "arxcat", "FTS5", "limit");
}

/// A figure without a limit.
pub fn shown(what: &str, unit: &str, ours: Option<f64>) {
    figure(what, unit, ours, None, None);
}

/// A figure and the most it may be.
pub fn limited(what: &str, unit: &str, ours: Option<f64>, limit: f64) {
    figure(what, unit, ours, None, Some(limit));
}

/// A figure of ours, FTS5's where there is one, and the most it may be where that is said.
pub fn figure(what: &str, unit: &str, ours: Option<f64>, fts5: Option<f64>, limit: Option<f64>) {
    let show = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1} {unit}"));
    let verdict = match limit {
        Some(limit) if ours.is_some_and(|ours| ours > limit) => "OVER",
        Some(_) if ours.is_some() => "ok",
        _ => "",
    };
    let (ours, fts5, limit) = (show(ours), show(fts5), show(limit));
    println!("{what:<58} {ours:>13} {fts5:>13} {limit:>13} {verdict}");
}

/// The median in milliseconds, or `None` if nothing was measured.
pub fn median(mut times: Vec<Duration>) -> Option<f64> {
    times.sort();
    times.get(times.len() / 2).map(|time| time.as_secs_f64() * 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn float(number: usize) -> f64 {
    number as f64
}
