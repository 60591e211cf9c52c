//! Decimal numbers and their arithmetic (the General Decimal Arithmetic Specification), without Python.
//!
//! **Invariant.** Every operation gives the exact result rounded once, by [`Work::finish`].

use std::cmp::Ordering;

use dashu_base::{DivRem, SquareRoot};
use dashu_int::UBig;

use super::small;

/// What a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A coefficient times a power of ten.
    Finite,
    /// Infinite.
    Infinite,
    /// A quiet NaN; its payload is the coefficient.
    Quiet,
    /// A signaling NaN.
    Signaling,
}

/// A number.
#[derive(Clone, Debug)]
pub struct Number {
    /// The sign.
    pub negative: bool,
    /// What it is.
    pub kind: Kind,
    /// The digits.
    pub coefficient: UBig,
    /// The power of ten of the last digit.
    pub exponent: i64,
}

/// The conditions that operations report, as bits.
pub mod flags {
    /// The exponent was changed to fit.
    pub const CLAMPED: u32 = 1;
    /// A division of a number by zero.
    pub const DIVISION_BY_ZERO: u32 = 2;
    /// Digits other than zero were lost.
    pub const INEXACT: u32 = 4;
    /// The result is too large.
    pub const OVERFLOW: u32 = 8;
    /// Digits were lost.
    pub const ROUNDED: u32 = 0x10;
    /// The result is too small and inexact.
    pub const UNDERFLOW: u32 = 0x20;
    /// The result is too small for all digits.
    pub const SUBNORMAL: u32 = 0x40;
    /// A float was mixed in.
    pub const FLOAT: u32 = 0x80;
    /// An operation that makes no sense.
    pub const INVALID: u32 = 0x100;
    /// A text that is no number.
    pub const CONVERSION: u32 = 0x200;
    /// An integer division whose result has too many digits.
    pub const IMPOSSIBLE: u32 = 0x400;
    /// Zero by zero.
    pub const UNDEFINED: u32 = 0x800;
    /// A context that makes no sense.
    pub const CONTEXT: u32 = 0x1000;
    /// All that `InvalidOperation` stands for.
    pub const ANY_INVALID: u32 = INVALID | CONVERSION | IMPOSSIBLE | UNDEFINED | CONTEXT;
}

/// Where a result goes that lies between two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// Towards infinity.
    Ceiling,
    /// Towards minus infinity.
    Floor,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// To the nearest, ties away from zero.
    HalfUp,
    /// To the nearest, ties towards zero.
    HalfDown,
    /// To the nearest, ties to the even one.
    HalfEven,
    /// Away from zero where the last digit would be 0 or 5.
    ZeroFiveUp,
}

/// The rules of a context.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Number of digits.
    pub prec: i64,
    /// How results are rounded.
    pub rounding: Rounding,
    /// The least adjusted exponent of a normal number.
    pub emin: i64,
    /// The greatest.
    pub emax: i64,
    /// Whether exponents are kept so low that the coefficient has room.
    pub clamp: bool,
}

/// The rules that round nothing.
pub const WIDEST: Rules = Rules {
    prec: 999_999_999_999_999_999,
    rounding: Rounding::HalfEven,
    emin: -999_999_999_999_999_999,
    emax: 999_999_999_999_999_999,
    clamp: false,
};

/// More digits than this are refused.
const MOST_DIGITS: u64 = 20_000_000;

/// Operations under rules, with the conditions that they have met.
pub struct Work {
    /// The rules.
    pub rules: Rules,
    /// The conditions so far.
    pub status: u32,
    /// Whether a number would have had too many digits for the memory.
    pub too_big: bool,
}

/// The number of digits of a coefficient; zero has one.
#[inline]
pub fn digits(coefficient: &UBig) -> i64 {
    match small::small(coefficient) {
        Some(small) => small::count(small),
        None => digits_of_large(coefficient),
    }
}

fn digits_of_large(coefficient: &UBig) -> i64 {
    if let Ok(small) = u128::try_from(coefficient) {
        return small.checked_ilog10().map_or(1, |log| i64::from(log) + 1);
    }
    let bits = dashu_base::BitTest::bit_len(coefficient) as f64;
    let guess = ((bits - 1.0) * std::f64::consts::LOG10_2) as usize;
    // The guess may be one too low.
    if *coefficient >= UBig::from(10u8).pow(guess + 1) {
        guess as i64 + 2
    } else {
        guess as i64 + 1
    }
}

