//! Calls of the system: interrupted ones are repeated, failures become OSError.

use std::io;
use std::path::PathBuf;

use viv_heap::{Object, Ref};

use crate::object::{Bytes, Str};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::types::codec::utf8;
use crate::vm::Vm;

/// Makes a call of the system while other threads run; when a signal has interrupted it, its handlers run and the call is made again.
///
/// # Errors
/// What a signal handler raises. The call's own failure is in the result.
pub fn call<T: Send>(
    vm: &Vm,
    mut call: impl FnMut() -> io::Result<T> + Send,
) -> PyResult<io::Result<T>> {
    loop {
        match vm.allow_threads(&mut call) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => vm.check_signals()?,
            result => return Ok(result),
        }
    }
}

/// As [`call`]; nothing where the file does not block and is not ready.
///
/// # Errors
/// OSError; what a signal handler raises.
pub fn transfer(
    vm: &Vm,
    transfer: impl FnMut() -> io::Result<usize> + Send,
) -> PyResult<Option<usize>> {
    match call(vm, transfer)? {
        Ok(count) => Ok(Some(count)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(os_error(vm, &error, None)),
    }
}

/// The result of an operation of the system, as OSError where it failed.
///
/// # Errors
/// OSError
pub fn check<T>(vm: &Vm, result: io::Result<T>) -> PyResult<T> {
    result.map_err(|error| os_error(vm, &error, None))
}

/// OSError (or the subclass that its number stands for) of a failure of the system.
#[cold]
pub fn os_error(vm: &Vm, error: &io::Error, name: Option<&Object>) -> Raised {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or("");
    let made = vm
        .new_int(i64::from(error.raw_os_error().unwrap_or(5)))
        .and_then(|number| Ok((number, vm.new_str(text)?)));
    match made {
        Ok((number, text)) => match name {
            Some(name) => vm.raise_with(&vm.exceptions.OSError, &[&number, &text.head, name]),
            None => vm.raise_with(&vm.exceptions.OSError, &[&number, &text.head]),
        },
        Err(raised) => raised,
    }
}

/// `os.fspath(object)`: a string or bytes.
///
/// # Errors
/// TypeError: "expected str, bytes or os.PathLike object, not x"
pub fn fspath(vm: &Vm, object: &Object) -> PyResult {
    if object.downcast::<Str>().is_some() || object.downcast::<Bytes>().is_some() {
        return Ok(object.to_ref());
    }
    let Some(found) = protocol::call_special(vm, object, &vm.names.__fspath__, &[])? else {
        return Err(vm.type_error(format!(
            "expected str, bytes or os.PathLike object, not {}",
            type_name(object)
        )));
    };
    if found.downcast::<Str>().is_some() || found.downcast::<Bytes>().is_some() {
        return Ok(found);
    }
    Err(vm.type_error(format!(
        "expected {}.__fspath__() to return str or bytes, not {}",
        type_name(object),
        type_name(&found)
    )))
}

/// The path that an object stands for.
///
/// # Errors
/// TypeError; UnicodeEncodeError; ValueError: "embedded null byte"
pub fn path(vm: &Vm, object: &Object) -> PyResult<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let found = fspath(vm, object)?;
    let bytes: Ref<Bytes> = match found.downcast::<Str>() {
        Some(text) => utf8::encode(vm, text, "surrogateescape")?,
        None => match found.cast::<Bytes>() {
            Ok(bytes) => bytes,
            Err(_) => return Err(vm.system_error("a path is neither text nor bytes")),
        },
    };
    if bytes.as_slice().contains(&0) {
        return Err(vm.value_error("embedded null byte"));
    }
    Ok(std::ffi::OsString::from_vec(bytes.as_slice().to_vec()).into())
}

/// A name of the system's as text: bytes that are no UTF-8 become lone surrogates.
///
/// # Errors
/// MemoryError
pub fn text(vm: &Vm, name: &std::ffi::OsStr) -> PyResult<Ref<Str>> {
    use std::os::unix::ffi::OsStrExt;
    if let Some(text) = name.to_str() {
        return vm.new_str(text);
    }
    let mut points = Vec::new();
    for chunk in name.as_bytes().utf8_chunks() {
        points.extend(chunk.valid().chars().map(u32::from));
        points.extend(chunk.invalid().iter().map(|b| 0xdc00 + u32::from(*b)));
    }
    vm.new_str_points(&points)
}
