//! Signals: what the handler in the process notes down; timers, masks and waits.
//!
//! **Invariant.** `arrived` runs at any moment on any thread: it touches atomics only. A process has one set of signal
//! handlers, so that their state is the process's. There is one word that is told of signals: that of the interpreter which
//! installed a handler last.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, Ordering};
use std::time::Duration;

use super::checked;

/// One more than the highest signal.
pub const COUNT: usize = 65;

/// Whether something in `PENDING` is set.
static TRIPPED: AtomicBool = AtomicBool::new(false);
static PENDING: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
/// The word that is told, and the bit that tells it.
static WORD: AtomicPtr<AtomicU32> = AtomicPtr::new(std::ptr::null_mut());
static BIT: AtomicU32 = AtomicU32::new(0);
/// `signal.set_wakeup_fd`
static WAKEUP: AtomicI32 = AtomicI32::new(-1);
/// Whether it is told that the wakeup file takes no more.
static WARN_WHEN_FULL: AtomicBool = AtomicBool::new(true);
/// Why the wakeup file could not be written, until that has been told.
static WAKEUP_FAILURE: AtomicI32 = AtomicI32::new(0);

/// What the system does when a signal comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// What it does by default.
    Default,
    /// Nothing.
    Ignore,
    /// It is noted, and the interpreter told.
    Note,
}

/// Who is told of signals: a bit of a word that it looks at.
#[derive(Clone, Copy)]
pub struct Listener {
    /// The word.
    pub word: &'static AtomicU32,
    /// The bit that is set when a signal comes.
    pub bit: u32,
}

impl Listener {
    /// Makes this the one that is told from now on.
    fn listen(self) {
        BIT.store(self.bit, Ordering::Relaxed);
        WORD.store(std::ptr::from_ref(self.word).cast_mut(), Ordering::Release);
    }

    /// Whether this is the one that is told.
    pub fn is_told(self) -> bool {
        std::ptr::eq(WORD.load(Ordering::Relaxed), self.word)
    }
}

/// The handler in the process.
extern "C" fn arrived(signal: libc::c_int) {
    let Some(pending) = usize::try_from(signal).ok().and_then(|n| PENDING.get(n)) else {
        return;
    };
    pending.store(true, Ordering::Relaxed);
    TRIPPED.store(true, Ordering::Release);
    // SAFETY: set to static words only.
    if let Some(word) = unsafe { WORD.load(Ordering::Acquire).as_ref() } {
        word.fetch_or(BIT.load(Ordering::Relaxed), Ordering::Release);
    }
    let wakeup = WAKEUP.load(Ordering::Relaxed);
    if wakeup >= 0 {
        let byte = signal as u8;
        // SAFETY: one byte that lives through the call; `write` may be called here, and keeps errno for those it interrupts.
        unsafe {
            let errno = libc::__errno_location();
            let saved = *errno;
            if libc::write(wakeup, (&raw const byte).cast(), 1) < 0
                && (*errno != libc::EAGAIN || WARN_WHEN_FULL.load(Ordering::Relaxed))
            {
                WAKEUP_FAILURE.store(*errno, Ordering::Relaxed);
            }
            *errno = saved;
        }
    }
}

/// Whether a signal has come that has not been taken.
pub fn arrived_any() -> bool {
    TRIPPED.load(Ordering::Acquire)
}

/// Begins to take what has come: from now on [`arrived_any`] speaks of later signals.
pub fn begin_taking() {
    TRIPPED.store(false, Ordering::Relaxed);
}

/// Whether one signal has come; it counts as taken.
pub fn take(signal: i32) -> bool {
    let pending = usize::try_from(signal).ok().and_then(|n| PENDING.get(n));
    pending.is_some_and(|pending| pending.swap(false, Ordering::Acquire))
}

/// Leaves the rest of what has come to later; whether there is any.
pub fn leave_rest() -> bool {
    let any = PENDING.iter().any(|other| other.load(Ordering::Relaxed));
    if any {
        TRIPPED.store(true, Ordering::Relaxed);
    }
    any
}

/// Forgets the signals that have come: they were meant for the process of which this one is a copy.
pub fn forget_arrived() {
    TRIPPED.store(false, Ordering::Release);
    for pending in &PENDING {
        pending.store(false, Ordering::Relaxed);
    }
}

/// Why the wakeup file could not be written, if that has not been told.
pub fn take_wakeup_failure() -> Option<io::Error> {
    match WAKEUP_FAILURE.swap(0, Ordering::Relaxed) {
        0 => None,
        errno => Some(io::Error::from_raw_os_error(errno)),
    }
}

