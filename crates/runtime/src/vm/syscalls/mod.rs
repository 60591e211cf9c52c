//! Calls of the system for which there is no safe binding that takes descriptors and addresses as scripts give them.
//!
//! Everything is taken and given by value or as plain bytes; the system checks descriptors, addresses and flags itself.

pub mod names;
pub mod sockets;

use std::io;

/// The result of a call that gives a negative number where it fails.
fn checked(result: libc::c_int) -> io::Result<i32> {
    match result {
        0.. => Ok(result),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The result of a call that gives a count, or a negative number where it fails.
fn counted(result: libc::ssize_t) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// Makes a terminal the one that controls this process, which leads a session, and its standard streams (`login_tty`).
///
/// # Errors
/// The system's.
pub fn take_terminal(fd: i32) -> io::Result<()> {
    // SAFETY: plain numbers.
    checked(unsafe { libc::login_tty(fd) }).map(drop)
}

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

/// The requests of `ioctl` whose argument is a number, or nothing.
const PLAIN_REQUESTS: &[libc::c_ulong] = &[
    libc::TIOCEXCL as libc::c_ulong,
    libc::TIOCNXCL as libc::c_ulong,
    libc::TIOCSCTTY as libc::c_ulong,
    libc::TIOCNOTTY as libc::c_ulong,
    libc::FIOCLEX as libc::c_ulong,
    libc::FIONCLEX as libc::c_ulong,
    libc::TCFLSH as libc::c_ulong,
];

/// The requests of `ioctl` whose argument is a small structure without any address in it.
const FLAT_REQUESTS: &[libc::c_ulong] = &[
    libc::FIONREAD as libc::c_ulong,
    libc::FIONBIO as libc::c_ulong,
    libc::TIOCOUTQ as libc::c_ulong,
    libc::TIOCGWINSZ as libc::c_ulong,
    libc::TIOCSWINSZ as libc::c_ulong,
    libc::TIOCGPGRP as libc::c_ulong,
    libc::TIOCSPGRP as libc::c_ulong,
    libc::TIOCGSID as libc::c_ulong,
    VSOCK_OWN_NUMBER,
];

const VSOCK_OWN_NUMBER: libc::c_ulong = 0x7b9;

/// Room that is enough for each of these structures.
const REQUEST_ROOM: usize = 64;

/// What [`control`] is given.
pub enum ControlArgument<'a> {
    /// A number.
    Number(i64),
    /// A structure, which the call may change.
    Bytes(&'a mut [u8]),
}

/// Whether [`control`] knows a request.
pub fn controls(request: u64) -> bool {
    PLAIN_REQUESTS.contains(&request) || FLAT_REQUESTS.contains(&request)
}

/// Controls a device (`ioctl`), for the requests that cannot touch memory but their argument's own.
///
/// # Errors
/// The system's; EINVAL for any other request, EFAULT for a number where a structure is wanted.
pub fn control(fd: i32, request: u64, argument: ControlArgument<'_>) -> io::Result<i32> {
    if PLAIN_REQUESTS.contains(&request) {
        let number = match argument {
            ControlArgument::Number(number) => number,
            ControlArgument::Bytes(_) => 0,
        };
        // SAFETY: these requests take a number.
        return checked(unsafe { libc::ioctl(fd, request, number) });
    }
    if !FLAT_REQUESTS.contains(&request) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let ControlArgument::Bytes(bytes) = argument else {
        return Err(io::Error::from_raw_os_error(libc::EFAULT));
    };
    let mut room = [0u8; REQUEST_ROOM];
    for (to, byte) in room.iter_mut().zip(bytes.iter()) {
        *to = *byte;
    }
    // SAFETY: these requests read and write a structure that the room is large enough for.
    let done = checked(unsafe { libc::ioctl(fd, request, room.as_mut_ptr()) })?;
    for (to, byte) in bytes.iter_mut().zip(room) {
        *to = byte;
    }
    Ok(done)
}
