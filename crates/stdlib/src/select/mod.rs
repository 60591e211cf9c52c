//! The module `select`: waiting until descriptors are ready.

mod epoll;
mod poll;

use std::time::Instant;

use nix::poll::{PollFd, PollFlags};
use viv_runtime::modules::io::system::{self, os_error};
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::timestamp::{Rounding, SECOND, Timestamp, poll_timeout};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

use crate::fcntl::descriptor;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "select",
    doc: "This module supports asynchronous I/O on multiple file descriptors.\n\n*** IMPORTANT NOTICE ***\nOn Windows, only sockets are supported; on Unix, all file descriptors.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, value) in NUMBERS {
            add_int(vm, module, name, *value)?;
        }
        module
            .dict
            .set_text(vm, "error", vm.exceptions.OSError.as_object())?;
        let queue = epoll::epoll_type(vm)?;
        module.dict.set_text(vm, "epoll", queue.as_object())
    },
};

#[rustfmt::skip]
const NUMBERS: &[(&str, i64)] = &[
    ("POLLIN", 1), ("POLLPRI", 2), ("POLLOUT", 4), ("POLLERR", 8), ("POLLHUP", 16), ("POLLNVAL", 32),
    ("POLLRDNORM", 64), ("POLLRDBAND", 128), ("POLLWRNORM", 256), ("POLLWRBAND", 512), ("POLLMSG", 1024),
    ("POLLRDHUP", 8192), ("PIPE_BUF", 4096),
    ("EPOLLIN", 1), ("EPOLLPRI", 2), ("EPOLLOUT", 4), ("EPOLLERR", 8), ("EPOLLHUP", 16), ("EPOLLRDNORM", 64),
    ("EPOLLRDBAND", 128), ("EPOLLWRNORM", 256), ("EPOLLWRBAND", 512), ("EPOLLMSG", 1024), ("EPOLLRDHUP", 8192),
    ("EPOLLEXCLUSIVE", 1 << 28), ("EPOLLWAKEUP", 1 << 29), ("EPOLLONESHOT", 1 << 30), ("EPOLLET", 1 << 31),
    ("EPOLL_CLOEXEC", 0x80000),
];

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "select",
        "($module, rlist, wlist, xlist, timeout=None, /)",
        NativeCall::Positional {
            min: 3,
            max: 4,
            call: select,
        },
        "Wait until one or more file descriptors are ready for some kind of I/O.\n\nThe first three arguments are iterables of file descriptors to be waited for: to read, to write, and for exceptional\nconditions. The timeout is in seconds; without one it waits without end. Gives the lists of those that are ready.",
    ),
    MethodDef::new(
        "poll",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| poll::new(vm)),
        "Returns a polling object.\n\nThis object supports registering and unregistering file descriptors, and then\npolling them for I/O events.",
    ),
];

/// Descriptors from here on have no place in the sets of the system's `select`.
const SET_SIZE: i32 = 1024;

/// A timeout in units of so many nanoseconds; nothing for None.
fn time(vm: &Vm, timeout: Option<&Object>, unit: i64, wanted: &str) -> PyResult<Option<Timestamp>> {
    let Some(timeout) = timeout.filter(|timeout| !vm.is_none(timeout)) else {
        return Ok(None);
    };
    match Timestamp::parse_units(vm, timeout, unit, Rounding::TIMEOUT) {
        Ok(timeout) => Ok(Some(timeout)),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error(format!("timeout must be {wanted} or None")))
        }
    }
}

/// Polls descriptors until one is ready or the moment has come; handlers of signals run meanwhile.
fn wait(vm: &Vm, polled: &mut [PollFd], deadline: Option<Instant>) -> PyResult<()> {
    let done = system::call(vm, || {
        nix::poll::poll(polled, poll_timeout(deadline)).map_err(std::io::Error::from)
    })?;
    done.map(drop).map_err(|error| os_error(vm, &error, None))
}

/// What is ready of a descriptor.
fn events(polled: &PollFd) -> PollFlags {
    polled.revents().unwrap_or(PollFlags::empty())
}

fn select(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let until = match time(vm, args.get(3).copied(), SECOND, "a float")? {
        None => None,
        Some(timeout) if timeout < Timestamp::ZERO => {
            return Err(vm.value_error("timeout must be non-negative"));
        }
        Some(timeout) => timeout.deadline(),
    };
    let wanted = [PollFlags::POLLIN, PollFlags::POLLOUT, PollFlags::POLLPRI];
    let mut lists: [Vec<(Ref, i32)>; 3] = Default::default();
    for (files, list) in args.iter().zip(&mut lists) {
        let iterator = match protocol::iter(vm, files) {
            Ok(iterator) => iterator,
            Err(raised) => {
                vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                return Err(vm.type_error("arguments 1-3 must be sequences"));
            }
        };
        // One by one: what asks for a number may change the list.
        while let Some(file) = protocol::next(vm, &iterator)? {
            let number = descriptor(vm, &file)?;
            if number >= SET_SIZE {
                return Err(vm.value_error("filedescriptor out of range in select()"));
            }
            if list.len() as i32 >= SET_SIZE {
                return Err(vm.value_error("too many file descriptors in select()"));
            }
            list.push((file, number));
        }
    }
    let entries = lists.iter().zip(wanted);
    let mut polled: Vec<PollFd> = entries
        .flat_map(|(list, flags)| list.iter().map(move |(_, fd)| PollFd::new(*fd, flags)))
        .collect();
    wait(vm, &mut polled, until)?;
    if polled
        .iter()
        .any(|polled| events(polled).contains(PollFlags::POLLNVAL))
    {
        return Err(os_error(vm, &nix::errno::Errno::EBADF.into(), None));
    }
    // An end or a failure makes reading and writing possible: they tell of it.
    let ready = [
        PollFlags::POLLIN | PollFlags::POLLHUP | PollFlags::POLLERR,
        PollFlags::POLLOUT | PollFlags::POLLERR,
        PollFlags::POLLPRI,
    ];
    let mut polled = polled.iter();
    let mut results = Vec::new();
    for (list, flags) in lists.into_iter().zip(ready) {
        let mut found = Vec::new();
        for ((file, _), polled) in list.into_iter().zip(polled.by_ref()) {
            if events(polled).intersects(flags) {
                found.push(file);
            }
        }
        results.push(vm.new_list(found)?.upcast());
    }
    Ok(vm.new_tuple(results)?.upcast())
}

/// A list of pairs (descriptor, events).
fn pairs(vm: &Vm, ready: impl Iterator<Item = (i32, i64)>) -> PyResult {
    let mut list = Vec::new();
    for (fd, events) in ready {
        let pair = vec![vm.new_int(i64::from(fd))?, vm.new_int(events)?];
        list.push(vm.new_tuple(pair)?.upcast());
    }
    Ok(vm.new_list(list)?.upcast())
}
