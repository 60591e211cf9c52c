//! Methods of sockets that send and receive.
//!
//! Other threads run meanwhile, so that the memory of an object that may change is not lent out: what is sent is copied first
//! (but not out of `bytes`), and what is received goes through a buffer of the call's own.

use viv_runtime::object::Bytes;
use viv_runtime::types::buffer;
use viv_runtime::types::sequence::receiver;
use viv_runtime::{MethodDef, Object, PyResult, Vm, protocol};
use viv_system::sockets;

use super::address;
use super::messages::{receive_message, receive_message_into, send_message};
use super::methods::several;
use super::object::{Socket, c_int};
use super::wait::{Direction, attempt, timed_out};
use super::{arity, check};

/// The methods.
pub const TRANSFERS: &[MethodDef] = &[
    several(
        "recv",
        |vm, this, args| {
            arity(vm, "recv", args, 1, 2)?;
            let (got, _) = receive(vm, this, "recv", args[0], args.get(1).copied())?;
            Ok(vm.new_bytes(&got)?.upcast())
        },
        "recv(buffersize[, flags]) -> data\n\nReceives so many bytes at most; waits for the first one. Nothing where the other end has closed.",
    ),
    several(
        "recvfrom",
        |vm, this, args| {
            arity(vm, "recvfrom", args, 1, 2)?;
            let (got, from) = receive(vm, this, "recvfrom", args[0], args.get(1).copied())?;
            let pair = vec![vm.new_bytes(&got)?.upcast(), address::show(vm, &from)?];
            Ok(vm.new_tuple(pair)?.upcast())
        },
        "recvfrom(buffersize[, flags]) -> (data, address info)\n\nLike recv(buffersize, flags), and tells the sender's address.",
    ),
    several(
        "recv_into",
        |vm, this, args| {
            arity(vm, "recv_into", args, 1, 3)?;
            let (count, _) = receive_into(vm, this, "recv_into", args)?;
            vm.new_usize(count)
        },
        "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read\n\nReceives into a buffer, as many bytes as it has room for where their number is 0 or not said.",
    ),
    several(
        "recvfrom_into",
        |vm, this, args| {
            arity(vm, "recvfrom_into", args, 1, 3)?;
            let (count, from) = receive_into(vm, this, "recvfrom_into", args)?;
            let pair = vec![vm.new_usize(count)?, address::show(vm, &from)?];
            Ok(vm.new_tuple(pair)?.upcast())
        },
        "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)\n\nLike recv_into(), and tells the sender's address.",
    ),
    several(
        "send",
        |vm, this, args| {
            arity(vm, "send", args, 1, 2)?;
            let count = send(vm, this, args[0], args.get(1).copied(), None)?;
            vm.new_usize(count)
        },
        "send(data[, flags]) -> count\n\nSends bytes; how many have been sent.",
    ),
    several(
        "sendto",
        |vm, this, args| {
            if !(2..=3).contains(&args.len()) {
                return Err(vm.type_error(format!(
                    "sendto() takes 2 or 3 arguments ({} given)",
                    args.len()
                )));
            }
            let (flags, to) = match args {
                [_, flags, to] => (Some(*flags), *to),
                _ => (None, args[1]),
            };
            let count = send(vm, this, args[0], flags, Some(to))?;
            vm.new_usize(count)
        },
        "sendto(data[, flags], address) -> count\n\nLike send(data, flags), to an address.",
    ),
    several(
        "sendall",
        send_all,
        "sendall(data[, flags])\n\nSends all bytes. Where that fails nobody knows how many have been sent.",
    ),
    several(
        "sendmsg",
        send_message,
        "sendmsg(buffers[, ancdata[, flags[, address]]]) -> count\n\nSends the buffers as one message, with ancillary data: tuples (cmsg_level, cmsg_type, cmsg_data).",
    ),
    several(
        "recvmsg",
        receive_message,
        "recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)\n\nReceives a message with ancillary data, of so many bytes at most.",
    ),
    several(
        "recvmsg_into",
        receive_message_into,
        "recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)\n\nReceives a message into buffers, one after the other, with ancillary data.",
    ),
];

/// Bytes that are asked of the system at most in one call.
const MOST: usize = 1 << 30;

/// A buffer with so much room.
fn room(vm: &Vm, size: usize) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    match bytes.try_reserve_exact(size) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(vm.no_memory()),
    }
}

fn receive(
    vm: &Vm,
    this: &Object,
    function: &str,
    size: &Object,
    flags: Option<&Object>,
) -> PyResult<(Vec<u8>, Vec<u8>)> {
    let size = protocol::to_index(vm, size)?;
    let flags = flags.map_or(Ok(0), |flags| c_int(vm, flags))?;
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format!("negative buffersize in {function}")));
    };
    get(vm, receiver::<Socket>(vm, this)?, size, flags)
}

