//! Attributes: generic access that fills the inline caches, and the cached forms.
//!
//! A cache holds the version of the object's type. While the type has it, the name means the same for all its instances:
//! a word at a fixed offset (a slot, or a value kept inline), or an object found in a class.

use viv_bytecode::Op;
use viv_heap::{Flags, Object, Raw, Ref};

use super::regs::{Flow, Regs, attempt, owned};
use crate::object::{MemberDescriptor, Module, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Where an attribute was found, as far as a cache can use it.
enum Place {
    /// A word at this offset from the header.
    Offset(u32),
    /// A function-like object of the class, which an instance without its own entry binds.
    Method(*const Object),
    /// A plain class attribute.
    Value(*const Object),
    /// Nowhere that a cache could name.
    Unknown,
}

/// The type uses the default way of reading attributes.
fn reads_plainly(ty: &Type) -> bool {
    ty.slots.getattr.get().is_none_or(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::object::generic_get_attr as crate::slots::GetAttr,
        )
    })
}

fn writes_plainly(ty: &Type) -> bool {
    ty.slots.setattr.get().is_none_or(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::object::generic_set_attr as crate::slots::SetAttr,
        )
    })
}

fn has_inline_values(ty: &Type) -> bool {
    ty.info.flags.get() & viv_heap::TypeFlags::INLINE_VALUES != 0
}

/// The offset of an inline value of a plain instance.
fn inline_offset(ty: &Type, index: usize) -> u32 {
    ty.info.basicsize.get() + 8 * index as u32
}

fn classify(vm: &Vm, object: &Object, name: &Str) -> Place {
    let ty = Type::of(object);
    match ty.lookup(vm, name) {
        Some(found) => {
            if let Some(member) = found.downcast::<MemberDescriptor>() {
                return Place::Offset(member.offset);
            }
            let class = Type::of(&found);
            if class.slots.descr_set.get().is_some() {
                return Place::Unknown;
            }
            // An instance may have its own entry of that name: only those that surely have none are cached.
            let may_shadow = if has_inline_values(ty) {
                ty.inline_index(name).is_some()
                    || object.managed().is_some_and(|m| m.dict().is_some())
            } else {
                object.managed().is_some()
                    || protocol::object_dict(object).is_some()
                    || object.downcast::<Module>().is_some()
            };
            if may_shadow || object.downcast::<Type>().is_some() {
                return Place::Unknown;
            }
            if class.has(TypeTraits::METHOD_DESCRIPTOR) {
                Place::Method(&*found)
            } else if class.slots.descr_get.get().is_none() {
                Place::Value(&*found)
            } else {
                Place::Unknown
            }
        }
        None if has_inline_values(ty) => match ty.inline_index(name) {
            Some(index) if index < object.inline_capacity() => {
                Place::Offset(inline_offset(ty, index))
            }
            _ => Place::Unknown,
        },
        None => Place::Unknown,
    }
}

/// Fills the cache of the running instruction after a read through the generic path.
#[inline(never)]
unsafe fn fill_load(
    vm: &Vm,
    r: &Regs,
    object: &Object,
    name: &Str,
    offset_op: Op,
    value_op: Option<Op>,
    method_op: Option<Op>,
) {
    let ty = Type::of(object);
    if !reads_plainly(ty) || !name.is_interned() {
        return;
    }
    let place = classify(vm, object, name);
    let version = ty.version(vm);
    if version == 0 {
        return;
    }
    // SAFETY: the cache words are those of the running instruction.
    unsafe {
        r.set_extra(0, version);
        match place {
            Place::Offset(offset) => {
                r.set_extra(1, offset);
                r.respecialize(offset_op);
            }
            Place::Value(value) => {
                if let Some(op) = value_op {
                    set_pointer(r, value);
                    r.respecialize(op);
                }
            }
            Place::Method(value) => {
                if let Some(op) = method_op {
                    set_pointer(r, value);
                    r.respecialize(op);
                }
            }
            Place::Unknown => {}
        }
    }
}

unsafe fn set_pointer(r: &Regs, object: *const Object) {
    // SAFETY: the cache has two words for a pointer.
    unsafe {
        r.set_extra(2, object as usize as u32);
        r.set_extra(3, (object as usize >> 32) as u32);
    }
}

#[inline(always)]
unsafe fn pointer<'a>(r: &Regs) -> &'a Object {
    // SAFETY: the pointer was written with the version, which still holds: the class keeps the object.
    unsafe { &*((r.extra(2) as usize | (r.extra(3) as usize) << 32) as *const Object) }
}

