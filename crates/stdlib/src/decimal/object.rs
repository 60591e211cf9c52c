//! `decimal.Decimal`.

use std::cmp::Ordering;

use dashu_base::DivRem;
use dashu_int::{IBig, Sign, UBig};
use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Complex, Float, Int, List, Str, Tuple, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::float::arith::decompose;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, BinaryOp, CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm,
    object_layout, protocol,
};

use super::context::{Context, current, given};
use super::number::{Kind, Number, Rounding, WIDEST, Work, digits, flags};
use super::operations::{self, apply, elsewhere};
use super::{module_attribute, text};
use crate::kinds;

/// A `decimal.Decimal`.
#[repr(C)]
pub struct Decimal {
    /// The header.
    pub head: Object,
    /// The value, which never changes.
    pub value: Number,
}
object_layout!(Decimal = kinds::DECIMAL);

static SPEC: TypeSpec = TypeSpec {
    name: "Decimal",
    module: "decimal",
    doc: "Construct a new Decimal object. 'value' can be an integer, string, tuple,\nor another Decimal object. If no value is given, return Decimal('0'). The\ncontext does not affect the conversion and is only passed to determine if\nthe InvalidOperation trap is active.",
    signature: "(value='0', context=None)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(|vm, this| {
            let text = text::write(&own(vm, this)?.value, false, current(vm)?.capitals());
            Ok(vm.new_str(&format!("Decimal('{text}')"))?.upcast())
        }));
        s.str.set(Some(|vm, this| {
            let (value, context) = (&own(vm, this)?.value, current(vm)?);
            if let Some(text) = text::write_plain(value, &mut [0; 32]) {
                return Ok(vm.new_str(text)?.upcast());
            }
            let text = text::write(value, false, context.capitals());
            Ok(vm.new_str(&text)?.upcast())
        }));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.bool
            .set(Some(|vm, this| Ok(!own(vm, this)?.value.is_zero())));
        s.neg.set(Some(|vm, this| unary(vm, this, "minus")));
        s.pos.set(Some(|vm, this| unary(vm, this, "plus")));
        s.abs.set(Some(|vm, this| unary(vm, this, "abs")));
        s.int.set(Some(to_int));
        s.float.set(Some(to_float));
        s.pow.set(Some(power));
        let set = |op: BinaryOp, f| s.binary[op as usize].set(Some(f));
        set(BinaryOp::Add, |vm, a, b| arithmetic(vm, a, b, Work::add));
        set(BinaryOp::Sub, |vm, a, b| arithmetic(vm, a, b, Work::sub));
        set(BinaryOp::Mul, |vm, a, b| arithmetic(vm, a, b, Work::mul));
        set(BinaryOp::TrueDiv, |vm, a, b| {
            arithmetic(vm, a, b, Work::div)
        });
        set(BinaryOp::FloorDiv, |vm, a, b| {
            arithmetic(vm, a, b, Work::div_int)
        });
        set(BinaryOp::Mod, |vm, a, b| arithmetic(vm, a, b, Work::rem));
        set(BinaryOp::Pow, |vm, a, b| power(vm, a, b, vm.none()));
    },
    methods: &[
        operations::UNARY,
        operations::PLAIN,
        operations::BINARY,
        operations::OTHER,
        METHODS,
    ],
    getset: &[
        GetSetDef::get("real", |_, this| Ok(this.to_ref()), ""),
        GetSetDef::get(
            "imag",
            |vm, _| make(vm, Number::finite(false, UBig::ZERO, 0)),
            "",
        ),
    ],
    ..TypeSpec::new(Decimal::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "adjusted",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let value = &own(vm, this)?.value;
            vm.new_int(if value.is_special() {
                0
            } else {
                value.adjusted()
            })
        }),
        "Return the adjusted exponent of the number.  Defined as exp + digits - 1.",
    ),
    MethodDef::new(
        "as_tuple",
        "($self, /)",
        NativeCall::NoArgs(as_tuple),
        "Return a tuple representation of the number.",
    ),
    MethodDef::new(
        "as_integer_ratio",
        "($self, /)",
        NativeCall::NoArgs(as_integer_ratio),
        "Return a pair of integers whose ratio is exactly equal to the original.\n\nThe ratio is in lowest terms and with a positive denominator.\nRaise OverflowError on infinities and a ValueError on NaNs.",
    ),
    MethodDef::new(
        "canonical",
        "($self, /)",
        NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
        "Return the canonical encoding of the argument.\n\nCurrently, the encoding of a Decimal instance is always canonical,\nso this operation returns its argument unchanged.",
    ),
    MethodDef::new(
        "conjugate",
        "($self, /)",
        NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
        "Return self.",
    ),
    MethodDef::new(
        "radix",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| make(vm, Number::finite(false, UBig::from(10u8), 0))),
        "Return Decimal(10), the radix (base) in which the Decimal class does\nall its arithmetic. Included for compatibility with the specification.",
    ),
    MethodDef::class(
        "from_float",
        "($type, f, /)",
        NativeCall::One(|vm, class, f| {
            let number = of_float(vm, f)?;
            of_class(vm, class, number)
        }),
        "Class method that converts a float to a decimal number, exactly.\n\nSince 0.1 is not exactly representable in binary floating point,\nDecimal.from_float(0.1) is not the same as Decimal('0.1').",
    ),
    MethodDef::class(
        "from_number",
        "($type, number, /)",
        NativeCall::One(|vm, class, number| {
            let exact = match number.downcast::<Decimal>() {
                Some(decimal) => decimal.value.clone(),
                None if is_real(number) => of_float(vm, number)?,
                None => return Err(no_conversion(vm, number)),
            };
            of_class(vm, class, exact)
        }),
        "Class method that converts a real number to a decimal number, exactly.",
    ),
    MethodDef::new(
        "__complex__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let float = to_float(vm, this)?;
            vm.new_complex(protocol::to_f64(vm, &float)?, 0.0)
        }),
        "Convert this value to exact type complex.",
    ),
    MethodDef::new(
        "__copy__",
        "($self, /)",
        NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
        "",
    ),
    MethodDef::new(
        "__deepcopy__",
        "($self, memo, /)",
        NativeCall::One(|_, this, _| Ok(this.to_ref())),
        "",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let text = vm.new_str(&text::write(&own(vm, this)?.value, false, true))?;
            let class = Ref::of(Type::of(this)).upcast();
            let args = vm.new_tuple(vec![text.upcast()])?.upcast();
            Ok(vm.new_tuple(vec![class, args])?.upcast())
        }),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__floor__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| integer(vm, &own(vm, this)?.value, Rounding::Floor)),
        "Return the floor as an Integral.",
    ),
    MethodDef::new(
        "__ceil__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| integer(vm, &own(vm, this)?.value, Rounding::Ceiling)),
        "Return the ceiling as an Integral.",
    ),
    MethodDef::new(
        "__trunc__",
        "($self, /)",
        NativeCall::NoArgs(to_int),
        "Return the Integral closest to x between 0 and x.",
    ),
    MethodDef::new(
        "__round__",
        "($self, ndigits=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: round,
        },
        "Return the Integral closest to self, rounding half toward even.",
    ),
    MethodDef::new(
        "__format__",
        "($self, fmtarg, override=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: format,
        },
        "Formats the Decimal according to fmtarg.",
    ),
    MethodDef::new(
        "__divmod__",
        "($self, value, /)",
        NativeCall::One(div_mod),
        "Return divmod(self, value).",
    ),
    MethodDef::new(
        "__rdivmod__",
        "($self, value, /)",
        NativeCall::One(|vm, this, value| div_mod(vm, value, this)),
        "Return divmod(value, self).",
    ),
];

