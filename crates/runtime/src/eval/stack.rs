//! The call stack of a thread: frame records and the words of their locals and evaluation stacks.
//!
//! Both arrays are reserved whole and touched only as far as calls go: the OS gives memory page by page.

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::null_mut;

use viv_heap::{Object, Raw};

use super::regs::{KeptRegs, Regs};
use crate::object::{Code, Frame, Function};

/// What is kept of a running call. The fields up to `flags` are written by each call; the empty words lie together.
#[repr(C)]
pub struct Record {
    /// The next instruction while the frame waits for a call; the running one's successor while it calls out.
    pub pc: *const Cell<u32>,
    /// First local.
    pub fp: *mut Raw,
    /// Where the result goes; the words from here to `fp` (the callable, perhaps an empty word) belong to the call.
    pub base: *mut Raw,
    /// The first word of the code.
    pub start: *const Cell<u32>,
    /// The constants.
    pub consts: *const Raw,
    /// The code, kept alive by the function.
    pub code: *const Code,
    /// The function, borrowed from the words of the call, or from the generator.
    pub function: *const Function,
    /// The mapping of local names, owned, or null.
    pub locals: Raw,
    /// The frame object, owned, or null.
    pub frame_object: Raw,
    /// The generator whose frame this is, borrowed, or null.
    pub generator: Raw,
    /// What the resumer of a generator was handling, owned, or null.
    pub saved_handled: Raw,
    /// Bits of `record_flags`.
    pub flags: u32,
}

impl Record {
    /// Writes the record of a frame that is about to start; gives its registers, whose stack begins at `fp` until the caller
    /// sets it behind the locals.
    #[inline(always)]
    pub(super) unsafe fn start(
        frame: *mut Record,
        function: &Function,
        code: &Code,
        base: *mut Raw,
        fp: *mut Raw,
        flags: u32,
    ) -> Regs {
        let pc = code.start.get();
        // SAFETY: the caller has checked that the array has room for the record.
        unsafe {
            frame.write(Record {
                pc,
                fp,
                base,
                start: pc,
                consts: code.const_words.get(),
                code,
                function,
                locals: Raw::NULL,
                frame_object: Raw::NULL,
                generator: Raw::NULL,
                saved_handled: Raw::NULL,
                flags,
            });
        }
        Regs {
            pc,
            sp: fp,
            fp,
            frame,
        }
    }

    /// Gives the frame a mapping for its names, which is owned.
    pub(super) fn set_locals(&mut self, mapping: Raw) {
        self.locals = mapping;
        self.flags |= record_flags::SEEN;
    }

    /// Gives the frame its frame object, which is owned, or null.
    pub(super) fn set_frame_object(&mut self, object: Raw) {
        self.frame_object = object;
        self.flags |= record_flags::SEEN;
    }
}

/// What happens when a frame is left.
pub(crate) mod record_flags {
    /// The run ends and gives the result to native code.
    pub const ENTRY: u32 = 1;
    /// The frame is that of an `__init__` called by its class: the instance is the result.
    pub const INIT: u32 = 2;
    /// The frame belongs to a generator.
    pub const GENERATOR: u32 = 4;
    /// The generator was resumed by the caller's own FOR_ITER, FOR_ITER_STORE or SEND, which takes what it gives.
    pub const DELIVERS: u32 = 8;
    /// The frame is that of an operator's method, started by the operator's instruction: see [`operator`](super::super::operator),
    /// which has further bits.
    pub const OPERATOR: u32 = 16;
    /// All words of the call have counts of their own, which go one by one when the frame is left.
    pub const WORDS: u32 = 1 << 30;
    /// The record has had a mapping of names or a frame object: a frame without any flag has neither.
    pub const SEEN: u32 = 1 << 31;
}

/// Where on the call stack a reference stands.
pub(crate) struct StackPlace<'a> {
    /// The function that runs in the frame; nothing for words that native code has pushed.
    pub function: Option<&'a Function>,
    /// Its code.
    pub code: Option<&'a Code>,
    /// Which word of the frame it is.
    pub part: StackPart,
}

