//! Layouts of tuple and list.

use std::cell::Cell;

use viv_heap::{Flags, HVec, Heap, HeapAlloc, Object, Raw, Ref, object_layout};

use super::slot::Inner;
use super::{Type, kinds};
use crate::result::PyResult;
use crate::vm::Vm;

/// A `tuple`: the items in the block's tail.
#[repr(C)]
pub struct Tuple {
    /// The header.
    pub head: Object,
    len: usize,
    /// The hash, once it is known.
    hash: Cell<i64>,
}
object_layout!(
    Tuple = kinds::TUPLE,
    traverse | this,
    visit | {
        // From the last to the first, as CPython shows them.
        visit.visit_back(this.tail());
    }
);

/// The bits of the header's flags that tell how many references stand behind the items: those of the fields of a struct
/// sequence that have only a name.
const HIDDEN: u32 = 0x3f << Flags::KIND_BITS_SHIFT;

impl Drop for Tuple {
    fn drop(&mut self) {
        let tail = std::ptr::from_mut(self).wrapping_add(1).cast::<Ref>();
        // CPython releases the items of a tuple from the last to the first.
        for i in (0..self.len + self.hidden_count()).rev() {
            // SAFETY: the tail holds that many references, given up here one by one.
            unsafe { drop(tail.add(i).read()) };
        }
    }
}

/// The hash that stands for "not computed yet"; nothing hashes to it.
const NO_HASH: i64 = -1;

/// Whether an object is of a sort that the collector watches: a new tuple that owns one is watched too, as CPython's. A
/// collection looks closer.
#[inline]
fn may_be_in_cycle(object: &Object) -> bool {
    object.flags() & (Flags::GC | Flags::MANAGED) != 0
}

impl Tuple {
    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no item.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The items. A tuple never changes, so the borrow is good as long as that of the tuple.
    #[inline]
    pub fn as_slice(&self) -> &[Ref] {
        let tail = std::ptr::from_ref(self).wrapping_add(1).cast::<Ref>();
        // SAFETY: the tail was placed with `len` references.
        unsafe { std::slice::from_raw_parts(tail, self.len) }
    }

    /// How many references stand behind the items.
    #[inline]
    fn hidden_count(&self) -> usize {
        ((self.head.flags() & HIDDEN) >> Flags::KIND_BITS_SHIFT) as usize
    }

    /// The items and what stands behind them.
    #[inline]
    fn tail(&self) -> &[Ref] {
        let tail = std::ptr::from_ref(self).wrapping_add(1).cast::<Ref>();
        // SAFETY: the tail was placed with that many references.
        unsafe { std::slice::from_raw_parts(tail, self.len + self.hidden_count()) }
    }

    /// What stands behind the items: the values of the fields of a struct sequence that have only a name.
    #[inline]
    pub fn hidden(&self) -> &[Ref] {
        self.tail().get(self.len..).unwrap_or_default()
    }

    /// The hash, if it has been asked for.
    #[inline]
    pub fn known_hash(&self) -> Option<i64> {
        Some(self.hash.get()).filter(|hash| *hash != NO_HASH)
    }

    /// Keeps the hash.
    pub(crate) fn remember_hash(&self, hash: i64) {
        self.hash.set(hash);
    }

