//! What event loops (`asyncio`) keep: which loop and task a thread runs, and the tasks of the interpreter.

use viv_heap::{Object, Ref, Visitor};

use super::Vm;
use crate::object::Slot;
use crate::object::live::LiveSet;

/// How many objects the module keeps.
pub const KEPT: usize = 16;

/// What the interpreter keeps for the module `_asyncio`.
#[derive(Default)]
pub struct EventLoops {
    /// The tasks that have been scheduled and live.
    pub tasks: LiveSet,
    /// Objects that the module needs again and again; it numbers them.
    pub kept: [Slot; KEPT],
    /// How many tasks have been given a number for their name.
    pub numbered: std::cell::Cell<usize>,
}

impl EventLoops {
    /// For traversal.
    pub(crate) fn visit(&self, visitor: &mut Visitor<'_>) {
        for slot in &self.kept {
            slot.visit(visitor);
        }
    }

    /// Gives everything up.
    pub(crate) fn clear(&self) {
        for slot in &self.kept {
            slot.set(None);
        }
    }
}

impl Vm {
    /// The event loop that this thread runs.
    pub fn running_loop(&self) -> &Slot {
        &self.running_loop
    }

    /// The task that the running event loop executes.
    pub fn running_task(&self) -> &Slot {
        &self.running_task
    }

    /// The task that an event loop executes in whatever thread.
    pub fn task_of_loop(&self, event_loop: &Object) -> Option<Ref> {
        let mut found = None;
        crate::eval::thread::for_each(self, |state| {
            if found.is_none() && state.running_loop.holds(event_loop) {
                found = state.running_task.get();
            }
        });
        found
    }

    /// In the copy of a process: no loop runs, and the tasks of the original are not known.
    pub(crate) fn forget_event_loops(&self) {
        self.running_loop.set(None);
        self.running_task.set(None);
        self.event_loops.tasks.forget_all();
    }
}
