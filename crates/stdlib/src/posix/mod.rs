//! The module `_posix`: the system's calls. Those that scripts make often are whole functions of `posix`; the others are
//! as the library's `posix` (Python, in `python/`) wants them: paths are strings, results ints, strings and tuples. What
//! fails raises OSError with the path.

mod changes;
mod folder;
mod path;
mod split;
mod stat;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::{self, Whence};
use viv_runtime::modules::io::system::{self, os_error};
use viv_runtime::modules::make::{ModuleSpec, new_function};
use viv_runtime::object::{Bytes, Str};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_posix",
    doc: "The system's calls, for the module posix.",
    functions: &[
        PATHS,
        FILES,
        PROCESS,
        crate::process::FUNCTIONS,
        crate::environment::FUNCTIONS,
    ],
    fill: |vm, module| {
        for def in WHOLE.iter().chain(changes::FUNCTIONS) {
            let function = new_function(vm, module, "posix", def)?;
            module.dict.set_text(vm, def.name, &function)?;
        }
        module
            .dict
            .set_text(vm, "stat_result", stat::describe(vm)?.as_object())?;
        let entry = folder::entry_type(vm)?;
        module.dict.set_text(vm, "DirEntry", entry.as_object())
    },
};

/// Functions that `posix` has as they are here.
const WHOLE: &[MethodDef] = &[
    MethodDef::new(
        "fspath",
        "($module, /, path)",
        NativeCall::Bound(path::fspath),
        "Return the file system path representation of the object.\n\nIf the object is str or bytes, then allow it to pass through as-is. If the\nobject defines __fspath__(), then return the result of that method. All other\ntypes raise a TypeError.",
    ),
    MethodDef::new(
        "stat",
        "($module, /, path, *, dir_fd=None, follow_symlinks=True)",
        NativeCall::Bound(stat::stat),
        "Perform a stat system call on the given path.",
    ),
    MethodDef::new(
        "lstat",
        "($module, /, path, *, dir_fd=None)",
        NativeCall::Bound(stat::lstat),
        "Perform a stat system call on the given path, without following symbolic links.\n\nLike stat(), but do not follow symbolic links.\nEquivalent to stat(path, follow_symlinks=False).",
    ),
    MethodDef::new(
        "fstat",
        "($module, /, fd)",
        NativeCall::Bound(stat::fstat),
        "Perform a stat system call on the given file descriptor.\n\nLike stat(), but for an open file descriptor.\nEquivalent to os.stat(fd).",
    ),
    MethodDef::new(
        "listdir",
        "($module, /, path=None)",
        NativeCall::Bound(folder::listdir),
        "Return a list containing the names of the files in the directory.",
    ),
    MethodDef::new(
        "scandir",
        "($module, /, path=None)",
        NativeCall::Bound(folder::scandir),
        "Return an iterator of DirEntry objects for given path.\n\npath can be specified as either str, bytes, or a path-like object.  If path\nis bytes, the names of yielded DirEntry objects will also be bytes; in\nall other circumstances they will be str.\n\nIf path is None, uses the path='.'.",
    ),
    MethodDef::new(
        "_path_splitroot_ex",
        "($module, /, p)",
        NativeCall::Bound(split::split_root),
        "Split a pathname into drive, root and tail.\n\nThe tail contains anything after the root.",
    ),
    MethodDef::new(
        "_path_normpath",
        "($module, /, path)",
        NativeCall::Bound(split::normal),
        "Normalize path, eliminating double slashes, etc.",
    ),
];

pub(crate) const fn call(
    name: &'static str,
    min: usize,
    max: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
) -> MethodDef {
    MethodDef::new(name, "", NativeCall::Positional { min, max, call }, "")
}

