//! The registers of the eval loop and the small steps that all handlers share.

use std::cell::{Cell, UnsafeCell};

use viv_bytecode::Instr;
use viv_heap::{Object, Raw, Ref};

use super::stack::Record;
use crate::object::{Dict, Str, Tuple};
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// The registers. Handlers are inlined into the loop, so that each field lives in a register of the machine; nothing that
/// is not inlined may take their address.
#[derive(Clone, Copy)]
pub(super) struct Regs {
    /// The next word of code.
    pub pc: *const Cell<u32>,
    /// Behind the last value of the evaluation stack.
    pub sp: *mut Raw,
    /// The first local.
    pub fp: *mut Raw,
    /// The running frame.
    pub frame: *mut Record,
}

/// Registers in memory, on their way between the quick tier and general handlers.
///
/// They are read one by one: a load of several words at once that were stored one by one shortly before waits until the
/// stores have reached the cache, which took longer than most handlers.
pub(super) struct KeptRegs(UnsafeCell<Regs>);

impl KeptRegs {
    /// No registers.
    pub const fn none() -> KeptRegs {
        KeptRegs(UnsafeCell::new(Regs {
            pc: std::ptr::null(),
            sp: std::ptr::null_mut(),
            fp: std::ptr::null_mut(),
            frame: std::ptr::null_mut(),
        }))
    }

    /// Keeps registers.
    #[inline(always)]
    pub fn set(&self, r: Regs) {
        // SAFETY: nobody has a reference to what is inside.
        unsafe { *self.0.get() = r }
    }

    /// The registers kept last.
    #[inline(always)]
    pub fn get(&self) -> Regs {
        // SAFETY: as above.
        unsafe { (*self.0.get()).reread() }
    }
}

/// How the loop goes on after a handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    /// With the next instruction.
    Next,
    /// An exception has been raised by the running instruction.
    Error,
    /// An exception goes on without this frame being added to its traceback.
    Reraise,
    /// The frame that the run began with has been left; the result is on top of the stack.
    Exit,
}

/// Turns a result into the value, or leaves the handler.
macro_rules! attempt {
    ($e:expr) => {
        match $e {
            Ok(value) => value,
            Err(raised) => return $crate::eval::regs::failed(raised),
        }
    };
}
pub(super) use attempt;

/// The exception waits in the thread state; the flow says that it is there.
#[inline(always)]
pub(super) fn failed(raised: Raised) -> Flow {
    let Raised(()) = raised;
    Flow::Error
}

impl Regs {
    /// A copy of registers whose address a function had, read as those of [`KeptRegs`] are.
    #[inline(always)]
    pub fn reread(&self) -> Regs {
        // SAFETY: the fields are there; what is volatile is only the number of loads.
        unsafe {
            Regs {
                pc: std::ptr::read_volatile(&raw const self.pc),
                sp: std::ptr::read_volatile(&raw const self.sp),
                fp: std::ptr::read_volatile(&raw const self.fp),
                frame: std::ptr::read_volatile(&raw const self.frame),
            }
        }
    }

    /// Stores what nested runs and tracebacks need.
    #[inline(always)]
    pub unsafe fn save(&self, vm: &Vm) {
        // SAFETY: the frame is the running one.
        unsafe { (*self.frame).pc = self.pc };
        vm.stack.top.set(self.sp);
    }

    /// Pushes an owned word.
    #[inline(always)]
    pub unsafe fn push(&mut self, word: Raw) {
        // SAFETY: the verifier has shown that the code stays within its stack size, which the call has reserved.
        unsafe {
            *self.sp = word;
            self.sp = self.sp.add(1);
        }
    }

    /// Pushes a reference.
    #[inline(always)]
    pub unsafe fn push_ref(&mut self, value: Ref) {
        // SAFETY: as for `push`.
        unsafe { self.push(value.into_raw()) }
    }

    /// Takes the top word.
    #[inline(always)]
    pub unsafe fn pop(&mut self) -> Raw {
        // SAFETY: the verifier has shown that there is one.
        unsafe {
            self.sp = self.sp.sub(1);
            *self.sp
        }
    }

    /// Takes the top word as a reference.
    #[inline(always)]
    pub unsafe fn pop_ref(&mut self) -> Ref {
        // SAFETY: as for `pop`; the word is a value.
        unsafe { self.pop().into_ref() }
    }

    /// The word `n` from the top, 1 being the top itself.
    #[inline(always)]
    pub unsafe fn peek(&self, n: usize) -> Raw {
        // SAFETY: as for `pop`.
        unsafe { *self.sp.sub(n) }
    }

    /// The value `n` from the top.
    #[inline(always)]
    pub unsafe fn top<'a>(&self, n: usize) -> &'a Object {
        // SAFETY: as for `pop`; the value stays owned by the stack while the handler runs.
        unsafe { self.peek(n).object() }
    }

