//! The builtin type `dict`; its table is in [`object::dict`](crate::object::dict).

pub mod iterator;
pub mod merge;
pub mod methods;
pub mod view;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::{Dict, DictWhat, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `dict`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "dict",
    doc: "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)",
    traits: TypeTraits::BASE
        | TypeTraits::MATCH_SELF
        | TypeTraits::MAPPING
        | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.new
            .set(Some(|vm, ty, _| Ok(Dict::place(vm, ty)?.upcast())));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
        s.iter.set(Some(|vm, this| {
            iterator::new(vm, receiver(vm, this)?, DictWhat::Keys)
        }));
        s.len
            .set(Some(|vm, this| Ok(receiver::<Dict>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.setitem.set(Some(setitem));
        s.contains.set(Some(|vm, this, key| {
            receiver::<Dict>(vm, this)?.contains(vm, key)
        }));
        s.binary[BinaryOp::Or as usize].set(Some(or));
        s.inplace[BinaryOp::Or as usize].set(Some(|vm, this, other| {
            merge::update_from(vm, receiver(vm, this)?, other)?;
            Ok(this.to_ref())
        }));
    },
    methods: &[methods::METHODS],
    ..TypeSpec::new(Dict::layout, true)
};

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    update_args(vm, receiver(vm, this)?, "dict", args)
}

/// `update([mapping or iterable], **keywords)`
pub fn update_args(vm: &Vm, dict: &Dict, name: &str, args: Args<'_>) -> PyResult<()> {
    check_count(vm, name, args.pos().len(), 0, 1)?;
    if let [from] = args.pos() {
        merge::update_from(vm, dict, from)?;
    }
    for (key, value) in args.keywords() {
        dict.set(vm, key, value)?;
    }
    Ok(())
}

/// `repr(dict)`
pub fn repr(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("{...}")?.upcast());
    };
    if dict.is_empty() {
        return Ok(vm.new_str("{}")?.upcast());
    }
    let mut text = TextBuilder::new();
    text.push("{");
    let (mut place, mut first) = (0, true);
    while let Some((at, key, value)) = dict.next_entry(place) {
        if !first {
            text.push(", ");
        }
        first = false;
        text.push_repr(vm, &key)?;
        text.push(": ");
        text.push_repr(vm, &value)?;
        place = at + 1;
    }
    text.push("}");
    Ok(text.finish(vm)?.upcast())
}

fn equal(vm: &Vm, a: &Dict, b: &Dict) -> PyResult<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut place = 0;
    while place < a.entry_count() {
        if let Some((key, value, hash)) = a.entry_with_hash(place) {
            let Some(other) = b.get_hashed(vm, &key, hash)? else {
                return Ok(false);
            };
            if !protocol::compare_is_or_eq(vm, &value, &other)? {
                return Ok(false);
            }
        }
        place += 1;
    }
    Ok(true)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
        return Ok(vm.not_implemented());
    };
    match op {
        CompareOp::Eq => Ok(vm.bool(equal(vm, x, y)?)),
        CompareOp::Ne => Ok(vm.bool(!equal(vm, x, y)?)),
        _ => Ok(vm.not_implemented()),
    }
}

pub(crate) fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    if let Some(value) = dict.get(vm, key)? {
        return Ok(value);
    }
    if !Type::of(this).is(&vm.types.dict)
        && let Some(result) = protocol::call_special(vm, this, &vm.names.__missing__, &[key])?
    {
        return Ok(result);
    }
    Err(vm.key_error(key))
}

fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let dict = receiver::<Dict>(vm, this)?;
    match value {
        Some(value) => dict.set(vm, key, value),
        None => match dict.remove(vm, key)? {
            Some(old) => {
                drop(old);
                Ok(())
            }
            None => Err(vm.key_error(key)),
        },
    }
}

fn or(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let (Some(x), Some(_)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
        return Ok(vm.not_implemented());
    };
    let result = x.copy(vm)?;
    merge::update_from(vm, &result, b)?;
    Ok(result.upcast())
}
