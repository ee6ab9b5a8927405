//! The content of the gate's file: when the last request ended, and until when nothing is sent. Times are Unix
//! milliseconds.
//!
//! It is parsed with distrust: another version, a crash or a changed clock may have left it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The longest back-off. A forged or damaged file must not lock the user out for longer.
const MAX_BACK_OFF: Duration = Duration::from_hours(1);

/// The longest time for which the gate can be closed.
const MAX_CLOSED: Duration = Duration::from_hours(24);

/// Failures of longer ago than this after their back-off say nothing about the present.
const FAILURES_LAPSE: Duration = Duration::from_hours(1);

/// The content of the gate's file. Keys that another version wrote are ignored.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct GateState {
    /// The request in flight. A holder that died leaves it behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) in_flight: Option<InFlight>,
    /// The end of the last request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<u64>,
    /// The back-off after a failed request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) not_before: Option<BackOff>,
    /// Failed requests in a row at one place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<FailedTries>,
    /// Until when the service denies access, or wants no requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    denied_until: Option<BackOff>,
    /// The gate was never used.
    #[serde(skip)]
    pub(super) is_new: bool,
}

/// A request in flight.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct InFlight {
    pid: u32,
    what: String,
}

/// A back-off, stored as start and length, so that setting the clock back cannot make it longer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BackOff {
    set: u64,
    wait: u64,
    why: String,
}

/// Failed requests in a row at one place, and the back-off there, which can be longer than the general one.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct FailedTries {
    what: String,
    count: u32,
    set: u64,
    wait: u64,
    why: String,
}

/// A back-off that is not over.
pub(super) struct ActiveBackOff {
    /// How long it still lasts.
    pub(super) wait: Duration,
    pub(super) until: u64,
    pub(super) reason: String,
}

