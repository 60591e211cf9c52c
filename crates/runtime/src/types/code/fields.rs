//! `code()` and `code.replace()`: code objects that a program puts together.
//!
//! Whatever is given can be looked at, compared and disassembled. It can be *run* only where the instructions are those that
//! the compiler made and what they rely on is unchanged: number and kinds of the constants, names, variables, parameters.
//! Otherwise the code object holds one instruction, which raises SystemError: CPython would run anything and may crash.

use std::cell::Cell;

use compact_str::CompactString;
use viv_bytecode::portable::{self, Portable, Position, REFUSED, decode_lines};
use viv_bytecode::{CodeFlags, CodeInfo, Instr, Location};
use viv_heap::{HVec, HeapAlloc, Object, Ref};

use super::tables;
use crate::args::Args;
use crate::eval::code::{Body, place};
use crate::native::bind::check_count;
use crate::object::function::CodeBody;
use crate::object::{Bytes, Code, GivenCode, Str, Tuple, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::{receiver, reject_keywords};
use crate::vm::Vm;

/// The attributes in the order of the constructor's arguments.
const NAMES: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

/// Flags on which the instructions and the binding of arguments rely.
const STRUCTURE: u32 = CodeFlags::OPTIMIZED
    | CodeFlags::NEWLOCALS
    | CodeFlags::VARARGS
    | CodeFlags::VARKEYWORDS
    | CodeFlags::GENERATOR
    | CodeFlags::COROUTINE
    | CodeFlags::ASYNC_GENERATOR;

/// What a code object is to be made of.
struct Fields<'a> {
    argcount: u32,
    posonlyargcount: u32,
    kwonlyargcount: u32,
    nlocals: u32,
    stacksize: u32,
    flags: CodeFlags,
    code: &'a Bytes,
    consts: &'a Tuple,
    names: Vec<CompactString>,
    varnames: Vec<CompactString>,
    filename: &'a Str,
    name: &'a Str,
    qualname: &'a Str,
    firstlineno: u32,
    lines: &'a Bytes,
    exceptions: &'a Bytes,
    freevars: Vec<CompactString>,
    cellvars: Vec<CompactString>,
}

/// Reads values, with the messages of the constructor or of `replace`.
struct Reader<'a> {
    vm: &'a Vm,
    values: &'a [&'a Object],
    replacing: bool,
}

impl<'a> Reader<'a> {
    fn wrong(&self, n: usize, wanted: &str) -> Raised {
        let given = protocol::argument_name(self.vm, self.values[n]);
        self.vm.type_error(if self.replacing {
            format!(
                "replace() argument '{}' must be {wanted}, not {given}",
                NAMES[n]
            )
        } else {
            format!("code() argument {} must be {wanted}, not {given}", n + 1)
        })
    }

    fn number(&self, n: usize) -> PyResult<u32> {
        let vm = self.vm;
        let value = protocol::to_i64(vm, self.values[n])?;
        let Ok(value) = i32::try_from(value) else {
            let text = "Python int too large to convert to C int";
            return Err(vm.raise(&vm.exceptions.OverflowError, text));
        };
        u32::try_from(value).map_err(|_| {
            vm.value_error(if self.replacing {
                format!("{} must be a positive integer", NAMES[n])
            } else {
                format!("code: {} must not be negative", &NAMES[n][3..])
            })
        })
    }

