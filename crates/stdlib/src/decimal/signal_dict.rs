//! `decimal.SignalDict`: the flags or the traps of a context as a mapping.

use std::cell::Cell;
use std::rc::Rc;

use viv_runtime::object::{Dict, Type};
use viv_runtime::protocol::TextBuilder;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm,
    object_layout, protocol,
};

use super::signals::{self, SIGNALS};
use crate::kinds;

/// A `decimal.SignalDict`: a view of a context, whose bits it shares.
#[repr(C)]
pub struct SignalDict {
    /// The header.
    pub head: Object,
    bits: Rc<Cell<u32>>,
}
object_layout!(SignalDict = kinds::DECIMAL_SIGNALS);

static SPEC: TypeSpec = TypeSpec {
    name: "SignalDict",
    module: "decimal",
    slots: |s| {
        s.len.set(Some(|_, _| Ok(SIGNALS.len())));
        s.getitem.set(Some(|vm, this, key| {
            let of_one = bits_of(vm, key)?;
            Ok(vm.bool(own(vm, this)?.read() & of_one != 0))
        }));
        s.setitem.set(Some(set_item));
        s.contains
            .set(Some(|vm, _, key| Ok(signals::bits_of(vm, key)?.is_some())));
        s.iter
            .set(Some(|vm, this| protocol::iter(vm, &*keys(vm, this)?)));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
    },
    methods: &[&[
        MethodDef::new(
            "copy",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| Ok(dict(vm, own(vm, this)?)?.upcast())),
            "",
        ),
        MethodDef::new("keys", "($self, /)", NativeCall::NoArgs(keys), ""),
        MethodDef::new(
            "items",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| through_dict(vm, this, "items", &[])),
            "",
        ),
        MethodDef::new(
            "values",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| through_dict(vm, this, "values", &[])),
            "",
        ),
        MethodDef::new(
            "get",
            "",
            NativeCall::Positional {
                min: 1,
                max: 2,
                call: |vm, this, args| through_dict(vm, this, "get", args),
            },
            "",
        ),
        MethodDef::new(
            "update",
            "",
            NativeCall::One(|vm, this, other| {
                let bits = merged(vm, own(vm, this)?.read(), other)?;
                own(vm, this)?.write(bits);
                Ok(vm.none_ref())
            }),
            "",
        ),
    ]],
    ..TypeSpec::new(SignalDict::layout, false)
};

/// The type `decimal.SignalDict`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// The mapping of the flags or the traps of a context.
pub fn of_bits(vm: &Vm, bits: Rc<Cell<u32>>) -> PyResult {
    let head = Object::new(own_type(vm)?.type_head_of());
    Ok(vm.place(SignalDict { head, bits })?.upcast())
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a SignalDict> {
    receiver(vm, this)
}

#[cold]
fn no_signal(vm: &Vm) -> Raised {
    let text = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";
    vm.raise(&vm.exceptions.KeyError, text)
}

fn bits_of(vm: &Vm, key: &Object) -> PyResult<u32> {
    signals::bits_of(vm, key)?.ok_or_else(|| no_signal(vm))
}

impl SignalDict {
    fn read(&self) -> u32 {
        self.bits.get()
    }

    fn write(&self, bits: u32) {
        self.bits.set(bits);
    }
}

fn set_item(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.value_error("signal keys cannot be deleted"));
    };
    let (of_one, on) = (bits_of(vm, key)?, protocol::is_true(vm, value)?);
    let this = own(vm, this)?;
    let bits = this.read();
    this.write(if on { bits | of_one } else { bits & !of_one });
    Ok(())
}

fn dict(vm: &Vm, this: &SignalDict) -> PyResult<Ref<Dict>> {
    let dict = vm.new_dict()?;
    for (name, of_one) in SIGNALS {
        let on = vm.bool(this.read() & of_one != 0);
        dict.set(vm, &*signals::class(vm, name)?, &on)?;
    }
    Ok(dict)
}

fn keys(vm: &Vm, _: &Object) -> PyResult {
    let all = SIGNALS.iter().map(|(name, _)| signals::class(vm, name));
    Ok(vm.new_list(all.collect::<PyResult<Vec<Ref>>>()?)?.upcast())
}

fn through_dict(vm: &Vm, this: &Object, method: &str, args: &[&Object]) -> PyResult {
    let dict = dict(vm, own(vm, this)?)?;
    protocol::call_method(vm, dict.as_object(), &*vm.intern(method)?, args)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let bits = own(vm, this)?.read();
    let mut text = TextBuilder::new();
    text.push("{");
    for (i, (name, of_one)) in SIGNALS.iter().enumerate() {
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(vm, &*signals::class(vm, name)?)?;
        text.push(if bits & of_one != 0 {
            ":True"
        } else {
            ":False"
        });
    }
    text.push("}");
    Ok(text.finish(vm)?.upcast())
}

/// Bits with those that a mapping gives changed.
fn merged(vm: &Vm, mut all: u32, mapping: &Object) -> PyResult<u32> {
    let items = protocol::call_method(vm, mapping, &*vm.intern("items")?, &[])?;
    for pair in protocol::collect(vm, &items)? {
        let pair = protocol::collect(vm, &pair)?;
        let [key, value] = &pair[..] else {
            return Err(no_signal(vm));
        };
        let of_one = bits_of(vm, key)?;
        all = if protocol::is_true(vm, value)? {
            all | of_one
        } else {
            all & !of_one
        };
    }
    Ok(all)
}

/// The bits of a dict that has exactly the signals as keys, or of a view.
///
/// # Errors
/// KeyError, TypeError
pub fn bits(vm: &Vm, mapping: &Object) -> PyResult<u32> {
    if let Some(view) = mapping.downcast::<SignalDict>() {
        return Ok(view.read());
    }
    let Some(dict) = mapping.downcast::<Dict>() else {
        return Err(vm.type_error("argument must be a signal dict"));
    };
    let invalid = || vm.raise(&vm.exceptions.KeyError, "invalid signal dict");
    if dict.len() != SIGNALS.len() {
        return Err(invalid());
    }
    let mut all = 0;
    for (name, of_one) in SIGNALS {
        let class = signals::class(vm, name)?;
        let on = dict.get(vm, &class)?.ok_or_else(invalid)?;
        if protocol::is_true(vm, &on)? {
            all |= of_one;
        }
    }
    Ok(all)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some(a) = a.downcast::<SignalDict>() else {
        return Ok(vm.not_implemented());
    };
    let equal = match (op, b.downcast::<SignalDict>()) {
        (CompareOp::Eq | CompareOp::Ne, Some(b)) => a.read() == b.read(),
        (CompareOp::Eq | CompareOp::Ne, None) if b.downcast::<Dict>().is_some() => {
            match bits(vm, b) {
                Ok(bits) => bits == a.read(),
                Err(raised) => {
                    drop(vm.take_raised(raised));
                    false
                }
            }
        }
        _ => return Ok(vm.not_implemented()),
    };
    Ok(vm.bool(equal == (op == CompareOp::Eq)))
}