/// The type `decimal.Decimal`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Decimal> {
    receiver(vm, this)
}

fn place(vm: &Vm, ty: &Type, value: Number) -> PyResult<Ref<Decimal>> {
    vm.place(Decimal {
        head: Object::new(ty.type_head_of()),
        value,
    })
}

/// A Decimal.
pub fn make(vm: &Vm, value: Number) -> PyResult {
    Ok(place(vm, &*own_type(vm)?, value)?.upcast())
}

/// A number as a class, which may be a subclass, makes it of a Decimal.
fn of_class(vm: &Vm, class: &Object, value: Number) -> PyResult {
    let made = make(vm, value)?;
    if class.is(own_type(vm)?.as_object()) {
        Ok(made)
    } else {
        protocol::call_one(vm, class, &made)
    }
}

/// The value of an int.
pub fn of_int(int: &Int) -> Number {
    match int.as_i64() {
        Some(small) => Number::finite(small < 0, UBig::from(small.unsigned_abs()), 0),
        None => {
            let (sign, magnitude) = int.to_big().into_parts();
            Number::finite(sign == Sign::Negative, magnitude, 0)
        }
    }
}

fn is_real(object: &Object) -> bool {
    object.downcast::<Int>().is_some() || object.downcast::<Float>().is_some()
}

