//! The builtin type `memoryview`.
//!
//! A view remembers its base, where its first item begins, and shape and strides; the base counts it as an export. Views
//! of views look at the same base directly.

pub mod item;
pub mod iterator;
pub mod methods;

use std::cell::Cell;

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::Parameters;
use crate::object::{Int, MemoryView, Slice, Slot, Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::buffer::{self, BufferInfo, BufferProcs, count_export};
use crate::types::sequence::{RawSlice, place_tracked, receiver, wrap_index};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

static BUFFER: BufferProcs = BufferProcs {
    info: |this| match this.downcast::<MemoryView>() {
        Some(view) => BufferInfo {
            format: view.format.to_string(),
            itemsize: view.itemsize,
            len: item_count(view) * view.itemsize,
            readonly: view.readonly,
        },
        None => BufferInfo {
            format: "B".to_owned(),
            itemsize: 1,
            len: 0,
            readonly: true,
        },
    },
    read: |this, f| {
        if let Some(view) = this.downcast::<MemoryView>() {
            read_view(view, f);
        }
    },
    write: |this, f| {
        if let Some(view) = this.downcast::<MemoryView>()
            && is_contiguous(view)
        {
            let (start, len) = (view.offset, item_count(view) * view.itemsize);
            write_base(view, &mut |all| {
                if let Some(part) = all.get_mut(start..start + len) {
                    f(part);
                }
            });
        }
    },
    export: |this, change| {
        if let Some(view) = this.downcast::<MemoryView>() {
            view.exports
                .set(view.exports.get().saturating_add_signed(change));
        }
    },
    view: None,
};

/// The type `memoryview`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "memoryview",
    signature: "(object)",
    doc: "Create a new memoryview object which references the given object.",
    traits: TypeTraits::SEQUENCE,
    weaklist_offset: std::mem::offset_of!(MemoryView, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len.set(Some(len));
        s.getitem.set(Some(getitem));
        s.setitem.set(Some(setitem));
        s.buffer.set(Some(&BUFFER));
    },
    methods: &[methods::METHODS],
    getset: methods::GETSET,
    ..TypeSpec::new(MemoryView::layout, true)
};

/// Number of items.
pub fn item_count(view: &MemoryView) -> usize {
    view.shape.iter().product()
}

/// The base, unless the view was released.
///
/// # Errors
/// ValueError: "operation forbidden on released memoryview object"
pub fn base(vm: &Vm, view: &MemoryView) -> PyResult {
    view.base
        .get()
        .ok_or_else(|| vm.value_error("operation forbidden on released memoryview object"))
}

/// Whether the items lie one behind the other in order.
pub fn is_contiguous(view: &MemoryView) -> bool {
    if item_count(view) == 0 {
        return true;
    }
    let mut expected = view.itemsize as isize;
    for (&count, &stride) in view.shape.iter().zip(view.strides.iter()).rev() {
        if count > 1 && stride != expected {
            return false;
        }
        expected *= count as isize;
    }
    true
}

/// The strides of a contiguous buffer of this shape.
pub fn strides_of(shape: &[usize], itemsize: usize) -> Box<[isize]> {
    let mut strides: Vec<isize> = Vec::with_capacity(shape.len());
    let mut stride = itemsize as isize;
    for &count in shape.iter().rev() {
        strides.push(stride);
        stride *= count as isize;
    }
    strides.reverse();
    strides.into()
}

/// The places of all items in the base, in order.
fn item_offsets(view: &MemoryView) -> Vec<usize> {
    let mut level = vec![view.offset];
    for (&count, &stride) in view.shape.iter().zip(view.strides.iter()) {
        level = level
            .iter()
            .flat_map(|&at| (0..count).map(move |i| at.wrapping_add_signed(stride * i as isize)))
            .collect();
    }
    level
}

fn read_base(view: &MemoryView, f: &mut dyn FnMut(&[u8])) {
    if let Some(base) = view.base.get()
        && let Some(procs) = Type::of(&base).slots.buffer.get()
    {
        (procs.read)(&base, f);
    }
}

fn write_base(view: &MemoryView, f: &mut dyn FnMut(&mut [u8])) {
    if let Some(base) = view.base.get()
        && let Some(procs) = Type::of(&base).slots.buffer.get()
    {
        (procs.write)(&base, f);
    }
}

