//! Iterators over several iterables: `chain`, `compress`, `zip_longest`.

use std::cell::Cell;

use viv_heap::{Object, Ref, object_layout};

use super::{bind, iterator_type};
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Inner, KeptTuple, Slot, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reject_keywords};
use crate::vm::Vm;

/// `chain`
#[repr(C)]
pub struct Chain {
    /// The header.
    pub head: Object,
    /// The iterator over the iterables, until its end.
    source: Slot,
    /// The iterator being gone through.
    active: Slot,
}
object_layout!(
    Chain = kinds::CHAIN,
    traverse | this,
    visit | {
        this.source.visit(visit);
        this.active.visit(visit);
    }
);

iterator_type!(
    CHAIN_SPEC, Chain, "chain", "(*iterables)",
    "Return a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.",
    new_chain, next_chain,
    methods: &[CHAIN_METHODS],
);

const CHAIN_METHODS: &[MethodDef] = &[
    MethodDef::class(
        "from_iterable",
        "($type, iterable, /)",
        NativeCall::One(from_iterable),
        "Alternative chain() constructor taking a single iterable argument that evaluates lazily.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "See PEP 585",
    ),
];

fn place_chain(vm: &Vm, ty: &Type, iterables: &Object) -> PyResult {
    let source = protocol::iter(vm, iterables)?;
    place_tracked(
        vm,
        Chain {
            head: Object::new(ty.type_head_of()),
            source: Slot::full(source),
            active: Slot::default(),
        },
    )
}

fn new_chain(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own = &vm.types.chain;
    let same = |a: Option<crate::slots::Init>, b: Option<crate::slots::Init>| match (a, b) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    // The `__init__` of a subclass may want keywords.
    if ty.is(own) || same(ty.slots.init.get(), own.slots.init.get()) {
        reject_keywords(vm, "chain", args)?;
    }
    place_chain(vm, ty, vm.tuple_of(args.pos())?.as_object())
}

fn from_iterable(vm: &Vm, class: &Object, iterable: &Object) -> PyResult {
    place_chain(vm, receiver(vm, class)?, iterable)
}

fn next_chain(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Chain>(vm, this)?;
    loop {
        if let Some(active) = this.active.get() {
            if let Some(item) = protocol::next(vm, &active)? {
                return Ok(Some(item));
            }
            this.active.set(None);
        }
        let Some(source) = this.source.get() else {
            return Ok(None);
        };
        let next = match protocol::next(vm, &source) {
            Ok(Some(iterable)) => protocol::iter(vm, &iterable).map(Some),
            other => other,
        };
        match next {
            Ok(Some(iterator)) => this.active.set(Some(iterator)),
            ended => {
                this.source.set(None);
                return ended;
            }
        }
    }
}

/// `compress`
#[repr(C)]
pub struct Compress {
    /// The header.
    pub head: Object,
    data: Ref,
    selectors: Ref,
}
object_layout!(
    Compress = kinds::COMPRESS,
    traverse | this,
    visit | {
        visit.visit(&this.data);
        visit.visit(&this.selectors);
    }
);

iterator_type!(
    COMPRESS_SPEC,
    Compress,
    "compress",
    "(data, selectors)",
    "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator from selected data elements using the selectors\nto choose the data elements.",
    new_compress,
    next_compress
);

fn new_compress(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = bind(vm, "compress", "(data, selectors)", args)?;
    let [Some(data), Some(selectors)] = bound.as_slice() else {
        return Ok(vm.none_ref());
    };
    let data = protocol::iter(vm, data)?;
    let selectors = protocol::iter(vm, selectors)?;
    place_tracked(
        vm,
        Compress {
            head: Object::new(ty.type_head_of()),
            data,
            selectors,
        },
    )
}

fn next_compress(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Compress>(vm, this)?;
    while let Some(item) = protocol::next(vm, &this.data)? {
        let Some(selector) = protocol::next(vm, &this.selectors)? else {
            return Ok(None);
        };
        if protocol::is_true(vm, &selector)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

/// `zip_longest`
#[repr(C)]
pub struct ZipLongest {
    /// The header.
    pub head: Object,
    /// The iterators; those at their end are empty places.
    iterators: Inner<Vec<Option<Ref>>>,
    active: Cell<usize>,
    fill: Ref,
    /// The tuple that it gives.
    result: KeptTuple,
}
object_layout!(
    ZipLongest = kinds::ZIP_LONGEST,
    traverse | this,
    visit | {
        this.iterators.read(|items| {
            for item in items.iter().flatten() {
                visit.visit(item);
            }
        });
        this.result.visit(visit);
        visit.visit(&this.fill);
    }
);

iterator_type!(
    ZIP_LONGEST_SPEC,
    ZipLongest,
    "zip_longest",
    "(*iterables, fillvalue=None)",
    "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.  The .__next__()\nmethod continues until the longest iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The fillvalue\ndefaults to None or can be specified by a keyword argument.\n",
    new_zip_longest,
    next_zip_longest
);

fn new_zip_longest(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let mut fill = vm.none_ref();
    for (name, value) in args.keywords() {
        if !name.eq_text("fillvalue") {
            return Err(vm.type_error("zip_longest() got an unexpected keyword argument"));
        }
        fill = value.to_ref();
    }
    let iterators = args
        .pos()
        .iter()
        .map(|i| protocol::iter(vm, i).map(Some))
        .collect::<PyResult<Vec<_>>>()?;
    let active = Cell::new(iterators.len());
    let result = KeptTuple::new(vm, iterators.len())?;
    place_tracked(
        vm,
        ZipLongest {
            head: Object::new(ty.type_head_of()),
            iterators: Inner::new(iterators),
            active,
            fill,
            result,
        },
    )
}

fn next_zip_longest(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<ZipLongest>(vm, this)?;
    let count = this.iterators.read(Vec::len);
    if count == 0 || this.active.get() == 0 {
        return Ok(None);
    }
    let mut filling = this.result.filling(vm, count)?;
    for i in 0..count {
        let item = match this.iterators.read(|all| all.get(i).cloned().flatten()) {
            None => this.fill.clone(),
            Some(iterator) => match protocol::next(vm, &iterator) {
                Ok(Some(item)) => item,
                ended => {
                    let failed = ended.is_err();
                    this.active.set(if failed {
                        0
                    } else {
                        this.active.get().saturating_sub(1)
                    });
                    if this.active.get() == 0 {
                        return ended;
                    }
                    drop(
                        this.iterators
                            .write(|all| all.get_mut(i).and_then(Option::take)),
                    );
                    this.fill.clone()
                }
            },
        };
        filling.push(vm, item)?;
    }
    Ok(Some(filling.finish(vm).upcast()))
}
