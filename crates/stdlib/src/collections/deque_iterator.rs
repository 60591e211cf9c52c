//! The iterators over deques, forward and in reverse.

use std::cell::Cell;

use viv_runtime::object::{Slot, Type, kinds};
use viv_runtime::protocol;
use viv_runtime::slots::Slots;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{constructor_args, place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::deque::Deque;

/// `_deque_iterator`, `_deque_reverse_iterator`
#[repr(C)]
pub struct DequeIterator {
    /// The header.
    pub head: Object,
    deque: Slot<Deque>,
    /// Number of items given.
    given: Cell<usize>,
    /// The deque's state at the beginning.
    state: Cell<u64>,
    /// Number of items left.
    left: Cell<usize>,
    reverse: bool,
}
object_layout!(
    DequeIterator = kinds::DEQUE_ITERATOR,
    traverse | this,
    visit | {
        this.deque.visit(visit);
    }
);

static ITERATOR: TypeSpec = TypeSpec {
    name: "_deque_iterator",
    module: "collections",
    slots: |s| {
        fill_slots(s);
        s.new.set(Some(|vm, _, args| {
            construct(vm, args, "_deque_iterator", false)
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(DequeIterator::layout, true)
};

static REVERSE_ITERATOR: TypeSpec = TypeSpec {
    name: "_deque_reverse_iterator",
    module: "collections",
    slots: |s| {
        fill_slots(s);
        s.new.set(Some(|vm, _, args| {
            construct(vm, args, "_deque_reverse_iterator", true)
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(DequeIterator::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
];

/// The type `collections._deque_iterator`.
pub fn iterator_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ITERATOR, &vm.types.object)
}

/// The type `collections._deque_reverse_iterator`.
pub fn reverse_iterator_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &REVERSE_ITERATOR, &vm.types.object)
}

fn fill_slots(s: &Slots) {
    s.iter.set(Some(|_, this| Ok(this.to_ref())));
    s.next.set(Some(next));
}

/// An iterator over a deque.
pub fn new(vm: &Vm, deque: &Deque, reverse: bool) -> PyResult {
    let ty = if reverse {
        reverse_iterator_type(vm)?
    } else {
        iterator_type(vm)?
    };
    place_tracked(
        vm,
        DequeIterator {
            head: Object::new(ty.type_head_of()),
            deque: Slot::full(Ref::of(deque)),
            given: Cell::new(0),
            state: Cell::new(deque.state.get()),
            left: Cell::new(deque.len()),
            reverse,
        },
    )
}

/// The constructor, which unpickling calls with the number of items already given.
fn construct(vm: &Vm, args: Args<'_>, name: &str, reverse: bool) -> PyResult {
    let args = constructor_args(vm, name, args, 1, 2)?;
    let Some(deque) = args.first().and_then(|d| d.downcast::<Deque>()) else {
        return Err(vm.type_error(format!("{name}() argument 1 must be collections.deque")));
    };
    let skip = args.get(1).map_or(Ok(0), |n| protocol::to_i64(vm, n))?;
    let iterator = new(vm, deque, reverse)?;
    for _ in 0..skip.max(0) {
        if next(vm, &iterator)?.is_none() {
            break;
        }
    }
    Ok(iterator)
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<DequeIterator>(vm, this)?;
    let Some(deque) = this.deque.get() else {
        return Ok(None);
    };
    if deque.state.get() != this.state.get() {
        this.left.set(0);
        return Err(vm.runtime_error("deque mutated during iteration"));
    }
    let left = this.left.get();
    if left == 0 {
        return Ok(None);
    }
    let given = this.given.get();
    this.given.set(given + 1);
    this.left.set(left - 1);
    Ok(deque.get(if this.reverse { left - 1 } else { given }))
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    vm.new_usize(receiver::<DequeIterator>(vm, this)?.left.get())
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<DequeIterator>(vm, this)?;
    let Some(deque) = own.deque.get() else {
        return Ok(vm.none_ref());
    };
    let args = vm.new_tuple(vec![deque.upcast(), vm.new_usize(own.given.get())?])?;
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), args.upcast()])?
        .upcast())
}
