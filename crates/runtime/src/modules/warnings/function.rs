//! The functions of `_warnings`.

use viv_heap::{Object, Ref};

use super::{Warning, warn_explicit};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, Frame, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "warn",
        "($module, /, message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=<unrepresentable>)",
        NativeCall::Bound(warn),
        "Issue a warning, or maybe ignore it or raise an exception.\n\n  message\n    Text of the warning message.\n  category\n    The Warning category subclass. Defaults to UserWarning.\n  stacklevel\n    How far up the call stack to make this warning appear. A value of 2 for\n    example attributes the warning to the caller of the code calling warn().\n  source\n    If supplied, the destroyed object which emitted a ResourceWarning\n  skip_file_prefixes\n    An optional tuple of module filename prefixes indicating frames to skip\n    during stacklevel computations for stack frame attribution.",
    ),
    MethodDef::new(
        "warn_explicit",
        "($module, /, message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)",
        NativeCall::Bound(explicit),
        "Issue a warning, or maybe ignore it or raise an exception.",
    ),
    MethodDef::new(
        "_filters_mutated_lock_held",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let version = &vm.warnings.version;
            version.set(version.get() + 1);
            Ok(vm.none_ref())
        }),
        "",
    ),
    // One thread runs at a time, and nothing between these two gives way to another one.
    MethodDef::new(
        "_acquire_lock",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let depth = &vm.warnings.locked;
            depth.set(depth.get() + 1);
            Ok(vm.none_ref())
        }),
        "",
    ),
    MethodDef::new(
        "_release_lock",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let depth = &vm.warnings.locked;
            match depth.get().checked_sub(1) {
                Some(less) => depth.set(less),
                None => return Err(vm.runtime_error("cannot release un-acquired lock")),
            }
            Ok(vm.none_ref())
        }),
        "",
    ),
];

/// The class of a warning: that of the message where it is one, UserWarning by default.
fn category_of(vm: &Vm, message: &Object, category: Option<&Object>) -> PyResult {
    let base = &vm.exceptions.Warning;
    if crate::types::ty::check::is_instance(vm, message, &base.head)? {
        return Ok(Type::of(message).head.to_ref());
    }
    let Some(category) = category.filter(|c| !vm.is_none(c)) else {
        return Ok(vm.exceptions.UserWarning.head.to_ref());
    };
    if category
        .downcast::<Type>()
        .is_some_and(|c| c.is_subtype(base))
    {
        return Ok(category.to_ref());
    }
    Err(vm.type_error(format!(
        "category must be a Warning subclass, not '{}'",
        type_name(category)
    )))
}

fn warn(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[Some(message), category, level, source, prefixes] = args else {
        return Err(vm.system_error("warn() lost its arguments"));
    };
    let category = category_of(vm, message, category)?;
    let mut level = level.map_or(Ok(1), |l| protocol::to_i64(vm, l))?;
    let prefixes = prefix_texts(vm, prefixes)?;
    if !prefixes.is_empty() {
        level = level.max(2);
    }
    let source = source.filter(|s| !vm.is_none(s));
    warn_at(vm, message, &category, level, source, &prefixes)?;
    Ok(vm.none_ref())
}

fn prefix_texts(vm: &Vm, prefixes: Option<&Object>) -> PyResult<Vec<String>> {
    let Some(prefixes) = prefixes else {
        return Ok(Vec::new());
    };
    let Some(tuple) = prefixes.downcast::<Tuple>() else {
        return Err(vm.type_error(format!(
            "warn() argument 'skip_file_prefixes' must be tuple, not {}",
            type_name(prefixes)
        )));
    };
    tuple
        .iter()
        .map(|prefix| match prefix.downcast::<Str>() {
            Some(prefix) => Ok(prefix.to_text().into_owned()),
            None => Err(vm.type_error(format!(
                "Found non-str '{}' in skip_file_prefixes.",
                type_name(prefix)
            ))),
        })
        .collect()
}

/// Whether a frame is part of the import system, which warnings look through.
fn is_internal(frame: &Frame) -> bool {
    let name = frame.code.filename.to_text();
    name.contains("importlib") && name.contains("_bootstrap")
}

/// The frame that a stack level means.
fn frame_at(vm: &Vm, level: i64, prefixes: &[String]) -> PyResult<Option<Ref<Frame>>> {
    let mut at = crate::eval::current_frame(vm, 0)?;
    let skipped = |frame: &Frame, internal: bool| {
        let name = frame.code.filename.to_text();
        (internal && is_internal(frame)) || prefixes.iter().any(|p| name.starts_with(p.as_str()))
    };
    let through = level > 0 && !at.as_deref().is_some_and(is_internal);
    for _ in 1..level {
        let Some(frame) = at else { break };
        at = frame.caller(vm)?;
        while let Some(frame) = at.as_ref().filter(|f| skipped(f, through)) {
            at = frame.caller(vm)?;
        }
    }
    Ok(at)
}

