//! `deque`: a ring of items.
//!
//! **Invariant.** `items` has the places of the ring; the `len` places from `first` on hold items, the others are empty.
//! `state` changes with every insertion and deletion, so that iterators notice.

use std::cell::Cell;

use viv_runtime::object::{Inner, Type, TypeTraits, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::slots::Slots;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{compare_items, receiver, wrap_index};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, CompareOp, HVec, HeapAlloc, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::{deque_iterator, deque_methods};

/// A `collections.deque`.
#[repr(C)]
pub struct Deque {
    /// The header.
    pub head: Object,
    ring: Inner<Ring>,
    /// Greatest number of items, below zero for any.
    pub(crate) maxlen: Cell<i64>,
    /// Changes with every insertion and deletion.
    pub(crate) state: Cell<u64>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Deque = kinds::DEQUE,
    traverse | this,
    visit | {
        this.ring.read(|r| {
            for item in r.items.iter().flatten() {
                visit.visit(item);
            }
        });
    },
    clear | this | {
        this.clear();
    }
);

struct Ring {
    items: HVec<Option<Ref>>,
    first: usize,
    len: usize,
}

impl Ring {
    fn new() -> Ring {
        Ring {
            items: HVec::new_in(HeapAlloc),
            first: 0,
            len: 0,
        }
    }

    fn place(&self, i: usize) -> usize {
        let at = self.first + i;
        if at >= self.items.len() {
            at - self.items.len()
        } else {
            at
        }
    }

    /// Makes room for one more item. False where there is no memory.
    fn grow(&mut self) -> bool {
        if self.len < self.items.len() {
            return true;
        }
        let mut new: HVec<Option<Ref>> = HVec::new_in(HeapAlloc);
        let room = (self.len * 2).max(8);
        if new.try_reserve_exact(room).is_err() {
            return false;
        }
        for i in 0..self.len {
            let at = self.place(i);
            new.push(self.items[at].take());
        }
        new.resize(room, None);
        self.items = new;
        self.first = 0;
        true
    }
}

impl Deque {
    /// An empty deque.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Deque>> {
        let deque = vm.place(Deque {
            head: Object::new(ty.type_head_of()),
            ring: Inner::new(Ring::new()),
            maxlen: Cell::new(-1),
            state: Cell::new(0),
            weakrefs: Cell::new(std::ptr::null()),
        })?;
        vm.heap.track(&deque);
        Ok(deque)
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.ring.read(|r| r.len)
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at an index.
    pub fn get(&self, i: usize) -> Option<Ref> {
        self.ring.read(|r| {
            if i < r.len {
                r.items[r.place(i)].clone()
            } else {
                None
            }
        })
    }

    /// Puts an item at an index, gives the old one.
    pub fn set(&self, i: usize, item: Ref) -> Option<Ref> {
        self.ring.write(|r| {
            if i >= r.len {
                return Some(item);
            }
            let at = r.place(i);
            r.items[at].replace(item)
        })
    }

    fn changed(&self) {
        self.state.set(self.state.get() + 1);
    }

    fn full(&self) -> bool {
        self.maxlen.get() >= 0 && self.len() as i64 > self.maxlen.get()
    }

    /// Adds an item on the right; one too many goes on the left.
    pub fn push(&self, vm: &Vm, item: Ref) -> PyResult<()> {
        let left = self.ring.write(|r| {
            if !r.grow() {
                return Some(item);
            }
            let at = r.place(r.len);
            r.items[at] = Some(item);
            r.len += 1;
            None
        });
        if left.is_some() {
            return Err(vm.no_memory());
        }
        self.changed();
        if self.full() {
            drop(self.pop_left());
        }
        Ok(())
    }

    /// Adds an item on the left; one too many goes on the right.
    pub fn push_left(&self, vm: &Vm, item: Ref) -> PyResult<()> {
        let left = self.ring.write(|r| {
            if !r.grow() {
                return Some(item);
            }
            r.first = if r.first == 0 {
                r.items.len() - 1
            } else {
                r.first - 1
            };
            let at = r.first;
            r.items[at] = Some(item);
            r.len += 1;
            None
        });
        if left.is_some() {
            return Err(vm.no_memory());
        }
        self.changed();
        if self.full() {
            drop(self.pop());
        }
        Ok(())
    }

    /// Takes the rightmost item away.
    pub fn pop(&self) -> Option<Ref> {
        let item = self.ring.write(|r| {
            r.len = r.len.checked_sub(1)?;
            let at = r.place(r.len);
            r.items[at].take()
        })?;
        self.changed();
        Some(item)
    }

    /// Takes the leftmost item away.
    pub fn pop_left(&self) -> Option<Ref> {
        let item = self.ring.write(|r| {
            r.len = r.len.checked_sub(1)?;
            let at = r.first;
            r.first = if at + 1 == r.items.len() { 0 } else { at + 1 };
            r.items[at].take()
        })?;
        self.changed();
        Some(item)
    }

    /// Takes the item at an index away.
    pub fn remove(&self, i: usize) -> Option<Ref> {
        let item = self.ring.write(|r| {
            if i >= r.len {
                return None;
            }
            let at = r.place(i);
            let item = r.items[at].take();
            for j in i + 1..r.len {
                let (from, to) = (r.place(j), r.place(j - 1));
                r.items.swap(from, to);
            }
            r.len -= 1;
            item
        })?;
        self.changed();
        Some(item)
    }

    /// Takes all items away and releases them from left to right.
    pub fn clear(&self) {
        let old = self.ring.write(|r| std::mem::replace(r, Ring::new()));
        self.changed();
        let mut items = old.items;
        let first = old.first.min(items.len());
        items.rotate_left(first);
        drop(items);
    }

    /// Turns the order round.
    pub fn reverse(&self) {
        self.ring.write(|r| {
            for i in 0..r.len / 2 {
                let (a, b) = (r.place(i), r.place(r.len - 1 - i));
                r.items.swap(a, b);
            }
        });
    }

    /// Rotates to the right, or left where `n` is below zero.
    pub fn rotate(&self, n: i64) {
        let len = self.len() as i64;
        if len < 2 {
            return;
        }
        let steps = n.rem_euclid(len) as usize;
        self.ring.write(|r| {
            for _ in 0..steps {
                let from = r.place(r.len - 1);
                let item = r.items[from].take();
                r.first = if r.first == 0 {
                    r.items.len() - 1
                } else {
                    r.first - 1
                };
                let at = r.first;
                r.items[at] = item;
            }
        });
        self.changed();
    }

    /// Handles of all items as they are now.
    pub fn snapshot(&self) -> Vec<Ref> {
        self.ring.read(|r| {
            (0..r.len)
                .filter_map(|i| r.items[r.place(i)].clone())
                .collect()
        })
    }

    /// Bytes that the ring takes.
    pub fn ring_bytes(&self) -> usize {
        self.ring.read(|r| r.items.capacity() * size_of::<usize>())
    }
}

/// The type `collections.deque`.
static SPEC: TypeSpec = TypeSpec {
    name: "deque",
    module: "collections",
    signature: "([iterable[, maxlen]])",
    doc: "A list-like sequence optimized for data accesses near its endpoints.",
    weaklist_offset: std::mem::offset_of!(Deque, weakrefs) as u32,
    traits: TypeTraits::BASE | TypeTraits::SEQUENCE | TypeTraits::UNHASHABLE,
    slots: fill_slots,
    methods: &[deque_methods::METHODS],
    getset: deque_methods::ATTRIBUTES,
    ..TypeSpec::new(Deque::layout, true)
};

/// The type `collections.deque`.
pub fn deque_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn fill_slots(s: &Slots) {
    s.new
        .set(Some(|vm, ty, _| Ok(Deque::place(vm, ty)?.upcast())));
    s.init.set(Some(init));
    s.repr.set(Some(repr));
    s.compare.set(Some(compare));
    s.iter.set(Some(|vm, this| {
        deque_iterator::new(vm, receiver(vm, this)?, false)
    }));
    s.len
        .set(Some(|vm, this| Ok(receiver::<Deque>(vm, this)?.len())));
    s.getitem.set(Some(getitem));
    s.setitem.set(Some(setitem));
    s.contains.set(Some(contains));
    s.concat.set(Some(concat));
    s.repeat.set(Some(repeat));
    s.inplace_concat.set(Some(|vm, this, other| {
        extend(vm, receiver(vm, this)?, other)?;
        Ok(this.to_ref())
    }));
    s.inplace_repeat.set(Some(|vm, this, count| {
        repeat_in_place(vm, receiver(vm, this)?, count)?;
        Ok(this.to_ref())
    }));
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let deque = receiver::<Deque>(vm, this)?;
    let given = args.values().len();
    if given > 2 {
        return Err(vm.type_error(format!("deque() takes at most 2 arguments ({given} given)")));
    }
    let (mut iterable, mut maxlen) = (args.pos().first().copied(), args.pos().get(1).copied());
    for (name, value) in args.keywords() {
        let place = match name.as_ascii() {
            Some("iterable") => &mut iterable,
            Some("maxlen") => &mut maxlen,
            _ => {
                return Err(vm.type_error(format!(
                    "deque() got an unexpected keyword argument '{}'",
                    name.to_text()
                )));
            }
        };
        *place = Some(value);
    }
    deque.maxlen.set(-1);
    if let Some(maxlen) = maxlen.filter(|m| !vm.is_none(m)) {
        if Type::of(maxlen).slots.index.get().is_none() {
            return Err(vm.type_error("an integer is required"));
        }
        let maxlen = protocol::to_i64(vm, maxlen)?;
        if maxlen < 0 {
            return Err(vm.value_error("maxlen must be non-negative"));
        }
        deque.maxlen.set(maxlen);
    }
    if !deque.is_empty() {
        deque.clear();
    }
    iterable.map_or(Ok(()), |iterable| extend(vm, deque, iterable))
}

/// Adds the items of an iterable on the right.
pub fn extend(vm: &Vm, deque: &Deque, iterable: &Object) -> PyResult<()> {
    if deque.is(iterable) {
        return deque
            .snapshot()
            .into_iter()
            .try_for_each(|item| deque.push(vm, item));
    }
    protocol::for_each(vm, iterable, |item| deque.push(vm, item))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("[...]")?.upcast());
    };
    let name = protocol::type_name(this);
    let mut text = TextBuilder::new();
    text.push(name.rsplit('.').next().unwrap_or_default());
    text.push("(");
    let items = vm.new_list(protocol::collect(vm, this)?)?;
    text.push_repr(vm, &items)?;
    if deque.maxlen.get() >= 0 {
        text.push(&format!(", maxlen={}", deque.maxlen.get()));
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Deque>(), b.downcast::<Deque>()) else {
        return Ok(vm.not_implemented());
    };
    if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.bool(op == CompareOp::Ne));
    }
    compare_items(
        vm,
        op,
        |i| i,
        |i| x.get(i),
        |i| y.get(i),
        || (x.len(), y.len()),
    )
}