/// The word at a cached offset.
#[inline(always)]
pub(super) unsafe fn word_at(object: &Object, offset: u32) -> *mut Raw {
    // SAFETY: the offset lies within an object of the cached type.
    unsafe {
        std::ptr::from_ref(object)
            .cast::<u8>()
            .add(offset as usize)
            .cast_mut()
            .cast()
    }
}

#[inline(always)]
unsafe fn version_holds(r: &Regs, object: &Object) -> bool {
    // SAFETY: the cache belongs to the running instruction.
    unsafe { Type::of(object).version.get() == r.extra(0) }
}

/// The attribute at a cached place, if the cache holds for this object.
pub(super) unsafe fn cached_word(r: &Regs, object: &Object) -> Option<Raw> {
    // SAFETY: as in `word_at`; the version is tested first.
    unsafe {
        if version_holds(r, object) {
            let word = *word_at(object, r.extra(1));
            if !word.is_null() {
                return Some(word);
            }
        }
        None
    }
}

/// LOAD_ATTR, generic: replaces the object on top by its attribute.
#[inline(never)]
pub(super) unsafe fn load_attr(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the object on top is owned by the stack.
    unsafe {
        r.save(vm);
        let object = r.top(1);
        let name = r.name(i);
        let result = protocol::get_attr(vm, object, name);
        if result.is_ok() {
            fill_load(
                vm,
                r,
                object,
                name,
                Op::LOAD_ATTR_INLINE,
                Some(Op::LOAD_ATTR_CLASS),
                None,
            );
            if let Some(module) = object.downcast_exact::<Module>()
                && let Some(entry) = module.dict.find_str_entry(vm, name)
            {
                r.set_extra(0, module.dict.keys_version(vm));
                r.set_extra(1, entry as u32);
                r.respecialize(Op::LOAD_ATTR_MODULE);
            }
            r.skip(4);
        }
        r.finish(1, result)
    }
}

/// LOAD_ATTR_INLINE and LOAD_ATTR_SLOT
pub(super) unsafe fn load_attr_word(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = r.peek(1);
        match cached_word(r, object.object()) {
            Some(word) => {
                word.object().inc();
                r.put(1, word);
                r.skip(4);
                object.object().dec();
                Flow::Next
            }
            None => load_attr(vm, r, i),
        }
    }
}

/// LOAD_ATTR_CLASS
pub(super) unsafe fn load_attr_class(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = r.peek(1);
        if version_holds(r, object.object()) && no_own_dict(object.object()) {
            let value = owned(pointer(r));
            r.put(1, value);
            r.skip(4);
            object.object().dec();
            return Flow::Next;
        }
        load_attr(vm, r, i)
    }
}

/// LOAD_ATTR_MODULE
pub(super) unsafe fn load_attr_module(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = r.peek(1);
        if let Some(module) = object.object().downcast_exact::<Module>()
            && r.extra(0) != 0
            && module.dict.raw_version() == r.extra(0)
            && let Some(value) = (*module.dict.table.as_ptr()).value_at(r.extra(1) as usize)
        {
            let value = owned(value);
            r.put(1, value);
            r.skip(4);
            object.object().dec();
            return Flow::Next;
        }
        load_attr(vm, r, i)
    }
}

/// Whether an instance surely has no dict of its own at the moment.
#[inline(always)]
fn no_own_dict(object: &Object) -> bool {
    object.flags() & Flags::MANAGED == 0 || object.managed().is_none_or(|m| m.dict().is_none())
}

/// LOAD_ATTR_L, generic.
#[inline(never)]
pub(super) unsafe fn load_attr_local(vm: &Vm, r: &mut Regs, local: usize, i: usize) -> Flow {
    // SAFETY: the local is bound (the compiler has shown it).
    unsafe {
        r.save(vm);
        let word = *r.local(local);
        if word.is_null() {
            return super::names::unbound(vm, *r, local);
        }
        let keep = word.object().to_ref();
        let name = r.name(i);
        let value = attempt!(protocol::get_attr(vm, &keep, name));
        fill_load(vm, r, &keep, name, Op::LOAD_ATTR_L_INLINE, None, None);
        r.skip(4);
        r.push_ref(value);
        Flow::Next
    }
}

