//! The module `_socket`: sockets, names of hosts, conversions of addresses. Everything that may wait lets other threads run.

mod address;
mod constants;
pub mod conversions;
mod messages;
mod methods;
mod object;
mod resolver;
mod transfer;
mod wait;

use std::io;

use nix::libc;
use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::make::{ModuleSpec, add_int, add_str};
use viv_runtime::object::{Module, Type};
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm};
use viv_system::names::Unresolved;
use viv_system::sockets;

use methods::several;
use object::{c_int, of_descriptor, socket_type};
use wait::Timeout;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_socket",
    doc: "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    functions: &[FUNCTIONS, conversions::FUNCTIONS, resolver::FUNCTIONS],
    fill,
};

static RESOLVER_ERROR: TypeSpec = exception_spec("gaierror", "socket", "");
static HOST_ERROR: TypeSpec = exception_spec("herror", "socket", "");

const FUNCTIONS: &[MethodDef] = &[
    several(
        "socketpair",
        |vm, _, args| {
            arity(vm, "socketpair", args, 0, 3)?;
            let number = |place: usize, otherwise: i32| match args.get(place) {
                Some(number) => c_int(vm, number),
                None => Ok(otherwise),
            };
            let family = number(0, libc::AF_UNIX)?;
            let kind = number(1, libc::SOCK_STREAM)?;
            let protocol = number(2, 0)?;
            let [a, b] = check(
                vm,
                vm.allow_threads(|| sockets::pair(family, kind, protocol)),
            )?;
            let first = of_descriptor(vm, a, family, kind, protocol);
            if first.is_err() {
                let _ = viv_host::fd::close(b);
            }
            let both = vec![first?, of_descriptor(vm, b, family, kind, protocol)?];
            Ok(vm.new_tuple(both)?.upcast())
        },
        "socketpair([family[, type [, proto]]]) -> (socket object, socket object)\n\nTwo sockets that are connected to each other, Unix sockets by default.",
    ),
    MethodDef::new(
        "close",
        "($self, object, /)",
        NativeCall::One(|vm, _, fd| {
            let fd = c_int(vm, fd)?;
            match vm.allow_threads(|| viv_host::fd::close(fd)) {
                Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => {
                    Err(failed(vm, &error))
                }
                _ => Ok(vm.none_ref()),
            }
        }),
        "close(integer) -> None\n\nCloses the descriptor of a socket.",
    ),
    MethodDef::new(
        "dup",
        "($self, object, /)",
        NativeCall::One(|vm, _, fd| {
            use nix::fcntl::{FcntlArg, fcntl};
            match fcntl(c_int(vm, fd)?, FcntlArg::F_DUPFD_CLOEXEC(0)) {
                Ok(fd) => vm.new_int(i64::from(fd)),
                Err(error) => Err(failed(vm, &error.into())),
            }
        }),
        "dup(integer) -> integer\n\nAnother descriptor of the same socket, which other programs do not inherit.",
    ),
    MethodDef::new(
        "getdefaulttimeout",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| default_timeout(vm)?.show(vm)),
        "getdefaulttimeout() -> timeout\n\nThe timeout of new sockets in seconds, or None.",
    ),
    MethodDef::new(
        "setdefaulttimeout",
        "($self, object, /)",
        NativeCall::One(|vm, _, timeout| {
            let timeout = Timeout::parse(vm, timeout)?.show(vm)?;
            if let Some(dict) = socket_type(vm)?.dict(vm) {
                dict.set_text(vm, DEFAULT_TIMEOUT, &timeout)?;
            }
            Ok(vm.none_ref())
        }),
        "setdefaulttimeout(timeout)\n\nSets the timeout of new sockets in seconds; None for none.",
    ),
];

/// Where the interpreter keeps the timeout of new sockets.
const DEFAULT_TIMEOUT: &str = "_default_timeout";

/// The timeout of new sockets.
///
/// # Errors
/// MemoryError
fn default_timeout(vm: &Vm) -> PyResult<Timeout> {
    let kept = match socket_type(vm)?.dict(vm) {
        Some(dict) => dict.get_text(vm, DEFAULT_TIMEOUT)?,
        None => None,
    };
    kept.map_or(Ok(Timeout::Never), |kept| Timeout::parse(vm, &kept))
}

fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    for (name, value) in constants::NUMBERS {
        add_int(vm, module, name, *value)?;
    }
    add_str(vm, module, "BDADDR_ANY", "00:00:00:00:00:00")?;
    add_str(vm, module, "BDADDR_LOCAL", "00:00:00:FF:FF:FF")?;
    let set = |name: &str, value: &Object| module.dict.set_text(vm, name, value);
    let socket = socket_type(vm)?;
    set("socket", socket.as_object())?;
    set("SocketType", socket.as_object())?;
    set("error", vm.exceptions.OSError.as_object())?;
    set("timeout", vm.exceptions.TimeoutError.as_object())?;
    set("gaierror", error_type(vm, &RESOLVER_ERROR)?.as_object())?;
    set("herror", error_type(vm, &HOST_ERROR)?.as_object())?;
    set("has_ipv6", &vm.true_.head)
}

fn error_type(vm: &Vm, spec: &'static TypeSpec) -> PyResult<Ref<Type>> {
    extra_type(vm, spec, &vm.exceptions.OSError)
}

/// OSError of a failure of the system.
#[cold]
fn failed(vm: &Vm, error: &io::Error) -> Raised {
    os_error(vm, error, None)
}

/// The result of a system call.
fn check<T>(vm: &Vm, result: io::Result<T>) -> PyResult<T> {
    result.map_err(|error| failed(vm, &error))
}

/// OSError with a message alone.
#[cold]
fn plain_error(vm: &Vm, message: &str) -> Raised {
    vm.raise(&vm.exceptions.OSError, message)
}

fn numbered(vm: &Vm, spec: &'static TypeSpec, code: i32, text: &str) -> PyResult<Raised> {
    let class = error_type(vm, spec)?;
    let (code, text) = (vm.new_int(i64::from(code))?, vm.new_str(text)?);
    Ok(vm.raise_with(&class, &[&code, &text.head]))
}

/// `socket.gaierror`
#[cold]
fn unresolved(vm: &Vm, error: &Unresolved) -> Raised {
    numbered(vm, &RESOLVER_ERROR, error.0, &error.text()).unwrap_or_else(|raised| raised)
}

/// `socket.herror` of a host that nobody knows.
#[cold]
fn host_error(vm: &Vm) -> Raised {
    numbered(vm, &HOST_ERROR, 1, "Unknown host").unwrap_or_else(|raised| raised)
}

/// Checks the number of arguments of a function without keywords.
///
/// # Errors
/// TypeError: "recv() takes at least 1 argument (0 given)"
fn arity(vm: &Vm, name: &str, args: &[&Object], min: usize, max: usize) -> PyResult<()> {
    let count = args.len();
    if (min..=max).contains(&count) {
        return Ok(());
    }
    let (how, bound) = match (min == max, count < min) {
        (true, _) => ("exactly", min),
        (false, true) => ("at least", min),
        (false, false) => ("at most", max),
    };
    let s = if bound == 1 { "" } else { "s" };
    Err(vm.type_error(format!(
        "{name}() takes {how} {bound} argument{s} ({count} given)"
    )))
}
