//! Generators and coroutines that run between two instructions of the frame that uses them.
//!
//! Only while nobody handles an exception and nobody looks at the frame: else the general handlers do it.
//!
//! A step of an async generator (`asend`, `__anext__`) that a SEND goes on with is such a generator, too: what its frame gives
//! to that SEND ends the step.

use viv_bytecode::Op;
use viv_bytecode::op::Intrinsic1;
use viv_heap::{Object, Raw};

use super::{drop_next, fail, handler, next, quick, share, slow};
use crate::eval::control;
use crate::eval::generator::copy_words;
use crate::eval::regs::Regs;
use crate::eval::stack::{Record, record_flags};
use crate::object::{Generator, GeneratorKind, GeneratorState};
use crate::types::generator::asynchronous::AsyncStep;
use crate::vm::Vm;

/// Flags of a frame whose generator was resumed by its caller's instruction.
pub(super) const DELIVERS: u32 = record_flags::GENERATOR | record_flags::DELIVERS;

/// Flags of a frame whose generator is driven by native code.
const DRIVEN: u32 = record_flags::GENERATOR | record_flags::ENTRY;

/// The generator or coroutine that a word is, if its frame can be put on the stack with nothing else to do.
#[inline(always)]
unsafe fn resumable<'a>(vm: &Vm, word: Raw, starts_with_none: bool) -> Option<&'a Generator> {
    // SAFETY: the word is a value owned by the stack.
    unsafe {
        let generator = word.object().downcast::<Generator>()?;
        let ready = match generator.state.get() {
            GeneratorState::Suspended => true,
            GeneratorState::Created => starts_with_none,
            _ => false,
        };
        let simple = generator.kind != GeneratorKind::AsyncGenerator
            && generator.handled.is_none()
            && generator.frame.is_none()
            && generator.finalizer.is_none()
            && vm.handled.is_none();
        (ready && simple).then_some(generator)
    }
}

/// The same of a step of an async generator.
#[inline(always)]
unsafe fn resumable_step<'a>(
    vm: &Vm,
    word: Raw,
    none: bool,
) -> Option<(&'a AsyncStep, &'a Generator)> {
    // SAFETY: the word is a value owned by the stack.
    unsafe {
        let step = word.object().downcast_exact::<AsyncStep>()?;
        let generator = step.resumes(none)?;
        let ready = match generator.state.get() {
            GeneratorState::Suspended => true,
            GeneratorState::Created => none,
            _ => false,
        };
        let simple =
            generator.handled.is_none() && generator.frame.is_none() && vm.handled.is_none();
        (ready && simple).then_some((step, generator))
    }
}

/// Puts a generator's frame on the stack, at `r.sp`, with a value sent: the registers of that frame, or nothing where
/// there is no room.
#[inline(always)]
unsafe fn resume(vm: &Vm, r: &Regs, generator: &Generator, value: Raw, flags: u32) -> Option<Regs> {
    // SAFETY: the words move from the generator to the stack; room for them is checked before.
    unsafe {
        let code = &*generator.code;
        let function = generator.function.peek_as()?;
        let base = r.sp;
        let frame = r.frame.add(1);
        let needed = code.local_count as usize + code.stack_size as usize + 8;
        if base.add(needed) > vm.stack.words_end() || frame >= vm.frame_limit.get() {
            return None;
        }
        let count = generator.word_count.replace(0) as usize;
        copy_words(generator.words_start(), base, count);
        (*r.frame).pc = r.pc;
        let mut started = Record::start(frame, function, code, base, base, flags);
        (*frame).generator = Raw(std::ptr::from_ref(&generator.head).cast_mut());
        generator.state.set(GeneratorState::Running);
        vm.stack.frame.set(frame);
        let start = started.pc;
        started.pc = start.add(generator.resume_at.get() as usize);
        if generator.delegating.get() {
            // Behind the yield there are RESUME, which looks at nothing there, and the jump back to SEND.
            let then = viv_bytecode::Instr((*started.pc.add(1)).get());
            if then.opcode() == Op::JUMP_BACKWARD as u8 {
                started.pc = start.add(then.w());
            }
        }
        started.sp = base.add(count);
        started.push(value);
        Some(started)
    }
}

