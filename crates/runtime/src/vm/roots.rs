//! What is owned from outside of the heap's objects: the roots of an audit.

use viv_heap::{Disagreement, Visitor};

use super::{Interp, Vm};
use crate::object::Type;

/// The exit code of a process whose heap an audit has found broken.
const AUDIT_FAILED: i32 = 99;

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
        self.signal_handlers.visit(visitor);
        self.codecs.visit(visitor);
        self.io.visit(visitor);
        self.warnings.visit(visitor);
        self.memory.visit(visitor);
        self.main_code.visit(visitor);
    }
}

impl Vm {
    /// Shows every reference that the thread owns: exceptions on their way, hooks, and the words of the call stack.
    fn visit_roots(&self, visitor: &mut Visitor<'_>) {
        for slot in self.own_slots() {
            slot.visit(visitor);
        }
        self.this_thread.visit(visitor);
        self.stack.visit(visitor);
    }

    /// Recomputes all reference counts by tracing the heap from its objects and all threads, and compares. Handles that
    /// native functions hold at the moment show up as counts that are too high.
    pub fn audit(&self) -> Vec<Disagreement> {
        let interp: &Interp = self;
        self.heap.audit(&mut |visitor| {
            interp.visit_roots(visitor);
            crate::eval::thread::for_each(self, |state| Vm::visit_roots(state, visitor));
        })
    }

    /// The disagreements of an audit as lines of text, with the names of types.
    pub fn audit_lines(&self) -> Vec<String> {
        self.audit().iter().map(|d| self.audit_line(d)).collect()
    }

    fn audit_line(&self, disagreement: &Disagreement) -> String {
        match disagreement {
            Disagreement::Count {
                address,
                layout,
                counted,
                found,
            } => {
                let name = self.type_name_at(*address);
                format!("{name} ({layout}) at {address:#x}: count {counted}, {found} owners found")
            }
            Disagreement::Dangling {
                owner,
                layout,
                target,
            } => {
                let name = self.type_name_at(*owner);
                format!("{name} ({layout}) at {owner:#x} refers to {target:#x}, which is no object")
            }
            Disagreement::Broken(what) => what.clone(),
        }
    }

    /// The name of the type of the live object at an address.
    fn type_name_at(&self, address: usize) -> String {
        let mut name = String::from("?");
        self.heap.for_each_object(&mut |object| {
            if object.address() == address {
                name = Type::of(object).display_name();
            }
        });
        name
    }

    /// An audit while the script runs, for the diagnostics. Native functions hold handles that nobody can see, so only
    /// counts that are too low are faults; those end the process.
    #[cold]
    pub(crate) fn audit_between(&self) {
        let found: Vec<String> = self
            .audit()
            .iter()
            .filter(|d| !matches!(d, Disagreement::Count { counted, found, .. } if found < counted))
            .map(|d| self.audit_line(d))
            .collect();
        if !found.is_empty() {
            for line in found {
                eprintln!("viv: audit: {line}");
            }
            std::process::exit(AUDIT_FAILED);
        }
    }
}
