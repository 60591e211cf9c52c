//! The methods of `datetime` instances that `date` has not, or has otherwise.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Str, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, BinaryOp, MethodDef, NativeCall, Object, PyResult, Ref, Vm};

use super::arguments::{arguments, c_int_or, check_tz_info};
use super::calendar::{DAY_MICROS, EPOCH_ORDINAL};
use super::date_time::{DateTime, Fields, add_micros, later, own, place};
use super::time::{checked_fold, zone_given};
use super::time_methods::precision_argument;
use super::write::{Precision, c_time, offset_text, push_clock, push_day};
use super::zone::{ask, asked_offset, utc};
use super::{date, local, time};

/// The beginning of 1970 in microseconds.
const EPOCH: i64 = EPOCH_ORDINAL * DAY_MICROS;

pub const FIELDS: &[GetSetDef] = clock_fields!(own);

pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "date",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| date::make(vm, own(vm, this)?.day)),
        "Return date object with same year, month and day.",
    ),
    MethodDef::new(
        "time",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let moment = own(vm, this)?;
            time::make(vm, moment.clock, moment.fold, None)
        }),
        "Return time object with same time but with tzinfo=None.",
    ),
    MethodDef::new(
        "timetz",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let moment = own(vm, this)?;
            time::make(vm, moment.clock, moment.fold, moment.zone.clone())
        }),
        "Return time object with same time and tzinfo.",
    ),
    MethodDef::new(
        "ctime",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let moment = own(vm, this)?;
            Ok(vm.new_str(&c_time(moment.day, moment.clock))?.upcast())
        }),
        "Return ctime() style string.",
    ),
    MethodDef::new(
        "timetuple",
        "($self, /)",
        NativeCall::NoArgs(time_tuple),
        "Return time tuple, compatible with time.localtime().",
    ),
    MethodDef::new(
        "timestamp",
        "($self, /)",
        NativeCall::NoArgs(timestamp),
        "Return POSIX timestamp as float.",
    ),
    MethodDef::new(
        "utctimetuple",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let moment = own(vm, this)?;
            let (day, clock) = match moment.offset(vm)? {
                Some(offset) => later(vm, moment, -i128::from(offset))?,
                None => (moment.day, moment.clock),
            };
            local::struct_time(vm, day, clock, 0)
        }),
        "Return UTC time tuple, compatible with time.localtime().",
    ),
    MethodDef::new(
        "isoformat",
        "",
        NativeCall::Raw(iso_format),
        "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\nsep is used to separate the year from the time, and defaults to 'T'.\nThe optional argument timespec specifies the number of additional terms\nof the time to include. Valid options are 'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n",
    ),
    MethodDef::new(
        "utcoffset",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| ask(vm, own(vm, this)?.zone.as_deref(), "utcoffset", this)),
        "Return self.tzinfo.utcoffset(self).",
    ),
    MethodDef::new(
        "tzname",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| ask(vm, own(vm, this)?.zone.as_deref(), "tzname", this)),
        "Return self.tzinfo.tzname(self).",
    ),
    MethodDef::new(
        "dst",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| ask(vm, own(vm, this)?.zone.as_deref(), "dst", this)),
        "Return self.tzinfo.dst(self).",
    ),
    MethodDef::new(
        "replace",
        "($self, /, year=unchanged, month=unchanged, day=unchanged,\n        hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)",
        NativeCall::Bound(replace),
        "Return datetime with new specified fields.",
    ),
    MethodDef::new(
        "__replace__",
        "($self, /, **changes)",
        NativeCall::Raw(|vm, this, args| {
            let names = "(*, year=0, month=0, day=0, hour=0, minute=0, second=0, microsecond=0, tzinfo=0, fold=0)";
            let given: [Option<&Object>; 9] = arguments(vm, "replace", names, 0, 0, args)?;
            replace(vm, this, &given)
        }),
        "The same as replace().",
    ),
    MethodDef::new(
        "astimezone",
        "",
        NativeCall::Raw(as_time_zone),
        "tz -> convert to local time in new timezone tz\n",
    ),
    MethodDef::new(
        "__reduce_ex__",
        "",
        NativeCall::One(|vm, this, protocol| {
            let protocol = protocol::to_i64(vm, protocol)?;
            reduce(vm, this, protocol)
        }),
        "__reduce_ex__(proto) -> (cls, state)",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| reduce(vm, this, 2)),
        "__reduce__() -> (cls, state)",
    ),
];

fn time_tuple(vm: &Vm, this: &Object) -> PyResult {
    let moment = own(vm, this)?;
    let dst = match &moment.zone {
        None => None,
        Some(zone) => asked_offset(vm, zone, "dst", this)?,
    };
    let dst = dst.map_or(-1, |dst| i64::from(dst != 0));
    local::struct_time(vm, moment.day, moment.clock, dst)
}

fn timestamp(vm: &Vm, this: &Object) -> PyResult {
    let moment = own(vm, this)?;
    if moment.zone.is_some() {
        let Some(offset) = moment.offset(vm)? else {
            return Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes"));
        };
        let micros = moment.micros() - offset - EPOCH;
        let (micros, million) = (vm.new_int(micros)?, vm.new_int(1_000_000)?);
        return protocol::binary(vm, &micros, &million, BinaryOp::TrueDiv);
    }
    let seconds = local::timestamp(vm, moment.day, moment.clock, moment.fold)?;
    vm.new_float(seconds as f64 + f64::from(moment.clock.micro) / 1e6)
}

