//! The builtin type `cell`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::GetSetDef;
use crate::object::{CellObject, Slot};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `cell`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "cell",
    doc: "Create a new cell object.",
    signature: "(contents=None)",
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            let contents = Slot::new(args.pos().first().map(|c| c.to_ref()));
            let cell = vm.place(CellObject { head: Object::new(ty.type_head_of()), contents })?;
            vm.heap.track(&cell);
            Ok(cell.upcast())
        }));
        s.repr.set(Some(repr));
        s.compare.set(Some(|vm, a, b, op| match (a.downcast::<CellObject>(), b.downcast::<CellObject>()) {
            (Some(a), Some(b)) => match (a.contents.get(), b.contents.get()) {
                (Some(a), Some(b)) => protocol::compare(vm, &a, &b, op),
                (a, b) => {
                    let (a, b) = (vm.new_int(a.is_some().into())?, vm.new_int(b.is_some().into())?);
                    protocol::compare(vm, &a, &b, op)
                }
            },
            _ => Ok(vm.not_implemented()),
        }));
    },
    getset: &[GetSetDef::get_set("cell_contents", contents, set_contents, "")],
    ..TypeSpec::new(CellObject::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a CellObject> {
    object.downcast::<CellObject>().ok_or_else(|| vm.type_error("descriptor requires a 'cell' object"))
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let at = object.address();
    let text = match this(vm, object)?.contents.get() {
        Some(value) => format!("<cell at {at:#x}: {} object at {:#x}>", protocol::type_name(&value), value.address()),
        None => format!("<cell at {at:#x}: empty>"),
    };
    vm.new_str(&text).map(Ref::upcast)
}

fn contents(vm: &Vm, object: &Object) -> PyResult {
    this(vm, object)?.contents.get().ok_or_else(|| vm.value_error("cell is empty"))
}

fn set_contents(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    this(vm, object)?.contents.set(value.map(Object::to_ref));
    Ok(())
}
