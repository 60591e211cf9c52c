//! The builtin functions on any object: attributes, identity, hash, text, classes, namespaces.

use viv_heap::{Flags, Object, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, List, Module, Str, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "len",
        "($module, obj, /)",
        NativeCall::One(|vm, _, o| vm.new_usize(protocol::len(vm, o)?)),
        "Return the number of items in a container.",
    ),
    MethodDef::new(
        "repr",
        "($module, obj, /)",
        NativeCall::One(|vm, _, o| protocol::repr(vm, o).map(Ref::upcast)),
        "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, eval() will return\nthe same object if passed this string.",
    ),
    MethodDef::new(
        "ascii",
        "($module, obj, /)",
        NativeCall::One(|vm, _, o| protocol::ascii(vm, o).map(Ref::upcast)),
        "Return an ASCII-only representation of an object.\n\nAs repr(), return a string containing a printable representation of an\nobject, but escape the non-ASCII characters in the string returned by\nrepr() using \\\\x, \\\\u or \\\\U escapes. This generates a string similar\nto that returned by repr() in Python 2.",
    ),
    MethodDef::new(
        "hash",
        "($module, obj, /)",
        NativeCall::One(|vm, _, o| vm.new_int(protocol::hash(vm, o)?)),
        "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but the\nreverse is not necessarily true.",
    ),
    MethodDef::new(
        "id",
        "($module, obj, /)",
        NativeCall::One(id),
        "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing objects.\n(CPython uses the object's memory address.)",
    ),
    MethodDef::new(
        "callable",
        "($module, obj, /)",
        NativeCall::One(|vm, _, o| Ok(vm.bool(protocol::is_callable(o)))),
        "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances of classes with a\n__call__() method.",
    ),
    MethodDef::new(
        "getattr",
        "",
        NativeCall::Positional {
            min: 2,
            max: 3,
            call: getattr,
        },
        "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an exception is raised in that case.",
    ),
    MethodDef::new(
        "hasattr",
        "($module, obj, name, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: hasattr,
        },
        "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and catching AttributeError.",
    ),
    MethodDef::new(
        "setattr",
        "($module, obj, name, value, /)",
        NativeCall::Positional {
            min: 3,
            max: 3,
            call: setattr,
        },
        "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``",
    ),
    MethodDef::new(
        "delattr",
        "($module, obj, name, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: delattr,
        },
        "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``",
    ),
    MethodDef::new(
        "isinstance",
        "($module, obj, class_or_tuple, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| Ok(vm.bool(is_instance(vm, args[0], args[1])?)),
        },
        "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\nor ...`` etc.",
    ),
    MethodDef::new(
        "issubclass",
        "($module, cls, class_or_tuple, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                Ok(vm.bool(crate::types::ty::check::is_subclass(vm, args[0], args[1])?))
            },
        },
        "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\nor ...``.",
    ),
    MethodDef::new(
        "format",
        "($module, value, format_spec='', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: format,
        },
        "Return type(value).__format__(value, format_spec)\n\nMany built-in types implement format_spec according to the\nFormat Specification Mini-language. See help('FORMATTING')\nfor details.",
    ),
    MethodDef::new(
        "dir",
        "",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: dir,
        },
        "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, return an alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes reachable from it.\nIf the object supplies a method named __dir__, it will be used; otherwise\nthe default dir() logic is used and returns:\n  for a module object: the module's attributes.\n  for a class object:  its attributes, and recursively the attributes\n    of its bases.\n  for any other object: its attributes, its class's attributes, and\n    recursively the attributes of its class's base classes.",
    ),
    MethodDef::new(
        "vars",
        "",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: vars,
        },
        "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.",
    ),
];

fn id(vm: &Vm, _module: &Object, object: &Object) -> PyResult {
    // Whoever has seen the address must not find another object there: no reuse in place from now on.
    object.set_flags(Flags::ID_SEEN);
    vm.new_usize(object.address())
}

fn attribute_name(vm: &Vm, name: &Object) -> PyResult<Ref<Str>> {
    match name.downcast::<Str>() {
        Some(name) => vm.intern_str(name),
        None => Err(vm.type_error(format!(
            "attribute name must be string, not '{}'",
            type_name(name)
        ))),
    }
}

