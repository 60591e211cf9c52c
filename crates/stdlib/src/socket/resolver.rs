//! Functions about names: hosts, services, protocols, interfaces.

use std::ffi::CString;

use nix::libc;
use viv_runtime::modules::io::system;
use viv_runtime::object::{ByteArray, Bytes, Int, Str, Tuple};
use viv_runtime::types::codec;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Vm, protocol};
use viv_system::names::{self, Hints};

use super::address::{self, c_string, family_of, host_name, idna, ip_text, resolve};
use super::methods::several;
use super::object::c_int;
use super::{arity, check, failed, host_error, plain_error, unresolved};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "getaddrinfo",
        "($module, host, port, family=0, type=0, proto=0, flags=0)",
        NativeCall::Bound(addresses),
        "getaddrinfo(host, port [, family, type, proto, flags])\n    -> list of (family, type, proto, canonname, sockaddr)\n\nThe addresses of a host and a port.",
    ),
    several(
        "gethostbyname",
        |vm, _, args| {
            arity(vm, "gethostbyname", args, 1, 1)?;
            let host = host_argument(vm, "gethostbyname", args[0])?;
            let found = resolve(vm, &host, libc::AF_INET)?;
            Ok(vm.new_str(&ip_text(&found))?.upcast())
        },
        "gethostbyname(host) -> address\n\nThe IP address of a host.",
    ),
    several(
        "gethostbyname_ex",
        |vm, _, args| {
            arity(vm, "gethostbyname_ex", args, 1, 1)?;
            let host = host_argument(vm, "gethostbyname_ex", args[0])?;
            resolve(vm, &host, libc::AF_INET)?;
            host_entry(vm, &host, libc::AF_INET, None)
        },
        "gethostbyname_ex(host) -> (name, aliaslist, addresslist)\n\nThe true name and the IP addresses of a host.",
    ),
    several(
        "gethostbyaddr",
        |vm, _, args| {
            arity(vm, "gethostbyaddr", args, 1, 1)?;
            let host = host_argument(vm, "gethostbyaddr", args[0])?;
            let found = resolve(vm, &host, 0)?;
            let named = vm.allow_threads(|| {
                names::of_address(&found, libc::NI_NAMEREQD).map_err(|error| error.0)
            });
            match named {
                Ok((name, _)) => {
                    let ip = ip_text(&found);
                    host_entry(vm, name.as_bytes(), family_of(&found), Some((&name, &ip)))
                }
                Err(_) => Err(host_error(vm)),
            }
        },
        "gethostbyaddr(host) -> (name, aliaslist, addresslist)\n\nThe true name and the IP addresses of a host, given by its name or number.",
    ),
    several(
        "getnameinfo",
        name_info,
        "getnameinfo(sockaddr, flags) --> (host, port)\n\nGet host and port for a sockaddr.",
    ),
    several(
        "getservbyname",
        |vm, _, args| {
            arity(vm, "getservbyname", args, 1, 2)?;
            let name = text(vm, "getservbyname", 1, args[0])?;
            let protocol = optional_text(vm, "getservbyname", args.get(1).copied())?;
            match names::port_of_service(&name, protocol.as_ref()) {
                Some(port) => vm.new_int(i64::from(port)),
                None => Err(plain_error(vm, "service/proto not found")),
            }
        },
        "getservbyname(servicename[, protocolname]) -> integer\n\nThe port of a service, of any protocol where none is named.",
    ),
    several(
        "getservbyport",
        |vm, _, args| {
            arity(vm, "getservbyport", args, 1, 2)?;
            let port = c_int(vm, args[0])?;
            let protocol = optional_text(vm, "getservbyport", args.get(1).copied())?;
            let Ok(port) = u16::try_from(port) else {
                return Err(vm.overflow_error("getservbyport: port must be 0-65535."));
            };
            match names::service_of_port(port, protocol.as_ref()) {
                Some(name) => Ok(vm.new_str(&name)?.upcast()),
                None => Err(plain_error(vm, "port/proto not found")),
            }
        },
        "getservbyport(port[, protocolname]) -> string\n\nThe service of a port, of any protocol where none is named.",
    ),
    several(
        "getprotobyname",
        |vm, _, args| {
            arity(vm, "getprotobyname", args, 1, 1)?;
            let name = text(vm, "getprotobyname", 1, args[0])?;
            match names::protocol(&name) {
                Some(number) => vm.new_int(i64::from(number)),
                None => Err(plain_error(vm, "protocol not found")),
            }
        },
        "getprotobyname(name) -> integer\n\nReturn the protocol number for the named protocol.  (Rarely used.)",
    ),
    MethodDef::new(
        "gethostname",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| match nix::sys::utsname::uname() {
            Ok(system) => crate::posix::text(vm, system.nodename()),
            Err(error) => Err(failed(vm, &error.into())),
        }),
        "gethostname() -> string\n\nReturn the current host name.",
    ),
    several(
        "sethostname",
        |vm, _, args| {
            arity(vm, "sethostname", args, 1, 1)?;
            let name = system::path(vm, args[0])?;
            match nix::unistd::sethostname(name) {
                Ok(()) => Ok(vm.none_ref()),
                Err(error) => Err(failed(vm, &error.into())),
            }
        },
        "sethostname(name)\n\nSets the hostname to name.",
    ),
    MethodDef::new(
        "if_nameindex",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| {
            let mut all = Vec::new();
            for (number, name) in check(vm, names::interfaces())? {
                let pair = vec![vm.new_int(i64::from(number))?, vm.new_str(&name)?.upcast()];
                all.push(vm.new_tuple(pair)?.upcast());
            }
            Ok(vm.new_list(all)?.upcast())
        }),
        "if_nameindex()\n\nReturns a list of network interface information (index, name) tuples.",
    ),
    MethodDef::new(
        "if_nametoindex",
        "($module, oname, /)",
        NativeCall::One(|vm, _, name| {
            use std::os::unix::ffi::OsStringExt;
            let name = system::path(vm, name)?;
            let name = c_string(name.into_os_string().into_vec());
            vm.new_int(i64::from(check(vm, names::interface_number(&name))?))
        }),
        "Returns the interface index corresponding to the interface name if_name.",
    ),
    MethodDef::new(
        "if_indextoname",
        "($module, if_index, /)",
        NativeCall::One(|vm, _, number| {
            let number = super::conversions::unsigned(vm, number, 32, "unsigned int")?;
            let name = check(vm, names::interface_name(number as u32))?;
            Ok(vm.new_str(&name)?.upcast())
        }),
        "Returns the interface name corresponding to the interface index if_index.",
    ),
];

