//! The native module `gc`.

use std::collections::HashSet;

use viv_heap::{Debug, Flags, GENERATIONS, Object, Ref, referents};

use super::make::{ModuleSpec, add_int};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "gc",
    doc: DOC,
    functions: &[SETTINGS, COLLECTING, LOOKING],
    fill: |vm, module| {
        vm.complete_types();
        module
            .dict
            .set_text(vm, "garbage", vm.memory.garbage(vm)?.as_object())?;
        module
            .dict
            .set_text(vm, "callbacks", vm.memory.callbacks(vm)?.as_object())?;
        let leak = Debug::COLLECTABLE | Debug::UNCOLLECTABLE | Debug::SAVEALL;
        let constants = [
            ("DEBUG_STATS", Debug::STATS),
            ("DEBUG_COLLECTABLE", Debug::COLLECTABLE),
            ("DEBUG_UNCOLLECTABLE", Debug::UNCOLLECTABLE),
            ("DEBUG_SAVEALL", Debug::SAVEALL),
            ("DEBUG_LEAK", leak),
        ];
        constants
            .iter()
            .try_for_each(|(name, value)| add_int(vm, module, name, i64::from(*value)))
    },
};

const DOC: &str = "This module provides access to the garbage collector for reference cycles.

enable() -- Enable automatic garbage collection.
disable() -- Disable automatic garbage collection.
isenabled() -- Returns true if automatic collection is enabled.
collect() -- Do a full collection right now.
get_count() -- Return the current collection counts.
get_stats() -- Return list of dictionaries containing per-generation stats.
set_debug() -- Set debugging flags.
get_debug() -- Get debugging flags.
set_threshold() -- Set the collection thresholds.
get_threshold() -- Return the current collection thresholds.
get_objects() -- Return a list of all objects tracked by the collector.
is_tracked() -- Returns true if a given object is tracked.
is_finalized() -- Returns true if a given object has been already finalized.
get_referrers() -- Return the list of objects that refer to an object.
get_referents() -- Return the list of objects that an object refers to.
freeze() -- Freeze all tracked objects and ignore them for future collections.
unfreeze() -- Unfreeze all objects in the permanent generation.
get_freeze_count() -- Return the number of objects in the permanent generation.
";

const SETTINGS: &[MethodDef] = &[
    MethodDef::new(
        "enable",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| switch(vm, true)),
        "Enable automatic garbage collection.",
    ),
    MethodDef::new(
        "disable",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| switch(vm, false)),
        "Disable automatic garbage collection.",
    ),
    MethodDef::new(
        "isenabled",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(vm.heap.gc_enabled()))),
        "Returns true if automatic garbage collection is enabled.",
    ),
    MethodDef::new(
        "set_threshold",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: set_threshold,
        },
        "set_threshold(threshold0, [threshold1, [threshold2]])\nSet the collection thresholds (the collection frequency).\n\nSetting 'threshold0' to zero disables collection.",
    ),
    MethodDef::new(
        "get_threshold",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| counts(vm, vm.heap.gc_thresholds())),
        "Return the current collection thresholds.",
    ),
    MethodDef::new(
        "get_count",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| counts(vm, vm.heap.gc_counts())),
        "Return a three-tuple of the current collection counts.",
    ),
    MethodDef::new(
        "set_debug",
        "($module, flags, /)",
        NativeCall::One(set_debug),
        "Set the garbage collection debugging flags.\n\n  flags\n    An integer that can have the following bits turned on:\n      DEBUG_STATS - Print statistics during collection.\n      DEBUG_COLLECTABLE - Print collectable objects found.\n      DEBUG_UNCOLLECTABLE - Print unreachable but uncollectable objects\n        found.\n      DEBUG_SAVEALL - Save objects to gc.garbage rather than freeing them.\n      DEBUG_LEAK - Debug leaking programs (everything but STATS).\n\nDebugging information is written to sys.stderr.",
    ),
    MethodDef::new(
        "get_debug",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_int(i64::from(vm.heap.gc_debug()))),
        "Get the garbage collection debugging flags.",
    ),
];

