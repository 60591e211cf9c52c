//! Reports that the handlers of signals write: of fatal ones, before they end the process, and of others that ask for one.
//!
//! **Invariants.** The handlers run at any moment on any thread: they neither allocate nor lock, read atomics, and write with
//! `write(2)`; the reporter that is given to [`enable`] and [`register`] does as much. The state is the process's, as its
//! signal handlers are.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

/// Writes where the threads are: all of them, or this one alone.
pub type Reporter = fn(&Out, all: bool);

static REPORTER: OnceLock<Reporter> = OnceLock::new();

fn report(out: &Out, all: bool) {
    if let Some(reporter) = REPORTER.get() {
        reporter(out, all);
    }
}

/// The signals that end a process, and what is said of them.
const FATAL: [(i32, &str); 5] = [
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGSEGV, "Segmentation fault"),
];

/// Where and how a report is written.
struct Target {
    on: AtomicBool,
    fd: AtomicI32,
    all_threads: AtomicBool,
    /// For fatal signals: whether the native calls are told of; for others: whether the handler before is called too.
    more: AtomicBool,
    /// What happened before when the signal came: owned, null where nothing is installed.
    before: AtomicPtr<libc::sigaction>,
}

impl Target {
    const fn new() -> Target {
        Target {
            on: AtomicBool::new(false),
            fd: AtomicI32::new(-1),
            all_threads: AtomicBool::new(true),
            more: AtomicBool::new(false),
            before: AtomicPtr::new(std::ptr::null_mut()),
        }
    }

    fn set(&self, fd: i32, all_threads: bool, more: bool) {
        self.fd.store(fd, Ordering::Relaxed);
        self.all_threads.store(all_threads, Ordering::Relaxed);
        self.more.store(more, Ordering::Relaxed);
        self.on.store(true, Ordering::Release);
    }

    /// Puts a handler in the place of the one before.
    fn install(&self, signal: i32, handler: extern "C" fn(i32), flags: i32) -> std::io::Result<()> {
        if !self.before.load(Ordering::Acquire).is_null() {
            return Ok(());
        }
        // SAFETY: zeroed `sigaction`s are valid ones, and the handler is safe at any moment.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as extern "C" fn(i32) as libc::sighandler_t;
            action.sa_flags = libc::SA_ONSTACK | flags;
            libc::sigemptyset(&mut action.sa_mask);
            let mut before = Box::new(std::mem::zeroed());
            if libc::sigaction(signal, &action, &mut *before) != 0 {
                return Err(std::io::Error::last_os_error());
            }
            self.before.store(Box::into_raw(before), Ordering::Release);
        }
        Ok(())
    }

    /// Puts the handler from before in its place again; whether there was something to do.
    fn uninstall(&self, signal: i32) -> bool {
        self.on.store(false, Ordering::Release);
        let before = self.before.swap(std::ptr::null_mut(), Ordering::AcqRel);
        if before.is_null() {
            return false;
        }
        // SAFETY: the pointer came from a box in `install`, and has just been taken out.
        unsafe {
            let before = Box::from_raw(before);
            libc::sigaction(signal, &*before, std::ptr::null_mut());
        }
        true
    }
}

static FAULTS: [Target; FATAL.len()] = [const { Target::new() }; FATAL.len()];
static ASKED: [Target; crate::signals::COUNT] = [const { Target::new() }; crate::signals::COUNT];

/// Lets fatal signals write a report before they end the process.
///
/// # Errors
/// The system's.
pub fn enable(reporter: Reporter, fd: i32, all_threads: bool, native: bool) -> std::io::Result<()> {
    REPORTER.get_or_init(|| reporter);
    for (target, (signal, _)) in FAULTS.iter().zip(FATAL) {
        target.set(fd, all_threads, native);
        target.install(signal, fatal, libc::SA_NODEFER)?;
    }
    Ok(())
}

/// Ends what [`enable`] began; whether it was in force.
pub fn disable() -> bool {
    let mut was = false;
    for (target, (signal, _)) in FAULTS.iter().zip(FATAL) {
        was |= target.uninstall(signal);
    }
    was
}

/// Whether fatal signals write a report.
pub fn is_enabled() -> bool {
    FAULTS[0].on.load(Ordering::Acquire)
}

/// Lets a signal write a report; `chain` calls the handler from before too.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn register(
    reporter: Reporter,
    signal: i32,
    fd: i32,
    all_threads: bool,
    chain: bool,
) -> std::io::Result<()> {
    REPORTER.get_or_init(|| reporter);
    let Some(target) = asked_target(signal) else {
        return Err(std::io::Error::from_raw_os_error(libc::EINVAL));
    };
    target.set(fd, all_threads, chain);
    let flags = if chain { libc::SA_NODEFER } else { 0 };
    target.install(signal, asked, flags | libc::SA_RESTART)
}

/// Ends what [`register`] began; whether it was in force.
pub fn unregister(signal: i32) -> bool {
    asked_target(signal).is_some_and(|target| target.uninstall(signal))
}

