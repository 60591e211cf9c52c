//! The named operations, as methods of numbers and of contexts: one function, [`apply`], does them all.

use viv_runtime::modules::import::import_name;
use viv_runtime::object::{List, Str, Tuple};
use viv_runtime::types::sequence::receiver;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

use super::context::{Context, given, rounding_of};
use super::number::{Kind, Number, flags};
use super::object::{Decimal, convert, make};
use super::signals::SIGNALS;
use super::text;

/// Does an operation by its name.
pub fn apply(vm: &Vm, context: &Context, name: &str, operands: &[&Number]) -> PyResult {
    match (name, operands) {
        ("add", &[a, b]) => context.number(vm, |work| work.add(a, b)),
        ("subtract", &[a, b]) => context.number(vm, |work| work.sub(a, b)),
        ("multiply", &[a, b]) => context.number(vm, |work| work.mul(a, b)),
        ("divide", &[a, b]) => context.number(vm, |work| work.div(a, b)),
        ("divide_int", &[a, b]) => context.number(vm, |work| work.div_int(a, b)),
        ("remainder", &[a, b]) => context.number(vm, |work| work.rem(a, b)),
        ("remainder_near", &[a, b]) => context.number(vm, |work| work.rem_near(a, b)),
        ("divmod", &[a, b]) => {
            let (quotient, rest) = context.work(vm, |work| work.div_mod(a, b))?;
            let pair = vec![make(vm, quotient)?, make(vm, rest)?];
            Ok(vm.new_tuple(pair)?.upcast())
        }
        ("fma", &[a, b, c]) => context.number(vm, |work| work.fma(a, b, c)),
        ("plus", &[a]) => context.number(vm, |work| work.plus(a, false)),
        ("minus", &[a]) => context.number(vm, |work| work.plus(a, true)),
        ("abs", &[a]) => context.number(vm, |work| work.abs(a)),
        ("sqrt", &[a]) => context.number(vm, |work| work.sqrt(a)),
        ("normalize", &[a]) => context.number(vm, |work| work.normalize(a)),
        ("quantize", &[a, b]) => {
            let rounding = context.rules().rounding;
            context.number(vm, |work| work.quantize(a, b, rounding))
        }
        ("to_integral_value" | "to_integral", &[a]) => {
            let rounding = context.rules().rounding;
            context.number(vm, |work| work.to_integral(a, rounding, false))
        }
        ("to_integral_exact", &[a]) => {
            let rounding = context.rules().rounding;
            context.number(vm, |work| work.to_integral(a, rounding, true))
        }
        ("compare", &[a, b]) => context.number(vm, |work| match work.nan_of(&[a, b]) {
            Some(nan) => nan,
            None => match work.order(a, b) {
                std::cmp::Ordering::Less => Number::finite(true, 1u8.into(), 0),
                std::cmp::Ordering::Equal => Number::finite(false, 0u8.into(), 0),
                std::cmp::Ordering::Greater => Number::finite(false, 1u8.into(), 0),
            },
        }),
        ("copy_abs", &[a]) => make(vm, a.with_sign(false)),
        ("copy_negate", &[a]) => make(vm, a.with_sign(!a.negative)),
        ("copy_sign", &[a, b]) => make(vm, a.with_sign(b.negative)),
        ("is_canonical", _) => Ok(vm.bool(true)),
        ("is_finite", &[a]) => Ok(vm.bool(!a.is_special())),
        ("is_infinite", &[a]) => Ok(vm.bool(a.kind == Kind::Infinite)),
        ("is_nan", &[a]) => Ok(vm.bool(a.is_nan())),
        ("is_qnan", &[a]) => Ok(vm.bool(a.kind == Kind::Quiet)),
        ("is_snan", &[a]) => Ok(vm.bool(a.kind == Kind::Signaling)),
        ("is_signed", &[a]) => Ok(vm.bool(a.negative)),
        ("is_zero", &[a]) => Ok(vm.bool(a.is_zero())),
        ("is_normal", &[a]) => {
            Ok(vm.bool(!a.is_special() && !a.is_zero() && a.adjusted() >= context.rules().emin))
        }
        ("is_subnormal", &[a]) => {
            Ok(vm.bool(!a.is_special() && !a.is_zero() && a.adjusted() < context.rules().emin))
        }
        ("same_quantum", &[a, b]) => Ok(vm.bool(if a.is_special() || b.is_special() {
            a.is_nan() && b.is_nan() || a.kind == Kind::Infinite && a.kind == b.kind
        } else {
            a.exponent == b.exponent
        })),
        ("power", _) => elsewhere(vm, context, "__pow__", operands, &[]),
        _ => elsewhere(vm, context, name, operands, &[]),
    }
}

