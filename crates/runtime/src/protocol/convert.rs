//! Conversions: truth, text, integers.

use viv_heap::{Object, Ref};

use crate::object::{Float, Int, Str, Type};
use crate::result::PyResult;
use crate::vm::Vm;

/// The name of an object's type, for messages.
pub fn type_name(object: &Object) -> String {
    Type::of(object).display_name()
}

/// The name of an argument's type in a message about it: `None` is called that.
pub fn argument_name(vm: &Vm, object: &Object) -> String {
    if vm.is_none(object) {
        "None".to_owned()
    } else {
        type_name(object)
    }
}

/// The truth value.
#[inline]
pub fn is_true(vm: &Vm, object: &Object) -> PyResult<bool> {
    if object.is(&vm.true_.head) {
        return Ok(true);
    }
    if object.is(&vm.false_.head) || vm.is_none(object) {
        return Ok(false);
    }
    let slots = &Type::of(object).slots;
    if let Some(slot) = slots.bool.get() {
        return slot(vm, object);
    }
    match slots.len.get() {
        Some(slot) => Ok(slot(vm, object)? != 0),
        None => Ok(true),
    }
}

/// `repr(object)`
pub fn repr(vm: &Vm, object: &Object) -> PyResult<Ref<Str>> {
    let _depth = vm.enter_native(" while getting the repr of an object")?;
    let Some(slot) = Type::of(object).slots.repr.get() else {
        return vm.new_str(&format!(
            "<{} object at {:#x}>",
            type_name(object),
            object.address()
        ));
    };
    expect_str(vm, slot(vm, object)?, "__repr__")
}

/// `str(object)`
pub fn str(vm: &Vm, object: &Object) -> PyResult<Ref<Str>> {
    if let Some(string) = object.downcast_exact::<Str>() {
        return Ok(Ref::of(string));
    }
    let Some(slot) = Type::of(object).slots.str.get() else {
        return repr(vm, object);
    };
    let _depth = vm.enter_native(" while getting the str of an object")?;
    expect_str(vm, slot(vm, object)?, "__str__")
}

fn expect_str(vm: &Vm, result: Ref, method: &str) -> PyResult<Ref<Str>> {
    result.cast::<Str>().map_err(|other| {
        vm.type_error(format!(
            "{method} returned non-string (type {})",
            type_name(&other)
        ))
    })
}

/// `ascii(object)`
pub fn ascii(vm: &Vm, object: &Object) -> PyResult<Ref<Str>> {
    let text = repr(vm, object)?;
    if text.is_ascii() {
        return Ok(text);
    }
    let mut out = String::new();
    for c in text.chars() {
        match c {
            0..0x80 => out.push(c as u8 as char),
            0x80..0x100 => out.push_str(&format!("\\x{c:02x}")),
            0x100..0x10000 => out.push_str(&format!("\\u{c:04x}")),
            _ => out.push_str(&format!("\\U{c:08x}")),
        }
    }
    vm.new_str(&out)
}

/// `format(object, spec)`
pub fn format(vm: &Vm, object: &Object, spec: &Str) -> PyResult<Ref<Str>> {
    if spec.is_empty() {
        if let Some(string) = object.downcast_exact::<Str>() {
            return Ok(Ref::of(string));
        }
        if object.is_exact::<Int>() {
            return str(vm, object);
        }
    }
    let Some(method) = super::lookup_special(vm, object, &vm.names.__format__)? else {
        return Err(vm.type_error(format!(
            "Type {} doesn't define __format__",
            type_name(object)
        )));
    };
    let result = super::call_one(vm, &method, spec)?;
    result.cast::<Str>().map_err(|other| {
        vm.type_error(format!(
            "__format__ must return a str, not {}",
            type_name(&other)
        ))
    })
}

/// `operator.index(object)`: an int (subclasses included).
pub fn index(vm: &Vm, object: &Object) -> PyResult {
    if object.downcast::<Int>().is_some() {
        return Ok(object.to_ref());
    }
    let Some(slot) = Type::of(object).slots.index.get() else {
        return Err(vm.type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            type_name(object)
        )));
    };
    let result = slot(vm, object)?;
    if result.downcast::<Int>().is_none() {
        return Err(vm.type_error(format!(
            "__index__ returned non-int (type {})",
            type_name(&result)
        )));
    }
    if !result.is_exact::<Int>() {
        warn_subclass(vm, "__index__ returned non-int", &result, "int")?;
    }
    Ok(result)
}

/// An integer of 64 bits; OverflowError ("Python int too large to convert to C int") where it does not fit.
pub fn to_i64(vm: &Vm, object: &Object) -> PyResult<i64> {
    let int = index(vm, object)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) => Ok(n),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// An index of a sequence; IndexError ("cannot fit 'int' into an index-sized integer") where it does not fit.
pub fn to_index(vm: &Vm, object: &Object) -> PyResult<i64> {
    let int = index(vm, object)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) => Ok(n),
        None => Err(vm.index_error(format!(
            "cannot fit '{}' into an index-sized integer",
            type_name(object)
        ))),
    }
}

/// An integer, too large ones cut to the least or greatest of 64 bits: for slices.
pub fn to_isize_clamped(vm: &Vm, object: &Object) -> PyResult<i64> {
    let int = index(vm, object)?;
    let Some(int) = int.downcast::<Int>() else {
        return Ok(0);
    };
    Ok(int
        .as_i64()
        .unwrap_or(if int.signum() < 0 { i64::MIN } else { i64::MAX }))
}

/// What `__float__` gives, which should be exactly a float.
///
/// # Errors
/// TypeError where it is none; DeprecationWarning, for a subclass, where a filter makes it one.
pub fn float_result(vm: &Vm, object: &Object, slot: fn(&Vm, &Object) -> PyResult) -> PyResult<f64> {
    let result = slot(vm, object)?;
    let Some(float) = result.downcast::<Float>() else {
        return Err(vm.type_error(format!(
            "{}.__float__ returned non-float (type {})",
            type_name(object),
            type_name(&result)
        )));
    };
    if !result.is_exact::<Float>() {
        let text = format!("{}.__float__ returned non-float", type_name(object));
        warn_subclass(vm, &text, &result, "float")?;
    }
    Ok(float.value())
}

/// DeprecationWarning: a conversion has given an instance of a subclass.
#[cold]
pub fn warn_subclass(vm: &Vm, text: &str, result: &Object, of: &str) -> PyResult<()> {
    let text = format!(
        "{text} (type {}).  The ability to return an instance of a strict subclass of {of} is deprecated, and may be removed in a future version of Python.",
        type_name(result)
    );
    vm.warn(&vm.exceptions.DeprecationWarning, &text, 1)
}

/// A float from a float, an int, or an object with `__float__` or `__index__`.
pub fn to_f64(vm: &Vm, object: &Object) -> PyResult<f64> {
    if let Some(float) = object.downcast::<Float>() {
        return Ok(float.value());
    }
    if let Some(n) = object.downcast_exact::<Int>().and_then(Int::as_i64) {
        return Ok(n as f64);
    }
    if let Some(slot) = Type::of(object).slots.float.get() {
        return float_result(vm, object, slot);
    }
    if Type::of(object).slots.index.get().is_some() {
        let int = index(vm, object)?;
        if let Some(int) = int.downcast::<Int>() {
            return crate::types::int::to_f64(vm, int);
        }
    }
    Err(vm.type_error(format!("must be real number, not {}", type_name(object))))
}
