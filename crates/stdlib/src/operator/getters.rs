//! `itemgetter`, `attrgetter`, `methodcaller`: callables that remember what to ask of their operand.

use viv_runtime::native::bind::check_count;
use viv_runtime::object::{Dict, Str, Tuple, Type, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver, reject_keywords};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NamedArgs, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

/// `itemgetter` (keys) and `attrgetter` (dotted names).
#[repr(C)]
pub struct Getter {
    /// The header.
    pub head: Object,
    wanted: Ref<Tuple>,
}
object_layout!(
    Getter = kinds::ITEM_GETTER,
    traverse | this,
    visit | {
        visit.visit(this.wanted.as_object());
    }
);

/// `methodcaller`
#[repr(C)]
pub struct MethodCaller {
    /// The header.
    pub head: Object,
    name: Ref<Str>,
    args: Ref<Tuple>,
    keywords: Ref<Dict>,
}
object_layout!(
    MethodCaller = kinds::METHOD_CALLER,
    traverse | this,
    visit | {
        visit.visit(this.args.as_object());
        visit.visit(this.keywords.as_object());
    }
);

static ITEM_GETTER: TypeSpec = TypeSpec {
    name: "itemgetter",
    module: "operator",
    signature: "(item, /, *items)",
    doc: "Return a callable object that fetches the given item(s) from its operand.\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    slots: |s| {
        s.new
            .set(Some(|vm, ty, args| new_getter(vm, ty, "itemgetter", args)));
        s.call.set(Some(|vm, this, args| {
            call_getter(vm, this, "itemgetter", args, protocol::get_item)
        }));
        s.repr.set(Some(repr_getter));
    },
    methods: &[GETTER_METHODS],
    ..TypeSpec::new(Getter::layout, true)
};

static ATTRIBUTE_GETTER: TypeSpec = TypeSpec {
    name: "attrgetter",
    module: "operator",
    signature: "(attr, /, *attrs)",
    doc: "Return a callable object that fetches the given attribute(s) from its operand.\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).",
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            if args.pos().iter().any(|a| a.downcast::<Str>().is_none()) {
                return Err(vm.type_error("attribute name must be a string"));
            }
            new_getter(vm, ty, "attrgetter", args)
        }));
        s.call.set(Some(|vm, this, args| {
            call_getter(vm, this, "attrgetter", args, dotted)
        }));
        s.repr.set(Some(repr_getter));
    },
    methods: &[GETTER_METHODS],
    ..TypeSpec::new(Getter::layout, true)
};

static METHOD_CALLER: TypeSpec = TypeSpec {
    name: "methodcaller",
    module: "operator",
    signature: "(name, /, *args, **kwargs)",
    doc: "Return a callable object that calls the given method on its operand.\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
    slots: |s| {
        s.new.set(Some(new_caller));
        s.call.set(Some(call_caller));
        s.repr.set(Some(repr_caller));
    },
    methods: &[CALLER_METHODS],
    ..TypeSpec::new(MethodCaller::layout, true)
};

const GETTER_METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "($self, /)",
    NativeCall::NoArgs(reduce_getter),
    "Return state information for pickling",
)];
const CALLER_METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "($self, /)",
    NativeCall::NoArgs(reduce_caller),
    "Return state information for pickling",
)];

/// The type `operator.itemgetter`.
pub fn item_getter_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ITEM_GETTER, &vm.types.object)
}

/// The type `operator.attrgetter`.
pub fn attribute_getter_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ATTRIBUTE_GETTER, &vm.types.object)
}

/// The type `operator.methodcaller`.
pub fn method_caller_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &METHOD_CALLER, &vm.types.object)
}

fn new_getter(vm: &Vm, ty: &Type, name: &str, args: Args<'_>) -> PyResult {
    reject_keywords(vm, name, args)?;
    if args.pos().is_empty() {
        check_count(vm, name, 0, 1, 1)?;
    }
    place_tracked(
        vm,
        Getter {
            head: Object::new(ty.type_head_of()),
            wanted: vm.tuple_of(args.pos())?,
        },
    )
}

fn call_getter(
    vm: &Vm,
    this: &Object,
    name: &str,
    args: Args<'_>,
    get: fn(&Vm, &Object, &Object) -> PyResult,
) -> PyResult {
    let this = receiver::<Getter>(vm, this)?;
    reject_keywords(vm, name, args)?;
    check_count(vm, name, args.pos().len(), 1, 1)?;
    let [object] = args.pos() else {
        return Ok(vm.none_ref());
    };
    if let [only] = this.wanted.as_slice() {
        return get(vm, object, only);
    }
    let values = this
        .wanted
        .iter()
        .map(|w| get(vm, object, w))
        .collect::<PyResult<Vec<_>>>()?;
    Ok(vm.new_tuple(values)?.upcast())
}

