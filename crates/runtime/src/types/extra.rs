//! Types that native modules add when they are first imported.

use viv_heap::{Flags, ObjectLayout, Ref, TypeFlags};

use super::spec::{TypeSpec, allocate};
use crate::object::{Exception, Type, TypeTraits};
use crate::result::PyResult;
use crate::vm::Vm;
use crate::vm::create::{fill_from_spec, fill_type};

/// The type of a spec, made at the first call; `base` is its base.
///
/// # Errors
/// MemoryError
pub fn extra_type(vm: &Vm, spec: &'static TypeSpec, base: &Ref<Type>) -> PyResult<Ref<Type>> {
    extra_type_with_slots(vm, spec, base, 0)
}

/// As [`extra_type`]; instances have `slots` words for references behind their layout's struct, the first at the offset
/// [`first_slot`].
pub fn extra_type_with_slots(
    vm: &Vm,
    spec: &'static TypeSpec,
    base: &Ref<Type>,
    slots: u32,
) -> PyResult<Ref<Type>> {
    let key = std::ptr::from_ref(spec).addr();
    if let Some((known, _)) = vm.extra_types.borrow().get(&key) {
        return Ok(known.clone());
    }
    let Some(ty) = allocate(&vm.heap, vm.types.type_.type_head_of(), spec) else {
        return Err(vm.no_memory());
    };
    ty.info
        .basicsize
        .set(ty.info.basicsize.get() + slots * size_of::<usize>() as u32);
    if slots != 0 {
        ty.info
            .flags
            .set(ty.info.flags.get() | TypeFlags::BUILTIN_SLOTS);
        not_simple(&ty);
    }
    fill_type(vm, &ty, Some(base), spec.name)?;
    fill_from_spec(vm, &ty, spec)?;
    vm.extra_types
        .borrow_mut()
        .insert(key, (ty.clone(), Some(spec)));
    Ok(ty)
}

/// As [`extra_type`]; instances have a `__dict__` and can be weakly referenced.
pub fn extra_type_with_dict(
    vm: &Vm,
    spec: &'static TypeSpec,
    base: &Ref<Type>,
) -> PyResult<Ref<Type>> {
    extra_type_with_slots_and_dict(vm, spec, base, 0)
}

/// As [`extra_type_with_slots`]; instances have a `__dict__` and can be weakly referenced.
pub fn extra_type_with_slots_and_dict(
    vm: &Vm,
    spec: &'static TypeSpec,
    base: &Ref<Type>,
    slots: u32,
) -> PyResult<Ref<Type>> {
    let ty = extra_type_with_slots(vm, spec, base, slots)?;
    let managed = TypeFlags::MANAGED_DICT | TypeFlags::MANAGED_WEAKREF;
    if ty.info.flags.get() & managed == managed {
        return Ok(ty);
    }
    ty.info.flags.set(ty.info.flags.get() | managed);
    ty.info
        .object_flags
        .set(ty.info.object_flags.get() | Flags::MANAGED);
    not_simple(&ty);
    Ok(ty)
}

/// The declaration of an exception class that a native module adds.
pub const fn exception_spec(
    name: &'static str,
    module: &'static str,
    doc: &'static str,
) -> TypeSpec {
    TypeSpec {
        name,
        module,
        doc,
        traits: TypeTraits::BASE,
        ..TypeSpec::new(Exception::layout, true)
    }
}

/// Says that there is more to instances than their struct.
fn not_simple(ty: &Type) {
    ty.info
        .object_flags
        .set(ty.info.object_flags.get() & !Flags::SIMPLE);
}

/// The offset of the first slot of the instances of a spec.
pub fn first_slot(spec: &'static TypeSpec) -> u32 {
    (spec.layout)().size as u32
}