/// The words of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StackPart {
    /// A local variable (or its cell), by number.
    Local(usize),
    /// A value on the evaluation stack, from the bottom.
    Evaluation(usize),
    /// What is called: the callable, and words that belong to the call.
    Call,
    /// The namespace of a module or a class body.
    Namespace,
    /// The frame object.
    FrameObject,
    /// The exception that the resumer of a generator handles.
    Handled,
}

/// The call stack of a thread.
pub struct CallStack {
    words: Box<[MaybeUninit<Cell<Raw>>]>,
    words_end: *mut Raw,
    records: Box<[MaybeUninit<Record>]>,
    /// The top of the words in use, as of the last time that the eval loop called out.
    pub(crate) top: Cell<*mut Raw>,
    /// The innermost record; one below the first where no Python code runs.
    pub(crate) frame: Cell<*mut Record>,
    /// The registers with which the quick tier came back.
    pub(super) left: KeptRegs,
    /// What the quick tier is to give up after the object that it releases.
    pub(super) dead: Cell<[Raw; 2]>,
    /// Lowest native stack address that calls may reach.
    native_floor: Cell<usize>,
}

/// Words reserved for locals and evaluation stacks: 512 MiB of address space.
const WORDS: usize = 64 << 20;
/// Frames that may be on the stack at once.
const RECORDS: usize = 1_200_000;
/// What the smallest thread has of both.
const LEAST_WORDS: usize = 64 << 10;
const LEAST_RECORDS: usize = 4096;

impl Default for CallStack {
    fn default() -> Self {
        Self::new()
    }
}

impl CallStack {
    /// The empty stack of a main thread.
    pub fn new() -> CallStack {
        CallStack::with_sizes(WORDS, RECORDS)
    }

    /// An empty stack for a thread whose native stack has so many bytes.
    pub(crate) fn for_native_size(size: usize) -> CallStack {
        let words = (size / 2 / size_of::<Raw>()).clamp(LEAST_WORDS, WORDS);
        let records = (size / 2 / size_of::<Record>()).clamp(LEAST_RECORDS, RECORDS);
        CallStack::with_sizes(words, records)
    }

    fn with_sizes(words: usize, records: usize) -> CallStack {
        let words = Box::<[Cell<Raw>]>::new_uninit_slice(words);
        let records = Box::<[Record]>::new_uninit_slice(records);
        let stack = CallStack {
            words_end: words.as_ptr_range().end.cast_mut().cast(),
            words,
            records,
            top: Cell::new(null_mut()),
            frame: Cell::new(null_mut()),
            left: KeptRegs::none(),
            dead: Cell::new([Raw::NULL; 2]),
            native_floor: Cell::new(0),
        };
        stack.top.set(stack.words.as_ptr().cast_mut().cast());
        stack.frame.set(
            stack
                .records
                .as_ptr()
                .cast_mut()
                .cast::<Record>()
                .wrapping_sub(1),
        );
        stack
    }

    /// The first record.
    #[inline]
    pub(crate) fn first(&self) -> *mut Record {
        self.records.as_ptr().cast_mut().cast()
    }