/// What `warnings.warn` does: the place is that of a frame.
pub(super) fn warn_at(
    vm: &Vm,
    message: &Object,
    category: &Object,
    level: i64,
    source: Option<&Object>,
    prefixes: &[String],
) -> PyResult<()> {
    let (globals, filename, line) = match frame_at(vm, level, prefixes)? {
        Some(frame) => (
            frame.globals.clone(),
            frame.code.filename.clone(),
            i64::from(frame.line()),
        ),
        None => (vm.sys.clone(), vm.new_str("<sys>")?, 0),
    };
    let name = vm.intern("__warningregistry__")?;
    let registry = match globals.get_str(vm, &name) {
        Some(registry) => registry,
        None => {
            let registry = vm.new_dict()?.upcast();
            globals.set_str(vm, &name, &registry)?;
            registry
        }
    };
    let module = globals
        .get_str(vm, &vm.names.__name__)
        .filter(|m| vm.is_none(m) || m.downcast::<Str>().is_some());
    let module = match module {
        Some(module) => module,
        None => vm.new_str("<string>")?.upcast(),
    };
    warn_explicit(
        vm,
        &Warning {
            message,
            category,
            filename: &filename,
            line,
            module: Some(&module),
            registry: registry.downcast::<Dict>(),
            source_line: None,
            source,
        },
    )
}

fn explicit(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[
        Some(message),
        Some(category),
        Some(filename),
        Some(line),
        module,
        registry,
        module_globals,
        source,
    ] = args
    else {
        return Err(vm.system_error("warn_explicit() lost its arguments"));
    };
    let given = |o: Option<&Object>| o.map(Object::to_ref).filter(|o| !vm.is_none(o));
    let Some(filename) = filename.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "warn_explicit() argument 'filename' must be str, not {}",
            type_name(filename)
        )));
    };
    let line = protocol::to_i64(vm, line)?;
    let category = category_of(vm, message, Some(category))?;
    let (module, registry, module_globals, source) = (
        given(module),
        given(registry),
        given(module_globals),
        given(source),
    );
    let registry = match registry.map(Ref::cast::<Dict>).transpose() {
        Ok(registry) => registry,
        Err(other) => {
            return Err(vm.type_error(format!(
                "'registry' must be a dict or None, not '{}'",
                type_name(&other)
            )));
        }
    };
    let source_line = match module_globals.map(Ref::cast::<Dict>).transpose() {
        Ok(None) => None,
        Ok(Some(globals)) => line_of_loader(vm, &globals, line)?,
        Err(other) => {
            return Err(vm.type_error(format!(
                "module_globals must be a dict, not '{}'",
                type_name(&other)
            )));
        }
    };
    warn_explicit(
        vm,
        &Warning {
            message,
            category: &category,
            filename,
            line,
            module: module.as_deref(),
            registry: registry.as_deref(),
            source_line: source_line.as_deref(),
            source: source.as_deref(),
        },
    )?;
    Ok(vm.none_ref())
}

/// A line of source as a module's loader gives it, if it gives any.
fn line_of_loader(vm: &Vm, globals: &Dict, line: i64) -> PyResult<Option<Ref<Str>>> {
    let name = globals.get_str(vm, &vm.names.__name__);
    // importlib knows which of the two loaders counts, and complains of what is missing.
    let importlib = super::super::import::import_name(vm, "_frozen_importlib_external")?;
    let bless = protocol::get_attr_str(vm, &importlib, "_bless_my_loader")?;
    let loader = protocol::call_one(vm, &bless, &globals.head)?;
    let (false, Some(mut name)) = (vm.is_none(&loader), name) else {
        return Ok(None);
    };
    // A module that runs as the program has another name of its own.
    if let Some(spec) = globals
        .get_str(vm, &vm.names.__spec__)
        .filter(|s| !vm.is_none(s))
        && let Some(own) = protocol::get_attr_opt(vm, &spec, &vm.names.name)?
    {
        name = own;
    }
    let Some(get) = protocol::get_attr_opt(vm, &loader, &*vm.intern("get_source")?)? else {
        return Ok(None);
    };
    let source = match protocol::call_one(vm, &get, &name) {
        Ok(source) => source,
        // A loader that has no source for the program has nothing to show.
        Err(raised) => match vm.swallow(raised, &vm.exceptions.ImportError)? {
            Some(source) => source,
            None => return Ok(None),
        },
    };
    let Some(source) = source.downcast::<Str>() else {
        return Ok(None);
    };
    let text = source.to_text();
    let found = usize::try_from(line - 1)
        .ok()
        .and_then(|n| text.lines().nth(n));
    found.map(|l| vm.new_str(l)).transpose()
}
