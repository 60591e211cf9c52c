//! The builtin types `NoneType`, `ellipsis`, `NotImplementedType`.

use crate::object::Singleton;
use crate::types::spec::TypeSpec;
use viv_heap::{ObjectLayout, Ref};

/// The type `NoneType`.
pub static NONE_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NoneType",
    slots: |s| {
        s.repr.set(Some(|vm, _| vm.intern("None").map(Ref::upcast)));
        s.new.set(Some(|vm, _, args| {
            if args.values().is_empty() {
                return Ok(vm.none.head.to_ref());
            }
            Err(vm.type_error("NoneType takes no arguments"))
        }));
        s.bool.set(Some(|_, _| Ok(false)));
    },
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `ellipsis`.
pub static ELLIPSIS_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "ellipsis",
    slots: |s| {
        s.repr.set(Some(|vm, _| vm.intern("Ellipsis").map(Ref::upcast)));
        s.new.set(Some(|vm, _, args| {
            if args.values().is_empty() {
                return Ok(vm.ellipsis.head.to_ref());
            }
            Err(vm.type_error("ellipsis takes no arguments"))
        }));
    },
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `NotImplementedType`.
pub static NOT_IMPLEMENTED_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    slots: |s| {
        s.repr.set(Some(|vm, _| vm.intern("NotImplemented").map(Ref::upcast)));
        s.new.set(Some(|vm, _, args| {
            if args.values().is_empty() {
                return Ok(vm.not_implemented.head.to_ref());
            }
            Err(vm.type_error("NotImplementedType takes no arguments"))
        }));
        s.bool.set(Some(|vm, _| Err(vm.type_error("NotImplemented should not be used in a boolean context"))));
    },
    ..TypeSpec::new(Singleton::layout, false)
};
