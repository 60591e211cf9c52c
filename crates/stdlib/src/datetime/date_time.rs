//! `datetime`: its layout, constructor and operators. Methods are in `moment_methods` and `moment_class`.

use std::cell::Cell;
use std::cmp::Ordering;

use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, BinaryOp, CompareOp, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::arguments::{arguments, c_int, c_int_or, check_few};
use super::calendar::{Clock, DAY_MICROS, Day};
use super::date::{self, date_type};
use super::delta::{self, TimeDelta};
use super::time::{
    call_with_fold, checked, checked_fold, finish_repr, pickled_state, zone_given, zone_or_none,
};
use super::zone::asked_offset;
use super::{holds, moment_class, moment_methods};
use crate::kinds;

/// A `datetime.datetime`.
#[repr(C)]
pub struct DateTime {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    /// The date.
    pub day: Day,
    /// The time.
    pub clock: Clock,
    /// Whether it is the second of two equal times.
    pub fold: bool,
    /// The `tzinfo`; nothing for None.
    pub zone: Option<Ref>,
}
object_layout!(
    DateTime = kinds::DATE_TIME,
    traverse | this,
    visit | {
        if let Some(zone) = &this.zone {
            visit.visit(zone);
        }
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "datetime",
    module: "datetime",
    doc: "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe year, month and day arguments are required. tzinfo may be None, or an\ninstance of a tzinfo subclass. The remaining arguments may be ints.\n",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.str.set(Some(|vm, this| {
            let space = vm.new_char(u32::from(' '))?;
            protocol::call_method(vm, this, &*vm.intern("isoformat")?, &[space.as_object()])
        }));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.binary[BinaryOp::Add as usize].set(Some(add));
        s.binary[BinaryOp::Sub as usize].set(Some(subtract));
    },
    methods: &[moment_class::METHODS, moment_methods::METHODS],
    getset: moment_methods::FIELDS,
    ..TypeSpec::new(DateTime::layout, false)
};

const SIGNATURE: &str =
    "(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)";

/// The type `datetime.datetime`.
pub fn date_time_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &date_type(vm)?)
}

/// The receiver of a method.
pub fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a DateTime> {
    receiver(vm, this)
}

/// A `datetime` of type `ty`, whose layout it is.
pub fn place(
    vm: &Vm,
    ty: &Type,
    day: Day,
    clock: Clock,
    fold: bool,
    zone: Option<Ref>,
) -> PyResult {
    Ok(vm
        .place(DateTime {
            head: Object::new(ty.type_head_of()),
            hash: Cell::new(-1),
            day,
            clock,
            fold,
            zone,
        })?
        .upcast())
}

/// A `datetime`.
pub fn make(vm: &Vm, day: Day, clock: Clock, fold: bool, zone: Option<Ref>) -> PyResult {
    place(vm, &*date_time_type(vm)?, day, clock, fold, zone)
}

/// The fields of a `datetime` that is to be made, not checked yet.
pub struct Fields {
    /// Year, month, day.
    pub day: (i64, i64, i64),
    /// Hour, minute, second, microsecond.
    pub clock: [i64; 4],
    /// 0 or 1.
    pub fold: i64,
    /// The `tzinfo`; nothing for None.
    pub zone: Option<Ref>,
}

impl Fields {
    /// Of a date and time that are known to be right.
    pub fn of(day: (i64, i64, i64), clock: Clock, fold: bool, zone: Option<Ref>) -> Fields {
        Fields {
            day,
            clock: [
                clock.hour.into(),
                clock.minute.into(),
                clock.second.into(),
                clock.micro.into(),
            ],
            fold: fold.into(),
            zone,
        }
    }

