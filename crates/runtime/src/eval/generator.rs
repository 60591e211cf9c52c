//! Generators, coroutines and async generators: frames that are left and come back.
//!
//! While such a frame runs, its words lie on the call stack like those of any other; between two runs they lie in the
//! generator. The exception that it was handling is kept with it, and the resumer's is put aside while it runs.

use std::cell::Cell;

use viv_bytecode::{CodeFlags, Instr, Op};
use viv_heap::{Object, Raw, Ref};

use super::call::{close_frame, outer};
use super::regs::{Flow, Regs, failed};
use super::stack::{Record, record_flags};
use super::{run, threaded, unwind};
use crate::object::{Generator, GeneratorKind, GeneratorState, Slot};
use crate::result::{PyResult, Raised};
use crate::types::generator::asynchronous::{AsyncStep, finish_step};
use crate::vm::Vm;

/// What a resumed generator gave.
#[derive(Debug)]
pub enum Resumed {
    /// It yielded a value.
    Yielded(Ref),
    /// It returned a value.
    Returned(Ref),
}

/// Copies the words of a frame, one by one: there are few, and the compiler would prepare for many.
#[inline(always)]
pub(super) unsafe fn copy_words(from: *const Raw, to: *mut Raw, count: usize) {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller has `count` words at both ends.
        unsafe { to.add(at).write_volatile(*from.add(at)) };
        at += 1;
    }
}

/// Makes a generator of the running frame, whose locals it takes over; nothing where there is no memory, which is raised.
#[inline(never)]
pub(super) unsafe fn from_frame(vm: &Vm, frame: *mut Record, resume_at: u32) -> Option<Raw> {
    // SAFETY: the frame is the running one; its locals move to the generator.
    unsafe {
        let code = Ref::of(&*(*frame).code);
        let function = Ref::of(&*(*frame).function);
        let flags = code.source.flags;
        let (kind, ty) = if flags.has(CodeFlags::ASYNC_GENERATOR) {
            (GeneratorKind::AsyncGenerator, &vm.types.async_generator)
        } else if flags.has(CodeFlags::COROUTINE) {
            (GeneratorKind::Coroutine, &vm.types.coroutine)
        } else {
            (GeneratorKind::Generator, &vm.types.generator)
        };
        let locals = code.local_count as usize;
        let room = locals + code.stack_size as usize;
        let fp = (*frame).fp;
        // Code of a module that waits: its names live in a mapping, which the frame gives up between two runs.
        let namespace = (*frame).locals;
        let namespace = (!flags.has(CodeFlags::OPTIMIZED) && !namespace.is_null())
            .then(|| namespace.object().to_ref());
        let name = function.name.get().map(Ref::upcast);
        let qualname = function.qualname.get().map(Ref::upcast);
        let made = vm
            .heap
            .place_gc_with(room * size_of::<Raw>(), || Generator {
                head: Object::new(ty.type_head_of()),
                kind,
                state: Cell::new(GeneratorState::Created),
                delegating: Cell::new(false),
                hooks_inited: Cell::new(false),
                running_async: Cell::new(false),
                closed: Cell::new(false),
                resume_at: Cell::new(resume_at),
                word_count: Cell::new(locals as u32),
                name: Slot::new(name),
                qualname: Slot::new(qualname),
                function: Slot::full(function),
                code,
                handled: Slot::default(),
                frame: Slot::default(),
                origin: Slot::default(),
                finalizer: Slot::new(namespace),
                weakrefs: Cell::new(std::ptr::null()),
            });
        let Some(generator) = made else {
            let _ = vm.no_memory();
            return None;
        };
        copy_words(fp, generator.words_start(), locals);
        let depth = vm.coroutine_origin_depth.get();
        if depth > 0 && kind == GeneratorKind::Coroutine {
            match super::frame::callers(vm, depth) {
                Ok(origin) => generator.origin.set(Some(origin)),
                Err(Raised(())) => {
                    // The words stay with the frame, which is left by the exception.
                    generator.word_count.set(0);
                    return None;
                }
            }
        }
        vm.heap.track(&generator);
        Some(generator.into_raw())
    }
}

/// RETURN_GENERATOR: the running frame becomes a generator, which is the result of the call.
pub(super) unsafe fn return_generator(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the frame is the running one; its words move to the generator.
    unsafe {
        r.save(vm);
        let Some(generator) = from_frame(vm, r.frame, r.word() as u32 + 1) else {
            return Flow::Error;
        };
        r.sp = r.fp;
        let entry = (*r.frame).flags & record_flags::ENTRY != 0;
        close_frame(vm, r);
        r.push(generator);
        if entry { Flow::Exit } else { Flow::Next }
    }
}

