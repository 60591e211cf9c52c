//! `int.to_bytes` and `int.from_bytes`.

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};
use viv_heap::Object;

use crate::native::{MethodDef, NativeCall};
use crate::object::{Int, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "to_bytes",
        "($self, /, length=1, byteorder='big', *, signed=False)",
        NativeCall::Bound(to_bytes),
        "Return an array of bytes representing an integer.\n\n  length\n    Length of bytes object to use.  An OverflowError is raised if the\n    integer is not representable with the given number of bytes.  Default\n    is length 1.\n  byteorder\n    The byte order used to represent the integer.  If byteorder is 'big',\n    the most significant byte is at the beginning of the byte array.  If\n    byteorder is 'little', the most significant byte is at the end of the\n    byte array.  To request the native byte order of the host system, use\n    sys.byteorder as the byte order value.  Default is to use 'big'.\n  signed\n    Determines whether two's complement is used to represent the integer.\n    If signed is False and a negative integer is given, an OverflowError\n    is raised.",
    ),
    MethodDef::class(
        "from_bytes",
        "($type, /, bytes, byteorder='big', *, signed=False)",
        NativeCall::Bound(from_bytes),
        "Return the integer represented by the given array of bytes.\n\n  bytes\n    Holds the array of bytes to convert.  The argument must either\n    support the buffer protocol or be an iterable object producing bytes.\n    Bytes and bytearray are examples of built-in objects that support the\n    buffer protocol.\n  byteorder\n    The byte order used to represent the integer.  If byteorder is 'big',\n    the most significant byte is at the beginning of the byte array.  If\n    byteorder is 'little', the most significant byte is at the end of the\n    byte array.  To request the native byte order of the host system, use\n    sys.byteorder as the byte order value.  Default is to use 'big'.\n  signed\n    Indicates whether two's complement is used to represent the integer.",
    ),
];

fn is_little(vm: &Vm, function: &str, order: Option<&Object>) -> PyResult<bool> {
    let Some(order) = order else { return Ok(false) };
    let Some(order) = order.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "{function}() argument 'byteorder' must be str, not {}",
            protocol::type_name(order)
        )));
    };
    match order.as_ascii() {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let int = receiver::<Int>(vm, this)?;
    let [length, order, signed] = args else {
        return Err(vm.system_error("to_bytes: bad arguments"));
    };
    let length = length.map_or(Ok(1), |n| protocol::to_i64(vm, n))?;
    let little = is_little(vm, "to_bytes", *order)?;
    let signed = signed.map_or(Ok(false), |s| protocol::is_true(vm, s))?;
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    let negative = int.signum() < 0;
    if negative && !signed {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    let value = int.to_big();
    // The bits that the value needs, with the sign where there is one.
    let bits = if negative {
        (!value.clone()).bit_len()
    } else {
        value.bit_len()
    };
    let needed = if signed && int.signum() != 0 {
        bits + 1
    } else {
        bits
    };
    if needed > length.saturating_mul(8) {
        return Err(vm.overflow_error("int too big to convert"));
    }
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(length).is_err() {
        return Err(vm.no_memory());
    }
    // Two's complement: the inverted bytes of -value - 1.
    let magnitude: UBig = if negative {
        (-value - 1i32).unsigned_abs()
    } else {
        value.unsigned_abs()
    };
    bytes.extend_from_slice(&magnitude.to_le_bytes());
    bytes.resize(length, 0);
    if negative {
        bytes.iter_mut().for_each(|b| *b = !*b);
    }
    if !little {
        bytes.reverse();
    }
    Ok(vm.new_bytes(&bytes)?.upcast())
}

fn from_bytes(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(source), order, signed] = args else {
        return Err(vm.system_error("from_bytes: bad arguments"));
    };
    let little = is_little(vm, "from_bytes", *order)?;
    let signed = signed.map_or(Ok(false), |s| protocol::is_true(vm, s))?;
    let source = crate::types::bytes::construct::to_bytes(vm, source)?;
    let mut bytes = source.as_slice().to_vec();
    if !little {
        bytes.reverse();
    }
    let negative = signed && bytes.last().is_some_and(|b| b & 0x80 != 0);
    if negative {
        bytes.iter_mut().for_each(|b| *b = !*b);
    }
    let mut value = IBig::from(UBig::from_le_bytes(&bytes));
    if negative {
        value = -value - 1;
    }
    let made = vm.new_big_int(&value)?;
    match this.downcast::<Type>() {
        Some(ty) if !ty.is(&vm.types.int) => protocol::call_one(vm, &ty.head, &made),
        _ => Ok(made),
    }
}
