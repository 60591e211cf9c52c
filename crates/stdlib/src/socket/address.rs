//! Addresses: as scripts write them, and as the bytes of a `sockaddr`.

use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};

use nix::libc;
use viv_runtime::object::{ByteArray, Bytes, Str, Tuple};
use viv_runtime::types::codec;
use viv_runtime::{Object, PyResult, Ref, Vm, protocol};
use viv_system::names::{self, Hints};

use super::object::c_int;
use super::{failed, unresolved};

/// Room for the path of a Unix socket.
const PATH_ROOM: usize = 108;

/// The family of an address, 0 for an empty one.
pub fn family_of(address: &[u8]) -> i32 {
    match address {
        [a, b, ..] => i32::from(u16::from_ne_bytes([*a, *b])),
        _ => 0,
    }
}

fn begin(family: i32) -> Vec<u8> {
    (family as u16).to_ne_bytes().to_vec()
}

fn v4(host: Ipv4Addr, port: u16) -> Vec<u8> {
    let mut bytes = begin(libc::AF_INET);
    bytes.extend(port.to_be_bytes());
    bytes.extend(host.octets());
    bytes.resize(16, 0);
    bytes
}

fn v6(host: Ipv6Addr, port: u16, flow: u32, scope: u32) -> Vec<u8> {
    let mut bytes = begin(libc::AF_INET6);
    bytes.extend(port.to_be_bytes());
    bytes.extend(flow.to_be_bytes());
    bytes.extend(host.octets());
    bytes.extend(scope.to_ne_bytes());
    bytes
}

/// `N` bytes of an address from a place on; zeros where it ends.
fn part<const N: usize>(address: &[u8], from: usize) -> [u8; N] {
    let mut part = [0; N];
    for (to, byte) in part.iter_mut().zip(address.iter().skip(from)) {
        *to = *byte;
    }
    part
}

/// The host's name as the resolver wants it: text that is not ASCII is written by the codec `idna`.
///
/// # Errors
/// TypeError; UnicodeError
pub fn host_name(vm: &Vm, host: &Object) -> PyResult<Vec<u8>> {
    let bytes = if let Some(bytes) = host.downcast::<Bytes>() {
        bytes.as_slice().to_vec()
    } else if host.downcast::<ByteArray>().is_some() {
        viv_runtime::types::buffer::require_bytes(vm, host, <[u8]>::to_vec)?
    } else if let Some(text) = host.downcast::<Str>() {
        match text.to_text() {
            text if text.is_ascii() => text.as_bytes().to_vec(),
            _ => idna(vm, host)?,
        }
    } else {
        return Err(vm.type_error(format!(
            "str, bytes or bytearray expected, not {}",
            protocol::type_name(host)
        )));
    };
    if bytes.contains(&0) {
        return Err(vm.type_error("host name must not contain null character"));
    }
    Ok(bytes)
}

/// Text by the codec `idna`.
///
/// # Errors
/// UnicodeError
pub fn idna(vm: &Vm, text: &Object) -> PyResult<Vec<u8>> {
    let encoding = vm.new_str("idna")?;
    let encoded = protocol::call_method(vm, text, &*vm.intern("encode")?, &[&encoding.head])?;
    match encoded.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes.as_slice().to_vec()),
        None => Err(vm.type_error("the codec idna has not given bytes")),
    }
}

/// Bytes with a zero at the end; they are cut at a zero within.
pub fn c_string(mut bytes: Vec<u8>) -> CString {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    CString::new(bytes).unwrap_or_default()
}

/// The address of a host, with port 0; `family` may be 0 for any.
///
/// # Errors
/// `socket.gaierror`; OSError
pub fn resolve(vm: &Vm, host: &[u8], family: i32) -> PyResult<Vec<u8>> {
    let v4_too = matches!(family, libc::AF_INET | 0);
    if host.is_empty() {
        return Ok(match family {
            libc::AF_INET6 => v6(Ipv6Addr::UNSPECIFIED, 0, 0, 0),
            _ => v4(Ipv4Addr::UNSPECIFIED, 0),
        });
    }
    if host == b"255.255.255.255" || host == b"<broadcast>" {
        if !v4_too {
            let message = vm.new_str("address family mismatched")?;
            return Err(vm.raise_with(&vm.exceptions.OSError, &[&message.head]));
        }
        return Ok(v4(Ipv4Addr::BROADCAST, 0));
    }
    if let Ok(text) = std::str::from_utf8(host) {
        if v4_too && let Ok(host) = text.parse() {
            return Ok(v4(host, 0));
        }
        if matches!(family, libc::AF_INET6 | 0)
            && let Ok(host) = text.parse()
        {
            return Ok(v6(host, 0, 0, 0));
        }
    }
    let host = c_string(host.to_vec());
    let hints = Hints {
        family,
        ..Hints::default()
    };
    let found = vm.allow_threads(|| {
        names::addresses(Some(&host), None, hints).map_err(|error| (error.system(), error))
    });
    match found {
        Ok(found) => Ok(found
            .into_iter()
            .next()
            .map_or_else(Vec::new, |f| f.address)),
        Err((Some(system), _)) => Err(failed(vm, &system)),
        Err((None, error)) => Err(unresolved(vm, &error)),
    }
}

