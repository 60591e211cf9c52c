//! Timeouts of sockets, and system calls that wait no longer than these.

use std::io;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, poll};
use viv_runtime::timestamp::poll_timeout;
use viv_runtime::{Object, PyResult, Raised, Vm};

use super::failed;
use crate::thread::timeout::seconds;

/// How long an operation may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timeout {
    /// As long as the system makes it wait.
    Never,
    /// No longer than this; zero: it does not wait.
    After(Duration),
}

impl Timeout {
    /// A timeout in seconds, or None.
    ///
    /// # Errors
    /// TypeError; ValueError for a negative one; OverflowError
    pub fn parse(vm: &Vm, object: &Object) -> PyResult<Timeout> {
        if vm.is_none(object) {
            return Ok(Timeout::Never);
        }
        let timeout = seconds(vm, object)?;
        match timeout.as_duration() {
            Some(timeout) => Ok(Timeout::After(timeout)),
            None => Err(vm.value_error("Timeout value out of range")),
        }
    }

    /// What scripts see.
    ///
    /// # Errors
    /// MemoryError
    pub fn show(self, vm: &Vm) -> PyResult {
        match self {
            Timeout::Never => Ok(vm.none_ref()),
            Timeout::After(time) => vm.new_float(time.as_secs_f64()),
        }
    }

    /// The moment at which an operation that begins now is too late; nothing where none is.
    pub fn deadline(self) -> Option<Instant> {
        match self {
            Timeout::After(time) if !time.is_zero() => Instant::now().checked_add(time),
            _ => None,
        }
    }
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Something to read.
    Read,
    /// Room to write.
    Write,
    /// The end of connecting.
    Connect,
}

/// Waits until a descriptor is ready. Whether it is: the deadline may come first.
///
/// # Errors
/// What a handler of a signal raises; OSError
pub fn ready(vm: &Vm, fd: i32, direction: Direction, deadline: Instant) -> PyResult<bool> {
    let flags = match direction {
        Direction::Read => PollFlags::POLLIN,
        Direction::Write => PollFlags::POLLOUT,
        Direction::Connect => PollFlags::POLLOUT | PollFlags::POLLERR,
    };
    loop {
        let millis = poll_timeout(Some(deadline));
        match vm.allow_threads(|| poll(&mut [PollFd::new(fd, flags)], millis)) {
            // A bound that is too high for the system is reached in several steps.
            Ok(0) if millis == i32::MAX => {}
            Ok(count) => return Ok(count > 0),
            Err(nix::errno::Errno::EINTR) => vm.check_signals()?,
            Err(error) => return Err(failed(vm, &error.into())),
        }
    }
}

/// TimeoutError: "timed out"
#[cold]
pub fn timed_out(vm: &Vm) -> Raised {
    vm.raise(&vm.exceptions.TimeoutError, "timed out")
}

/// Makes a call on a descriptor while other threads run: again where a signal has interrupted it, and when the descriptor is
/// ready where the socket has a timeout. The failure of the last call is in the result.
///
/// # Errors
/// TimeoutError; what a handler of a signal raises.
pub fn attempt<T: Send>(
    vm: &Vm,
    fd: i32,
    direction: Direction,
    timeout: Timeout,
    deadline: Option<Instant>,
    mut call: impl FnMut() -> io::Result<T> + Send,
) -> PyResult<io::Result<T>> {
    let waits = matches!(timeout, Timeout::After(time) if !time.is_zero());
    loop {
        if let Some(deadline) = deadline
            && !ready(vm, fd, direction, deadline)?
        {
            return Err(timed_out(vm));
        }
        loop {
            match vm.allow_threads(&mut call) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => vm.check_signals()?,
                // The system has changed its mind since it was asked.
                Err(error) if waits && error.kind() == io::ErrorKind::WouldBlock => break,
                result => return Ok(result),
            }
        }
    }
}