/// LOAD_ATTR_L_INLINE and LOAD_ATTR_L_SLOT
pub(super) unsafe fn load_attr_local_word(vm: &Vm, r: &mut Regs, local: usize, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = *r.local(local);
        if !object.is_null()
            && let Some(word) = cached_word(r, object.object())
        {
            word.object().inc();
            r.push(word);
            r.skip(4);
            return Flow::Next;
        }
        load_attr_local(vm, r, local, i)
    }
}

/// LOAD_METHOD, generic: o → function o, or attribute null.
#[inline(never)]
pub(super) unsafe fn load_method(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the object on top is owned by the stack.
    unsafe {
        r.save(vm);
        let object = r.top(1);
        let name = r.name(i);
        let (method, with_self) = attempt!(protocol::get_method(vm, object, name));
        fill_load(
            vm,
            r,
            object,
            name,
            Op::LOAD_METHOD,
            None,
            Some(Op::LOAD_METHOD_CLASS),
        );
        r.skip(4);
        push_method(r, method, with_self);
        Flow::Next
    }
}

/// Puts a method in the place of the object on top, which stays above it as self or goes.
#[inline(always)]
unsafe fn push_method(r: &mut Regs, method: Ref, with_self: bool) {
    // SAFETY: as above.
    unsafe {
        let object = r.peek(1);
        r.put(1, method.into_raw());
        if with_self {
            r.push(object);
        } else {
            r.push(Raw::NULL);
            object.object().dec();
        }
    }
}

/// LOAD_METHOD_CLASS
pub(super) unsafe fn load_method_class(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = r.peek(1);
        if version_holds(r, object.object()) && no_own_dict(object.object()) {
            let method = owned(pointer(r));
            r.put(1, method);
            r.push(object);
            r.skip(4);
            return Flow::Next;
        }
        load_method(vm, r, i)
    }
}

/// LOAD_METHOD_L, generic.
#[inline(never)]
pub(super) unsafe fn load_method_local(vm: &Vm, r: &mut Regs, local: usize, i: usize) -> Flow {
    // SAFETY: the local is bound (the compiler has shown it).
    unsafe {
        r.save(vm);
        let word = *r.local(local);
        if word.is_null() {
            return super::names::unbound(vm, *r, local);
        }
        let object = word.object().to_ref();
        let name = r.name(i);
        let (method, with_self) = attempt!(protocol::get_method(vm, &object, name));
        fill_load(
            vm,
            r,
            &object,
            name,
            Op::LOAD_METHOD_L,
            None,
            Some(Op::LOAD_METHOD_L_CLASS),
        );
        r.skip(4);
        r.push_ref(method);
        if with_self {
            r.push_ref(object);
        } else {
            r.push(Raw::NULL);
        }
        Flow::Next
    }
}

/// LOAD_METHOD_L_CLASS
pub(super) unsafe fn load_method_local_class(
    vm: &Vm,
    r: &mut Regs,
    local: usize,
    i: usize,
) -> Flow {
    // SAFETY: as above.
    unsafe {
        let word = *r.local(local);
        if !word.is_null() && version_holds(r, word.object()) && no_own_dict(word.object()) {
            r.push(owned(pointer(r)));
            word.object().inc();
            r.push(word);
            r.skip(4);
            return Flow::Next;
        }
        load_method_local(vm, r, local, i)
    }
}

/// Fills the cache after a write through the generic path.
unsafe fn fill_store(vm: &Vm, r: &Regs, object: &Object, name: &Str, op: Op) {
    let ty = Type::of(object);
    if !writes_plainly(ty) || !name.is_interned() {
        return;
    }
    let (offset, index) = match ty.lookup(vm, name) {
        Some(found) => match found.downcast::<MemberDescriptor>() {
            Some(member) => (member.offset, u32::MAX),
            None if Type::of(&found).slots.descr_set.get().is_some() || !has_inline_values(ty) => {
                return;
            }
            None => match ty.inline_index(name) {
                Some(index) if index < object.inline_capacity() => {
                    (inline_offset(ty, index), index as u32)
                }
                _ => return,
            },
        },
        None if has_inline_values(ty) => match ty.inline_index(name) {
            Some(index) if index < object.inline_capacity() => {
                (inline_offset(ty, index), index as u32)
            }
            _ => return,
        },
        None => return,
    };
    let version = ty.version(vm);
    if version == 0 {
        return;
    }
    // SAFETY: the cache words are those of the running instruction.
    unsafe {
        r.set_extra(0, version);
        r.set_extra(1, offset);
        r.set_extra(2, index);
        r.respecialize(op);
    }
}

