//! Attributes: generic access that fills the inline caches, and the cached forms.
//!
//! A cache holds the version of the object's type. While the type has it, the name means the same for all its instances:
//! a word at a fixed offset (a slot, or a value kept inline), or an object found in a class.

use viv_bytecode::Op;
use viv_heap::{Object, Raw, Ref};

use super::attr_cache::{self, Found};
use super::regs::{Flow, Regs, attempt};
use crate::object::{Dict, Function, MemberDescriptor, Module, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::class_method::ClassMethod;
use crate::types::property::Property;
use crate::types::static_method::StaticMethod;
use crate::vm::Vm;

/// The type uses the default way of reading attributes.
fn reads_plainly(ty: &Type) -> bool {
    ty.slots.getattr.get().is_none_or(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::object::generic_get_attr as crate::slots::GetAttr,
        )
    })
}

/// Instances are classes, whose attributes are read in the usual way: data descriptors of the metaclass go first.
fn reads_as_class(ty: &Type) -> bool {
    ty.slots.getattr.get().is_some_and(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::ty::attributes::get_attr as crate::slots::GetAttr,
        )
    })
}

/// The dict that an instance has instead of its inline values.
#[inline(always)]
fn own_dict(object: &Object) -> Option<&Dict> {
    object.managed()?.dict()?.downcast_exact::<Dict>()
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

fn word_of(ty: &Type, index: usize) -> Found {
    Found::Word {
        offset: inline_offset(ty, index),
        index: index as u32,
    }
}

fn classify(vm: &Vm, object: &Object, name: &Str) -> Found {
    let ty = Type::of(object);
    match ty.lookup(vm, name) {
        Some(found) => {
            if let Some(member) = found.downcast::<MemberDescriptor>() {
                return Found::Word {
                    offset: member.offset,
                    index: u32::MAX,
                };
            }
            if let Some(property) = found.downcast_exact::<Property>()
                && property
                    .get
                    .get()
                    .is_some_and(|get| get.is_exact::<Function>())
            {
                return Found::Property(&*found);
            }
            let class = Type::of(&found);
            if class.slots.descr_set.get().is_some() {
                let fixed =
                    class.has(TypeTraits::IMMUTABLE) && class.slots.descr_get.get().is_some();
                return if fixed {
                    Found::Computed(&*found)
                } else {
                    Found::Unknown
                };
            }
            // An instance may have its own entry of that name: only those that surely have none are cached. Whether it has
            // got a dict since is asked each time.
            let may_shadow = if has_inline_values(ty) {
                ty.inline_index(name).is_some()
                    || object.managed().is_some_and(|m| m.dict().is_some())
            } else {
                object.managed().is_some_and(|m| m.dict().is_some())
                    || protocol::object_dict(object).is_some()
                    || object.downcast::<Module>().is_some()
            };
            if may_shadow || object.downcast::<Type>().is_some() {
                return Found::Unknown;
            }
            if class.has(TypeTraits::METHOD_DESCRIPTOR) {
                Found::Method(&*found)
            } else if class.slots.descr_get.get().is_none() {
                Found::Value(&*found)
            } else {
                Found::Unknown
            }
        }
        None if has_inline_values(ty) => match ty.inline_index(name) {
            Some(index) if !ty.has(TypeTraits::CRAMPED) => word_of(ty, index),
            _ => Found::Unknown,
        },
        None => Found::Unknown,
    }
}

/// What reading an attribute of a class itself gives, as long as the class has its version, and a metaclass its own: the
/// object, and whether it is called with the class as its first argument.
fn classify_class(vm: &Vm, class: &Type, name: &Str) -> Option<(Ref, bool)> {
    let meta = Type::of(&class.head);
    let plain = meta
        .slots
        .getattr
        .get()
        .zip(vm.types.type_.slots.getattr.get());
    if !plain.is_some_and(|(own, usual)| std::ptr::fn_addr_eq(own, usual))
        || meta.lookup(vm, name).is_some()
    {
        return None;
    }
    let found = class.lookup(vm, name)?;
    if let Some(method) = found.downcast_exact::<ClassMethod>() {
        let function = method.function.get()?;
        return function.is_exact::<Function>().then_some((function, true));
    }
    if let Some(method) = found.downcast_exact::<StaticMethod>() {
        return Some((method.function.get()?, false));
    }
    let plain = found.is_exact::<Function>() || Type::of(&found).slots.descr_get.get().is_none();
    plain.then_some((found, false))
}

/// Fills the caches after a read of an attribute of a class through the generic path.
unsafe fn fill_class(vm: &Vm, r: &Regs, class: &Type, name: &Str, op: Op) {
    if !name.is_interned() {
        return;
    }
    let Some((found, with_class)) = classify_class(vm, class, name) else {
        return;
    };
    let version = class.version(vm);
    if version == 0 || (with_class && op != Op::LOAD_METHOD_TYPE) {
        return;
    }
    let meta = Type::of(&class.head);
    let second = match op {
        Op::LOAD_METHOD_TYPE if meta.is(&vm.types.type_) => u32::from(with_class),
        Op::LOAD_ATTR_TYPE if meta.is(&vm.types.type_) => 0,
        Op::LOAD_ATTR_TYPE if meta.version(vm) != 0 => meta.version(vm),
        _ => return,
    };
    // SAFETY: the cache words are those of the running instruction.
    unsafe {
        r.set_extra(0, version);
        r.set_extra(1, second);
        set_pointer(r, &*found);
        r.respecialize(op);
    }
}

/// Fills the cache after a read of a module's global.
unsafe fn fill_module(vm: &Vm, r: &Regs, object: &Object, name: &Str, op: Op) {
    if let Some(module) = object.downcast_exact::<Module>()
        && let Some(entry) = module.dict.find_str_entry(vm, name)
    {
        // SAFETY: the cache words are those of the running instruction.
        unsafe {
            r.set_extra(0, module.dict.keys_version(vm));
            r.set_extra(1, entry as u32);
            r.respecialize(op);
        }
    }
}

/// Fills the caches after a read through the generic path.
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
    if vm.plain.get() || !name.is_interned() {
        return;
    }
    let has_dict = own_dict(object).is_some();
    match vm.hot.attributes.find(ty.version.get(), name) {
        Found::Computed(_) => return,
        // Neither form is for instances with a dict.
        Found::Word { .. } | Found::Method(_) | Found::Value(_) | Found::Varying if has_dict => {
            return;
        }
        _ => {}
    }
    let plainly = reads_plainly(ty);
    if !plainly && !reads_as_class(ty) {
        return;
    }
    let mut place = classify(vm, object, name);
    if place == Found::Unknown && has_dict {
        place = Found::Varying;
    }
    if !plainly && !matches!(place, Found::Computed(_)) {
        return;
    }
    let version = ty.version(vm);
    if version == 0 {
        return;
    }
    vm.hot.attributes.put(version, name, place);
    // SAFETY: the cache words are those of the running instruction.
    unsafe {
        match place {
            Found::Word { offset, index } => {
                r.set_extra(0, version);
                r.set_extra(1, offset);
                r.set_extra(2, index);
                r.respecialize(offset_op);
            }
            Found::Value(value) => {
                if let Some(op) = value_op {
                    r.set_extra(0, version);
                    set_pointer(r, value);
                    r.respecialize(op);
                }
            }
            Found::Method(value) => {
                if let Some(op) = method_op {
                    r.set_extra(0, version);
                    set_pointer(r, value);
                    r.respecialize(op);
                }
            }
            Found::Property(property) => {
                if let Some(op) = property_op(offset_op) {
                    r.set_extra(0, version);
                    set_pointer(r, property);
                    r.respecialize(op);
                }
            }
            Found::Computed(_) | Found::Varying | Found::Unknown => {}
        }
    }
}

