//! Control of devices, terminals above all.

use std::io;

use super::checked;

/// Rows and columns of the terminal behind a file descriptor.
///
/// # Errors
/// What the system says, of a descriptor that is no terminal above all.
pub fn window_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: four numbers, for which zero is good.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the structure lives through the call, and is the one that the request fills.
    checked(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) })?;
    Ok((size.ws_row, size.ws_col))
}

/// Sets rows and columns; the rest stays.
///
/// # Errors
/// As [`window_size`].
pub fn set_window_size(fd: i32, (rows, columns): (u16, u16)) -> io::Result<()> {
    // SAFETY: four numbers, for which zero is good.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the structure lives through both calls, and is the one that the requests use.
    unsafe {
        checked(libc::ioctl(fd, libc::TIOCGWINSZ, &mut size))?;
        (size.ws_row, size.ws_col) = (rows, columns);
        checked(libc::ioctl(fd, libc::TIOCSWINSZ, &size)).map(drop)
    }
}

/// Makes a terminal the one that controls this process, which leads a session, and its standard streams (`login_tty`).
///
/// # Errors
/// The system's.
pub fn take_terminal(fd: i32) -> io::Result<()> {
    // SAFETY: plain numbers.
    checked(unsafe { libc::login_tty(fd) }).map(drop)
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
