//! The builtin type `set`, and what `frozenset` shares with it.

pub mod iterator;
pub mod methods;
pub mod operations;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::{Set, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::slots::Slots;
use crate::types::sequence::{receiver, reject_keywords};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `set`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "set",
    signature: "(iterable=(), /)",
    doc: "Build an unordered collection of unique elements.",
    weaklist_offset: std::mem::offset_of!(Set, weakrefs) as u32,
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::UNHASHABLE,
    slots: |s| {
        shared_slots(s);
        s.new
            .set(Some(|vm, ty, _| Ok(Set::place(vm, ty)?.upcast())));
        s.init.set(Some(init));
        s.inplace[BinaryOp::And as usize].set(Some(|vm, a, b| {
            inplace(vm, a, b, operations::intersection_update)
        }));
        s.inplace[BinaryOp::Or as usize]
            .set(Some(|vm, a, b| inplace(vm, a, b, operations::update)));
        s.inplace[BinaryOp::Sub as usize].set(Some(|vm, a, b| {
            inplace(vm, a, b, operations::difference_update)
        }));
        s.inplace[BinaryOp::Xor as usize].set(Some(|vm, a, b| {
            inplace(vm, a, b, operations::symmetric_difference_update)
        }));
    },
    methods: &[methods::SHARED, methods::CHANGING],
    ..TypeSpec::new(Set::layout, true)
};

/// The slots that set and frozenset share.
pub fn shared_slots(s: &Slots) {
    s.repr.set(Some(repr));
    s.compare.set(Some(compare));
    s.iter.set(Some(iterator::iter));
    s.len
        .set(Some(|vm, this| Ok(receiver::<Set>(vm, this)?.len())));
    s.contains.set(Some(|vm, this, key| {
        methods::contains_element(vm, receiver(vm, this)?, key)
    }));
    s.binary[BinaryOp::And as usize].set(Some(|vm, a, b| match both(a, b) {
        Some((x, _)) => Ok(operations::intersection(vm, x, b)?.upcast()),
        None => Ok(vm.not_implemented()),
    }));
    s.binary[BinaryOp::Or as usize].set(Some(|vm, a, b| {
        let Some((x, y)) = both(a, b) else {
            return Ok(vm.not_implemented());
        };
        let result = operations::copy(vm, x)?;
        if let Some(set) = result.downcast::<Set>()
            && !std::ptr::eq(x, y)
        {
            // A frozenset's copy is itself; the result must be another.
            if std::ptr::eq(x, set) {
                let fresh = operations::fresh_copy(vm, x)?;
                operations::update(vm, &fresh, b)?;
                return Ok(fresh.upcast());
            }
            operations::update(vm, set, b)?;
        }
        Ok(result)
    }));
    s.binary[BinaryOp::Sub as usize].set(Some(|vm, a, b| match both(a, b) {
        Some((x, _)) => Ok(operations::difference(vm, x, b)?.upcast()),
        None => Ok(vm.not_implemented()),
    }));
    s.binary[BinaryOp::Xor as usize].set(Some(|vm, a, b| match both(a, b) {
        Some((x, _)) => Ok(operations::symmetric_difference(vm, x, b)?.upcast()),
        None => Ok(vm.not_implemented()),
    }));
}

fn both<'a>(a: &'a Object, b: &'a Object) -> Option<(&'a Set, &'a Set)> {
    a.downcast::<Set>().zip(b.downcast::<Set>())
}

fn inplace(vm: &Vm, a: &Object, b: &Object, f: fn(&Vm, &Set, &Object) -> PyResult<()>) -> PyResult {
    let Some((set, _)) = both(a, b) else {
        return Ok(vm.not_implemented());
    };
    f(vm, set, b)?;
    Ok(a.to_ref())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let set = receiver::<Set>(vm, this)?;
    reject_keywords(vm, "set", args)?;
    check_count(vm, "set", args.pos().len(), 0, 1)?;
    if !set.is_empty() {
        set.clear();
    }
    match args.pos() {
        [iterable] => operations::update(vm, set, iterable),
        _ => Ok(()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let set = receiver::<Set>(vm, this)?;
    let name = protocol::type_name(this);
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str(&format!("{name}(...)"))?.upcast());
    };
    if set.is_empty() {
        return Ok(vm.new_str(&format!("{name}()"))?.upcast());
    }
    let plain = Type::of(this).is(&vm.types.set);
    let mut text = TextBuilder::new();
    if !plain {
        text.push(&name);
        text.push("(");
    }
    text.push("{");
    for (i, (element, _)) in set.snapshot().iter().enumerate() {
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(vm, element)?;
    }
    text.push(if plain { "}" } else { "})" });
    Ok(text.finish(vm)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some((x, y)) = both(a, b) else {
        return Ok(vm.not_implemented());
    };
    let (m, n) = (x.len(), y.len());
    let result = match op {
        CompareOp::Eq | CompareOp::Ne => {
            let hashes_differ =
                x.hash.get() != -1 && y.hash.get() != -1 && x.hash.get() != y.hash.get();
            let equal = m == n && !hashes_differ && operations::is_subset(vm, x, y)?;
            equal == (op == CompareOp::Eq)
        }
        CompareOp::Le => m <= n && operations::is_subset(vm, x, y)?,
        CompareOp::Lt => m < n && operations::is_subset(vm, x, y)?,
        CompareOp::Ge => m >= n && operations::is_subset(vm, y, x)?,
        CompareOp::Gt => m > n && operations::is_subset(vm, y, x)?,
    };
    Ok(vm.bool(result))
}

/// A set of these elements, entered in order.
pub fn from_items(vm: &Vm, items: Vec<viv_heap::Ref>) -> PyResult {
    let set = Set::place(vm, &vm.types.set)?;
    items.iter().try_for_each(|item| set.add(vm, item))?;
    Ok(set.upcast())
}

/// Adds an element to a set.
pub fn add(vm: &Vm, set: &Object, element: &Object) -> PyResult<()> {
    match set.downcast::<Set>() {
        Some(set) if !Type::of(&set.head).is_subtype(&vm.types.frozenset) => set.add(vm, element),
        // Only the names of annotations, which scripts can rebind, come here.
        _ => Err(vm.type_error(format!(
            "'{}' object is not a set",
            protocol::type_name(set)
        ))),
    }
}