    /// Replaces the word `n` from the top.
    #[inline(always)]
    pub unsafe fn put(&mut self, n: usize, word: Raw) {
        // SAFETY: as for `pop`.
        unsafe { *self.sp.sub(n) = word }
    }

    /// Drops the top word.
    #[inline(always)]
    pub unsafe fn drop_top(&mut self) {
        // SAFETY: the word is owned by the stack.
        unsafe { self.pop().object().dec() }
    }

    /// The local with this number.
    #[inline(always)]
    pub unsafe fn local(&self, i: usize) -> *mut Raw {
        // SAFETY: the verifier has shown that the number is in range.
        unsafe { self.fp.add(i) }
    }

    /// The constant with this number.
    #[inline(always)]
    pub unsafe fn constant<'a>(&self, i: usize) -> &'a Object {
        // SAFETY: the verifier has shown that the number is in range; the code keeps its constants.
        unsafe { (*(*self.frame).consts.add(i)).object() }
    }

    /// The constant with this number, as a word that the code owns.
    #[inline(always)]
    pub unsafe fn constant_word(&self, i: usize) -> Raw {
        // SAFETY: the verifier has shown that the number is in range.
        unsafe { *(*self.frame).consts.add(i) }
    }

    /// The globals of the running frame.
    #[inline(always)]
    pub unsafe fn globals<'a>(&self) -> &'a Dict {
        // SAFETY: the frame's function lives while it runs.
        unsafe { &(*(*self.frame).function).globals }
    }

    /// The builtins of the running frame.
    #[inline(always)]
    pub unsafe fn builtins<'a>(&self) -> &'a Dict {
        // SAFETY: the frame's function lives while it runs.
        unsafe { &(*(*self.frame).function).builtins }
    }

    /// The name with this number.
    #[inline(always)]
    pub unsafe fn name<'a>(&self, i: usize) -> &'a Str {
        // SAFETY: the verifier has shown that the number is in range; names are exact strings.
        unsafe {
            // Code that runs has its body.
            let body = (*(*self.frame).code).body.get().unwrap_unchecked();
            let names: &Tuple = &body.names;
            names
                .as_slice()
                .get_unchecked(i)
                .downcast_unchecked::<Str>()
        }
    }

    /// The operand word `i` words behind the instruction's own, `pc` being right behind the latter.
    #[inline(always)]
    pub unsafe fn extra(&self, i: usize) -> u32 {
        // SAFETY: the opcode has that many words.
        unsafe { (*self.pc.add(i)).get() }
    }

    /// Writes a cache word.
    #[inline(always)]
    pub unsafe fn set_extra(&self, i: usize, value: u32) {
        // SAFETY: as for `extra`.
        unsafe { (*self.pc.add(i)).set(value) }
    }

    /// Passes over the words behind the instruction.
    #[inline(always)]
    pub unsafe fn skip(&mut self, n: usize) {
        // SAFETY: the code goes on behind them.
        self.pc = unsafe { self.pc.add(n) };
    }

    /// Rewrites the opcode of the running instruction.
    #[inline(always)]
    pub unsafe fn respecialize(&self, op: viv_bytecode::Op) {
        // SAFETY: `pc` is right behind the instruction's word.
        unsafe {
            let place = &*self.pc.sub(1);
            place.set(Instr(place.get()).with_op(op).0);
        }
    }

    /// Goes on at a word of the code.
    #[inline(always)]
    pub unsafe fn jump(&mut self, target: usize) {
        // SAFETY: the verifier has shown that the target is an instruction.
        unsafe { self.pc = (*self.frame).start.add(target) };
    }

    /// The index of the running instruction's word, as far as it can be told from `pc`: the word before it.
    #[inline(always)]
    pub unsafe fn word(&self) -> usize {
        // SAFETY: `pc` points into the frame's code.
        unsafe { self.pc.offset_from((*self.frame).start) as usize - 1 }
    }

    /// Pushes the result of something, after dropping the top `n` words.
    #[inline(always)]
    pub unsafe fn finish(&mut self, n: usize, result: PyResult) -> Flow {
        // SAFETY: the words are values owned by the stack.
        unsafe {
            for i in 0..n {
                let word = *self.sp.sub(1 + i);
                if !word.is_null() {
                    word.object().dec();
                }
            }
            self.sp = self.sp.sub(n);
            match result {
                Ok(value) => {
                    self.push_ref(value);
                    Flow::Next
                }
                Err(raised) => failed(raised),
            }
        }
    }
}

/// A borrowed word as a word with a count of its own.
#[inline(always)]
pub(super) fn owned(object: &Object) -> Raw {
    object.inc();
    Raw(std::ptr::from_ref(object).cast_mut())
}
