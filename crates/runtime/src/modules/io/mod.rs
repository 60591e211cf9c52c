//! The module `_io`: raw, buffered and text files, files in memory, `open`, and the standard streams.
//!
//! A file is a tower of three objects, each of which may also be one of a script's own: a raw one that makes the system
//! calls ([`file_io`]), a buffered one ([`buffered`]), a text one ([`text`]). Layers talk to each other through methods, by
//! name, as scripts may see; where the layer below is exactly the builtin one, its functions are called directly.
//!
//! The types are made when they are first wanted: those of the standard streams at the start, the others when a script
//! imports `io` or opens a file.
//!
//! **Invariant.** No borrow of a buffer is held while Python code may run.

pub mod base;
pub mod buffered;
pub mod bytes_io;
pub mod file_io;
pub mod newline;
pub mod open;
pub mod string_io;
pub mod system;
pub mod text;

use viv_heap::{Object, Ref, Visitor};

use super::make::{ModuleSpec, add_int};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Int, Slot, Str, Type};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::types::extra::{extra_type, extra_type_with_dict};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// Bytes that a buffer holds unless it is told otherwise.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// What an interpreter keeps for its files.
#[derive(Default)]
pub struct State {
    unsupported: Slot<Type>,
}

impl State {
    /// Gives up what is kept.
    pub fn clear(&self) {
        self.unsupported.set(None);
    }

    /// Shows every reference that is kept.
    pub fn visit(&self, visitor: &mut Visitor<'_>) {
        self.unsupported.visit(visitor);
    }
}

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_io",
    doc: "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.",
    functions: &[open::FUNCTIONS],
    fill: |vm, module| {
        add_int(
            vm,
            module,
            "DEFAULT_BUFFER_SIZE",
            DEFAULT_BUFFER_SIZE as i64,
        )?;
        let dict = &module.dict;
        dict.set_text(
            vm,
            "UnsupportedOperation",
            unsupported_operation(vm)?.as_object(),
        )?;
        dict.set_text(
            vm,
            "BlockingIOError",
            vm.exceptions.BlockingIOError.as_object(),
        )?;
        if let Some(open) = vm.builtins.get_text(vm, "open")? {
            dict.set_text(vm, "open", &open)?;
        }
        for (spec, ty) in TYPES {
            dict.set_text(vm, spec.name, ty(vm)?.as_object())?;
        }
        Ok(())
    },
};

/// The types of the module with the functions that give them.
type Made = (&'static TypeSpec, fn(&Vm) -> PyResult<Ref<Type>>);
static TYPES: &[Made] = &[
    (&base::IO_BASE, base::io_base),
    (&base::RAW_BASE, base::raw_base),
    (&base::BUFFERED_BASE, base::buffered_base),
    (&base::TEXT_BASE, base::text_base),
    (&bytes_io::SPEC, bytes_io::bytes_io),
    (&bytes_io::BUFFER_SPEC, bytes_io::buffer_type),
    (&string_io::SPEC, string_io::string_io),
    (&newline::SPEC, newline::newline_decoder),
    (&file_io::SPEC, file_io::file_io),
    (&buffered::READER, buffered::reader),
    (&buffered::WRITER, buffered::writer),
    (&buffered::RANDOM, buffered::random),
    (&buffered::PAIR_SPEC, buffered::buffered_pair),
    (&text::SPEC, text::text_io),
];

/// The class `io.UnsupportedOperation`, made when it is first wanted.
///
/// # Errors
/// MemoryError
pub fn unsupported_operation(vm: &Vm) -> PyResult<Ref<Type>> {
    if let Some(known) = vm.io.unsupported.get() {
        return Ok(known);
    }
    let dict = vm.new_dict()?;
    dict.set_str(vm, &vm.names.__module__, &vm.new_str("io")?.head)?;
    let bases = vm.tuple_of(&[
        vm.exceptions.OSError.as_object(),
        vm.exceptions.ValueError.as_object(),
    ])?;
    let name = vm.new_str("UnsupportedOperation")?;
    let made = protocol::call_args(
        vm,
        &vm.types.type_.head,
        &[&name.head, &bases.head, dict.as_object()],
    )?;
    let Ok(class) = made.cast::<Type>() else {
        return Err(vm.system_error("type() gave no class"));
    };
    vm.io.unsupported.set(Some(class.clone()));
    Ok(class)
}

/// UnsupportedOperation: the operation's name, or what the stream cannot do.
#[cold]
pub fn unsupported(vm: &Vm, what: &str) -> Raised {
    match unsupported_operation(vm) {
        Ok(class) => vm.raise(&class, what),
        Err(raised) => raised,
    }
}

/// ValueError: "I/O operation on closed file."
#[cold]
pub fn closed_error(vm: &Vm) -> Raised {
    vm.value_error("I/O operation on closed file.")
}

/// ValueError: "I/O operation on uninitialized object"
#[cold]
pub fn uninitialized(vm: &Vm) -> Raised {
    vm.value_error("I/O operation on uninitialized object")
}

/// A size that may be left out or None: below zero for "all".
///
/// # Errors
/// TypeError: "argument should be integer or None, not 'x'"
pub fn size_argument(vm: &Vm, size: Option<&Object>) -> PyResult<i64> {
    let Some(size) = size.filter(|size| !vm.is_none(size)) else {
        return Ok(-1);
    };
    if size.downcast::<Int>().is_none() && Type::of(size).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "argument should be integer or None, not '{}'",
            type_name(size)
        )));
    }
    to_size(vm, size)
}

