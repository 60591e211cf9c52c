//! `timedelta`: days, seconds and microseconds, the latter two never below zero.
//!
//! Arithmetic is on the whole number of microseconds, which fits 68 bits.

use std::cell::Cell;

use dashu_int::IBig;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Float, Int, Tuple, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::float::arith::decompose;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    BinaryOp, CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm,
    object_layout,
};

use super::calendar::DAY_MICROS;
use super::{delta_new, holds};
use crate::kinds;

/// A `datetime.timedelta`.
#[repr(C)]
pub struct TimeDelta {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    /// Up to 999999999 in either direction.
    pub days: i32,
    /// 0 to 86399
    pub seconds: i32,
    /// 0 to 999999
    pub micro: i32,
}
object_layout!(TimeDelta = kinds::TIME_DELTA);

static SPEC: TypeSpec = TypeSpec {
    name: "timedelta",
    module: "datetime",
    doc: "Difference between two datetime values.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\nAll arguments are optional and default to 0.\nArguments may be integers or floats, and may be positive or negative.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(delta_new::new));
        s.repr.set(Some(repr));
        s.str.set(Some(str));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.bool
            .set(Some(|vm, this| Ok(own(vm, this)?.micros() != 0)));
        s.neg
            .set(Some(|vm, this| of_micros(vm, -own(vm, this)?.micros())));
        s.pos
            .set(Some(|vm, this| of_micros(vm, own(vm, this)?.micros())));
        s.abs.set(Some(|vm, this| {
            of_micros(vm, own(vm, this)?.micros().abs())
        }));
        let set = |op: BinaryOp, f| s.binary[op as usize].set(Some(f));
        set(BinaryOp::Add, |vm, a, b| sum(vm, a, b, 1));
        set(BinaryOp::Sub, |vm, a, b| sum(vm, a, b, -1));
        set(BinaryOp::Mul, multiply);
        set(BinaryOp::Mod, remainder);
        set(BinaryOp::FloorDiv, floor_divide);
        set(BinaryOp::TrueDiv, true_divide);
    },
    methods: &[METHODS],
    getset: &[
        GetSetDef::member(
            "days",
            |vm, this| vm.new_int(own(vm, this)?.days.into()),
            "Number of days.",
        ),
        GetSetDef::member(
            "seconds",
            |vm, this| vm.new_int(own(vm, this)?.seconds.into()),
            "Number of seconds (>= 0 and less than 1 day).",
        ),
        GetSetDef::member(
            "microseconds",
            |vm, this| vm.new_int(own(vm, this)?.micro.into()),
            "Number of microseconds (>= 0 and less than 1 second).",
        ),
    ],
    ..TypeSpec::new(TimeDelta::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__divmod__",
        "($self, value, /)",
        NativeCall::One(divmod),
        "Return divmod(self, value).",
    ),
    MethodDef::new(
        "__rdivmod__",
        "($self, value, /)",
        NativeCall::One(|vm, this, other| divmod(vm, other, this)),
        "Return divmod(value, self).",
    ),
    MethodDef::new(
        "total_seconds",
        "($self, /)",
        NativeCall::NoArgs(total_seconds),
        "Total seconds in the duration.",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let parts = parts(vm, own(vm, this)?)?;
            Ok(vm
                .new_tuple(vec![Type::of(this).head.to_ref(), parts])?
                .upcast())
        }),
        "__reduce__() -> (cls, state)",
    ),
];

/// The type `datetime.timedelta`.
pub fn delta_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a TimeDelta> {
    receiver(vm, this)
}

impl TimeDelta {
    /// All of it in microseconds.
    pub fn micros(&self) -> i128 {
        i128::from(self.days) * i128::from(DAY_MICROS)
            + i128::from(self.seconds) * 1_000_000
            + i128::from(self.micro)
    }

    /// As an offset from UTC in microseconds, where it is shorter than a day.
    pub fn offset(&self) -> Option<i64> {
        let micros = self.micros();
        (micros.abs() < i128::from(DAY_MICROS)).then_some(micros as i64)
    }
}

/// A `timedelta` of so many microseconds.
///
/// # Errors
/// OverflowError
pub fn of_micros(vm: &Vm, micros: i128) -> PyResult {
    of_micros_as(vm, &*delta_type(vm)?, micros)
}

/// As [`of_micros`], of a subclass.
pub fn of_micros_as(vm: &Vm, ty: &Type, micros: i128) -> PyResult {
    let days = micros.div_euclid(i128::from(DAY_MICROS));
    let rest = micros.rem_euclid(i128::from(DAY_MICROS)) as i64;
    let Ok(days) = i32::try_from(days) else {
        return Err(too_large(vm));
    };
    if days.abs_diff(0) > 999_999_999 {
        return Err(vm.overflow_error(format!("days={days}; must have magnitude <= 999999999")));
    }
    Ok(vm
        .place(TimeDelta {
            head: Object::new(ty.type_head_of()),
            hash: Cell::new(-1),
            days,
            seconds: (rest / 1_000_000) as i32,
            micro: (rest % 1_000_000) as i32,
        })?
        .upcast())
}

