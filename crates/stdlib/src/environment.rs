//! `putenv` and `unsetenv`: what a program changes in the process's environment, which the programs that it starts inherit.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use viv_runtime::modules::io::system::os_error;
use viv_runtime::object::Bytes;
use viv_runtime::{MethodDef, Object, PyResult, Vm};
use viv_system::calendar;

use crate::posix::call;

/// What `_posix` offers.
pub(crate) const FUNCTIONS: &[MethodDef] = &[
    call("putenv", 2, 2, |vm, _, a| {
        let (name, value) = (word(vm, a[0])?, word(vm, a[1])?);
        if name.is_empty() || name.as_bytes().contains(&b'=') {
            return Err(vm.value_error("illegal environment variable name"));
        }
        calendar::set_variable(&name, Some(&value));
        Ok(vm.none_ref())
    }),
    call("unsetenv", 1, 1, |vm, _, a| {
        let name = word(vm, a[0])?;
        if name.is_empty() || name.as_bytes().contains(&b'=') {
            return Err(os_error(vm, &nix::errno::Errno::EINVAL.into(), None));
        }
        calendar::set_variable(&name, None);
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
