//! Code objects as bytes, for `marshal` and the files in `__pycache__`.

use std::sync::Arc;

use dashu_int::ops::UnsignedAbs as _;
use viv_bytecode::{CodeFlags, Const, image};
use viv_heap::{Object, Ref};

use crate::object::{Bytes, Code, Complex, Float, Int, Set, Slice, Str, Tuple, Type};
use crate::result::PyResult;
use crate::vm::Vm;

/// The image of a code object; nothing where a constant is of a kind that no compiler makes, or code is nested too deeply.
///
/// # Errors
/// MemoryError
pub fn to_image(vm: &Vm, code: &Code) -> PyResult<Option<Vec<u8>>> {
    read_all(vm, code, 0)?;
    let plain = plain(vm, code, 0);
    Ok(plain.and_then(|plain| image::encode(&plain, vm.compiler_number()).ok()))
}

/// Has all bodies read.
fn read_all(vm: &Vm, code: &Code, depth: usize) -> PyResult<()> {
    let body = code.ready(vm)?;
    let inner = body.consts.as_slice().iter();
    let mut inner = inner.filter_map(|constant| constant.downcast::<Code>());
    match depth {
        image::DEPTH.. => Ok(()),
        depth => inner.try_for_each(|code| read_all(vm, code, depth + 1)),
    }
}

/// A code object as the compiler has made it.
fn plain(vm: &Vm, code: &Code, depth: usize) -> Option<Arc<viv_bytecode::Code>> {
    if depth > image::DEPTH {
        return None;
    }
    let (info, body) = (&code.source, code.body.get()?);
    let local = |i: usize| text(body.local_names.as_slice().get(i)?);
    let total = info.nlocalsplus as usize;
    let consts = body.consts.as_slice().iter();
    Some(Arc::new(viv_bytecode::Code {
        name: code.name.to_utf8()?.as_ref().into(),
        qualname: code.qualname.to_utf8()?.as_ref().into(),
        filename: info.filename.clone(),
        firstlineno: info.firstlineno,
        argcount: info.argcount,
        posonlyargcount: info.posonlyargcount,
        kwonlyargcount: info.kwonlyargcount,
        flags: CodeFlags(info.flags.0),
        stacksize: info.stacksize,
        varnames: (0..info.nlocals as usize)
            .map(local)
            .collect::<Option<_>>()?,
        cellvars: info
            .cell_locals
            .iter()
            .map(|i| local(*i as usize))
            .collect::<Option<_>>()?,
        freevars: (total - info.nfreevars as usize..total)
            .map(local)
            .collect::<Option<_>>()?,
        cell_locals: info.cell_locals.to_vec(),
        nlocalsplus: info.nlocalsplus,
        names: body
            .names
            .as_slice()
            .iter()
            .map(|name| text(name))
            .collect::<Option<_>>()?,
        consts: consts
            .map(|c| constant(vm, c, depth + 1))
            .collect::<Option<_>>()?,
        instrs: super::tables::words(code),
        exceptions: info.exceptions.to_vec(),
        locations: info.locations.clone(),
    }))
}

fn text(name: &Object) -> Option<compact_str::CompactString> {
    Some(name.downcast::<Str>()?.to_utf8()?.as_ref().into())
}

/// A constant as the compiler knows it.
fn constant(vm: &Vm, object: &Object, depth: usize) -> Option<Const> {
    if depth > image::DEPTH {
        return None;
    }
    let all = |items: &[Ref]| -> Option<Vec<Const>> {
        items
            .iter()
            .map(|item| constant(vm, item, depth + 1))
            .collect()
    };
    if vm.is_none(object) {
        return Some(Const::None);
    } else if object.is(&vm.bool(true)) {
        return Some(Const::True);
    } else if object.is(&vm.bool(false)) {
        return Some(Const::False);
    } else if object.is(vm.ellipsis.as_object()) {
        return Some(Const::Ellipsis);
    }
    if let Some(int) = object.downcast_exact::<Int>() {
        return Some(match int.as_i64() {
            Some(n) => Const::Int(n),
            None => {
                let value = int.to_big();
                let digits = value.unsigned_abs().in_radix(16).to_string();
                let sign = if int.signum() < 0 { "-" } else { "" };
                Const::BigInt(format!("{sign}0x{digits}").into())
            }
        });
    }
    if let Some(float) = object.downcast_exact::<Float>() {
        return Some(Const::Float(float.value()));
    }
    if let Some(complex) = object.downcast_exact::<Complex>() {
        return Some(Const::Complex(complex.re, complex.im));
    }
    if let Some(bytes) = object.downcast_exact::<Bytes>() {
        return Some(Const::Bytes(bytes.as_slice().into()));
    }
    if let Some(text) = object.downcast_exact::<Str>() {
        return Some(Const::Str(wtf8(text).into()));
    }
    if let Some(tuple) = object.downcast_exact::<Tuple>() {
        return Some(Const::Tuple(all(tuple.as_slice())?));
    }
    if let Some(slice) = object.downcast_exact::<Slice>() {
        let part = |part: &Object| constant(vm, part, depth + 1);
        return Some(Const::Slice(Box::new([
            part(&slice.start)?,
            part(&slice.stop)?,
            part(&slice.step)?,
        ])));
    }
    if let Some(code) = object.downcast_exact::<Code>() {
        return Some(Const::Code(plain(vm, code, depth + 1)?));
    }
    let set = object.downcast::<Set>()?;
    if !Type::of(object).is(&vm.types.frozenset) {
        return None;
    }
    let items: Vec<Ref> = set.snapshot().into_iter().map(|(item, _)| item).collect();
    let mut items = all(&items)?;
    // In an order that does not vary with the hashes of strings.
    items.sort_by_cached_key(|item| format!("{item:?}"));
    Some(Const::FrozenSet(items))
}

/// A text as UTF-8, lone surrogates as if they were characters.
fn wtf8(text: &Str) -> Vec<u8> {
    if let Some(utf8) = text.to_utf8() {
        return utf8.into_owned().into_bytes();
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match char::from_u32(c) {
            Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            None => out.extend([
                0xe0 | (c >> 12) as u8,
                0x80 | (c >> 6 & 63) as u8,
                0x80 | (c & 63) as u8,
            ]),
        }
    }
    out
}
