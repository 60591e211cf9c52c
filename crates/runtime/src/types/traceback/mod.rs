//! The builtin type `traceback`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Frame, Slot, Traceback, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `traceback`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "traceback",
    signature: "(tb_next, tb_frame, tb_lasti, tb_lineno)",
    doc: "Create a new traceback object.",
    slots: |s| s.new.set(Some(new)),
    methods: &[&[MethodDef::new(
        "__dir__",
        "($self, /)",
        NativeCall::NoArgs(|vm, _| {
            let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
            let names = (names.iter())
                .map(|name| Ok(vm.intern(name)?.upcast()))
                .collect::<PyResult<Vec<Ref>>>()?;
            Ok(vm.new_list(names)?.upcast())
        }),
        "",
    )]],
    getset: &[
        GetSetDef::get_set(
            "tb_next",
            |vm, o| {
                Ok(receiver::<Traceback>(vm, o)?
                    .next
                    .get()
                    .map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            set_next,
            "",
        ),
        GetSetDef::member(
            "tb_frame",
            |vm, o| Ok(receiver::<Traceback>(vm, o)?.frame.clone().upcast()),
            "",
        ),
        GetSetDef::member(
            "tb_lasti",
            |vm, o| {
                let traceback = receiver::<Traceback>(vm, o)?;
                let known = traceback.lasti.map(i64::from);
                let code = &traceback.frame.code;
                vm.new_int(known.unwrap_or_else(|| super::code::offset_of(code, traceback.word)))
            },
            "",
        ),
        GetSetDef::get(
            "tb_lineno",
            |vm, o| vm.new_int(i64::from(line(receiver::<Traceback>(vm, o)?))),
            "",
        ),
    ],
    ..TypeSpec::new(Traceback::layout, true)
};

/// The line that the frame was at.
pub fn line(traceback: &Traceback) -> u32 {
    traceback.line.unwrap_or_else(|| {
        traceback
            .frame
            .code
            .source
            .location(traceback.word as usize)
            .line
    })
}

/// `None` or a traceback.
fn next_of(vm: &Vm, value: &Object) -> PyResult<Option<Ref<Traceback>>> {
    if vm.is_none(value) {
        return Ok(None);
    }
    match value.to_ref().cast::<Traceback>() {
        Ok(next) => Ok(Some(next)),
        Err(_) => Err(vm.type_error(format!(
            "expected traceback object or None, got '{}'",
            protocol::type_name(value)
        ))),
    }
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    reject_keywords(vm, "traceback", args)?;
    check_count(vm, "traceback", args.pos().len(), 4, 4)?;
    let &[next, frame, lasti, line] = args.pos() else {
        return Err(vm.type_error("traceback() takes 4 arguments"));
    };
    let next = next_of(vm, next)?;
    let Ok(frame) = frame.to_ref().cast::<Frame>() else {
        return Err(vm.type_error(format!(
            "traceback() argument 'tb_frame' must be frame, not {}",
            protocol::type_name(frame)
        )));
    };
    let (lasti, line) = (protocol::to_i64(vm, lasti)?, protocol::to_i64(vm, line)?);
    let Ok(lasti) = i32::try_from(lasti) else {
        let text = "Python int too large to convert to C int";
        return Err(vm.raise(&vm.exceptions.OverflowError, text));
    };
    let word = super::code::word_of(&frame.code, i64::from(lasti));
    let made = vm.place(Traceback {
        head: Object::new(ty.type_head_of()),
        next: Slot::new(next),
        frame,
        word,
        lasti: Some(lasti),
        line: u32::try_from(line).ok(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn set_next(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let traceback = receiver::<Traceback>(vm, this)?;
    let Some(value) = value else {
        return Err(vm.type_error("can't delete tb_next attribute"));
    };
    let next = next_of(vm, value)?;
    let mut at = next.clone();
    while let Some(here) = at {
        if std::ptr::eq(&here.head, this) {
            return Err(vm.value_error("traceback loop detected"));
        }
        at = here.next.get();
    }
    traceback.next.set(next);
    Ok(())
}
