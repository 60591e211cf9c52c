//! The builtin type `function`.

use viv_bytecode::CodeFlags;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{BoundMethod, CellObject, Code, Dict, Function, Str, Tuple, Type, TypeTraits};
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;
use crate::{eval, protocol};

/// The type `function`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "function",
    doc: "Create a function object.\n\n  code\n    a code object\n  globals\n    the globals dictionary\n  name\n    a string that overrides the name from the code object\n  argdefs\n    a tuple that specifies the default argument values\n  closure\n    a tuple that supplies the bindings for free variables\n  kwdefaults\n    a dictionary that specifies the default keyword argument values",
    signature: "(code, globals, name=None, argdefs=None, closure=None,\n         kwdefaults=None)",
    weaklist_offset: std::mem::offset_of!(Function, weakrefs) as u32,
    traits: TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.call.set(Some(call));
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.descr_get.set(Some(descr_get));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Function::layout, true)
};

const METHODS: &[MethodDef] = &[];

const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set(
        "__code__",
        |vm, o| with(vm, o, |f| f.code.get().map(Ref::upcast)),
        set_code,
        "",
    ),
    GetSetDef::get_set(
        "__defaults__",
        |vm, o| with(vm, o, |f| f.defaults.get().map(Ref::upcast)),
        set_defaults,
        "",
    ),
    GetSetDef::get_set(
        "__kwdefaults__",
        |vm, o| with(vm, o, |f| f.kwdefaults.get().map(Ref::upcast)),
        set_kwdefaults,
        "",
    ),
    GetSetDef::get_set(
        "__name__",
        |vm, o| with(vm, o, |f| f.name.get().map(Ref::upcast)),
        set_name,
        "",
    ),
    GetSetDef::get_set(
        "__qualname__",
        |vm, o| with(vm, o, |f| f.qualname.get().map(Ref::upcast)),
        set_qualname,
        "",
    ),
    GetSetDef::get_set(
        "__module__",
        |vm, o| with(vm, o, |f| f.module.get()),
        |vm, o, v| change(vm, o, |f| f.module.set(v.map(Object::to_ref))),
        "",
    ),
    GetSetDef::get_set(
        "__doc__",
        |vm, o| with(vm, o, |f| f.doc.get()),
        |vm, o, v| change(vm, o, |f| f.doc.set(v.map(Object::to_ref))),
        "",
    ),
    GetSetDef::get_set("__annotations__", annotations, set_annotations, ""),
    GetSetDef::get_set(
        "__annotate__",
        |vm, o| with(vm, o, |f| f.annotate.get()),
        set_annotate,
        "",
    ),
    GetSetDef::get_set("__type_params__", type_params, set_type_params, ""),
    GetSetDef::get_set("__dict__", dict, set_dict, ""),
    GetSetDef::member(
        "__closure__",
        |vm, o| with(vm, o, |f| f.closure.get().map(Ref::upcast)),
        "",
    ),
    GetSetDef::member(
        "__globals__",
        |vm, o| with(vm, o, |f| Some(f.globals.clone().upcast())),
        "",
    ),
    GetSetDef::member(
        "__builtins__",
        |vm, o| with(vm, o, |f| Some(f.builtins.clone().upcast())),
        "",
    ),
];

fn with(vm: &Vm, object: &Object, f: impl FnOnce(&Function) -> Option<Ref>) -> PyResult {
    match object.downcast::<Function>() {
        Some(function) => Ok(f(function).unwrap_or_else(|| vm.none_ref())),
        None => Err(vm.type_error("descriptor requires a function")),
    }
}

fn change(vm: &Vm, object: &Object, f: impl FnOnce(&Function)) -> PyResult<()> {
    match object.downcast::<Function>() {
        Some(function) => {
            f(function);
            Ok(())
        }
        None => Err(vm.type_error("descriptor requires a function")),
    }
}

