//! Types that native modules add when they are first imported.

use viv_heap::{Flags, ObjectLayout, Ref, TypeFlags};

use super::spec::{SpecNumber, TypeSpec, allocate};
use crate::object::{Exception, Type, TypeTraits};
use crate::result::PyResult;
use crate::vm::Vm;
use crate::vm::create::{fill_from_spec, fill_type};

/// The type of a spec, made at the first call; `base` is its base.
///
/// # Errors
/// MemoryError
#[inline]
pub fn extra_type(vm: &Vm, spec: &'static TypeSpec, base: &Ref<Type>) -> PyResult<Ref<Type>> {
    extra_type_with_slots(vm, spec, base, 0)
}

/// As [`extra_type`]; instances have `slots` words for references behind their layout's struct, the first at the offset
/// [`first_slot`].
#[inline]
pub fn extra_type_with_slots(
    vm: &Vm,
    spec: &'static TypeSpec,
    base: &Ref<Type>,
    slots: u32,
) -> PyResult<Ref<Type>> {
    if let Some(known) = known(vm, spec) {
        return Ok(known);
    }
    make(vm, spec, base, slots)
}

/// The type of a spec, if it has been made.
#[inline]
fn known(vm: &Vm, spec: &'static TypeSpec) -> Option<Ref<Type>> {
    class_of(vm, &spec.number)
}

/// The class that the interpreter keeps under a number, if it has been made.
#[inline]
pub fn class_of(vm: &Vm, number: &SpecNumber) -> Option<Ref<Type>> {
    let types = vm.extra_types.borrow();
    match types.get(number.get()) {
        Some(Some((known, _))) => Some(known.clone()),
        _ => None,
    }
}

/// Keeps a class under a number, as long as the interpreter is there.
pub fn keep_class(vm: &Vm, number: &SpecNumber, class: Ref<Type>, spec: Option<&'static TypeSpec>) {
    let number = number.get();
    let mut types = vm.extra_types.borrow_mut();
    if types.len() <= number {
        types.resize_with(number + 1, || None);
    }
    types[number] = Some((class, spec));
}

#[cold]
fn make(vm: &Vm, spec: &'static TypeSpec, base: &Ref<Type>, slots: u32) -> PyResult<Ref<Type>> {
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
    keep_class(vm, &spec.number, ty.clone(), Some(spec));
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
    if let Some(known) = known(vm, spec) {
        return Ok(known);
    }
    let ty = make(vm, spec, base, slots)?;
    let managed = TypeFlags::MANAGED_DICT | TypeFlags::MANAGED_WEAKREF;
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
