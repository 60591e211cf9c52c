//! The builtin type `zip`.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::unexpected_keyword;
use crate::native::{MethodDef, NativeCall};
use crate::object::{KeptTuple, Tuple, Type, TypeTraits, Zip};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `zip`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "zip",
    doc: "The zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th iterable argument to zip().  This continues until the\nshortest argument is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Zip::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

/// The `strict` keyword, the only one that `zip` and `map` take.
pub fn strict_keyword(vm: &Vm, name: &str, args: Args<'_>) -> PyResult<bool> {
    let mut strict = false;
    for (key, value) in args.keywords() {
        if !key.eq_text("strict") {
            return Err(unexpected_keyword(vm, name, key, &["strict"]));
        }
        strict = protocol::is_true(vm, value)?;
    }
    Ok(strict)
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own_init = ty.slots.init.get().is_none_or(|f| {
        vm.types
            .zip
            .slots
            .init
            .get()
            .is_some_and(|g| std::ptr::fn_addr_eq(f, g))
    });
    let strict = if ty.is(&vm.types.zip) || own_init {
        strict_keyword(vm, "zip", args)?
    } else {
        false
    };
    let mut iterators: smallvec::SmallVec<[Ref; 4]> = smallvec::SmallVec::new();
    for iterable in args.pos() {
        iterators.push(protocol::iter(vm, iterable)?);
    }
    let iterators = Tuple::place(vm, &vm.types.tuple, iterators)?;
    let result = KeptTuple::new(vm, iterators.len())?;
    place_tracked(
        vm,
        Zip {
            head: Object::new(ty.type_head_of()),
            iterators,
            strict: Cell::new(strict),
            result,
        },
    )
}

/// ValueError of a strict `zip` or `map` whose argument number `i` (from 0) has another length than those before.
#[cold]
pub fn unequal(vm: &Vm, name: &str, i: usize, how: &str) -> Raised {
    let before = if i == 1 {
        " ".to_owned()
    } else {
        "s 1-".to_owned()
    };
    vm.value_error(format!(
        "{name}() argument {} is {how} than argument{before}{i}",
        i + 1
    ))
}

/// What follows where the iterator number `i` has ended: the end of all, or of a strict one that they end together.
pub fn ended(vm: &Vm, name: &str, iterators: &[Ref], strict: bool, i: usize) -> PyResult<()> {
    if !strict {
        return Ok(());
    }
    if i > 0 {
        return Err(unequal(vm, name, i, "shorter"));
    }
    for (j, other) in iterators.iter().enumerate().skip(1) {
        if protocol::next(vm, other)?.is_some() {
            return Err(unequal(vm, name, j, "longer"));
        }
    }
    Ok(())
}

/// The next value of each iterator; nothing where one has ended. `strict` checks that all end together.
pub fn next_of_all(
    vm: &Vm,
    name: &str,
    iterators: &[Ref],
    strict: bool,
) -> PyResult<Option<Vec<Ref>>> {
    let mut items = Vec::with_capacity(iterators.len());
    for (i, iterator) in iterators.iter().enumerate() {
        match protocol::next(vm, iterator)? {
            Some(item) => items.push(item),
            None => return ended(vm, name, iterators, strict, i).map(|()| None),
        }
    }
    Ok(Some(items))
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Zip>(vm, this)?;
    let iterators = this.iterators.as_slice();
    if iterators.is_empty() {
        return Ok(None);
    }
    let mut filling = this.result.filling(vm, iterators.len())?;
    for (i, iterator) in iterators.iter().enumerate() {
        match protocol::next(vm, iterator)? {
            Some(item) => filling.push(vm, item)?,
            None => {
                return ended(vm, "zip", iterators, this.strict.get(), i).map(|()| None);
            }
        }
    }
    Ok(Some(filling.finish(vm).upcast()))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Zip>(vm, this)?;
    let mut parts = vec![Type::of(this).head.to_ref(), own.iterators.clone().upcast()];
    if own.strict.get() {
        parts.push(vm.bool(true));
    }
    Ok(vm.new_tuple(parts)?.upcast())
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let strict = protocol::is_true(vm, state)?;
    receiver::<Zip>(vm, this)?.strict.set(strict);
    Ok(vm.none_ref())
}
