//! The type `_socket.socket`: a descriptor with its family, kind, protocol and timeout.

use std::cell::Cell;
use std::time::Duration;

use nix::libc;
use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Int, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, NamedArgs, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout,
};
use viv_system::sockets;

use super::failed;
use super::methods::METHODS;
use super::transfer::TRANSFERS;
use super::wait::Timeout;
use crate::kinds;

/// A socket.
#[repr(C)]
pub struct Socket {
    /// The header.
    pub head: Object,
    /// The descriptor, below zero where it is closed.
    pub fd: Cell<i32>,
    /// `AF_*`
    pub family: Cell<i32>,
    kind: Cell<i32>,
    protocol: Cell<i32>,
    /// How long an operation may take.
    pub timeout: Cell<Timeout>,
}
object_layout!(Socket = kinds::SOCKET);

const SIGNATURE: &str = "(family=-1, type=-1, proto=-1, fileno=None)";

/// The type.
pub static SPEC: TypeSpec = TypeSpec {
    name: "socket",
    module: "_socket",
    doc: "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\nsocket(family=-1, type=-1, proto=-1, fileno=None) -> socket object\n\nOpens a socket that other programs do not inherit. Of a descriptor that is given, family, type and protocol are found out\nwhere they are not said.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.finalize.set(Some(finalize));
    },
    methods: &[METHODS, TRANSFERS],
    getset: &[
        GetSetDef::member(
            "family",
            |vm, this| vm.new_int(i64::from(receiver::<Socket>(vm, this)?.family.get())),
            "the socket family",
        ),
        GetSetDef::member(
            "type",
            |vm, this| vm.new_int(i64::from(receiver::<Socket>(vm, this)?.kind.get())),
            "the socket type",
        ),
        GetSetDef::member(
            "proto",
            |vm, this| vm.new_int(i64::from(receiver::<Socket>(vm, this)?.protocol.get())),
            "the socket protocol",
        ),
        GetSetDef::get(
            "timeout",
            |vm, this| receiver::<Socket>(vm, this)?.timeout.get().show(vm),
            "the socket timeout",
        ),
    ],
    ..TypeSpec::new(Socket::layout, true)
};

/// The type `_socket.socket`.
///
/// # Errors
/// MemoryError
pub fn socket_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        Socket {
            head: Object::new(ty.type_head_of()),
            fd: Cell::new(-1),
            family: Cell::new(0),
            kind: Cell::new(0),
            protocol: Cell::new(0),
            timeout: Cell::new(Timeout::Never),
        },
    )
}

/// A socket of a descriptor that is open; the descriptor is closed where that fails.
///
/// # Errors
/// MemoryError; OSError
pub fn of_descriptor(vm: &Vm, fd: i32, family: i32, kind: i32, protocol: i32) -> PyResult {
    let made = socket_type(vm).and_then(|ty| {
        let made = new(vm, &ty, NamedArgs::new(&[], None).args())?;
        receiver::<Socket>(vm, &made)?.settle(vm, fd, family, kind, protocol)?;
        Ok(made)
    });
    if made.is_err() {
        let _ = viv_host::fd::close(fd);
    }
    made
}

