//! The native module `heap`: what the heap holds, who holds whom. The tools that draw pictures build on this alone.
//!
//! **Invariant.** Nothing is placed into the heap before the looking is done: what is measured is not changed by it.

mod path;
mod walk;

use std::collections::HashMap;

use viv_heap::layout::TypeFlags;
use viv_heap::{ClassStats, Flags, Object, Ref, size_of_object};

use self::walk::{Name, Place};
use super::make::ModuleSpec;
use super::struct_sequence::make;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, Type};
use crate::result::PyResult;
use crate::struct_sequence;
use crate::types::extra::extra_type;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "heap",
    doc: DOC,
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        vm.complete_types();
        for spec in [&HOLDER, &CENSUS_LINE, &ARENA, &POOL, &BLOCK] {
            let ty = sequence_type(vm, spec)?;
            module.dict.set_text(vm, spec.name, ty.as_object())?;
        }
        Ok(())
    },
};

const DOC: &str = "A look into the private heap: who holds an object, what the heap consists of.

holders() -- All places that own a reference to an object.
path_to_root() -- The shortest chain of places that keeps an object alive.
census() -- Objects and bytes by type.
map() -- Arenas, pools and blocks.
stats() -- What the heap holds, in blocks and bytes.
size() -- The bytes of an object's own block.
audit() -- All counts recomputed by tracing.
add_old_finalizer() -- A finaliser that makes cycles uncollectable, for tests.
hide_from_collector() -- Instances that the collector does not know, for tests.

Looking changes nothing that is looked at: the heap is walked first, and the answer is made afterwards.";

struct_sequence!(
    /// A place that owns a reference.
    HOLDER, "heap", "Holder", 0 "kind", 1 "owner", 2 "name", 3 "count"
);
struct_sequence!(
    /// The objects of a type.
    CENSUS_LINE, "heap", "CensusLine", 0 "type", 1 "objects", 2 "bytes"
);
struct_sequence!(
    /// 256 KiB from the operating system.
    ARENA, "heap", "Arena", 0 "address", 1 "pools"
);
struct_sequence!(
    /// 4 KiB of blocks of one size.
    POOL, "heap", "Pool", 0 "address", 1 "domain", 2 "block_size", 3 "capacity", 4 "used"
);
struct_sequence!(
    /// A single block of more than 512 bytes.
    BLOCK, "heap", "Block", 0 "address", 1 "domain", 2 "size"
);

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "holders",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| {
            let places = walk::holders(vm, object);
            holder_list(vm, places)
        }),
        "Return a list of all places that own a reference to the object, a Holder each.

The counts add up to sys.getrefcount(object). The kinds of places are

  attribute    of an instance, inline or in __slots__; name is the attribute's
  dict, class  the __dict__ of an instance or a module; the class of an instance
  item         of a list or a tuple; name is the index
  key, value   of a dict; the name of a value is its key
  element      of a set
  field        of any other object; name says which where the field has a name
  local        a variable of a running or suspended function; name is the variable's
  stack        the evaluation stack of a function; name is the index from the bottom
  call         the callable of a running call
  frame        what a running frame has beside these
  interpreter  the interpreter itself, thread: the state of a thread; name says as what
  native       a native function that is running

owner is the object that the place is part of (for places of a frame: the function),
or None. The argument of this call is one of the holders.",
    ),
    MethodDef::new(
        "path_to_root",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| {
            let places = path::to_root(vm, object);
            holder_list(vm, places)
        }),
        "Return the shortest list of Holders that keeps the object alive.

