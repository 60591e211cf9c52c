//! The module `_functools`.

pub mod key;
pub mod lru_cache;
pub mod lru_order;
pub mod partial;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::protocol;
use viv_runtime::{Args, MethodDef, NativeCall, Object, PyResult, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_functools",
    doc: "Tools that operate on functions.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "partial", partial::partial_type(vm)?.as_object())?;
        module.dict.set_text(
            vm,
            "_PlaceholderType",
            partial::placeholder_type(vm)?.as_object(),
        )?;
        module
            .dict
            .set_text(vm, "Placeholder", partial::placeholder(vm)?.as_object())?;
        module.dict.set_text(
            vm,
            "_lru_cache_wrapper",
            lru_cache::wrapper_type(vm)?.as_object(),
        )
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "reduce",
        "($module, function, iterable, /, initial=<unrepresentable>)",
        NativeCall::Raw(reduce),
        "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.\n\nThis effectively reduces the iterable to a single value.  If initial is\npresent, it is placed before the items of the iterable in the\ncalculation, and serves as a default when the iterable is empty.\n\nFor example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])\ncalculates ((((1 + 2) + 3) + 4) + 5).",
    ),
    MethodDef::new(
        "cmp_to_key",
        "($module, /, mycmp)",
        NativeCall::Bound(key::cmp_to_key),
        "Convert a cmp= function into a key= function.\n\n  mycmp\n    Function that compares two objects.",
    ),
];

fn reduce(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let [function, iterable, rest @ ..] = args.pos() else {
        return Err(vm.type_error(format!(
            "reduce() takes at least 2 positional arguments ({} given)",
            args.pos().len()
        )));
    };
    if args.values().len() > 3 {
        return Err(vm.type_error(format!(
            "reduce() takes at most 3 arguments ({} given)",
            args.values().len()
        )));
    }
    let mut result = rest.first().map(|r| r.to_ref());
    for (name, value) in args.keywords() {
        if !name.eq_text("initial") {
            return Err(vm.type_error(format!(
                "reduce() got an unexpected keyword argument '{}'",
                name.to_text()
            )));
        }
        result = Some(value.to_ref());
    }
    let iterator = match protocol::iter(vm, iterable) {
        Ok(iterator) => iterator,
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            return Err(vm.type_error("reduce() arg 2 must support iteration"));
        }
    };
    while let Some(item) = protocol::next(vm, &iterator)? {
        result = Some(match result {
            None => item,
            Some(result) => protocol::call_args(vm, function, &[&result, &item])?,
        });
    }
    result.ok_or_else(|| vm.type_error("reduce() of empty iterable with no initial value"))
}
