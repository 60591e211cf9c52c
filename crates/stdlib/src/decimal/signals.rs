//! The exceptions of `decimal` and how conditions become exceptions.

use viv_runtime::modules::import::import_name;
use viv_runtime::object::{Dict, Type};
use viv_runtime::{PyResult, Raised, Ref, Vm, protocol};

use super::number::flags;

/// The signals: name, condition bits, in the order in which the first trapped one is raised.
pub const SIGNALS: [(&str, u32); 9] = [
    ("InvalidOperation", flags::ANY_INVALID),
    ("FloatOperation", flags::FLOAT),
    ("DivisionByZero", flags::DIVISION_BY_ZERO),
    ("Overflow", flags::OVERFLOW),
    ("Underflow", flags::UNDERFLOW),
    ("Subnormal", flags::SUBNORMAL),
    ("Inexact", flags::INEXACT),
    ("Rounded", flags::ROUNDED),
    ("Clamped", flags::CLAMPED),
];

/// What `InvalidOperation` may stand for.
const CONDITIONS: [(&str, u32); 5] = [
    ("InvalidOperation", flags::INVALID),
    ("ConversionSyntax", flags::CONVERSION),
    ("DivisionImpossible", flags::IMPOSSIBLE),
    ("DivisionUndefined", flags::UNDEFINED),
    ("InvalidContext", flags::CONTEXT),
];

/// The classes with their bases.
const CLASSES: [(&str, &[&str]); 14] = [
    ("DecimalException", &["ArithmeticError"]),
    ("InvalidOperation", &["DecimalException"]),
    ("FloatOperation", &["DecimalException", "TypeError"]),
    ("DivisionByZero", &["DecimalException", "ZeroDivisionError"]),
    ("Inexact", &["DecimalException"]),
    ("Rounded", &["DecimalException"]),
    ("Subnormal", &["DecimalException"]),
    ("Clamped", &["DecimalException"]),
    ("Overflow", &["Inexact", "Rounded"]),
    ("Underflow", &["Inexact", "Rounded", "Subnormal"]),
    ("ConversionSyntax", &["InvalidOperation"]),
    ("DivisionImpossible", &["InvalidOperation"]),
    (
        "DivisionUndefined",
        &["InvalidOperation", "ZeroDivisionError"],
    ),
    ("InvalidContext", &["InvalidOperation"]),
];

/// Makes the classes.
fn add_classes(vm: &Vm, state: &Dict) -> PyResult<()> {
    for (name, bases) in CLASSES {
        let mut found = Vec::new();
        for base in bases {
            let class = match state.get_text(vm, base)? {
                Some(class) => class,
                None => protocol::get_attr_str(vm, &*import_name(vm, "builtins")?, base)?,
            };
            found.push(class);
        }
        let namespace = vm.new_dict()?;
        namespace.set_text(vm, "__module__", vm.intern("decimal")?.as_object())?;
        let name_object = vm.intern(name)?;
        let bases = vm.new_tuple(found)?;
        let args = [
            name_object.as_object(),
            bases.as_object(),
            namespace.as_object(),
        ];
        let class = protocol::call_args(vm, &vm.types.type_, &args)?;
        state.set_text(vm, name, &class)?;
    }
    Ok(())
}

/// What the module has but once, however often it is imported: it stands in the dict of the type of contexts.
pub fn state(vm: &Vm) -> PyResult<Ref<Dict>> {
    let name = vm.intern("_state")?;
    let ty = super::context::own_type(vm)?;
    let Some(dict) = ty.dict(vm) else {
        return Err(vm.system_error("a type without a dict"));
    };
    if let Some(known) = dict.get_str(vm, &name)
        && let Ok(known) = known.cast::<Dict>()
    {
        return Ok(known);
    }
    let made = vm.new_dict()?;
    dict.set_str(vm, &name, made.as_object())?;
    add_classes(vm, &made)?;
    super::add_templates(vm, &made)?;
    Ok(made)
}

/// One of the classes.
pub fn class(vm: &Vm, name: &str) -> PyResult {
    match state(vm)?.get_text(vm, name)? {
        Some(class) => Ok(class),
        None => Err(vm.raise(&vm.exceptions.AttributeError, name)),
    }
}

/// The classes of conditions: the most exact ones first.
pub fn classes_of(vm: &Vm, status: u32) -> PyResult<Vec<Ref>> {
    let all = CONDITIONS.iter().chain(SIGNALS.iter().skip(1));
    all.filter(|(_, bits)| status & bits != 0)
        .map(|(name, _)| class(vm, name))
        .collect()
}

/// The signals of conditions.
pub fn signals_of(vm: &Vm, status: u32) -> PyResult<Vec<Ref>> {
    let met = SIGNALS.iter().filter(|(_, bits)| status & bits != 0);
    met.map(|(name, _)| class(vm, name)).collect()
}

/// The condition bits of a signal's class.
pub fn bits_of(vm: &Vm, signal: &viv_runtime::Object) -> PyResult<Option<u32>> {
    for (name, bits) in SIGNALS {
        if signal.is(&*class(vm, name)?) {
            return Ok(Some(bits));
        }
    }
    Ok(None)
}

/// Raises the exception of trapped conditions.
#[cold]
pub fn raise(vm: &Vm, trapped: u32) -> Raised {
    let raise = || -> PyResult<Raised> {
        let Some((name, _)) = SIGNALS.iter().find(|(_, bits)| trapped & bits != 0) else {
            return Ok(vm.system_error("no condition to raise"));
        };
        let class = class(vm, name)?;
        let list = vm.new_list(classes_of(vm, trapped)?)?;
        match class.downcast::<Type>() {
            Some(class) => Ok(vm.raise_with(class, &[list.as_object()])),
            None => Ok(vm.system_error("a signal that is no class")),
        }
    };
    raise().unwrap_or_else(|raised| raised)
}