/// Does as if a signal had come.
pub fn simulate(listener: Listener, signal: i32) {
    listener.listen();
    arrived(signal);
}

/// Says what happens when a signal comes.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn set_disposition(
    listener: Listener,
    signal: i32,
    disposition: Disposition,
) -> io::Result<()> {
    listener.listen();
    // SAFETY: a zeroed `sigaction` is a valid one; `arrived` is safe at any moment.
    checked(unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = match disposition {
            Disposition::Default => libc::SIG_DFL,
            Disposition::Ignore => libc::SIG_IGN,
            Disposition::Note => arrived as extern "C" fn(libc::c_int) as libc::sighandler_t,
        };
        libc::sigemptyset(&mut action.sa_mask);
        libc::sigaction(signal, &action, std::ptr::null_mut())
    })
    .map(drop)
}

/// What happens when a signal comes; nothing where another handler of the process is in place, or the number is no signal.
pub fn disposition(signal: i32) -> Option<Disposition> {
    // SAFETY: a zeroed `sigaction` is a valid one.
    let action = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(signal, std::ptr::null(), &mut action) != 0 {
            return None;
        }
        action
    };
    match action.sa_sigaction {
        libc::SIG_DFL => Some(Disposition::Default),
        libc::SIG_IGN => Some(Disposition::Ignore),
        handler if handler == arrived as extern "C" fn(libc::c_int) as libc::sighandler_t => {
            Some(Disposition::Note)
        }
        _ => None,
    }
}

/// Sets the file that gets a byte for each signal, and whether it is told that it takes no more; the former file, or -1.
pub fn set_wakeup(fd: i32, warn_when_full: bool) -> i32 {
    WARN_WHEN_FULL.store(warn_when_full, Ordering::Relaxed);
    WAKEUP.swap(fd, Ordering::Relaxed)
}

/// Whether system calls that a signal interrupts go on (`signal.siginterrupt`).
///
/// # Errors
/// The system's, for a number that is no signal.
pub fn set_restart(signal: i32, restart: bool) -> io::Result<()> {
    // SAFETY: a zeroed `sigaction` is a valid one, and the handler in it stays as it is.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        checked(libc::sigaction(signal, std::ptr::null(), &mut action))?;
        if restart {
            action.sa_flags |= libc::SA_RESTART;
        } else {
            action.sa_flags &= !libc::SA_RESTART;
        }
        checked(libc::sigaction(signal, &action, std::ptr::null_mut())).map(drop)
    }
}

/// From now on a signal ends the calls of the system in which a thread sleeps, and does nothing else.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn interrupt_calls(signal: i32) -> io::Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: a zeroed `sigaction` is a valid one, without the flag that has calls go on; the handler does nothing.
    checked(unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as libc::sighandler_t;
        libc::sigemptyset(&mut action.sa_mask);
        libc::sigaction(signal, &action, std::ptr::null_mut())
    })
    .map(drop)
}

/// Sets a timer of the process (`which`: real, virtual or profiling): the delay and interval that it had.
///
/// # Errors
/// The system's, for an unknown timer.
pub fn set_timer(
    which: i32,
    delay: Duration,
    interval: Duration,
) -> io::Result<(Duration, Duration)> {
    let new = libc::itimerval {
        it_value: timeval(delay),
        it_interval: timeval(interval),
    };
    // SAFETY: both structures live through the call, and a zeroed one is valid.
    let old = unsafe {
        let mut old: libc::itimerval = std::mem::zeroed();
        if libc::setitimer(which as _, &new, &mut old) != 0 {
            return Err(io::Error::last_os_error());
        }
        old
    };
    Ok((duration(old.it_value), duration(old.it_interval)))
}

/// The delay and interval of a timer of the process.
///
/// # Errors
/// The system's, for an unknown timer.
pub fn timer(which: i32) -> io::Result<(Duration, Duration)> {
    // SAFETY: the structure lives through the call, and a zeroed one is valid.
    let now = unsafe {
        let mut now: libc::itimerval = std::mem::zeroed();
        if libc::getitimer(which as _, &mut now) != 0 {
            return Err(io::Error::last_os_error());
        }
        now
    };
    Ok((duration(now.it_value), duration(now.it_interval)))
}

fn timeval(time: Duration) -> libc::timeval {
    libc::timeval {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_usec: libc::suseconds_t::from(time.subsec_micros()),
    }
}