/// The next value of a generator for native code that drives it, where nothing stands in the way: the exit code with which
/// the quick tier came back, or nothing where nothing has happened.
#[inline(always)]
pub(in crate::eval) unsafe fn drive(vm: &Vm, word: Raw) -> Option<u32> {
    // SAFETY: the caller keeps the generator; its frame is pushed above all that is in use.
    unsafe {
        let generator = resumable(vm, word, true)?;
        let frame = vm.stack.frame.get();
        if generator.kind != GeneratorKind::Generator
            || vm.tracing.get()
            || vm.plain.get()
            || frame < vm.stack.first()
            || !vm.stack.native_room()
        {
            return None;
        }
        let below = Regs {
            pc: (*frame).pc,
            sp: vm.stack.top.get(),
            fp: (*frame).fp,
            frame,
        };
        let started = resume(vm, &below, generator, vm.hot.none(), DRIVEN)?;
        vm.stack.top.set(started.sp);
        Some(super::enter(vm, started))
    }
}

quick! {
    /// FOR_ITER and FOR_ITER_STORE of a generator; of anything else by its `next`.
    pub(super) unsafe fn for_iter_other(vm, pc, sp, fp, frame, _ins) {
        let r = Regs { pc, sp, fp, frame };
        // SAFETY: the iterator is on top of the stack.
        unsafe {
            if let Some(generator) = resumable(vm, r.peek(1), true)
                && generator.kind == GeneratorKind::Generator
                && let Some(started) = resume(vm, &r, generator, vm.hot.none(), DELIVERS)
            {
                return next(vm, started);
            }
            let iterator = r.peek(1).object();
            if iterator.downcast::<Generator>().is_some() {
                return slow(vm, r);
            }
            r.save(vm);
            let instr = viv_bytecode::Instr((*r.pc.sub(1)).get());
            let stores = instr.opcode() == Op::FOR_ITER_STORE as u8;
            let mut r = r;
            match control::next_slow(vm, iterator) {
                Ok(Some(value)) if stores => {
                    r.skip(1);
                    let old = std::mem::replace(&mut *r.local(instr.a()), value.into_raw());
                    super::drop_opt_next(vm, r, old)
                }
                Ok(Some(value)) => {
                    r.push_ref(value);
                    next(vm, r)
                }
                Ok(None) => {
                    let target = if stores {
                        r.extra(0) as usize
                    } else {
                        instr.w()
                    };
                    let iterator = r.pop();
                    r.jump(target);
                    drop_next(vm, r, iterator)
                }
                Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
            }
        }
    }
}

handler! {
    /// GET_YIELD_FROM_ITER of a generator.
    get_yield_from_iter |vm, r, i| {
        if r.peek(1).object().downcast::<Generator>().is_some_and(|g| g.kind == GeneratorKind::Generator) {
            return next(vm, r);
        }
        slow(vm, r)
    }
}

handler! {
    /// RETURN_GENERATOR of a frame that was started by its caller's CALL: the words of the call become the generator's.
    return_generator |vm, r, i| {
        let frame = r.frame;
        if (*frame).flags != 0 {
            return slow(vm, r);
        }
        r.save(vm);
        let Some(generator) = crate::eval::generator::from_frame(vm, frame, r.word() as u32 + 1) else {
            return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
        };
        let base = (*frame).base;
        let caller = frame.sub(1);
        vm.stack.frame.set(caller);
        let callable = *base;
        let mut r = Regs { pc: (*caller).pc, sp: base, fp: (*caller).fp, frame: caller };
        r.push(generator);
        if callable.is_null() {
            return next(vm, r);
        }
        drop_next(vm, r, callable)
    }
}

handler! {
    send |vm, r, i| {
        let value = r.peek(1);
        let none = value.0 == vm.hot.none().0;
        // A generator that waits in a SEND itself hands the value on at once, as far as the chain goes.
        loop {
            let below = Regs { sp: r.sp.sub(1), ..r };
            let receiver = r.peek(2);
            let started = if let Some(generator) = resumable(vm, receiver, none) {
                resume(vm, &below, generator, value, DELIVERS)
            } else if let Some((step, generator)) = resumable_step(vm, receiver, none) {
                let started = resume(vm, &below, generator, value, DELIVERS);
                if started.is_some() {
                    step.set_resumed();
                }
                started
            } else {
                None
            };
            let Some(started) = started else {
                return slow(vm, r);
            };
            r = started;
            if (*r.pc).get() as u8 != Op::SEND as u8 {
                return next(vm, r);
            }
            r.pc = r.pc.add(1);
        }
    }
}

