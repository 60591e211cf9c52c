//! The main module: what is there before a script's first line, and what is said after its last.

use viv_heap::{Object, Ref};

use super::make;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Int, Module, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Makes the modules that are always there: `builtins` and `sys`.
///
/// # Errors
/// MemoryError
pub fn prepare(vm: &Vm) -> PyResult<()> {
    if !vm.builtins.is_empty() {
        return Ok(());
    }
    let builtins = super::builtins::make(vm)?;
    vm.modules.set_text(vm, "builtins", &builtins.head)?;
    let build_class = make::new_function(vm, &builtins, "builtins", &BUILD_CLASS)?;
    vm.builtins
        .set_str(vm, &vm.names.__build_class__, &build_class)?;
    if !vm.config.flags.no_site {
        crate::types::site_builtins::install(vm)?;
    }
    let sys = super::sys::make(vm)?;
    vm.modules.set_text(vm, "sys", &sys.head)?;
    super::sys::open_streams(vm)?;
    if !vm.config.warn_options.is_empty() {
        // Only the library's module understands the options.
        if let Err(raised) = super::import::import_name(vm, "warnings") {
            drop(vm.take_raised(raised));
        }
    }
    Ok(())
}

const BUILD_CLASS: MethodDef = MethodDef::new(
    "__build_class__",
    "",
    NativeCall::Raw(crate::types::ty::build_class),
    "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class statement.",
);

/// The module `__main__`.
///
/// # Errors
/// MemoryError
pub fn main_module(vm: &Vm, filename: &str) -> PyResult<Ref<Module>> {
    let module = make::new_module(vm, "__main__", "")?;
    module.dict.set_str(vm, &vm.names.__package__, vm.none())?;
    let builtins = vm
        .modules
        .get_text(vm, "builtins")?
        .unwrap_or_else(|| vm.none_ref());
    module.dict.set_str(vm, &vm.names.__builtins__, &builtins)?;
    if !filename.is_empty() && !filename.starts_with('<') {
        module
            .dict
            .set_str(vm, &vm.names.__file__, vm.new_str(filename)?.as_object())?;
        module.dict.set_str(vm, &vm.names.__cached__, vm.none())?;
    }
    vm.modules.set_str(vm, &vm.names.__main__, &module.head)?;
    Ok(module)
}

/// Whether `sys.stderr` is None: tracebacks are not shown then.
pub fn is_silent(vm: &Vm) -> bool {
    vm.sys
        .get_str(vm, &vm.names.stderr)
        .is_some_and(|file| vm.is_none(&file))
}

/// Writes text to `sys.stderr`, or to the process's own where there is none.
pub fn complain(vm: &Vm, text: &str) {
    match vm.new_str(text) {
        Ok(text) => complain_of(vm, &text),
        Err(raised) => {
            drop(vm.take_raised(raised));
            eprint!("{text}");
        }
    }
}

/// The same with a string that need not be encodable.
fn complain_of(vm: &Vm, text: &Str) {
    let done = (|| -> PyResult<bool> {
        match vm
            .sys
            .get_str(vm, &vm.names.stderr)
            .filter(|f| !vm.is_none(f))
        {
            Some(file) => {
                super::builtins::output::write(vm, &file, text)?;
                // It is written: that it cannot be flushed is no reason to say it elsewhere too.
                if let Err(raised) = protocol::call_method(vm, &file, &vm.names.flush, &[]) {
                    drop(vm.take_raised(raised));
                }
                Ok(true)
            }
            None => Ok(false),
        }
    })();
    match done {
        Ok(true) => {}
        Ok(false) => eprint!("{}", text.to_text()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            eprint!("{}", text.to_text());
        }
    }
}

/// Passes on what has been written to the standard streams. What cannot be written is told of at the end.
pub fn flush_streams(vm: &Vm) {
    for name in [&vm.names.stdout, &vm.names.stderr] {
        if let Some(file) = vm.sys.get_str(vm, name).filter(|f| !vm.is_none(f))
            && let Err(raised) = protocol::call_method(vm, &file, &vm.names.flush, &[])
        {
            drop(vm.take_raised(raised));
        }
    }
}

/// What the process ends with after SystemExit: its code; anything but an int is printed.
pub fn exit_code(vm: &Vm, exception: &Object) -> i32 {
    let code = match protocol::get_attr_opt(vm, exception, &vm.names.code) {
        Ok(Some(code)) => code,
        Ok(None) => vm.none_ref(),
        Err(raised) => vm.take_raised(raised),
    };
    if vm.is_none(&code) {
        return 0;
    }
    if let Some(int) = code.downcast::<Int>() {
        return int.as_i64().map_or(-1, |n| n as i32);
    }
    match protocol::str(vm, &code) {
        Ok(text) => complain_of(vm, &text),
        Err(raised) => drop(vm.take_raised(raised)),
    }
    complain(vm, "\n");
    1
}

/// What [`report`] gives for KeyboardInterrupt: the process ends by the signal itself, for its parent to know.
pub const INTERRUPTED: i32 = 0x4000_0082;

/// Prints an exception that nobody caught, with `sys.excepthook`; gives the exit code. SystemExit is printed only where a
/// prompt follows the program (`-i`), and ends nothing there.
pub fn report(vm: &Vm, exception: &Object) -> i32 {
    let class = crate::object::Type::of(exception);
    if class.is_subtype(&vm.exceptions.SystemExit) && !vm.config.flags.inspect {
        let code = exit_code(vm, exception);
        flush_streams(vm);
        return code;
    }
    flush_streams(vm);
    let shown = super::sys::hooks::show_uncaught(vm, exception);
    if let Err(raised) = shown {
        let second = vm.take_raised(raised);
        if crate::object::Type::of(&second).is_subtype(&vm.exceptions.SystemExit) {
            return exit_code(vm, &second);
        }
    }
    flush_streams(vm);
    if class.is_subtype(&vm.exceptions.KeyboardInterrupt) {
        INTERRUPTED
    } else {
        1
    }
}
