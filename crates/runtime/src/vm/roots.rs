//! What is owned from outside of the heap's objects: the roots of an audit.

use viv_heap::{Disagreement, Visitor};

use super::{Interp, Vm};

impl Interp {
    /// Shows every reference that the interpreter itself owns, immortal objects excepted: those are not counted.
    fn visit_roots(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(&self.memory_error);
        visitor.visit(self.builtins.as_object());
        visitor.visit(self.sys.as_object());
        visitor.visit(self.modules.as_object());
        self.extra_types
            .borrow()
            .values()
            .for_each(|ty| visitor.visit(ty.as_object()));
        for (function, args, keywords) in self.exit_functions.borrow().iter() {
            visitor.visit(function);
            visitor.visit(args.as_object());
            visitor.visit_opt(keywords.as_ref());
        }
        self.codecs.visit(visitor);
        self.memory.visit(visitor);
        self.main_code.visit(visitor);
    }
}

impl Vm {
    /// Shows every reference that the thread owns: exceptions on their way, hooks, and the words of the call stack.
    fn visit_roots(&self, visitor: &mut Visitor<'_>) {
        for slot in [
            &self.pending,
            &self.handled,
            &self.trace,
            &self.profile,
            &self.asyncgen_firstiter,
            &self.asyncgen_finalizer,
        ] {
            slot.visit(visitor);
        }
        self.stack.visit(visitor);
    }

    /// Recomputes all reference counts by tracing the heap from its objects and this thread, and compares. Handles that
    /// native functions hold at the moment show up as counts that are too high.
    pub fn audit(&self) -> Vec<Disagreement> {
        let interp: &Interp = self;
        self.heap.audit(&mut |visitor| {
            interp.visit_roots(visitor);
            Vm::visit_roots(self, visitor);
        })
    }
}
