//! The native module `sys`.

pub mod hooks;
mod malloc_stats;
mod monitoring;
mod remote;
mod rest;
pub(crate) mod stdlib_names;
pub mod structs;
mod threads;

use std::ffi::OsString;
use std::io::Write as _;

use viv_heap::{Object, Ref};

use super::make::{add_int, add_str, new_function};
use crate::modules::io::open::standard;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Exception, Int, Module, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

/// Fills the dict of `sys` and makes its module.
///
/// # Errors
/// MemoryError
pub fn make(vm: &Vm) -> PyResult<Ref<Module>> {
    let head = Object::new(vm.types.module.type_head_of());
    let module = vm.place(Module {
        head,
        dict: vm.sys.clone(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&module);
    let dict = &module.dict;
    dict.set_str(vm, &vm.names.__name__, vm.intern("sys")?.as_object())?;
    dict.set_str(vm, &vm.names.__doc__, vm.new_str("This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.")?.as_object())?;
    dict.set_str(vm, &vm.names.__package__, vm.empty_str.as_object())?;
    dict.set_str(vm, &vm.names.__loader__, vm.none())?;
    dict.set_str(vm, &vm.names.__spec__, vm.none())?;
    for def in [
        FUNCTIONS,
        SETTINGS,
        hooks::FUNCTIONS,
        rest::FUNCTIONS,
        threads::FUNCTIONS,
        remote::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
    {
        let function = new_function(vm, &module, "sys", def)?;
        dict.set_text(vm, def.name, &function)?;
        if let "excepthook" | "displayhook" | "unraisablehook" = def.name {
            dict.set_text(vm, &format!("__{}__", def.name), &function)?;
        }
    }
    fill_values(vm, &module)?;
    fill_config(vm, &module)?;
    rest::fill(vm, &module)?;
    Ok(module)
}

/// Opens the standard streams, once `sys` can be imported: their encoding may be one that Python code implements.
///
/// # Errors
/// LookupError for an encoding that does not exist; MemoryError.
pub fn open_streams(vm: &Vm) -> PyResult<()> {
    for (name, fd) in [("stdin", 0), ("stdout", 1), ("stderr", 2)] {
        let file = if viv_system::streams::was_closed(fd as u8) {
            vm.none_ref()
        } else {
            standard(vm, fd)?
        };
        vm.sys.set_text(vm, name, &file)?;
        vm.sys.set_text(vm, &format!("__{name}__"), &file)?;
    }
    Ok(())
}

fn fill_values(vm: &Vm, module: &Module) -> PyResult<()> {
    let dict = &module.dict;
    let (major, minor, micro) = structs::VERSION;
    add_str(
        vm,
        module,
        "version",
        &format!(
            "{major}.{minor}.{micro} (main) [Vivarium {}]",
            env!("CARGO_PKG_VERSION")
        ),
    )?;
    add_str(
        vm,
        module,
        "copyright",
        "Copyright (c) the Vivarium authors.",
    )?;
    add_int(vm, module, "hexversion", 0x030e_00f0)?;
    add_int(vm, module, "api_version", 1013)?;
    add_int(vm, module, "maxsize", i64::MAX)?;
    add_int(vm, module, "maxunicode", 0x10_ffff)?;
    add_str(
        vm,
        module,
        "byteorder",
        if cfg!(target_endian = "big") {
            "big"
        } else {
            "little"
        },
    )?;
    add_str(
        vm,
        module,
        "platform",
        if cfg!(target_os = "macos") {
            "darwin"
        } else {
            std::env::consts::OS
        },
    )?;
    add_str(vm, module, "float_repr_style", "short")?;
    add_str(vm, module, "platlibdir", "lib")?;
    let version = structs::version_info(vm)?;
    dict.set_text(
        vm,
        "implementation",
        structs::implementation(vm, &version)?.as_object(),
    )?;
    dict.set_text(vm, "version_info", &version)?;
    dict.set_text(vm, "flags", structs::flags(vm)?.as_object())?;
    dict.set_text(vm, "float_info", structs::float_info(vm)?.as_object())?;
    dict.set_text(vm, "int_info", structs::int_info(vm)?.as_object())?;
    dict.set_text(vm, "hash_info", structs::hash_info(vm)?.as_object())?;
    dict.set_text(
        vm,
        "UnraisableHookArgs",
        &vm.types.sys_unraisable_hook_args.head,
    )?;
    for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
        add_str(vm, module, name, "/usr/local")?;
    }
    Ok(())
}

fn strings(vm: &Vm, texts: &[String]) -> PyResult {
    let texts = texts
        .iter()
        .map(|t| Ok(vm.new_str(t)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_list(texts)?.upcast())
}

/// Words of a command line: bytes that are no UTF-8 become lone surrogates.
fn words(vm: &Vm, words: &[OsString]) -> PyResult {
    let words = words
        .iter()
        .map(|word| Ok(crate::modules::io::system::text(vm, word)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_list(words)?.upcast())
}

fn fill_config(vm: &Vm, module: &Module) -> PyResult<()> {
    let dict = &module.dict;
    dict.set_text(vm, "argv", words(vm, &vm.config.argv)?.as_object())?;
    let original: Vec<OsString> = std::env::args_os().collect();
    dict.set_text(vm, "orig_argv", words(vm, &original)?.as_object())?;
    dict.set_text(vm, "path", strings(vm, &vm.config.path)?.as_object())?;
    dict.set_text(vm, "modules", &vm.modules.head)?;
    dict.set_text(
        vm,
        "warnoptions",
        strings(vm, &vm.config.warn_options)?.as_object(),
    )?;
    dict.set_text(
        vm,
        "executable",
        vm.new_str(&vm.config.executable)?.as_object(),
    )?;
    let no_bytecode = vm.config.flags.dont_write_bytecode;
    dict.set_text(vm, "dont_write_bytecode", &vm.bool(no_bytecode))?;
    let prefix = match &vm.config.settings.pycache_prefix {
        Some(prefix) => vm.new_str(prefix)?.upcast(),
        None => vm.none_ref(),
    };
    dict.set_text(vm, "pycache_prefix", &prefix)?;
    for name in ["meta_path", "path_hooks"] {
        dict.set_text(vm, name, &vm.new_list(Vec::new())?.head)?;
    }
    dict.set_text(vm, "path_importer_cache", &vm.new_dict()?.head)?;
    let options = vm.new_dict()?;
    for option in &vm.config.x_options {
        match option.split_once('=') {
            Some((name, value)) => options.set_text(vm, name, vm.new_str(value)?.as_object())?,
            None => options.set_text(vm, option, &vm.bool(true))?,
        }
    }
    dict.set_text(vm, "_xoptions", &options.head)?;
    let mut names: Vec<&'static str> = vec!["builtins", "sys"];
    names.extend(vm.native_modules.borrow().iter().map(|(name, _)| *name));
    if let Some(library) = vm.library.get() {
        names.extend(library.builtin_names());
    }
    names.extend([
        "gc",
        "itertools",
        "math",
        "time",
        "_warnings",
        "atexit",
        "_weakref",
        "_codecs",
    ]);
    names.sort_unstable();
    names.dedup();
    let names = names
        .into_iter()
        .map(|n| Ok(vm.intern(n)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    dict.set_text(vm, "builtin_module_names", &vm.new_tuple(names)?.head)
}

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "getrefcount",
        "($module, object, /)",
        NativeCall::One(get_refcount),
        "Return the reference count of object.\n\nThe count returned is generally one higher than you might expect,\nbecause it includes the (temporary) reference as an argument to\ngetrefcount().",
    ),
    MethodDef::new(
        "getsizeof",
        "",
        NativeCall::Raw(get_size),
        "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.",
    ),
    MethodDef::new(
        "intern",
        "($module, string, /)",
        NativeCall::One(intern),
        "``Intern'' the given string.\n\nThis enters the string in the (global) table of interned strings whose\npurpose is to speed up dictionary lookups. Return the string itself or\nthe previously interned string object with the same value.",
    ),
    MethodDef::new(
        "_is_interned",
        "($module, string, /)",
        NativeCall::One(|vm, _, s| match s.downcast::<Str>() {
            // A subclass never is.
            Some(string) => Ok(vm.bool(s.is_exact::<Str>() && string.is_interned())),
            None => Err(vm.type_error(format!(
                "_is_interned() argument must be str, not {}",
                protocol::type_name(s)
            ))),
        }),
        "Return True if the given string is \"interned\".",
    ),
    MethodDef::new(
        "_is_immortal",
        "($module, op, /)",
        NativeCall::One(|vm, _, o| Ok(vm.bool(o.is_immortal()))),
        "Return True if the given object is \"immortal\".",
    ),
    MethodDef::new(
        "exc_info",
        "($module, /)",
        NativeCall::NoArgs(exc_info),
        "Return current exception information: (type, value, traceback).",
    ),
    MethodDef::new(
        "exception",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(handled(vm).unwrap_or_else(|| vm.none_ref()))),
        "Return the current exception.",
    ),
    MethodDef::new(
        "exit",
        "($module, status=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: exit,
        },
        "Exit the interpreter by raising SystemExit(status).",
    ),
    MethodDef::new(
        "_getframe",
        "($module, depth=0, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: get_frame,
        },
        "Return a frame object from the call stack.",
    ),
    MethodDef::new(
        "_getframemodulename",
        "($module, /, depth=0)",
        NativeCall::Bound(frame_module_name),
        "Return the name of the module for a calling frame.",
    ),
    MethodDef::new(
        "getallocatedblocks",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.complete_types();
            vm.new_usize(vm.heap.allocated_blocks())
        }),
        "Return the number of memory blocks currently allocated.",
    ),
    MethodDef::new(
        "_debugmallocstats",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.complete_types();
            let _ = std::io::stderr().write_all(malloc_stats::text(vm).as_bytes());
            Ok(vm.none_ref())
        }),
        "Print debug info to stderr about the state of pymalloc and structmalloc.\n\nIn Py_DEBUG mode, also perform some expensive internal consistency\nchecks.",
    ),
    MethodDef::new(
        "is_finalizing",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(vm.finalizing.get()))),
        "Return True if Python is exiting.",
    ),
];