    /// An instance of a class, which may be a subclass: then it is called.
    pub fn make_as(self, vm: &Vm, class: &Object) -> PyResult {
        let (year, month, day) = self.day;
        if class.is(date_time_type(vm)?.as_object()) {
            let day = date::checked(vm, year, month, day)?;
            let clock = checked(vm, self.clock)?;
            return make(vm, day, clock, checked_fold(vm, self.fold)?, self.zone);
        }
        let mut args = Vec::with_capacity(9);
        for part in [year, month, day].into_iter().chain(self.clock) {
            args.push(vm.new_int(part)?);
        }
        args.push(zone_or_none(vm, &self.zone));
        call_with_fold(vm, class, args, self.fold)
    }
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let state = pickled_state::<10>(vm, args, "datetime", |b| (1..=12).contains(&(b[2] & 0x7f)))?;
    if let Some(([a, b, month, d, clock @ ..], zone)) = state {
        let day = Day::from_bytes([a, b, month & 0x7f, d]);
        return place(vm, ty, day, Clock::from_bytes(clock), month > 0x7f, zone);
    }
    check_few(vm, args, 3)?;
    let [year, month, day, hour, minute, second, micro, zone, fold] =
        arguments(vm, "", SIGNATURE, 3, 8, args)?;
    let number = |value: Option<&Object>| c_int(vm, value.unwrap_or(vm.none()));
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let clock = [
        c_int_or(vm, hour, 0)?,
        c_int_or(vm, minute, 0)?,
        c_int_or(vm, second, 0)?,
        c_int_or(vm, micro, 0)?,
    ];
    let fold = c_int_or(vm, fold, 0)?;
    let zone = zone_given(vm, zone)?;
    let day = date::checked(vm, year, month, day)?;
    let clock = checked(vm, clock)?;
    place(vm, ty, day, clock, checked_fold(vm, fold)?, zone)
}

impl DateTime {
    /// Microseconds since the beginning of year 0, without regard of the zone.
    pub fn micros(&self) -> i64 {
        self.day.ordinal() * DAY_MICROS + self.clock.micros()
    }

    /// What the zone says of the offset from UTC, in microseconds.
    pub fn offset(&self, vm: &Vm) -> PyResult<Option<i64>> {
        match &self.zone {
            Some(zone) => asked_offset(vm, zone, "utcoffset", &self.head),
            None => Ok(None),
        }
    }

    /// Whether both have the very same zone, or both none.
    fn same_zone(&self, other: &DateTime) -> bool {
        match (&self.zone, &other.zone) {
            (None, None) => true,
            (Some(a), Some(b)) => a.is(b),
            _ => false,
        }
    }

    /// Whether the offset depends on `fold`: such a time is equal to none of another zone (PEP 495).
    fn is_problematic(&self, vm: &Vm, offset: Option<i64>) -> PyResult<bool> {
        let ty = Type::of(&self.head);
        let flipped = place(vm, ty, self.day, self.clock, !self.fold, self.zone.clone())?;
        Ok(own(vm, &flipped)?.offset(vm)? != offset)
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let moment = own(vm, this)?;
    let (year, month, day) = moment.day.parts();
    let Clock {
        hour,
        minute,
        second,
        micro,
    } = moment.clock;
    let name = protocol::type_name(this);
    let mut text = format!("{name}({year}, {month}, {day}, {hour}, {minute}");
    if micro != 0 {
        text += &format!(", {second}, {micro}");
    } else if second != 0 {
        text += &format!(", {second}");
    }
    finish_repr(vm, &text, true, moment.fold, &moment.zone)
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let moment = own(vm, this)?;
    if moment.hash.get() != -1 {
        return Ok(moment.hash.get());
    }
    let offset = if moment.fold {
        let ty = Type::of(this);
        let first = place(vm, ty, moment.day, moment.clock, false, moment.zone.clone())?;
        own(vm, &first)?.offset(vm)?
    } else {
        moment.offset(vm)?
    };
    let hash = match offset {
        None => {
            let mut bytes = [0; 10];
            bytes[..4].copy_from_slice(&moment.day.bytes());
            bytes[4..].copy_from_slice(&moment.clock.bytes());
            vm.hash_bytes(&bytes)
        }
        Some(offset) => {
            let delta = delta::of_micros(vm, i128::from(moment.micros() - offset))?;
            protocol::hash(vm, &delta)?
        }
    };
    moment.hash.set(hash);
    Ok(hash)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<DateTime>(), b.downcast::<DateTime>()) else {
        return Ok(vm.not_implemented());
    };
    let plain = (x.day, x.clock).cmp(&(y.day, y.clock));
    if x.same_zone(y) {
        return Ok(vm.bool(holds(plain, op)));
    }
    let (mine, theirs) = (x.offset(vm)?, y.offset(vm)?);
    let order = match (mine, theirs) {
        _ if mine == theirs => plain,
        (Some(mine), Some(theirs)) => (x.micros() - mine).cmp(&(y.micros() - theirs)),
        _ => {
            return match op {
                CompareOp::Eq => Ok(vm.bool(false)),
                CompareOp::Ne => Ok(vm.bool(true)),
                _ => Err(vm.type_error("can't compare offset-naive and offset-aware datetimes")),
            };
        }
    };
    let asks_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if order == Ordering::Equal
        && asks_equality
        && (x.is_problematic(vm, mine)? || y.is_problematic(vm, theirs)?)
    {
        return Ok(vm.bool(op == CompareOp::Ne));
    }
    Ok(vm.bool(holds(order, op)))
}

