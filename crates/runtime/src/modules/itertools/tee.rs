//! `tee`: iterators that share what they have taken, in linked blocks.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref, object_layout};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Inner, Slot, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// Items in one block, as on CPython.
const BLOCK: usize = 57;

/// `_tee_dataobject`: a block of items and the block after it.
#[repr(C)]
pub struct TeeData {
    /// The header.
    pub head: Object,
    iterator: Ref,
    items: Inner<HVec<Ref>>,
    next: Slot<TeeData>,
    running: Cell<bool>,
}
object_layout!(
    TeeData = kinds::TEE_DATA,
    traverse | this,
    visit | {
        visit.visit(&this.iterator);
        this.items.read(|items| {
            for item in items {
                visit.visit(item);
            }
        });
        this.next.visit(visit);
    },
    clear | this | {
        let items = this
            .items
            .write(|items| std::mem::replace(items, HVec::new_in(HeapAlloc)));
        drop(items);
        this.next.set(None);
    }
);

/// `_tee`
#[repr(C)]
pub struct Tee {
    /// The header.
    pub head: Object,
    data: Slot<TeeData>,
    index: Cell<usize>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Tee = kinds::TEE,
    traverse | this,
    visit | {
        this.data.visit(visit);
    },
    clear | this | {
        this.data.set(None);
    }
);

/// The type `itertools._tee_dataobject`.
pub static DATA_SPEC: TypeSpec = TypeSpec {
    name: "_tee_dataobject",
    module: "itertools",
    ..TypeSpec::new(TeeData::layout, true)
};

/// The type `itertools._tee`.
pub static TEE_SPEC: TypeSpec = TypeSpec {
    name: "_tee",
    module: "itertools",
    signature: "(iterable, /)",
    doc: "Iterator wrapped to make it copyable.",
    weaklist_offset: std::mem::offset_of!(Tee, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            let [iterable] = constructor_args(vm, "_tee", args, 1, 1)? else {
                return Ok(vm.none_ref());
            };
            from_iterable(vm, ty, iterable)
        }));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Tee::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::new(
    "__copy__",
    "($self, /)",
    NativeCall::NoArgs(copy),
    "Returns an independent iterator.",
)];

fn new_data(vm: &Vm, iterator: Ref) -> PyResult<Ref<TeeData>> {
    let data = vm.place(TeeData {
        head: Object::new(vm.types.tee_data.type_head_of()),
        iterator,
        items: Inner::new(HVec::new_in(HeapAlloc)),
        next: Slot::default(),
        running: Cell::new(false),
    })?;
    vm.heap.track(&data);
    Ok(data)
}

fn place(vm: &Vm, ty: &Type, data: Option<Ref<TeeData>>, index: usize) -> PyResult {
    place_tracked(
        vm,
        Tee {
            head: Object::new(ty.type_head_of()),
            data: Slot::new(data),
            index: Cell::new(index),
            weakrefs: Cell::new(std::ptr::null()),
        },
    )
}

fn from_iterable(vm: &Vm, ty: &Type, iterable: &Object) -> PyResult {
    let iterator = protocol::iter(vm, iterable)?;
    if iterator.downcast::<Tee>().is_some() {
        return copy(vm, &iterator);
    }
    let data = new_data(vm, iterator)?;
    place(vm, ty, Some(data), 0)
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Tee>(vm, this)?;
    place(vm, &vm.types.tee, this.data.get(), this.index.get())
}

/// The item at a place of a block; takes it from the iterator where it is the next.
fn item_at(vm: &Vm, data: &TeeData, index: usize) -> PyResult<Option<Ref>> {
    if let Some(item) = data.items.read(|items| items.get(index).cloned()) {
        return Ok(Some(item));
    }
    if data.running.replace(true) {
        return Err(vm.runtime_error("cannot re-enter the tee iterator"));
    }
    let result = protocol::next(vm, &data.iterator);
    data.running.set(false);
    let Some(item) = result? else { return Ok(None) };
    let saved = item.clone();
    let left = data.items.write(|items| {
        if items.try_reserve(1).is_err() {
            return Some(saved);
        }
        items.push(saved);
        None
    });
    if left.is_some() {
        Err(vm.no_memory())
    } else {
        Ok(Some(item))
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Tee>(vm, this)?;
    let Some(mut data) = this.data.get() else {
        return Ok(None);
    };
    if this.index.get() >= BLOCK {
        let next = match data.next.get() {
            Some(next) => next,
            None => {
                let next = new_data(vm, data.iterator.clone())?;
                data.next.set(Some(next.clone()));
                next
            }
        };
        data = next.clone();
        this.data.set(Some(next));
        this.index.set(0);
    }
    let item = item_at(vm, &data, this.index.get())?;
    if item.is_some() {
        this.index.set(this.index.get() + 1);
    }
    Ok(item)
}

/// `tee(iterable, n=2)`
pub fn tee(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let Some(iterable) = args.first() else {
        return Ok(vm.none_ref());
    };
    let n = args.get(1).map_or(Ok(2), |n| protocol::to_i64(vm, n))?;
    if n < 0 {
        return Err(vm.value_error("n must be >= 0"));
    }
    if n == 0 {
        return Ok(vm.empty_tuple.clone().upcast());
    }
    let first = from_iterable(vm, &vm.types.tee, iterable)?;
    let mut all = vec![first];
    for _ in 1..n {
        let next = copy(vm, &all[0])?;
        all.push(next);
    }
    Ok(vm.new_tuple(all)?.upcast())
}
