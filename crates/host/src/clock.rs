//! The system's clocks that only go forward.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// The time of a clock; zero where the system has no such clock.
fn read(clock: ClockId) -> Duration {
    clock_gettime(clock).map_or(Duration::ZERO, Duration::from)
}

/// The processor time of the process.
pub fn process() -> Duration {
    read(ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

/// The processor time of the calling thread.
pub fn thread() -> Duration {
    read(ClockId::CLOCK_THREAD_CPUTIME_ID)
}

/// The time since a moment that is the same for all processes of a machine.
pub fn steady() -> Duration {
    read(ClockId::CLOCK_MONOTONIC)
}