fn wrong_text(vm: &Vm, function: &str, place: usize, kinds: &str, given: &Object) -> Raised {
    vm.type_error(format!(
        "{function}() argument {place} must be {kinds}, not {}",
        protocol::type_name(given)
    ))
}

/// A host by its name.
fn host_argument(vm: &Vm, function: &str, host: &Object) -> PyResult<Vec<u8>> {
    let fits = host.downcast::<Str>().is_some()
        || host.downcast::<Bytes>().is_some()
        || host.downcast::<ByteArray>().is_some();
    if !fits {
        return Err(wrong_text(vm, function, 1, "str, bytes or bytearray", host));
    }
    host_name(vm, host)
}

/// An argument that is text without zeros.
pub fn text(vm: &Vm, function: &str, place: usize, given: &Object) -> PyResult<CString> {
    let Some(text) = given.downcast::<Str>() else {
        return Err(wrong_text(vm, function, place, "str", given));
    };
    let bytes = codec::utf8::encode(vm, text, "strict")?.as_slice().to_vec();
    CString::new(bytes).map_err(|_| vm.value_error("embedded null character"))
}

fn optional_text(vm: &Vm, function: &str, given: Option<&Object>) -> PyResult<Option<CString>> {
    given.map(|given| text(vm, function, 2, given)).transpose()
}

/// `(name, aliases, addresses)` of a host; where `known` has its name and an address, these are taken if nothing else is found.
fn host_entry(vm: &Vm, host: &[u8], family: i32, known: Option<(&str, &str)>) -> PyResult {
    let host = c_string(host.to_vec());
    let hints = Hints {
        family,
        kind: libc::SOCK_STREAM,
        flags: libc::AI_CANONNAME,
        ..Hints::default()
    };
    let found = vm.allow_threads(|| names::addresses(Some(&host), None, hints).ok());
    let mut name = known.map_or(String::new(), |(name, _)| name.to_owned());
    let mut ips: Vec<String> = known.iter().map(|(_, ip)| (*ip).to_owned()).collect();
    if known.is_none() {
        let found = found.unwrap_or_default();
        name = match found.first().and_then(|first| first.name.clone()) {
            Some(name) => name,
            None => host.to_string_lossy().into_owned(),
        };
        ips = found.iter().map(|f| ip_text(&f.address)).collect();
    }
    let ips = ips
        .iter()
        .map(|ip| Ok(vm.new_str(ip)?.upcast()))
        .collect::<PyResult<Vec<_>>>()?;
    let parts = vec![
        vm.new_str(&name)?.upcast(),
        vm.new_list(Vec::new())?.upcast(),
        vm.new_list(ips)?.upcast(),
    ];
    Ok(vm.new_tuple(parts)?.upcast())
}

