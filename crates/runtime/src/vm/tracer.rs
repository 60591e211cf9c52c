//! Who has allocated what: the traces behind `tracemalloc` and behind the reports of a guarded heap.
//!
//! The tracer listens to the heap only while it is on; a heap without it pays nothing. Its own tables lie outside of the
//! heap, so it sees nothing of itself.
//!
//! **Invariant.** A position is kept as code and instruction, and the code is kept alive; lines are worked out only when
//! somebody asks.

use std::cell::Ref;
use std::collections::HashMap;
use std::sync::Arc;

use viv_bytecode::CodeInfo;
use viv_heap::{Event, Listener, Object, prefix_size};

use super::Vm;
use crate::eval::current::peek_vm;

/// Most frames of a trace.
pub const FRAMES_MAX: usize = 65535;

/// A file and a line.
pub type Line = (Arc<str>, u32);

/// A traced block.
struct Trace {
    size: usize,
    /// Index of the traceback.
    traceback: u32,
}

/// Code by number, instruction; the innermost frame first.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Traceback {
    frames: Box<[(u32, u32)]>,
    total: usize,
}

/// The traces of an interpreter.
#[derive(Default)]
pub struct Tracer {
    limit: usize,
    /// Whether a script has asked for it, and sees the traces.
    for_scripts: bool,
    codes: Vec<Arc<CodeInfo>>,
    code_numbers: HashMap<usize, u32>,
    tracebacks: Vec<Traceback>,
    traceback_numbers: HashMap<Traceback, u32>,
    blocks: HashMap<usize, Trace>,
    /// Blocks that are not the heap's, by domain and address, whose owners tell of them.
    foreign: HashMap<(u32, usize), Trace>,
    current: usize,
    peak: usize,
    /// The tracebacks of freed blocks, where those are kept for reports.
    freed: Option<HashMap<usize, Trace>>,
}

/// What is known of a traced block.
pub struct TracedBlock {
    /// Its size in bytes.
    pub size: usize,
    /// Where it was allocated, the innermost frame first.
    pub lines: Vec<Line>,
    /// How many frames there were.
    pub total: usize,
    /// 0 for the heap's own.
    pub domain: u32,
}

impl Tracer {
    fn code_number(&mut self, code: &Arc<CodeInfo>) -> u32 {
        let codes = &mut self.codes;
        let key = Arc::as_ptr(code).addr();
        *self.code_numbers.entry(key).or_insert_with(|| {
            codes.push(Arc::clone(code));
            codes.len() as u32 - 1
        })
    }

    fn traceback_number(&mut self, traceback: Traceback) -> u32 {
        if let Some(known) = self.traceback_numbers.get(&traceback) {
            return *known;
        }
        let number = self.tracebacks.len() as u32;
        self.tracebacks.push(traceback.clone());
        self.traceback_numbers.insert(traceback, number);
        number
    }

    fn allocated(&mut self, vm: &Vm, block: usize, size: usize) {
        let trace = self.trace(vm, size);
        let old = self.blocks.insert(block, trace);
        self.count(old, size);
    }

    /// A trace of as much as is being allocated now.
    fn trace(&mut self, vm: &Vm, size: usize) -> Trace {
        let mut frames = Vec::new();
        let mut positions = Vec::new();
        let total = crate::eval::frame::visit_positions(vm, self.limit, &mut |code, word| {
            positions.push((Arc::clone(code), word));
        });
        for (code, word) in positions {
            frames.push((self.code_number(&code), word));
        }
        let traceback = self.traceback_number(Traceback {
            frames: frames.into_boxed_slice(),
            total,
        });
        Trace { size, traceback }
    }

    fn count(&mut self, old: Option<Trace>, size: usize) {
        self.current -= old.map_or(0, |old| old.size);
        self.current += size;
        self.peak = self.peak.max(self.current);
    }

    fn freed(&mut self, block: usize) {
        if let Some(old) = self.blocks.remove(&block) {
            self.current -= old.size;
            if let Some(freed) = &mut self.freed {
                freed.insert(block, old);
            }
        }
    }