/// STORE_ATTR, generic.
#[inline(never)]
pub(super) unsafe fn store_attr(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: value and object are owned by the stack.
    unsafe {
        r.save(vm);
        let (object, value) = (r.top(1), r.top(2));
        let name = r.name(i);
        let result = protocol::set_attr(vm, object, name, value);
        if result.is_ok() {
            fill_store(vm, r, object, name, Op::STORE_ATTR_INLINE);
        }
        attempt!(result);
        r.drop_top();
        r.drop_top();
        r.skip(4);
        Flow::Next
    }
}

/// Stores a value at the cached place, if the cache holds: gives the old word, null where there was none.
#[inline(always)]
unsafe fn store_cached(r: &Regs, object: &Object, value: Raw) -> Option<Raw> {
    // SAFETY: the version says that the offset is that of a word of this object.
    unsafe {
        if !version_holds(r, object) {
            return None;
        }
        let place = word_at(object, r.extra(1));
        let old = *place;
        if old.is_null() {
            let index = r.extra(2);
            if index != u32::MAX && (!no_own_dict(object) || !object.claim_inline(index as usize)) {
                return None;
            }
        }
        *place = value;
        Some(old)
    }
}

/// STORE_ATTR_INLINE and STORE_ATTR_SLOT
pub(super) unsafe fn store_attr_word(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: value and object are owned by the stack.
    unsafe {
        let object = r.peek(1);
        match store_cached(r, object.object(), r.peek(2)) {
            Some(old) => {
                r.sp = r.sp.sub(2);
                r.skip(4);
                super::arith::release(vm, r, old);
                object.object().dec();
                Flow::Next
            }
            None => store_attr(vm, r, i),
        }
    }
}

/// STORE_ATTR_L, generic.
#[inline(never)]
pub(super) unsafe fn store_attr_local(vm: &Vm, r: &mut Regs, local: usize, i: usize) -> Flow {
    // SAFETY: the local is bound (the compiler has shown it); the value is owned by the stack.
    unsafe {
        r.save(vm);
        let word = *r.local(local);
        if word.is_null() {
            return super::names::unbound(vm, *r, local);
        }
        let object = word.object().to_ref();
        let name = r.name(i);
        let result = protocol::set_attr(vm, &object, name, r.top(1));
        if result.is_ok() {
            fill_store(vm, r, &object, name, Op::STORE_ATTR_L_INLINE);
        }
        attempt!(result);
        r.drop_top();
        r.skip(4);
        Flow::Next
    }
}

/// STORE_ATTR_L_INLINE and STORE_ATTR_L_SLOT
pub(super) unsafe fn store_attr_local_word(vm: &Vm, r: &mut Regs, local: usize, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let object = *r.local(local);
        if !object.is_null()
            && let Some(old) = store_cached(r, object.object(), r.peek(1))
        {
            r.sp = r.sp.sub(1);
            r.skip(4);
            super::arith::release(vm, r, old);
            return Flow::Next;
        }
        store_attr_local(vm, r, local, i)
    }
}

pub(super) unsafe fn delete_attr(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the object is owned by the stack.
    unsafe {
        r.save(vm);
        attempt!(protocol::del_attr(vm, r.top(1), r.name(i)));
        r.drop_top();
        Flow::Next
    }
}

/// LOAD_SUPER_ATTR and its relatives: `super class self` → attribute, or function and self.
pub(super) unsafe fn load_super(vm: &Vm, r: &mut Regs, i: usize, zero: bool, method: bool) -> Flow {
    // SAFETY: the three values are owned by the stack.
    unsafe {
        r.save(vm);
        let (callable, class, object) = (r.top(3), r.top(2), r.top(1));
        let name = r.name(i);
        let result: PyResult<(Ref, bool)> = if callable.is(&vm.types.super_.head) {
            crate::types::super_::super_lookup(vm, class, object, name, method)
        } else {
            let args: &[&Object] = if zero { &[] } else { &[class, object] };
            protocol::call_args(vm, callable, args)
                .and_then(|s| protocol::get_attr(vm, &s, name))
                .map(|v| (v, false))
        };
        let (found, with_self) = attempt!(result);
        let receiver = r.pop();
        r.drop_top();
        r.drop_top();
        r.push_ref(found);
        if method && with_self {
            r.push(receiver);
        } else {
            if method {
                r.push(Raw::NULL);
            }
            receiver.object().dec();
        }
        Flow::Next
    }
}
