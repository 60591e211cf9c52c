//! The builtin type `list`.
//!
//! **Invariant.** Items are taken out of the payload before they are released, and looked at again after anything that
//! may run Python code: a list may change under every comparison.

pub mod iterator;
pub mod methods;
pub mod slice;
pub mod sort;

use viv_bytecode::CompareOp;
use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::fill;
use crate::object::{Dict, List, Tuple, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::{
    Subscript, compare_items, first_different, receiver, reject_keywords, subscript, wrap_index,
};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `list`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "list",
    signature: "(iterable=(), /)",
    doc: "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.",
    traits: TypeTraits::BASE
        | TypeTraits::MATCH_SELF
        | TypeTraits::SEQUENCE
        | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new
            .set(Some(|vm, ty, _| Ok(List::place(vm, ty)?.upcast())));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len
            .set(Some(|vm, this| Ok(receiver::<List>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.setitem.set(Some(setitem));
        s.contains.set(Some(contains));
        s.concat.set(Some(concat));
        s.repeat.set(Some(repeat));
        s.inplace_concat.set(Some(|vm, this, other| {
            extend(vm, receiver(vm, this)?, other)?;
            Ok(this.to_ref())
        }));
        s.inplace_repeat.set(Some(inplace_repeat));
    },
    methods: &[methods::METHODS],
    ..TypeSpec::new(List::layout, true)
};

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let list = receiver::<List>(vm, this)?;
    let ty = Type::of(this);
    let own_new = ty
        .slots
        .new
        .get()
        .zip(vm.types.list.slots.new.get())
        .is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    if ty.is(&vm.types.list) || own_new {
        reject_keywords(vm, "list", args)?;
    }
    check_count(vm, "list", args.pos().len(), 0, 1)?;
    methods::clear_items(list);
    match args.pos() {
        [iterable] => extend(vm, list, iterable),
        _ => Ok(()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    if list.is_empty() {
        return Ok(vm.new_str("[]")?.upcast());
    }
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("[...]")?.upcast());
    };
    let mut text = TextBuilder::new();
    text.push("[");
    let mut i = 0;
    while let Some(item) = list.get(i) {
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(vm, &item)?;
        i += 1;
    }
    text.push("]");
    Ok(text.finish(vm)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<List>(), b.downcast::<List>()) else {
        return Ok(vm.not_implemented());
    };
    if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.bool(op == CompareOp::Ne));
    }
    let skip = |i| {
        if std::ptr::eq(x, y) {
            return x.len();
        }
        x.items.read(|p| y.items.read(|q| first_different(p, q, i)))
    };
    compare_items(
        vm,
        op,
        skip,
        |i| x.get(i),
        |i| y.get(i),
        || (x.len(), y.len()),
    )
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    let list = receiver::<List>(vm, this)?;
    let mut i = 0;
    while let Some(other) = list.get(i) {
        if protocol::compare_is_or_eq(vm, &other, item)? {
            return Ok(true);
        }
        i += 1;
    }
    Ok(false)
}

pub(crate) fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    match subscript(vm, key, "list")? {
        Subscript::Index(index) => wrap_index(index, list.len())
            .and_then(|i| list.get(i))
            .ok_or_else(|| vm.index_error("list index out of range")),
        Subscript::Slice(raw) => Ok(slice::get(vm, list, raw)?.upcast()),
    }
}

fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let list = receiver::<List>(vm, this)?;
    match subscript(vm, key, "list")? {
        Subscript::Index(index) => {
            let out_of_range = || vm.index_error("list assignment index out of range");
            let i = wrap_index(index, list.len()).ok_or_else(out_of_range)?;
            let old = match value {
                Some(value) => list.set(i, value.to_ref()).ok(),
                None => list.remove(i),
            };
            // The old item goes only now that the list is whole.
            old.map(drop).ok_or_else(out_of_range)
        }
        Subscript::Slice(raw) => match value {
            Some(value) => slice::assign(vm, list, raw, value),
            None => slice::delete(vm, list, raw),
        },
    }
}

