//! `count`, `cycle`, `repeat`.

use std::cell::Cell;

use viv_bytecode::BinaryOp;
use viv_heap::{HVec, HeapAlloc, Object, Ref, object_layout};

use super::{bind, iterator_type};
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Complex, Inner, Int, Slot, Type, kinds};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver};
use crate::vm::Vm;

/// `count`: small while number and step are small ints, then with objects.
#[repr(C)]
pub struct Count {
    /// The header.
    pub head: Object,
    number: Cell<i64>,
    /// The step where it is 1 or another small int, else 0.
    small_step: Cell<i64>,
    /// The next number, where it is no small int.
    object: Slot,
    step: Ref,
}
object_layout!(
    Count = kinds::COUNT,
    traverse | this,
    visit | {
        this.object.visit(visit);
        visit.visit(&this.step);
    }
);

iterator_type!(
    COUNT_SPEC, Count, "count", "(start=0, step=1)",
    "Return a count object whose .__next__() method returns consecutive values.\n\nEquivalent to:\n    def count(firstval=0, step=1):\n        x = firstval\n        while 1:\n            yield x\n            x += step",
    new_count, next_count,
    repr: repr_count
);

fn is_number(object: &Object) -> bool {
    let slots = &Type::of(object).slots;
    slots.index.get().is_some()
        || slots.float.get().is_some()
        || slots.int.get().is_some()
        || object.downcast::<Complex>().is_some()
}

fn new_count(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "count", "(start=0, step=1)", args)?;
    let [start, step] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    if start.is_some_and(|n| !is_number(n)) || step.is_some_and(|n| !is_number(n)) {
        return Err(vm.type_error("a number is required"));
    }
    let start = start.map_or_else(|| vm.new_int(0), |n| Ok(n.to_ref()))?;
    let step = step.map_or_else(|| vm.new_int(1), |n| Ok(n.to_ref()))?;
    let small = |n: &Object| n.downcast_exact::<Int>().and_then(Int::as_i64);
    let (number, small_step, object) = match (small(&start), small(&step)) {
        (Some(n), Some(s)) if s != 0 => (n, s, None),
        _ => (0, 0, Some(start)),
    };
    place_tracked(
        vm,
        Count {
            head: Object::new(ty.type_head_of()),
            number: Cell::new(number),
            small_step: Cell::new(small_step),
            object: Slot::new(object),
            step,
        },
    )
}

fn next_count(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Count>(vm, this)?;
    if let Some(current) = this.object.get() {
        let next = protocol::binary(vm, &current, &this.step, BinaryOp::Add)?;
        this.object.set(Some(next));
        return Ok(Some(current));
    }
    let n = this.number.get();
    let current = vm.new_int(n)?;
    match n.checked_add(this.small_step.get()) {
        Some(next) => this.number.set(next),
        None => this.object.set(Some(protocol::binary(
            vm,
            &current,
            &this.step,
            BinaryOp::Add,
        )?)),
    }
    Ok(Some(current))
}

fn repr_count(vm: &Vm, this: &Object) -> PyResult {
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("count(...)")?.upcast());
    };
    let own = receiver::<Count>(vm, this)?;
    let current = match own.object.get() {
        Some(object) => object,
        None => vm.new_int(own.number.get())?,
    };
    let mut text = TextBuilder::new();
    text.push(&short_name(this));
    text.push("(");
    text.push_repr(vm, &current)?;
    if own.step.downcast_exact::<Int>().and_then(Int::as_i64) != Some(1) {
        text.push(", ");
        text.push_repr(vm, &own.step)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

/// The last part of the name of an object's type.
fn short_name(object: &Object) -> String {
    let name = protocol::type_name(object);
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

/// `cycle`
#[repr(C)]
pub struct Cycle {
    /// The header.
    pub head: Object,
    /// The iterator, until its end.
    iterator: Slot,
    saved: Inner<HVec<Ref>>,
    index: Cell<usize>,
}
object_layout!(
    Cycle = kinds::CYCLE,
    traverse | this,
    visit | {
        this.iterator.visit(visit);
        this.saved.read(|items| {
            for item in items {
                visit.visit(item);
            }
        });
    }
);

iterator_type!(
    CYCLE_SPEC,
    Cycle,
    "cycle",
    "(iterable, /)",
    "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    new_cycle,
    next_cycle
);

fn new_cycle(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let [iterable] = constructor_args(vm, "cycle", args, 1, 1)? else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Cycle {
            head: Object::new(ty.type_head_of()),
            iterator: Slot::full(iterator),
            saved: Inner::new(HVec::new_in(HeapAlloc)),
            index: Cell::new(0),
        },
    )
}

fn next_cycle(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Cycle>(vm, this)?;
    if let Some(iterator) = this.iterator.get() {
        if let Some(item) = protocol::next(vm, &iterator)? {
            let saved = item.clone();
            let left = this.saved.write(|items| {
                if items.try_reserve(1).is_err() {
                    return Some(saved);
                }
                items.push(saved);
                None
            });
            return if left.is_some() {
                Err(vm.no_memory())
            } else {
                Ok(Some(item))
            };
        }
        this.iterator.set(None);
    }
    let index = this.index.get();
    let (item, len) = this
        .saved
        .read(|items| (items.get(index).cloned(), items.len()));
    this.index.set(if index + 1 >= len { 0 } else { index + 1 });
    Ok(item)
}

/// `repeat`
#[repr(C)]
pub struct Repeat {
    /// The header.
    pub head: Object,
    element: Ref,
    /// Times left, below zero for endless.
    left: Cell<i64>,
}
object_layout!(
    Repeat = kinds::REPEAT,
    traverse | this,
    visit | {
        visit.visit(&this.element);
    }
);

iterator_type!(
    REPEAT_SPEC, Repeat, "repeat", "",
    "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.",
    new_repeat, next_repeat,
    repr: repr_repeat,
    methods: &[REPEAT_METHODS],
);

const REPEAT_METHODS: &[MethodDef] = &[MethodDef::new(
    "__length_hint__",
    "($self, /)",
    NativeCall::NoArgs(repeat_length_hint),
    "Private method returning an estimate of len(list(it)).",
)];

fn new_repeat(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "repeat", "(object, times=None)", args)?;
    let [Some(element), times] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let left = match times {
        Some(times) => protocol::to_i64(vm, times)?.max(0),
        None => -1,
    };
    place_tracked(
        vm,
        Repeat {
            head: Object::new(ty.type_head_of()),
            element: element.to_ref(),
            left: Cell::new(left),
        },
    )
}

fn next_repeat(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Repeat>(vm, this)?;
    match this.left.get() {
        0 => return Ok(None),
        n if n > 0 => this.left.set(n - 1),
        _ => {}
    }
    Ok(Some(this.element.clone()))
}

fn repr_repeat(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Repeat>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push(&short_name(this));
    text.push("(");
    text.push_repr(vm, &own.element)?;
    if own.left.get() >= 0 {
        text.push(&format!(", {}", own.left.get()));
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn repeat_length_hint(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<Repeat>(vm, this)?.left.get() {
        n if n >= 0 => vm.new_int(n),
        _ => Err(vm.type_error("len() of unsized object")),
    }
}
