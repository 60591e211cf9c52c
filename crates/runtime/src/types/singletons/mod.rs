//! The builtin types `NoneType`, `ellipsis`, `NotImplementedType`: each has one instance.

use viv_heap::ObjectLayout;

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Singleton, Type};
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `NoneType`.
pub static NONE_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NoneType",
    doc: "The type of the None singleton.",
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            no_args(vm, ty, args).map(|()| vm.none_ref())
        }));
        s.repr.set(Some(|vm, _| Ok(vm.intern("None")?.upcast())));
        s.bool.set(Some(|_, _| Ok(false)));
        s.hash.set(Some(|_, _| Ok(0xfca8_6420)));
    },
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `ellipsis`.
pub static ELLIPSIS_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "ellipsis",
    doc: "The type of the Ellipsis singleton.",
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            no_args(vm, ty, args).map(|()| vm.ellipsis.clone().upcast())
        }));
        s.repr
            .set(Some(|vm, _| Ok(vm.intern("Ellipsis")?.upcast())));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(|vm, _| Ok(vm.intern("Ellipsis")?.upcast())),
        "",
    )]],
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `NotImplementedType`.
pub static NOT_IMPLEMENTED_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    doc: "The type of the NotImplemented singleton.",
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            no_args(vm, ty, args).map(|()| vm.not_implemented())
        }));
        s.repr
            .set(Some(|vm, _| Ok(vm.intern("NotImplemented")?.upcast())));
        s.bool.set(Some(|vm, _| {
            Err(vm.type_error("NotImplemented should not be used in a boolean context"))
        }));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(|vm, _| Ok(vm.intern("NotImplemented")?.upcast())),
        "",
    )]],
    ..TypeSpec::new(Singleton::layout, false)
};

fn no_args(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult<()> {
    if args.values().is_empty() {
        Ok(())
    } else {
        Err(vm.type_error(format!("{} takes no arguments", ty.display_name())))
    }
}
