//! Arithmetic of ints of few limbs on the stack: nothing is allocated but the result. Longer ones are the business of the
//! big-integer crate, whose algorithms win there.
//!
//! Limbs stand least first. Every function gives nothing where an operand is too long for it.

use crate::object::Int;
use crate::result::PyResult;
use crate::vm::Vm;

/// The most limbs of a term.
const TERM: usize = 64;
/// The most limbs of a factor.
const FACTOR: usize = 24;
/// The most limbs of a dividend.
const DIVIDEND: usize = 32;
/// The most limbs that are written in decimal.
const SHOWN: usize = 32;
/// The greatest power of ten in a limb, and its exponent.
const TEN: u64 = 10_000_000_000_000_000_000;
const TEN_DIGITS: usize = 19;
/// The most digits that are read.
pub const READ: usize = 600;
/// The limbs that these fill at most.
pub const READ_LIMBS: usize = READ / TEN_DIGITS + 2;

/// The sign of an int, and its limbs, for which a small one needs room.
#[inline]
fn parts<'a>(int: &'a Int, room: &'a mut [u64; 1]) -> (bool, &'a [u64]) {
    if int.is_big() {
        return (int.signum() < 0, int.limbs());
    }
    let value = int.raw_value();
    room[0] = value.unsigned_abs();
    (value < 0, &room[..])
}

#[inline]
fn trimmed(limbs: &[u64]) -> &[u64] {
    let len = limbs.iter().rposition(|l| *l != 0).map_or(0, |i| i + 1);
    &limbs[..len]
}

fn less(x: &[u64], y: &[u64]) -> bool {
    let (x, y) = (trimmed(x), trimmed(y));
    x.len()
        .cmp(&y.len())
        .then_with(|| x.iter().rev().cmp(y.iter().rev()))
        .is_lt()
}

/// `out = x + y`, one limb longer than the longer of both.
#[inline]
fn add_limbs<'o>(x: &[u64], y: &[u64], out: &'o mut [u64]) -> &'o [u64] {
    let (x, y) = if x.len() < y.len() { (y, x) } else { (x, y) };
    let mut carry = false;
    let mut step = |a: u64, b: u64| {
        let (sum, first) = a.overflowing_add(b);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        carry = first | second;
        sum
    };
    let (low, high) = x.split_at(y.len());
    for ((o, a), b) in out.iter_mut().zip(low).zip(y) {
        *o = step(*a, *b);
    }
    for (o, a) in out.iter_mut().skip(y.len()).zip(high) {
        *o = step(*a, 0);
    }
    out[x.len()] = u64::from(carry);
    &out[..=x.len()]
}

/// `out = x - y`, where `y` is not the greater.
#[inline]
fn sub_limbs<'o>(x: &[u64], y: &[u64], out: &'o mut [u64]) -> &'o [u64] {
    let y = trimmed(y);
    let mut borrow = false;
    let mut step = |a: u64, b: u64| {
        let (rest, first) = a.overflowing_sub(b);
        let (rest, second) = rest.overflowing_sub(u64::from(borrow));
        borrow = first | second;
        rest
    };
    let (low, high) = x.split_at(y.len());
    for ((o, a), b) in out.iter_mut().zip(low).zip(y) {
        *o = step(*a, *b);
    }
    for (o, a) in out.iter_mut().skip(y.len()).zip(high) {
        *o = step(*a, 0);
    }
    &out[..x.len()]
}

/// `a + b`, or `a - b`.
pub fn add(vm: &Vm, a: &Int, b: &Int, subtract: bool) -> Option<PyResult> {
    let (mut room, mut room_b) = ([0], [0]);
    let ((negative, x), (negative_b, y)) = (parts(a, &mut room), parts(b, &mut room_b));
    if x.len() > TERM || y.len() > TERM {
        return None;
    }
    let negative_b = negative_b != subtract;
    let mut out = [0; TERM + 1];
    Some(if negative == negative_b {
        Int::from_limbs(vm, negative, add_limbs(x, y, &mut out))
    } else if less(x, y) {
        Int::from_limbs(vm, negative_b, sub_limbs(y, x, &mut out))
    } else {
        Int::from_limbs(vm, negative, sub_limbs(x, y, &mut out))
    })
}

/// `a * b`
pub fn mul(vm: &Vm, a: &Int, b: &Int) -> Option<PyResult> {
    let (mut room, mut room_b) = ([0], [0]);
    let ((negative, x), (negative_b, y)) = (parts(a, &mut room), parts(b, &mut room_b));
    if x.len() > FACTOR || y.len() > FACTOR {
        return None;
    }
    let mut out = [0u64; 2 * FACTOR];
    for (i, &factor) in x.iter().enumerate() {
        let mut carry = 0u64;
        let row = &mut out[i..=i + y.len()];
        for (o, &limb) in row.iter_mut().zip(y) {
            let sum = u128::from(factor) * u128::from(limb) + u128::from(*o) + u128::from(carry);
            *o = sum as u64;
            carry = (sum >> 64) as u64;
        }
        row[y.len()] = carry;
    }
    let limbs = &out[..x.len() + y.len()];
    Some(Int::from_limbs(vm, negative != negative_b, limbs))
}

