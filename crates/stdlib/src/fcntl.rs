//! The module `fcntl`: flags and locks of descriptors. The operations whose argument is a number are those of the safe
//! binding. `ioctl` knows the requests whose structures hold no address, and raises NotImplementedError for any other one.

use nix::fcntl::{FcntlArg, FdFlag, FlockArg, OFlag, SealFlag, fcntl};
use nix::libc;
use viv_runtime::modules::io::system::{self, os_error};
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::{Bytes, Int, Str};
use viv_runtime::types::buffer;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};
use viv_system::control::{self, ControlArgument};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "fcntl",
    doc: "This module performs file control and I/O control on file\ndescriptors.  It is an interface to the fcntl() and ioctl() Unix\nroutines.  File descriptors can be obtained with the fileno() method of\na file or socket object.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, value) in CONSTANTS {
            add_int(vm, module, name, i64::from(*value))?;
        }
        Ok(())
    },
};

const CONSTANTS: &[(&str, i32)] = &[
    ("F_DUPFD", libc::F_DUPFD),
    ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC),
    ("F_GETFD", libc::F_GETFD),
    ("F_SETFD", libc::F_SETFD),
    ("F_GETFL", libc::F_GETFL),
    ("F_SETFL", libc::F_SETFL),
    ("F_GETLK", libc::F_GETLK),
    ("F_SETLK", libc::F_SETLK),
    ("F_SETLKW", libc::F_SETLKW),
    ("F_RDLCK", libc::F_RDLCK),
    ("F_WRLCK", libc::F_WRLCK),
    ("F_UNLCK", libc::F_UNLCK),
    ("F_GETPIPE_SZ", libc::F_GETPIPE_SZ),
    ("F_SETPIPE_SZ", libc::F_SETPIPE_SZ),
    ("F_ADD_SEALS", libc::F_ADD_SEALS),
    ("F_GET_SEALS", libc::F_GET_SEALS),
    ("FD_CLOEXEC", libc::FD_CLOEXEC),
    ("LOCK_SH", libc::LOCK_SH),
    ("LOCK_EX", libc::LOCK_EX),
    ("LOCK_NB", libc::LOCK_NB),
    ("LOCK_UN", libc::LOCK_UN),
];

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "fcntl",
        "($module, fd, cmd, arg=0, /)",
        NativeCall::Positional {
            min: 2,
            max: 3,
            call: control,
        },
        "Perform the operation `cmd` on file descriptor fd.\n\nThe values used for `cmd` are operating system dependent, and are available\nas constants in the fcntl module, using the same names as used in\nthe relevant C header files.",
    ),
    MethodDef::new(
        "ioctl",
        "($module, fd, request, arg=0, mutate_flag=True, /)",
        NativeCall::Positional {
            min: 2,
            max: 4,
            call: control_device,
        },
        "Perform the operation request on file descriptor fd.",
    ),
    MethodDef::new(
        "flock",
        "($module, fd, operation, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: lock_file,
        },
        "Perform the lock operation `operation` on file descriptor `fd`.\n\nSee the Unix manual page for flock(2) for details (On some systems, this\nfunction is emulated using fcntl()).",
    ),
    MethodDef::new(
        "lockf",
        "($module, fd, cmd, len=0, start=0, whence=0, /)",
        NativeCall::Positional {
            min: 2,
            max: 5,
            call: lock_part,
        },
        "A wrapper around the fcntl() locking calls.",
    ),
];

/// The descriptor of an int or of an object with `fileno()`.
pub fn descriptor(vm: &Vm, object: &Object) -> PyResult<i32> {
    let number = if object.downcast::<viv_runtime::object::Int>().is_some() {
        protocol::to_i64(vm, object)?
    } else {
        let Some(method) = protocol::get_attr_opt(vm, object, &*vm.intern("fileno")?)? else {
            return Err(vm.type_error("argument must be an int, or have a fileno() method."));
        };
        let number = protocol::call_no_args(vm, &method)?;
        if number.downcast::<viv_runtime::object::Int>().is_none() {
            return Err(vm.type_error("fileno() returned a non-integer"));
        }
        protocol::to_i64(vm, &number)?
    };
    let Ok(number) = i32::try_from(number) else {
        return Err(vm.overflow_error("Python int too large to convert to C int"));
    };
    if number < 0 {
        return Err(vm.value_error(format!(
            "file descriptor cannot be a negative integer ({number})"
        )));
    }
    Ok(number)
}

fn c_int(vm: &Vm, object: &Object) -> PyResult<i32> {
    let value = protocol::to_index(vm, object)?;
    // Flags of 32 bits may be given with or without a sign.
    i32::try_from(value)
        .ok()
        .or_else(|| u32::try_from(value).ok().map(|n| n as i32))
        .ok_or_else(|| vm.overflow_error("signed integer is greater than maximum"))
}