/// Does an operation by the library's implementation in Python.
pub fn elsewhere(
    vm: &Vm,
    context: &Context,
    name: &str,
    operands: &[&Number],
    arguments: &[&Object],
) -> PyResult {
    let rest = import_name(vm, "_decimal_rest")?;
    let call = protocol::get_attr_str(vm, &rest, "call")?;
    let mut texts = Vec::with_capacity(operands.len());
    for operand in operands {
        texts.push(vm.new_str(&text::write(operand, false, true))?.upcast());
    }
    let (name, texts) = (vm.intern(name)?, vm.new_list(texts)?);
    let (arguments, parameters) = (vm.tuple_of(arguments)?, context.parameters(vm)?);
    let args = [
        name.as_object(),
        texts.as_object(),
        arguments.as_object(),
        parameters.as_object(),
    ];
    let done = protocol::call_args(vm, &call, &args)?;
    let parts = done.downcast::<Tuple>().map(Tuple::as_slice);
    let Some([number, other, met]) = parts else {
        return Err(vm.system_error("_decimal_rest.call gave no triple"));
    };
    let mut status = 0;
    for signal in met.downcast::<List>().map_or_else(Vec::new, List::snapshot) {
        let signal = signal.downcast::<Str>();
        for (known, bits) in SIGNALS {
            if signal.is_some_and(|signal| signal.eq_text(known)) {
                status |= if bits == flags::ANY_INVALID {
                    flags::INVALID
                } else {
                    bits
                };
            }
        }
    }
    context.meet(vm, status)?;
    if let Some(number) = number.downcast::<Str>() {
        return match text::parse(number.chars(), true) {
            Some(number) => make(vm, number),
            None => Err(vm.system_error("_decimal_rest.call gave no number")),
        };
    }
    if let Some(pair) = other.downcast::<Tuple>() {
        return Ok(Ref::of(pair).upcast());
    }
    Ok(other.clone())
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Decimal> {
    receiver(vm, this)
}

macro_rules! unary {
    ($($name:literal, $doc:literal;)+) => {
        /// Operations on one number.
        pub const UNARY: &[MethodDef] = &[$(MethodDef::new(
            $name,
            "($self, /, context=None)",
            NativeCall::Bound(|vm, this, args| {
                let context = given(vm, args.first().copied().flatten())?;
                apply(vm, &context, $name, &[&own(vm, this)?.value])
            }),
            $doc,
        ),)+];
    };
}

unary! {
    "exp", "Return the value of the (natural) exponential function e**x at the given\nnumber.  The function always uses the ROUND_HALF_EVEN mode and the result\nis correctly rounded.";
    "ln", "Return the natural (base e) logarithm of the operand.  The function always\nuses the ROUND_HALF_EVEN mode and the result is correctly rounded.";
    "log10", "Return the base ten logarithm of the operand.  The function always uses the\nROUND_HALF_EVEN mode and the result is correctly rounded.";
    "logb", "For a non-zero number, return the adjusted exponent of the operand as a\nDecimal instance.";
    "logical_invert", "Return the digit-wise inversion of the (logical) operand.";
    "next_minus", "Return the largest number representable in the given context (or in the\ncurrent default context if no context is given) that is smaller than the\ngiven operand.";
    "next_plus", "Return the smallest number representable in the given context (or in the\ncurrent default context if no context is given) that is larger than the\ngiven operand.";
    "normalize", "Normalize the number by stripping trailing 0s.";
    "number_class", "Return a string describing the class of the operand.";
    "sqrt", "Return the square root of the argument to full precision.  The result is\ncorrectly rounded using the ROUND_HALF_EVEN rounding mode.";
    "is_normal", "Return True if the argument is a normal finite non-zero number with an\nadjusted exponent greater than or equal to Emin.  Return False if the\nargument is zero, subnormal, infinite or a NaN.";
    "is_subnormal", "Return True if the argument is subnormal, and False otherwise.  A number is\nsubnormal if it is non-zero, finite, and has an adjusted exponent less\nthan Emin.";
}

macro_rules! plain {
    ($($name:literal, $doc:literal;)+) => {
        /// Operations that need no context.
        pub const PLAIN: &[MethodDef] = &[$(MethodDef::new(
            $name,
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                let context = super::context::current(vm)?;
                apply(vm, &context, $name, &[&own(vm, this)?.value])
            }),
            $doc,
        ),)+];
    };
}

