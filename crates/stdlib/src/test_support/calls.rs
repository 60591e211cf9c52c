//! Native functions and methods of each calling convention, which give back what they were called with.

use viv_runtime::modules::make::native_function;
use viv_runtime::object::{Instance, Module, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::place_tracked;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm};

/// Takes any positional arguments.
macro_rules! any {
    ($own:path) => {
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, this, args| pair(vm, &$own(vm, this), vm.tuple_of(args)?.upcast()),
        }
    };
}

/// Takes any arguments.
macro_rules! keywords {
    ($own:path) => {
        NativeCall::Raw(|vm, this, args| with_keywords(vm, &$own(vm, this), args))
    };
}

/// The functions, once for each receiver: the macro is given how a definition is made, and what stands for self.
macro_rules! functions {
    ($make:path, $own:path) => {
        &[
            $make("meth_varargs", "", any!($own), ""),
            $make("meth_varargs_keywords", "", keywords!($own), ""),
            $make(
                "meth_o",
                "",
                NativeCall::One(|vm, this, arg| pair(vm, &$own(vm, this), arg.to_ref())),
                "",
            ),
            $make(
                "meth_noargs",
                "",
                NativeCall::NoArgs(|vm, this| Ok($own(vm, this))),
                "",
            ),
            $make("meth_fastcall", "", any!($own), ""),
            $make("meth_fastcall_keywords", "", keywords!($own), ""),
        ]
    };
}

static OF_MODULES: &[MethodDef] = functions!(MethodDef::new, given);

fn given(_: &Vm, this: &Object) -> Ref {
    this.to_ref()
}

/// A static method has no self.
fn nothing(vm: &Vm, _: &Object) -> Ref {
    vm.none_ref()
}

fn pair(vm: &Vm, this: &Object, what: Ref) -> PyResult {
    Ok(vm.tuple_of(&[this, &what])?.upcast())
}

/// The positional arguments, and the dict of keywords: None where none was given.
fn with_keywords(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let positional = vm.tuple_of(args.pos())?;
    if args.keyword_count() == 0 {
        return Ok(vm
            .tuple_of(&[this, positional.as_object(), vm.none()])?
            .upcast());
    }
    let keywords = vm.new_dict()?;
    for (name, value) in args.keywords() {
        keywords.set_str(vm, name, value)?;
    }
    Ok(vm
        .tuple_of(&[this, positional.as_object(), keywords.as_object()])?
        .upcast())
}

/// Adds the functions to a module.
pub(super) fn add_functions(vm: &Vm, _: &Object, module: &Object) -> PyResult {
    let Some(module) = module.downcast::<Module>() else {
        return Err(not_a_module(vm));
    };
    for def in OF_MODULES {
        let function = native_function(vm, def, Some(module.head.to_ref()), None)?;
        module.dict.set_text(vm, def.name, &function)?;
    }
    Ok(vm.none_ref())
}

#[cold]
fn not_a_module(vm: &Vm) -> Raised {
    vm.type_error("add_functions() takes a module")
}

static INSTANCE: TypeSpec = TypeSpec {
    name: "MethInstance",
    module: "_vivarium_test",
    doc: "Native methods of instances.",
    slots: |s| s.new.set(Some(new_instance)),
    methods: &[functions!(MethodDef::new, given)],
    ..TypeSpec::new(Instance::layout, true)
};

static CLASS: TypeSpec = TypeSpec {
    name: "MethClass",
    module: "_vivarium_test",
    doc: "Native class methods.",
    slots: |s| s.new.set(Some(new_instance)),
    methods: &[functions!(MethodDef::class, given)],
    ..TypeSpec::new(Instance::layout, true)
};

static STATIC: TypeSpec = TypeSpec {
    name: "MethStatic",
    module: "_vivarium_test",
    doc: "Native static methods.",
    slots: |s| s.new.set(Some(new_instance)),
    methods: &[functions!(MethodDef::fixed, nothing)],
    ..TypeSpec::new(Instance::layout, true)
};

/// An instance that has nothing in it.
pub(super) fn new_instance(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        Instance {
            head: Object::new(ty.type_head_of()),
        },
    )
}

/// Adds the types to the module.
pub(super) fn add_types(vm: &Vm, module: &Module) -> PyResult<()> {
    for spec in [&INSTANCE, &CLASS, &STATIC] {
        let ty = extra_type(vm, spec, &vm.types.object)?;
        module.dict.set_text(vm, spec.name, ty.as_object())?;
    }
    Ok(())
}
