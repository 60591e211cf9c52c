//! `select.epoll`: a queue of the system for the events of descriptors.

use std::cell::Cell;

use nix::sys::epoll::{self, EpollCreateFlags, EpollEvent, EpollFlags, EpollOp};
use viv_runtime::modules::io::system::{self, os_error};
use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::timestamp::{SECOND, Timestamp, poll_timeout};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use super::{pairs, time};
use crate::fcntl::descriptor;
use crate::kinds;
use crate::socket::conversions::unsigned;

/// A queue.
#[repr(C)]
pub struct Epoll {
    /// The header.
    pub head: Object,
    /// The descriptor, below zero where it is closed.
    fd: Cell<i32>,
}
object_layout!(Epoll = kinds::EPOLL);

const SIGNATURE: &str = "(sizehint=-1, flags=0)";
const CLOEXEC: i64 = 0x80000;

static SPEC: TypeSpec = TypeSpec {
    name: "epoll",
    module: "select",
    doc: "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object\n\nsizehint must be a positive integer or -1 for the default size. It doesn't limit the maximum number of monitored\nevents.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.finalize.set(Some(|vm, this| {
            if let Some(this) = this.downcast::<Epoll>() {
                this.close(vm);
            }
        }));
    },
    methods: &[METHODS],
    getset: &[GetSetDef::get(
        "closed",
        |vm, this| Ok(vm.bool(receiver::<Epoll>(vm, this)?.fd.get() < 0)),
        "True if the epoll handler is closed",
    )],
    ..TypeSpec::new(Epoll::layout, true)
};

/// The type.
///
/// # Errors
/// MemoryError
pub fn epoll_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn place(vm: &Vm, ty: &Type, fd: i32) -> PyResult {
    place_tracked(
        vm,
        Epoll {
            head: Object::new(ty.type_head_of()),
            fd: Cell::new(fd),
        },
    )
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::parse(SIGNATURE).bind(vm, "epoll", args)?;
    let number = |place: usize, otherwise: i64| match bound.get(place).copied().flatten() {
        Some(number) => protocol::to_i64(vm, number),
        None => Ok(otherwise),
    };
    let (size, flags) = (number(0, -1)?, number(1, 0)?);
    if size != -1 && size <= 0 {
        return Err(vm.value_error("negative sizehint"));
    }
    if flags & !CLOEXEC != 0 {
        return Err(vm.raise(&vm.exceptions.OSError, "invalid flags"));
    }
    match epoll::epoll_create1(EpollCreateFlags::EPOLL_CLOEXEC) {
        Ok(fd) => place(vm, ty, fd),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}

impl Epoll {
    fn open(&self, vm: &Vm) -> PyResult<i32> {
        match self.fd.get() {
            fd if fd >= 0 => Ok(fd),
            _ => Err(vm.value_error("I/O operation on closed epoll object")),
        }
    }

    fn close(&self, vm: &Vm) {
        let fd = self.fd.replace(-1);
        if fd >= 0 {
            // A queue holds nothing that closing it could lose.
            let _ = vm.allow_threads(|| viv_host::fd::close(fd));
        }
    }

    fn control(
        &self,
        vm: &Vm,
        operation: EpollOp,
        file: Option<&Object>,
        mask: Option<&Object>,
    ) -> PyResult {
        let Some(file) = file else {
            return Err(vm.system_error("epoll: bad arguments"));
        };
        let fd = descriptor(vm, file)?;
        let mask = mask.map_or(Ok(1 | 2 | 4), |mask| unsigned(vm, mask, 32, "unsigned int"))?;
        let queue = self.open(vm)?;
        let flags = EpollFlags::from_bits_truncate(mask as i32);
        let done = vm.allow_threads(|| {
            let mut event = EpollEvent::new(flags, fd as u64);
            epoll::epoll_ctl(queue, operation, fd, &mut event)
        });
        match done {
            Ok(()) => Ok(vm.none_ref()),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }
}

fn arg<'a>(args: &[Option<&'a Object>], place: usize) -> Option<&'a Object> {
    args.get(place).copied().flatten()
}

