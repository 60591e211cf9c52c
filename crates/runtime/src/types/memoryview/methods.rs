//! The methods and attributes of memoryview.

use viv_heap::{Object, Ref};

use super::item::{code, size_of_code};
use super::{Window, base, is_contiguous, item_count, item_of, items, strides_of, with_view_bytes};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Int, List, MemoryView, Str, Tuple};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{clamp_index, receiver};
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__buffer__",
        "($self, flags, /)",
        NativeCall::One(buffer),
        "Return a buffer object that exposes the underlying memory of the object.",
    ),
    MethodDef::new(
        "release",
        "($self, /)",
        NativeCall::NoArgs(release),
        "Release the underlying buffer exposed by the memoryview object.",
    ),
    MethodDef::new(
        "tobytes",
        "($self, /, order='C')",
        NativeCall::Bound(tobytes),
        "Return the data in the buffer as a byte string.\n\nOrder can be {'C', 'F', 'A'}. When order is 'C' or 'F', the data of the\noriginal array is converted to C or Fortran order. For contiguous views,\n'A' returns an exact copy of the physical memory. In particular, in-memory\nFortran order is preserved. For non-contiguous views, the data is converted\nto C first. order=None is the same as order='C'.",
    ),
    MethodDef::new(
        "hex",
        "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
        NativeCall::Bound(|vm, this, args| {
            let view = receiver::<MemoryView>(vm, this)?;
            let bytes = with_view_bytes(vm, view, <[u8]>::to_vec)?;
            // The separator's length may be Python code that releases the view.
            let _export = Export::of(view);
            crate::types::bytes::methods::hex_text(vm, &bytes, args)
        }),
        "Return the data in the buffer as a str of hexadecimal numbers.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nExample:\n>>> value = memoryview(b'\\xb9\\x01\\xef')\n>>> value.hex()\n'b901ef'\n>>> value.hex(':')\n'b9:01:ef'\n>>> value.hex(':', 2)\n'b9:01ef'\n>>> value.hex(':', -2)\n'b901:ef'",
    ),
    MethodDef::new(
        "tolist",
        "($self, /)",
        NativeCall::NoArgs(tolist),
        "Return the data in the buffer as a list of elements.",
    ),
    MethodDef::new(
        "cast",
        "($self, /, format, shape=<unrepresentable>)",
        NativeCall::Bound(cast),
        "Cast a memoryview to a new format or shape.",
    ),
    MethodDef::new(
        "toreadonly",
        "($self, /)",
        NativeCall::NoArgs(toreadonly),
        "Return a readonly version of the memoryview.",
    ),
    MethodDef::new(
        "count",
        "($self, value, /)",
        NativeCall::One(count),
        "Count the number of occurrences of a value.",
    ),
    MethodDef::new(
        "index",
        "($self, value, start=0, stop=sys.maxsize, /)",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: index,
        },
        "Return the index of the first occurrence of a value.\n\nRaises ValueError if the value is not present.",
    ),
    MethodDef::new(
        "__enter__",
        "",
        NativeCall::NoArgs(|vm, this| {
            base(vm, receiver(vm, this)?)?;
            Ok(this.to_ref())
        }),
        "",
    ),
    MethodDef::new(
        "__exit__",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, this, _| release(vm, this),
        },
        "",
    ),
    MethodDef::class(
        "__class_getitem__",
        "",
        NativeCall::One(crate::types::class_getitem),
        "See PEP 585",
    ),
];

