//! `select.poll()`: descriptors and the events that are waited for.

use std::cell::{Cell, RefCell};

use nix::poll::{PollFd, PollFlags};
use viv_runtime::object::TypeTraits;
use viv_runtime::timestamp::{MILLISECOND, Rounding, Timestamp};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Vm, object_layout};

use super::{events, pairs, time, wait};
use crate::fcntl::descriptor;
use crate::kinds;
use crate::socket::conversions::unsigned;

/// A polling object.
#[repr(C)]
pub struct Poll {
    /// The header.
    pub head: Object,
    /// Descriptors and events, in the order in which they came.
    wanted: RefCell<Vec<(i32, u16)>>,
    /// Whether it waits.
    polling: Cell<bool>,
}
object_layout!(Poll = kinds::POLL);

static SPEC: TypeSpec = TypeSpec {
    name: "poll",
    module: "select",
    traits: TypeTraits::NO_NEW,
    methods: &[METHODS],
    ..TypeSpec::new(Poll::layout, true)
};

/// A new polling object.
///
/// # Errors
/// MemoryError
pub fn new(vm: &Vm) -> PyResult {
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        Poll {
            head: Object::new(ty.type_head_of()),
            wanted: RefCell::default(),
            polling: Cell::new(false),
        },
    )
}

const ALL: u16 = 1 | 2 | 4;

const METHODS: &[MethodDef] = &[
    MethodDef::positional(
        "register",
        "($self, fd,\n         eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
        1,
        2,
        |vm, this, args| {
            let fd = descriptor(vm, args[0])?;
            let mask = mask(vm, args.get(1).copied())?;
            let mut wanted = receiver::<Poll>(vm, this)?.wanted.borrow_mut();
            match wanted.iter_mut().find(|known| known.0 == fd) {
                Some(known) => known.1 = mask,
                None => wanted.push((fd, mask)),
            }
            Ok(vm.none_ref())
        },
        "Register a file descriptor with the polling object.",
    ),
    MethodDef::positional(
        "modify",
        "($self, fd, eventmask, /)",
        2,
        2,
        |vm, this, args| {
            let fd = descriptor(vm, args[0])?;
            let mask = mask(vm, args.get(1).copied())?;
            let mut wanted = receiver::<Poll>(vm, this)?.wanted.borrow_mut();
            match wanted.iter_mut().find(|known| known.0 == fd) {
                Some(known) => known.1 = mask,
                None => {
                    let absent = nix::errno::Errno::ENOENT.into();
                    drop(wanted);
                    return Err(super::os_error(vm, &absent, None));
                }
            }
            Ok(vm.none_ref())
        },
        "Modify an already registered file descriptor.",
    ),
    MethodDef::new(
        "unregister",
        "($self, fd, /)",
        NativeCall::One(|vm, this, file| {
            let fd = descriptor(vm, file)?;
            let poll = receiver::<Poll>(vm, this)?;
            let place = poll.wanted.borrow().iter().position(|known| known.0 == fd);
            match place {
                Some(place) => drop(poll.wanted.borrow_mut().remove(place)),
                None => return Err(vm.key_error(&*vm.new_int(i64::from(fd))?)),
            }
            Ok(vm.none_ref())
        }),
        "Remove a file descriptor being tracked by the polling object.",
    ),
    MethodDef::positional(
        "poll",
        "($self, timeout=None, /)",
        0,
        1,
        poll,
        "Polls the set of registered file descriptors: a list of (fd, event) pairs. The timeout is in milliseconds; None or a\nnegative one waits without end.",
    ),
];

fn mask(vm: &Vm, mask: Option<&Object>) -> PyResult<u16> {
    mask.map_or(Ok(ALL), |mask| {
        Ok(unsigned(vm, mask, 16, "unsigned short")? as u16)
    })
}

fn poll(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let timeout = time(vm, args.first().copied(), MILLISECOND, "an integer")?;
    if timeout.is_some_and(|time| i32::try_from(time.as_milliseconds(Rounding::Ceiling)).is_err()) {
        return Err(vm.overflow_error("timeout is too large"));
    }
    let until = timeout
        .filter(|time| *time >= Timestamp::ZERO)
        .and_then(Timestamp::deadline);
    let this = receiver::<Poll>(vm, this)?;
    if this.polling.replace(true) {
        return Err(vm.runtime_error("concurrent poll() invocation"));
    }
    let mut polled: Vec<PollFd> = this
        .wanted
        .borrow()
        .iter()
        .map(|(fd, mask)| PollFd::new(*fd, PollFlags::from_bits_truncate(*mask as i16)))
        .collect();
    let waited = wait(vm, &mut polled, until);
    this.polling.set(false);
    waited?;
    let ready = polled.iter().filter(|polled| !events(polled).is_empty());
    pairs(
        vm,
        ready.map(|polled| {
            let fd = std::os::fd::AsRawFd::as_raw_fd(polled);
            (fd, i64::from(events(polled).bits() as u16))
        }),
    )
}
