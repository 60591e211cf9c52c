//! The builtin type `reversed`.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, Reversed, Slot, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `reversed`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "reversed",
    signature: "(sequence, /)",
    doc: "Return a reverse iterator over the values of the given sequence.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Reversed::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
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

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let args = if ty.is(&vm.types.reversed) {
        constructor_args(vm, "reversed", args, 1, 1)?
    } else {
        crate::native::bind::check_count(vm, "reversed", args.pos().len(), 1, 1)?;
        args.pos()
    };
    let Some(sequence) = args.first() else {
        return Ok(vm.none_ref());
    };
    let not_reversible = || {
        vm.type_error(format!(
            "'{}' object is not reversible",
            protocol::type_name(sequence)
        ))
    };
    if let Some(method) = protocol::lookup_special(vm, sequence, &vm.names.__reversed__)? {
        if vm.is_none(&method) {
            return Err(not_reversible());
        }
        return protocol::call_no_args(vm, &method);
    }
    let slots = &Type::of(sequence).slots;
    if slots.getitem.get().is_none() || sequence.downcast::<Dict>().is_some() {
        return Err(not_reversible());
    }
    let len = protocol::len(vm, sequence)?;
    let head = Object::new(ty.type_head_of());
    place_tracked(
        vm,
        Reversed {
            head,
            index: Cell::new(len as i64 - 1),
            sequence: Slot::full(sequence.to_ref()),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Reversed>(vm, this)?;
    let index = this.index.get();
    let Some(sequence) = this.sequence.get().filter(|_| index >= 0) else {
        this.sequence.set(None);
        return Ok(None);
    };
    let item = protocol::get_item(vm, &sequence, vm.new_int(index)?.as_object());
    match item {
        Ok(item) => {
            this.index.set(index - 1);
            Ok(Some(item))
        }
        Err(raised) => {
            if vm.raised_is(&raised, &vm.exceptions.IndexError)
                || vm.raised_is(&raised, &vm.exceptions.StopIteration)
            {
                drop(vm.take_raised(raised));
                this.index.set(-1);
                this.sequence.set(None);
                return Ok(None);
            }
            this.index.set(-1);
            this.sequence.set(None);
            Err(raised)
        }
    }
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Reversed>(vm, this)?;
    let Some(sequence) = this.sequence.get() else {
        return vm.new_int(0);
    };
    let len = protocol::len(vm, &sequence)? as i64;
    let left = this.index.get() + 1;
    vm.new_int(if len < left { 0 } else { left })
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Reversed>(vm, this)?;
    let class = &Type::of(this).head;
    match own.sequence.get() {
        Some(sequence) => reduce_call(
            vm,
            class,
            &[&sequence],
            Some(&*vm.new_int(own.index.get())?),
        ),
        None => reduce_call(vm, class, &[vm.empty_tuple.as_object()], None),
    }
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<Reversed>(vm, this)?;
    let index = protocol::to_i64(vm, state)?;
    if let Some(sequence) = this.sequence.get() {
        let len = protocol::len(vm, &sequence)? as i64;
        this.index.set(index.clamp(-1, len - 1));
    }
    Ok(vm.none_ref())
}