const PATHS: &[MethodDef] = &[
    call("link", 2, 2, |vm, _, a| {
        let (from, to) = (path(vm, a[0])?, path(vm, a[1])?);
        match std::fs::hard_link(from, to) {
            Ok(()) => Ok(vm.none_ref()),
            Err(error) => Err(two_names(vm, &error, a[0], a[1])),
        }
    }),
    call("symlink", 2, 2, |vm, _, a| {
        let (from, to) = (path(vm, a[0])?, path(vm, a[1])?);
        match std::os::unix::fs::symlink(from, to) {
            Ok(()) => Ok(vm.none_ref()),
            Err(error) => Err(two_names(vm, &error, a[0], a[1])),
        }
    }),
    call("chmod", 2, 2, |vm, _, a| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(int(vm, a[1])? as u32);
        done(vm, std::fs::set_permissions(path(vm, a[0])?, mode), a[0])
    }),
    call("chown", 4, 4, |vm, _, a| {
        let (user, group) = (owner(vm, a[1])?, owner(vm, a[2])?);
        let path = path(vm, a[0])?;
        let changed = if protocol::is_true(vm, a[3])? {
            std::os::unix::fs::chown(path, user, group)
        } else {
            std::os::unix::fs::lchown(path, user, group)
        };
        done(vm, changed, a[0])
    }),
    call("mkfifo", 2, 2, |vm, _, a| {
        let mode = Mode::from_bits_truncate(int(vm, a[1])? as u32);
        none(vm, unistd::mkfifo(&path(vm, a[0])?, mode), a[0])
    }),
    call("utime", 3, 3, utime),
    call("getcwd", 0, 0, |vm, _, _| match std::env::current_dir() {
        Ok(folder) => text(vm, folder.as_os_str()),
        Err(error) => Err(os_error(vm, &error, None)),
    }),
];

/// The number of a user or group; -1 leaves it as it is.
fn owner(vm: &Vm, object: &Object) -> PyResult<Option<u32>> {
    match int(vm, object)? {
        -1 => Ok(None),
        number => u32::try_from(number)
            .map(Some)
            .map_err(|_| vm.overflow_error("uid is out of range")),
    }
}

