//! The native module `heap`: what the heap holds, who holds whom. The tools that draw pictures build on this alone.
//!
//! **Invariant.** Nothing is placed into the heap before the looking is done: what is measured is not changed by it.

use std::collections::{HashMap, VecDeque};

use viv_heap::{ClassStats, Disagreement, Object, Ref, Visitor, size_of_object};

use super::make::ModuleSpec;
use crate::native::{MethodDef, NativeCall};
use crate::object::Dict;
use crate::result::PyResult;
use crate::vm::Vm;

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "heap",
    doc: "A look into the private heap: statistics, maps, censuses and the holders of objects.",
    functions: &[FUNCTIONS],
    fill: |_, _| Ok(()),
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "stats",
        "($module, /)",
        NativeCall::NoArgs(stats),
        "Return a dictionary of what the heap holds, in blocks and bytes, with a list of its size classes.",
    ),
    MethodDef::new(
        "map",
        "($module, /)",
        NativeCall::NoArgs(map),
        "Return a list of arenas and the list of raw blocks.\n\nAn arena is a tuple of its address and its pools; a pool a tuple of its address,\nwhat it holds, the block size, the number of blocks and the addresses of the used ones.",
    ),
    MethodDef::new(
        "census",
        "($module, /)",
        NativeCall::NoArgs(census),
        "Return a list of (type, objects, bytes) for all live objects, most bytes first.",
    ),
    MethodDef::new(
        "holders",
        "($module, object, /)",
        NativeCall::One(holders),
        "Return a list of all objects that own a reference to the object, watched by the collector or not.",
    ),
    MethodDef::new(
        "path_to_root",
        "($module, object, /)",
        NativeCall::One(path_to_root),
        "Return the shortest list of objects, each owning the next, that ends in the object\nand starts with one that is owned from outside of the heap.",
    ),
    MethodDef::new(
        "audit",
        "($module, /)",
        NativeCall::NoArgs(audit),
        "Recompute all reference counts by tracing and return what disagrees, a line each.",
    ),
    MethodDef::new(
        "size",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| vm.new_usize(size_of_object(object))),
        "Return the bytes of the object's own block.",
    ),
];

fn entry(vm: &Vm, dict: &Dict, name: &str, value: usize) -> PyResult<()> {
    dict.set_text(vm, name, vm.new_usize(value)?.as_object())
}

fn audit(vm: &Vm, _module: &Object) -> PyResult {
    let mut lines = Vec::new();
    for wrong in vm.audit() {
        let line = match wrong {
            Disagreement::Count {
                address,
                layout,
                counted,
                found,
            } => {
                format!("{layout} at {address:#x}: counted {counted}, found {found}")
            }
            Disagreement::Dangling {
                owner,
                layout,
                target,
            } => {
                format!("{layout} at {owner:#x}: owns {target:#x}, which is no object")
            }
            Disagreement::Broken(what) => what,
        };
        lines.push(vm.new_str(&line)?.upcast());
    }
    Ok(vm.new_list(lines)?.upcast())
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
            pools.push(vm.new_tuple(fields)?.upcast());
        }
        arenas.push(
            vm.new_tuple(vec![
                vm.new_usize(arena.address)?,
                vm.new_list(pools)?.upcast(),
            ])?
            .upcast(),
        );
    }
    let mut raw = Vec::new();
    for (address, size, domain) in map.raw {
        let domain = vm.new_str(&format!("{domain:?}").to_lowercase())?.upcast();
        raw.push(
            vm.new_tuple(vec![vm.new_usize(address)?, domain, vm.new_usize(size)?])?
                .upcast(),
        );
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
        list.push(
            vm.new_tuple(vec![
                ty.clone(),
                vm.new_usize(line.count)?,
                vm.new_usize(line.bytes)?,
            ])?
            .upcast(),
        );
    }
    Ok(vm.new_list(list)?.upcast())
}

fn holders(vm: &Vm, _module: &Object, object: &Object) -> PyResult {
    let mut found = Vec::new();
    vm.heap.for_each_object(&mut |holder| {
        let mut holds = false;
        holder.traverse(&mut Visitor::new(&mut |child| {
            holds = holds || child.is(object)
        }));
        if holds {
            found.push(holder.to_ref());
        }
    });
    Ok(vm.new_list(found)?.upcast())
}

fn path_to_root(vm: &Vm, _module: &Object, object: &Object) -> PyResult {
    // Who owns whom, backwards; and how many owners of each object were found.
    let mut owners: HashMap<usize, Vec<&Object>> = HashMap::new();
    let mut all: Vec<Ref> = Vec::new();
    vm.heap
        .for_each_object(&mut |holder| all.push(holder.to_ref()));
    for holder in &all {
        holder.traverse(&mut Visitor::new(&mut |child| {
            owners.entry(child.address()).or_default().push(holder)
        }));
    }
    // Each object has one owner more now: the table above.
    let from_outside = |o: &Object| {
        o.is_immortal() || o.raw_count() as usize > owners.get(&o.address()).map_or(0, Vec::len) + 1
    };
    let mut next: HashMap<usize, Option<&Object>> = HashMap::from([(object.address(), None)]);
    let mut todo: VecDeque<&Object> = VecDeque::from([object]);
    let mut root = None;
    while let Some(at) = todo.pop_front() {
        // The argument itself is always owned by this call.
        if !at.is(object) && from_outside(at) {
            root = Some(at);
            break;
        }
        for owner in owners.get(&at.address()).into_iter().flatten() {
            if let std::collections::hash_map::Entry::Vacant(place) = next.entry(owner.address()) {
                place.insert(Some(at));
                todo.push_back(owner);
            }
        }
    }
    let mut path = Vec::new();
    let mut at = root.or(Some(object));
    while let Some(step) = at {
        path.push(step.to_ref());
        at = next.get(&step.address()).copied().flatten();
    }
    drop(next);
    drop(all);
    Ok(vm.new_list(path)?.upcast())
}
