//! The builtin type `cell`: a variable that several functions share.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::object::{CellObject, Slot, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `cell`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "cell",
    signature: "([contents])",
    doc: "Create a new cell object.\n\n  contents\n    the contents of the cell. If not specified, the cell will be empty,\n    and \n further attempts to access its cell_contents attribute will\n    raise a ValueError.",
    traits: crate::object::TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
    },
    getset: &[GetSetDef::get_set(
        "cell_contents",
        |vm, o| match receiver::<CellObject>(vm, o)?.contents.get() {
            Some(value) => Ok(value),
            None => Err(vm.value_error("Cell is empty")),
        },
        |vm, o, v| {
            receiver::<CellObject>(vm, o)?
                .contents
                .set(v.map(Object::to_ref));
            Ok(())
        },
        "",
    )],
    ..TypeSpec::new(CellObject::layout, true)
};

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let args = constructor_args(vm, "cell", args, 0, 1)?;
    let contents = Slot::new(args.first().map(|o| o.to_ref()));
    let cell = vm.place(CellObject {
        head: Object::new(ty.type_head_of()),
        contents,
    })?;
    vm.heap.track(&cell);
    Ok(cell.upcast())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let text = match receiver::<CellObject>(vm, this)?.contents.get() {
        Some(value) => format!("{} object at {:#x}", type_name(&value), value.address()),
        None => "empty".to_owned(),
    };
    Ok(vm
        .new_str(&format!("<cell at {:#x}: {text}>", this.address()))?
        .upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<CellObject>(), b.downcast::<CellObject>()) else {
        return Ok(vm.not_implemented());
    };
    match (x.contents.get(), y.contents.get()) {
        (Some(x), Some(y)) => protocol::compare(vm, &x, &y, op),
        // An empty cell is less than any other.
        (x, y) => {
            let (x, y) = (x.is_some(), y.is_some());
            Ok(vm.bool(match op {
                CompareOp::Lt => !x & y,
                CompareOp::Le => x <= y,
                CompareOp::Eq => x == y,
                CompareOp::Ne => x != y,
                CompareOp::Gt => x & !y,
                CompareOp::Ge => x >= y,
            }))
        }
    }
}
