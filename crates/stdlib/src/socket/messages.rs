//! Messages in several parts, with ancillary data: `sendmsg`, `recvmsg`, `recvmsg_into`.

use nix::libc;
use viv_runtime::object::Tuple;
use viv_runtime::types::buffer;
use viv_runtime::types::sequence::receiver;
use viv_runtime::{Object, PyResult, Ref, Vm, protocol};
use viv_system::sockets::{self, Message};

use super::object::{Socket, c_int};
use super::transfer::store;
use super::wait::{Direction, attempt};
use super::{address, arity, check};

/// The header of an item of ancillary data: its length (which counts the header), level and type.
const HEADER: usize = 16;
/// What items are aligned to.
const ALIGNMENT: usize = 8;

/// `CMSG_LEN`, `CMSG_SPACE`: the size of an item with so many bytes, with the padding behind it where that is asked for.
///
/// # Errors
/// OverflowError
pub fn item_size(vm: &Vm, length: &Object, padded: bool) -> PyResult {
    let function = if padded { "CMSG_SPACE" } else { "CMSG_LEN" };
    let length = protocol::to_index(vm, length)?;
    let size = usize::try_from(length)
        .ok()
        .filter(|length| *length <= i32::MAX as usize - HEADER - if padded { ALIGNMENT } else { 0 })
        .map(|length| {
            if padded {
                length.next_multiple_of(ALIGNMENT) + HEADER
            } else {
                length + HEADER
            }
        });
    match size {
        Some(size) => vm.new_usize(size),
        None => Err(vm.overflow_error(format!("{function}() argument out of range"))),
    }
}

/// The items of an argument that must be iterable.
fn items(vm: &Vm, object: &Object, message: &str) -> PyResult<Vec<Ref>> {
    match protocol::iter(vm, object) {
        Ok(iterator) => protocol::collect(vm, &iterator),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error(message))
        }
    }
}

/// Ancillary data as the system wants it.
fn control(vm: &Vm, data: &Object) -> PyResult<Vec<u8>> {
    const NAME: &str = "[sendmsg() ancillary data items]()";
    let mut bytes = Vec::new();
    for item in items(vm, data, "sendmsg() argument 2 must be an iterable")? {
        let Some(tuple) = item.downcast::<Tuple>() else {
            return Err(vm.type_error(format!(
                "{NAME} argument must be 3-item tuple, not {}",
                protocol::type_name(&item)
            )));
        };
        let parts: Vec<&Object> = tuple.iter().collect();
        let [level, kind, data] = parts[..] else {
            return Err(vm.type_error(format!(
                "{NAME} argument must be tuple of length 3, not {}",
                parts.len()
            )));
        };
        let (level, kind) = (c_int(vm, level)?, c_int(vm, kind)?);
        let data = buffer::require_bytes(vm, data, <[u8]>::to_vec)?;
        bytes.extend((HEADER + data.len()).to_ne_bytes());
        bytes.extend(level.to_ne_bytes());
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    }
    Ok(bytes)
}

/// `sendmsg(buffers[, ancdata[, flags[, address]]])`
pub fn send_message(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "sendmsg", args, 1, 4)?;
    let this = receiver::<Socket>(vm, this)?;
    let mut parts = Vec::new();
    for part in items(vm, args[0], "sendmsg() argument 1 must be an iterable")? {
        parts.push(buffer::require_bytes(vm, &part, <[u8]>::to_vec)?);
    }
    let control = args
        .get(1)
        .map_or(Ok(Vec::new()), |data| control(vm, data))?;
    let flags = args.get(2).map_or(Ok(0), |flags| c_int(vm, flags))?;
    let to = match args.get(3).filter(|to| !vm.is_none(to)) {
        Some(to) => Some(address::parse(vm, this.family.get(), to, "sendmsg")?),
        None => None,
    };
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let (fd, timeout) = (this.fd.get(), this.timeout.get());
    let deadline = timeout.deadline();
    let sent = attempt(vm, fd, Direction::Write, timeout, deadline, || {
        sockets::send_message(fd, &parts, &control, flags, to.as_deref())
    })?;
    vm.new_usize(check(vm, sent)?)
}

/// `recvmsg(bufsize[, ancbufsize[, flags]])`
pub fn receive_message(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "recvmsg", args, 1, 3)?;
    let Ok(size) = usize::try_from(protocol::to_index(vm, args[0])?) else {
        return Err(vm.value_error("negative buffer size in recvmsg()"));
    };
    let mut parts = vec![empty(vm, size)?];
    let (message, control) = receive(vm, this, &mut parts, &args[1..])?;
    let whole = parts.first().map_or(&[][..], |part| &part[..]);
    let data = vm
        .new_bytes(whole.get(..message.size).unwrap_or(whole))
        .map(Ref::upcast);
    result(vm, data, &message, &control)
}