/// The exact value of a float or an int.
///
/// # Errors
/// TypeError for anything else.
pub fn of_float(vm: &Vm, object: &Object) -> PyResult<Number> {
    if let Some(int) = object.downcast::<Int>() {
        return Ok(of_int(int));
    }
    match object.downcast::<Float>() {
        Some(float) => Ok(exact_float(float.value())),
        None => Err(vm.type_error("argument must be int or float")),
    }
}

fn exact_float(value: f64) -> Number {
    let negative = value.is_sign_negative();
    if value.is_nan() {
        return Number {
            negative,
            ..Number::nan()
        };
    }
    if value.is_infinite() {
        return Number::infinite(negative);
    }
    if value == 0.0 {
        return Number::finite(negative, UBig::ZERO, 0);
    }
    let (mut mantissa, mut exponent) = decompose(value.abs());
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exponent += i64::from(zeros);
    let mantissa = UBig::from(mantissa);
    if exponent >= 0 {
        return Number::finite(negative, mantissa << exponent as usize, 0);
    }
    let fives = UBig::from(5u8).pow(exponent.unsigned_abs() as usize);
    Number::finite(negative, mantissa * fives, exponent)
}

#[cold]
fn no_conversion(vm: &Vm, object: &Object) -> viv_runtime::Raised {
    vm.type_error(format!(
        "conversion from {} to Decimal is not supported",
        protocol::type_name(object)
    ))
}

/// An operand as a Decimal.
///
/// # Errors
/// TypeError for what is neither a Decimal nor an int.
pub fn convert(vm: &Vm, object: &Object) -> PyResult<Ref<Decimal>> {
    if let Some(decimal) = object.downcast::<Decimal>() {
        return Ok(Ref::of(decimal));
    }
    match object.downcast::<Int>() {
        Some(int) => place(vm, &*own_type(vm)?, of_int(int)),
        None => Err(no_conversion(vm, object)),
    }
}

/// The value of an operand of an operator, if it is one.
fn operand(object: &Object) -> Option<std::borrow::Cow<'_, Number>> {
    if let Some(decimal) = object.downcast::<Decimal>() {
        return Some(std::borrow::Cow::Borrowed(&decimal.value));
    }
    object
        .downcast::<Int>()
        .map(|int| std::borrow::Cow::Owned(of_int(int)))
}

fn arithmetic(
    vm: &Vm,
    a: &Object,
    b: &Object,
    f: fn(&mut Work, &Number, &Number) -> Number,
) -> PyResult {
    if let (Some(a), Some(b)) = (a.downcast::<Decimal>(), b.downcast::<Decimal>()) {
        return current(vm)?.number(vm, |work| f(work, &a.value, &b.value));
    }
    let (Some(a), Some(b)) = (operand(a), operand(b)) else {
        return Ok(vm.not_implemented());
    };
    current(vm)?.number(vm, |work| f(work, &a, &b))
}

fn unary(vm: &Vm, this: &Object, name: &str) -> PyResult {
    apply(vm, &*current(vm)?, name, &[&own(vm, this)?.value])
}

fn div_mod(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (Some(a), Some(b)) = (operand(a), operand(b)) else {
        return Ok(vm.not_implemented());
    };
    apply(vm, &*current(vm)?, "divmod", &[&a, &b])
}

