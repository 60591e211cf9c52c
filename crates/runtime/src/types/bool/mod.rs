//! The builtin type `bool`: the two ints `False` and `True`.

use viv_bytecode::BinaryOp;
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::object::{Int, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::slots::Binary;
use crate::types::int::arith;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `bool`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bool",
    signature: "(object=False, /)",
    doc: "Returns True when the argument is true, False otherwise.\nThe builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed.",
    exact: false,
    traits: TypeTraits::MATCH_SELF,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.invert.set(Some(invert));
        let binary: [(BinaryOp, Binary); 3] = [
            (BinaryOp::And, |vm, a, b| {
                logic(vm, a, b, |x, y| x & y, arith::and)
            }),
            (BinaryOp::Or, |vm, a, b| {
                logic(vm, a, b, |x, y| x | y, arith::or)
            }),
            (BinaryOp::Xor, |vm, a, b| {
                logic(vm, a, b, |x, y| x ^ y, arith::xor)
            }),
        ];
        for (op, f) in binary {
            s.binary[op as usize].set(Some(f));
        }
    },
    ..TypeSpec::new(Int::layout, false)
};

fn new(vm: &Vm, _: &Type, args: Args<'_>) -> PyResult {
    match constructor_args(vm, "bool", args, 0, 1)? {
        [x] => Ok(vm.bool(protocol::is_true(vm, x)?)),
        _ => Ok(vm.bool(false)),
    }
}

const INVERSION: &str = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";

fn invert(vm: &Vm, this: &Object) -> PyResult {
    vm.warn(&vm.exceptions.DeprecationWarning, INVERSION, 1)?;
    arith::invert(vm, receiver(vm, this)?)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let text = if receiver::<Int>(vm, this)?.signum() != 0 {
        "True"
    } else {
        "False"
    };
    Ok(vm.intern(text)?.upcast())
}

/// An operator that gives a bool for two bools, and an int where one is an int.
fn logic(
    vm: &Vm,
    a: &Object,
    b: &Object,
    bools: fn(bool, bool) -> bool,
    ints: fn(&Vm, &Int, &Int) -> PyResult,
) -> PyResult {
    let value = |o: &Object| {
        if o.is(&vm.true_.head) {
            Some(true)
        } else {
            o.is(&vm.false_.head).then_some(false)
        }
    };
    match (value(a), value(b)) {
        (Some(x), Some(y)) => Ok(vm.bool(bools(x, y))),
        _ => crate::types::int::both(vm, a, b, ints),
    }
}
