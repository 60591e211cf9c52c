//! The size of a terminal's window.

/// Rows and columns of the terminal behind a file descriptor.
///
/// # Errors
/// What the system says, of a descriptor that is no terminal above all.
pub fn window_size(fd: i32) -> std::io::Result<(u16, u16)> {
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
pub fn set_window_size(fd: i32, (rows, columns): (u16, u16)) -> std::io::Result<()> {
    // SAFETY: four numbers, for which zero is good.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the structure lives through both calls, and is the one that the requests use.
    unsafe {
        checked(libc::ioctl(fd, libc::TIOCGWINSZ, &mut size))?;
        (size.ws_row, size.ws_col) = (rows, columns);
        checked(libc::ioctl(fd, libc::TIOCSWINSZ, &size))
    }
}

fn checked(result: libc::c_int) -> std::io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(std::io::Error::last_os_error())
    }
}
