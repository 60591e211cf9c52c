//! The type `Context`: values of context variables.
//!
//! Its map is persistent: a copy of the context takes the same map, and a change puts another one into its place.

use std::cell::Cell;

use viv_runtime::object::{Slot, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::hamt::Hamt;
use super::hamt::iterator::{self, What};
use super::var::ContextVar;

/// A context.
#[repr(C)]
pub struct Context {
    /// The header.
    pub head: Object,
    values: Slot<Hamt>,
    entered: Cell<bool>,
    weakrefs: Cell<*const Object>,
}
object_layout!(
    Context = kinds::CONTEXT,
    traverse | this,
    visit | {
        this.values.visit(visit);
    },
    clear | this | {
        this.values.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "Context",
    module: "_contextvars",
    weaklist_offset: std::mem::offset_of!(Context, weakrefs) as u32,
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new.set(Some(|vm, _, args| {
            if !args.values().is_empty() {
                return Err(vm.type_error("Context() does not accept any arguments"));
            }
            Ok(new(vm, None)?.upcast())
        }));
        s.compare.set(Some(compare));
        s.iter.set(Some(|vm, this| shown(vm, this, What::Keys)));
        s.len.set(Some(|vm, this| {
            Ok(receiver::<Context>(vm, this)?.values(vm)?.len())
        }));
        s.getitem.set(Some(|vm, this, key| {
            match receiver::<Context>(vm, this)?.find(vm, key)? {
                Some(value) => Ok(value),
                None => Err(vm.key_error(key)),
            }
        }));
        s.contains.set(Some(|vm, this, key| {
            Ok(receiver::<Context>(vm, this)?.find(vm, key)?.is_some())
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Context::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "get",
        "($self, key, default=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| {
                let found = receiver::<Context>(vm, this)?.find(vm, args[0])?;
                Ok(found
                    .unwrap_or_else(|| args.get(1).map_or_else(|| vm.none_ref(), |d| d.to_ref())))
            },
        },
        "Return the value for `key` if `key` has the value in the context object.\n\nIf `key` does not exist, return `default`.  If `default` is not\ngiven, return None.",
    ),
    MethodDef::new(
        "items",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| shown(vm, this, What::Items)),
        "Return all variables and their values in the context object.\n\nThe result is returned as a list of 2-tuples (variable, value).",
    ),
    MethodDef::new(
        "keys",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| shown(vm, this, What::Keys)),
        "Return a list of all variables in the context object.",
    ),
    MethodDef::new(
        "values",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| shown(vm, this, What::Values)),
        "Return a list of all variables' values in the context object.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let values = receiver::<Context>(vm, this)?.values(vm)?;
            Ok(new(vm, Some(values))?.upcast())
        }),
        "Return a shallow copy of the context object.",
    ),
    MethodDef::new("run", "", NativeCall::Raw(run), ""),
];

/// The type `_contextvars.Context`.
pub fn context_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// A new context with these values, or none.
pub fn new(vm: &Vm, values: Option<Ref<Hamt>>) -> PyResult<Ref<Context>> {
    let ty = context_type(vm)?;
    let values = match values {
        Some(values) => values,
        None => Hamt::empty(vm)?,
    };
    let made = place_tracked(
        vm,
        Context {
            head: Object::new(ty.type_head_of()),
            values: Slot::full(values),
            entered: Cell::new(false),
            weakrefs: Cell::new(std::ptr::null()),
        },
    )?;
    made.cast()
        .map_err(|_| vm.system_error("a context without its layout"))
}

/// This thread's context.
pub fn current(vm: &Vm) -> PyResult<Ref<Context>> {
    if let Some(context) = vm.context().get()
        && let Ok(context) = context.cast::<Context>()
    {
        return Ok(context);
    }
    let context = new(vm, None)?;
    context.entered.set(true);
    vm.context().set(Some(context.clone().upcast()));
    Ok(context)
}

impl Context {
    /// The values.
    ///
    /// # Errors
    /// MemoryError
    pub fn values(&self, vm: &Vm) -> PyResult<Ref<Hamt>> {
        match self.values.get() {
            Some(values) => Ok(values),
            None => Hamt::empty(vm),
        }
    }

    /// Puts other values in their place.
    pub fn set_values(&self, values: Ref<Hamt>) {
        self.values.set(Some(values));
    }

    fn find(&self, vm: &Vm, key: &Object) -> PyResult<Option<Ref>> {
        if key.downcast::<ContextVar>().is_none() {
            let shown = protocol::repr(vm, key)?;
            return Err(vm.type_error(format!(
                "a ContextVar key was expected, got {}",
                shown.to_text()
            )));
        }
        self.values(vm)?.get(vm, key)
    }
}

fn shown(vm: &Vm, this: &Object, what: What) -> PyResult {
    let values = receiver::<Context>(vm, this)?.values(vm)?;
    iterator::new(vm, &values, what)
}

fn compare(vm: &Vm, this: &Object, other: &Object, op: CompareOp) -> PyResult {
    let (Some(this), Some(other)) = (this.downcast::<Context>(), other.downcast::<Context>())
    else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let (a, b) = (this.values(vm)?, other.values(vm)?);
    let equal = a.equals(vm, &b)?;
    Ok(vm.bool(equal == matches!(op, CompareOp::Eq)))
}

fn run(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let Some(&function) = args.pos().first() else {
        return Err(vm.type_error("run() missing 1 required positional argument"));
    };
    let outer = enter(vm, this)?;
    let result = protocol::call(vm, function, args.skip_first().args());
    leave(vm, this, outer);
    result
}

/// Makes a context the thread's; gives the one before.
///
/// # Errors
/// RuntimeError where it is somebody's already; TypeError
pub fn enter(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let Some(context) = this.downcast::<Context>() else {
        return Err(vm.type_error("an instance of Context was expected"));
    };
    if context.entered.replace(true) {
        let shown = protocol::repr(vm, this)?;
        return Err(vm.runtime_error(format!(
            "cannot enter context: {} is already entered",
            shown.to_text()
        )));
    }
    Ok(vm.context().replace(Some(this.to_ref())))
}

/// Puts the context before back.
pub fn leave(vm: &Vm, this: &Object, outer: Option<Ref>) {
    let inner = vm.context().replace(outer);
    if let Some(context) = this.downcast::<Context>() {
        context.entered.set(false);
    }
    drop(inner);
}
