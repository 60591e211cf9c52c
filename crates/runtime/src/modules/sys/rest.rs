//! `sys`: hooks of asynchronous generators, `breakpointhook`, and what tells about this build.

use viv_heap::{Object, Ref};

use super::stdlib_names::STDLIB_MODULE_NAMES;
use super::structs;
use crate::Args;
use crate::modules::make::{ModuleSpec, add_str};
use crate::modules::struct_sequence::make;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Module, Slot, Str, Type, TypeTraits};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

const fn none(
    name: &'static str,
    call: fn(&Vm, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "($module, /)", NativeCall::NoArgs(call), doc)
}

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    none(
        "get_asyncgen_hooks",
        |vm, _| {
            let hook = |slot: &Slot| slot.get().unwrap_or_else(|| vm.none_ref());
            let hooks = vec![hook(&vm.asyncgen_firstiter), hook(&vm.asyncgen_finalizer)];
            make(vm, &vm.types.sys_asyncgen_hooks, hooks)
        },
        "Return the installed asynchronous generators hooks.\n\nThis returns a namedtuple of the form (firstiter, finalizer).",
    ),
    MethodDef::new(
        "set_asyncgen_hooks",
        "",
        NativeCall::Raw(set_asyncgen_hooks),
        "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet a finalizer for async generators objects.",
    ),
    none(
        "get_coroutine_origin_tracking_depth",
        |vm, _| vm.new_int(vm.coroutine_origin_depth.get()),
        "Check status of origin tracking for coroutine objects in this thread.",
    ),
    MethodDef::new(
        "set_coroutine_origin_tracking_depth",
        "($module, /, depth)",
        NativeCall::Bound(|vm, _, args| {
            let depth = match args.first().copied().flatten() {
                Some(depth) => protocol::to_i64(vm, depth)?,
                None => 0,
            };
            if depth < 0 {
                return Err(vm.value_error("depth must be >= 0"));
            }
            vm.coroutine_origin_depth.set(depth);
            Ok(vm.none_ref())
        }),
        "Enable or disable origin tracking for coroutine objects in this thread.\n\nCoroutine objects will track 'depth' frames of traceback information\nabout where they came from, available in their cr_origin attribute.\n\nSet a depth of 0 to disable.",
    ),
    MethodDef::new(
        "breakpointhook",
        "($module, /, *args, **kwargs)",
        NativeCall::Raw(breakpoint_hook),
        "This hook function is called by built-in breakpoint().",
    ),
    MethodDef::new(
        "call_tracing",
        "($module, func, args, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                let values = protocol::collect(vm, args[1])?;
                let values: Vec<&Object> = values.iter().map(|value| &**value).collect();
                protocol::call_args(vm, args[0], &values)
            },
        },
        "Call func(*args), while tracing is enabled.\n\nThe tracing state is saved, and restored afterwards.  This is intended\nto be called from a debugger from a checkpoint, to recursively debug\nsome other code.",
    ),
    MethodDef::new(
        "_clear_type_descriptors",
        "($module, type, /)",
        NativeCall::One(clear_type_descriptors),
        "Private function for clearing certain descriptors from a type's dictionary.\n\nSee gh-135228 for context.",
    ),
    MethodDef::new(
        "getunicodeinternedsize",
        "($module, /, *, _only_immortal=False)",
        NativeCall::Bound(|vm, _, _| vm.new_usize(vm.interned.borrow().len())),
        "Return the number of elements of the unicode interned dictionary",
    ),
    none(
        "_clear_type_cache",
        |vm, _| {
            let text = "sys._clear_type_cache() is deprecated and may be removed in a future version of Python. Use sys._clear_internal_caches() instead.";
            vm.warn(&vm.exceptions.DeprecationWarning, text, 1)?;
            Ok(vm.none_ref())
        },
        "Clear the internal type lookup cache.",
    ),
    none(
        "_clear_internal_caches",
        |vm, _| Ok(vm.none_ref()),
        "Clear all internal performance-related caches.",
    ),
    none(
        "_is_gil_enabled",
        |vm, _| Ok(vm.bool(true)),
        "Return True if the GIL is currently enabled and False if it's disabled.",
    ),
    none(
        "getdlopenflags",
        |vm, _| vm.new_int(i64::from(vm.dlopen_flags.get())),
        "Return the current value of the flags that are used for dlopen calls.\n\nThe flag constants are defined in the os module.",
    ),
    MethodDef::new(
        "setdlopenflags",
        "($module, flags, /)",
        NativeCall::One(set_dlopen_flags),
        "Set the flags used by the interpreter for dlopen calls.\n\nThis is used, for example, when the interpreter loads extension\nmodules. Among other things, this will enable a lazy resolving of\nsymbols when importing a module, if called as sys.setdlopenflags(0).\nTo share symbols across extension modules, call as\nsys.setdlopenflags(os.RTLD_GLOBAL).  Symbolic names for the flag\nmodules can be found in the os module (RTLD_xxx constants, e.g.\nos.RTLD_LAZY).",
    ),
    none(
        "is_stack_trampoline_active",
        |vm, _| Ok(vm.bool(false)),
        "Return *True* if a stack profiler trampoline is active.",
    ),
    none(
        "_get_cpu_count_config",
        |vm, _| vm.new_int(i64::from(vm.config.settings.cpu_count.unwrap_or(-1))),
        "Private function for getting PyConfig.cpu_count",
    ),
];

