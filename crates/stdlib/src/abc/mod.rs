//! The module `_abc`: what `abc.ABCMeta` is made of. A class keeps its `AbcData` in the attribute `_abc_impl`.

mod data;

use std::sync::atomic::{AtomicU64, Ordering};

use data::AbcData;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Dict, Int, Type, TypeTraits};
use viv_runtime::types::ty::check::is_subclass;
use viv_runtime::types::weakref;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_abc",
    doc: "Module contains faster C implementation of abc.ABCMeta",
    functions: &[FUNCTIONS],
    fill: |_, _| Ok(()),
};

/// Counts registrations: negative answers are good for one count. Interpreters may share it, for it only grows.
static REGISTRATIONS: AtomicU64 = AtomicU64::new(0);

fn registrations() -> u64 {
    REGISTRATIONS.load(Ordering::Relaxed)
}

const fn two(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional {
            min: 2,
            max: 2,
            call,
        },
        doc,
    )
}

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "get_cache_token",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_int(registrations() as i64)),
        "Returns the current ABC cache token.\n\nThe token is an opaque object (supporting equality testing) identifying the\ncurrent version of the ABC cache for virtual subclasses. The token changes\nwith every call to register() on any ABC.",
    ),
    MethodDef::new(
        "_abc_init",
        "($module, self, /)",
        NativeCall::One(init),
        "Internal ABC helper for class set-up. Should be never used outside abc module.",
    ),
    two(
        "_abc_register",
        "($module, self, subclass, /)",
        register,
        "Internal ABC helper for subclasss registration. Should be never used outside abc module.",
    ),
    two(
        "_abc_instancecheck",
        "($module, self, instance, /)",
        instance_check,
        "Internal ABC helper for instance checks. Should be never used outside abc module.",
    ),
    two(
        "_abc_subclasscheck",
        "($module, self, subclass, /)",
        |vm, _, args| Ok(vm.bool(subclass_check(vm, args[0], args[1])?)),
        "Internal ABC helper for subclasss checks. Should be never used outside abc module.",
    ),
    MethodDef::new(
        "_reset_registry",
        "($module, self, /)",
        NativeCall::One(|vm, _, class| {
            with_data(vm, class, |data| data.registry.clear())?;
            Ok(vm.none_ref())
        }),
        "Internal ABC helper to reset registry of a given class.\n\nShould be only used by refleak.py",
    ),
    MethodDef::new(
        "_reset_caches",
        "($module, self, /)",
        NativeCall::One(|vm, _, class| {
            with_data(vm, class, |data| {
                data.cache.clear();
                data.negative.clear();
            })?;
            Ok(vm.none_ref())
        }),
        "Internal ABC helper to reset both caches of a given class.\n\nShould be only used by refleak.py",
    ),
    MethodDef::new(
        "_get_dump",
        "($module, self, /)",
        NativeCall::One(dump),
        "Internal ABC helper for cache and registry debugging.\n\nReturn shallow copies of registry, of both caches, and\nnegative cache version. Don't call this function directly,\ninstead use ABC._dump_registry() for a nice repr.",
    ),
];

/// The data of a class.
fn data_of(vm: &Vm, class: &Object) -> PyResult {
    let data = protocol::get_attr_str(vm, class, "_abc_impl")?;
    if data.downcast::<AbcData>().is_none() {
        return Err(vm.type_error("_abc_impl is set to a wrong type"));
    }
    Ok(data)
}

fn with_data<R>(vm: &Vm, class: &Object, f: impl FnOnce(&AbcData) -> R) -> PyResult<R> {
    let data = data_of(vm, class)?;
    match data.downcast::<AbcData>() {
        Some(data) => Ok(f(data)),
        None => Err(vm.type_error("_abc_impl is set to a wrong type")),
    }
}

const COLLECTION: u32 = TypeTraits::SEQUENCE | TypeTraits::MAPPING;