/// The computed attributes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::get(
        "obj",
        |vm, this| base(vm, receiver(vm, this)?),
        "The underlying object of the memoryview.",
    ),
    GetSetDef::get(
        "nbytes",
        |vm, this| with(vm, this, |vm, v| vm.new_usize(item_count(v) * v.itemsize)),
        "The amount of space in bytes that the array would use in\n a contiguous representation.",
    ),
    GetSetDef::get(
        "readonly",
        |vm, this| with(vm, this, |vm, v| Ok(vm.bool(v.readonly))),
        "A bool indicating whether the memory is read only.",
    ),
    GetSetDef::get(
        "itemsize",
        |vm, this| with(vm, this, |vm, v| vm.new_usize(v.itemsize)),
        "The size in bytes of each element of the memoryview.",
    ),
    GetSetDef::get(
        "format",
        |vm, this| with(vm, this, |vm, v| Ok(vm.new_str(&v.format)?.upcast())),
        "A string containing the format (in struct module style)\n for each element in the view.",
    ),
    GetSetDef::get(
        "ndim",
        |vm, this| with(vm, this, |vm, v| vm.new_usize(v.shape.len())),
        "An integer indicating how many dimensions of a multi-dimensional\n array the memory represents.",
    ),
    GetSetDef::get(
        "shape",
        |vm, this| {
            with(vm, this, |vm, v| {
                ints(vm, v.shape.iter().map(|&n| n as i64))
            })
        },
        "A tuple of ndim integers giving the shape of the memory\n as an N-dimensional array.",
    ),
    GetSetDef::get(
        "strides",
        |vm, this| {
            with(vm, this, |vm, v| {
                ints(vm, v.strides.iter().map(|&n| n as i64))
            })
        },
        "A tuple of ndim integers giving the size in bytes to access\n each element for each dimension of the array.",
    ),
    GetSetDef::get(
        "suboffsets",
        |vm, this| with(vm, this, |vm, _| ints(vm, std::iter::empty())),
        "A tuple of integers used internally for PIL-style arrays.",
    ),
    GetSetDef::get(
        "c_contiguous",
        |vm, this| with(vm, this, |vm, v| Ok(vm.bool(is_contiguous(v)))),
        "A bool indicating whether the memory is C contiguous.",
    ),
    GetSetDef::get(
        "f_contiguous",
        |vm, this| with(vm, this, |vm, v| Ok(vm.bool(is_fortran(v)))),
        "A bool indicating whether the memory is Fortran contiguous.",
    ),
    GetSetDef::get(
        "contiguous",
        |vm, this| {
            with(vm, this, |vm, v| {
                Ok(vm.bool(is_contiguous(v) || is_fortran(v)))
            })
        },
        "A bool indicating whether the memory is contiguous.",
    ),
];

fn with(vm: &Vm, this: &Object, f: fn(&Vm, &MemoryView) -> PyResult) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    base(vm, view)?;
    f(vm, view)
}

fn ints(vm: &Vm, values: impl Iterator<Item = i64>) -> PyResult {
    let items = values
        .map(|n| vm.new_int(n))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_tuple(items)?.upcast())
}

/// Whether the items lie one behind the other, the first index running fastest.
fn is_fortran(view: &MemoryView) -> bool {
    let mut expected = view.itemsize as isize;
    view.shape
        .iter()
        .zip(view.strides.iter())
        .all(|(&count, &stride)| {
            let fits = count <= 1 || stride == expected;
            expected *= count as isize;
            fits
        })
        || item_count(view) == 0
}

/// Counts a view as looked at, so that it cannot be released meanwhile.
pub(super) struct Export<'a>(&'a MemoryView);

impl<'a> Export<'a> {
    /// Until this is dropped, the view stays.
    pub(super) fn of(view: &'a MemoryView) -> Export<'a> {
        view.exports.set(view.exports.get() + 1);
        Export(view)
    }
}

impl Drop for Export<'_> {
    fn drop(&mut self) {
        self.0.exports.set(self.0.exports.get().saturating_sub(1));
    }
}

fn release(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let exports = view.exports.get();
    if exports > 0 {
        let s = if exports == 1 { "" } else { "s" };
        return Err(vm.buffer_error(format!("memoryview has {exports} exported buffer{s}")));
    }
    view.release_base();
    Ok(vm.none_ref())
}

fn tobytes(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let order = match args {
        [Some(order)] if !vm.is_none(order) => {
            order.downcast::<Str>().map(|o| o.to_text().into_owned())
        }
        _ => Some("C".to_owned()),
    };
    if !matches!(order.as_deref(), Some("C" | "F" | "A")) {
        return Err(vm.value_error("order must be 'C', 'F' or 'A'"));
    }
    if order.as_deref() == Some("F") && view.shape.len() > 1 {
        return Err(vm.not_implemented_error(
            "memoryview: tobytes of more than one dimension in Fortran order",
        ));
    }
    let bytes = with_view_bytes(vm, view, <[u8]>::to_vec)?;
    Ok(vm.new_bytes(&bytes)?.upcast())
}

fn tolist(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let mut level = items(vm, view)?;
    if view.shape.is_empty() {
        return level
            .pop()
            .ok_or_else(|| vm.system_error("memoryview without its item"));
    }
    // Lists of the last dimension first, then lists of those.
    for &count in view.shape.iter().skip(1).rev() {
        level = level
            .chunks(count.max(1))
            .map(|part| Ok(vm.new_list(part.to_vec())?.upcast()))
            .collect::<PyResult<_>>()?;
    }
    Ok(vm.new_list(level)?.upcast())
}

