//! `types.SimpleNamespace`: attributes and nothing else; `sys.implementation` is one.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A namespace.
#[repr(C)]
pub struct SimpleNamespace {
    /// The header.
    pub head: Object,
    /// `__dict__`
    pub dict: Slot<Dict>,
}
object_layout!(
    SimpleNamespace = kinds::SIMPLE_NAMESPACE,
    traverse | this,
    visit | {
        this.dict.visit(visit);
    },
    clear | this | {
        this.dict.set(None);
    }
);

/// The type `types.SimpleNamespace`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "SimpleNamespace",
    module: "types",
    doc: "A simple attribute-based namespace.",
    signature: "(mapping_or_iterable=(), /, **kwargs)",
    traits: TypeTraits::BASE,
    dict_offset: std::mem::offset_of!(SimpleNamespace, dict) as u32,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| Ok(place(vm, ty)?.upcast())));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
    },
    methods: &[&[
        MethodDef::new("__reduce__", "($self, /)", NativeCall::NoArgs(reduce), ""),
        MethodDef::new("__replace__", "", NativeCall::Raw(replace), ""),
    ]],
    getset: &[GetSetDef::member(
        "__dict__",
        |vm, o| Ok(dict_of(vm, o)?.upcast()),
        "",
    )],
    ..TypeSpec::new(SimpleNamespace::layout, true)
};

fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<SimpleNamespace>> {
    let made = vm.place(SimpleNamespace {
        head: Object::new(ty.type_head_of()),
        dict: Slot::new(Some(vm.new_dict()?)),
    })?;
    vm.heap.track(&made);
    Ok(made)
}

/// A namespace of the builtin type with these attributes.
///
/// # Errors
/// MemoryError
pub fn new(vm: &Vm, attributes: &[(&str, Ref)]) -> PyResult {
    let namespace = place(vm, &vm.types.simple_namespace)?;
    let dict = dict_of(vm, &namespace.head)?;
    for (name, value) in attributes {
        dict.set_text(vm, name, value)?;
    }
    Ok(namespace.upcast())
}

fn dict_of(vm: &Vm, object: &Object) -> PyResult<Ref<Dict>> {
    match receiver::<SimpleNamespace>(vm, object)?.dict.get() {
        Some(dict) => Ok(dict),
        None => Err(vm.system_error("namespace without dict")),
    }
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let dict = dict_of(vm, this)?;
    match args.pos() {
        [] => {}
        [source] => {
            let given = protocol::call_one(vm, &vm.types.dict.head, source)?;
            if let Some(given) = given.downcast::<Dict>() {
                for (key, value) in given.snapshot() {
                    if key.downcast::<Str>().is_none() {
                        return Err(vm.type_error("keywords must be strings"));
                    }
                    dict.set(vm, &key, &value)?;
                }
            }
        }
        more => {
            return Err(vm.type_error(format!(
                "{} expected at most 1 argument, got {}",
                Type::of(this).display_name(),
                more.len()
            )));
        }
    }
    for (name, value) in args.keywords() {
        dict.set_str(vm, name, value)?;
    }
    Ok(())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let name = if Type::of(this).is(&vm.types.simple_namespace) {
        "namespace".to_owned()
    } else {
        Type::of(this).display_name().to_string()
    };
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str(&format!("{name}(...)"))?.upcast());
    };
    let mut parts = Vec::new();
    for (key, value) in dict_of(vm, this)?.snapshot() {
        if let Some(key) = key.downcast::<Str>() {
            let value = protocol::repr(vm, &value)?;
            parts.push(format!("{}={}", key.to_text(), value.to_text()));
        }
    }
    Ok(vm
        .new_str(&format!("{name}({})", parts.join(", ")))?
        .upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if a.downcast::<SimpleNamespace>().is_none() || b.downcast::<SimpleNamespace>().is_none() {
        return Ok(vm.not_implemented());
    }
    protocol::compare(vm, &dict_of(vm, a)?.head, &dict_of(vm, b)?.head, op)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let parts = vec![
        Type::of(this).head.to_ref(),
        vm.empty_tuple.clone().upcast(),
        dict_of(vm, this)?.upcast(),
    ];
    Ok(vm.new_tuple(parts)?.upcast())
}

fn replace(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    if !args.pos().is_empty() {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    }
    let copy = protocol::call_no_args(vm, &Type::of(this).head)?;
    if copy.downcast::<SimpleNamespace>().is_none() {
        return Err(vm.type_error(format!(
            "expect types.SimpleNamespace type, but {}() returned '{}' object",
            Type::of(this).display_name(),
            protocol::type_name(&copy)
        )));
    }
    let dict = dict_of(vm, &copy)?;
    for (key, value) in dict_of(vm, this)?.snapshot() {
        dict.set(vm, &key, &value)?;
    }
    for (name, value) in args.keywords() {
        dict.set_str(vm, name, value)?;
    }
    Ok(copy)
}