/// `sys._jit`: there is no compiled tier.
static JIT: ModuleSpec = ModuleSpec {
    name: "sys._jit",
    doc: "",
    functions: &[&[
        none(
            "is_available",
            |vm, _| Ok(vm.bool(false)),
            "Return True if the current Python executable supports JIT compilation, and False otherwise.",
        ),
        none(
            "is_enabled",
            |vm, _| Ok(vm.bool(false)),
            "Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.",
        ),
        none(
            "is_active",
            |vm, _| Ok(vm.bool(false)),
            "Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.",
        ),
    ]],
    fill: |_, _| Ok(()),
};

/// The values.
pub(super) fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    let dict = &module.dict;
    for (name, value) in [("abiflags", ""), ("_framework", "")] {
        add_str(vm, module, name, value)?;
    }
    let program = dict.get_text(vm, "executable")?;
    let program = program.unwrap_or_else(|| vm.none_ref());
    dict.set_text(vm, "_base_executable", &program)?;
    let names = STDLIB_MODULE_NAMES
        .iter()
        .map(|name| Ok(vm.new_str(name)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    let names = crate::types::frozenset::from_items(vm, names)?;
    dict.set_text(vm, "stdlib_module_names", &names)?;
    for name in ["_home", "_stdlib_dir"] {
        dict.set_text(vm, name, vm.none())?;
    }
    dict.set_text(vm, "monitoring", super::monitoring::make(vm)?.as_object())?;
    dict.set_text(vm, "_jit", JIT.make(vm)?.as_object())?;
    let build = ["Vivarium", "", ""]
        .iter()
        .map(|part| Ok(vm.new_str(part)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    dict.set_text(vm, "_git", &vm.new_tuple(build)?.head)?;
    dict.set_text(vm, "thread_info", structs::thread_info(vm)?.as_object())?;
    if let Some(hook) = dict.get_str(vm, &*vm.intern("breakpointhook")?) {
        dict.set_text(vm, "__breakpointhook__", &hook)?;
    }
    Ok(())
}

/// There are no extension modules: the flags are kept for those who ask.
fn set_dlopen_flags(vm: &Vm, _: &Object, flags: &Object) -> PyResult {
    let flags = protocol::to_i64(vm, &*protocol::index(vm, flags)?)?;
    let Ok(flags) = i32::try_from(flags) else {
        let text = "Python int too large to convert to C int";
        return Err(vm.raise(&vm.exceptions.OverflowError, text));
    };
    vm.dlopen_flags.set(flags);
    Ok(vm.none_ref())
}

/// Takes `__dict__` and `__weakref__` out of a class: of one that another has been made from with slots.
fn clear_type_descriptors(vm: &Vm, _: &Object, class: &Object) -> PyResult {
    let Some(class) = class.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "_clear_type_descriptors() argument must be type, not {}",
            type_name(class)
        )));
    };
    if class.has(TypeTraits::IMMUTABLE) {
        return Err(vm.type_error("argument is immutable"));
    }
    for name in ["__dict__", "__weakref__"] {
        let name = vm.intern(name)?;
        if class
            .dict(vm)
            .is_some_and(|dict| dict.get_str(vm, &name).is_some())
        {
            crate::types::ty::attributes::write(vm, class, &name, None)?;
        }
    }
    Ok(vm.none_ref())
}

fn set_asyncgen_hooks(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let mut hooks = [None, None];
    if args.pos().len() > 2 {
        return Err(vm.type_error(format!(
            "set_asyncgen_hooks() takes at most 2 arguments ({} given)",
            args.pos().len()
        )));
    }
    for (place, hook) in hooks.iter_mut().zip(args.pos()) {
        *place = Some(*hook);
    }
    for (name, value) in args.keywords() {
        match &*name.to_text() {
            "firstiter" => hooks[0] = Some(value),
            "finalizer" => hooks[1] = Some(value),
            other => {
                return Err(vm.type_error(format!(
                    "set_asyncgen_hooks() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    let [first, last] = hooks;
    for (hook, name) in [(last, "finalizer"), (first, "firstiter")] {
        if let Some(hook) = hook.filter(|hook| !vm.is_none(hook) && !protocol::is_callable(hook)) {
            return Err(vm.type_error(format!("callable {name} expected, got {}", type_name(hook))));
        }
    }
    for (hook, slot) in [
        (last, &vm.asyncgen_finalizer),
        (first, &vm.asyncgen_firstiter),
    ] {
        if let Some(hook) = hook {
            slot.set((!vm.is_none(hook)).then(|| hook.to_ref()));
        }
    }
    Ok(vm.none_ref())
}

/// `breakpoint()`: what PYTHONBREAKPOINT names, or the debugger.
fn breakpoint_hook(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let wanted = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let wanted = match wanted.as_str() {
        "0" => return Ok(vm.none_ref()),
        "" => "pdb.set_trace",
        other => other,
    };
    let (module, name) = wanted.rsplit_once('.').unwrap_or(("builtins", wanted));
    let found = crate::modules::import::import_name(vm, module)
        .and_then(|module| protocol::get_attr_str(vm, &module, name));
    match found {
        Ok(hook) => protocol::call(vm, &hook, args),
        Err(raised) => {
            let raised = vm.take_raised(raised);
            if !crate::types::ty::check::is_instance(
                vm,
                &raised,
                vm.exceptions.Exception.as_object(),
            )? {
                return Err(vm.restore(raised));
            }
            let message = vm.new_str(&format!(
                "Ignoring unimportable $PYTHONBREAKPOINT: \"{wanted}\""
            ))?;
            let warnings = crate::modules::import::import_name(vm, "warnings")?;
            let warn: Ref<Str> = vm.intern("warn")?;
            protocol::call_method(
                vm,
                &warnings,
                &warn,
                &[&message.head, vm.exceptions.RuntimeWarning.as_object()],
            )
        }
    }
}
