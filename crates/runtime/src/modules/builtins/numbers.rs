//! The builtin functions on numbers: `abs`, `divmod`, `pow`, `round`, `sum`, `bin`, `oct`, `hex`, `chr`, `ord`.

use viv_bytecode::BinaryOp;
use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{ByteArray, Bytes, Complex, Float, Int, Str, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "abs",
        "($module, number, /)",
        NativeCall::One(abs),
        "Return the absolute value of the argument.",
    ),
    MethodDef::new(
        "divmod",
        "($module, x, y, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| divmod(vm, args[0], args[1]),
        },
        "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.",
    ),
    MethodDef::new(
        "pow",
        "($module, base, exp, mod=None)",
        NativeCall::Bound(pow),
        "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are able to use a more efficient algorithm when\ninvoked using the three argument form.",
    ),
    MethodDef::new(
        "round",
        "($module, number, ndigits=None)",
        NativeCall::Bound(round),
        "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted or None.  Otherwise\nthe return value has the same type as the number.  ndigits may be negative.",
    ),
    MethodDef::new(
        "sum",
        "($module, iterable, /, start=0)",
        NativeCall::Bound(sum),
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types.",
    ),
    MethodDef::new(
        "bin",
        "($module, number, /)",
        NativeCall::One(|vm, _, n| in_base(vm, n, 2, "0b")),
        "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'",
    ),
    MethodDef::new(
        "oct",
        "($module, number, /)",
        NativeCall::One(|vm, _, n| in_base(vm, n, 8, "0o")),
        "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'",
    ),
    MethodDef::new(
        "hex",
        "($module, number, /)",
        NativeCall::One(|vm, _, n| in_base(vm, n, 16, "0x")),
        "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'",
    ),
    MethodDef::new(
        "chr",
        "($module, i, /)",
        NativeCall::One(chr),
        "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    MethodDef::new(
        "ord",
        "($module, character, /)",
        NativeCall::One(ord),
        "Return the ordinal value of a character.\n\nIf the argument is a one-byte string, return the integer value of that\nbyte.\n\nIf the argument is a string or bytes object of length 1, return the\ninteger value of its only character or byte.",
    ),
];

fn abs(vm: &Vm, _module: &Object, number: &Object) -> PyResult {
    match Type::of(number).slots.abs.get() {
        Some(slot) => slot(vm, number),
        None => Err(vm.type_error(format!(
            "bad operand type for abs(): '{}'",
            type_name(number)
        ))),
    }
}

fn divmod(vm: &Vm, x: &Object, y: &Object) -> PyResult {
    if let (Some(a), Some(b)) = (x.downcast_exact::<Int>(), y.downcast_exact::<Int>()) {
        return crate::types::int::arith::div_mod(vm, a, b);
    }
    let (tx, ty) = (Type::of(x), Type::of(y));
    let left = vm.intern("__divmod__")?;
    let reflected_first = !tx.is(ty) && ty.is_subtype(tx);
    if reflected_first
        && let Some(result) = accepted(
            vm,
            protocol::call_special(vm, y, &vm.names.__rdivmod__, &[x])?,
        )
    {
        return Ok(result);
    }
    if let Some(result) = accepted(vm, protocol::call_special(vm, x, &left, &[y])?) {
        return Ok(result);
    }
    if !reflected_first
        && !tx.is(ty)
        && let Some(result) = accepted(
            vm,
            protocol::call_special(vm, y, &vm.names.__rdivmod__, &[x])?,
        )
    {
        return Ok(result);
    }
    Err(vm.type_error(format!(
        "unsupported operand type(s) for divmod(): '{}' and '{}'",
        type_name(x),
        type_name(y)
    )))
}

fn accepted(vm: &Vm, result: Option<Ref>) -> Option<Ref> {
    result.filter(|r| !vm.is_not_implemented(r))
}