const COLLECTING: &[MethodDef] = &[
    MethodDef::new(
        "collect",
        "($module, /, generation=2)",
        NativeCall::Bound(collect),
        "Run the garbage collector.\n\nWith no arguments, run a full collection.  The optional argument\nmay be an integer specifying which generation to collect.  A ValueError\nis raised if the generation number is invalid.\n\nThe number of unreachable objects is returned.",
    ),
    MethodDef::new(
        "freeze",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.heap.gc_freeze();
            Ok(vm.none_ref())
        }),
        "Freeze all current tracked objects and ignore them for future collections.\n\nThis can be used before a POSIX fork() call to make the gc copy-on-write\nfriendly.\nNote: collection before a POSIX fork() call may free pages for future\nallocation which can cause copy-on-write.",
    ),
    MethodDef::new(
        "unfreeze",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.heap.gc_unfreeze();
            Ok(vm.none_ref())
        }),
        "Unfreeze all objects in the permanent generation.\n\nPut all objects in the permanent generation back into oldest generation.",
    ),
    MethodDef::new(
        "get_freeze_count",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.heap.gc_freeze_count())),
        "Return the number of objects in the permanent generation.",
    ),
    MethodDef::new(
        "get_stats",
        "($module, /)",
        NativeCall::NoArgs(get_stats),
        "Return a list of dictionaries containing per-generation statistics.",
    ),
];

const LOOKING: &[MethodDef] = &[
    MethodDef::new(
        "get_objects",
        "($module, /, generation=None)",
        NativeCall::Bound(get_objects),
        "Return a list of objects tracked by the collector (excluding the list returned).\n\n  generation\n    Generation to extract the objects from.\n\nIf generation is not None, return only the objects tracked by the\ncollector that are in that generation.",
    ),
    MethodDef::new(
        "get_referrers",
        "($module, /, *objs)",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, _, targets| {
                let mut found = vm.heap.gc_referrers(targets);
                // The values of a generator that runs are on a call stack.
                crate::eval::generator::add_running(vm, targets, &mut found);
                expose(vm, &found);
                new_list(vm, found)
            },
        },
        "Return the list of objects that directly refer to any of 'objs'.",
    ),
    MethodDef::new(
        "get_referents",
        "($module, /, *objs)",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: get_referents,
        },
        "Return the list of objects that are directly referred to by 'objs'.",
    ),
    MethodDef::new(
        "is_tracked",
        "($module, obj, /)",
        NativeCall::One(|vm, _, object| {
            // Builtin types are never given up, so CPython's collector does not watch them.
            let watched = object
                .downcast::<Type>()
                .is_none_or(|ty| ty.has(TypeTraits::HEAP));
            Ok(vm.bool(watched && vm.heap.is_tracked(object)))
        }),
        "Returns true if the object is tracked by the garbage collector.\n\nSimple atomic objects will return false.",
    ),
    MethodDef::new(
        "is_finalized",
        "($module, obj, /)",
        NativeCall::One(|vm, _, object| Ok(vm.bool(object.flags() & Flags::FINALIZED != 0))),
        "Returns true if the object has been already finalized by the GC.",
    ),
];

fn switch(vm: &Vm, on: bool) -> PyResult {
    vm.heap.set_gc_enabled(on);
    Ok(vm.none_ref())
}

fn new_list(vm: &Vm, objects: Vec<Ref>) -> PyResult {
    Ok(vm.new_list(objects)?.upcast())
}

fn counts(vm: &Vm, values: [u32; GENERATIONS]) -> PyResult {
    let values = values
        .iter()
        .map(|v| vm.new_int(i64::from(*v)))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_tuple(values)?.upcast())
}

/// An argument that CPython reads as a C `int`.
fn to_c_int(vm: &Vm, object: &Object) -> PyResult<i32> {
    let index = protocol::index(vm, object)?;
    let value = index
        .downcast::<crate::object::Int>()
        .and_then(crate::object::Int::as_i64);
    match value {
        Some(value) => i32::try_from(value).map_err(|_| {
            vm.overflow_error(format!(
                "signed integer is {} than {}",
                if value < 0 { "less" } else { "greater" },
                if value < 0 { "minimum" } else { "maximum" }
            ))
        }),
        None => Err(vm.overflow_error("Python int too large to convert to C long")),
    }
}

