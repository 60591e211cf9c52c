//! Objects, counts, release order, weak references and the collector, against a simple model.
#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use viv_heap::layout::TypeHead;
use viv_heap::{
    Flags, HVec, Heap, HeapAlloc, Hooks, Object, ObjectLayout, Ref, TypeFlags, TypeInfo, WeakRef,
    object_layout,
};

#[repr(C)]
struct Node {
    head: Object,
    number: usize,
    children: RefCell<HVec<Ref>>,
}

object_layout!(
    Node = 10,
    traverse | this,
    visit | {
        for child in this.children.borrow().iter() {
            visit.visit(child)
        }
    },
    clear | this | {
        let old = std::mem::replace(&mut *this.children.borrow_mut(), HVec::new_in(HeapAlloc));
        drop(old)
    }
);

#[repr(C)]
struct Leaf {
    head: Object,
    value: u64,
}

object_layout!(Leaf = 11);

#[repr(C)]
struct Instance {
    head: Object,
}

object_layout!(Instance = 12);

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static SAVE: RefCell<Vec<Ref>> = const { RefCell::new(Vec::new()) };
    static SAVING: Cell<bool> = const { Cell::new(false) };
}

fn log(line: String) {
    LOG.with(|l| l.borrow_mut().push(line));
}

fn taken_log() -> Vec<String> {
    LOG.with(|l| std::mem::take(&mut *l.borrow_mut()))
}

struct TestHooks;

impl Hooks for TestHooks {
    fn finalize(&self, object: &Object) {
        if let Some(node) = object.downcast::<Node>() {
            log(format!("finalize {}", node.number));
        }
        if SAVING.get() {
            SAVE.with(|s| s.borrow_mut().push(object.to_ref()));
        }
    }

    fn weakref_callback(&self, callback: &Object, weakref: &Object) {
        assert!(weakref.downcast::<WeakRef>().unwrap().body.is_dead());
        log(format!(
            "callback {}",
            callback.downcast::<Leaf>().unwrap().value
        ));
    }
}

struct World {
    node: Box<TypeHead>,
    finalized: Box<TypeHead>,
    leaf: Box<TypeHead>,
    instance: Box<TypeHead>,
    weakref: Box<TypeHead>,
    heap: Box<Heap>,
    outer: *const Heap,
}

impl World {
    fn new() -> World {
        let heap = Heap::new();
        let outer = heap.enter();
        heap.set_hooks(&TestHooks);
        let ty = |layout: &'static viv_heap::Layout,
                  object_flags: u32,
                  flags: u32,
                  slots: u32,
                  inline: u32| {
            let mut head = Box::<TypeHead>::new_uninit();
            let info = TypeInfo {
                heap: Cell::new(&*heap),
                layout: Cell::new(layout),
                object_flags: Cell::new(object_flags | layout.kind as u32),
                flags: Cell::new(flags),
                basicsize: Cell::new(layout.size as u32 + slots * 8),
                slots_offset: Cell::new(layout.size as u32),
                weaklist_offset: Cell::new(0),
                base: Cell::new(std::ptr::null()),
                inline_values: Cell::new(inline),
                inline_spare: Cell::new(0),
                inline_reserve: Cell::new(0),
            };
            unsafe {
                (&raw mut (*head.as_mut_ptr()).info).write(info);
                let itself = &*head.as_ptr();
                (&raw mut (*head.as_mut_ptr()).head).write(Object::new(itself));
                let head = head.assume_init();
                head.head.make_immortal();
                head
            }
        };
        let managed = Flags::GC | Flags::MANAGED;
        World {
            node: ty(
                Node::layout(),
                managed | Flags::EXACT,
                TypeFlags::MANAGED_WEAKREF,
                0,
                0,
            ),
            finalized: ty(
                Node::layout(),
                managed,
                TypeFlags::MANAGED_WEAKREF | TypeFlags::HAS_FINALIZER,
                0,
                0,
            ),
            leaf: ty(Leaf::layout(), Flags::EXACT, 0, 0, 0),
            instance: ty(
                Instance::layout(),
                managed,
                TypeFlags::MANAGED_DICT | TypeFlags::MANAGED_WEAKREF | TypeFlags::INLINE_VALUES,
                3,
                5,
            ),
            weakref: ty(WeakRef::layout(), Flags::GC | Flags::EXACT, 0, 0, 0),
            heap,
            outer,
        }
    }