impl GateState {
    /// Parses the file's content. What cannot be parsed counts as a request that has just ended.
    pub(super) fn parse(bytes: &[u8], is_new_file: bool) -> Self {
        if bytes.is_empty() && is_new_file {
            return Self {
                is_new: true,
                ..Self::default()
            };
        }
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// Returns how long to wait until the next request: never more than the interval, whatever the clock says.
    ///
    /// A request in flight whose lock is free belonged to a process that died; when it ended is unknown, so a whole
    /// interval is waited. An end in the future counts as now.
    pub(super) fn pause(&self, now: u64, interval: Duration) -> Duration {
        match self.ended {
            _ if self.is_new => Duration::ZERO,
            Some(ended) if self.in_flight.is_none() && ended <= now => {
                interval.saturating_sub(Duration::from_millis(now - ended))
            }
            _ => interval,
        }
    }

    /// Returns the back-off in force for a request to this place, if there is one.
    pub(super) fn active_back_off(&mut self, place: &str, now: u64) -> Option<ActiveBackOff> {
        let general = self.not_before.as_ref();
        let general = general.and_then(|back_off| remaining(back_off.set, back_off.wait, &back_off.why, now));
        if general.is_none() {
            self.not_before = None;
        }
        let of_place = self
            .refused
            .as_ref()
            .filter(|failed| failed.what == shortened(place));
        let of_place = of_place.and_then(|failed| remaining(failed.set, failed.wait, &failed.why, now));
        match (general, of_place) {
            (Some(general), Some(of_place)) if of_place.until > general.until => Some(of_place),
            (None, of_place) => of_place,
            (general, _) => general,
        }
    }

    /// Counts a failed request to this place, and returns how many failed in a row.
    pub(super) fn count_failure(&mut self, place: &str, now: u64) -> u32 {
        let lapse = millis(FAILURES_LAPSE);
        let recent = self.refused.take().filter(|failed| {
            let end = failed.set.saturating_add(failed.wait.min(millis(MAX_BACK_OFF)));
            failed.what == shortened(place) && now <= end.saturating_add(lapse)
        });
        let count = recent.map_or(0, |failed| failed.count).saturating_add(1);
        self.refused = Some(FailedTries {
            what: shortened(place),
            count,
            set: now,
            wait: 0,
            why: String::new(),
        });
        count
    }

    /// Starts the back-off of the place that failed last.
    pub(super) fn back_off_place(&mut self, now: u64, wait: Duration, reason: &str) {
        if let Some(failed) = &mut self.refused {
            failed.set = now;
            failed.wait = millis(wait.min(MAX_BACK_OFF));
            failed.why = shortened(reason);
        }
    }

    /// A request to this place succeeded.
    pub(super) fn clear_failures(&mut self, place: &str) {
        self.refused = self
            .refused
            .take()
            .filter(|failed| failed.what != shortened(place));
    }

    /// Closes the gate.
    pub(super) fn close(&mut self, now: u64, wait: Duration, reason: &str) {
        self.denied_until = Some(BackOff {
            set: now,
            wait: millis(wait.min(MAX_CLOSED)),
            why: shortened(reason),
        });
    }

    /// Returns how long the gate is still closed, and why.
    pub(super) fn closed(&self, now: u64) -> Option<(Duration, String)> {
        let closed = self.denied_until.as_ref()?;
        let until = closed.set.saturating_add(closed.wait.min(millis(MAX_CLOSED)));
        let wait = until.saturating_sub(now);
        (wait > 0).then(|| (Duration::from_millis(wait), closed.why.clone()))
    }

    /// Lets waits that start in the future start now, because the clock was set back. Returns whether there were any.
    pub(super) fn correct_clock(&mut self, now: u64) -> bool {
        let back_offs = [self.not_before.as_mut(), self.denied_until.as_mut()];
        let starts = back_offs.into_iter().flatten().map(|back_off| &mut back_off.set);
        let starts = starts.chain(self.refused.as_mut().map(|failed| &mut failed.set));
        let mut corrected = false;
        for set in starts.filter(|set| **set > now) {
            *set = now;
            corrected = true;
        }
        corrected
    }

    /// The request that was to start was not sent.
    pub(super) fn cancel(&mut self) {
        self.in_flight = None;
    }

    /// Starts a back-off.
    pub(super) fn back_off(&mut self, now: u64, wait: Duration, reason: &str) {
        self.not_before = Some(BackOff {
            set: now,
            wait: millis(wait.min(MAX_BACK_OFF)),
            why: shortened(reason),
        });
    }

    /// Records that a request starts.
    pub(super) fn begin(&mut self, description: &str) {
        self.is_new = false;
        self.in_flight = Some(InFlight {
            pid: std::process::id(),
            what: shortened(description),
        });
    }

    /// Records that the request is over.
    pub(super) fn end(&mut self, now: u64) {
        self.in_flight = None;
        // Rounded up, so that the pause is never a fraction of a millisecond short.
        self.ended = Some(now.saturating_add(1));
    }
}

/// The rest of a back-off.
fn remaining(set: u64, wait: u64, reason: &str, now: u64) -> Option<ActiveBackOff> {
    let until = set.saturating_add(wait.min(millis(MAX_BACK_OFF)));
    let wait = until.saturating_sub(now);
    (wait > 0).then(|| ActiveBackOff {
        wait: Duration::from_millis(wait),
        until,
        reason: reason.to_owned(),
    })
}

/// Cuts a text so that the file stays far below what is read of it.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// The wall clock, since it is the clock that processes share.
pub(super) fn unix_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// Whole milliseconds. `u64::MAX` of them are 584 million years, so longer times may be cut.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Duration = Duration::from_secs(3);

    fn ended(at: u64) -> GateState {
        GateState {
            ended: Some(at),
            ..GateState::default()
        }
    }

    #[test]
    fn the_pause_runs_from_the_end_of_the_last_request() {
        assert_eq!(ended(10_000).pause(11_000, THREE), Duration::from_secs(2));
        assert_eq!(ended(10_000).pause(13_000, THREE), Duration::ZERO);
        assert_eq!(ended(10_000).pause(u64::MAX, THREE), Duration::ZERO);
    }

    #[test]
    fn an_end_in_the_future_counts_as_now() {
        assert_eq!(ended(u64::MAX).pause(11_000, THREE), THREE);
    }

