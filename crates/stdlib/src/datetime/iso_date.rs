//! What `isocalendar` gives: a tuple whose items have names.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Tuple, Type};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm};

use super::arguments::{arguments, c_int};
use super::calendar::Day;

static SPEC: TypeSpec = TypeSpec {
    name: "IsoCalendarDate",
    module: "datetime",
    doc: "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed either as a tuple of\n  ((year, week, weekday)\nor via the object attributes as named in the above tuple.",
    exact: false,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
            let args = vm.new_tuple(vec![vm.new_tuple(items)?.upcast()])?.upcast();
            let class = vm.types.tuple.head.to_ref();
            Ok(vm.new_tuple(vec![class, args])?.upcast())
        }),
        "__reduce__() -> (cls, state)",
    )]],
    getset: &[
        GetSetDef::get("year", |vm, this| item(vm, this, 0), ""),
        GetSetDef::get("week", |vm, this| item(vm, this, 1), ""),
        GetSetDef::get("weekday", |vm, this| item(vm, this, 2), ""),
    ],
    ..TypeSpec::new(Tuple::layout, true)
};

fn iso_date_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.tuple)
}

/// Year, week and weekday of a date.
pub fn make(vm: &Vm, day: Day) -> PyResult {
    let (year, week, weekday) = day.iso();
    place(vm, &*iso_date_type(vm)?, [year, week, weekday])
}

fn place(vm: &Vm, ty: &Type, numbers: [i64; 3]) -> PyResult {
    let numbers = numbers.map(|n| vm.new_int(n));
    let items = numbers.into_iter().collect::<PyResult<Vec<Ref>>>()?;
    Ok(Tuple::place(vm, ty, items)?.upcast())
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let given: [Option<&Object>; 3] =
        arguments(vm, "IsoCalendarDate", "(year, week, weekday)", 3, 3, args)?;
    let mut numbers = [0; 3];
    for (number, value) in numbers.iter_mut().zip(given) {
        *number = c_int(vm, value.unwrap_or(vm.none()))?;
    }
    place(vm, ty, numbers)
}

fn item(vm: &Vm, this: &Object, i: usize) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    Ok(tuple
        .get(i)
        .map_or_else(|| vm.none_ref(), |item| item.to_ref()))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let mut text = protocol::TextBuilder::new();
    text.push(&protocol::type_name(this));
    for (i, name) in ["(year=", ", week=", ", weekday="].into_iter().enumerate() {
        text.push(name);
        text.push_repr(vm, &*item(vm, this, i)?)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}
