//! `pickle.PickleBuffer`, which marks bytes that a pickle may leave to be sent another way.

use std::cell::Cell;

use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{MemoryView, Slot, Type};
use viv_runtime::types::buffer::{BufferInfo, BufferProcs, has_buffer, not_bytes_like};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::memoryview::{is_contiguous, view_of};
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout,
    protocol,
};

use crate::kinds;

/// The type `pickle.PickleBuffer`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// A `pickle.PickleBuffer`.
#[repr(C)]
pub struct PickleBuffer {
    /// The header.
    pub head: Object,
    /// A view of the object; nothing once it was released.
    view: Slot,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    PickleBuffer = kinds::PICKLE_BUFFER,
    traverse | this,
    visit | {
        this.view.visit(visit);
    },
    clear | this | {
        this.view.set(None);
    }
);

/// Runs `f` with the functions of the view.
fn with_view<R>(this: &Object, other: R, f: impl FnOnce(&Object, &BufferProcs) -> R) -> R {
    let view = this
        .downcast::<PickleBuffer>()
        .and_then(|this| this.view.get());
    match &view {
        Some(view) => match Type::of(view).slots.buffer.get() {
            Some(procs) => f(view, procs),
            None => other,
        },
        None => other,
    }
}

static BUFFER: BufferProcs = BufferProcs {
    info: |this| {
        let nothing = BufferInfo {
            format: "B".to_owned(),
            itemsize: 1,
            len: 0,
            readonly: true,
        };
        with_view(this, nothing, |view, procs| (procs.info)(view))
    },
    read: |this, f| with_view(this, (), |view, procs| (procs.read)(view, f)),
    write: |this, f| with_view(this, (), |view, procs| (procs.write)(view, f)),
    export: |this, change| with_view(this, (), |view, procs| (procs.export)(view, change)),
    view: Some(|vm, this| view_of(vm, &*view(vm, this)?)),
};

static SPEC: TypeSpec = TypeSpec {
    name: "PickleBuffer",
    module: "pickle",
    doc: "Wrapper for potentially out-of-band buffers",
    signature: "(object, /)",
    weaklist_offset: std::mem::offset_of!(PickleBuffer, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.buffer.set(Some(&BUFFER));
    },
    methods: &[&[
        MethodDef::new(
            "raw",
            "($self, /)",
            NativeCall::NoArgs(raw),
            "Return a memoryview of the raw memory underlying this buffer.\n\nWill raise BufferError is the buffer isn't contiguous.",
        ),
        MethodDef::new(
            "release",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                receiver::<PickleBuffer>(vm, this)?.view.set(None);
                Ok(vm.none_ref())
            }),
            "Release the underlying buffer held by the PickleBuffer object.",
        ),
    ]],
    ..TypeSpec::new(PickleBuffer::layout, true)
};

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(object, /)").bind(vm, "PickleBuffer", args)?;
    let object = crate::binascii::first(vm, &bound)?;
    if !has_buffer(vm, object)? {
        return Err(not_bytes_like(vm, object));
    }
    let view = view_of(vm, object)?;
    place_tracked(
        vm,
        PickleBuffer {
            head: Object::new(ty.type_head_of()),
            view: Slot::full(view),
            weakrefs: Cell::new(std::ptr::null()),
        },
    )
}

#[cold]
fn released(vm: &Vm) -> Raised {
    vm.value_error("operation forbidden on released PickleBuffer object")
}

/// The view of a buffer that was not released.
///
/// # Errors
/// ValueError
pub fn view(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<PickleBuffer>(vm, this)?.view.get();
    view.ok_or_else(|| released(vm))
}

/// Whether a view must not be written.
pub fn is_readonly(view: &Object) -> bool {
    let procs = Type::of(view).slots.buffer.get();
    procs.is_none_or(|procs| (procs.info)(view).readonly)
}

fn raw(vm: &Vm, this: &Object) -> PyResult {
    let view = view(vm, this)?;
    if !view.downcast::<MemoryView>().is_some_and(is_contiguous) {
        return Err(vm.buffer_error("cannot extract raw buffer from non-contiguous buffer"));
    }
    let fresh = view_of(vm, &view)?;
    let cast = vm.intern("cast")?;
    protocol::call_method(vm, &fresh, &cast, &[vm.new_str("B")?.as_object()])
}
