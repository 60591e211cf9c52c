//! The module `_heapq`: heaps in lists, with the least or the greatest item first.
//!
//! Every comparison may run Python code; a list that changes its length meanwhile ends the operation.

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::List;
use viv_runtime::protocol;
use viv_runtime::{CompareOp, MethodDef, NativeCall, Object, PyResult, Ref, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_heapq",
    doc: "Heap queue algorithm (a.k.a. priority queue).\n\nHeaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for\nall k, counting elements from 0.  For the sake of comparison,\nnon-existing elements are considered to be infinite.  The interesting\nproperty of a heap is that a[0] is always its smallest element.\n",
    functions: &[FUNCTIONS],
    fill: |_, _| Ok(()),
};

const fn two(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        "($module, heap, item, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call,
        },
        doc,
    )
}

const FUNCTIONS: &[MethodDef] = &[
    two(
        "heappush",
        |vm, _, args| push(vm, "heappush", args, MIN),
        "Push item onto heap, maintaining the heap invariant.",
    ),
    two(
        "heappushpop",
        |vm, _, args| push_pop(vm, "heappushpop", args, MIN),
        "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined action runs more efficiently than heappush() followed by\na separate call to heappop().",
    ),
    MethodDef::new(
        "heappop",
        "($module, heap, /)",
        NativeCall::One(|vm, _, heap| pop(vm, "heappop", heap, MIN)),
        "Pop the smallest item off the heap, maintaining the heap invariant.",
    ),
    two(
        "heapreplace",
        |vm, _, args| replace(vm, "heapreplace", args, MIN),
        "Pop and return the current smallest value, and add the new item.\n\nThis is more efficient than heappop() followed by heappush(), and can be\nmore appropriate when using a fixed-size heap.  Note that the value\nreturned may be larger than item!  That constrains reasonable uses of\nthis routine unless written as part of a conditional replacement:\n\n    if item > heap[0]:\n        item = heapreplace(heap, item)",
    ),
    MethodDef::new(
        "heapify",
        "($module, heap, /)",
        NativeCall::One(|vm, _, heap| heapify(vm, "heapify", heap, MIN)),
        "Transform list into a heap, in-place, in O(len(heap)) time.",
    ),
    two(
        "heappush_max",
        |vm, _, args| push(vm, "heappush_max", args, MAX),
        "Push item onto max heap, maintaining the heap invariant.",
    ),
    two(
        "heappushpop_max",
        |vm, _, args| push_pop(vm, "heappushpop_max", args, MAX),
        "Maxheap variant of heappushpop.\n\nThe combined action runs more efficiently than heappush_max() followed by\na separate call to heappop_max().",
    ),
    MethodDef::new(
        "heappop_max",
        "($module, heap, /)",
        NativeCall::One(|vm, _, heap| pop(vm, "heappop_max", heap, MAX)),
        "Maxheap variant of heappop.",
    ),
    two(
        "heapreplace_max",
        |vm, _, args| replace(vm, "heapreplace_max", args, MAX),
        "Maxheap variant of heapreplace.",
    ),
    MethodDef::new(
        "heapify_max",
        "($module, heap, /)",
        NativeCall::One(|vm, _, heap| heapify(vm, "heapify_max", heap, MAX)),
        "Maxheap variant of heapify.",
    ),
];

/// Whether the greatest item is first.
type Order = bool;
const MIN: Order = false;
const MAX: Order = true;

/// Whether `a` belongs above `b`.
fn above(vm: &Vm, a: &Object, b: &Object, order: Order) -> PyResult<bool> {
    let (a, b) = if order == MAX { (b, a) } else { (a, b) };
    protocol::compare_bool(vm, a, b, CompareOp::Lt)
}

fn heap_of<'a>(vm: &Vm, name: &str, heap: &'a Object) -> PyResult<&'a List> {
    heap.downcast::<List>().ok_or_else(|| {
        vm.type_error(format!(
            "{name}() argument 1 must be list, not {}",
            protocol::type_name(heap)
        ))
    })
}

fn item(vm: &Vm, heap: &List, i: usize) -> PyResult {
    heap.get(i).ok_or_else(|| changed(vm))
}