plain! {
    "copy_abs", "Return the absolute value of the argument.  This operation is unaffected by\ncontext and is quiet: no flags are changed and no rounding is performed.";
    "copy_negate", "Return the negation of the argument.  This operation is unaffected by context\nand is quiet: no flags are changed and no rounding is performed.";
    "is_canonical", "Return True if the argument is canonical and False otherwise.";
    "is_finite", "Return True if the argument is a finite number, and False if the argument\nis infinite or a NaN.";
    "is_infinite", "Return True if the argument is either positive or negative infinity and\nFalse otherwise.";
    "is_nan", "Return True if the argument is a (quiet or signaling) NaN and False\notherwise.";
    "is_qnan", "Return True if the argument is a quiet NaN, and False otherwise.";
    "is_snan", "Return True if the argument is a signaling NaN and False otherwise.";
    "is_signed", "Return True if the argument has a negative sign and False otherwise.";
    "is_zero", "Return True if the argument is a (positive or negative) zero and False\notherwise.";
}

macro_rules! binary {
    ($($name:literal, $doc:literal;)+) => {
        /// Operations on two numbers.
        pub const BINARY: &[MethodDef] = &[$(MethodDef::new(
            $name,
            "($self, /, other, context=None)",
            NativeCall::Bound(|vm, this, args| {
                let context = given(vm, args.get(1).copied().flatten())?;
                let other = convert(vm, crate::binascii::first(vm, args)?)?;
                apply(vm, &context, $name, &[&own(vm, this)?.value, &other.value])
            }),
            $doc,
        ),)+];
    };
}

binary! {
    "compare", "Compare self to other.  Return a decimal value.";
    "compare_signal", "Identical to compare, except that all NaNs signal.";
    "compare_total", "Compare two operands using their abstract representation rather than\ntheir numerical value.";
    "compare_total_mag", "Compare two operands using their abstract representation rather than their\nvalue as in compare_total(), but ignoring the sign of each operand.";
    "copy_sign", "Return a copy of the first operand with the sign set to be the same as the\nsign of the second operand.";
    "logical_and", "Return the digit-wise 'and' of the two (logical) operands.";
    "logical_or", "Return the digit-wise 'or' of the two (logical) operands.";
    "logical_xor", "Return the digit-wise 'exclusive or' of the two (logical) operands.";
    "max", "Maximum of self and other.  If one operand is a quiet NaN and the other is\nnumeric, the numeric operand is returned.";
    "max_mag", "Similar to the max() method, but the comparison is done using the absolute\nvalues of the operands.";
    "min", "Minimum of self and other. If one operand is a quiet NaN and the other is\nnumeric, the numeric operand is returned.";
    "min_mag", "Similar to the min() method, but the comparison is done using the absolute\nvalues of the operands.";
    "next_toward", "If the two operands are unequal, return the number closest to the first\noperand in the direction of the second operand.";
    "remainder_near", "Return the remainder from dividing self by other.";
    "rotate", "Returns a rotated copy of self's digits, value-of-other times.";
    "same_quantum", "Test whether self and other have the same exponent or whether both are NaN.";
    "scaleb", "Return the first operand with the exponent adjusted the second.";
    "shift", "Returns a shifted copy of self's digits, value-of-other times.";
}

