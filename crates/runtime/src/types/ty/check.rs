//! `isinstance` and `issubclass`.

use viv_heap::{Object, Ref};

use crate::object::{Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// `isinstance(object, class)`
///
/// # Errors
/// TypeError where `class` is no class; whatever `__instancecheck__` raises.
pub fn is_instance(vm: &Vm, object: &Object, class: &Object) -> PyResult<bool> {
    if Type::of(object).head.is(class) {
        return Ok(true);
    }
    if Type::of(class).is(&vm.types.type_) {
        return real_is_instance(vm, object, class);
    }
    if let Some(tuple) = class.downcast::<Tuple>() {
        let _depth = vm.enter_native(" in __instancecheck__")?;
        for item in tuple.iter() {
            if is_instance(vm, object, item)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match protocol::lookup_special(vm, class, &vm.names.__instancecheck__)? {
        Some(check) => {
            let _depth = vm.enter_native(" in __instancecheck__")?;
            let result = protocol::call_one(vm, &check, object)?;
            protocol::is_true(vm, &result)
        }
        None => real_is_instance(vm, object, class),
    }
}

/// `type.__instancecheck__`
pub fn real_is_instance(vm: &Vm, object: &Object, class: &Object) -> PyResult<bool> {
    if let Some(class) = class.downcast::<Type>() {
        if Type::of(object).is_subtype(class) {
            return Ok(true);
        }
        if claims_its_type(vm, object) {
            return Ok(false);
        }
        // `__class__` may tell another class, as that of a proxy or a mock does.
        let claimed = match claimed_class(vm, object)? {
            Some(claimed) => claimed,
            None => return Ok(false),
        };
        return Ok(claimed
            .downcast::<Type>()
            .is_some_and(|c| !c.is(Type::of(object)) && c.is_subtype(class)));
    }
    check_class(
        vm,
        class,
        "isinstance() arg 2 must be a type, a tuple of types, or a union",
    )?;
    match claimed_class(vm, object)? {
        Some(own) => abstract_is_subclass(vm, own, class),
        None => Ok(false),
    }
}

/// Whether an object's `__class__` is what `object` has by that name: its type.
fn claims_its_type(vm: &Vm, object: &Object) -> bool {
    let ty = Type::of(object);
    let plain = ty.slots.getattr.get().is_none_or(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::object::generic_get_attr as crate::slots::GetAttr,
        )
    });
    let name = &vm.names.__class__;
    // No builtin type has another `__class__`: those that tell one do it by an attribute access of their own.
    plain
        && (ty.has(TypeTraits::IMMUTABLE)
            || vm
                .type_lookup_borrowed(ty, name)
                .zip(vm.type_lookup_borrowed(&vm.types.object, name))
                .is_some_and(|(own, default)| own.is(default)))
}

fn claimed_class(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    if claims_its_type(vm, object) {
        return Ok(Some(Type::of(object).head.to_ref()));
    }
    protocol::get_attr_opt(vm, object, &vm.names.__class__)
}

/// `issubclass(derived, class)`
pub fn is_subclass(vm: &Vm, derived: &Object, class: &Object) -> PyResult<bool> {
    if Type::of(class).is(&vm.types.type_) {
        return if derived.is(class) {
            Ok(true)
        } else {
            real_is_subclass(vm, derived, class)
        };
    }
    if let Some(tuple) = class.downcast::<Tuple>() {
        let _depth = vm.enter_native(" in __subclasscheck__")?;
        for item in tuple.iter() {
            if is_subclass(vm, derived, item)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match protocol::lookup_special(vm, class, &vm.names.__subclasscheck__)? {
        Some(check) => {
            let _depth = vm.enter_native(" in __subclasscheck__")?;
            let result = protocol::call_one(vm, &check, derived)?;
            protocol::is_true(vm, &result)
        }
        None => real_is_subclass(vm, derived, class),
    }
}

/// `type.__subclasscheck__`
pub fn real_is_subclass(vm: &Vm, derived: &Object, class: &Object) -> PyResult<bool> {
    if let (Some(derived), Some(class)) = (derived.downcast::<Type>(), class.downcast::<Type>()) {
        return Ok(derived.is_subtype(class));
    }
    check_class(vm, derived, "issubclass() arg 1 must be a class")?;
    check_class(
        vm,
        class,
        "issubclass() arg 2 must be a class, a tuple of classes, or a union",
    )?;
    abstract_is_subclass(vm, derived.to_ref(), class)
}

/// The `__bases__` of something that behaves as a class.
fn bases_of(vm: &Vm, class: &Object) -> PyResult<Option<Ref<Tuple>>> {
    Ok(
        protocol::get_attr_opt(vm, class, &vm.names.__bases__)?
            .and_then(|b| b.cast::<Tuple>().ok()),
    )
}

fn check_class(vm: &Vm, class: &Object, message: &str) -> PyResult<()> {
    if bases_of(vm, class)?.is_some() {
        Ok(())
    } else {
        Err(vm.type_error(message))
    }
}

fn abstract_is_subclass(vm: &Vm, derived: Ref, class: &Object) -> PyResult<bool> {
    let mut todo = vec![derived];
    let mut seen = 0usize;
    while let Some(derived) = todo.pop() {
        if derived.is(class) {
            return Ok(true);
        }
        seen += 1;
        if seen > 100_000 {
            return Err(vm.recursion_error("maximum recursion depth exceeded in __issubclass__"));
        }
        if let Some(bases) = bases_of(vm, &derived)? {
            todo.extend(bases.as_slice().iter().rev().cloned());
        }
    }
    Ok(false)
}
