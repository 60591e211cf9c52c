//! Attributes at cached places: see [`attr`](crate::eval::attr) for what the caches hold and who fills them.

use viv_heap::{Flags, Object, Raw};

use super::{drop_next, drop_opt_next, handler, last, next, release_all, share, slow};
use crate::eval::attr::word_at;
use crate::eval::regs::Regs;
use crate::object::{Module, Type};

/// Words of an attribute's cache.
const CACHE: usize = 4;

/// Whether the object's type still is what the cache was filled for.
#[inline(always)]
unsafe fn holds(r: &Regs, object: &Object) -> bool {
    // SAFETY: the cache belongs to the running instruction.
    unsafe { Type::of(object).version.get() == r.extra(0) }
}

/// The object that the cache points to.
#[inline(always)]
unsafe fn cached(r: &Regs) -> Raw {
    // SAFETY: the words were written together with the version, which still holds: the class keeps the object.
    unsafe {
        let address = r.extra(2) as usize | (r.extra(3) as usize) << 32;
        Raw(std::ptr::with_exposed_provenance_mut(address))
    }
}

/// Whether an instance surely has no dict of its own.
#[inline(always)]
fn plain(object: &Object) -> bool {
    object.flags() & Flags::MANAGED == 0 || object.managed().is_none_or(|m| m.dict().is_none())
}

handler! {
    /// LOAD_ATTR_INLINE and LOAD_ATTR_SLOT
    load_attr_word |vm, r, i| {
        let object = r.peek(1);
        if !holds(&r, object.object()) {
            return slow(vm, r);
        }
        let word = *word_at(object.object(), r.extra(1));
        if word.is_null() {
            return slow(vm, r);
        }
        r.put(1, share(word));
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
handler! {
    load_attr_class |vm, r, i| {
        let object = r.peek(1);
        if !holds(&r, object.object()) || !plain(object.object()) {
            return slow(vm, r);
        }
        r.put(1, share(cached(&r)));
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
handler! {
    load_attr_module |vm, r, i| {
        let object = r.peek(1);
        if let Some(module) = object.object().downcast_exact::<Module>()
            && r.extra(0) != 0
            && module.dict.raw_version() == r.extra(0)
            && let Some(value) = (*module.dict.table.as_ptr()).value_at(r.extra(1) as usize)
        {
            r.put(1, crate::eval::regs::owned(value));
            r.skip(CACHE);
            return drop_next(vm, r, object);
        }
        slow(vm, r)
    }
}
handler! {
    /// LOAD_ATTR_L_INLINE and LOAD_ATTR_L_SLOT
    load_attr_local_word |vm, r, i| {
        let object = *r.local(i.a());
        if object.is_null() || !holds(&r, object.object()) {
            return slow(vm, r);
        }
        let word = *word_at(object.object(), r.extra(1));
        if word.is_null() {
            return slow(vm, r);
        }
        r.push(share(word));
        r.skip(CACHE);
        next(vm, r)
    }
}
handler! {
    load_method_class |vm, r, i| {
        let object = r.peek(1);
        if !holds(&r, object.object()) || !plain(object.object()) {
            return slow(vm, r);
        }
        r.put(1, share(cached(&r)));
        r.push(object);
        r.skip(CACHE);
        next(vm, r)
    }
}
handler! {
    load_method_local_class |vm, r, i| {
        let object = *r.local(i.a());
        if object.is_null() || !holds(&r, object.object()) || !plain(object.object()) {
            return slow(vm, r);
        }
        r.push(share(cached(&r)));
        r.push(share(object));
        r.skip(CACHE);
        next(vm, r)
    }
}

/// Puts a value into the cached place, if the cache holds: gives the old word, null where there was none.
#[inline(always)]
unsafe fn store(r: &Regs, object: &Object, value: Raw) -> Option<Raw> {
    // SAFETY: the version says that the offset is that of a word of this object.
    unsafe {
        if !holds(r, object) {
            return None;
        }
        let place = word_at(object, r.extra(1));
        let old = *place;
        if old.is_null() {
            let index = r.extra(2);
            if index != u32::MAX && (!plain(object) || !object.claim_inline(index as usize)) {
                return None;
            }
        }
        *place = value;
        Some(old)
    }
}

handler! {
    /// STORE_ATTR_INLINE and STORE_ATTR_SLOT
    store_attr_word |vm, r, i| {
        let object = r.peek(1);
        match store(&r, object.object(), r.peek(2)) {
            Some(old) => {
                r.sp = r.sp.sub(2);
                r.skip(CACHE);
                if !old.is_null() && last(old) {
                    return release_all(vm, r, old, [object, Raw::NULL]);
                }
                drop_next(vm, r, object)
            }
            None => slow(vm, r),
        }
    }
}
handler! {
    /// STORE_ATTR_L_INLINE and STORE_ATTR_L_SLOT
    store_attr_local_word |vm, r, i| {
        let object = *r.local(i.a());
        if object.is_null() {
            return slow(vm, r);
        }
        match store(&r, object.object(), r.peek(1)) {
            Some(old) => {
                r.sp = r.sp.sub(1);
                r.skip(CACHE);
                drop_opt_next(vm, r, old)
            }
            None => slow(vm, r),
        }
    }
}
