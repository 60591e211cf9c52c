//! `tzinfo` and `timezone`, and how the methods of any `tzinfo` are asked.

use viv_runtime::object::{Str, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::arguments::{arguments, wrong_type};
use super::calendar::DAY_MICROS;
use super::date_time::{DateTime, add_micros};
use super::delta::{self, TimeDelta};
use super::write::offset_text;
use crate::kinds;

/// A `datetime.tzinfo` itself: it has nothing but its methods.
#[repr(C)]
pub struct TzInfo {
    /// The header.
    pub head: Object,
}
object_layout!(TzInfo = kinds::TZ_INFO);

/// A `datetime.timezone`.
#[repr(C)]
pub struct TimeZone {
    /// The header.
    pub head: Object,
    /// The offset, shorter than a day.
    pub offset: Ref<TimeDelta>,
    /// The name, if one was given.
    pub name: Option<Ref>,
}
object_layout!(
    TimeZone = kinds::TIME_ZONE,
    traverse | this,
    visit | {
        visit.visit(this.offset.as_object());
        if let Some(name) = &this.name {
            visit.visit(name);
        }
    }
);

static TZ_INFO: TypeSpec = TypeSpec {
    name: "tzinfo",
    module: "datetime",
    doc: "Abstract base class for time zone info objects.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            Ok(vm
                .place(TzInfo {
                    head: Object::new(ty.type_head_of()),
                })?
                .upcast())
        }));
    },
    methods: &[&[
        MethodDef::new(
            "tzname",
            "($self, object, /)",
            NativeCall::One(|vm, _, _| Err(abstract_method(vm, "tzname"))),
            "datetime -> string name of time zone.",
        ),
        MethodDef::new(
            "utcoffset",
            "($self, object, /)",
            NativeCall::One(|vm, _, _| Err(abstract_method(vm, "utcoffset"))),
            "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC",
        ),
        MethodDef::new(
            "dst",
            "($self, object, /)",
            NativeCall::One(|vm, _, _| Err(abstract_method(vm, "dst"))),
            "datetime -> DST offset as timedelta positive east of UTC.",
        ),
        MethodDef::new(
            "fromutc",
            "($self, object, /)",
            NativeCall::One(from_utc),
            "datetime in UTC -> datetime in local time.",
        ),
        MethodDef::new(
            "__reduce__",
            "($self, /)",
            NativeCall::NoArgs(reduce),
            "-> (cls, state)",
        ),
    ]],
    ..TypeSpec::new(TzInfo::layout, false)
};

static TIME_ZONE: TypeSpec = TypeSpec {
    name: "timezone",
    module: "datetime",
    doc: "Fixed offset from UTC implementation of tzinfo.",
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.str
            .set(Some(|vm, this| zone_name(vm, receiver(vm, this)?)));
        s.hash.set(Some(|vm, this| {
            protocol::hash(vm, receiver::<TimeZone>(vm, this)?.offset.as_object())
        }));
        s.compare.set(Some(compare));
    },
    methods: &[&[
        MethodDef::new(
            "tzname",
            "($self, object, /)",
            NativeCall::One(|vm, this, when| {
                check_moment(vm, when, "tzname")?;
                zone_name(vm, receiver(vm, this)?)
            }),
            "If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.",
        ),
        MethodDef::new(
            "utcoffset",
            "($self, object, /)",
            NativeCall::One(|vm, this, when| {
                check_moment(vm, when, "utcoffset")?;
                Ok(receiver::<TimeZone>(vm, this)?.offset.clone().upcast())
            }),
            "Return fixed offset.",
        ),
        MethodDef::new(
            "dst",
            "($self, object, /)",
            NativeCall::One(|vm, _, when| {
                check_moment(vm, when, "dst")?;
                Ok(vm.none_ref())
            }),
            "Return None.",
        ),
        MethodDef::new(
            "fromutc",
            "($self, object, /)",
            NativeCall::One(|vm, this, when| {
                let moment = own_moment(vm, this, when)?;
                let offset = receiver::<TimeZone>(vm, this)?.offset.micros();
                add_micros(vm, moment, offset)
            }),
            "datetime in UTC -> datetime in local time.",
        ),
        MethodDef::new(
            "__getinitargs__",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                let zone = receiver::<TimeZone>(vm, this)?;
                let mut args = vec![zone.offset.clone().upcast()];
                args.extend(zone.name.clone());
                Ok(vm.new_tuple(args)?.upcast())
            }),
            "pickle support",
        ),
    ]],
    ..TypeSpec::new(TimeZone::layout, false)
};