const SETTINGS: &[MethodDef] = &[
    MethodDef::new(
        "getrecursionlimit",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.recursion_limit.get())),
        "Return the current value of the recursion limit.",
    ),
    MethodDef::new(
        "setrecursionlimit",
        "($module, limit, /)",
        NativeCall::One(set_recursion_limit),
        "Set the maximum depth of the Python interpreter stack to n.",
    ),
    MethodDef::new(
        "get_int_max_str_digits",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.int_max_str_digits.get())),
        "Return the maximum string digits limit for non-binary int<->str conversions.",
    ),
    MethodDef::new(
        "set_int_max_str_digits",
        "($module, /, maxdigits)",
        NativeCall::Bound(set_int_max_str_digits),
        "Set the maximum string digits limit for non-binary int<->str conversions.",
    ),
    MethodDef::new(
        "getdefaultencoding",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.intern("utf-8")?.upcast())),
        "Return the current default encoding used by the Unicode implementation.",
    ),
    MethodDef::new(
        "getfilesystemencoding",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.intern("utf-8")?.upcast())),
        "Return the encoding used to convert Unicode filenames to OS filenames.",
    ),
    MethodDef::new(
        "getfilesystemencodeerrors",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.intern("surrogateescape")?.upcast())),
        "Return the error mode used for Unicode to OS filename conversion.",
    ),
    MethodDef::new(
        "settrace",
        "",
        NativeCall::One(|vm, _, f| {
            vm.set_trace((!vm.is_none(f)).then(|| f.to_ref()));
            Ok(vm.none_ref())
        }),
        "Set the global debug tracing function.",
    ),
    MethodDef::new(
        "gettrace",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.trace.get().unwrap_or_else(|| vm.none_ref()))),
        "Return the global debug tracing function set with sys.settrace.",
    ),
    MethodDef::new(
        "setprofile",
        "",
        NativeCall::One(|vm, _, f| {
            vm.set_profile((!vm.is_none(f)).then(|| f.to_ref()));
            Ok(vm.none_ref())
        }),
        "Set the profiling function.",
    ),
    MethodDef::new(
        "getprofile",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.profile.get().unwrap_or_else(|| vm.none_ref()))),
        "Return the profiling function set with sys.setprofile.",
    ),
];

