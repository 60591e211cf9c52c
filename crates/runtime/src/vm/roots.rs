//! What is owned from outside of the heap's objects: the roots of an audit.

use viv_heap::{Disagreement, Object, Visitor};

use super::{Interp, Vm};
use crate::eval::stack::StackPlace;
use crate::object::Type;

/// The exit code of a process whose heap an audit has found broken.
const AUDIT_FAILED: i32 = 99;

/// Where a reference stands that no object of the heap owns.
pub(crate) enum Root<'a> {
    /// In the interpreter, and as what.
    Interpreter(&'static str),
    /// In the state of the thread, and as what.
    Thread(&'static str),
    /// On the call stack.
    Stack(&'a StackPlace<'a>),
}

impl Interp {
    /// Shows every reference that the interpreter itself owns, immortal objects excepted: those are not counted.
    fn show_roots(&self, show: &mut dyn FnMut(&Root<'_>, &Object)) {
        let mut show = |name: &'static str, object: &Object| show(&Root::Interpreter(name), object);
        show("sys.modules", self.modules.as_object());
        show("sys", self.sys.as_object());
        show("builtins", self.builtins.as_object());
        show("last resort MemoryError", &self.memory_error);
        for (ty, _) in self.extra_types.borrow().iter().flatten() {
            show("types of native modules", ty.as_object());
        }
        for (function, args, keywords) in self.exit_functions.borrow().iter() {
            show("atexit", function);
            show("atexit", args.as_object());
            if let Some(keywords) = keywords {
                show("atexit", keywords.as_object());
            }
        }
        let mut under = |name: &'static str, visit: &dyn Fn(&mut Visitor<'_>)| {
            visit(&mut Visitor::new(&mut |object| show(name, object)));
        };
        under("signal handlers", &|v| self.signal_handlers.visit(v));
        under("codecs", &|v| self.codecs.visit(v));
        under("event loops", &|v| self.event_loops.visit(v));
        under("io", &|v| self.io.visit(v));
        under("warnings", &|v| self.warnings.visit(v));
        under("gc", &|v| self.memory.visit(v));
        under("code of __main__", &|v| self.main_code.visit(v));
        under("audit hooks", &|v| {
            for hook in self.audit_hooks.borrow().iter() {
                v.visit(hook);
            }
        });
    }
}

impl Vm {
    /// Shows every reference that the thread owns: exceptions on their way, hooks, and the words of the call stack.
    fn show_thread_roots(&self, show: &mut dyn FnMut(&Root<'_>, &Object)) {
        for slot in self.own_slots() {
            slot.visit(&mut Visitor::new(&mut |o| {
                show(&Root::Thread("exceptions and hooks"), o)
            }));
        }
        self.this_thread
            .visit(&mut Visitor::new(&mut |o| show(&Root::Thread("thread"), o)));
        self.stack
            .visit(&mut |place, object| show(&Root::Stack(place), object));
    }

    /// Shows every reference that no object owns: the interpreter's and those of all threads.
    pub(crate) fn show_roots(&self, show: &mut dyn FnMut(&Root<'_>, &Object)) {
        let interp: &Interp = self;
        interp.show_roots(show);
        crate::eval::thread::for_each(self, |state| state.show_thread_roots(show));
    }

    /// Recomputes all reference counts by tracing the heap from its objects and all threads, and compares. Handles that
    /// native functions hold at the moment show up as counts that are too high.
    pub fn audit(&self) -> Vec<Disagreement> {
        self.heap
            .audit(&mut |visitor| self.show_roots(&mut |_, object| visitor.visit(object)))
    }

    /// Those disagreements of an audit that are faults even while native functions run, as lines of text: their handles
    /// are owners that nobody can see, so a count may be too high, never too low.
    pub fn audit_faults(&self) -> Vec<String> {
        self.audit()
            .iter()
            .filter(|d| !matches!(d, Disagreement::Count { counted, found, .. } if found < counted))
            .map(|d| self.audit_line(d))
            .collect()
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

    /// An audit while the script runs, for the diagnostics: what it finds ends the process.
    #[cold]
    pub(crate) fn audit_between(&self) {
        let found = self.audit_faults();
        if !found.is_empty() {
            for line in found {
                eprintln!("viv: audit: {line}");
            }
            std::process::exit(AUDIT_FAILED);
        }
    }
}
