//! Iterators that take from one iterable: `accumulate`, `batched`, `dropwhile`, `filterfalse`, `islice`, `pairwise`,
//! `starmap`, `takewhile`.

use std::cell::Cell;

use viv_bytecode::BinaryOp;
use viv_heap::{Object, Ref, object_layout};

use super::{bind, iterator_type};
use crate::args::Args;
use crate::object::{Int, KeptTuple, Slot, Tuple, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver};
use crate::vm::Vm;

/// `accumulate`
#[repr(C)]
pub struct Accumulate {
    /// The header.
    pub head: Object,
    iterator: Ref,
    /// The function, unless it is addition.
    function: Slot,
    total: Slot,
    /// The given first value, until it has been returned.
    initial: Slot,
}
object_layout!(
    Accumulate = kinds::ACCUMULATE,
    traverse | this,
    visit | {
        visit.visit(&this.iterator);
        this.function.visit(visit);
        this.total.visit(visit);
        this.initial.visit(visit);
    }
);

iterator_type!(
    ACCUMULATE_SPEC,
    Accumulate,
    "accumulate",
    "(iterable, func=None, *, initial=None)",
    "Return series of accumulated sums (or other binary function results).",
    new_accumulate,
    next_accumulate
);

fn given<'a>(vm: &Vm, value: Option<&'a Object>) -> Option<&'a Object> {
    value.filter(|v| !vm.is_none(v))
}

fn new_accumulate(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(
        vm,
        "accumulate",
        "(iterable, func=None, *, initial=None)",
        args,
    )?;
    let [Some(iterable), function, initial] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Accumulate {
            head: Object::new(ty.type_head_of()),
            iterator,
            function: Slot::new(given(vm, *function).map(Object::to_ref)),
            total: Slot::default(),
            initial: Slot::new(given(vm, *initial).map(Object::to_ref)),
        },
    )
}

fn next_accumulate(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Accumulate>(vm, this)?;
    if let Some(initial) = this.initial.take() {
        this.total.set(Some(initial.clone()));
        return Ok(Some(initial));
    }
    let Some(item) = protocol::next(vm, &this.iterator)? else {
        return Ok(None);
    };
    let total = match (this.total.get(), this.function.get()) {
        (None, _) => item,
        (Some(total), None) => protocol::binary(vm, &total, &item, BinaryOp::Add)?,
        (Some(total), Some(function)) => protocol::call_args(vm, &function, &[&total, &item])?,
    };
    this.total.set(Some(total.clone()));
    Ok(Some(total))
}

/// `batched`
#[repr(C)]
pub struct Batched {
    /// The header.
    pub head: Object,
    /// The iterator, until its end.
    iterator: Slot,
    size: usize,
    strict: bool,
}
object_layout!(
    Batched = kinds::BATCHED,
    traverse | this,
    visit | {
        this.iterator.visit(visit);
    }
);

iterator_type!(
    BATCHED_SPEC,
    Batched,
    "batched",
    "(iterable, n, *, strict=False)",
    "Batch data into tuples of length n. The last batch may be shorter than n.\n\nLoops over the input iterable and accumulates data into tuples\nup to size n.  The input is consumed lazily, just enough to\nfill a batch.  The result is yielded as soon as a batch is full\nor when the input iterable is exhausted.\n\n    >>> for batch in batched('ABCDEFG', 3):\n    ...     print(batch)\n    ...\n    ('A', 'B', 'C')\n    ('D', 'E', 'F')\n    ('G',)\n\nIf \"strict\" is True, raises a ValueError if the final batch is shorter\nthan n.",
    new_batched,
    next_batched
);

fn new_batched(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "batched", "(iterable, n, *, strict=False)", args)?;
    let [Some(iterable), Some(n), strict] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let n = protocol::to_i64(vm, n)?;
    let strict = strict.map_or(Ok(false), |s| protocol::is_true(vm, s))?;
    if n < 1 {
        return Err(vm.value_error("n must be at least one"));
    }
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Batched {
            head: Object::new(ty.type_head_of()),
            iterator: Slot::full(iterator),
            size: n as usize,
            strict,
        },
    )
}