/// A number of bytes or characters, of 64 bits.
///
/// # Errors
/// OverflowError: "cannot fit 'int' into an index-sized integer"
pub fn to_size(vm: &Vm, number: &Object) -> PyResult<i64> {
    let int = protocol::index(vm, number)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) => Ok(n),
        None => Err(vm.overflow_error(format!(
            "cannot fit '{}' into an index-sized integer",
            type_name(number)
        ))),
    }
}

/// Lets `f` write the bytes of an object that offers a writable buffer; `function` is the one whose argument it is.
///
/// # Errors
/// TypeError: "readinto() argument must be read-write bytes-like object, not x"
pub fn fill_buffer<R>(
    vm: &Vm,
    function: &str,
    object: &Object,
    f: impl FnOnce(&mut [u8]) -> R,
) -> PyResult<R> {
    let (mut f, mut result) = (Some(f), None);
    let mut once = |bytes: &mut [u8]| result = f.take().map(|f| f(bytes));
    match Type::of(object).slots.buffer.get() {
        Some(procs) if !(procs.info)(object).readonly => (procs.write)(object, &mut once),
        _ => {}
    }
    result.ok_or_else(|| {
        vm.type_error(format!(
            "{function}() argument must be read-write bytes-like object, not {}",
            type_name(object)
        ))
    })
}

/// The number of bytes of a writable buffer.
///
/// # Errors
/// As [`fill_buffer`].
pub fn buffer_size(vm: &Vm, function: &str, object: &Object) -> PyResult<usize> {
    fill_buffer(vm, function, object, |bytes| bytes.len())
}

/// Whether the `__dict__` of a file holds nothing but, perhaps, an attribute of this name: then no method is overridden in it.
fn holds_at_most(vm: &Vm, dict: &Object, name: &Str) -> bool {
    dict.downcast::<Dict>()
        .is_some_and(|dict| dict.is_empty() || dict.len() == 1 && dict.get_str(vm, name).is_some())
}

/// The truth of an attribute.
///
/// # Errors
/// AttributeError; whatever getting it raises.
pub fn attribute_is_true(vm: &Vm, object: &Object, name: &Str) -> PyResult<bool> {
    let value = protocol::get_attr(vm, object, name)?;
    protocol::is_true(vm, &value)
}

/// What a boolean attribute is set to.
///
/// # Errors
/// TypeError
pub fn flag_value(vm: &Vm, value: Option<&Object>) -> PyResult<bool> {
    match value {
        Some(value) if value.is(&vm.true_.head) => Ok(true),
        Some(value) if value.is(&vm.false_.head) => Ok(false),
        Some(_) => Err(vm.type_error("attribute value type must be bool")),
        None => Err(vm.type_error("can't delete numeric/char attribute")),
    }
}

/// The method `__getstate__` of files: there is none.
pub const NO_STATE: &[MethodDef] = &[MethodDef::new(
    "__getstate__",
    "($self, /)",
    NativeCall::NoArgs(|vm, this| {
        let name = Type::of(this).name.get();
        let name = name
            .as_ref()
            .map_or_else(Default::default, |name| name.to_text());
        Err(vm.type_error(format!("cannot pickle '{name}' instances")))
    }),
    "",
)];

/// The attribute `__dict__` of files.
pub const DICT: GetSetDef = GetSetDef::get_set(
    "__dict__",
    crate::types::object::get_dict,
    crate::types::object::set_dict,
    "",
);

/// A type of the module; its instances have a `__dict__` and can be weakly referenced.
fn file_type(vm: &Vm, spec: &'static TypeSpec, base: &Ref<Type>) -> PyResult<Ref<Type>> {
    extra_type_with_dict(vm, spec, base)
}

/// A type of the module; its instances have no `__dict__`.
fn plain_type(vm: &Vm, spec: &'static TypeSpec) -> PyResult<Ref<Type>> {
    extra_type(vm, spec, &vm.types.object)
}

const fn no_args(
    name: &'static str,
    call: fn(&Vm, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "($self, /)", NativeCall::NoArgs(call), doc)
}

const fn one(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, signature, NativeCall::One(call), doc)
}

const fn up_to_one(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional {
            min: 0,
            max: 1,
            call,
        },
        doc,
    )
}

const fn one_or_two(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional {
            min: 1,
            max: 2,
            call,
        },
        doc,
    )
}
