//! The builtin type `module`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::GetSetDef;
use crate::object::{Module, Str, TypeTraits};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `module`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "module",
    doc: "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    signature: "(name, doc=None)",
    weaklist_offset: std::mem::offset_of!(Module, weakrefs) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            let head = Object::new(ty.type_head_of());
            let module = vm.place(Module { head, dict: vm.new_dict()?, weakrefs: Default::default() })?;
            vm.heap.track(&module);
            Ok(module.upcast())
        }));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.getattr.set(Some(get_attr));
    },
    getset: &[
        GetSetDef::get("__dict__", |vm, o| Ok(this(vm, o)?.dict.clone().upcast()), ""),
    ],
    ..TypeSpec::new(Module::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Module> {
    object.downcast::<Module>().ok_or_else(|| vm.type_error("descriptor requires a 'module' object"))
}

fn init(vm: &Vm, object: &Object, args: crate::Args<'_>) -> PyResult<()> {
    let bound = crate::native::bind::Parameters::parse(SPEC.signature).bind(vm, "module", args)?;
    let Some(name) = bound[0].filter(|n| n.downcast::<Str>().is_some()) else {
        let got = bound[0].map_or_else(String::new, protocol::type_name);
        return Err(vm.type_error(format!("module() argument 'name' must be str, not {got}")));
    };
    let dict = &this(vm, object)?.dict;
    dict.set_str(vm, &vm.names.__name__, name)?;
    dict.set_str(vm, &vm.names.__doc__, bound[1].unwrap_or(vm.none()))?;
    for rest in [&vm.names.__package__, &vm.names.__loader__, &vm.names.__spec__] {
        dict.set_str(vm, rest, vm.none())?;
    }
    Ok(())
}

fn name(vm: &Vm, module: &Module) -> Option<String> {
    module.dict.get_str(vm, &vm.names.__name__).and_then(|n| n.downcast::<Str>().map(|n| n.to_text().into_owned()))
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let module = this(vm, object)?;
    let name = name(vm, module).unwrap_or_else(|| "?".to_owned());
    let file = module.dict.get_str(vm, &vm.names.__file__);
    let text = match file.as_ref().and_then(|f| f.downcast::<Str>()) {
        Some(file) => format!("<module '{name}' from '{}'>", file.to_text()),
        None if vm.native_modules.borrow().iter().any(|(n, _)| *n == name) || name == "builtins" || name == "sys" => {
            format!("<module '{name}' (built-in)>")
        }
        None => format!("<module '{name}'>"),
    };
    vm.new_str(&text).map(Ref::upcast)
}

fn get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    if let Some(found) = crate::types::object::attributes::find(vm, object, name)? {
        return Ok(found);
    }
    let module = this(vm, object)?;
    if let Some(hook) = module.dict.get_str(vm, &vm.names.__getattr__) {
        return protocol::call_one(vm, &hook, name);
    }
    Err(no_attribute(vm, module, name))
}

/// AttributeError of a missing attribute of a module.
pub fn no_attribute(vm: &Vm, module: &Module, attribute: &Str) -> Raised {
    let text = match name(vm, module) {
        Some(name) => format!("module '{name}' has no attribute '{}'", attribute.to_text()),
        None => format!("module has no attribute '{}'", attribute.to_text()),
    };
    crate::types::exception::attribute_error(vm, &text, &module.head, attribute)
}