#[inline]
fn is_zero(coefficient: &UBig) -> bool {
    coefficient.is_zero()
}

/// Whether a quotient with a rest other than zero is rounded away from zero; `half` compares the rest with the half of the
/// unit, `last` gives the quotient's last digit.
fn rounds_up(
    rounding: Rounding,
    negative: bool,
    half: Ordering,
    last: impl FnOnce() -> u8,
) -> bool {
    match rounding {
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || half.is_eq() && last() % 2 == 1,
        Rounding::ZeroFiveUp => last().is_multiple_of(5),
    }
}

/// [`Work::drop_digits`] of a coefficient of 64 bits, and 19 digits at most.
fn drop_small(coefficient: u64, count: u32, negative: bool, rounding: Rounding) -> (u64, bool) {
    let unit = 10u64.pow(count);
    let (quotient, rest) = (coefficient / unit, coefficient % unit);
    if rest == 0 {
        return (quotient, false);
    }
    let half = rest.cmp(&(unit - rest));
    let up = rounds_up(rounding, negative, half, || (quotient % 10) as u8);
    (quotient + u64::from(up), true)
}

impl Number {
    /// A finite number.
    pub fn finite(negative: bool, coefficient: UBig, exponent: i64) -> Number {
        Number {
            negative,
            kind: Kind::Finite,
            coefficient,
            exponent,
        }
    }

    /// An infinite one.
    pub fn infinite(negative: bool) -> Number {
        Number {
            negative,
            kind: Kind::Infinite,
            coefficient: UBig::ZERO,
            exponent: 0,
        }
    }

    /// A quiet NaN.
    pub fn nan() -> Number {
        Number {
            negative: false,
            kind: Kind::Quiet,
            coefficient: UBig::ZERO,
            exponent: 0,
        }
    }

    /// Whether it is a NaN of any kind.
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }

    /// Whether it is infinite or a NaN.
    pub fn is_special(&self) -> bool {
        self.kind != Kind::Finite
    }

    /// Whether it is a finite zero.
    pub fn is_zero(&self) -> bool {
        self.kind == Kind::Finite && is_zero(&self.coefficient)
    }

    /// The exponent of the first digit.
    pub fn adjusted(&self) -> i64 {
        if self.is_special() {
            0
        } else {
            self.exponent.saturating_add(digits(&self.coefficient) - 1)
        }
    }

    /// The same with another sign.
    pub fn with_sign(&self, negative: bool) -> Number {
        Number {
            negative,
            ..self.clone()
        }
    }

    fn strip_zeros(mut self, most: i64) -> Number {
        let ten = UBig::from(10u8);
        while self.exponent < most && !is_zero(&self.coefficient) {
            let (rest, digit) = (&self.coefficient).div_rem(&ten);
            if !is_zero(&digit) {
                break;
            }
            self.coefficient = rest;
            self.exponent += 1;
        }
        self
    }
}

impl Work {
    /// No operation yet.
    pub fn new(rules: Rules) -> Work {
        Work {
            rules,
            status: 0,
            too_big: false,
        }
    }

    fn pow10(&mut self, n: i64) -> UBig {
        match n {
            ..=0 => UBig::ONE,
            1..=38 => UBig::from(10u128.pow(n as u32)),
            n if n as u64 > MOST_DIGITS => {
                self.too_big = true;
                UBig::ONE
            }
            n => UBig::from(10u8).pow(n as usize),
        }
    }

    fn etiny(&self) -> i64 {
        self.rules.emin - (self.rules.prec - 1)
    }

    fn etop(&self) -> i64 {
        self.rules.emax - (self.rules.prec - 1)
    }

    /// A NaN for a condition.
    pub fn invalid(&mut self, condition: u32) -> Number {
        self.status |= condition;
        Number::nan()
    }

