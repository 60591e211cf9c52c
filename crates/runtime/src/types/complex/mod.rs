//! The builtin type `complex`.

pub mod arith;
pub mod construct;
pub mod methods;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::object::{Complex, Float, Int, TypeTraits};
use crate::result::PyResult;
use crate::types::float::arith::{hash_address, hash_f64};
use crate::types::format::double;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `complex`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "complex",
    signature: "(real=0, imag=0)",
    doc: "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(construct::new));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.bool.set(Some(|vm, this| {
            let z = receiver::<Complex>(vm, this)?;
            Ok(z.re != 0.0 || z.im != 0.0)
        }));
        s.neg.set(Some(|vm, this| {
            let z = receiver::<Complex>(vm, this)?;
            vm.new_complex(-z.re, -z.im)
        }));
        s.pos.set(Some(methods::own_complex));
        s.abs.set(Some(methods::abs));
        s.pow.set(Some(arith::pow_slot));
        let binary: [(BinaryOp, crate::slots::Binary); 5] = [
            (BinaryOp::Add, arith::add),
            (BinaryOp::Sub, arith::sub),
            (BinaryOp::Mul, arith::mul),
            (BinaryOp::TrueDiv, arith::div),
            (BinaryOp::Pow, |vm, a, b| arith::both(vm, a, b, arith::pow)),
        ];
        for (op, f) in binary {
            s.binary[op as usize].set(Some(f));
        }
    },
    methods: &[methods::METHODS],
    getset: methods::GETSET,
    ..TypeSpec::new(Complex::layout, false)
};

/// The text: `(1+2j)`, or `2j` where the real part is a positive zero.
pub fn text(re: f64, im: f64) -> String {
    let imaginary = double::repr_short(im);
    if re == 0.0 && !re.is_sign_negative() {
        return format!("{imaginary}j");
    }
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", double::repr_short(re))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let z = receiver::<Complex>(vm, this)?;
    Ok(vm.new_str(&text(z.re, z.im))?.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let z = receiver::<Complex>(vm, this)?;
    let part = |x: f64| hash_f64(x).unwrap_or_else(|| hash_address(this));
    let hash = part(z.re).wrapping_add(part(z.im).wrapping_mul(1_000_003));
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some(x) = a.downcast::<Complex>() else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let equal = if let Some(y) = b.downcast::<Complex>() {
        x.re == y.re && x.im == y.im
    } else if let Some(y) = b.downcast::<Float>() {
        x.re == y.value() && x.im == 0.0
    } else if let Some(y) = b.downcast::<Int>() {
        x.im == 0.0
            && crate::types::float::arith::order_with_int(x.re, y)
                .is_some_and(std::cmp::Ordering::is_eq)
    } else {
        return Ok(vm.not_implemented());
    };
    Ok(vm.bool(equal == (op == CompareOp::Eq)))
}