fn read_view(view: &MemoryView, f: &mut dyn FnMut(&[u8])) {
    let (start, size) = (view.offset, item_count(view) * view.itemsize);
    if is_contiguous(view) {
        return read_base(view, &mut |all| {
            f(all.get(start..start + size).unwrap_or_default())
        });
    }
    let offsets = item_offsets(view);
    read_base(view, &mut |all| {
        let items: Vec<u8> = offsets
            .iter()
            .flat_map(|&at| all.get(at..at + view.itemsize).unwrap_or_default())
            .copied()
            .collect();
        f(&items);
    });
}

/// Runs `f` on the bytes that a view sees, in the order of its items.
///
/// # Errors
/// ValueError for a released view.
pub fn with_view_bytes<R>(vm: &Vm, view: &MemoryView, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    base(vm, view)?;
    let (mut f, mut result) = (Some(f), None);
    read_view(view, &mut |bytes| result = f.take().map(|f| f(bytes)));
    result.ok_or_else(|| vm.buffer_error("the object's buffer cannot be read"))
}

/// The parts of a view that is to be made.
pub struct Window {
    /// The struct format of an item.
    pub format: Box<str>,
    /// Bytes of an item.
    pub itemsize: usize,
    /// Whether it is read-only.
    pub readonly: bool,
    /// Items in each dimension.
    pub shape: Box<[usize]>,
    /// Bytes from an item to the next.
    pub strides: Box<[isize]>,
    /// Where the first item begins.
    pub offset: usize,
}

impl Window {
    /// The window of a view.
    pub fn of(view: &MemoryView) -> Window {
        Window {
            format: view.format.clone(),
            itemsize: view.itemsize,
            readonly: view.readonly,
            shape: view.shape.clone(),
            strides: view.strides.clone(),
            offset: view.offset,
        }
    }

    /// The view of this window on a base, which counts it.
    pub fn open(self, vm: &Vm, base: Ref) -> PyResult {
        count_export(&base, 1);
        let head = Object::new(vm.types.memoryview.type_head_of());
        place_tracked(
            vm,
            MemoryView {
                head,
                base: Slot::full(base),
                format: self.format,
                itemsize: self.itemsize,
                readonly: self.readonly,
                shape: self.shape,
                strides: self.strides,
                offset: self.offset,
                exports: Cell::new(0),
                hash: Cell::new(-1),
                weakrefs: Cell::new(std::ptr::null()),
            },
        )
    }
}

/// A view of the bytes of an object.
///
/// # Errors
/// TypeError where it offers no buffer.
pub fn view_of(vm: &Vm, object: &Object) -> PyResult {
    if let Some(view) = object.downcast::<MemoryView>() {
        return Window::of(view).open(vm, base(vm, view)?);
    }
    let Some(procs) = Type::of(object).slots.buffer.get() else {
        return match buffer::dunder_view(vm, object)? {
            Some(view) => Ok(view),
            None => {
                let given = protocol::type_name(object);
                Err(vm.type_error(format!(
                    "memoryview: a bytes-like object is required, not '{given}'"
                )))
            }
        };
    };
    if let Some(view) = procs.view {
        return view(vm, object);
    }
    let info = (procs.info)(object);
    let itemsize = info.itemsize.max(1);
    let shape: Box<[usize]> = [info.len / itemsize].into();
    let strides = strides_of(&shape, itemsize);
    let window = Window {
        format: info.format.into(),
        itemsize,
        readonly: info.readonly,
        shape,
        strides,
        offset: 0,
    };
    window.open(vm, object.to_ref())
}

