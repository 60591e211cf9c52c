//! The module `_collections`: `deque`, `defaultdict` and the helpers of `collections`.
//!
//! `OrderedDict` and `_tuplegetter` are those that `collections` itself has in Python.

pub mod default_dict;
pub mod deque;
pub mod deque_iterator;
pub mod deque_methods;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::Dict;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_collections",
    doc: "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, ty) in [
            ("deque", deque::deque_type(vm)?),
            ("defaultdict", default_dict::default_dict_type(vm)?),
            ("_deque_iterator", deque_iterator::iterator_type(vm)?),
            (
                "_deque_reverse_iterator",
                deque_iterator::reverse_iterator_type(vm)?,
            ),
        ] {
            module.dict.set_text(vm, name, ty.as_object())?;
        }
        Ok(())
    },
};

const FUNCTIONS: &[MethodDef] = &[MethodDef::new(
    "_count_elements",
    "($module, mapping, iterable, /)",
    NativeCall::Positional {
        min: 2,
        max: 2,
        call: count_elements,
    },
    "Count elements in the iterable, updating the mapping",
)];

fn count_elements(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [mapping, iterable] = args else {
        return Ok(vm.none_ref());
    };
    let one = vm.new_int(1)?;
    let get = vm.intern("get")?;
    let zero = vm.new_int(0)?;
    let plain = mapping.is_exact::<Dict>();
    let iterator = protocol::iter(vm, iterable)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        let old = match mapping.downcast::<Dict>().filter(|_| plain) {
            Some(dict) => dict.get(vm, &item)?.unwrap_or_else(|| zero.clone()),
            None => protocol::call_method(vm, mapping, &get, &[&item, &zero])?,
        };
        let new = protocol::binary(vm, &old, &one, viv_runtime::BinaryOp::Add)?;
        protocol::set_item(vm, mapping, &item, &new)?;
    }
    Ok(vm.none_ref())
}
