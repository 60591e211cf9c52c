//! `int(…)`: numbers, text and bytes become ints.

use dashu_int::IBig;
use viv_heap::{Object, Ref};

use super::parse::parse_or_raise;
use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::bind::unexpected_keyword;
use crate::object::{Bytes, Float, Int, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::unicode;
use crate::vm::Vm;

/// `int.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if let ([x], None) = (args.values(), args.names())
        && ty.is(&vm.types.int)
    {
        return to_int(vm, x);
    }
    let mut base = None;
    for (name, value) in args.keywords() {
        if !name.eq_text("base") {
            return Err(unexpected_keyword(vm, "int", name, &["base"]));
        }
        base = Some(value);
    }
    let pos = args.pos();
    check_count(vm, "int", pos.len() + args.keyword_count(), 0, 2)?;
    let base = base.or(pos.get(1).copied());
    let made = match (pos.first(), base) {
        (None, None) => vm.new_int(0)?,
        (None, Some(_)) => return Err(vm.type_error("int() missing string argument")),
        (Some(x), None) => to_int(vm, x)?,
        (Some(x), Some(base)) => {
            let base = with_base(vm, x, base)?;
            vm.new_big_int(&base)?
        }
    };
    of_type(vm, ty, made)
}

/// The int itself where `ty` is `int`, else a new one of the subclass.
pub fn of_type(vm: &Vm, ty: &Type, made: Ref) -> PyResult {
    if ty.is(&vm.types.int) {
        return Ok(made);
    }
    let Some(int) = made.downcast::<Int>() else {
        return Ok(made);
    };
    match int.as_i64() {
        Some(small) => Ok(Int::place(vm, ty, small)?.upcast()),
        None => Ok(Int::place_big(vm, ty, &int.to_big())?.upcast()),
    }
}

/// An int of exactly the type `int` with the value of an int of any subclass.
pub fn exact(vm: &Vm, int: &Int) -> PyResult {
    if int.head.is_exact::<Int>() {
        return Ok(int.head.to_ref());
    }
    match int.as_i64() {
        Some(small) => vm.new_int(small),
        None => vm.new_big_int(&int.to_big()),
    }
}

/// `int(x)`: an int of exactly that type.
pub fn to_int(vm: &Vm, x: &Object) -> PyResult {
    if x.is_exact::<Int>() {
        return Ok(x.to_ref());
    }
    if let Some(float) = x.downcast_exact::<Float>() {
        return crate::types::float::methods::int_of(vm, float.value());
    }
    if x.is_exact::<Str>()
        && let Some(text) = x.downcast::<Str>().and_then(Str::as_ascii)
        && let Some(made) = super::parse::plain_decimal(vm, text.as_bytes())
    {
        return made;
    }
    let slots = &Type::of(x).slots;
    if let Some(slot) = slots.int.get() {
        let result = slot(vm, x)?;
        let Some(int) = result.downcast::<Int>() else {
            return Err(vm.type_error(format!(
                "__int__ returned non-int (type {})",
                protocol::type_name(&result)
            )));
        };
        if !result.is_exact::<Int>() {
            protocol::convert::warn_subclass(vm, "__int__ returned non-int", &result, "int")?;
        }
        return exact(vm, int);
    }
    if slots.index.get().is_some() {
        let index = protocol::index(vm, x)?;
        return match index.downcast::<Int>() {
            Some(int) => exact(vm, int),
            None => Ok(index),
        };
    }
    if let Some(value) = from_text(vm, x, 10)? {
        return vm.new_big_int(&value);
    }
    Err(vm.type_error(format!(
        "int() argument must be a string, a bytes-like object or a real number, not '{}'",
        protocol::type_name(x)
    )))
}

/// Reads a str or a bytes-like object; nothing where `x` is neither.
fn from_text(vm: &Vm, x: &Object, base: u32) -> PyResult<Option<IBig>> {
    let shown = || Ok(protocol::repr(vm, x)?.to_text().into_owned());
    if let Some(text) = x.downcast::<Str>() {
        let digits = unicode::to_decimal_ascii(text);
        return parse_or_raise(vm, &digits, base, shown).map(Some);
    }
    if let Some(bytes) = x.downcast::<Bytes>() {
        return parse_or_raise(vm, bytes.as_slice(), base, shown).map(Some);
    }
    match crate::types::buffer::copy_bytes(vm, x)? {
        Some(bytes) => parse_or_raise(vm, &bytes, base, || {
            // The message shows other buffers as the bytes that they hold.
            let copy = vm.new_bytes(&bytes)?;
            Ok(protocol::repr(vm, &copy)?.to_text().into_owned())
        })
        .map(Some),
        None => Ok(None),
    }
}

fn with_base(vm: &Vm, x: &Object, base: &Object) -> PyResult<IBig> {
    let base = protocol::to_isize_clamped(vm, base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    let can = x.downcast::<Str>().is_some()
        || x.downcast::<Bytes>().is_some()
        || x.downcast::<crate::object::ByteArray>().is_some();
    let value = if can {
        from_text(vm, x, base as u32)?
    } else {
        None
    };
    value.ok_or_else(|| vm.type_error("int() can't convert non-string with explicit base"))
}
