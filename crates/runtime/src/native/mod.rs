//! How native functions are declared: a table of [`MethodDef`]s beside the code they name.
//!
//! The text of the signature is the single declaration: `__text_signature__`, `help()` and the binder follow from it.
//! The first parameter of a method is written `$self`, of a class method `$type`, of a module function `$module`.

pub mod bind;

use viv_heap::Object;

use crate::args::Args;
use crate::result::PyResult;
use crate::vm::Vm;

/// How a native function wants its arguments. The first object is `self` (or the class, or the module).
#[derive(Clone, Copy)]
pub enum NativeCall {
    /// No argument.
    NoArgs(fn(&Vm, &Object) -> PyResult),
    /// One positional argument.
    One(fn(&Vm, &Object, &Object) -> PyResult),
    /// Between `min` and `max` positional arguments, no keywords.
    Positional {
        /// Fewest arguments.
        min: usize,
        /// Most arguments; `usize::MAX` for any number.
        max: usize,
        /// The function.
        call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    },
    /// Bound by the signature's parameters: one entry for each, `None` where it was not given and has a default.
    /// A signature with `*args` or `**kwargs` takes [`NativeCall::Raw`] instead.
    Bound(fn(&Vm, &Object, &[Option<&Object>]) -> PyResult),
    /// The arguments as they came.
    Raw(fn(&Vm, &Object, Args<'_>) -> PyResult),
}

/// What stands before the arguments of a native function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receiver {
    /// A method of instances.
    Instance,
    /// A class method.
    Class,
    /// A static method.
    Static,
}

/// The declaration of a native function or method.
#[derive(Clone, Copy)]
pub struct MethodDef {
    /// Its name.
    pub name: &'static str,
    /// Its signature in parentheses, as in `__text_signature__`; empty where CPython gives none.
    pub signature: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The function.
    pub call: NativeCall,
    /// What it is called on.
    pub receiver: Receiver,
}

impl MethodDef {
    /// A function of a module or a method of instances.
    pub const fn new(
        name: &'static str,
        signature: &'static str,
        call: NativeCall,
        doc: &'static str,
    ) -> MethodDef {
        MethodDef {
            name,
            signature,
            doc,
            call,
            receiver: Receiver::Instance,
        }
    }

    /// One that takes from `min` to `max` arguments by position.
    pub const fn positional(
        name: &'static str,
        signature: &'static str,
        min: usize,
        max: usize,
        call: fn(&Vm, &Object, &[&Object]) -> PyResult,
        doc: &'static str,
    ) -> MethodDef {
        MethodDef::new(
            name,
            signature,
            NativeCall::Positional { min, max, call },
            doc,
        )
    }

    /// A class method.
    pub const fn class(
        name: &'static str,
        signature: &'static str,
        call: NativeCall,
        doc: &'static str,
    ) -> MethodDef {
        MethodDef {
            name,
            signature,
            doc,
            call,
            receiver: Receiver::Class,
        }
    }

    /// A static method.
    pub const fn fixed(
        name: &'static str,
        signature: &'static str,
        call: NativeCall,
        doc: &'static str,
    ) -> MethodDef {
        MethodDef {
            name,
            signature,
            doc,
            call,
            receiver: Receiver::Static,
        }
    }
}

/// Writes an attribute, or deletes it where there is no value.
pub type Setter = fn(&Vm, &Object, Option<&Object>) -> PyResult<()>;

/// A computed attribute of a builtin type.
#[derive(Clone, Copy)]
pub struct GetSetDef {
    /// Its name.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&Vm, &Object) -> PyResult,
    /// Writes or deletes it; absent for read-only attributes.
    pub set: Option<Setter>,
    /// Its documentation.
    pub doc: &'static str,
    /// Whether it is shown as a member descriptor rather than a getset descriptor.
    pub member: bool,
}

impl GetSetDef {
    /// A read-only attribute.
    pub const fn get(
        name: &'static str,
        get: fn(&Vm, &Object) -> PyResult,
        doc: &'static str,
    ) -> GetSetDef {
        GetSetDef {
            name,
            get,
            set: None,
            doc,
            member: false,
        }
    }

    /// A writable attribute.
    pub const fn get_set(
        name: &'static str,
        get: fn(&Vm, &Object) -> PyResult,
        set: fn(&Vm, &Object, Option<&Object>) -> PyResult<()>,
        doc: &'static str,
    ) -> GetSetDef {
        GetSetDef {
            name,
            get,
            set: Some(set),
            doc,
            member: false,
        }
    }

    /// A read-only attribute that CPython keeps as a struct member.
    pub const fn member(
        name: &'static str,
        get: fn(&Vm, &Object) -> PyResult,
        doc: &'static str,
    ) -> GetSetDef {
        GetSetDef {
            name,
            get,
            set: None,
            doc,
            member: true,
        }
    }
}