/// Operations with other parameters.
pub const OTHER: &[MethodDef] = &[
    MethodDef::new(
        "fma",
        "($self, /, other, third, context=None)",
        NativeCall::Bound(|vm, this, args| {
            let context = given(vm, args.get(2).copied().flatten())?;
            let (Some(&Some(b)), Some(&Some(c))) = (args.first(), args.get(1)) else {
                return Err(vm.type_error("fma() needs two numbers"));
            };
            let (b, c) = (convert(vm, b)?, convert(vm, c)?);
            let operands = [&own(vm, this)?.value, &b.value, &c.value];
            apply(vm, &context, "fma", &operands)
        }),
        "Fused multiply-add.  Return self*other+third with no rounding of the\nintermediate product.",
    ),
    MethodDef::new(
        "quantize",
        "($self, /, exp, rounding=None, context=None)",
        NativeCall::Bound(|vm, this, args| {
            let context = given(vm, args.get(2).copied().flatten())?;
            let exponent = convert(vm, crate::binascii::first(vm, args)?)?;
            let rounding = match args.get(1).copied().flatten() {
                Some(name) if !vm.is_none(name) => rounding_of(vm, name)?,
                _ => context.rules().rounding,
            };
            let this = own(vm, this)?;
            context.number(vm, |work| {
                work.quantize(&this.value, &exponent.value, rounding)
            })
        }),
        "Return a value equal to the first operand after rounding and having the\nexponent of the second operand.",
    ),
    integral("to_integral", |vm, this, args| {
        to_integral(vm, this, args, false)
    }),
    integral("to_integral_value", |vm, this, args| {
        to_integral(vm, this, args, false)
    }),
    integral("to_integral_exact", |vm, this, args| {
        to_integral(vm, this, args, true)
    }),
    MethodDef::new(
        "to_eng_string",
        "($self, /, context=None)",
        NativeCall::Bound(|vm, this, args| {
            let context = given(vm, args.first().copied().flatten())?;
            let text = text::write(&own(vm, this)?.value, true, context.capitals());
            Ok(vm.new_str(&text)?.upcast())
        }),
        "Convert to an engineering-type string.",
    ),
];

const fn integral(
    name: &'static str,
    call: fn(&Vm, &Object, &[Option<&Object>]) -> PyResult,
) -> MethodDef {
    MethodDef::new(
        name,
        "($self, /, rounding=None, context=None)",
        NativeCall::Bound(call),
        "Round to the nearest integer.",
    )
}

fn to_integral(vm: &Vm, this: &Object, args: &[Option<&Object>], exact: bool) -> PyResult {
    let context = given(vm, args.get(1).copied().flatten())?;
    let rounding = match args.first().copied().flatten() {
        Some(name) if !vm.is_none(name) => rounding_of(vm, name)?,
        _ => context.rules().rounding,
    };
    let this = own(vm, this)?;
    context.number(vm, |work| work.to_integral(&this.value, rounding, exact))
}

fn context_of<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Context> {
    receiver(vm, this)
}

fn several(vm: &Vm, this: &Object, name: &str, args: &[&Object], count: usize) -> PyResult {
    if args.len() != count {
        let s = if count == 1 { "" } else { "s" };
        return Err(vm.type_error(format!(
            "function takes exactly {count} argument{s} ({} given)",
            args.len()
        )));
    }
    let converted = args
        .iter()
        .map(|arg| convert(vm, arg))
        .collect::<PyResult<Vec<_>>>()?;
    let operands: Vec<&Number> = converted.iter().map(|operand| &operand.value).collect();
    apply(vm, context_of(vm, this)?, name, &operands)
}

