//! The content of the gate's file: when the last request ended, and until when nothing is sent. Times are Unix
//! milliseconds.
//!
//! It is parsed with distrust: another version, a crash or a changed clock may have left it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The longest back-off. A forged or damaged file must not lock the user out for longer.
const MAX_BACK_OFF: Duration = Duration::from_hours(1);

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

/// A back-off that is not over.
pub(super) struct ActiveBackOff {
    /// How long it still lasts.
    pub(super) wait: Duration,
    pub(super) until: u64,
    pub(super) reason: String,
    /// The clock was set back, and the state was changed accordingly.
    pub(super) changed: bool,
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

    /// Returns the back-off in force, if there is one.
    pub(super) fn active_back_off(&mut self, now: u64) -> Option<ActiveBackOff> {
        let back_off = self.not_before.as_mut()?;
        let changed = now < back_off.set;
        if changed {
            back_off.set = now;
        }
        let length = back_off.wait.min(millis(MAX_BACK_OFF));
        let until = back_off.set.saturating_add(length);
        let wait = until.saturating_sub(now);
        if wait == 0 {
            self.not_before = None;
            return None;
        }
        Some(ActiveBackOff {
            wait: Duration::from_millis(wait),
            until,
            reason: back_off.why.clone(),
            changed,
        })
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
        let active = state.active_back_off(6000).unwrap();
        assert_eq!((active.wait, active.until), (Duration::from_secs(15), 21_000));
        assert_eq!(active.reason, "arXiv answered 503");
        assert!(state.active_back_off(21_000).is_none());
        assert!(state.not_before.is_none());
    }

    #[test]
    fn setting_the_clock_back_makes_no_back_off_longer() {
        let mut state = GateState::default();
        state.back_off(1_000_000_000, Duration::from_secs(20), "");
        let active = state.active_back_off(5000).unwrap();
        assert_eq!(
            (active.wait, active.until, active.changed),
            (Duration::from_secs(20), 25_000, true)
        );
        assert!(state.active_back_off(25_000).is_none());
    }

    #[test]
    fn no_back_off_is_longer_than_an_hour() {
        let mut state = GateState::default();
        state.back_off(0, Duration::MAX, "");
        assert_eq!(state.active_back_off(0).unwrap().wait, MAX_BACK_OFF);
        let forged = br#"{"not_before":{"set":0,"wait":18446744073709551615,"why":""}}"#;
        assert_eq!(
            GateState::parse(forged, false).active_back_off(0).unwrap().wait,
            MAX_BACK_OFF
        );
    }
}
