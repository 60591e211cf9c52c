//! Sockets by their descriptors. An address is the bytes of a `sockaddr` of the family.

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::RawFd;

use super::{checked, counted};

/// Room for an address of any family.
const ADDRESS_ROOM: usize = size_of::<libc::sockaddr_storage>();

/// The bytes of an address that the system writes.
struct Written {
    bytes: [u64; ADDRESS_ROOM / 8],
    length: libc::socklen_t,
}

impl Written {
    fn new() -> Written {
        Written {
            bytes: [0; ADDRESS_ROOM / 8],
            length: ADDRESS_ROOM as libc::socklen_t,
        }
    }

    fn place(&mut self) -> *mut libc::sockaddr {
        self.bytes.as_mut_ptr().cast()
    }

    fn into_bytes(self) -> Vec<u8> {
        let bytes = self.bytes.iter().flat_map(|word| word.to_ne_bytes());
        bytes.take(self.length as usize).collect()
    }
}

fn address(bytes: &[u8]) -> (*const libc::sockaddr, libc::socklen_t) {
    (bytes.as_ptr().cast(), bytes.len() as libc::socklen_t)
}

/// A socket that programs started later do not inherit.
///
/// # Errors
/// The system's, as everywhere here.
pub fn open(family: i32, kind: i32, protocol: i32) -> io::Result<RawFd> {
    // SAFETY: plain numbers.
    checked(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) })
}

/// Two sockets that are connected to each other.
pub fn pair(family: i32, kind: i32, protocol: i32) -> io::Result<[RawFd; 2]> {
    let mut both = [-1; 2];
    // SAFETY: room for two descriptors.
    let made = unsafe {
        libc::socketpair(
            family,
            kind | libc::SOCK_CLOEXEC,
            protocol,
            both.as_mut_ptr(),
        )
    };
    checked(made).map(|_| both)
}

/// Gives a socket its own address.
pub fn bind(fd: RawFd, to: &[u8]) -> io::Result<()> {
    let (place, length) = address(to);
    // SAFETY: `length` bytes are there.
    checked(unsafe { libc::bind(fd, place, length) }).map(drop)
}

/// Connects a socket with an address.
pub fn connect(fd: RawFd, to: &[u8]) -> io::Result<()> {
    let (place, length) = address(to);
    // SAFETY: `length` bytes are there.
    checked(unsafe { libc::connect(fd, place, length) }).map(drop)
}

/// Lets others connect.
pub fn listen(fd: RawFd, backlog: i32) -> io::Result<()> {
    // SAFETY: plain numbers.
    checked(unsafe { libc::listen(fd, backlog) }).map(drop)
}

/// The next connection: its socket and the address of its other end.
pub fn accept(fd: RawFd) -> io::Result<(RawFd, Vec<u8>)> {
    let mut from = Written::new();
    // SAFETY: room for `length` bytes, which the call lowers to what it has written.
    let accepted = unsafe { libc::accept4(fd, from.place(), &mut from.length, libc::SOCK_CLOEXEC) };
    Ok((checked(accepted)?, from.into_bytes()))
}

/// Ends one or both directions of a connection.
pub fn shutdown(fd: RawFd, how: i32) -> io::Result<()> {
    // SAFETY: plain numbers.
    checked(unsafe { libc::shutdown(fd, how) }).map(drop)
}

/// The socket's own address.
pub fn own_address(fd: RawFd) -> io::Result<Vec<u8>> {
    let mut own = Written::new();
    // SAFETY: room for `length` bytes.
    checked(unsafe { libc::getsockname(fd, own.place(), &mut own.length) })?;
    Ok(own.into_bytes())
}

/// The address of the other end.
pub fn peer_address(fd: RawFd) -> io::Result<Vec<u8>> {
    let mut peer = Written::new();
    // SAFETY: room for `length` bytes.
    checked(unsafe { libc::getpeername(fd, peer.place(), &mut peer.length) })?;
    Ok(peer.into_bytes())
}

/// Sends bytes, to an address where the socket is not connected; how many.
pub fn send(fd: RawFd, bytes: &[u8], flags: i32, to: Option<&[u8]>) -> io::Result<usize> {
    let (place, length) = to.map_or((std::ptr::null(), 0), address);
    // SAFETY: both lengths are those of the bytes.
    counted(unsafe { libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags, place, length) })
}