/// A divisor of one limb whose highest bit is set, with its reciprocal (Möller and Granlund's).
#[derive(Clone, Copy)]
struct Divisor {
    value: u64,
    reciprocal: u64,
}

impl Divisor {
    const fn new(value: u64) -> Divisor {
        let all = u128::MAX / value as u128;
        Divisor {
            value,
            reciprocal: (all - (1 << 64)) as u64,
        }
    }

    /// Quotient and remainder of `high * 2**64 + low`, where `high` is below the divisor.
    #[inline]
    fn divide(self, high: u64, low: u64) -> (u64, u64) {
        let estimate = u128::from(self.reciprocal) * u128::from(high)
            + (u128::from(high) << 64 | u128::from(low));
        let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.value));
        if rest > estimate as u64 {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.value);
        }
        if rest >= self.value {
            quotient = quotient.wrapping_add(1);
            rest -= self.value;
        }
        (quotient, rest)
    }
}

/// Quotient and remainder of magnitudes by Knuth's algorithm D: `rest` holds the dividend shifted left by `shift` bits and
/// one limb more, in the end the remainder so shifted; `y` is the divisor, shifted so that its highest bit is set.
fn divide_limbs(rest: &mut [u64], y: &[u64], quotient: &mut [u64]) {
    let count = y.len();
    let Some(&top) = y.last() else { return };
    let divisor = Divisor::new(top);
    let second = if count > 1 { y[count - 2] } else { 0 };
    for at in (0..rest.len() - count).rev() {
        let (high, low) = (rest[at + count], rest[at + count - 1]);
        let (mut digit, mut left) = if high >= top {
            (u64::MAX, u128::from(low) + u128::from(top))
        } else {
            let (digit, left) = divisor.divide(high, low);
            (digit, u128::from(left))
        };
        let below = if count > 1 { rest[at + count - 2] } else { 0 };
        while left >> 64 == 0
            && u128::from(digit) * u128::from(second) > (left << 64 | u128::from(below))
        {
            digit -= 1;
            left += u128::from(top);
        }
        // rest -= digit * y
        let (mut carry, mut borrow) = (0u64, false);
        for (r, &limb) in rest[at..].iter_mut().zip(y) {
            let product = u128::from(digit) * u128::from(limb) + u128::from(carry);
            carry = (product >> 64) as u64;
            let (value, first) = r.overflowing_sub(product as u64);
            let (value, second) = value.overflowing_sub(u64::from(borrow));
            borrow = first | second;
            *r = value;
        }
        let (value, first) = rest[at + count].overflowing_sub(carry);
        let (value, second) = value.overflowing_sub(u64::from(borrow));
        rest[at + count] = value;
        if first | second {
            // One too much: rare.
            digit -= 1;
            let mut carry = false;
            for (r, &limb) in rest[at..].iter_mut().zip(y) {
                let (sum, first) = r.overflowing_add(limb);
                let (sum, second) = sum.overflowing_add(u64::from(carry));
                carry = first | second;
                *r = sum;
            }
            rest[at + count] = rest[at + count].wrapping_add(u64::from(carry));
        }
        quotient[at] = digit;
    }
}

/// What a division is to give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `a // b`
    Quotient,
    /// `a % b`
    Rest,
}

/// `a // b` or `a % b`, rounded down; `b` is not zero.
pub fn divide(vm: &Vm, a: &Int, b: &Int, wanted: Wanted) -> Option<PyResult> {
    let (mut room, mut room_b) = ([0], [0]);
    let ((negative, x), (negative_b, y)) = (parts(a, &mut room), parts(b, &mut room_b));
    let y = trimmed(y);
    if x.len() > DIVIDEND || y.is_empty() || y.len() > DIVIDEND {
        return None;
    }
    let mut quotient = [0u64; DIVIDEND + 1];
    let mut rest = [0u64; DIVIDEND + 1];
    let (quotient, rest): (&mut [u64], &[u64]) = if less(x, y) {
        rest[..x.len()].copy_from_slice(x);
        (&mut quotient[..1], &rest[..x.len()])
    } else {
        let shift = y[y.len() - 1].leading_zeros();
        let mut divisor = [0u64; DIVIDEND];
        shift_left(y, shift, &mut divisor);
        rest[x.len()] = shift_left(x, shift, &mut rest);
        let digits = x.len() + 1 - y.len();
        divide_limbs(&mut rest[..=x.len()], &divisor[..y.len()], &mut quotient);
        shift_right(&mut rest[..y.len()], shift);
        (&mut quotient[..=digits], &rest[..y.len()])
    };
    let inexact = negative != negative_b && rest.iter().any(|l| *l != 0);
    Some(match wanted {
        Wanted::Quotient => {
            if inexact {
                // Down is away from zero here.
                for limb in quotient.iter_mut() {
                    *limb = limb.wrapping_add(1);
                    if *limb != 0 {
                        break;
                    }
                }
            }
            Int::from_limbs(vm, negative != negative_b, quotient)
        }
        Wanted::Rest if inexact => {
            let mut out = [0; DIVIDEND];
            Int::from_limbs(vm, negative_b, sub_limbs(y, rest, &mut out))
        }
        Wanted::Rest => Int::from_limbs(vm, negative, rest),
    })
}

