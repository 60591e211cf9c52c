//! `combinations`, `combinations_with_replacement`, `permutations`.

use std::cell::{Cell, RefCell};

use viv_heap::{Object, Ref, object_layout};

use super::{bind, iterator_type};
use crate::args::Args;
use crate::object::{Int, KeptTuple, Tuple, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::vm::Vm;

/// The state of a combinatoric iterator: a pool and the indices of the present selection.
#[repr(C)]
pub struct Combinations {
    /// The header.
    pub head: Object,
    pool: Ref<Tuple>,
    /// Indices of the items; no Python code runs while they are borrowed.
    indices: RefCell<Vec<usize>>,
    /// The counters of `permutations`.
    cycles: RefCell<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
    length: usize,
    /// The tuple that was given last.
    result: KeptTuple,
}
object_layout!(
    Combinations = kinds::COMBINATIONS,
    traverse | this,
    visit | {
        visit.visit(this.pool.as_object());
        this.result.visit(visit);
    }
);

fn length(vm: &Vm, r: &Object) -> PyResult<usize> {
    let r = protocol::to_i64(vm, r)?;
    usize::try_from(r).map_err(|_| vm.value_error("r must be non-negative"))
}

fn make(
    vm: &Vm,
    ty: &Type,
    pool: Ref<Tuple>,
    indices: Vec<usize>,
    cycles: Vec<usize>,
    length: usize,
    stopped: bool,
) -> PyResult {
    place_tracked(
        vm,
        Combinations {
            head: Object::new(ty.type_head_of()),
            pool,
            indices: RefCell::new(indices),
            cycles: RefCell::new(cycles),
            started: Cell::new(false),
            stopped: Cell::new(stopped),
            length,
            result: KeptTuple::none(),
        },
    )
}

/// The tuple of the selected items.
fn selection(vm: &Vm, this: &Combinations) -> PyResult<Option<Ref>> {
    // Each index is read by itself: an item that is given up in between may run code.
    let items = (0..this.length).filter_map(|i| {
        let index = *this.indices.borrow().get(i)?;
        this.pool.as_slice().get(index).cloned()
    });
    Ok(Some(this.result.last(vm, this.length, items)?))
}

/// Gives the first selection, then each that `advance` reaches.
fn next_selection(
    vm: &Vm,
    this: &Object,
    advance: fn(&Combinations) -> bool,
) -> PyResult<Option<Ref>> {
    let this = receiver::<Combinations>(vm, this)?;
    if this.stopped.get() {
        return Ok(None);
    }
    if this.started.replace(true) && !advance(this) {
        this.stopped.set(true);
        return Ok(None);
    }
    selection(vm, this)
}

iterator_type!(
    COMBINATIONS_SPEC,
    Combinations,
    "combinations",
    "(iterable, r)",
    "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    new_combinations,
    |vm, this| next_selection(vm, this, advance_combination)
);

fn new_combinations(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "combinations", "(iterable, r)", args)?;
    let [Some(iterable), Some(r)] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let pool = vm.new_tuple(protocol::collect(vm, iterable)?)?;
    let r = length(vm, r)?;
    let stopped = r > pool.len();
    let indices = if stopped {
        Vec::new()
    } else {
        (0..r).collect()
    };
    make(vm, ty, pool, indices, Vec::new(), r, stopped)
}

fn advance_combination(this: &Combinations) -> bool {
    let mut indices = this.indices.borrow_mut();
    let (n, r) = (this.pool.len(), this.length);
    let Some(i) = (0..r).rev().find(|&i| indices[i] != i + n - r) else {
        return false;
    };
    indices[i] += 1;
    for j in i + 1..r {
        indices[j] = indices[j - 1] + 1;
    }
    true
}

iterator_type!(
    COMBINATIONS_WITH_REPLACEMENT_SPEC,
    Combinations,
    "combinations_with_replacement",
    "(iterable, r)",
    "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')",
    new_with_replacement,
    |vm, this| next_selection(vm, this, advance_with_replacement)
);

fn new_with_replacement(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "combinations_with_replacement", "(iterable, r)", args)?;
    let [Some(iterable), Some(r)] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let pool = vm.new_tuple(protocol::collect(vm, iterable)?)?;
    let r = length(vm, r)?;
    let stopped = pool.is_empty() && r > 0;
    let mut indices = Vec::new();
    if indices.try_reserve_exact(r).is_err() {
        return Err(vm.no_memory());
    }
    indices.resize(r, 0);
    make(vm, ty, pool, indices, Vec::new(), r, stopped)
}

fn advance_with_replacement(this: &Combinations) -> bool {
    let mut indices = this.indices.borrow_mut();
    let n = this.pool.len();
    let Some(i) = (0..this.length).rev().find(|&i| indices[i] + 1 < n) else {
        return false;
    };
    let index = indices[i] + 1;
    indices[i..].fill(index);
    true
}

iterator_type!(
    PERMUTATIONS_SPEC,
    Combinations,
    "permutations",
    "(iterable, r=None)",
    "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
    new_permutations,
    |vm, this| next_selection(vm, this, advance_permutation)
);

fn new_permutations(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "permutations", "(iterable, r=None)", args)?;
    let [Some(iterable), r] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let pool = vm.new_tuple(protocol::collect(vm, iterable)?)?;
    let r = match r.filter(|r| !vm.is_none(r)) {
        None => pool.len(),
        Some(r) if r.downcast::<Int>().is_none() => return Err(vm.type_error("Expected int as r")),
        Some(r) => length(vm, r)?,
    };
    let n = pool.len();
    let stopped = r > n;
    let cycles = if stopped {
        Vec::new()
    } else {
        (0..r).map(|i| n - i).collect()
    };
    make(vm, ty, pool, (0..n).collect(), cycles, r, stopped)
}

fn advance_permutation(this: &Combinations) -> bool {
    let (mut indices, mut cycles) = (this.indices.borrow_mut(), this.cycles.borrow_mut());
    let n = indices.len();
    for i in (0..this.length).rev() {
        cycles[i] -= 1;
        if cycles[i] == 0 {
            // The index goes to the end; the later ones move up.
            indices[i..].rotate_left(1);
            cycles[i] = n - i;
        } else {
            let j = n - cycles[i];
            indices.swap(i, j);
            return true;
        }
    }
    false
}
