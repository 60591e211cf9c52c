//! The module `_collections`: `deque`, `defaultdict`, `OrderedDict` and the helpers of `collections`.

pub mod default_dict;
pub mod deque;
pub mod deque_iterator;
pub mod deque_methods;
pub mod ordered;
pub mod tuple_getter;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Dict, Int, Str, Type};
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
            ("OrderedDict", ordered::ordered_dict_type(vm)?),
            ("_tuplegetter", tuple_getter::getter_type(vm)?),
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

/// Whether a class has not changed how dicts get and set items.
fn reads_and_writes_plainly(vm: &Vm, mapping: &Object, get: &Str) -> bool {
    let (own, dict) = (Type::of(mapping), &vm.types.dict);
    let same_get = match (own.lookup(vm, get), dict.lookup(vm, get)) {
        (Some(own), Some(plain)) => own.is(&plain),
        _ => false,
    };
    let same_set = match (own.slots.setitem.get(), dict.slots.setitem.get()) {
        (Some(own), Some(plain)) => std::ptr::fn_addr_eq(own, plain),
        _ => false,
    };
    same_get && same_set
}

fn count_elements(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [mapping, iterable] = args else {
        return Ok(vm.none_ref());
    };
    let one = vm.new_int(1)?;
    let get = vm.intern("get")?;
    let zero = vm.new_int(0)?;
    let plain = mapping
        .downcast::<Dict>()
        .filter(|_| reads_and_writes_plainly(vm, mapping, &get));
    let iterator = protocol::iter(vm, iterable)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        let old = match plain {
            Some(dict) => {
                let old = dict.get(vm, &item)?.unwrap_or_else(|| zero.clone());
                let small = old
                    .downcast_exact::<Int>()
                    .and_then(Int::as_i64)
                    .and_then(|n| n.checked_add(1));
                let new = match small {
                    Some(new) => vm.new_int(new)?,
                    None => protocol::binary(vm, &old, &one, viv_runtime::BinaryOp::Add)?,
                };
                dict.set(vm, &item, &new)?;
                continue;
            }
            None => protocol::call_method(vm, mapping, &get, &[&item, &zero])?,
        };
        let new = protocol::binary(vm, &old, &one, viv_runtime::BinaryOp::Add)?;
        protocol::set_item(vm, mapping, &item, &new)?;
    }
    Ok(vm.none_ref())
}
