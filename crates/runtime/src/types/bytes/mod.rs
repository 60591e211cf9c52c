//! The builtin type `bytes`, and what it shares with bytearray.

pub mod construct;
pub mod iterator;
pub mod methods;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Bytes, Int, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer::{BufferInfo, BufferProcs, not_bytes_like, with_bytes};
use crate::types::sequence::{Subscript, receiver, subscript, wrap_index};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

static BUFFER: BufferProcs = BufferProcs {
    info: |this| BufferInfo {
        format: "B".to_owned(),
        itemsize: 1,
        len: this.downcast::<Bytes>().map_or(0, |b| b.as_slice().len()),
        readonly: true,
    },
    read: |this, f| f(this.downcast::<Bytes>().map_or(&[], Bytes::as_slice)),
    write: |_, _| {},
    export: |_, _| {},
    view: None,
};

/// The type `bytes`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bytes",
    doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - any object implementing the buffer API.\n  - an integer",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(|vm, this| {
            Ok(vm
                .new_str(&repr_text(receiver::<Bytes>(vm, this)?.as_slice()))?
                .upcast())
        }));
        s.hash.set(Some(|vm, this| {
            Ok(receiver::<Bytes>(vm, this)?.hash_value(vm))
        }));
        s.str.set(Some(str));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len.set(Some(|vm, this| {
            Ok(receiver::<Bytes>(vm, this)?.as_slice().len())
        }));
        s.getitem.set(Some(getitem));
        s.contains.set(Some(contains));
        s.concat.set(Some(concat));
        s.repeat.set(Some(|vm, this, count| {
            let bytes = receiver::<Bytes>(vm, this)?;
            if count == 1 && this.is_exact::<Bytes>() {
                return Ok(this.to_ref());
            }
            make(vm, &repeated(vm, bytes.as_slice(), count)?)
        }));
        s.binary[BinaryOp::Mod as usize].set(Some(modulo));
        s.buffer.set(Some(&BUFFER));
    },
    methods: &[methods::METHODS, OWN_METHODS],
    ..TypeSpec::new(Bytes::layout, false)
};

const OWN_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__bytes__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            if this.is_exact::<Bytes>() {
                Ok(this.to_ref())
            } else {
                make(vm, receiver::<Bytes>(vm, this)?.as_slice())
            }
        }),
        "Convert this value to exact type bytes.",
    ),
    MethodDef::new(
        "__getnewargs__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let copy = make(vm, receiver::<Bytes>(vm, this)?.as_slice())?;
            Ok(vm.new_tuple(vec![copy])?.upcast())
        }),
        "",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let length = receiver::<Bytes>(vm, this)?.as_slice().len();
            vm.new_usize(this.own_size() + length)
        }),
        "Size of object in memory, in bytes.",
    ),
];

/// A bytes object.
pub fn make(vm: &Vm, bytes: &[u8]) -> PyResult {
    Ok(vm.new_bytes(bytes)?.upcast())
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let (source, encoding, errors) = construct::arguments(vm, "bytes", args)?;
    if let (Some(source), None, None) = (source, encoding, errors)
        && source.is_exact::<Bytes>()
        && ty.is(&vm.types.bytes)
    {
        return Ok(source.to_ref());
    }
    if let (Some(source), None, None) = (source, encoding, errors)
        && let Some(result) = protocol::call_special(vm, source, &vm.names.__bytes__, &[])?
    {
        let Some(bytes) = result.downcast::<Bytes>() else {
            return Err(vm.type_error(format!(
                "__bytes__ returned non-bytes (type {})",
                protocol::type_name(&result)
            )));
        };
        return if ty.is(&vm.types.bytes) {
            Ok(result)
        } else {
            Ok(Bytes::place(vm, ty, bytes.as_slice())?.upcast())
        };
    }
    let bytes = construct::content(vm, source, encoding, errors)?;
    if ty.is(&vm.types.bytes) {
        make(vm, &bytes)
    } else {
        Ok(Bytes::place(vm, ty, &bytes)?.upcast())
    }
}

/// `repr(bytes)`
pub fn repr_text(bytes: &[u8]) -> String {
    literal(bytes, false)
}

/// The literal of bytes; where `single` is set, single quotes are escaped inside double ones, too.
pub fn literal(bytes: &[u8], single: bool) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    out.push(quote);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            _ if b as char == quote || (single && b == b'\'') => {
                out.push('\\');
                out.push(b as char);
            }
            0x20..0x7f => out.push(b as char),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out.push(quote);
    out
}

/// The comparison slot of bytes and bytearray.
pub fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    // Bytes leave other buffers to the other operand.
    if a.downcast::<Bytes>().is_some() && b.downcast::<Bytes>().is_none() {
        warn_of_comparison(vm, "bytes", b, op)?;
        return Ok(vm.not_implemented());
    }
    let x = methods::own(vm, a)?;
    match with_bytes(vm, b, |y| x.as_ref().cmp(y))? {
        Some(order) => Ok(vm.bool(crate::types::int::order_holds(order, op))),
        None => {
            warn_of_comparison(vm, "bytearray", b, op)?;
            Ok(vm.not_implemented())
        }
    }
}

