//! The builtin type `int`.
//!
//! Values of 64 bits take the fast paths of [`arith`]; larger ones go through `dashu_int`. The public functions of
//! [`arith`] are what the eval loop calls for two ints.

pub mod arith;
pub mod bytes;
pub mod construct;
pub mod limbs;
pub mod methods;
pub mod parse;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::object::{Int, TypeTraits};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use arith::{add, floor_div, modulo, mul, pow, sub, true_div};

/// The type `int`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "int",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.  If x is a number, return x.__int__().  For floating-point\nnumbers, this truncates towards zero.\n\nIf x is not a number or if base is given, then x must be a string,\nbytes, or bytearray instance representing an integer literal in the\ngiven base.  The literal can be preceded by '+' or '-' and be surrounded\nby whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to interpret the base from the string as an integer literal.\n>>> int('0b100', base=0)\n4",
    slots: |s| {
        s.new.set(Some(construct::new));
        s.repr.set(Some(repr));
        s.hash
            .set(Some(|vm, this| Ok(hash_value(receiver(vm, this)?))));
        s.compare.set(Some(compare));
        s.bool.set(Some(
            |vm, this| Ok(receiver::<Int>(vm, this)?.signum() != 0),
        ));
        s.neg
            .set(Some(|vm, this| arith::neg(vm, receiver(vm, this)?)));
        s.pos.set(Some(methods::own_int));
        s.invert
            .set(Some(|vm, this| arith::invert(vm, receiver(vm, this)?)));
        s.abs
            .set(Some(|vm, this| arith::abs(vm, receiver(vm, this)?)));
        s.int.set(Some(methods::own_int));
        s.index.set(Some(methods::own_int));
        s.float.set(Some(|vm, this| {
            vm.new_float(to_f64(vm, receiver(vm, this)?)?)
        }));
        s.pow.set(Some(arith::pow_slot));
        let binary: [(BinaryOp, crate::slots::Binary); 12] = [
            (BinaryOp::Add, |vm, a, b| both(vm, a, b, arith::add)),
            (BinaryOp::Sub, |vm, a, b| both(vm, a, b, arith::sub)),
            (BinaryOp::Mul, |vm, a, b| both(vm, a, b, arith::mul)),
            (BinaryOp::TrueDiv, |vm, a, b| {
                both(vm, a, b, arith::true_div)
            }),
            (BinaryOp::FloorDiv, |vm, a, b| {
                both(vm, a, b, arith::floor_div)
            }),
            (BinaryOp::Mod, |vm, a, b| both(vm, a, b, arith::modulo)),
            (BinaryOp::Pow, |vm, a, b| both(vm, a, b, arith::pow)),
            (BinaryOp::LShift, |vm, a, b| both(vm, a, b, arith::shl)),
            (BinaryOp::RShift, |vm, a, b| both(vm, a, b, arith::shr)),
            (BinaryOp::And, |vm, a, b| both(vm, a, b, arith::and)),
            (BinaryOp::Or, |vm, a, b| both(vm, a, b, arith::or)),
            (BinaryOp::Xor, |vm, a, b| both(vm, a, b, arith::xor)),
        ];
        for (op, f) in binary {
            s.binary[op as usize].set(Some(f));
        }
    },
    methods: &[methods::METHODS, bytes::METHODS],
    getset: methods::GETSET,
    ..TypeSpec::new(Int::layout, false)
};

/// Runs an operator of two ints; NotImplemented where an operand is none.
#[inline]
pub(crate) fn both(
    vm: &Vm,
    a: &Object,
    b: &Object,
    f: fn(&Vm, &Int, &Int) -> PyResult,
) -> PyResult {
    match (a.downcast::<Int>(), b.downcast::<Int>()) {
        (Some(x), Some(y)) => f(vm, x, y),
        _ => Ok(vm.not_implemented()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let int: &Int = receiver(vm, this)?;
    // The limit on digits is never below these few.
    if let Some(made) = limbs::with_decimal(int, |text| vm.new_str(text)) {
        return Ok(made?.upcast());
    }
    Ok(vm.new_str(&decimal(vm, int)?)?.upcast())
}

/// The decimal digits with the sign.
///
/// # Errors
/// ValueError where there are more digits than `sys.set_int_max_str_digits` allows.
pub fn decimal(vm: &Vm, int: &Int) -> PyResult<String> {
    if let Some(small) = int.as_i64() {
        return Ok(small.to_string());
    }
    let too_long = || {
        let limit = vm.int_max_str_digits.get();
        vm.value_error(format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        ))
    };
    let limit = vm.int_max_str_digits.get();
    // A quick look at the size first: the conversion itself is what the limit is to prevent.
    if limit > 0
        && int.limbs().len() as f64 * 64.0 * std::f64::consts::LOG10_2 > limit as f64 + 20.0
    {
        return Err(too_long());
    }
    let text = int.to_big().to_string();
    if limit > 0 && text.len() - usize::from(int.signum() < 0) > limit {
        return Err(too_long());
    }
    Ok(text)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match (a.downcast::<Int>(), b.downcast::<Int>()) {
        (Some(x), Some(y)) => Ok(vm.bool(order_holds(arith::order(x, y), op))),
        _ => Ok(vm.not_implemented()),
    }
}

/// Whether `op` holds for operands of this order.
#[inline]
pub fn order_holds(order: std::cmp::Ordering, op: CompareOp) -> bool {
    match op {
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// The prime that numeric hashes are taken modulo of, as on CPython.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// The hash: the value modulo 2**61 - 1, with its sign.
#[inline]
pub fn hash_value(int: &Int) -> i64 {
    let (negative, rest) = match int.as_i64() {
        Some(small) => (small < 0, small.unsigned_abs() % HASH_MODULUS),
        None => {
            // 2**64 is 8 modulo the prime.
            let rest = int.limbs().iter().rev().fold(0u128, |h, &limb| {
                (h * 8 + u128::from(limb)) % u128::from(HASH_MODULUS)
            });
            (int.signum() < 0, rest as u64)
        }
    };
    let hash = if negative {
        -(rest as i64)
    } else {
        rest as i64
    };
    if hash == -1 { -2 } else { hash }
}

/// The nearest float.
///
/// # Errors
/// OverflowError: "int too large to convert to float"
pub fn to_f64(vm: &Vm, int: &Int) -> PyResult<f64> {
    if let Some(small) = int.as_i64() {
        return Ok(small as f64);
    }
    let float = int.to_big().to_f64().value();
    if float.is_finite() {
        Ok(float)
    } else {
        Err(vm.overflow_error("int too large to convert to float"))
    }
}