fn power(vm: &Vm, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    let (Some(a), Some(b)) = (operand(a), operand(b)) else {
        return Ok(vm.not_implemented());
    };
    let context = current(vm)?;
    if vm.is_none(modulus) {
        return apply(vm, &context, "power", &[&a, &b]);
    }
    match operand(modulus) {
        Some(c) => apply(vm, &context, "power", &[&a, &b, &c]),
        None => Ok(vm.not_implemented()),
    }
}

/// The number that a text stands for; a NaN where it is none.
fn of_text(vm: &Vm, context: &Context, given: &Str, strict: bool) -> PyResult<Number> {
    match text::parse(given.chars(), strict) {
        Some(number) => Ok(number),
        None => {
            context.meet(vm, flags::CONVERSION)?;
            Ok(Number::nan())
        }
    }
}

fn of_sequence(vm: &Vm, items: &[Ref]) -> PyResult<Number> {
    let [sign, coefficient, exponent] = items else {
        return Err(vm.value_error("argument must be a sequence of length 3"));
    };
    let sign = match sign.downcast::<Int>().and_then(Int::as_i64) {
        Some(sign @ 0..=1) => sign == 1,
        _ => return Err(vm.value_error("sign must be an integer with the value 0 or 1")),
    };
    let mut kind = Kind::Finite;
    let mut power = 0;
    if let Some(letter) = exponent.downcast::<Str>() {
        kind = match letter.as_ascii() {
            Some("F") => return Ok(Number::infinite(sign)),
            Some("n") => Kind::Quiet,
            Some("N") => Kind::Signaling,
            _ => {
                return Err(
                    vm.value_error("string argument in the third position must be 'F', 'n' or 'N'")
                );
            }
        };
    } else if let Some(int) = exponent.downcast::<Int>() {
        // What is out of every range stays so, without coming near the limits of 64 bits.
        const FAR: i64 = 4_000_000_000_000_000_000;
        power = protocol::to_i64(vm, int)?.clamp(-FAR, FAR);
    } else {
        return Err(vm.value_error("exponent must be an integer"));
    }
    let list;
    let digits = if let Some(tuple) = coefficient.downcast::<Tuple>() {
        tuple.as_slice()
    } else if let Some(given) = coefficient.downcast::<List>() {
        list = given.snapshot();
        &list
    } else {
        return Err(vm.value_error("coefficient must be a tuple of digits"));
    };
    let mut text = String::new();
    for digit in digits {
        match digit.downcast::<Int>().and_then(Int::as_i64) {
            Some(digit @ 0..=9) => text.push(char::from(b'0' + digit as u8)),
            _ => return Err(vm.value_error("coefficient must be a tuple of digits")),
        }
    }
    let coefficient = UBig::from_str_radix(if text.is_empty() { "0" } else { &text }, 10);
    Ok(Number {
        negative: sign,
        kind,
        coefficient: coefficient.unwrap_or(UBig::ZERO),
        exponent: power,
    })
}

/// The exact value of what the constructor takes.
fn value_of(vm: &Vm, context: &Context, given: &Object, strict: bool) -> PyResult<Number> {
    if let Some(decimal) = given.downcast::<Decimal>() {
        return Ok(decimal.value.clone());
    }
    if let Some(text) = given.downcast::<Str>() {
        return of_text(vm, context, text, strict);
    }
    if let Some(int) = given.downcast::<Int>() {
        return Ok(of_int(int));
    }
    if let Some(tuple) = given.downcast::<Tuple>() {
        return of_sequence(vm, tuple.as_slice());
    }
    if let Some(list) = given.downcast::<List>() {
        return of_sequence(vm, &list.snapshot());
    }
    if let Some(float) = given.downcast::<Float>() {
        context.meet(vm, flags::FLOAT)?;
        return Ok(exact_float(float.value()));
    }
    Err(no_conversion(vm, given))
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if let ([value], 0) = (args.pos(), args.keyword_count())
        && let Some(int) = value.downcast_exact::<Int>()
    {
        // Neither rounded nor checked against a context: no int is too wide.
        return Ok(place(vm, ty, of_int(int))?.upcast());
    }
    let bound = Parameters::of("(value='0', context=None)").bind(vm, "Decimal", args)?;
    let exact = ty.is(&*own_type(vm)?);
    let Some(&Some(value)) = bound.first() else {
        return Ok(place(vm, ty, Number::finite(false, UBig::ZERO, 0))?.upcast());
    };
    if exact && value.downcast::<Decimal>().is_some() && Type::of(value).is(ty) {
        return Ok(value.to_ref());
    }
    let context = given(vm, bound.get(1).copied().flatten())?;
    let mut number = value_of(vm, &context, value, false)?;
    let too_wide = !number.is_special()
        && (number.exponent < 2 * WIDEST.emin + 1
            || !number.is_zero() && number.adjusted() > WIDEST.emax
            || number.exponent > WIDEST.emax);
    if too_wide {
        context.meet(vm, flags::INVALID)?;
        number = Number::nan();
    }
    Ok(place(vm, ty, number)?.upcast())
}