    fn describe(&self, domain: u32, trace: &Trace) -> TracedBlock {
        let traceback = self.tracebacks.get(trace.traceback as usize);
        let frames = traceback.map_or(&[][..], |t| &t.frames);
        let lines = frames.iter().filter_map(|(code, word)| {
            let code = self.codes.get(*code as usize)?;
            Some((
                Arc::clone(&code.filename),
                code.location(*word as usize).line,
            ))
        });
        TracedBlock {
            size: trace.size,
            lines: lines.collect(),
            total: traceback.map_or(0, |t| t.total),
            domain,
        }
    }

    /// Forgets all traces but those that reports may need.
    fn forget(&mut self) {
        if let Some(freed) = &mut self.freed {
            freed.extend(self.blocks.drain());
            (self.current, self.peak) = (0, 0);
            self.foreign.clear();
            return;
        }
        *self = Tracer {
            limit: self.limit,
            for_scripts: self.for_scripts,
            ..Tracer::default()
        };
    }

    /// Bytes of the tables.
    fn own_bytes(&self) -> usize {
        let frames: usize = self.tracebacks.iter().map(|t| t.frames.len() * 8).sum();
        self.blocks.capacity() * (size_of::<usize>() + size_of::<Trace>())
            + self.foreign.capacity() * (size_of::<(u32, usize)>() + size_of::<Trace>())
            + 2 * frames
            + self.tracebacks.capacity() * size_of::<Traceback>()
            + self.codes.capacity() * size_of::<Arc<CodeInfo>>()
    }
}

/// Hears of all heaps; what it hears goes to the tracer of the thread's interpreter.
struct Ear;

static EAR: Ear = Ear;

impl Listener for Ear {
    fn event(&self, event: Event) {
        peek_vm(|vm| {
            let Ok(mut tracer) = vm.tracer.try_borrow_mut() else {
                return;
            };
            let Some(tracer) = tracer.as_mut() else {
                return;
            };
            match event {
                Event::Allocated { block, size } => {
                    tracer.allocated(vm, block.as_ptr().addr(), size);
                }
                Event::Freed { block, .. } => tracer.freed(block.as_ptr().addr()),
                Event::CollectionStarted(_) | Event::CollectionEnded(..) => {}
            }
        });
    }
}

impl Vm {
    /// Starts tracing for scripts, with at most `limit` frames a block; does nothing where it is on.
    pub fn start_tracing(&self, limit: usize) {
        if !self.is_tracing() {
            self.trace_anew(limit, true);
        }
    }

    /// Starts tracing for the reports of a guarded heap: the places of freed blocks are kept.
    pub fn trace_for_reports(&self) {
        self.trace_anew(1, false);
        if let Some(tracer) = self.tracer.borrow_mut().as_mut() {
            tracer.freed = Some(HashMap::new());
        }
    }

    /// Begins without any traces; those that reports may need are put aside.
    fn trace_anew(&self, limit: usize, for_scripts: bool) {
        let mut tracer = self.tracer.borrow_mut();
        let tracer = tracer.get_or_insert_default();
        tracer.limit = limit;
        tracer.for_scripts = for_scripts;
        tracer.forget();
        self.heap.set_listener(Some(&EAR));
    }

    /// Where the block at an address was allocated, or the one that was there before it was freed.
    pub(super) fn allocation_line(&self, block: usize) -> Option<String> {
        let tracer = self.tracer.try_borrow().ok()?;
        let tracer = tracer.as_ref()?;
        let freed = || tracer.freed.as_ref()?.get(&block);
        let trace = tracer.blocks.get(&block).or_else(freed)?;
        let (file, line) = tracer.describe(0, trace).lines.into_iter().next()?;
        Some(format!("{file}, line {line}"))
    }

