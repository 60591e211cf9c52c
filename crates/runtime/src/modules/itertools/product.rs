//! `product`

use std::cell::{Cell, RefCell};

use viv_heap::{Object, Ref, object_layout};

use super::iterator_type;
use crate::args::Args;
use crate::native::bind::{check_keyword_count, unexpected_keyword};
use crate::object::{KeptTuple, Tuple, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::vm::Vm;

/// `product`
#[repr(C)]
pub struct Product {
    /// The header.
    pub head: Object,
    /// The pools, each a tuple.
    pools: Ref<Tuple>,
    /// The index in each pool; no Python code runs while they are borrowed.
    indices: RefCell<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
    /// The tuple that was given last.
    result: KeptTuple,
}
object_layout!(
    Product = kinds::PRODUCT,
    traverse | this,
    visit | {
        visit.visit(this.pools.as_object());
        this.result.visit(visit);
    }
);

iterator_type!(
    PRODUCT_SPEC,
    Product,
    "product",
    "(*iterables, repeat=1)",
    "Cartesian product of input iterables.  Equivalent to nested for-loops.\n\nFor example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).\nThe leftmost iterators are in the outermost for-loop, so the output tuples\ncycle in a manner similar to an odometer (with the rightmost element changing\non every iteration).\n\nTo compute the product of an iterable with itself, specify the number\nof repetitions with the optional repeat keyword argument. For example,\nproduct(A, repeat=4) means the same as product(A, A, A, A).\n\nproduct('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)\nproduct((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ...",
    new,
    next
);

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    check_keyword_count(vm, "product", args, 1)?;
    let mut repeat = 1;
    for (name, value) in args.keywords() {
        if !name.eq_text("repeat") {
            return Err(unexpected_keyword(vm, "product", name, &["repeat"]));
        }
        repeat = protocol::to_i64(vm, value)?;
        if repeat < 0 {
            return Err(vm.value_error("repeat argument cannot be negative"));
        }
    }
    let count = if repeat == 0 { 0 } else { args.pos().len() };
    let Some(total) = count
        .checked_mul(repeat as usize)
        .filter(|n| *n <= isize::MAX as usize / 8)
    else {
        return Err(vm.overflow_error("repeat argument too large"));
    };
    let mut pools: Vec<Ref> = Vec::new();
    let mut indices: Vec<usize> = Vec::new();
    if pools.try_reserve_exact(total).is_err() || indices.try_reserve_exact(total).is_err() {
        return Err(vm.no_memory());
    }
    for iterable in args.pos().iter().take(count) {
        pools.push(vm.new_tuple(protocol::collect(vm, iterable)?)?.upcast());
    }
    for i in count..total {
        let pool = pools[i - count].clone();
        pools.push(pool);
    }
    indices.resize(total, 0);
    let empty = pools
        .iter()
        .any(|p| p.downcast::<Tuple>().is_none_or(Tuple::is_empty));
    place_tracked(
        vm,
        Product {
            head: Object::new(ty.type_head_of()),
            pools: vm.new_tuple(pools)?,
            indices: RefCell::new(indices),
            started: Cell::new(false),
            stopped: Cell::new(empty),
            result: KeptTuple::none(),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Product>(vm, this)?;
    if this.stopped.get() {
        return Ok(None);
    }
    let len = |i: usize| {
        this.pools
            .get(i)
            .and_then(|p| p.downcast::<Tuple>())
            .map_or(0, Tuple::len)
    };
    if this.started.replace(true) {
        let mut indices = this.indices.borrow_mut();
        let mut advanced = false;
        for i in (0..indices.len()).rev() {
            indices[i] += 1;
            if indices[i] < len(i) {
                advanced = true;
                break;
            }
            indices[i] = 0;
        }
        if !advanced {
            this.stopped.set(true);
            return Ok(None);
        }
    }
    // Each index is read by itself: an item that is given up in between may run code.
    let items = this.pools.iter().enumerate().filter_map(|(i, pool)| {
        let index = *this.indices.borrow().get(i)?;
        pool.downcast::<Tuple>()?.get(index).map(Object::to_ref)
    });
    Ok(Some(this.result.last(vm, this.pools.len(), items)?))
}
