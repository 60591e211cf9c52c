//! Methods of sockets that move no data: connecting, addresses, options, closing.

use std::io;

use nix::libc;
use viv_runtime::object::Int;
use viv_runtime::types::buffer;
use viv_runtime::types::sequence::receiver;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};
use viv_system::sockets;

use super::object::{Socket, c_int};
use super::wait::{Direction, Timeout, attempt, ready, timed_out};
use super::{address, arity, check, failed, plain_error};

const fn no_args(
    name: &'static str,
    call: fn(&Vm, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "($self, /)", NativeCall::NoArgs(call), doc)
}

const fn one(
    name: &'static str,
    call: fn(&Vm, &Object, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "($self, object, /)", NativeCall::One(call), doc)
}

/// A method whose number of arguments is checked by [`arity`], with the words of older functions.
pub const fn several(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    let call = NativeCall::Positional {
        min: 0,
        max: usize::MAX,
        call,
    };
    MethodDef::new(name, "", call, doc)
}

/// The methods.
pub const METHODS: &[MethodDef] = &[
    no_args(
        "_accept",
        accept,
        "_accept() -> (integer, address info)\n\nWaits for a connection: its descriptor, and the address of the client.",
    ),
    one(
        "bind",
        |vm, this, to| {
            let this = receiver::<Socket>(vm, this)?;
            let to = address::parse(vm, this.family.get(), to, "bind")?;
            let fd = this.fd.get();
            none(vm, vm.allow_threads(|| sockets::bind(fd, &to)))
        },
        "bind(address)\n\nGives the socket its own address; for IP sockets a pair (host, port).",
    ),
    one(
        "connect",
        |vm, this, to| {
            let done = connect(vm, this, to, "connect")?;
            none(vm, done)
        },
        "connect(address)\n\nConnects the socket with a remote address; for IP sockets a pair (host, port).",
    ),
    one(
        "connect_ex",
        |vm, this, to| {
            let code = match connect(vm, this, to, "connect_ex") {
                Ok(Ok(())) => 0,
                Ok(Err(error)) => error.raw_os_error().unwrap_or(libc::EIO),
                Err(raised) => {
                    vm.swallow::<()>(raised, &vm.exceptions.TimeoutError)?;
                    libc::EWOULDBLOCK
                }
            };
            vm.new_int(i64::from(code))
        },
        "connect_ex(address) -> errno\n\nLike connect(address), but a failure of the system is given as its number.",
    ),
    several(
        "listen",
        |vm, this, args| {
            arity(vm, "listen", args, 0, 1)?;
            let this = receiver::<Socket>(vm, this)?;
            let backlog = match args.first() {
                Some(backlog) => c_int(vm, backlog)?.max(0),
                None => 128,
            };
            let fd = this.fd.get();
            none(vm, vm.allow_threads(|| sockets::listen(fd, backlog)))
        },
        "listen([backlog])\n\nLets others connect; so many may wait to be accepted.",
    ),
    one(
        "shutdown",
        |vm, this, how| {
            let how = c_int(vm, how)?;
            let fd = receiver::<Socket>(vm, this)?.fd.get();
            none(vm, vm.allow_threads(|| sockets::shutdown(fd, how)))
        },
        "shutdown(flag)\n\nEnds reading (SHUT_RD), writing (SHUT_WR), or both (SHUT_RDWR).",
    ),
    no_args(
        "close",
        |vm, this| {
            let this = receiver::<Socket>(vm, this)?;
            let fd = this.fd.replace(-1);
            if fd < 0 {
                return Ok(vm.none_ref());
            }
            match vm.allow_threads(|| viv_host::fd::close(fd)) {
                // The other end is gone: so is the socket.
                Err(error) if error.raw_os_error() == Some(libc::ECONNRESET) => Ok(vm.none_ref()),
                result => none(vm, result),
            }
        },
        "close()\n\nClose the socket.  It cannot be used after this call.",
    ),
    no_args(
        "detach",
        |vm, this| vm.new_int(i64::from(receiver::<Socket>(vm, this)?.fd.replace(-1))),
        "detach()\n\nCloses the socket object, but not its descriptor, which is given.",
    ),
    no_args(
        "fileno",
        |vm, this| vm.new_int(i64::from(receiver::<Socket>(vm, this)?.fd.get())),
        "fileno() -> integer\n\nReturn the integer file descriptor of the socket.",
    ),
    no_args(
        "getsockname",
        |vm, this| {
            let own = sockets::own_address(receiver::<Socket>(vm, this)?.fd.get());
            address::show(vm, &check(vm, own)?)
        },
        "getsockname() -> address info\n\nThe address of this end.",
    ),
    no_args(
        "getpeername",
        |vm, this| {
            let peer = sockets::peer_address(receiver::<Socket>(vm, this)?.fd.get());
            address::show(vm, &check(vm, peer)?)
        },
        "getpeername() -> address info\n\nThe address of the other end.",
    ),
    one(
        "settimeout",
        |vm, this, timeout| {
            let this = receiver::<Socket>(vm, this)?;
            let timeout = Timeout::parse(vm, timeout)?;
            this.timeout.set(timeout);
            this.set_blocking(vm, timeout == Timeout::Never)?;
            Ok(vm.none_ref())
        },
        "settimeout(timeout)\n\nSets how many seconds an operation may take: None for no bound, 0 for a socket that does not block.",
    ),
    no_args(
        "gettimeout",
        |vm, this| receiver::<Socket>(vm, this)?.timeout.get().show(vm),
        "gettimeout() -> timeout\n\nHow many seconds an operation may take, or None.",
    ),
    one(
        "setblocking",
        |vm, this, blocking| {
            let this = receiver::<Socket>(vm, this)?;
            let blocking = protocol::is_true(vm, blocking)?;
            this.timeout.set(if blocking {
                Timeout::Never
            } else {
                Timeout::After(std::time::Duration::ZERO)
            });
            this.set_blocking(vm, blocking)?;
            Ok(vm.none_ref())
        },
        "setblocking(flag)\n\nSet the socket to blocking (flag is true) or non-blocking (false).",
    ),
    no_args(
        "getblocking",
        |vm, this| {
            let timeout = receiver::<Socket>(vm, this)?.timeout.get();
            Ok(vm.bool(timeout != Timeout::After(std::time::Duration::ZERO)))
        },
        "getblocking()\n\nWhether the socket is in blocking mode.",
    ),
    several(
        "sendmsg_afalg",
        |vm, this, _| {
            receiver::<Socket>(vm, this)?;
            Err(plain_error(vm, "algset is only supported for AF_ALG"))
        },
        "sendmsg_afalg([msg], *, op[, iv[, assoclen[, flags=MSG_MORE]]])\n\nFor sockets of the kernel's ciphers, which there are none of.",
    ),
    several(
        "getsockopt",
        get_option,
        "getsockopt(level, option[, buffersize]) -> value\n\nReads an option: an int, or bytes where a size is given.",
    ),
    several(
        "setsockopt",
        set_option,
        "setsockopt(level, option, value: int)\nsetsockopt(level, option, value: buffer)\nsetsockopt(level, option, None, optlen: int)\n\nSets an option.",
    ),
];