fn duration(time: libc::timeval) -> Duration {
    Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or(0))
        + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
}

/// Sends a signal to this thread.
///
/// # Errors
/// The system's, for a number that is no signal.
pub fn raise(signal: i32) -> io::Result<()> {
    // SAFETY: takes a number only.
    match unsafe { libc::raise(signal) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits until a signal comes.
pub fn pause() {
    // SAFETY: takes nothing.
    unsafe { libc::pause() };
}

/// Sends SIGALRM after some seconds (0: not at all); the seconds that were left of the former alarm.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: takes a number only.
    unsafe { libc::alarm(seconds) }
}

/// Sleeps until the time is over or a signal has come: what is left.
pub fn sleep(time: Duration) -> Duration {
    let wanted = libc::timespec {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: libc::c_long::from(time.subsec_nanos() as i32),
    };
    // SAFETY: both structures live through the call, and a zeroed one is valid.
    unsafe {
        let mut left: libc::timespec = std::mem::zeroed();
        if libc::nanosleep(&wanted, &mut left) == 0 {
            return Duration::ZERO;
        }
        Duration::new(
            u64::try_from(left.tv_sec).unwrap_or(0),
            u32::try_from(left.tv_nsec).unwrap_or(0),
        )
    }
}

/// The signals of a set of the system.
fn members(set: &libc::sigset_t) -> Vec<i32> {
    (1..COUNT as i32)
        // SAFETY: the set is valid, and the numbers are in its range.
        .filter(|signal| unsafe { libc::sigismember(set, *signal) } == 1)
        .collect()
}

fn set_of(signals: &[i32]) -> libc::sigset_t {
    // SAFETY: `sigemptyset` makes any memory a valid set; numbers that are no signals are refused by `sigaddset`.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        for signal in signals {
            libc::sigaddset(&mut set, *signal);
        }
        set
    }
}

/// Changes which signals this thread holds back: those it held back before.
///
/// # Errors
/// The system's, for an unknown way to change.
pub fn mask(how: i32, signals: &[i32]) -> io::Result<Vec<i32>> {
    let new = set_of(signals);
    let mut old = set_of(&[]);
    // SAFETY: both sets are valid.
    match unsafe { libc::pthread_sigmask(how, &new, &mut old) } {
        0 => Ok(members(&old)),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// The signals that have come and are held back.
///
/// # Errors
/// The system's.
pub fn held_back() -> io::Result<Vec<i32>> {
    let mut set = set_of(&[]);
    // SAFETY: the set is valid.
    match unsafe { libc::sigpending(&mut set) } {
        0 => Ok(members(&set)),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits for one of the signals, which this thread holds back.
///
/// # Errors
/// The system's, for a set with a number that is no signal.
pub fn wait(signals: &[i32]) -> io::Result<i32> {
    let set = set_of(signals);
    let mut signal = 0;
    // SAFETY: set and number live through the call.
    match unsafe { libc::sigwait(&set, &mut signal) } {
        0 => Ok(signal),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// What the system tells of a signal that has been waited for.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct SignalInfo {
    pub signal: i32,
    pub code: i32,
    pub errno: i32,
    pub pid: i32,
    pub uid: u32,
    pub status: i32,
}

/// Waits for one of the signals, which this thread holds back; nothing where the time is over first.
///
/// # Errors
/// The system's; interrupted calls, too.
pub fn wait_info(signals: &[i32], timeout: Option<Duration>) -> io::Result<Option<SignalInfo>> {
    let set = set_of(signals);
    // SAFETY: set, information and time live through the call; a zeroed `siginfo_t` is valid, and its fields are plain
    // numbers whatever the signal is.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let waited = match timeout {
            None => libc::sigwaitinfo(&set, &mut info),
            Some(timeout) => {
                let time = libc::timespec {
                    tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
                    tv_nsec: libc::c_long::from(timeout.subsec_nanos() as i32),
                };
                libc::sigtimedwait(&set, &mut info, &time)
            }
        };
        if waited < 0 {
            let error = io::Error::last_os_error();
            return match error.raw_os_error() {
                Some(libc::EAGAIN) => Ok(None),
                _ => Err(error),
            };
        }
        Ok(Some(SignalInfo {
            signal: info.si_signo,
            code: info.si_code,
            errno: info.si_errno,
            pid: info.si_pid(),
            uid: info.si_uid(),
            status: info.si_status(),
        }))
    }
}
