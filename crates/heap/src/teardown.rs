//! The end of a heap: everything is given up, and what is left over is a leak.
//!
//! When the user has let go of all that it owned, immortal objects are emptied, a last collection runs, and whatever
//! mortal object still lives is held by a count that nobody will lower any more. Then the immortal ones go too, and the
//! blocks still in use are payloads that were forgotten.

use std::collections::HashMap;
use std::ptr::NonNull;

use crate::collect::GENERATIONS;
use crate::heap::Heap;
use crate::object::Object;

/// What was left of one type, or of the payloads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leftover {
    /// Name of the layout, or that of the domain for blocks that hold no object.
    pub layout: &'static str,
    /// Address of the type object; 0 for blocks that hold no object.
    pub ty: usize,
    /// How many.
    pub count: usize,
    /// Address of one of them.
    pub example: usize,
    /// Its count; 0 for blocks that hold no object.
    pub refcount: u32,
}

impl Heap {
    /// Releases every object that nothing but the heap itself keeps, the immortal ones included; gives what is left, the
    /// most frequent first. No finalisers run. The heap is of no use afterwards: its user gave up all handles before.
    pub fn tear_down(&self) -> Vec<Leftover> {
        self.hooks.set(None);
        self.gc_unsettle();
        let mut immortal: Vec<NonNull<Object>> = Vec::new();
        self.for_each_object(&mut |object| {
            if object.is_immortal() {
                immortal.push(NonNull::from(object));
            }
        });
        for object in &immortal {
            // SAFETY: an immortal object is not released before the end of this function.
            unsafe { object.as_ref() }.clear();
        }
        self.collect(GENERATIONS - 1);
        // First all payloads, as they may look at each other's headers; then all blocks.
        for object in &immortal {
            // SAFETY: as above; nobody uses the payloads any more.
            unsafe {
                let layout = object.as_ref().type_info().layout.get();
                if layout.needs_drop {
                    (layout.drop)(object.as_ptr());
                }
            }
        }
        let mut left: HashMap<(&'static str, usize), Leftover> = HashMap::new();
        let mut note = |layout, ty, example, refcount| {
            left.entry((layout, ty))
                .or_insert(Leftover {
                    layout,
                    ty,
                    count: 0,
                    example,
                    refcount,
                })
                .count += 1;
        };
        self.for_each_object(&mut |object| {
            if !object.is_immortal() {
                let layout = object.type_info().layout.get().name;
                let ty = object.type_object().address();
                note(layout, ty, object.address(), object.raw_count());
            }
        });
        for object in immortal {
            // SAFETY: payloads are gone, and only headers were looked at since.
            unsafe {
                self.untrack(object.as_ref());
                let flags = object.as_ref().flags();
                self.free_object(object, flags);
            }
        }
        for (block, size) in self.payload_blocks() {
            note("payload", 0, block.as_ptr().addr(), size as u32);
        }
        let mut left: Vec<Leftover> = left.into_values().collect();
        left.sort_by_key(|l| (std::cmp::Reverse(l.count), l.example));
        left
    }
}