    fn bytes(&self, n: usize) -> PyResult<&'a Bytes> {
        let found = self.values[n].downcast::<Bytes>();
        found.ok_or_else(|| self.wrong(n, "bytes"))
    }

    fn text(&self, n: usize) -> PyResult<&'a Str> {
        let found = self.values[n].downcast::<Str>();
        found.ok_or_else(|| self.wrong(n, "str"))
    }

    fn tuple(&self, n: usize) -> PyResult<&'a Tuple> {
        let found = self.values[n].downcast::<Tuple>();
        found.ok_or_else(|| self.wrong(n, "tuple"))
    }

    fn names(&self, n: usize) -> PyResult<Vec<CompactString>> {
        let names = self.tuple(n)?.iter().map(|name| {
            let text = name.downcast::<Str>().map(|name| name.to_text().into());
            text.ok_or_else(|| {
                if self.replacing {
                    self.vm.system_error("non-string found in code slot")
                } else {
                    self.vm.type_error(format!(
                        "name tuples must contain only strings, not '{}'",
                        protocol::type_name(name)
                    ))
                }
            })
        });
        names.collect()
    }

    fn fields(&self) -> PyResult<Fields<'a>> {
        Ok(Fields {
            argcount: self.number(0)?,
            posonlyargcount: self.number(1)?,
            kwonlyargcount: self.number(2)?,
            nlocals: self.number(3)?,
            stacksize: self.number(4)?,
            flags: CodeFlags(self.number(5)?),
            code: self.bytes(6)?,
            consts: self.tuple(7)?,
            names: self.names(8)?,
            varnames: self.names(9)?,
            filename: self.text(10)?,
            name: self.text(11)?,
            qualname: self.text(12)?,
            firstlineno: self.number(13)?,
            lines: self.bytes(14)?,
            exceptions: self.bytes(15)?,
            freevars: self.names(16)?,
            cellvars: self.names(17)?,
        })
    }
}

/// `code(...)`
pub(super) fn new(vm: &Vm, _type: &Type, args: Args<'_>) -> PyResult {
    reject_keywords(vm, "code", args)?;
    check_count(vm, "code", args.pos().len(), 16, 18)?;
    let none = vm.new_tuple(Vec::new())?;
    let mut values = args.pos().to_vec();
    values.resize(NAMES.len(), none.as_object());
    let reader = Reader {
        vm,
        values: &values,
        replacing: false,
    };
    build(vm, &reader.fields()?, None)
}

/// `code.replace(**changes)`
pub(super) fn replace(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    if !args.pos().is_empty() {
        return Err(vm.type_error("replace() takes no positional arguments"));
    }
    let code = receiver::<Code>(vm, this)?;
    for (name, _) in args.keywords() {
        let name = name.to_text();
        if !NAMES.contains(&&*name) {
            return Err(vm.type_error(format!(
                "replace() got an unexpected keyword argument '{name}'"
            )));
        }
    }
    let values = NAMES.iter().map(|name| match args.keyword(name) {
        Some(value) => Ok(value.to_ref()),
        None => protocol::get_attr(vm, this, &*vm.intern(name)?),
    });
    let owned = values.collect::<PyResult<Vec<Ref>>>()?;
    let values: Vec<&Object> = owned.iter().map(|value| &**value).collect();
    let reader = Reader {
        vm,
        values: &values,
        replacing: true,
    };
    code.ready(vm)?;
    build(vm, &reader.fields()?, Some(code))
}

