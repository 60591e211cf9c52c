//! File descriptors by their numbers: the system calls under files.
//!
//! Every function makes one system call and does not repeat it when a signal interrupts it: what a signal means is the
//! caller's business.

use std::io;
use std::path::Path;

use nix::fcntl::OFlag;
use nix::sys::stat::{FileStat, Mode, SFlag};
use nix::unistd::Whence;

/// How a file is opened.
pub use nix::fcntl::OFlag as OpenFlags;

/// Opens a file; a new one may be read and written by all whom the process's mask allows.
///
/// # Errors
/// Those of `open(2)`.
pub fn open(path: &Path, flags: OFlag) -> io::Result<i32> {
    Ok(nix::fcntl::open(
        path,
        flags,
        Mode::from_bits_truncate(0o666),
    )?)
}

/// Closes a descriptor.
///
/// # Errors
/// Those of `close(2)`.
pub fn close(fd: i32) -> io::Result<()> {
    Ok(nix::unistd::close(fd)?)
}

/// Reads up to so many bytes; 0 at the end.
///
/// # Errors
/// Those of `read(2)`.
pub fn read(fd: i32, into: &mut [u8]) -> io::Result<usize> {
    Ok(nix::unistd::read(fd, into)?)
}

/// Writes some of the bytes; gives their number.
///
/// # Errors
/// Those of `write(2)`.
pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    Ok(nix::unistd::write(fd, bytes)?)
}

/// Moves the position; `whence` is 0 (start), 1 (current), 2 (end), 3 (next data) or 4 (next hole).
///
/// # Errors
/// Those of `lseek(2)`.
pub fn seek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    let whence = match whence {
        0 => Whence::SeekSet,
        1 => Whence::SeekCur,
        2 => Whence::SeekEnd,
        #[cfg(any(target_os = "linux", target_os = "freebsd"))]
        3 => Whence::SeekData,
        #[cfg(any(target_os = "linux", target_os = "freebsd"))]
        4 => Whence::SeekHole,
        _ => return Err(nix::errno::Errno::EINVAL.into()),
    };
    Ok(nix::unistd::lseek(fd, offset, whence)?)
}

/// Makes a file so long.
///
/// # Errors
/// Those of `ftruncate(2)`.
pub fn truncate(fd: i32, size: i64) -> io::Result<()> {
    Ok(nix::unistd::ftruncate(fd, size)?)
}

/// Whether a person sits at the other end.
///
/// # Errors
/// EBADF
pub fn is_terminal(fd: i32) -> io::Result<bool> {
    match nix::unistd::isatty(fd) {
        Ok(answer) => Ok(answer),
        Err(nix::errno::Errno::EBADF) => Err(nix::errno::Errno::EBADF.into()),
        Err(_) => Ok(false),
    }
}

/// Whether children of the process inherit a descriptor.
///
/// # Errors
/// EBADF
pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, FdFlag, fcntl};
    let mut flags = FdFlag::from_bits_truncate(fcntl(fd, FcntlArg::F_GETFD)?);
    flags.set(FdFlag::FD_CLOEXEC, !inheritable);
    fcntl(fd, FcntlArg::F_SETFD(flags))?;
    Ok(())
}

/// What a descriptor refers to.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// A folder.
    pub is_folder: bool,
    /// A character device, as terminals are.
    pub is_character_device: bool,
    /// The size in bytes, for plain files.
    pub size: i64,
    /// The bytes that are best read or written at once.
    pub block_size: i64,
}

/// What a descriptor refers to.
///
/// # Errors
/// Those of `fstat(2)`.
pub fn status(fd: i32) -> io::Result<Status> {
    let stat: FileStat = nix::sys::stat::fstat(fd)?;
    let kind = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT;
    Ok(Status {
        is_folder: kind == SFlag::S_IFDIR,
        is_character_device: kind == SFlag::S_IFCHR,
        size: stat.st_size,
        block_size: stat.st_blksize,
    })
}