/// `Context.create_decimal`
pub fn create(vm: &Vm, context: &Context, args: &[&Object]) -> PyResult {
    let number = match args.first() {
        Some(given) => value_of(vm, context, given, true)?,
        None => Number::finite(false, UBig::ZERO, 0),
    };
    let rules = context.rules();
    if number.is_nan()
        && number.coefficient != UBig::ZERO
        && digits(&number.coefficient) > rules.prec - i64::from(rules.clamp)
    {
        context.meet(vm, flags::CONVERSION)?;
        return make(vm, Number::nan());
    }
    context.number(vm, |work| work.finish(number))
}

/// An int of a finite number, rounded.
fn integer(vm: &Vm, value: &Number, rounding: Rounding) -> PyResult {
    match value.kind {
        Kind::Infinite => {
            return Err(vm.overflow_error("cannot convert Infinity to integer"));
        }
        Kind::Quiet | Kind::Signaling => {
            return Err(vm.value_error("cannot convert NaN to integer"));
        }
        Kind::Finite => {}
    }
    let mut work = Work::new(WIDEST);
    let whole = work.rescale(value, 0, rounding);
    if work.too_big {
        return Err(vm.no_memory());
    }
    let sign = if whole.negative {
        Sign::Negative
    } else {
        Sign::Positive
    };
    vm.new_big_int(&IBig::from_parts(sign, whole.coefficient))
}

fn to_int(vm: &Vm, this: &Object) -> PyResult {
    integer(vm, &own(vm, this)?.value, Rounding::Down)
}

fn to_float(vm: &Vm, this: &Object) -> PyResult {
    let value = &own(vm, this)?.value;
    match value.kind {
        Kind::Signaling => Err(vm.value_error("cannot convert signaling NaN to float")),
        Kind::Quiet => vm.new_float(if value.negative { -f64::NAN } else { f64::NAN }),
        _ => {
            let text = text::write(value, false, true);
            vm.new_float(text.parse().unwrap_or(f64::INFINITY))
        }
    }
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    const PRIME: u128 = (1 << 61) - 1;
    /// What ten times it leaves one of the prime.
    const TENTH: u128 = 2_075_258_708_292_324_556;
    let value = &own(vm, this)?.value;
    let hash = match value.kind {
        Kind::Signaling => return Err(vm.type_error("Cannot hash a signaling NaN value")),
        Kind::Quiet => return Ok(viv_runtime::types::float::arith::hash_address(this)),
        Kind::Infinite => 314_159,
        Kind::Finite => {
            let mut base = if value.exponent < 0 { TENTH } else { 10 };
            let (mut power, mut left) = (1u128, value.exponent.unsigned_abs());
            while left > 0 {
                if left & 1 == 1 {
                    power = power * base % PRIME;
                }
                base = base * base % PRIME;
                left >>= 1;
            }
            let rest = &value.coefficient % UBig::from(PRIME);
            let rest = u128::try_from(&rest).unwrap_or(0);
            (rest * power % PRIME) as i64
        }
    };
    let hash = if value.negative { -hash } else { hash };
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Vm, this: &Object, other: &Object, op: CompareOp) -> PyResult {
    let a = &own(vm, this)?.value;
    let context = current(vm)?;
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let mut scaled = None;
    let b = if let Some(b) = operand(other) {
        b.into_owned()
    } else if let Some(float) = other.downcast::<Float>() {
        if equality {
            context.status.set(context.status.get() | flags::FLOAT);
        } else {
            context.meet(vm, flags::FLOAT)?;
        }
        exact_float(float.value())
    } else if let Some(complex) = other.downcast::<Complex>() {
        if !equality || complex.im != 0.0 {
            return Ok(vm.not_implemented());
        }
        context.status.set(context.status.get() | flags::FLOAT);
        exact_float(complex.re)
    } else if is_rational(vm, other)? {
        // a <=> n/d as a*d <=> n
        let part = |name: &str| -> PyResult<Number> {
            let part = protocol::get_attr_str(vm, other, name)?;
            match part.downcast::<Int>() {
                Some(int) => Ok(of_int(int)),
                None => Err(vm.type_error("parts of a fraction must be ints")),
            }
        };
        let (n, d) = (part("numerator")?, part("denominator")?);
        scaled = Some(Work::new(WIDEST).mul(a, &d));
        n
    } else {
        return Ok(vm.not_implemented());
    };
    let a = scaled.as_ref().unwrap_or(a);
    if a.is_nan() || b.is_nan() {
        let signaling = a.kind == Kind::Signaling || b.kind == Kind::Signaling;
        if signaling || !equality {
            context.meet(vm, flags::INVALID)?;
        }
        return Ok(vm.bool(op == CompareOp::Ne));
    }
    let mut work = Work::new(WIDEST);
    let order = work.order(a, &b);
    if work.too_big {
        return Err(vm.no_memory());
    }
    Ok(vm.bool(match op {
        CompareOp::Eq => order == Ordering::Equal,
        CompareOp::Ne => order != Ordering::Equal,
        CompareOp::Lt => order == Ordering::Less,
        CompareOp::Le => order != Ordering::Greater,
        CompareOp::Gt => order == Ordering::Greater,
        CompareOp::Ge => order != Ordering::Less,
    }))
}

