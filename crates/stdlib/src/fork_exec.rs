//! Starting a program by a fork, where Python code or a change of the session comes between the fork and the program.
//!
//! What goes wrong in the child is written to the pipe that `subprocess` reads: the exception's name, the number of the failure
//! in hexadecimal digits, and a message.

use std::ffi::CString;
use std::os::fd::RawFd;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::Signal;
use nix::unistd::{self, Gid, Pid, Uid};
use viv_runtime::modules::io::system::os_error;
use viv_runtime::{Object, PyResult, Ref, Vm, protocol};

/// What is to be done between the fork and the program.
pub struct Plan {
    /// The arguments of the program.
    pub args: Vec<CString>,
    /// Where the program may be.
    pub executables: Vec<CString>,
    /// The environment; that of this process where there is none.
    pub environment: Option<Vec<CString>>,
    /// The working directory.
    pub folder: Option<CString>,
    /// What the standard streams become; those below zero stay.
    pub streams: [RawFd; 3],
    /// Descriptors that the program gets; the others are closed where `close` says so.
    pub keep: Vec<RawFd>,
    /// See `keep`.
    pub close: bool,
    /// Where failures are written.
    pub error_pipe: RawFd,
    /// Whether the signals that Python ignores have their effect again.
    pub restore_signals: bool,
    /// Whether it leads a new session.
    pub new_session: bool,
    /// The process group, below zero for this one's.
    pub group: i32,
    /// The user's groups.
    pub groups: Option<Vec<u32>>,
    /// The user's group.
    pub gid: Option<u32>,
    /// The user.
    pub uid: Option<u32>,
    /// The mask of new files' modes, below zero for this process's.
    pub mask: i32,
    /// What is called last.
    pub before: Option<Ref>,
}

/// Forks and starts the program; the child's number.
///
/// # Errors
/// OSError where there can be no other process.
pub fn start(vm: &Vm, plan: &Plan) -> PyResult {
    let number = match vm.fork() {
        Ok(number) => number,
        Err(error) => return Err(os_error(vm, &error, None)),
    };
    if number == 0 {
        let text = match plan.follow(vm) {
            Err(Failure::System(error)) => format!("OSError:{:x}:", error as i32),
            Err(Failure::Folder(error)) => format!("OSError:{:x}:noexec", error as i32),
            Err(Failure::Python) => {
                "SubprocessError:0:Exception occurred in preexec_fn.".to_owned()
            }
            Ok(never) => match never {},
        };
        // Nobody is left to hear of a failure to tell of a failure.
        let _ = unistd::write(plan.error_pipe, text.as_bytes());
        exit_at_once(255);
    }
    vm.new_int(i64::from(number))
}

/// Ends the process without anything else.
fn exit_at_once(code: i32) -> ! {
    viv_system::process::exit_at_once(code)
}

/// Why no program has been started.
enum Failure {
    /// Before anything that belongs to the program.
    Folder(nix::Error),
    /// By the system.
    System(nix::Error),
    /// By the function that is called before.
    Python,
}

impl From<nix::Error> for Failure {
    fn from(error: nix::Error) -> Self {
        Failure::System(error)
    }
}

impl Plan {
    /// In the child: all of it, up to the program.
    fn follow(&self, vm: &Vm) -> Result<std::convert::Infallible, Failure> {
        for &fd in &self.keep {
            if fd != self.error_pipe {
                fcntl(fd, FcntlArg::F_SETFD(FdFlag::empty()))?;
            }
        }
        self.set_streams()?;
        if let Some(folder) = &self.folder {
            unistd::chdir(folder.as_c_str()).map_err(Failure::Folder)?;
        }
        if self.mask >= 0 {
            nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(self.mask as u32));
        }
        if self.restore_signals {
            for signal in [Signal::SIGPIPE, Signal::SIGXFSZ] {
                viv_runtime::vm::signals::set_disposition(
                    vm,
                    signal as i32,
                    viv_system::signals::Disposition::Default,
                )
                .map_err(|error| nix::errno::from_i32(error.raw_os_error().unwrap_or(0)))?;
            }
        }
        if self.new_session {
            unistd::setsid()?;
        }
        if self.group >= 0 {
            unistd::setpgid(Pid::from_raw(0), Pid::from_raw(self.group))?;
        }
        if let Some(groups) = &self.groups {
            let groups: Vec<Gid> = groups.iter().map(|gid| Gid::from_raw(*gid)).collect();
            unistd::setgroups(&groups)?;
        }
        if let Some(gid) = self.gid {
            unistd::setgid(Gid::from_raw(gid))?;
        }
        if let Some(uid) = self.uid {
            unistd::setuid(Uid::from_raw(uid))?;
        }
        if let Some(before) = &self.before {
            match protocol::call_no_args(vm, before) {
                Ok(result) => drop(result),
                Err(raised) => {
                    drop(vm.take_raised(raised));
                    return Err(Failure::Python);
                }
            }
        }
        if self.close {
            self.close_others();
        }
        self.run().map_err(Failure::System)
    }

    fn set_streams(&self) -> nix::Result<()> {
        // Copies above the standard streams come first: what is wanted may itself be one of them.
        let mut copies = [-1; 3];
        for (copy, &fd) in copies.iter_mut().zip(&self.streams) {
            if fd >= 0 {
                *copy = fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(3))?;
            }
        }
        for (place, copy) in (0..).zip(copies) {
            if copy >= 0 {
                unistd::dup2(copy, place)?;
            }
        }
        Ok(())
    }

    /// Lets the program have no descriptors but those it is to get.
    fn close_others(&self) {
        let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
        let numbers: Vec<RawFd> = open
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        for fd in numbers {
            if fd > 2 && !self.keep.contains(&fd) {
                // One that has been closed meanwhile needs nothing.
                let _ = fcntl(fd, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC));
            }
        }
    }

    /// The program, from the first place where it is.
    fn run(&self) -> nix::Result<std::convert::Infallible> {
        let mut failure = None;
        for executable in &self.executables {
            let error = match &self.environment {
                Some(environment) => unistd::execve(executable, &self.args, environment),
                None => unistd::execv(executable, &self.args),
            };
            let Err(error) = error;
            let absent =
                |error: &nix::Error| matches!(error, nix::Error::ENOENT | nix::Error::ENOTDIR);
            if failure.as_ref().is_none_or(absent) {
                failure = Some(error);
            }
        }
        Err(failure.unwrap_or(nix::Error::ENOENT))
    }
}

/// Bytes of a list, each without a zero within.
///
/// # Errors
/// ValueError: "embedded null byte"; what iterating raises.
pub fn strings(
    vm: &Vm,
    list: &Object,
    bytes_of: fn(&Vm, &Object) -> PyResult<Vec<u8>>,
) -> PyResult<Vec<CString>> {
    protocol::collect(vm, list)?
        .iter()
        .map(|item| string(vm, item, bytes_of))
        .collect()
}

/// Bytes without a zero within.
///
/// # Errors
/// ValueError: "embedded null byte"
pub fn string(
    vm: &Vm,
    item: &Object,
    bytes_of: fn(&Vm, &Object) -> PyResult<Vec<u8>>,
) -> PyResult<CString> {
    CString::new(bytes_of(vm, item)?).map_err(|_| vm.value_error("embedded null byte"))
}