/// The type `datetime.tzinfo`.
pub fn tz_info_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &TZ_INFO, &vm.types.object)
}

/// The type `datetime.timezone`.
pub fn zone_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &TIME_ZONE, &tz_info_type(vm)?)
}

/// Whether an object is a `tzinfo`.
pub fn is_tz_info(object: &Object) -> bool {
    object.downcast::<TzInfo>().is_some() || object.downcast::<TimeZone>().is_some()
}

/// A `timezone`.
///
/// # Errors
/// ValueError for an offset of a day or more.
pub fn make(vm: &Vm, offset: Ref, name: Option<Ref>) -> PyResult {
    let Ok(offset) = offset.cast::<TimeDelta>() else {
        return Err(vm.type_error("the offset of a timezone is a timedelta"));
    };
    if offset.offset().is_none() {
        return Err(too_long(vm, offset.as_object()));
    }
    Ok(vm
        .place(TimeZone {
            head: Object::new(zone_type(vm)?.type_head_of()),
            offset,
            name,
        })?
        .upcast())
}

/// A `timezone` of an offset in microseconds: `timezone.utc` for none.
pub fn of_offset(vm: &Vm, micros: i64) -> PyResult {
    if micros == 0 {
        return utc(vm);
    }
    make(vm, delta::of_micros(vm, micros.into())?, None)
}

/// `timezone.utc`, unless the module has not been made yet.
pub fn utc_if_made(vm: &Vm) -> PyResult<Option<Ref>> {
    let ty = zone_type(vm)?;
    let name = vm.intern("utc")?;
    Ok(ty.dict(vm).and_then(|dict| dict.get_str(vm, &name)))
}

/// `timezone.utc`
pub fn utc(vm: &Vm) -> PyResult {
    utc_if_made(vm)?.ok_or_else(|| vm.system_error("the module datetime is not ready"))
}

fn new(vm: &Vm, _: &Type, args: Args<'_>) -> PyResult {
    let [offset, name] = arguments(vm, "timezone", "(offset, name=unset)", 1, 2, args)?;
    let Some(delta) = offset.and_then(Object::downcast::<TimeDelta>) else {
        let given = offset.unwrap_or(vm.none());
        return Err(wrong_type(vm, "timezone", 1, "datetime.timedelta", given));
    };
    let name = match name {
        Some(name) if name.downcast::<Str>().is_none() => {
            return Err(wrong_type(vm, "timezone", 2, "str", name));
        }
        name => name.map(Object::to_ref),
    };
    if name.is_none() && delta.micros() == 0 {
        return utc(vm);
    }
    make(vm, delta.head.to_ref(), name)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let zone = receiver::<TimeZone>(vm, this)?;
    if utc(vm)?.is(this) {
        return Ok(vm.new_str("datetime.timezone.utc")?.upcast());
    }
    let mut text = protocol::TextBuilder::new();
    text.push(&protocol::type_name(this));
    text.push("(");
    text.push_repr(vm, zone.offset.as_object())?;
    if let Some(name) = &zone.name {
        text.push(", ");
        text.push_repr(vm, name)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn zone_name(vm: &Vm, zone: &TimeZone) -> PyResult {
    if let Some(name) = &zone.name {
        return Ok(name.clone());
    }
    let micros = zone.offset.micros() as i64;
    if micros == 0 {
        return Ok(vm.new_str("UTC")?.upcast());
    }
    Ok(vm
        .new_str(&format!("UTC{}", offset_text(micros, ":")))?
        .upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<TimeZone>(), b.downcast::<TimeZone>()) else {
        return Ok(vm.not_implemented());
    };
    let equal = a.offset.micros() == b.offset.micros();
    match op {
        CompareOp::Eq => Ok(vm.bool(equal)),
        CompareOp::Ne => Ok(vm.bool(!equal)),
        _ => Ok(vm.not_implemented()),
    }
}

fn abstract_method(vm: &Vm, name: &str) -> viv_runtime::Raised {
    vm.not_implemented_error(format!("a tzinfo subclass must implement {name}()"))
}

fn check_moment(vm: &Vm, when: &Object, method: &str) -> PyResult<()> {
    if vm.is_none(when) || when.downcast::<DateTime>().is_some() {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "{method}(dt) argument must be a datetime instance or None, not {}",
        protocol::type_name(when)
    )))
}