/// OverflowError of a number of days that no C int holds.
pub fn too_large(vm: &Vm) -> viv_runtime::Raised {
    vm.overflow_error("Python int too large to convert to C int")
}

/// Days, seconds and microseconds as a tuple.
fn parts(vm: &Vm, delta: &TimeDelta) -> PyResult {
    let numbers = [delta.days, delta.seconds, delta.micro];
    let numbers = numbers.map(|n| vm.new_int(n.into()));
    Ok(vm
        .new_tuple(numbers.into_iter().collect::<PyResult<Vec<Ref>>>()?)?
        .upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let delta = own(vm, this)?;
    if delta.hash.get() == -1 {
        delta.hash.set(protocol::hash(vm, &*parts(vm, delta)?)?);
    }
    Ok(delta.hash.get())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let delta = own(vm, this)?;
    let fields = [
        ("days", delta.days),
        ("seconds", delta.seconds),
        ("microseconds", delta.micro),
    ];
    let given: Vec<String> = fields
        .iter()
        .filter(|(_, n)| *n != 0)
        .map(|(name, n)| format!("{name}={n}"))
        .collect();
    let inner = if given.is_empty() {
        "0".to_owned()
    } else {
        given.join(", ")
    };
    let name = protocol::type_name(this);
    Ok(vm.new_str(&format!("{name}({inner})"))?.upcast())
}

fn str(vm: &Vm, this: &Object) -> PyResult {
    let delta = own(vm, this)?;
    let mut text = String::new();
    if delta.days != 0 {
        let s = if delta.days.abs() == 1 { "" } else { "s" };
        text = format!("{} day{s}, ", delta.days);
    }
    let seconds = delta.seconds;
    text += &format!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if delta.micro != 0 {
        text += &format!(".{:06}", delta.micro);
    }
    Ok(vm.new_str(&text)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<TimeDelta>(), b.downcast::<TimeDelta>()) else {
        return Ok(vm.not_implemented());
    };
    Ok(vm.bool(holds(a.micros().cmp(&b.micros()), op)))
}

fn sum(vm: &Vm, a: &Object, b: &Object, sign: i128) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<TimeDelta>(), b.downcast::<TimeDelta>()) else {
        return Ok(vm.not_implemented());
    };
    of_micros(vm, a.micros() + sign * b.micros())
}

/// A big number of microseconds.
fn of_big(vm: &Vm, micros: &IBig) -> PyResult {
    match i128::try_from(micros) {
        Ok(micros) => of_micros(vm, micros),
        Err(_) => Err(too_large(vm)),
    }
}

/// A float as a ratio. The denominator is above zero, unless a subclass says otherwise.
fn ratio(vm: &Vm, float: &Float) -> PyResult<(IBig, IBig)> {
    if !float.head.is_exact::<Float>() {
        return told_ratio(vm, &float.head);
    }
    let x = float.value();
    if x.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = decompose(x.abs());
    let mut numerator = IBig::from(mantissa);
    let mut denominator = IBig::ONE;
    if exponent > 0 {
        numerator <<= exponent as usize;
    } else {
        denominator <<= exponent.unsigned_abs() as usize;
    }
    if x < 0.0 {
        numerator = -numerator;
    }
    Ok((numerator, denominator))
}

/// The ratio that a subclass tells.
fn told_ratio(vm: &Vm, float: &Object) -> PyResult<(IBig, IBig)> {
    let told = protocol::call_method(vm, float, &*vm.intern("as_integer_ratio")?, &[])?;
    let Some(pair) = told.downcast::<Tuple>() else {
        return Err(vm.type_error(format!(
            "unexpected return type from as_integer_ratio(): expected tuple, not '{}'",
            protocol::type_name(&told)
        )));
    };
    let [a, b] = pair.as_slice() else {
        return Err(vm.value_error("as_integer_ratio() must return a 2-tuple"));
    };
    match (a.downcast::<Int>(), b.downcast::<Int>()) {
        (Some(a), Some(b)) if b.signum() != 0 => Ok((a.to_big(), b.to_big())),
        (Some(_), Some(_)) => Err(by_zero(vm)),
        _ => Err(vm.type_error("as_integer_ratio() must return two ints")),
    }
}

/// The quotient rounded to the nearest, of two that are equally near to the even one. `b` is not zero.
fn nearest(a: &IBig, b: &IBig) -> IBig {
    use dashu_base::{BitTest, DivRemEuclid, UnsignedAbs};
    let (a, b) = if *b < IBig::ZERO {
        (-a, -b)
    } else {
        (a.clone(), b.clone())
    };
    let (quotient, rest) = a.div_rem_euclid(&b);
    let twice = IBig::from(rest) << 1;
    let odd = (&quotient).unsigned_abs().bit(0);
    if twice > b || twice == b && odd {
        quotient + IBig::ONE
    } else {
        quotient
    }
}