/// Moves the words from the frame's first local up to `top` into the generator.
unsafe fn move_words(generator: &Generator, r: &Regs, top: *mut Raw) {
    // SAFETY: the words are owned by the stack, and are given up there by the caller, which lowers the top.
    unsafe {
        let count = top.offset_from(r.fp) as usize;
        // There is room for the whole frame since the generator was made.
        std::ptr::copy_nonoverlapping(r.fp, generator.words_start(), count);
        generator.word_count.set(count as u32);
    }
}

/// YIELD_VALUE: the frame is suspended; the value is the result of the run.
pub(super) unsafe fn yield_value(vm: &Vm, r: &mut Regs, delegating: bool) -> Flow {
    // SAFETY: the frame is the running one and belongs to a generator.
    unsafe {
        let value = r.pop();
        let frame = r.frame;
        let Some(generator) = generator_of(frame) else {
            return failed(vm.system_error("yield outside of a generator"));
        };
        (*frame).pc = r.pc;
        generator.resume_at.set(r.word() as u32 + 1);
        generator.delegating.set(delegating);
        generator.state.set(GeneratorState::Suspended);
        move_words(generator, r, r.sp);
        let saved = std::mem::replace(&mut (*frame).saved_handled, Raw::NULL);
        let saved = if saved.is_null() {
            None
        } else {
            Some(saved.into_ref())
        };
        generator.handled.set(vm.handled.replace(saved));
        let base = (*frame).base;
        let flags = (*frame).flags;
        release_namespace(frame);
        untie_frame_object(frame, generator);
        let caller = frame.sub(1);
        vm.stack.frame.set(caller);
        vm.stack.top.set(base);
        *r = if caller >= vm.stack.first() {
            Regs {
                pc: (*caller).pc,
                sp: base,
                fp: (*caller).fp,
                frame: caller,
            }
        } else {
            Regs {
                pc: std::ptr::null(),
                sp: base,
                fp: std::ptr::null_mut(),
                frame: caller,
            }
        };
        if flags & record_flags::DELIVERS != 0 {
            return deliver(vm, r, value, false);
        }
        r.push(value);
        if flags & record_flags::ENTRY != 0 {
            Flow::Exit
        } else {
            Flow::Next
        }
    }
}

/// Resumes a generator from an instruction of the running frame, which gets what it gives by [`deliver`]. Gives the value
/// back where that cannot be done in this way: the generator runs already, has ended, or must be told that something is
/// wrong.
pub(super) unsafe fn resume_here(
    vm: &Vm,
    r: &mut Regs,
    generator: &Generator,
    value: Ref,
) -> Result<PyResult<()>, Ref> {
    match generator.state.get() {
        GeneratorState::Suspended => {}
        GeneratorState::Created if vm.is_none(&value) => {}
        _ => return Err(value),
    }
    // SAFETY: the registers are those of the running frame, whose stack keeps the generator.
    unsafe {
        Ok(push_generator(
            vm,
            r,
            generator,
            value,
            record_flags::DELIVERS,
        ))
    }
}

/// Gives what a generator has yielded or returned to the instruction that has resumed it: the one before `pc`.
pub(super) unsafe fn deliver(vm: &Vm, r: &mut Regs, value: Raw, returned: bool) -> Flow {
    // SAFETY: the registers are those of the caller, whose instruction has left the generator on its stack.
    unsafe {
        let instr = Instr((*r.pc.sub(1)).get());
        if instr.opcode() == Op::SEND as u8 {
            let mut given = if returned {
                Resumed::Returned(value.into_ref())
            } else {
                Resumed::Yielded(value.into_ref())
            };
            if let Some(step) = r.top(1).downcast_exact::<AsyncStep>() {
                r.save(vm);
                given = match finish_step(vm, step, Ok(given)) {
                    Ok(given) => given,
                    Err(raised) => {
                        // The handler expects receiver and value below the exception.
                        r.push_ref(vm.none_ref());
                        return failed(raised);
                    }
                };
            }
            match given {
                Resumed::Yielded(value) => r.push_ref(value),
                Resumed::Returned(value) => {
                    r.push_ref(value);
                    r.jump(instr.w());
                }
            }
            return Flow::Next;
        }
        let stores = instr.opcode() == Op::FOR_ITER_STORE as u8;
        let gone = if returned {
            let target = if stores {
                r.extra(0) as usize
            } else {
                instr.w()
            };
            r.jump(target);
            value.object().dec();
            r.pop()
        } else if stores {
            r.skip(1);
            std::mem::replace(&mut *r.local(instr.a()), value)
        } else {
            r.push(value);
            return Flow::Next;
        };
        super::arith::release(vm, r, gone);
        Flow::Next
    }
}