fn next_batched(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Batched>(vm, this)?;
    let Some(iterator) = this.iterator.get() else {
        return Ok(None);
    };
    let mut items = Vec::with_capacity(this.size.min(64));
    while items.len() < this.size {
        match protocol::next(vm, &iterator) {
            Ok(Some(item)) => items.push(item),
            Ok(None) => {
                this.iterator.set(None);
                break;
            }
            Err(raised) => {
                this.iterator.set(None);
                return Err(raised);
            }
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    if this.strict && items.len() < this.size {
        return Err(vm.value_error("batched(): incomplete batch"));
    }
    Ok(Some(vm.new_tuple(items)?.upcast()))
}

/// `dropwhile`, `takewhile`, `filterfalse`, `starmap`: a function and an iterator.
#[repr(C)]
pub struct WithFunction {
    /// The header.
    pub head: Object,
    function: Ref,
    iterator: Ref,
    /// Dropping, or taking, is over.
    over: Cell<bool>,
}
object_layout!(
    WithFunction = kinds::DROPWHILE,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        visit.visit(&this.iterator);
    }
);

fn new_with_function(vm: &Vm, ty: &Type, name: &str, args: Args<'_>) -> PyResult {
    // A subclass with an `__init__` of its own takes keywords there.
    let own = ty.slots.init.get().map(|f| f as usize);
    let args = if own == vm.types.object.slots.init.get().map(|f| f as usize) {
        args
    } else {
        Args::positional(args.pos())
    };
    let [function, iterable] = constructor_args(vm, name, args, 2, 2)? else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        WithFunction {
            head: Object::new(ty.type_head_of()),
            function: function.to_ref(),
            iterator,
            over: Cell::new(false),
        },
    )
}

fn holds(vm: &Vm, this: &WithFunction, item: &Object) -> PyResult<bool> {
    protocol::is_true(
        vm,
        protocol::call_one(vm, &this.function, item)?.as_object(),
    )
}

iterator_type!(
    DROPWHILE_SPEC,
    WithFunction,
    "dropwhile",
    "(predicate, iterable, /)",
    "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.",
    |vm, ty, args| new_with_function(vm, ty, "dropwhile", args),
    next_dropwhile
);

fn next_dropwhile(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<WithFunction>(vm, this)?;
    while let Some(item) = protocol::next(vm, &this.iterator)? {
        if this.over.get() || !holds(vm, this, &item)? {
            this.over.set(true);
            return Ok(Some(item));
        }
    }
    Ok(None)
}

iterator_type!(
    TAKEWHILE_SPEC,
    WithFunction,
    "takewhile",
    "(predicate, iterable, /)",
    "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
    |vm, ty, args| new_with_function(vm, ty, "takewhile", args),
    next_takewhile
);

fn next_takewhile(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<WithFunction>(vm, this)?;
    if this.over.get() {
        return Ok(None);
    }
    let Some(item) = protocol::next(vm, &this.iterator)? else {
        return Ok(None);
    };
    if holds(vm, this, &item)? {
        return Ok(Some(item));
    }
    this.over.set(true);
    Ok(None)
}

iterator_type!(
    FILTERFALSE_SPEC,
    WithFunction,
    "filterfalse",
    "(function, iterable, /)",
    "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.",
    |vm, ty, args| new_with_function(vm, ty, "filterfalse", args),
    next_filterfalse
);