    /// A coefficient without its last digits, rounded, and whether something was lost.
    fn drop_digits(
        &mut self,
        coefficient: &UBig,
        count: i64,
        negative: bool,
        rounding: Rounding,
    ) -> (UBig, bool) {
        if let (Some(small), 0..=19) = (small::small(coefficient), count) {
            let (quotient, changed) = drop_small(small, count as u32, negative, rounding);
            return (quotient.into(), changed);
        }
        // What lies wholly behind the digits is less than a half.
        let (quotient, rest, unit) = if count > digits(coefficient) {
            (UBig::ZERO, coefficient.clone(), None)
        } else {
            let unit = self.pow10(count);
            let (quotient, rest) = coefficient.div_rem(&unit);
            (quotient, rest, Some(unit))
        };
        if is_zero(&rest) {
            return (quotient, false);
        }
        let half = match &unit {
            Some(unit) => (&rest << 1usize).cmp(unit),
            None => Ordering::Less,
        };
        let last = || u8::try_from(&quotient % UBig::from(10u8)).unwrap_or(0);
        let up = rounds_up(rounding, negative, half, last);
        (if up { quotient + UBig::ONE } else { quotient }, true)
    }

    fn overflow(&mut self, negative: bool) -> Number {
        self.status |= flags::OVERFLOW | flags::INEXACT | flags::ROUNDED;
        let infinite = match self.rules.rounding {
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
            Rounding::Down | Rounding::ZeroFiveUp => false,
            _ => true,
        };
        if infinite {
            return Number::infinite(negative);
        }
        let coefficient = self.pow10(self.rules.prec) - UBig::ONE;
        Number::finite(negative, coefficient, self.etop())
    }

    /// The number as the rules allow it.
    pub fn finish(&mut self, mut n: Number) -> Number {
        if n.is_special() {
            if n.is_nan() {
                let most = self.rules.prec - i64::from(self.rules.clamp);
                if digits(&n.coefficient) > most && !is_zero(&n.coefficient) {
                    let unit = self.pow10(most);
                    n.coefficient %= unit;
                }
            }
            return n;
        }
        let (etiny, etop) = (self.etiny(), self.etop());
        if is_zero(&n.coefficient) {
            let most = if self.rules.clamp {
                etop
            } else {
                self.rules.emax
            };
            let fitting = n.exponent.max(etiny).min(most);
            if fitting != n.exponent {
                self.status |= flags::CLAMPED;
                n.exponent = fitting;
            }
            return n;
        }
        let count = digits(&n.coefficient);
        let mut least = count + n.exponent - self.rules.prec;
        if least > etop {
            return self.overflow(n.negative);
        }
        let subnormal = least < etiny;
        if subnormal {
            least = etiny;
        }
        if n.exponent < least {
            let drop = least - n.exponent;
            let (mut coefficient, changed) =
                self.drop_digits(&n.coefficient, drop, n.negative, self.rules.rounding);
            let mut exponent = least;
            if digits(&coefficient) > self.rules.prec {
                coefficient /= UBig::from(10u8);
                exponent += 1;
            }
            if exponent > etop {
                return self.overflow(n.negative);
            }
            if changed && subnormal {
                self.status |= flags::UNDERFLOW;
            }
            if subnormal {
                self.status |= flags::SUBNORMAL;
            }
            if changed {
                self.status |= flags::INEXACT;
            }
            self.status |= flags::ROUNDED;
            if is_zero(&coefficient) {
                self.status |= flags::CLAMPED;
            }
            return Number::finite(n.negative, coefficient, exponent);
        }
        if subnormal {
            self.status |= flags::SUBNORMAL;
        }
        if self.rules.clamp && n.exponent > etop {
            self.status |= flags::CLAMPED;
            n.coefficient *= self.pow10(n.exponent - etop);
            n.exponent = etop;
        }
        n
    }

    /// The NaN that an operation on these gives, if one of them is a NaN.
    pub fn nan_of(&mut self, operands: &[&Number]) -> Option<Number> {
        let signaling = operands.iter().find(|n| n.kind == Kind::Signaling);
        if signaling.is_some() {
            self.status |= flags::INVALID;
        }
        let found = signaling.or_else(|| operands.iter().find(|n| n.is_nan()))?;
        let quiet = Number {
            kind: Kind::Quiet,
            ..(**found).clone()
        };
        Some(self.finish(quiet))
    }