fn get_refcount(vm: &Vm, _module: &Object, object: &Object) -> PyResult {
    vm.new_int(i64::from(object.refcount()))
}

fn get_size(vm: &Vm, _module: &Object, args: crate::Args<'_>) -> PyResult {
    let Some(object) = args.pos().first() else {
        return Err(vm.type_error("getsizeof() missing required argument 'object' (pos 1)"));
    };
    let default = args
        .pos()
        .get(1)
        .copied()
        .or_else(|| args.keyword("default"));
    match (size_of(vm, object), default) {
        (Err(raised), Some(default)) if vm.raised_is(&raised, &vm.exceptions.TypeError) => {
            drop(vm.take_raised(raised));
            Ok(default.to_ref())
        }
        (size, _) => vm.new_usize(size?),
    }
}

/// What `__sizeof__` says, and the bytes before the header.
fn size_of(vm: &Vm, object: &Object) -> PyResult<usize> {
    let Some(size) = protocol::call_special(vm, object, &vm.names.__sizeof__, &[])? else {
        return Err(vm.type_error(format!(
            "Type {} doesn't define __sizeof__",
            type_name(object)
        )));
    };
    if size.downcast::<crate::object::Int>().is_none() {
        return Err(vm.type_error("an integer is required"));
    }
    let size = protocol::to_i64(vm, &size)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error("__sizeof__() should return >= 0"));
    };
    Ok(size.saturating_add(viv_heap::prefix_size(object.flags())))
}

