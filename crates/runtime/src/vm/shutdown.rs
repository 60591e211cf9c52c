//! The end of an interpreter: functions for exit, modules, the last collections; then nothing is left in the heap but what
//! is immortal.
//!
//! The order is CPython's: `atexit`; output is flushed; `sys` lets go of what the user put there; each module leaves
//! `sys.modules`; a collection; the modules that still live lose their names, private ones first; `sys` and `builtins`
//! last.

use viv_heap::{Object, Ref, WeakBody};

use super::Vm;
use super::interp::ExitFunction;
use crate::object::{Dict, Module};
use crate::protocol;

/// Names of `sys` that are set to None first.
const SYS_DELETES: [&str; 11] = [
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_importer_cache",
    "meta_path",
    "path_hooks",
];

/// Standard streams of `sys` and the originals that are put back.
const SYS_FILES: [(&str, &str); 3] = [
    ("stdin", "__stdin__"),
    ("stdout", "__stdout__"),
    ("stderr", "__stderr__"),
];

impl Vm {
    /// Ends the interpreter: after this no Python code runs any more. The `Vm` is entered. Gives whether all output could be
    /// written.
    pub fn shutdown(&self) -> bool {
        self.wait_for_threads();
        self.run_exit_functions();
        self.stop_other_threads();
        self.finalizing.set(true);
        let flushed = self.flush_standard_streams();
        self.heap.collect(viv_heap::GENERATIONS - 1);
        self.finalize_modules();
        self.report_garbage();
        self.flush_standard_streams();
        self.release_rest();
        flushed
    }

    /// Warns of what the collector could not collect; it can be from now on.
    fn report_garbage(&self) {
        self.heap.forget_old_finalizers();
        let debug = self.heap.gc_debug();
        let count = self.memory.garbage_len();
        if count == 0 || debug & viv_heap::Debug::SAVEALL != 0 {
            return;
        }
        let listed = debug & viv_heap::Debug::UNCOLLECTABLE != 0;
        let advice = if listed {
            ""
        } else {
            "; use gc.set_debug(gc.DEBUG_UNCOLLECTABLE) to list them"
        };
        let text = format!("gc: {count} uncollectable objects at shutdown{advice}");
        let told = self
            .warn_about_source(&self.exceptions.ResourceWarning, &text, "gc", 0)
            .and_then(|()| match listed {
                true => protocol::repr(self, &self.memory.garbage(self)?.head).map(Some),
                false => Ok(None),
            });
        match told {
            Ok(Some(list)) => eprintln!("      {}", list.to_text()),
            Ok(None) => {}
            Err(raised) => self.unraisable(raised, "in garbage collection", None),
        }
    }

    /// Waits for the threads that are no daemons, by way of `threading`, where that has been imported.
    fn wait_for_threads(&self) {
        let Ok(Some(threading)) = self.modules.get_text(self, "threading") else {
            return;
        };
        let waited = protocol::get_attr_str(self, &threading, "_shutdown")
            .and_then(|shutdown| protocol::call_no_args(self, &shutdown));
        if let Err(raised) = waited {
            self.unraisable(raised, "on threading shutdown", None);
        }
    }

    /// Takes the function registered last; the list is free again before it is called, for it may register more.
    fn last_exit_function(&self) -> Option<ExitFunction> {
        self.exit_functions.borrow_mut().pop()
    }

    /// Calls the functions for exit, last registered first; what they raise is reported and goes no further.
    pub(crate) fn run_exit_functions(&self) {
        while let Some((function, args, keywords)) = self.last_exit_function() {
            let mut values: Vec<Ref> = args.as_slice().to_vec();
            let mut names: Vec<Ref> = Vec::new();
            if let Some(keywords) = &keywords {
                for (name, value) in keywords.snapshot() {
                    names.push(name);
                    values.push(value);
                }
            }
            let borrowed: Vec<&Object> = values.iter().map(Ref::as_object).collect();
            let result = self.new_tuple(names).and_then(|names| {
                protocol::call(
                    self,
                    &function,
                    crate::args::NamedArgs::new(&borrowed, Some(&names)).args(),
                )
            });
            if let Err(raised) = result {
                self.unraisable(raised, "in atexit callback", Some(&function));
            }
        }
    }

