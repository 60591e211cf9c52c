//! The quick tier: threaded handlers of the instructions that programs spend their time in.
//!
//! A handler has the registers as its arguments and ends in a call of the next handler, which a release build turns into
//! a jump: nothing is live behind it, and there are no more arguments than registers. Debug builds come back to
//! [`run`](super::run) after each instruction instead.
//!
//! **Rules.**
//! - A handler does the common case and nothing else. Before it has changed anything it may end in [`slow`]: the general
//!   handler then does the instruction, errors and the filling of caches included.
//! - A count that reaches zero is given up by [`release`], the last thing that happens in an instruction.
//! - No address of a local variable goes to a function that is not inlined, and no value with drop glue is live at the end:
//!   either would keep the last call from being a jump, and the machine's stack would grow.

mod attribute;
mod bridge;
mod call;
mod general;
mod generator;
mod number;
mod operator;
mod sequence;
mod table;
mod value;

use std::cell::Cell;

pub(super) use call::push;
pub(super) use generator::drive;
pub(super) use number::OnStack;
use viv_heap::{Object, Raw};

use super::regs::Regs;
use super::stack::Record;
use crate::vm::Vm;

/// A pointer to a word of code.
pub(super) type Pc = *const Cell<u32>;
/// A pointer to a word of the stack.
pub(super) type Sp = *mut Raw;

/// A handler: the interpreter's thread, the registers and the instruction's word; what it gives is an [`exit`] code.
#[cfg(not(viv_preserve_none))]
pub(super) type Handler = unsafe fn(&Vm, Pc, Sp, Sp, *mut Record, u64) -> u32;
/// The same where handlers save no registers for each other.
#[cfg(viv_preserve_none)]
pub(super) type Handler =
    unsafe extern "rust-preserve-none" fn(&Vm, Pc, Sp, Sp, *mut Record, u64) -> u32;