    #[test]
    fn a_holder_that_died_costs_one_interval() {
        let mut state = ended(0);
        state.begin("x");
        assert_eq!(state.pause(1_000_000, THREE), THREE);
        state.end(1_000_000);
        assert!(state.pause(1_000_000, THREE) <= THREE);
        assert_eq!(state.pause(1_003_001, THREE), Duration::ZERO);
    }

    #[test]
    fn only_a_new_file_needs_no_pause() {
        assert_eq!(GateState::parse(b"", true).pause(5, THREE), Duration::ZERO);
        for bytes in [
            &b""[..],
            b"{",
            b"\xff\xfe",
            b"{}",
            b"[]",
            b"{\"ended\":-1}",
            b"null",
        ] {
            assert_eq!(
                GateState::parse(bytes, false).pause(u64::MAX, THREE),
                THREE,
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_back_off_is_stored_and_ends() {
        let mut state = GateState::default();
        state.back_off(1000, Duration::from_secs(20), "arXiv answered 503");
        let bytes = serde_json::to_vec(&state).unwrap();
        let mut state = GateState::parse(&bytes, false);
        let active = state.active_back_off("x", 6000).unwrap();
        assert_eq!((active.wait, active.until), (Duration::from_secs(15), 21_000));
        assert_eq!(active.reason, "arXiv answered 503");
        assert!(state.active_back_off("x", 21_000).is_none());
        assert!(state.not_before.is_none());
    }

    #[test]
    fn setting_the_clock_back_makes_no_back_off_longer() {
        let mut state = GateState::default();
        state.back_off(1_000_000_000, Duration::from_secs(20), "");
        assert!(state.correct_clock(5000));
        let active = state.active_back_off("x", 5000).unwrap();
        assert_eq!((active.wait, active.until), (Duration::from_secs(20), 25_000));
        assert!(!state.correct_clock(5001));
        assert!(state.active_back_off("x", 25_000).is_none());
    }

    #[test]
    fn no_back_off_is_longer_than_an_hour() {
        let mut state = GateState::default();
        state.back_off(0, Duration::MAX, "");
        assert_eq!(state.active_back_off("x", 0).unwrap().wait, MAX_BACK_OFF);
        let forged = br#"{"not_before":{"set":0,"wait":18446744073709551615,"why":""}}"#;
        assert_eq!(
            GateState::parse(forged, false)
                .active_back_off("x", 0)
                .unwrap()
                .wait,
            MAX_BACK_OFF
        );
    }

    #[test]
    fn failures_are_counted_over_processes_until_they_lapse() {
        let hour = 3_600_000;
        let mut state = GateState::default();
        assert_eq!([1, 2].map(|now| state.count_failure("x", now)), [1, 2]);
        state.back_off_place(3, Duration::from_secs(40), "status 429");
        let bytes = serde_json::to_vec(&state).unwrap();
        let mut state = GateState::parse(&bytes, false);
        let active = state.active_back_off("x", 10_003).unwrap();
        assert_eq!(
            (active.wait, active.reason.as_str()),
            (Duration::from_secs(30), "status 429")
        );
        assert!(state.active_back_off("y", 10_003).is_none());
        state.clear_failures("y");
        assert_eq!(state.clone().count_failure("x", hour), 3);
        assert_eq!(state.clone().count_failure("x", 2 * hour), 1);
        assert_eq!(state.clone().count_failure("y", 5), 1);
        state.clear_failures("x");
        assert_eq!(state.count_failure("x", 5), 1);
    }

    #[test]
    fn a_closed_gate_opens_after_its_time_and_at_most_a_day() {
        let mut state = GateState::default();
        assert!(state.closed(0).is_none());
        state.close(1000, Duration::from_hours(6), "access denied");
        let bytes = serde_json::to_vec(&state).unwrap();
        let state = GateState::parse(&bytes, false);
        let (wait, reason) = state.closed(3_601_000).unwrap();
        assert_eq!(
            (wait, reason.as_str()),
            (Duration::from_hours(5), "access denied")
        );
        assert!(state.closed(6 * 3_600_000 + 1000).is_none());
        let forged = br#"{"denied_until":{"set":0,"wait":18446744073709551615,"why":""}}"#;
        assert_eq!(GateState::parse(forged, false).closed(0).unwrap().0, MAX_CLOSED);
    }
}
