//! Functions of integers: `comb`, `factorial`, `gcd`, `isqrt`, `lcm`, `perm`.

use dashu_int::ops::{Gcd, SquareRoot};
use dashu_int::{IBig, UBig};
use viv_heap::Object;

use super::one;
use crate::native::MethodDef;
use crate::object::Int;
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The functions of integers.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::positional(
        "comb",
        "($module, n, k, /)",
        2,
        2,
        comb,
        "Number of ways to choose k items from n items without repetition and without order.\n\nEvaluates to n! / (k! * (n - k)!) when k <= n and evaluates\nto zero when k > n.\n\nAlso called the binomial coefficient because it is equivalent\nto the coefficient of k-th term in polynomial expansion of the\nexpression (1 + x)**n.\n\nRaises TypeError if either of the arguments are not integers.\nRaises ValueError if either of the arguments are negative.",
    ),
    one("factorial", "($module, n, /)", factorial, "Find n!."),
    MethodDef::positional(
        "gcd",
        "($module, /, *integers)",
        0,
        usize::MAX,
        gcd,
        "Greatest Common Divisor.",
    ),
    one(
        "isqrt",
        "($module, n, /)",
        isqrt,
        "Return the integer part of the square root of the input.",
    ),
    MethodDef::positional(
        "lcm",
        "($module, /, *integers)",
        0,
        usize::MAX,
        lcm,
        "Least Common Multiple.",
    ),
    MethodDef::positional(
        "perm",
        "($module, n, k=None, /)",
        1,
        2,
        perm,
        "Number of ways to choose k items from n items without repetition and with order.\n\nEvaluates to n! / (n - k)! when k <= n and evaluates\nto zero when k > n.\n\nIf k is not specified or is None, then k defaults to n\nand the function returns n!.\n\nRaises TypeError if either of the arguments are not integers.\nRaises ValueError if either of the arguments are negative.",
    ),
];

fn big(vm: &Vm, object: &Object) -> PyResult<IBig> {
    Ok(protocol::index(vm, object)?
        .downcast::<Int>()
        .map_or(IBig::ZERO, Int::to_big))
}

/// The product of `from..=to`, by halves so that the factors stay of like size.
fn product(from: u64, to: u64) -> UBig {
    match to.wrapping_sub(from) {
        _ if from > to => UBig::ONE,
        0 => UBig::from(from),
        1..8 => (from..=to).fold(UBig::ONE, |acc, n| acc * n),
        span => {
            let middle = from + span / 2;
            product(from, middle) * product(middle + 1, to)
        }
    }
}

fn factorial(vm: &Vm, _: &Object, n: &Object) -> PyResult {
    let n = big(vm, n)?;
    if n < IBig::ZERO {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    match u64::try_from(&n) {
        Ok(n) if n <= i64::MAX as u64 => {
            if n > 1 << 32 {
                // The result would not fit any memory.
                return Err(vm.no_memory());
            }
            vm.new_big_int(&product(2, n).into())
        }
        _ => Err(vm.overflow_error(format!(
            "factorial() argument should not exceed {}",
            i64::MAX
        ))),
    }
}

/// A count that must not be negative.
fn count(vm: &Vm, object: &Object, name: &str) -> PyResult<IBig> {
    let n = big(vm, object)?;
    if n < IBig::ZERO {
        Err(vm.value_error(format!("{name} must be a non-negative integer")))
    } else {
        Ok(n)
    }
}

fn perm(vm: &Vm, module: &Object, args: &[&Object]) -> PyResult {
    let [n, k @ ..] = args else {
        return Ok(vm.none_ref());
    };
    let Some(k) = k.first().filter(|k| !vm.is_none(k)) else {
        return factorial(vm, module, n);
    };
    let (n, k) = (count(vm, n, "n")?, count(vm, k, "k")?);
    if k > n {
        return vm.new_int(0);
    }
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.overflow_error(format!("k must not exceed {}", i64::MAX)));
    };
    vm.new_big_int(&falling(&n, k))
}

/// `n * (n - 1) * … ` with `k` factors.
fn falling(n: &IBig, k: u64) -> IBig {
    match u64::try_from(n) {
        Ok(small) => {
            if k == 0 {
                IBig::ONE
            } else {
                product(small - k + 1, small).into()
            }
        }
        Err(_) => (0..k).fold(IBig::ONE, |acc, i| acc * (n - IBig::from(i))),
    }
}

fn comb(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [n, k] = args else {
        return Ok(vm.none_ref());
    };
    let (n, k) = (count(vm, n, "n")?, count(vm, k, "k")?);
    if k > n {
        return vm.new_int(0);
    }
    let k = (&n - &k).min(k);
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.overflow_error(format!("min(n - k, k) must not exceed {}", i64::MAX)));
    };
    vm.new_big_int(&(falling(&n, k) / IBig::from(product(2, k))))
}

/// The greatest common divisor of two numbers.
fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a << twos
}

fn gcd(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    if let &[a, b] = args
        && let (Some(a), Some(b)) = (a.downcast::<Int>(), b.downcast::<Int>())
        && let (Some(a), Some(b)) = (a.as_i64(), b.as_i64())
        && let Ok(result) = i64::try_from(small_gcd(a.unsigned_abs(), b.unsigned_abs()))
    {
        return vm.new_int(result);
    }
    let mut result = UBig::ZERO;
    for arg in args {
        let n = big(vm, arg)?.into_parts().1;
        result = if result == UBig::ZERO {
            n
        } else if n == UBig::ZERO {
            result
        } else {
            result.gcd(n)
        };
    }
    vm.new_big_int(&result.into())
}

fn lcm(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let mut result = UBig::ONE;
    for arg in args {
        let n = big(vm, arg)?.into_parts().1;
        if n == UBig::ZERO || result == UBig::ZERO {
            result = UBig::ZERO;
            continue;
        }
        let divisor = (&result).gcd(&n);
        result = result / divisor * n;
    }
    vm.new_big_int(&result.into())
}

fn isqrt(vm: &Vm, _: &Object, n: &Object) -> PyResult {
    let n = big(vm, n)?;
    if n < IBig::ZERO {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    vm.new_big_int(&n.into_parts().1.sqrt().into())
}
