//! The type `Token`: what `ContextVar.set` gives, to set the variable back.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Type, TypeTraits, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::context::{Context, current};
use super::var::ContextVar;

/// A token.
#[repr(C)]
pub struct Token {
    /// The header.
    pub head: Object,
    context: Slot<Context>,
    var: Slot,
    /// The value before, or nothing where there was none.
    old: Slot,
    used: Cell<bool>,
}
object_layout!(
    Token = kinds::CONTEXT_TOKEN,
    traverse | this,
    visit | {
        this.context.visit(visit);
        this.var.visit(visit);
        this.old.visit(visit);
    },
    clear | this | {
        this.context.set(None);
        this.var.set(None);
        this.old.set(None);
    }
);

/// The object `Token.MISSING`.
#[repr(C)]
pub struct Missing {
    /// The header.
    pub head: Object,
}
object_layout!(Missing = kinds::CONTEXT_TOKEN_MISSING);

static MISSING: TypeSpec = TypeSpec {
    name: "MISSING",
    module: "Token",
    slots: |s| {
        s.repr
            .set(Some(|vm, _| Ok(vm.new_str("<Token.MISSING>")?.upcast())));
    },
    ..TypeSpec::new(Missing::layout, false)
};

static SPEC: TypeSpec = TypeSpec {
    name: "Token",
    module: "_contextvars",
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new.set(Some(|vm, _, _| {
            Err(vm.runtime_error("Tokens can only be created by ContextVars"))
        }));
        s.repr.set(Some(repr));
    },
    methods: &[&[
        MethodDef::class(
            "__class_getitem__",
            "($type, object, /)",
            NativeCall::One(viv_runtime::types::class_getitem),
            "Tokens are generic over the same type as the ContextVar which created them.",
        ),
        MethodDef::new(
            "__enter__",
            "($self, /)",
            NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
            "Enter into Token context manager.",
        ),
        MethodDef::new(
            "__exit__",
            "($self, type, val, tb, /)",
            NativeCall::Positional {
                min: 3,
                max: 3,
                call: |vm, this, _| {
                    if let Some(var) = receiver::<Token>(vm, this)?.var.get() {
                        reset(vm, &var, this)?;
                    }
                    Ok(vm.none_ref())
                },
            },
            "Exit from Token context manager, restore the linked ContextVar.",
        ),
    ]],
    getset: &[
        GetSetDef::get(
            "var",
            |vm, this| {
                let var = receiver::<Token>(vm, this)?.var.get();
                Ok(var.unwrap_or_else(|| vm.none_ref()))
            },
            "",
        ),
        GetSetDef::get(
            "old_value",
            |vm, this| match receiver::<Token>(vm, this)?.old.get() {
                Some(old) => Ok(old),
                None => missing(vm),
            },
            "",
        ),
    ],
    ..TypeSpec::new(Token::layout, true)
};

/// The type `_contextvars.Token`, which has `MISSING`.
pub fn token_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// `Token.MISSING`, kept by the dict of its type.
pub fn missing(vm: &Vm) -> PyResult {
    let ty = token_type(vm)?;
    let Some(dict) = ty.dict(vm) else {
        return Err(vm.system_error("a type without a dict"));
    };
    if let Some(known) = dict.get_text(vm, "MISSING")? {
        return Ok(known);
    }
    let class = extra_type(vm, &MISSING, &vm.types.object)?;
    let made = vm
        .place(Missing {
            head: Object::new(class.type_head_of()),
        })?
        .upcast();
    dict.set_text(vm, "MISSING", &made)?;
    Ok(made)
}

impl Token {
    /// A new token.
    pub fn place(vm: &Vm, context: &Ref<Context>, var: &Object, old: Option<Ref>) -> PyResult {
        let ty = token_type(vm)?;
        place_tracked(
            vm,
            Token {
                head: Object::new(ty.type_head_of()),
                context: Slot::full(context.clone()),
                var: Slot::full(var.to_ref()),
                old: Slot::new(old),
                used: Cell::new(false),
            },
        )
    }
}

/// `ContextVar.reset`
pub fn reset(vm: &Vm, var: &Object, token: &Object) -> PyResult<()> {
    receiver::<ContextVar>(vm, var)?;
    let shown = || protocol::repr(vm, token).map(|text| text.to_text().into_owned());
    let Some(fields) = token.downcast::<Token>() else {
        return Err(vm.type_error(format!("expected an instance of Token, got {}", shown()?)));
    };
    if fields.used.get() {
        return Err(vm.runtime_error(format!("{} has already been used once", shown()?)));
    }
    if !fields.var.holds(var) {
        return Err(vm.value_error(format!(
            "{} was created by a different ContextVar",
            shown()?
        )));
    }
    let context = current(vm)?;
    if !fields.context.holds(&context.head) {
        return Err(vm.value_error(format!("{} was created in a different Context", shown()?)));
    }
    fields.used.set(true);
    let values = context.values(vm)?;
    context.set_values(match fields.old.get() {
        Some(old) => values.set(vm, var, &old)?,
        None => values.remove(vm, var)?,
    });
    Ok(())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let token = receiver::<Token>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push(if token.used.get() {
        "<Token used var="
    } else {
        "<Token var="
    });
    text.push_repr(vm, &token.var.get().unwrap_or_else(|| vm.none_ref()))?;
    text.push(&format!(" at {:#x}>", this.address()));
    Ok(text.finish(vm)?.upcast())
}
