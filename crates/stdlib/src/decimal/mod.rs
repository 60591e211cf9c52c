//! The module `_decimal`: decimal numbers. What is asked for often is native, exact arithmetic on big integers; the rare
//! operations (`exp`, `ln`, powers, logical operations ...) go to the library's `_pydecimal`, by way of `_decimal_rest`.

pub mod context;
pub mod number;
pub mod object;
pub mod operations;
pub mod signal_dict;
pub mod signals;
mod small;
pub mod text;

use viv_runtime::modules::import::import_name;
use viv_runtime::modules::make::{ModuleSpec, add_int, add_str};
use viv_runtime::object::Dict;
use viv_runtime::{Args, MethodDef, NativeCall, Object, PyResult, Vm, protocol};

use number::{Rounding, flags};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_decimal",
    doc: "C decimal arithmetic module",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, _) in context::ROUNDINGS {
            add_str(vm, module, name, name)?;
        }
        for (name, value) in [
            ("MAX_PREC", number::WIDEST.prec),
            ("MAX_EMAX", number::WIDEST.emax),
            ("MIN_EMIN", number::WIDEST.emin),
            ("MIN_ETINY", 2 * number::WIDEST.emin + 1),
            ("IEEE_CONTEXT_MAX_BITS", 512),
        ] {
            add_int(vm, module, name, value)?;
        }
        add_str(vm, module, "__version__", "1.70")?;
        add_str(vm, module, "__libmpdec_version__", "2.5.1")?;
        let dict = &module.dict;
        dict.set_text(vm, "HAVE_THREADS", &vm.bool(true))?;
        dict.set_text(vm, "HAVE_CONTEXTVAR", &vm.bool(true))?;
        dict.set_text(vm, "Decimal", object::own_type(vm)?.as_object())?;
        let context = context::own_type(vm)?;
        dict.set_text(vm, "Context", context.as_object())?;
        dict.set_text(vm, "SignalDict", signal_dict::own_type(vm)?.as_object())?;
        for (name, value) in signals::state(vm)?.snapshot() {
            dict.set(vm, &name, &value)?;
        }
        add_python_parts(vm, dict)
    },
};

/// Makes the three contexts that others are copied from.
fn add_templates(vm: &Vm, state: &Dict) -> PyResult<()> {
    let basic = flags::ANY_INVALID
        | flags::DIVISION_BY_ZERO
        | flags::OVERFLOW
        | flags::CLAMPED
        | flags::UNDERFLOW;
    let class = context::own_type(vm)?;
    let default = context::place(vm, &class)?;
    state.set_text(vm, "DefaultContext", default.as_object())?;
    for (name, rounding, traps) in [
        ("BasicContext", Rounding::HalfUp, basic),
        ("ExtendedContext", Rounding::HalfEven, 0),
    ] {
        let made = context::place(vm, &class)?;
        made.set_template(9, rounding, traps);
        state.set_text(vm, name, made.as_object())?;
    }
    Ok(())
}

/// `DecimalTuple`, the context manager, and the registration as a number.
fn add_python_parts(vm: &Vm, dict: &Dict) -> PyResult<()> {
    let rest = import_name(vm, "_decimal_rest")?;
    for name in ["DecimalTuple", "ContextManager"] {
        dict.set_text(vm, name, &*protocol::get_attr_str(vm, &rest, name)?)?;
    }
    let register = protocol::get_attr_str(vm, &rest, "register")?;
    protocol::call_one(vm, &register, object::own_type(vm)?.as_object())?;
    Ok(())
}

/// What the module has but once, or a class of its part in Python.
pub fn module_attribute(vm: &Vm, name: &str) -> PyResult {
    match signals::state(vm)?.get_text(vm, name)? {
        Some(value) => Ok(value),
        None => protocol::get_attr_str(vm, &*import_name(vm, "_decimal_rest")?, name),
    }
}

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "getcontext",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(context::current(vm)?.upcast())),
        "Get the current default context.",
    ),
    MethodDef::new(
        "setcontext",
        "($module, context, /)",
        NativeCall::One(|vm, _, given| {
            context::set_current(vm, given)?;
            Ok(vm.none_ref())
        }),
        "Set a new default context.",
    ),
    MethodDef::new(
        "localcontext",
        "($module, ctx=None, **kwargs)",
        NativeCall::Raw(local_context),
        "Return a context manager that will set the default context to a copy of ctx\non entry to the with-statement and restore the previous default context when\nexiting the with-statement. If no context is supplied, a copy of the current\ndefault context is used.",
    ),
    MethodDef::new(
        "IEEEContext",
        "($module, bits, /)",
        NativeCall::One(|vm, _, bits| {
            let bits = protocol::to_i64(vm, bits)?;
            if bits <= 0 || bits > 512 || bits % 32 != 0 {
                return Err(
                    vm.value_error("argument must be a multiple of 32, with a maximum of 512")
                );
            }
            let made = context::place(vm, &*context::own_type(vm)?)?;
            made.set_ieee(bits);
            Ok(made.upcast())
        }),
        "Return a context object initialized to the proper values for one of the\nIEEE interchange formats.  The argument must be a multiple of 32 and less\nthan IEEE_CONTEXT_MAX_BITS.",
    ),
];

fn local_context(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let (pos, mut given) = (args.pos(), None);
    if pos.len() > 1 {
        return Err(vm.type_error(format!(
            "localcontext() takes at most 1 argument ({} given)",
            pos.len()
        )));
    }
    given = pos.first().copied().or(given);
    let mut options = Vec::new();
    for (name, value) in args.keywords() {
        match name.as_ascii() {
            Some("ctx") if given.is_none() => given = Some(value),
            Some(
                "prec" | "rounding" | "Emin" | "Emax" | "capitals" | "clamp" | "flags" | "traps",
            ) => options.push((name, value)),
            _ => {
                return Err(vm.type_error(format!(
                    "localcontext() got an unexpected keyword argument '{}'",
                    name.to_text()
                )));
            }
        }
    }
    let base = context::given(vm, given)?;
    let made = context::duplicate(vm, &base)?;
    for (name, value) in options {
        if !vm.is_none(value) {
            context::set_option(vm, &made, &name.to_text(), value)?;
        }
    }
    let manager = module_attribute(vm, "ContextManager")?;
    protocol::call_one(vm, &manager, made.as_object())
}