The first is a root: a place in a running frame, in the interpreter, or an
immortal object. Each of them owns the owner of the next one, and the last owns
the object. The argument of this call is not taken for a root. The list is empty
where nothing but this call, native code or a cycle keeps the object alive.",
    ),
    MethodDef::new(
        "add_old_finalizer",
        "($module, class, /)",
        NativeCall::One(add_old_finalizer),
        "Let the method __tp_del__ of a class run as a finaliser of the old kind; return the class.

Types written in C may have such a finaliser. It runs after __del__, once weak references
to the object are dead, and again where it has saved the object. Cycles with such an object
are not collected: the collector puts the object into gc.garbage.",
    ),
    MethodDef::new(
        "hide_from_collector",
        "($module, class, /)",
        NativeCall::One(hide_from_collector),
        "Make the instances of a class without attributes as objects that the collector does not know; return the class.

Their blocks have no prefix for it. The class must have an empty __slots__ and own nothing
by its base. As with such types of C, there is no place to note that __del__ has run: it runs
again where it has saved the object.",
    ),
    MethodDef::new(
        "census",
        "($module, /)",
        NativeCall::NoArgs(census),
        "Return a list of all live objects by type, most bytes first: type, objects, bytes.

The bytes are those of the objects' own blocks. What lists, dicts and sets keep
in blocks of their own counts as payload: see map() and stats().",
    ),
    MethodDef::new(
        "map",
        "($module, /)",
        NativeCall::NoArgs(map),
        "Return a tuple of two lists: the arenas and the single blocks of more than 512 bytes.

An Arena has an address and its pools. A Pool has an address, a domain (what its
blocks hold: 'payload', 'plain', 'gc', 'managed', or None for a free pool), the size
of its blocks, their number and the addresses of those in use. A Block has an
address, a domain and a size.",
    ),
    MethodDef::new(
        "stats",
        "($module, /)",
        NativeCall::NoArgs(stats),
        "Return a dictionary of what the heap holds, in blocks and bytes, with a list of its size classes.",
    ),
    MethodDef::new(
        "size",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| vm.new_usize(size_of_object(object))),
        "Return the bytes of the object's own block.",
    ),
    MethodDef::new(
        "audit",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let lines = vm.audit_faults();
            let lines = lines.iter().map(|line| Ok(vm.new_str(line)?.upcast()));
            let lines = lines.collect::<PyResult<Vec<Ref>>>()?;
            Ok(vm.new_list(lines)?.upcast())
        }),
        "Recompute all reference counts by tracing and return the faults, a line each.

Pools, free lists, generations and lists of weak references are checked too. A
count above the number of owners that were found is no fault: native functions
that run own references that nobody can see (holders() calls them 'native').",
    ),
];

fn sequence_type(vm: &Vm, spec: &'static TypeSpec) -> PyResult<Ref<Type>> {
    extra_type(vm, spec, &vm.types.tuple)
}

fn sequence(vm: &Vm, spec: &'static TypeSpec, values: Vec<Ref>) -> PyResult {
    let ty = sequence_type(vm, spec)?;
    make(vm, &ty, values)
}

fn holder_list(vm: &Vm, places: Vec<Place>) -> PyResult {
    let mut list = Vec::with_capacity(places.len());
    for place in places {
        let name = match place.name {
            Name::None => vm.none_ref(),
            Name::Index(i) => vm.new_usize(i)?,
            Name::Word(word) => vm.intern(word)?.upcast(),
            Name::Object(object) => object,
        };
        let values = vec![
            vm.intern(place.kind)?.upcast(),
            place.owner.unwrap_or_else(|| vm.none_ref()),
            name,
            vm.new_usize(place.count)?,
        ];
        list.push(sequence(vm, &HOLDER, values)?);
    }
    Ok(vm.new_list(list)?.upcast())
}

fn entry(vm: &Vm, dict: &Dict, name: &str, value: usize) -> PyResult<()> {
    dict.set_text(vm, name, vm.new_usize(value)?.as_object())
}

fn hide_from_collector(vm: &Vm, _module: &Object, class: &Object) -> PyResult {
    match class.downcast::<Type>() {
        Some(class)
            if class.info.flags.get() & (TypeFlags::HEAP_TYPE | TypeFlags::INLINE_VALUES)
                == TypeFlags::HEAP_TYPE
                && class.info.object_flags.get() & Flags::MANAGED == 0
                && class.info.basicsize.get() == vm.types.object.info.basicsize.get() =>
        {
            let flags = &class.info.object_flags;
            flags.set(flags.get() & !Flags::GC);
            Ok(class.head.to_ref())
        }
        _ => Err(vm.type_error("a class whose instances own nothing expected")),
    }
}

