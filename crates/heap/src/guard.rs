//! The debugging allocator: guards behind blocks, poison in freed ones.
//!
//! A heap made with [`Heap::new_guarded`] serves each small request from the next larger size class and keeps the last 16
//! bytes of the block as a guard; a freed block is filled with poison behind its link. A guard that has changed shows a
//! write behind the end, poison that has changed a write after the end. Either is reported with the block and the process
//! aborted: the heap can no longer be trusted. All of it rests on the watched mode and costs nothing in other heaps.

use crate::object::Object;
use crate::pool::{Block, CLASSES, Domain, Pool};

/// Fills freed blocks.
const POISON: u8 = 0xdb;
/// Fills the guards.
const GUARD: u8 = 0xfb;
/// Bytes of a guard.
const GUARD_SIZE: usize = 16;

/// The bin from which a request for a bin is served: the next larger class, except for the largest, which has no guards.
pub(crate) fn widened(bin: usize) -> usize {
    if (bin + 1).is_multiple_of(CLASSES) {
        bin
    } else {
        bin + 1
    }
}

fn has_guard(bin: usize) -> bool {
    // The largest class holds guarded and unguarded blocks, the smallest none.
    !(bin + 1).is_multiple_of(CLASSES) && !bin.is_multiple_of(CLASSES)
}

/// # Safety
/// The pool is prepared, and no block of it is used.
pub(crate) unsafe fn poison_pool(pool: &Pool) {
    let mut at = pool.free.get();
    while !at.is_null() {
        // SAFETY: free blocks of the pool.
        unsafe {
            poison(pool, at.cast());
            at = (*at).next.get();
        }
    }
}

/// # Safety
/// The block is a free one of the pool.
unsafe fn poison(pool: &Pool, block: *mut u8) {
    // SAFETY: inside the block, behind its link.
    unsafe {
        block
            .add(size_of::<Block>())
            .write_bytes(POISON, pool.block_size() - size_of::<Block>())
    };
}

/// Checks a block that is handed out, and sets its guard.
///
/// # Safety
/// The block was just taken from the free list of the pool.
pub(crate) unsafe fn on_allocation(pool: &Pool, block: *mut u8) {
    let size = pool.block_size();
    // SAFETY: inside the block.
    unsafe {
        let bytes =
            std::slice::from_raw_parts(block.add(size_of::<Block>()), size - size_of::<Block>());
        if let Some(i) = bytes.iter().position(|b| *b != POISON) {
            report(
                pool,
                block,
                &format!(
                    "a freed block was written to, at offset {}",
                    i + size_of::<Block>()
                ),
                false,
            );
        }
        if has_guard(pool.bin.get() as usize) {
            block.add(size - GUARD_SIZE).write_bytes(GUARD, GUARD_SIZE);
        }
    }
}

/// Checks the guard of a block that is given back, and poisons it.
///
/// # Safety
/// The block was just put on the free list of the pool.
pub(crate) unsafe fn on_free(pool: &Pool, block: *mut u8) {
    let size = pool.block_size();
    // SAFETY: inside the block.
    unsafe {
        if has_guard(pool.bin.get() as usize) {
            let guard = std::slice::from_raw_parts(block.add(size - GUARD_SIZE), GUARD_SIZE);
            if guard.iter().any(|b| *b != GUARD) {
                report(
                    pool,
                    block,
                    "something was written behind the end of the block",
                    true,
                );
            }
        }
        poison(pool, block);
    }
}

/// Tells what is wrong with a block, and aborts. The header of the object in a `whole` block still names its type.
#[cold]
fn report(pool: &Pool, block: *mut u8, what: &str, whole: bool) {
    let domain = pool.domain();
    eprintln!(
        "heap: {what}: block {block:p} of {} bytes ({domain:?})",
        pool.block_size()
    );
    // SAFETY: the heap of a pool in use lives.
    let heap = unsafe { &*pool.heap.get() };
    if domain != Domain::Payload {
        // SAFETY: the header lies inside the block; only its words are read.
        let header = unsafe { &*block.add(domain.prefix()).cast::<Object>() };
        eprintln!(
            "heap: its object's header: count {:#x}, flags {:#x}",
            header.raw_count(),
            header.flags()
        );
        if let (true, Some(hooks)) = (whole, heap.hooks.get()) {
            eprintln!("heap: its type: {}", hooks.type_name(header.type_object()));
        }
    }
    if let Some(line) = heap
        .hooks
        .get()
        .and_then(|hooks| hooks.allocation_line(block.addr()))
    {
        eprintln!("heap: allocated at {line}");
    }
    std::process::abort();
}