/// The argument of `fromutc`: a datetime that has this very zone.
fn own_moment<'a>(vm: &Vm, this: &Object, when: &'a Object) -> PyResult<&'a DateTime> {
    let Some(moment) = when.downcast::<DateTime>() else {
        return Err(vm.type_error("fromutc: argument must be a datetime"));
    };
    if !moment.zone.as_ref().is_some_and(|zone| zone.is(this)) {
        return Err(vm.value_error("fromutc: dt.tzinfo is not self"));
    }
    Ok(moment)
}

fn from_utc(vm: &Vm, this: &Object, when: &Object) -> PyResult {
    let moment = own_moment(vm, this, when)?;
    let Some(offset) = asked_offset(vm, this, "utcoffset", when)? else {
        return Err(vm.value_error("fromutc: non-None utcoffset() result required"));
    };
    let Some(dst) = asked_offset(vm, this, "dst", when)? else {
        return Err(vm.value_error("fromutc: non-None dst() result required"));
    };
    let standard = add_micros(vm, moment, i128::from(offset - dst))?;
    let Some(moved) = standard.downcast::<DateTime>() else {
        return Ok(standard);
    };
    let Some(dst) = asked_offset(vm, this, "dst", &standard)? else {
        return Err(vm.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert"));
    };
    if dst == 0 {
        return Ok(standard);
    }
    add_micros(vm, moved, dst.into())
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let args = match protocol::get_attr_opt(vm, this, &*vm.intern("__getinitargs__")?)? {
        Some(get) => protocol::call_no_args(vm, &get)?,
        None => vm.empty_tuple.clone().upcast(),
    };
    let state = protocol::call_method(vm, this, &*vm.intern("__getstate__")?, &[])?;
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), args, state])?
        .upcast())
}

/// ValueError of an offset of a day or more.
#[cold]
pub fn too_long(vm: &Vm, offset: &Object) -> viv_runtime::Raised {
    match protocol::repr(vm, offset) {
        Ok(text) => vm.value_error(format!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}",
            text.to_text()
        )),
        Err(raised) => raised,
    }
}

/// What `zone.utcoffset(when)` or `zone.dst(when)` gives, checked.
fn asked(vm: &Vm, zone: &Object, method: &str, when: &Object) -> PyResult<Option<Ref<TimeDelta>>> {
    let result = match zone.downcast::<TimeZone>() {
        Some(fixed) if method == "utcoffset" => return Ok(Some(fixed.offset.clone())),
        Some(_) => return Ok(None),
        None => protocol::call_method(vm, zone, &*vm.intern(method)?, &[when])?,
    };
    if vm.is_none(&result) {
        return Ok(None);
    }
    let result = result.cast::<TimeDelta>().map_err(|other| {
        vm.type_error(format!(
            "tzinfo.{method}() must return None or timedelta, not '{}'",
            protocol::type_name(&other)
        ))
    })?;
    if result.micros().abs() >= i128::from(DAY_MICROS) {
        return Err(too_long(vm, result.as_object()));
    }
    Ok(Some(result))
}

/// What the zone says of a moment (or None), as an object: `None` where there is no zone.
pub fn ask(vm: &Vm, zone: Option<&Object>, method: &str, when: &Object) -> PyResult {
    let Some(zone) = zone else {
        return Ok(vm.none_ref());
    };
    if method != "tzname" {
        let delta = asked(vm, zone, method, when)?;
        return Ok(delta.map_or_else(|| vm.none_ref(), Ref::upcast));
    }
    let name = match zone.downcast::<TimeZone>() {
        Some(fixed) => zone_name(vm, fixed)?,
        None => protocol::call_method(vm, zone, &*vm.intern(method)?, &[when])?,
    };
    if !vm.is_none(&name) && name.downcast::<Str>().is_none() {
        return Err(vm.type_error(format!(
            "tzinfo.tzname() must return None or a string, not '{}'",
            protocol::type_name(&name)
        )));
    }
    Ok(name)
}

/// The offset that a method of a zone gives, in microseconds.
pub fn asked_offset(vm: &Vm, zone: &Object, method: &str, when: &Object) -> PyResult<Option<i64>> {
    Ok(asked(vm, zone, method, when)?.map(|delta| delta.micros() as i64))
}