/// The frame object of a suspended generator lives on with it, no longer tied to a record.
unsafe fn untie_frame_object(frame: *mut Record, generator: &Generator) {
    // SAFETY: the record is live.
    unsafe {
        let word = std::mem::replace(&mut (*frame).frame_object, Raw::NULL);
        if word.is_null() {
            return;
        }
        if let Ok(object) = word.into_ref().cast::<crate::object::Frame>() {
            object.record.set(usize::MAX);
            object
                .generator
                .set(Raw(std::ptr::from_ref(&generator.head).cast_mut()));
            if object.refcount() > 1 {
                generator.frame.set(Some(object));
            } else {
                object.generator.set(Raw::NULL);
            }
        }
    }
}

/// Gives up the mapping of a suspended frame's names, which the coroutine owns too.
unsafe fn release_namespace(frame: *mut Record) {
    // SAFETY: the record is live and owns the word.
    unsafe {
        let word = std::mem::replace(&mut (*frame).locals, Raw::NULL);
        if !word.is_null() {
            drop(word.into_ref());
        }
    }
}

/// The generator whose frame a record is.
pub(super) unsafe fn generator_of<'a>(frame: *const Record) -> Option<&'a Generator> {
    // SAFETY: the resumer keeps the generator alive while its frame is on the stack.
    unsafe {
        let word = (*frame).generator;
        if word.is_null() {
            None
        } else {
            word.object().downcast::<Generator>()
        }
    }
}

/// Marks the generator of a frame that is being left for good.
pub(super) unsafe fn ended(r: &Regs) {
    // SAFETY: as above.
    unsafe {
        if let Some(generator) = generator_of(r.frame) {
            generator.set_done();
            if let Some(frame) = generator.frame.take() {
                frame.generator.set(Raw::NULL);
            }
        }
    }
}

/// Puts a suspended generator's frame on the stack, `value` on top of its evaluation stack.
pub(super) unsafe fn push_generator(
    vm: &Vm,
    r: &mut Regs,
    generator: &Generator,
    value: Ref,
    flags: u32,
) -> PyResult<()> {
    // SAFETY: the words move from the generator to the stack.
    unsafe {
        let code: *const crate::object::Code = &*generator.code;
        let Some(function) = generator.function.peek_as() else {
            return Err(vm.system_error("a generator that has ended is resumed"));
        };
        let base = r.sp;
        let frame = r.frame.add(1);
        let needed = (*code).local_count as usize + (*code).stack_size as usize + 8;
        if base.add(needed) > vm.stack.words_end() || frame >= vm.frame_limit.get() {
            return Err(vm.recursion_error("maximum recursion depth exceeded"));
        }
        let count = generator.word_count.replace(0) as usize;
        std::ptr::copy_nonoverlapping(generator.words_start(), base, count);
        if r.frame >= vm.stack.first() {
            (*r.frame).pc = r.pc;
        }
        let saved = vm.handled.replace(generator.handled.take());
        let started = Record::start(
            frame,
            function,
            &*code,
            base,
            base,
            flags | record_flags::GENERATOR,
        );
        if let Some(object) = generator.frame.take() {
            object.record.set(vm.stack.index_of(frame));
            object.stack.set(&raw const vm.stack);
            (*frame).set_frame_object(object.into_raw());
        }
        (*frame).generator = Raw(std::ptr::from_ref(&generator.head).cast_mut());
        (*frame).saved_handled = saved.map_or(Raw::NULL, Ref::into_raw);
        if generator.kind == GeneratorKind::Coroutine
            && let Some(namespace) = generator.finalizer.get()
        {
            (*frame).set_locals(namespace.into_raw());
        }
        generator.state.set(GeneratorState::Running);
        vm.stack.frame.set(frame);
        *r = Regs {
            pc: started.pc.add(generator.resume_at.get() as usize),
            sp: base.add(count),
            ..started
        };
        // A generator that starts finds None, which the code after RETURN_GENERATOR pops.
        r.push_ref(value);
        vm.stack.top.set(r.sp);
        Ok(())
    }
}