/// Whether the running frame belongs to a generator, was started with these flags, and has nothing to see to where it is left.
#[inline(always)]
pub(super) unsafe fn suspends(vm: &Vm, frame: *const Record, flags: u32) -> bool {
    // SAFETY: the frame is the running one.
    unsafe {
        (*frame).flags == flags
            && (*frame).frame_object.is_null()
            && (*frame).saved_handled.is_null()
            && (*frame).locals.is_null()
            && vm.handled.is_none()
    }
}

/// Takes the running frame's words into its generator, those but the top one, which is what it yields. The frame is to go on
/// behind the instruction at `r.pc`. Gives the generator; the record is left.
#[inline(always)]
unsafe fn suspend<'a>(vm: &Vm, r: &Regs, delegating: bool) -> &'a Generator {
    // SAFETY: the frame is the running one and belongs to a generator, which has room for its words.
    unsafe {
        let generator = (*r.frame)
            .generator
            .object()
            .downcast_unchecked::<Generator>();
        let count = r.sp.offset_from(r.fp) as usize - 1;
        copy_words(r.fp, generator.words_start(), count);
        generator.word_count.set(count as u32);
        generator.resume_at.set(r.word() as u32 + 1);
        generator.delegating.set(delegating);
        generator.state.set(GeneratorState::Suspended);
        vm.stack.frame.set(r.frame.sub(1));
        generator
    }
}

handler! {
    yield_value |vm, r, i| {
        let entered = (*r.frame).flags == DRIVEN;
        if !suspends(vm, r.frame, if entered { DRIVEN } else { DELIVERS }) {
            return slow(vm, r);
        }
        let delegating = i.w() != 0;
        if !entered && !delegating {
            let generator = (*r.frame).generator.object().downcast_unchecked::<Generator>();
            if generator.kind == GeneratorKind::AsyncGenerator {
                return slow(vm, r);
            }
        }
        suspend(vm, &r, delegating);
        let value = r.peek(1);
        let caller = r.frame.sub(1);
        if entered {
            let mut r = Regs { frame: caller, sp: r.fp, ..r };
            r.push(value);
            vm.stack.left.set(r);
            return super::exit::DONE;
        }
        let mut r = Regs { pc: (*caller).pc, sp: r.fp, fp: (*caller).fp, frame: caller };
        let instr = viv_bytecode::Instr((*r.pc.sub(1)).get());
        if instr.opcode() == Op::FOR_ITER_STORE as u8 {
            r.skip(1);
            let old = std::mem::replace(&mut *r.local(instr.a()), value);
            return super::drop_opt_next(vm, r, old);
        }
        r.push(value);
        next(vm, r)
    }
}

handler! {
    /// CALL_INTRINSIC_1. A value that an async generator yields to a step is the step's result at once: the object around it,
    /// which tells it from what is awaited, would live for this moment alone.
    call_intrinsic |vm, r, i| {
        const YIELD: u32 = Op::YIELD_VALUE as u32;
        if i.w() == Intrinsic1::AsyncGenWrap as usize
            && (*r.pc).get() == YIELD
            && suspends(vm, r.frame, DELIVERS)
        {
            r.pc = r.pc.add(1);
            suspend(vm, &r, false);
            let value = r.peek(1);
            let caller = r.frame.sub(1);
            let mut r = Regs { pc: (*caller).pc, sp: r.fp, fp: (*caller).fp, frame: caller };
            // What resumes an async generator in this way is the SEND of one of its steps.
            r.peek(1).object().downcast_unchecked::<AsyncStep>().set_over(false);
            r.push(value);
            let instr = viv_bytecode::Instr((*r.pc.sub(1)).get());
            r.jump(instr.w());
            return next(vm, r);
        }
        super::bridge::call_intrinsic(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0))
    }
}