fn call(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult {
    match object.downcast::<Function>() {
        Some(function) => eval::call_function(vm, function, args),
        None => Err(vm.type_error("descriptor '__call__' requires a 'function' object")),
    }
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let name = object.downcast::<Function>().and_then(|f| f.qualname.get());
    let name = name.as_ref().map_or("?".into(), |n| n.to_text());
    vm.new_str(&format!("<function {name} at {:#x}>", object.address()))
        .map(Ref::upcast)
}

/// `function.__get__`: a method where there is an instance.
pub fn descr_get(
    vm: &Vm,
    function: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    match instance {
        Some(instance) if !vm.is_none(instance) => bind(vm, function, instance),
        _ => Ok(function.to_ref()),
    }
}

/// A method: a callable bound to its first argument.
pub fn bind(vm: &Vm, function: &Object, receiver: &Object) -> PyResult {
    let method = vm.place(BoundMethod {
        head: Object::new(vm.types.bound_method.type_head_of()),
        function: function.to_ref(),
        receiver: receiver.to_ref(),
        weakrefs: std::cell::Cell::new(std::ptr::null()),
    })?;
    vm.heap.track(&method);
    Ok(method.upcast())
}

fn new(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    let parameters = crate::native::bind::Parameters::of(SPEC.signature);
    let bound = parameters.bind(vm, "function", args)?;
    let (Some(Some(code)), Some(Some(globals))) = (bound.first(), bound.get(1)) else {
        return Err(vm.type_error("function() missing required arguments"));
    };
    let expected = |i: usize, what: &str, got: &Object| {
        vm.type_error(format!(
            "function() argument '{}' must be {what}, not {}",
            ["code", "globals"][i],
            protocol::type_name(got)
        ))
    };
    let Some(code) = code.downcast::<Code>() else {
        return Err(expected(0, "code", code));
    };
    let Ok(globals) = globals.to_ref().cast::<Dict>() else {
        return Err(expected(1, "dict", globals));
    };
    let given = |i: usize| bound.get(i).copied().flatten().filter(|o| !vm.is_none(o));
    let builtins = match globals.get_str(vm, &vm.names.__builtins__) {
        Some(_) => eval::call::builtins_of(vm, &globals)?,
        // The builtins of the code that makes the function.
        None => eval::frame::builtins_of_current(vm),
    };
    let function = eval::code::new_function(vm, code, &globals, builtins, None)?;
    if let Some(name) = given(2) {
        match name.to_ref().cast::<Str>() {
            Ok(name) => function.name.set(Some(name)),
            Err(_) => return Err(vm.type_error("arg 3 (name) must be None or string")),
        }
    }
    if let Some(defaults) = given(3) {
        match defaults.to_ref().cast::<Tuple>() {
            Ok(defaults) => function.defaults.set(Some(defaults)),
            Err(_) => return Err(vm.type_error("arg 4 (defaults) must be None or tuple")),
        }
    }
    let free = code.source.nfreevars as usize;
    match given(4) {
        Some(closure) => {
            let Ok(closure) = closure.to_ref().cast::<Tuple>() else {
                return Err(vm.type_error("arg 5 (closure) must be tuple"));
            };
            check_closure(vm, code, &closure)?;
            function.closure.set(Some(closure));
        }
        None if free != 0 => return Err(vm.type_error("arg 5 (closure) must be tuple")),
        None => {}
    }
    if let Some(kwdefaults) = given(5) {
        match kwdefaults.to_ref().cast::<Dict>() {
            Ok(kwdefaults) => function.kwdefaults.set(Some(kwdefaults)),
            Err(_) => return Err(vm.type_error("arg 6 (kwdefaults) must be None or dict")),
        }
    }
    Ok(function.upcast())
}

fn check_closure(vm: &Vm, code: &Code, closure: &Tuple) -> PyResult<()> {
    let free = code.source.nfreevars as usize;
    if closure.len() != free {
        return Err(vm.value_error(format!(
            "{} requires closure of length {free}, not {}",
            code.name.to_text(),
            closure.len()
        )));
    }
    match closure
        .iter()
        .find(|c| c.downcast::<CellObject>().is_none())
    {
        Some(other) => Err(vm.type_error(format!(
            "arg 5 (closure) expected cell, found {}",
            protocol::type_name(other)
        ))),
        None => Ok(()),
    }
}

fn set_code(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(Ok(code)) = value.map(|v| v.to_ref().cast::<Code>()) else {
        return Err(vm.type_error("__code__ must be set to a code object"));
    };
    if let Some(function) = object.downcast::<Function>() {
        let closure = function.closure.get().map_or(0, |c| c.len());
        let free = code.source.nfreevars as usize;
        if closure != free {
            let name = function.name.get();
            let name = name.as_ref().map_or("?".into(), |n| n.to_text());
            return Err(vm.value_error(format!(
                "{name}() requires a code object with {closure} free vars, not {free}"
            )));
        }
    }
    let kind = |code: &Code| {
        code.source.flags.0
            & (CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR)
    };
    let old = object
        .downcast::<Function>()
        .and_then(|function| function.code.get());
    if old.is_some_and(|old| kind(&old) != kind(&code)) {
        vm.warn(
            &vm.exceptions.DeprecationWarning,
            "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)",
            1,
        )?;
    }
    change(vm, object, |f| f.code.set(Some(code)))
}

fn set_defaults(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = match value.filter(|v| !vm.is_none(v)) {
        None => None,
        Some(v) => Some(
            v.to_ref()
                .cast::<Tuple>()
                .map_err(|_| vm.type_error("__defaults__ must be set to a tuple object"))?,
        ),
    };
    change(vm, object, |f| f.defaults.set(value))
}

fn set_kwdefaults(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = match value.filter(|v| !vm.is_none(v)) {
        None => None,
        Some(v) => Some(
            v.to_ref()
                .cast::<Dict>()
                .map_err(|_| vm.type_error("__kwdefaults__ must be set to a dict object"))?,
        ),
    };
    change(vm, object, |f| f.kwdefaults.set(value))
}

fn set_name(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.map(|v| v.to_ref().cast::<Str>()) {
        Some(Ok(name)) => change(vm, object, |f| f.name.set(Some(name))),
        _ => Err(vm.type_error("__name__ must be set to a string object")),
    }
}

fn set_qualname(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.map(|v| v.to_ref().cast::<Str>()) {
        Some(Ok(name)) => change(vm, object, |f| f.qualname.set(Some(name))),
        _ => Err(vm.type_error("__qualname__ must be set to a string object")),
    }
}

fn annotations(vm: &Vm, object: &Object) -> PyResult {
    let Some(function) = object.downcast::<Function>() else {
        return with(vm, object, |_| None);
    };
    if let Some(known) = function.annotations.get() {
        return Ok(known);
    }
    let made = match function.annotate.get() {
        Some(annotate) if protocol::is_callable(&annotate) => {
            let format = vm.new_int(1)?;
            let made = protocol::call_one(vm, &annotate, &format)?;
            if made.downcast::<Dict>().is_none() {
                return Err(vm.type_error(format!(
                    "__annotate__ returned non-dict of type '{}'",
                    protocol::type_name(&made)
                )));
            }
            made
        }
        _ => vm.new_dict()?.upcast(),
    };
    function.annotations.set(Some(made.clone()));
    Ok(made)
}

fn set_annotations(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = match value.filter(|v| !vm.is_none(v)) {
        None => None,
        Some(v) if v.downcast::<Dict>().is_some() => Some(v.to_ref()),
        Some(_) => return Err(vm.type_error("__annotations__ must be set to a dict object")),
    };
    change(vm, object, |f| {
        f.annotations.set(value);
        f.annotate.set(None);
    })
}

fn set_annotate(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.type_error("__annotate__ cannot be deleted"));
    };
    if vm.is_none(value) {
        return change(vm, object, |f| f.annotate.set(None));
    }
    if !protocol::is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    change(vm, object, |f| {
        f.annotate.set(Some(value.to_ref()));
        f.annotations.set(None);
    })
}