fn next_filterfalse(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<WithFunction>(vm, this)?;
    let plain = vm.is_none(&this.function) || this.function.is(&vm.types.bool.head);
    while let Some(item) = protocol::next(vm, &this.iterator)? {
        let good = if plain {
            protocol::is_true(vm, &item)?
        } else {
            holds(vm, this, &item)?
        };
        if !good {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

iterator_type!(
    STARMAP_SPEC,
    WithFunction,
    "starmap",
    "(function, iterable, /)",
    "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.",
    |vm, ty, args| new_with_function(vm, ty, "starmap", args),
    next_starmap
);

fn next_starmap(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<WithFunction>(vm, this)?;
    let Some(item) = protocol::next(vm, &this.iterator)? else {
        return Ok(None);
    };
    if let Some(tuple) = item.downcast_exact::<Tuple>() {
        return protocol::call::call_refs(vm, &this.function, tuple.as_slice()).map(Some);
    }
    let args = protocol::collect(vm, &item)?;
    protocol::call::call_refs(vm, &this.function, &args).map(Some)
}

/// `islice`
#[repr(C)]
pub struct Islice {
    /// The header.
    pub head: Object,
    /// The iterator, until the end.
    iterator: Slot,
    /// Index of the next item to give.
    next: Cell<u64>,
    stop: Option<u64>,
    step: u64,
    /// Number of items taken from the iterator.
    taken: Cell<u64>,
}
object_layout!(
    Islice = kinds::ISLICE,
    traverse | this,
    visit | {
        this.iterator.visit(visit);
    }
);

iterator_type!(
    ISLICE_SPEC,
    Islice,
    "islice",
    "",
    "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an\niterable.  If start is specified, will skip all preceding elements;\notherwise, start defaults to zero.  Step defaults to one.  If\nspecified as another value, step determines how many values are\nskipped between successive calls.  Works like a slice() on a list\nbut returns an iterator.",
    new_islice,
    next_islice
);

/// A bound of `islice`; any failure becomes the given ValueError.
fn islice_bound(vm: &Vm, object: Option<&Object>, message: &str) -> PyResult<Option<u64>> {
    let Some(object) = given(vm, object) else {
        return Ok(None);
    };
    let index = match protocol::index(vm, object) {
        Ok(index) => index,
        Err(raised) => {
            drop(vm.take_raised(raised));
            return Err(vm.value_error(message));
        }
    };
    match index.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) if n >= 0 => Ok(Some(n as u64)),
        _ => Err(vm.value_error(message)),
    }
}

fn new_islice(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let args = constructor_args(vm, "islice", args, 2, 4)?;
    let Some(iterable) = args.first() else {
        return Ok(vm.none_ref());
    };
    let indices = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    let stop_text = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    let (start, stop, step) = match args {
        [_, stop] => (0, islice_bound(vm, Some(stop), stop_text)?, 1),
        _ => {
            let start = islice_bound(vm, args.get(1).copied(), indices)?.unwrap_or(0);
            let stop = islice_bound(vm, args.get(2).copied(), indices)?;
            let step_text = "Step for islice() must be a positive integer or None.";
            let step = islice_bound(vm, args.get(3).copied(), step_text)?.unwrap_or(1);
            if step == 0 {
                return Err(vm.value_error(step_text));
            }
            (start, stop, step)
        }
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Islice {
            head: Object::new(ty.type_head_of()),
            iterator: Slot::full(iterator),
            next: Cell::new(start),
            stop,
            step,
            taken: Cell::new(0),
        },
    )
}

fn next_islice(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Islice>(vm, this)?;
    let Some(iterator) = this.iterator.get() else {
        return Ok(None);
    };
    let next = this.next.get();
    // Items before the next one are taken even where the end comes first, as CPython does.
    let wanted = this.stop.map_or(next, |stop| next.min(stop));
    while this.taken.get() < wanted {
        if protocol::next(vm, &iterator)?.is_none() {
            this.iterator.set(None);
            return Ok(None);
        }
        this.taken.set(this.taken.get() + 1);
    }
    if this.stop.is_some_and(|stop| this.taken.get() >= stop) {
        this.iterator.set(None);
        return Ok(None);
    }
    let item = protocol::next(vm, &iterator)?;
    if item.is_none() {
        this.iterator.set(None);
        return Ok(None);
    }
    this.taken.set(this.taken.get() + 1);
    this.next.set(
        match next
            .checked_add(this.step)
            .filter(|n| *n <= i64::MAX as u64)
        {
            Some(n) => this.stop.map_or(n, |stop| n.min(stop)),
            None => this.stop.unwrap_or(i64::MAX as u64),
        },
    );
    Ok(item)
}

/// `pairwise`
#[repr(C)]
pub struct Pairwise {
    /// The header.
    pub head: Object,
    /// The iterator, until its end.
    iterator: Slot,
    previous: Slot,
    /// The tuple that it gives.
    result: KeptTuple,
}
object_layout!(
    Pairwise = kinds::PAIRWISE,
    traverse | this,
    visit | {
        this.iterator.visit(visit);
        this.previous.visit(visit);
        this.result.visit(visit);
    }
);

iterator_type!(
    PAIRWISE_SPEC,
    Pairwise,
    "pairwise",
    "(iterable, /)",
    "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
    new_pairwise,
    next_pairwise
);

fn new_pairwise(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let [iterable] = constructor_args(vm, "pairwise", args, 1, 1)? else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Pairwise {
            head: Object::new(ty.type_head_of()),
            iterator: Slot::full(iterator),
            previous: Slot::default(),
            result: KeptTuple::new(vm, 2)?,
        },
    )
}

fn next_pairwise(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Pairwise>(vm, this)?;
    let Some(iterator) = this.iterator.get() else {
        return Ok(None);
    };
    let step = || -> PyResult<Option<(Ref, Ref)>> {
        let old = match this.previous.get() {
            Some(old) => old,
            None => {
                let Some(first) = protocol::next(vm, &iterator)? else {
                    return Ok(None);
                };
                this.previous.set(Some(first.clone()));
                // Taking the first item may have advanced this very iterator to its end.
                if this.iterator.is_none() {
                    return Ok(None);
                }
                first
            }
        };
        let Some(new) = protocol::next(vm, &iterator)? else {
            return Ok(None);
        };
        this.previous.set(Some(new.clone()));
        Ok(Some((old, new)))
    };
    match step() {
        Ok(Some((old, new))) => Ok(Some(this.result.pair(vm, old, new)?)),
        ended => {
            this.iterator.set(None);
            this.previous.set(None);
            ended.map(|_| None)
        }
    }
}
