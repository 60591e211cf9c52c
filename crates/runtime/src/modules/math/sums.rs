//! Sums, products and norms: `dist`, `fsum`, `hypot`, `prod`, `sumprod`.
//!
//! The exact ways: Shewchuk, "Adaptive Precision Floating-Point Arithmetic" for `fsum`; error-free transformations
//! (Dekker; Ogita, Rump, Oishi: "Accurate sum and dot product") for the others.

use viv_bytecode::BinaryOp;
use viv_heap::{Object, Ref};

use super::one;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Float, Int};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Sums and products.
pub const FUNCTIONS: &[MethodDef] = &[
    one(
        "fsum",
        "($module, seq, /)",
        fsum,
        "Return an accurate floating-point sum of values in the iterable seq.\n\nAssumes IEEE-754 floating-point arithmetic.",
    ),
    MethodDef::new(
        "prod",
        "($module, iterable, /, *, start=1)",
        NativeCall::Bound(prod),
        "Calculate the product of all the elements in the input iterable.\n\nThe default start value for the product is 1.\n\nWhen the iterable is empty, return the start value.  This function is\nintended specifically for use with numeric values and may reject\nnon-numeric types.",
    ),
    MethodDef::positional(
        "sumprod",
        "($module, p, q, /)",
        2,
        2,
        sumprod,
        "Return the sum of products of values from two iterables p and q.\n\nRoughly equivalent to:\n\n    sum(map(operator.mul, p, q, strict=True))\n\nFor float and mixed int/float inputs, the intermediate products\nand sums are computed with extended precision.",
    ),
];

/// The sum of two floats and what rounding took from it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let z = sum - a;
    (sum, (a - (sum - z)) + (b - z))
}

/// The product of two floats and what rounding took from it.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

fn fsum(vm: &Vm, _: &Object, iterable: &Object) -> PyResult {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0f64, 0.0f64);
    let iterator = protocol::iter(vm, iterable)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        let start = protocol::to_f64(vm, &item)?;
        let mut x = start;
        let mut kept = 0;
        for i in 0..partials.len() {
            let mut y = partials[i];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if start.is_finite() {
            return Err(vm.overflow_error("intermediate overflow in fsum"));
        }
        if start.is_infinite() {
            infinite += start;
        }
        special += start;
        partials.clear();
    }
    if special != 0.0 {
        if infinite.is_nan() {
            return Err(vm.value_error("-inf + inf in fsum"));
        }
        return vm.new_float(special);
    }
    vm.new_float(round_partials(&partials))
}

/// The sum of partials that do not overlap, rounded once, half to even.
fn round_partials(partials: &[f64]) -> f64 {
    let Some((&last, rest)) = partials.split_last() else {
        return 0.0;
    };
    let (mut high, mut low, mut n) = (last, 0.0, rest.len());
    while n > 0 {
        let x = high;
        n -= 1;
        let y = rest[n];
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // A tie is decided by the sign of what is left below.
    if n > 0 && (low < 0.0 && rest[n - 1] < 0.0 || low > 0.0 && rest[n - 1] > 0.0) {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    high
}

fn prod(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(iterable), start] = args else {
        return Ok(vm.none_ref());
    };
    let mut result = match start {
        Some(start) => start.to_ref(),
        None => vm.new_int(1)?,
    };
    let iterator = protocol::iter(vm, iterable)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        result = protocol::binary(vm, &result, &item, BinaryOp::Mul)?;
    }
    Ok(result)
}

/// A float as the sum of three that do not overlap.
#[derive(Default)]
struct Triple(f64, f64, f64);

impl Triple {
    fn add_product(&mut self, x: f64, y: f64) {
        let (product, product_low) = two_product(x, y);
        let (high, e1) = two_sum(self.0, product);
        let (low, e2) = two_sum(self.1, product_low);
        let (low, e3) = two_sum(low, e1);
        *self = Triple(high, low, self.2 + e2 + e3);
    }

    fn value(&self) -> f64 {
        let (low, tiny) = two_sum(self.1, self.2);
        let (high, low) = two_sum(self.0, low);
        high + (low + tiny)
    }
}

/// A number that takes the extended way: a float, or an int that a float holds.
fn as_float(vm: &Vm, object: &Object) -> Option<(f64, bool)> {
    if object.is(vm.bool(true).as_object()) || object.is(vm.bool(false).as_object()) {
        return Some((
            f64::from(u8::from(object.is(vm.bool(true).as_object()))),
            false,
        ));
    }
    if let Some(float) = object.downcast_exact::<Float>() {
        return Some((float.value(), true));
    }
    let int = object.downcast_exact::<Int>()?.as_i64()?;
    Some((int as f64, false)).filter(|_| int.unsigned_abs() <= 1 << 53)
}

fn sumprod(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [p, q] = args else {
        return Ok(vm.none_ref());
    };
    let (p, q) = (protocol::iter(vm, p)?, protocol::iter(vm, q)?);
    let mut total: Ref = vm.new_int(0)?;
    let mut triple = Triple::default();
    let mut extended = false;
    loop {
        let (x, y) = match (protocol::next(vm, &p)?, protocol::next(vm, &q)?) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => break,
            _ => return Err(vm.value_error("Inputs are not the same length")),
        };
        if let (Some((a, fa)), Some((b, fb))) = (as_float(vm, &x), as_float(vm, &y))
            && (fa || fb)
            && (a * b).is_finite()
        {
            triple.add_product(a, b);
            extended = true;
            continue;
        }
        if extended {
            total = protocol::binary(
                vm,
                &total,
                vm.new_float(triple.value())?.as_object(),
                BinaryOp::Add,
            )?;
            (triple, extended) = (Triple::default(), false);
        }
        let product = protocol::binary(vm, &x, &y, BinaryOp::Mul)?;
        total = protocol::binary(vm, &total, &product, BinaryOp::Add)?;
    }
    if extended {
        total = protocol::binary(
            vm,
            &total,
            vm.new_float(triple.value())?.as_object(),
            BinaryOp::Add,
        )?;
    }
    Ok(total)
}

/// The Euclidean norm, with the squares summed in double length and the root corrected once.
fn norm(coordinates: &[f64]) -> f64 {
    let largest = coordinates.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if coordinates.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || coordinates.len() == 1 {
        return largest;
    }
    // Scaling by a power of two is exact; so small ones may be scaled twice.
    let (_, exponent) = libm::frexp(largest);
    let scale = |x: f64| libm::ldexp(x, -exponent);
    let (mut sum, mut low) = (0.0, 0.0);
    for &x in coordinates {
        let x = scale(x);
        let (square, square_low) = two_product(x, x);
        let (s, e) = two_sum(sum, square);
        sum = s;
        low += e + square_low;
    }
    let root = (sum + low).sqrt();
    let (square, square_low) = two_product(root, root);
    let left = (sum - square) + (low - square_low);
    libm::ldexp(root + left / (2.0 * root), exponent)
}

/// `hypot(*coordinates)`
pub fn hypot(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let coordinates = args
        .iter()
        .map(|x| protocol::to_f64(vm, x))
        .collect::<PyResult<Vec<f64>>>()?;
    vm.new_float(norm(&coordinates))
}

/// `dist(p, q)`
pub fn dist(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [p, q] = args else {
        return Ok(vm.none_ref());
    };
    let (p, q) = (protocol::collect(vm, p)?, protocol::collect(vm, q)?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut differences = Vec::with_capacity(p.len());
    for (a, b) in p.iter().zip(&q) {
        differences.push((protocol::to_f64(vm, a)? - protocol::to_f64(vm, b)?).abs());
    }
    vm.new_float(norm(&differences))
}