/// An int argument.
///
/// # Errors
/// TypeError; OverflowError
pub fn c_int(vm: &Vm, number: &Object) -> PyResult<i32> {
    let number = protocol::to_i64(vm, number)?;
    match i32::try_from(number) {
        Ok(number) => Ok(number),
        Err(_) if number < 0 => Err(vm.overflow_error("signed integer is less than minimum")),
        Err(_) => Err(vm.overflow_error("signed integer is greater than maximum")),
    }
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<Socket>(vm, this)?;
    let bound = Parameters::parse(SIGNATURE).bind(vm, "socket", args)?;
    let number = |place: usize| match bound.get(place).copied().flatten() {
        Some(number) => c_int(vm, number),
        None => Ok(-1),
    };
    let (mut family, mut kind, mut protocol) = (number(0)?, number(1)?, number(2)?);
    let given = bound.get(3).copied().flatten().filter(|fd| !vm.is_none(fd));
    let Some(given) = given else {
        if family == -1 {
            family = libc::AF_INET;
        }
        if kind == -1 {
            kind = libc::SOCK_STREAM;
        }
        if protocol == -1 {
            protocol = 0;
        }
        let fd = vm
            .allow_threads(|| sockets::open(family, kind, protocol))
            .map_err(|error| failed(vm, &error))?;
        let settled = this.settle(vm, fd, family, kind, protocol);
        if settled.is_err() {
            this.fd.set(-1);
            let _ = viv_host::fd::close(fd);
        }
        return settled;
    };
    if given.downcast::<Int>().is_none() {
        protocol::index(vm, given)?;
    }
    let fd = c_int(vm, given)?;
    if fd < 0 {
        return Err(vm.value_error("negative file descriptor"));
    }
    let address = sockets::own_address(fd);
    if family == -1 {
        let address = address.map_err(|error| failed(vm, &error))?;
        family = super::address::family_of(&address);
    } else if let Err(error) = address
        && matches!(error.raw_os_error(), Some(libc::EBADF | libc::ENOTSOCK))
    {
        return Err(failed(vm, &error));
    }
    if kind == -1 {
        kind = int_option(fd, libc::SO_TYPE).map_err(|error| failed(vm, &error))?;
    }
    if protocol == -1 {
        protocol = int_option(fd, libc::SO_PROTOCOL).map_err(|error| failed(vm, &error))?;
    }
    this.settle(vm, fd, family, kind, protocol)
}

fn int_option(fd: i32, name: i32) -> std::io::Result<i32> {
    let mut value = [0; 4];
    sockets::option(fd, libc::SOL_SOCKET, name, &mut value)?;
    Ok(i32::from_ne_bytes(value))
}

impl Socket {
    /// Takes a descriptor over.
    fn settle(&self, vm: &Vm, fd: i32, family: i32, kind: i32, protocol: i32) -> PyResult<()> {
        self.fd.set(fd);
        self.family.set(family);
        self.kind
            .set(kind & !(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK));
        self.protocol.set(protocol);
        if kind & libc::SOCK_NONBLOCK != 0 {
            self.timeout.set(Timeout::After(Duration::ZERO));
            return Ok(());
        }
        let timeout = super::default_timeout(vm)?;
        self.timeout.set(timeout);
        if timeout != Timeout::Never {
            self.set_blocking(vm, false)?;
        }
        Ok(())
    }

    /// Whether the system makes calls wait.
    ///
    /// # Errors
    /// OSError
    pub fn set_blocking(&self, vm: &Vm, blocking: bool) -> PyResult<()> {
        use nix::fcntl::{FcntlArg, OFlag, fcntl};
        let fd = self.fd.get();
        let set = fcntl(fd, FcntlArg::F_GETFL).and_then(|old| {
            let old = OFlag::from_bits_truncate(old);
            let mut flags = old;
            flags.set(OFlag::O_NONBLOCK, !blocking);
            if flags == old {
                return Ok(0);
            }
            fcntl(fd, FcntlArg::F_SETFL(flags))
        });
        set.map(drop)
            .map_err(|error| failed(vm, &std::io::Error::from(error)))
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Socket>(vm, this)?;
    let text = format!(
        "<socket object, fd={}, family={}, type={}, proto={}>",
        this.fd.get(),
        this.family.get(),
        this.kind.get(),
        this.protocol.get()
    );
    Ok(vm.new_str(&text)?.upcast())
}

/// Warns of a socket that nobody has closed, and closes it.
fn finalize(vm: &Vm, this: &Object) {
    let Some(socket) = this.downcast::<Socket>() else {
        return;
    };
    if socket.fd.get() < 0 {
        return;
    }
    vm.set_apart(|| {
        let warned = protocol::repr(vm, this)
            .and_then(|shown| vm.warn_resource(this, &format!("unclosed {}", shown.to_text())));
        if let Err(raised) = warned {
            unraisable(vm, raised, this);
        }
        let fd = socket.fd.replace(-1);
        if fd >= 0 {
            // Nobody is there to hear of a failure.
            let _ = vm.allow_threads(|| viv_host::fd::close(fd));
        }
    });
}

fn unraisable(vm: &Vm, raised: Raised, socket: &Object) {
    if vm.raised_is(&raised, &vm.exceptions.Warning) {
        vm.unraisable(raised, "while finalizing socket", Some(socket));
    } else {
        drop(vm.take_raised(raised));
    }
}