/// The text of an IP address.
pub fn ip_text(address: &[u8]) -> String {
    match family_of(address) {
        libc::AF_INET => Ipv4Addr::from(part::<4>(address, 4)).to_string(),
        _ => Ipv6Addr::from(part::<16>(address, 8)).to_string(),
    }
}

/// The address as scripts see it.
///
/// # Errors
/// MemoryError
pub fn show(vm: &Vm, address: &[u8]) -> PyResult {
    if address.len() < 2 {
        return Ok(vm.none_ref());
    }
    let port = u16::from_be_bytes(part(address, 2));
    let items = match family_of(address) {
        libc::AF_INET => vec![
            vm.new_str(&ip_text(address))?.upcast(),
            vm.new_int(i64::from(port))?,
        ],
        libc::AF_INET6 => vec![
            vm.new_str(&ip_text(address))?.upcast(),
            vm.new_int(i64::from(port))?,
            vm.new_int(i64::from(u32::from_be_bytes(part(address, 4))))?,
            vm.new_int(i64::from(u32::from_ne_bytes(part(address, 24))))?,
        ],
        libc::AF_UNIX => return show_path(vm, address.get(2..).unwrap_or_default()),
        libc::AF_NETLINK => vec![
            vm.new_int(i64::from(u32::from_ne_bytes(part(address, 4))))?,
            vm.new_int(i64::from(u32::from_ne_bytes(part(address, 8))))?,
        ],
        libc::AF_VSOCK => vec![
            vm.new_int(i64::from(u32::from_ne_bytes(part(address, 8))))?,
            vm.new_int(i64::from(u32::from_ne_bytes(part(address, 4))))?,
        ],
        libc::AF_PACKET => {
            let interface = u32::from_ne_bytes(part(address, 4));
            let name = names::interface_name(interface).unwrap_or_default();
            let [kind, length] = part(address, 10);
            let hardware = part::<8>(address, 12);
            let hardware = hardware.get(..usize::from(length)).unwrap_or(&hardware);
            vec![
                vm.new_str(&name)?.upcast(),
                vm.new_int(i64::from(port))?,
                vm.new_int(i64::from(kind))?,
                vm.new_int(i64::from(u16::from_ne_bytes(part(address, 8))))?,
                vm.new_bytes(hardware)?.upcast(),
            ]
        }
        family => vec![
            vm.new_int(i64::from(family))?,
            vm.new_bytes(address.get(2..).unwrap_or_default())?.upcast(),
        ],
    };
    Ok(vm.new_tuple(items)?.upcast())
}

fn show_path(vm: &Vm, path: &[u8]) -> PyResult {
    if path.first() == Some(&0) {
        // A name that is no path.
        return Ok(vm.new_bytes(path)?.upcast());
    }
    let end = path.iter().position(|b| *b == 0).unwrap_or(path.len());
    let path = path.get(..end).unwrap_or_default();
    crate::posix::text(vm, std::os::unix::ffi::OsStrExt::from_bytes(path))
}