fn intern(vm: &Vm, _module: &Object, string: &Object) -> PyResult {
    match string.downcast_exact::<Str>() {
        Some(string) => Ok(vm.intern_str(string)?.upcast()),
        None if string.downcast::<Str>().is_some() => {
            Err(vm.type_error(format!("can't intern {}", type_name(string))))
        }
        None => Err(vm.type_error(format!(
            "intern() argument must be str, not {}",
            type_name(string)
        ))),
    }
}

/// The exception being handled.
fn handled(vm: &Vm) -> Option<Ref> {
    crate::eval::control::current_exception(vm).filter(|e| !vm.is_none(e))
}

fn exc_info(vm: &Vm, _module: &Object) -> PyResult {
    let parts = match handled(vm) {
        None => vec![vm.none_ref(), vm.none_ref(), vm.none_ref()],
        Some(exception) => {
            let traceback = exception
                .downcast::<Exception>()
                .and_then(|e| e.traceback.get());
            let traceback = traceback.map_or_else(|| vm.none_ref(), Ref::upcast);
            vec![Type::of(&exception).head.to_ref(), exception, traceback]
        }
    };
    Ok(vm.new_tuple(parts)?.upcast())
}

fn exit(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    // A tuple stands for the exception's arguments.
    if let [status] = args
        && let Some(tuple) = status.downcast::<Tuple>()
    {
        let items: Vec<&Object> = tuple.iter().collect();
        return Err(vm.raise_with(&vm.exceptions.SystemExit, &items));
    }
    Err(vm.raise_with(&vm.exceptions.SystemExit, args))
}

fn get_frame(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let depth = args
        .first()
        .map_or(Ok(0), |d| protocol::to_i64(vm, d))?
        .max(0) as usize;
    match crate::eval::current_frame(vm, depth)? {
        Some(frame) => Ok(frame.upcast()),
        None => Err(vm.value_error("call stack is not deep enough")),
    }
}

fn frame_module_name(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let depth = args
        .first()
        .copied()
        .flatten()
        .map_or(Ok(0), |d| protocol::to_i64(vm, d))?
        .max(0) as usize;
    match crate::eval::current_frame(vm, depth)? {
        Some(frame) => Ok(frame
            .globals
            .get_str(vm, &vm.names.__name__)
            .unwrap_or_else(|| vm.none_ref())),
        None => Ok(vm.none_ref()),
    }
}

fn set_recursion_limit(vm: &Vm, _module: &Object, limit: &Object) -> PyResult {
    let index = protocol::index(vm, limit)?;
    let limit = index
        .downcast::<Int>()
        .and_then(Int::as_i64)
        .and_then(|n| i32::try_from(n).ok());
    let Some(limit) = limit else {
        return Err(vm.overflow_error("Python int too large to convert to C int"));
    };
    if limit < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    let depth = vm.stack.depth();
    if depth >= limit as usize {
        return Err(vm.recursion_error(format!("cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low")));
    }
    vm.recursion_limit.set(limit as usize);
    crate::eval::thread::for_each(vm, |state| state.apply_recursion_limit(limit as usize));
    Ok(vm.none_ref())
}

fn set_int_max_str_digits(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let digits = args
        .first()
        .copied()
        .flatten()
        .map_or(Ok(0), |d| protocol::to_i64(vm, d))?;
    if digits != 0 && digits < 640 {
        return Err(vm.value_error("maxdigits must be 0 or larger than 640"));
    }
    vm.int_max_str_digits.set(digits as usize);
    Ok(vm.none_ref())
}
