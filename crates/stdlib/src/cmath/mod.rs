//! The module `cmath`: functions of complex numbers.

mod functions;

use functions::{Complex, Value, Wrong};
use viv_runtime::modules::make::{ModuleSpec, add_float};
use viv_runtime::types::complex;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "cmath",
    doc: "This module provides access to mathematical functions for complex\nnumbers.",
    functions: &[UNARY, OTHERS],
    fill: |vm, module| {
        add_float(vm, module, "pi", std::f64::consts::PI)?;
        add_float(vm, module, "e", std::f64::consts::E)?;
        add_float(vm, module, "tau", std::f64::consts::TAU)?;
        add_float(vm, module, "inf", f64::INFINITY)?;
        add_float(vm, module, "nan", f64::NAN)?;
        let infj = vm.new_complex(0.0, f64::INFINITY)?;
        module.dict.set_text(vm, "infj", &infj)?;
        let nanj = vm.new_complex(0.0, f64::NAN)?;
        module.dict.set_text(vm, "nanj", &nanj)
    },
};

/// Any number as a complex one.
fn number(vm: &Vm, x: &Object) -> PyResult<Complex> {
    complex::construct::from_object(vm, x)?.ok_or_else(|| {
        vm.type_error(format!(
            "must be real number, not {}",
            protocol::type_name(x)
        ))
    })
}

#[cold]
fn raised(vm: &Vm, wrong: Wrong) -> Raised {
    match wrong {
        Wrong::Domain => vm.value_error("math domain error"),
        Wrong::Range => vm.overflow_error("math range error"),
    }
}

fn finish(vm: &Vm, value: Value) -> PyResult {
    let (re, im) = value.map_err(|wrong| raised(vm, wrong))?;
    vm.new_complex(re, im)
}

/// Declares functions of one complex number.
macro_rules! unary {
    ($($name:ident, $doc:literal;)+) => {
        const UNARY: &[MethodDef] = &[$(MethodDef::new(
            stringify!($name),
            "($module, z, /)",
            NativeCall::One(|vm, _, z| finish(vm, functions::$name(number(vm, z)?))),
            $doc,
        )),+];
    };
}

unary! {
    acos, "Return the arc cosine of z.";
    acosh, "Return the inverse hyperbolic cosine of z.";
    asin, "Return the arc sine of z.";
    asinh, "Return the inverse hyperbolic sine of z.";
    atan, "Return the arc tangent of z.";
    atanh, "Return the inverse hyperbolic tangent of z.";
    cos, "Return the cosine of z.";
    cosh, "Return the hyperbolic cosine of z.";
    exp, "Return the exponential value e**z.";
    log10, "Return the base-10 logarithm of z.";
    sin, "Return the sine of z.";
    sinh, "Return the hyperbolic sine of z.";
    sqrt, "Return the square root of z.";
    tan, "Return the tangent of z.";
    tanh, "Return the hyperbolic tangent of z.";
}

const OTHERS: &[MethodDef] = &[
    MethodDef::new(
        "log",
        "($module, z, base=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: log,
        },
        "log(z[, base]) -> the logarithm of z to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of z.",
    ),
    MethodDef::new(
        "phase",
        "($module, z, /)",
        NativeCall::One(|vm, _, z| vm.new_float(functions::phase(number(vm, z)?))),
        "Return argument, also known as the phase angle, of a complex.",
    ),
    MethodDef::new(
        "polar",
        "($module, z, /)",
        NativeCall::One(polar),
        "Convert a complex from rectangular coordinates to polar coordinates.\n\nr is the distance from 0 and phi the phase angle.",
    ),
    MethodDef::new(
        "rect",
        "($module, r, phi, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                let (r, phi) = (
                    protocol::to_f64(vm, args[0])?,
                    protocol::to_f64(vm, args[1])?,
                );
                finish(vm, functions::rect(r, phi))
            },
        },
        "Convert from polar coordinates to rectangular coordinates.",
    ),
    MethodDef::new(
        "isfinite",
        "($module, z, /)",
        NativeCall::One(|vm, _, z| {
            let (x, y) = number(vm, z)?;
            Ok(vm.bool(x.is_finite() && y.is_finite()))
        }),
        "Return True if both the real and imaginary parts of z are finite, else False.",
    ),
    MethodDef::new(
        "isinf",
        "($module, z, /)",
        NativeCall::One(|vm, _, z| {
            let (x, y) = number(vm, z)?;
            Ok(vm.bool(x.is_infinite() || y.is_infinite()))
        }),
        "Checks if the real or imaginary part of z is infinite.",
    ),
    MethodDef::new(
        "isnan",
        "($module, z, /)",
        NativeCall::One(|vm, _, z| {
            let (x, y) = number(vm, z)?;
            Ok(vm.bool(x.is_nan() || y.is_nan()))
        }),
        "Checks if the real or imaginary part of z not a number (NaN).",
    ),
    MethodDef::new(
        "isclose",
        "($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
        NativeCall::Bound(isclose),
        "Determine whether two complex numbers are close in value.\n\n  rel_tol\n    maximum difference for being considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum difference for being considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is close in value to b, and False otherwise.\n\nFor the values to be considered close, the difference between them must be\nsmaller than at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, NaN is\nnot close to anything, even itself. inf and -inf are only close to themselves.",
    ),
];

fn log(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let (z, base) = match args {
        [z] => (number(vm, z)?, None),
        [z, base, ..] => (number(vm, z)?, Some(number(vm, base)?)),
        [] => return Ok(vm.none_ref()),
    };
    let value = functions::log(z);
    let Some(base) = base else {
        return finish(vm, value);
    };
    let (value, base) = (
        value.map_err(|wrong| raised(vm, wrong))?,
        functions::log(base).map_err(|wrong| raised(vm, wrong))?,
    );
    let quotient = complex::arith::quotient(value, base).ok_or(Wrong::Domain);
    finish(vm, quotient)
}

fn polar(vm: &Vm, _: &Object, z: &Object) -> PyResult {
    let (x, y) = number(vm, z)?;
    let r = x.hypot(y);
    if r.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(raised(vm, Wrong::Range));
    }
    let phi = functions::phase((x, y));
    Ok(vm
        .new_tuple(vec![vm.new_float(r)?, vm.new_float(phi)?])?
        .upcast())
}

fn isclose(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(a), Some(b), relative, absolute] = args else {
        return Ok(vm.none_ref());
    };
    let (a, b) = (number(vm, a)?, number(vm, b)?);
    let tolerance = |given: &Option<&Object>, default: f64| match given {
        Some(given) => protocol::to_f64(vm, given),
        None => Ok(default),
    };
    let (relative, absolute) = (tolerance(relative, 1e-9)?, tolerance(absolute, 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(vm.bool(true));
    }
    let infinite = |z: Complex| z.0.is_infinite() || z.1.is_infinite();
    if infinite(a) || infinite(b) {
        return Ok(vm.bool(false));
    }
    let distance = (a.0 - b.0).hypot(a.1 - b.1);
    let close = distance <= relative * b.0.hypot(b.1)
        || distance <= relative * a.0.hypot(a.1)
        || distance <= absolute;
    Ok(vm.bool(close))
}