fn pow(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(base), Some(exp), modulus] = args else {
        return Err(vm.system_error("pow() lost its arguments"));
    };
    let Some(modulus) = modulus.filter(|m| !vm.is_none(m)) else {
        return protocol::binary(vm, base, exp, BinaryOp::Pow);
    };
    // As with two operands, each type's function is asked once, that of a subclass on the right first.
    let mut operands = vec![base, exp, &modulus];
    if !Type::of(exp).is(Type::of(base)) && Type::of(exp).is_subtype(Type::of(base)) {
        operands.swap(0, 1);
    }
    let mut asked: Vec<crate::slots::Ternary> = Vec::new();
    for operand in operands {
        if let Some(slot) = Type::of(operand).slots.pow.get()
            && !asked.iter().any(|f| std::ptr::fn_addr_eq(*f, slot))
        {
            asked.push(slot);
            let result = slot(vm, base, exp, modulus)?;
            if !vm.is_not_implemented(&result) {
                return Ok(result);
            }
        }
    }
    Err(vm.type_error(format!(
        "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
        type_name(base),
        type_name(exp),
        type_name(modulus)
    )))
}

fn round(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(number), digits] = args else {
        return Err(vm.system_error("round() lost its arguments"));
    };
    if number.is_exact::<Float>() {
        // Nobody can give `float` another `__round__`.
        return match digits {
            Some(digits) => crate::types::float::methods::round(vm, number, &[digits]),
            None => crate::types::float::methods::round(vm, number, &[]),
        };
    }
    let Some(method) = protocol::lookup_special(vm, number, &vm.names.__round__)? else {
        return Err(vm.type_error(format!(
            "type {} doesn't define __round__ method",
            type_name(number)
        )));
    };
    match digits.filter(|d| !vm.is_none(d)) {
        Some(digits) => protocol::call_one(vm, &method, digits),
        None => protocol::call_no_args(vm, &method),
    }
}

/// A running sum of floats with Neumaier's correction term, as CPython keeps one.
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn new(first: f64) -> Compensated {
        Compensated {
            high: first,
            low: 0.0,
        }
    }

    fn add(&mut self, x: f64) {
        let t = self.high + x;
        self.low += if self.high.abs() >= x.abs() {
            (self.high - t) + x
        } else {
            (x - t) + self.high
        };
        self.high = t;
    }

    fn value(&self) -> f64 {
        // The correction is lost in infinities and NaNs, which the plain sum has right.
        if self.low != 0.0 && self.low.is_finite() {
            self.high + self.low
        } else {
            self.high
        }
    }
}

