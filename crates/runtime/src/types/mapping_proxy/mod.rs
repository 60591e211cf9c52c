//! The builtin type `mappingproxy`: a read-only view of a mapping.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::native::{MethodDef, NativeCall};
use crate::object::{List, Str, Tuple, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A read-only view of a mapping.
#[repr(C)]
pub struct MappingProxy {
    /// The header.
    pub head: Object,
    mapping: Ref,
}
object_layout!(
    MappingProxy = kinds::MAPPING_PROXY,
    traverse | this,
    visit | {
        visit.visit(&this.mapping);
    }
);

/// The type `mappingproxy`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "mappingproxy",
    doc: "Read-only proxy of a mapping.",
    signature: "(mapping)",
    traits: TypeTraits::MAPPING,
    slots: |s| {
        s.new.set(Some(|vm, _, args| {
            let [mapping] = args.pos() else {
                return Err(
                    vm.type_error("mappingproxy() missing required argument 'mapping' (pos 1)")
                );
            };
            let subscripted = Type::of(mapping).slots.getitem.get().is_some();
            let sequence = mapping.downcast::<List>().is_some()
                || mapping.downcast::<Tuple>().is_some()
                || mapping.downcast::<Type>().is_some();
            if !subscripted || sequence {
                return Err(vm.type_error(format!(
                    "mappingproxy() argument must be a mapping, not {}",
                    protocol::type_name(mapping)
                )));
            }
            new(vm, mapping)
        }));
        s.repr.set(Some(|vm, o| {
            let inner = protocol::repr(vm, of(vm, o)?.as_object())?;
            vm.new_str(&format!("mappingproxy({})", inner.to_text()))
                .map(Ref::upcast)
        }));
        s.str.set(Some(|vm, o| {
            protocol::str(vm, of(vm, o)?.as_object()).map(Ref::upcast)
        }));
        s.len
            .set(Some(|vm, o| protocol::len(vm, of(vm, o)?.as_object())));
        s.getitem.set(Some(|vm, o, k| {
            protocol::get_item(vm, of(vm, o)?.as_object(), k)
        }));
        s.contains.set(Some(|vm, o, k| {
            protocol::contains(vm, of(vm, o)?.as_object(), k)
        }));
        s.iter
            .set(Some(|vm, o| protocol::iter(vm, of(vm, o)?.as_object())));
        s.hash
            .set(Some(|vm, o| protocol::hash(vm, of(vm, o)?.as_object())));
        s.compare.set(Some(|vm, a, b, op| match op {
            CompareOp::Eq | CompareOp::Ne => {
                let b = of(vm, b).unwrap_or_else(|raised| {
                    drop(vm.take_raised(raised));
                    b.to_ref()
                });
                protocol::compare(vm, of(vm, a)?.as_object(), &b, op)
            }
            _ => Ok(vm.not_implemented()),
        }));
        s.binary[BinaryOp::Or as usize].set(Some(|vm, a, b| {
            let plain = |o: &Object| {
                o.downcast::<MappingProxy>()
                    .map_or_else(|| o.to_ref(), |p| p.mapping.clone())
            };
            protocol::binary(vm, &plain(a), &plain(b), BinaryOp::Or)
        }));
        s.inplace[BinaryOp::Or as usize].set(Some(|vm, a, _| {
            Err(vm.type_error(format!(
                "'|=' is not supported by {}; use '|' instead",
                protocol::type_name(a)
            )))
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(MappingProxy::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "get",
        "",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, o, a| forward(vm, o, "get", a),
        },
        "",
    ),
    MethodDef::new(
        "keys",
        "",
        NativeCall::NoArgs(|vm, o| forward(vm, o, "keys", &[])),
        "",
    ),
    MethodDef::new(
        "values",
        "",
        NativeCall::NoArgs(|vm, o| forward(vm, o, "values", &[])),
        "",
    ),
    MethodDef::new(
        "items",
        "",
        NativeCall::NoArgs(|vm, o| forward(vm, o, "items", &[])),
        "",
    ),
    MethodDef::new(
        "copy",
        "",
        NativeCall::NoArgs(|vm, o| forward(vm, o, "copy", &[])),
        "",
    ),
    MethodDef::new(
        "__reversed__",
        "",
        NativeCall::NoArgs(|vm, o| forward(vm, o, "__reversed__", &[])),
        "",
    ),
    MethodDef::class(
        "__class_getitem__",
        "",
        NativeCall::One(crate::types::generic_alias::class_getitem),
        "See PEP 585",
    ),
];

fn of(vm: &Vm, object: &Object) -> PyResult {
    match object.downcast::<MappingProxy>() {
        Some(proxy) => Ok(proxy.mapping.clone()),
        None => Err(vm.type_error("descriptor requires a 'mappingproxy' object")),
    }
}

fn forward(vm: &Vm, object: &Object, method: &str, args: &[&Object]) -> PyResult {
    let name: Ref<Str> = vm.intern(method)?;
    protocol::call_method(vm, of(vm, object)?.as_object(), &name, args)
}

/// A read-only view.
pub fn new(vm: &Vm, mapping: &Object) -> PyResult {
    let head = Object::new(vm.types.mapping_proxy.type_head_of());
    let proxy = vm.place(MappingProxy {
        head,
        mapping: mapping.to_ref(),
    })?;
    vm.heap.track(&proxy);
    Ok(proxy.upcast())
}
