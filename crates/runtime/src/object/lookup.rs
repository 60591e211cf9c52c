//! Attribute lookup through the MRO, with a cache, and the versions that keep caches right.

use std::cell::Cell;

use viv_heap::{Object, Ref};

use super::{Str, Type, TypeTraits};
use crate::vm::Vm;

const SIZE: usize = 1024;

#[derive(Clone, Copy)]
struct Entry {
    version: u32,
    name: *const Object,
    /// What the lookup gave, borrowed: valid while the type has this version. Null for "not found".
    value: *const Object,
}

/// A direct-mapped cache from (type version, interned name) to the attribute.
pub struct LookupCache {
    entries: Box<[Cell<Entry>]>,
}

impl Default for LookupCache {
    fn default() -> Self {
        let empty = Entry {
            version: 0,
            name: std::ptr::null(),
            value: std::ptr::null(),
        };
        LookupCache {
            entries: (0..SIZE).map(|_| Cell::new(empty)).collect(),
        }
    }
}

fn cache_place(version: u32, name: &Str) -> usize {
    // Versions and the addresses of names both grow in small steps: the factor keeps the classes apart.
    ((version as usize).wrapping_mul(37) ^ (name.address() >> 4)) & (SIZE - 1)
}

/// The type, its bases, theirs, and so on.
fn ancestors(ty: &Type) -> Vec<Ref<Type>> {
    let mut found = vec![Ref::of(ty)];
    let mut at = 0;
    while at < found.len() {
        if let Some(bases) = found[at].bases.get() {
            for base in bases.iter().filter_map(Object::downcast::<Type>) {
                if !found.iter().any(|known| known.is(base)) {
                    found.push(Ref::of(base));
                }
            }
        }
        at += 1;
    }
    found
}

impl Vm {
    /// The next number that no type and no dict has had; 0 once the numbers are used up (caches then stay unused).
    pub fn next_version(&self) -> u32 {
        let next = self.last_version.get().saturating_add(1);
        if next == u32::MAX {
            return 0;
        }
        self.last_version.set(next);
        next
    }

    /// How many versions types and dicts have had.
    pub fn versions_used(&self) -> u32 {
        self.last_version.get()
    }

    /// Gives a type a version; its bases get theirs first, so that [`Type::modified`] can stop at a type without one.
    #[cold]
    pub fn assign_type_version(&self, ty: &Type) -> u32 {
        if ty.has(TypeTraits::EXPOSED) {
            return 0;
        }
        if let Some(bases) = ty.bases.get() {
            for base in bases.iter() {
                if let Some(base) = base.downcast::<Type>()
                    && base.version(self) == 0
                {
                    return 0;
                }
            }
        }
        // A class of the MRO that is no base does not tell the type when it changes (its metaclass has an `mro` of its own).
        if let Some(mro) = ty.mro.get() {
            let own = !Type::of(&ty.head).is(&self.types.type_);
            let known = if own { ancestors(ty) } else { Vec::new() };
            let told = |class: &Object| known.iter().any(|known| known.head.is(class));
            if own && !mro.iter().all(told) {
                return 0;
            }
        }
        let version = self.next_version();
        ty.version.set(version);
        version
    }

    /// The attribute `name` in the first class of the type's MRO that has it.
    #[inline]
    pub fn type_lookup(&self, ty: &Type, name: &Str) -> Option<Ref> {
        self.type_lookup_borrowed(ty, name).map(Object::to_ref)
    }

    /// As [`Vm::type_lookup`], borrowed: good as long as nothing can change the type.
    #[inline]
    pub(crate) fn type_lookup_borrowed<'a>(&self, ty: &'a Type, name: &Str) -> Option<&'a Object> {
        let version = ty.version.get();
        if version != 0 && name.is_interned() {
            let entry = self.lookup_cache.entries[cache_place(version, name)].get();
            if entry.version == version && std::ptr::eq(entry.name, &name.head) {
                // SAFETY: while the version holds, the class that has the attribute keeps it.
                return unsafe { entry.value.as_ref() };
            }
        }
        self.type_lookup_slow(ty, name)
    }

    fn type_lookup_slow<'a>(&self, ty: &'a Type, name: &Str) -> Option<&'a Object> {
        let mro = ty.mro.get()?;
        let mut found = std::ptr::null::<Object>();
        for class in mro.iter() {
            let Some(dict) = class.downcast::<Type>().and_then(|c| c.dict(self)) else {
                continue;
            };
            if let Some(value) = dict.get_str(self, name) {
                // The dict keeps the value alive.
                found = value.as_object();
                break;
            }
        }
        if name.is_interned() {
            let version = ty.version(self);
            if version != 0 {
                self.lookup_cache.entries[cache_place(version, name)].set(Entry {
                    version,
                    name: &name.head,
                    value: found,
                });
            }
        }
        // SAFETY: found in a dict of a class of the MRO, which the type owns.
        unsafe { found.as_ref() }
    }
}
