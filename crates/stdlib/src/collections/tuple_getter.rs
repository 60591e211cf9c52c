//! `_tuplegetter`: the descriptor of a named tuple's field.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Tuple, Type};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{constructor_args, place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use crate::kinds;

/// A `collections._tuplegetter`.
#[repr(C)]
pub struct TupleGetter {
    /// The header.
    pub head: Object,
    index: i64,
    doc: Slot,
}
object_layout!(
    TupleGetter = kinds::TUPLE_GETTER,
    traverse | this,
    visit | {
        this.doc.visit(visit);
    },
    clear | this | {
        this.doc.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_tuplegetter",
    module: "collections",
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.descr_get.set(Some(get));
        s.descr_set.set(Some(|vm, _, _, value| {
            let text = if value.is_some() {
                "can't set attribute"
            } else {
                "can't delete attribute"
            };
            Err(vm.raise(&vm.exceptions.AttributeError, text))
        }));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(|vm, this| {
            let own = receiver::<TupleGetter>(vm, this)?;
            let args = vec![vm.new_int(own.index)?, doc(vm, own)];
            let class = Ref::of(Type::of(this)).upcast();
            let args = vm.new_tuple(args)?.upcast();
            Ok(vm.new_tuple(vec![class, args])?.upcast())
        }),
        "",
    )]],
    getset: &[GetSetDef::get_set(
        "__doc__",
        |vm, this| Ok(doc(vm, receiver(vm, this)?)),
        |vm, this, value| {
            receiver::<TupleGetter>(vm, this)?
                .doc
                .set(value.map(Object::to_ref));
            Ok(())
        },
        "",
    )],
    ..TypeSpec::new(TupleGetter::layout, true)
};

/// The type.
pub fn getter_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn doc(vm: &Vm, this: &TupleGetter) -> Ref {
    this.doc.get().unwrap_or_else(|| vm.none_ref())
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let [index, doc] = constructor_args(vm, "_tuplegetter", args, 2, 2)? else {
        return Err(vm.system_error("_tuplegetter lost its arguments"));
    };
    place_tracked(
        vm,
        TupleGetter {
            head: Object::new(ty.type_head_of()),
            index: protocol::to_i64(vm, index)?,
            doc: Slot::full(doc.to_ref()),
        },
    )
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<TupleGetter>(vm, this)?;
    let mut out = TextBuilder::new();
    out.push(&format!("_tuplegetter({}, ", this.index));
    out.push_repr(vm, &doc(vm, this))?;
    out.push(")");
    Ok(out.finish(vm)?.upcast())
}

fn get(vm: &Vm, this: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let getter = receiver::<TupleGetter>(vm, this)?;
    let Some(instance) = instance.filter(|instance| !vm.is_none(instance)) else {
        return match owner {
            Some(owner) if !vm.is_none(owner) => Ok(this.to_ref()),
            _ => Err(vm.type_error("__get__(None, None) is invalid")),
        };
    };
    let Some(tuple) = instance.downcast::<Tuple>() else {
        return Err(vm.type_error(format!(
            "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object",
            getter.index,
            protocol::type_name(instance)
        )));
    };
    let item = usize::try_from(getter.index)
        .ok()
        .and_then(|index| tuple.get(index));
    match item {
        Some(item) => Ok(item.to_ref()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}