    fn node_of(&self, ty: &TypeHead, number: usize) -> Ref<Node> {
        let children = RefCell::new(HVec::new_in(HeapAlloc));
        let node = self
            .heap
            .place(Node {
                head: Object::new(ty),
                number,
                children,
            })
            .ok()
            .unwrap();
        self.heap.track(&node);
        node
    }

    fn node(&self, number: usize) -> Ref<Node> {
        self.node_of(&self.node, number)
    }

    fn leaf(&self, value: u64) -> Ref {
        self.heap
            .place(Leaf {
                head: Object::new(&self.leaf),
                value,
            })
            .ok()
            .unwrap()
            .upcast()
    }

    fn audit(&self, roots: &[&Object]) {
        let wrong = self
            .heap
            .audit(&mut |visitor| roots.iter().for_each(|r| visitor.visit(r)));
        // The types lie outside of the heap and are seen as dangling; nothing else may be.
        assert_eq!(wrong, []);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.heap.allocated_blocks(), 0);
        }
        Heap::leave(self.outer);
    }
}

fn link(from: &Node, to: &Object) {
    from.children.borrow_mut().push(to.to_ref());
}

#[test]
fn counts_and_blocks() {
    let world = World::new();
    let leaf = world.leaf(7);
    assert_eq!(leaf.refcount(), 1);
    let again = leaf.clone();
    assert_eq!(leaf.refcount(), 2);
    drop(again);
    assert_eq!(viv_heap::size_of_object(&leaf), 32);
    let node = world.node(1);
    link(&node, &leaf);
    assert_eq!(leaf.refcount(), 2);
    world.audit(&[&leaf, &node]);
    drop(node);
    world.audit(&[&leaf]);
    assert_eq!(leaf.refcount(), 1);
}

#[test]
fn deep_chains_need_little_stack() {
    let world = World::new();
    let depth = if cfg!(miri) { 2000 } else { 3_000_000 };
    let mut top = world.node(0);
    for i in 1..depth {
        let next = world.node_of(
            if i % 1000 == 0 {
                &world.finalized
            } else {
                &world.node
            },
            i,
        );
        link(&next, &top);
        top = next;
    }
    drop(top);
    let finalized = taken_log();
    let expected: Vec<_> = (1..depth)
        .rev()
        .filter(|i| i % 1000 == 0)
        .map(|i| format!("finalize {i}"))
        .collect();
    assert_eq!(finalized, expected);
}

#[test]
fn instances_give_up_slots_and_inline_values() {
    let world = World::new();
    let instance = world
        .heap
        .place(Instance {
            head: Object::new(&world.instance),
        })
        .ok()
        .unwrap();
    world.heap.track(&instance);
    assert_eq!(instance.inline_capacity(), 5);
    assert!(
        instance.slot(16).is_none() && instance.slot(40).is_none() && instance.slot(17).is_none()
    );
    let leaf = world.leaf(1);
    for offset in [16, 24, 32] {
        assert!(instance.replace_slot(offset, Some(leaf.clone())).is_none());
    }
    assert!(instance.slot_cell(40).is_none());
    for i in 0..5 {
        assert!(instance.replace_inline(i, Some(leaf.clone())).is_ok());
    }
    assert!(instance.replace_inline(5, None).is_err());
    instance.managed().unwrap().dict.set(Some(leaf.clone()));
    assert_eq!(leaf.refcount(), 10);
    world.audit(&[&leaf, &instance]);
    drop(instance);
    assert_eq!(leaf.refcount(), 1);
}