/// The attribute behind a dotted name.
fn dotted(vm: &Vm, object: &Object, name: &Object) -> PyResult {
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error("attribute name must be a string"));
    };
    let text = name.to_text();
    if !text.contains('.') {
        return protocol::get_attr(vm, object, &*vm.intern_str(name)?);
    }
    let mut value = object.to_ref();
    for part in text.split('.') {
        value = protocol::get_attr(vm, &value, &*vm.intern(part)?)?;
    }
    Ok(value)
}

fn push_items(vm: &Vm, text: &mut TextBuilder, items: &Tuple) -> PyResult<()> {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(vm, item)?;
    }
    Ok(())
}

fn repr_getter(vm: &Vm, this: &Object) -> PyResult {
    let name = protocol::type_name(this);
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str(&format!("{name}(...)"))?.upcast());
    };
    let mut text = TextBuilder::new();
    text.push(&name);
    text.push("(");
    push_items(vm, &mut text, &receiver::<Getter>(vm, this)?.wanted)?;
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn reduce_getter(vm: &Vm, this: &Object) -> PyResult {
    let wanted = receiver::<Getter>(vm, this)?.wanted.clone();
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), wanted.upcast()])?
        .upcast())
}

fn new_caller(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let [name, rest @ ..] = args.pos() else {
        return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error("method name must be a string"));
    };
    let keywords = vm.new_dict()?;
    for (key, value) in args.keywords() {
        keywords.set(vm, key, value)?;
    }
    place_tracked(
        vm,
        MethodCaller {
            head: Object::new(ty.type_head_of()),
            name: vm.intern_str(name)?,
            args: vm.tuple_of(rest)?,
            keywords,
        },
    )
}

fn call_caller(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let this = receiver::<MethodCaller>(vm, this)?;
    reject_keywords(vm, "methodcaller", args)?;
    check_count(vm, "methodcaller", args.pos().len(), 1, 1)?;
    let [object] = args.pos() else {
        return Ok(vm.none_ref());
    };
    let method = protocol::get_attr(vm, object, &this.name)?;
    let pairs = this.keywords.snapshot();
    let names = vm.new_tuple(pairs.iter().map(|(name, _)| name.clone()).collect())?;
    let values: Vec<&Object> = this
        .args
        .iter()
        .chain(pairs.iter().map(|(_, value)| value.as_object()))
        .collect();
    protocol::call(vm, &method, NamedArgs::new(&values, Some(&names)).args())
}

fn repr_caller(vm: &Vm, this: &Object) -> PyResult {
    let name = protocol::type_name(this);
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str(&format!("{name}(...)"))?.upcast());
    };
    let own = receiver::<MethodCaller>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push(&name);
    text.push("(");
    text.push_repr(vm, &own.name)?;
    if !own.args.is_empty() {
        text.push(", ");
        push_items(vm, &mut text, &own.args)?;
    }
    for (key, value) in own.keywords.snapshot() {
        text.push(", ");
        if let Some(key) = key.downcast::<Str>() {
            text.push_str(key);
        }
        text.push("=");
        text.push_repr(vm, &value)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn reduce_caller(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<MethodCaller>(vm, this)?;
    let class = Type::of(this).head.to_ref();
    if own.keywords.is_empty() {
        let mut args = vec![own.name.clone().upcast()];
        args.extend(own.args.as_slice().iter().cloned());
        return Ok(vm
            .new_tuple(vec![class, vm.new_tuple(args)?.upcast()])?
            .upcast());
    }
    let partial = crate::functools::partial::partial_type(vm)?;
    let pairs = own.keywords.snapshot();
    let names = vm.new_tuple(pairs.iter().map(|(name, _)| name.clone()).collect())?;
    let mut values: Vec<&Object> = vec![&class, &own.name];
    values.extend(pairs.iter().map(|(_, value)| value.as_object()));
    let made = protocol::call(
        vm,
        &partial.head,
        NamedArgs::new(&values, Some(&names)).args(),
    )?;
    Ok(vm
        .new_tuple(vec![made, own.args.clone().upcast()])?
        .upcast())
}