    /// The items in order, borrowed.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Object> + ExactSizeIterator {
        self.as_slice().iter().map(Ref::as_object)
    }

    /// The item at an index.
    #[inline]
    pub fn get(&self, i: usize) -> Option<&Object> {
        self.as_slice().get(i).map(Ref::as_object)
    }

    /// The empty tuple, made while the interpreter itself is being made.
    pub(crate) fn bootstrap(heap: &Heap, ty: &Type) -> Option<Ref<Tuple>> {
        heap.place_var(
            Tuple {
                head: Object::new(ty.type_head_of()),
                len: 0,
                hash: Cell::new(NO_HASH),
            },
            0,
        )
        .ok()
    }

    /// A tuple of type `ty` of the given items.
    pub fn place(
        vm: &Vm,
        ty: &Type,
        items: impl IntoIterator<Item = Ref, IntoIter: ExactSizeIterator>,
    ) -> PyResult<Ref<Tuple>> {
        let items = items.into_iter();
        let len = items.len();
        // The length is set as the items come: an early end of the iterator must not leave null references.
        let tuple = Tuple {
            head: Object::new(ty.type_head_of()),
            len: 0,
            hash: Cell::new(NO_HASH),
        };
        // SAFETY: nobody looks behind the length, which is zero for now; tuples have no slots.
        let placed = unsafe {
            if ty.is(&vm.types.tuple) {
                vm.heap.place_gc_sized(tuple, len * size_of::<Ref>())
            } else {
                vm.heap.place_var_uninit(tuple, len * size_of::<Ref>())
            }
        };
        let tuple = placed.map_err(|_| vm.no_memory())?;
        let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
        // SAFETY: nobody else has the tuple yet; the tail has room for `len` references.
        unsafe {
            let tail = start.add(1).cast::<Ref>();
            for item in items.take(len) {
                tail.add((*start).len).write(item);
                (*start).len += 1;
            }
        }
        // A tuple of nothing that may be part of a cycle is not watched; those of subclasses have attributes.
        if tuple.flags() & Flags::EXACT == 0 || tuple.iter().any(may_be_in_cycle) {
            vm.heap.track(&tuple);
        }
        Ok(tuple)
    }

    /// An exact tuple of one item.
    #[inline]
    pub fn single(vm: &Vm, item: Ref) -> PyResult<Ref<Tuple>> {
        let head = Object::new(vm.types.tuple.type_head_of());
        let watched = may_be_in_cycle(&item);
        // SAFETY: the tail has room for a reference and is filled at once; tuples have no slots.
        let tuple = unsafe {
            let placed = vm.heap.place_gc_tail::<Tuple, { size_of::<Ref>() }>(Tuple {
                head,
                len: 0,
                hash: Cell::new(NO_HASH),
            });
            let tuple = placed.map_err(|_| vm.no_memory())?;
            let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
            start.add(1).cast::<Ref>().write(item);
            (*start).len = 1;
            tuple
        };
        if watched {
            vm.heap.track(&tuple);
        }
        Ok(tuple)
    }

    /// A struct sequence of a builtin type `ty`: the last `hidden` of the values (63 at most) are no items of it. The
    /// collector does not watch it yet.
    ///
    /// # Errors
    /// MemoryError
    pub fn place_record(
        vm: &Vm,
        ty: &Type,
        values: impl IntoIterator<Item = Ref, IntoIter: ExactSizeIterator>,
        hidden: usize,
    ) -> PyResult<Ref<Tuple>> {
        let values = values.into_iter();
        let len = values.len();
        // The length is set as the values come: an early end of the iterator must not leave null references.
        let tuple = Tuple {
            head: Object::new(ty.type_head_of()),
            len: 0,
            hash: Cell::new(NO_HASH),
        };
        // SAFETY: nobody looks behind the length, which is zero for now; struct sequences have no slots.
        let placed = unsafe { vm.heap.place_var_uninit(tuple, len * size_of::<Ref>()) };
        let tuple = placed.map_err(|_| vm.no_memory())?;
        let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
        // SAFETY: nobody else has the tuple yet; the tail has room for `len` references. What the length does not count any
        // more is counted by the header.
        unsafe {
            let tail = start.add(1).cast::<Ref>();
            for value in values.take(len) {
                tail.add((*start).len).write(value);
                (*start).len += 1;
            }
            let hidden = hidden.min((*start).len).min(63);
            (*start).len -= hidden;
            tuple
                .head
                .set_flags((hidden as u32) << Flags::KIND_BITS_SHIFT);
        }
        Ok(tuple)
    }

    /// An exact tuple of two items.
    #[inline]
    pub fn pair(vm: &Vm, first: Ref, second: Ref) -> PyResult<Ref<Tuple>> {
        let head = Object::new(vm.types.tuple.type_head_of());
        let watched = may_be_in_cycle(&first) || may_be_in_cycle(&second);
        // SAFETY: the tail has room for two references and is filled at once; tuples have no slots.
        let tuple = unsafe {
            let placed = vm
                .heap
                .place_gc_tail::<Tuple, { 2 * size_of::<Ref>() }>(Tuple {
                    head,
                    len: 0,
                    hash: Cell::new(NO_HASH),
                });
            let tuple = placed.map_err(|_| vm.no_memory())?;
            let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
            let tail = start.add(1).cast::<Ref>();
            tail.write(first);
            tail.add(1).write(second);
            (*start).len = 2;
            tuple
        };
        if watched {
            vm.heap.track(&tuple);
        }
        Ok(tuple)
    }

    /// An exact tuple of the items of a slice, or of two one after the other.
    ///
    /// # Errors
    /// MemoryError
    #[inline]
    pub(crate) fn of_slices(vm: &Vm, first: &[Ref], second: &[Ref]) -> PyResult<Ref<Tuple>> {
        let len = first.len() + second.len();
        if len == 0 {
            return Ok(vm.empty_tuple.clone());
        }
        let empty = Tuple {
            head: Object::new(vm.types.tuple.type_head_of()),
            len: 0,
            hash: Cell::new(NO_HASH),
        };
        // SAFETY: the tail has room for the items, and the length is set when they are there; tuples have no slots.
        unsafe {
            let placed = vm.heap.place_gc_sized(empty, len * size_of::<Ref>());
            let tuple = placed.map_err(|_| vm.no_memory())?;
            let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
            let mut at = start.add(1).cast::<Ref>();
            let mut watched = false;
            for item in first.iter().chain(second) {
                watched |= may_be_in_cycle(item);
                at.write(item.clone());
                at = at.add(1);
            }
            (*start).len = len;
            if watched {
                vm.heap.track(&tuple);
            }
            Ok(tuple)
        }
    }

    /// An exact tuple of `len` times None that nobody else has yet, to be filled with [`Filling`](super::kept::Filling) and
    /// then [watched](Self::watch).
    pub(crate) fn blank(vm: &Vm, len: usize) -> PyResult<Ref<Tuple>> {
        let head = Object::new(vm.types.tuple.type_head_of());
        // SAFETY: nobody looks behind the length, which is zero for now; tuples have no slots. None is immortal.
        unsafe {
            let placed = vm.heap.place_gc_sized(
                Tuple {
                    head,
                    len: 0,
                    hash: Cell::new(NO_HASH),
                },
                len * size_of::<Ref>(),
            );
            let tuple = placed.map_err(|_| vm.no_memory())?;
            let start = std::ptr::from_ref::<Tuple>(&tuple).cast_mut();
            let tail = start.add(1).cast::<Ref>();
            for i in 0..len {
                tail.add(i).write(vm.none_ref());
            }
            (*start).len = len;
            Ok(tuple)
        }
    }

    /// Puts an item into a tuple; gives the old one, or the item where there is no such place.
    ///
    /// # Safety
    /// No borrow of the items is alive. As tuples do not change for whoever has them, the caller alone has this one.
    pub(super) unsafe fn put(&self, i: usize, item: Ref) -> Ref {
        if i >= self.len {
            return item;
        }
        self.hash.set(NO_HASH);
        // SAFETY: the place is one of the tail; the rest is the caller's promise.
        unsafe {
            let tail = std::ptr::from_ref(self).cast_mut().add(1).cast::<Ref>();
            std::mem::replace(&mut *tail.add(i), item)
        }
    }

    /// Lets the collector watch the tuple if an item of it may be part of a cycle.
    #[inline]
    pub(crate) fn watch(&self, vm: &Vm) {
        if self.iter().any(may_be_in_cycle) {
            vm.heap.track(&self.head);
        }
    }

    /// An exact tuple of words of the call stack, whose counts it takes over; where there is no memory, they stay there.
    ///
    /// # Safety
    /// `words` are `len` owned references, and the caller gives them up on success.
    pub(crate) unsafe fn place_words(
        vm: &Vm,
        words: *const Raw,
        len: usize,
    ) -> PyResult<Ref<Tuple>> {
        if len == 0 {
            return Ok(vm.empty_tuple.clone());
        }
        let head = Object::new(vm.types.tuple.type_head_of());
        // SAFETY: the tail has room for the words and is filled at once; tuples have no slots.
        unsafe {
            let placed = vm.heap.place_gc_sized(
                Tuple {
                    head,
                    len,
                    hash: Cell::new(NO_HASH),
                },
                len * size_of::<Ref>(),
            );
            let tuple = match placed {
                Ok(tuple) => tuple,
                Err(unplaced) => {
                    // It says that items stand behind it, where there are none.
                    std::mem::forget(unplaced);
                    return Err(vm.no_memory());
                }
            };
            let tail = std::ptr::from_ref::<Tuple>(&tuple)
                .cast_mut()
                .add(1)
                .cast::<Raw>();
            let mut watched = false;
            for i in 0..len {
                let word = *words.add(i);
                watched |= may_be_in_cycle(word.object());
                tail.add(i).write(word);
            }
            if watched {
                vm.heap.track(&tuple);
            }
            Ok(tuple)
        }
    }
}

