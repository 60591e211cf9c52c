//! `odict_keys`, `odict_values`, `odict_items`: the views of dict, which go over the keys in their order.

use viv_runtime::object::{DictView, DictWhat, Type, TypeTraits};
use viv_runtime::types::dict::view;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm};

use super::iterator;

macro_rules! view_spec {
    ($name:ident, $text:literal, $what:expr) => {
        static $name: TypeSpec = TypeSpec {
            name: $text,
            exact: false,
            traits: TypeTraits::NO_NEW,
            slots: |s| {
                s.iter.set(Some(|vm, this| {
                    iterator::new(vm, view::dict_of(vm, this)?.as_object(), $what, false)
                }));
            },
            methods: &[&[MethodDef::new(
                "__reversed__",
                "($self, /)",
                NativeCall::NoArgs(|vm, this| {
                    iterator::new(vm, view::dict_of(vm, this)?.as_object(), $what, true)
                }),
                "",
            )]],
            ..TypeSpec::new(DictView::layout, true)
        };
    };
}

view_spec!(KEYS, "odict_keys", DictWhat::Keys);
view_spec!(VALUES, "odict_values", DictWhat::Values);
view_spec!(ITEMS, "odict_items", DictWhat::Items);

/// A view of an `OrderedDict`.
pub fn new(vm: &Vm, this: &Object, what: DictWhat) -> PyResult {
    let ty: Ref<Type> = match what {
        DictWhat::Keys => extra_type(vm, &KEYS, &vm.types.dict_keys)?,
        DictWhat::Values => extra_type(vm, &VALUES, &vm.types.dict_values)?,
        DictWhat::Items => extra_type(vm, &ITEMS, &vm.types.dict_items)?,
    };
    view::with_type(vm, &ty, this, what)
}