#[test]
fn weak_references() {
    let world = World::new();
    let heap = &world.heap;
    let node = world.node(1);
    let basic = heap.new_weakref(&world.weakref, &node, None).unwrap();
    let shared = heap.new_weakref(&world.weakref, &node, None).unwrap();
    assert!(basic.is(&shared));
    let with: Vec<_> = (0..3)
        .map(|i| {
            heap.new_weakref(&world.weakref, &node, Some(world.leaf(i)))
                .unwrap()
        })
        .collect();
    assert_eq!(viv_heap::weak::weakref_count(&node), 4);
    let list = viv_heap::weak::weakrefs(&node);
    assert!(list[0].is(&basic) && list[1].is(&with[2]) && list[3].is(&with[0]));
    drop(list);
    let body = &basic.downcast::<WeakRef>().unwrap().body;
    assert!(body.target().unwrap().is(&node));
    world.audit(&[&node, &basic, &shared, &with[0], &with[1], &with[2]]);
    drop(node);
    assert!(body.target().is_none());
    assert_eq!(taken_log(), ["callback 2", "callback 1", "callback 0"]);
    assert_eq!(
        heap.new_weakref(&world.weakref, &world.leaf(1), None).err(),
        Some(viv_heap::WeakError::NotSupported)
    );
}

#[test]
fn finalisers_run_once_and_may_save() {
    let world = World::new();
    let node = world.node_of(&world.finalized, 5);
    SAVING.set(true);
    drop(node);
    SAVING.set(false);
    assert_eq!(taken_log(), ["finalize 5"]);
    let saved = SAVE.with(|s| s.borrow_mut().pop()).unwrap();
    assert_eq!(saved.refcount(), 1);
    assert!(world.heap.is_tracked(&saved));
    drop(saved);
    assert_eq!(taken_log(), [""; 0]);
}

#[test]
fn cycles_are_collected() {
    let world = World::new();
    let heap = &world.heap;
    let nodes: Vec<_> = (0..3).map(|i| world.node_of(&world.finalized, i)).collect();
    for i in 0..3 {
        link(&nodes[i], &nodes[(i + 1) % 3]);
    }
    let weak = heap
        .new_weakref(&world.weakref, &nodes[1], Some(world.leaf(9)))
        .unwrap();
    assert_eq!(heap.collect(0), 0);
    drop(nodes);
    assert_eq!(heap.collect(0), 0, "they are older now");
    assert_eq!(heap.collect(2), 3);
    assert_eq!(
        taken_log(),
        ["callback 9", "finalize 0", "finalize 1", "finalize 2"]
    );
    drop(weak);
    // What a finaliser saves, lives.
    let nodes: Vec<_> = (0..3).map(|i| world.node_of(&world.finalized, i)).collect();
    for i in 0..3 {
        link(&nodes[i], &nodes[(i + 1) % 3]);
    }
    drop(nodes);
    SAVING.set(true);
    assert_eq!(heap.collect(2), 0);
    SAVING.set(false);
    let saved = SAVE.with(|s| std::mem::take(&mut *s.borrow_mut()));
    let roots: Vec<&Object> = saved.iter().map(|r| &**r).collect();
    world.audit(&roots);
    drop(saved);
    assert_eq!(heap.collect(2), 3);
    assert_eq!(taken_log().len(), 3);
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// The numbers of all nodes that can be reached from the roots.
fn reachable(roots: &[Ref<Node>]) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let mut todo: Vec<Ref<Node>> = roots.to_vec();
    while let Some(node) = todo.pop() {
        if seen.insert(node.number) {
            todo.extend(
                node.children
                    .borrow()
                    .iter()
                    .filter_map(|c| c.downcast::<Node>().map(Ref::of)),
            );
        }
    }
    seen
}

