//! The arguments of locks: whether and how long they are waited for.

use std::time::Instant;

use viv_runtime::protocol;
use viv_runtime::timestamp::{Rounding, Timestamp};
use viv_runtime::{Object, PyResult, Vm};

/// A timeout in seconds.
///
/// # Errors
/// As [`Timestamp::parse`].
pub fn seconds(vm: &Vm, timeout: &Object) -> PyResult<Timestamp> {
    Timestamp::parse(vm, timeout, Rounding::TIMEOUT)
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
    const ENDLESS: Timestamp = Timestamp::from_seconds(-1);
    let timeout = arg(1).map_or(Ok(ENDLESS), |t| seconds(vm, t))?;
    if !blocking && timeout != ENDLESS {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < Timestamp::ZERO && timeout != ENDLESS {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    Ok(if !blocking || timeout == Timestamp::ZERO {
        Patience::None
    } else if timeout == ENDLESS {
        Patience::Until(None)
    } else {
        Patience::Until(timeout.deadline())
    })
}