const FILES: &[MethodDef] = &[
    call("fchown", 3, 3, |vm, _, a| {
        let user = owner(vm, a[1])?.map(unistd::Uid::from_raw);
        let group = owner(vm, a[2])?.map(unistd::Gid::from_raw);
        plain(vm, unistd::fchown(fd(vm, a[0])?, user, group))
    }),
    call("open", 3, 3, |vm, _, a| {
        let flags = OFlag::from_bits_truncate(int(vm, a[1])? as i32 | OFlag::O_CLOEXEC.bits());
        let mode = Mode::from_bits_truncate(int(vm, a[2])? as u32);
        let path = path(vm, a[0])?;
        let opened = system::call(vm, || {
            nix::fcntl::open(&path, flags, mode).map_err(std::io::Error::from)
        })?;
        match opened {
            Ok(fd) => vm.new_int(i64::from(fd)),
            Err(error) => Err(os_error(vm, &error, Some(a[0]))),
        }
    }),
    call("close", 1, 1, |vm, _, a| {
        plain(vm, unistd::close(fd(vm, a[0])?))
    }),
    call("read", 2, 2, |vm, _, a| {
        let size = usize::try_from(int(vm, a[1])?)
            .map_err(|_| os_error(vm, &nix::errno::Errno::EINVAL.into(), None))?;
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(size).is_err() {
            return Err(vm.no_memory());
        }
        buffer.resize(size, 0);
        let fd = fd(vm, a[0])?;
        match system::call(vm, || {
            unistd::read(fd, &mut buffer).map_err(std::io::Error::from)
        })? {
            Ok(n) => Ok(vm.new_bytes(buffer.get(..n).unwrap_or_default())?.upcast()),
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("write", 2, 2, |vm, _, a| {
        let Some(bytes) = a[1].downcast::<Bytes>() else {
            return Err(vm.type_error("a bytes-like object is required"));
        };
        // The caller keeps the bytes, which never change.
        let (fd, bytes) = (fd(vm, a[0])?, bytes.as_slice());
        match system::call(vm, || {
            unistd::write(fd, bytes).map_err(std::io::Error::from)
        })? {
            Ok(count) => vm.new_usize(count),
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("lseek", 3, 3, |vm, _, a| {
        let whence = match int(vm, a[2])? {
            0 => Whence::SeekSet,
            1 => Whence::SeekCur,
            2 => Whence::SeekEnd,
            _ => return Err(os_error(vm, &nix::errno::Errno::EINVAL.into(), None)),
        };
        match unistd::lseek(fd(vm, a[0])?, int(vm, a[1])?, whence) {
            Ok(at) => vm.new_int(at),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("ftruncate", 2, 2, |vm, _, a| {
        plain(vm, unistd::ftruncate(fd(vm, a[0])?, int(vm, a[1])?))
    }),
    call("fsync", 1, 1, |vm, _, a| {
        plain(vm, unistd::fsync(fd(vm, a[0])?))
    }),
    call("dup", 1, 1, |vm, _, a| match unistd::dup(fd(vm, a[0])?) {
        Ok(fd) => vm.new_int(i64::from(fd)),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }),
    call("dup2", 2, 2, |vm, _, a| {
        match unistd::dup2(fd(vm, a[0])?, fd(vm, a[1])?) {
            Ok(fd) => vm.new_int(i64::from(fd)),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("pipe", 0, 0, |vm, _, _| {
        match unistd::pipe2(OFlag::O_CLOEXEC) {
            Ok((r, w)) => numbers(vm, &[i64::from(r), i64::from(w)]),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("isatty", 1, 1, |vm, _, a| {
        Ok(vm.bool(unistd::isatty(fd(vm, a[0])?).unwrap_or(false)))
    }),
];

const PROCESS: &[MethodDef] = &[
    call("getpid", 0, 0, |vm, _, _| {
        vm.new_int(i64::from(std::process::id()))
    }),
    call("getppid", 0, 0, |vm, _, _| {
        vm.new_int(i64::from(std::os::unix::process::parent_id()))
    }),
    call("getids", 0, 0, |vm, _, _| {
        numbers(
            vm,
            &[
                i64::from(unistd::getuid().as_raw()),
                i64::from(unistd::geteuid().as_raw()),
                i64::from(unistd::getgid().as_raw()),
                i64::from(unistd::getegid().as_raw()),
            ],
        )
    }),
    call("umask", 1, 1, |vm, _, a| {
        let mode = Mode::from_bits_truncate(int(vm, a[0])? as u32);
        vm.new_int(i64::from(nix::sys::stat::umask(mode).bits()))
    }),
    call("kill", 2, 2, |vm, _, a| {
        let signal = match int(vm, a[1])? {
            0 => None,
            n => Some(
                nix::sys::signal::Signal::try_from(n as i32)
                    .map_err(|e| os_error(vm, &e.into(), None))?,
            ),
        };
        let pid = unistd::Pid::from_raw(int(vm, a[0])? as i32);
        let done = plain(vm, nix::sys::signal::kill(pid, signal))?;
        // A signal to this process is there when the call comes back.
        vm.check_signals()?;
        Ok(done)
    }),
    call("_exit", 1, 1, |vm, _, a| {
        viv_system::process::exit_at_once(int(vm, a[0])? as i32)
    }),
    call("environ", 0, 0, |vm, _, _| {
        let mut items = Vec::new();
        for (name, value) in std::env::vars_os() {
            let pair = vec![
                vm.new_bytes(name.as_bytes())?.upcast(),
                vm.new_bytes(value.as_bytes())?.upcast(),
            ];
            items.push(vm.new_tuple(pair)?.upcast());
        }
        Ok(vm.new_list(items)?.upcast())
    }),
    call("urandom", 1, 1, |vm, _, a| {
        let size = int(vm, a[0])?;
        let Ok(size) = usize::try_from(size) else {
            return Err(vm.value_error("negative argument not allowed"));
        };
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(size).is_err() {
            return Err(vm.no_memory());
        }
        bytes.resize(size, 0);
        let filled = std::fs::File::open("/dev/urandom")
            .and_then(|mut f| std::io::Read::read_exact(&mut f, &mut bytes));
        match filled {
            Ok(()) => Ok(vm.new_bytes(&bytes)?.upcast()),
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("cpu_count", 0, 0, |vm, _, _| {
        if let Some(count) = vm.config.settings.cpu_count {
            return vm.new_int(i64::from(count));
        }
        vm.new_usize(std::thread::available_parallelism().map_or(1, usize::from))
    }),
    call("uname", 0, 0, |vm, _, _| match nix::sys::utsname::uname() {
        Ok(u) => {
            let parts = [
                u.sysname(),
                u.nodename(),
                u.release(),
                u.version(),
                u.machine(),
            ];
            let parts = parts
                .into_iter()
                .map(|p| text(vm, p))
                .collect::<PyResult<Vec<Ref>>>()?;
            Ok(vm.new_tuple(parts)?.upcast())
        }
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }),
    call("strerror", 1, 1, |vm, _, a| {
        let error = std::io::Error::from_raw_os_error(int(vm, a[0])? as i32).to_string();
        let message = error.split(" (os error").next().unwrap_or_default();
        Ok(vm.new_str(message)?.upcast())
    }),
];

pub(crate) fn int(vm: &Vm, object: &Object) -> PyResult<i64> {
    protocol::to_i64(vm, object)
}

pub(crate) fn fd(vm: &Vm, object: &Object) -> PyResult<i32> {
    i32::try_from(protocol::to_i64(vm, object)?).map_err(|_| {
        vm.raise(
            &vm.exceptions.OverflowError,
            "Python int too large to convert to C int",
        )
    })
}

/// A path given as a string, whose lone surrogates stand for bytes that are no UTF-8.
pub(crate) fn path(vm: &Vm, object: &Object) -> PyResult<PathBuf> {
    let Some(name) = object.downcast::<Str>() else {
        return Err(vm.type_error("path should be string"));
    };
    let mut bytes = Vec::new();
    for point in name.chars() {
        match char::from_u32(point) {
            Some('\0') => return Err(vm.value_error("embedded null byte")),
            Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None if (0xdc80..=0xdcff).contains(&point) => bytes.push((point - 0xdc00) as u8),
            None => return Err(vm.value_error("surrogates not allowed in a path")),
        }
    }
    Ok(OsString::from_vec(bytes).into())
}

/// A string of the system's, whose bytes that are no UTF-8 become lone surrogates.
pub(crate) fn text(vm: &Vm, text: &std::ffi::OsStr) -> PyResult {
    Ok(viv_runtime::modules::io::system::text(vm, text)?.upcast())
}

fn none(vm: &Vm, result: nix::Result<()>, name: &Object) -> PyResult {
    done(vm, result.map_err(Into::into), name)
}

fn done(vm: &Vm, result: std::io::Result<()>, name: &Object) -> PyResult {
    match result {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error, Some(name))),
    }
}

pub(crate) fn plain(vm: &Vm, result: nix::Result<()>) -> PyResult {
    match result {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}

pub(crate) fn numbers(vm: &Vm, values: &[i64]) -> PyResult {
    let values = values
        .iter()
        .map(|n| vm.new_int(*n))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_tuple(values)?.upcast())
}

/// OSError with both names of a call that takes two.
fn two_names(vm: &Vm, error: &std::io::Error, from: &Object, to: &Object) -> Raised {
    let message = error.to_string();
    let message = message.split(" (os error").next().unwrap_or_default();
    let made = vm
        .new_int(i64::from(error.raw_os_error().unwrap_or(0)))
        .and_then(|number| Ok((number, vm.new_str(message)?)));
    match made {
        Ok((number, message)) => {
            let args = [&*number, &message.head, from, vm.none(), to];
            vm.raise_with(&vm.exceptions.OSError, &args)
        }
        Err(raised) => raised,
    }
}

/// Times of access and change in nanoseconds.
fn utime(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let time = |object: &Object| -> PyResult<nix::sys::time::TimeSpec> {
        let all = int(vm, object)?;
        let (seconds, rest) = (all.div_euclid(1_000_000_000), all.rem_euclid(1_000_000_000));
        Ok(nix::sys::time::TimeSpec::new(seconds, rest))
    };
    let (accessed, changed) = (time(args[1])?, time(args[2])?);
    let result = nix::sys::stat::utimensat(
        None,
        &path(vm, args[0])?,
        &accessed,
        &changed,
        nix::sys::stat::UtimensatFlags::FollowSymlink,
    );
    none(vm, result, args[0])
}
