//! Memory of whole arenas from the operating system.
//!
//! **Invariant.** Every mapping is [`ARENA_SIZE`] bytes long and aligned to its own size, so that the arena of any
//! address inside it is found by masking.

use std::ptr::NonNull;

use crate::pool::ARENA_SIZE;

/// Maps one arena; `populate` asks for its pages at once.
#[cfg(all(unix, not(miri)))]
pub(crate) fn map_arena(populate: bool) -> Option<NonNull<u8>> {
    let map = |size: usize| {
        // SAFETY: an anonymous private mapping at an address that the system chooses touches nobody's memory.
        let at = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if at == libc::MAP_FAILED {
            None
        } else {
            NonNull::new(at.cast::<u8>())
        }
    };
    // Systems hand out neighbouring addresses, so a mapping below an aligned one is mostly aligned as well.
    let first = map(ARENA_SIZE)?;
    if first.as_ptr().addr() % ARENA_SIZE == 0 {
        return Some(populated(first, populate));
    }
    // SAFETY: the mapping just made, unused.
    unsafe { libc::munmap(first.as_ptr().cast(), ARENA_SIZE) };
    let wide = map(2 * ARENA_SIZE)?;
    let lead = wide.as_ptr().addr().next_multiple_of(ARENA_SIZE) - wide.as_ptr().addr();
    // SAFETY: head and tail of the mapping just made; the aligned middle stays.
    unsafe {
        if lead != 0 {
            libc::munmap(wide.as_ptr().cast(), lead);
        }
        let tail = ARENA_SIZE - lead;
        if tail != 0 {
            libc::munmap(wide.as_ptr().add(lead + ARENA_SIZE).cast(), tail);
        }
        Some(populated(wide.add(lead), populate))
    }
}

/// Asks for the pages of an arena at once, if they are wanted and the system can do that: where it cannot, each comes
/// with its first use.
#[cfg(all(unix, not(miri)))]
fn populated(arena: NonNull<u8>, wanted: bool) -> NonNull<u8> {
    #[cfg(target_os = "linux")]
    if wanted {
        // SAFETY: a mapping of this size, just made; its contents stay as they are.
        unsafe { libc::madvise(arena.as_ptr().cast(), ARENA_SIZE, libc::MADV_POPULATE_WRITE) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = wanted;
    arena
}

/// Gives an arena back.
///
/// # Safety
/// The arena came from [`map_arena`] and nobody uses it any more.
#[cfg(all(unix, not(miri)))]
pub(crate) unsafe fn unmap_arena(arena: NonNull<u8>) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(arena.as_ptr().cast(), ARENA_SIZE) };
}

#[cfg(not(all(unix, not(miri))))]
const MEMORY: std::alloc::Layout = match std::alloc::Layout::from_size_align(ARENA_SIZE, ARENA_SIZE)
{
    Ok(memory) => memory,
    Err(_) => panic!("an arena's size is a power of two"),
};

/// Maps one arena.
#[cfg(not(all(unix, not(miri))))]
pub(crate) fn map_arena(_populate: bool) -> Option<NonNull<u8>> {
    // SAFETY: the size is not zero.
    NonNull::new(unsafe { std::alloc::alloc(MEMORY) })
}

/// Gives an arena back.
///
/// # Safety
/// The arena came from [`map_arena`] and nobody uses it any more.
#[cfg(not(all(unix, not(miri))))]
pub(crate) unsafe fn unmap_arena(arena: NonNull<u8>) {
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(arena.as_ptr(), MEMORY) };
}