fn none(vm: &Vm, result: io::Result<()>) -> PyResult {
    match result {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(failed(vm, &error)),
    }
}

fn accept(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Socket>(vm, this)?;
    let (fd, timeout) = (this.fd.get(), this.timeout.get());
    let deadline = timeout.deadline();
    let accepted = attempt(vm, fd, Direction::Read, timeout, deadline, || {
        sockets::accept(fd)
    })?;
    let (fd, from) = check(vm, accepted)?;
    let shown = vm
        .new_int(i64::from(fd))
        .and_then(|number| Ok(vec![number, address::show(vm, &from)?]))
        .and_then(|pair| vm.new_tuple(pair));
    match shown {
        Ok(pair) => Ok(pair.upcast()),
        Err(raised) => {
            let _ = viv_host::fd::close(fd);
            Err(raised)
        }
    }
}

/// Connects; the system's failure is in the result.
fn connect(vm: &Vm, this: &Object, to: &Object, function: &str) -> PyResult<io::Result<()>> {
    let this = receiver::<Socket>(vm, this)?;
    let to = address::parse(vm, this.family.get(), to, function)?;
    let (fd, timeout) = (this.fd.get(), this.timeout.get());
    let deadline = timeout.deadline();
    let waits = match vm.allow_threads(|| sockets::connect(fd, &to)) {
        Err(error) => match error.raw_os_error() {
            // The system goes on connecting although a signal has come.
            Some(libc::EINTR) => {
                vm.check_signals()?;
                timeout != Timeout::After(std::time::Duration::ZERO)
            }
            Some(libc::EINPROGRESS) => deadline.is_some(),
            _ => false,
        }
        .then_some(())
        .ok_or(error),
        Ok(()) => return Ok(Ok(())),
    };
    if let Err(error) = waits {
        return Ok(Err(error));
    }
    let far = || std::time::Instant::now() + std::time::Duration::from_secs(1 << 31);
    if !ready(vm, fd, Direction::Connect, deadline.unwrap_or_else(far))? {
        return Err(timed_out(vm));
    }
    let mut code = [0; 4];
    Ok(
        sockets::option(fd, libc::SOL_SOCKET, libc::SO_ERROR, &mut code).and_then(|_| {
            match i32::from_ne_bytes(code) {
                0 | libc::EISCONN => Ok(()),
                code => Err(io::Error::from_raw_os_error(code)),
            }
        }),
    )
}

