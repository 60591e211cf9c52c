//! Nanoseconds for each allocation and release: `cargo bench -p viv-heap`.
#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::time::Instant;

use viv_heap::layout::TypeHead;
use viv_heap::{
    Flags, HVec, Heap, HeapAlloc, Object, ObjectLayout, Raw, Ref, TypeFlags, TypeInfo,
    object_layout,
};

#[repr(C)]
struct Float {
    head: Object,
    value: f64,
}

object_layout!(Float = 10);

#[repr(C)]
struct List {
    head: Object,
    items: RefCell<HVec<Ref>>,
}

object_layout!(
    List = 11,
    traverse | this,
    visit | {
        for item in this.items.borrow().iter() {
            visit.visit(item)
        }
    },
    clear | this | { this.items.borrow_mut().clear() }
);

#[repr(C)]
struct Instance {
    head: Object,
}

object_layout!(Instance = 12);

fn make_type(
    heap: &Heap,
    layout: &'static viv_heap::Layout,
    object_flags: u32,
    flags: u32,
    inline: u32,
) -> Box<TypeHead> {
    let mut head = Box::<TypeHead>::new_uninit();
    let info = TypeInfo {
        heap: Cell::new(heap),
        layout: Cell::new(layout),
        object_flags: Cell::new(object_flags | layout.kind as u32),
        flags: Cell::new(flags),
        basicsize: Cell::new(layout.size as u32),
        slots_offset: Cell::new(layout.size as u32),
        weaklist_offset: Cell::new(0),
        base: Cell::new(std::ptr::null()),
        inline_values: Cell::new(inline),
        inline_spare: Cell::new(0),
        inline_reserve: Cell::new(0),
    };
    // SAFETY: both fields are written before the head is used.
    unsafe {
        (&raw mut (*head.as_mut_ptr()).info).write(info);
        let itself = &*head.as_ptr();
        (&raw mut (*head.as_mut_ptr()).head).write(Object::new(itself));
        head.assume_init()
    }
}

fn measure(name: &str, count: usize, mut run: impl FnMut()) {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_nanos() as f64 / count as f64);
    }
    println!("{name:<46} {best:8.2} ns");
}

fn main() {
    let heap = Heap::new();
    heap.enter();
    let float = make_type(&heap, Float::layout(), Flags::EXACT, 0, 0);
    let list = make_type(&heap, List::layout(), Flags::GC | Flags::EXACT, 0, 0);
    let managed = TypeFlags::HEAP_TYPE
        | TypeFlags::MANAGED_DICT
        | TypeFlags::MANAGED_WEAKREF
        | TypeFlags::INLINE_VALUES;
    let instance = make_type(
        &heap,
        Instance::layout(),
        Flags::GC | Flags::MANAGED,
        managed,
        2,
    );
    let new_float = |value| {
        heap.place(Float {
            head: Object::new(&float),
            value,
        })
        .ok()
    };
    let new_list = || {
        let list = heap
            .place(List {
                head: Object::new(&list),
                items: RefCell::new(HVec::new_in(HeapAlloc)),
            })
            .ok();
        if let Some(list) = &list {
            heap.track(list);
        }
        list
    };
    let new_instance = || {
        let instance = heap
            .place(Instance {
                head: Object::new(&instance),
            })
            .ok();
        if let Some(instance) = &instance {
            heap.track(instance);
        }
        instance
    };
    const N: usize = 1_000_000;
    measure("alloc_fixed + free_fixed, one at a time", N, || {
        for _ in 0..N {
            if let Some(block) = black_box(heap.alloc_fixed::<Float>()) {
                // SAFETY: the block just made.
                unsafe { heap.free_fixed(block) };
            }
        }
    });
    measure("float: place + release, one at a time", N, || {
        for i in 0..N {
            black_box(new_float(i as f64));
        }
    });
    let mut floats: Vec<Option<Ref<Float>>> = Vec::with_capacity(N);
    measure("float: place a million + release", N, || {
        floats.extend((0..N).map(|i| new_float(i as f64)));
        floats.clear();
    });
    measure("list, empty: place + release", N, || {
        for _ in 0..N {
            black_box(new_list());
        }
    });
    measure("list of one float: place + release", N, || {
        for _ in 0..N {
            let list = new_list();
            if let (Some(list), Some(value)) = (&list, new_float(1.0)) {
                list.items.borrow_mut().push(value.upcast());
            }
            black_box(list);
        }
    });
    measure("instance with 2 inline values: place + release", N, || {
        for _ in 0..N {
            let instance = new_instance();
            if let Some(instance) = &instance {
                let _ = instance.replace_inline(0, new_float(1.0).map(Ref::upcast));
            }
            black_box(instance);
        }
    });
    let mut lists: Vec<Option<Ref<List>>> = Vec::with_capacity(N);
    measure("list: place a million + release", N, || {
        lists.extend((0..N).map(|_| new_list()));
        lists.clear();
    });
    lists.extend((0..N).map(|_| new_list()));
    heap.collect(2);
    measure("collection of a million empty lists, each", N, || {
        heap.collect(2);
    });
    for i in 1..N {
        if let (Some(a), Some(b)) = (&lists[i], &lists[i * 7919 % N]) {
            a.items.borrow_mut().push(b.clone().upcast());
        }
    }
    measure("collection of a million linked lists, each", N, || {
        heap.collect(2);
    });
    lists.clear();
    measure("a cyclic list: place, link, collect", N, || {
        for _ in 0..N {
            if let Some(list) = new_list() {
                list.items.borrow_mut().push(list.clone().upcast());
            }
        }
        heap.collect(2);
    });
    measure("raw word: inc + dec", N, || {
        if let Some(value) = new_float(1.0) {
            let raw: Raw = value.into_raw();
            for _ in 0..N {
                // SAFETY: the word owns a count.
                unsafe {
                    black_box(raw).object().inc();
                    black_box(raw).object().dec();
                }
            }
            // SAFETY: as above.
            drop(unsafe { raw.into_ref() });
        }
    });
}
