//! Times and lengths of time as scripts give them, turned into what the system takes: one conversion for sleeps, timeouts of
//! locks, sockets and polls, timers and the times of files. The numbers are those of CPython's `Python/pytime.c`.
//!
//! **Invariant.** Every length of time fits into [`Timestamp`]: nanoseconds in 64 bits, 292 years in both directions. What does
//! not fit is an OverflowError and never cut off, but where a function's name says so.

use std::time::{Duration, Instant};

use viv_heap::Object;

use crate::object::{Float, Int, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Nanoseconds of a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds of a millisecond.
pub const MILLISECOND: i64 = 1_000_000;
/// Nanoseconds of a microsecond.
pub const MICROSECOND: i64 = 1_000;

/// Where a number goes that lies between two units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// To the lower one: moments, which are not over before they have begun.
    Floor,
    /// To the higher one: what is left of a timeout, so that nobody asks again too early.
    Ceiling,
    /// To the nearer one, to the even one in the middle.
    HalfEven,
    /// To the one that is farther from zero: timeouts, which are never shorter than asked for.
    Up,
}

impl Rounding {
    /// Rounding of a timeout that a script gives.
    pub const TIMEOUT: Rounding = Rounding::Up;

    /// A whole number near a float.
    pub fn round(self, number: f64) -> f64 {
        match self {
            Rounding::Floor => number.floor(),
            Rounding::Ceiling => number.ceil(),
            Rounding::HalfEven => number.round_ties_even(),
            Rounding::Up if number >= 0.0 => number.ceil(),
            Rounding::Up => number.floor(),
        }
    }

    /// A quotient; the divisor is positive.
    fn divide(self, number: i64, by: i64) -> i64 {
        let (below, rest) = (number.div_euclid(by), number.rem_euclid(by));
        let up = rest != 0
            && match self {
                Rounding::Floor => false,
                Rounding::Ceiling => true,
                Rounding::Up => number > 0,
                Rounding::HalfEven => rest > by - rest || (rest == by - rest && below & 1 != 0),
            };
        below + i64::from(up)
    }
}

/// A moment or a length of time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// No time at all.
    pub const ZERO: Timestamp = Timestamp(0);

    /// Whole seconds. They always fit.
    pub const fn from_seconds(seconds: i32) -> Timestamp {
        Timestamp(seconds as i64 * SECOND)
    }

    /// Seconds: an int, or a float that is rounded to nanoseconds.
    ///
    /// # Errors
    /// TypeError for what is no number, ValueError for NaN, OverflowError for what does not fit.
    pub fn parse(vm: &Vm, seconds: &Object, rounding: Rounding) -> PyResult<Timestamp> {
        if Type::of(seconds).slots.index.get().is_none() && seconds.downcast::<Float>().is_none() {
            return Err(vm.type_error(format!(
                "'{}' object cannot be interpreted as an integer or float",
                protocol::type_name(seconds)
            )));
        }
        Timestamp::parse_units(vm, seconds, SECOND, rounding)
    }

    /// A number of units, each of so many nanoseconds: an int, or a float that is rounded to nanoseconds.
    ///
    /// # Errors
    /// As [`Timestamp::parse`].
    pub fn parse_units(
        vm: &Vm,
        number: &Object,
        unit: i64,
        rounding: Rounding,
    ) -> PyResult<Timestamp> {
        let too_far = || vm.overflow_error("timestamp out of range for C PyTime_t");
        if let Some(float) = not_nan(vm, number)? {
            let exact = rounding.round(float * unit as f64);
            return whole(exact).map(Timestamp).ok_or_else(too_far);
        }
        let number = protocol::index(vm, number)?;
        let number = number.downcast::<Int>().and_then(Int::as_i64);
        let nanoseconds = number.and_then(|number| number.checked_mul(unit));
        nanoseconds.map(Timestamp).ok_or_else(too_far)
    }

    /// In seconds, as exactly as a float can.
    pub fn as_seconds(self) -> f64 {
        if self.0 % SECOND == 0 {
            (self.0 / SECOND) as f64
        } else {
            self.0 as f64 / SECOND as f64
        }
    }

    /// In milliseconds.
    pub fn as_milliseconds(self, rounding: Rounding) -> i64 {
        rounding.divide(self.0, MILLISECOND)
    }

    /// In microseconds.
    pub fn as_microseconds(self, rounding: Rounding) -> i64 {
        rounding.divide(self.0, MICROSECOND)
    }

    /// Seconds and microseconds of them.
    pub fn as_timeval(self, rounding: Rounding) -> (i64, i64) {
        let all = self.as_microseconds(rounding);
        (all.div_euclid(1_000_000), all.rem_euclid(1_000_000))
    }

    /// Seconds and nanoseconds of them.
    pub fn as_timespec(self) -> (i64, i64) {
        (self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND))
    }

    /// A length of time from zero on; nothing for a negative one.
    pub fn as_duration(self) -> Option<Duration> {
        u64::try_from(self.0).ok().map(Duration::from_nanos)
    }

    /// The moment at which so much time is over: now for a negative one, nothing where no clock gets there.
    pub fn deadline(self) -> Option<Instant> {
        Instant::now().checked_add(self.as_duration().unwrap_or_default())
    }
}