macro_rules! of_context {
    (one: $($one:literal)+; two: $($two:literal)+;) => {
        /// The operations as methods of contexts.
        pub const CONTEXT_METHODS: &[MethodDef] = &[
            $(MethodDef::new(
                $one,
                "($self, x, /)",
                NativeCall::One(|vm, this, x| several(vm, this, $one, &[x], 1)),
                concat!("Decimal.", $one, "() under this context."),
            ),)+
            $(MethodDef::new(
                $two,
                "($self, x, y, /)",
                NativeCall::Positional {
                    min: 0,
                    max: usize::MAX,
                    call: |vm, this, args| several(vm, this, $two, args, 2),
                },
                concat!("Decimal.", $two, "() under this context."),
            ),)+
            MethodDef::new(
                "fma",
                "($self, x, y, z, /)",
                NativeCall::Positional {
                    min: 0,
                    max: usize::MAX,
                    call: |vm, this, args| several(vm, this, "fma", args, 3),
                },
                "Return x multiplied by y, plus z.",
            ),
            MethodDef::new(
                "power",
                "($self, /, a, b, modulo=None)",
                NativeCall::Bound(|vm, this, args| {
                    let all: Vec<&Object> = args
                        .iter()
                        .flatten()
                        .copied()
                        .filter(|arg| !vm.is_none(arg))
                        .collect();
                    several(vm, this, "power", &all, all.len().max(2))
                }),
                "Compute a**b. If 'a' is negative, then 'b' must be integral. The result\nis inexact unless 'a' is integral and the result is finite and can be\nexpressed exactly in 'precision' digits.  In the Python version the\nresult is always correctly rounded, in the C version the result is\nalmost always correctly rounded.",
            ),
            MethodDef::new(
                "radix",
                "($self, /)",
                NativeCall::NoArgs(|vm, _| make(vm, Number::finite(false, 10u8.into(), 0))),
                "Return 10.",
            ),
            MethodDef::new(
                "is_canonical",
                "($self, x, /)",
                NativeCall::One(|vm, _, x| match x.downcast::<Decimal>() {
                    Some(_) => Ok(vm.bool(true)),
                    None => Err(vm.type_error("argument must be a Decimal")),
                }),
                "Return True if x is canonical, False otherwise.",
            ),
            MethodDef::new(
                "canonical",
                "($self, x, /)",
                NativeCall::One(|vm, _, x| match x.downcast::<Decimal>() {
                    Some(_) => Ok(x.to_ref()),
                    None => Err(vm.type_error("argument must be a Decimal")),
                }),
                "Return a new instance of x.",
            ),
            MethodDef::new(
                "_apply",
                "($self, x, /)",
                NativeCall::One(|vm, this, x| {
                    let value = convert(vm, x)?.value.clone();
                    context_of(vm, this)?.number(vm, |work| work.finish(value))
                }),
                "",
            ),
            MethodDef::new(
                "copy_decimal",
                "($self, x, /)",
                NativeCall::One(|vm, _, x| Ok(convert(vm, x)?.upcast())),
                "Return a copy of Decimal x.",
            ),
            MethodDef::new(
                "to_sci_string",
                "($self, x, /)",
                NativeCall::One(|vm, this, x| {
                    let capitals = context_of(vm, this)?.capitals();
                    let text = text::write(&convert(vm, x)?.value, false, capitals);
                    Ok(vm.new_str(&text)?.upcast())
                }),
                "Convert a number to a string using scientific notation.",
            ),
            MethodDef::new(
                "to_eng_string",
                "($self, x, /)",
                NativeCall::One(|vm, this, x| {
                    let capitals = context_of(vm, this)?.capitals();
                    let text = text::write(&convert(vm, x)?.value, true, capitals);
                    Ok(vm.new_str(&text)?.upcast())
                }),
                "Convert a number to a string, using engineering notation.",
            ),
            MethodDef::new(
                "create_decimal",
                "($self, num=\"0\", /)",
                NativeCall::Positional {
                    min: 0,
                    max: 1,
                    call: |vm, this, args| super::object::create(vm, context_of(vm, this)?, args),
                },
                "Create a new Decimal instance from num, using self as the context. Unlike the\nDecimal constructor, this function observes the context limits.",
            ),
            MethodDef::new(
                "create_decimal_from_float",
                "($self, f, /)",
                NativeCall::One(|vm, this, f| {
                    let exact = super::object::of_float(vm, f)?;
                    let context = context_of(vm, this)?;
                    context.number(vm, |work| work.finish(exact))
                }),
                "Create a new Decimal instance from float f.  Unlike the Decimal.from_float()\nclass method, this function observes the context limits.",
            ),
        ];
    };
}

of_context! {
    one: "abs" "copy_abs" "copy_negate" "exp" "is_finite" "is_infinite" "is_nan" "is_normal"
        "is_qnan" "is_signed" "is_snan" "is_subnormal" "is_zero" "ln" "log10" "logb" "logical_invert" "minus"
        "next_minus" "next_plus" "normalize" "number_class" "plus" "sqrt" "to_integral_exact" "to_integral_value"
        "to_integral";
    two: "add" "compare" "compare_signal" "compare_total" "compare_total_mag" "copy_sign" "divide" "divide_int"
        "divmod" "logical_and" "logical_or" "logical_xor" "max" "max_mag" "min" "min_mag" "multiply" "next_toward"
        "quantize" "remainder" "remainder_near" "rotate" "same_quantum" "scaleb" "shift" "subtract";
}