/// A `list`.
#[repr(C)]
pub struct List {
    /// The header.
    pub head: Object,
    /// The items; other code uses the methods.
    pub(crate) items: Inner<HVec<Ref>>,
}
object_layout!(
    List = kinds::LIST,
    traverse | this,
    visit | {
        this.items.read(|items| visit.visit_back(items));
    },
    clear | this | {
        drop(this.take_all());
    }
);

impl Drop for List {
    fn drop(&mut self) {
        let items = self.items.as_ptr();
        // SAFETY: nobody else has the list. It says that it is empty before anything is released; the room of the items
        // goes with the fields.
        unsafe {
            let mut left = (*items).len();
            let all = (*items).as_mut_ptr();
            (*items).set_len(0);
            // CPython releases the items of a list from the last to the first.
            while left != 0 {
                left -= 1;
                drop(all.add(left).read());
            }
        }
    }
}

impl List {
    /// An empty list of type `ty`; tracked by the collector.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<List>> {
        List::place_items(vm, ty, HVec::new_in(HeapAlloc))
    }

    /// A list of type `ty` with these items; tracked by the collector.
    pub fn place_items(vm: &Vm, ty: &Type, items: HVec<Ref>) -> PyResult<Ref<List>> {
        let list = vm.place(List {
            head: Object::new(ty.type_head_of()),
            items: Inner::new(items),
        })?;
        vm.heap.track(&list);
        Ok(list)
    }

    /// An exact list with these items.
    ///
    /// Always inlined: the array's three words come in registers then, and not through memory in larger steps than they
    /// were stored in.
    #[inline(always)]
    pub fn exact(vm: &Vm, items: HVec<Ref>) -> PyResult<Ref<List>> {
        let list = List {
            head: Object::new(vm.types.list.type_head_of()),
            items: Inner::new(items),
        };
        // SAFETY: the type is the builtin one of this layout; there is no tail.
        let placed = unsafe { vm.heap.place_gc_tail::<List, 0>(list) };
        let list = placed.map_err(|_| vm.no_memory())?;
        vm.heap.track(&list);
        Ok(list)
    }

    /// An array without items that has room for `room` of them and no more. Nothing where there is no memory.
    #[inline]
    pub(crate) fn room(vm: &Vm, room: usize) -> Option<HVec<Ref>> {
        if room == 0 {
            return Some(HVec::new_in(HeapAlloc));
        }
        let words = vm.heap.allocate_words(room)?;
        // SAFETY: the allocator of arrays has given the block, for just as many words.
        Some(unsafe { HVec::from_raw_parts_in(words.as_ptr().cast(), 0, room, HeapAlloc) })
    }

    /// An exact list of the items of a slice, or of two one after the other.
    ///
    /// # Errors
    /// MemoryError
    #[inline]
    pub(crate) fn of_slices(vm: &Vm, first: &[Ref], second: &[Ref]) -> PyResult<Ref<List>> {
        let Some(mut items) = List::room(vm, first.len() + second.len()) else {
            return Err(vm.no_memory());
        };
        // SAFETY: there is room for the items of both.
        unsafe {
            let mut at = items.as_mut_ptr();
            for item in first.iter().chain(second) {
                at.write(item.clone());
                at = at.add(1);
            }
            items.set_len(first.len() + second.len());
        }
        List::exact(vm, items)
    }

    /// An exact list of words of the call stack, whose counts it takes over; where there is no memory, they stay there.
    ///
    /// # Safety
    /// `words` are `len` owned references, and the caller gives them up on success.
    pub(crate) unsafe fn place_words(
        vm: &Vm,
        words: *const Raw,
        len: usize,
    ) -> PyResult<Ref<List>> {
        let Some(items) = List::room(vm, len) else {
            return Err(vm.no_memory());
        };
        let list = List::exact(vm, items)?;
        list.items.write(|items| {
            // SAFETY: there is room for the words, which are references given up by the caller.
            unsafe {
                let all = items.as_mut_ptr().cast::<Raw>();
                for i in 0..len {
                    all.add(i).write(*words.add(i));
                }
                items.set_len(len);
            }
        });
        Ok(list)
    }

    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.items.read(|items| items.len())
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A new handle of the item at an index.
    #[inline]
    pub fn get(&self, i: usize) -> Option<Ref> {
        self.items.read(|items| items.get(i).cloned())
    }

    /// Puts an item at an index, gives the old one; nothing happens where there is none (the item comes back as an error).
    pub fn set(&self, i: usize, item: Ref) -> Result<Ref, Ref> {
        self.items.write(|items| match items.get_mut(i) {
            Some(place) => Ok(std::mem::replace(place, item)),
            None => Err(item),
        })
    }

    /// Appends an item.
    ///
    /// # Errors
    /// MemoryError
    #[inline]
    pub fn push(&self, vm: &Vm, item: Ref) -> PyResult<()> {
        if !self.reserve_one() {
            return Err(vm.no_memory());
        }
        self.items.write(|items| items.push(item));
        Ok(())
    }

    /// Makes room for one more item; whether there is any.
    #[inline]
    pub(crate) fn reserve_one(&self) -> bool {
        self.items.write(|items| {
            if items.len() < items.capacity() {
                return true;
            }
            // CPython's growth: an eighth more and a little, in steps of four.
            let want = items.len() + 1;
            let room = (want + (want >> 3) + 6) & !3;
            items.try_reserve_exact(room - items.len()).is_ok()
        })
    }

    /// Appends handles of items: an empty list gets room for them alone, rounded up to an even number, as CPython's.
    ///
    /// # Errors
    /// MemoryError
    pub(crate) fn extend_from_slice(&self, vm: &Vm, more: &[Ref]) -> PyResult<()> {
        let room = self.items.write(|items| {
            let want = items.len() + more.len();
            if want <= items.capacity() {
                return true;
            }
            let room = if items.is_empty() {
                (want + 1) & !1
            } else {
                ((want + (want >> 3) + 6) & !3).max(want)
            };
            items.try_reserve_exact(room - items.len()).is_ok()
        });
        if !room {
            return Err(vm.no_memory());
        }
        self.items.write(|items| items.extend_from_slice(more));
        Ok(())
    }

    /// Appends the items from a place of a vector on, which are taken from it; room is made as CPython makes it for an
    /// assignment to the slice at the end.
    ///
    /// # Errors
    /// MemoryError; then the vector is as it was.
    pub fn append_from(&self, vm: &Vm, from: &mut Vec<Ref>, start: usize) -> PyResult<()> {
        let count = from.len().saturating_sub(start);
        let done = self.items.write(|items| {
            let (len, want) = (items.len(), items.len() + count);
            if want > items.capacity() {
                let mut room = (want + (want >> 3) + 6) & !3;
                if count > room - want {
                    room = (want + 3) & !3;
                }
                if items.try_reserve_exact(room - len).is_err() {
                    return false;
                }
            }
            // SAFETY: there is room for the items, which move: the vector forgets them.
            unsafe {
                let source = from.as_ptr().add(from.len() - count);
                std::ptr::copy_nonoverlapping(source, items.as_mut_ptr().add(len), count);
                from.set_len(from.len() - count);
                items.set_len(want);
            }
            true
        });
        if done { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Takes the last item away.
    pub fn pop(&self) -> Option<Ref> {
        self.items.write(|items| items.pop())
    }

    /// Takes the item at an index away.
    pub fn remove(&self, i: usize) -> Option<Ref> {
        self.items
            .write(|items| (i < items.len()).then(|| items.remove(i)))
    }

    /// Puts an item before the index (or at the end).
    pub fn insert(&self, vm: &Vm, i: usize, item: Ref) -> PyResult<()> {
        self.push(vm, item)?;
        self.items.write(|items| {
            let last = items.len() - 1;
            if let Some(part) = items.get_mut(i.min(last)..) {
                part.rotate_right(1);
            }
        });
        Ok(())
    }

    /// Takes all items away.
    pub fn take_all(&self) -> HVec<Ref> {
        self.replace_all(HVec::new_in(HeapAlloc))
    }

    /// Exchanges the items for others; the caller drops the old ones.
    pub fn replace_all(&self, new: HVec<Ref>) -> HVec<Ref> {
        self.items.write(|items| std::mem::replace(items, new))
    }

    /// Handles of all items as they are now.
    pub fn snapshot(&self) -> Vec<Ref> {
        self.items.read(|items| items.to_vec())
    }
}
