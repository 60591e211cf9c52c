//! Memory of whole arenas from the operating system: of one, or of a region, as many as a large page of the processor holds.
//!
//! **Invariant.** Every mapping is as long as its arenas and aligned to its own size, so that the arena (and the region) of any
//! address inside it is found by masking.

use std::ptr::NonNull;

use crate::pool::ARENA_SIZE;

/// From this size on, blocks are mappings of their own until one of their size has come back: see [`freed_large`].
pub(crate) const LARGE: usize = 2 << 20;

/// Blocks of more bytes stay mappings of their own.
#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
const LARGEST: usize = 32 << 20;

/// How much the C library keeps of what is freed, and the size from which blocks are mappings of their own.
#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
fn set_limits(large: usize, kept: usize) {
    // SAFETY: two numbers of the allocator are set.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, kept as libc::c_int);
        libc::mallopt(libc::M_MMAP_THRESHOLD, large as libc::c_int);
    }
}

/// Lets the C library keep up to 16 MiB of what is freed, and serve blocks of up to 2 MiB from it: tables that come and go would
/// else go back to the system each time, and their pages be cleared for the next one.
#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
pub(crate) fn keep_freed() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| set_limits(LARGE, 16 << 20));
}

/// A block of at least [`LARGE`] bytes has been freed. A program that frees one is likely to ask for the next: from now on such
/// blocks are served from what is kept. This is the C library's own rule (which keeps half as much); it leaves it once its limits are
/// set.
#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
#[cold]
pub(crate) fn freed_large(size: usize) {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static LIMIT: AtomicUsize = AtomicUsize::new(LARGE);
    // The C library's own words before a block count, too.
    let limit = (size + 4096).min(LARGEST);
    if size <= LARGEST && LIMIT.fetch_max(limit, Ordering::Relaxed) < limit {
        // A table that grows has the old one, the new one and a copy at the same time.
        set_limits(limit, (4 * limit).max(16 << 20));
    }
}

/// Elsewhere the allocator does as it does.
#[cfg(not(all(target_os = "linux", target_env = "gnu", not(miri))))]
pub(crate) fn keep_freed() {}

/// Elsewhere the allocator does as it does.
#[cfg(not(all(target_os = "linux", target_env = "gnu", not(miri))))]
pub(crate) fn freed_large(_: usize) {}

/// Size of a region in bytes: that of a large page on x86-64, and on AArch64 with small ones of 4 KiB.
pub(crate) const REGION_SIZE: usize = 2 << 20;

/// Maps one arena.
pub(crate) fn map_arena() -> Option<NonNull<u8>> {
    map_aligned(ARENA_SIZE)
}

/// Maps a region, for whose arenas the system may take one large page: it is asked for once instead of 512 times, and its addresses
/// are translated by one entry of the processor's cache. Nothing where the system has no such pages.
pub(crate) fn map_region() -> Option<NonNull<u8>> {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        let region = map_aligned(REGION_SIZE)?;
        // SAFETY: the mapping just made; the call only says which pages are wanted.
        unsafe { libc::madvise(region.as_ptr().cast(), REGION_SIZE, libc::MADV_HUGEPAGE) };
        Some(region)
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    None
}

/// Maps memory of a size that is a power of two, aligned to it.
#[cfg(all(unix, not(miri)))]
fn map_aligned(size: usize) -> Option<NonNull<u8>> {
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
    let first = map(size)?;
    if first.as_ptr().addr() % size == 0 {
        return Some(first);
    }
    // SAFETY: the mapping just made, unused.
    unsafe { libc::munmap(first.as_ptr().cast(), size) };
    let wide = map(2 * size)?;
    let lead = wide.as_ptr().addr().next_multiple_of(size) - wide.as_ptr().addr();
    // SAFETY: head and tail of the mapping just made; the aligned middle stays.
    unsafe {
        if lead != 0 {
            libc::munmap(wide.as_ptr().cast(), lead);
        }
        let tail = size - lead;
        if tail != 0 {
            libc::munmap(wide.as_ptr().add(lead + size).cast(), tail);
        }
        Some(wide.add(lead))
    }
}

/// Asks for pages at once, if the system can do that: where it cannot, each comes with its first use.
///
/// # Safety
/// `start` is the start of a page, and `size` bytes from there belong to an arena.
pub(crate) unsafe fn populate(start: *mut u8, size: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    // SAFETY: the caller's promise; the contents of the pages stay as they are.
    unsafe {
        libc::madvise(start.cast(), size, libc::MADV_POPULATE_WRITE);
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = (start, size);
}

/// Gives the memory of an arena back, but keeps its addresses.
///
/// # Safety
/// The arena is part of a region, and nobody uses it any more.
pub(crate) unsafe fn discard(arena: NonNull<u8>) {
    #[cfg(all(target_os = "linux", not(miri)))]
    // SAFETY: the caller's promise.
    unsafe {
        libc::madvise(arena.as_ptr().cast(), ARENA_SIZE, libc::MADV_DONTNEED);
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = arena;
}

/// Gives an arena back.
///
/// # Safety
/// The arena came from [`map_arena`] and nobody uses it any more.
pub(crate) unsafe fn unmap_arena(arena: NonNull<u8>) {
    // SAFETY: the caller's promise.
    unsafe { unmap(arena, ARENA_SIZE) }
}

/// Gives a region back.
///
/// # Safety
/// The region came from [`map_region`] and nobody uses any arena of it.
pub(crate) unsafe fn unmap_region(region: NonNull<u8>) {
    // SAFETY: the caller's promise.
    unsafe { unmap(region, REGION_SIZE) }
}

#[cfg(all(unix, not(miri)))]
unsafe fn unmap(start: NonNull<u8>, size: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(start.as_ptr().cast(), size) };
}

/// Maps memory of a size that is a power of two, aligned to it.
#[cfg(not(all(unix, not(miri))))]
fn map_aligned(size: usize) -> Option<NonNull<u8>> {
    let memory = std::alloc::Layout::from_size_align(size, size).ok()?;
    // SAFETY: the size is not zero.
    NonNull::new(unsafe { std::alloc::alloc(memory) })
}

#[cfg(not(all(unix, not(miri))))]
unsafe fn unmap(start: NonNull<u8>, size: usize) {
    if let Ok(memory) = std::alloc::Layout::from_size_align(size, size) {
        // SAFETY: the caller's promise.
        unsafe { std::alloc::dealloc(start.as_ptr(), memory) };
    }
}