fn init(vm: &Vm, _: &Object, class: &Object) -> PyResult {
    let names = abstract_names(vm, class)?;
    let names = protocol::call_one(vm, &vm.types.frozenset.head, &vm.new_list(names)?.upcast())?;
    protocol::set_attr(vm, class, &vm.names.__abstractmethods__, &names)?;
    let data = AbcData::make(vm, registrations())?;
    protocol::set_attr(vm, class, &*vm.intern("_abc_impl")?, &data)?;
    // Sequence and Mapping say so by the bits that their classes have with CPython.
    if let Some(ty) = class.downcast::<Type>() {
        let name = vm.intern("__abc_tpflags__")?;
        let own = ty.dict(vm).and_then(|dict| dict.get_str(vm, &name));
        if let Some(bits) = own
            .as_ref()
            .and_then(|bits| bits.downcast::<Int>()?.as_i64())
        {
            let traits =
                match bits & 0x60 {
                    0x20 => TypeTraits::SEQUENCE,
                    0x40 => TypeTraits::MAPPING,
                    0x60 => return Err(vm.type_error(
                        "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING",
                    )),
                    _ => 0,
                };
            ty.traits.set(ty.traits.get() & !COLLECTION | traits);
            protocol::del_attr(vm, class, &name)?;
        }
    }
    Ok(vm.none_ref())
}

/// The names of abstract methods: the class's own, and inherited ones that are abstract still.
fn abstract_names(vm: &Vm, class: &Object) -> PyResult<Vec<Ref>> {
    let mark = &vm.names.__isabstractmethod__;
    let is_abstract = |value: &Object| -> PyResult<bool> {
        match protocol::get_attr_opt(vm, value, mark)? {
            Some(found) => protocol::is_true(vm, &found),
            None => Ok(false),
        }
    };
    let mut names = Vec::new();
    let own = class.downcast::<Type>().and_then(|ty| ty.dict(vm));
    let items = own.as_deref().map(Dict::snapshot).unwrap_or_default();
    for (name, value) in items {
        if is_abstract(&value)? {
            names.push(name);
        }
    }
    let bases = protocol::get_attr_str(vm, class, "__bases__")?;
    for base in protocol::collect(vm, &bases)? {
        let Some(inherited) = protocol::get_attr_opt(vm, &base, &vm.names.__abstractmethods__)?
        else {
            continue;
        };
        for name in protocol::collect(vm, &inherited)? {
            let Some(text) = name.downcast::<viv_runtime::object::Str>() else {
                continue;
            };
            if let Some(value) = protocol::get_attr_opt(vm, class, text)?
                && is_abstract(&value)?
            {
                names.push(name);
            }
        }
    }
    Ok(names)
}

fn register(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let &[class, subclass] = args else {
        return Ok(vm.none_ref());
    };
    let Some(added) = subclass.downcast::<Type>() else {
        return Err(vm.type_error("Can only register classes"));
    };
    if is_subclass(vm, subclass, class)? {
        return Ok(subclass.to_ref());
    }
    if is_subclass(vm, class, subclass)? {
        return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
    }
    let data = data_of(vm, class)?;
    if let Some(data) = data.downcast::<AbcData>() {
        data.registry.add(vm, subclass)?;
    }
    REGISTRATIONS.fetch_add(1, Ordering::Relaxed);
    // Only the classes that patterns ask about have these bits.
    if let Some(ty) = class.downcast::<Type>()
        && ty.traits.get() & COLLECTION != 0
    {
        mark_collection(vm, added, ty.traits.get() & COLLECTION)?;
    }
    Ok(subclass.to_ref())
}

/// Gives a class and its subclasses the bits of a collection, unless they are builtin or have them.
fn mark_collection(vm: &Vm, class: &Type, bits: u32) -> PyResult<()> {
    let mut pending = vec![Ref::of(class)];
    while let Some(ty) = pending.pop() {
        if ty.has(TypeTraits::IMMUTABLE) || ty.traits.get() & COLLECTION == bits {
            continue;
        }
        ty.traits.set(ty.traits.get() & !COLLECTION | bits);
        for sub in subclasses(vm, &ty.head)? {
            if let Some(sub) = sub.downcast::<Type>() {
                pending.push(Ref::of(sub));
            }
        }
    }
    Ok(())
}

