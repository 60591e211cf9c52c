//! Processes: what `_posix` offers to start, await and signal them, limits, and the module `_posixsubprocess`.
//!
//! A process is started by `std::process::Command`, which need not copy this one's memory; only where something is to be done
//! between the fork and the new program that it does not know (`preexec_fn`, `start_new_session`) by a fork.

use std::ffi::OsStr;
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::resource::{Resource, UsageWho};
use nix::sys::wait::{WaitPidFlag, WaitStatus};
use nix::unistd::{self, Pid};
use viv_runtime::modules::io::system::{self, os_error};
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Bytes, Str};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};
use viv_system::{control, process};

use crate::fork_exec::{self, Plan};
use crate::posix::{call, fd, int, numbers, path, plain};

/// The module `_posixsubprocess`.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_posixsubprocess",
    doc: "A POSIX helper for the subprocess module.",
    functions: &[&[MethodDef::new(
        "fork_exec",
        "",
        NativeCall::Positional {
            min: 22,
            max: 22,
            call: fork_exec,
        },
        "Spawn a fresh new child process.",
    )]],
    fill: |_, _| Ok(()),
};

/// What `_posix` offers besides files.
pub const FUNCTIONS: &[MethodDef] = &[
    call("waitpid", 2, 2, |vm, _, a| {
        let flags = WaitPidFlag::from_bits_truncate(fd(vm, a[1])?);
        let pid = Pid::from_raw(fd(vm, a[0])?);
        let waited = system::call(vm, || {
            nix::sys::wait::waitpid(pid, Some(flags)).map_err(std::io::Error::from)
        })?;
        match waited {
            Ok(status) => {
                let (pid, status) = raw_status(status);
                numbers(vm, &[i64::from(pid), i64::from(status)])
            }
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("get_blocking", 1, 1, |vm, _, a| {
        match fcntl(fd(vm, a[0])?, FcntlArg::F_GETFL) {
            Ok(flags) => Ok(vm.bool(flags & OFlag::O_NONBLOCK.bits() == 0)),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("set_blocking", 2, 2, |vm, _, a| {
        let (fd, blocking) = (fd(vm, a[0])?, protocol::is_true(vm, a[1])?);
        let set = fcntl(fd, FcntlArg::F_GETFL).and_then(|flags| {
            let mut flags = OFlag::from_bits_truncate(flags);
            flags.set(OFlag::O_NONBLOCK, !blocking);
            fcntl(fd, FcntlArg::F_SETFL(flags))
        });
        plain(vm, set.map(drop))
    }),
    call("killpg", 2, 2, |vm, _, a| {
        let signal = match fd(vm, a[1])? {
            0 => None,
            n => Some(
                nix::sys::signal::Signal::try_from(n).map_err(|e| os_error(vm, &e.into(), None))?,
            ),
        };
        plain(
            vm,
            nix::sys::signal::killpg(Pid::from_raw(fd(vm, a[0])?), signal),
        )
    }),
    call("getpgid", 1, 1, |vm, _, a| {
        pid(vm, unistd::getpgid(Some(Pid::from_raw(fd(vm, a[0])?))))
    }),
    call("setpgid", 2, 2, |vm, _, a| {
        let (process, group) = (fd(vm, a[0])?, fd(vm, a[1])?);
        plain(
            vm,
            unistd::setpgid(Pid::from_raw(process), Pid::from_raw(group)),
        )
    }),
    call("getsid", 1, 1, |vm, _, a| {
        pid(vm, unistd::getsid(Some(Pid::from_raw(fd(vm, a[0])?))))
    }),
    call("setsid", 0, 0, |vm, _, _| {
        plain(vm, unistd::setsid().map(drop))
    }),
    call("get_inheritable", 1, 1, |vm, _, a| {
        match flags_of(fd(vm, a[0])?) {
            Ok(flags) => Ok(vm.bool(!flags.contains(FdFlag::FD_CLOEXEC))),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("set_inheritable", 2, 2, |vm, _, a| {
        let inherit = protocol::is_true(vm, a[1])?;
        plain(vm, set_inheritable(fd(vm, a[0])?, inherit))
    }),
    call(
        "getrlimit",
        1,
        1,
        |vm, _, a| match nix::sys::resource::getrlimit(resource(vm, a[0])?) {
            Ok((soft, hard)) => numbers(vm, &[soft as i64, hard as i64]),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        },
    ),
    call("setrlimit", 3, 3, |vm, _, a| {
        let (soft, hard) = (int(vm, a[1])? as u64, int(vm, a[2])? as u64);
        plain(
            vm,
            nix::sys::resource::setrlimit(resource(vm, a[0])?, soft, hard),
        )
    }),
    call("getrusage", 1, 1, |vm, _, a| {
        let who = match int(vm, a[0])? {
            -1 => UsageWho::RUSAGE_CHILDREN,
            0 => UsageWho::RUSAGE_SELF,
            1 => UsageWho::RUSAGE_THREAD,
            _ => return Err(vm.value_error("invalid who parameter")),
        };
        match nix::sys::resource::getrusage(who) {
            Ok(usage) => {
                let micros =
                    |t: nix::sys::time::TimeVal| t.tv_sec().saturating_mul(1_000_000) + t.tv_usec();
                numbers(
                    vm,
                    &[
                        micros(usage.user_time()),
                        micros(usage.system_time()),
                        usage.max_rss(),
                        usage.shared_integral(),
                        usage.unshared_data_integral(),
                        usage.unshared_stack_integral(),
                        usage.minor_page_faults(),
                        usage.major_page_faults(),
                        usage.full_swaps(),
                        usage.block_reads(),
                        usage.block_writes(),
                        usage.ipc_sends(),
                        usage.ipc_receives(),
                        usage.signals(),
                        usage.voluntary_context_switches(),
                        usage.involuntary_context_switches(),
                    ],
                )
            }
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("fork", 0, 0, |vm, _, _| match vm.fork() {
        Ok(number) => vm.new_int(i64::from(number)),
        Err(error) => Err(os_error(vm, &error, None)),
    }),
    call("call_at_fork", 1, 1, |vm, _, a| {
        match protocol::call_no_args(vm, a[0]) {
            Ok(result) => drop(result),
            Err(raised) => vm.unraisable(raised, "in atfork callback", Some(a[0])),
        }
        Ok(vm.none_ref())
    }),
    call("openpty", 0, 0, |vm, _, _| {
        match nix::pty::openpty(None, None) {
            Ok(pair) => {
                for fd in [pair.master, pair.slave] {
                    plain(vm, set_inheritable(fd, false))?;
                }
                numbers(vm, &[i64::from(pair.master), i64::from(pair.slave)])
            }
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("take_terminal", 1, 1, |vm, _, a| {
        let fd = fd(vm, a[0])?;
        plain(vm, control::take_terminal(fd).map_err(errno))
    }),
    call("sysconf", 1, 1, |vm, _, a| {
        match process::configuration(fd(vm, a[0])?) {
            Ok(value) => vm.new_int(value),
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("pidfd_open", 2, 2, |vm, _, a| {
        match process::open_process(fd(vm, a[0])?, int(vm, a[1])? as u32) {
            Ok(fd) => vm.new_int(i64::from(fd)),
            Err(error) => Err(os_error(vm, &error, None)),
        }
    }),
    call("sendfile", 4, 4, |vm, _, a| {
        let (to, from) = (fd(vm, a[0])?, fd(vm, a[1])?);
        let offset = Some(int(vm, a[2])?).filter(|offset| *offset >= 0);
        let count = usize::try_from(int(vm, a[3])?).unwrap_or(0);
        let sent = system::call(vm, || process::send_file(to, from, offset, count))?;
        vm.new_usize(system::check(vm, sent)?)
    }),
    call("pipe2", 1, 1, |vm, _, a| {
        let flags = OFlag::from_bits_truncate(fd(vm, a[0])?);
        match unistd::pipe2(flags) {
            Ok((read, write)) => numbers(vm, &[i64::from(read), i64::from(write)]),
            Err(error) => Err(os_error(vm, &error.into(), None)),
        }
    }),
    call("waitid", 3, 3, |vm, _, a| {
        let (kind, id, options) = (int(vm, a[0])? as u32, int(vm, a[1])? as u32, fd(vm, a[2])?);
        let changed = system::call(vm, || process::wait_for(kind, id, options))?;
        match system::check(vm, changed)? {
            Some(change) => numbers(vm, &change),
            None => Ok(vm.none_ref()),
        }
    }),
    call("sched_yield", 0, 0, |vm, _, _| {
        vm.allow_threads(std::thread::yield_now);
        Ok(vm.none_ref())
    }),
];

/// The number of a failure.
fn errno(error: std::io::Error) -> nix::errno::Errno {
    nix::errno::from_i32(error.raw_os_error().unwrap_or(0))
}

/// The process and the status word of the C interface.
fn raw_status(status: WaitStatus) -> (i32, i32) {
    match status {
        WaitStatus::Exited(pid, code) => (pid.as_raw(), (code & 0xff) << 8),
        WaitStatus::Signaled(pid, signal, core) => {
            (pid.as_raw(), signal as i32 | i32::from(core) << 7)
        }
        WaitStatus::Stopped(pid, signal) => (pid.as_raw(), (signal as i32) << 8 | 0x7f),
        WaitStatus::PtraceEvent(pid, signal, event) => {
            (pid.as_raw(), event << 16 | (signal as i32) << 8 | 0x7f)
        }
        WaitStatus::PtraceSyscall(pid) => (pid.as_raw(), 0x857f),
        WaitStatus::Continued(pid) => (pid.as_raw(), 0xffff),
        WaitStatus::StillAlive => (0, 0),
    }
}

fn pid(vm: &Vm, result: nix::Result<Pid>) -> PyResult {
    match result {
        Ok(pid) => vm.new_int(i64::from(pid.as_raw())),
        Err(error) => Err(os_error(vm, &error.into(), None)),
    }
}

fn resource(vm: &Vm, number: &Object) -> PyResult<Resource> {
    Ok(match int(vm, number)? {
        0 => Resource::RLIMIT_CPU,
        1 => Resource::RLIMIT_FSIZE,
        2 => Resource::RLIMIT_DATA,
        3 => Resource::RLIMIT_STACK,
        4 => Resource::RLIMIT_CORE,
        5 => Resource::RLIMIT_RSS,
        6 => Resource::RLIMIT_NPROC,
        7 => Resource::RLIMIT_NOFILE,
        8 => Resource::RLIMIT_MEMLOCK,
        9 => Resource::RLIMIT_AS,
        _ => return Err(vm.value_error("invalid resource specified")),
    })
}

fn flags_of(fd: RawFd) -> nix::Result<FdFlag> {
    Ok(FdFlag::from_bits_truncate(fcntl(fd, FcntlArg::F_GETFD)?))
}

fn set_inheritable(fd: RawFd, inherit: bool) -> nix::Result<()> {
    let mut flags = flags_of(fd)?;
    flags.set(FdFlag::FD_CLOEXEC, !inherit);
    fcntl(fd, FcntlArg::F_SETFD(flags)).map(drop)
}

/// Descriptors whose inheritance is changed while a process is started.
#[derive(Default)]
struct Inheritance {
    before: Vec<(RawFd, bool)>,
}

impl Inheritance {
    /// Only `keep` and the standard streams go to the child, if `close` says so; `keep` does in any case.
    fn set(keep: &[RawFd], close: bool) -> Inheritance {
        let mut changed = Inheritance::default();
        for &fd in keep {
            changed.change(fd, true);
        }
        if close {
            let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
            for entry in open.flatten() {
                let number = entry
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse().ok());
                if let Some(fd) = number.filter(|fd| *fd > 2 && !keep.contains(fd)) {
                    changed.change(fd, false);
                }
            }
        }
        changed
    }

    fn change(&mut self, fd: RawFd, inherit: bool) {
        if let Ok(flags) = flags_of(fd) {
            let inherited = !flags.contains(FdFlag::FD_CLOEXEC);
            if inherited != inherit && set_inheritable(fd, inherit).is_ok() {
                self.before.push((fd, inherited));
            }
        }
    }
}

impl Drop for Inheritance {
    fn drop(&mut self) {
        for (fd, inherited) in self.before.drain(..) {
            // A descriptor that has been closed meanwhile has nothing to restore.
            let _ = set_inheritable(fd, inherited);
        }
    }
}

fn bytes_of(vm: &Vm, object: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = object.downcast::<Bytes>() {
        if bytes.as_slice().contains(&0) {
            return Err(vm.value_error("embedded null byte"));
        }
        return Ok(bytes.as_slice().to_vec());
    }
    let shown = if object.downcast::<Str>().is_some() {
        object.to_ref()
    } else {
        protocol::call_method(vm, object, &*vm.intern("__fspath__")?, &[])?
    };
    if let Some(bytes) = shown.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if shown.downcast::<Str>().is_none() {
        return Err(vm.type_error("expected a path or a string"));
    }
    Ok(path(vm, &shown)?.as_os_str().as_bytes().to_vec())
}

fn optional_id(vm: &Vm, object: &Object) -> PyResult<Option<u32>> {
    if vm.is_none(object) {
        return Ok(None);
    }
    u32::try_from(int(vm, object)?)
        .map(Some)
        .map_err(|_| vm.value_error("invalid user or group id"))
}

/// The standard streams of this process, exchanged for the child's while it is started: what it inherits.
struct Streams {
    saved: [Option<RawFd>; 3],
}

impl Streams {
    /// Puts `wanted` in the places of the standard streams; where there is a -1, the stream stays.
    fn set(wanted: [RawFd; 3]) -> nix::Result<Streams> {
        let mut streams = Streams { saved: [None; 3] };
        // Copies above the standard streams come first: what is wanted may itself be one of them.
        let mut copies = [-1; 3];
        let mut result = Ok(());
        for (copy, &fd) in copies.iter_mut().zip(&wanted) {
            if fd >= 0 && result.is_ok() {
                match fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(3)) {
                    Ok(number) => *copy = number,
                    Err(error) => result = Err(error),
                }
            }
        }
        for (place, &copy) in (0..).zip(&copies) {
            if copy < 0 {
                continue;
            }
            if result.is_ok() {
                // A stream that is closed has nothing to save: -1 closes it again.
                let saved = fcntl(place, FcntlArg::F_DUPFD_CLOEXEC(3)).unwrap_or(-1);
                streams.saved[place as usize] = Some(saved);
                result = unistd::dup2(copy, place).map(drop);
            }
            let _ = unistd::close(copy);
        }
        result.map(|()| streams)
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        for (place, saved) in (0..).zip(&self.saved) {
            match saved {
                Some(-1) => {
                    let _ = unistd::close(place);
                }
                Some(saved) => {
                    let _ = unistd::dup2(*saved, place);
                    let _ = unistd::close(*saved);
                }
                None => {}
            }
        }
    }
}

/// `fork_exec(args, executables, close_fds, fds_to_keep, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
/// errpipe_read, errpipe_write, restore_signals, start_new_session, process_group, gid, groups, uid, umask, preexec_fn)`:
/// the process id. What keeps the program from running is raised here rather than written to `errpipe_write`.
fn fork_exec(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let new_session = protocol::is_true(vm, args[15])?;
    if new_session || !vm.is_none(args[18]) || !vm.is_none(args[21]) {
        let plan = plan(vm, args, new_session)?;
        return fork_exec::start(vm, &plan);
    }
    let mut values = Vec::new();
    for value in protocol::collect(vm, args[0])? {
        values.push(bytes_of(vm, &value)?);
    }
    let executables = protocol::collect(vm, args[1])?;
    let keep = protocol::collect(vm, args[3])?
        .iter()
        .map(|number| fd(vm, number))
        .collect::<PyResult<Vec<RawFd>>>()?;
    let error_pipe = fd(vm, args[13])?;
    let keep: Vec<RawFd> = keep.into_iter().filter(|fd| *fd != error_pipe).collect();
    let close = protocol::is_true(vm, args[2])?;
    let environment = match args[5] {
        none if vm.is_none(none) => None,
        list => Some(
            protocol::collect(vm, list)?
                .iter()
                .map(|item| bytes_of(vm, item))
                .collect::<PyResult<Vec<_>>>()?,
        ),
    };
    let folder = match args[4] {
        none if vm.is_none(none) => None,
        folder => Some(bytes_of(vm, folder)?),
    };
    let wanted = [fd(vm, args[6])?, fd(vm, args[9])?, fd(vm, args[11])?];
    let group = fd(vm, args[16])?;
    let (gid, uid) = (optional_id(vm, args[17])?, optional_id(vm, args[19])?);
    let mask = fd(vm, args[20])?;

    if let Some(folder) = &folder
        && let Err(error) = std::fs::read_dir(OsStr::from_bytes(folder))
        && error.kind() != std::io::ErrorKind::PermissionDenied
    {
        return Err(os_error(vm, &error, Some(args[4])));
    }
    let _inheritance = Inheritance::set(&keep, close);
    let _streams = Streams::set(wanted).map_err(|error| os_error(vm, &error.into(), None))?;
    let mask_before = (mask >= 0)
        .then(|| nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(mask as u32)));
    let mut failure: Option<std::io::Error> = None;
    let mut started = None;
    for executable in &executables {
        let mut command = Command::new(OsStr::from_bytes(&bytes_of(vm, executable)?));
        if let Some((first, rest)) = values.split_first() {
            command.arg0(OsStr::from_bytes(first));
            command.args(rest.iter().map(|value| OsStr::from_bytes(value)));
        }
        if let Some(environment) = &environment {
            command.env_clear();
            for entry in environment {
                // The name may begin with "=".
                let at = entry.iter().skip(1).position(|byte| *byte == b'=');
                if let Some(at) = at {
                    let (name, value) = (&entry[..=at], &entry[at + 2..]);
                    command.env(OsStr::from_bytes(name), OsStr::from_bytes(value));
                }
            }
        }
        if let Some(folder) = &folder {
            command.current_dir(OsStr::from_bytes(folder));
        }
        if group >= 0 {
            command.process_group(group);
        }
        if let Some(id) = gid {
            command.gid(id);
        }
        if let Some(id) = uid {
            command.uid(id);
        }
        match command.spawn() {
            Ok(child) => {
                started = Some(child.id());
                break;
            }
            Err(error) => {
                // The first failure that says more than "not here" counts.
                let absent = |error: &std::io::Error| {
                    matches!(
                        error.raw_os_error(),
                        Some(libc_codes::ENOENT | libc_codes::ENOTDIR)
                    )
                };
                if failure.as_ref().is_none_or(absent) {
                    failure = Some(error);
                }
            }
        }
    }
    if let Some(mask) = mask_before {
        nix::sys::stat::umask(mask);
    }
    if let Some(pid) = started {
        return vm.new_int(i64::from(pid));
    }
    let error = failure.unwrap_or_else(|| nix::errno::Errno::ENOENT.into());
    Err(cannot_run(vm, &error, &executables))
}

/// The arguments of `fork_exec` for a fork.
fn plan(vm: &Vm, args: &[&Object], new_session: bool) -> PyResult<Plan> {
    let given = |place: usize| Some(args[place]).filter(|value| !vm.is_none(value));
    let groups = match given(18) {
        None => None,
        Some(groups) => Some(
            protocol::collect(vm, groups)?
                .iter()
                .map(|id| {
                    u32::try_from(int(vm, id)?).map_err(|_| vm.value_error("invalid group id"))
                })
                .collect::<PyResult<Vec<u32>>>()?,
        ),
    };
    Ok(Plan {
        args: fork_exec::strings(vm, args[0], bytes_of)?,
        executables: fork_exec::strings(vm, args[1], bytes_of)?,
        environment: given(5)
            .map(|list| fork_exec::strings(vm, list, bytes_of))
            .transpose()?,
        folder: given(4)
            .map(|folder| fork_exec::string(vm, folder, bytes_of))
            .transpose()?,
        streams: [fd(vm, args[6])?, fd(vm, args[9])?, fd(vm, args[11])?],
        keep: protocol::collect(vm, args[3])?
            .iter()
            .map(|number| fd(vm, number))
            .collect::<PyResult<_>>()?,
        close: protocol::is_true(vm, args[2])?,
        error_pipe: fd(vm, args[13])?,
        restore_signals: protocol::is_true(vm, args[14])?,
        new_session,
        group: fd(vm, args[16])?,
        groups,
        gid: optional_id(vm, args[17])?,
        uid: optional_id(vm, args[19])?,
        mask: fd(vm, args[20])?,
        before: given(21).map(Object::to_ref),
    })
}

/// OSError with the program's name as it was given: where a path of folders was searched, without the folder.
fn cannot_run(vm: &Vm, error: &std::io::Error, executables: &[Ref]) -> Raised {
    let Some(last) = executables.last() else {
        return os_error(vm, error, None);
    };
    let shown = bytes_of(vm, last).and_then(|bytes| {
        let whole = std::path::Path::new(OsStr::from_bytes(&bytes));
        match whole.file_name() {
            Some(name) if executables.len() > 1 => crate::posix::text(vm, name),
            _ => crate::posix::text(vm, whole.as_os_str()),
        }
    });
    match shown {
        Ok(name) => os_error(vm, error, Some(&name)),
        Err(raised) => raised,
    }
}

/// The codes that a search along the path passes over.
mod libc_codes {
    pub const ENOENT: i32 = nix::errno::Errno::ENOENT as i32;
    pub const ENOTDIR: i32 = nix::errno::Errno::ENOTDIR as i32;
}
