//! Arithmetic of complex numbers. As in C99's Annex G (and 3.14), a real operand has no imaginary part at all, not a zero.

use viv_heap::Object;

use crate::object::Complex;
use crate::result::PyResult;
use crate::types::float::arith::operand;
use crate::vm::Vm;

type Pair = (f64, f64);

/// An operand: a real number, or both parts.
enum Operand {
    Real(f64),
    Full(Pair),
}

impl Operand {
    fn pair(&self) -> Pair {
        match *self {
            Operand::Real(x) => (x, 0.0),
            Operand::Full(z) => z,
        }
    }
}

fn read(vm: &Vm, object: &Object) -> PyResult<Option<Operand>> {
    if let Some(z) = object.downcast::<Complex>() {
        return Ok(Some(Operand::Full((z.re, z.im))));
    }
    Ok(operand(vm, object)?.map(Operand::Real))
}

fn operands(vm: &Vm, a: &Object, b: &Object) -> PyResult<Option<(Operand, Operand)>> {
    let known =
        |o: &Object| o.downcast::<Complex>().is_some() || crate::types::float::methods::is_real(o);
    if !known(a) || !known(b) {
        return Ok(None);
    }
    Ok(read(vm, a)?.zip(read(vm, b)?))
}

/// Runs an operator of two complex numbers, reals being converted; NotImplemented for other operands.
pub fn both(vm: &Vm, a: &Object, b: &Object, f: fn(&Vm, Pair, Pair) -> PyResult) -> PyResult {
    match operands(vm, a, b)? {
        Some((x, y)) => f(vm, x.pair(), y.pair()),
        None => Ok(vm.not_implemented()),
    }
}

/// `a + b`
pub fn add(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    match operands(vm, a, b)? {
        Some((Operand::Full(x), Operand::Real(y))) => vm.new_complex(x.0 + y, x.1),
        Some((Operand::Real(x), Operand::Full(y))) => vm.new_complex(x + y.0, y.1),
        Some((x, y)) => vm.new_complex(x.pair().0 + y.pair().0, x.pair().1 + y.pair().1),
        None => Ok(vm.not_implemented()),
    }
}

/// `a - b`
pub fn sub(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    match operands(vm, a, b)? {
        Some((Operand::Full(x), Operand::Real(y))) => vm.new_complex(x.0 - y, x.1),
        Some((Operand::Real(x), Operand::Full(y))) => vm.new_complex(x - y.0, -y.1),
        Some((x, y)) => vm.new_complex(x.pair().0 - y.pair().0, x.pair().1 - y.pair().1),
        None => Ok(vm.not_implemented()),
    }
}

/// `a * b`
pub fn mul(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (re, im) = match operands(vm, a, b)? {
        Some((Operand::Full(x), Operand::Real(y)) | (Operand::Real(y), Operand::Full(x))) => {
            (x.0 * y, x.1 * y)
        }
        Some((x, y)) => product(x.pair(), y.pair()),
        None => return Ok(vm.not_implemented()),
    };
    vm.new_complex(re, im)
}

/// The product; where it comes out as NaN although an operand is infinite, an infinity of the right direction.
fn product((a, b): Pair, (c, d): Pair) -> Pair {
    let (re, im) = (a * c - b * d, a * d + b * c);
    if !re.is_nan() || !im.is_nan() {
        return (re, im);
    }
    let unit = |x: f64| if x.is_infinite() { 1f64 } else { 0.0 }.copysign(x);
    let calm = |x: f64| if x.is_nan() { 0f64.copysign(x) } else { x };
    let (mut a, mut b, mut c, mut d) = (a, b, c, d);
    let mut again = false;
    if a.is_infinite() || b.is_infinite() {
        (a, b, c, d) = (unit(a), unit(b), calm(c), calm(d));
        again = true;
    }
    if c.is_infinite() || d.is_infinite() {
        (c, d, a, b) = (unit(c), unit(d), calm(a), calm(b));
        again = true;
    }
    if !again && [a * c, b * d, a * d, b * c].iter().any(|x| x.is_infinite()) {
        (a, b, c, d) = (calm(a), calm(b), calm(c), calm(d));
        again = true;
    }
    if again {
        (
            f64::INFINITY * (a * c - b * d),
            f64::INFINITY * (a * d + b * c),
        )
    } else {
        (re, im)
    }
}