    /// The number with another exponent, rounded without telling.
    pub fn rescale(&mut self, n: &Number, exponent: i64, rounding: Rounding) -> Number {
        if n.is_special() {
            return n.clone();
        }
        if is_zero(&n.coefficient) {
            return Number::finite(n.negative, UBig::ZERO, exponent);
        }
        let coefficient = if n.exponent >= exponent {
            &n.coefficient * self.pow10(n.exponent - exponent)
        } else {
            self.drop_digits(&n.coefficient, exponent - n.exponent, n.negative, rounding)
                .0
        };
        Number::finite(n.negative, coefficient, exponent)
    }

    /// `a + b`
    #[inline]
    pub fn add(&mut self, a: &Number, b: &Number) -> Number {
        match small::add(&self.rules, a, b, b.negative) {
            Some(sum) => sum,
            None => self.add_any(a, b),
        }
    }

    fn add_any(&mut self, a: &Number, b: &Number) -> Number {
        let sum = self.add_exact(a, b);
        self.finish(sum)
    }

    /// `a - b`
    pub fn sub(&mut self, a: &Number, b: &Number) -> Number {
        if let Some(difference) = small::add(&self.rules, a, b, !b.negative) {
            return difference;
        }
        if b.is_nan() {
            return self.add_any(a, b);
        }
        self.add_any(a, &b.with_sign(!b.negative))
    }

