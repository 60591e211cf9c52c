//! Sets of live objects that do not own them: each member takes itself out when it goes.
//!
//! **Invariant.** An address in a [`LiveSet`] is that of an object whose payload has the [`LiveEntry`] that put it there: the
//! entry's drop, before the block is freed, takes it out.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use viv_heap::{Object, Ref};

type Addresses = RefCell<HashSet<*const Object>>;

/// A set of objects that it does not own.
#[derive(Default)]
pub struct LiveSet(Rc<Addresses>);

impl LiveSet {
    /// Handles of the members, in no order; those whose release has begun are left out.
    pub fn members(&self) -> Vec<Ref> {
        let addresses = self.0.borrow();
        let alive = addresses.iter().filter_map(|address| {
            // SAFETY: the invariant: the object's payload has not been dropped, so its block is there.
            let object = unsafe { &**address };
            (object.refcount() != 0).then(|| object.to_ref())
        });
        alive.collect()
    }

    /// Takes all members out.
    pub fn forget_all(&self) {
        self.0.borrow_mut().clear();
    }
}

/// The part of an object's payload by which it is in a [`LiveSet`].
pub struct LiveEntry {
    set: Cell<Option<Rc<Addresses>>>,
    object: Cell<*const Object>,
}

impl Default for LiveEntry {
    fn default() -> LiveEntry {
        LiveEntry {
            set: Cell::default(),
            object: Cell::new(std::ptr::null()),
        }
    }
}

impl LiveEntry {
    /// Puts the object into a set. Nothing happens unless the entry lies in the payload of the object.
    pub fn enter(&self, set: &LiveSet, object: &Object) {
        let inside = std::ptr::from_ref(self)
            .addr()
            .wrapping_sub(object.address());
        if inside >= object.type_info().layout.get().size {
            return;
        }
        self.leave();
        self.object.set(object);
        set.0.borrow_mut().insert(object);
        self.set.set(Some(Rc::clone(&set.0)));
    }

    /// Takes the object out of its set, if it is in one.
    pub fn leave(&self) {
        if let Some(set) = self.set.take() {
            set.borrow_mut().remove(&self.object.get());
        }
    }
}

impl Drop for LiveEntry {
    fn drop(&mut self) {
        self.leave();
    }
}
