//! This process and others by their descriptors; numbers that the system tells of itself.

use std::io;

use super::{checked, counted};

/// Ends the process without anything else (`_exit`).
pub fn exit_at_once(code: i32) -> ! {
    // SAFETY: takes a number, and nothing of the process is used after it.
    unsafe { libc::_exit(code) }
}

/// A limit or another number that the system knows by a number (`sysconf`); -1 where there is no limit.
///
/// # Errors
/// The system's, for an unknown number.
pub fn configuration(name: i32) -> io::Result<i64> {
    // SAFETY: plain numbers; `errno` is the thread's own.
    unsafe {
        *libc::__errno_location() = 0;
        match libc::sysconf(name) {
            -1 if *libc::__errno_location() != 0 => Err(io::Error::last_os_error()),
            value => Ok(value),
        }
    }
}

/// A descriptor of a process.
///
/// # Errors
/// The system's.
pub fn open_process(pid: i32, flags: u32) -> io::Result<i32> {
    // SAFETY: plain numbers.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) };
    checked(fd as libc::c_int)
}

/// Copies bytes from a file, from an offset or from where it is, to another one; how many.
///
/// # Errors
/// The system's.
pub fn send_file(to: i32, from: i32, offset: Option<i64>, count: usize) -> io::Result<usize> {
    let mut offset = offset;
    let place = offset
        .as_mut()
        .map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: the offset lives through the call.
    counted(unsafe { libc::sendfile(to, from, place, count) })
}

/// What [`wait_for`] tells of a process: its number, its user, the signal, the status and the kind of change.
pub type Change = [i64; 5];

/// Waits for a change of a process (`waitid`); nothing where there is none and the options do not let it wait.
///
/// # Errors
/// The system's.
pub fn wait_for(kind: u32, id: u32, options: i32) -> io::Result<Option<Change>> {
    // SAFETY: a zeroed structure is a valid one that says nothing; its fields for children are read after a wait for one.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        checked(libc::waitid(kind, id, &mut info, options))?;
        if info.si_pid() == 0 {
            return Ok(None);
        }
        Ok(Some([
            i64::from(info.si_pid()),
            i64::from(info.si_uid()),
            i64::from(info.si_signo),
            i64::from(info.si_status()),
            i64::from(info.si_code),
        ]))
    }
}

/// Sends a signal to the process of a descriptor.
///
/// # Errors
/// The system's.
pub fn send_to_process(fd: i32, signal: i32, flags: u32) -> io::Result<()> {
    let nothing = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: plain numbers, and a null pointer, which the call allows.
    let sent = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, nothing, flags) };
    checked(sent as libc::c_int).map(drop)
}
