//! `iter_unpack`: struct after struct of one buffer.

use std::cell::Cell;
use std::rc::Rc;

use viv_runtime::object::{Bytes, Slot, kinds};
use viv_runtime::types::buffer;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::memoryview::view_of;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::error;
use super::format::Layout;

/// A `_struct.unpack_iterator`.
#[repr(C)]
pub struct StructIterator {
    /// The header.
    pub head: Object,
    layout: Rc<Layout>,
    /// The bytes object or a view of the buffer, until the end.
    source: Slot,
    at: Cell<usize>,
    len: usize,
}
object_layout!(
    StructIterator = kinds::STRUCT_ITERATOR,
    traverse | this,
    visit | {
        this.source.visit(visit);
    },
    clear | this | {
        this.source.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "unpack_iterator",
    module: "_struct",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[&[MethodDef::new(
        "__length_hint__",
        "",
        NativeCall::NoArgs(|vm, this| {
            let this = receiver::<StructIterator>(vm, this)?;
            vm.new_usize(this.left() / this.layout.size.max(1))
        }),
        "",
    )]],
    ..TypeSpec::new(StructIterator::layout, true)
};

impl StructIterator {
    /// Bytes that were not read yet.
    fn left(&self) -> usize {
        if self.source.is_none() {
            0
        } else {
            self.len.saturating_sub(self.at.get())
        }
    }
}

/// `iter_unpack(buffer)`
pub fn iterator(vm: &Vm, layout: Rc<Layout>, source: &Object) -> PyResult {
    let size = layout.size;
    if size == 0 {
        return Err(error(
            vm,
            "cannot iteratively unpack with a struct of length 0",
        ));
    }
    let len = buffer::require_bytes(vm, source, <[u8]>::len)?;
    if !len.is_multiple_of(size) {
        return Err(error(
            vm,
            &format!("iterative unpacking requires a buffer of a multiple of {size} bytes"),
        ));
    }
    // A view keeps the owner of the bytes from changing their number.
    let source = match source.downcast::<Bytes>() {
        Some(_) => source.to_ref(),
        None => view_of(vm, source)?,
    };
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    let made = vm.place(StructIterator {
        head: Object::new(ty.type_head_of()),
        layout,
        source: Slot::full(source),
        at: Cell::new(0),
        len,
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<StructIterator>(vm, this)?;
    let Some(source) = this.source.get() else {
        return Ok(None);
    };
    let (at, size) = (this.at.get(), this.layout.size);
    if at + size > this.len {
        this.source.set(None);
        return Ok(None);
    }
    this.at.set(at + size);
    let layout = &this.layout;
    if let Some(bytes) = source.downcast::<Bytes>() {
        let part = bytes.as_slice().get(at..at + size).unwrap_or_default();
        return super::values(vm, layout, part).map(Some);
    }
    let part = buffer::require_bytes(vm, &source, |bytes| {
        bytes.get(at..at + size).unwrap_or_default().to_vec()
    })?;
    super::values(vm, layout, &part).map(Some)
}
