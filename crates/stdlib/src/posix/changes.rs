//! Functions of `posix` that make, remove, rename and ask for files by name.

use nix::sys::stat::Mode;
use nix::unistd::{self, AccessFlags};
use viv_runtime::modules::io::system::os_error;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

use super::path::{self, Accepts, Name};
use super::{int, two_names};

type Given<'a> = [Option<&'a Object>];

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "mkdir",
        "($module, /, path, mode=511, *, dir_fd=None)",
        NativeCall::Bound(|vm, _, a| {
            let name = name(vm, "mkdir", a, 2)?;
            let mode = match a.get(1).copied().flatten() {
                Some(mode) => int(vm, mode)? as u32,
                None => 0o777,
            };
            done(
                vm,
                unistd::mkdir(name.as_bytes(), Mode::from_bits_truncate(mode)),
                &name,
            )
        }),
        "Create a directory.",
    ),
    MethodDef::new(
        "rmdir",
        "($module, /, path, *, dir_fd=None)",
        NativeCall::Bound(|vm, _, a| {
            let name = name(vm, "rmdir", a, 1)?;
            let removed = unistd::unlinkat(None, name.as_bytes(), unistd::UnlinkatFlags::RemoveDir);
            done(vm, removed, &name)
        }),
        "Remove a directory.",
    ),
    MethodDef::new(
        "unlink",
        "($module, /, path, *, dir_fd=None)",
        NativeCall::Bound(|vm, _, a| unlink(vm, "unlink", a)),
        "Remove a file (same as remove()).",
    ),
    MethodDef::new(
        "remove",
        "($module, /, path, *, dir_fd=None)",
        NativeCall::Bound(|vm, _, a| unlink(vm, "remove", a)),
        "Remove a file (same as unlink()).",
    ),
    MethodDef::new(
        "rename",
        "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        NativeCall::Bound(|vm, _, a| rename(vm, "rename", a)),
        "Rename a file or directory.",
    ),
    MethodDef::new(
        "replace",
        "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        NativeCall::Bound(|vm, _, a| rename(vm, "replace", a)),
        "Rename a file or directory, overwriting the destination.",
    ),
    MethodDef::new(
        "readlink",
        "($module, /, path, *, dir_fd=None)",
        NativeCall::Bound(|vm, _, a| {
            use std::os::unix::ffi::OsStrExt;
            let name = name(vm, "readlink", a, 1)?;
            match nix::fcntl::readlink(name.as_bytes()) {
                Ok(target) if name.is_bytes() => Ok(vm.new_bytes(target.as_bytes())?.upcast()),
                Ok(target) => super::text(vm, &target),
                Err(error) => Err(os_error(vm, &error.into(), Some(&name.object))),
            }
        }),
        "Return a string representing the path to which the symbolic link points.",
    ),
    MethodDef::new(
        "access",
        "($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n       follow_symlinks=True)",
        NativeCall::Bound(|vm, _, a| {
            let name = name(vm, "access", a, 2)?;
            let mode = match a.get(1).copied().flatten() {
                Some(mode) => super::fd(vm, mode)?,
                None => 0,
            };
            let mode = AccessFlags::from_bits_truncate(mode);
            Ok(vm.bool(unistd::access(name.as_bytes(), mode).is_ok()))
        }),
        "Use the real uid/gid to test for access to a path.",
    ),
    MethodDef::new(
        "chdir",
        "($module, /, path)",
        NativeCall::Bound(|vm, _, a| {
            let Some(Some(folder)) = a.first() else {
                return Ok(vm.none_ref());
            };
            let accepts = Accepts {
                number: true,
                ..Accepts::path("chdir")
            };
            match path::given(vm, accepts, folder)? {
                path::Given::Name(name) => done(vm, unistd::chdir(name.as_bytes()), &name),
                path::Given::Number(number) => match unistd::fchdir(number) {
                    Ok(()) => Ok(vm.none_ref()),
                    Err(error) => Err(os_error(vm, &error.into(), Some(folder))),
                },
                path::Given::Nothing => Ok(vm.none_ref()),
            }
        }),
        "Change the current working directory to the specified path.",
    ),
];

/// The name that is the first argument; at `folder` is that of the folder it would be relative to.
fn name(vm: &Vm, function: &'static str, args: &Given<'_>, folder: usize) -> PyResult<Name> {
    let Some(Some(given)) = args.first() else {
        return Err(vm.type_error(format!(
            "{function}() missing required argument 'path' (pos 1)"
        )));
    };
    let name = path::name(vm, function, given)?;
    path::no_folder(vm, args.get(folder).copied().flatten())?;
    Ok(name)
}

fn done(vm: &Vm, result: nix::Result<()>, name: &Name) -> PyResult {
    match result {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error.into(), Some(&name.object))),
    }
}

fn unlink(vm: &Vm, function: &'static str, args: &Given<'_>) -> PyResult {
    let name = name(vm, function, args, 1)?;
    done(vm, unistd::unlink(name.as_bytes()), &name)
}

fn rename(vm: &Vm, function: &'static str, args: &Given<'_>) -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    let &[Some(from), Some(to), from_folder, to_folder] = args else {
        return Ok(vm.none_ref());
    };
    let named = |argument, object| {
        let accepts = Accepts {
            argument,
            ..Accepts::path(function)
        };
        path::named(vm, accepts, object)
    };
    let (from, to) = (named("src", from)?, named("dst", to)?);
    path::no_folder(vm, from_folder)?;
    path::no_folder(vm, to_folder)?;
    let os = |name: &'_ Name| std::ffi::OsStr::from_bytes(name.as_bytes()).to_owned();
    match std::fs::rename(os(&from), os(&to)) {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(two_names(vm, &error, &from.object, &to.object)),
    }
}