fn sum(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(iterable), start] = args else {
        return Err(vm.system_error("sum() lost its arguments"));
    };
    if let Some(start) = start {
        let hint = match () {
            _ if start.downcast::<Str>().is_some() => {
                "sum() can't sum strings [use ''.join(seq) instead]"
            }
            _ if start.downcast::<Bytes>().is_some() => {
                "sum() can't sum bytes [use b''.join(seq) instead]"
            }
            _ if start.downcast::<ByteArray>().is_some() => {
                "sum() can't sum bytearray [use b''.join(seq) instead]"
            }
            _ => "",
        };
        if !hint.is_empty() {
            return Err(vm.type_error(hint));
        }
    }
    let iterator = protocol::iter(vm, iterable)?;
    let mut total = match start {
        Some(start) => start.to_ref(),
        None => vm.new_int(0)?,
    };
    loop {
        if let Some(mut small) = total.downcast_exact::<Int>().and_then(Int::as_i64) {
            let next = loop {
                let Some(item) = protocol::next(vm, &iterator)? else {
                    return vm.new_int(small);
                };
                let value = item.downcast_exact::<Int>().and_then(Int::as_i64);
                match value.and_then(|v| small.checked_add(v)) {
                    Some(both) => small = both,
                    None => break item,
                }
            };
            let so_far = vm.new_int(small)?;
            total = protocol::binary(vm, &so_far, &next, BinaryOp::Add)?;
        } else if let Some(first) = total.downcast_exact::<Float>().map(Float::value) {
            let mut running = Compensated::new(first);
            let next = loop {
                let Some(item) = protocol::next(vm, &iterator)? else {
                    return vm.new_float(running.value());
                };
                let value = match (item.downcast_exact::<Float>(), item.downcast::<Int>()) {
                    (Some(float), _) => Some(float.value()),
                    (_, Some(int)) => Some(crate::types::int::to_f64(vm, int)?),
                    _ => None,
                };
                match value {
                    Some(value) => running.add(value),
                    None => break item,
                }
            };
            let so_far = vm.new_float(running.value())?;
            total = protocol::binary(vm, &so_far, &next, BinaryOp::Add)?;
        } else if let Some(first) = total.downcast_exact::<Complex>() {
            let (mut re, mut im) = (Compensated::new(first.re), Compensated::new(first.im));
            let next = loop {
                let Some(item) = protocol::next(vm, &iterator)? else {
                    return vm.new_complex(re.value(), im.value());
                };
                if let Some(item) = item.downcast_exact::<Complex>() {
                    re.add(item.re);
                    im.add(item.im);
                } else if let Some(int) = item.downcast::<Int>() {
                    re.add(crate::types::int::to_f64(vm, int)?);
                } else if let Some(float) = item.downcast::<Float>() {
                    re.add(float.value());
                } else {
                    break item;
                }
            };
            let so_far = vm.new_complex(re.value(), im.value())?;
            total = protocol::binary(vm, &so_far, &next, BinaryOp::Add)?;
        } else {
            let Some(item) = protocol::next(vm, &iterator)? else {
                return Ok(total);
            };
            total = protocol::binary(vm, &total, &item, BinaryOp::Add)?;
        }
    }
}

fn in_base(vm: &Vm, number: &Object, base: u32, prefix: &str) -> PyResult {
    let index = protocol::index(vm, number)?;
    let Some(int) = index.downcast::<Int>() else {
        return Err(vm.system_error("index without int"));
    };
    let digits = crate::types::format::number::digits_in(vm, int, base)?;
    let sign = if int.signum() < 0 { "-" } else { "" };
    Ok(vm.new_str(&format!("{sign}{prefix}{digits}"))?.upcast())
}

fn chr(vm: &Vm, _module: &Object, number: &Object) -> PyResult {
    let index = protocol::index(vm, number)?;
    match index
        .downcast::<Int>()
        .and_then(Int::as_i64)
        .and_then(|n| u32::try_from(n).ok())
    {
        Some(point) if point <= 0x10_ffff => Ok(vm.new_char(point)?.upcast()),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &Vm, _module: &Object, character: &Object) -> PyResult {
    let (len, kind, first) = if let Some(string) = character.downcast::<Str>() {
        (string.len(), "string", string.char_at(0))
    } else if let Some(bytes) = character.downcast::<Bytes>() {
        let bytes = bytes.as_slice();
        (bytes.len(), "bytes", bytes.first().map(|b| u32::from(*b)))
    } else if let Some(array) = character.downcast::<ByteArray>() {
        array
            .data
            .read(|d| (d.len(), "bytearray", d.first().map(|b| u32::from(*b))))
    } else {
        return Err(vm.type_error(format!(
            "ord() expected string of length 1, but {} found",
            type_name(character)
        )));
    };
    match first {
        Some(point) if len == 1 => vm.new_int(i64::from(point)),
        _ => Err(vm.type_error(format!(
            "ord() expected a character, but {kind} of length {len} found"
        ))),
    }
}

/// `print(*args)` and friends take a keyword that must be a string or None.
pub(super) fn text_or_none(vm: &Vm, args: Args<'_>, name: &str) -> PyResult<Option<Ref<Str>>> {
    match args.keyword(name) {
        Some(value) if !vm.is_none(value) => match value.to_ref().cast::<Str>() {
            Ok(text) => Ok(Some(text)),
            Err(other) => Err(vm.type_error(format!(
                "{name} must be None or a string, not {}",
                type_name(&other)
            ))),
        },
        _ => Ok(None),
    }
}
