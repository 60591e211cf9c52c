//! The builtin type `float`.

pub mod arith;
pub mod construct;
pub mod hex;
pub mod methods;

use viv_bytecode::BinaryOp;
use viv_heap::{Object, ObjectLayout};

use crate::object::{Float, TypeTraits};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `float`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "float",
    signature: "(x=0, /)",
    doc: "Convert a string or number to a floating-point number, if possible.",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    slots: |s| {
        s.new.set(Some(construct::new));
        s.repr.set(Some(repr));
        s.hash.set(Some(|vm, this| {
            let value = receiver::<Float>(vm, this)?.value();
            Ok(arith::hash_f64(value).unwrap_or_else(|| arith::hash_address(this)))
        }));
        s.compare.set(Some(arith::compare));
        s.bool.set(Some(|vm, this| {
            Ok(receiver::<Float>(vm, this)?.value() != 0.0)
        }));
        s.neg.set(Some(|vm, this| {
            vm.new_float(-receiver::<Float>(vm, this)?.value())
        }));
        s.pos.set(Some(methods::own_float));
        s.abs.set(Some(|vm, this| {
            vm.new_float(receiver::<Float>(vm, this)?.value().abs())
        }));
        s.int.set(Some(methods::trunc));
        s.float.set(Some(methods::own_float));
        s.pow.set(Some(arith::pow_slot));
        let binary: [(BinaryOp, crate::slots::Binary); 7] = [
            (BinaryOp::Add, |vm, a, b| {
                arith::both(vm, a, b, |vm, x, y| vm.new_float(x + y))
            }),
            (BinaryOp::Sub, |vm, a, b| {
                arith::both(vm, a, b, |vm, x, y| vm.new_float(x - y))
            }),
            (BinaryOp::Mul, |vm, a, b| {
                arith::both(vm, a, b, |vm, x, y| vm.new_float(x * y))
            }),
            (BinaryOp::TrueDiv, |vm, a, b| {
                arith::both(vm, a, b, arith::div)
            }),
            (BinaryOp::FloorDiv, |vm, a, b| {
                arith::both(vm, a, b, arith::floor_div)
            }),
            (BinaryOp::Mod, |vm, a, b| {
                arith::both(vm, a, b, arith::modulo)
            }),
            (BinaryOp::Pow, |vm, a, b| {
                arith::both(vm, a, b, arith::pow_f64)
            }),
        ];
        for (op, f) in binary {
            s.binary[op as usize].set(Some(f));
        }
    },
    methods: &[methods::METHODS, hex::METHODS],
    getset: methods::GETSET,
    ..TypeSpec::new(Float::layout, false)
};

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    Ok(vm
        .new_str(&crate::types::format::double::repr(value))?
        .upcast())
}
