//! The builtin type `module`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::modules::import::shadow::Lack;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Module, Str, Type, TypeTraits};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::object::attributes;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `module`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "module",
    signature: "(name, doc=None)",
    doc: "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    weaklist_offset: std::mem::offset_of!(Module, weakrefs) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.getattr.set(Some(get_attr));
    },
    methods: &[&[MethodDef::new(
        "__dir__",
        "",
        NativeCall::NoArgs(dir),
        "__dir__() -> list\nspecialized dir() implementation",
    )]],
    getset: &[
        GetSetDef::member(
            "__dict__",
            |vm, o| Ok(receiver::<Module>(vm, o)?.dict.clone().upcast()),
            "",
        ),
        GetSetDef::get_set("__annotations__", annotations, set_annotations, ""),
        GetSetDef::get_set("__annotate__", annotate, set_annotate, ""),
    ],
    ..TypeSpec::new(Module::layout, true)
};

fn new(vm: &Vm, ty: &Type, _args: Args<'_>) -> PyResult {
    let dict = vm.new_dict()?;
    let module = vm.place(Module {
        head: Object::new(ty.type_head_of()),
        dict,
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&module);
    Ok(module.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let bound = Parameters::of(SPEC.signature).bind(vm, "module", args)?;
    let dict = &receiver::<Module>(vm, this)?.dict;
    let given = |i: usize| bound.get(i).copied().flatten();
    let name = given(0).unwrap_or(vm.none());
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error(format!(
            "module() argument 'name' must be str, not {}",
            type_name(name)
        )));
    }
    dict.set_str(vm, &vm.names.__name__, name)?;
    dict.set_str(vm, &vm.names.__doc__, given(1).unwrap_or(vm.none()))?;
    for name in [
        &vm.names.__package__,
        &vm.names.__loader__,
        &vm.names.__spec__,
    ] {
        dict.set_str(vm, name, vm.none())?;
    }
    Ok(())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Module>(vm, this)?.dict.clone();
    let text = |name: &Str| dict.get_str(vm, name).filter(|o| !vm.is_none(o));
    let name = match text(&vm.names.__name__) {
        Some(name) => protocol::repr(vm, &name)?.to_text().into_owned(),
        None => "'?'".to_owned(),
    };
    let spec = text(&vm.names.__spec__);
    if let Some(spec) = &spec {
        let origin =
            protocol::get_attr_opt(vm, spec, &*vm.intern("origin")?)?.filter(|o| !vm.is_none(o));
        let loader = protocol::get_attr_opt(vm, spec, &*vm.intern("loader")?)?;
        let has_location = match protocol::get_attr_opt(vm, spec, &*vm.intern("has_location")?)? {
            Some(flag) => protocol::is_true(vm, &flag)?,
            None => false,
        };
        let spec_name = match protocol::get_attr_opt(vm, spec, &vm.names.name)? {
            Some(name) => protocol::repr(vm, &name)?.to_text().into_owned(),
            None => name.clone(),
        };
        let result = match (origin, loader) {
            (Some(origin), _) if has_location => {
                format!(
                    "<module {spec_name} from {}>",
                    protocol::repr(vm, &origin)?.to_text()
                )
            }
            (Some(origin), _) => format!(
                "<module {spec_name} ({})>",
                protocol::str(vm, &origin)?.to_text()
            ),
            (None, Some(loader)) if !vm.is_none(&loader) => {
                format!(
                    "<module {spec_name} ({})>",
                    protocol::repr(vm, &loader)?.to_text()
                )
            }
            _ => format!("<module {spec_name}>"),
        };
        return Ok(vm.new_str(&result)?.upcast());
    }
    let result = match (text(&vm.names.__file__), text(&vm.names.__loader__)) {
        (Some(file), _) => format!(
            "<module {name} from {}>",
            protocol::repr(vm, &file)?.to_text()
        ),
        (None, Some(loader)) => format!(
            "<module {name} ({})>",
            protocol::repr(vm, &loader)?.to_text()
        ),
        // Native modules of this interpreter have no import data.
        (None, None) if is_native(vm, &dict) => format!("<module {name} (built-in)>"),
        (None, None) => format!("<module {name}>"),
    };
    Ok(vm.new_str(&result)?.upcast())
}

fn is_native(vm: &Vm, dict: &Dict) -> bool {
    let name = dict.get_str(vm, &vm.names.__name__);
    name.as_ref()
        .and_then(|n| n.downcast::<Str>())
        .is_some_and(|name| {
            name.eq_text("builtins")
                || name.eq_text("sys")
                || vm
                    .native_modules
                    .borrow()
                    .iter()
                    .any(|(n, _)| name.eq_text(n))
        })
}

