//! What happens after an instruction has raised: the traceback grows, the exception table is searched, frames are left.

use viv_bytecode::Op;
use viv_heap::{Object, Raw, Ref};

use super::call::close_frame;
use super::regs::{Flow, Regs};
use super::stack::record_flags;
use crate::object::{Exception, Int, Slot, Traceback};
use crate::types::generator::asynchronous::{self, AsyncStep};
use crate::vm::Vm;

/// Goes on after an exception; gives [`Flow::Next`] at a handler, or [`Flow::Exit`] where the run ends with the exception.
#[cold]
#[inline(never)]
pub(in crate::eval) unsafe fn unwind(vm: &Vm, mut r: Regs, mut flow: Flow) -> (Regs, Flow) {
    // SAFETY: the registers are those of the running frame, all its words owned.
    unsafe {
        loop {
            (*r.frame).pc = r.pc;
            vm.stack.top.set(r.sp);
            let word = super::frame::record_word(r.frame);
            if flow == Flow::Error {
                add_traceback(vm, &r, word);
                if vm.tracing.get() {
                    super::trace::raised(vm, &r);
                }
            }
            let raised_at = if flow == Flow::Reraise {
                original_word(&r).unwrap_or(word)
            } else {
                word
            };
            let source: &viv_bytecode::CodeInfo = &(*(*r.frame).code).source;
            if let Some(entry) = source.handler(word)
                && !vm.time_is_up()
            {
                let floor = r.fp.add(source.nlocalsplus as usize + entry.depth as usize);
                while r.sp > floor {
                    r.sp = r.sp.sub(1);
                    let old = std::mem::replace(&mut *r.sp, Raw::NULL);
                    vm.stack.top.set(r.sp);
                    if !old.is_null() {
                        old.object().dec();
                    }
                }
                if entry.lasti {
                    match vm.new_int(i64::from(raised_at)) {
                        Ok(index) => r.push_ref(index),
                        Err(_) => r.push_ref(vm.none_ref()),
                    }
                }
                if let Some(exception) = vm.pending.take() {
                    r.push_ref(exception);
                }
                r.jump(entry.target as usize);
                return (r, Flow::Next);
            }
            // The frame is left where the exception came from, and not where its handlers ended.
            if raised_at != word {
                let start = (*(*r.frame).code).start.get();
                (*r.frame).pc = start.add(raised_at as usize + 1);
            }
            let flags = (*r.frame).flags;
            // What is released now may raise and handle exceptions of its own.
            let mut exception = vm.pending.take();
            if vm.tracing.get()
                && let Some(other) = super::trace::unwound(vm, &r)
            {
                exception = Some(other);
            }
            let instance = if flags & record_flags::INIT != 0 {
                std::mem::replace(&mut *(*r.frame).base, Raw::NULL)
            } else {
                Raw::NULL
            };
            if flags & record_flags::GENERATOR != 0 {
                super::generator::ended(&r);
            }
            close_frame(vm, &mut r);
            if !instance.is_null() {
                instance.object().dec();
            }
            vm.pending.set(exception);
            if flags & record_flags::ENTRY != 0 {
                return (r, Flow::Exit);
            }
            if flags & record_flags::DELIVERS != 0 && (*r.pc.sub(1)).get() as u8 == Op::SEND as u8 {
                if let Some(step) = r.top(1).downcast_exact::<AsyncStep>() {
                    asynchronous::set_raised(vm, step);
                }
                // The handler expects receiver and value below the exception.
                r.push_ref(vm.none_ref());
            }
            flow = Flow::Error;
        }
    }
}

/// The instruction that raised what a `RERAISE 1` raises again: its word stands on top of the stack.
unsafe fn original_word(r: &Regs) -> Option<u32> {
    // SAFETY: the instruction before `pc` is the one that ran; with this operand a word stands below the exception.
    unsafe {
        let ran = (*r.pc.sub(1)).get();
        if ran as u8 != Op::RERAISE as u8 || ran >> 8 != 1 {
            return None;
        }
        let below = *r.sp.sub(1);
        if below.is_null() {
            return None;
        }
        let word = below.object().downcast::<Int>().and_then(Int::as_i64)?;
        let word = u32::try_from(word).ok()?;
        let body = (*(*r.frame).code).body.get()?;
        ((word as usize) < body.instrs.len()).then_some(word)
    }
}

/// Adds the running frame to the traceback of the raised exception.
unsafe fn add_traceback(vm: &Vm, r: &Regs, word: u32) {
    let Some(exception) = vm.pending.take() else {
        return;
    };
    if let Some(fields) = exception.downcast::<Exception>() {
        // SAFETY: the frame is live.
        let index = vm.stack.index_of(r.frame);
        if let Ok(frame) = super::frame::frame_object(vm, index) {
            let next = fields
                .traceback
                .take()
                .and_then(|t| t.cast::<Traceback>().ok());
            // SAFETY: the type is the builtin one of this layout; there is no tail.
            let made = unsafe {
                vm.heap.place_gc_with(0, || Traceback {
                    head: Object::new(vm.types.traceback.type_head_of()),
                    next: Slot::new(next),
                    frame,
                    word,
                    lasti: None,
                    line: None,
                })
            };
            if let Some(traceback) = made {
                vm.heap.track(&traceback);
                fields.traceback.set(Some(traceback.upcast()));
            }
        }
    }
    vm.pending.set(Some(exception));
}

/// Sets the exception being handled; gives the one that was.
pub(in crate::eval) fn swap_handled(vm: &Vm, exception: Option<Ref>) -> Option<Ref> {
    vm.handled.replace(exception)
}
