//! Layouts of exceptions, tracebacks, frames and generators.

use std::cell::Cell;

use viv_heap::{Flags, HVec, Object, Raw, Ref, object_layout};

use super::slot::{Inner, Slot};
use super::{Code, Dict, Function, Tuple, Type, TypeTraits, kinds};
use crate::result::PyResult;
use crate::vm::Vm;

/// An exception. The attributes that only some classes have (`value` of StopIteration, `errno` of OSError …) stand in
/// `extra`, in the order that the class's spec gives them.
#[repr(C)]
pub struct Exception {
    /// The header.
    pub head: Object,
    /// `args`
    pub args: Slot<Tuple>,
    /// `__traceback__`
    pub traceback: Slot,
    /// `__context__`
    pub context: Slot,
    /// `__cause__`
    pub cause: Slot,
    /// `__suppress_context__`
    pub suppress_context: Cell<bool>,
    /// `__dict__`, once it exists (`__notes__` lives there).
    pub dict: Slot<Dict>,
    /// What the class adds.
    pub extra: Inner<HVec<Option<Ref>>>,
}
object_layout!(
    Exception = kinds::EXCEPTION,
    traverse | this,
    visit | {
        this.args.visit(visit);
        this.traceback.visit(visit);
        this.context.visit(visit);
        this.cause.visit(visit);
        this.dict.visit(visit);
        this.extra.read(|items| {
            for item in items.iter().flatten() {
                visit.visit(item);
            }
        });
    },
    clear | this | {
        this.dict.set(None);
        this.args.set(None);
        let extra = this
            .extra
            .write(|items| items.iter_mut().map(Option::take).collect::<Vec<_>>());
        drop(extra);
        this.context.set(None);
        this.cause.set(None);
        this.traceback.set(None);
    }
);

impl Exception {
    /// Moves a new exception of type `ty` into the heap; tracked by the collector.
    ///
    /// # Errors
    /// MemoryError
    #[inline]
    pub(crate) fn place(self, vm: &Vm, ty: &Type) -> PyResult<Ref<Exception>> {
        let plain = ty.has(TypeTraits::IMMUTABLE)
            && ty.info.object_flags.get() & (Flags::GC | Flags::MANAGED) == Flags::GC
            && ty.info.basicsize.get() as usize == size_of::<Exception>();
        let placed = if plain {
            // SAFETY: a builtin type whose instances are this struct with the collector's prefix; there is no tail.
            unsafe { vm.heap.place_gc_with(0, || self) }
        } else {
            vm.heap.place(self).ok()
        };
        let Some(exception) = placed else {
            return Err(vm.no_memory());
        };
        vm.heap.track(&exception);
        Ok(exception)
    }
}

/// One entry of a traceback.
#[repr(C)]
pub struct Traceback {
    /// The header.
    pub head: Object,
    /// `tb_next`
    pub next: Slot<Traceback>,
    /// `tb_frame`
    pub frame: Ref<Frame>,
    /// The word index of the instruction that raised.
    pub word: u32,
    /// `tb_lasti`, where it was given to the constructor; otherwise it follows from `word`.
    pub lasti: Option<i32>,
    /// `tb_lineno`, where it was given to the constructor; otherwise it follows from `word`.
    pub line: Option<u32>,
}
object_layout!(
    Traceback = kinds::TRACEBACK,
    traverse | this,
    visit | {
        this.next.visit(visit);
        visit.visit(this.frame.as_object());
    },
    clear | this | {
        this.next.set(None);
    }
);

