//! The tuple that an iterator keeps of what it gives: as long as nobody else has it, it is filled anew instead of a new one being
//! made. Counts and identities of the items are as on CPython, which keeps them in the same way.

use viv_heap::Ref;

use super::Tuple;
use super::slot::Slot;
use crate::result::PyResult;
use crate::vm::Vm;

/// A tuple that an iterator keeps.
pub(crate) struct KeptTuple(Slot<Tuple>);

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

    /// The tuple, if the iterator alone has it.
    #[inline]
    pub fn alone(&self) -> Option<Ref<Tuple>> {
        // One count is the slot's, the other one is that of the handle.
        self.0.get().filter(|tuple| tuple.refcount() == 2)
    }

    /// The pair of two items.
    #[inline]
    pub fn pair(&self, vm: &Vm, first: Ref, second: Ref) -> PyResult {
        let Some(tuple) = self.alone() else {
            return Ok(Tuple::pair(vm, first, second)?.upcast());
        };
        let old = tuple.put(0, first);
        drop((old, tuple.put(1, second)));
        tuple.watch(vm);
        Ok(tuple.upcast())
    }

    /// The tuple of as many items as `items` gives, `len`; kept for the next time.
    pub fn last(&self, vm: &Vm, len: usize, items: impl Iterator<Item = Ref>) -> PyResult {
        let tuple = match self.alone() {
            Some(tuple) => tuple,
            None => {
                let tuple = Tuple::blank(vm, len)?;
                self.0.set(Some(tuple.clone()));
                tuple
            }
        };
        for (i, item) in items.enumerate() {
            drop(tuple.put(i, item));
        }
        tuple.watch(vm);
        Ok(tuple.upcast())
    }
}