/// With `-b`, warns of a comparison that can only be false.
fn warn_of_comparison(vm: &Vm, what: &str, other: &Object, op: CompareOp) -> PyResult<()> {
    if vm.config.flags.bytes_warning == 0 || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(());
    }
    let text = if other.downcast::<Str>().is_some() {
        format!("Comparison between {what} and string")
    } else if what == "bytes" && other.downcast::<Int>().is_some() {
        format!("Comparison between {what} and int")
    } else {
        return Ok(());
    };
    vm.warn(&vm.exceptions.BytesWarning, &text, 1)
}

/// `str(b)` for bytes and bytearray: the literal, and a warning with `-b`.
pub fn str(vm: &Vm, this: &Object) -> PyResult {
    if vm.config.flags.bytes_warning > 0 {
        let what = if this.downcast::<Bytes>().is_some() {
            "bytes"
        } else {
            "bytearray"
        };
        let text = format!("str() on a {what} instance");
        vm.warn(&vm.exceptions.BytesWarning, &text, 1)?;
    }
    Ok(protocol::repr(vm, this)?.upcast())
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let bytes = receiver::<Bytes>(vm, this)?.as_slice();
    match subscript(vm, key, "byte")? {
        Subscript::Index(index) => {
            match wrap_index(index, bytes.len()).and_then(|i| bytes.get(i)) {
                Some(&byte) => vm.new_int(i64::from(byte)),
                None => Err(vm.index_error("index out of range")),
            }
        }
        Subscript::Slice(raw) => {
            let indices = raw.adjust(bytes.len());
            match this.downcast_exact::<Bytes>() {
                Some(exact) => part(vm, exact, indices),
                None => make(vm, &sliced(bytes, indices)),
            }
        }
    }
}

/// A slice of an exact bytes object; the whole is the object itself.
pub fn part(vm: &Vm, this: &Bytes, indices: crate::types::sequence::Indices) -> PyResult {
    let bytes = this.as_slice();
    if indices.step != 1 {
        return make(vm, &sliced(bytes, indices));
    }
    if indices.len == bytes.len() {
        return Ok(this.to_ref());
    }
    let start = indices.start as usize;
    make(
        vm,
        bytes.get(start..start + indices.len).unwrap_or_default(),
    )
}

/// The bytes at the indices of a slice.
pub fn sliced(bytes: &[u8], indices: crate::types::sequence::Indices) -> Vec<u8> {
    if indices.step == 1 {
        let start = indices.start as usize;
        return bytes
            .get(start..start + indices.len)
            .unwrap_or_default()
            .to_vec();
    }
    indices
        .iter()
        .filter_map(|i| bytes.get(i).copied())
        .collect()
}

/// `item in bytes`
pub fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    if item.downcast::<Int>().is_some() || Type::of(item).slots.index.get().is_some() {
        let wanted = methods::while_exported(this, || construct::byte(vm, item, "byte"))?;
        return Ok(methods::own(vm, this)?.contains(&wanted));
    }
    let own = methods::own(vm, this)?;
    let found = methods::while_exported(this, || {
        with_bytes(vm, item, |part| memchr::memmem::find(&own, part).is_some())
    })?;
    match found {
        Some(found) => Ok(found),
        None => Err(not_bytes_like(vm, item)),
    }
}

/// `a + b` for bytes and bytearray.
pub fn concat(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    if let (Some(first), Some(second)) = (a.downcast_exact::<Bytes>(), b.downcast_exact::<Bytes>())
    {
        if first.as_slice().is_empty() {
            return Ok(b.to_ref());
        }
        if second.as_slice().is_empty() {
            return Ok(a.to_ref());
        }
        return Ok(Bytes::place_joined(vm, first.as_slice(), second.as_slice())?.upcast());
    }
    let mut out = methods::own(vm, a)?.into_owned();
    let added = with_bytes(vm, b, |more| {
        let fits = out.try_reserve_exact(more.len()).is_ok();
        if fits {
            out.extend_from_slice(more);
        }
        fits
    })?;
    match added {
        Some(true)
            if b.is_exact::<Bytes>()
                && a.is_exact::<Bytes>()
                && receiver::<Bytes>(vm, a)?.as_slice().is_empty() =>
        {
            Ok(b.to_ref())
        }
        Some(true) => methods::make(vm, a, &out),
        Some(false) => Err(vm.no_memory()),
        None => Err(vm.type_error(format!(
            "can't concat {} to {}",
            protocol::type_name(b),
            protocol::type_name(a)
        ))),
    }
}

/// The bytes `count` times over.
pub fn repeated(vm: &Vm, bytes: &[u8], count: i64) -> PyResult<Vec<u8>> {
    let count = usize::try_from(count).unwrap_or(0);
    let Some(total) = bytes
        .len()
        .checked_mul(count)
        .filter(|n| *n <= isize::MAX as usize)
    else {
        return Err(vm.overflow_error("repeated bytes are too long"));
    };
    let mut out = Vec::new();
    if out.try_reserve_exact(total).is_err() {
        return Err(vm.no_memory());
    }
    out.resize(total, 0);
    if total > 0 {
        crate::types::str::ops::fill_repeated(&mut out, bytes);
    }
    Ok(out)
}

/// The `%` slot of bytes and bytearray.
pub fn modulo(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    if a.downcast::<Bytes>().is_none() && a.downcast::<crate::object::ByteArray>().is_none() {
        return Ok(vm.not_implemented());
    }
    let format = methods::own(vm, a)?;
    let made = methods::while_exported(a, || {
        crate::types::format::percent::format_bytes(vm, &format, b)
    })?;
    methods::make(vm, a, &made)
}