handler! {
    /// GET_ANEXT of an async generator that has been used before.
    get_anext |vm, r, i| {
        if let Some(generator) = r.peek(1).object().downcast::<Generator>()
            && generator.kind == GeneratorKind::AsyncGenerator
            && generator.hooks_inited.get()
        {
            r.save(vm);
            let class = &vm.types.async_generator_asend;
            let made = vm.heap.place_gc_with(0, || AsyncStep::new(class, generator, None, false));
            if let Some(step) = made {
                vm.heap.track(&step);
                r.push(step.into_raw());
                return next(vm, r);
            }
        }
        super::bridge::get_anext(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0))
    }
}

quick! {
    /// Ends the step of an async generator that has returned: `r` are the registers of the frame that awaits it, the step on top
    /// of its stack.
    pub(super) unsafe fn end_step(vm, pc, sp, fp, frame, result) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: the instruction before `pc` is the SEND of a step.
        unsafe {
            r.save(vm);
            let result = Raw(std::ptr::with_exposed_provenance_mut::<Object>(
                result as usize,
            ));
            result.object().dec();
            r.peek(1)
                .object()
                .downcast_unchecked::<AsyncStep>()
                .set_over(true);
            if let Some(after) = async_for_end(vm, &r) {
                // The loop's own instructions would look at the exception and forget it.
                let step = r.pop();
                let generator = r.pop();
                r.jump(after);
                return super::drop_two_next(vm, r, step, generator);
            }
            let _ = vm.raise_with(&vm.exceptions.StopAsyncIteration, &[]);
            r.push(share(vm.hot.none()));
            fail(vm, r.pc, r.sp, r.fp, r.frame, 0)
        }
    }
}

/// The word to go on with where the step is that of an `async for`, which ends with it.
#[inline(always)]
unsafe fn async_for_end(vm: &Vm, r: &Regs) -> Option<usize> {
    // SAFETY: the registers are those of the running frame.
    unsafe {
        if vm.tracing.get() || !(*r.frame).frame_object.is_null() {
            return None;
        }
        let source: &viv_bytecode::CodeInfo = &(*(*r.frame).code).source;
        let entry = source.handler(r.word() as u32)?;
        let target = entry.target as usize;
        let below = r.fp.add(source.nlocalsplus as usize + entry.depth as usize);
        let instr = (*(*r.frame).start.add(target)).get();
        (instr as u8 == Op::END_ASYNC_FOR as u8 && !entry.lasti && below == r.sp.sub(1))
            .then_some(target + 1)
    }
}

handler! {
    end_send |vm, r, i| {
        let result = r.pop();
        let receiver = r.pop();
        r.push(result);
        // Null where CLEANUP_THROW has given the result.
        super::drop_opt_next(vm, r, receiver)
    }
}

handler! {
    /// GET_AWAITABLE of a coroutine that nobody awaits yet.
    get_awaitable |vm, r, i| {
        if let Some(coroutine) = r.peek(1).object().downcast::<Generator>()
            && coroutine.kind == GeneratorKind::Coroutine
            && coroutine.state.get() == GeneratorState::Created
        {
            return next(vm, r);
        }
        slow(vm, r)
    }
}

handler! {
    get_iter |vm, r, i| {
        r.save(vm);
        let source = r.peek(1);
        if source.object().downcast::<Generator>().is_some_and(|g| g.kind == GeneratorKind::Generator) {
            return next(vm, r);
        }
        match crate::protocol::iter(vm, source.object()) {
            Ok(iterator) => {
                r.put(1, iterator.into_raw());
                drop_next(vm, r, source)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}

/// What the instruction that resumed a generator does at its end: `r` are the registers of its frame, the iterator or
/// receiver on top of its stack.
#[inline(always)]
pub(super) unsafe fn deliver_end(vm: &Vm, mut r: Regs, result: Raw) -> u32 {
    // SAFETY: the instruction before `pc` is FOR_ITER, FOR_ITER_STORE or SEND.
    unsafe {
        let instr = viv_bytecode::Instr((*r.pc.sub(1)).get());
        if instr.opcode() == Op::SEND as u8 {
            r.push(result);
            r.jump(instr.w());
            return next(vm, r);
        }
        let stores = instr.opcode() == Op::FOR_ITER_STORE as u8;
        let target = if stores {
            r.extra(0) as usize
        } else {
            instr.w()
        };
        r.jump(target);
        let iterator = r.pop();
        super::drop_two_next(vm, r, result, iterator)
    }
}
