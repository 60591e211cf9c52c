//! `cmp_to_key`: keys that compare by a function.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, CompareOp, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

/// A `KeyWrapper`: the function, and the object once it has been called with one.
#[repr(C)]
pub struct KeyWrapper {
    /// The header.
    pub head: Object,
    function: Ref,
    object: Slot,
}
object_layout!(
    KeyWrapper = kinds::CMP_KEY,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        this.object.visit(visit);
    },
    clear | this | {
        this.object.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "KeyWrapper",
    module: "functools",
    traits: TypeTraits::NO_NEW | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.call.set(Some(call));
        s.compare.set(Some(compare));
    },
    getset: &[GetSetDef {
        name: "obj",
        get: |vm, this| {
            Ok(receiver::<KeyWrapper>(vm, this)?
                .object
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        set: Some(|vm, this, value| {
            receiver::<KeyWrapper>(vm, this)?
                .object
                .set(value.map(Object::to_ref));
            Ok(())
        }),
        doc: "Value wrapped by a key function.",
        member: true,
    }],
    ..TypeSpec::new(KeyWrapper::layout, true)
};

fn wrapper_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn wrap(vm: &Vm, function: Ref, object: Option<Ref>) -> PyResult {
    let ty = wrapper_type(vm)?;
    place_tracked(
        vm,
        KeyWrapper {
            head: Object::new(ty.type_head_of()),
            function,
            object: Slot::new(object),
        },
    )
}

/// `cmp_to_key(mycmp)`
pub fn cmp_to_key(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(function)] = args else {
        return Ok(vm.none_ref());
    };
    wrap(vm, function.to_ref(), None)
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let this = receiver::<KeyWrapper>(vm, this)?;
    let object = match (args.pos(), args.keyword("obj")) {
        ([object], None) if args.keyword_count() == 0 => object,
        ([], Some(object)) if args.keyword_count() == 1 => object,
        ([], _) => return Err(vm.type_error("K() missing required argument 'obj' (pos 1)")),
        _ => {
            return Err(vm.type_error(format!(
                "K() takes exactly 1 argument ({} given)",
                args.values().len()
            )));
        }
    };
    wrap(vm, this.function.clone(), Some(object.to_ref()))
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let x = receiver::<KeyWrapper>(vm, a)?;
    let Some(y) = b.downcast::<KeyWrapper>() else {
        return Err(vm.type_error("other argument must be K instance"));
    };
    let (Some(x_object), Some(y_object)) = (x.object.get(), y.object.get()) else {
        return Err(vm.raise(&vm.exceptions.AttributeError, "object"));
    };
    let result = protocol::call_args(vm, &x.function, &[&x_object, &y_object])?;
    protocol::compare(vm, &result, vm.new_int(0)?.as_object(), op)
}
