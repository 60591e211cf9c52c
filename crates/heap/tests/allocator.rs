//! Random sequences of allocations, growths and frees against a simple model.
#![allow(unsafe_code)]

use allocator_api2::alloc::Allocator;
use std::alloc::Layout;
use std::ptr::NonNull;
use viv_heap::{HVec, Heap, HeapAlloc};

/// A small generator of random numbers (xorshift), so that every failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn size(&mut self) -> usize {
        match self.below(10) {
            0 => 1 + self.below(5000),
            1..=3 => 1 + self.below(600),
            _ => 1 + self.below(100),
        }
    }
}

fn fill(block: NonNull<u8>, size: usize, byte: u8) {
    unsafe { block.as_ptr().write_bytes(byte, size) }
}

fn check(block: NonNull<u8>, size: usize, byte: u8) {
    for i in 0..size {
        assert_eq!(
            unsafe { *block.as_ptr().add(i) },
            byte,
            "byte {i} of {size}"
        );
    }
}

fn drive(heap: Box<Heap>, seed: u64, steps: usize) {
    let outer = heap.enter();
    let mut random = Random(seed);
    let mut live: Vec<(NonNull<u8>, Layout, u8)> = Vec::new();
    let mut failing = false;
    for step in 0..steps {
        let shrinking = step / 500 % 2 == 1;
        match random.below(if shrinking { 14 } else { 10 }) {
            0..=5 => {
                let layout = Layout::from_size_align(random.size(), 1 << random.below(7)).unwrap();
                let Ok(block) = HeapAlloc.allocate(layout) else {
                    assert!(failing);
                    continue;
                };
                let block = block.cast::<u8>();
                assert_eq!(block.as_ptr() as usize % layout.align(), 0);
                let byte = random.next() as u8;
                fill(block, layout.size(), byte);
                live.push((block, layout, byte));
            }
            6 if !live.is_empty() => {
                let i = random.below(live.len());
                let (block, layout, byte) = live[i];
                let new = Layout::from_size_align(random.size(), layout.align()).unwrap();
                let moved = unsafe {
                    if new.size() >= layout.size() {
                        HeapAlloc.grow(block, layout, new)
                    } else {
                        HeapAlloc.shrink(block, layout, new)
                    }
                };
                let Ok(moved) = moved else {
                    assert!(failing);
                    continue;
                };
                let moved = moved.cast::<u8>();
                check(moved, layout.size().min(new.size()), byte);
                fill(moved, new.size(), byte);
                live[i] = (moved, new, byte);
            }
            _ if !live.is_empty() => {
                let i = random.below(live.len());
                let (block, layout, byte) = live.swap_remove(i);
                check(block, layout.size(), byte);
                unsafe { HeapAlloc.deallocate(block, layout) };
            }
            _ => {}
        }
        if step % 97 == 0 {
            heap.check_pools().unwrap();
            assert_eq!(heap.allocated_blocks(), live.len());
            let stats = heap.stats();
            assert_eq!(stats.blocks, live.len());
            let map = heap.map();
            let mapped: usize = map
                .arenas
                .iter()
                .flat_map(|a| &a.pools)
                .map(|p| p.used.len())
                .sum();
            assert_eq!(mapped + map.raw.len(), live.len());
        }
        if step % 1009 == 0 {
            failing = !failing && random.below(2) == 0;
            heap.set_failing(failing.then_some((5, 50)));
        }
    }
    for (block, layout, byte) in live.drain(..) {
        check(block, layout.size(), byte);
        unsafe { HeapAlloc.deallocate(block, layout) };
    }
    heap.check_pools().unwrap();
    assert_eq!(heap.allocated_blocks(), 0);
    assert_eq!(heap.stats().raw_bytes, 0);
    Heap::leave(outer);
}

#[test]
fn random_sequences() {
    let (seeds, steps) = if cfg!(miri) { (1, 300) } else { (20, 8000) };
    for seed in 0..seeds {
        let heap = match seed % 4 {
            0 => Heap::new_guarded(),
            1 => Heap::new_single(),
            _ => Heap::new(),
        };
        drive(heap, 0x9e37_79b9_7f4a_7c15 ^ (seed * 0x1234_5679), steps);
    }
}

#[test]
fn arenas_go_back() {
    let heap = Heap::new();
    let outer = heap.enter();
    let layout = Layout::from_size_align(64, 8).unwrap();
    let count: usize = if cfg!(miri) { 5000 } else { 100_000 };
    let blocks: Vec<_> = (0..count)
        .map(|_| HeapAlloc.allocate(layout).unwrap().cast::<u8>())
        .collect();
    let full = heap.stats();
    assert_eq!(full.arenas, (count.div_ceil(63)).div_ceil(64));
    for block in blocks {
        unsafe { HeapAlloc.deallocate(block, layout) };
    }
    assert_eq!(heap.stats().arenas, 1);
    assert_eq!(heap.stats().arenas_peak, full.arenas);
    Heap::leave(outer);
}

#[test]
fn limit_is_kept() {
    let heap = Heap::new();
    let outer = heap.enter();
    heap.set_limit(1 << 20);
    let mut v: HVec<u64> = HVec::new_in(HeapAlloc);
    let mut n = 0u64;
    while v.try_reserve(1).is_ok() {
        v.push(n);
        n += 1;
    }
    assert!(heap.held_bytes() <= 1 << 20);
    assert!(n > 1000 && v.iter().copied().eq(0..n));
    drop(v);
    assert_eq!(heap.allocated_blocks(), 0);
    Heap::leave(outer);
}

#[test]
fn heap_frees_what_is_left() {
    let heap = Heap::new();
    let outer = heap.enter();
    for size in [8, 100, 1000, 100_000] {
        HeapAlloc
            .allocate(Layout::from_size_align(size, 8).unwrap())
            .unwrap();
    }
    Heap::leave(outer);
    drop(heap);
}
