//! The constructor of `timedelta`: whole numbers are added up exactly, fractions of microseconds as floats.

use viv_runtime::object::{Float, Int, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, Object, PyResult, Vm};

use super::arguments::arguments;
use super::calendar::DAY_MICROS;
use super::delta::{of_micros_as, too_large};

const SIGNATURE: &str =
    "(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)";

/// The parameters in the order in which they are added: name, place in the signature, microseconds of one.
const UNITS: [(&str, usize, i64); 7] = [
    ("microseconds", 2, 1),
    ("milliseconds", 3, 1000),
    ("seconds", 1, 1_000_000),
    ("minutes", 4, 60 * 1_000_000),
    ("hours", 5, 3600 * 1_000_000),
    ("days", 0, DAY_MICROS),
    ("weeks", 6, 7 * DAY_MICROS),
];

/// `timedelta.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let given: [Option<&Object>; 7] = arguments(vm, "__new__", SIGNATURE, 0, 7, args)?;
    let mut total: i128 = 0;
    let mut fraction = 0.0;
    for (name, place, factor) in UNITS {
        if let Some(value) = given[place] {
            total = add(vm, total, value, name, factor, &mut fraction)?;
        }
    }
    if fraction != 0.0 {
        total += round_onto(total, fraction);
    }
    of_micros_as(vm, ty, total)
}

fn add(
    vm: &Vm,
    total: i128,
    value: &Object,
    name: &str,
    factor: i64,
    fraction: &mut f64,
) -> PyResult<i128> {
    let product = |n: i128| n.checked_mul(factor.into());
    let sum = |n: Option<i128>| n.and_then(|n| total.checked_add(n));
    if let Some(int) = value.downcast::<Int>() {
        let whole = match int.as_i64() {
            Some(small) => Some(i128::from(small)),
            None => i128::try_from(&int.to_big()).ok(),
        };
        return sum(whole.and_then(product)).ok_or_else(|| too_large(vm));
    }
    let Some(float) = value.downcast::<Float>() else {
        return Err(vm.type_error(format!(
            "unsupported type for timedelta {name} component: {}",
            protocol::type_name(value)
        )));
    };
    let x = float.value();
    if x.is_nan() {
        return Err(vm.value_error("cannot convert float NaN to integer"));
    }
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert float infinity to integer"));
    }
    if x.abs() >= 1e38 {
        return Err(too_large(vm));
    }
    let sum = sum(product(x.trunc() as i128)).ok_or_else(|| too_large(vm))?;
    let part = x.fract() * factor as f64;
    *fraction += part.fract();
    Ok(sum + part.trunc() as i128)
}

/// What a fraction adds to a whole number: rounded to the nearest, of two equally near ones so that the sum is even.
fn round_onto(whole: i128, fraction: f64) -> i128 {
    let mut rounded = fraction.round();
    if (rounded - fraction).abs() == 0.5 {
        let odd = if whole & 1 == 1 { 1.0 } else { 0.0 };
        rounded = 2.0 * ((fraction + odd) * 0.5).round() - odd;
    }
    rounded as i128
}