/// Resumes a generator with a value, or with an exception that waits in the thread state.
fn resume(vm: &Vm, generator: &Generator, value: Option<Ref>) -> PyResult<Resumed> {
    let _depth = vm.enter_native("")?;
    let keep = Ref::of(generator);
    // SAFETY: the frame is pushed above all that is in use.
    unsafe {
        let mut r = outer(vm);
        let outer_top = r.sp;
        let throwing = value.is_none();
        let exception = if throwing { vm.pending.take() } else { None };
        push_generator(
            vm,
            &mut r,
            generator,
            value.unwrap_or_else(|| vm.none_ref()),
            record_flags::ENTRY,
        )?;
        let result = if throwing {
            // What the caller handles is no context: only what the generator itself was handling.
            if let (Some(exception), Some(handled)) = (&exception, vm.handled.get()) {
                crate::types::exception::chain(exception, handled);
            }
            vm.pending.set(exception);
            if vm.tracing.get() {
                r.save(vm);
                super::trace::thrown(vm, &r);
            }
            // The exception is raised where the generator waits: at the yield, the word before the next one.
            let (next, flow) = unwind::unwind(vm, r, Flow::Error);
            match flow {
                Flow::Exit => Err(Raised(())),
                _ => run::run(vm, next),
            }
        } else {
            run::run(vm, r)
        };
        vm.stack.top.set(outer_top);
        let result = result?;
        Ok(resumed(&keep, result))
    }
}

/// What a run of a generator has come to.
fn resumed(generator: &Generator, result: Ref) -> Resumed {
    if generator.state.get() == GeneratorState::Suspended {
        Resumed::Yielded(result)
    } else {
        Resumed::Returned(result)
    }
}

/// Sends None into a generator: what native code does that goes over it, the short way first.
///
/// # Errors
/// As for [`send`].
pub fn step(vm: &Vm, generator: &Generator) -> PyResult<Resumed> {
    let word = Raw(std::ptr::from_ref(&generator.head).cast_mut());
    let keep = Ref::of(generator);
    let outer_top = vm.stack.top.get();
    // SAFETY: the handle keeps the generator while its code runs; the value is on top of what the run leaves.
    let result = unsafe {
        match threaded::drive(vm, word) {
            Some(threaded::exit::DONE) if vm.pending.is_none() => vm.stack.left.get().pop_ref(),
            Some(code) => {
                let result = run::go_on(vm, code);
                vm.stack.top.set(outer_top);
                result?
            }
            None => return send(vm, generator, vm.none_ref()),
        }
    };
    vm.stack.top.set(outer_top);
    Ok(resumed(&keep, result))
}

/// Runs something while the frame of a suspended generator lies on the stack: what it delegates to shall see it as its caller.
///
/// # Errors
/// RecursionError.
pub fn beneath<T>(vm: &Vm, generator: &Generator, run: impl FnOnce() -> T) -> PyResult<T> {
    let keep = Ref::of(generator);
    // SAFETY: the frame is pushed above all that is in use, and nothing runs in it.
    unsafe {
        let mut r = outer(vm);
        let outer_top = r.sp;
        push_generator(vm, &mut r, &keep, vm.none_ref(), record_flags::ENTRY)?;
        drop(r.pop().into_ref());
        r.save(vm);
        let frame = r.frame;
        // The exception being handled stays that of the resumer.
        let saved = std::mem::replace(&mut (*frame).saved_handled, Raw::NULL);
        let saved = (!saved.is_null()).then(|| saved.into_ref());
        keep.handled.set(vm.handled.replace(saved));
        let result = run();
        move_words(&keep, &r, r.sp);
        release_namespace(frame);
        untie_frame_object(frame, &keep);
        keep.state.set(GeneratorState::Suspended);
        vm.stack.frame.set(frame.sub(1));
        vm.stack.top.set(outer_top);
        Ok(result)
    }
}

/// Sends a value into a generator: what `next`, `send`, `for` and `await` do.
///
/// # Errors
/// ValueError where it is running; what its code raises. A generator that has ended returns None.
pub fn send(vm: &Vm, generator: &Generator, value: Ref) -> PyResult<Resumed> {
    match generator.state.get() {
        GeneratorState::Running => Err(already_running(vm, generator)),
        GeneratorState::Done if generator.kind == GeneratorKind::Coroutine => {
            Err(vm.runtime_error("cannot reuse already awaited coroutine"))
        }
        GeneratorState::Done => Ok(Resumed::Returned(vm.none_ref())),
        GeneratorState::Created if !vm.is_none(&value) => Err(vm.type_error(format!(
            "can't send non-None value to a just-started {}",
            kind_name(generator)
        ))),
        GeneratorState::Created | GeneratorState::Suspended => resume(vm, generator, Some(value)),
    }
}