fn subclasses(vm: &Vm, class: &Object) -> PyResult<Vec<Ref>> {
    let listed = protocol::call_method(vm, class, &*vm.intern("__subclasses__")?, &[])?;
    protocol::collect(vm, &listed)
}

fn instance_check(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let &[class, instance] = args else {
        return Ok(vm.none_ref());
    };
    let subtype: Ref = Type::of(instance).head.to_ref();
    let subclass = protocol::get_attr_opt(vm, instance, &vm.names.__class__)?;
    let subclass = subclass.unwrap_or_else(|| subtype.clone());
    let data = data_of(vm, class)?;
    let Some(known) = data.downcast::<AbcData>() else {
        return Ok(vm.bool(false));
    };
    if known.cache.contains(&subclass) {
        return Ok(vm.bool(true));
    }
    let check = |class: &Object, of: &Object| -> PyResult {
        let name = vm.intern("__subclasscheck__")?;
        protocol::call_method(vm, class, &name, &[of])
    };
    if subtype.is(&subclass) {
        if known.version.get() == registrations() && known.negative.contains(&subclass) {
            return Ok(vm.bool(false));
        }
        return check(class, &subclass);
    }
    let first = check(class, &subclass)?;
    if protocol::is_true(vm, &first)? {
        return Ok(first);
    }
    check(class, &subtype)
}

fn subclass_check(vm: &Vm, class: &Object, subclass: &Object) -> PyResult<bool> {
    let Some(ty) = subclass.downcast::<Type>() else {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    };
    let data = data_of(vm, class)?;
    let Some(known) = data.downcast::<AbcData>() else {
        return Ok(false);
    };
    if known.cache.contains(subclass) {
        return Ok(true);
    }
    let count = registrations();
    if known.version.get() < count {
        known.negative.clear();
        known.version.set(count);
    } else if known.negative.contains(subclass) {
        return Ok(false);
    }
    let name = vm.intern("__subclasshook__")?;
    let answer = protocol::call_method(vm, class, &name, &[subclass])?;
    if answer.is(&vm.bool(true)) {
        known.cache.add(vm, subclass)?;
        return Ok(true);
    }
    if answer.is(&vm.bool(false)) {
        known.negative.add(vm, subclass)?;
        return Ok(false);
    }
    if !vm.is_not_implemented(&answer) {
        return Err(vm.assertion_error(
            "__subclasshook__ must return either False, True, or NotImplemented",
        ));
    }
    if class
        .downcast::<Type>()
        .is_some_and(|class| ty.is_subtype(class))
    {
        known.cache.add(vm, subclass)?;
        return Ok(true);
    }
    let registered: Vec<Ref> = known.registry.references();
    let candidates = registered
        .iter()
        .filter_map(|r| weakref::reference::target_of(r))
        .chain(subclasses(vm, class)?);
    for candidate in candidates {
        if is_subclass(vm, subclass, &candidate)? {
            known.cache.add(vm, subclass)?;
            return Ok(true);
        }
    }
    known.negative.add(vm, subclass)?;
    Ok(false)
}

fn dump(vm: &Vm, _: &Object, class: &Object) -> PyResult {
    let (sets, version) = with_data(vm, class, |data| {
        let sets = [
            data.registry.references(),
            data.cache.references(),
            data.negative.references(),
        ];
        (sets, data.version.get())
    })?;
    let mut parts = Vec::new();
    for references in sets {
        parts.push(viv_runtime::types::set::from_items(vm, references)?);
    }
    parts.push(vm.new_int(version as i64)?);
    Ok(vm.new_tuple(parts)?.upcast())
}
