//! Attributes at cached places: see [`attr`](crate::eval::attr) for what the caches hold and who fills them.

use viv_bytecode::Op;
use viv_heap::{Flags, Object, Raw};

use super::{call, drop_next, drop_opt_next, handler, last, next, release_all, share, slow};
use crate::eval::attr::{self, word_at};
use crate::eval::attr_cache::{self, Found};
use crate::eval::regs::{Regs, owned};
use crate::object::{Code, Function, Module, Type};
use crate::types::property::Property;
use crate::vm::Vm;

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

/// Where a handler looks: the instruction's own cache, whose version has been tested; or the one of all instructions, for
/// those that see objects of several types. The second has handlers of its own, so that the first need no more registers
/// than they are given.
const OWN: bool = false;
const COMMON: bool = true;

/// The place of an attribute's word in an object, with its index, from one of the caches.
#[inline(always)]
unsafe fn place<const WHERE: bool>(
    vm: &Vm,
    r: &Regs,
    object: &Object,
    name: usize,
) -> Option<(*mut Raw, u32)> {
    // SAFETY: the cache and the name belong to the running instruction; the version says that the offset is that of a
    // word of all objects of this type.
    unsafe {
        let (offset, index) = if WHERE == OWN {
            (r.extra(1), r.extra(2))
        } else {
            let version = Type::of(object).version.get();
            let Found::Word { offset, index } = vm.hot.attributes.find(version, r.name(name))
            else {
                return None;
            };
            if vm.hot.attributes.is_turn() && learn(r, version, 3) {
                r.set_extra(1, offset);
                r.set_extra(2, index);
            }
            (offset, index)
        };
        Some((word_at(object, offset), index))
    }
}

/// The function that an instance's method is, from one of the caches.
#[inline(always)]
unsafe fn method<const WHERE: bool>(
    vm: &Vm,
    r: &Regs,
    object: &Object,
    name: usize,
) -> Option<Raw> {
    // SAFETY: as above.
    unsafe {
        if !plain(object) {
            return None;
        }
        if WHERE == OWN {
            return Some(cached(r));
        }
        let version = Type::of(object).version.get();
        let Found::Method(function) = vm.hot.attributes.find(version, r.name(name)) else {
            return None;
        };
        let function = attr_cache::word(function);
        if vm.hot.attributes.is_turn() && learn(r, version, 1) {
            attr::set_pointer(r, function.object());
        }
        Some(function)
    }
}

/// How often an instruction takes over what the cache of all instructions has found.
const LESSONS: u32 = 4;

/// Takes a new version over into the instruction's own cache, whose word `count` is free and counts how often that has
/// happened; whether the rest of the cache is to follow. An instruction that keeps seeing other types learns no more: it would
/// only write each time.
#[inline(always)]
unsafe fn learn(r: &Regs, version: u32, count: usize) -> bool {
    // SAFETY: the cache belongs to the running instruction.
    unsafe {
        let lessons = r.extra(count);
        let more = lessons < LESSONS;
        if more {
            r.set_extra(count, lessons + 1);
            r.set_extra(0, version);
        }
        more
    }
}