#[test]
fn random_graphs() {
    let (seeds, steps) = if cfg!(miri) { (1, 150) } else { (30, 3000) };
    for seed in 1..=seeds {
        let world = World::new();
        let mut random = Random(seed * 0x9e37_79b9);
        let mut roots: Vec<Ref<Node>> = Vec::new();
        let mut weak: Vec<Ref> = Vec::new();
        for number in 0..steps {
            match random.below(12) {
                0..=3 => {
                    let ty = if random.below(4) == 0 {
                        &world.finalized
                    } else {
                        &world.node
                    };
                    roots.push(world.node_of(ty, number));
                }
                4..=6 if !roots.is_empty() => {
                    let (a, b) = (random.below(roots.len()), random.below(roots.len()));
                    link(&roots[a], &roots[b]);
                }
                7 if !roots.is_empty() => {
                    let target = &roots[random.below(roots.len())];
                    let callback = (random.below(2) == 0).then(|| world.leaf(number as u64));
                    weak.push(
                        world
                            .heap
                            .new_weakref(&world.weakref, target, callback)
                            .unwrap(),
                    );
                }
                8 if !weak.is_empty() => {
                    weak.swap_remove(random.below(weak.len()));
                }
                9 if !roots.is_empty() => {
                    let node = &roots[random.below(roots.len())];
                    let old = node.children.borrow_mut().pop();
                    drop(old);
                }
                10 | 11 if !roots.is_empty() => {
                    roots.swap_remove(random.below(roots.len()));
                }
                _ => {}
            }
            if number % 50 == 0 {
                world.heap.collect(random.below(3));
            }
            if number % 200 == 0 {
                let held: Vec<&Object> = roots
                    .iter()
                    .map(|r| r.as_object())
                    .chain(weak.iter().map(|r| &**r))
                    .collect();
                world.audit(&held);
                world.heap.collect(2);
                world.audit(&held);
                let mut live = HashSet::new();
                world
                    .heap
                    .for_each_object(&mut |o| live.extend(o.downcast::<Node>().map(|n| n.number)));
                assert_eq!(live, reachable(&roots));
                for w in &weak {
                    let target = w.downcast::<WeakRef>().unwrap().body.target();
                    assert!(
                        target.is_none_or(|t| live.contains(&t.downcast::<Node>().unwrap().number))
                    );
                }
            }
        }
        roots.clear();
        weak.clear();
        world.heap.collect(2);
        taken_log();
    }
}

#[test]
fn slots_go_class_by_class() {
    let world = World::new();
    // Class `base` has two slots, `derived` three more.
    let make = |slots: u32, base: *const TypeHead| {
        let ty = Box::leak(Box::new([0u128; size_of::<TypeHead>() / 16 + 1]))
            .as_mut_ptr()
            .cast::<TypeHead>();
        unsafe {
            std::ptr::copy_nonoverlapping(&raw const *world.instance, ty, 1);
            (*ty).info.flags.set(TypeFlags::HEAP_TYPE);
            (*ty)
                .info
                .object_flags
                .set(Flags::GC | Instance::KIND as u32);
            (*ty).info.basicsize.set(16 + slots * 8);
            (*ty).info.base.set(base);
            &*ty
        }
    };
    let base = make(2, std::ptr::null());
    let derived = make(5, make(2, base));
    let object = world
        .heap
        .place(Instance {
            head: Object::new(derived),
        })
        .ok()
        .unwrap();
    for i in 0..5 {
        object.replace_slot(16 + i * 8, Some(world.leaf(i as u64)));
    }
    let order: Vec<u64> = viv_heap::referents(&object)
        .iter()
        .filter_map(|r| r.downcast::<Leaf>())
        .map(|leaf| leaf.value)
        .collect();
    assert_eq!(order, [2, 3, 4, 0, 1]);
}