fn add_old_finalizer(vm: &Vm, _module: &Object, class: &Object) -> PyResult {
    match class.downcast::<Type>() {
        Some(class) if class.info.flags.get() & TypeFlags::HEAP_TYPE != 0 => {
            vm.heap.set_old_finalizer(class.type_head_of());
            Ok(class.head.to_ref())
        }
        _ => Err(vm.type_error(format!(
            "a class made by a class statement expected, got '{}'",
            crate::protocol::type_name(class)
        ))),
    }
}

fn stats(vm: &Vm, _module: &Object) -> PyResult {
    let stats = vm.heap.stats();
    let dict = vm.new_dict()?;
    let entries = [
        ("arenas", stats.arenas),
        ("arenas_peak", stats.arenas_peak),
        ("arenas_mapped", stats.arenas_mapped as usize),
        ("pools", stats.pools),
        ("free_pools", stats.free_pools),
        ("blocks", stats.blocks),
        ("bytes", stats.bytes),
        ("raw_blocks", stats.raw_blocks),
        ("raw_bytes", stats.raw_bytes),
        ("held", stats.held),
        ("held_peak", stats.held_peak),
    ];
    entries
        .iter()
        .try_for_each(|(name, value)| entry(vm, &dict, name, *value))?;
    let classes = stats
        .classes
        .iter()
        .map(|class| class_stats(vm, class))
        .collect::<PyResult<Vec<Ref>>>()?;
    dict.set_text(vm, "classes", vm.new_list(classes)?.as_object())?;
    Ok(dict.upcast())
}

fn class_stats(vm: &Vm, class: &ClassStats) -> PyResult {
    let dict = vm.new_dict()?;
    let entries = [
        ("size", class.size),
        ("pools", class.pools),
        ("used", class.used),
        ("free", class.free),
    ];
    entries
        .iter()
        .try_for_each(|(name, value)| entry(vm, &dict, name, *value))?;
    Ok(dict.upcast())
}

fn map(vm: &Vm, _module: &Object) -> PyResult {
    let map = vm.heap.map();
    let mut arenas = Vec::new();
    for arena in map.arenas {
        let mut pools = Vec::new();
        for pool in arena.pools {
            let domain = match pool.domain {
                Some(domain) => vm.new_str(&format!("{domain:?}").to_lowercase())?.upcast(),
                None => vm.none_ref(),
            };
            let used = pool
                .used
                .iter()
                .map(|a| vm.new_usize(*a))
                .collect::<PyResult<Vec<Ref>>>()?;
            let fields = vec![
                vm.new_usize(pool.address)?,
                domain,
                vm.new_usize(pool.block_size)?,
                vm.new_usize(pool.capacity)?,
                vm.new_list(used)?.upcast(),
            ];
            pools.push(sequence(vm, &POOL, fields)?);
        }
        let fields = vec![vm.new_usize(arena.address)?, vm.new_list(pools)?.upcast()];
        arenas.push(sequence(vm, &ARENA, fields)?);
    }
    let mut raw = Vec::new();
    for (address, size, domain) in map.raw {
        let domain = vm.new_str(&format!("{domain:?}").to_lowercase())?.upcast();
        let fields = vec![vm.new_usize(address)?, domain, vm.new_usize(size)?];
        raw.push(sequence(vm, &BLOCK, fields)?);
    }
    Ok(vm
        .new_tuple(vec![
            vm.new_list(arenas)?.upcast(),
            vm.new_list(raw)?.upcast(),
        ])?
        .upcast())
}

fn census(vm: &Vm, _module: &Object) -> PyResult {
    let mut types: HashMap<usize, Ref> = HashMap::new();
    let lines = vm.heap.census();
    vm.heap.for_each_object(&mut |object| {
        let ty = object.type_object();
        types.entry(ty.address()).or_insert_with(|| ty.to_ref());
    });
    let mut list = Vec::new();
    for line in lines {
        let Some(ty) = types.get(&line.ty) else {
            continue;
        };
        let fields = vec![
            ty.clone(),
            vm.new_usize(line.count)?,
            vm.new_usize(line.bytes)?,
        ];
        list.push(sequence(vm, &CENSUS_LINE, fields)?);
    }
    Ok(vm.new_list(list)?.upcast())
}
