//! Calls of the operating system and its C library for which there is no safe binding that takes what scripts give: the C
//! library's calendar, descriptors and addresses as plain numbers and bytes, signals noted down while they come.
//!
//! Knows no Python. Every public function is safe to call with any arguments: things are taken and given by value or as plain
//! bytes, and the system checks descriptors, addresses and flags itself.

#![allow(unsafe_code)]

pub mod calendar;
pub mod control;
pub mod fault;
pub mod memory;
pub mod names;
pub mod process;
pub mod remote;
pub mod signals;
pub mod sockets;
pub mod streams;

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
