//! The builtin type `code`.

mod fields;
pub mod image;
mod tables;

pub use tables::{offset_of, word_of};

use std::sync::Arc;

use viv_bytecode::{CodeInfo, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Code, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `code`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "code",
    signature: "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     cellvars=(), /)",
    doc: "Create a code object.  Not for the faint of heart.",
    weaklist_offset: std::mem::offset_of!(Code, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(fields::new));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Code::layout, true)
};

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let at = std::ptr::from_ref(this).addr();
    let (name, file) = (code.name.to_text(), code.filename.to_text());
    Ok(vm
        .new_str(&format!(
            "<code object {name} at {at:#x}, file \"{file}\", line {}>",
            code.source.firstlineno
        ))?
        .upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let code = receiver::<Code>(vm, this)?;
    code.ready(vm)?;
    let name = protocol::hash(vm, &code.name.head)?;
    let source = &code.source;
    let numbers = [
        source.firstlineno,
        source.argcount,
        source.posonlyargcount,
        source.kwonlyargcount,
        source.flags.0,
    ];
    let mix = |h: i64, n: u32| (h ^ i64::from(n)).wrapping_mul(1_000_003);
    let mixed = numbers.into_iter().fold(name, mix);
    let mixed = tables::code_bytes(code)
        .chunks_exact(2)
        .map(|unit| u32::from(unit[0]) << 8 | u32::from(unit[1]))
        .fold(mixed, mix);
    Ok(if mixed == -1 { -2 } else { mixed })
}

/// Code objects are equal where everything but the file's name is.
fn equal(vm: &Vm, a: &Code, b: &Code) -> PyResult<bool> {
    let (x, y) = (&a.source, &b.source);
    let (own, other) = (a.ready(vm)?, b.ready(vm)?);
    if Arc::ptr_eq(x, y) {
        return Ok(true);
    }
    let same = a.name.eq_str(&b.name)
        && x.firstlineno == y.firstlineno
        && x.flags == y.flags
        && (x.argcount, x.posonlyargcount, x.kwonlyargcount)
            == (y.argcount, y.posonlyargcount, y.kwonlyargcount)
        && (x.nlocals, x.nfreevars, &x.cell_locals) == (y.nlocals, y.nfreevars, &y.cell_locals)
        && tables::code_bytes(a) == tables::code_bytes(b)
        && tables::line_bytes(a) == tables::line_bytes(b)
        && tables::exception_bytes(a) == tables::exception_bytes(b);
    Ok(same
        && protocol::compare_eq(vm, &own.local_names.head, &other.local_names.head)?
        && protocol::compare_eq(vm, &own.names.head, &other.names.head)?
        && same_constants(vm, &own.consts.head, &other.consts.head)?)
}

/// Whether constants are equal and of the same kinds: `1`, `True` and `1.0` are not one constant.
fn same_constants(vm: &Vm, a: &Object, b: &Object) -> PyResult<bool> {
    if !std::ptr::eq(Type::of(a), Type::of(b)) {
        return Ok(false);
    }
    let (Some(x), Some(y)) = (a.downcast::<Tuple>(), b.downcast::<Tuple>()) else {
        return protocol::compare_eq(vm, a, b);
    };
    if x.len() != y.len() {
        return Ok(false);
    }
    for (x, y) in x.iter().zip(y.iter()) {
        if !same_constants(vm, x, y)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Code>(), b.downcast::<Code>()) else {
        return Ok(vm.not_implemented());
    };
    match op {
        CompareOp::Eq => Ok(vm.bool(equal(vm, x, y)?)),
        CompareOp::Ne => Ok(vm.bool(!equal(vm, x, y)?)),
        _ => Ok(vm.not_implemented()),
    }
}

/// A tuple of the names of some fast locals.
fn names(vm: &Vm, this: &Object, of: impl Fn(&CodeInfo) -> Vec<usize>) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let names = code.ready(vm)?.local_names.as_slice();
    let chosen = of(&code.source).into_iter().filter_map(|i| names.get(i));
    Ok(vm.new_tuple(chosen.cloned().collect())?.upcast())
}

fn number(vm: &Vm, this: &Object, read: fn(&CodeInfo) -> u32) -> PyResult {
    vm.new_int(i64::from(read(&receiver::<Code>(vm, this)?.source)))
}

fn stack_size(vm: &Vm, this: &Object) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let given = code.given.as_ref().map(|given| given.stack_size);
    vm.new_int(i64::from(given.unwrap_or(code.source.stacksize)))
}