fn changed(vm: &Vm) -> viv_runtime::Raised {
    vm.runtime_error("list changed size during iteration")
}

fn swap(vm: &Vm, heap: &List, i: usize, j: usize) -> PyResult<()> {
    let (a, b) = (item(vm, heap, i)?, item(vm, heap, j)?);
    // The items only change places: nothing is released here.
    drop(heap.set(i, b));
    drop(heap.set(j, a));
    Ok(())
}

/// Moves the item at `pos` up to where it belongs, not above `start`.
fn sift_up_from(vm: &Vm, heap: &List, start: usize, mut pos: usize, order: Order) -> PyResult<()> {
    let len = heap.len();
    if pos >= len {
        return Err(vm.index_error("index out of range"));
    }
    while pos > start {
        let parent = (pos - 1) / 2;
        let goes_up = above(vm, &*item(vm, heap, pos)?, &*item(vm, heap, parent)?, order)?;
        if heap.len() != len {
            return Err(changed(vm));
        }
        if !goes_up {
            break;
        }
        swap(vm, heap, parent, pos)?;
        pos = parent;
    }
    Ok(())
}

/// Moves the item at `pos` down to a leaf along the better children, then up to where it belongs.
fn sift_down(vm: &Vm, heap: &List, start: usize, order: Order) -> PyResult<()> {
    let len = heap.len();
    if start >= len {
        return Err(vm.index_error("index out of range"));
    }
    let mut pos = start;
    while pos < len / 2 {
        let mut child = 2 * pos + 1;
        if child + 1 < len {
            let left_better = above(
                vm,
                &*item(vm, heap, child)?,
                &*item(vm, heap, child + 1)?,
                order,
            )?;
            if heap.len() != len {
                return Err(changed(vm));
            }
            child += usize::from(!left_better);
        }
        swap(vm, heap, child, pos)?;
        pos = child;
    }
    sift_up_from(vm, heap, start, pos, order)
}

fn push(vm: &Vm, name: &str, args: &[&Object], order: Order) -> PyResult {
    let [heap, item] = args else {
        return Ok(vm.none_ref());
    };
    let heap = heap_of(vm, name, heap)?;
    heap.push(vm, item.to_ref())?;
    sift_up_from(vm, heap, 0, heap.len() - 1, order)?;
    Ok(vm.none_ref())
}

fn pop(vm: &Vm, name: &str, heap: &Object, order: Order) -> PyResult {
    let heap = heap_of(vm, name, heap)?;
    let Some(last) = heap.pop() else {
        return Err(vm.index_error("index out of range"));
    };
    if heap.is_empty() {
        return Ok(last);
    }
    let first: Ref = heap.set(0, last).unwrap_or_else(|same| same);
    sift_down(vm, heap, 0, order)?;
    Ok(first)
}

fn replace(vm: &Vm, name: &str, args: &[&Object], order: Order) -> PyResult {
    let [heap, new] = args else {
        return Ok(vm.none_ref());
    };
    let heap = heap_of(vm, name, heap)?;
    let Ok(first) = heap.set(0, new.to_ref()) else {
        return Err(vm.index_error("index out of range"));
    };
    sift_down(vm, heap, 0, order)?;
    Ok(first)
}

fn push_pop(vm: &Vm, name: &str, args: &[&Object], order: Order) -> PyResult {
    let [heap, new] = args else {
        return Ok(vm.none_ref());
    };
    let list = heap_of(vm, name, heap)?;
    let Some(first) = list.get(0) else {
        return Ok(new.to_ref());
    };
    if !above(vm, &first, new, order)? {
        return Ok(new.to_ref());
    }
    if list.is_empty() {
        return Err(vm.index_error("index out of range"));
    }
    replace(vm, name, args, order)
}

fn heapify(vm: &Vm, name: &str, heap: &Object, order: Order) -> PyResult {
    let heap = heap_of(vm, name, heap)?;
    for i in (0..heap.len() / 2).rev() {
        sift_down(vm, heap, i, order)?;
    }
    Ok(vm.none_ref())
}
