//! The buffer protocol: how bytes, bytearray, array, mmap and memoryview show their memory to each other.
//!
//! A type offers it by filling its `buffer` slot with [`BufferProcs`]. Whoever wants the bytes for the length of one
//! operation calls [`with_bytes`]; whoever keeps them for longer makes a memoryview, which counts as an export and so
//! keeps the owner from changing its size.
//!
//! **Invariant.** The closures given here run no Python code: the bytes may not move under them.

use viv_heap::{Object, Ref};

use crate::object::{ByteArray, Bytes, MemoryView, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// What a buffer looks like.
pub struct BufferInfo {
    /// The struct format of an item.
    pub format: String,
    /// Bytes of an item.
    pub itemsize: usize,
    /// Number of bytes.
    pub len: usize,
    /// Whether the bytes must not be written.
    pub readonly: bool,
}

/// Shows the bytes of an object to a function.
pub type ReadBytes = fn(&Object, &mut dyn FnMut(&[u8]));

/// Shows the bytes of an object to a function that may write them.
pub type WriteBytes = fn(&Object, &mut dyn FnMut(&mut [u8]));

/// The functions of a type that offers its bytes. The bytes are contiguous.
pub struct BufferProcs {
    /// What the buffer looks like now.
    pub info: fn(&Object) -> BufferInfo,
    /// Shows the bytes.
    pub read: ReadBytes,
    /// Shows the bytes for writing; never called where the buffer is read-only.
    pub write: WriteBytes,
    /// Changes the number of views by one.
    pub export: fn(&Object, isize),
    /// Makes a view of the object that stands behind, where the buffer is another one's.
    pub view: Option<fn(&Vm, &Object) -> PyResult>,
}

/// Counts a view of an object more or less.
pub fn count_export(object: &Object, change: isize) {
    if let Some(procs) = Type::of(object).slots.buffer.get() {
        (procs.export)(object, change);
    }
}

/// A memoryview from a class's `__buffer__` method.
fn from_dunder(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    if !Type::of(object).has(crate::object::TypeTraits::HEAP) {
        return Ok(None);
    }
    let name = vm.intern("__buffer__")?;
    let flags = vm.new_int(0x11c)?;
    let Some(view) = protocol::call_special(vm, object, &name, &[&flags])? else {
        return Ok(None);
    };
    if view.downcast::<MemoryView>().is_none() {
        return Err(vm.type_error("__buffer__ returned non-memoryview object"));
    }
    Ok(Some(view))
}

/// Whether an object offers a buffer.
pub fn has_buffer(vm: &Vm, object: &Object) -> PyResult<bool> {
    if Type::of(object).slots.buffer.get().is_some() {
        return Ok(true);
    }
    let name = vm.intern("__buffer__")?;
    Ok(Type::of(object).has(crate::object::TypeTraits::HEAP)
        && Type::of(object).lookup(vm, &name).is_some())
}

/// Runs `f` on the bytes of an object, in the order of its items; nothing where it offers no buffer.
///
/// # Errors
/// ValueError for a released memoryview; whatever `__buffer__` raises.
pub fn with_bytes<R>(vm: &Vm, object: &Object, f: impl FnOnce(&[u8]) -> R) -> PyResult<Option<R>> {
    if let Some(bytes) = object.downcast::<Bytes>() {
        return Ok(Some(f(bytes.as_slice())));
    }
    if let Some(array) = object.downcast::<ByteArray>() {
        return Ok(Some(array.data.read(|data| f(data))));
    }
    if let Some(view) = object.downcast::<MemoryView>() {
        return crate::types::memoryview::with_view_bytes(vm, view, f).map(Some);
    }
    let Some(procs) = Type::of(object).slots.buffer.get() else {
        let Some(view) = from_dunder(vm, object)? else {
            return Ok(None);
        };
        let Some(view) = view.downcast::<MemoryView>() else {
            return Ok(None);
        };
        return crate::types::memoryview::with_view_bytes(vm, view, f).map(Some);
    };
    let (mut f, mut result) = (Some(f), None);
    (procs.read)(object, &mut |bytes| result = f.take().map(|f| f(bytes)));
    Ok(result)
}

/// Keeps a buffer from changing its size while this lives.
pub struct Exported<'a>(&'a Object);

impl<'a> Exported<'a> {
    /// Counts as one export of the object.
    pub fn new(object: &'a Object) -> Exported<'a> {
        if let Some(procs) = Type::of(object).slots.buffer.get() {
            (procs.export)(object, 1);
        }
        Exported(object)
    }
}

impl Drop for Exported<'_> {
    fn drop(&mut self) {
        if let Some(procs) = Type::of(self.0).slots.buffer.get() {
            (procs.export)(self.0, -1);
        }
    }
}

/// A copy of the bytes of an object; nothing where it offers no buffer.
pub fn copy_bytes(vm: &Vm, object: &Object) -> PyResult<Option<Vec<u8>>> {
    with_bytes(vm, object, <[u8]>::to_vec)
}

/// Raises BufferError for a view whose items do not stand side by side.
///
/// # Errors
/// BufferError
pub fn require_contiguous(vm: &Vm, object: &Object) -> PyResult<()> {
    match object.downcast::<MemoryView>() {
        Some(view) if !crate::types::memoryview::is_contiguous(view) => {
            Err(vm.buffer_error("memoryview: underlying buffer is not C-contiguous"))
        }
        _ => Ok(()),
    }
}

/// Runs `f` on the bytes of an object, which stand side by side.
///
/// # Errors
/// TypeError: "a bytes-like object is required, not 'x'"; BufferError
pub fn require_bytes<R>(vm: &Vm, object: &Object, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    require_contiguous(vm, object)?;
    match with_bytes(vm, object, f)? {
        Some(result) => Ok(result),
        None => Err(not_bytes_like(vm, object)),
    }
}

/// Runs `f` on the bytes of an object, which it may change, in the order of its items.
///
/// # Errors
/// TypeError: "argument must be read-write bytes-like object, not x"; ValueError for a released memoryview.
pub fn with_bytes_mut<R>(vm: &Vm, object: &Object, f: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
    let (mut f, mut result) = (Some(f), None);
    let mut run = |object: &Object| {
        if let Some(procs) = Type::of(object).slots.buffer.get()
            && !(procs.info)(object).readonly
        {
            (procs.write)(object, &mut |bytes| result = f.take().map(|f| f(bytes)));
        }
    };
    if let Some(view) = object.downcast::<MemoryView>() {
        crate::types::memoryview::base(vm, view)?;
    }
    if Type::of(object).slots.buffer.get().is_some() {
        run(object);
    } else if let Some(view) = from_dunder(vm, object)? {
        run(&view);
    }
    result.ok_or_else(|| {
        vm.type_error(format!(
            "argument must be read-write bytes-like object, not {}",
            protocol::argument_name(vm, object)
        ))
    })
}

/// A memoryview of an object that has a `__buffer__` method.
pub(crate) fn dunder_view(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    from_dunder(vm, object)
}

/// TypeError: "a bytes-like object is required, not 'x'"
#[cold]
pub fn not_bytes_like(vm: &Vm, object: &Object) -> Raised {
    vm.type_error(format!(
        "a bytes-like object is required, not '{}'",
        protocol::type_name(object)
    ))
}