/// The form for properties of the instruction whose form for words is given.
fn property_op(offset_op: Op) -> Option<Op> {
    match offset_op {
        Op::LOAD_ATTR_INLINE => Some(Op::LOAD_ATTR_PROPERTY),
        Op::LOAD_ATTR_L_INLINE => Some(Op::LOAD_ATTR_L_PROPERTY),
        _ => None,
    }
}

pub(super) unsafe fn set_pointer(r: &Regs, object: *const Object) {
    // SAFETY: the cache has two words for a pointer.
    unsafe {
        r.set_extra(2, object as usize as u32);
        r.set_extra(3, (object as usize >> 32) as u32);
    }
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

/// What the cache of all instructions says of an attribute that its owner's class makes anew at each read: a bound method, what a
/// data descriptor computes. Also a value in the owner's dict, where no class has the name.
#[inline]
fn made_anew(vm: &Vm, object: &Object, name: &Str) -> Option<PyResult> {
    let class = Type::of(object);
    match vm.hot.attributes.find(class.version.get(), name) {
        Found::Computed(descriptor) => {
            // SAFETY: while the class has the version, a class in its MRO keeps the descriptor.
            let descriptor = unsafe { &*descriptor };
            let get = Type::of(descriptor).slots.descr_get.get()?;
            // What the getter runs may change the classes that keep both.
            let (descriptor, class) = (descriptor.to_ref(), Ref::of(class));
            Some(get(vm, &descriptor, Some(object), Some(&class.head)))
        }
        // No class has the name.
        Found::Word { index, .. } if index != u32::MAX => {
            own_dict(object)?.get_str(vm, name).map(Ok)
        }
        Found::Method(function) if object.managed().is_none_or(|m| m.dict().is_none()) => {
            // SAFETY: the class has the version, and keeps the function while it has.
            let function = unsafe { attr_cache::word(function).object() }.to_ref();
            let bind = Type::of(&function).slots.descr_get.get()?;
            Some(bind(vm, &function, Some(object), Some(&class.head)))
        }
        _ => None,
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
        if let Some(result) = made_anew(vm, object, name) {
            if result.is_ok() {
                r.skip(4);
            }
            return r.finish(1, result);
        }
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
            if let Some(class) = object.downcast::<Type>() {
                fill_class(vm, r, class, name, Op::LOAD_ATTR_TYPE);
            }
            fill_module(vm, r, object, name, Op::LOAD_ATTR_MODULE);
            r.skip(4);
        }
        r.finish(1, result)
    }
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
        let name = r.name(i);
        let keep = word.object().to_ref();
        if let Some(result) = made_anew(vm, &keep, name) {
            let value = attempt!(result);
            r.skip(4);
            r.push_ref(value);
            return Flow::Next;
        }
        let value = attempt!(protocol::get_attr(vm, &keep, name));
        fill_load(
            vm,
            r,
            &keep,
            name,
            Op::LOAD_ATTR_L_INLINE,
            Some(Op::LOAD_ATTR_L_CLASS),
            None,
        );
        r.skip(4);
        r.push_ref(value);
        Flow::Next
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
        if let Some(class) = object.downcast::<Type>() {
            fill_class(vm, r, class, name, Op::LOAD_METHOD_TYPE);
        }
        fill_module(vm, r, object, name, Op::LOAD_METHOD_MODULE);
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

/// Fills the cache after a write through the generic path.
unsafe fn fill_store(vm: &Vm, r: &Regs, object: &Object, name: &Str, op: Op) {
    let ty = Type::of(object);
    if !writes_plainly(ty) || !name.is_interned() {
        return;
    }
    let own = || match ty.inline_index(name) {
        Some(index) if has_inline_values(ty) && !ty.has(TypeTraits::CRAMPED) => word_of(ty, index),
        _ => Found::Unknown,
    };
    let place = match ty.lookup(vm, name) {
        Some(found) => match found.downcast::<MemberDescriptor>() {
            Some(member) => Found::Word {
                offset: member.offset,
                index: u32::MAX,
            },
            None if Type::of(&found).slots.descr_set.get().is_some() => Found::Unknown,
            None => own(),
        },
        None => own(),
    };
    let Found::Word { offset, index } = place else {
        // What was cached is of no more use.
        // SAFETY: the instruction is the running one.
        unsafe { r.respecialize(op.generic()) };
        return;
    };
    let version = ty.version(vm);
    if version == 0 {
        return;
    }
    if ty
        .lookup(vm, name)
        .is_none_or(|f| f.is_exact::<MemberDescriptor>())
    {
        // What is read is what is written: the entry serves both.
        vm.hot.attributes.put(version, name, place);
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