fn control(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let (fd, command) = (descriptor(vm, args[0])?, c_int(vm, args[1])?);
    let given = match args.get(2) {
        Some(arg) if viv_runtime::types::buffer::has_buffer(vm, arg)? => {
            return Err(vm.not_implemented_error(
                "fcntl.fcntl: there is no safe binding of operations on structures",
            ));
        }
        Some(arg) => c_int(vm, arg)?,
        None => 0,
    };
    let operation = match command {
        libc::F_DUPFD => FcntlArg::F_DUPFD(given),
        libc::F_DUPFD_CLOEXEC => FcntlArg::F_DUPFD_CLOEXEC(given),
        libc::F_GETFD => FcntlArg::F_GETFD,
        libc::F_SETFD => FcntlArg::F_SETFD(FdFlag::from_bits_truncate(given)),
        libc::F_GETFL => FcntlArg::F_GETFL,
        libc::F_SETFL => FcntlArg::F_SETFL(OFlag::from_bits_truncate(given)),
        libc::F_GETPIPE_SZ => FcntlArg::F_GETPIPE_SZ,
        libc::F_SETPIPE_SZ => FcntlArg::F_SETPIPE_SZ(given),
        libc::F_ADD_SEALS => FcntlArg::F_ADD_SEALS(SealFlag::from_bits_truncate(given)),
        libc::F_GET_SEALS => FcntlArg::F_GET_SEALS,
        _ => {
            return Err(vm.not_implemented_error(format!(
                "fcntl.fcntl: there is no safe binding of the operation {command}"
            )));
        }
    };
    match fcntl(fd, operation) {
        Ok(result) => vm.new_int(i64::from(result)),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}

fn control_device(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let fd = descriptor(vm, args[0])?;
    // As the system takes it: 32 bits with or without a sign.
    let request = u64::from(protocol::to_index(vm, args[1])? as u32);
    if !control::controls(request) {
        return Err(vm.not_implemented_error(format!(
            "fcntl.ioctl: there is no safe binding of the request {request:#x}"
        )));
    }
    let argument = args.get(2).copied();
    let Some(object) = argument.filter(|object| object.downcast::<Int>().is_none()) else {
        let number = argument.map_or(Ok(0), |number| protocol::to_index(vm, number))?;
        let done =
            vm.allow_threads(|| control::control(fd, request, ControlArgument::Number(number)));
        return vm.new_int(i64::from(system::check(vm, done)?));
    };
    let mut bytes = match object.downcast::<Str>() {
        Some(text) => text.to_text().as_bytes().to_vec(),
        None => buffer::require_bytes(vm, object, <[u8]>::to_vec)?,
    };
    let done =
        vm.allow_threads(|| control::control(fd, request, ControlArgument::Bytes(&mut bytes)));
    let done = system::check(vm, done)?;
    let changes = args
        .get(3)
        .map_or(Ok(true), |flag| protocol::is_true(vm, flag))?;
    let is_fixed = object.downcast::<Str>().is_some() || object.downcast::<Bytes>().is_some();
    if is_fixed || !changes {
        return Ok(vm.new_bytes(&bytes)?.upcast());
    }
    buffer::with_bytes_mut(vm, object, |to| {
        for (to, byte) in to.iter_mut().zip(&bytes) {
            *to = *byte;
        }
    })?;
    vm.new_int(i64::from(done))
}

fn lock_file(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let (fd, operation) = (descriptor(vm, args[0])?, c_int(vm, args[1])?);
    let waits = operation & libc::LOCK_NB == 0;
    let operation = match (operation & !libc::LOCK_NB, waits) {
        (libc::LOCK_SH, true) => FlockArg::LockShared,
        (libc::LOCK_SH, false) => FlockArg::LockSharedNonblock,
        (libc::LOCK_EX, true) => FlockArg::LockExclusive,
        (libc::LOCK_EX, false) => FlockArg::LockExclusiveNonblock,
        (libc::LOCK_UN, true) => FlockArg::Unlock,
        (libc::LOCK_UN, false) => FlockArg::UnlockNonblock,
        _ => return Err(os_error(vm, &nix::errno::Errno::EINVAL.into(), None)),
    };
    match vm.allow_threads(|| nix::fcntl::flock(fd, operation)) {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}

fn lock_part(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let (fd, operation) = (descriptor(vm, args[0])?, c_int(vm, args[1])?);
    let number = |place: usize| match args.get(place) {
        Some(number) => protocol::to_index(vm, number),
        None => Ok(0),
    };
    let kind = match operation & !libc::LOCK_NB {
        libc::LOCK_SH => libc::F_RDLCK,
        libc::LOCK_EX => libc::F_WRLCK,
        libc::LOCK_UN => libc::F_UNLCK,
        _ => return Err(vm.value_error("unrecognized lockf argument")),
    };
    let lock = libc::flock {
        l_type: kind as libc::c_short,
        l_whence: number(4)? as libc::c_short,
        l_start: number(3)?,
        l_len: number(2)?,
        l_pid: 0,
    };
    let waits = operation & libc::LOCK_NB == 0;
    let done = vm.allow_threads(|| {
        if waits {
            fcntl(fd, FcntlArg::F_SETLKW(&lock))
        } else {
            fcntl(fd, FcntlArg::F_SETLK(&lock))
        }
    });
    match done {
        Ok(_) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}
