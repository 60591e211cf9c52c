//! Frame objects: made when somebody looks, given the locals when the call ends before they go.

use std::cell::Cell;

use viv_bytecode::{Instr, Op};
use viv_heap::{HVec, HeapAlloc, Object, Raw, Ref};

use super::regs::owned;
use super::stack::{CallStack, Record};
use crate::object::{CellObject, Dict, Frame, Function, Inner, Slot, Str};
use crate::result::PyResult;
use crate::vm::Vm;

/// The frame object of the running Python frame, `depth` callers up; nothing where there is none.
pub fn current_frame(vm: &Vm, depth: usize) -> PyResult<Option<Ref<Frame>>> {
    let have = vm.stack.depth();
    if depth >= have {
        return Ok(None);
    }
    frame_object(vm, have - 1 - depth).map(Some)
}

/// The frame object of the record at an index.
pub fn frame_object(vm: &Vm, index: usize) -> PyResult<Ref<Frame>> {
    frame_object_on(vm, &vm.stack, index)
}

/// The frame object of the innermost record of each thread that runs Python code, with the thread's number for scripts.
pub fn frames_of_threads(vm: &Vm) -> PyResult<Vec<(u64, Ref<Frame>)>> {
    let mut frames = Vec::new();
    for state in vm.threads.states() {
        // SAFETY: a registered state lives, and its thread waits for the lock, so that nothing of it changes.
        let state = unsafe { &*state };
        if let Some(last) = state.stack.depth().checked_sub(1) {
            frames.push((
                state.thread_ident(),
                frame_object_on(vm, &state.stack, last)?,
            ));
        }
    }
    Ok(frames)
}

/// The frame object of the record at an index of the call stack of any thread.
pub(super) fn frame_object_on(vm: &Vm, stack: &CallStack, index: usize) -> PyResult<Ref<Frame>> {
    // SAFETY: the index is below the depth, so the record is live.
    unsafe {
        let record = stack.at(index);
        if !(*record).frame_object.is_null() {
            let known = (*record).frame_object.object().to_ref();
            return known
                .cast::<Frame>()
                .map_err(|_| vm.system_error("frame record without frame"));
        }
        let function = &*(*record).function;
        let locals = if (*record).locals.is_null() {
            None
        } else {
            Some((*record).locals.object().to_ref())
        };
        let frame = new_frame(
            vm,
            &*(*record).code,
            Some(Ref::of(function)),
            function.globals.clone(),
            function.builtins.clone(),
            locals,
            index,
            (*record).generator,
        )?;
        frame.stack.set(stack);
        (*record).set_frame_object(owned(&frame.head));
        Ok(frame)
    }
}

/// A frame object, tied to the record at `index` (or to none).
#[allow(clippy::too_many_arguments, reason = "the fields of a frame object")]
pub(super) fn new_frame(
    vm: &Vm,
    code: &crate::object::Code,
    function: Option<Ref<Function>>,
    globals: Ref<Dict>,
    builtins: Ref<Dict>,
    locals: Option<Ref>,
    index: usize,
    generator: Raw,
) -> PyResult<Ref<Frame>> {
    // SAFETY: the type is the builtin one of this layout; there is no tail.
    let placed = unsafe {
        vm.heap.place_gc_with(0, || Frame {
            head: Object::new(vm.types.frame.type_head_of()),
            code: Ref::of(code),
            function: Slot::new(function),
            globals,
            builtins,
            locals: Slot::new(locals),
            back: Slot::default(),
            values: Inner::new(HVec::new_in(HeapAlloc)),
            extra_locals: Slot::default(),
            record: Cell::new(index),
            stack: Cell::new(&raw const vm.stack),
            word: Cell::new(0),
            generator: Cell::new(generator),
            trace: Slot::default(),
            trace_lines: Cell::new(true),
            trace_opcodes: Cell::new(false),
            trace_line: Cell::new(0),
            trace_word: Cell::new(0),
        })
    };
    let Some(frame) = placed else {
        return Err(vm.no_memory());
    };
    vm.heap.track(&frame);
    Ok(frame)
}

/// The word index of the instruction that a live record is at.
pub(super) unsafe fn record_word(record: *const Record) -> u32 {
    // SAFETY: the caller's record is live and `pc` points into its code.
    unsafe {
        let start = (*(*record).code).start.get();
        let next = (*record).pc.offset_from(start);
        (next - 1).max(0) as u32
    }
}