fn iso_format(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let names = "(sep='T', timespec='auto')";
    let [separator, spec] = arguments(vm, "isoformat", names, 0, 2, args)?;
    let separator = match separator {
        None => u32::from('T'),
        Some(given) => separator_of(vm, given)?,
    };
    let moment = own(vm, this)?;
    let spec = precision_argument(vm, spec, 2)?;
    let precision = Precision::of(vm, spec, moment.clock)?;
    let mut text = String::with_capacity(32);
    push_day(&mut text, moment.day);
    let parted = char::from_u32(separator);
    text.push(parted.unwrap_or('T'));
    push_clock(&mut text, moment.clock, precision);
    if let Some(offset) = moment.offset(vm)? {
        text += &offset_text(offset, ":");
    }
    if parted.is_some() {
        return Ok(vm.new_str(&text)?.upcast());
    }
    // A lone surrogate, which no text of Rust can have.
    let mut points: Vec<u32> = text.chars().map(u32::from).collect();
    points[10] = separator;
    Ok(vm.new_str_points(&points)?.upcast())
}

fn separator_of(vm: &Vm, given: &Object) -> PyResult<u32> {
    let wrong = |what: String| {
        vm.type_error(format!(
            "isoformat() argument 1 must be a unicode character, not {what}"
        ))
    };
    let Some(text) = given.downcast::<Str>() else {
        return Err(wrong(protocol::type_name(given)));
    };
    match (text.len(), text.char_at(0)) {
        (1, Some(c)) => Ok(c),
        (n, _) => Err(wrong(format!("a string of length {n}"))),
    }
}

fn replace(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [year, month, day, hour, minute, second, micro, zone, fold] = args else {
        return Ok(vm.none_ref());
    };
    let moment = own(vm, this)?;
    let (old_year, old_month, old_day) = moment.day.parts();
    let clock = moment.clock;
    let day = (
        c_int_or(vm, *year, old_year)?,
        c_int_or(vm, *month, old_month)?,
        c_int_or(vm, *day, old_day)?,
    );
    let clock = [
        c_int_or(vm, *hour, clock.hour.into())?,
        c_int_or(vm, *minute, clock.minute.into())?,
        c_int_or(vm, *second, clock.second.into())?,
        c_int_or(vm, *micro, clock.micro.into())?,
    ];
    let fold = c_int_or(vm, *fold, moment.fold.into())?;
    checked_fold(vm, fold)?;
    let zone = match zone {
        Some(_) => zone_given(vm, *zone)?,
        None => moment.zone.clone(),
    };
    let fields = Fields {
        day,
        clock,
        fold,
        zone,
    };
    fields.make_as(vm, &Type::of(this).head)
}

/// The zone that a time without one is in: that of this machine.
fn own_zone(vm: &Vm, moment: &DateTime) -> PyResult {
    let timestamp = |fold| local::timestamp(vm, moment.day, moment.clock, fold);
    let (mut seconds, other) = (timestamp(moment.fold)?, timestamp(!moment.fold)?);
    // In a gap, the offset is that of the other side.
    if other != seconds && (other > seconds) == moment.fold {
        seconds = other;
    }
    local::zone_at(vm, seconds)
}

fn as_time_zone(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let [target] = arguments(vm, "astimezone", "(tz=None)", 0, 1, args)?;
    let target = target.unwrap_or(vm.none());
    check_tz_info(vm, target)?;
    let moment = own(vm, this)?;
    let mut zone = match &moment.zone {
        Some(zone) => zone.clone(),
        None => own_zone(vm, moment)?,
    };
    if zone.is(target) {
        return Ok(this.to_ref());
    }
    let offset = match asked_offset(vm, &zone, "utcoffset", this)? {
        Some(offset) => offset,
        None => {
            zone = own_zone(vm, moment)?;
            if zone.is(target) {
                return Ok(this.to_ref());
            }
            asked_offset(vm, &zone, "utcoffset", this)?.unwrap_or(0)
        }
    };
    let moved = add_micros(vm, moment, -i128::from(offset))?;
    let moved = own(vm, &moved)?;
    let attached = |zone: Ref| {
        let ty = Type::of(&moved.head);
        place(vm, ty, moved.day, moved.clock, moved.fold, Some(zone))
    };
    let target = if vm.is_none(target) {
        let in_utc = attached(utc(vm)?)?;
        let since = own(vm, &in_utc)?.micros() - EPOCH;
        local::zone_at(vm, since.div_euclid(1_000_000))?
    } else {
        target.to_ref()
    };
    let result = attached(target.clone())?;
    protocol::call_method(vm, &target, &*vm.intern("fromutc")?, &[&result])
}

fn reduce(vm: &Vm, this: &Object, protocol: i64) -> PyResult {
    let moment = own(vm, this)?;
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&moment.day.bytes());
    bytes[4..].copy_from_slice(&moment.clock.bytes());
    if protocol > 3 && moment.fold {
        bytes[2] |= 0x80;
    }
    let mut state = vec![vm.new_bytes(&bytes)?.upcast()];
    state.extend(moment.zone.clone());
    let state = vm.new_tuple(state)?.upcast();
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), state])?
        .upcast())
}