/// Whether an object is a `numbers.Rational`; builtin types other than int never are.
fn is_rational(vm: &Vm, object: &Object) -> PyResult<bool> {
    if !Type::of(object).has(TypeTraits::HEAP) {
        return Ok(false);
    }
    let numbers = viv_runtime::modules::import::import_name(vm, "numbers")?;
    let rational = protocol::get_attr_str(vm, &numbers, "Rational")?;
    let check = protocol::get_attr_str(vm, &rational, "__instancecheck__")?;
    let result = protocol::call_one(vm, &check, object)?;
    protocol::is_true(vm, &result)
}

fn as_tuple(vm: &Vm, this: &Object) -> PyResult {
    let value = &own(vm, this)?.value;
    let digits = match value.kind {
        Kind::Infinite => "0".to_owned(),
        Kind::Quiet | Kind::Signaling if value.coefficient == UBig::ZERO => String::new(),
        _ => text::digit_text(&value.coefficient),
    };
    let digits = digits
        .bytes()
        .map(|digit| vm.new_int(i64::from(digit - b'0')))
        .collect::<PyResult<Vec<Ref>>>()?;
    let exponent = match value.kind {
        Kind::Infinite => vm.intern("F")?.upcast(),
        Kind::Quiet => vm.intern("n")?.upcast(),
        Kind::Signaling => vm.intern("N")?.upcast(),
        Kind::Finite => vm.new_int(value.exponent)?,
    };
    let class = module_attribute(vm, "DecimalTuple")?;
    let sign = vm.new_int(i64::from(value.negative))?;
    let digits = vm.new_tuple(digits)?;
    protocol::call_args(vm, &class, &[&sign, digits.as_object(), &exponent])
}

