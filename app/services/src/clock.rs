//! The one clock. Everything else takes the time as a parameter.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use domain::time::At;

/// Where `now` comes from: the system, the system shifted to start at a given instant (`--now`), or a test's hand.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock, shifted by so many milliseconds.
    Running {
        /// Added to the system's clock.
        shift_ms: i64,
    },
    /// Stands still until it is moved.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub const fn system() -> Clock {
        Clock::Running { shift_ms: 0 }
    }

    /// Starts at an instant and runs on (CONTRACT 1, `--now`).
    #[must_use]
    pub fn starting_at(start: At) -> Clock {
        Clock::Running { shift_ms: start.0 - system_now() }
    }

    /// Stands still, for single commands and tests.
    #[must_use]
    pub fn fixed(at: At) -> Clock {
        Clock::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> At {
        match self {
            Clock::Running { shift_ms } => At(system_now() + shift_ms),
            Clock::Fixed(at) => At(at.load(Ordering::Relaxed)),
        }
    }

    /// Moves a fixed clock; a running one ignores it.
    pub fn set(&self, at: At) {
        if let Clock::Fixed(fixed) = self {
            fixed.store(at.0, Ordering::Relaxed);
        }
    }
}

/// The wall clock whatever `--now` says: sessions follow the browser's cookie.
#[must_use]
pub fn wall() -> At {
    At(system_now())
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
fn system_now() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_started_clock_runs_on_and_a_fixed_one_stands() {
        let start: At = "2026-02-02T09:00:00Z".parse().unwrap();
        let running = Clock::starting_at(start);
        assert!(running.now() >= start && running.now() < start.plus_seconds(60));
        let fixed = Clock::fixed(start);
        assert_eq!(fixed.now(), start);
        fixed.set(start.plus_days(1));
        assert_eq!(fixed.now(), start.plus_days(1));
    }
}
