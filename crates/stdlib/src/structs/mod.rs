//! The module `_struct`: packing values into bytes and back, as formats say.
//!
//! **Invariant.** No bytes of another object are looked at while Python code may run: they are copied first, or belong
//! to a bytes object, which never changes.

pub mod format;
pub mod half;
pub mod item;
pub mod iterator;
pub mod object;

use smallvec::SmallVec;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Bytes, Str, Tuple, Type};
use viv_runtime::types::buffer;
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

use format::Layout;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_struct",
    doc: "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data representing the C struct\nand also as format strings (explained below) to describe the layout of data\nin the C struct.\n",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "Struct", object::struct_type(vm)?.as_object())?;
        module
            .dict
            .set_text(vm, "error", error_type(vm)?.as_object())
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "_clearcache",
        "($module, /)",
        // Formats are read anew each time: there is no cache to clear.
        NativeCall::NoArgs(|vm, _| Ok(vm.none_ref())),
        "Clear the internal cache.",
    ),
    MethodDef::new(
        "calcsize",
        "($module, format, /)",
        NativeCall::One(|vm, _, format| vm.new_usize(layout_of(vm, format)?.size)),
        "Return size in bytes of the struct described by the format string.",
    ),
    MethodDef::new(
        "pack",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, _, args| {
                let (format, values) = args.split_first().ok_or_else(|| no_format(vm))?;
                pack(vm, &layout_of(vm, format)?, values)
            },
        },
        "pack(format, v1, v2, ...) -> bytes\n\nReturn a bytes object containing the values v1, v2, ... packed according\nto the format string.  See help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "pack_into",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, _, args| {
                let (format, rest) = args.split_first().ok_or_else(|| no_format(vm))?;
                pack_into(vm, &layout_of(vm, format)?, rest)
            },
        },
        "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string and write\nthe packed bytes into the writable buffer buf starting at offset.  Note\nthat the offset is a required argument.  A negative offset counts from\nthe end of the buffer.  See help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "unpack",
        "($module, format, buffer, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| match args {
                [format, buffer] => unpack(vm, &layout_of(vm, format)?, buffer),
                _ => Err(no_format(vm)),
            },
        },
        "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size in bytes must be calcsize(format).\n\nSee help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "unpack_from",
        "($module, format, /, buffer, offset=0)",
        NativeCall::Bound(|vm, _, args| match args {
            [Some(format), Some(buffer), offset] => {
                unpack_from(vm, &layout_of(vm, format)?, buffer, *offset)
            }
            _ => Err(no_format(vm)),
        }),
        "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size, minus offset, must be at least calcsize(format).\nA negative offset counts from the end of the buffer.\n\nSee help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "iter_unpack",
        "($module, format, buffer, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| match args {
                [format, buffer] => iterator::iterator(vm, layout_of(vm, format)?.into(), buffer),
                _ => Err(no_format(vm)),
            },
        },
        "Return an iterator yielding tuples unpacked from the given bytes.\n\nThe bytes are unpacked according to the format string, like\na repeated invocation of unpack_from().\n\nRequires that the bytes length be a multiple of the format struct size.",
    ),
];

static ERROR: TypeSpec = exception_spec("error", "struct", "");

fn error_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ERROR, &vm.exceptions.Exception)
}

/// Raises `struct.error`.
#[cold]
pub fn error(vm: &Vm, message: &str) -> Raised {
    match error_type(vm) {
        Ok(class) => vm.raise(&class, message),
        Err(raised) => raised,
    }
}

#[cold]
fn no_format(vm: &Vm) -> Raised {
    vm.type_error("missing format argument")
}

/// The text of a format, which is a string or bytes.
///
/// # Errors
/// TypeError, UnicodeEncodeError
pub fn format_text(vm: &Vm, format: &Object) -> PyResult<Ref<Str>> {
    if let Some(text) = format.downcast::<Str>() {
        if !text.is_ascii() {
            let encode = vm.intern("encode")?;
            protocol::call_method(vm, format, &encode, &[vm.new_str("ascii")?.as_object()])?;
        }
        return Ok(Ref::of(text));
    }
    if let Some(bytes) = format.downcast::<Bytes>() {
        return Str::place_latin1(vm, &vm.types.str, bytes.as_slice());
    }
    Err(vm.type_error(format!(
        "Struct() argument 1 must be a str or bytes object, not {}",
        protocol::type_name(format)
    )))
}

/// The layout of a format.
fn layout_of(vm: &Vm, format: &Object) -> PyResult<Layout> {
    if let Some(text) = format.downcast::<Str>().and_then(Str::as_ascii) {
        return Layout::parse(vm, text.as_bytes());
    }
    if format.downcast::<Bytes>().is_none()
        && Type::of(format).slots.hash.get().is_none()
        && format.downcast::<Str>().is_none()
    {
        let name = protocol::type_name(format);
        return Err(vm.type_error(format!(
            "cannot use '{name}' as a dict key (unhashable type: '{name}')"
        )));
    }
    Layout::parse(vm, format_text(vm, format)?.as_bytes())
}

/// The bytes of values; few of them need no allocation.
fn packed(
    vm: &Vm,
    layout: &Layout,
    values: &[&Object],
    function: &str,
) -> PyResult<SmallVec<[u8; 64]>> {
    if values.len() != layout.items {
        return Err(error(
            vm,
            &format!(
                "{function} expected {} items for packing (got {})",
                layout.items,
                values.len()
            ),
        ));
    }
    let mut bytes = SmallVec::new();
    if bytes.try_reserve_exact(layout.size).is_err() {
        return Err(vm.no_memory());
    }
    bytes.resize(layout.size, 0);
    let mut values = values.iter();
    for field in &layout.fields {
        for i in 0..field.count {
            let at = field.offset + i * field.size;
            if let (Some(value), Some(to)) = (values.next(), bytes.get_mut(at..at + field.size)) {
                item::store(vm, field, value, to, layout.big)?;
            }
        }
    }
    Ok(bytes)
}

