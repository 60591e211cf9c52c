//! Code objects made of compiled code, and functions made of code objects.

use std::cell::Cell;
use std::sync::Arc;

use viv_bytecode::{CodeFlags, Const};
use viv_heap::{HVec, HeapAlloc, Object, Ref};

use crate::object::{Code, Dict, Function, GivenCode, Slot, Str, Tuple};
use crate::result::PyResult;
use crate::vm::Vm;

/// Makes a code object, nested ones and constants included.
///
/// # Errors
/// MemoryError; ValueError where a string constant is damaged.
pub fn make_code(vm: &Vm, source: &Arc<viv_bytecode::Code>) -> PyResult<Ref<Code>> {
    let consts = source
        .consts
        .iter()
        .map(|c| make_const(vm, c))
        .collect::<PyResult<Vec<_>>>()?;
    let consts = vm.new_tuple(consts)?;
    assemble(vm, source, consts, None)
}

/// Makes a code object with constants that are there already. The caller answers for `source`: its instructions fit its
/// names, its locals and these constants.
pub(crate) fn assemble(
    vm: &Vm,
    source: &Arc<viv_bytecode::Code>,
    consts: Ref<Tuple>,
    given: Option<Box<GivenCode>>,
) -> PyResult<Ref<Code>> {
    let name_tuple = |names: &mut dyn Iterator<Item = &str>| -> PyResult<Ref<Tuple>> {
        vm.new_tuple(
            names
                .map(|n| vm.intern(n).map(Ref::upcast))
                .collect::<PyResult<Vec<_>>>()?,
        )
    };
    let names = name_tuple(&mut source.names.iter().map(|n| n.as_str()))?;
    let own_cells = source
        .cellvars
        .iter()
        .zip(&source.cell_locals)
        .filter(|(_, l)| **l as usize >= source.varnames.len());
    let mut locals = source
        .varnames
        .iter()
        .map(|n| n.as_str())
        .chain(own_cells.map(|(n, _)| n.as_str()))
        .chain(source.freevars.iter().map(|n| n.as_str()));
    let local_names = name_tuple(&mut locals)?;
    let mut instrs = HVec::new_in(HeapAlloc);
    if instrs.try_reserve_exact(source.instrs.len()).is_err() {
        return Err(vm.no_memory());
    }
    instrs.extend(source.instrs.iter().map(|w| Cell::new(*w)));
    let code = vm.place(Code {
        head: Object::new(vm.types.code.type_head_of()),
        instrs,
        consts,
        names,
        local_names,
        name: vm.intern(&source.name)?,
        qualname: vm.intern(&source.qualname)?,
        filename: vm.intern(&source.filename)?,
        local_count: source.nlocalsplus,
        stack_size: source.stacksize,
        flags: source.flags,
        simple_args: if is_simple(source) {
            source.argcount
        } else {
            u32::MAX
        },
        source: source.clone(),
        given,
        weakrefs: Cell::new(std::ptr::null()),
    })?;
    Ok(code)
}

/// Whether all parameters are positional, so that arguments may simply stay where they are.
fn is_simple(source: &viv_bytecode::Code) -> bool {
    let special = CodeFlags::VARARGS | CodeFlags::VARKEYWORDS;
    source.flags.0 & special == 0
        && source.kwonlyargcount == 0
        && source.flags.has(CodeFlags::OPTIMIZED)
}

