//! Operators whose method is a Python function: its frame is started by the operator's instruction, and what that takes and
//! gives is seen to when the frame is left.
//!
//! Operands on the stack stay there meanwhile, as on CPython; the frame's flags say where they are and where the result
//! goes.

use viv_bytecode::{BinaryOp, CodeFlags, Instr};
use viv_heap::{Object, Raw};

use super::regs::{Flow, Regs, attempt, owned};
use super::stack::record_flags;
use super::threaded::OnStack;
use crate::object::{Code, Function, Type};
use crate::protocol;
use crate::types::ty::slot_functions;
use crate::vm::Vm;

/// What an operator's instruction has put on the stack, and where its result goes, as flags of the frame that it starts.
#[derive(Clone, Copy)]
pub(super) struct Shape(pub u32);

impl Shape {
    /// The left operand lies above the right one.
    pub const SWAPPED: u32 = 1 << 5;
    /// The result goes to the local `c`.
    pub const TO_C: u32 = 1 << 8;
    /// The result goes to the local `w`; it goes to the stack where it goes to neither.
    pub const TO_W: u32 = 1 << 9;
    /// It is `local = container[key]`, of which the method has taken the operands: its result goes to the local as it is.
    pub const TAKEN: u32 = 1 << 14;
    /// It is no operator but `container[key] = value`, all three on the stack: there is no result.
    pub const STORES: u32 = 1 << 15;
    /// The operator's number begins here.
    const NUMBER: u32 = 10;

    /// The local that the result goes to.
    #[inline(always)]
    pub fn local(self, instr: Instr) -> Option<usize> {
        if self.0 & Shape::TO_C != 0 {
            Some(instr.c())
        } else if self.0 & Shape::TO_W != 0 {
            Some(instr.w())
        } else {
            None
        }
    }
}

/// Code that gives a generator when it is called: such a frame is not left with a result in the usual way.
const GENERATORS: u32 = CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;

/// The Python function that an operator of these operands calls first: that of the left one, where the right one's class
/// cannot come before it.
#[inline(always)]
fn method<'a>(vm: &'a Vm, a: &'a Object, b: &Object, op: BinaryOp) -> Option<&'a Function> {
    let (left, right) = (Type::of(a), Type::of(b));
    if !left.is(right) && right.info.flags.get() & viv_heap::TypeFlags::HEAP_TYPE != 0 {
        return None;
    }
    let name = slot_functions::operator_method(vm, left, op)?;
    vm.type_lookup_borrowed(left, name)?
        .downcast_exact::<Function>()
}

/// The code of a method whose frame an instruction may start on top of its operands: the method takes just so many arguments
/// by position, gives its result in the usual way, and there is room.
///
/// # Safety
/// The registers are those of the running frame; nothing runs before the function has a count of its own.
#[inline(always)]
pub(super) unsafe fn startable<'a>(
    vm: &Vm,
    r: &Regs,
    function: &'a Function,
    arguments: u32,
) -> Option<&'a Code> {
    // SAFETY: the function keeps its code.
    let code = unsafe { function.code.peek_as() }?;
    // Operands may have to be put on the stack, and the words of the call.
    let end = r.sp.wrapping_add(code.frame_words as usize + 8);
    let fits = end <= vm.stack.words_end() && r.frame.wrapping_add(1) < vm.frame_limit.get();
    (code.simple_args == arguments && code.flags.0 & GENERATORS == 0 && fits).then_some(code)
}

/// Starts the frame of an operator's method, if it is a Python function and there is room: gives its registers. Operands that
/// are not on the stack are put there, on top of one that is.
///
/// # Safety
/// The registers are those of the running frame, the operands its own.
#[inline(always)]
pub(super) unsafe fn start<A: OnStack, B: OnStack>(
    vm: &Vm,
    r: &Regs,
    a: Raw,
    b: Raw,
    op: BinaryOp,
    to: u32,
) -> Option<Regs> {
    // SAFETY: the operands live; room for the words and the frame is tested before anything is pushed.
    unsafe {
        let function = method(vm, a.object(), b.object(), op)?;
        let code = startable(vm, r, function, 2)?;
        let mut started = *r;
        if !A::STACK {
            started.push(owned(a.object()));
        }
        if !B::STACK {
            started.push(owned(b.object()));
        }
        let base = started.sp;
        started.push(owned(&function.head));
        started.push(owned(a.object()));
        started.push(owned(b.object()));
        let swapped = if !A::STACK && B::STACK {
            Shape::SWAPPED
        } else {
            0
        };
        let flags = record_flags::OPERATOR | swapped | to | (op as u32) << Shape::NUMBER;
        super::threaded::push(
            vm,
            &mut started,
            function,
            code,
            base,
            base.add(1),
            2,
            flags,
        );
        Some(started)
    }
}