/// Declares a handler for the instruction's own cache, and the one that it goes on with where that is for another type.
/// `$object` is the object in question, which may be null.
macro_rules! cached_handler {
    ($(#[$meta:meta])* $name:ident, $common:ident |$vm:ident, $r:ident, $i:ident, $object:ident = $get:expr, $where:ident| $body:block) => {
        handler! {
            $(#[$meta])*
            $name |$vm, $r, $i| {
                const $where: bool = OWN;
                let $object = $get;
                if $object.is_null() {
                    return slow($vm, $r);
                }
                if !holds(&$r, $object.object()) {
                    return $common($vm, $r.pc, $r.sp, $r.fp, $r.frame, u64::from($i.0));
                }
                $body
            }
        }
        handler! {
            $common |$vm, $r, $i| {
                const $where: bool = COMMON;
                let $object = $get;
                $body
            }
        }
    };
}

/// Whether an instance surely has no dict of its own.
#[inline(always)]
fn plain(object: &Object) -> bool {
    object.flags() & Flags::MANAGED == 0 || object.managed().is_none_or(|m| m.dict().is_none())
}

cached_handler! {
    /// LOAD_ATTR_INLINE and LOAD_ATTR_SLOT
    load_attr_word, load_attr_word_common |vm, r, i, object = r.peek(1), WHERE| {
        let Some((place, _)) = place::<WHERE>(vm, &r, object.object(), i.w()) else {
            return slow(vm, r);
        };
        let word = *place;
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
/// The global of a module that the cache knows the place of.
#[inline(always)]
unsafe fn module_global(r: &Regs, object: &Object) -> Option<Raw> {
    // SAFETY: the cache belongs to the running instruction; while the dict has the version, the place is that of the name.
    unsafe {
        let module = object.downcast_exact::<Module>()?;
        if r.extra(0) == 0 || module.dict.raw_version() != r.extra(0) {
            return None;
        }
        let value = (*module.dict.table.as_ptr()).value_at(r.extra(1) as usize)?;
        Some(crate::eval::regs::owned(value))
    }
}

handler! {
    load_attr_module |vm, r, i| {
        let object = r.peek(1);
        let Some(value) = module_global(&r, object.object()) else {
            return slow(vm, r);
        };
        r.put(1, value);
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
handler! {
    load_method_module |vm, r, i| {
        let object = r.peek(1);
        let Some(value) = module_global(&r, object.object()) else {
            return slow(vm, r);
        };
        r.put(1, value);
        r.push(Raw::NULL);
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
cached_handler! {
    /// LOAD_METHOD, where the cache is empty or holds the place of a value of the instance.
    load_method_word, load_method_word_common |vm, r, i, object = r.peek(1), WHERE| {
        if r.extra(0) == 0 {
            return slow(vm, r);
        }
        let Some((place, _)) = place::<WHERE>(vm, &r, object.object(), i.w()) else {
            return slow(vm, r);
        };
        let word = *place;
        if word.is_null() {
            return slow(vm, r);
        }
        r.put(1, share(word));
        r.push(Raw::NULL);
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
cached_handler! {
    /// LOAD_METHOD_L, where the cache is empty or holds the place of a value of the instance.
    load_method_local_word, load_method_local_word_common |vm, r, i, object = *r.local(i.a()), WHERE| {
        if r.extra(0) == 0 {
            return slow(vm, r);
        }
        let Some((place, _)) = place::<WHERE>(vm, &r, object.object(), i.bx()) else {
            return slow(vm, r);
        };
        let word = *place;
        if word.is_null() {
            return slow(vm, r);
        }
        r.push(share(word));
        r.push(Raw::NULL);
        r.skip(CACHE);
        next(vm, r)
    }
}
handler! {
    load_attr_local_class |vm, r, i| {
        let object = *r.local(i.a());
        if object.is_null() || !holds(&r, object.object()) || !plain(object.object()) {
            return slow(vm, r);
        }
        r.push(share(cached(&r)));
        r.skip(CACHE);
        next(vm, r)
    }
}
/// The getter of the property in the cache, if it is a Python function of one parameter, with its code.
#[inline(always)]
unsafe fn getter<'a>(r: &Regs) -> Option<(&'a Function, &'a Code)> {
    // SAFETY: the class keeps the property as long as it has the version. Its getter may change, but nothing runs before
    // the function has a count of its own.
    unsafe {
        let cached = cached(r);
        let get = cached.object().downcast_exact::<Property>()?.get.peek()?;
        let function = std::ptr::from_ref(get.downcast_exact::<Function>()?);
        let code = (*function).code.peek_as().map(std::ptr::from_ref)?;
        ((*code).simple_args == 1).then_some((&*function, &*code))
    }
}

handler! {
    /// LOAD_ATTR of a property: its getter's frame is started, with the object as its argument.
    load_attr_property |vm, r, i| {
        let object = r.peek(1);
        if !holds(&r, object.object()) {
            return slow(vm, r);
        }
        let Some((function, code)) = getter(&r) else {
            return slow(vm, r);
        };
        let before = r;
        r.put(1, owned(&function.head));
        r.push(object);
        r.skip(CACHE);
        let (base, first) = (r.sp.sub(2), r.sp.sub(1));
        if call::push(vm, &mut r, function, code, base, first, 1, 0) {
            return next(vm, r);
        }
        *base = object;
        function.head.dec();
        slow(vm, before)
    }
}
handler! {
    /// LOAD_ATTR_L of a property.
    load_attr_local_property |vm, r, i| {
        let object = *r.local(i.a());
        if object.is_null() || !holds(&r, object.object()) {
            return slow(vm, r);
        }
        let Some((function, code)) = getter(&r) else {
            return slow(vm, r);
        };
        let before = r;
        r.push(owned(&function.head));
        r.push(share(object));
        r.skip(CACHE);
        let (base, first) = (r.sp.sub(2), r.sp.sub(1));
        if call::push(vm, &mut r, function, code, base, first, 1, 0) {
            return next(vm, r);
        }
        function.head.dec();
        object.object().dec();
        slow(vm, before)
    }
}

handler! {
    load_attr_type |vm, r, i| {
        let object = r.peek(1);
        if !is_class(&r, object.object()) && !is_class_of_metaclass(&r, object.object()) {
            return slow(vm, r);
        }
        r.put(1, share(cached(&r)));
        r.skip(CACHE);
        drop_next(vm, r, object)
    }
}
/// Where a LOAD_GLOBAL of this value is followed by a LOAD_ATTR_TYPE for this very class: the registers behind both. The value
/// between them would get a count and give it up again.
#[inline(always)]
pub(super) unsafe fn of_class(r: &Regs, value: &Object) -> Option<Regs> {
    // SAFETY: behind an instruction of verified code that is no jump stands another one, with its cache.
    unsafe {
        let mut r = *r;
        r.skip(const { Op::LOAD_GLOBAL.extra_words() });
        if (*r.pc).get() as u8 != Op::LOAD_ATTR_TYPE as u8 {
            return None;
        }
        r.skip(1);
        if !is_class(&r, value) {
            return None;
        }
        r.push(share(cached(&r)));
        r.skip(CACHE);
        Some(r)
    }
}

handler! {
    load_method_type |vm, r, i| {
        let object = r.peek(1);
        if !is_class(&r, object.object()) {
            return slow(vm, r);
        }
        r.put(1, share(cached(&r)));
        let with_class = r.extra(1) != 0;
        r.skip(CACHE);
        if with_class {
            r.push(object);
            return next(vm, r);
        }
        r.push(Raw::NULL);
        drop_next(vm, r, object)
    }
}

/// Whether an object is the class that the cache was filled for, which has a metaclass of its own.
#[inline(always)]
unsafe fn is_class_of_metaclass(r: &Regs, object: &Object) -> bool {
    // SAFETY: the cache belongs to the running instruction; what has the metaclass's version for its type's is a class.
    unsafe {
        let metaclass = r.extra(1);
        metaclass != 0 && Type::of(object).version.get() == metaclass && {
            let version = object.downcast_unchecked::<Type>().version.get();
            version != 0 && version == r.extra(0)
        }
    }
}

/// Whether an object is the class that the cache was filled for.
#[inline(always)]
unsafe fn is_class(r: &Regs, object: &Object) -> bool {
    // SAFETY: the cache belongs to the running instruction; the kind is tested first.
    unsafe {
        object.is_exact::<Type>() && {
            let version = object.downcast_unchecked::<Type>().version.get();
            version != 0 && version == r.extra(0)
        }
    }
}

cached_handler! {
    /// LOAD_ATTR_L_INLINE and LOAD_ATTR_L_SLOT
    load_attr_local_word, load_attr_local_word_common |vm, r, i, object = *r.local(i.a()), WHERE| {
        let Some((place, _)) = place::<WHERE>(vm, &r, object.object(), i.bx()) else {
            return slow(vm, r);
        };
        let word = *place;
        if word.is_null() {
            return slow(vm, r);
        }
        r.push(share(word));
        r.skip(CACHE);
        next(vm, r)
    }
}
/// Ends a handler that has pushed a method and its object: where the next instruction calls it without further arguments, and
/// it is a function in Python, its frame is started at once.
#[inline(always)]
unsafe fn next_call(vm: &Vm, r: Regs, method: Raw) -> u32 {
    // SAFETY: behind an instruction of verified code that is no jump stands another one, with its cache.
    unsafe {
        if (*r.pc).get() == Op::CALL as u32
            && let Some(function) = method.object().downcast_exact::<Function>()
            && let Some(code) = function.code.peek_as()
            && code.simple_args == 1
        {
            let mut started = r;
            started.skip(const { 1 + Op::CALL.extra_words() });
            let base = r.sp.sub(2);
            if call::push(vm, &mut started, function, code, base, base.add(1), 1, 0) {
                return next(vm, started);
            }
        }
        next(vm, r)
    }
}

cached_handler! {
    load_method_class, load_method_class_common |vm, r, i, object = r.peek(1), WHERE| {
        let Some(function) = method::<WHERE>(vm, &r, object.object(), i.w()) else {
            return slow(vm, r);
        };
        r.put(1, share(function));
        r.push(object);
        r.skip(CACHE);
        next_call(vm, r, function)
    }
}
cached_handler! {
    load_method_local_class, load_method_local_class_common |vm, r, i, object = *r.local(i.a()), WHERE| {
        let Some(function) = method::<WHERE>(vm, &r, object.object(), i.bx()) else {
            return slow(vm, r);
        };
        r.push(share(function));
        r.push(share(object));
        r.skip(CACHE);
        next_call(vm, r, function)
    }
}

/// Puts a value into the cached place, if the cache holds: gives the old word, null where there was none.
#[inline(always)]
unsafe fn store<const WHERE: bool>(
    vm: &Vm,
    r: &Regs,
    object: &Object,
    name: usize,
    value: Raw,
) -> Option<Raw> {
    // SAFETY: the object and the value are owned by the frame.
    unsafe {
        let (place, index) = place::<WHERE>(vm, r, object, name)?;
        let old = *place;
        let inline = index != u32::MAX;
        if old.is_null() && inline && (!plain(object) || !object.claim_inline(index as usize)) {
            return None;
        }
        *place = value;
        Some(old)
    }
}

cached_handler! {
    /// STORE_ATTR_INLINE and STORE_ATTR_SLOT
    store_attr_word, store_attr_word_common |vm, r, i, object = r.peek(1), WHERE| {
        match store::<WHERE>(vm, &r, object.object(), i.w(), r.peek(2)) {
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
cached_handler! {
    /// STORE_ATTR_L_INLINE and STORE_ATTR_L_SLOT
    store_attr_local_word, store_attr_local_word_common |vm, r, i, object = *r.local(i.a()), WHERE| {
        match store::<WHERE>(vm, &r, object.object(), i.bx(), r.peek(1)) {
            Some(old) => {
                r.sp = r.sp.sub(1);
                r.skip(CACHE);
                drop_opt_next(vm, r, old)
            }
            None => slow(vm, r),
        }
    }
}
