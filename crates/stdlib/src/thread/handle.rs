//! The type `_ThreadHandle`.

use std::rc::Rc;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Type, kinds};
use viv_runtime::protocol;
use viv_runtime::timestamp::Timestamp;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::vm::threads::Handle;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::timeout::seconds;

/// A thread as `threading` holds it.
#[repr(C)]
pub struct ThreadHandle {
    /// The header.
    pub head: Object,
    /// What is shared with the thread.
    pub handle: Rc<Handle>,
}
object_layout!(ThreadHandle = kinds::THREAD_HANDLE);

static SPEC: TypeSpec = TypeSpec {
    name: "_ThreadHandle",
    module: "_thread",
    slots: |s| {
        s.new
            .set(Some(|vm, _, _| new(vm, Rc::new(Handle::default()))));
        s.repr.set(Some(repr));
    },
    methods: &[&[
        MethodDef::new(
            "join",
            "($self, timeout=None, /)",
            NativeCall::Positional {
                min: 0,
                max: 1,
                call: join,
            },
            "",
        ),
        MethodDef::new(
            "_set_done",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                let handle = &receiver::<ThreadHandle>(vm, this)?.handle;
                if handle.is_new() || handle.is_starting() {
                    return Err(vm.runtime_error("thread not started"));
                }
                handle.ended();
                Ok(vm.none_ref())
            }),
            "",
        ),
        MethodDef::new(
            "is_done",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                Ok(vm.bool(receiver::<ThreadHandle>(vm, this)?.handle.is_done()))
            }),
            "",
        ),
    ]],
    getset: &[GetSetDef::get(
        "ident",
        |vm, this| vm.new_usize(receiver::<ThreadHandle>(vm, this)?.handle.ident() as usize),
        "",
    )],
    ..TypeSpec::new(ThreadHandle::layout, true)
};

/// The type `_thread._ThreadHandle`.
pub fn handle_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// A new handle.
pub fn new(vm: &Vm, handle: Rc<Handle>) -> PyResult {
    let ty = handle_type(vm)?;
    place_tracked(
        vm,
        ThreadHandle {
            head: Object::new(ty.type_head_of()),
            handle,
        },
    )
}

fn join(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let handle = &receiver::<ThreadHandle>(vm, this)?.handle;
    let timeout = match args.first().copied() {
        Some(timeout) if !vm.is_none(timeout) => Some(seconds(vm, timeout)?),
        _ => None,
    };
    if handle.is_new() || handle.is_starting() {
        return Err(vm.runtime_error("thread not started"));
    }
    if !handle.is_done() && handle.ident() == vm.thread_ident() {
        return Err(vm.runtime_error("Cannot join current thread"));
    }
    if !handle.is_done() && vm.threads.ending() {
        return Err(vm.raise(
            &vm.exceptions.PythonFinalizationError,
            "cannot join thread at interpreter shutdown",
        ));
    }
    // A negative timeout means none.
    let until = timeout
        .filter(|t| *t >= Timestamp::ZERO)
        .and_then(Timestamp::deadline);
    let handle = Rc::clone(handle);
    handle.join(vm, until)?;
    Ok(vm.none_ref())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let ident = receiver::<ThreadHandle>(vm, this)?.handle.ident();
    let name = protocol::type_name(this);
    let text =
        format!("<_thread.{name} object: ident={ident}>").replace("_thread._thread", "_thread");
    Ok(vm.new_str(&text)?.upcast())
}