    /// Passes on what was written to the standard streams; whether that worked. A failure for standard output is reported.
    fn flush_standard_streams(&self) -> bool {
        let mut good = true;
        for name in [&self.names.stdout, &self.names.stderr] {
            let Some(stream) = self.sys.get_str(self, name) else {
                continue;
            };
            if self.is_none(&stream) || self.is_closed(&stream) {
                continue;
            }
            if let Err(raised) = protocol::call_method(self, &stream, &self.names.flush, &[]) {
                good = false;
                if name.is(&self.names.stdout.head) {
                    self.unraisable(raised, "while flushing sys.stdout", None);
                } else {
                    drop(self.take_raised(raised));
                }
                // Its end shall not try once more.
                crate::modules::io::text::abandon(&stream);
            }
        }
        good
    }

    fn is_closed(&self, stream: &Object) -> bool {
        let closed = protocol::get_attr(self, stream, &self.names.closed)
            .and_then(|closed| protocol::is_true(self, &closed));
        closed.unwrap_or_else(|raised| {
            drop(self.take_raised(raised));
            false
        })
    }

    /// Sets a name of a namespace to None, or drops what keeps that from being done.
    fn empty_name(&self, dict: &Dict, name: &Object) {
        if let Err(raised) = dict.set(self, name, self.none()) {
            drop(self.take_raised(raised));
        }
    }

    fn finalize_modules(&self) {
        for name in SYS_DELETES {
            if let Ok(Some(_)) = self.sys.get_text(self, name)
                && let Err(raised) = self.sys.set_text(self, name, self.none())
            {
                drop(self.take_raised(raised));
            }
        }
        for (name, original) in SYS_FILES {
            let value = self
                .sys
                .get_text(self, original)
                .ok()
                .flatten()
                .unwrap_or_else(|| self.none_ref());
            if let Err(raised) = self.sys.set_text(self, name, &value) {
                drop(self.take_raised(raised));
            }
        }
        let modules = self.modules.snapshot();
        let mut weak: Vec<Ref> = Vec::with_capacity(modules.len());
        for (name, module) in modules {
            if module.downcast::<Module>().is_some()
                && let Ok(weakref) =
                    self.heap
                        .new_weakref(self.types.weak_ref.type_head_of(), &module, None)
            {
                weak.push(weakref);
            }
            drop(module);
            self.empty_name(&self.modules, &name);
        }
        self.modules.clear();
        self.heap.collect(viv_heap::GENERATIONS - 1);
        for weakref in weak.iter().rev() {
            let Some(module) = WeakBody::of(weakref).and_then(WeakBody::target) else {
                continue;
            };
            let Some(module) = module.downcast::<Module>() else {
                continue;
            };
            if std::ptr::eq(&*module.dict, &*self.sys)
                || std::ptr::eq(&*module.dict, &*self.builtins)
            {
                continue;
            }
            self.clear_namespace(&module.dict);
        }
        drop(weak);
        self.event_loops.clear();
        self.heap.collect(viv_heap::GENERATIONS - 1);
        self.clear_namespace(&self.sys);
        self.clear_namespace(&self.builtins);
    }

    /// Sets all names of a namespace to None: those with one leading underscore first, `__builtins__` never.
    pub(super) fn clear_namespace(&self, dict: &Dict) {
        let private = |name: &str| name.starts_with('_') && !name.starts_with("__");
        for first in [true, false] {
            let mut place = 0;
            while let Some((at, key, value)) = dict.next_entry(place) {
                place = at + 1;
                let Some(name) = key.downcast::<crate::object::Str>() else {
                    continue;
                };
                let text = name.to_text();
                let now = if first {
                    private(&text)
                } else {
                    &*text != "__builtins__"
                };
                if now && !self.is_none(&value) {
                    drop(value);
                    self.empty_name(dict, &key);
                }
            }
        }
    }

    /// Gives up what the interpreter itself owns.
    fn release_rest(&self) {
        self.main_code.set(None);
        self.io.clear();
        self.warnings.clear();
        // Nobody is left who could look at what is saved.
        let debug = self.heap.gc_debug();
        self.heap.set_gc_debug(debug & !viv_heap::Debug::SAVEALL);
        self.memory.clear();
        self.signal_handlers.clear();
        let hooks = self.audit_hooks.take();
        drop(hooks);
        self.release_thread();
        self.sys.clear();
        self.builtins.clear();
        self.heap.collect(viv_heap::GENERATIONS - 1);
    }
}
