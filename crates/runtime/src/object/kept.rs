//! The tuple that an iterator keeps of what it gives: as long as nobody else has it, it is filled anew instead of a new one being
//! made. Counts and identities of the items are as on CPython, which keeps them in the same way.

use viv_heap::Ref;

use super::Tuple;
use super::slot::Slot;
use crate::result::PyResult;
use crate::vm::Vm;

/// A tuple that an iterator keeps.
pub struct KeptTuple(Slot<Tuple>);

impl KeptTuple {
    /// A tuple of `len` times None, for the iterators that begin with one.
    pub fn new(vm: &Vm, len: usize) -> PyResult<KeptTuple> {
        Ok(KeptTuple(Slot::full(Tuple::blank(vm, len)?)))
    }

    /// None yet: for the iterators that keep the last tuple they gave.
    pub fn none() -> KeptTuple {
        KeptTuple(Slot::empty())
    }

    /// For traversal.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        self.0.visit(visitor);
    }

    /// A tuple of `len` places to fill: the kept one, if the iterator alone has it.
    #[inline]
    pub(crate) fn filling(&self, vm: &Vm, len: usize) -> PyResult<Filling> {
        match self.alone() {
            Some(filling) if filling.tuple.len() == len => Ok(filling),
            _ => Filling::new(vm, len),
        }
    }

    #[inline]
    fn alone(&self) -> Option<Filling> {
        let tuple = self.0.get()?;
        // One count is the slot's, the other one is that of the handle.
        (tuple.refcount() == 2).then_some(Filling {
            tuple,
            handles: 2,
            filled: 0,
        })
    }

    /// The pair of two items.
    #[inline]
    pub fn pair(&self, vm: &Vm, first: Ref, second: Ref) -> PyResult {
        let Some(Filling { tuple, .. }) = self.alone() else {
            return Ok(Tuple::pair(vm, first, second)?.upcast());
        };
        // SAFETY: the slot and this handle alone have the tuple, and the slot lends nothing; nothing runs between the two.
        let old = unsafe { (tuple.put(0, first), tuple.put(1, second)) };
        drop(old);
        tuple.watch(vm);
        Ok(tuple.upcast())
    }

    /// The tuple of as many items as `items` gives, `len`; kept for the next time.
    pub fn last(&self, vm: &Vm, len: usize, items: impl Iterator<Item = Ref>) -> PyResult {
        let mut filling = self.filling(vm, len)?;
        if filling.handles == 1 {
            self.0.set(Some(filling.tuple.clone()));
            filling.handles = 2;
        }
        for item in items {
            filling.push(vm, item)?;
        }
        Ok(filling.finish(vm).upcast())
    }
}

/// A tuple that is being filled, place by place, and that nobody else has.
pub(crate) struct Filling {
    tuple: Ref<Tuple>,
    /// How many handles there are of the tuple: the one here, and that of the slot if it is a kept one.
    handles: u32,
    /// How many places are filled.
    filled: usize,
}

impl Filling {
    fn new(vm: &Vm, len: usize) -> PyResult<Filling> {
        Ok(Filling {
            tuple: Tuple::blank(vm, len)?,
            handles: 1,
            filled: 0,
        })
    }

    /// Fills the next place.
    ///
    /// What has run since the last one may have found the tuple, by way of the collector. What it holds must not change then:
    /// the rest is filled in a copy.
    #[inline]
    pub fn push(&mut self, vm: &Vm, item: Ref) -> PyResult<()> {
        if self.tuple.refcount() != self.handles {
            self.go_on_in_copy(vm)?;
        }
        let place = self.filled;
        self.filled += 1;
        // SAFETY: the handles are this one and that of the slot, which lends nothing.
        drop(unsafe { self.tuple.put(place, item) });
        Ok(())
    }

    #[cold]
    fn go_on_in_copy(&mut self, vm: &Vm) -> PyResult<()> {
        let mut copy = Filling::new(vm, self.tuple.len())?;
        for item in self.tuple.iter().take(self.filled) {
            copy.push(vm, item.to_ref())?;
        }
        *self = copy;
        Ok(())
    }

    /// The tuple.
    #[inline]
    pub fn finish(self, vm: &Vm) -> Ref<Tuple> {
        self.tuple.watch(vm);
        self.tuple
    }
}