/// Shifts by less than a limb; gives the bits that went out.
fn shift_left(limbs: &[u64], shift: u32, out: &mut [u64]) -> u64 {
    let mut carry = 0;
    for (o, &limb) in out.iter_mut().zip(limbs) {
        let both = u128::from(limb) << shift;
        *o = both as u64 | carry;
        carry = (both >> 64) as u64;
    }
    carry
}

fn shift_right(limbs: &mut [u64], shift: u32) {
    let mut carry = 0u64;
    for limb in limbs.iter_mut().rev() {
        let both = u128::from(carry) << 64 | u128::from(*limb);
        carry = *limb;
        *limb = (both >> shift) as u64;
    }
}

/// The decimal digits of a number of 64 bits, at the end of `room`; `least` digits at least.
#[inline]
fn digits_of(mut value: u64, room: &mut [u8], least: usize) -> usize {
    let mut at = room.len();
    while value >= 100 {
        let pair = (value % 100) as u8;
        value /= 100;
        at -= 2;
        room[at] = b'0' + pair / 10;
        room[at + 1] = b'0' + pair % 10;
    }
    while value > 0 {
        at -= 1;
        room[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    while room.len() - at < least {
        at -= 1;
        room[at] = b'0';
    }
    at
}

/// Calls `f` with the decimal text of an int, its sign included.
pub fn with_decimal<R>(int: &Int, f: impl FnOnce(&str) -> R) -> Option<R> {
    if let Some(small) = int.as_i64() {
        let mut text = [0; TEN_DIGITS + 2];
        let mut at = digits_of(small.unsigned_abs(), &mut text, 1);
        if small < 0 {
            at -= 1;
            text[at] = b'-';
        }
        return std::str::from_utf8(&text[at..]).ok().map(f);
    }
    let mut room = [0];
    let (negative, limbs) = parts(int, &mut room);
    if limbs.len() > SHOWN {
        return None;
    }
    let mut text = [0u8; (SHOWN + 2) * (TEN_DIGITS + 1)];
    let mut left = [0u64; SHOWN];
    left[..limbs.len()].copy_from_slice(limbs);
    let mut len = limbs.len();
    let mut at = text.len();
    while len > 1 {
        const DIVISOR: Divisor = Divisor::new(TEN);
        let mut rest = 0;
        for limb in left[..len].iter_mut().rev() {
            (*limb, rest) = DIVISOR.divide(rest, *limb);
        }
        at = digits_of(rest, &mut text[..at], TEN_DIGITS);
        len = trimmed(&left[..len]).len();
    }
    if left[0] > 0 || at == text.len() {
        at = digits_of(left[0], &mut text[..at], 1);
    }
    if negative {
        at -= 1;
        text[at] = b'-';
    }
    std::str::from_utf8(&text[at..]).ok().map(f)
}

/// The limbs of a text of at most [`READ`] decimal digits, at the front of `out`.
pub fn read_decimal<'o>(digits: &[u8], out: &'o mut [u64; READ_LIMBS]) -> &'o [u64] {
    let mut len = 0;
    let first = match digits.len() % TEN_DIGITS {
        0 => TEN_DIGITS,
        odd => odd,
    };
    let (head, tail) = digits.split_at(first.min(digits.len()));
    for chunk in std::iter::once(head).chain(tail.chunks(TEN_DIGITS)) {
        let value = chunk
            .iter()
            .fold(0u64, |sum, c| sum * 10 + u64::from(c - b'0'));
        let mut carry = value;
        for limb in &mut out[..len] {
            let sum = u128::from(*limb) * u128::from(TEN) + u128::from(carry);
            *limb = sum as u64;
            carry = (sum >> 64) as u64;
        }
        if carry > 0 {
            out[len] = carry;
            len += 1;
        }
    }
    &out[..len]
}