/// `recvmsg_into(buffers[, ancbufsize[, flags]])`
pub fn receive_message_into(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "recvmsg_into", args, 1, 3)?;
    let buffers = items(vm, args[0], "recvmsg_into() argument 1 must be an iterable")?;
    let mut parts = Vec::new();
    for into in &buffers {
        let size = match buffer::with_bytes_mut(vm, into, |bytes| bytes.len()) {
            Ok(size) => size,
            Err(raised) => {
                vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                return Err(vm.type_error(
                    "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers",
                ));
            }
        };
        parts.push(empty(vm, size)?);
    }
    let (message, control) = receive(vm, this, &mut parts, &args[1..])?;
    let mut left = message.size;
    for (into, part) in buffers.iter().zip(&parts) {
        let count = left.min(part.len());
        store(vm, into, part.get(..count).unwrap_or_default())?;
        left -= count;
    }
    result(vm, vm.new_usize(message.size), &message, &control)
}

fn empty(vm: &Vm, size: usize) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(size).is_err() {
        return Err(vm.no_memory());
    }
    bytes.resize(size, 0);
    Ok(bytes)
}

/// Receives into parts; the message, and its ancillary data.
fn receive(
    vm: &Vm,
    this: &Object,
    parts: &mut [Vec<u8>],
    args: &[&Object],
) -> PyResult<(Message, Vec<u8>)> {
    let this = receiver::<Socket>(vm, this)?;
    let room = args.first().map_or(Ok(0), |n| protocol::to_index(vm, n))?;
    let flags = args.get(1).map_or(Ok(0), |flags| c_int(vm, flags))?;
    let Some(room) = usize::try_from(room)
        .ok()
        .filter(|n| *n <= i32::MAX as usize)
    else {
        return Err(vm.value_error("invalid ancillary data buffer length"));
    };
    let mut control = empty(vm, room)?;
    let (fd, timeout) = (this.fd.get(), this.timeout.get());
    let deadline = timeout.deadline();
    let got = attempt(vm, fd, Direction::Read, timeout, deadline, || {
        sockets::receive_message(fd, parts, &mut control, flags)
    })?;
    let message = check(vm, got)?;
    control.truncate(message.control);
    Ok((message, control))
}

/// The items of ancillary data: level, type and bytes.
fn parse(mut control: &[u8]) -> Vec<(i32, i32, &[u8])> {
    let mut items = Vec::new();
    while let Some((length, rest)) = control.split_first_chunk::<8>() {
        let Some((level, rest)) = rest.split_first_chunk::<4>() else {
            break;
        };
        let Some((kind, data)) = rest.split_first_chunk::<4>() else {
            break;
        };
        let length = usize::from_ne_bytes(*length);
        if length < HEADER {
            break;
        }
        // The last item may have been cut.
        let data = data.get(..length - HEADER).unwrap_or(data);
        items.push((i32::from_ne_bytes(*level), i32::from_ne_bytes(*kind), data));
        control = control
            .get(length.next_multiple_of(ALIGNMENT)..)
            .unwrap_or_default();
    }
    items
}

/// The result of a call; descriptors that have come are closed where it cannot be made.
fn result(vm: &Vm, first: PyResult, message: &Message, control: &[u8]) -> PyResult {
    let items = parse(control);
    let make = |first: Ref| -> PyResult {
        let mut shown = Vec::new();
        for (level, kind, data) in &items {
            let item = vec![
                vm.new_int(i64::from(*level))?,
                vm.new_int(i64::from(*kind))?,
                vm.new_bytes(data)?.upcast(),
            ];
            shown.push(vm.new_tuple(item)?.upcast());
        }
        let parts = vec![
            first,
            vm.new_list(shown)?.upcast(),
            vm.new_int(i64::from(message.flags))?,
            address::show(vm, &message.from)?,
        ];
        Ok(vm.new_tuple(parts)?.upcast())
    };
    let made = first.and_then(make);
    if made.is_err() {
        for (level, kind, data) in items {
            if (level, kind) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
                for fd in data.as_chunks::<4>().0 {
                    let _ = viv_host::fd::close(i32::from_ne_bytes(*fd));
                }
            }
        }
    }
    made
}