/// `pack(*values)`
pub fn pack(vm: &Vm, layout: &Layout, values: &[&Object]) -> PyResult {
    Ok(vm.new_bytes(&packed(vm, layout, values, "pack")?)?.upcast())
}

/// Where in a buffer of `len` bytes an offset is at which `size` bytes begin: a negative one counts from the end. `lack` begins
/// the message for one that is too near to the end.
fn place_in(vm: &Vm, given: i64, size: usize, len: usize, lack: &str) -> PyResult<usize> {
    if given >= 0 {
        return Ok(given as usize);
    }
    if given.saturating_add(size as i64) > 0 {
        return Err(error(vm, &format!("{lack} {size} bytes at offset {given}")));
    }
    let at = given.saturating_add(len as i64);
    if at < 0 {
        return Err(error(
            vm,
            &format!("offset {given} out of range for {len}-byte buffer"),
        ));
    }
    Ok(at as usize)
}

/// `pack_into(buffer, offset, *values)`
pub fn pack_into(vm: &Vm, layout: &Layout, args: &[&Object]) -> PyResult {
    let &[target, offset, ref values @ ..] = args else {
        let missing = if args.is_empty() { "buffer" } else { "offset" };
        return Err(error(vm, &format!("pack_into expected {missing} argument")));
    };
    if values.len() != layout.items {
        packed(vm, layout, values, "pack_into")?;
    }
    let len = buffer::with_bytes_mut(vm, target, |bytes| bytes.len())?;
    let given = protocol::to_index(vm, offset)?;
    let size = layout.size;
    let at = place_in(vm, given, size, len, "no space to pack")?;
    let too_small = |len: usize| {
        error(
            vm,
            &format!(
                "pack_into requires a buffer of at least {} bytes for packing {size} bytes at offset {at} (actual buffer size is {len})",
                at as u128 + size as u128
            ),
        )
    };
    if len.saturating_sub(at) < size {
        return Err(too_small(len));
    }
    let bytes = packed(vm, layout, values, "pack_into")?;
    let written = buffer::with_bytes_mut(vm, target, |target| {
        // Converting the values may have run Python code that made the buffer shorter.
        let len = target.len();
        match target.get_mut(at..at.saturating_add(size)) {
            Some(to) => {
                to.copy_from_slice(&bytes);
                Ok(())
            }
            None => Err(len),
        }
    })?;
    match written {
        Ok(()) => Ok(vm.none_ref()),
        Err(len) => Err(too_small(len)),
    }
}

/// The tuple of the values in `bytes`, which are at least as many as the layout wants.
pub fn values(vm: &Vm, layout: &Layout, bytes: &[u8]) -> PyResult {
    let mut items: SmallVec<[Ref; 4]> = SmallVec::new();
    if items.try_reserve_exact(layout.items).is_err() {
        return Err(vm.no_memory());
    }
    for field in &layout.fields {
        for i in 0..field.count {
            let at = field.offset + i * field.size;
            let raw = bytes.get(at..at + field.size).unwrap_or_default();
            items.push(item::load(vm, field, raw, layout.big)?);
        }
    }
    if items.is_empty() {
        return Ok(vm.empty_tuple.clone().upcast());
    }
    Ok(Tuple::place(vm, &vm.types.tuple, items)?.upcast())
}

/// `unpack(buffer)`
pub fn unpack(vm: &Vm, layout: &Layout, source: &Object) -> PyResult {
    let wrong_size = || {
        error(
            vm,
            &format!("unpack requires a buffer of {} bytes", layout.size),
        )
    };
    if let Some(bytes) = source.downcast::<Bytes>() {
        if bytes.as_slice().len() != layout.size {
            return Err(wrong_size());
        }
        return values(vm, layout, bytes.as_slice());
    }
    let copied = buffer::require_bytes(vm, source, |bytes| {
        (bytes.len() == layout.size).then(|| bytes.to_vec())
    })?;
    values(vm, layout, &copied.ok_or_else(wrong_size)?)
}

/// `unpack_from(buffer, offset)`
pub fn unpack_from(vm: &Vm, layout: &Layout, source: &Object, offset: Option<&Object>) -> PyResult {
    let given = offset.map_or(Ok(0), |offset| protocol::to_i64(vm, offset))?;
    let size = layout.size;
    let len = buffer::require_bytes(vm, source, <[u8]>::len)?;
    let at = place_in(vm, given, size, len, "not enough data to unpack")?;
    if len.saturating_sub(at) < size {
        return Err(error(
            vm,
            &format!(
                "unpack_from requires a buffer of at least {} bytes for unpacking {size} bytes at offset {at} (actual buffer size is {len})",
                at as u128 + size as u128
            ),
        ));
    }
    if let Some(bytes) = source.downcast::<Bytes>() {
        let part = bytes.as_slice().get(at..at + size);
        return values(vm, layout, part.unwrap_or_default());
    }
    let part = buffer::require_bytes(vm, source, |bytes| {
        bytes.get(at..at + size).unwrap_or_default().to_vec()
    })?;
    values(vm, layout, &part)
}