fn make_const(vm: &Vm, constant: &Const) -> PyResult {
    match constant {
        Const::None => Ok(vm.none_ref()),
        Const::True => Ok(vm.bool(true)),
        Const::False => Ok(vm.bool(false)),
        Const::Ellipsis => Ok(vm.ellipsis.head.to_ref()),
        Const::Int(n) => vm.new_int(*n),
        Const::BigInt(digits) => match big(digits) {
            Some(value) => vm.new_big_int(&value),
            None => Err(vm.value_error("invalid integer constant")),
        },
        Const::Float(x) => vm.new_float(*x),
        Const::Complex(re, im) => vm.new_complex(*re, *im),
        Const::Str(bytes) => make_str(vm, bytes).map(Ref::upcast),
        Const::Bytes(bytes) => vm.new_bytes(bytes).map(Ref::upcast),
        Const::Tuple(items) => {
            let items = items
                .iter()
                .map(|c| make_const(vm, c))
                .collect::<PyResult<Vec<_>>>()?;
            let tuple = vm.new_tuple(items)?;
            if !tuple.is_immortal() {
                // Watched until a collection finds that it need not be, as on CPython.
                vm.heap.track(&tuple);
            }
            Ok(tuple.upcast())
        }
        Const::FrozenSet(items) => {
            let items = items
                .iter()
                .map(|c| make_const(vm, c))
                .collect::<PyResult<Vec<_>>>()?;
            crate::types::frozenset::from_items(vm, items)
        }
        Const::Slice(parts) => {
            let [start, stop, step] = &**parts;
            let parts = [
                make_const(vm, start)?,
                make_const(vm, stop)?,
                make_const(vm, step)?,
            ];
            crate::types::slice::new(vm, &parts[0], &parts[1], &parts[2])
        }
        Const::Code(code) => make_code(vm, code).map(Ref::upcast),
    }
}

fn big(digits: &str) -> Option<dashu_int::IBig> {
    let (negative, digits) = digits
        .strip_prefix('-')
        .map_or((false, digits), |d| (true, d));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => dashu_int::IBig::from_str_radix(hex, 16),
        None => dashu_int::IBig::from_str_radix(digits, 10),
    }
    .ok()?;
    Some(if negative { -value } else { value })
}

/// A string constant; those that look like names are interned, as CPython does.
fn make_str(vm: &Vm, wtf8: &[u8]) -> PyResult<Ref<Str>> {
    match std::str::from_utf8(wtf8) {
        Ok(text) if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => vm.intern(text),
        Ok(text) => vm.new_str(text),
        Err(_) => vm.new_str_points(&decode_wtf8(wtf8)),
    }
}

/// The code points of WTF-8, lone surrogates included.
fn decode_wtf8(mut bytes: &[u8]) -> Vec<u32> {
    let mut points = Vec::with_capacity(bytes.len());
    while let Some(&lead) = bytes.first() {
        let (len, first) = match lead {
            0..0x80 => (1, u32::from(lead)),
            0x80..0xe0 => (2, u32::from(lead & 0x1f)),
            0xe0..0xf0 => (3, u32::from(lead & 0x0f)),
            _ => (4, u32::from(lead & 0x07)),
        };
        let len = len.min(bytes.len());
        points.push(
            bytes[1..len]
                .iter()
                .fold(first, |c, b| c << 6 | u32::from(b & 0x3f)),
        );
        bytes = &bytes[len..];
    }
    points
}

/// A function of a code object, without defaults and closure.
pub fn new_function(
    vm: &Vm,
    code: &Code,
    globals: &Ref<Dict>,
    builtins: Ref<Dict>,
    qualname: Option<Ref<Str>>,
) -> PyResult<Ref<Function>> {
    let module = globals.get_str(vm, &vm.names.__name__);
    let doc = if code
        .source
        .flags
        .has(viv_bytecode::CodeFlags::HAS_DOCSTRING)
    {
        code.consts.get(0).map(Object::to_ref)
    } else {
        None
    };
    let function = vm.place(Function {
        head: Object::new(vm.types.function.type_head_of()),
        code: Slot::full(Ref::of(code)),
        globals: globals.clone(),
        builtins,
        name: Slot::full(code.name.clone()),
        qualname: Slot::full(qualname.unwrap_or_else(|| code.qualname.clone())),
        defaults: Slot::default(),
        kwdefaults: Slot::default(),
        closure: Slot::default(),
        doc: Slot::new(doc),
        module: Slot::new(module),
        annotations: Slot::default(),
        annotate: Slot::default(),
        type_params: Slot::default(),
        dict: Slot::default(),
        weakrefs: Cell::new(std::ptr::null()),
        version: Cell::new(0),
    })?;
    vm.heap.track(&function);
    Ok(function)
}
