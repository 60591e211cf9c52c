//! The end of operators whose method's frame their instruction has started: see [`operator`](crate::eval::operator).

use viv_bytecode::Instr;
use viv_heap::{Object, Raw};

use super::{bridge, drop_opt_next, drop_two_next, last, quick, release_all};
use crate::eval::operator::Shape;
use crate::eval::regs::Regs;

quick! {
    /// Ends an operator with its method's result: the registers are those of the frame that has called it, whose record is the
    /// one above.
    pub(super) unsafe fn end(vm, pc, sp, fp, frame, result) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: the instruction before `pc` is the operator's, its operands are on top of the stack; the record of the frame
        // that has been left is as it was. Nothing runs before the operands are given up.
        unsafe {
            let result = Raw(std::ptr::with_exposed_provenance_mut::<Object>(
                result as usize,
            ));
            let shape = Shape((*frame.add(1)).flags);
            if shape.0 & Shape::STORES != 0 {
                if result.0 != vm.hot.none().0 {
                    vm.stack.dead.set([result, Raw::NULL]);
                    return bridge::store_returned(vm, pc, sp, fp, frame, 0);
                }
                let (key, container, value) = (r.pop(), r.pop(), r.pop());
                if last(key) {
                    return release_all(vm, r, key, [container, value]);
                }
                return drop_two_next(vm, r, container, value);
            }
            if shape.0 & Shape::TAKEN != 0 {
                let local = Instr((*pc.sub(1)).get()).c();
                let old = std::mem::replace(&mut *r.local(local), result);
                return drop_opt_next(vm, r, old);
            }
            if vm.is_not_implemented(result.object()) {
                return bridge::operator_refused(vm, pc, sp, fp, frame, 0);
            }
            let (mut right, mut left) = (r.pop(), r.pop());
            if shape.0 & Shape::SWAPPED != 0 {
                (left, right) = (right, left);
            }
            let mut old = Raw::NULL;
            match shape.local(Instr((*pc.sub(1)).get())) {
                Some(local) => old = std::mem::replace(&mut *r.local(local), result),
                None => r.push(result),
            }
            // As on CPython: the left operand goes first.
            if last(left) {
                return release_all(vm, r, left, [right, old]);
            }
            if last(right) {
                return release_all(vm, r, right, [old, Raw::NULL]);
            }
            drop_opt_next(vm, r, old)
        }
    }
}