/// Checks the fields against each other and makes the code object; `old` is what it was made from.
fn build(vm: &Vm, fields: &Fields<'_>, old: Option<&Code>) -> PyResult {
    let nlocals = fields.varnames.len();
    let parameters = parameters(fields.argcount, fields.kwonlyargcount, fields.flags);
    if fields.posonlyargcount > fields.argcount {
        return Err(vm.system_error("code: more positional-only arguments than arguments"));
    }
    if !fields.code.as_slice().len().is_multiple_of(2) {
        return Err(vm.value_error("code: co_code is malformed"));
    }
    if parameters > nlocals as u64 {
        return Err(vm.value_error("code: co_varnames is too small"));
    }
    if fields.nlocals as usize != nlocals {
        return Err(vm.value_error("code: co_nlocals != len(co_varnames)"));
    }
    let cell_locals = cell_locals(fields);
    let shared = cell_locals
        .iter()
        .filter(|at| (**at as usize) < nlocals)
        .count();
    let nlocalsplus = nlocals + fields.cellvars.len() - shared + fields.freevars.len();
    let kept = old.filter(|old| fits(fields, old));
    let (instrs, exceptions, unit) = match kept {
        Some(old) => {
            let exceptions = if fields.exceptions.as_slice().is_empty() {
                Vec::new()
            } else {
                old.source.exceptions.to_vec()
            };
            (
                tables::words(old),
                exceptions,
                tables::portable(old).unit.clone(),
            )
        }
        None => {
            let number = portable::unknown_opcode(fields.code.as_slice()).map_or(0, u32::from);
            let instrs = vec![u32::from(REFUSED) | number << 8];
            let unit = Portable::new(&instrs, &[]).unit;
            (instrs, Vec::new(), unit)
        }
    };
    let runs = decode_lines(fields.lines.as_slice(), fields.firstlineno);
    let local_names = local_names(fields, &cell_locals);
    let info = CodeInfo {
        filename: (&*fields.filename.to_text()).into(),
        firstlineno: fields.firstlineno,
        argcount: fields.argcount,
        posonlyargcount: fields.posonlyargcount,
        kwonlyargcount: fields.kwonlyargcount,
        flags: fields.flags,
        stacksize: kept.map_or(1, |old| old.source.stacksize),
        nlocals: nlocals as u32,
        nfreevars: fields.freevars.len() as u32,
        cell_locals: cell_locals.into(),
        nlocalsplus: nlocalsplus as u32,
        exceptions: exceptions.into(),
        locations: viv_bytecode::Code::pack_locations(&word_locations(&runs, &unit)).into(),
    };
    let given = GivenCode {
        code: fields.code.as_slice().into(),
        lines: fields.lines.as_slice().into(),
        exceptions: fields.exceptions.as_slice().into(),
        stack_size: fields.stacksize,
        hidden: kept.map_or_else(Box::default, |old| {
            tables::constants(old).map(|(_, hidden)| hidden).collect()
        }),
    };
    let mut words = HVec::new_in(HeapAlloc);
    if words.try_reserve_exact(instrs.len()).is_err() {
        return Err(vm.no_memory());
    }
    words.extend(instrs.into_iter().map(Cell::new));
    let body = CodeBody {
        instrs: words,
        consts: constants(vm, fields.consts, kept)?,
        names: interned(vm, &fields.names)?,
        local_names: interned(vm, &local_names)?,
    };
    let names = [fields.name, fields.qualname, fields.filename];
    let [name, qualname, filename] = names.map(|name| vm.intern(&name.to_text()));
    let names = [name?, qualname?, filename?];
    let code = place(vm, names, info, Body::Ready(body), Some(Box::new(given)))?;
    code.shown_consts.set(Some(Ref::of(fields.consts)));
    Ok(code.upcast())
}

/// The constants that the instructions of `old` use, those that `co_consts` does not show between those that are given.
fn constants(vm: &Vm, given: &Tuple, old: Option<&Code>) -> PyResult<Ref<Tuple>> {
    let Some(old) = old else {
        return Ok(Ref::of(given));
    };
    let mut rest = given.iter();
    let mut all = Vec::with_capacity(given.len());
    for (constant, hidden) in tables::constants(old) {
        let taken = if hidden { None } else { rest.next() };
        all.push(taken.map_or_else(|| constant.clone(), Object::to_ref));
    }
    all.extend(rest.map(Object::to_ref));
    vm.new_tuple(all)
}

/// How many locals the arguments of a call fill.
fn parameters(argcount: u32, kwonlyargcount: u32, flags: CodeFlags) -> u64 {
    u64::from(argcount)
        + u64::from(kwonlyargcount)
        + u64::from(flags.has(CodeFlags::VARARGS))
        + u64::from(flags.has(CodeFlags::VARKEYWORDS))
}