/// Starts the frame of `__setitem__` for `container[key] = value`, all on the stack, if it is a Python function and there is
/// room: gives its registers.
///
/// # Safety
/// The registers are those of the running frame.
#[inline(always)]
pub(super) unsafe fn start_store(vm: &Vm, r: &Regs) -> Option<Regs> {
    // SAFETY: the operands live; room for the words and the frame is tested before anything is pushed.
    unsafe {
        let (key, container, value) = (r.top(1), r.top(2), r.top(3));
        let class = Type::of(container);
        let slot = class.slots.setitem.get()?;
        if !std::ptr::fn_addr_eq(slot, slot_functions::setitem as crate::slots::SetItem) {
            return None;
        }
        let found = vm.type_lookup_borrowed(class, &vm.names.__setitem__)?;
        let function = found.downcast_exact::<Function>()?;
        let code = startable(vm, r, function, 3)?;
        let mut started = *r;
        let base = started.sp;
        started.push(owned(&function.head));
        started.push(owned(container));
        started.push(owned(key));
        started.push(owned(value));
        let flags = record_flags::OPERATOR | Shape::STORES;
        super::threaded::push(
            vm,
            &mut started,
            function,
            code,
            base,
            base.add(1),
            3,
            flags,
        );
        Some(started)
    }
}

/// Goes on with the result of an operator's method: `r` are the registers of the frame that called it, the operands on top of
/// its stack. Where the method does not know how, the rest of the operator's ways are tried.
///
/// # Safety
/// `flags` are those of the frame that [`start`] has started, which has been left; the result is owned.
pub(super) unsafe fn finish(vm: &Vm, r: &mut Regs, flags: u32, result: Raw) -> Flow {
    // SAFETY: the instruction before `pc` is the operator's; the operands on the stack are owned by it.
    unsafe {
        let mut result = result.into_ref();
        if flags & Shape::STORES != 0 {
            r.save(vm);
            drop(result);
            return store_done(vm, r);
        }
        let instr = Instr((*r.pc.sub(1)).get());
        if flags & Shape::TAKEN != 0 {
            let old = std::mem::replace(&mut *r.local(instr.c()), result.into_raw());
            super::arith::release(vm, r, old);
            return Flow::Next;
        }
        let (left, right) = match flags & Shape::SWAPPED {
            0 => (r.peek(2), r.peek(1)),
            _ => (r.peek(1), r.peek(2)),
        };
        if vm.is_not_implemented(&result) {
            let number = (flags >> Shape::NUMBER & 15) as u8;
            let op = BinaryOp::from_u8(number).unwrap_or(BinaryOp::Add);
            r.save(vm);
            let rest = protocol::operator::binary_refused(vm, left.object(), right.object(), op);
            result = attempt!(rest);
        }
        r.sp = r.sp.sub(2);
        let old = match Shape(flags).local(instr) {
            Some(local) => std::mem::replace(&mut *r.local(local), result.into_raw()),
            None => {
                r.push_ref(result);
                Raw::NULL
            }
        };
        r.save(vm);
        left.object().dec();
        right.object().dec();
        if !old.is_null() {
            old.object().dec();
        }
        Flow::Next
    }
}

/// Gives up the key, the container and the value of a store that is done.
unsafe fn store_done(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: they are on top of the stack, which owns them.
    unsafe {
        let (key, container, value) = (r.pop_ref(), r.pop_ref(), r.pop_ref());
        r.save(vm);
        drop(key);
        drop(container);
        drop(value);
        Flow::Next
    }
}
