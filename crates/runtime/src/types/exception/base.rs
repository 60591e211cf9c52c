//! `BaseException`: constructor, text, and the attributes that all exceptions have.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Exception, List, Str, Traceback, Tuple, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// `BaseException.__new__`: keeps the positional arguments.
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let args = vm.tuple_of(args.pos())?;
    Ok(super::place(vm, ty, args)?.upcast())
}

/// Whether making an exception of a class is nothing but keeping the arguments.
pub(super) fn makes_plainly(class: &Type) -> bool {
    let (made, initialised) = (class.slots.new.get(), class.slots.init.get());
    class.has(TypeTraits::IMMUTABLE)
        && made.is_some_and(|f| std::ptr::fn_addr_eq(f, new as crate::slots::New))
        && initialised.is_some_and(|f| std::ptr::fn_addr_eq(f, init as crate::slots::Init))
}

/// `BaseException.__init__`
pub fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::no_keywords(vm, this, args)?;
    // `__new__` has kept the same arguments already, unless somebody calls this with others.
    let exception = receiver::<Exception>(vm, this)?;
    let kept = exception.args.get().is_some_and(|kept| {
        let (kept, given) = (kept.as_slice(), args.pos());
        kept.len() == given.len() && kept.iter().zip(given).all(|(a, b)| a.is(b))
    });
    if kept {
        return Ok(());
    }
    set_args(vm, this, args.pos())
}

/// Makes `args` of these values.
pub fn set_args(vm: &Vm, this: &Object, values: &[&Object]) -> PyResult<()> {
    let exception = receiver::<Exception>(vm, this)?;
    exception.args.set(Some(vm.tuple_of(values)?));
    Ok(())
}

/// The arguments.
pub fn args_of(vm: &Vm, exception: &Exception) -> Ref<Tuple> {
    exception
        .args
        .get()
        .unwrap_or_else(|| vm.empty_tuple.clone())
}

/// `Name(args)`
pub fn repr(vm: &Vm, this: &Object) -> PyResult {
    let args = args_of(vm, receiver::<Exception>(vm, this)?);
    let mut text = TextBuilder::new();
    text.push(
        &Type::of(this)
            .name
            .get()
            .map_or_else(String::new, |n| n.to_text().into_owned()),
    );
    match args.as_slice() {
        [one] => {
            text.push("(");
            text.push_repr(vm, one)?;
            text.push(")");
        }
        _ => text.push_repr(vm, &args.head)?,
    }
    Ok(text.finish(vm)?.upcast())
}

/// Nothing, the one argument, or all of them.
pub fn str(vm: &Vm, this: &Object) -> PyResult {
    let args = args_of(vm, receiver::<Exception>(vm, this)?);
    match args.as_slice() {
        [] => Ok(vm.new_str("")?.upcast()),
        [one] => Ok(protocol::str(vm, one)?.upcast()),
        _ => Ok(protocol::repr(vm, &args.head)?.upcast()),
    }
}

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "with_traceback",
        "($self, object, /)",
        NativeCall::One(with_traceback),
        "Set self.__traceback__ to tb and return self.",
    ),
    MethodDef::new(
        "add_note",
        "($self, object, /)",
        NativeCall::One(add_note),
        "Add a note to the exception",
    ),
    MethodDef::new("__reduce__", "($self, /)", NativeCall::NoArgs(reduce), ""),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(set_state),
        "",
    ),
];

fn with_traceback(vm: &Vm, this: &Object, traceback: &Object) -> PyResult {
    set_traceback(vm, this, Some(traceback))?;
    Ok(this.to_ref())
}

fn add_note(vm: &Vm, this: &Object, note: &Object) -> PyResult {
    if note.downcast::<Str>().is_none() {
        return Err(vm.type_error(format!(
            "add_note() argument must be str, not {}",
            protocol::type_name(note)
        )));
    }
    let name = vm.intern("__notes__")?;
    let notes = match protocol::get_attr_opt(vm, this, &name)? {
        Some(notes) => notes,
        None => {
            let notes = vm.new_list(Vec::new())?.upcast();
            protocol::set_attr(vm, this, &name, &notes)?;
            notes
        }
    };
    match notes.downcast::<List>() {
        Some(list) => list.push(vm, note.to_ref())?,
        None => return Err(vm.type_error("Cannot add note: __notes__ is not a list")),
    }
    Ok(vm.none_ref())
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    let class = Type::of(this);
    let e = &vm.exceptions;
    let mut args = args_of(vm, exception);
    let mut state = exception.dict.get();
    if class.is_subtype(&e.OSError) {
        args = super::oserror::all_args(vm, exception, args)?;
    } else if class.is_subtype(&e.ImportError) {
        state = super::fields::import_state(vm, exception, state)?;
    } else if class.is_subtype(&e.AttributeError) {
        state = super::fields::attribute_state(vm, exception, state, &args.head)?;
    }
    let mut parts = vec![class.head.to_ref(), args.upcast()];
    parts.extend(state.map(Ref::upcast));
    Ok(vm.new_tuple(parts)?.upcast())
}

