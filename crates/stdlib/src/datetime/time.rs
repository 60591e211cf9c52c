//! `time`: its layout, constructor and operators. Methods are in `time_methods`.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, CompareOp, NamedArgs, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::arguments::{arguments, c_int_or, check_tz_info};
use super::calendar::Clock;
use super::date::pickled;
use super::zone::{asked_offset, is_tz_info};
use super::{delta, holds, time_methods};
use crate::kinds;

/// A `datetime.time`.
#[repr(C)]
pub struct Time {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    /// The time.
    pub clock: Clock,
    /// Whether it is the second of two equal times.
    pub fold: bool,
    /// The `tzinfo`; nothing for None.
    pub zone: Option<Ref>,
}
object_layout!(
    Time = kinds::TIME,
    traverse | this,
    visit | {
        if let Some(zone) = &this.zone {
            visit.visit(zone);
        }
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "time",
    module: "datetime",
    doc: "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll arguments are optional. tzinfo may be None, or an instance of\na tzinfo subclass. The remaining arguments may be ints.\n",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.str.set(Some(|vm, this| {
            protocol::call_method(vm, this, &*vm.intern("isoformat")?, &[])
        }));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
    },
    methods: &[time_methods::METHODS],
    getset: clock_fields!(own),
    ..TypeSpec::new(Time::layout, false)
};

const SIGNATURE: &str = "(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)";

/// The type `datetime.time`.
pub fn time_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// The receiver of a method.
pub fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Time> {
    receiver(vm, this)
}

/// A zone as the attribute `tzinfo` tells it.
pub fn zone_or_none(vm: &Vm, zone: &Option<Ref>) -> Ref {
    zone.clone().unwrap_or_else(|| vm.none_ref())
}

/// The zone that an argument means: nothing for None.
pub fn zone_given(vm: &Vm, zone: Option<&Object>) -> PyResult<Option<Ref>> {
    let Some(zone) = zone else {
        return Ok(None);
    };
    check_tz_info(vm, zone)?;
    Ok((!vm.is_none(zone)).then(|| zone.to_ref()))
}

/// A time that is one.
///
/// # Errors
/// ValueError
pub fn checked(vm: &Vm, [hour, minute, second, micro]: [i64; 4]) -> PyResult<Clock> {
    for (name, value, last) in [
        ("hour", hour, 23),
        ("minute", minute, 59),
        ("second", second, 59),
        ("microsecond", micro, 999_999),
    ] {
        if !(0..=last).contains(&value) {
            return Err(vm.value_error(format!("{name} must be in 0..{last}, not {value}")));
        }
    }
    Ok(Clock {
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        micro: micro as u32,
    })
}

/// The argument `fold`, checked behind the others.
pub fn checked_fold(vm: &Vm, fold: i64) -> PyResult<bool> {
    match fold {
        0 | 1 => Ok(fold == 1),
        _ => Err(vm.value_error(format!("fold must be either 0 or 1, not {fold}"))),
    }
}

/// A `time` of type `ty`, whose layout it is.
pub fn place(vm: &Vm, ty: &Type, clock: Clock, fold: bool, zone: Option<Ref>) -> PyResult {
    Ok(vm
        .place(Time {
            head: Object::new(ty.type_head_of()),
            hash: Cell::new(-1),
            clock,
            fold,
            zone,
        })?
        .upcast())
}

/// A `time`.
pub fn make(vm: &Vm, clock: Clock, fold: bool, zone: Option<Ref>) -> PyResult {
    place(vm, &*time_type(vm)?, clock, fold, zone)
}

/// An instance of a class, which may be a subclass: then it is called.
pub fn make_as(vm: &Vm, class: &Object, parts: [i64; 4], fold: i64, zone: Option<Ref>) -> PyResult {
    if class.is(time_type(vm)?.as_object()) {
        let clock = checked(vm, parts)?;
        return make(vm, clock, checked_fold(vm, fold)?, zone);
    }
    let mut args = Vec::with_capacity(6);
    for part in parts {
        args.push(vm.new_int(part)?);
    }
    args.push(zone_or_none(vm, &zone));
    call_with_fold(vm, class, args, fold)
}

/// Calls a class; `fold` is only given where it is not 0.
pub fn call_with_fold(vm: &Vm, class: &Object, mut args: Vec<Ref>, fold: i64) -> PyResult {
    let names = if fold == 0 {
        None
    } else {
        args.push(vm.new_int(fold)?);
        Some(vm.new_tuple(vec![vm.intern("fold")?.upcast()])?)
    };
    let values: Vec<&Object> = args.iter().map(|arg| &**arg).collect();
    protocol::call(vm, class, NamedArgs::new(&values, names.as_deref()).args())
}