fn multiply(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (delta, factor) = match (a.downcast::<TimeDelta>(), b.downcast::<TimeDelta>()) {
        (Some(delta), None) => (delta, b),
        (None, Some(delta)) => (delta, a),
        _ => return Ok(vm.not_implemented()),
    };
    if let Some(int) = factor.downcast::<Int>() {
        let product = int
            .as_i64()
            .and_then(|n| delta.micros().checked_mul(n.into()));
        return match product {
            Some(micros) => of_micros(vm, micros),
            None => of_big(vm, &(int.to_big() * IBig::from(delta.micros()))),
        };
    }
    if let Some(float) = factor.downcast::<Float>() {
        let (numerator, denominator) = ratio(vm, float)?;
        return of_big(
            vm,
            &nearest(&(numerator * IBig::from(delta.micros())), &denominator),
        );
    }
    Ok(vm.not_implemented())
}

fn by_zero(vm: &Vm) -> viv_runtime::Raised {
    vm.zero_division_error("division by zero")
}

/// The divisor as an int that fits 128 bits; larger ones as the largest, which makes no difference to a quotient.
fn divisor(vm: &Vm, int: &Int) -> PyResult<i128> {
    let value = i128::try_from(&int.to_big()).unwrap_or(if int.signum() < 0 {
        i128::MIN / 4
    } else {
        i128::MAX / 4
    });
    if value == 0 {
        return Err(by_zero(vm));
    }
    Ok(value.clamp(i128::MIN / 4, i128::MAX / 4))
}

/// The quotient rounded down.
fn floor(a: i128, b: i128) -> i128 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) {
        quotient - 1
    } else {
        quotient
    }
}

fn floor_divide(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let Some(delta) = a.downcast::<TimeDelta>() else {
        return Ok(vm.not_implemented());
    };
    if let Some(other) = b.downcast::<TimeDelta>() {
        if other.micros() == 0 {
            return Err(by_zero(vm));
        }
        return vm.new_big_int(&floor(delta.micros(), other.micros()).into());
    }
    if let Some(int) = b.downcast::<Int>() {
        return of_micros(vm, floor(delta.micros(), divisor(vm, int)?));
    }
    Ok(vm.not_implemented())
}

fn true_divide(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let Some(delta) = a.downcast::<TimeDelta>() else {
        return Ok(vm.not_implemented());
    };
    let micros = delta.micros();
    if let Some(other) = b.downcast::<TimeDelta>() {
        return quotient(vm, micros, other.micros());
    }
    if let Some(int) = b.downcast::<Int>() {
        let divisor = divisor(vm, int)?;
        return of_big(vm, &nearest(&micros.into(), &divisor.into()));
    }
    if let Some(float) = b.downcast::<Float>() {
        let (numerator, denominator) = ratio(vm, float)?;
        if numerator == IBig::ZERO {
            return Err(by_zero(vm));
        }
        return of_big(
            vm,
            &nearest(&(denominator * IBig::from(micros)), &numerator),
        );
    }
    Ok(vm.not_implemented())
}

/// The quotient of two numbers of microseconds as a float, rounded once.
fn quotient(vm: &Vm, a: i128, b: i128) -> PyResult {
    const EXACT: i128 = 1 << 53;
    if b == 0 {
        return Err(by_zero(vm));
    }
    if a.abs() <= EXACT && b.abs() <= EXACT {
        return vm.new_float(a as f64 / b as f64);
    }
    let (a, b) = (vm.new_big_int(&a.into())?, vm.new_big_int(&b.into())?);
    protocol::binary(vm, &a, &b, BinaryOp::TrueDiv)
}

fn total_seconds(vm: &Vm, this: &Object) -> PyResult {
    quotient(vm, own(vm, this)?.micros(), 1_000_000)
}

fn remainder(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<TimeDelta>(), b.downcast::<TimeDelta>()) else {
        return Ok(vm.not_implemented());
    };
    let (a, b) = (a.micros(), b.micros());
    if b == 0 {
        return Err(by_zero(vm));
    }
    of_micros(vm, a - floor(a, b) * b)
}

fn divmod(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<TimeDelta>(), b.downcast::<TimeDelta>()) else {
        return Ok(vm.not_implemented());
    };
    let (x, y) = (x.micros(), y.micros());
    if y == 0 {
        return Err(by_zero(vm));
    }
    let quotient = floor(x, y);
    let rest = of_micros(vm, x - quotient * y)?;
    Ok(vm
        .new_tuple(vec![vm.new_big_int(&quotient.into())?, rest])?
        .upcast())
}