/// Ends the tie between a record that is about to go and its frame object: a frame object that somebody else holds takes
/// the locals over.
pub(super) unsafe fn detach(vm: &Vm, record: *mut Record, top: *mut Raw) {
    // SAFETY: the record is live; its locals are owned by the stack and are moved or left there.
    unsafe {
        let word = std::mem::replace(&mut (*record).frame_object, Raw::NULL);
        let Ok(frame) = word.into_ref().cast::<Frame>() else {
            return;
        };
        frame.word.set(record_word(record));
        frame.record.set(usize::MAX);
        // A generator whose frame is left for good has ended: it may go before the frame object.
        frame.generator.set(Raw::NULL);
        if frame.refcount() > 1 {
            let count = (*(*record).code).local_count as usize;
            let mut values = HVec::new_in(HeapAlloc);
            if values.try_reserve_exact(count).is_ok() {
                for i in 0..count {
                    let place = (*record).fp.add(i);
                    let word = if place < top {
                        std::mem::replace(&mut *place, Raw::NULL)
                    } else {
                        Raw::NULL
                    };
                    values.push(if word.is_null() {
                        None
                    } else {
                        Some(word.into_ref())
                    });
                }
                let old = frame.values.write(|v| std::mem::replace(v, values));
                drop(old);
            }
            // What has resumed a generator is not its caller.
            let generator = (*record).flags & super::stack::record_flags::GENERATOR != 0;
            let index = vm.stack.index_of(record);
            if index > 0
                && !generator
                && let Ok(back) = frame_object(vm, index - 1)
            {
                frame.back.set(Some(back));
            }
        }
    }
}

/// The calls below the running one, innermost first: a tuple of (file, line, function), at most `depth` of them.
///
/// # Errors
/// MemoryError.
pub(super) fn callers(vm: &Vm, depth: i64) -> PyResult {
    let mut rows = Vec::new();
    let last = vm.stack.depth().saturating_sub(1);
    for index in (0..last).rev().take(depth.max(0) as usize) {
        // SAFETY: the records below the depth are live.
        let (code, word) = unsafe {
            let record = vm.stack.at(index);
            (Ref::of(&*(*record).code), record_word(record))
        };
        let line = vm.new_int(i64::from(code.source.location(word as usize).line))?;
        let (file, name) = (code.filename.clone().upcast(), code.name.clone().upcast());
        rows.push(vm.new_tuple(vec![file, line, name])?.upcast());
    }
    Ok(vm.new_tuple(rows)?.upcast())
}

impl Frame {
    /// The values of the fast locals as they are now, cells not opened.
    pub fn fast_values(&self) -> Vec<Option<Ref>> {
        let index = self.record.get();
        if index == usize::MAX {
            if let Some(generator) = self.suspended() {
                let count = self.code.local_count as usize;
                return generator
                    .words()
                    .take(count)
                    // SAFETY: the words of a suspended frame are owned references or null.
                    .map(|w| (!w.is_null()).then(|| unsafe { w.object() }.to_ref()))
                    .collect();
            }
            return self.values.read(|v| v.to_vec());
        }
        // SAFETY: while the frame is tied to a record, that record is live.
        unsafe {
            let record = self.stack().at(index);
            (0..self.code.local_count as usize)
                .map(|i| *(*record).fp.add(i))
                .map(|w| {
                    if w.is_null() {
                        None
                    } else {
                        Some(w.object().to_ref())
                    }
                })
                .collect()
        }
    }

    /// Changes a fast local.
    pub fn set_fast_value(&self, i: usize, value: Option<Ref>) {
        let index = self.record.get();
        if index == usize::MAX {
            if let Some(generator) = self.suspended() {
                let new = value.map_or(Raw::NULL, Ref::into_raw);
                let old = generator.replace_word(i, new);
                if !old.is_null() {
                    // SAFETY: the word has been taken out of the frame.
                    drop(unsafe { old.into_ref() });
                }
                return;
            }
            let old = self.values.write(|v| {
                v.get_mut(i)
                    .and_then(|place| std::mem::replace(place, value))
            });
            drop(old);
            return;
        }
        if i >= self.code.local_count as usize {
            return;
        }
        // SAFETY: as in `fast_values`.
        unsafe {
            let place = (*self.stack().at(index)).fp.add(i);
            let old = std::mem::replace(&mut *place, value.map_or(Raw::NULL, Ref::into_raw));
            if !old.is_null() {
                drop(old.into_ref());
            }
        }
    }

    /// The call stack of the thread that runs the frame.
    ///
    /// # Safety
    /// The frame is tied to a record: then the thread has not ended.
    unsafe fn stack(&self) -> &CallStack {
        // SAFETY: the caller's promise.
        unsafe { &*self.stack.get() }
    }

    /// The generator that the frame belongs to.
    pub fn owner(&self) -> Option<Ref> {
        let word = self.generator.get();
        // SAFETY: the generator clears the word when it goes.
        (!word.is_null()).then(|| unsafe { word.object() }.to_ref())
    }

    /// Whether the frame is that of a generator that has begun and waits.
    pub fn is_suspended(&self) -> bool {
        self.suspended().is_some_and(|generator| {
            generator.state.get() == crate::object::GeneratorState::Suspended
        })
    }

    /// The generator whose suspended frame this is.
    fn suspended(&self) -> Option<&crate::object::Generator> {
        let word = self.generator.get();
        if word.is_null() {
            return None;
        }
        // SAFETY: the generator clears the word when it goes.
        unsafe { word.object() }.downcast::<crate::object::Generator>()
    }

