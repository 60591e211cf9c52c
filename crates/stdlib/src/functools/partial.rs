//! `partial` and `Placeholder`.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Dict, Slot, Tuple, Type, TypeTraits, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::{extra_type, extra_type_with_dict};
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NamedArgs, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

/// A `functools.partial`.
#[repr(C)]
pub struct Partial {
    /// The header.
    pub head: Object,
    function: Slot,
    args: Slot<Tuple>,
    keywords: Slot<Dict>,
    /// Number of placeholders among the arguments.
    holes: Cell<usize>,
}
object_layout!(
    Partial = kinds::PARTIAL,
    traverse | this,
    visit | {
        this.function.visit(visit);
        this.args.visit(visit);
        this.keywords.visit(visit);
    },
    clear | this | {
        this.function.set(None);
        this.args.set(None);
        this.keywords.set(None);
    }
);

/// The object `functools.Placeholder`.
#[repr(C)]
pub struct PlaceholderObject {
    /// The header.
    pub head: Object,
}
object_layout!(PlaceholderObject = kinds::PLACEHOLDER);

static PLACEHOLDER: TypeSpec = TypeSpec {
    name: "_PlaceholderType",
    module: "functools",
    doc: "The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments.",
    slots: |s| {
        s.new.set(Some(|vm, _, args| {
            if args.values().is_empty() {
                placeholder(vm)
            } else {
                Err(vm.type_error("_PlaceholderType takes no arguments"))
            }
        }));
        s.repr
            .set(Some(|vm, _| Ok(vm.new_str("Placeholder")?.upcast())));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(|vm, _| Ok(vm.new_str("Placeholder")?.upcast())),
        "",
    )]],
    ..TypeSpec::new(PlaceholderObject::layout, false)
};

static PARTIAL: TypeSpec = TypeSpec {
    name: "partial",
    module: "functools",
    signature: "(func, /, *args, **keywords)",
    doc: "Create a new function with partial application of the given arguments\nand keywords.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.call.set(Some(call));
        s.repr.set(Some(repr));
        s.descr_get
            .set(Some(|vm, this, instance, _| match instance {
                Some(instance) if !vm.is_none(instance) => {
                    viv_runtime::types::function::bind(vm, this, instance)
                }
                _ => Ok(this.to_ref()),
            }));
    },
    methods: &[METHODS],
    getset: &[
        GetSetDef::member(
            "func",
            |vm, this| {
                Ok(receiver::<Partial>(vm, this)?
                    .function
                    .get()
                    .unwrap_or_else(|| vm.none_ref()))
            },
            "function object to use in future partial calls",
        ),
        GetSetDef::member(
            "args",
            |vm, this| {
                Ok(receiver::<Partial>(vm, this)?
                    .args
                    .get()
                    .map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            "tuple of arguments to future partial calls",
        ),
        GetSetDef::member(
            "keywords",
            |vm, this| {
                Ok(receiver::<Partial>(vm, this)?
                    .keywords
                    .get()
                    .map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            "dictionary of keyword arguments to future partial calls",
        ),
        GetSetDef::get_set(
            "__dict__",
            viv_runtime::types::object::get_dict,
            viv_runtime::types::object::set_dict,
            "",
        ),
    ],
    ..TypeSpec::new(Partial::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new("__reduce__", "", NativeCall::NoArgs(reduce), ""),
    MethodDef::new("__setstate__", "", NativeCall::One(setstate), ""),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "See PEP 585",
    ),
];

/// The type of `functools.Placeholder`.
pub fn placeholder_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &PLACEHOLDER, &vm.types.object)
}

/// `functools.Placeholder`, kept in the dict of its type.
pub fn placeholder(vm: &Vm) -> PyResult {
    let ty = placeholder_type(vm)?;
    let name = vm.intern("_instance")?;
    if let Some(known) = ty.dict(vm).and_then(|d| d.get_str(vm, &name)) {
        return Ok(known);
    }
    let made = vm
        .place(PlaceholderObject {
            head: Object::new(ty.type_head_of()),
        })?
        .upcast();
    if let Some(dict) = ty.dict(vm) {
        dict.set_str(vm, &name, &made)?;
    }
    Ok(made)
}

fn is_placeholder(object: &Object) -> bool {
    object.downcast::<PlaceholderObject>().is_some()
}

/// The type `functools.partial`.
pub fn partial_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_dict(vm, &PARTIAL, &vm.types.object)
}