/// A frame as scripts see it. While the code runs, the values are those of the call stack; when the call ends and
/// somebody still owns the frame object, it takes the locals over.
#[repr(C)]
pub struct Frame {
    /// The header.
    pub head: Object,
    /// `f_code`
    pub code: Ref<Code>,
    /// The function, where the frame is that of one.
    pub function: Slot<Function>,
    /// `f_globals`
    pub globals: Ref<Dict>,
    /// `f_builtins`
    pub builtins: Ref<Dict>,
    /// The local mapping of a class body, a module or `exec`.
    pub locals: Slot,
    /// `f_back`, kept once the call has ended.
    pub back: Slot<Frame>,
    /// The fast locals, kept once the call has ended.
    pub values: Inner<HVec<Option<Ref>>>,
    /// Extra entries made through `f_locals`.
    pub extra_locals: Slot<Dict>,
    /// While the call runs: its record on the thread's call stack, as an index; `usize::MAX` afterwards.
    pub record: Cell<usize>,
    /// The call stack that the record is on.
    pub stack: Cell<*const crate::eval::CallStack>,
    /// The word of the instruction that runs or ran last.
    pub word: Cell<u32>,
    /// The generator that the frame belongs to, not owned.
    pub generator: Cell<Raw>,
    /// `f_trace`
    pub trace: Slot,
    /// `f_trace_lines`
    pub trace_lines: Cell<bool>,
    /// `f_trace_opcodes`
    pub trace_opcodes: Cell<bool>,
    /// The line and the word of the instruction that was traced last.
    pub trace_line: Cell<u32>,
    /// As above.
    pub trace_word: Cell<u32>,
}
object_layout!(
    Frame = kinds::FRAME,
    traverse | this,
    visit | {
        visit.visit(this.code.as_object());
        this.function.visit(visit);
        visit.visit(this.globals.as_object());
        visit.visit(this.builtins.as_object());
        this.locals.visit(visit);
        this.back.visit(visit);
        this.values.read(|values| {
            for v in values.iter().flatten() {
                visit.visit(v);
            }
        });
        this.extra_locals.visit(visit);
        this.trace.visit(visit);
    },
    clear | this | {
        let values = this
            .values
            .write(|values| values.iter_mut().map(Option::take).collect::<Vec<_>>());
        drop(values);
        this.extra_locals.set(None);
        this.trace.set(None);
    }
);

/// What a generator is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorState {
    /// Not started.
    Created,
    /// Waiting at a `yield`.
    Suspended,
    /// Running.
    Running,
    /// Ended.
    Done,
}

/// What kind of generator-like object it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorKind {
    /// `generator`
    Generator,
    /// `coroutine`
    Coroutine,
    /// `async_generator`
    AsyncGenerator,
}

/// A generator, coroutine or async generator. While it is suspended it owns its frame's words: the locals (null where
/// unset), then the evaluation stack. They stand behind the struct, where there is room for as many as the code needs, and are
/// moved to the call stack when it runs.
#[repr(C)]
pub struct Generator {
    /// The header.
    pub head: Object,
    /// Which of the three it is.
    pub kind: GeneratorKind,
    /// What it is doing.
    pub state: Cell<GeneratorState>,
    /// Whether it is suspended in a `yield from` or an await.
    pub delegating: Cell<bool>,
    /// The function, until the generator has ended.
    pub function: Slot<Function>,
    /// The code that it runs (the function's at the time of the call).
    pub code: Ref<Code>,
    /// `__name__`
    pub name: Slot,
    /// `__qualname__`
    pub qualname: Slot,
    /// How many words of the suspended frame there are.
    pub(crate) word_count: Cell<u32>,
    /// The word of the instruction to go on with.
    pub resume_at: Cell<u32>,
    /// The exception that was being handled when it was suspended (what `sys.exception()` gives inside).
    pub handled: Slot,
    /// The frame object, if somebody has asked for it.
    pub frame: Slot<Frame>,
    /// `cr_origin`
    pub origin: Slot,
    /// Async generator: the hooks have been called; a running asend or athrow; closed.
    pub hooks_inited: Cell<bool>,
    /// Async generator: an asend or athrow is running.
    pub running_async: Cell<bool>,
    /// Async generator: `aclose` has been called or it has ended.
    pub closed: Cell<bool>,
    /// Async generator: the finaliser hook. Coroutine that a module's code is: the mapping of its names.
    pub finalizer: Slot,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Generator = kinds::GENERATOR,
    traverse | this,
    visit | {
        this.function.visit(visit);
        visit.visit(this.code.as_object());
        this.name.visit(visit);
        this.qualname.visit(visit);
        for word in this.words().filter(|w| !w.is_null()) {
            // SAFETY: the words of a suspended frame are owned references or null.
            visit.visit(unsafe { word.object() });
        }
        this.handled.visit(visit);
        this.frame.visit(visit);
        this.origin.visit(visit);
        this.finalizer.visit(visit);
    },
    clear | this | {
        this.release_frame();
        this.handled.set(None);
        this.origin.set(None);
        this.finalizer.set(None);
    }
);