    /// The sum before it is rounded; far smaller parts stand as one digit that has the same effect.
    fn add_exact(&mut self, a: &Number, b: &Number) -> Number {
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_of(&[a, b]) {
                return nan;
            }
            if a.is_special() {
                if b.is_special() && a.negative != b.negative {
                    return self.invalid(flags::INVALID);
                }
                return Number::infinite(a.negative);
            }
            return Number::infinite(b.negative);
        }
        let exponent = a.exponent.min(b.exponent);
        let floor_zero = self.rules.rounding == Rounding::Floor && a.negative != b.negative;
        match (a.is_zero(), b.is_zero()) {
            (true, true) => {
                let negative = a.negative && b.negative || floor_zero;
                return Number::finite(negative, UBig::ZERO, exponent);
            }
            (true, false) => {
                let exponent = exponent.max(b.exponent - self.rules.prec - 1);
                return self.rescale(b, exponent, self.rules.rounding);
            }
            (false, true) => {
                let exponent = exponent.max(a.exponent - self.rules.prec - 1);
                return self.rescale(a, exponent, self.rules.rounding);
            }
            (false, false) => {}
        }
        let (high, low) = if a.exponent >= b.exponent {
            (a, b)
        } else {
            (b, a)
        };
        let (mut low_coefficient, mut exponent) = (low.coefficient.clone(), low.exponent);
        if high.exponent != low.exponent {
            let beyond = high.exponent
                + (digits(&high.coefficient) - self.rules.prec.min(1 << 60) - 2).min(-1);
            if digits(&low_coefficient) + low.exponent - 1 < beyond {
                low_coefficient = UBig::ONE;
                exponent = beyond;
            }
        }
        let high_coefficient = if high.exponent == exponent {
            high.coefficient.clone()
        } else {
            &high.coefficient * self.pow10(high.exponent - exponent)
        };
        if high.negative == low.negative {
            let sum = high_coefficient + low_coefficient;
            return Number::finite(high.negative, sum, exponent);
        }
        match high_coefficient.cmp(&low_coefficient) {
            Ordering::Equal => Number::finite(floor_zero, UBig::ZERO, exponent),
            Ordering::Greater => {
                Number::finite(high.negative, high_coefficient - low_coefficient, exponent)
            }
            Ordering::Less => {
                Number::finite(low.negative, low_coefficient - high_coefficient, exponent)
            }
        }
    }

    fn product(&mut self, a: &Number, b: &Number) -> Number {
        let negative = a.negative != b.negative;
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_of(&[a, b]) {
                return nan;
            }
            if a.is_zero() || b.is_zero() {
                return self.invalid(flags::INVALID);
            }
            return Number::infinite(negative);
        }
        let exponent = a.exponent + b.exponent;
        Number::finite(negative, &a.coefficient * &b.coefficient, exponent)
    }

    /// `a * b`
    #[inline]
    pub fn mul(&mut self, a: &Number, b: &Number) -> Number {
        if let Some(product) = small::mul(&self.rules, a, b) {
            return product;
        }
        let product = self.product(a, b);
        self.finish(product)
    }

    /// `a * b + c`, rounded once.
    pub fn fma(&mut self, a: &Number, b: &Number, c: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a, b, c]) {
            return nan;
        }
        let product = self.product(a, b);
        if self.status & flags::ANY_INVALID != 0 {
            return product;
        }
        self.add(&product, c)
    }

    /// `a / b`
    pub fn div(&mut self, a: &Number, b: &Number) -> Number {
        let negative = a.negative != b.negative;
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_of(&[a, b]) {
                return nan;
            }
            if a.is_special() {
                if b.is_special() {
                    return self.invalid(flags::INVALID);
                }
                return Number::infinite(negative);
            }
            self.status |= flags::CLAMPED;
            return Number::finite(negative, UBig::ZERO, self.etiny());
        }
        if b.is_zero() {
            if a.is_zero() {
                return self.invalid(flags::UNDEFINED);
            }
            self.status |= flags::DIVISION_BY_ZERO;
            return Number::infinite(negative);
        }
        if a.is_zero() {
            let zero = Number::finite(negative, UBig::ZERO, a.exponent - b.exponent);
            return self.finish(zero);
        }
        let shift = digits(&b.coefficient) - digits(&a.coefficient) + self.rules.prec + 1;
        let exponent = a.exponent - b.exponent - shift;
        let (mut quotient, rest) = if shift >= 0 {
            (&a.coefficient * self.pow10(shift)).div_rem(&b.coefficient)
        } else {
            (&a.coefficient).div_rem(&(&b.coefficient * self.pow10(-shift)))
        };
        if !is_zero(&rest) {
            // The rest decides ties: it must leave a trace.
            if is_zero(&(&quotient % UBig::from(5u8))) {
                quotient += UBig::ONE;
            }
            let result = Number::finite(negative, quotient, exponent);
            return self.finish(result);
        }
        let result = Number::finite(negative, quotient, exponent);
        let result = result.strip_zeros(a.exponent - b.exponent);
        self.finish(result)
    }

    /// The integer quotient and the rest of finite or infinite numbers; NaNs where it has too many digits.
    fn quotient_rest(&mut self, a: &Number, b: &Number) -> (Number, Number) {
        let negative = a.negative != b.negative;
        let ideal = if b.is_special() {
            a.exponent
        } else {
            a.exponent.min(b.exponent)
        };
        let difference = a.adjusted() - b.adjusted();
        if a.is_zero() || b.is_special() || difference <= -2 {
            let rest = self.rescale(a, ideal, self.rules.rounding);
            return (Number::finite(negative, UBig::ZERO, 0), rest);
        }
        if difference <= self.rules.prec {
            let (mut x, mut y) = (a.coefficient.clone(), b.coefficient.clone());
            if a.exponent >= b.exponent {
                x *= self.pow10(a.exponent - b.exponent);
            } else {
                y *= self.pow10(b.exponent - a.exponent);
            }
            let (quotient, rest) = x.div_rem(&y);
            if digits(&quotient) <= self.rules.prec {
                return (
                    Number::finite(negative, quotient, 0),
                    Number::finite(a.negative, rest, ideal),
                );
            }
        }
        let nan = self.invalid(flags::IMPOSSIBLE);
        (nan.clone(), nan)
    }

    /// `divmod(a, b)`
    pub fn div_mod(&mut self, a: &Number, b: &Number) -> (Number, Number) {
        if let Some(nan) = self.nan_of(&[a, b]) {
            return (nan.clone(), nan);
        }
        let negative = a.negative != b.negative;
        if a.kind == Kind::Infinite {
            if b.kind == Kind::Infinite {
                let nan = self.invalid(flags::INVALID);
                return (nan.clone(), nan);
            }
            let nan = self.invalid(flags::INVALID);
            return (Number::infinite(negative), nan);
        }
        if b.is_zero() {
            if a.is_zero() {
                let nan = self.invalid(flags::UNDEFINED);
                return (nan.clone(), nan);
            }
            self.status |= flags::DIVISION_BY_ZERO;
            let nan = self.invalid(flags::INVALID);
            return (Number::infinite(negative), nan);
        }
        let (quotient, rest) = self.quotient_rest(a, b);
        (quotient, self.finish(rest))
    }

    /// `a // b`
    pub fn div_int(&mut self, a: &Number, b: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a, b]) {
            return nan;
        }
        let negative = a.negative != b.negative;
        if a.kind == Kind::Infinite {
            if b.kind == Kind::Infinite {
                return self.invalid(flags::INVALID);
            }
            return Number::infinite(negative);
        }
        if b.is_zero() {
            if a.is_zero() {
                return self.invalid(flags::UNDEFINED);
            }
            self.status |= flags::DIVISION_BY_ZERO;
            return Number::infinite(negative);
        }
        self.quotient_rest(a, b).0
    }

    /// `a % b`
    pub fn rem(&mut self, a: &Number, b: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a, b]) {
            return nan;
        }
        if a.kind == Kind::Infinite {
            return self.invalid(flags::INVALID);
        }
        if b.is_zero() {
            return self.invalid(if a.is_zero() {
                flags::UNDEFINED
            } else {
                flags::INVALID
            });
        }
        let (_, rest) = self.quotient_rest(a, b);
        self.finish(rest)
    }

    /// What is left of `a` when the integer nearest to `a / b` times `b` is taken away.
    pub fn rem_near(&mut self, a: &Number, b: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a, b]) {
            return nan;
        }
        if a.kind == Kind::Infinite {
            return self.invalid(flags::INVALID);
        }
        if b.is_zero() {
            return self.invalid(if a.is_zero() {
                flags::UNDEFINED
            } else {
                flags::INVALID
            });
        }
        if b.kind == Kind::Infinite {
            return self.finish(a.clone());
        }
        let ideal = a.exponent.min(b.exponent);
        let difference = a.adjusted() - b.adjusted();
        if a.is_zero() || difference <= -2 {
            let rest = self.rescale(a, ideal, self.rules.rounding);
            return self.finish(rest);
        }
        if difference > self.rules.prec {
            return self.invalid(flags::IMPOSSIBLE);
        }
        let x = &a.coefficient * self.pow10(a.exponent - ideal);
        let y = &b.coefficient * self.pow10(b.exponent - ideal);
        let (mut quotient, mut rest) = x.div_rem(&y);
        let odd = !is_zero(&(&quotient % UBig::from(2u8)));
        let mut negative = a.negative;
        // Half a divisor goes to the even side.
        let order = (&rest << 1usize).cmp(&y);
        if order.is_gt() || order.is_eq() && odd {
            rest = y - rest;
            negative = !negative;
            quotient += UBig::ONE;
        }
        if digits(&quotient) > self.rules.prec {
            return self.invalid(flags::IMPOSSIBLE);
        }
        self.finish(Number::finite(negative, rest, ideal))
    }

    /// `+a` or `-a`
    pub fn plus(&mut self, a: &Number, negate: bool) -> Number {
        if let Some(nan) = self.nan_of(&[a]) {
            return nan;
        }
        let negative = if a.is_zero() {
            // Zeros lose their sign, but where results are rounded down minus zero is one.
            self.rules.rounding == Rounding::Floor && a.negative != negate
        } else {
            a.negative != negate
        };
        self.finish(a.with_sign(negative))
    }

    /// `abs(a)`
    pub fn abs(&mut self, a: &Number) -> Number {
        self.plus(a, a.negative && !a.is_nan())
    }

    /// The order of two numbers that are no NaNs.
    pub fn order(&mut self, a: &Number, b: &Number) -> Ordering {
        let sign = |n: &Number| match (n.is_zero(), n.negative) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        };
        let (x, y) = (sign(a), sign(b));
        if x != y || x == 0 {
            return x.cmp(&y);
        }
        let magnitude = match (a.is_special(), b.is_special()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ => a.adjusted().cmp(&b.adjusted()).then_with(|| {
                let shift = a.exponent - b.exponent;
                if shift >= 0 {
                    (&a.coefficient * self.pow10(shift)).cmp(&b.coefficient)
                } else {
                    a.coefficient.cmp(&(&b.coefficient * self.pow10(-shift)))
                }
            }),
        };
        if x < 0 {
            magnitude.reverse()
        } else {
            magnitude
        }
    }

    /// `a` with the exponent of `b`.
    pub fn quantize(&mut self, a: &Number, b: &Number, rounding: Rounding) -> Number {
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_of(&[a, b]) {
                return nan;
            }
            if a.is_special() && b.is_special() {
                return a.clone();
            }
            return self.invalid(flags::INVALID);
        }
        let (exponent, rules) = (b.exponent, self.rules);
        if exponent < self.etiny() || exponent > rules.emax {
            return self.invalid(flags::INVALID);
        }
        if a.is_zero() {
            return self.finish(Number::finite(a.negative, UBig::ZERO, exponent));
        }
        let adjusted = a.adjusted();
        if adjusted > rules.emax || adjusted - exponent + 1 > rules.prec {
            return self.invalid(flags::INVALID);
        }
        let (coefficient, changed) = if a.exponent >= exponent {
            (&a.coefficient * self.pow10(a.exponent - exponent), false)
        } else {
            self.drop_digits(&a.coefficient, exponent - a.exponent, a.negative, rounding)
        };
        let result = Number::finite(a.negative, coefficient, exponent);
        if result.adjusted() > rules.emax || digits(&result.coefficient) > rules.prec {
            return self.invalid(flags::INVALID);
        }
        if !result.is_zero() && result.adjusted() < rules.emin {
            self.status |= flags::SUBNORMAL;
        }
        if exponent > a.exponent {
            self.status |= flags::ROUNDED | if changed { flags::INEXACT } else { 0 };
        }
        self.finish(result)
    }

    /// The nearest integer; `exact` tells what is lost.
    pub fn to_integral(&mut self, a: &Number, rounding: Rounding, exact: bool) -> Number {
        if let Some(nan) = self.nan_of(&[a]) {
            return nan;
        }
        if a.is_special() || a.exponent >= 0 {
            return a.clone();
        }
        if a.is_zero() {
            return Number::finite(a.negative, UBig::ZERO, 0);
        }
        let (coefficient, changed) =
            self.drop_digits(&a.coefficient, -a.exponent, a.negative, rounding);
        if exact {
            self.status |= flags::ROUNDED | if changed { flags::INEXACT } else { 0 };
        }
        Number::finite(a.negative, coefficient, 0)
    }

    /// The square root.
    pub fn sqrt(&mut self, a: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a]) {
            return nan;
        }
        if a.is_zero() {
            return self.finish(Number::finite(a.negative, UBig::ZERO, a.exponent >> 1));
        }
        if a.negative {
            return self.invalid(flags::INVALID);
        }
        if a.is_special() {
            return a.clone();
        }
        let prec = self.rules.prec + 1;
        let mut exponent = a.exponent >> 1;
        let count = digits(&a.coefficient);
        let (mut c, length) = if a.exponent & 1 == 1 {
            (&a.coefficient * UBig::from(10u8), (count >> 1) + 1)
        } else {
            (a.coefficient.clone(), (count + 1) >> 1)
        };
        let shift = prec - length;
        let mut exact = true;
        if shift >= 0 {
            c *= self.pow10(2 * shift);
        } else {
            let (quotient, rest) = c.div_rem(&self.pow10(-2 * shift));
            c = quotient;
            exact = is_zero(&rest);
        }
        exponent -= shift;
        let mut root = c.sqrt();
        exact = exact && &root * &root == c;
        if exact {
            if shift >= 0 {
                root /= self.pow10(shift);
            } else {
                root *= self.pow10(-shift);
            }
            exponent += shift;
        } else if is_zero(&(&root % UBig::from(5u8))) {
            root += UBig::ONE;
        }
        let rounding = std::mem::replace(&mut self.rules.rounding, Rounding::HalfEven);
        let result = self.finish(Number::finite(false, root, exponent));
        self.rules.rounding = rounding;
        result
    }

    /// The number without zeros at its end.
    pub fn normalize(&mut self, a: &Number) -> Number {
        if let Some(nan) = self.nan_of(&[a]) {
            return nan;
        }
        let n = self.finish(a.clone());
        if n.is_special() {
            return n;
        }
        if n.is_zero() {
            return Number::finite(n.negative, UBig::ZERO, 0);
        }
        let most = if self.rules.clamp {
            self.etop()
        } else {
            self.rules.emax
        };
        n.strip_zeros(most)
    }
}