/// Receives at most so many bytes; they, and where they come from.
fn get(vm: &Vm, this: &Socket, size: usize, flags: i32) -> PyResult<(Vec<u8>, Vec<u8>)> {
    let mut bytes = room(vm, size)?;
    let (fd, timeout) = (this.fd.get(), this.timeout.get());
    let deadline = timeout.deadline();
    let got = attempt(vm, fd, Direction::Read, timeout, deadline, || {
        bytes.clear();
        sockets::receive(fd, &mut bytes, flags)
    })?;
    let (_, from) = check(vm, got)?;
    Ok((bytes, from))
}

fn receive_into(
    vm: &Vm,
    this: &Object,
    function: &str,
    args: &[&Object],
) -> PyResult<(usize, Vec<u8>)> {
    let whole = writable_size(vm, function, args[0])?;
    let wanted = args.get(1).map_or(Ok(0), |n| protocol::to_index(vm, n))?;
    let flags = args.get(2).map_or(Ok(0), |flags| c_int(vm, flags))?;
    let size = match usize::try_from(wanted) {
        Err(_) => return Err(vm.value_error(format!("negative buffersize in {function}"))),
        Ok(0) => whole,
        Ok(size) if size > whole => {
            return Err(vm.value_error(if function == "recv_into" {
                "buffer too small for requested bytes"
            } else {
                "nbytes is greater than the length of the buffer"
            }));
        }
        Ok(size) => size,
    };
    let (bytes, from) = get(vm, receiver::<Socket>(vm, this)?, size.min(MOST), flags)?;
    store(vm, args[0], &bytes)?;
    Ok((bytes.len(), from))
}

/// The size of a buffer that may be written.
pub fn writable_size(vm: &Vm, function: &str, into: &Object) -> PyResult<usize> {
    match buffer::with_bytes_mut(vm, into, |bytes| bytes.len()) {
        Ok(size) => Ok(size),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error(format!(
                "{function}() argument 1 must be read-write bytes-like object, not {}",
                protocol::type_name(into)
            )))
        }
    }
}

/// Writes bytes at the beginning of a buffer.
pub fn store(vm: &Vm, into: &Object, bytes: &[u8]) -> PyResult<()> {
    buffer::with_bytes_mut(vm, into, |to| {
        for (to, byte) in to.iter_mut().zip(bytes) {
            *to = *byte;
        }
    })
}

/// Calls `f` with the bytes of an object, which stay what they are while other threads run.
fn with_stable<R>(vm: &Vm, data: &Object, f: impl FnOnce(&[u8]) -> PyResult<R>) -> PyResult<R> {
    match data.downcast::<Bytes>() {
        Some(bytes) => f(bytes.as_slice()),
        None => {
            let copy = buffer::require_bytes(vm, data, <[u8]>::to_vec)?;
            f(&copy)
        }
    }
}

fn send(
    vm: &Vm,
    this: &Object,
    data: &Object,
    flags: Option<&Object>,
    to: Option<&Object>,
) -> PyResult<usize> {
    let this = receiver::<Socket>(vm, this)?;
    let flags = flags.map_or(Ok(0), |flags| c_int(vm, flags))?;
    with_stable(vm, data, |bytes| {
        let to = match to {
            Some(to) => Some(address::parse(vm, this.family.get(), to, "sendto")?),
            None => None,
        };
        let (fd, timeout) = (this.fd.get(), this.timeout.get());
        let deadline = timeout.deadline();
        let sent = attempt(vm, fd, Direction::Write, timeout, deadline, || {
            sockets::send(fd, bytes, flags, to.as_deref())
        })?;
        check(vm, sent)
    })
}

fn send_all(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "sendall", args, 1, 2)?;
    let this = receiver::<Socket>(vm, this)?;
    let flags = args.get(1).map_or(Ok(0), |flags| c_int(vm, flags))?;
    with_stable(vm, args[0], |mut bytes| {
        let (fd, timeout) = (this.fd.get(), this.timeout.get());
        // One bound for all parts together.
        let deadline = timeout.deadline();
        loop {
            if deadline.is_some_and(|deadline| std::time::Instant::now() >= deadline) {
                return Err(timed_out(vm));
            }
            let sent = attempt(vm, fd, Direction::Write, timeout, deadline, || {
                sockets::send(fd, bytes, flags, None)
            })?;
            let sent = check(vm, sent)?;
            bytes = bytes.get(sent..).unwrap_or_default();
            vm.check_signals()?;
            if bytes.is_empty() {
                return Ok(vm.none_ref());
            }
        }
    })
}
