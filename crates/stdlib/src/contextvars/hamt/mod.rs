//! `hamt`: the persistent map that a context keeps its values in (Bagwell, *Ideal Hash Trees*, 2001).
//!
//! A map never changes: setting a key gives a new one, which shares all nodes with the old one but those on the way to the
//! key. So a context is copied by taking its map, and changed in time that grows with the logarithm of its size.

pub mod iterator;
mod node;

use std::cell::Cell;

use viv_runtime::object::Slot;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
    protocol,
};

use crate::kinds;
use iterator::What;
use node::{Node, Removed};

/// A persistent map.
#[repr(C)]
pub struct Hamt {
    /// The header.
    pub head: Object,
    root: Slot<Node>,
    len: usize,
    weakrefs: Cell<*const Object>,
}
object_layout!(
    Hamt = kinds::HAMT,
    traverse | this,
    visit | {
        this.root.visit(visit);
    },
    clear | this | {
        this.root.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "hamt",
    weaklist_offset: std::mem::offset_of!(Hamt, weakrefs) as u32,
    traits: viv_runtime::object::TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new.set(Some(|vm, _, _| Ok(Hamt::empty(vm)?.upcast())));
        s.compare.set(Some(compare));
        s.iter.set(Some(|vm, this| {
            iterator::new(vm, receiver(vm, this)?, What::Keys)
        }));
        s.len
            .set(Some(|vm, this| Ok(receiver::<Hamt>(vm, this)?.len)));
        s.getitem.set(Some(|vm, this, key| {
            let found = receiver::<Hamt>(vm, this)?.get(vm, key)?;
            found.ok_or_else(|| vm.key_error(key))
        }));
        s.contains.set(Some(|vm, this, key| {
            Ok(receiver::<Hamt>(vm, this)?.get(vm, key)?.is_some())
        }));
    },
    methods: &[&[
        MethodDef::positional(
            "set",
            "",
            2,
            2,
            |vm, this, args| {
                Ok(receiver::<Hamt>(vm, this)?
                    .set(vm, args[0], args[1])?
                    .upcast())
            },
            "",
        ),
        MethodDef::positional(
            "get",
            "",
            1,
            2,
            |vm, this, args| {
                let found = receiver::<Hamt>(vm, this)?.get(vm, args[0])?;
                let default = || args.get(1).map_or_else(|| vm.none_ref(), |d| d.to_ref());
                Ok(found.unwrap_or_else(default))
            },
            "",
        ),
        MethodDef::new(
            "delete",
            "",
            NativeCall::One(|vm, this, key| {
                Ok(receiver::<Hamt>(vm, this)?.remove(vm, key)?.upcast())
            }),
            "",
        ),
        MethodDef::new(
            "items",
            "",
            NativeCall::NoArgs(|vm, this| iterator::new(vm, receiver(vm, this)?, What::Items)),
            "",
        ),
        MethodDef::new(
            "keys",
            "",
            NativeCall::NoArgs(|vm, this| iterator::new(vm, receiver(vm, this)?, What::Keys)),
            "",
        ),
        MethodDef::new(
            "values",
            "",
            NativeCall::NoArgs(|vm, this| iterator::new(vm, receiver(vm, this)?, What::Values)),
            "",
        ),
    ]],
    ..TypeSpec::new(Hamt::layout, true)
};

impl Hamt {
    fn place(vm: &Vm, root: Option<Ref<Node>>, len: usize) -> PyResult<Ref<Hamt>> {
        let ty = extra_type(vm, &SPEC, &vm.types.object)?;
        let map = vm.place(Hamt {
            head: Object::new(ty.type_head_of()),
            root: Slot::new(root),
            len,
            weakrefs: Cell::new(std::ptr::null()),
        })?;
        vm.heap.track(&map);
        Ok(map)
    }

    /// A map without keys.
    ///
    /// # Errors
    /// MemoryError
    pub fn empty(vm: &Vm) -> PyResult<Ref<Hamt>> {
        Hamt::place(vm, None, 0)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of a key.
    ///
    /// # Errors
    /// What hashing and comparing raise.
    pub fn get(&self, vm: &Vm, key: &Object) -> PyResult<Option<Ref>> {
        let Some(root) = self.root.get() else {
            return Ok(None);
        };
        // Most maps have a few keys in one node: the very object is found there before its hash is known.
        match root.find_same(key) {
            Some(value) => Ok(Some(value)),
            None => root.find(vm, node::hash(vm, key)?, key),
        }
    }

    /// The map with a key set; this one where nothing changes.
    ///
    /// # Errors
    /// What hashing and comparing raise; MemoryError
    pub fn set(&self, vm: &Vm, key: &Object, value: &Object) -> PyResult<Ref<Hamt>> {
        let hash = node::hash(vm, key)?;
        let Some(root) = self.root.get() else {
            return Hamt::place(vm, Some(Node::single(vm, hash, key, value)?), 1);
        };
        let (new, added) = root.set(vm, 0, hash, key, value)?;
        if new.is(root.as_object()) {
            return Ok(Ref::of(self));
        }
        Hamt::place(vm, Some(new), self.len + usize::from(added))
    }

    /// The map without a key; this one where it has none.
    ///
    /// # Errors
    /// What hashing and comparing raise; MemoryError
    pub fn remove(&self, vm: &Vm, key: &Object) -> PyResult<Ref<Hamt>> {
        let Some(root) = self.root.get() else {
            return Ok(Ref::of(self));
        };
        match root.remove(vm, 0, node::hash(vm, key)?, key)? {
            Removed::Nothing => Ok(Ref::of(self)),
            Removed::All => Hamt::empty(vm),
            Removed::Rest(rest) => Hamt::place(vm, Some(rest), self.len.saturating_sub(1)),
        }
    }

    /// Whether two maps have the same keys with equal values.
    ///
    /// # Errors
    /// What hashing and comparing raise.
    pub fn equals(&self, vm: &Vm, other: &Hamt) -> PyResult<bool> {
        if std::ptr::eq(self, other) {
            return Ok(true);
        }
        if self.len != other.len {
            return Ok(false);
        }
        for (key, value) in iterator::Walk::of(self.root.get()) {
            match other.get(vm, &key)? {
                Some(found) if protocol::compare_is_or_eq(vm, &value, &found)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn compare(vm: &Vm, this: &Object, other: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (this.downcast::<Hamt>(), other.downcast::<Hamt>()) else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    Ok(vm.bool(a.equals(vm, b)? == (op == CompareOp::Eq)))
}
