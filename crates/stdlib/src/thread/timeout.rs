//! Timeouts as scripts give them: seconds as an int or a float.

use std::time::{Duration, Instant};

use viv_runtime::object::{Float, Int};
use viv_runtime::protocol;
use viv_runtime::{Object, PyResult, Vm};

/// Nanoseconds that a timeout may have at most.
const MOST: f64 = 9_223_372_036_854_775_807.0;

/// A timeout in seconds.
///
/// # Errors
/// TypeError for what is no number, ValueError for NaN, OverflowError for what no clock can count.
pub fn seconds(vm: &Vm, timeout: &Object) -> PyResult<f64> {
    let seconds = if let Some(float) = timeout.downcast::<Float>() {
        let seconds = float.value();
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        seconds
    } else if timeout.downcast::<Int>().is_some() {
        protocol::to_i64(vm, timeout).map(|n| n as f64)?
    } else {
        return Err(vm.type_error(format!(
            "'{}' object cannot be interpreted as an integer or float",
            protocol::type_name(timeout)
        )));
    };
    if (seconds * 1e9).abs() >= MOST {
        return Err(vm.overflow_error("timestamp out of range for C PyTime_t"));
    }
    Ok(seconds)
}

/// The moment at which so many seconds are over, from 0 on; nothing where no clock gets there.
pub fn deadline(seconds: f64) -> Option<Instant> {
    Instant::now().checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// How long a lock may be waited for.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Not at all.
    None,
    /// Until then, or without end.
    Until(Option<Instant>),
}

/// The arguments `blocking=True, timeout=-1`.
///
/// # Errors
/// ValueError where they contradict each other, and as [`seconds`].
pub fn patience(vm: &Vm, args: &[Option<&Object>]) -> PyResult<Patience> {
    let arg = |i: usize| args.get(i).copied().flatten();
    let blocking = arg(0).map_or(Ok(true), |b| protocol::is_true(vm, b))?;
    let timeout = arg(1).map_or(Ok(-1.0), |t| seconds(vm, t))?;
    if !blocking && timeout != -1.0 {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    Ok(if !blocking || timeout == 0.0 {
        Patience::None
    } else if timeout == -1.0 {
        Patience::Until(None)
    } else {
        Patience::Until(deadline(timeout))
    })
}