    /// The variables of the frame by name, cells opened: what `locals()` shows of a function.
    pub fn local_variables(&self) -> Vec<(Ref<Str>, Option<Ref>)> {
        let cells = self.cell_numbers();
        self.fast_values()
            .into_iter()
            .enumerate()
            .filter_map(|(i, value)| {
                let name = self
                    .code
                    .local_names()
                    .get(i)?
                    .to_ref()
                    .cast::<Str>()
                    .ok()?;
                let value = match value {
                    Some(v) if cells.contains(&i) => match v.downcast::<CellObject>() {
                        Some(cell) => cell.contents.get(),
                        None => Some(v),
                    },
                    other => other,
                };
                Some((name, value))
            })
            .collect()
    }

    /// The numbers of the locals that are cells or free variables.
    pub fn cell_numbers(&self) -> Vec<usize> {
        let source = &*self.code.source;
        let total = source.nlocalsplus as usize;
        let free = total - source.nfreevars as usize;
        source
            .cell_locals
            .iter()
            .map(|&i| i as usize)
            .chain(free..total)
            .collect()
    }

    /// The word of the instruction that runs or ran last.
    pub fn current_word(&self) -> u32 {
        match self.record.get() {
            usize::MAX => match self.suspended() {
                Some(generator) => generator.resume_at.get().saturating_sub(1),
                None => self.word.get(),
            },
            // SAFETY: as in `fast_values`.
            index => unsafe { record_word(self.stack().at(index)) },
        }
    }

    /// The line that runs or ran last.
    pub fn line(&self) -> u32 {
        // Instructions without a place of their own belong to what was written before them.
        let lines = (0..=self.current_word() as usize).rev();
        lines
            .map(|word| self.code.source.location(word).line)
            .find(|&line| line != 0)
            .unwrap_or(0)
    }

    /// The caller's frame object.
    pub fn caller(&self, vm: &Vm) -> PyResult<Option<Ref<Frame>>> {
        match self.record.get() {
            usize::MAX => Ok(self.back.get()),
            0 => Ok(None),
            // SAFETY: as in `fast_values`.
            index => frame_object_on(vm, unsafe { self.stack() }, index - 1).map(Some),
        }
    }
}

/// `locals()`: a snapshot dict in functions, the namespace itself elsewhere.
pub fn locals_of_current(vm: &Vm) -> PyResult {
    let Some(frame) = current_frame(vm, 0)? else {
        return Err(vm.system_error("frame does not exist"));
    };
    if let Some(mapping) = frame.locals.get() {
        return Ok(mapping);
    }
    let dict: Ref<Dict> = vm.new_dict()?;
    for (name, value) in frame.local_variables() {
        if let Some(value) = value {
            dict.set_str(vm, &name, &value)?;
        }
    }
    Ok(dict.upcast())
}

/// `globals()` of the running Python code.
pub fn globals_of_current(vm: &Vm) -> Option<Ref<Dict>> {
    if vm.stack.is_empty() {
        return None;
    }
    // SAFETY: the innermost record is live.
    Some(unsafe { (*(*vm.stack.frame.get()).function).globals.clone() })
}

/// The builtins dict of the running Python code.
pub fn builtins_of_current(vm: &Vm) -> Ref<Dict> {
    if vm.stack.is_empty() {
        return vm.builtins.clone();
    }
    // SAFETY: the innermost record is live.
    unsafe { (*(*vm.stack.frame.get()).function).builtins.clone() }
}

/// Shows where the running frames are, the innermost first and at most `limit` of them: code and instruction. Gives the
/// number of all frames.
pub(crate) fn visit_positions(
    vm: &Vm,
    limit: usize,
    show: &mut dyn FnMut(&std::sync::Arc<viv_bytecode::CodeInfo>, u32),
) -> usize {
    let mut depth = vm.stack.depth();
    // A function whose variables are still being made is not seen yet.
    // SAFETY: the innermost record is live.
    while depth > 0 && unsafe { is_starting(vm.stack.at(depth - 1)) } {
        depth -= 1;
    }
    for index in (0..depth).rev().take(limit) {
        // SAFETY: records below the depth are live.
        unsafe {
            let record = vm.stack.at(index);
            show(&(*(*record).code).source, record_word(record));
        }
    }
    depth
}

/// Whether a frame is still at the instructions that make its cells.
///
/// # Safety
/// The record is live.
unsafe fn is_starting(record: *mut Record) -> bool {
    // SAFETY: the caller's promise.
    let (code, word) = unsafe { (&*(*record).code, record_word(record) as usize) };
    let words = code.body.get().and_then(|body| body.instrs.get(..=word));
    words.unwrap_or_default().iter().all(|word| {
        matches!(
            Instr(word.get()).op(),
            Some(Op::MAKE_CELL | Op::COPY_FREE_VARS)
        )
    })
}

/// The code and line of the running Python code.
pub fn current_position(vm: &Vm) -> Option<(Ref<crate::object::Code>, u32)> {
    if vm.stack.is_empty() {
        return None;
    }
    // SAFETY: the innermost record is live.
    unsafe {
        let record = vm.stack.frame.get();
        let code = Ref::of(&*(*record).code);
        let line = code.source.location(record_word(record) as usize).line;
        Some((code, line))
    }
}