fn get_option(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "getsockopt", args, 2, 3)?;
    let this = receiver::<Socket>(vm, this)?;
    let (level, name) = (c_int(vm, args[0])?, c_int(vm, args[1])?);
    let length = args.get(2).map_or(Ok(0), |length| c_int(vm, length))?;
    if length == 0 {
        let mut value = [0; 4];
        // The timestamps of VSOCK have eight bytes, everything else four at most.
        if this.family.get() == libc::AF_VSOCK {
            let mut value = [0; 8];
            check(vm, sockets::option(this.fd.get(), level, name, &mut value))?;
            return vm.new_int(u64::from_ne_bytes(value) as i64);
        }
        check(vm, sockets::option(this.fd.get(), level, name, &mut value))?;
        return vm.new_int(i64::from(i32::from_ne_bytes(value)));
    }
    if !(1..=1024).contains(&length) {
        let message = vm.new_str("getsockopt buflen out of range")?;
        return Err(vm.raise_with(&vm.exceptions.OSError, &[&message.head]));
    }
    let mut value = vec![0; length as usize];
    let length = check(vm, sockets::option(this.fd.get(), level, name, &mut value))?;
    Ok(vm
        .new_bytes(value.get(..length).unwrap_or_default())?
        .upcast())
}

fn set_option(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let exact = match args {
        [_, _, none, _] if vm.is_none(none) => 4,
        _ => 3,
    };
    arity(vm, "setsockopt", args, exact, exact)?;
    let this = receiver::<Socket>(vm, this)?;
    let (level, name) = (c_int(vm, args[0])?, c_int(vm, args[1])?);
    let fd = this.fd.get();
    let set = if let Some(length) = args.get(3) {
        let length = protocol::to_i64(vm, length)?;
        let Ok(length) = u32::try_from(length) else {
            return Err(vm.overflow_error("unsigned int is greater than maximum"));
        };
        sockets::set_option(fd, level, name, Err(length))
    } else if args[2].downcast::<Int>().is_some() && this.family.get() == libc::AF_VSOCK {
        let value = protocol::to_i64(vm, args[2])?;
        sockets::set_option(fd, level, name, Ok(&value.to_ne_bytes()))
    } else if args[2].downcast::<Int>().is_some() {
        let value = c_int(vm, args[2])?;
        sockets::set_option(fd, level, name, Ok(&value.to_ne_bytes()))
    } else {
        let value = buffer::require_bytes(vm, args[2], <[u8]>::to_vec)?;
        sockets::set_option(fd, level, name, Ok(&value))
    };
    none(vm, set)
}
