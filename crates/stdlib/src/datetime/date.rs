//! `date`: its layout, constructor and operators. Methods are in `date_methods`.

use std::cell::Cell;

use viv_runtime::object::{Bytes, Str, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, BinaryOp, CompareOp, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::arguments::{arguments, c_int, check_few};
use super::calendar::{DAY_MICROS, Day, MAX_YEAR, MIN_YEAR, days_in_month};
use super::date_time::{self, DateTime};
use super::delta::{self, TimeDelta};
use super::write::push_day;
use super::{date_methods, holds};
use crate::kinds;

/// A `datetime.date` that is no `datetime`.
#[repr(C)]
pub struct Date {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    /// The date.
    pub day: Day,
}
object_layout!(Date = kinds::DATE);

static SPEC: TypeSpec = TypeSpec {
    name: "date",
    module: "datetime",
    doc: "date(year, month, day) --> date object",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.str.set(Some(str));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.binary[BinaryOp::Add as usize].set(Some(add));
        s.binary[BinaryOp::Sub as usize].set(Some(subtract));
    },
    methods: &[date_methods::METHODS, date_methods::CLASS_METHODS],
    getset: date_methods::FIELDS,
    ..TypeSpec::new(Date::layout, false)
};

const SIGNATURE: &str = "(year, month, day)";

/// The type `datetime.date`.
pub fn date_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// The date of a `date` or `datetime`.
#[inline]
pub fn day_of(object: &Object) -> Option<Day> {
    match object.downcast::<Date>() {
        Some(date) => Some(date.day),
        None => object.downcast::<DateTime>().map(|moment| moment.day),
    }
}

/// The date of the receiver of a method.
pub fn own_day(vm: &Vm, this: &Object) -> PyResult<Day> {
    match day_of(this) {
        Some(day) => Ok(day),
        None => receiver::<Date>(vm, this).map(|date| date.day),
    }
}

/// A date that is one.
///
/// # Errors
/// ValueError
pub fn checked(vm: &Vm, year: i64, month: i64, day: i64) -> PyResult<Day> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(wrong_year(vm, year));
    }
    if !(1..=12).contains(&month) {
        return Err(vm.value_error(format!("month must be in 1..12, not {month}")));
    }
    let last = days_in_month(year, month);
    if !(1..=last).contains(&day) {
        return Err(vm.value_error(format!(
            "day {day} must be in range 1..{last} for month {month} in year {year}"
        )));
    }
    Ok(Day {
        year: year as u16,
        month: month as u8,
        day: day as u8,
    })
}

/// ValueError of a year.
pub fn wrong_year(vm: &Vm, year: i64) -> viv_runtime::Raised {
    vm.value_error(format!(
        "year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}"
    ))
}

/// A `date` of type `ty`, whose layout it is.
pub fn place(vm: &Vm, ty: &Type, day: Day) -> PyResult {
    Ok(vm
        .place(Date {
            head: Object::new(ty.type_head_of()),
            hash: Cell::new(-1),
            day,
        })?
        .upcast())
}

/// A `date`.
pub fn make(vm: &Vm, day: Day) -> PyResult {
    place(vm, &*date_type(vm)?, day)
}

/// An instance of a class, which may be a subclass: then it is called.
pub fn make_as(vm: &Vm, class: &Object, (year, month, day): (i64, i64, i64)) -> PyResult {
    if class.is(date_type(vm)?.as_object()) {
        return make(vm, checked(vm, year, month, day)?);
    }
    if class.is(date_time::date_time_type(vm)?.as_object()) {
        let day = checked(vm, year, month, day)?;
        return date_time::make(vm, day, Default::default(), false, None);
    }
    let parts = [vm.new_int(year)?, vm.new_int(month)?, vm.new_int(day)?];
    protocol::call_args(vm, class, &[&*parts[0], &*parts[1], &*parts[2]])
}