/// `a / b`
pub fn div(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let zero = || vm.zero_division_error("division by zero");
    let quotient = match operands(vm, a, b)? {
        Some((Operand::Full(x), Operand::Real(y))) => {
            if y == 0.0 {
                return Err(zero());
            }
            Some((x.0 / y, x.1 / y))
        }
        Some((Operand::Real(x), Operand::Full(y))) => real_quotient(x, y),
        Some((x, y)) => quotient(x.pair(), y.pair()),
        None => return Ok(vm.not_implemented()),
    };
    match quotient {
        Some((re, im)) => vm.new_complex(re, im),
        None => Err(zero()),
    }
}

/// `x / z`, nothing for a divisor of zero.
fn real_quotient(x: f64, (c, d): Pair) -> Option<Pair> {
    if c.abs() >= d.abs() {
        if c == 0.0 {
            return None;
        }
        let ratio = d / c;
        let denominator = c + d * ratio;
        Some((x / denominator, (-x * ratio) / denominator))
    } else if d.abs() >= c.abs() {
        let ratio = c / d;
        let denominator = c * ratio + d;
        Some(((x * ratio) / denominator, -x / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
    .map(|(re, im)| {
        if re.is_nan() && im.is_nan() && x.is_finite() && (c.is_infinite() || d.is_infinite()) {
            let unit = |x: f64| if x.is_infinite() { 1f64 } else { 0.0 }.copysign(x);
            (0.0 * (x * unit(c)), 0.0 * (-x * unit(d)))
        } else {
            (re, im)
        }
    })
}

/// `a / b` by Smith's method, nothing for a divisor of zero.
pub fn quotient((a, b): Pair, (c, d): Pair) -> Option<Pair> {
    let (re, im) = if c.abs() >= d.abs() {
        if c == 0.0 {
            return None;
        }
        let ratio = d / c;
        let denominator = c + d * ratio;
        ((a + b * ratio) / denominator, (b - a * ratio) / denominator)
    } else if d.abs() >= c.abs() {
        let ratio = c / d;
        let denominator = c * ratio + d;
        ((a * ratio + b) / denominator, (b * ratio - a) / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if re.is_nan() && im.is_nan() {
        let unit = |x: f64| if x.is_infinite() { 1f64 } else { 0.0 }.copysign(x);
        if (a.is_infinite() || b.is_infinite()) && c.is_finite() && d.is_finite() {
            let (x, y) = (unit(a), unit(b));
            return Some((
                f64::INFINITY * (x * c + y * d),
                f64::INFINITY * (y * c - x * d),
            ));
        }
        if (c.is_infinite() || d.is_infinite()) && a.is_finite() && b.is_finite() {
            let (x, y) = (unit(c), unit(d));
            return Some((0.0 * (a * x + b * y), 0.0 * (b * x - a * y)));
        }
    }
    Some((re, im))
}

/// The power by repeated squaring of a small whole exponent, nothing for a base of zero below zero.
fn whole_power(base: Pair, exponent: i64) -> Option<Pair> {
    let mut result = (1.0, 0.0);
    let (mut square, mut left) = (base, exponent.unsigned_abs());
    while left > 0 {
        if left & 1 == 1 {
            result = product(result, square);
        }
        left >>= 1;
        if left > 0 {
            square = product(square, square);
        }
    }
    if exponent < 0 {
        quotient((1.0, 0.0), result)
    } else {
        Some(result)
    }
}

/// `a ** b`
pub fn pow(vm: &Vm, a: Pair, b: Pair) -> PyResult {
    let zero = || vm.zero_division_error("zero to a negative or complex power");
    // A small whole exponent is exact by multiplication.
    let (re, im) = if b.1 == 0.0 && b.0.floor() == b.0 && b.0.abs() <= 100.0 {
        whole_power(a, b.0 as i64).ok_or_else(zero)?
    } else if b == (0.0, 0.0) {
        (1.0, 0.0)
    } else if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return Err(zero());
        }
        (0.0, 0.0)
    } else {
        let modulus = a.0.hypot(a.1);
        let mut length = modulus.powf(b.0);
        let angle = a.1.atan2(a.0);
        let mut phase = angle * b.0;
        if b.1 != 0.0 {
            length *= (-angle * b.1).exp();
            phase += b.1 * modulus.ln();
        }
        (length * phase.cos(), length * phase.sin())
    };
    let finite = |z: Pair| z.0.is_finite() && z.1.is_finite();
    if (re.is_infinite() || im.is_infinite()) && finite(a) && finite(b) {
        return Err(vm.overflow_error("complex exponentiation"));
    }
    vm.new_complex(re, im)
}

/// The slot of `pow` with three arguments.
pub fn pow_slot(vm: &Vm, a: &Object, b: &Object, c: &Object) -> PyResult {
    if !vm.is_none(c) {
        return Err(vm.value_error("complex modulo"));
    }
    both(vm, a, b, pow)
}
