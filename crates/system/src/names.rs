//! Names of hosts, services, protocols and network interfaces.

use std::ffi::{CStr, CString, c_char, c_int};

/// Why a name could not be resolved: a code of `getaddrinfo`.
pub struct Unresolved(pub c_int);

impl Unresolved {
    /// The failure of the system that the code stands for, where it is one.
    pub fn system(&self) -> Option<std::io::Error> {
        (self.0 == libc::EAI_SYSTEM).then(std::io::Error::last_os_error)
    }

    /// What the system says of it.
    pub fn text(&self) -> String {
        // SAFETY: the text is static.
        unsafe { text(libc::gai_strerror(self.0)) }.unwrap_or_default()
    }
}

/// What addresses are asked for.
#[derive(Clone, Copy, Default)]
pub struct Hints {
    /// `AF_*`, 0 for all.
    pub family: i32,
    /// `SOCK_*`, 0 for all.
    pub kind: i32,
    /// `IPPROTO_*`, 0 for all.
    pub protocol: i32,
    /// `AI_*`
    pub flags: i32,
}

/// One of the addresses of a name.
pub struct Found {
    /// `AF_*`
    pub family: i32,
    /// `SOCK_*`
    pub kind: i32,
    /// `IPPROTO_*`
    pub protocol: i32,
    /// The official name of the host, with the first address, where the flags ask for it.
    pub name: Option<String>,
    /// The address.
    pub address: Vec<u8>,
}

/// The text at a place, where there is one.
///
/// # Safety
/// The place is null or holds a text that ends with a zero.
unsafe fn text(place: *const c_char) -> Option<String> {
    if place.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    let text = unsafe { CStr::from_ptr(place) };
    Some(text.to_string_lossy().into_owned())
}

fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_ptr())
}

/// The addresses of a host and a service (`getaddrinfo`).
///
/// # Errors
/// The code of the resolver.
pub fn addresses(
    host: Option<&CString>,
    service: Option<&CString>,
    hints: Hints,
) -> Result<Vec<Found>, Unresolved> {
    // SAFETY: a zeroed `addrinfo` asks for everything; the list that comes back is read while it lives, and freed once.
    unsafe {
        let mut wanted: libc::addrinfo = std::mem::zeroed();
        wanted.ai_family = hints.family;
        wanted.ai_socktype = hints.kind;
        wanted.ai_protocol = hints.protocol;
        wanted.ai_flags = hints.flags;
        let mut list: *mut libc::addrinfo = std::ptr::null_mut();
        let code = libc::getaddrinfo(pointer(host), pointer(service), &wanted, &mut list);
        if code != 0 {
            return Err(Unresolved(code));
        }
        let mut all = Vec::new();
        let mut at = list;
        while let Some(info) = at.as_ref() {
            let address: &[u8] = if info.ai_addr.is_null() {
                &[]
            } else {
                std::slice::from_raw_parts(info.ai_addr.cast(), info.ai_addrlen as usize)
            };
            all.push(Found {
                family: info.ai_family,
                kind: info.ai_socktype,
                protocol: info.ai_protocol,
                name: text(info.ai_canonname),
                address: address.to_vec(),
            });
            at = info.ai_next;
        }
        libc::freeaddrinfo(list);
        Ok(all)
    }
}

/// The names of the host and the service of an address (`getnameinfo`).
///
/// # Errors
/// The code of the resolver.
pub fn of_address(address: &[u8], flags: i32) -> Result<(String, String), Unresolved> {
    let (mut host, mut service) = ([0 as c_char; 1025], [0 as c_char; 32]);
    // SAFETY: all lengths are those of the places; what is written ends with a zero.
    unsafe {
        let code = libc::getnameinfo(
            address.as_ptr().cast(),
            address.len() as libc::socklen_t,
            host.as_mut_ptr(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr(),
            service.len() as libc::socklen_t,
            flags,
        );
        if code != 0 {
            return Err(Unresolved(code));
        }
        let names = (text(host.as_ptr()), text(service.as_ptr()));
        Ok((names.0.unwrap_or_default(), names.1.unwrap_or_default()))
    }
}

/// The port of a service. The caller holds the lock of its interpreter: the answer stands in a place of the system's own.
pub fn port_of_service(name: &CString, protocol: Option<&CString>) -> Option<u16> {
    // SAFETY: the answer is read before anybody else may ask.
    unsafe {
        let found = libc::getservbyname(name.as_ptr(), pointer(protocol)).as_ref()?;
        Some(u16::from_be(found.s_port as u16))
    }
}

/// The service of a port; see [`port_of_service`].
pub fn service_of_port(port: u16, protocol: Option<&CString>) -> Option<String> {
    // SAFETY: the answer is read before anybody else may ask.
    unsafe {
        let found = libc::getservbyport(c_int::from(port.to_be()), pointer(protocol)).as_ref()?;
        text(found.s_name)
    }
}

/// The number of a protocol; see [`port_of_service`].
pub fn protocol(name: &CString) -> Option<i32> {
    // SAFETY: the answer is read before anybody else may ask.
    unsafe { Some(libc::getprotobyname(name.as_ptr()).as_ref()?.p_proto) }
}

/// The number of a network interface.
///
/// # Errors
/// The system's.
pub fn interface_number(name: &CString) -> std::io::Result<u32> {
    // SAFETY: the name ends with a zero.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(std::io::Error::last_os_error()),
        number => Ok(number),
    }
}

/// The name of a network interface.
///
/// # Errors
/// The system's.
pub fn interface_name(number: u32) -> std::io::Result<String> {
    let mut name = [0 as c_char; libc::IF_NAMESIZE];
    // SAFETY: the place has the size that the call asks for.
    let found = unsafe { text(libc::if_indextoname(number, name.as_mut_ptr())) };
    found.ok_or_else(std::io::Error::last_os_error)
}

/// All network interfaces.
///
/// # Errors
/// The system's.
pub fn interfaces() -> std::io::Result<Vec<(u32, String)>> {
    // SAFETY: the list ends with an entry of number 0, and is freed once.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(std::io::Error::last_os_error());
        }
        let mut all = Vec::new();
        let mut at = list;
        while (*at).if_index != 0 {
            all.push(((*at).if_index, text((*at).if_name).unwrap_or_default()));
            at = at.add(1);
        }
        libc::if_freenameindex(list);
        Ok(all)
    }
}