fn cast(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let base = base(vm, view)?;
    let [Some(format), shape] = args else {
        return Err(vm.system_error("cast: bad arguments"));
    };
    let Some(format) = format.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "cast() argument 'format' must be str, not {}",
            protocol::type_name(format)
        )));
    };
    if !is_contiguous(view) {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let text = format.to_text();
    let Some(itemsize) = code(&text).and_then(size_of_code) else {
        return Err(vm.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        ));
    };
    if shape.is_some() && view.shape.len() > 1
        || shape.is_none() && view.shape.len() != 1 && !view.shape.is_empty()
    {
        let to_bytes = shape.is_none() && matches!(code(&text), Some('B' | 'b' | 'c'));
        if !to_bytes {
            return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
        }
    }
    let is_byte = |format: &str| matches!(code(format), Some('B' | 'b' | 'c'));
    if !is_byte(&view.format) && !is_byte(&text) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let size = item_count(view) * view.itemsize;
    if !size.is_multiple_of(itemsize) {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape: Box<[usize]> = match shape {
        None => [size / itemsize].into(),
        Some(shape) => {
            if shape.downcast::<Tuple>().is_none() && shape.downcast::<List>().is_none() {
                return Err(vm.type_error("shape must be a list or a tuple"));
            }
            let mut counts = Vec::new();
            for part in protocol::collect(vm, shape)? {
                let Some(int) = part.downcast::<Int>() else {
                    return Err(
                        vm.type_error("memoryview.cast(): elements of shape must be integers")
                    );
                };
                match int
                    .as_i64()
                    .filter(|n| *n > 0)
                    .and_then(|n| usize::try_from(n).ok())
                {
                    Some(count) => counts.push(count),
                    None => {
                        return Err(vm.value_error(
                            "memoryview.cast(): elements of shape must be integers > 0",
                        ));
                    }
                }
            }
            if counts.len() > 64 {
                return Err(vm.value_error("memoryview: number of dimensions must not exceed 64"));
            }
            let total = counts
                .iter()
                .try_fold(itemsize, |n, count| n.checked_mul(*count));
            if total != Some(size) {
                return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
            }
            counts.into()
        }
    };
    let strides = strides_of(&shape, itemsize);
    let window = Window {
        format: text.into_owned().into(),
        itemsize,
        readonly: view.readonly,
        shape,
        strides,
        offset: view.offset,
    };
    window.open(vm, base)
}

fn toreadonly(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let base = base(vm, view)?;
    let mut window = Window::of(view);
    window.readonly = true;
    window.open(vm, base)
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let (mut i, mut found) = (0, 0);
    while let Some(item) = item_of(vm, view, i)? {
        found += usize::from(protocol::compare_is_or_eq(vm, &item, value)?);
        i += 1;
    }
    vm.new_usize(found)
}

fn index(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    base(vm, view)?;
    let [value, bounds @ ..] = args else {
        return Err(vm.system_error("index without argument"));
    };
    let len = view.shape.first().copied().unwrap_or(0);
    let bound = |i: usize, default: i64| {
        bounds
            .get(i)
            .map_or(Ok(default), |b| protocol::to_isize_clamped(vm, b))
    };
    let (start, stop) = (
        clamp_index(bound(0, 0)?, len),
        clamp_index(bound(1, i64::MAX)?, len),
    );
    for i in start..stop {
        let Some(item) = item_of(vm, view, i)? else {
            break;
        };
        if protocol::compare_is_or_eq(vm, &item, value)? {
            return vm.new_usize(i);
        }
    }
    Err(vm.value_error("memoryview.index(x): x not found"))
}

/// `object.__buffer__(flags)`: a view of the object's memory.
pub(in crate::types) fn buffer(vm: &Vm, this: &Object, flags: &Object) -> PyResult {
    const WRITABLE: i64 = 1;
    let flags = protocol::to_i64(vm, flags)?;
    let view = super::view_of(vm, this)?;
    let readonly = (view.downcast::<MemoryView>()).is_some_and(|view| view.readonly);
    if flags & WRITABLE != 0 && readonly {
        return Err(vm.buffer_error("Object is not writable."));
    }
    Ok(view)
}