/// The address that a script has written for a socket of a family; `function` is named in messages.
///
/// # Errors
/// TypeError; OverflowError; OSError; `socket.gaierror`
pub fn parse(vm: &Vm, family: i32, address: &Object, function: &str) -> PyResult<Vec<u8>> {
    if family == libc::AF_UNIX {
        return parse_path(vm, address);
    }
    let (name, shape) = match family {
        libc::AF_INET => ("AF_INET", "AF_INET address must be a pair (host, port)"),
        libc::AF_INET6 => (
            "AF_INET6",
            "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])",
        ),
        libc::AF_NETLINK => (
            "AF_NETLINK",
            "AF_NETLINK address must be a pair (pid, groups)",
        ),
        libc::AF_PACKET => (
            "AF_PACKET",
            "AF_PACKET address must be a tuple of two to five elements",
        ),
        libc::AF_VSOCK => ("AF_VSOCK", "AF_VSOCK address must be a pair (CID, port)"),
        _ => {
            let message = vm.new_str(&format!("{function}(): bad family"))?;
            return Err(vm.raise_with(&vm.exceptions.OSError, &[&message.head]));
        }
    };
    let Some(tuple) = address.downcast::<Tuple>() else {
        let function = if family == libc::AF_VSOCK {
            "getsockaddrarg:".to_owned()
        } else {
            format!("{function}():")
        };
        return Err(vm.type_error(format!(
            "{function} {name} address must be tuple, not {}",
            protocol::type_name(address)
        )));
    };
    let items: Vec<Ref> = tuple.iter().map(Object::to_ref).collect();
    let most = match family {
        libc::AF_INET6 => 4,
        libc::AF_PACKET => 5,
        _ => 2,
    };
    let [first, second, rest @ ..] = &items[..] else {
        return Err(vm.type_error(shape));
    };
    if items.len() > most {
        return Err(vm.type_error(shape));
    }
    match family {
        libc::AF_INET | libc::AF_INET6 => {
            let host = host_name(vm, first)?;
            let port = c_int(vm, second)?;
            let flow = rest.first().map_or(Ok(0), |n| protocol::to_i64(vm, n))?;
            let scope = rest.get(1).map_or(Ok(0), |n| protocol::to_i64(vm, n))?;
            let mut found = resolve(vm, &host, family)?;
            let Ok(port) = u16::try_from(port) else {
                return Err(vm.overflow_error(format!("{function}(): port must be 0-65535.")));
            };
            if !(0..1 << 20).contains(&flow) {
                return Err(vm.overflow_error(format!("{function}(): flowinfo must be 0-1048575.")));
            }
            if let Some(place) = found.get_mut(2..4) {
                place.copy_from_slice(&port.to_be_bytes());
            }
            if family == libc::AF_INET6 && found.len() >= 28 {
                if let Some(place) = found.get_mut(4..8) {
                    place.copy_from_slice(&(flow as u32).to_be_bytes());
                }
                if let Some(place) = found.get_mut(24..28)
                    && rest.len() > 1
                {
                    place.copy_from_slice(&(scope as u32).to_ne_bytes());
                }
            }
            Ok(found)
        }
        libc::AF_PACKET => packet(vm, first, second, rest, function),
        _ => {
            let (a, b) = (protocol::to_i64(vm, first)?, protocol::to_i64(vm, second)?);
            let mut bytes = begin(family);
            bytes.extend([0, 0]);
            // A number of the machine stands behind the port.
            let (a, b) = if family == libc::AF_VSOCK {
                (b, a)
            } else {
                (a, b)
            };
            bytes.extend((a as u32).to_ne_bytes());
            bytes.extend((b as u32).to_ne_bytes());
            if family == libc::AF_VSOCK {
                bytes.resize(16, 0);
            }
            Ok(bytes)
        }
    }
}

fn packet(
    vm: &Vm,
    name: &Object,
    kind: &Object,
    rest: &[Ref],
    function: &str,
) -> PyResult<Vec<u8>> {
    let name = c_string(host_name(vm, name)?);
    let protocol = c_int(vm, kind)?;
    let kind = rest.first().map_or(Ok(0), |n| c_int(vm, n))?;
    let hardware_kind = rest.get(1).map_or(Ok(0), |n| c_int(vm, n))?;
    let hardware = match rest.get(2) {
        Some(bytes) => viv_runtime::types::buffer::require_bytes(vm, bytes, <[u8]>::to_vec)?,
        None => Vec::new(),
    };
    if hardware.len() > 8 {
        return Err(vm.value_error("Hardware address must be 8 bytes or less"));
    }
    let interface = names::interface_number(&name).map_err(|error| failed(vm, &error))?;
    let Ok(protocol) = u16::try_from(protocol) else {
        return Err(vm.overflow_error(format!("{function}(): proto must be 0-65535.")));
    };
    let mut bytes = begin(libc::AF_PACKET);
    bytes.extend(protocol.to_be_bytes());
    bytes.extend(interface.to_ne_bytes());
    bytes.extend((hardware_kind as u16).to_ne_bytes());
    bytes.extend([kind as u8, hardware.len() as u8]);
    bytes.extend(hardware);
    bytes.resize(20, 0);
    Ok(bytes)
}

fn parse_path(vm: &Vm, address: &Object) -> PyResult<Vec<u8>> {
    let path = if let Some(text) = address.downcast::<Str>() {
        codec::utf8::encode(vm, text, "surrogateescape")?
            .as_slice()
            .to_vec()
    } else {
        viv_runtime::types::buffer::require_bytes(vm, address, <[u8]>::to_vec)?
    };
    // A path ends with a zero; a name that is no path begins with one, and an empty one lets the system choose.
    let is_path = path.first().is_some_and(|first| *first != 0);
    if path.len() + usize::from(is_path) > PATH_ROOM {
        let message = vm.new_str("AF_UNIX path too long")?;
        return Err(vm.raise_with(&vm.exceptions.OSError, &[&message.head]));
    }
    let mut bytes = begin(libc::AF_UNIX);
    bytes.extend(path);
    if is_path {
        bytes.push(0);
    }
    Ok(bytes)
}