fn addresses(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let arg = |place: usize| args.get(place).copied().flatten();
    let host = match arg(0).filter(|host| !vm.is_none(host)) {
        None => None,
        Some(host) if host.downcast::<Str>().is_some() => Some(c_string(idna(vm, host)?)),
        Some(host) => match host.downcast::<Bytes>() {
            Some(bytes) => Some(c_string(bytes.as_slice().to_vec())),
            None => {
                return Err(vm.type_error("getaddrinfo() argument 1 must be string or None"));
            }
        },
    };
    let port = match arg(1).filter(|port| !vm.is_none(port)) {
        None => None,
        Some(port) if port.downcast::<Int>().is_some() => {
            let digits = protocol::str(vm, port)?;
            Some(c_string(digits.to_text().as_bytes().to_vec()))
        }
        Some(port) => {
            if let Some(text) = port.downcast::<Str>() {
                let bytes = codec::utf8::encode(vm, text, "strict")?;
                Some(c_string(bytes.as_slice().to_vec()))
            } else if let Some(bytes) = port.downcast::<Bytes>() {
                Some(c_string(bytes.as_slice().to_vec()))
            } else {
                return Err(plain_error(vm, "Int or String expected"));
            }
        }
    };
    let number = |place: usize| arg(place).map_or(Ok(0), |n| c_int(vm, n));
    let hints = Hints {
        family: number(2)?,
        kind: number(3)?,
        protocol: number(4)?,
        flags: number(5)?,
    };
    let found = vm.allow_threads(|| {
        names::addresses(host.as_ref(), port.as_ref(), hints)
            .map_err(|error| (error.system(), error))
    });
    let found = match found {
        Ok(found) => found,
        Err((Some(system), _)) => return Err(failed(vm, &system)),
        Err((None, error)) => return Err(unresolved(vm, &error)),
    };
    let mut all = Vec::new();
    for one in found {
        let parts = vec![
            vm.new_int(i64::from(one.family))?,
            vm.new_int(i64::from(one.kind))?,
            vm.new_int(i64::from(one.protocol))?,
            vm.new_str(one.name.as_deref().unwrap_or(""))?.upcast(),
            address::show(vm, &one.address)?,
        ];
        all.push(vm.new_tuple(parts)?.upcast());
    }
    Ok(vm.new_list(all)?.upcast())
}

fn name_info(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    arity(vm, "getnameinfo", args, 2, 2)?;
    let flags = c_int(vm, args[1])?;
    let Some(tuple) = args[0].downcast::<Tuple>() else {
        return Err(vm.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let parts: Vec<&Object> = tuple.iter().collect();
    let illegal = || vm.type_error("getnameinfo(): illegal sockaddr argument");
    let [host, port, rest @ ..] = &parts[..] else {
        return Err(illegal());
    };
    let Some(host) = host.downcast::<Str>() else {
        return Err(illegal());
    };
    if rest.len() > 2 {
        return Err(illegal());
    }
    let host = c_string(codec::utf8::encode(vm, host, "strict")?.as_slice().to_vec());
    let port = c_int(vm, port)?;
    let flow = rest.first().map_or(Ok(0), |n| protocol::to_i64(vm, n))?;
    let scope = rest.get(1).map_or(Ok(0), |n| protocol::to_i64(vm, n))?;
    if !(0..1 << 20).contains(&flow) {
        return Err(vm.overflow_error("getnameinfo(): flowinfo must be 0-1048575."));
    }
    let service = c_string(port.to_string().into_bytes());
    // The kind makes the answer one address, and the flag keeps the resolver from asking for names.
    let hints = Hints {
        kind: libc::SOCK_DGRAM,
        flags: libc::AI_NUMERICHOST,
        ..Hints::default()
    };
    let found = vm
        .allow_threads(|| names::addresses(Some(&host), Some(&service), hints))
        .map_err(|error| unresolved(vm, &error))?;
    let Some(mut found) = found.into_iter().next().map(|found| found.address) else {
        return Err(illegal());
    };
    match family_of(&found) {
        libc::AF_INET if !rest.is_empty() => {
            return Err(plain_error(vm, "IPv4 sockaddr must be 2 tuple"));
        }
        libc::AF_INET6 => {
            if let Some(place) = found.get_mut(4..8) {
                place.copy_from_slice(&(flow as u32).to_be_bytes());
            }
            if let Some(place) = found.get_mut(24..28) {
                place.copy_from_slice(&(scope as u32).to_ne_bytes());
            }
        }
        _ => {}
    }
    match vm.allow_threads(|| names::of_address(&found, flags)) {
        Ok((host, service)) => {
            let pair = vec![vm.new_str(&host)?.upcast(), vm.new_str(&service)?.upcast()];
            Ok(vm.new_tuple(pair)?.upcast())
        }
        Err(error) => Err(unresolved(vm, &error)),
    }
}
