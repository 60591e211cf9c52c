//! The builtin type `classmethod`.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Slot, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `classmethod`.
#[repr(C)]
pub struct ClassMethod {
    /// The header.
    pub head: Object,
    /// The function.
    pub function: Slot,
    /// `__dict__`, once it exists.
    pub dict: Slot<Dict>,
}
object_layout!(
    ClassMethod = kinds::CLASS_METHOD,
    traverse | this,
    visit | {
        this.function.visit(visit);
        this.dict.visit(visit);
    },
    clear | this | {
        this.function.set(None);
        this.dict.set(None);
    }
);

/// The type `classmethod`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "classmethod",
    signature: "(function, /)",
    doc: "Convert a function to be a class method.\n\nA class method receives the class as implicit first argument,\njust like an instance method receives the instance.\nTo declare a class method, use this idiom:\n\n  class C:\n      @classmethod\n      def f(cls, arg1, arg2, argN):\n          ...\n\nIt can be called either on the class (e.g. C.f()) or on an instance\n(e.g. C().f()).  The instance is ignored except for its class.\nIf a class method is called for a derived class, the derived class\nobject is passed as the implied first argument.\n\nClass methods are different than C++ or Java static methods.\nIf you want those, see the staticmethod builtin.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| place(vm, ty, None)));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, this| {
            let text = protocol::repr(vm, &*function_of(vm, this)?)?;
            Ok(vm
                .new_str(&format!("<classmethod({})>", text.to_text()))?
                .upcast())
        }));
        s.descr_get.set(Some(descr_get));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(ClassMethod::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::class(
    "__class_getitem__",
    "($type, object, /)",
    NativeCall::One(crate::types::class_getitem),
    "See PEP 585",
)];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member("__func__", function_of, ""),
    GetSetDef::member("__wrapped__", function_of, ""),
    GetSetDef::get(
        "__isabstractmethod__",
        |vm, o| crate::types::property::abstract_flag(vm, &*function_of(vm, o)?),
        "",
    ),
    GetSetDef::get_set(
        "__annotations__",
        |vm, o| {
            crate::types::static_method::wrapped_attribute(
                vm,
                o,
                &vm.names.__annotations__,
                &*function_of(vm, o)?,
            )
        },
        |vm, o, v| {
            crate::types::static_method::set_wrapped_attribute(vm, o, &vm.names.__annotations__, v)
        },
        "",
    ),
    GetSetDef::get_set(
        "__annotate__",
        |vm, o| {
            crate::types::static_method::wrapped_attribute(
                vm,
                o,
                &vm.names.__annotate__,
                &*function_of(vm, o)?,
            )
        },
        |vm, o, v| {
            crate::types::static_method::set_wrapped_attribute(vm, o, &vm.names.__annotate__, v)
        },
        "",
    ),
    GetSetDef::get_set(
        "__dict__",
        super::object::get_dict,
        super::object::set_dict,
        "",
    ),
];

fn function_of(vm: &Vm, this: &Object) -> PyResult {
    let function = receiver::<ClassMethod>(vm, this)?.function.get();
    Ok(function.unwrap_or_else(|| vm.none_ref()))
}

fn place(vm: &Vm, ty: &Type, function: Option<Ref>) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(ClassMethod {
        head,
        function: Slot::new(function),
        dict: Slot::default(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let args = constructor_args(vm, "classmethod", args, 1, 1)?;
    let method = receiver::<ClassMethod>(vm, this)?;
    if let [function] = args {
        method.function.set(Some(function.to_ref()));
        crate::types::static_method::copy_attributes(vm, this, function)?;
    }
    Ok(())
}

/// A class method of any callable.
pub fn make(vm: &Vm, function: &Object) -> PyResult {
    let made = place(vm, &vm.types.class_method, Some(function.to_ref()))?;
    crate::types::static_method::copy_attributes(vm, &made, function)?;
    Ok(made)
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    owner: Option<&Object>,
) -> PyResult {
    let function = function_of(vm, this)?;
    match owner.or(instance.map(|o| &Type::of(o).head)) {
        Some(class) => crate::types::function::bind(vm, &function, &class.to_ref()),
        None => Ok(function),
    }
}