fn index_of(vm: &Vm, deque: &Deque, key: &Object) -> PyResult<usize> {
    if Type::of(key).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "sequence index must be integer, not '{}'",
            protocol::type_name(key)
        )));
    }
    let index = protocol::to_index(vm, key)?;
    wrap_index(index, deque.len()).ok_or_else(|| vm.index_error("deque index out of range"))
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let deque = receiver::<Deque>(vm, this)?;
    let i = index_of(vm, deque, key)?;
    deque
        .get(i)
        .ok_or_else(|| vm.index_error("deque index out of range"))
}

fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let deque = receiver::<Deque>(vm, this)?;
    let i = index_of(vm, deque, key)?;
    let old = match value {
        Some(value) => deque.set(i, value.to_ref()),
        None => deque.remove(i),
    };
    drop(old);
    Ok(())
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    let deque = receiver::<Deque>(vm, this)?;
    let state = deque.state.get();
    let mut i = 0;
    while let Some(other) = deque.get(i) {
        if protocol::compare::compare_is_or_eq(vm, &other, item)? {
            return Ok(true);
        }
        if deque.state.get() != state {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        i += 1;
    }
    Ok(false)
}

/// A new deque of the same type, items and maximum.
pub fn copy(vm: &Vm, deque: &Deque) -> PyResult {
    let ty = Type::of(deque);
    if ty.is(&*deque_type(vm)?) {
        let copy = Deque::place(vm, ty)?;
        copy.maxlen.set(deque.maxlen.get());
        deque
            .snapshot()
            .into_iter()
            .try_for_each(|item| copy.push(vm, item))?;
        return Ok(copy.upcast());
    }
    if deque.maxlen.get() < 0 {
        return protocol::call_one(vm, &ty.head, deque);
    }
    protocol::call_args(vm, &ty.head, &[deque, &*vm.new_int(deque.maxlen.get())?])
}

