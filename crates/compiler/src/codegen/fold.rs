//! Constant folding: what CPython's optimiser computes at compile time, under the same limits on sizes.
//!
//! Only what needs no more than 128-bit integers is folded; the rest is left for run time, where nobody can tell.

use viv_bytecode::{BinaryOp, Const, Op};

const MAX_STR_SIZE: usize = 4096;
const MAX_COLLECTION_SIZE: usize = 256;
const MAX_INT_BITS: u32 = 128;
const MAX_TOTAL_ITEMS: i64 = 1024;

/// Whether a constant is true.
pub fn truth(constant: &Const) -> Option<bool> {
    Some(match constant {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::BigInt(_) => true,
        Const::Int(n) => *n != 0,
        Const::Float(x) => *x != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(bytes) | Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::Slice(_) => true,
        Const::Code(_) => return None,
    })
}

fn integer(constant: &Const) -> Option<i128> {
    match constant {
        Const::Int(n) => Some(i128::from(*n)),
        Const::True => Some(1),
        Const::False => Some(0),
        Const::BigInt(text) => {
            let (sign, digits) = match text.strip_prefix('-') {
                Some(rest) => (-1, rest),
                None => (1, &**text),
            };
            let value = match digits.strip_prefix("0x") {
                Some(hex) => i128::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            Some(sign * value)
        }
        _ => None,
    }
}

/// The constant of an integer.
pub fn int(value: i128) -> Const {
    match i64::try_from(value) {
        Ok(small) => Const::Int(small),
        Err(_) if value < 0 => Const::BigInt(format!("-0x{:x}", value.unsigned_abs()).into()),
        Err(_) => Const::BigInt(format!("0x{value:x}").into()),
    }
}

fn float(constant: &Const) -> Option<f64> {
    match constant {
        Const::Float(x) => Some(*x),
        // Beyond 53 bits rounding matters; leave it.
        _ => integer(constant)
            .filter(|n| n.unsigned_abs() <= 1 << 53)
            .map(|n| n as f64),
    }
}

/// A unary operation on a constant.
pub fn unary(op: Op, x: &Const) -> Option<Const> {
    match op {
        Op::UNARY_NOT => truth(x).map(|t| if t { Const::False } else { Const::True }),
        Op::UNARY_NEGATIVE => match x {
            Const::Float(x) => Some(Const::Float(-x)),
            Const::Complex(re, im) => Some(Const::Complex(-re, -im)),
            Const::BigInt(text) => Some(match text.strip_prefix('-') {
                Some(rest) => Const::BigInt(rest.into()),
                None if &**text == "0x8000000000000000" => Const::Int(i64::MIN),
                None => Const::BigInt(format!("-{text}").into()),
            }),
            _ => integer(x)?.checked_neg().map(int),
        },
        Op::UNARY_POSITIVE => match x {
            Const::Float(_) | Const::Complex(..) | Const::BigInt(_) => Some(x.clone()),
            _ => integer(x).map(int),
        },
        // The inversion of a bool is left to warn at run time.
        Op::UNARY_INVERT if matches!(x, Const::True | Const::False) => None,
        Op::UNARY_INVERT => integer(x).map(|n| int(!n)),
        _ => None,
    }
}

/// A binary operation on constants.
pub fn binary(op: BinaryOp, x: &Const, y: &Const) -> Option<Const> {
    if let (Some(a), Some(b)) = (integer(x), integer(y)) {
        return integers(op, a, b, x, y);
    }
    if matches!(x, Const::Complex(..)) || matches!(y, Const::Complex(..)) {
        return complexes(op, x, y);
    }
    if let (Some(a), Some(b)) = (float(x), float(y)) {
        return floats(op, a, b);
    }
    match op {
        BinaryOp::Add => match (x, y) {
            (Const::Str(a), Const::Str(b)) => {
                // Two halves of a surrogate pair must not meet.
                (!ends_in_surrogate(a)).then(|| Const::Str([&a[..], &b[..]].concat().into()))
            }
            (Const::Bytes(a), Const::Bytes(b)) => {
                Some(Const::Bytes([&a[..], &b[..]].concat().into()))
            }
            (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple([&a[..], &b[..]].concat())),
            _ => None,
        },
        BinaryOp::Mul => match (integer(x), integer(y)) {
            (Some(n), None) => repeat(y, n),
            (None, Some(n)) => repeat(x, n),
            _ => None,
        },
        _ => None,
    }
}

fn ends_in_surrogate(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes[bytes.len() - 3] == 0xed && bytes[bytes.len() - 2] >= 0xa0
}

fn repeat(x: &Const, n: i128) -> Option<Const> {
    let n = usize::try_from(n).ok()?;
    match x {
        Const::Str(bytes) if fits(bytes.len(), n, MAX_STR_SIZE) && !ends_in_surrogate(bytes) => {
            Some(Const::Str(bytes.repeat(n).into()))
        }
        Const::Bytes(bytes) if fits(bytes.len(), n, MAX_STR_SIZE) => {
            Some(Const::Bytes(bytes.repeat(n).into()))
        }
        Const::Tuple(items) if fits(items.len(), n, MAX_COLLECTION_SIZE) => {
            let deep = items.iter().map(total).sum::<i64>();
            let all = deep.checked_mul(n as i64).filter(|t| *t <= MAX_TOTAL_ITEMS);
            all.map(|_| Const::Tuple(std::iter::repeat_n(items, n).flatten().cloned().collect()))
        }
        _ => None,
    }
}

fn total(x: &Const) -> i64 {
    match x {
        Const::Tuple(items) | Const::FrozenSet(items) => 1 + items.iter().map(total).sum::<i64>(),
        _ => 1,
    }
}

fn fits(len: usize, n: usize, max: usize) -> bool {
    len.checked_mul(n).is_some_and(|size| size <= max)
}

fn bits(n: i128) -> u32 {
    128 - n.unsigned_abs().leading_zeros()
}

fn integers(op: BinaryOp, a: i128, b: i128, x: &Const, y: &Const) -> Option<Const> {
    let bools = matches!(x, Const::True | Const::False) && matches!(y, Const::True | Const::False);
    let logic = |value: i128| match (bools, value) {
        (true, 0) => Const::False,
        (true, _) => Const::True,
        (false, n) => int(n),
    };
    match op {
        BinaryOp::Add => a.checked_add(b).map(int),
        BinaryOp::Sub => a.checked_sub(b).map(int),
        BinaryOp::Mul if bits(a) + bits(b) <= MAX_INT_BITS => a.checked_mul(b).map(int),
        BinaryOp::TrueDiv => floats(op, float(x)?, float(y)?),
        BinaryOp::FloorDiv if b != 0 => a.checked_div_euclid(b).map(|_| int(floor_div(a, b))),
        BinaryOp::Mod if b != 0 => a
            .checked_rem_euclid(b)
            .map(|_| int(a - floor_div(a, b) * b)),
        BinaryOp::Pow
            if b >= 0 && i128::from(bits(a)).checked_mul(b)? <= i128::from(MAX_INT_BITS) =>
        {
            a.checked_pow(u32::try_from(b).ok()?).map(int)
        }
        BinaryOp::Pow if b < 0 && a != 0 => floats(op, float(x)?, float(y)?),
        BinaryOp::LShift if b >= 0 && i128::from(bits(a)) + b <= 126 => Some(int(a << b)),
        BinaryOp::RShift if b >= 0 => Some(int(a >> b.min(127))),
        BinaryOp::And => Some(logic(a & b)),
        BinaryOp::Or => Some(logic(a | b)),
        BinaryOp::Xor => Some(logic(a ^ b)),
        _ => None,
    }
}

fn floor_div(a: i128, b: i128) -> i128 {
    let q = a / b;
    if a % b != 0 && (a < 0) != (b < 0) {
        q - 1
    } else {
        q
    }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<Const> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::TrueDiv if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Const::Float(value))
}