fn as_integer_ratio(vm: &Vm, this: &Object) -> PyResult {
    let value = &own(vm, this)?.value;
    match value.kind {
        Kind::Infinite => {
            return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
        }
        Kind::Quiet | Kind::Signaling => {
            return Err(vm.value_error("cannot convert NaN to integer ratio"));
        }
        Kind::Finite => {}
    }
    let (mut n, mut d) = (value.coefficient.clone(), UBig::ONE);
    let power = value.exponent.unsigned_abs();
    if power > 20_000_000 && n != UBig::ZERO {
        return Err(vm.no_memory());
    }
    if n == UBig::ZERO {
        d = UBig::ONE;
    } else if value.exponent >= 0 {
        n *= UBig::from(10u8).pow(power as usize);
    } else {
        d = UBig::from(10u8).pow(power as usize);
        // The only common factors are those of ten.
        for factor in [2u8, 5] {
            let factor = UBig::from(factor);
            loop {
                let ((x, r), (y, s)) = ((&n).div_rem(&factor), (&d).div_rem(&factor));
                if r != UBig::ZERO || s != UBig::ZERO {
                    break;
                }
                (n, d) = (x, y);
            }
        }
    }
    let sign = if value.negative {
        Sign::Negative
    } else {
        Sign::Positive
    };
    let parts = vec![
        vm.new_big_int(&IBig::from_parts(sign, n))?,
        vm.new_big_int(&IBig::from(d))?,
    ];
    Ok(vm.new_tuple(parts)?.upcast())
}

fn round(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let value = &own(vm, this)?.value;
    let Some(places) = args.first().filter(|places| !vm.is_none(places)) else {
        return integer(vm, value, Rounding::HalfEven);
    };
    if places.downcast::<Int>().is_none() {
        return Err(vm.type_error("optional arg must be an integer"));
    }
    let places = protocol::to_i64(vm, places)?;
    let unit = Number::finite(false, UBig::ONE, places.saturating_neg());
    current(vm)?.number(vm, |work| work.quantize(value, &unit, Rounding::HalfEven))
}

/// `.Nf` of a finite number: the most frequent format of all.
fn fixed(vm: &Vm, value: &Number, spec: &str) -> PyResult<Option<String>> {
    let places = spec
        .strip_prefix('.')
        .and_then(|rest| rest.strip_suffix('f'))
        .and_then(|places| places.parse::<u16>().ok());
    let Some(places) = places.filter(|_| !value.is_special() && value.exponent.abs() < 10_000)
    else {
        return Ok(None);
    };
    let rounding = current(vm)?.rules().rounding;
    let mut work = Work::new(WIDEST);
    let rounded = work.rescale(value, -i64::from(places), rounding);
    let digits = text::digit_text(&rounded.coefficient);
    let places = usize::from(places);
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if rounded.negative { "-" } else { "" };
    let point = if places == 0 { "" } else { "." };
    Ok(Some(format!("{sign}{whole}{point}{fraction}")))
}

fn format(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let value = &own(vm, this)?.value;
    let Some(spec) = args.first().and_then(|spec| spec.downcast::<Str>()) else {
        return Err(vm.type_error("format arg must be str"));
    };
    if spec.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    if let Some(ascii) = spec.as_ascii()
        && let Some(text) = fixed(vm, value, ascii)?
    {
        return Ok(vm.new_str(&text)?.upcast());
    }
    let context = current(vm)?;
    let mut spec_object = Ref::of(spec);
    let mut capital = false;
    if let Some(ascii) = spec.as_ascii()
        && let Some(rest) = ascii.strip_suffix('N')
    {
        vm.warn(
            &vm.exceptions.DeprecationWarning,
            "Format specifier 'N' is deprecated and slated for removal in Python 3.18",
            1,
        )?;
        capital = true;
        spec_object = vm.new_str(&format!("{rest}n"))?;
    }
    let spec = spec_object.as_object();
    let made = match *args {
        [_, locale] if locale.downcast::<viv_runtime::object::Dict>().is_none() => {
            return Err(vm.type_error("optional argument must be a dict"));
        }
        [_, locale] => elsewhere(
            vm,
            &context,
            "__format__",
            &[value],
            &[spec, vm.none(), locale],
        ),
        _ => elsewhere(vm, &context, "__format__", &[value], &[spec]),
    };
    if capital
        && let Ok(text) = &made
        && let Some(text) = text.downcast::<Str>()
    {
        return Ok(vm.new_str(&text.to_text().replace('e', "E"))?.upcast());
    }
    made.map_err(|raised| {
        let wrong = vm.raised_is(&raised, &vm.exceptions.ValueError);
        if wrong {
            drop(vm.take_raised(raised));
            return vm.value_error("invalid format string");
        }
        raised
    })
}
