//! `FrameLocalsProxy`: the variables of a function's frame as a mapping that writes through to them (PEP 667).
//!
//! **Invariant.** Nothing is cached: every operation asks the frame, which knows whether its call still runs.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{CellObject, Dict, Frame, Type, TypeTraits, kinds};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The view of one frame.
#[repr(C)]
pub struct FrameLocals {
    /// The header.
    pub head: Object,
    /// The frame.
    pub frame: Ref<Frame>,
}
object_layout!(
    FrameLocals = kinds::FRAME_LOCALS_PROXY,
    traverse | this,
    visit | {
        visit.visit(this.frame.as_object());
    }
);

/// The type `FrameLocalsProxy`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "FrameLocalsProxy",
    traits: TypeTraits::MAPPING,
    slots: |s| {
        s.new.set(Some(make));
        s.repr.set(Some(repr));
        s.len.set(Some(|vm, o| Ok(snapshot(vm, o)?.len())));
        s.getitem.set(Some(get_item));
        s.setitem.set(Some(set_item));
        s.contains
            .set(Some(|vm, o, key| snapshot(vm, o)?.contains(vm, key)));
        s.iter
            .set(Some(|vm, o| protocol::iter(vm, &snapshot(vm, o)?.head)));
        s.compare.set(Some(compare));
        s.binary[BinaryOp::Or as usize].set(Some(union));
        s.inplace[BinaryOp::Or as usize].set(Some(|vm, this, other| {
            update(vm, this, other)?;
            Ok(this.to_ref())
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(FrameLocals::layout, true)
};

fn make(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    let given = args.pos().len();
    let [frame] = args.pos() else {
        return Err(vm.type_error(format!("FrameLocalsProxy expected 1 argument, got {given}")));
    };
    if args.keyword_count() != 0 {
        return Err(vm.type_error("FrameLocalsProxy takes no keyword arguments"));
    }
    match frame.downcast::<Frame>() {
        Some(frame) => new(vm, frame),
        None => Err(vm.type_error(format!("expect frame, not {}", protocol::type_name(frame)))),
    }
}

/// The view of a frame.
pub fn new(vm: &Vm, frame: &Frame) -> PyResult {
    let made = vm.place(FrameLocals {
        head: Object::new(vm.types.frame_locals_proxy.type_head_of()),
        frame: Ref::of(frame),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

/// The variables that have a value, as a dict of its own.
fn snapshot(vm: &Vm, this: &Object) -> PyResult<Ref<Dict>> {
    let frame = &receiver::<FrameLocals>(vm, this)?.frame;
    let dict = vm.new_dict()?;
    for (name, value) in frame.local_variables() {
        if let Some(value) = value {
            dict.set_str(vm, &name, &value)?;
        }
    }
    if let Some(extra) = frame.extra_locals.get() {
        for (key, value) in extra.snapshot() {
            dict.set(vm, &key, &value)?;
        }
    }
    Ok(dict)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("{...}")?.upcast());
    };
    let mut text = TextBuilder::new();
    text.push_repr(vm, &snapshot(vm, this)?.head)?;
    Ok(text.finish(vm)?.upcast())
}

fn get_item(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    snapshot(vm, this)?.get(vm, key)?.ok_or_else(|| {
        let text = protocol::repr(vm, key)
            .map(|k| format!("local variable {} is not defined", k.to_text()));
        match text {
            Ok(text) => vm.raise(&vm.exceptions.KeyError, &text),
            Err(raised) => raised,
        }
    })
}

/// The number of the local that a key stands for: a string, or whatever is equal to one with the same hash.
fn local_number(vm: &Vm, frame: &Frame, key: &Object) -> PyResult<Option<usize>> {
    let hash = protocol::hash(vm, key)?;
    for (number, name) in frame.code.local_names().iter().enumerate() {
        if name.is(key) || protocol::hash(vm, name)? == hash && protocol::compare_eq(vm, name, key)?
        {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

fn set_item(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let frame = &receiver::<FrameLocals>(vm, this)?.frame;
    if let Some(index) = local_number(vm, frame, key)? {
        let Some(value) = value else {
            return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
        };
        let is_cell = frame.cell_numbers().contains(&index);
        let current = frame.fast_values().get(index).cloned().flatten();
        match current.as_ref().and_then(|c| c.downcast::<CellObject>()) {
            Some(cell) if is_cell => cell.contents.set(Some(value.to_ref())),
            _ => frame.set_fast_value(index, Some(value.to_ref())),
        }
        return Ok(());
    }
    let extra = match frame.extra_locals.get() {
        Some(extra) => extra,
        None => {
            let extra = vm.new_dict()?;
            frame.extra_locals.set(Some(extra.clone()));
            extra
        }
    };
    match value {
        Some(value) => extra.set(vm, key, value),
        None => match extra.remove(vm, key)? {
            Some(_) => Ok(()),
            None => Err(vm.key_error(key)),
        },
    }
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || a.downcast::<FrameLocals>().is_none() {
        return Ok(vm.not_implemented());
    }
    let left = snapshot(vm, a)?;
    match b.downcast::<FrameLocals>() {
        Some(other) => {
            let same = std::ptr::eq(
                &raw const other.frame.head,
                &raw const receiver::<FrameLocals>(vm, a)?.frame.head,
            );
            Ok(vm.bool(same == (op == CompareOp::Eq)))
        }
        None if b.downcast::<Dict>().is_some() => protocol::compare(vm, &left.head, b, op),
        None => Ok(vm.not_implemented()),
    }
}

/// A dict of one or both sides of `|`.
fn union(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let as_dict = |o: &Object| -> PyResult<Option<Ref<Dict>>> {
        if o.downcast::<FrameLocals>().is_some() {
            return snapshot(vm, o).map(Some);
        }
        Ok(o.to_ref().cast::<Dict>().ok())
    };
    let (Some(left), Some(right)) = (as_dict(a)?, as_dict(b)?) else {
        return Ok(vm.not_implemented());
    };
    let merged = left.copy(vm)?;
    for (key, value) in right.snapshot() {
        merged.set(vm, &key, &value)?;
    }
    Ok(merged.upcast())
}

/// Calls a method of a dict with the same contents.
fn through_dict(vm: &Vm, this: &Object, name: &str, args: &[&Object]) -> PyResult {
    let dict = snapshot(vm, this)?;
    protocol::call_method(vm, &dict.head, &*vm.intern(name)?, args)
}

/// What a method of such a dict gives, as a list.
fn list_of(vm: &Vm, this: &Object, name: &str) -> PyResult {
    let items = protocol::collect(vm, &*through_dict(vm, this, name, &[])?)?;
    Ok(vm.new_list(items)?.upcast())
}

fn pop(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let &[key, ref rest @ ..] = args else {
        return Err(vm.type_error("pop expected at least 1 argument, got 0"));
    };
    let frame = &receiver::<FrameLocals>(vm, this)?.frame;
    if local_number(vm, frame, key)?.is_some() {
        return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    let found = match frame.extra_locals.get() {
        Some(extra) => extra.remove(vm, key)?,
        None => None,
    };
    match (found, rest.first()) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.to_ref()),
        (None, None) => Err(vm.key_error(key)),
    }
}

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "pop",
        "($self, key, default=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: pop,
        },
        "",
    ),
    MethodDef::new(
        "keys",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| list_of(vm, o, "keys")),
        "",
    ),
    MethodDef::new(
        "values",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| list_of(vm, o, "values")),
        "",
    ),
    MethodDef::new(
        "items",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| list_of(vm, o, "items")),
        "",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| Ok(snapshot(vm, o)?.upcast())),
        "",
    ),
    MethodDef::new(
        "get",
        "($self, key, default=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, o, args| through_dict(vm, o, "get", args),
        },
        "",
    ),
    MethodDef::new("update", "($self, other, /)", NativeCall::One(update), ""),
    MethodDef::new(
        "setdefault",
        "($self, key, default=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: set_default,
        },
        "",
    ),
    MethodDef::new(
        "__reversed__",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| list_of(vm, o, "__reversed__")),
        "",
    ),
];

fn update(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    if other.downcast::<Dict>().is_none() && other.downcast::<FrameLocals>().is_none() {
        return Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"));
    }
    let dict = protocol::call_one(vm, &vm.types.dict.head, other)?;
    for (key, value) in dict
        .downcast::<Dict>()
        .map(Dict::snapshot)
        .unwrap_or_default()
    {
        set_item(vm, this, &key, Some(&value))?;
    }
    Ok(vm.none_ref())
}

fn set_default(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let [key, rest @ ..] = args else {
        return Err(vm.type_error("setdefault expected at least 1 argument, got 0"));
    };
    if let Some(found) = snapshot(vm, this)?.get(vm, key)? {
        return Ok(found);
    }
    let value = rest.first().map_or_else(|| vm.none_ref(), |v| v.to_ref());
    set_item(vm, this, key, Some(&value))?;
    Ok(value)
}