fn set_threshold(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    if args.is_empty() || args.len() > GENERATIONS {
        return Err(vm.type_error(format!(
            "gc.set_threshold requires 1 to {GENERATIONS} arguments"
        )));
    }
    let values = args
        .iter()
        .map(|a| to_c_int(vm, a))
        .collect::<PyResult<Vec<i32>>>()?;
    for (generation, value) in values.into_iter().enumerate() {
        // CPython compares signed numbers: a negative threshold of the young generation is always passed.
        vm.heap.set_gc_threshold(generation, value.max(0) as u32);
    }
    Ok(vm.none_ref())
}

fn set_debug(vm: &Vm, _module: &Object, flags: &Object) -> PyResult {
    vm.heap.set_gc_debug(to_c_int(vm, flags)? as u32);
    Ok(vm.none_ref())
}

fn collect(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let generation = match args {
        [Some(generation)] => to_c_int(vm, generation)?,
        _ => GENERATIONS as i32 - 1,
    };
    match usize::try_from(generation) {
        Ok(generation) if generation < GENERATIONS => vm.new_usize(vm.heap.collect(generation)),
        _ => Err(vm.value_error("invalid generation")),
    }
}

fn get_stats(vm: &Vm, _module: &Object) -> PyResult {
    let mut list = Vec::new();
    for stats in vm.heap.gc_stats() {
        let dict = vm.new_dict()?;
        let entries = [
            ("collections", stats.collections),
            ("collected", stats.collected),
            ("uncollectable", stats.uncollectable),
        ];
        for (name, value) in entries {
            dict.set_text(vm, name, vm.new_usize(value)?.as_object())?;
        }
        list.push(dict.upcast());
    }
    new_list(vm, list)
}

fn get_objects(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let Some(generation) = args.first().copied().flatten().filter(|g| !vm.is_none(g)) else {
        return new_list(vm, vm.heap.gc_objects(None));
    };
    if crate::object::Type::of(generation)
        .slots
        .index
        .get()
        .is_none()
    {
        let name = protocol::type_name(generation);
        return Err(vm.type_error(format!("argument should be integer or None, not '{name}'")));
    }
    match protocol::to_index(vm, generation)? {
        // CPython takes -1 for "not given".
        -1 => new_list(vm, vm.heap.gc_objects(None)),
        n if n < 0 => Err(vm.value_error("generation parameter cannot be negative")),
        n if n >= GENERATIONS as i64 => Err(vm.value_error(format!(
            "generation parameter must be less than the number of available generations ({GENERATIONS})"
        ))),
        n => new_list(vm, vm.heap.gc_objects(Some(n as usize))),
    }
}

fn get_referents(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    // CPython looks into containers only.
    let containers = args
        .iter()
        .filter(|o| o.flags() & (Flags::GC | Flags::MANAGED) != 0);
    let found: Vec<Ref> = containers.flat_map(|o| shown(o)).collect();
    expose(vm, &found);
    new_list(vm, found)
}

/// Namespaces of classes are among these objects perhaps: whoever gets one may change it without the class being told, so
/// that nothing of such a class may be remembered any longer.
fn expose(vm: &Vm, found: &[Ref]) {
    let dicts: HashSet<*const Object> = found
        .iter()
        .filter(|object| object.is_exact::<Dict>())
        .map(|object| &raw const **object)
        .collect();
    if dicts.is_empty() {
        return;
    }
    let mut classes = vec![vm.types.object.clone()];
    let mut seen = HashSet::new();
    while let Some(class) = classes.pop() {
        if !seen.insert(&raw const *class) {
            continue;
        }
        let namespace = class.namespace.get();
        if namespace.is_some_and(|dict| dicts.contains(&(&raw const dict.head))) {
            class.set_trait(TypeTraits::EXPOSED, true);
            class.modified();
        }
        classes.extend(class.subclass_refs());
    }
}

/// What CPython shows of an object: of a dict each value before its key, and no keys where all are strings.
fn shown(object: &Object) -> Vec<Ref> {
    let Some(dict) = object.downcast_exact::<Dict>() else {
        return referents(object);
    };
    let entries = dict.snapshot();
    if entries.iter().all(|(key, _)| key.is_exact::<Str>()) {
        return entries.into_iter().map(|(_, value)| value).collect();
    }
    let pairs = entries.into_iter();
    pairs.flat_map(|(key, value)| [value, key]).collect()
}
