//! Tracing: the calls of the functions that `sys.settrace` and `sys.setprofile` have set.
//!
//! While one is set and not itself running, frames run here instruction by instruction. What the functions see is CPython's:
//! a `call` when a frame starts or goes on, a `line` before an instruction of another line and after a jump back, a
//! `return` before a frame is left, an `exception` in each frame that an exception passes.

use viv_bytecode::{Instr, Op};
use viv_heap::{Object, Raw, Ref};

use super::regs::{Flow, Regs, failed};
use super::run;
use crate::object::{Exception, Frame, NativeFunction, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;
use crate::vm::interp::breaker;

impl Vm {
    /// `sys.settrace`
    pub(crate) fn set_trace(&self, function: Option<Ref>) {
        self.trace.set(function);
        self.refresh_tracing();
    }

    /// `sys.setprofile`
    pub(crate) fn set_profile(&self, function: Option<Ref>) {
        self.profile.set(function);
        self.refresh_tracing();
    }

    /// Settles whether instructions are traced. The eval breaker brings the quick tier back at the next call or loop.
    fn refresh_tracing(&self) {
        let wanted = self.trace.get().is_some() || self.profile.get().is_some();
        let on = wanted && self.trace_depth.get() == 0;
        self.tracing.set(on);
        if on {
            self.keep_tracing();
        }
    }

    /// Sets the bit of the eval breaker again, after it has been taken.
    pub(crate) fn keep_tracing(&self) {
        self.breaker
            .fetch_or(breaker::TRACE, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Which function is called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// `sys.settrace`'s, for calls: what it gives traces the frame.
    Global,
    /// The frame's own.
    Local,
    /// `sys.setprofile`'s.
    Profile,
}

/// Calls a tracing function, if there is one. A tracing function that raises is given up.
fn notify(
    vm: &Vm,
    who: Who,
    frame: &Ref<Frame>,
    event: &str,
    argument: Option<&Object>,
) -> PyResult<()> {
    let function = match who {
        Who::Global => vm.trace.get(),
        Who::Local => frame.trace.get().filter(|_| vm.trace.get().is_some()),
        Who::Profile => vm.profile.get(),
    };
    let Some(function) = function else {
        return Ok(());
    };
    let event = vm.intern(event)?;
    let argument = argument.unwrap_or(vm.none());
    vm.trace_depth.set(vm.trace_depth.get() + 1);
    vm.refresh_tracing();
    let result = protocol::call_args(vm, &function, &[&frame.head, &event.head, argument]);
    vm.trace_depth.set(vm.trace_depth.get() - 1);
    if result.is_err() {
        let exception = vm.pending.take();
        if who == Who::Profile {
            vm.profile.set(None);
        } else {
            vm.trace.set(None);
            frame.trace.set(None);
        }
        vm.pending.set(exception);
    }
    vm.refresh_tracing();
    let result = result?;
    if who != Who::Profile && !vm.is_none(&result) {
        frame.trace.set(Some(result));
    }
    Ok(())
}

/// One instruction of a traced frame.
///
/// # Safety
/// The registers are those of the running frame.
pub(super) unsafe fn step(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: `pc` points at an instruction of verified code.
    unsafe {
        let instr = Instr((*r.pc).get());
        r.skip(1);
        r.save(vm);
        let Some(op) = Op::from_u8(instr.opcode()) else {
            return run::step(vm, r, instr);
        };
        if let Err(raised) = before(vm, r, op, instr) {
            return failed(raised);
        }
        let Some(native) = native_callee(vm, r, op, instr) else {
            return run::step(vm, r, instr);
        };
        let frame = match current(vm, r) {
            Ok(frame) => frame,
            Err(raised) => return failed(raised),
        };
        if let Err(raised) = notify(vm, Who::Profile, &frame, "c_call", Some(&native)) {
            return failed(raised);
        }
        let flow = run::step(vm, r, instr);
        let waiting = vm.pending.take();
        r.save(vm);
        let event = if waiting.is_some() {
            "c_exception"
        } else {
            "c_return"
        };
        match notify(vm, Who::Profile, &frame, event, Some(&native)) {
            Ok(()) => {
                vm.pending.set(waiting);
                flow
            }
            Err(raised) => failed(raised),
        }
    }
}

/// The frame object of the running frame.
unsafe fn current(vm: &Vm, r: &Regs) -> PyResult<Ref<Frame>> {
    super::frame::frame_object(vm, vm.stack.index_of(r.frame))
}

/// The native function that an instruction is about to call, where that is to be profiled.
unsafe fn native_callee(vm: &Vm, r: &Regs, op: Op, instr: Instr) -> Option<Ref> {
    let call = matches!(
        op,
        Op::CALL | Op::CALL_PY_EXACT | Op::CALL_NATIVE | Op::CALL_CLASS_INIT
    );
    if !call || vm.profile.get().is_none() {
        return None;
    }
    // SAFETY: below the arguments stand the callable and self, or an empty word.
    unsafe {
        let callee = r.peek(instr.w() + 2).object();
        let native = callee.downcast::<NativeFunction>().is_some()
            || Type::of(callee).is(&vm.types.method_descriptor);
        native.then(|| callee.to_ref())
    }
}

/// What comes before an instruction.
unsafe fn before(vm: &Vm, r: &Regs, op: Op, instr: Instr) -> PyResult<()> {
    // SAFETY: the registers are saved; operands are in range.
    unsafe {
        if op == Op::READ_BODY {
            return Ok(());
        }
        if op == Op::RESUME {
            return entered(vm, r, instr.w() == 0);
        }
        if (*r.frame).frame_object.is_null() && vm.profile.get().is_none() {
            return Ok(());
        }
        line(vm, r)?;
        let result = match op {
            Op::RETURN_VALUE | Op::YIELD_VALUE => r.peek(1),
            Op::RETURN_CONST => r.constant_word(instr.w()),
            Op::RETURN_FAST => *r.local(instr.w()),
            _ => Raw::NULL,
        };
        if result.is_null() {
            return Ok(());
        }
        let (frame, result) = (current(vm, r)?, result.object().to_ref());
        notify(vm, Who::Local, &frame, "return", Some(&result))?;
        notify(vm, Who::Profile, &frame, "return", Some(&result))
    }
}

/// A frame starts, or goes on after a yield.
unsafe fn entered(vm: &Vm, r: &Regs, starts: bool) -> PyResult<()> {
    // SAFETY: the frame is the running one.
    unsafe {
        let frame = current(vm, r)?;
        let word = super::frame::record_word(r.frame);
        frame.trace_word.set(word);
        // The first instruction of a call is one of a new line, wherever it stands.
        let line = if starts { 0 } else { line_at(&frame, word) };
        frame.trace_line.set(line);
        notify(vm, Who::Global, &frame, "call", None)?;
        notify(vm, Who::Profile, &frame, "call", None)
    }
}

fn line_at(frame: &Frame, word: u32) -> u32 {
    frame.code.source.location(word as usize).line
}

/// The running instruction may be one of another line.
unsafe fn line(vm: &Vm, r: &Regs) -> PyResult<()> {
    // SAFETY: the frame is the running one; its frame object, if there is one, is owned by the record.
    unsafe {
        let word = (*r.frame).frame_object;
        if word.is_null() {
            return Ok(());
        }
        let Ok(frame) = word.object().to_ref().cast::<Frame>() else {
            return Ok(());
        };
        if frame.trace.get().is_none() {
            return Ok(());
        }
        let at = super::frame::record_word(r.frame);
        let line = line_at(&frame, at);
        if line != 0 {
            let backward = at < frame.trace_word.replace(at);
            let other = line != frame.trace_line.replace(line);
            if (other || backward) && frame.trace_lines.get() {
                notify(vm, Who::Local, &frame, "line", None)?;
            }
        }
        if frame.trace_opcodes.get() {
            notify(vm, Who::Local, &frame, "opcode", None)?;
        }
        Ok(())
    }
}

/// A suspended frame goes on with an exception. One that the tracing function raises takes its place.
///
/// # Safety
/// The registers are those of the running frame, and are saved.
pub(super) unsafe fn thrown(vm: &Vm, r: &Regs) {
    // SAFETY: as above.
    unsafe {
        let waiting = vm.pending.take();
        if entered(vm, r, false).is_ok() {
            vm.pending.set(waiting);
        }
    }
}

/// An exception passes the running frame. One that the tracing function raises takes its place.
///
/// # Safety
/// The registers are those of the running frame, and are saved.
pub(super) unsafe fn raised(vm: &Vm, r: &Regs) {
    let Some(exception) = vm.pending.take() else {
        return;
    };
    // SAFETY: as above.
    let done = unsafe { tell_exception(vm, r, &exception) };
    if done.is_ok() {
        vm.pending.set(Some(exception));
    }
}

unsafe fn tell_exception(vm: &Vm, r: &Regs, exception: &Ref) -> PyResult<()> {
    // SAFETY: the frame is the running one.
    let frame = unsafe { current(vm, r)? };
    if frame.trace.get().is_none() {
        return Ok(());
    }
    let traceback = exception
        .downcast::<Exception>()
        .and_then(|e| e.traceback.get())
        .unwrap_or_else(|| vm.none_ref());
    let class = Type::of(exception).head.to_ref();
    let parts = vm.tuple_of(&[&class, exception, &traceback])?;
    notify(vm, Who::Local, &frame, "exception", Some(&parts.head))
}

/// The running frame is left by an exception, which is not in the thread state now; gives the one that a tracing function
/// raises.
///
/// # Safety
/// The registers are those of the running frame, and are saved.
pub(super) unsafe fn unwound(vm: &Vm, r: &Regs) -> Option<Ref> {
    // SAFETY: the frame is the running one.
    let done = unsafe { current(vm, r) }.and_then(|frame| {
        if line_at(&frame, frame.current_word()) == 0 {
            // An instruction that only passes the exception on: the frame is still at what raised it.
            // SAFETY: the word is one of the frame's code; the frame is left now.
            unsafe {
                let word = frame.trace_word.get() as usize;
                (*r.frame).pc = (*r.frame).start.add(word + 1);
            }
        }
        notify(vm, Who::Local, &frame, "return", None)?;
        notify(vm, Who::Profile, &frame, "return", None)
    });
    match done {
        Ok(()) => None,
        Err(_) => vm.pending.take(),
    }
}
