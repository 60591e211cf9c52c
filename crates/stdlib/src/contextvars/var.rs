//! The type `ContextVar`.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Str, Type, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::context::current;
use super::token::{self, Token};

/// A context variable.
#[repr(C)]
pub struct ContextVar {
    /// The header.
    pub head: Object,
    name: Ref,
    default: Slot,
}
object_layout!(
    ContextVar = kinds::CONTEXT_VAR,
    traverse | this,
    visit | {
        visit.visit(&this.name);
        this.default.visit(visit);
    },
    clear | this | {
        this.default.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "ContextVar",
    module: "_contextvars",
    slots: |s| {
        s.new.set(Some(construct));
        s.repr.set(Some(repr));
        s.hash.set(Some(|_, this| Ok((this.address() >> 4) as i64)));
    },
    methods: &[METHODS],
    getset: &[GetSetDef::member(
        "name",
        |vm, this| Ok(receiver::<ContextVar>(vm, this)?.name.clone()),
        "",
    )],
    ..TypeSpec::new(ContextVar::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "get",
        "",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: get,
        },
        "Return a value for the context variable for the current context.\n\nIf there is no value for the variable in the current context, the\nmethod will:\n * return the value of the default argument of the method, if\n   provided; or\n * return the default value for the context variable, if it was\n   created with one; or\n * raise a LookupError.",
    ),
    MethodDef::new(
        "set",
        "($self, value, /)",
        NativeCall::One(set),
        "Call to set a new value for the context variable in the current context.\n\nThe required value argument is the new value for the context\nvariable.\n\nReturns a Token object that can be used to restore the variable to\nits previous value via the `ContextVar.reset()` method.",
    ),
    MethodDef::new(
        "reset",
        "($self, token, /)",
        NativeCall::One(|vm, this, token| {
            token::reset(vm, this, token)?;
            Ok(vm.none_ref())
        }),
        "Reset the context variable.\n\nThe variable is reset to the value it had before the\n`ContextVar.set()` that created the token was used.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "ContextVars are generic over the type of their contained values",
    ),
];

/// The type `_contextvars.ContextVar`.
pub fn var_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn construct(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let (given, all) = (args.pos().len(), args.values().len());
    if all > 2 {
        return Err(vm.type_error(format!(
            "ContextVar() takes at most 2 arguments ({all} given)"
        )));
    }
    let &[name] = args.pos() else {
        let (how, s) = if given == 0 {
            ("exactly", "")
        } else {
            ("at most", "")
        };
        return Err(vm.type_error(format!(
            "ContextVar() takes {how} 1 positional argument{s} ({given} given)"
        )));
    };
    let mut default = None;
    for (keyword, value) in args.keywords() {
        if keyword.as_ascii() != Some("default") {
            return Err(vm.type_error(format!(
                "ContextVar() got an unexpected keyword argument '{}'",
                keyword.to_text()
            )));
        }
        default = Some(value.to_ref());
    }
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error("context variable name must be a str"));
    }
    // A name that cannot be hashed is refused, as on CPython, where the hash is made of it.
    protocol::hash(vm, name)?;
    place_tracked(
        vm,
        ContextVar {
            head: Object::new(ty.type_head_of()),
            name: name.to_ref(),
            default: Slot::new(default),
        },
    )
}

fn get(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let var = receiver::<ContextVar>(vm, this)?;
    if !vm.context().is_none()
        && let Some(value) = current(vm)?.values(vm)?.get(vm, this)?
    {
        return Ok(value);
    }
    if let Some(default) = args.first() {
        return Ok(default.to_ref());
    }
    match var.default.get() {
        Some(default) => Ok(default),
        None => Err(vm.raise_with(&vm.exceptions.LookupError, &[this])),
    }
}

fn set(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    receiver::<ContextVar>(vm, this)?;
    let context = current(vm)?;
    let values = context.values(vm)?;
    let token = Token::place(vm, &context, this, values.get(vm, this)?)?;
    context.set_values(values.set(vm, this, value)?);
    Ok(token)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let var = receiver::<ContextVar>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push("<ContextVar name=");
    text.push_repr(vm, &var.name)?;
    if let Some(default) = var.default.get() {
        text.push(" default=");
        text.push_repr(vm, &default)?;
    }
    text.push(&format!(" at {:#x}>", this.address()));
    Ok(text.finish(vm)?.upcast())
}