fn concat(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let Some(other) = b.downcast::<Deque>() else {
        return Err(vm.type_error(format!(
            "can only concatenate deque (not \"{}\") to deque",
            protocol::type_name(b)
        )));
    };
    let result = copy(vm, receiver(vm, a)?)?;
    extend(vm, receiver(vm, &result)?, other)?;
    Ok(result)
}

fn repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let result = copy(vm, receiver(vm, this)?)?;
    repeat_in_place(vm, receiver(vm, &result)?, count)?;
    Ok(result)
}

fn repeat_in_place(vm: &Vm, deque: &Deque, count: i64) -> PyResult<()> {
    let items = deque.snapshot();
    if count <= 0 {
        deque.clear();
        return Ok(());
    }
    if items
        .len()
        .checked_mul(count as usize)
        .is_none_or(|n| n > isize::MAX as usize / 8)
    {
        return Err(vm.no_memory());
    }
    // What would be pushed out again need not be put in.
    let useful = match usize::try_from(deque.maxlen.get()) {
        Ok(maxlen) if !items.is_empty() => (count as usize - 1).min(maxlen / items.len() + 1),
        _ => count as usize - 1,
    };
    for _ in 0..useful {
        items
            .iter()
            .try_for_each(|item| deque.push(vm, item.clone()))?;
    }
    Ok(())
}