/// Sums and differences with a complex constant: what complex literals are written with.
fn complexes(op: BinaryOp, x: &Const, y: &Const) -> Option<Const> {
    match (x, y) {
        (Const::Complex(a, b), Const::Complex(c, d)) => match op {
            BinaryOp::Add => Some(Const::Complex(a + c, b + d)),
            BinaryOp::Sub => Some(Const::Complex(a - c, b - d)),
            _ => None,
        },
        // A real operand has no imaginary part at all: its zero's sign must not take part.
        (real, Const::Complex(c, d)) => {
            let a = float(real)?;
            match op {
                BinaryOp::Add => Some(Const::Complex(a + c, *d)),
                BinaryOp::Sub => Some(Const::Complex(a - c, -d)),
                _ => None,
            }
        }
        (Const::Complex(a, b), real) => {
            let c = float(real)?;
            match op {
                BinaryOp::Add => Some(Const::Complex(a + c, *b)),
                BinaryOp::Sub => Some(Const::Complex(a - c, *b)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A subscript of constants.
pub fn subscript(x: &Const, y: &Const) -> Option<Const> {
    let index = integer(y)?;
    let at = |len: usize| {
        let at = if index < 0 {
            index + len as i128
        } else {
            index
        };
        usize::try_from(at).ok().filter(|at| *at < len)
    };
    match x {
        Const::Tuple(items) => at(items.len()).map(|i| items[i].clone()),
        Const::Bytes(bytes) => at(bytes.len()).map(|i| Const::Int(i64::from(bytes[i]))),
        Const::Str(bytes) if bytes.is_ascii() => {
            at(bytes.len()).map(|i| Const::Str([bytes[i]].into()))
        }
        _ => None,
    }
}

/// A frozen set of constants. Equal ones are left for the runtime to merge.
pub fn frozen_set(items: Vec<Const>) -> Const {
    Const::FrozenSet(items)
}
