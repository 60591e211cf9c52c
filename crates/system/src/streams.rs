//! Which of the standard streams were closed when the process began. By the time that `main` runs, the runtime of the language
//! this is written in has put `/dev/null` in their places; so it is looked at before.
//!
//! **Invariant.** `look` runs before any other code of the program: it touches an atomic only.

use std::sync::atomic::{AtomicU8, Ordering};

/// A bit for each of the descriptors 0, 1 and 2 that was closed.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Whether a standard stream was closed when the process began.
pub fn was_closed(fd: u8) -> bool {
    CLOSED.load(Ordering::Relaxed) >> fd & 1 != 0
}

#[cfg(target_os = "linux")]
extern "C" fn look() {
    for fd in 0..3 {
        // SAFETY: asks for flags, whatever the number.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
}

// SAFETY: the section holds addresses of functions without arguments that are called before `main`, and `look` is one.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;