const GETSET: &[GetSetDef] = &[
    GetSetDef::member(
        "co_name",
        |vm, o| Ok(receiver::<Code>(vm, o)?.name.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "co_qualname",
        |vm, o| Ok(receiver::<Code>(vm, o)?.qualname.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "co_filename",
        |vm, o| Ok(receiver::<Code>(vm, o)?.filename.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "co_consts",
        |vm, o| Ok(tables::shown_constants(vm, receiver::<Code>(vm, o)?)?.upcast()),
        "",
    ),
    GetSetDef::member(
        "co_names",
        |vm, o| Ok(receiver::<Code>(vm, o)?.ready(vm)?.names.clone().upcast()),
        "",
    ),
    GetSetDef::member("co_argcount", |vm, o| number(vm, o, |c| c.argcount), ""),
    GetSetDef::member(
        "co_posonlyargcount",
        |vm, o| number(vm, o, |c| c.posonlyargcount),
        "",
    ),
    GetSetDef::member(
        "co_kwonlyargcount",
        |vm, o| number(vm, o, |c| c.kwonlyargcount),
        "",
    ),
    GetSetDef::member("co_nlocals", |vm, o| number(vm, o, |c| c.nlocals), ""),
    GetSetDef::member("co_stacksize", stack_size, ""),
    GetSetDef::member("co_flags", |vm, o| number(vm, o, |c| c.flags.0), ""),
    GetSetDef::member(
        "co_firstlineno",
        |vm, o| number(vm, o, |c| c.firstlineno),
        "",
    ),
    GetSetDef::get(
        "co_varnames",
        |vm, o| names(vm, o, |c| (0..c.nlocals as usize).collect()),
        "",
    ),
    GetSetDef::get(
        "co_cellvars",
        |vm, o| {
            names(vm, o, |c| {
                c.cell_locals.iter().map(|i| *i as usize).collect()
            })
        },
        "",
    ),
    GetSetDef::get(
        "co_freevars",
        |vm, o| {
            names(vm, o, |c| {
                let total = c.nlocalsplus as usize;
                (total - c.nfreevars as usize..total).collect()
            })
        },
        "",
    ),
    GetSetDef::get(
        "co_code",
        |vm, o| tables::bytes_of(vm, o, tables::code_bytes),
        "",
    ),
    GetSetDef::get(
        "_co_code_adaptive",
        |vm, o| tables::bytes_of(vm, o, |code| tables::adaptive_bytes(vm, code)),
        "",
    ),
    GetSetDef::get(
        "co_linetable",
        |vm, o| tables::bytes_of(vm, o, tables::line_bytes),
        "",
    ),
    GetSetDef::get(
        "co_exceptiontable",
        |vm, o| tables::bytes_of(vm, o, tables::exception_bytes),
        "",
    ),
    GetSetDef::get("co_lnotab", tables::old_line_table, ""),
];

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "replace",
        "($self, /, **changes)",
        NativeCall::Raw(fields::replace),
        "Return a copy of the code object with new values for the specified fields.",
    ),
    MethodDef::new(
        "__replace__",
        "($self, /, **changes)",
        NativeCall::Raw(fields::replace),
        "The same as replace().",
    ),
    MethodDef::new(
        "co_positions",
        "($self, /)",
        NativeCall::NoArgs(tables::positions),
        "",
    ),
    MethodDef::new(
        "_varname_from_oparg",
        "($self, /, oparg)",
        NativeCall::Bound(variable_name),
        "(internal-only) Return the local variable name for the given oparg.\n\nWARNING: this method is for internal use only and may change or go away.",
    ),
    MethodDef::new(
        "co_lines",
        "($self, /)",
        NativeCall::NoArgs(tables::lines),
        "",
    ),
    MethodDef::new(
        "co_branches",
        "($self, /)",
        NativeCall::NoArgs(tables::branches),
        "",
    ),
];

fn variable_name(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let number = match args.first().copied().flatten() {
        Some(number) => protocol::to_i64(vm, number)?,
        None => -1,
    };
    let name = usize::try_from(number).ok();
    let names = code.ready(vm)?.local_names.as_slice();
    match name.and_then(|number| names.get(number)) {
        Some(name) => Ok(name.clone()),
        None => Err(vm.raise(&vm.exceptions.IndexError, "tuple index out of range")),
    }
}