/// The bytes of a pickle, if that is what a constructor has got: bytes, or a string of the same characters.
pub fn pickled<const N: usize>(
    vm: &Vm,
    value: &Object,
    kind: &str,
    sane: fn(&[u8; N]) -> bool,
) -> PyResult<Option<[u8; N]>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        let bytes = <[u8; N]>::try_from(bytes.as_slice()).ok();
        return Ok(bytes.filter(sane));
    }
    let Some(text) = value.downcast::<Str>() else {
        return Ok(None);
    };
    if text.len() != N {
        return Ok(None);
    }
    let mut bytes = [0; N];
    let mut narrow = true;
    for (byte, c) in bytes.iter_mut().zip(text.chars()) {
        *byte = u8::try_from(c).unwrap_or_else(|_| {
            narrow = false;
            // No hour and no month: what the others say decides.
            0x7f
        });
    }
    if !sane(&bytes) {
        return Ok(None);
    }
    if !narrow {
        return Err(vm.value_error(format!(
            "Failed to encode latin1 string when unpickling a {kind} object. pickle.load(data, encoding='latin1') is assumed."
        )));
    }
    Ok(Some(bytes))
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if let [state] = args.pos()
        && args.keyword_count() == 0
        && let Some(bytes) = pickled::<4>(vm, state, "date", |b| (1..=12).contains(&b[2]))?
    {
        return place(vm, ty, Day::from_bytes(bytes));
    }
    check_few(vm, args, 3)?;
    let [year, month, day] = arguments(vm, "", SIGNATURE, 3, 3, args)?;
    let number = |value: Option<&Object>| c_int(vm, value.unwrap_or(vm.none()));
    let day = checked(vm, number(year)?, number(month)?, number(day)?)?;
    place(vm, ty, day)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let (year, month, day) = own_day(vm, this)?.parts();
    let name = protocol::type_name(this);
    Ok(vm
        .new_str(&format!("{name}({year}, {month}, {day})"))?
        .upcast())
}

fn str(vm: &Vm, this: &Object) -> PyResult {
    if Type::of(this).is(&*date_type(vm)?) {
        return iso_format(vm, this);
    }
    protocol::call_method(vm, this, &*vm.intern("isoformat")?, &[])
}

/// `date.isoformat`
pub fn iso_format(vm: &Vm, this: &Object) -> PyResult {
    let mut text = String::with_capacity(10);
    push_day(&mut text, own_day(vm, this)?);
    Ok(vm.new_str(&text)?.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let date = receiver::<Date>(vm, this)?;
    if date.hash.get() == -1 {
        date.hash.set(vm.hash_bytes(&date.day.bytes()));
    }
    Ok(date.hash.get())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<Date>(), b.downcast::<Date>()) else {
        return Ok(vm.not_implemented());
    };
    Ok(vm.bool(holds(a.day.cmp(&b.day), op)))
}

/// A date so many days away, of the same type.
fn moved(vm: &Vm, date: &Date, days: i64) -> PyResult {
    let Some(day) = Day::from_ordinal(date.day.ordinal() + days) else {
        return Err(vm.overflow_error("date value out of range"));
    };
    make_as(vm, &Type::of(date).head, day.parts())
}

fn add(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (date, delta) = match (a.downcast::<Date>(), b.downcast::<Date>()) {
        (Some(date), None) => (date, b.downcast::<TimeDelta>()),
        (None, Some(date)) => (date, a.downcast::<TimeDelta>()),
        _ => return Ok(vm.not_implemented()),
    };
    match delta {
        Some(delta) => moved(vm, date, delta.days.into()),
        None => Ok(vm.not_implemented()),
    }
}

fn subtract(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let Some(date) = a.downcast::<Date>() else {
        return Ok(vm.not_implemented());
    };
    if let Some(delta) = b.downcast::<TimeDelta>() {
        return moved(vm, date, -i64::from(delta.days));
    }
    let Some(other) = b.downcast::<Date>() else {
        return Ok(vm.not_implemented());
    };
    let days = date.day.ordinal() - other.day.ordinal();
    delta::of_micros(vm, i128::from(days) * i128::from(DAY_MICROS))
}
