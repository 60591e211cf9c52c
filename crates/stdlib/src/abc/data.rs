//! What an abstract class remembers: registered classes, and the answers that `issubclass` has given.
//!
//! **Invariant.** Classes are held by weak references, found by address: an entry counts only while its target lives and is
//! the class in question.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::place_tracked;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::types::weakref;
use viv_runtime::{Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use crate::kinds;

/// A set of classes that are held weakly, in the order of their entry.
#[derive(Default)]
pub struct WeakClasses {
    entries: RefCell<HashMap<usize, (u64, Ref)>>,
    /// The number of the next entry.
    next: Cell<u64>,
    /// From this size on dead entries are looked for.
    purge_at: Cell<usize>,
}

impl WeakClasses {
    /// Whether a class is in the set.
    pub fn contains(&self, class: &Object) -> bool {
        let found = self
            .entries
            .borrow()
            .get(&class.address())
            .map(|(_, reference)| reference.clone());
        found
            .and_then(|reference| weakref::reference::target_of(&reference))
            .is_some_and(|target| target.is(class))
    }

    /// Adds a class.
    ///
    /// # Errors
    /// MemoryError
    pub fn add(&self, vm: &Vm, class: &Object) -> PyResult<()> {
        let reference = weakref::make(vm, &vm.types.weak_ref, class, None)?;
        let mut dead = Vec::new();
        let number = self.next.replace(self.next.get() + 1);
        {
            let mut entries = self.entries.borrow_mut();
            if entries.len() >= self.purge_at.get() {
                let gone: Vec<usize> = entries
                    .iter()
                    .filter(|(_, (_, r))| weakref::reference::target_of(r).is_none())
                    .map(|(address, _)| *address)
                    .collect();
                dead.extend(gone.iter().filter_map(|address| entries.remove(address)));
                self.purge_at.set(2 * entries.len() + 16);
            }
            dead.extend(entries.insert(class.address(), (number, reference)));
        }
        // References are released outside the borrow.
        drop(dead);
        Ok(())
    }

    /// Takes all out.
    pub fn clear(&self) {
        let entries = std::mem::take(&mut *self.entries.borrow_mut());
        self.purge_at.set(16);
        drop(entries);
    }

    /// The weak references, the oldest first.
    pub fn references(&self) -> Vec<Ref> {
        let mut all: Vec<(u64, Ref)> = self.entries.borrow().values().cloned().collect();
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, reference)| reference).collect()
    }
}

/// The object in `_abc_impl`.
#[repr(C)]
pub struct AbcData {
    /// The header.
    pub head: Object,
    /// Registered classes.
    pub registry: WeakClasses,
    /// Known subclasses.
    pub cache: WeakClasses,
    /// Classes known not to be subclasses.
    pub negative: WeakClasses,
    /// The registrations that `negative` knows of.
    pub version: Cell<u64>,
}
object_layout!(
    AbcData = kinds::ABC_DATA,
    traverse | this,
    visit | {
        for set in [&this.registry, &this.cache, &this.negative] {
            if let Ok(entries) = set.entries.try_borrow() {
                for (_, reference) in entries.values() {
                    visit.visit(reference);
                }
            }
        }
    },
    clear | this | {
        this.registry.clear();
        this.cache.clear();
        this.negative.clear();
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_abc_data",
    module: "_abc",
    doc: "Internal state held by ABC machinery.",
    traits: TypeTraits::BASE,
    ..TypeSpec::new(AbcData::layout, true)
};

impl AbcData {
    /// Makes one, as of a number of registrations.
    ///
    /// # Errors
    /// MemoryError
    pub fn make(vm: &Vm, version: u64) -> PyResult {
        let ty: Ref<Type> = extra_type(vm, &SPEC, &vm.types.object)?;
        place_tracked(
            vm,
            AbcData {
                head: Object::new(ty.type_head_of()),
                registry: WeakClasses::default(),
                cache: WeakClasses::default(),
                negative: WeakClasses::default(),
                version: Cell::new(version),
            },
        )
    }
}