/// A moment so many microseconds later, of the same type and zone.
///
/// # Errors
/// OverflowError
pub fn add_micros(vm: &Vm, moment: &DateTime, micros: i128) -> PyResult {
    let (day, clock) = later(vm, moment, micros)?;
    let fields = Fields::of(day.parts(), clock, false, moment.zone.clone());
    fields.make_as(vm, &Type::of(&moment.head).head)
}

/// Date and time so many microseconds later.
pub fn later(vm: &Vm, moment: &DateTime, micros: i128) -> PyResult<(Day, Clock)> {
    let total = i128::from(moment.micros()) + micros;
    let day_micros = i128::from(DAY_MICROS);
    let day = i64::try_from(total.div_euclid(day_micros)).ok();
    let Some(day) = day.and_then(Day::from_ordinal) else {
        return Err(vm.overflow_error("date value out of range"));
    };
    let clock = Clock::from_micros(total.rem_euclid(day_micros) as i64);
    Ok((day, clock))
}

fn add(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (moment, delta) = match (a.downcast::<DateTime>(), b.downcast::<DateTime>()) {
        (Some(moment), None) => (moment, b.downcast::<TimeDelta>()),
        (None, Some(moment)) => (moment, a.downcast::<TimeDelta>()),
        _ => return Ok(vm.not_implemented()),
    };
    match delta {
        Some(delta) => add_micros(vm, moment, delta.micros()),
        None => Ok(vm.not_implemented()),
    }
}

fn subtract(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let Some(moment) = a.downcast::<DateTime>() else {
        return Ok(vm.not_implemented());
    };
    if let Some(delta) = b.downcast::<TimeDelta>() {
        return add_micros(vm, moment, -delta.micros());
    }
    match b.downcast::<DateTime>() {
        Some(other) => delta::of_micros(vm, difference(vm, moment, other)?.into()),
        None => Ok(vm.not_implemented()),
    }
}

/// The time between two moments in microseconds.
///
/// # Errors
/// TypeError if only one of them has an offset.
pub fn difference(vm: &Vm, a: &DateTime, b: &DateTime) -> PyResult<i64> {
    let plain = a.micros() - b.micros();
    if a.same_zone(b) {
        return Ok(plain);
    }
    match (a.offset(vm)?, b.offset(vm)?) {
        (None, None) => Ok(plain),
        (Some(mine), Some(theirs)) => Ok(plain - mine + theirs),
        _ => Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes")),
    }
}