    /// Stops tracing and forgets all traces.
    pub fn stop_tracing(&self) {
        let mut tracer = self.tracer.borrow_mut();
        match tracer.as_mut() {
            Some(tracer) if tracer.freed.is_some() => {
                tracer.limit = 1;
                tracer.for_scripts = false;
                tracer.forget();
            }
            _ => {
                *tracer = None;
                self.heap.set_listener(None);
            }
        }
    }

    /// The tracer, if it works for scripts.
    fn script_tracer(&self) -> Option<Ref<'_, Tracer>> {
        let tracer = Ref::filter_map(self.tracer.borrow(), |tracer| tracer.as_deref()).ok()?;
        tracer.for_scripts.then_some(tracer)
    }

    /// Whether allocations are traced.
    pub fn is_tracing(&self) -> bool {
        self.script_tracer().is_some()
    }

    /// Most frames of a trace; 1 while nothing is traced.
    pub fn trace_limit(&self) -> usize {
        self.script_tracer().map_or(1, |t| t.limit)
    }

    /// Forgets all traces, goes on tracing.
    pub fn clear_traces(&self) {
        if let Some(tracer) = self.tracer.borrow_mut().as_mut() {
            tracer.forget();
        }
    }

    /// Bytes of the traced blocks, now and at their peak.
    pub fn traced_memory(&self) -> (usize, usize) {
        self.script_tracer().map_or((0, 0), |t| (t.current, t.peak))
    }

    /// Starts a new peak.
    pub fn reset_traced_peak(&self) {
        if let Some(tracer) = self.tracer.borrow_mut().as_mut() {
            tracer.peak = tracer.current;
        }
    }

    /// Bytes that tracing itself takes.
    pub fn tracer_bytes(&self) -> usize {
        self.script_tracer().map_or(0, |t| t.own_bytes())
    }

    /// The trace of the block at an address.
    pub fn trace_of(&self, block: usize) -> Option<TracedBlock> {
        let tracer = self.script_tracer()?;
        tracer.blocks.get(&block).map(|t| tracer.describe(0, t))
    }

    /// The trace of an object's own block.
    pub fn trace_of_object(&self, object: &Object) -> Option<TracedBlock> {
        self.trace_of(object.address() - prefix_size(object.flags()))
    }

    /// All traces.
    pub fn traces(&self) -> Vec<TracedBlock> {
        let Some(tracer) = self.script_tracer() else {
            return Vec::new();
        };
        let own = tracer.blocks.values().map(|t| tracer.describe(0, t));
        let foreign = tracer.foreign.iter();
        let foreign = foreign.map(|((domain, _), t)| tracer.describe(*domain, t));
        own.chain(foreign).collect()
    }

    /// Traces a block that is not the heap's own, as if it were allocated now; domain 0 is that of the heap. Whether
    /// anything is traced at all.
    pub fn track_block(&self, domain: u32, block: usize, size: usize) -> bool {
        let mut tracer = self.tracer.borrow_mut();
        let Some(tracer) = tracer.as_mut().filter(|tracer| tracer.for_scripts) else {
            return false;
        };
        if domain == 0 {
            tracer.allocated(self, block, size);
        } else {
            let trace = tracer.trace(self, size);
            let old = tracer.foreign.insert((domain, block), trace);
            tracer.count(old, size);
        }
        true
    }

    /// Forgets such a block. Whether anything is traced at all.
    pub fn untrack_block(&self, domain: u32, block: usize) -> bool {
        let mut tracer = self.tracer.borrow_mut();
        let Some(tracer) = tracer.as_mut().filter(|tracer| tracer.for_scripts) else {
            return false;
        };
        if domain == 0 {
            tracer.freed(block);
        } else {
            let old = tracer.foreign.remove(&(domain, block));
            tracer.count(old, 0);
        }
        true
    }

    /// The trace of such a block.
    pub fn trace_of_block(&self, domain: u32, block: usize) -> Option<TracedBlock> {
        if domain == 0 {
            return self.trace_of(block);
        }
        let tracer = self.script_tracer()?;
        let trace = tracer.foreign.get(&(domain, block))?;
        Some(tracer.describe(domain, trace))
    }
}