/// Receives at most as many bytes as `into` has room for beyond what it holds; how many, and from where.
pub fn receive(fd: RawFd, into: &mut Vec<u8>, flags: i32) -> io::Result<(usize, Vec<u8>)> {
    let mut from = Written::new();
    let room = into.spare_capacity_mut();
    // SAFETY: the call writes no more than there is room for, and says how much it has written.
    let got = unsafe {
        libc::recvfrom(
            fd,
            room.as_mut_ptr().cast(),
            room.len(),
            flags,
            from.place(),
            &mut from.length,
        )
    };
    // With MSG_TRUNC the system tells the whole length of what it has cut.
    let got = counted(got)?.min(room.len());
    // SAFETY: so many bytes have been written.
    unsafe { into.set_len(into.len() + got) };
    Ok((got, from.into_bytes()))
}

/// What [`receive_message`] has received.
pub struct Message {
    /// How many bytes.
    pub size: usize,
    /// How many bytes of the control data.
    pub control: usize,
    /// What the system says of the message.
    pub flags: i32,
    /// Where it comes from.
    pub from: Vec<u8>,
}

/// Sends parts as one message, with control data.
pub fn send_message(
    fd: RawFd,
    parts: &[&[u8]],
    control: &[u8],
    flags: i32,
    to: Option<&[u8]>,
) -> io::Result<usize> {
    let mut slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
    // SAFETY: a zeroed `msghdr` is a valid, empty one; what it points to lives through the call, which only reads it.
    // `IoSlice` has the layout of `iovec`.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = slices.as_mut_ptr().cast();
        message.msg_iovlen = slices.len();
        if let Some(to) = to {
            let (place, length) = address(to);
            message.msg_name = place.cast_mut().cast();
            message.msg_namelen = length;
        }
        if !control.is_empty() {
            message.msg_control = control.as_ptr().cast_mut().cast();
            message.msg_controllen = control.len();
        }
        counted(libc::sendmsg(fd, &message, flags))
    }
}

/// Receives one message in parts, with control data.
pub fn receive_message(
    fd: RawFd,
    parts: &mut [Vec<u8>],
    control: &mut [u8],
    flags: i32,
) -> io::Result<Message> {
    let mut from = Written::new();
    let mut slices: Vec<IoSliceMut<'_>> =
        parts.iter_mut().map(|part| IoSliceMut::new(part)).collect();
    // SAFETY: a zeroed `msghdr` is a valid, empty one; what it points to lives through the call, which writes no more than the
    // lengths allow. `IoSliceMut` has the layout of `iovec`.
    let (got, message) = unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = slices.as_mut_ptr().cast();
        message.msg_iovlen = slices.len();
        message.msg_name = from.place().cast();
        message.msg_namelen = from.length;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = control.len();
        (libc::recvmsg(fd, &mut message, flags), message)
    };
    from.length = message.msg_namelen;
    Ok(Message {
        size: counted(got)?,
        control: message.msg_controllen.min(control.len()),
        flags: message.msg_flags,
        from: from.into_bytes(),
    })
}

/// Sets an option to a value of bytes; without a value, to the length alone.
pub fn set_option(fd: RawFd, level: i32, name: i32, value: Result<&[u8], u32>) -> io::Result<()> {
    let (place, length) = match value {
        Ok(bytes) => (bytes.as_ptr(), bytes.len() as libc::socklen_t),
        Err(length) => (std::ptr::null(), length),
    };
    // SAFETY: the system reads `length` bytes at most, and refuses a null pointer where it wants any.
    checked(unsafe { libc::setsockopt(fd, level, name, place.cast(), length) }).map(drop)
}

/// Reads an option into `value`; how many bytes it has.
pub fn option(fd: RawFd, level: i32, name: i32, value: &mut [u8]) -> io::Result<usize> {
    let mut length = value.len() as libc::socklen_t;
    // SAFETY: the system writes `length` bytes at most.
    let read = unsafe { libc::getsockopt(fd, level, name, value.as_mut_ptr().cast(), &mut length) };
    checked(read).map(|_| length as usize)
}
