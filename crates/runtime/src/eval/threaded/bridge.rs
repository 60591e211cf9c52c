//! From the quick tier to the general handlers and back without leaving the loop.
//!
//! A general handler works on registers in memory. Those of the quick tier are arguments, whose address must not be given
//! away, so they pass through [`CallStack::left`](crate::eval::stack::CallStack::left) in both directions.

use viv_bytecode::Instr;
use viv_heap::Raw;

use super::{exit, next, quick};
use crate::eval::operator::Shape;
use crate::eval::regs::{Flow, Regs};
use crate::eval::{attr, build, call, control, intrinsic, names, operator, run};
use crate::vm::Vm;

/// The exit code of a flow.
#[inline(always)]
fn code(flow: Flow) -> u32 {
    match flow {
        Flow::Next => exit::STEP,
        Flow::Error => exit::ERROR,
        Flow::Reraise => exit::RERAISE,
        Flow::Exit => exit::DONE,
    }
}

/// Declares handlers that do an instruction by its general handler.
macro_rules! bridges {
    ($($(#[$meta:meta])* $name:ident |$vm:ident, $r:ident, $i:ident| $general:expr;)*) => {$(quick! {
        $(#[$meta])*
        pub(super) unsafe fn $name(vm, pc, sp, fp, frame, ins) {
            /// The instruction, on registers in memory.
            #[inline(never)]
            unsafe fn general($vm: &Vm, ins: u64) -> u32 {
                let mut registers = $vm.stack.left.get();
                let $r = &mut registers;
                let $i = Instr(ins as u32);
                // SAFETY: the verifier has shown that operands are in range and that the stack holds what the opcode takes.
                let flow = unsafe {
                    // Whoever hears of an allocation may ask for the line.
                    $r.save($vm);
                    $general
                };
                $vm.stack.left.set(registers.reread());
                code(flow)
            }
            vm.stack.left.set(Regs { pc, sp, fp, frame });
            // Tracing has begun since the loop was entered: this instruction is the first one that is traced.
            if vm.tracing.get() {
                return exit::SLOW;
            }
            // SAFETY: the registers are those of the running frame, before and after.
            unsafe {
                match general(vm, ins) {
                    exit::STEP => next(vm, vm.stack.left.get()),
                    code => code,
                }
            }
        }
    })*};
}

bridges! {
    /// Any instruction, by its word.
    step |vm, r, _ins| {
        let instr = Instr((*r.pc.sub(1)).get());
        run::step(vm, r, instr)
    };
    /// The end of an operator whose method, the frame of which has been left, does not know how.
    operator_refused |vm, r, _ins| {
        let flags = (*r.frame.add(1)).flags;
        operator::finish(vm, r, flags, Raw(std::ptr::from_ref(&vm.not_implemented.head).cast_mut()))
    };
    /// The end of `container[key] = value` whose method has given something else than `None`.
    store_returned |vm, r, _ins| {
        let [result, _] = vm.stack.dead.replace([Raw::NULL; 2]);
        operator::finish(vm, r, Shape::STORES, result)
    };
    store_global |vm, r, i| names::store_global(vm, r, i.w());
    store_deref |vm, r, i| names::store_deref(vm, r, i.w());
    make_cell |vm, r, i| names::make_cell(vm, r, i.w());
    load_name |vm, r, i| names::load_name(vm, r, i.w());
    store_name |vm, r, i| names::store_name(vm, r, i.w());
    import_name |vm, r, i| names::import_name(vm, r, i.w());
    import_from |vm, r, i| names::import_from(vm, r, i.w());
    load_attr |vm, r, i| attr::load_attr(vm, r, i.w());
    load_attr_local |vm, r, i| attr::load_attr_local(vm, r, i.a(), i.bx());
    load_super |vm, r, i| attr::load_super(vm, r, i.w(), false, false);
    load_zero_super |vm, r, i| attr::load_super(vm, r, i.w(), true, false);
    load_super_method |vm, r, i| attr::load_super(vm, r, i.w(), false, true);
    load_zero_super_method |vm, r, i| attr::load_super(vm, r, i.w(), true, true);
    build_set |vm, r, i| build::build_set(vm, r, i.w());
    build_map |vm, r, i| build::build_map(vm, r, i.w());
    build_string |vm, r, i| build::build_string(vm, r, i.w());
    list_extend |vm, r, i| build::list_extend(vm, r, i.w());
    set_update |vm, r, i| build::set_update(vm, r, i.w());
    dict_update |vm, r, i| build::dict_update(vm, r, i.w());
    dict_merge |vm, r, i| build::dict_merge(vm, r, i.w());
    format_simple |vm, r, _ins| build::format_simple(vm, r);
    format_with_spec |vm, r, _ins| build::format_with_spec(vm, r);
    convert_value |vm, r, i| build::convert_value(vm, r, i.w());
    call_kw |vm, r, i| call::call_kw(vm, r, i.w());
    call_ex |vm, r, i| call::call_ex(vm, r, i.w() != 0);
    make_function |vm, r, _ins| build::make_function(vm, r);
    set_function_attribute |vm, r, i| build::set_function_attribute(vm, r, i.w());
    raise |vm, r, i| control::raise(vm, r, i.w());
    reraise |vm, r, _ins| control::reraise(vm, r);
    check_exc_match |vm, r, _ins| control::check_exc_match(vm, r);
    before_with |vm, r, _ins| control::before_with(vm, r, false);
    get_len |vm, r, _ins| control::get_len(vm, r);
    get_aiter |vm, r, _ins| control::get_aiter(vm, r);
    get_anext |vm, r, _ins| control::get_anext(vm, r);
    end_async_for |vm, r, _ins| control::end_async_for(vm, r);
    call_intrinsic |vm, r, i| intrinsic::call_1(vm, r, i.w());
}
