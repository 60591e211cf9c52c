//! The builtin type `code`.

use std::sync::Arc;

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Code, Int, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `code`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "code",
    doc: "Create a code object.  Not for mere mortals.",
    weaklist_offset: std::mem::offset_of!(Code, weakrefs) as u32,
    slots: |s| {
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
    let name = protocol::hash(vm, &code.name.head)?;
    let source = &code.source;
    let numbers = [
        source.firstlineno,
        source.argcount,
        source.kwonlyargcount,
        source.instrs.len() as u32,
    ];
    let mixed = numbers
        .iter()
        .fold(name, |h, n| h.wrapping_mul(1_000_003) ^ i64::from(*n));
    Ok(if mixed == -1 { -2 } else { mixed })
}

/// Code objects are equal where everything but the file's name is.
fn equal(vm: &Vm, a: &Code, b: &Code) -> PyResult<bool> {
    let (x, y) = (&a.source, &b.source);
    if Arc::ptr_eq(x, y) {
        return Ok(true);
    }
    let same = x.name == y.name
        && x.firstlineno == y.firstlineno
        && x.flags == y.flags
        && (x.argcount, x.posonlyargcount, x.kwonlyargcount)
            == (y.argcount, y.posonlyargcount, y.kwonlyargcount)
        && x.instrs == y.instrs
        && x.varnames == y.varnames
        && x.cellvars == y.cellvars
        && x.freevars == y.freevars
        && x.names == y.names
        && x.locations == y.locations;
    Ok(same && protocol::compare_eq(vm, &a.consts.head, &b.consts.head)?)
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

/// A tuple of interned names.
fn names(vm: &Vm, names: &[impl AsRef<str>]) -> PyResult {
    let items = names
        .iter()
        .map(|n| Ok(vm.intern(n.as_ref())?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_tuple(items)?.upcast())
}

fn number(vm: &Vm, this: &Object, read: fn(&viv_bytecode::Code) -> u32) -> PyResult {
    vm.new_int(i64::from(read(&receiver::<Code>(vm, this)?.source)))
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
        |vm, o| Ok(receiver::<Code>(vm, o)?.consts.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "co_names",
        |vm, o| Ok(receiver::<Code>(vm, o)?.names.clone().upcast()),
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
    GetSetDef::member(
        "co_nlocals",
        |vm, o| number(vm, o, |c| c.varnames.len() as u32),
        "",
    ),
    GetSetDef::member("co_stacksize", |vm, o| number(vm, o, |c| c.stacksize), ""),
    GetSetDef::member("co_flags", |vm, o| number(vm, o, |c| c.flags.0), ""),
    GetSetDef::member(
        "co_firstlineno",
        |vm, o| number(vm, o, |c| c.firstlineno),
        "",
    ),
    GetSetDef::get(
        "co_varnames",
        |vm, o| names(vm, &receiver::<Code>(vm, o)?.source.varnames),
        "",
    ),
    GetSetDef::get(
        "co_cellvars",
        |vm, o| names(vm, &receiver::<Code>(vm, o)?.source.cellvars),
        "",
    ),
    GetSetDef::get(
        "co_freevars",
        |vm, o| names(vm, &receiver::<Code>(vm, o)?.source.freevars),
        "",
    ),
    GetSetDef::get("co_code", code_bytes, ""),
    GetSetDef::get("co_exceptiontable", exception_table, ""),
];

/// The instructions as bytes, little-endian.
fn code_bytes(vm: &Vm, this: &Object) -> PyResult {
    let bytes: Vec<u8> = receiver::<Code>(vm, this)?
        .source
        .instrs
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    Ok(vm.new_bytes(&bytes)?.upcast())
}

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "replace",
        "",
        NativeCall::Raw(replace),
        "Return a copy of the code object with new values for the specified fields.",
    ),
    MethodDef::new(
        "__replace__",
        "",
        NativeCall::Raw(replace),
        "The same as replace().",
    ),
    MethodDef::new(
        "co_positions",
        "($self, /)",
        NativeCall::NoArgs(positions),
        "",
    ),
    MethodDef::new(
        "_varname_from_oparg",
        "($self, /, oparg)",
        NativeCall::Bound(variable_name),
        "(internal-only) Return the local variable name for the given oparg.\n\nWARNING: this method is for internal use only and may change or go away.",
    ),
    MethodDef::new("co_lines", "($self, /)", NativeCall::NoArgs(lines), ""),
];

fn variable_name(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let number = match args.first().copied().flatten() {
        Some(number) => protocol::to_i64(vm, number)?,
        None => -1,
    };
    let name = usize::try_from(number).ok();
    match name.and_then(|number| code.local_names.as_slice().get(number)) {
        Some(name) => Ok(name.clone()),
        None => Err(vm.raise(&vm.exceptions.IndexError, "tuple index out of range")),
    }
}

/// The table of handlers in CPython's form: numbers of six bits a byte, greatest first, the first byte of an entry marked.
fn exception_table(vm: &Vm, this: &Object) -> PyResult {
    let code = receiver::<Code>(vm, this)?;
    let mut bytes = Vec::new();
    for entry in &code.source.exceptions {
        let depth = entry.depth << 1 | u32::from(entry.lasti);
        let first = bytes.len();
        for number in [entry.start, entry.end - entry.start, entry.target, depth] {
            let sizes = (0..6).rev().map(|i| number >> (6 * i)).filter(|n| *n != 0);
            let mut digits: Vec<u8> = sizes.map(|n| (n & 63) as u8 | 64).collect();
            match digits.last_mut() {
                Some(last) => *last &= 63,
                None => digits.push(0),
            }
            bytes.extend(digits);
        }
        bytes[first] |= 128;
    }
    Ok(vm.new_bytes(&bytes)?.upcast())
}

fn replace(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    if !args.pos().is_empty() {
        return Err(vm.type_error("replace() takes no positional arguments"));
    }
    let mut made = (*receiver::<Code>(vm, this)?.source).clone();
    for (name, value) in args.keywords() {
        let key = name.to_text();
        let text = || match value.downcast::<Str>() {
            Some(text) => Ok(text.to_text().into_owned()),
            None => Err(vm.type_error(format!(
                "replace() argument '{key}' must be str, not {}",
                protocol::type_name(value)
            ))),
        };
        let int = || match value
            .downcast::<Int>()
            .and_then(Int::as_i64)
            .and_then(|n| u32::try_from(n).ok())
        {
            Some(n) => Ok(n),
            None => Err(vm.value_error(format!("replace() argument '{key}' is out of range"))),
        };
        match &*key {
            "co_name" => made.name = text()?.into(),
            "co_qualname" => made.qualname = text()?.into(),
            "co_filename" => made.filename = text()?.into(),
            "co_firstlineno" => made.firstlineno = int()?,
            "co_flags" => made.flags = viv_bytecode::CodeFlags(int()?),
            "co_stacksize" => made.stacksize = made.stacksize.max(int()?),
            other => {
                return Err(
                    vm.not_implemented_error(format!("replace() of '{other}' of a code object"))
                );
            }
        }
    }
    Ok(crate::eval::make_code(vm, &Arc::new(made))?.upcast())
}

fn or_none(vm: &Vm, n: u32, known: bool) -> PyResult {
    if known {
        vm.new_int(i64::from(n))
    } else {
        Ok(vm.none_ref())
    }
}

fn positions(vm: &Vm, this: &Object) -> PyResult {
    let source = receiver::<Code>(vm, this)?.source.clone();
    let rows = vm.new_list(Vec::new())?;
    for word in 0..source.instrs.len() {
        let at = source.location(word);
        let (line, columns) = (
            at.line != 0,
            vm.config.settings.debug_ranges
                && at.line != 0
                && (at.end_line, at.end_col) > (at.line, at.col),
        );
        let row = [
            or_none(vm, at.line, line)?,
            or_none(vm, at.end_line, line && vm.config.settings.debug_ranges)?,
            or_none(vm, at.col, columns)?,
            or_none(vm, at.end_col, columns)?,
        ];
        rows.push(vm, vm.new_tuple(row.into())?.upcast())?;
    }
    protocol::iter(vm, &rows.head)
}

fn lines(vm: &Vm, this: &Object) -> PyResult {
    let source = receiver::<Code>(vm, this)?.source.clone();
    let rows = vm.new_list(Vec::new())?;
    let count = source.instrs.len();
    let mut start = 0;
    while start < count {
        let line = source.location(start).line;
        let end = (start..count)
            .find(|w| source.location(*w).line != line)
            .unwrap_or(count);
        let row = [
            vm.new_usize(start * 2)?,
            vm.new_usize(end * 2)?,
            or_none(vm, line, line != 0)?,
        ];
        rows.push(vm, vm.new_tuple(row.into())?.upcast())?;
        start = end;
    }
    protocol::iter(vm, &rows.head)
}