/// For each cell variable its local: that of the same name, or one behind all of those.
fn cell_locals(fields: &Fields<'_>) -> Vec<u32> {
    let mut next = fields.varnames.len();
    let places = fields.cellvars.iter().map(|name| {
        let known = fields.varnames.iter().position(|other| other == name);
        let place = known.unwrap_or(next);
        next += usize::from(known.is_none());
        place as u32
    });
    places.collect()
}

/// The names of all locals: variables, cells of their own, free variables.
fn local_names(fields: &Fields<'_>, cell_locals: &[u32]) -> Vec<CompactString> {
    let nlocals = fields.varnames.len();
    let own = fields.cellvars.iter().zip(cell_locals);
    let own = own.filter(|(_, local)| **local as usize >= nlocals);
    let variables = fields.varnames.iter().chain(own.map(|(name, _)| name));
    variables.chain(&fields.freevars).cloned().collect()
}

/// A tuple of interned names.
fn interned(vm: &Vm, names: &[CompactString]) -> PyResult<Ref<Tuple>> {
    let names = names.iter().map(|name| Ok(vm.intern(name)?.upcast()));
    vm.new_tuple(names.collect::<PyResult<_>>()?)
}

/// Whether the instructions of `old` can run with these fields.
fn fits(fields: &Fields<'_>, old: &Code) -> bool {
    let source = &old.source;
    let Some(body) = old.body.get() else {
        return false;
    };
    let runnable = body
        .instrs
        .first()
        .is_some_and(|w| Instr(w.get()).opcode() != REFUSED);
    let bytes = fields.exceptions.as_slice();
    runnable
        && fields.code.as_slice() == tables::code_bytes(old)
        && (bytes.is_empty() || bytes == tables::exception_bytes(old))
        && fields.flags.0 & STRUCTURE == source.flags.0 & STRUCTURE
        && fields.argcount >= source.argcount
        && parameters(fields.argcount, fields.kwonlyargcount, fields.flags)
            >= parameters(source.argcount, source.kwonlyargcount, source.flags)
        && fields.names.len() >= body.names.len()
        && fields.varnames.len() == source.nlocals as usize
        && fields.freevars.len() == source.nfreevars as usize
        && cell_locals(fields) == *source.cell_locals
        && same_kinds(old, fields.consts)
}

/// Whether constants can stand for those that `co_consts` shows, one by one; there may be more of them.
fn same_kinds(old: &Code, new: &Tuple) -> bool {
    let mut new = new.iter();
    tables::constants(old)
        .filter(|(_, hidden)| !hidden)
        .all(|(x, _)| new.next().is_some_and(|y| same_kind(x, y)))
}

/// Whether a constant can stand for another one: instructions rely on the kind of theirs.
fn same_kind(old: &Object, new: &Object) -> bool {
    if std::ptr::eq(old, new) {
        return true;
    }
    if !std::ptr::eq(Type::of(old), Type::of(new)) {
        return false;
    }
    if let (Some(x), Some(y)) = (old.downcast_exact::<Code>(), new.downcast_exact::<Code>()) {
        return x.source.nfreevars == y.source.nfreevars;
    }
    match (old.downcast::<Tuple>(), new.downcast::<Tuple>()) {
        (Some(x), Some(y)) => {
            let text = |o: &Object| o.downcast::<Str>().is_some();
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| text(x) == text(y))
        }
        _ => true,
    }
}

/// The positions of words, from those of their units.
fn word_locations(runs: &[(u32, Position)], unit: &[u32]) -> Vec<Location> {
    let mut ends = Vec::with_capacity(runs.len());
    let mut end = 0u32;
    for (units, _) in runs {
        end = end.saturating_add(*units);
        ends.push(end);
    }
    let words = unit.len().saturating_sub(1);
    let place = |unit: u32| {
        let run = ends.partition_point(|end| *end <= unit);
        runs.get(run)
            .map_or_else(Location::default, |(_, at)| (*at).into())
    };
    unit[..words].iter().map(|unit| place(*unit)).collect()
}