/// The state of a pickle, if a constructor got one: the bytes, and the zone behind them.
pub fn pickled_state<'a, const N: usize>(
    vm: &Vm,
    args: Args<'a>,
    kind: &str,
    sane: fn(&[u8; N]) -> bool,
) -> PyResult<Option<([u8; N], Option<Ref>)>> {
    let ([state] | [state, _]) = args.pos() else {
        return Ok(None);
    };
    if args.keyword_count() != 0 {
        return Ok(None);
    }
    let Some(bytes) = pickled(vm, state, kind, sane)? else {
        return Ok(None);
    };
    let zone = match args.pos().get(1) {
        Some(zone) if !is_tz_info(zone) => return Err(vm.type_error("bad tzinfo state arg")),
        zone => zone.map(|zone| zone.to_ref()),
    };
    Ok(Some((bytes, zone)))
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if let Some((mut bytes, zone)) = pickled_state::<6>(vm, args, "time", |b| b[0] & 0x7f < 24)? {
        let fold = bytes[0] > 0x7f;
        bytes[0] &= 0x7f;
        return place(vm, ty, Clock::from_bytes(bytes), fold, zone);
    }
    let [hour, minute, second, micro, zone, fold] = arguments(vm, "", SIGNATURE, 0, 5, args)?;
    let parts = [
        c_int_or(vm, hour, 0)?,
        c_int_or(vm, minute, 0)?,
        c_int_or(vm, second, 0)?,
        c_int_or(vm, micro, 0)?,
    ];
    let fold = c_int_or(vm, fold, 0)?;
    let zone = zone_given(vm, zone)?;
    place(vm, ty, checked(vm, parts)?, checked_fold(vm, fold)?, zone)
}

/// Appends `, fold=1` and the zone to what `repr` shows, and closes it.
pub fn finish_repr(
    vm: &Vm,
    text: &str,
    fold_first: bool,
    fold: bool,
    zone: &Option<Ref>,
) -> PyResult {
    let mut shown = protocol::TextBuilder::new();
    shown.push(text);
    if fold && fold_first {
        shown.push(", fold=1");
    }
    if let Some(zone) = zone {
        shown.push(", tzinfo=");
        shown.push_repr(vm, zone)?;
    }
    if fold && !fold_first {
        shown.push(", fold=1");
    }
    shown.push(")");
    Ok(shown.finish(vm)?.upcast())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let time = own(vm, this)?;
    let Clock {
        hour,
        minute,
        second,
        micro,
    } = time.clock;
    let mut text = format!("{}({hour}, {minute}", protocol::type_name(this));
    if micro != 0 {
        text += &format!(", {second}, {micro}");
    } else if second != 0 {
        text += &format!(", {second}");
    }
    finish_repr(vm, &text, false, time.fold, &time.zone)
}

/// What the zone says of the offset from UTC, in microseconds.
pub fn offset_of(vm: &Vm, time: &Time) -> PyResult<Option<i64>> {
    match &time.zone {
        Some(zone) => asked_offset(vm, zone, "utcoffset", vm.none()),
        None => Ok(None),
    }
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let time = own(vm, this)?;
    if time.hash.get() == -1 {
        let hash = match offset_of(vm, time)? {
            None => vm.hash_bytes(&time.clock.bytes()),
            Some(offset) => {
                let delta = delta::of_micros(vm, i128::from(time.clock.micros() - offset))?;
                protocol::hash(vm, &delta)?
            }
        };
        time.hash.set(hash);
    }
    Ok(time.hash.get())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Time>(), b.downcast::<Time>()) else {
        return Ok(vm.not_implemented());
    };
    let same_zone = match (&x.zone, &y.zone) {
        (None, None) => true,
        (Some(x), Some(y)) => x.is(y),
        _ => false,
    };
    let (mine, theirs) = if same_zone {
        (None, None)
    } else {
        (offset_of(vm, x)?, offset_of(vm, y)?)
    };
    match (mine, theirs) {
        (None, None) => Ok(vm.bool(holds(x.clock.cmp(&y.clock), op))),
        (Some(mine), Some(theirs)) => {
            let order = (x.clock.micros() - mine).cmp(&(y.clock.micros() - theirs));
            Ok(vm.bool(holds(order, op)))
        }
        _ => match op {
            CompareOp::Eq => Ok(vm.bool(false)),
            CompareOp::Ne => Ok(vm.bool(true)),
            _ => Err(vm.type_error("can't compare offset-naive and offset-aware times")),
        },
    }
}