/// `list + other`
pub(crate) fn concat(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let x = receiver::<List>(vm, a)?;
    let Some(y) = b.downcast::<List>() else {
        return Err(vm.type_error(format!(
            "can only concatenate list (not \"{}\") to list",
            protocol::type_name(b)
        )));
    };
    let list = if std::ptr::eq(x, y) {
        x.items.read(|x| List::of_slices(vm, x, x))
    } else {
        x.items
            .read(|x| y.items.read(|y| List::of_slices(vm, x, y)))
    };
    Ok(list?.upcast())
}

/// The items `count` times over.
fn repeated(vm: &Vm, list: &List, count: i64) -> PyResult<HVec<Ref>> {
    let mut items = HVec::new_in(HeapAlloc);
    let total = list
        .len()
        .checked_mul(count.max(0) as usize)
        .filter(|n| *n <= isize::MAX as usize / 8);
    let Some(total) = total.filter(|n| items.try_reserve_exact(*n).is_ok()) else {
        return Err(vm.no_memory());
    };
    list.items.read(|from| match from.as_slice() {
        [only] => fill(&mut items, std::iter::repeat_n(only, total).cloned()),
        from => fill(&mut items, from.iter().cycle().take(total).cloned()),
    });
    Ok(items)
}

fn repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let items = repeated(vm, receiver(vm, this)?, count)?;
    Ok(List::place_items(vm, &vm.types.list, items)?.upcast())
}

fn inplace_repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    if count <= 0 {
        methods::clear_items(list);
    } else if count > 1 {
        let items = repeated(vm, list, count - 1)?;
        append_all(vm, list, items.into_iter().collect())?;
    }
    Ok(this.to_ref())
}

/// Makes room for more items: exactly where the list is empty, else with CPython's reserve.
fn reserve(items: &mut HVec<Ref>, more: usize) -> bool {
    let want = items.len() + more;
    if want <= items.capacity() {
        return true;
    }
    let room = if items.is_empty() {
        want
    } else {
        (want + (want >> 3) + 6) & !3
    };
    items.try_reserve_exact(room - items.len()).is_ok()
}

/// Appends handles.
pub(crate) fn append_all(vm: &Vm, list: &List, new: Vec<Ref>) -> PyResult<()> {
    let left = list.items.write(|items| {
        if !reserve(items, new.len()) {
            return Some(new);
        }
        items.extend(new);
        None
    });
    if left.is_some() {
        Err(vm.no_memory())
    } else {
        Ok(())
    }
}

/// Appends handles of items that another object has.
fn append_slice(vm: &Vm, list: &List, new: &[Ref]) -> PyResult<()> {
    let room = list.items.write(|items| {
        let room = reserve(items, new.len());
        if room {
            items.extend_from_slice(new);
        }
        room
    });
    if room { Ok(()) } else { Err(vm.no_memory()) }
}

/// `list.extend(iterable)`. Items of an iterator come in one by one, so that it sees the list grow.
pub fn extend(vm: &Vm, list: &List, iterable: &Object) -> PyResult<()> {
    if let Some(other) = iterable.downcast_exact::<List>() {
        if std::ptr::eq(list, other) {
            return append_all(vm, list, other.snapshot());
        }
        return other.items.read(|other| append_slice(vm, list, other));
    }
    if let Some(other) = iterable.downcast_exact::<Tuple>() {
        return append_slice(vm, list, other.as_slice());
    }
    if let Some(other) = iterable.downcast_exact::<Dict>() {
        return append_all(
            vm,
            list,
            other.snapshot().into_iter().map(|(key, _)| key).collect(),
        );
    }
    let iterator = protocol::iter(vm, iterable)?;
    let hint = protocol::length_hint(vm, iterable, 8)?;
    // A sum that is no size at all is not believed.
    let hint = hint.min(isize::MAX as usize);
    let believable = list.len() + hint <= isize::MAX as usize;
    if believable && !list.items.write(|items| reserve(items, hint)) {
        return Err(vm.no_memory());
    }
    let next = Type::of(&iterator).slots.next.get();
    let Some(next) = next else {
        return Err(vm.type_error("not an iterator"));
    };
    loop {
        match next(vm, &iterator) {
            Ok(Some(item)) => list.push(vm, item)?,
            Ok(None) => break,
            Err(raised) => {
                vm.swallow::<()>(raised, &vm.exceptions.StopIteration)?;
                break;
            }
        }
    }
    // A hint that was too high must not stay as memory.
    methods::give_back(list);
    Ok(())
}
