//! The builtin type `tuple`.

pub mod iterator;

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Tuple, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::list::methods::bound_index;
use crate::types::sequence::{
    Subscript, clamp_index, compare_items, first_different, receiver, reject_keywords, subscript,
    wrap_index,
};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `tuple`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "tuple",
    signature: "(iterable=(), /)",
    doc: "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object.",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::SEQUENCE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len
            .set(Some(|vm, this| Ok(receiver::<Tuple>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.contains.set(Some(contains));
        s.concat.set(Some(concat));
        s.repeat.set(Some(repeat));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Tuple::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__getnewargs__",
        "($self, /)",
        NativeCall::NoArgs(getnewargs),
        "",
    ),
    MethodDef::new(
        "index",
        "($self, value, start=0, stop=sys.maxsize, /)",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: index,
        },
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    MethodDef::new(
        "count",
        "($self, value, /)",
        NativeCall::One(count),
        "Return number of occurrences of value.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "See PEP 585",
    ),
];

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own_init = match (ty.slots.init.get(), vm.types.tuple.slots.init.get()) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    if ty.is(&vm.types.tuple) || own_init {
        reject_keywords(vm, "tuple", args)?;
    }
    check_count(vm, "tuple", args.pos().len(), 0, 1)?;
    if ty.is(&vm.types.tuple) {
        return match args.pos() {
            [iterable] => Ok(protocol::collect_tuple(vm, iterable)?.upcast()),
            _ => Ok(vm.empty_tuple.clone().upcast()),
        };
    }
    let items = match args.pos() {
        [iterable] => protocol::collect(vm, iterable)?,
        _ => Vec::new(),
    };
    Ok(Tuple::place(vm, ty, items)?.upcast())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    if tuple.is_empty() {
        return Ok(vm.new_str("()")?.upcast());
    }
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("(...)")?.upcast());
    };
    let mut text = TextBuilder::new();
    text.push("(");
    for (i, item) in tuple.iter().enumerate() {
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(vm, item)?;
    }
    text.push(if tuple.len() == 1 { ",)" } else { ")" });
    Ok(text.finish(vm)?.upcast())
}

/// xxHash over the items' hashes, in CPython's variant.
fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let tuple = receiver::<Tuple>(vm, this)?;
    if let Some(hash) = tuple.known_hash() {
        return Ok(hash);
    }
    let mut acc = PRIME_5;
    for item in tuple.iter() {
        let lane = protocol::hash(vm, item)? as u64;
        acc = acc
            .wrapping_add(lane.wrapping_mul(PRIME_2))
            .rotate_left(31)
            .wrapping_mul(PRIME_1);
    }
    acc = acc.wrapping_add(tuple.len() as u64 ^ (PRIME_5 ^ 3_527_539));
    let hash = if acc == u64::MAX {
        1_546_275_796
    } else {
        acc as i64
    };
    tuple.remember_hash(hash);
    Ok(hash)
}

pub(crate) fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Tuple>(), b.downcast::<Tuple>()) else {
        return Ok(vm.not_implemented());
    };
    compare_items(
        vm,
        op,
        |i| first_different(x.as_slice(), y.as_slice(), i),
        |i| x.get(i).map(Object::to_ref),
        |i| y.get(i).map(Object::to_ref),
        || (x.len(), y.len()),
    )
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    for other in receiver::<Tuple>(vm, this)?.iter() {
        if protocol::compare_is_or_eq(vm, other, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    match subscript(vm, key, "tuple")? {
        Subscript::Index(index) => wrap_index(index, tuple.len())
            .and_then(|i| tuple.get(i))
            .map(Object::to_ref)
            .ok_or_else(|| vm.index_error("tuple index out of range")),
        Subscript::Slice(raw) => {
            let indices = raw.adjust(tuple.len());
            if indices.len == tuple.len() && indices.step == 1 && this.is_exact::<Tuple>() {
                return Ok(this.to_ref());
            }
            if indices.step == 1 {
                let start = indices.start as usize;
                let part = tuple.as_slice().get(start..start + indices.len);
                return Ok(Tuple::of_slices(vm, part.unwrap_or_default(), &[])?.upcast());
            }
            let items = indices
                .iter()
                .filter_map(|i| tuple.get(i).map(Object::to_ref))
                .collect();
            Ok(vm.new_tuple(items)?.upcast())
        }
    }
}

fn concat(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let x = receiver::<Tuple>(vm, a)?;
    if x.is_empty() && b.is_exact::<Tuple>() {
        return Ok(b.to_ref());
    }
    let Some(y) = b.downcast::<Tuple>() else {
        return Err(vm.type_error(format!(
            "can only concatenate tuple (not \"{}\") to tuple",
            protocol::type_name(b)
        )));
    };
    if y.is_empty() && a.is_exact::<Tuple>() {
        return Ok(a.to_ref());
    }
    Ok(Tuple::of_slices(vm, x.as_slice(), y.as_slice())?.upcast())
}

fn repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    if (tuple.is_empty() || count == 1) && this.is_exact::<Tuple>() {
        return Ok(this.to_ref());
    }
    let total = tuple
        .len()
        .checked_mul(count.max(0) as usize)
        .filter(|n| *n <= isize::MAX as usize / 8);
    let mut items: Vec<Ref> = Vec::new();
    let Some(total) = total.filter(|n| items.try_reserve_exact(*n).is_ok()) else {
        return Err(vm.no_memory());
    };
    items.extend(tuple.as_slice().iter().cycle().take(total).cloned());
    Ok(vm.new_tuple(items)?.upcast())
}

fn index(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let tuple = receiver::<Tuple>(vm, this)?;
    let bound = |n: usize, default: i64| args.get(n).map_or(Ok(default), |b| bound_index(vm, b));
    let (start, stop) = (
        clamp_index(bound(1, 0)?, tuple.len()),
        clamp_index(bound(2, i64::MAX)?, tuple.len()),
    );
    let Some(value) = args.first() else {
        return Ok(vm.none_ref());
    };
    for (i, item) in tuple.iter().enumerate().take(stop).skip(start) {
        if protocol::compare_is_or_eq(vm, item, value)? {
            return vm.new_usize(i);
        }
    }
    Err(vm.value_error("tuple.index(x): x not in tuple"))
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let mut n = 0;
    for item in receiver::<Tuple>(vm, this)?.iter() {
        if protocol::compare_is_or_eq(vm, item, value)? {
            n += 1;
        }
    }
    vm.new_int(n)
}

fn getnewargs(vm: &Vm, this: &Object) -> PyResult {
    let copy = vm.new_tuple(receiver::<Tuple>(vm, this)?.as_slice().to_vec())?;
    Ok(vm.new_tuple(vec![copy.upcast()])?.upcast())
}
