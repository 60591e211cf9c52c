//! The script that another process asks this one to run, and the asking.
//!
//! Each process of this program has a `Place` at the same distance from the program's start. Who asks finds it in the other
//! process's memory, writes a path there, and sets a bit of the word that the other interpreter looks at between instructions.
//! The system lets a process write to another one's memory where it might also debug it, and nowhere else.
//!
//! **Invariant.** A path is written before `pending` is set, and is read after that has been taken back.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, Ordering};

/// The longest path, a null byte at its end included.
pub const MAX_PATH: usize = 512;

/// What a place begins with.
const MAGIC: [u8; 16] = *b"viv:remote:exec1";

/// Where a process is asked.
#[repr(C)]
struct Place {
    magic: [u8; 16],
    /// 1 where the process lets itself be asked.
    enabled: AtomicU32,
    /// 1 where there is a script to run.
    pending: AtomicU32,
    /// The word that is told, and the bit that tells it.
    word: AtomicPtr<AtomicU32>,
    bit: AtomicU32,
    path: [AtomicU8; MAX_PATH],
}

static PLACE: Place = Place {
    magic: MAGIC,
    enabled: AtomicU32::new(0),
    pending: AtomicU32::new(0),
    word: AtomicPtr::new(std::ptr::null_mut()),
    bit: AtomicU32::new(0),
    path: [const { AtomicU8::new(0) }; MAX_PATH],
};

/// Whether an interpreter of this process is told already.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Lets other processes ask: the bit of the word is set when one does. The first interpreter of a process is the one.
pub fn listen(word: &'static AtomicU32, bit: u32) {
    if !TAKEN.swap(true, Ordering::AcqRel) {
        PLACE.bit.store(bit, Ordering::Relaxed);
        PLACE
            .word
            .store(std::ptr::from_ref(word).cast_mut(), Ordering::Release);
        PLACE.enabled.store(1, Ordering::Release);
    }
}

/// Whether this word is the one that is told.
pub fn is_told(word: &'static AtomicU32) -> bool {
    std::ptr::eq(PLACE.word.load(Ordering::Relaxed), word)
}

/// Whether a script waits.
pub fn waits() -> bool {
    PLACE.pending.load(Ordering::Acquire) != 0
}

/// The path of the script that waits, which does so no longer.
pub fn take() -> Option<PathBuf> {
    if PLACE.pending.swap(0, Ordering::Acquire) == 0 {
        return None;
    }
    let bytes = PLACE.path.iter().map(|byte| byte.load(Ordering::Relaxed));
    let path: Vec<u8> = bytes.take_while(|byte| *byte != 0).collect();
    Some(OsString::from_vec(path).into())
}

/// Why a process could not be asked.
#[derive(Debug)]
pub enum Refusal {
    /// The system says so.
    System(io::Error),
    /// It does not run this program.
    Stranger,
    /// It does not let itself be asked.
    Disabled,
    /// The path is too long.
    TooLong,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::System(error)
    }
}

/// Asks a process to run a script.
///
/// # Errors
/// See [`Refusal`].
pub fn ask(process: i32, script: &[u8]) -> Result<(), Refusal> {
    if script.len() >= MAX_PATH || script.contains(&0) {
        return Err(Refusal::TooLong);
    }
    if u32::try_from(process).is_ok_and(|number| number == std::process::id()) {
        return ask_oneself(script);
    }
    other::ask(process, script)
}