/// Puts new arguments into the holes of old ones, and the rest behind them.
fn fill_holes(old: &[Ref], new: &[Ref]) -> Vec<Ref> {
    let mut new = new.iter();
    let mut all: Vec<Ref> = old
        .iter()
        .map(|item| {
            if is_placeholder(item) {
                new.next().unwrap_or(item).clone()
            } else {
                item.clone()
            }
        })
        .collect();
    all.extend(new.cloned());
    all
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let [function, given @ ..] = args.pos() else {
        return Err(vm.type_error("type 'partial' takes at least one argument"));
    };
    if !protocol::is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    if given.last().is_some_and(|last| is_placeholder(last)) {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    let mut all: Vec<Ref> = given.iter().map(|o| o.to_ref()).collect();
    let keywords = vm.new_dict()?;
    let mut function = function.to_ref();
    // A plain partial of a partial becomes one.
    if let Some(inner) = function.downcast::<Partial>()
        && Type::of(&function).is(&*partial_type(vm)?)
        && inner.managed().is_none_or(|m| m.dict().is_none())
    {
        if let Some(args) = inner.args.get() {
            all = fill_holes(args.as_slice(), &all);
        }
        if let Some(old) = inner.keywords.get() {
            viv_runtime::types::dict::merge::merge(vm, &keywords, &old, true)?;
        }
        let inner_function = inner.function.get().unwrap_or_else(|| vm.none_ref());
        function = inner_function;
    }
    for (name, value) in args.keywords() {
        if is_placeholder(value) {
            return Err(vm.type_error("Placeholder cannot be passed as a keyword argument"));
        }
        keywords.set(vm, name, value)?;
    }
    let holes = all.iter().filter(|o| is_placeholder(o)).count();
    place_tracked(
        vm,
        Partial {
            head: Object::new(ty.type_head_of()),
            function: Slot::full(function),
            args: Slot::full(vm.new_tuple(all)?),
            keywords: Slot::full(keywords),
            holes: Cell::new(holes),
        },
    )
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let this = receiver::<Partial>(vm, this)?;
    let (Some(function), Some(own), Some(keywords)) =
        (this.function.get(), this.args.get(), this.keywords.get())
    else {
        return Err(vm.type_error("partial object without function"));
    };
    let given = args.pos();
    if given.len() < this.holes.get() {
        return Err(vm.type_error(format!(
            "missing positional arguments in 'partial' call; expected at least {}, got {}",
            this.holes.get(),
            given.len()
        )));
    }
    let mut rest = given.iter();
    let mut values: Vec<&Object> = Vec::with_capacity(own.len() + args.values().len());
    for item in own.iter() {
        values.push(if is_placeholder(item) {
            rest.next().copied().unwrap_or(item)
        } else {
            item
        });
    }
    values.extend(rest.copied());
    if keywords.is_empty() {
        values.extend(&args.values()[given.len()..]);
        return protocol::call(vm, &function, NamedArgs::new(&values, args.names()).args());
    }
    // Keywords of the call win over those of the partial, in the places of the latter.
    let merged = keywords.copy(vm)?;
    for (name, value) in args.keywords() {
        merged.set(vm, name, value)?;
    }
    let pairs = merged.snapshot();
    let names = vm.new_tuple(pairs.iter().map(|(name, _)| name.clone()).collect())?;
    values.extend(pairs.iter().map(|(_, value)| value.as_object()));
    protocol::call(vm, &function, NamedArgs::new(&values, Some(&names)).args())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("...")?.upcast());
    };
    let own = receiver::<Partial>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push(&protocol::type_name(this));
    text.push("(");
    if let Some(function) = own.function.get() {
        text.push_repr(vm, &function)?;
    }
    if let Some(args) = own.args.get() {
        for item in args.iter() {
            text.push(", ");
            text.push_repr(vm, item)?;
        }
    }
    for (name, value) in own.keywords.get().map(|k| k.snapshot()).unwrap_or_default() {
        text.push(", ");
        text.push_str(&*protocol::str(vm, &name)?);
        text.push("=");
        text.push_repr(vm, &value)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Partial>(vm, this)?;
    let function = own.function.get().unwrap_or_else(|| vm.none_ref());
    let args = own.args.get().unwrap_or_else(|| vm.empty_tuple.clone());
    let keywords = own
        .keywords
        .get()
        .map_or_else(|| vm.none_ref(), Ref::upcast);
    let dict = this
        .managed()
        .and_then(|m| m.dict().map(Object::to_ref))
        .unwrap_or_else(|| vm.none_ref());
    let state = vm.new_tuple(vec![function.clone(), args.upcast(), keywords, dict])?;
    let call_args = vm.new_tuple(vec![function])?;
    Ok(vm
        .new_tuple(vec![
            Type::of(this).head.to_ref(),
            call_args.upcast(),
            state.upcast(),
        ])?
        .upcast())
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let own = receiver::<Partial>(vm, this)?;
    let invalid = || vm.type_error("invalid partial state");
    let state = state.downcast::<Tuple>().ok_or_else(invalid)?;
    let [function, args, keywords, dict] = state.as_slice() else {
        return Err(invalid());
    };
    let Some(args) = args
        .downcast::<Tuple>()
        .filter(|_| protocol::is_callable(function))
    else {
        return Err(invalid());
    };
    let keywords = if vm.is_none(keywords) {
        vm.new_dict()?
    } else {
        keywords.downcast::<Dict>().ok_or_else(invalid)?.copy(vm)?
    };
    if args
        .as_slice()
        .last()
        .is_some_and(|last| is_placeholder(last))
    {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    own.holes
        .set(args.iter().filter(|o| is_placeholder(o)).count());
    own.function.set(Some(function.clone()));
    own.args.set(Some(vm.new_tuple(args.as_slice().to_vec())?));
    own.keywords.set(Some(keywords));
    if vm.is_none(dict) {
        viv_runtime::types::object::set_dict(vm, this, None)?;
    } else {
        viv_runtime::types::object::set_dict(vm, this, Some(dict))?;
    }
    Ok(vm.none_ref())
}
