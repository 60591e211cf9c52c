//! `defaultdict`: a dict whose instances have one slot more, for the factory.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Dict, Type, TypeTraits};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::dict;
use viv_runtime::types::extra::{extra_type_with_slots, first_slot};
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, BinaryOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm};

static SPEC: TypeSpec = TypeSpec {
    name: "defaultdict",
    module: "collections",
    doc: "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\na new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments.",
    exact: false,
    traits: TypeTraits::BASE | TypeTraits::MAPPING | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.binary[BinaryOp::Or as usize].set(Some(or));
    },
    methods: &[METHODS],
    getset: &[GetSetDef {
        name: "default_factory",
        get: |vm, this| Ok(factory(this).unwrap_or_else(|| vm.none_ref())),
        set: Some(set_factory),
        doc: "Factory for default value called by __missing__().",
        member: true,
    }],
    ..TypeSpec::new(Dict::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__missing__",
        "",
        NativeCall::One(missing),
        "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n",
    ),
    MethodDef::new(
        "copy",
        "",
        NativeCall::NoArgs(copy),
        "D.copy() -> a shallow copy of D.",
    ),
    MethodDef::new(
        "__copy__",
        "",
        NativeCall::NoArgs(copy),
        "D.copy() -> a shallow copy of D.",
    ),
    MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "See PEP 585",
    ),
];

/// The type `collections.defaultdict`.
pub fn default_dict_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_slots(vm, &SPEC, &vm.types.dict, 1)
}

fn factory(this: &Object) -> Option<Ref> {
    let cell = this.slot_cell(first_slot(&SPEC))?;
    let value = cell.take();
    cell.set(value.clone());
    value
}

fn set_factory(_: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    if let Some(cell) = this.slot_cell(first_slot(&SPEC)) {
        drop(cell.replace(value.map(Object::to_ref)));
    }
    Ok(())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let (first, rest) = (args.pos().first().copied(), args.skip_first());
    if let Some(first) = first
        && !vm.is_none(first)
        && !protocol::is_callable(first)
    {
        return Err(vm.type_error("first argument must be callable or None"));
    }
    set_factory(vm, this, first)?;
    dict::update_args(vm, receiver(vm, this)?, "dict", rest.args())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let items = dict::repr(vm, this)?;
    let mut text = TextBuilder::new();
    let name = protocol::type_name(this);
    text.push(name.rsplit('.').next().unwrap_or_default());
    text.push("(");
    match factory(this) {
        None => text.push("None"),
        Some(factory) => match vm.enter_repr(&factory) {
            Some(_guard) => text.push_repr(vm, &factory)?,
            None => text.push("..."),
        },
    }
    text.push(", ");
    if let Some(items) = items.downcast() {
        text.push_str(items);
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn missing(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let Some(factory) = factory(this).filter(|f| !vm.is_none(f)) else {
        return Err(vm.key_error(key));
    };
    let value = protocol::call_no_args(vm, &factory)?;
    receiver::<Dict>(vm, this)?.set_default(vm, key, value)
}

/// A new one of the same type and factory, with the entries of a mapping.
fn like(vm: &Vm, this: &Object, entries: &Object) -> PyResult {
    let factory = factory(this).unwrap_or_else(|| vm.none_ref());
    protocol::call_args(vm, &Type::of(this).head, &[&factory, entries])
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    like(vm, this, this)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let args = match factory(this).filter(|f| !vm.is_none(f)) {
        Some(factory) => vm.new_tuple(vec![factory])?,
        None => vm.empty_tuple.clone(),
    };
    let items = protocol::call_method(vm, this, &vm.names.items, &[])?;
    let items = protocol::iter(vm, &items)?;
    Ok(vm
        .new_tuple(vec![
            Type::of(this).head.to_ref(),
            args.upcast(),
            vm.none_ref(),
            vm.none_ref(),
            items,
        ])?
        .upcast())
}

fn or(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
        return Ok(vm.not_implemented());
    }
    let ours = if Type::of(a).is_subtype(&*default_dict_type(vm)?) {
        a
    } else {
        b
    };
    let result = like(vm, ours, a)?;
    dict::merge::update_from(vm, receiver(vm, &result)?, b)?;
    Ok(result)
}
