//! Warnings: the native module `_warnings`, and what the interpreter itself uses to warn.
//!
//! The rules are those of the library's `warnings` module, whose `filters`, `defaultaction`, `onceregistry` and
//! `_showwarnmsg` are used where a script has imported it; otherwise the lists in [`Warnings`] are, and the text goes
//! straight to `sys.stderr`.

mod filter;
mod function;
mod show;

use viv_heap::{Object, Ref};

use super::make::ModuleSpec;
use crate::object::{Dict, List, Slot, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The native module `_warnings`.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_warnings",
    doc: "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    functions: &[function::FUNCTIONS],
    fill: |vm, module| {
        let dict = &module.dict;
        dict.set_text(vm, "filters", &vm.warnings.filters(vm)?.head)?;
        dict.set_text(vm, "_onceregistry", &vm.warnings.once(vm)?.head)?;
        dict.set_text(vm, "_defaultaction", &vm.intern("default")?.head)?;
        let variables = super::import::import_name(vm, "_contextvars")?;
        let class = protocol::get_attr_str(vm, &variables, "ContextVar")?;
        let name = vm.new_str("warnings_context")?;
        let variable = protocol::call_one(vm, &class, &name.head)?;
        dict.set_text(vm, "_warnings_context", &variable)
    },
};

/// The interpreter's own lists of filters and of what was shown once, made when first wanted.
#[derive(Default)]
pub struct Warnings {
    filters: Slot<List>,
    once: Slot<Dict>,
    /// How often the lists are locked. One thread runs at a time, and nothing within gives way to another one.
    locked: std::cell::Cell<usize>,
    /// Changes with the filters: registries of an older version are emptied.
    version: std::cell::Cell<i64>,
}

impl Warnings {
    /// The filters: pairs of an action and a pattern, the first that fits counts.
    fn filters(&self, vm: &Vm) -> PyResult<Ref<List>> {
        if let Some(filters) = self.filters.get() {
            return Ok(filters);
        }
        let e = &vm.exceptions;
        let mut rows = vec![filter::row(
            vm,
            "default",
            &e.DeprecationWarning,
            Some("__main__"),
        )?];
        for class in [
            &e.DeprecationWarning,
            &e.PendingDeprecationWarning,
            &e.ImportWarning,
            &e.ResourceWarning,
        ] {
            rows.push(filter::row(vm, "ignore", class, None)?);
        }
        let filters = vm.new_list(rows)?;
        self.filters.set(Some(filters.clone()));
        Ok(filters)
    }

    /// The texts shown for the action `once`.
    fn once(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        if let Some(once) = self.once.get() {
            return Ok(once);
        }
        let once = vm.new_dict()?;
        self.once.set(Some(once.clone()));
        Ok(once)
    }

    /// Gives the lists up: the end of the interpreter.
    pub fn clear(&self) {
        self.filters.set(None);
        self.once.set(None);
    }

    /// Shows the lists: for the audit.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        self.filters.visit(visitor);
        self.once.visit(visitor);
    }
}

/// A warning and the place it is about.
pub struct Warning<'a> {
    /// The text, or an instance of a warning class.
    pub message: &'a Object,
    /// The class, where the message is a text.
    pub category: &'a Object,
    /// The file.
    pub filename: &'a Str,
    /// The line, from 1.
    pub line: i64,
    /// The module's name; made of the file's name where it is not known.
    pub module: Option<&'a Object>,
    /// The `__warningregistry__` of the module.
    pub registry: Option<&'a Dict>,
    /// The line of source, where the caller knows it.
    pub source_line: Option<&'a Str>,
    /// The object that was lost, for ResourceWarning.
    pub source: Option<&'a Object>,
}

impl Vm {
    /// Warns about the code that runs: `stack_level` 1 means the innermost Python frame.
    ///
    /// # Errors
    /// The warning itself, where a filter says so; whatever showing it raises.
    #[cold]
    pub fn warn(&self, category: &Type, text: &str, stack_level: i64) -> PyResult<()> {
        let text = self.new_str(text)?;
        function::warn_at(self, &text.head, &category.head, stack_level, None, &[])
    }

    /// Warns about an object that was given up without having been closed.
    ///
    /// # Errors
    /// As [`Vm::warn`].
    #[cold]
    pub fn warn_resource(&self, source: &Object, text: &str) -> PyResult<()> {
        let text = self.new_str(text)?;
        let category = &self.exceptions.ResourceWarning.head;
        function::warn_at(self, &text.head, category, 1, Some(source), &[])
    }