/// Whether a signal is one of those that [`enable`] takes.
pub fn is_fatal(signal: i32) -> bool {
    FATAL.iter().any(|(fatal, _)| *fatal == signal)
}

fn asked_target(signal: i32) -> Option<&'static Target> {
    ASKED.get(usize::try_from(signal).ok()?)
}

/// The handler of fatal signals: reports, and lets the signal end the process.
extern "C" fn fatal(signal: i32) {
    let errno = errno();
    let known = FATAL.iter().position(|(fatal, _)| *fatal == signal);
    let Some(which) = known else { return };
    let target = &FAULTS[which];
    // SAFETY: a zeroed `sigaction` is the default one.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        libc::sigaction(signal, &action, std::ptr::null_mut());
    }
    if target.on.swap(false, Ordering::AcqRel) {
        let out = Out(target.fd.load(Ordering::Relaxed));
        out.text("Fatal Python error: ");
        out.text(FATAL[which].1);
        out.text("\n\n");
        report(&out, target.all_threads.load(Ordering::Relaxed));
        if target.more.load(Ordering::Relaxed) {
            out.text("\n");
            native_calls(&out);
        }
    }
    // SAFETY: the signal has its default action.
    unsafe {
        *libc::__errno_location() = errno;
        libc::raise(signal);
    }
}

/// The handler of signals that ask for a report.
extern "C" fn asked(signal: i32) {
    let errno = errno();
    let Some(target) = asked_target(signal) else {
        return;
    };
    if !target.on.load(Ordering::Acquire) {
        return;
    }
    let out = Out(target.fd.load(Ordering::Relaxed));
    report(&out, target.all_threads.load(Ordering::Relaxed));
    let before = target.before.load(Ordering::Acquire);
    if target.more.load(Ordering::Relaxed) && !before.is_null() {
        // SAFETY: the box of `install`, which lives while the handler is in place; the handler from before gets the signal,
        // and then this one takes its place again.
        unsafe {
            let mut own: libc::sigaction = std::mem::zeroed();
            libc::sigaction(signal, before, &mut own);
            *libc::__errno_location() = errno;
            libc::raise(signal);
            libc::sigaction(signal, &own, std::ptr::null_mut());
        }
    }
    // SAFETY: the thread's own number of the last error.
    unsafe { *libc::__errno_location() = errno };
}

fn errno() -> i32 {
    // SAFETY: the thread's own number of the last error.
    unsafe { *libc::__errno_location() }
}

/// Writes that native calls are not known.
pub fn write_native_calls(fd: i32) {
    native_calls(&Out(fd));
}

fn native_calls(out: &Out) {
    out.text("Current thread's C stack trace (most recent call first):\n");
    out.text("  <cannot get C stack on this system>\n");
}

/// The system's name of a thread.
pub fn thread_name(out: &Out, ident: u64, is_current: bool) {
    let mut name = [0u8; 16];
    // SAFETY: the buffer is as long as it is said to be; the number is that of a thread that lives.
    let failed = unsafe {
        let thread = if is_current {
            libc::pthread_self()
        } else {
            ident as libc::pthread_t
        };
        libc::pthread_getname_np(thread, name.as_mut_ptr().cast(), name.len())
    };
    let len = name.iter().position(|&b| b == 0).unwrap_or(name.len());
    if failed == 0 && len != 0 {
        out.text(" [");
        name[..len].iter().for_each(|&b| out.character(b.into()));
        out.text("]");
    }
}

/// A file that is written without a buffer.
pub struct Out(pub i32);

impl Out {
    fn bytes(&self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            // SAFETY: the bytes are there.
            let written = unsafe { libc::write(self.0, bytes.as_ptr().cast(), bytes.len()) };
            match usize::try_from(written) {
                Ok(written) if written > 0 => bytes = bytes.get(written..).unwrap_or(&[]),
                _ if errno() == libc::EINTR => {}
                _ => return,
            }
        }
    }

    /// Writes a text.
    pub fn text(&self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Writes a number in so many hexadecimal digits.
    pub fn hex(&self, number: u64, digits: u32) {
        for place in (0..digits).rev() {
            let digit = (number >> (4 * place) & 15) as usize;
            self.bytes(&b"0123456789abcdef"[digit..=digit]);
        }
    }

    /// Writes a number.
    pub fn number(&self, mut number: u32) {
        let (mut digits, mut at) = ([0; 10], 10);
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.bytes(&digits[at..]);
    }

    /// Writes a character in ASCII, others by their numbers.
    pub fn character(&self, c: u32) {
        match c {
            0x20..=0x7e => self.bytes(&[c as u8]),
            0..=0xff => {
                self.text("\\x");
                self.hex(c.into(), 2);
            }
            0x100..=0xffff => {
                self.text("\\u");
                self.hex(c.into(), 4);
            }
            _ => {
                self.text("\\U");
                self.hex(c.into(), 8);
            }
        }
    }
}

/// The system's number of this thread.
pub fn this_thread() -> u64 {
    // SAFETY: always allowed.
    unsafe { libc::pthread_self() as u64 }
}