fn set_state(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    if vm.is_none(state) {
        return Ok(vm.none_ref());
    }
    let Some(dict) = state.downcast::<Dict>() else {
        return Err(vm.type_error("state is not a dictionary"));
    };
    for (key, value) in dict.snapshot() {
        match key.downcast::<Str>() {
            Some(name) => protocol::set_attr(vm, this, name, &value)?,
            None => return Err(vm.type_error("attribute name must be string")),
        }
    }
    Ok(vm.none_ref())
}

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set(
        "args",
        |vm, o| Ok(args_of(vm, receiver(vm, o)?).upcast()),
        set_args_attribute,
        "",
    ),
    GetSetDef::get_set(
        "__traceback__",
        |vm, o| {
            Ok(receiver::<Exception>(vm, o)?
                .traceback
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        set_traceback,
        "",
    ),
    GetSetDef::get_set(
        "__context__",
        |vm, o| {
            Ok(receiver::<Exception>(vm, o)?
                .context
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        set_context,
        "exception context",
    ),
    GetSetDef::get_set(
        "__cause__",
        |vm, o| {
            Ok(receiver::<Exception>(vm, o)?
                .cause
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        set_cause,
        "exception cause",
    ),
    GetSetDef::get_set(
        "__suppress_context__",
        |vm, o| Ok(vm.bool(receiver::<Exception>(vm, o)?.suppress_context.get())),
        set_suppress,
        "",
    ),
    GetSetDef::get_set("__dict__", dict, set_dict, ""),
];

fn deleted(vm: &Vm, name: &str) -> crate::result::Raised {
    vm.type_error(format!("{name} may not be deleted"))
}

fn set_args_attribute(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(deleted(vm, "args"));
    };
    let tuple = protocol::call_one(vm, &vm.types.tuple.head, value)?;
    match tuple.cast::<Tuple>() {
        Ok(tuple) => receiver::<Exception>(vm, this)?.args.set(Some(tuple)),
        Err(_) => return Err(vm.type_error("args must be a tuple")),
    }
    Ok(())
}

fn set_traceback(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let exception = receiver::<Exception>(vm, this)?;
    let Some(value) = value else {
        return Err(deleted(vm, "__traceback__"));
    };
    if vm.is_none(value) {
        exception.traceback.set(None);
    } else if value.downcast::<Traceback>().is_some() {
        exception.traceback.set(Some(value.to_ref()));
    } else {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    Ok(())
}

/// The value of `__cause__` or `__context__`: an exception or nothing.
fn chained(vm: &Vm, value: Option<&Object>, name: &str) -> PyResult<Option<Ref>> {
    let Some(value) = value else {
        return Err(deleted(vm, name));
    };
    if vm.is_none(value) {
        Ok(None)
    } else if value.downcast::<Exception>().is_some() {
        Ok(Some(value.to_ref()))
    } else {
        let what = name.trim_matches('_');
        Err(vm.type_error(format!(
            "exception {what} must be None or derive from BaseException"
        )))
    }
}

fn set_context(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = chained(vm, value, "__context__")?;
    receiver::<Exception>(vm, this)?.context.set(value);
    Ok(())
}

fn set_cause(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = chained(vm, value, "__cause__")?;
    let exception = receiver::<Exception>(vm, this)?;
    exception.cause.set(value);
    exception.suppress_context.set(true);
    Ok(())
}

fn set_suppress(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.type_error("can't delete numeric/char attribute"));
    };
    if !Type::of(value).is(&vm.types.bool) {
        return Err(vm.type_error("attribute value type must be bool"));
    }
    let truth = protocol::is_true(vm, value)?;
    receiver::<Exception>(vm, this)?.suppress_context.set(truth);
    Ok(())
}

fn dict(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    match exception.dict.get() {
        Some(dict) => Ok(dict.upcast()),
        None => {
            let dict = vm.new_dict()?;
            exception.dict.set(Some(dict.clone()));
            Ok(dict.upcast())
        }
    }
}

fn set_dict(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let exception = receiver::<Exception>(vm, this)?;
    let Some(value) = value else {
        return Err(vm.type_error("cannot delete __dict__"));
    };
    match value.to_ref().cast::<Dict>() {
        Ok(dict) => exception.dict.set(Some(dict)),
        Err(_) => {
            return Err(vm.type_error(format!(
                "__dict__ must be set to a dictionary, not a '{}'",
                protocol::type_name(value)
            )));
        }
    }
    Ok(())
}
