//! Functions that only convert: byte orders, and IP addresses between text and bytes.

use std::net::{Ipv4Addr, Ipv6Addr};

use nix::libc;
use viv_runtime::object::Int;
use viv_runtime::types::buffer;
use viv_runtime::{CompareOp, MethodDef, NativeCall, Object, PyResult, Vm, protocol};

use super::messages::item_size;
use super::methods::several;
use super::object::c_int;
use super::resolver::text;
use super::{arity, failed, plain_error};

const fn one(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, signature, NativeCall::One(call), doc)
}

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    one(
        "htons",
        "($module, integer, /)",
        |vm, _, n| swap16(vm, n),
        "Convert a 16-bit unsigned integer from host to network byte order.",
    ),
    one(
        "ntohs",
        "($module, integer, /)",
        |vm, _, n| swap16(vm, n),
        "Convert a 16-bit unsigned integer from network to host byte order.",
    ),
    one(
        "htonl",
        "($module, integer, /)",
        |vm, _, n| swap32(vm, n),
        "Convert a 32-bit unsigned integer from host to network byte order.",
    ),
    one(
        "ntohl",
        "($module, integer, /)",
        |vm, _, n| swap32(vm, n),
        "Convert a 32-bit unsigned integer from network to host byte order.",
    ),
    one(
        "inet_aton",
        "($module, ip_addr, /)",
        |vm, _, ip| {
            let ip = text(vm, "inet_aton", 1, ip)?;
            match ip.to_str().ok().and_then(loose) {
                Some(ip) => Ok(vm.new_bytes(&ip.to_be_bytes())?.upcast()),
                None => Err(plain_error(
                    vm,
                    "illegal IP address string passed to inet_aton",
                )),
            }
        },
        "Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions.",
    ),
    one(
        "inet_ntoa",
        "($module, packed_ip, /)",
        |vm, _, packed| {
            let packed = buffer::require_bytes(vm, packed, <[u8]>::to_vec)?;
            let Ok(packed) = <[u8; 4]>::try_from(packed) else {
                return Err(plain_error(vm, "packed IP wrong length for inet_ntoa"));
            };
            Ok(vm.new_str(&Ipv4Addr::from(packed).to_string())?.upcast())
        },
        "Convert an IP address from 32-bit packed binary format to string format.",
    ),
    several(
        "inet_pton",
        |vm, _, args| {
            arity(vm, "inet_pton", args, 2, 2)?;
            let family = c_int(vm, args[0])?;
            let ip = text(vm, "inet_pton", 2, args[1])?;
            let ip = ip.to_str().unwrap_or("");
            let packed = match family {
                libc::AF_INET => ip.parse().ok().map(|ip: Ipv4Addr| ip.octets().to_vec()),
                libc::AF_INET6 => ip.parse().ok().map(|ip: Ipv6Addr| ip.octets().to_vec()),
                _ => return Err(failed(vm, &nix::errno::Errno::EAFNOSUPPORT.into())),
            };
            match packed {
                Some(packed) => Ok(vm.new_bytes(&packed)?.upcast()),
                None => Err(plain_error(
                    vm,
                    "illegal IP address string passed to inet_pton",
                )),
            }
        },
        "inet_pton(af, ip) -> packed IP address string\n\nThe bytes of an IP address.",
    ),
    several(
        "inet_ntop",
        |vm, _, args| {
            arity(vm, "inet_ntop", args, 2, 2)?;
            let family = c_int(vm, args[0])?;
            let packed = buffer::require_bytes(vm, args[1], <[u8]>::to_vec)?;
            let shown = match family {
                libc::AF_INET => <[u8; 4]>::try_from(packed)
                    .ok()
                    .map(|ip| Ipv4Addr::from(ip).to_string()),
                libc::AF_INET6 => <[u8; 16]>::try_from(packed)
                    .ok()
                    .map(|ip| Ipv6Addr::from(ip).to_string()),
                _ => return Err(vm.value_error(format!("unknown address family {family}"))),
            };
            match shown {
                Some(shown) => Ok(vm.new_str(&shown)?.upcast()),
                None => Err(vm.value_error("invalid length of packed IP address string")),
            }
        },
        "inet_ntop(af, packed_ip) -> string formatted IP address\n\nThe text of an IP address.",
    ),
    several(
        "CMSG_LEN",
        |vm, _, args| {
            arity(vm, "CMSG_LEN", args, 1, 1)?;
            item_size(vm, args[0], false)
        },
        "CMSG_LEN(length) -> control message length\n\nThe size of an item of ancillary data with so many bytes, without padding.",
    ),
    several(
        "CMSG_SPACE",
        |vm, _, args| {
            arity(vm, "CMSG_SPACE", args, 1, 1)?;
            item_size(vm, args[0], true)
        },
        "CMSG_SPACE(length) -> buffer size\n\nThe size of an item of ancillary data with so many bytes, with padding.",
    ),
];

/// A number of so many bits without a sign.
///
/// # Errors
/// TypeError; ValueError for a negative one; OverflowError
pub fn unsigned(vm: &Vm, number: &Object, bits: u32, kind: &str) -> PyResult<u64> {
    let index = protocol::index(vm, number)?;
    let Some(int) = index.downcast::<Int>() else {
        return Err(vm.type_error("an integer is required"));
    };
    match int.as_i64() {
        Some(number) if number < 0 => Err(vm.value_error("Cannot convert negative int")),
        Some(number) if (number as u64) >> bits == 0 => Ok(number as u64),
        None if is_negative(vm, &index)? => Err(vm.value_error("Cannot convert negative int")),
        _ => Err(vm.overflow_error(format!("Python int too large for C {kind}"))),
    }
}

fn is_negative(vm: &Vm, number: &Object) -> PyResult<bool> {
    let zero = vm.new_int(0)?;
    let less = protocol::compare(vm, number, &zero, CompareOp::Lt)?;
    protocol::is_true(vm, &less)
}

fn swap16(vm: &Vm, number: &Object) -> PyResult {
    let number = unsigned(vm, number, 16, "uint16_t")? as u16;
    vm.new_int(i64::from(number.to_be()))
}

fn swap32(vm: &Vm, number: &Object) -> PyResult {
    let number = unsigned(vm, number, 32, "uint32_t")? as u32;
    vm.new_int(i64::from(number.to_be()))
}

/// An IP address with one to four parts in any base of C, the last of which fills what is left; text behind a space is
/// passed over.
fn loose(text: &str) -> Option<u32> {
    let text = text.split([' ', '\t', '\n', '\r', '\x0b', '\x0c']).next()?;
    let parts: Vec<&str> = text.split('.').collect();
    let (last, first) = parts.split_last()?;
    if first.len() > 3 {
        return None;
    }
    let mut address = 0;
    for (place, part) in (0..).zip(first) {
        let byte = number(part).filter(|n| *n < 256)?;
        address |= (byte as u32) << (24 - 8 * place);
    }
    let bits = 32 - 8 * first.len() as u32;
    let rest = number(last).filter(|n| n >> bits == 0)?;
    Some(address | rest as u32)
}

fn number(text: &str) -> Option<u64> {
    let (digits, base) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..)?, 16),
        [b'0', _, ..] => (text.get(1..)?, 8),
        _ => (text, 10),
    };
    // A sign is not allowed, which the conversion would take.
    if !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    u64::from_str_radix(digits, base)
        .ok()
        .filter(|n| n >> 32 == 0)
}
