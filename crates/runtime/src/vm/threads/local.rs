//! The values that an object keeps for each thread (`threading.local`).
//!
//! The object owns the values of all threads, so that the collector sees cycles through them; the threads know the objects,
//! and take their values out when they end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use viv_heap::Ref;

use crate::object::Dict;
use crate::vm::Vm;

type Table = RefCell<HashMap<u64, Ref<Dict>>>;

/// One dict for each thread.
#[derive(Default)]
pub struct PerThread(Rc<Table>);

impl PerThread {
    /// This thread's dict.
    pub fn get(&self, vm: &Vm) -> Option<Ref<Dict>> {
        self.0.borrow().get(&vm.this_thread.number).cloned()
    }

    /// Sets this thread's dict.
    pub fn set(&self, vm: &Vm, dict: Ref<Dict>) {
        vm.this_thread.locals.add(&self.0);
        let old = self.0.borrow_mut().insert(vm.this_thread.number, dict);
        drop(old);
    }

    /// Takes this thread's dict out.
    pub fn remove(&self, vm: &Vm) {
        let old = self.0.borrow_mut().remove(&vm.this_thread.number);
        drop(old);
    }

    /// Takes all dicts out.
    pub fn clear(&self) {
        let old = std::mem::take(&mut *self.0.borrow_mut());
        drop(old);
    }

    /// For traversal.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        for dict in self.0.borrow().values() {
            visitor.visit(dict.as_object());
        }
    }
}

/// The objects that keep values for a thread.
#[derive(Default)]
pub(super) struct Registered(RefCell<Vec<Weak<Table>>>);

impl Registered {
    fn add(&self, table: &Rc<Table>) {
        let mut known = self.0.borrow_mut();
        known.retain(|other| other.strong_count() != 0);
        known.push(Rc::downgrade(table));
    }

    /// Takes the values of the thread out, the oldest first.
    pub fn clear(&self, thread: u64) {
        loop {
            let known = std::mem::take(&mut *self.0.borrow_mut());
            if known.is_empty() {
                return;
            }
            for table in known {
                let Some(table) = table.upgrade() else {
                    continue;
                };
                let dict = table.borrow_mut().remove(&thread);
                drop(dict);
            }
        }
    }
}