const METHODS: &[MethodDef] = &[
    MethodDef::class(
        "fromfd",
        "($type, fd, /)",
        NativeCall::One(|vm, ty, fd| {
            let fd = i32::try_from(protocol::to_i64(vm, fd)?).unwrap_or(-1);
            match ty.downcast::<Type>() {
                Some(ty) => place(vm, ty, fd),
                None => Err(vm.system_error("a class method without a class")),
            }
        }),
        "Create an epoll object from a given control fd.",
    ),
    MethodDef::new(
        "close",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            receiver::<Epoll>(vm, this)?.close(vm);
            Ok(vm.none_ref())
        }),
        "Close the epoll control file descriptor.\n\nFurther operations on the epoll object will raise an exception.",
    ),
    MethodDef::new(
        "fileno",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            vm.new_int(i64::from(receiver::<Epoll>(vm, this)?.open(vm)?))
        }),
        "Return the epoll control file descriptor.",
    ),
    MethodDef::new(
        "register",
        "($self, /, fd,\n         eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
        NativeCall::Bound(|vm, this, args| {
            let this = receiver::<Epoll>(vm, this)?;
            this.control(vm, EpollOp::EpollCtlAdd, arg(args, 0), arg(args, 1))
        }),
        "Registers a new fd or raises an OSError if the fd is already registered.\n\n  fd\n    the target file descriptor of the operation\n  eventmask\n    a bit set composed of the various EPOLL constants",
    ),
    MethodDef::new(
        "modify",
        "($self, /, fd, eventmask)",
        NativeCall::Bound(|vm, this, args| {
            let this = receiver::<Epoll>(vm, this)?;
            this.control(vm, EpollOp::EpollCtlMod, arg(args, 0), arg(args, 1))
        }),
        "Modify event mask for a registered file descriptor.",
    ),
    MethodDef::new(
        "unregister",
        "($self, /, fd)",
        NativeCall::Bound(|vm, this, args| {
            let this = receiver::<Epoll>(vm, this)?;
            this.control(vm, EpollOp::EpollCtlDel, arg(args, 0), None)
        }),
        "Remove a registered file descriptor from the epoll object.",
    ),
    MethodDef::new(
        "poll",
        "($self, /, timeout=None, maxevents=-1)",
        NativeCall::Bound(poll),
        "Wait for events on the epoll file descriptor: a list of (fd, events). The timeout is in seconds; None or a negative one\nwaits without end.",
    ),
    MethodDef::new(
        "__enter__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            receiver::<Epoll>(vm, this)?.open(vm)?;
            Ok(this.to_ref())
        }),
        "",
    ),
    MethodDef::new(
        "__exit__",
        "($self, exc_type=None, exc_value=None, exc_tb=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 3,
            call: |vm, this, _| {
                receiver::<Epoll>(vm, this)?.close(vm);
                Ok(vm.none_ref())
            },
        },
        "",
    ),
];

/// Events that are asked for at once where the script gives no bound.
const MANY: usize = 1023;

fn poll(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let queue = receiver::<Epoll>(vm, this)?.open(vm)?;
    let until = time(vm, arg(args, 0), SECOND, "an integer")?
        .filter(|time| *time >= Timestamp::ZERO)
        .and_then(Timestamp::deadline);
    let most = match arg(args, 1) {
        None => MANY,
        Some(most) => match protocol::to_i64(vm, most)? {
            -1 => MANY,
            most @ 1.. => usize::try_from(most).unwrap_or(MANY).min(1 << 16),
            most => {
                return Err(vm.value_error(format!("maxevents must be greater than 0, got {most}")));
            }
        },
    };
    let mut events = vec![EpollEvent::empty(); most];
    let waited = system::call(vm, || {
        epoll::epoll_wait(queue, &mut events, poll_timeout(until) as isize)
            .map_err(std::io::Error::from)
    })?;
    let count = waited.map_err(|error| os_error(vm, &error, None))?;
    let ready = events.iter().take(count);
    pairs(
        vm,
        ready.map(|event| (event.data() as i32, i64::from(event.events().bits() as u32))),
    )
}