impl Generator {
    /// Where the words of the suspended frame stand.
    #[inline(always)]
    pub(crate) fn words_start(&self) -> *mut Raw {
        std::ptr::from_ref(self)
            .wrapping_add(1)
            .cast::<Raw>()
            .cast_mut()
    }

    /// The words of the suspended frame.
    pub(crate) fn words(&self) -> impl DoubleEndedIterator<Item = Raw> + '_ {
        let start = self.words_start();
        // SAFETY: as many words stand behind the struct; each is read when its turn comes.
        (0..self.word_count.get() as usize).map(move |i| unsafe { start.add(i).read() })
    }

    /// Puts a word in the place of one of the suspended frame; gives the old one, or the new one where there is no such place.
    pub(crate) fn replace_word(&self, i: usize, new: Raw) -> Raw {
        if i >= self.word_count.get() as usize {
            return new;
        }
        // SAFETY: as many words stand behind the struct.
        unsafe { self.words_start().add(i).replace(new) }
    }

    /// The numbers of the suspended frame's words that hold this object.
    pub fn word_numbers(&self, object: &Object) -> Vec<usize> {
        let held = self.words().enumerate().filter(|(_, word)| {
            // SAFETY: the words of a suspended frame are owned references or null.
            !word.is_null() && unsafe { word.object() }.is(object)
        });
        held.map(|(number, _)| number).collect()
    }

    /// Says that it has ended: its finaliser has nothing more to do.
    #[inline]
    pub(crate) fn set_done(&self) {
        self.state.set(GeneratorState::Done);
        self.head.set_flags(Flags::QUIET);
    }

    /// Gives up what the suspended frame owns: the evaluation stack from its top, then the locals, last one first, as when a
    /// call ends.
    pub fn release_frame(&self) {
        self.set_done();
        let start = self.words_start();
        for i in (0..self.word_count.replace(0) as usize).rev() {
            // SAFETY: the words were owned by the frame, which has none any more.
            unsafe {
                let word = start.add(i).read();
                if !word.is_null() {
                    drop(word.into_ref());
                }
            }
        }
        self.function.set(None);
    }
}

impl Generator {
    /// Leaves the locals to the frame object, where somebody else still has that.
    fn leave_locals(&self) {
        let Some(frame) = self.frame.take() else {
            return;
        };
        frame.generator.set(Raw::NULL);
        frame.word.set(self.resume_at.get().saturating_sub(1));
        if frame.refcount() == 1 {
            return;
        }
        let count = self.code.local_count as usize;
        let locals: Vec<Raw> = self.words().take(count).collect();
        let left = frame.values.write(|values| {
            if values.is_empty() && values.try_reserve_exact(locals.len()).is_err() {
                return false;
            }
            values.clear();
            values.extend(locals.iter().map(|word| {
                // SAFETY: the word is an owned reference of the suspended frame, given up below.
                (!word.is_null()).then(|| unsafe { word.into_ref() })
            }));
            true
        });
        if left {
            for i in 0..locals.len() {
                self.replace_word(i, Raw::NULL);
            }
        }
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        self.leave_locals();
        self.release_frame();
    }
}