fn getattr(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    match args.get(2) {
        None => protocol::get_attr(vm, args[0], &name),
        Some(default) => {
            Ok(protocol::get_attr_opt(vm, args[0], &name)?.unwrap_or_else(|| default.to_ref()))
        }
    }
}

fn hasattr(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    Ok(vm.bool(protocol::get_attr_opt(vm, args[0], &name)?.is_some()))
}

fn setattr(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    protocol::set_attr(vm, args[0], &*attribute_name(vm, args[1])?, args[2])?;
    Ok(vm.none_ref())
}

fn delattr(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    protocol::del_attr(vm, args[0], &*attribute_name(vm, args[1])?)?;
    Ok(vm.none_ref())
}

/// `isinstance(object, class)`
pub fn is_instance(vm: &Vm, object: &Object, class: &Object) -> PyResult<bool> {
    if let Some(exact) = class.downcast::<Type>()
        && exact.is(Type::of(object))
    {
        return Ok(true);
    }
    crate::types::ty::is_instance(vm, object, class)
}

fn format(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let spec = match args.get(1) {
        None => vm.empty_str.clone(),
        Some(spec) => match spec.to_ref().cast::<Str>() {
            Ok(spec) => spec,
            Err(other) => {
                return Err(vm.type_error(format!(
                    "format() argument 2 must be str, not {}",
                    type_name(&other)
                )));
            }
        },
    };
    protocol::format(vm, args[0], &spec).map(Ref::upcast)
}

fn dir(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let names = match args.first() {
        None => {
            let locals = crate::eval::frame::locals_of_current(vm)?;
            match locals.downcast_exact::<Dict>() {
                Some(dict) => dict.snapshot().into_iter().map(|(key, _)| key).collect(),
                None => {
                    let keys = protocol::call_method(vm, &locals, &vm.names.keys, &[])?;
                    protocol::collect(vm, &keys)?
                }
            }
        }
        Some(object) => {
            let method = vm.intern("__dir__")?;
            match protocol::call_special(vm, object, &method, &[])? {
                Some(names) => protocol::collect(vm, &names)?,
                None => default_names(vm, object)?,
            }
        }
    };
    sorted_list(vm, names)
}

/// What `object.__dir__` gives: names of the instance, of its class and of the class's bases.
fn default_names(vm: &Vm, object: &Object) -> PyResult<Vec<Ref>> {
    let names = vm.new_dict()?;
    let add = |dict: &Dict| {
        dict.snapshot()
            .into_iter()
            .try_for_each(|(key, _)| names.set(vm, &key, vm.none()))
    };
    if let Some(module) = object.downcast::<Module>() {
        add(&module.dict)?;
    } else {
        if let Some(own) = protocol::get_attr_opt(vm, object, &vm.names.__dict__)?
            && let Some(own) = own.downcast::<Dict>()
        {
            add(own)?;
        }
        let class = object
            .downcast::<Type>()
            .unwrap_or_else(|| Type::of(object));
        for class in class
            .mro
            .get()
            .iter()
            .flat_map(|mro| mro.as_slice().to_vec())
        {
            if let Some(dict) = class.downcast::<Type>().and_then(|c| c.dict(vm)) {
                add(&dict)?;
            }
        }
    }
    Ok(names.snapshot().into_iter().map(|(key, _)| key).collect())
}

/// A list of these objects, sorted as `list.sort()` does.
pub(super) fn sorted_list(vm: &Vm, items: Vec<Ref>) -> PyResult {
    let list: Ref<List> = vm.new_list(items)?;
    protocol::call_method(vm, &list.head, &vm.names.sort, &[])?;
    Ok(list.upcast())
}

fn vars(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    match args.first() {
        None => crate::eval::frame::locals_of_current(vm),
        Some(object) => match protocol::get_attr_opt(vm, object, &vm.names.__dict__)? {
            Some(dict) => Ok(dict),
            None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
        },
    }
}

/// The number of positional arguments of a function that takes keywords too.
pub(super) fn check_positional(
    vm: &Vm,
    name: &str,
    args: Args<'_>,
    min: usize,
    max: usize,
) -> PyResult<()> {
    check_count(vm, name, args.pos().len(), min, max)
}
