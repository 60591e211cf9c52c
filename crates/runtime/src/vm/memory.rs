//! The interpreter as the user of its heap: finalisers, callbacks of weak references and of the collector.
//!
//! **Invariant.** Whatever these run, the exception that is on its way stays as it is.

use std::io::Write as _;

use viv_heap::{Hooks, Object, Ref};

use super::Vm;
use crate::eval::current::{peek_vm, with_vm};
use crate::object::{List, Slot, Type};
use crate::protocol;
use crate::result::PyResult;

/// What the collector keeps for scripts.
#[derive(Default)]
pub struct Memory {
    /// `gc.garbage`
    garbage: Slot<List>,
    /// `gc.callbacks`
    callbacks: Slot<List>,
}

impl Memory {
    /// `gc.garbage`, made when first wanted.
    pub fn garbage(&self, vm: &Vm) -> PyResult<Ref<List>> {
        Memory::list(vm, &self.garbage)
    }

    /// `gc.callbacks`, made when first wanted.
    pub fn callbacks(&self, vm: &Vm) -> PyResult<Ref<List>> {
        Memory::list(vm, &self.callbacks)
    }

    /// How many objects are in `gc.garbage`.
    pub fn garbage_len(&self) -> usize {
        self.garbage.get().map_or(0, |list| list.len())
    }

    fn list(vm: &Vm, slot: &Slot<List>) -> PyResult<Ref<List>> {
        if let Some(list) = slot.get() {
            return Ok(list);
        }
        let list = vm.new_list(Vec::new())?;
        slot.set(Some(list.clone()));
        Ok(list)
    }

    /// Gives both lists up: the end of the interpreter.
    pub fn clear(&self) {
        self.garbage.set(None);
        self.callbacks.set(None);
    }

    /// Shows both lists: for the audit.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        self.garbage.visit(visitor);
        self.callbacks.visit(visitor);
    }
}

/// Writes a line to the process's standard error; where that cannot be written, nobody would hear of it.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The user of every interpreter's heap.
pub(crate) struct Interpreter;

pub(crate) static INTERPRETER: Interpreter = Interpreter;

impl Hooks for Interpreter {
    fn finalize(&self, object: &Object) {
        with_vm(|vm| {
            if let Some(finalize) = Type::of(object).slots.finalize.get() {
                finalize(vm, object);
            }
        });
    }

    fn finalize_old(&self, object: &Object) {
        with_vm(|vm| {
            let name = match vm.intern("__tp_del__") {
                Ok(name) => name,
                Err(raised) => return vm.unraisable(raised, "in tp_del", None),
            };
            if let Some(finalize) = vm.type_lookup(Type::of(object), &name)
                && let Err(raised) = protocol::call_one(vm, &finalize, object)
            {
                vm.unraisable(raised, "in tp_del", Some(&finalize));
            }
        });
    }

    fn weakref_callback(&self, callback: &Object, weakref: &Object) {
        with_vm(|vm| {
            if let Err(raised) = protocol::call_one(vm, callback, weakref) {
                let what = if vm.heap.is_collecting() {
                    "on calling weakref callback"
                } else {
                    "while calling weakref callback"
                };
                vm.unraisable(raised, what, Some(callback));
            }
        });
    }

    fn collection_started(&self, generation: usize) {
        with_vm(|vm| vm.run_gc_callbacks("start", generation, 0, 0));
    }

    fn collection_ended(&self, generation: usize, collected: usize, uncollectable: usize) {
        with_vm(|vm| vm.run_gc_callbacks("stop", generation, collected, uncollectable));
    }

    fn save_garbage(&self, object: &Object) {
        with_vm(|vm| {
            let saved = vm
                .memory
                .garbage(vm)
                .and_then(|list| list.push(vm, object.to_ref()));
            if let Err(raised) = saved {
                drop(vm.take_raised(raised));
            }
        });
    }

    fn allocation_line(&self, block: usize) -> Option<String> {
        let mut line = None;
        peek_vm(|vm| line = vm.allocation_line(block));
        line
    }

    fn type_name(&self, ty: &Object) -> String {
        ty.downcast::<Type>()
            .map_or_else(|| String::from("?"), Type::display_name)
    }

    fn debug_line(&self, line: &str) {
        tell(line);
    }

    fn debug_object(&self, message: &str, object: &Object) {
        tell(&format!(
            "gc: {message} <{} {:#x}>",
            protocol::type_name(object),
            object.address()
        ));
    }
}

impl Vm {
    fn run_gc_callbacks(
        &self,
        phase: &str,
        generation: usize,
        collected: usize,
        uncollectable: usize,
    ) {
        let Ok(callbacks) = self.memory.callbacks(self) else {
            return;
        };
        if callbacks.is_empty() {
            return;
        }
        let info = || {
            let dict = self.new_dict()?;
            let entries = [
                ("generation", generation),
                ("collected", collected),
                ("uncollectable", uncollectable),
            ];
            for (name, value) in entries {
                dict.set_text(self, name, self.new_usize(value)?.as_object())?;
            }
            Ok((self.new_str(phase)?, dict))
        };
        let (phase, info) = match info() {
            Ok(made) => made,
            Err(raised) => {
                return self.unraisable(raised, "on building GC callback arguments", None);
            }
        };
        let mut i = 0;
        while let Some(callback) = callbacks.get(i) {
            if let Err(raised) = protocol::call_args(self, &callback, &[&phase, &info]) {
                self.unraisable(raised, "while calling GC callback", Some(&callback));
            }
            i += 1;
        }
    }
}