/// Declares a function of the quick tier: a [`Handler`], or one that takes over from a handler. The names are those of a handler's
/// arguments.
macro_rules! quick {
    (
        $(#[$meta:meta])*
        $visible:vis unsafe fn $name:ident $(<$($generic:ident: $bound:path),+>)?
        ($vm:ident, $pc:ident, $sp:ident, $fp:ident, $frame:ident, $word:ident) $body:block
    ) => {
        $crate::eval::threaded::by_convention! {
            $(#[$meta])*
            #[inline(never)]
            $visible unsafe fn $name $(<$($generic: $bound),+>)? (
                $vm: &$crate::vm::Vm,
                $pc: $crate::eval::threaded::Pc,
                $sp: $crate::eval::threaded::Sp,
                $fp: $crate::eval::threaded::Sp,
                $frame: *mut $crate::eval::stack::Record,
                $word: u64,
            ) -> u32 $body
        }
    };
}
pub(super) use quick;

/// Gives a function the convention of the quick tier.
///
/// A function that saves no registers for its caller may use all of them, and finds the interpreter's in those that a call of
/// other functions leaves as they are. The compiler has such a convention since 1.95, but gives it to those who ask for unstable
/// features only: `scripts/rustc` does so for optimised builds. Everywhere else the functions have the usual convention.
#[cfg(not(viv_preserve_none))]
macro_rules! by_convention {
    ($function:item) => {
        $function
    };
}
#[cfg(viv_preserve_none)]
macro_rules! by_convention {
    ($(#[$meta:meta])* $visible:vis unsafe fn $($rest:tt)*) => {
        $(#[$meta])*
        $visible unsafe extern "rust-preserve-none" fn $($rest)*
    };
}
pub(super) use by_convention;

/// Why the quick tier came back. The registers are in [`CallStack::left`](super::stack::CallStack::left).
pub(super) mod exit {
    /// The instruction before `pc` is to be traced; nothing of it has happened.
    pub const SLOW: u32 = 0;
    /// One instruction is done (builds without threading).
    pub const STEP: u32 = 1;
    /// The instruction before `pc` has raised.
    pub const ERROR: u32 = 2;
    /// The running frame is to be left, its result on top of the stack, by the general way.
    pub const RETURN: u32 = 3;
    /// The frame that the run began with has been left; its result is on top of the stack.
    pub const DONE: u32 = 4;
    /// The instruction before `pc` has raised an exception again that this frame is in the traceback of already.
    pub const RERAISE: u32 = 5;
}

/// Declares a handler whose body sees the registers `$r` and the instruction `$i`.
macro_rules! handler {
    ($(#[$meta:meta])* $name:ident |$vm:ident, $r:ident, $i:ident| $body:block) => {
        $crate::eval::threaded::quick! {
            $(#[$meta])*
            pub(super) unsafe fn $name($vm, pc, sp, fp, frame, ins) {
                #[allow(unused_mut)]
                let mut $r = $crate::eval::regs::Regs { pc, sp, fp, frame };
                #[allow(unused_variables)]
                let $i = viv_bytecode::Instr(ins as u32);
                // SAFETY: the verifier has shown that operands are in range and that the stack holds what the opcode takes.
                unsafe { $body }
            }
        }
    };
}
pub(super) use handler;

/// Enters the quick tier at the next instruction.
///
/// # Safety
/// The registers are those of the running frame.
#[inline(always)]
pub(super) unsafe fn enter(vm: &Vm, r: Regs) -> u32 {
    // SAFETY: `pc` points at an instruction of verified code; the table has a handler for each byte.
    unsafe {
        let word = (*r.pc).get();
        let handler = table::HANDLERS.get_unchecked((word & 0xff) as usize);
        handler(vm, r.pc.add(1), r.sp, r.fp, r.frame, u64::from(word))
    }
}

/// Ends a handler: goes on with the next instruction.
#[inline(always)]
unsafe fn next(vm: &Vm, r: Regs) -> u32 {
    if cfg!(debug_assertions) {
        vm.stack.left.set(r);
        return exit::STEP;
    }
    // SAFETY: the registers are those of the running frame.
    unsafe { enter(vm, r) }
}

/// Ends a handler that has done nothing: the general one does the instruction.
#[inline(always)]
unsafe fn slow(vm: &Vm, r: Regs) -> u32 {
    // SAFETY: the arguments are the registers.
    unsafe { bridge::step(vm, r.pc, r.sp, r.fp, r.frame, 0) }
}

quick! {
    /// Ends a handler whose instruction has raised.
    #[cold]
    unsafe fn fail(vm, pc, sp, fp, frame, _word) {
        vm.stack.left.set(Regs { pc, sp, fp, frame });
        exit::ERROR
    }
}

/// Ends a handler whose last act it is to release an object: its count is zero.
#[inline(always)]
unsafe fn release(vm: &Vm, r: Regs, dead: Raw) -> u32 {
    // SAFETY: the arguments are the registers.
    unsafe {
        release_then_next(
            vm,
            r.pc,
            r.sp,
            r.fp,
            r.frame,
            dead.0.expose_provenance() as u64,
        )
    }
}

quick! {
    unsafe fn release_then_next(vm, pc, sp, fp, frame, dead) {
        // SAFETY: the count of the object is zero.
        unsafe {
            let object = &*std::ptr::with_exposed_provenance::<Object>(dead as usize);
            if viv_heap::release::release_simple(object) {
                return next(vm, Regs { pc, sp, fp, frame });
            }
            release_any_then_next(vm, pc, sp, fp, frame, dead)
        }
    }
}

quick! {
    unsafe fn release_any_then_next(vm, pc, sp, fp, frame, dead) {
        // SAFETY: the count of the object is zero; what its release runs uses the stack above `sp`.
        unsafe {
            let r = Regs { pc, sp, fp, frame };
            r.save(vm);
            viv_heap::release::release(&*std::ptr::with_exposed_provenance::<Object>(dead as usize));
            next(vm, r)
        }
    }
}

/// Ends a handler with an object to release, whose count is zero, and others of which a count is to be given up then.
#[inline(always)]
unsafe fn release_all(vm: &Vm, r: Regs, first: Raw, others: [Raw; 2]) -> u32 {
    vm.stack.dead.set(others);
    // SAFETY: the arguments are the registers.
    unsafe {
        release_list(
            vm,
            r.pc,
            r.sp,
            r.fp,
            r.frame,
            first.0.expose_provenance() as u64,
        )
    }
}

quick! {
    unsafe fn release_list(vm, pc, sp, fp, frame, first) {
        // SAFETY: as in `release_then_next`.
        unsafe {
            let r = Regs { pc, sp, fp, frame };
            r.save(vm);
            let others = vm.stack.dead.replace([Raw::NULL; 2]);
            viv_heap::release::release(&*std::ptr::with_exposed_provenance::<Object>(
                first as usize,
            ));
            for dead in others {
                if !dead.is_null() {
                    dead.object().dec();
                }
            }
            next(vm, r)
        }
    }
}

/// Gives up a count; whether it was the last one, and the object is to be released.
#[inline(always)]
unsafe fn last(word: Raw) -> bool {
    // SAFETY: the caller owns a count.
    unsafe {
        let count = word.object().raw_count();
        if count >= viv_heap::object::IMMORTAL {
            return false;
        }
        word.object().set_raw_count(count - 1);
        count == 1
    }
}

/// Ends a handler by giving up one word, which is not null.
#[inline(always)]
unsafe fn drop_next(vm: &Vm, r: Regs, word: Raw) -> u32 {
    // SAFETY: the caller owns the word's count.
    unsafe {
        if last(word) {
            return release(vm, r, word);
        }
        next(vm, r)
    }
}

/// Ends a handler by giving up a word that may be null.
#[inline(always)]
unsafe fn drop_opt_next(vm: &Vm, r: Regs, word: Raw) -> u32 {
    // SAFETY: as above.
    unsafe {
        if !word.is_null() && last(word) {
            return release(vm, r, word);
        }
        next(vm, r)
    }
}

/// Ends a handler by giving up two words, the first of them first; neither is null.
#[inline(always)]
unsafe fn drop_two_next(vm: &Vm, r: Regs, first: Raw, second: Raw) -> u32 {
    // SAFETY: as above.
    unsafe {
        if last(first) {
            return release_all(vm, r, first, [second, Raw::NULL]);
        }
        drop_next(vm, r, second)
    }
}

/// A count more for a word that is not null.
#[inline(always)]
unsafe fn share(word: Raw) -> Raw {
    // SAFETY: the object lives.
    unsafe { word.object().inc() };
    word
}