fn type_params(vm: &Vm, object: &Object) -> PyResult {
    with(vm, object, |f| {
        Some(
            f.type_params
                .get()
                .unwrap_or_else(|| vm.empty_tuple.clone())
                .upcast(),
        )
    })
}

fn set_type_params(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.map(|v| v.to_ref().cast::<Tuple>()) {
        Some(Ok(params)) => change(vm, object, |f| f.type_params.set(Some(params))),
        _ => Err(vm.type_error("__type_params__ must be set to a tuple")),
    }
}

fn dict(vm: &Vm, object: &Object) -> PyResult {
    let Some(function) = object.downcast::<Function>() else {
        return with(vm, object, |_| None);
    };
    if function.dict.is_none() {
        function.dict.set(Some(vm.new_dict()?));
    }
    with(vm, object, |f| f.dict.get().map(Ref::upcast))
}

fn set_dict(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.map(|v| v.to_ref().cast::<Dict>()) {
        Some(Ok(dict)) => change(vm, object, |f| f.dict.set(Some(dict))),
        Some(Err(other)) => Err(vm.type_error(format!(
            "__dict__ must be set to a dictionary, not a '{}'",
            protocol::type_name(&other)
        ))),
        None => Err(vm.type_error("cannot delete __dict__")),
    }
}