/// Raises the waiting exception inside a generator, where it is suspended.
///
/// # Errors
/// The exception itself, unless the generator handles it; what its code raises.
pub fn throw(vm: &Vm, generator: &Generator, exception: Ref) -> PyResult<Resumed> {
    match generator.state.get() {
        GeneratorState::Running => Err(already_running(vm, generator)),
        GeneratorState::Done => {
            if generator.kind == GeneratorKind::Coroutine {
                return Err(vm.runtime_error("cannot reuse already awaited coroutine"));
            }
            Err(vm.restore(exception))
        }
        GeneratorState::Created | GeneratorState::Suspended => {
            let raised = vm.restore(exception);
            let Raised(()) = raised;
            resume(vm, generator, None)
        }
    }
}

fn already_running(vm: &Vm, generator: &Generator) -> Raised {
    vm.value_error(format!("{} already executing", kind_name(generator)))
}

/// How messages name the kind.
pub fn kind_name(generator: &Generator) -> &'static str {
    match generator.kind {
        GeneratorKind::Generator => "generator",
        GeneratorKind::Coroutine => "coroutine",
        GeneratorKind::AsyncGenerator => "async generator",
    }
}

/// What a suspended generator delegates to (`gi_yieldfrom`, `cr_await`), or nothing.
pub fn delegate(generator: &Generator) -> Option<Ref> {
    if generator.state.get() != GeneratorState::Suspended || !generator.delegating.get() {
        return None;
    }
    // The receiver stands on top of the suspended frame's evaluation stack.
    let word = generator.words().next_back().filter(|w| !w.is_null())?;
    // SAFETY: the word is an owned reference of the suspended frame.
    Some(unsafe { word.object() }.to_ref())
}

/// The frame object of a generator that has not ended.
pub fn frame_object_of(vm: &Vm, generator: &Generator) -> PyResult<Ref<crate::object::Frame>> {
    if let Some(known) = generator.frame.get() {
        return Ok(known);
    }
    if generator.state.get() == GeneratorState::Running {
        for state in vm.threads.states() {
            // SAFETY: a registered state lives, and its thread waits for the lock.
            let stack = unsafe { &(*state).stack };
            for index in (0..stack.depth()).rev() {
                // SAFETY: the records below the depth are live.
                if unsafe { (*stack.at(index)).generator.0 }
                    == std::ptr::from_ref(&generator.head).cast_mut()
                {
                    return super::frame::frame_object_on(vm, stack, index);
                }
            }
        }
    }
    let Some(function) = generator.function.get() else {
        return Err(vm.system_error("the frame of a generator that has ended"));
    };
    let frame = super::frame::new_frame(
        vm,
        &generator.code,
        Some(function.clone()),
        function.globals.clone(),
        function.builtins.clone(),
        None,
        usize::MAX,
        keep_nothing(generator),
    )?;
    generator.frame.set(Some(frame.clone()));
    Ok(frame)
}

/// Adds the running generators whose frames refer to one of the objects, but for those that are found already.
pub fn add_running(vm: &Vm, targets: &[&Object], found: &mut Vec<Ref>) {
    for state in vm.threads.states() {
        // SAFETY: a registered state lives, and its thread waits for the lock.
        let stack = unsafe { &(*state).stack };
        for index in 0..stack.depth() {
            // SAFETY: the records below the depth are live; the words of a frame lie between its locals and the words of the
            // next call, or the top.
            unsafe {
                let record = &*stack.at(index);
                if record.generator.is_null() {
                    continue;
                }
                let end = if index + 1 < stack.depth() {
                    (*stack.at(index + 1)).base.max(record.fp)
                } else {
                    stack.top.get()
                };
                let mut word = record.fp;
                let mut refers = false;
                while word < end && !refers {
                    refers = !(*word).is_null()
                        && targets
                            .iter()
                            .any(|target| std::ptr::eq((*word).object(), *target));
                    word = word.add(1);
                }
                let generator = record.generator.object();
                if refers && !found.iter().any(|known| std::ptr::eq(&**known, generator)) {
                    found.push(generator.to_ref());
                }
            }
        }
    }
}

/// The word by which a frame object knows its generator, without owning it.
fn keep_nothing(generator: &Generator) -> Raw {
    Raw(std::ptr::from_ref(&generator.head).cast_mut())
}