fn new(vm: &Vm, _: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(object)").bind(vm, "memoryview", args)?;
    match bound[..] {
        [Some(object)] => view_of(vm, object),
        _ => Err(vm.system_error("memoryview: bad arguments")),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let what = if view.base.is_none() {
        "released memory"
    } else {
        "memory"
    };
    Ok(vm
        .new_str(&format!("<{what} at {:#x}>", this.address()))?
        .upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let view = receiver::<MemoryView>(vm, this)?;
    if view.hash.get() != -1 {
        return Ok(view.hash.get());
    }
    let base = base(vm, view)?;
    if !view.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !matches!(item::code(&view.format), Some('B' | 'b' | 'c')) {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    {
        let _export = methods::Export::of(view);
        protocol::hash(vm, &base)?;
    }
    let hash = with_view_bytes(vm, view, |bytes| vm.hash_bytes(bytes))?;
    view.hash.set(hash);
    Ok(hash)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let x = receiver::<MemoryView>(vm, a)?;
    let answer = |equal: bool| Ok(vm.bool(equal == (op == CompareOp::Eq)));
    if a.is(b) && !matches!(item::code(&x.format), Some('f' | 'd' | 'e')) {
        return answer(true);
    }
    if x.base.is_none() {
        return answer(a.is(b));
    }
    if Type::of(b).slots.buffer.get().is_none() {
        return Ok(vm.not_implemented());
    }
    if b.downcast::<MemoryView>().is_some_and(|y| y.base.is_none()) {
        return answer(false);
    }
    let other = view_of(vm, b)?;
    let Some(y) = other.downcast::<MemoryView>() else {
        return Ok(vm.not_implemented());
    };
    if x.shape != y.shape {
        return answer(false);
    }
    if item::code(&x.format) == item::code(&y.format)
        && matches!(item::code(&x.format), Some('B' | 'b' | 'c'))
    {
        let copy = with_view_bytes(vm, x, <[u8]>::to_vec)?;
        return answer(with_view_bytes(vm, y, |bytes| bytes == copy)?);
    }
    // Items of other formats are compared as values; unknown formats are never equal.
    if item::code(&x.format).is_none() || item::code(&y.format).is_none() {
        return answer(false);
    }
    let (left, right) = (items(vm, x)?, items(vm, y)?);
    for (m, n) in left.iter().zip(&right) {
        if !protocol::compare_eq(vm, m, n)? {
            return answer(false);
        }
    }
    answer(true)
}

/// All items as objects, in order.
pub fn items(vm: &Vm, view: &MemoryView) -> PyResult<Vec<Ref>> {
    let bytes = with_view_bytes(vm, view, <[u8]>::to_vec)?;
    bytes
        .chunks(view.itemsize.max(1))
        .map(|raw| item::unpack(vm, &view.format, raw))
        .collect()
}

fn len(vm: &Vm, this: &Object) -> PyResult<usize> {
    let view = receiver::<MemoryView>(vm, this)?;
    base(vm, view)?;
    match view.shape.first() {
        Some(&count) => Ok(count),
        None => Err(vm.type_error("0-dim memory has no length")),
    }
}

/// What stands between the brackets: where an item begins, or a window.
enum Place {
    Item(usize),
    Part(Window),
}

fn out_of_bounds(vm: &Vm, dimension: usize) -> Raised {
    vm.index_error(format!("index out of bounds on dimension {dimension}"))
}

fn place(vm: &Vm, view: &MemoryView, key: &Object) -> PyResult<Place> {
    let is_index =
        |o: &Object| o.downcast::<Int>().is_some() || Type::of(o).slots.index.get().is_some();
    let sub_views = || vm.not_implemented_error("multi-dimensional sub-views are not implemented");
    if view.shape.is_empty() {
        return match key.downcast::<Tuple>() {
            Some(tuple) if tuple.is_empty() => Ok(Place::Item(view.offset)),
            _ => Err(vm.type_error("invalid indexing of 0-dim memory")),
        };
    }
    if is_index(key) {
        let index = protocol::to_index(vm, key)?;
        let ([count], [stride]) = (&view.shape[..], &view.strides[..]) else {
            return Err(sub_views());
        };
        let i = wrap_index(index, *count).ok_or_else(|| out_of_bounds(vm, 1))?;
        return Ok(Place::Item(
            view.offset.wrapping_add_signed(stride * i as isize),
        ));
    }
    if let Some(slice) = key.downcast::<Slice>() {
        let raw = RawSlice::unpack(vm, slice)?;
        let ([count], [stride]) = (&view.shape[..], &view.strides[..]) else {
            return Err(vm.not_implemented_error("multi-dimensional slicing is not implemented"));
        };
        let indices = raw.adjust(*count);
        let mut window = Window::of(view);
        window.offset = view
            .offset
            .wrapping_add_signed(stride * indices.start as isize);
        window.shape = [indices.len].into();
        window.strides = [stride * indices.step as isize].into();
        return Ok(Place::Part(window));
    }
    let invalid = || vm.type_error("memoryview: invalid slice key");
    let tuple = key.downcast::<Tuple>().ok_or_else(invalid)?;
    if !tuple.iter().all(is_index) {
        return Err(if tuple.iter().all(|o| o.downcast::<Slice>().is_some()) {
            vm.not_implemented_error("multi-dimensional slicing is not implemented")
        } else {
            invalid()
        });
    }
    if tuple.len() < view.shape.len() {
        return Err(sub_views());
    }
    if tuple.len() > view.shape.len() {
        let (wanted, given) = (view.shape.len(), tuple.len());
        return Err(vm.type_error(format!(
            "cannot index {wanted}-dimension view with {given}-element tuple"
        )));
    }
    let mut at = view.offset;
    for (dimension, ((index, &count), &stride)) in tuple
        .iter()
        .zip(view.shape.iter())
        .zip(view.strides.iter())
        .enumerate()
    {
        let index = protocol::to_index(vm, index)?;
        let i = wrap_index(index, count).ok_or_else(|| out_of_bounds(vm, dimension + 1))?;
        at = at.wrapping_add_signed(stride * i as isize);
    }
    Ok(Place::Item(at))
}

/// The item that begins at a place of the base.
fn item_at(vm: &Vm, view: &MemoryView, at: usize) -> PyResult {
    // Converting the index may have released the view.
    base(vm, view)?;
    let mut raw = Vec::with_capacity(view.itemsize);
    read_base(view, &mut |all| {
        raw.extend_from_slice(all.get(at..at + view.itemsize).unwrap_or_default())
    });
    item::unpack(vm, &view.format, &raw)
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let view = receiver::<MemoryView>(vm, this)?;
    let owner = base(vm, view)?;
    match place(vm, view, key)? {
        Place::Item(at) => item_at(vm, view, at),
        // Also where converting a bound has released the view meanwhile: the part is of its owner.
        Place::Part(window) => window.open(vm, owner),
    }
}

/// The item of a one-dimensional view at an index, nothing past the end.
pub fn item_of(vm: &Vm, view: &MemoryView, index: usize) -> PyResult<Option<Ref>> {
    base(vm, view)?;
    match (view.shape.first(), view.strides.first()) {
        (Some(&count), Some(&stride)) if index < count => item_at(
            vm,
            view,
            view.offset.wrapping_add_signed(stride * index as isize),
        )
        .map(Some),
        _ => Ok(None),
    }
}

fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let view = receiver::<MemoryView>(vm, this)?;
    base(vm, view)?;
    if view.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else {
        return Err(vm.type_error("cannot delete memory"));
    };
    match place(vm, view, key)? {
        Place::Item(at) => {
            let raw = item::pack(vm, &view.format, value)?;
            // Converting the value may have released the view.
            base(vm, view)?;
            write_base(view, &mut |all| {
                if let Some(place) = all.get_mut(at..at + raw.len()) {
                    place.copy_from_slice(&raw);
                }
            });
            Ok(())
        }
        Place::Part(window) => {
            base(vm, view)?;
            if Type::of(value).slots.buffer.get().is_none() {
                return Err(buffer::not_bytes_like(vm, value));
            }
            let source = view_of(vm, value)?;
            let Some(source) = source.downcast::<MemoryView>() else {
                return Err(buffer::not_bytes_like(vm, value));
            };
            if source.shape != window.shape
                || item::code(&source.format) != item::code(&window.format)
            {
                return Err(vm.value_error(
                    "memoryview assignment: lvalue and rvalue have different structures",
                ));
            }
            let bytes = with_view_bytes(vm, source, <[u8]>::to_vec)?;
            let (Some(&stride), size) = (window.strides.first(), window.itemsize) else {
                return Ok(());
            };
            write_base(view, &mut |all| {
                for (i, raw) in bytes.chunks_exact(size).enumerate() {
                    let at = window.offset.wrapping_add_signed(stride * i as isize);
                    if let Some(place) = all.get_mut(at..at + size) {
                        place.copy_from_slice(raw);
                    }
                }
            });
            Ok(())
        }
    }
}
