//! `putenv` and `unsetenv`: what a program changes in its environment.
//!
//! The process's own environment stays as it was, for changing that is unsafe while other threads read it; the changes reach
//! the programs that are started.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use viv_runtime::object::Bytes;
use viv_runtime::{MethodDef, Object, PyResult, Vm};

use crate::posix::call;

/// The names that were changed: a value, or none where the name was removed.
static CHANGES: Mutex<BTreeMap<OsString, Option<OsString>>> = Mutex::new(BTreeMap::new());

/// What `_posix` offers.
pub(crate) const FUNCTIONS: &[MethodDef] = &[
    call("putenv", 2, 2, |vm, _, a| {
        let (name, value) = (word(vm, a[0])?, word(vm, a[1])?);
        if name.is_empty() || name.as_bytes().contains(&b'=') {
            return Err(vm.value_error("illegal environment variable name"));
        }
        change(name, Some(value));
        Ok(vm.none_ref())
    }),
    call("unsetenv", 1, 1, |vm, _, a| {
        change(word(vm, a[0])?, None);
        Ok(vm.none_ref())
    }),
];

fn word(vm: &Vm, object: &Object) -> PyResult<OsString> {
    let Some(bytes) = object.downcast::<Bytes>() else {
        return Err(vm.type_error("bytes are needed"));
    };
    let bytes = bytes.as_slice();
    if bytes.contains(&0) {
        return Err(vm.value_error("embedded null byte"));
    }
    Ok(OsStr::from_bytes(bytes).to_owned())
}

fn change(name: OsString, value: Option<OsString>) {
    let mut changes = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
    changes.insert(name, value);
}

/// Gives a program that is to be started the changes.
pub(crate) fn apply(command: &mut Command) {
    let changes = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, value) in &*changes {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}
