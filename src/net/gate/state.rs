//! What the gate's file says: when the last request ended, and until when nobody sends. Times are Unix milliseconds.
//!
//! Read with distrust: another version, a crash or a changed clock may stand behind them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Nobody is held off for longer.
const LONGEST: Duration = Duration::from_hours(1);

/// The content of the gate's file.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct Notes {
    /// The request being made; what a holder that died leaves behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) in_flight: Option<InFlight>,
    /// The end of the last request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<u64>,
    /// Until when nobody sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) not_before: Option<NotBefore>,
    /// The gate was never used.
    #[serde(skip)]
    pub(super) fresh: bool,
}

/// A request being made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct InFlight {
    pid: u32,
    what: String,
}

/// A back-off, as a start and a length, so that a clock set back cannot make it longer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct NotBefore {
    set: u64,
    wait: u64,
    why: String,
}

/// How long to wait for a back-off.
pub(super) struct HeldOff {
    pub(super) wait: Duration,
    pub(super) until: u64,
    pub(super) why: String,
    /// The clock was set back, and the notes now say so.
    pub(super) moved: bool,
}

impl Notes {
    /// Reads the file's content; what cannot be read counts as a request that has just ended.
    pub(super) fn read(bytes: &[u8], new_file: bool) -> Self {
        if bytes.is_empty() && new_file {
            return Self {
                fresh: true,
                ..Self::default()
            };
        }
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// How long until the next request may begin: never more than the interval, whatever the clock says.
    pub(super) fn pause(&self, now: u64, interval: Duration) -> Duration {
        match self.ended {
            _ if self.fresh => Duration::ZERO,
            Some(ended) if self.in_flight.is_none() && ended <= now => {
                interval.saturating_sub(Duration::from_millis(now - ended))
            }
            _ => interval,
        }
    }

    /// The back-off in force, if one is.
    pub(super) fn held_off(&mut self, now: u64) -> Option<HeldOff> {
        let back_off = self.not_before.as_mut()?;
        let moved = now < back_off.set;
        if moved {
            back_off.set = now;
        }
        let until = back_off.set.saturating_add(back_off.wait.min(millis(LONGEST)));
        let wait = until.saturating_sub(now);
        if wait == 0 {
            self.not_before = None;
            return None;
        }
        Some(HeldOff {
            wait: Duration::from_millis(wait),
            until,
            why: back_off.why.clone(),
            moved,
        })
    }

    /// Sets a back-off from now on.
    pub(super) fn hold_off(&mut self, now: u64, wait: Duration, why: &str) {
        self.not_before = Some(NotBefore {
            set: now,
            wait: millis(wait.min(LONGEST)),
            why: why.chars().take(200).collect(),
        });
    }

    /// A request goes out.
    pub(super) fn begin(&mut self, what: &str) {
        self.fresh = false;
        self.in_flight = Some(InFlight {
            pid: std::process::id(),
            what: what.chars().take(200).collect(),
        });
    }

    /// The request is over.
    pub(super) fn end(&mut self, now: u64) {
        self.in_flight = None;
        // Rounded up: the pause is never a part of a millisecond short.
        self.ended = Some(now.saturating_add(1));
    }
}

/// The wall clock, since it is what processes share.
pub(super) fn unix_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Duration = Duration::from_secs(3);

    fn ended(at: u64) -> Notes {
        Notes {
            ended: Some(at),
            ..Notes::default()
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
        let mut notes = ended(0);
        notes.begin("x");
        assert_eq!(notes.pause(1_000_000, THREE), THREE);
        notes.end(1_000_000);
        assert!(notes.pause(1_000_000, THREE) <= THREE);
        assert_eq!(notes.pause(1_003_001, THREE), Duration::ZERO);
    }

    #[test]
    fn only_a_new_file_is_free_of_a_pause() {
        assert_eq!(Notes::read(b"", true).pause(5, THREE), Duration::ZERO);
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
                Notes::read(bytes, false).pause(u64::MAX, THREE),
                THREE,
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_back_off_survives_being_written_and_ends() {
        let mut notes = Notes::default();
        notes.hold_off(1000, Duration::from_secs(20), "arXiv answered 503");
        let bytes = serde_json::to_vec(&notes).unwrap();
        let mut notes = Notes::read(&bytes, false);
        let held = notes.held_off(6000).unwrap();
        assert_eq!((held.wait, held.until), (Duration::from_secs(15), 21_000));
        assert_eq!(held.why, "arXiv answered 503");
        assert!(notes.held_off(21_000).is_none());
        assert!(notes.not_before.is_none());
    }

    #[test]
    fn a_clock_set_back_makes_no_back_off_longer() {
        let mut notes = Notes::default();
        notes.hold_off(1_000_000_000, Duration::from_secs(20), "");
        let held = notes.held_off(5000).unwrap();
        assert_eq!(
            (held.wait, held.until, held.moved),
            (Duration::from_secs(20), 25_000, true)
        );
        assert!(notes.held_off(25_000).is_none());
    }

    #[test]
    fn nobody_is_held_off_for_more_than_an_hour() {
        let mut notes = Notes::default();
        notes.hold_off(0, Duration::MAX, "");
        assert_eq!(notes.held_off(0).unwrap().wait, LONGEST);
        let forged = br#"{"not_before":{"set":0,"wait":18446744073709551615,"why":""}}"#;
        assert_eq!(Notes::read(forged, false).held_off(0).unwrap().wait, LONGEST);
    }
}