fn ask_oneself(script: &[u8]) -> Result<(), Refusal> {
    if PLACE.enabled.load(Ordering::Acquire) == 0 {
        return Err(Refusal::Disabled);
    }
    for (place, byte) in PLACE.path.iter().zip(script.iter().chain([&0])) {
        place.store(*byte, Ordering::Relaxed);
    }
    PLACE.pending.store(1, Ordering::Release);
    // SAFETY: null, or the word of an interpreter, which is static.
    if let Some(word) = unsafe { PLACE.word.load(Ordering::Acquire).as_ref() } {
        word.fetch_or(PLACE.bit.load(Ordering::Relaxed), Ordering::Release);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::{Refusal, io};

    /// There is no way to write to the memory of another process here.
    pub(super) fn ask(_process: i32, _script: &[u8]) -> Result<(), Refusal> {
        Err(Refusal::System(io::ErrorKind::Unsupported.into()))
    }
}

#[cfg(target_os = "linux")]
mod other {
    use std::fs;
    use std::mem::offset_of;
    use std::os::unix::fs::MetadataExt;

    use super::{MAGIC, PLACE, Place, Refusal, io};

    /// Writes the request to the other process's memory.
    pub(super) fn ask(process: i32, script: &[u8]) -> Result<(), Refusal> {
        let place = place_of(process)?;
        let mut head = [0; offset_of!(Place, path)];
        read(process, place, &mut head)?;
        if !head.starts_with(&MAGIC) {
            return Err(Refusal::Stranger);
        }
        if number(&head, offset_of!(Place, enabled)) != 1 {
            return Err(Refusal::Disabled);
        }
        let mut word = [0; size_of::<usize>()];
        let start = offset_of!(Place, word);
        word.copy_from_slice(&head[start..start + size_of::<usize>()]);
        let word = usize::from_ne_bytes(word);
        let text: Vec<u8> = script.iter().copied().chain([0]).collect();
        write(process, place + offset_of!(Place, path), &text)?;
        write(
            process,
            place + offset_of!(Place, pending),
            &1u32.to_ne_bytes(),
        )?;
        // A bit that the other process sets at this very moment may be lost, as it may with CPython: what it stands for is
        // asked for again.
        let mut bits = [0; size_of::<u32>()];
        read(process, word, &mut bits)?;
        let bits = u32::from_ne_bytes(bits) | number(&head, offset_of!(Place, bit));
        write(process, word, &bits.to_ne_bytes())?;
        Ok(())
    }

    fn number(bytes: &[u8], at: usize) -> u32 {
        let mut number = [0; size_of::<u32>()];
        number.copy_from_slice(&bytes[at..at + size_of::<u32>()]);
        u32::from_ne_bytes(number)
    }

    /// Where the other process, which must run the same program, has its place.
    fn place_of(process: i32) -> Result<usize, Refusal> {
        let theirs = start_of(&process.to_string())?;
        let own = start_of("self")?;
        let program = |name: &str| fs::metadata(format!("/proc/{name}/exe"));
        let (a, b) = (program(&process.to_string())?, program("self")?);
        let (Some(theirs), Some(own)) = (theirs, own) else {
            return Err(Refusal::Stranger);
        };
        if (a.dev(), a.ino()) != (b.dev(), b.ino()) {
            return Err(Refusal::Stranger);
        }
        let distance = std::ptr::from_ref(&PLACE).addr().wrapping_sub(own);
        Ok(theirs.wrapping_add(distance))
    }

    /// Where a process has the start of its program.
    fn start_of(process: &str) -> io::Result<Option<usize>> {
        let maps = fs::read(format!("/proc/{process}/maps"))?;
        let program = fs::read_link(format!("/proc/{process}/exe"))?;
        let name = std::os::unix::ffi::OsStrExt::as_bytes(program.as_os_str());
        let mut starts = maps
            .split(|byte| *byte == b'\n')
            .filter(|line| line.ends_with(name))
            .filter_map(|line| {
                let address = line.split(|byte| *byte == b'-').next()?;
                usize::from_str_radix(std::str::from_utf8(address).ok()?, 16).ok()
            });
        Ok(starts.next())
    }

    fn part(start: *mut libc::c_void, length: usize) -> libc::iovec {
        libc::iovec {
            iov_base: start,
            iov_len: length,
        }
    }

    fn whole(count: libc::ssize_t, wanted: usize) -> io::Result<()> {
        match usize::try_from(count) {
            Ok(count) if count == wanted => Ok(()),
            Ok(_) => Err(io::Error::from_raw_os_error(libc::EFAULT)),
            Err(_) => Err(io::Error::last_os_error()),
        }
    }

    fn read(process: i32, at: usize, into: &mut [u8]) -> io::Result<()> {
        let here = part(into.as_mut_ptr().cast(), into.len());
        let there = part(std::ptr::without_provenance_mut(at), into.len());
        // SAFETY: the system checks the addresses of the other process; ours are those of a slice that lives through the call.
        let count = unsafe { libc::process_vm_readv(process, &here, 1, &there, 1, 0) };
        whole(count, into.len())
    }

    fn write(process: i32, at: usize, bytes: &[u8]) -> io::Result<()> {
        let here = part(bytes.as_ptr().cast_mut().cast(), bytes.len());
        let there = part(std::ptr::without_provenance_mut(at), bytes.len());
        // SAFETY: as above; ours are only read.
        let count = unsafe { libc::process_vm_writev(process, &here, 1, &there, 1, 0) };
        whole(count, bytes.len())
    }
}
