//! The builtin type `frozenset`; what it shares with `set` stands there.

use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::{Set, Type, TypeTraits};
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::types::set::{methods, operations, shared_slots};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `frozenset`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "frozenset",
    signature: "(iterable=(), /)",
    doc: "Build an immutable unordered collection of unique elements.",
    exact: false,
    weaklist_offset: std::mem::offset_of!(Set, weakrefs) as u32,
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    slots: |s| {
        shared_slots(s);
        s.new.set(Some(new));
        s.hash.set(Some(hash));
    },
    methods: &[methods::SHARED],
    ..TypeSpec::new(Set::layout, true)
};

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own_init = ty.slots.init.get().is_none_or(|f| {
        vm.types
            .frozenset
            .slots
            .init
            .get()
            .is_some_and(|g| std::ptr::fn_addr_eq(f, g))
    });
    if ty.is(&vm.types.frozenset) || own_init {
        reject_keywords(vm, "frozenset", args)?;
    }
    check_count(vm, "frozenset", args.pos().len(), 0, 1)?;
    let iterable = args.pos().first();
    if let Some(iterable) = iterable
        && ty.is(&vm.types.frozenset)
        && Type::of(iterable).is(ty)
    {
        return Ok(iterable.to_ref());
    }
    let set = Set::place(vm, ty)?;
    if let Some(iterable) = iterable {
        operations::update(vm, &set, iterable)?;
    }
    Ok(set.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let set = receiver::<Set>(vm, this)?;
    if set.hash.get() == -1 {
        set.hash.set(hash_of(set));
    }
    Ok(set.hash.get())
}

/// CPython's hash of a frozenset: symmetric in the elements' hashes, their patterns dispersed.
pub fn hash_of(set: &Set) -> i64 {
    let shuffle = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
    let mut hash = set
        .snapshot()
        .iter()
        .fold(0, |acc, (_, h)| acc ^ shuffle(*h as u64));
    hash ^= (set.len() as u64 + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69069).wrapping_add(907_133_923);
    if hash == u64::MAX {
        590_923_713
    } else {
        hash as i64
    }
}

/// A frozen set of these elements, entered in order.
pub fn from_items(vm: &Vm, items: Vec<viv_heap::Ref>) -> PyResult {
    let set = Set::place(vm, &vm.types.frozenset)?;
    items.iter().try_for_each(|item| set.add(vm, item))?;
    Ok(set.upcast())
}