/// The default way, then the module's `__getattr__`; nothing where neither has the name.
pub fn find_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult<Option<Ref>> {
    if let Some(value) = attributes::find_attr(vm, this, name)? {
        // importlib knows it, and is asked only now.
        if vm.is_none(&value)
            && (name.eq_text("__spec__") || name.eq_text("__loader__"))
            && let Some(module) = this.downcast::<Module>()
        {
            crate::modules::import::describe(vm, module)?;
            return Ok(Some(module.dict.get_str(vm, name).unwrap_or(value)));
        }
        return Ok(Some(value));
    }
    let dict = receiver::<Module>(vm, this)?.dict.clone();
    match dict.get_str(vm, &vm.names.__getattr__) {
        Some(hook) => protocol::call_one(vm, &hook, name).map(Some),
        None => Ok(None),
    }
}

/// An attribute of a module.
pub fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    if let Some(value) = find_attr(vm, this, name)? {
        return Ok(value);
    }
    let dict = receiver::<Module>(vm, this)?.dict.clone();
    let module = dict.get_str(vm, &vm.names.__name__);
    let text = match module.as_ref().and_then(|m| m.downcast::<Str>()) {
        Some(module) => {
            let (module, name) = (module.to_text(), name.to_text());
            let lack = Lack::of(vm, this)?;
            match (&lack, lack.advice(&module)) {
                (_, Some(advice)) => {
                    format!("module '{module}' has no attribute '{name}' {advice}")
                }
                (Lack::Circular, None) => format!(
                    "partially initialized module '{module}' has no attribute '{name}' (most likely due to a circular import)"
                ),
                _ => format!("module '{module}' has no attribute '{name}'"),
            }
        }
        None => format!("module has no attribute '{}'", name.to_text()),
    };
    Err(crate::types::exception::attribute_error(
        vm, &text, this, name,
    ))
}

fn dir(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Module>(vm, this)?.dict.clone();
    let seen = protocol::get_attr(vm, this, &vm.names.__dict__)?;
    if seen.downcast::<Dict>().is_none() {
        return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
    }
    if let Some(hook) = dict.get_str(vm, &vm.names.__dir__) {
        return protocol::call_no_args(vm, &hook);
    }
    Ok(vm
        .new_list(dict.snapshot().into_iter().map(|(k, _)| k).collect())?
        .upcast())
}

fn annotate(vm: &Vm, this: &Object) -> PyResult {
    let dict = &receiver::<Module>(vm, this)?.dict;
    Ok(dict
        .get_str(vm, &vm.names.__annotate__)
        .unwrap_or_else(|| vm.none_ref()))
}

fn set_annotate(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let dict = &receiver::<Module>(vm, this)?.dict;
    let Some(value) = value else {
        return Err(vm.type_error("cannot delete __annotate__ attribute"));
    };
    if !vm.is_none(value) && !protocol::is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    dict.set_str(vm, &vm.names.__annotate__, value)?;
    if !vm.is_none(value) {
        drop(dict.remove(vm, &vm.names.__annotations__)?);
    }
    Ok(())
}

fn annotations(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Module>(vm, this)?.dict.clone();
    if let Some(known) = dict.get_str(vm, &vm.names.__annotations__) {
        return Ok(known);
    }
    let made: Ref = match dict
        .get_str(vm, &vm.names.__annotate__)
        .filter(|f| protocol::is_callable(f))
    {
        Some(function) => {
            let made = protocol::call_one(vm, &function, &*vm.new_int(1)?)?;
            if made.downcast::<Dict>().is_none() {
                return Err(vm.type_error(format!(
                    "__annotate__ returned non-dict of type '{}'",
                    type_name(&made)
                )));
            }
            made
        }
        None => vm.new_dict()?.upcast(),
    };
    // More may come while the module is being imported: nothing is kept then.
    if !crate::modules::import::is_initializing(vm, this)? {
        dict.set_str(vm, &vm.names.__annotations__, &made)?;
    }
    Ok(made)
}

fn set_annotations(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let dict = &receiver::<Module>(vm, this)?.dict;
    match value {
        Some(value) => dict.set_str(vm, &vm.names.__annotations__, value)?,
        None => {
            if dict.remove(vm, &vm.names.__annotations__)?.is_none() {
                return Err(vm.raise(&vm.exceptions.AttributeError, "__annotations__"));
            }
        }
    }
    drop(dict.remove(vm, &vm.names.__annotate__)?);
    Ok(())
}
