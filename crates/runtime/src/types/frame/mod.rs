//! The builtin type `frame`, and the view of a function's variables that its `f_locals` gives.

pub mod locals;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Frame, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `frame`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "frame",
    slots: |s| s.repr.set(Some(repr)),
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Frame::layout, true)
};

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let frame = receiver::<Frame>(vm, this)?;
    let at = std::ptr::from_ref(this).addr();
    let (file, name) = (frame.code.filename.to_text(), frame.code.name.to_text());
    Ok(vm
        .new_str(&format!(
            "<frame at {at:#x}, file '{file}', line {}, code {name}>",
            frame.line()
        ))?
        .upcast())
}

const GETSET: &[GetSetDef] = &[
    GetSetDef::get(
        "f_back",
        |vm, o| {
            Ok(receiver::<Frame>(vm, o)?
                .caller(vm)?
                .map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    ),
    GetSetDef::get(
        "f_code",
        |vm, o| Ok(receiver::<Frame>(vm, o)?.code.clone().upcast()),
        "",
    ),
    GetSetDef::get(
        "f_globals",
        |vm, o| Ok(receiver::<Frame>(vm, o)?.globals.clone().upcast()),
        "",
    ),
    GetSetDef::get(
        "f_builtins",
        |vm, o| Ok(receiver::<Frame>(vm, o)?.builtins.clone().upcast()),
        "",
    ),
    GetSetDef::get("f_locals", f_locals, ""),
    GetSetDef::get(
        "f_lasti",
        |vm, o| {
            let frame = receiver::<Frame>(vm, o)?;
            vm.new_int(super::code::offset_of(&frame.code, frame.current_word()))
        },
        "",
    ),
    GetSetDef::get("f_lineno", lineno, ""),
    GetSetDef::get(
        "f_generator",
        |vm, o| {
            let generator = receiver::<Frame>(vm, o)?.owner();
            Ok(generator.unwrap_or_else(|| vm.none_ref()))
        },
        "Return the generator or coroutine associated with this frame, or None.",
    ),
    GetSetDef::get_set(
        "f_trace",
        |vm, o| {
            Ok(receiver::<Frame>(vm, o)?
                .trace
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        set_trace,
        "",
    ),
    GetSetDef::get_set(
        "f_trace_lines",
        |vm, o| Ok(vm.bool(receiver::<Frame>(vm, o)?.trace_lines.get())),
        set_trace_lines,
        "",
    ),
    GetSetDef::get_set(
        "f_trace_opcodes",
        |vm, o| Ok(vm.bool(receiver::<Frame>(vm, o)?.trace_opcodes.get())),
        set_trace_opcodes,
        "",
    ),
];

fn lineno(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<Frame>(vm, this)?.line() {
        0 => Ok(vm.none_ref()),
        line => vm.new_int(i64::from(line)),
    }
}

/// The mapping of a module or class body itself; of a function, a view that writes through (PEP 667).
fn f_locals(vm: &Vm, this: &Object) -> PyResult {
    let frame = receiver::<Frame>(vm, this)?;
    match frame.locals.get() {
        Some(mapping) => Ok(mapping),
        None => locals::new(vm, frame),
    }
}

fn set_trace(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    receiver::<Frame>(vm, this)?
        .trace
        .set(value.filter(|v| !vm.is_none(v)).map(Object::to_ref));
    Ok(())
}

fn truth(vm: &Vm, value: &Object) -> PyResult<bool> {
    if Type::of(value).is(&vm.types.bool) {
        return protocol::is_true(vm, value);
    }
    Err(vm.type_error("attribute value type must be bool"))
}

fn set_trace_lines(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.type_error("can't delete numeric/char attribute"));
    };
    receiver::<Frame>(vm, this)?
        .trace_lines
        .set(truth(vm, value)?);
    Ok(())
}

fn set_trace_opcodes(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.raise(
            &vm.exceptions.AttributeError,
            "f_trace_opcodes cannot be deleted",
        ));
    };
    receiver::<Frame>(vm, this)?
        .trace_opcodes
        .set(truth(vm, value)?);
    Ok(())
}

const METHODS: &[MethodDef] = &[MethodDef::new(
    "clear",
    "($self, /)",
    NativeCall::NoArgs(clear),
    "Clear all references held by the frame.",
)];

fn clear(vm: &Vm, this: &Object) -> PyResult {
    let frame = receiver::<Frame>(vm, this)?;
    if frame.record.get() != usize::MAX {
        return Err(vm.runtime_error("cannot clear an executing frame"));
    }
    if frame.is_suspended() {
        return Err(vm.runtime_error("cannot clear a suspended frame"));
    }
    if let Some(owner) = frame.owner() {
        // It has not begun: whoever made it is told that it never will.
        super::generator::frame_cleared(vm, &owner)?;
    }
    for i in 0..frame.code.local_count as usize {
        frame.set_fast_value(i, None);
    }
    frame.extra_locals.set(None);
    Ok(vm.none_ref())
}