/// What is left until a moment, at most what a [`Timestamp`] holds.
pub fn left_until(deadline: Instant) -> Timestamp {
    let left = deadline.saturating_duration_since(Instant::now());
    Timestamp(i64::try_from(left.as_nanos()).unwrap_or(i64::MAX))
}

/// Milliseconds until a moment for a call of the system that waits: as many as it takes, rounded up; -1, without end, where there
/// is no moment.
pub fn poll_timeout(deadline: Option<Instant>) -> i32 {
    deadline.map_or(-1, |deadline| {
        let left = left_until(deadline).as_milliseconds(Rounding::Ceiling);
        i32::try_from(left).unwrap_or(i32::MAX)
    })
}

/// Seconds since the epoch for the system's calendar: an int, or a float that is rounded to seconds.
///
/// # Errors
/// TypeError for what is no number, ValueError for NaN, OverflowError for what does not fit.
pub fn to_time(vm: &Vm, seconds: &Object, rounding: Rounding) -> PyResult<i64> {
    match not_nan(vm, seconds)? {
        Some(float) => whole(rounding.round(float)).ok_or_else(|| no_time(vm)),
        None => whole_seconds(vm, seconds),
    }
}

/// Seconds and microseconds of them; as [`to_time`].
///
/// # Errors
/// As [`to_time`].
pub fn to_timeval(vm: &Vm, seconds: &Object, rounding: Rounding) -> PyResult<(i64, i64)> {
    to_parts(vm, seconds, 1_000_000, rounding)
}

/// Seconds and nanoseconds of them; as [`to_time`].
///
/// # Errors
/// As [`to_time`].
pub fn to_timespec(vm: &Vm, seconds: &Object, rounding: Rounding) -> PyResult<(i64, i64)> {
    to_parts(vm, seconds, SECOND, rounding)
}

/// Seconds and parts of one. Only the parts are rounded: a float of many seconds keeps what it has of them.
fn to_parts(vm: &Vm, seconds: &Object, parts: i64, rounding: Rounding) -> PyResult<(i64, i64)> {
    let Some(float) = not_nan(vm, seconds)? else {
        return Ok((whole_seconds(vm, seconds)?, 0));
    };
    let mut seconds = float.trunc();
    let mut rest = rounding.round((float - seconds) * parts as f64);
    if rest >= parts as f64 {
        rest -= parts as f64;
        seconds += 1.0;
    } else if rest < 0.0 {
        rest += parts as f64;
        seconds -= 1.0;
    }
    let seconds = whole(seconds).ok_or_else(|| no_time(vm))?;
    Ok((seconds, rest as i64))
}

fn whole_seconds(vm: &Vm, seconds: &Object) -> PyResult<i64> {
    let number = protocol::index(vm, seconds)?;
    let number = number.downcast::<Int>().and_then(Int::as_i64);
    number.ok_or_else(|| no_time(vm))
}

/// The float that an object is, if it is one.
fn not_nan(vm: &Vm, number: &Object) -> PyResult<Option<f64>> {
    let float = number.downcast::<Float>().map(Float::value);
    if float.is_some_and(f64::is_nan) {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    Ok(float)
}

/// A whole float as an integer of 64 bits, where it is one.
fn whole(number: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (-END..END).contains(&number).then_some(number as i64)
}

#[cold]
fn no_time(vm: &Vm) -> crate::result::Raised {
    vm.overflow_error("timestamp out of range for platform time_t")
}