    /// Whether no Python code runs.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.frame.get() < self.first()
    }

    /// Number of frames on the stack.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        // Wrapping: the frame below the first one lies outside the array.
        (self.frame.get() as usize)
            .wrapping_add(size_of::<Record>())
            .wrapping_sub(self.first() as usize)
            / size_of::<Record>()
    }

    /// The index of a record.
    pub(crate) fn index_of(&self, record: *const Record) -> usize {
        (record as usize - self.first() as usize) / size_of::<Record>()
    }

    /// The record at an index.
    pub(crate) fn at(&self, index: usize) -> *mut Record {
        self.first().wrapping_add(index)
    }

    /// The words' end.
    #[inline]
    pub(crate) fn words_end(&self) -> *mut Raw {
        self.words_end
    }

    /// The record after which no other may be pushed, whatever the recursion limit.
    #[inline]
    pub(crate) fn records_end(&self) -> *mut Record {
        self.first().wrapping_add(self.records.len() - 8)
    }

    /// Shows every reference that the stack owns: the words in use, and what the records own beside them, with the place
    /// where it stands. Innermost frames come last.
    pub(crate) fn visit(&self, show: &mut dyn FnMut(&StackPlace<'_>, &Object)) {
        let depth = self.depth();
        let mut word: *const Raw = self.words.as_ptr().cast();
        let mut words = |until: *mut Raw,
                         function: Option<&Function>,
                         code: Option<&Code>,
                         part: &dyn Fn(*const Raw) -> StackPart| {
            while word < until.cast_const() {
                // SAFETY: a word below the top, in use; it owns its object.
                unsafe {
                    if !(*word).is_null() {
                        let place = StackPlace {
                            function,
                            code,
                            part: part(word),
                        };
                        show(&place, (*word).object());
                    }
                }
                word = word.wrapping_add(1);
            }
        };
        for index in 0..depth {
            // SAFETY: a record in use; its function and code live as long.
            let (record, function, code, end) = unsafe {
                let record = &*self.at(index);
                let next = index + 1;
                let end = if next < depth {
                    (*self.at(next)).base
                } else {
                    self.top.get()
                };
                (record, &*record.function, &*record.code, end)
            };
            let (function, code) = (Some(function), Some(code));
            words(record.base, None, None, &|_| StackPart::Call);
            words(record.fp, function, code, &|_| StackPart::Call);
            let locals = code.map_or(0, |code| code.local_count as usize);
            words(end, function, code, &|at| {
                let number = (at.addr() - record.fp.addr()) / size_of::<Raw>();
                match number.checked_sub(locals) {
                    None => StackPart::Local(number),
                    Some(number) => StackPart::Evaluation(number),
                }
            });
        }
        words(self.top.get(), None, None, &|_| StackPart::Call);
        for index in 0..depth {
            // SAFETY: as above.
            let (record, function, code) = unsafe {
                let record = &*self.at(index);
                (record, &*record.function, &*record.code)
            };
            let owned = [
                (record.locals, StackPart::Namespace),
                (record.frame_object, StackPart::FrameObject),
                (record.saved_handled, StackPart::Handled),
            ];
            for (raw, part) in owned {
                if !raw.is_null() {
                    let place = StackPlace {
                        function: Some(function),
                        code: Some(code),
                        part,
                    };
                    // SAFETY: a word that owns its object.
                    show(&place, unsafe { raw.object() });
                }
            }
        }
    }

    /// Gives up every reference that the stack owns, and leaves it empty: for a thread that never runs again.
    pub(crate) fn give_up(&self) {
        let first: *mut Raw = self.words.as_ptr().cast_mut().cast();
        let end = self.top.replace(first);
        let depth = self.depth();
        self.frame.set(self.first().wrapping_sub(1));
        let mut word = first;
        while word < end {
            // SAFETY: words below the top own their objects, and nobody looks at them any more.
            unsafe {
                if !(*word).is_null() {
                    drop((*word).into_ref());
                }
                word = word.add(1);
            }
        }
        self.give_up_records_below(depth);
    }

    /// Gives up what the records own beside the words, and leaves the stack empty: the words are the caller's business.
    pub(crate) fn give_up_records(&self) {
        self.top.set(self.words.as_ptr().cast_mut().cast());
        let depth = self.depth();
        self.frame.set(self.first().wrapping_sub(1));
        self.give_up_records_below(depth);
    }

    fn give_up_records_below(&self, depth: usize) {
        for index in 0..depth {
            // SAFETY: a record that was in use, as above.
            unsafe {
                let record = &*self.at(index);
                if !record.frame_object.is_null()
                    && let Ok(frame) = record.frame_object.into_ref().cast::<Frame>()
                {
                    frame.record.set(usize::MAX);
                }
                for raw in [record.locals, record.saved_handled] {
                    if !raw.is_null() {
                        drop(raw.into_ref());
                    }
                }
            }
        }
    }

    /// Sets how far the native stack of this thread may grow down: `size` bytes from here.
    pub fn set_native_size(&self, size: usize) {
        let here = 0u8;
        self.native_floor
            .set((&raw const here as usize).saturating_sub(size));
    }

    /// Whether the native stack has room for another level.
    #[inline]
    pub(crate) fn native_room(&self) -> bool {
        let here = 0u8;
        (&raw const here as usize) > self.native_floor.get()
    }
}