    /// Warns about a place in a source file that is no module yet.
    ///
    /// # Errors
    /// The warning itself, where a filter says so; whatever showing it raises.
    #[cold]
    pub fn warn_about_source(
        &self,
        category: &Type,
        text: &str,
        filename: &str,
        line: i64,
    ) -> PyResult<()> {
        let (text, filename) = (self.new_str(text)?, self.new_str(filename)?);
        warn_explicit(
            self,
            &Warning {
                message: &text.head,
                category: &category.head,
                filename: &filename,
                line,
                module: None,
                registry: None,
                source_line: None,
                source: None,
            },
        )
    }

    /// Reports a coroutine that is dropped without having run.
    pub fn warn_never_awaited(&self, coroutine: &Object, qualname: &str) {
        let waiting = self.pending.take();
        let warned = match attribute(self, "_warn_unawaited_coroutine", true) {
            Ok(Some(function)) => protocol::call_one(self, &function, coroutine).map(drop),
            Ok(None) => self.warn(
                &self.exceptions.RuntimeWarning,
                &format!("coroutine '{qualname}' was never awaited"),
                1,
            ),
            Err(raised) => Err(raised),
        };
        if let Err(raised) = warned {
            self.unraisable(raised, "while finalizing coroutine", Some(coroutine));
        }
        self.pending.set(waiting);
    }
}

/// An attribute of the library's `warnings`, if that is loaded, or can be and shall be.
fn attribute(vm: &Vm, name: &str, import: bool) -> PyResult<Option<Ref>> {
    let module = if import {
        match super::import::import_name(vm, "warnings") {
            Ok(module) => Some(module),
            Err(raised) => vm.swallow(raised, &vm.exceptions.ImportError)?,
        }
    } else {
        vm.modules.get_text(vm, "warnings")?
    };
    match module.filter(|m| !vm.is_none(m)) {
        Some(module) => protocol::get_attr_opt(vm, &module, &*vm.intern(name)?),
        None => Ok(None),
    }
}

/// What `warnings.warn_explicit` does.
///
/// # Errors
/// The warning itself, where a filter says so; whatever showing it raises.
pub fn warn_explicit(vm: &Vm, warning: &Warning<'_>) -> PyResult<()> {
    let module = match warning.module {
        Some(module) => module.to_ref(),
        None => module_of(vm, warning.filename)?,
    };
    let is_instance =
        crate::types::ty::check::is_instance(vm, warning.message, &vm.exceptions.Warning.head)?;
    let (text, message, category) = if is_instance {
        (
            protocol::str(vm, warning.message)?.upcast(),
            warning.message.to_ref(),
            Type::of(warning.message).head.to_ref(),
        )
    } else {
        (
            warning.message.to_ref(),
            protocol::call_one(vm, warning.category, warning.message)?,
            warning.category.to_ref(),
        )
    };
    let line = vm.new_int(warning.line)?;
    let key = vm.tuple_of(&[&text, &category, &line])?;
    if let Some(registry) = warning.registry
        && filter::was_shown(vm, registry, &key.head, false)?
    {
        return Ok(());
    }
    let (action, item) = filter::action(vm, &category, &text, warning.line, &module)?;
    match &*action.to_text() {
        "error" => return Err(vm.raise_object(message)),
        "ignore" => return Ok(()),
        "always" | "all" => {}
        action => {
            if let Some(registry) = warning.registry {
                registry.set(vm, &key.head, &vm.bool(true))?;
            }
            let short = vm.tuple_of(&[&text, &category])?;
            let shown = match action {
                "once" => {
                    let once = match warning.registry {
                        Some(registry) => Ref::of(registry),
                        None => filter::once(vm)?,
                    };
                    filter::was_shown(vm, &once, &short.head, true)?
                }
                "module" => match warning.registry {
                    Some(registry) => filter::was_shown(vm, registry, &short.head, true)?,
                    None => false,
                },
                "default" => false,
                _ => {
                    let item = item.unwrap_or_else(|| vm.none_ref());
                    return Err(vm.runtime_error(format!(
                        "Unrecognized action ('{action}') in warnings.filters:\n {}",
                        protocol::repr(vm, &item)?.to_text()
                    )));
                }
            };
            if shown {
                return Ok(());
            }
        }
    }
    show::show(vm, warning, &message, &text, &category)
}

/// The module's name that stands for a file: the path without `.py`.
fn module_of(vm: &Vm, filename: &Str) -> PyResult {
    let text = filename.to_text();
    let name = text.strip_suffix(".py").unwrap_or(&text);
    Ok(vm
        .new_str(if name.is_empty() { "<unknown>" } else { name })?
        .upcast())
}
